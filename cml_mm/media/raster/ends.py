"""Where strokes end: at boxes, across gaps on another stroke, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.sheet import Frame
from cml_mm.media.raster.skeleton import End, Points, Skeleton

_TOUCHING = 0.22  # lines of text between a stroke's end and the box that it ends at
_ATTACHED = 1.5  # the same where the stroke points at the box
_ASIDE = 0.3  # the same, whatever it points at
_CROSSING_AT = 0.4
_WORD_DEGREES = 65.0  # for gaps under words
_WIDEST_GAP = 1.25  # lines of text between two dashes
_HIDDEN_GAP = 2.2  # the same where another line runs in between
_STRAIGHT_DEGREES = 15.0
_BENT_DEGREES = 38.0
_STEEP_DEGREES = 62.0  # for gaps hardly wider than a line
_LOOK_BACK = 0.5  # lines of text over which a direction is taken
_BESIDE_WORD = 0.7


@dataclass
class Joints:
    """`boxes`: which box an end touches; `links`: which other end goes on after a gap."""

    boxes: dict[End, int] = field(default_factory=dict)
    links: dict[End, End] = field(default_factory=dict)

    def is_loose(self, skeleton: Skeleton, end: End) -> bool:
        return end not in self.boxes and end not in self.links and skeleton.strokes[end[0]].ends[end[1]] < 0


class Surroundings:
    """The nearest box to any pixel, and how far it is."""

    def __init__(self, owner: NDArray[np.int16]) -> None:
        cv2 = opencv()
        free = (owner < 0).astype(np.uint8)
        self._away, nearest = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
        numbers = np.full(int(nearest.max()) + 1, -1, dtype=np.int16)
        inside = owner >= 0
        numbers[nearest[inside]] = owner[inside]
        self._nearest, self._numbers = nearest, numbers
        self._any = bool(inside.any())

    def at(self, x: float, y: float) -> tuple[int, float]:
        """The nearest box and its distance in pixels; (-1, infinity) where there are none."""
        if not self._any:
            return -1, float("inf")
        height, width = self._away.shape
        row, column = min(height - 1, max(0, round(y))), min(width - 1, max(0, round(x)))
        return int(self._numbers[self._nearest[row, column]]), float(self._away[row, column])

    def is_between(self, one: Points, other: Points) -> bool:
        """Whether the straight way between two points leads over a box."""
        count = max(2, int(np.linalg.norm(other - one) / 3))
        spots = one + (other - one) * np.linspace(0.0, 1.0, count)[:, None]
        height, width = self._away.shape
        rows = np.clip(np.rint(spots[:, 1]).astype(int), 0, height - 1)
        columns = np.clip(np.rint(spots[:, 0]).astype(int), 0, width - 1)
        return bool((self._away[rows, columns] == 0).any())


def joints_of(skeleton: Skeleton, around: Surroundings, words: Sequence[Frame], unit: float) -> Joints:
    """Finds out where each loose end leads.

    Args:
        words: frames of words that may hide a part of a line.
        unit: height of a line of text in pixels.
    """
    joints = Joints()
    _touch(skeleton, joints, around, _TOUCHING * unit)
    _touch_crossings(skeleton, joints, around, _CROSSING_AT * unit)
    for reach in (0.5, 1.0):
        _link(skeleton, joints, around, reach * _WIDEST_GAP * unit, (), unit, _BENT_DEGREES)
    _link(skeleton, joints, around, 8 * unit, words, unit, _WORD_DEGREES)
    _pair_at_words(skeleton, joints, words, unit)
    _link(skeleton, joints, around, _HIDDEN_GAP * unit, (), unit, _STRAIGHT_DEGREES)
    _attach(skeleton, joints, around, unit)
    return joints


def _loose(skeleton: Skeleton, joints: Joints) -> list[End]:
    return [(number, end) for number in skeleton.strokes for end in (0, 1) if joints.is_loose(skeleton, (number, end))]


def _touch(skeleton: Skeleton, joints: Joints, around: Surroundings, reach: float) -> None:
    """Ends right at a box; of a dash that lies beside it, only the end that is nearer."""
    for number, stroke in skeleton.strokes.items():
        if stroke.length < 3 * reach and max(stroke.ends) < 0:
            continue  # a dash: first see what it goes on with
        away = {}
        for end in (0, 1):
            if joints.is_loose(skeleton, (number, end)):
                box, distance = around.at(*stroke.from_end(end)[0])
                if distance <= reach + stroke.width / 2:
                    away[end] = (distance, box)
        if len(away) == 2 and away[0][1] == away[1][1] and stroke.length < 4 * reach:
            del away[0 if away[0][0] > away[1][0] else 1]
        for end, (_, box) in away.items():
            joints.boxes[number, end] = box


def _touch_crossings(skeleton: Skeleton, joints: Joints, around: Surroundings, reach: float) -> None:
    """Lines whose head ends in a fork right at a box, with no tip of its own left."""
    for crossing, (x, y) in skeleton.crossings.items():
        box, away = around.at(x, y)
        meeting = skeleton.at(crossing)
        if away > reach or not meeting or _leads_there(skeleton, joints, meeting, box):
            continue
        end = max(meeting, key=lambda one: skeleton.strokes[one[0]].length)
        joints.boxes.setdefault(end, box)


def _leads_there(skeleton: Skeleton, joints: Joints, meeting: Sequence[End], box: int) -> bool:
    return any(joints.boxes.get((number, 1 - end)) == box for number, end in meeting)


def _attach(skeleton: Skeleton, joints: Joints, around: Surroundings, unit: float) -> None:
    """Ends that point at a box across a small gap."""
    for end in _loose(skeleton, joints):
        stroke = skeleton.strokes[end[0]]
        x, y = stroke.from_end(end[1])[0]
        way = _way(skeleton, joints, end, unit)
        box, away = around.at(x, y)
        if away < _ASIDE * unit:
            joints.boxes[end] = box
            continue
        for step in np.arange(0.1, _ATTACHED + 0.05, 0.1) * unit:
            ahead, distance = around.at(x + way[0] * step, y + way[1] * step)
            if way.any() and distance < 2.0:
                joints.boxes[end] = ahead
                break


def _way(skeleton: Skeleton, joints: Joints, end: End, unit: float) -> NDArray[np.float64]:
    """Where an end points; a dot points away from the dash that it hangs on."""
    number, side = end
    way = skeleton.strokes[number].outward(side, _LOOK_BACK * unit)
    other = (number, 1 - side)
    if not way.any() and other in joints.links:
        before, before_side = joints.links[other]
        from_there = skeleton.strokes[before].from_end(before_side)[0]
        gone = skeleton.strokes[number].from_end(side)[0] - from_there
        size = float(np.linalg.norm(gone))
        return gone / size if size > 0 else way
    return way


def _link(
    skeleton: Skeleton,
    joints: Joints,
    around: Surroundings,
    reach: float,
    words: Sequence[Frame],
    unit: float,
    most_degrees: float,
) -> None:
    """Joins loose ends that face each other, the nearest first.

    Args:
        words: where given, only gaps that lie in one of these frames are bridged.
    """
    for _ in range(3):
        loose = _loose(skeleton, joints)
        if len(loose) < 2:
            return
        spots = np.array([skeleton.strokes[number].from_end(side)[0] for number, side in loose])
        if words:
            near = [_beside(spot, words, _BESIDE_WORD * unit) for spot in spots]
            kept = [number for number, one in enumerate(near) if one]
            loose, spots = [loose[number] for number in kept], spots[kept]
            if len(loose) < 2:
                return
        ways = [_way(skeleton, joints, end, unit) for end in loose]
        pairs = cKDTree(spots).query_pairs(reach)
        costs = []
        for one, other in sorted(pairs):
            if loose[one][0] == loose[other][0] and skeleton.strokes[loose[one][0]].length < 3 * reach:
                continue
            if around.is_between(spots[one], spots[other]):
                continue
            cost = _cost(spots[one], spots[other], ways[one], ways[other], unit, most_degrees)
            if cost is not None and (not words or _in_one(spots[one], spots[other], words, _BESIDE_WORD * unit)):
                costs.append((cost, one, other))
        if not _taken(joints, loose, sorted(costs)):
            return


def _pair_at_words(skeleton: Skeleton, joints: Joints, words: Sequence[Frame], unit: float) -> None:
    """Joins the only two loose ends at one word, which may hide a corner of their line."""
    loose = _loose(skeleton, joints)
    for word in words:
        near = []
        for end in loose:
            spot = skeleton.strokes[end[0]].from_end(end[1])[0]
            way = _way(skeleton, joints, end, unit)
            if _beside(spot, (word,), _BESIDE_WORD * unit) and _beside(spot + 0.7 * unit * way, (word,), 0.0):
                near.append(end)
        if len(near) == 2 and near[0][0] != near[1][0] and not any(end in joints.links for end in near):
            joints.links[near[0]], joints.links[near[1]] = near[1], near[0]


def _taken(joints: Joints, loose: Sequence[End], costs: Sequence[tuple[float, int, int]]) -> int:
    count = 0
    used: set[int] = set()
    dots: dict[int, int] = {}
    for _, one, other in costs:
        if one in used or other in used:
            continue
        a, b = loose[one], loose[other]
        # Both ends of one dot lie at one place: it must not be joined twice to one neighbour.
        if dots.get(a[0]) == b[0] or joints.links.get((a[0], 1 - a[1]), (-1, 0))[0] == b[0]:
            continue
        joints.links[a], joints.links[b] = b, a
        used |= {one, other}
        dots[a[0]], dots[b[0]] = b[0], a[0]
        count += 1
    return count


def _cost(
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    way: NDArray[np.float64],
    other_way: NDArray[np.float64],
    unit: float,
    most_degrees: float,
) -> float | None:
    gap = other - one
    size = float(np.linalg.norm(gap))
    if size < 1e-6:
        return 0.0
    most = max(most_degrees, _STEEP_DEGREES) if size < 0.2 * unit else most_degrees
    bent = 0.0
    for direction, sign in ((way, 1.0), (other_way, -1.0)):
        if direction.any():
            angle = float(np.degrees(np.arccos(np.clip(sign * direction @ gap / size, -1.0, 1.0))))
            if angle > most:
                return None
            bent += angle
    if way.any() and other_way.any() and way @ other_way > -np.cos(np.radians(min(89.0, 1.3 * most))):
        return None
    return size * (1 + bent / 30.0)


def _beside(spot: NDArray[np.float64], words: Sequence[Frame], more: float) -> bool:
    x, y = spot
    return any(a - more <= x <= c + more and b - more <= y <= d + more for a, b, c, d in words)


def _in_one(one: NDArray[np.float64], other: NDArray[np.float64], words: Sequence[Frame], more: float) -> bool:
    for a, b, c, d in words:
        if all(a - more <= x <= c + more and b - more <= y <= d + more for x, y in (one, other)):
            return True
    return False

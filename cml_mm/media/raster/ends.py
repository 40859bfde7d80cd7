"""Where strokes end: at boxes, across gaps on another stroke, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from cml_mm.media.raster.barbs import barbs_of
from cml_mm.media.raster.dashes import chain_px, link_corners, link_to_crossings
from cml_mm.media.raster.joints import Joints, loose_ends, take, way_at
from cml_mm.media.raster.sheet import Frame
from cml_mm.media.raster.skeleton import End, Skeleton
from cml_mm.media.raster.surroundings import Surroundings

_TOUCHING = 0.22  # lines of text between a stroke's end and the box that it ends at
_ATTACHED = 1.5  # the same where the stroke points at the box
_ASIDE = 0.3  # the same, whatever it points at
_CROSSING_AT = 0.4
_WORD_DEGREES = 65.0  # for gaps under words
_WIDEST_GAP = 1.25  # lines of text between two dashes
_HIDDEN_GAP = 2.2  # the same where another line runs in between
_SEEN = 0.4  # of a hidden gap, that the line before it and behind it must be long at least
_STRAIGHT_DEGREES = 15.0
_BENT_DEGREES = 38.0
_STEEP_DEGREES = 62.0  # for gaps hardly wider than a line
_BESIDE_WORD = 0.7
_AT_WORD = 0.3  # lines of text by which an end may miss a word that hides a corner
_BEHIND_WORD = 0.9  # lines of text between a word and the box that a line ends at under it


def joints_of(skeleton: Skeleton, around: Surroundings, words: Sequence[Frame], unit: float) -> Joints:
    """Finds out where each loose end leads.

    Args:
        words: frames of words that may hide a part of a line.
        unit: height of a line of text in pixels.
    """
    joints = Joints()
    _touch(skeleton, joints, around, _TOUCHING * unit)
    _touch_crossings(skeleton, joints, around, _CROSSING_AT * unit)
    joints.barbs = barbs_of(skeleton, joints.boxes, around, unit)
    _link(skeleton, joints, around, 0.5 * _WIDEST_GAP * unit, (), unit, _STRAIGHT_DEGREES)
    link_to_crossings(skeleton, joints, around, unit)
    for reach in (0.5, 1.0):
        _link(skeleton, joints, around, reach * _WIDEST_GAP * unit, (), unit, _BENT_DEGREES)
    if words:
        _link(skeleton, joints, around, 8 * unit, words, unit, _WORD_DEGREES)
    _pair_at_words(skeleton, joints, words, unit)
    link_corners(skeleton, joints, around, unit)
    _link(skeleton, joints, around, _HIDDEN_GAP * unit, (), unit, _STRAIGHT_DEGREES, _SEEN)
    _attach(skeleton, joints, around, unit)
    _attach_under_words(skeleton, joints, around, words, unit)
    return joints


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
    for end in loose_ends(skeleton, joints):
        stroke = skeleton.strokes[end[0]]
        x, y = stroke.from_end(end[1])[0]
        way = way_at(skeleton, joints, end, unit)
        box, away = around.at(x, y)
        if away < _ASIDE * unit:
            joints.boxes[end] = box
            continue
        for step in np.arange(0.1, _ATTACHED + 0.05, 0.1) * unit:
            ahead, distance = around.at(x + way[0] * step, y + way[1] * step)
            if way.any() and distance < 2.0:
                joints.boxes[end] = ahead
                break


def _attach_under_words(
    skeleton: Skeleton, joints: Joints, around: Surroundings, words: Sequence[Frame], unit: float
) -> None:
    """Ends that point at a word right behind which a box begins: the word hides the rest of the line."""
    for end in loose_ends(skeleton, joints):
        spot = skeleton.strokes[end[0]].from_end(end[1])[0]
        way = way_at(skeleton, joints, end, unit)
        for word in words:
            if not way.any() or not _beside(spot, (word,), _BESIDE_WORD * unit):
                continue
            if not _beside(spot + _BESIDE_WORD * unit * way, (word,), 0.0):
                continue
            box = _behind(around, spot, way, word, unit)
            if box >= 0:
                joints.boxes[end] = box
                break


def _behind(around: Surroundings, spot: NDArray[np.float64], way: NDArray[np.float64], word: Frame, unit: float) -> int:
    """The box that begins right behind a word, seen from an end before it; -1 for none."""
    most = float(np.hypot(word[2] - word[0], word[3] - word[1])) + 2 * unit
    left = 0.0
    for step in np.arange(0.0, most, 0.1 * unit):
        x, y = spot + way * step
        box, away = around.at(x, y)
        if away < 2.0:
            return box
        if _beside(np.array([x, y]), (word,), 0.0):
            left = step
        elif left and step - left > _BEHIND_WORD * unit:
            return -1
    return -1


def _link(
    skeleton: Skeleton,
    joints: Joints,
    around: Surroundings,
    reach: float,
    words: Sequence[Frame],
    unit: float,
    most_degrees: float,
    seen: float = 0.0,
) -> None:
    """Joins loose ends that face each other, the nearest first.

    Args:
        words: where given, only gaps that lie in one of these frames are bridged.
        seen: how long, in gaps, the line must be that can be seen on either side.
    """
    for _ in range(3):
        loose = loose_ends(skeleton, joints)
        if len(loose) < 2:
            return
        spots = np.array([skeleton.strokes[number].from_end(side)[0] for number, side in loose])
        if words:
            near = [_beside(spot, words, _BESIDE_WORD * unit) for spot in spots]
            kept = [number for number, one in enumerate(near) if one]
            loose, spots = [loose[number] for number in kept], spots[kept]
            if len(loose) < 2:
                return
        ways = [way_at(skeleton, joints, end, unit) for end in loose]
        pairs = cKDTree(spots).query_pairs(reach)
        costs = []
        for one, other in sorted(pairs):
            if loose[one][0] == loose[other][0] and skeleton.strokes[loose[one][0]].length < 3 * reach:
                continue
            if around.is_between(spots[one], spots[other]):
                continue
            least = seen * float(np.linalg.norm(spots[one] - spots[other]))
            if seen and min(chain_px(skeleton, joints, loose[place]) for place in (one, other)) < least:
                continue
            cost = _cost(spots[one], spots[other], ways[one], ways[other], unit, most_degrees)
            if cost is not None and (not words or _in_one(spots[one], spots[other], words, _BESIDE_WORD * unit)):
                costs.append((cost, one, other))
        if not take(joints, loose, sorted(costs)):
            return


def _pair_at_words(skeleton: Skeleton, joints: Joints, words: Sequence[Frame], unit: float) -> None:
    """Joins the only two loose ends at one word, which may hide a corner of their line."""
    loose = loose_ends(skeleton, joints)
    for word in words:
        near = []
        for end in loose:
            spot = skeleton.strokes[end[0]].from_end(end[1])[0]
            way = way_at(skeleton, joints, end, unit)
            if _beside(spot, (word,), _BESIDE_WORD * unit) and _beside(
                spot + 0.7 * unit * way, (word,), _AT_WORD * unit
            ):
                near.append(end)
        if len(near) == 2 and near[0][0] != near[1][0] and not any(end in joints.links for end in near):
            joints.links[near[0]], joints.links[near[1]] = near[1], near[0]


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

"""Dashed lines where dashes are hard to follow: round corners that are not drawn, and where lines cross in a gap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from cml_mm.media.raster.joints import Joints, loose_ends, take, way_at
from cml_mm.media.raster.skeleton import End, Skeleton
from cml_mm.media.raster.surroundings import Surroundings

_LONGEST_DASH = 1.25  # lines of text
_LOOK_BACK = 0.5  # lines of text over which a direction is taken
_AT_CROSSING = 0.8  # lines of text between a dash and the crossing that it points at
_AHEAD_DEGREES = 25.0  # by which it may miss it
_STRAIGHT_DEGREES = 15.0  # by which a line may bend at a crossing
_BENT_DEGREES = 38.0  # by which two strokes may differ from one straight line
_CORNER_GAP = 1.0  # between the last dash before a corner and the first one behind it
_CORNER_DEGREES = 25.0  # by which a corner of dashes may differ from a right angle
_CORNER_PAST = 0.25  # lines of text by which a dash may run past its corner


def link_corners(skeleton: Skeleton, joints: Joints, around: Surroundings, unit: float) -> None:
    """Joins dashes round a right angle: both point at a corner that was not drawn, or only one of them reaches it."""
    loose = [end for end in loose_ends(skeleton, joints) if _is_dash(skeleton, joints, end, unit)]
    if len(loose) < 2:
        return
    spots = np.array([skeleton.strokes[number].from_end(side)[0] for number, side in loose])
    ways = [way_at(skeleton, joints, end, unit) for end in loose]
    costs = []
    for one, other in sorted(cKDTree(spots).query_pairs(_CORNER_GAP * unit)):
        if loose[one][0] == loose[other][0] or not (ways[one].any() and ways[other].any()):
            continue
        if abs(float(ways[one] @ ways[other])) > np.sin(np.radians(_CORNER_DEGREES)):
            continue
        if around.is_between(spots[one], spots[other]):
            continue
        ahead = np.linalg.solve(np.column_stack((ways[one], -ways[other])), spots[other] - spots[one])
        if ahead.min() > -_CORNER_PAST * unit:
            costs.append((float(np.abs(ahead).sum()), one, other))
    take(joints, loose, sorted(costs))


def link_to_crossings(skeleton: Skeleton, joints: Joints, around: Surroundings, unit: float) -> None:
    """Joins a dash that points at a crossing to the stroke that goes straight on behind it, where nothing else does:
    a dash of the other line lies over the gap."""
    crossings = {number: spot for number, spot in skeleton.crossings.items() if len(skeleton.at(number)) in (2, 3)}
    loose = [end for end in loose_ends(skeleton, joints) if _is_dash(skeleton, joints, end, unit)]
    if not crossings or not loose:
        return
    numbers = list(crossings)
    near = cKDTree(np.array([crossings[number] for number in numbers]))
    found = []
    for end in loose:
        spot, way = skeleton.strokes[end[0]].from_end(end[1])[0], way_at(skeleton, joints, end, unit)
        for place in near.query_ball_point(spot, _AT_CROSSING * unit) if way.any() else ():
            number = numbers[place]
            gap = crossings[number] - spot
            size = float(np.linalg.norm(gap))
            arm = _arm_on(skeleton, number, end[0], way, unit)
            if arm is None or size < 1.0 or around.is_between(spot, crossings[number]):
                continue
            if float(gap @ way) / size > np.cos(np.radians(_AHEAD_DEGREES)):
                found.append((size, end, arm))
    for _, end, arm in sorted(found):
        if end not in joints.links and arm not in joints.links:
            joints.links[end], joints.links[arm] = arm, end


def _arm_on(skeleton: Skeleton, crossing: int, coming: int, way: NDArray[np.float64], unit: float) -> End | None:
    """The stroke that leads straight on from a crossing, unless it goes on from another that meets it there."""
    meeting = skeleton.at(crossing)
    arms = {end: -skeleton.strokes[end[0]].outward(end[1], _LOOK_BACK * unit) for end in meeting}
    if any(number == coming for number, _ in meeting) or not all(arm.any() for arm in arms.values()):
        return None
    best = max(arms, key=lambda end: float(arms[end] @ way))
    if float(arms[best] @ way) < np.cos(np.radians(_STRAIGHT_DEGREES)):
        return None
    opposite = min(float(arms[end] @ arms[best]) for end in arms if end != best)
    return best if opposite > -np.cos(np.radians(_BENT_DEGREES)) else None


def _is_dash(skeleton: Skeleton, joints: Joints, end: End, unit: float) -> bool:
    """Whether a loose end is that of a dash: one of a row, or a short piece by itself."""
    number, side = end
    return (number, 1 - side) in joints.links or (
        skeleton.strokes[number].length < _LONGEST_DASH * unit and max(skeleton.strokes[number].ends) < 0
    )


def chain_px(skeleton: Skeleton, joints: Joints, end: End) -> float:
    """How far the line can be followed back that a loose end belongs to, up to the next crossing."""
    number, side = end
    while (number, 1 - side) in joints.links:
        number, side = joints.links[number, 1 - side]
        if (number, side) == end:
            break
    stroke = skeleton.strokes[number]
    back = stroke.from_end(1 - side)[0] - skeleton.strokes[end[0]].from_end(end[1])[0]
    return float(np.linalg.norm(back)) + stroke.width

"""What the ends of strokes are joined to: boxes, or the ends of other strokes across a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.skeleton import End, Skeleton

_LOOK_BACK = 0.5  # lines of text over which a direction is taken


@dataclass
class Joints:
    """`boxes`: which box an end touches; `links`: which other end goes on after a gap; `barbs`: corners of heads."""

    boxes: dict[End, int] = field(default_factory=dict)
    links: dict[End, End] = field(default_factory=dict)
    barbs: set[End] = field(default_factory=set)

    def is_loose(self, skeleton: Skeleton, end: End) -> bool:
        return end not in self.boxes and end not in self.links and skeleton.strokes[end[0]].ends[end[1]] < 0


def loose_ends(skeleton: Skeleton, joints: Joints) -> list[End]:
    ends = ((number, end) for number in skeleton.strokes for end in (0, 1))
    return [end for end in ends if joints.is_loose(skeleton, end) and end not in joints.barbs]


def way_at(skeleton: Skeleton, joints: Joints, end: End, unit: float) -> NDArray[np.float64]:
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


def take(joints: Joints, loose: Sequence[End], costs: Sequence[tuple[float, int, int]]) -> int:
    count = 0
    used: set[int] = set()
    dots: dict[int, int] = {}
    for _, one, other in costs:
        if one in used or other in used:
            continue
        a, b = loose[one], loose[other]
        # Both ends of one dot lie at one place: it must not be joined twice to one neighbour.
        if dots.get(a[0]) == b[0] or _far_end(joints, a) == b:
            continue
        joints.links[a], joints.links[b] = b, a
        used |= {one, other}
        dots[a[0]], dots[b[0]] = b[0], a[0]
        count += 1
    return count


def _far_end(joints: Joints, end: End) -> End:
    """The other end of the chain of dashes that a loose end belongs to: joined to it, they would make a ring."""
    number, side = end
    while (number, 1 - side) in joints.links:
        number, side = joints.links[number, 1 - side]
        if (number, side) == end:
            break
    return number, 1 - side

"""Which box the loose end of a line belongs to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise

from cml_mm.diagrams.values import Point
from cml_mm.types import Box

TOUCHING = 0.9  # confidence of an end that lies on a box's border
_FAR = 0.5  # of one that is as far away as is allowed


def distance(point: Point, box: Box) -> float:
    """From a point to the nearest of a box's border or inside; 0 within it."""
    across = max(box.x - point[0], 0.0, point[0] - box.x - box.w)
    down = max(box.y - point[1], 0.0, point[1] - box.y - box.h)
    return math.hypot(across, down)


def nearest(point: Point, boxes: Mapping[str, Box], within: float) -> tuple[str, float] | None:
    """The box that a line's end touches or stops short of.

    Args:
        point: the end.
        boxes: those it may belong to, in the same unit.
        within: how far away it may be.

    Returns:
        The box's key and how surely it is meant, less the farther away; of several that hold the
        point, the smallest. None where none is near.
    """
    found = min(
        ((distance(point, box), box.w * box.h, key) for key, box in boxes.items()),
        default=None,
    )
    if found is None or found[0] > within:
        return None
    return found[2], TOUCHING - (TOUCHING - _FAR) * (found[0] / within if within else 0.0)


def middle(points: Iterable[Point]) -> Point:
    """The point halfway along a line."""
    held = list(points)
    if not held:
        return (0.0, 0.0)
    left = sum(math.dist(one, other) for one, other in pairwise(held)) / 2
    for one, other in pairwise(held):
        length = math.dist(one, other)
        if length and left <= length:
            share = left / length
            return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])
        left -= length
    return held[0]


def border(box: Box, towards: Point) -> Point:
    """Where the way from a box's middle to a point leaves it."""
    x, y = box.x + box.w / 2, box.y + box.h / 2
    dx, dy = towards[0] - x, towards[1] - y
    share = min((half / abs(way) for half, way in ((box.w / 2, dx), (box.h / 2, dy)) if way), default=0.0)
    share = min(share, 1.0)
    return round(x + share * dx, 2), round(y + share * dy, 2)

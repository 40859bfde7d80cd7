"""Outlines of boxes of every shape, and where a line meets them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from cml_mm.diagrams.values import NodeShape, Point
from cml_mm.types import Box

Rect = tuple[float, float, float, float]  # left, top, right, foot
# How much larger a shape must be than its words, across and down.
ROOM: dict[NodeShape, tuple[float, float]] = {
    "diamond": (1.75, 2.1),
    "ellipse": (1.3, 1.45),
    "circle": (1.3, 1.3),
    "hexagon": (1.25, 1.1),
    "parallelogram": (1.3, 1.05),
    "cylinder": (1.05, 1.4),
}


def rect_of(box: Box | None) -> Rect:
    """A box as left, top, right, foot.

    Raises:
        ValueError: there is none: the diagram is not laid out.
    """
    if box is None:
        raise ValueError("this diagram is not laid out")
    return box.x, box.y, box.x + box.w, box.y + box.h


def outline(shape: NodeShape, rect: Rect) -> list[Point]:
    """The border of a shape as a closed line; its first point is repeated at the end."""
    left, top, right, foot = rect
    width, height = right - left, foot - top
    if shape in ("ellipse", "circle"):
        points = _arc(left + width / 2, top + height / 2, width / 2, height / 2, 0, 360)
    elif shape == "diamond":
        points = [
            (left + width / 2, top),
            (right, top + height / 2),
            (left + width / 2, foot),
            (left, top + height / 2),
        ]
    elif shape == "hexagon":
        cut = min(width / 4, height / 2)
        points = [(left + cut, top), (right - cut, top), (right, top + height / 2)]
        points += [(right - cut, foot), (left + cut, foot), (left, top + height / 2)]
    elif shape == "parallelogram":
        cut = min(width / 5, height / 2)
        points = [(left + cut, top), (right, top), (right - cut, foot), (left, foot)]
    elif shape == "note":
        fold = min(width, height) / 4
        points = [(left, top), (right - fold, top), (right, top + fold), (right, foot), (left, foot)]
    elif shape == "rounded":
        points = _rounded(rect, min(width, height) / 3.5)
    elif shape == "cylinder":
        lid = height / 9
        points = _arc(left + width / 2, top + lid, width / 2, lid, 180, 360)
        points += _arc(left + width / 2, foot - lid, width / 2, lid, 0, 180)
    else:
        points = [(left, top), (right, top), (right, foot), (left, foot)]
    return [*points, points[0]]


def details(shape: NodeShape, rect: Rect) -> list[list[Point]]:
    """Lines inside a shape: a cylinder's lid, the fold of a note."""
    left, top, right, foot = rect
    width, height = right - left, foot - top
    if shape == "cylinder":
        lid = height / 9
        return [_arc(left + width / 2, top + lid, width / 2, lid, 0, 180)]
    if shape == "note":
        fold = min(width, height) / 4
        return [[(right - fold, top), (right - fold, top + fold), (right, top + fold)]]
    return []


def cut_to(route: Sequence[Point], leaves: Sequence[Point], arrives: Sequence[Point], gap: float) -> list[Point]:
    """The part of a line between two outlines.

    Args:
        route: from inside the first to inside the second.
        leaves, arrives: closed outlines.
        gap: how far from each it ends.

    Returns: its points; none when nothing is left between them.
    """
    begun = _from_last_crossing(route, leaves)
    if begun is None:
        return []
    ended = _from_last_crossing(begun[::-1], arrives)
    if ended is None:
        return []
    return _shortened(_shortened(ended, gap)[::-1], gap)


def length(points: Sequence[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(points))


def along(points: Sequence[Point], distance: float) -> tuple[Point, Point]:
    """The point after so much of a line, and the line's direction there as a vector of length 1."""
    for here, there in pairwise(points):
        step = math.dist(here, there)
        if distance <= step and step > 0:
            share = distance / step
            direction = ((there[0] - here[0]) / step, (there[1] - here[1]) / step)
            return (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])), direction
        distance -= step
    (ax, ay), (bx, by) = points[-2], points[-1]
    step = math.dist(points[-2], points[-1]) or 1.0
    return points[-1], ((bx - ax) / step, (by - ay) / step)


def sampled(points: Sequence[Point], step: float) -> list[Point]:
    """Points at equal distances along a line, its end among them."""
    whole = length(points)
    count = max(1, round(whole / step))
    return [along(points, whole * number / count)[0] for number in range(count)] + [points[-1]]


def overlap(one: Rect, other: Rect, margin: float = 0.0) -> bool:
    return (
        one[0] < other[2] + margin
        and other[0] < one[2] + margin
        and one[1] < other[3] + margin
        and other[1] < one[3] + margin
    )


def within(point: Point, rect: Rect, margin: float = 0.0) -> bool:
    return rect[0] - margin < point[0] < rect[2] + margin and rect[1] - margin < point[1] < rect[3] + margin


def _arc(x: float, y: float, across: float, down: float, begin: float, end: float) -> list[Point]:
    steps = max(8, round(abs(end - begin) / 6))
    turns = [math.radians(begin + (end - begin) * step / steps) for step in range(steps + 1)]
    return [(x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns]


def _rounded(rect: Rect, radius: float) -> list[Point]:
    left, top, right, foot = rect
    points = _arc(left + radius, top + radius, radius, radius, 180, 270)
    points += _arc(right - radius, top + radius, radius, radius, 270, 360)
    points += _arc(right - radius, foot - radius, radius, radius, 0, 90)
    return points + _arc(left + radius, foot - radius, radius, radius, 90, 180)


def _from_last_crossing(route: Sequence[Point], border: Sequence[Point]) -> list[Point] | None:
    """What follows the last crossing of a border, from there; None without one."""
    found: tuple[int, Point] | None = None
    for number in range(len(route) - 1):
        met = [
            point
            for c, d in pairwise(border)
            if (point := _crossing(route[number], route[number + 1], c, d)) is not None
        ]
        if met:
            found = (number, max(met, key=lambda point: math.dist(route[number], point)))
    if found is None:
        return None
    number, point = found
    return [point, *route[number + 1 :]]


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    turn = rx * sy - ry * sx
    if abs(turn) < 1e-9:
        return None
    t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / turn
    u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / turn
    return (a[0] + t * rx, a[1] + t * ry) if 0 <= t <= 1 and 0 <= u <= 1 else None


def _shortened(points: list[Point], gap: float) -> list[Point]:
    """The line without its first bit."""
    if gap <= 0 or length(points) <= 2 * gap:
        return points
    left = gap
    for number, (here, there) in enumerate(pairwise(points)):
        step = math.dist(here, there)
        if left < step:
            share = left / step
            begun = (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))
            return [begun, *points[number + 1 :]]
        left -= step
    return points

"""Lines between boxes that an eye can follow: over no box, along no other line, and where their words stand."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.diagram_shapes import Rect, along, cut_to, length, outline, overlap, sampled, within
from benchmarks.diagram_styles import LabelPlace, Lines
from cml_mm.diagrams.values import NodeShape, Point

_CLEAR = 12.0  # pixels between a line and a box that it only passes
_APART = 11.0  # between two lines, except where they cross
_STEP = 4.0
_MOST_TOGETHER = 0.12  # share of a line that may lie near others: crossings
_SHORTEST = 30.0
_SPREAD = 14.0  # between the ends of two lines at one border


@dataclass
class Router:
    """Finds lines one after the other, each clear of those before.

    Args:
        rects: the boxes.
        shapes: of the boxes.
        lines: how lines run.
        walls: what no line may touch: titles of lanes, free words.
    """

    rects: Sequence[Rect]
    shapes: Sequence[NodeShape]
    lines: Lines
    chance: random.Random
    gap: float = 2.0
    walls: list[Rect] = field(default_factory=list)
    found: list[list[Point]] = field(default_factory=list)

    def route(self, a: int, b: int) -> list[Point] | None:
        """A line from box `a` to box `b`, None where there is no clear one; it is kept in `found`."""
        for wish in self._wishes(a, b):
            border_a, border_b = (outline(self.shapes[one], self.rects[one]) for one in (a, b))
            points = cut_to(wish, border_a, border_b, self.gap)
            if len(points) >= 2 and length(points) >= _SHORTEST and self._is_clear(points, a, b):
                self.found.append(points)
                return points
        return None

    def _wishes(self, a: int, b: int) -> list[list[Point]]:
        here, there = _middle(self.rects[a]), _middle(self.rects[b])
        if self.lines == "line":
            return [[here, there]]
        if self.lines == "curve":
            side = self.chance.choice((-1, 1))
            return [bowed(here, there, bow) for bow in (0.16 * side, -0.16 * side, 0.28 * side, -0.28 * side)]
        return _cornered(self.rects[a], self.rects[b], self.chance)

    def _is_clear(self, points: list[Point], a: int, b: int) -> bool:
        spots = sampled(points, _STEP)
        for number, rect in enumerate(self.rects):
            if number not in (a, b) and any(within(spot, rect, _CLEAR) for spot in spots):
                return False
        if any(within(spot, wall, 4.0) for spot in spots for wall in self.walls):
            return False
        # A line may not cut through its own boxes either, once it has left them.
        inner = spots[3:-3]
        if any(within(spot, self.rects[one], -1.0) for spot in inner for one in (a, b) if self._is_full(one)):
            return False
        for other in self.found:
            close = [spot for spot in spots if _is_near(spot, other, _APART)]
            if len(close) * _STEP > max(2.6 * _APART, _MOST_TOGETHER * length(points)):
                return False
            if any(math.dist(end, far) < _SPREAD for end in (points[0], points[-1]) for far in (other[0], other[-1])):
                return False
        return True

    def _is_full(self, number: int) -> bool:
        """Whether a shape fills its rectangle, so that within the one is within the other."""
        return self.shapes[number] in ("box", "rounded", "text", "icon", "note")


def bowed(here: Point, there: Point, bow: float) -> list[Point]:
    """A quadratic Bézier curve; `bow` is its control point's distance from the middle over the chord."""
    (ax, ay), (bx, by) = here, there
    cx, cy = (ax + bx) / 2 - 2 * bow * (by - ay), (ay + by) / 2 + 2 * bow * (bx - ax)
    steps = [number / 32 for number in range(33)]
    return [
        ((1 - t) ** 2 * ax + 2 * t * (1 - t) * cx + t * t * bx, (1 - t) ** 2 * ay + 2 * t * (1 - t) * cy + t * t * by)
        for t in steps
    ]


def place_words(
    points: Sequence[Point],
    size: tuple[float, float],
    place: LabelPlace,
    taken: Sequence[Rect],
    others: Sequence[Sequence[Point]],
) -> Rect | None:
    """Where the words of a line may stand, on it or beside it; None where they would touch something.

    Args:
        points: the line.
        size: of the words.
        taken: boxes and words that stand already.
        others: all other lines.
    """
    whole = length(points)
    for share in (0.5, 0.42, 0.58, 0.35, 0.65, 0.28):
        spot, (dx, dy) = along(points, share * whole)
        extent = abs(dx) * size[0] + abs(dy) * size[1]
        if place == "on":
            if whole < extent + 56 or not 0.5 * extent + 14 < share * whole < whole - 0.5 * extent - 24:
                continue
            before, after = (along(points, share * whole + side * (0.5 * extent + 8))[0] for side in (-1, 1))
            if math.dist(before, after) < 0.95 * (extent + 16):  # the words would hide a corner
                continue
            spots = [spot]
        else:
            away = 0.5 * (abs(dy) * size[0] + abs(dx) * size[1]) + 7
            spots = [(spot[0] - dy * away * side, spot[1] + dx * away * side) for side in (1, -1)]
        for x, y in spots:
            rect = (x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
            own = [] if place == "on" else [points]
            if not any(overlap(rect, one, 5.0) for one in taken) and not any(
                within(point, rect, 4.0) for line in (*others, *own) for point in sampled(line, _STEP)
            ):
                return rect
    return None


def _cornered(a: Rect, b: Rect, chance: random.Random) -> list[list[Point]]:
    """Lines of level and upright parts with up to two corners, from inside one box to inside the other."""
    (ax, ay), (bx, by) = _middle(a), _middle(b)
    shift = chance.choice((0.0, 0.0, -0.18, 0.18))
    ax_off, ay_off = ax + shift * (a[2] - a[0]), ay + shift * (a[3] - a[1])
    bx_off, by_off = bx - shift * (b[2] - b[0]), by - shift * (b[3] - b[1])
    halfway_x = (min(a[2], b[2]) + max(a[0], b[0])) / 2 + chance.uniform(-8, 8)
    halfway_y = (min(a[3], b[3]) + max(a[1], b[1])) / 2 + chance.uniform(-8, 8)
    wishes: list[list[Point]] = []
    if abs(ax - bx) < 1 or abs(ay - by) < 1:
        wishes.append([(ax, ay), (bx, by)])
    across = [(ax, ay_off), (halfway_x, ay_off), (halfway_x, by_off), (bx, by_off)]
    down = [(ax_off, ay), (ax_off, halfway_y), (bx_off, halfway_y), (bx_off, by)]
    corners = [[(ax, ay_off), (bx_off, ay_off), (bx_off, by)], [(ax_off, ay), (ax_off, by_off), (bx, by_off)]]
    level_room = max(a[0], b[0]) - min(a[2], b[2]) > 40
    upright_room = max(a[1], b[1]) - min(a[3], b[3]) > 40
    if upright_room:
        wishes.append(down)
    if level_room:
        wishes.append(across)
    return wishes + (corners if level_room and upright_room else [])


def _middle(rect: Rect) -> Point:
    return (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2


def _is_near(spot: Point, line: Sequence[Point], distance: float) -> bool:
    return any(to_segment(spot, a, b) < distance for a, b in pairwise(line))


def to_segment(spot: Point, a: Point, b: Point) -> float:
    """A point's distance from the line between two others."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((spot[0] - a[0]) * dx + (spot[1] - a[1]) * dy) / square)) if square else 0.0
    return math.dist(spot, (a[0] + share * dx, a[1] + share * dy))

"""Lines, arrowheads and small icons on a drawing that is made larger than it will be."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Literal

from PIL import ImageDraw

from benchmarks.diagram_lettering import FINER
from benchmarks.diagram_shapes import Rect, along, length, sampled
from cml_mm.diagrams.values import LineStyle, Point

HeadKind = Literal["filled", "open", "vee", "hollow"]
_DASHES: dict[LineStyle, tuple[float, float]] = {"dashed": (7.0, 5.0), "dotted": (1.5, 4.0)}


def wobbled(points: Sequence[Point], chance: random.Random, by: float) -> list[Point]:
    """A line as a hand draws it: it keeps its ends and strays by some pixels between them."""
    whole = length(points)
    if whole < 8 or by <= 0:
        return list(points)
    waves = [(chance.uniform(0.5, 2.5), chance.uniform(0, 6.28), chance.uniform(0.2, 1.0)) for _ in range(3)]
    drawn = []
    count = max(4, round(whole / 6))
    for number in range(count + 1):
        share = number / count
        (x, y), (dx, dy) = along(points, whole * share)
        stray = by * math.sin(math.pi * share) * sum(a * math.sin(6.28 * f * share + p) for f, p, a in waves) / 1.5
        drawn.append((x - dy * stray, y + dx * stray))
    return drawn


def stroke(
    draw: ImageDraw.ImageDraw, points: Sequence[Point], width: float, ink: str, style: LineStyle = "solid"
) -> None:
    """A line of a width in pixels of the finished picture."""
    if style == "thick":
        width *= 2.2
    if style in _DASHES:
        for part in _dashes(points, *(max(1.0, width / 1.5) * size for size in _DASHES[style])):
            _solid(draw, part, width, ink)
    else:
        _solid(draw, points, width, ink)


def head(
    draw: ImageDraw.ImageDraw, points: Sequence[Point], size: float, kind: HeadKind, width: float, ink: str, paper: str
) -> None:
    """An arrowhead at the end of a line, turned as its last bit runs."""
    whole = length(points)
    tip = points[-1]
    foot, _ = along(points, max(0.0, whole - size))
    dx, dy = tip[0] - foot[0], tip[1] - foot[1]
    long = math.hypot(dx, dy) or 1.0
    dx, dy = dx / long, dy / long
    half = 0.42 * size
    back = (tip[0] - size * dx, tip[1] - size * dy)
    left, right = (back[0] - half * dy, back[1] + half * dx), (back[0] + half * dy, back[1] - half * dx)
    if kind == "open":
        for side in (left, right):
            _solid(draw, (side, tip), width, ink)
        return
    corners = [tip, left, right]
    if kind == "vee":
        corners = [tip, left, (tip[0] - 0.6 * size * dx, tip[1] - 0.6 * size * dy), right]
    draw.polygon([(x * FINER, y * FINER) for x, y in corners], fill=paper if kind == "hollow" else ink)
    if kind == "hollow":
        _solid(draw, [*corners, corners[0]], width, ink)


def fill(draw: ImageDraw.ImageDraw, points: Sequence[Point], colour: str) -> None:
    draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=colour)


def icon(draw: ImageDraw.ImageDraw, name: str, rect: Rect, ink: str, colour: str) -> None:
    """One of `ICONS` in a square."""
    left, top, right, foot = (FINER * side for side in rect)
    side = min(right - left, foot - top)
    x, y = (left + right) / 2 - side / 2, (top + foot) / 2 - side / 2

    def at(*shares: float) -> list[float]:
        return [(x, y)[number % 2] + share * side for number, share in enumerate(shares)]

    ICONS[name](draw, at, ink, colour, max(2, round(0.05 * side)))


_At = Callable[..., list[float]]


def _house(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    draw.rectangle(at(0.2, 0.45, 0.8, 0.95), fill=colour, outline=ink, width=pen)
    draw.polygon(at(0.08, 0.47, 0.5, 0.08, 0.92, 0.47), fill=ink)
    draw.rectangle(at(0.43, 0.65, 0.57, 0.95), fill=ink)


def _disk(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    draw.rectangle(at(0.18, 0.2, 0.82, 0.8), fill=colour, outline=ink, width=pen)
    draw.ellipse(at(0.18, 0.68, 0.82, 0.95), fill=colour, outline=ink, width=pen)
    draw.ellipse(at(0.18, 0.06, 0.82, 0.33), fill=ink)


def _person(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    draw.ellipse(at(0.34, 0.08, 0.66, 0.4), fill=ink)
    draw.pieslice(at(0.15, 0.45, 0.85, 1.35), 180, 360, fill=colour, outline=ink, width=pen)


def _battery(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    draw.rectangle(at(0.38, 0.06, 0.62, 0.16), fill=ink)
    draw.rounded_rectangle(at(0.25, 0.16, 0.75, 0.95), 2 * pen, fill=colour, outline=ink, width=pen)
    draw.rectangle(at(0.34, 0.55, 0.66, 0.87), fill=ink)


def _sun(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    for turn in range(8):
        dx, dy = math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)
        draw.line(at(0.5 + 0.3 * dx, 0.5 + 0.3 * dy, 0.5 + 0.45 * dx, 0.5 + 0.45 * dy), fill=ink, width=2 * pen)
    draw.ellipse(at(0.26, 0.26, 0.74, 0.74), fill=colour, outline=ink, width=pen)


def _server(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    for row in range(3):
        draw.rounded_rectangle(
            at(0.12, 0.1 + 0.28 * row, 0.88, 0.34 + 0.28 * row), pen, fill=colour, outline=ink, width=pen
        )
        draw.ellipse(at(0.2, 0.17 + 0.28 * row, 0.3, 0.27 + 0.28 * row), fill=ink)


def _cloud(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    for grown, tint in ((0.0, ink), (0.05, colour)):
        for x0, y0, x1, y1 in ((0.02, 0.4, 0.5, 0.85), (0.22, 0.15, 0.75, 0.7), (0.5, 0.38, 0.98, 0.85)):
            draw.ellipse(at(x0 + grown, y0 + grown, x1 - grown, y1 - grown), fill=tint)
        draw.rectangle(at(0.26, 0.6, 0.74, 0.85 - grown), fill=tint)


def _bolt(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    draw.rounded_rectangle(at(0.1, 0.1, 0.9, 0.9), 3 * pen, fill=colour, outline=ink, width=pen)
    draw.polygon(at(0.56, 0.18, 0.28, 0.55, 0.47, 0.55, 0.42, 0.83, 0.72, 0.44, 0.52, 0.44), fill=ink)


def _meter(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    draw.ellipse(at(0.08, 0.08, 0.92, 0.92), fill=colour, outline=ink, width=pen)
    draw.line(at(0.5, 0.55, 0.72, 0.3), fill=ink, width=2 * pen)
    draw.ellipse(at(0.43, 0.48, 0.57, 0.62), fill=ink)


def _mast(draw: ImageDraw.ImageDraw, at: _At, ink: str, colour: str, pen: int) -> None:
    draw.polygon(at(0.5, 0.05, 0.25, 0.95, 0.75, 0.95), fill=colour, outline=ink, width=pen)
    for row in (0.3, 0.5):
        draw.line(at(0.15, row, 0.85, row), fill=ink, width=2 * pen)


ICONS = {
    "house": _house,
    "disk": _disk,
    "person": _person,
    "battery": _battery,
    "sun": _sun,
    "server": _server,
    "cloud": _cloud,
    "bolt": _bolt,
    "meter": _meter,
    "mast": _mast,
}


def _solid(draw: ImageDraw.ImageDraw, points: Sequence[Point], width: float, ink: str) -> None:
    larger = [(x * FINER, y * FINER) for x, y in points]
    thick = max(1, round(width * FINER))
    draw.line(larger, fill=ink, width=thick, joint="curve")
    for x, y in (larger[0], larger[-1]):
        draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=ink)


def _dashes(points: Sequence[Point], drawn: float, left_out: float) -> list[list[Point]]:
    whole = length(points)
    parts = []
    begun = 0.0
    while begun < whole:
        ended = min(begun + drawn, whole)
        parts.append(sampled([along(points, begun + (ended - begun) * step / 3)[0] for step in range(4)], 2.0))
        begun = ended + left_out
    return parts

"""Outlines, arrowheads and words of a drawn diagram, as pieces of SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cml_mm.diagrams.values import NodeShape, Point
from cml_mm.types import Box
from cml_mm.ui.text import escape

_LETTER = 0.53  # width of a middling letter, in sizes of its type
_LINE = 1.22  # from one line to the next, in the same
_SIZES = (
    15.0,
    14.0,
    13.0,
    12.0,
    11.0,
    10.0,
    9.0,
    8.0,
    7.0,
    6.0,
    5.0,
    4.0,
    3.0,
    2.0,
    1.0,
)  # of type, in units of the screen
_CORNER = 0.12  # of a box's shorter side
_NARROW: dict[str, float] = {"diamond": 0.62, "ellipse": 0.76, "circle": 0.76, "hexagon": 0.8, "triangle": 0.5}


def shape_path(box: Box, shape: NodeShape) -> str:
    """The outline of a box of this shape, as the `d` of a path."""
    x, y, w, h = box.x, box.y, box.w, box.h
    if shape in ("ellipse", "circle"):
        return _oval(x, y, w, h)
    if shape == "cylinder":
        lid = min(h / 6, w / 4)
        side = f"M{x:.2f} {y + lid:.2f} v{h - 2 * lid:.2f} a{w / 2:.2f} {lid:.2f} 0 0 0 {w:.2f} 0"
        return f"{side} v{2 * lid - h:.2f} {_oval(x, y, w, 2 * lid)}"
    corners = _corners(shape)
    if corners:
        return "M" + " L".join(f"{x + a * w:.2f} {y + b * h:.2f}" for a, b in corners) + " Z"
    radius = min(w, h) * (0.5 if shape == "rounded" else _CORNER)
    radius = min(radius, min(w, h) / 2)
    return (
        f"M{x + radius:.2f} {y:.2f} h{w - 2 * radius:.2f} q{radius:.2f} 0 {radius:.2f} {radius:.2f}"
        f" v{h - 2 * radius:.2f} q0 {radius:.2f} {-radius:.2f} {radius:.2f} h{2 * radius - w:.2f}"
        f" q{-radius:.2f} 0 {-radius:.2f} {-radius:.2f} v{2 * radius - h:.2f} q0 {-radius:.2f}"
        f" {radius:.2f} {-radius:.2f} Z"
    )


def head_path(points: Sequence[Point], size: float) -> str:
    """A filled triangle at the last of these points, turned as the line arrives there."""
    x, y = points[-1]
    fore = next((point for point in reversed(points[:-1]) if math.dist(point, points[-1]) > size / 4), points[0])
    angle = math.atan2(y - fore[1], x - fore[0])
    wings = [
        (x - size * math.cos(angle + turn) / math.cos(turn), y - size * math.sin(angle + turn) / math.cos(turn))
        for turn in (0.44, -0.44)
    ]
    return "M" + " L".join(f"{a:.2f} {b:.2f}" for a, b in ((x, y), *wings)) + " Z"


def fitting_size(label: str, box: Box, unit: float, shape: NodeShape = "box") -> float:
    """The largest size of type, in units of the screen, at which a label stands within its box.

    Args:
        unit: what is a pixel on the screen, in the box's unit.
    """
    return next((size for size in _SIZES if _fits(label, box, size * unit, shape)), _SIZES[-1])


def common_size(sizes: Sequence[float]) -> float:
    """One size for all the boxes of a diagram: that of the smaller ones; what needs less gets less."""
    return sorted(sizes)[len(sizes) // 4] if sizes else _SIZES[0]


def label_text(
    label: str, box: Box, unit: float, shape: NodeShape = "box", left: bool = False, most: float = _SIZES[0]
) -> str:
    """Words in the middle of a box, or at its left side, in as many lines as it takes.

    Args:
        unit: what is a pixel on the screen, in the box's unit.
        most: the largest size of type, in such pixels.
    """
    size = min(most, fitting_size(label, box, unit, shape)) * unit
    lines = _wrapped(label, _letters_in(box, size, shape))
    x, first = box.x if left else box.x + box.w / 2, box.y + box.h / 2 + (0.35 - (len(lines) - 1) * _LINE / 2) * size
    anchor = "start" if left else "middle"
    rows = "".join(
        f'<tspan x="{x:.2f}" y="{first + row * _LINE * size:.2f}">{escape(line)}</tspan>'
        for row, line in enumerate(lines)
    )
    return f'<text class="dg-lab" font-size="{size:.2f}" text-anchor="{anchor}">{rows}</text>' if label else ""


def _letters_in(box: Box, size: float, shape: NodeShape) -> int:
    return max(3, int(box.w * _NARROW.get(shape, 0.94) / (_LETTER * size)))


def _fits(label: str, box: Box, size: float, shape: NodeShape) -> bool:
    letters = _letters_in(box, size, shape)
    lines = _wrapped(label, letters)
    high = len(lines) * _LINE * size <= box.h * _NARROW.get(shape, 0.96)
    return high and max(map(len, lines), default=0) <= letters


def _wrapped(label: str, letters: int) -> list[str]:
    """Lines of at most so many letters; a longer word stands alone."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _oval(x: float, y: float, w: float, h: float) -> str:
    half = f"a{w / 2:.2f} {h / 2:.2f} 0 1 0"
    return f"M{x:.2f} {y + h / 2:.2f} {half} {w:.2f} 0 {half} {-w:.2f} 0 Z"


def _corners(shape: NodeShape) -> tuple[Point, ...]:
    """Of the shapes that are polygons, in shares of width and height."""
    polygons: dict[str, tuple[Point, ...]] = {
        "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
        "hexagon": ((0.14, 0), (0.86, 0), (1, 0.5), (0.86, 1), (0.14, 1), (0, 0.5)),
        "parallelogram": ((0.14, 0), (1, 0), (0.86, 1), (0, 1)),
        "trapezium": ((0.14, 0), (0.86, 0), (1, 1), (0, 1)),
        "triangle": ((0.5, 0), (1, 1), (0, 1)),
        "note": ((0, 0), (0.88, 0), (1, 0.2), (1, 1), (0, 1)),
    }
    return polygons.get(shape, ())

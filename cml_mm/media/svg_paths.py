"""The points along an SVG path (W3C, SVG 2, chapter 9): curves and arcs as a few straight pieces."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from cml_mm.diagrams.values import Point
from cml_mm.media.svg_geometry import Matrix

_PIECE = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)")
_NEEDED = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_STEPS = 6  # straight pieces of a curve
_LONGEST = 200_000  # characters of a path
_MOST_POINTS = 4_000
_KEPT = 120


def path_points(path: str) -> list[Point]:
    """The points of a path, from its beginning to its end.

    Args:
        path: the attribute `d`.

    Returns:
        At most some hundred points; none for what is no path.
    """
    points: list[Point] = []
    pen = _Pen()
    for command, numbers in _commands(path[:_LONGEST]):
        points.extend(pen.draws(command, numbers))
        if len(points) > _MOST_POINTS:
            break
    return thinned(points)


def thinned(points: Sequence[Point]) -> list[Point]:
    """Some of a line's points, the first and the last among them."""
    step = max(1, math.ceil(len(points) / _KEPT))
    return [*points[:-1:step], points[-1]] if points else []


def through(matrix: Matrix, points: Sequence[Point], left: float, top: float) -> tuple[Point, ...]:
    """Points as a matrix moves them, from a new origin."""
    a, b, c, d, e, f = matrix
    held = ((a * x + c * y + e - left, b * x + d * y + f - top) for x, y in points)
    return tuple((round(_sane(x), 3), round(_sane(y), 3)) for x, y in held)


def _sane(value: float) -> float:
    return max(-1e8, min(1e8, value)) if math.isfinite(value) else 0.0


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command, held = "", list[float]()
    for found in _PIECE.finditer(path):
        letter = found.group(1)
        if letter:
            command, held = letter, []
        elif command and command not in "Zz":
            held.append(_sane(float(found.group(2))))
        if command and len(held) == _NEEDED[command.upper()]:
            yield command, held
            held = []
            # Further pairs after a move are lines.
            command = {"M": "L", "m": "l", "Z": "", "z": ""}.get(command, command)


class _Pen:
    """Where the pen is, where its stroke began, and which way the last curve came in."""

    def __init__(self) -> None:
        self.at: Point = (0.0, 0.0)
        self.begun: Point = (0.0, 0.0)
        self.handle: Point | None = None
        self.kind = ""

    def draws(self, letter: str, numbers: list[float]) -> list[Point]:
        kind = letter.upper()
        x, y = self.at if letter.islower() else (0.0, 0.0)
        before, handle = self.at, None
        if kind == "Z":
            found = [self.begun]
        elif kind == "H":
            found = [(x + numbers[0], self.at[1])]
        elif kind == "V":
            found = [(self.at[0], y + numbers[0])]
        elif kind == "A":
            found = _arc(before, numbers, (x + numbers[5], y + numbers[6]))
        else:
            given = [(x + numbers[at], y + numbers[at + 1]) for at in range(0, len(numbers), 2)]
            if kind in "ST":
                same = (self.kind in "CS") if kind == "S" else (self.kind in "QT")
                mirrored = self.handle if same and self.handle is not None else before
                given.insert(0, (2 * before[0] - mirrored[0], 2 * before[1] - mirrored[1]))
            handle = given[-2] if kind in "CSQT" else None
            found = _curve([before, *given]) if kind in "CSQT" else given
        self.at, self.handle, self.kind = found[-1], handle, kind
        if kind == "M":
            self.begun = self.at
        return found


def _curve(handles: Sequence[Point]) -> list[Point]:
    """Points on a Bézier curve, by de Casteljau's construction, without its first."""
    found = []
    for step in range(1, _STEPS + 1):
        share = step / _STEPS
        held = list(handles)
        while len(held) > 1:
            held = [
                (one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1]))
                for one, other in zip(held[:-1], held[1:], strict=True)  # noqa: RUF007 - pairs of a list that shrinks
            ]
        found.append(held[0])
    return found


def _arc(begin: Point, numbers: Sequence[float], end: Point) -> list[Point]:
    """Points on an elliptic arc (SVG 2, appendix B.2.4), without its first."""
    rx, ry = abs(numbers[0]), abs(numbers[1])
    if not rx or not ry or begin == end:
        return [end]
    turn = math.radians(numbers[2] % 360)
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (begin[0] - end[0]) / 2, (begin[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, -sin * dx + cos * dy
    size = max(1.0, math.sqrt((x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * size, ry * size
    flat = (rx * y) ** 2 + (ry * x) ** 2
    share = math.sqrt(max(0.0, ((rx * ry) ** 2 - flat) / flat)) if flat else 0.0
    if bool(numbers[3]) == bool(numbers[4]):
        share = -share
    cx, cy = share * rx * y / ry, -share * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    sweep = (math.atan2((-y - cy) / ry, (-x - cx) / rx) - first) % (2 * math.pi)
    if not numbers[4]:
        sweep -= 2 * math.pi
    middle = ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
    found = []
    for step in range(1, 2 * _STEPS):
        angle = first + sweep * step / (2 * _STEPS)
        px, py = rx * math.cos(angle) + cx, ry * math.sin(angle) + cy
        found.append((cos * px - sin * py + middle[0], sin * px + cos * py + middle[1]))
    return [*found, end]

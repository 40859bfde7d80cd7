"""What the XML of a slide says about its shapes and lines (ECMA-376 part 1, chapters 19 and 20)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cml_mm.diagrams.label_text import one_line
from cml_mm.diagrams.named_colours import hex_colour
from cml_mm.diagrams.values import Heads, LineStyle, Point

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


_DEEPEST = 30  # groups in groups


_MARKS = frozenset({"oval", "diamond"})


@dataclass(frozen=True)
class Moved:
    """How a group places its shapes on the slide: times a scale, plus an offset."""

    across: float = 1.0
    down: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def point(self, x: float, y: float) -> Point:
        return self.x + self.across * x, self.y + self.down * y

    def inside(self, frame: Any) -> Moved:
        """The same for what a group with this frame holds."""
        off, ext, child_off, child_ext = (pair_of(frame, name) for name in ("off", "ext", "chOff", "chExt"))
        if off is None or ext is None or child_off is None or child_ext is None:
            return self
        across, down = ext[0] / (child_ext[0] or 1), ext[1] / (child_ext[1] or 1)
        x, y = self.point(off[0] - across * child_off[0], off[1] - down * child_off[1])
        return Moved(self.across * across, self.down * down, x, y)


def shapes_in(tree: Any, moved: Moved, depth: int) -> Iterator[tuple[Any, Moved]]:
    for shape in tree:
        if shape.tag == f"{P}grpSp":
            frame = shape.find(f"{P}grpSpPr/{A}xfrm")
            if depth < _DEEPEST:
                yield from shapes_in(shape, moved.inside(frame) if frame is not None else moved, depth + 1)
        elif shape.tag in {f"{P}sp", f"{P}cxnSp", f"{P}pic"}:
            yield shape, moved


def pair_of(frame: Any, name: str) -> tuple[float, float] | None:
    found = frame.find(f"{A}{name}")
    if found is None:
        return None
    keys = ("x", "y") if name.lower().endswith("off") else ("cx", "cy")
    try:
        first, second = (float(found.get(key, "")) for key in keys)
    except ValueError:
        return None
    return (first, second) if abs(first) < 1e9 and abs(second) < 1e9 else None


def preset_of(properties: Any) -> str:
    found = properties.find(f"{A}prstGeom") if properties is not None else None
    return str(found.get("prst", "")) if found is not None else ""


def words_in(shape: Any) -> str:
    """The paragraphs of a shape, a space between them; breaks inside them count as spaces."""
    parts = []
    for part in shape.iter(f"{A}p", f"{A}br", f"{A}t"):
        parts.append(str(part.text or "") if part.tag == f"{A}t" else " ")
    return one_line("".join(parts))


def is_bare(shape: Any, properties: Any, role: str) -> bool:
    """Whether a shape is only words: a text box, or a placeholder without border and fill."""
    holder = shape.find(f"{P}nvSpPr/{P}cNvSpPr")
    text_box = role or (holder is not None and holder.get("txBox") in {"1", "true"})
    if not text_box and shape.find(f"{P}style") is not None:
        return False
    line = properties.find(f"{A}ln")
    bordered = line is not None and line.find(f"{A}solidFill") is not None
    filled = any(
        properties.find(f"{A}{name}") is not None for name in ("solidFill", "gradFill", "pattFill", "blipFill")
    )
    return bool(text_box or preset_of(properties) in {"", "rect"}) and not bordered and not filled


def fill_of(properties: Any) -> str:
    found = properties.find(f"{A}solidFill/{A}srgbClr")
    return hex_colour(f"#{found.get('val', '')}") if found is not None else ""


def heads_of(line: Any) -> tuple[Heads, bool]:
    """Where the heads are: `headEnd` is the sign at a line's beginning, `tailEnd` that at its end."""
    signs = []
    for name in ("headEnd", "tailEnd"):
        found = line.find(f"{A}{name}") if line is not None else None
        signs.append(str(found.get("type", "none")) if found is not None else "none")
    arrows = [sign != "none" and sign not in _MARKS for sign in signs]
    if not any(arrows):
        arrows = [sign != "none" for sign in signs]
    if all(arrows):
        return "both", False
    return ("target", arrows[0]) if any(arrows) else ("none", False)


def style_of(line: Any) -> LineStyle:
    if line is None:
        return "solid"
    dash = line.find(f"{A}prstDash")
    kind = str(dash.get("val", "solid")) if dash is not None else "solid"
    if kind in {"dot", "sysDot"}:
        return "dotted"
    if kind != "solid":
        return "dashed"
    width = str(line.get("w", ""))
    return "thick" if width.isdecimal() and int(width[:9]) >= 38_100 else "solid"


def turned_points(frame: Any, points: tuple[Point, ...], centre: Point) -> tuple[Point, ...]:
    """Points turned round the middle of their frame, as its `rot` says, in 60,000ths of a degree."""
    text = str(frame.get("rot", "0"))
    if not text.lstrip("-").isdecimal() or int(text[:12]) % 21_600_000 == 0:
        return points
    turn = math.radians(int(text[:12]) / 60_000)
    cos, sin = math.cos(turn), math.sin(turn)
    return tuple(
        (
            centre[0] + cos * (x - centre[0]) - sin * (y - centre[1]),
            centre[1] + sin * (x - centre[0]) + cos * (y - centre[1]),
        )
        for x, y in points
    )


def freeform_points(properties: Any, frame: Any, moved: Moved) -> tuple[Point, ...]:
    """The points of a line that was drawn freely and does not close; none for other shapes."""
    path = properties.find(f"{A}custGeom/{A}pathLst/{A}path")
    off, ext = pair_of(frame, "off"), pair_of(frame, "ext")
    if path is None or off is None or ext is None or path.find(f"{A}close") is not None:
        return ()
    points = []
    for point in path.iter(f"{A}pt"):
        x, y = str(point.get("x", "")), str(point.get("y", ""))
        if x.lstrip("-").isdecimal() and y.lstrip("-").isdecimal():
            points.append((float(x[:12]), float(y[:12])))
    if len(points) < 2:
        return ()
    wide, high = (float(str(path.get(key, "0"))[:12]) if str(path.get(key, "0")).isdecimal() else 0.0 for key in "wh")
    across, down = ext[0] / wide if wide else 1.0, ext[1] / high if high else 1.0
    kept = points[:: max(1, len(points) // 100)]
    if kept[-1] != points[-1]:
        kept.append(points[-1])
    return tuple(moved.point(off[0] + across * x, off[1] + down * y) for x, y in kept)

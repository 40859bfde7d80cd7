"""A diagram as SVG: over the picture that it was read from, or drawn anew where there is no picture.

Everything stands in the diagram's own unit. Labels are other people's words: every one is
escaped, and none becomes a name, an address or a style.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cml_mm.diagrams.values import UNCLEAR, Diagram, DiagramContainer, DiagramEdge, DiagramNode, NodeShape, Point
from cml_mm.types import Box
from cml_mm.ui.diagram_shapes import common_size, fitting_size, head_path, label_text, shape_path
from cml_mm.ui.text import escape

_ROOM = (760.0, 470.0)  # CSS pixels that a diagram is mostly seen in
_BADGE = 11.0  # radius in such pixels
_HEAD = 9.0  # length of an arrowhead
_LARGEST_HEAD = 0.3  # of the height of a low box
_LARGEST_BADGE = 0.38  # of the same
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ends:
    """How a diagram's parts are called: boxes 1, 2, 3, lanes A, B, C."""

    names: Mapping[str, str]

    def __getitem__(self, part: str) -> str:
        return self.names.get(part, "?")


def numbered(diagram: Diagram) -> Ends:
    """Boxes are numbered in the order of the diagram, lanes lettered."""
    boxes = {node.id: str(number) for number, node in enumerate(diagram.nodes, 1)}
    return Ends({**boxes, **{lane.id: _letters(place) for place, lane in enumerate(diagram.containers)}})


def overlay_svg(diagram: Diagram, lit: Collection[str] = _NONE, numbers: bool = True, drawn: bool = False) -> str:
    """The parts of a diagram, each a group that can be pointed at, over `diagram.width` by `diagram.height`.

    Args:
        diagram: parts without a place are left out.
        lit: ids of the parts that are meant.
        numbers: whether boxes carry their numbers, and what is unclear its mark.
        drawn: whether the parts are drawn themselves, since no picture lies below.

    Returns:
        One `<svg>`; nothing where the diagram has no size.
    """
    if not (diagram.width > 0 and diagram.height > 0):
        return ""
    unit, names = unit_of(diagram), numbered(diagram)
    places = part_boxes(diagram)
    lanes = "".join(_lane(diagram, lane.id, places, lit, drawn) for lane in diagram.containers if lane.id in places)
    head = min(_HEAD * unit, _LARGEST_HEAD * _box_height(diagram, 2 * _HEAD / _LARGEST_HEAD * unit))
    arrows = "".join(_arrow(edge, places, unit, head, lit, drawn) for edge in diagram.edges)
    most = type_size(diagram)
    boxes = "".join(_box(node, unit, most, lit, drawn) for node in diagram.nodes)
    words = "".join(_words(text.text, text.box, unit) for text in diagram.unplaced) if drawn else ""
    marks = _marks(diagram, names, places, unit, lit) if numbers else ""
    return (
        f'<svg class="dg-svg{" drawn" if drawn else ""}" viewBox="0 0 {diagram.width:g} {diagram.height:g}"'
        f' data-unit="{unit:.4g}" data-cap="{_cap(diagram, unit):.3f}" aria-hidden="true">'
        f"{lanes}{words}{arrows}{boxes}{marks}</svg>"
    )


def holders(diagram: Diagram) -> tuple[DiagramNode | DiagramContainer, ...]:
    """Lanes and boxes: what an arrow may join."""
    return (*diagram.containers, *diagram.nodes)


def unit_of(diagram: Diagram) -> float:
    """The diagram's own measure of what is a pixel on the screen, where the whole is seen."""
    return max(diagram.width / _ROOM[0], diagram.height / _ROOM[1], 1e-6)


def type_size(diagram: Diagram) -> float:
    """How large the words in drawn boxes mostly are, in `unit_of` it."""
    unit = unit_of(diagram)
    return common_size([fitting_size(node.label, node.box, unit, node.shape) for node in diagram.nodes if node.box])


def part_boxes(diagram: Diagram) -> dict[str, Box]:
    """Where boxes and lanes stand, by id; those without a place left out."""
    return {part.id: part.box for part in holders(diagram) if part.box is not None}


def line_points(edge: DiagramEdge, places: Mapping[str, Box]) -> tuple[Point, ...]:
    """The points of an arrow; straight from box to box where its own are not known."""
    if len(edge.polyline) > 1:
        return edge.polyline
    if edge.source not in places or edge.target not in places:
        return ()
    first, last = places[edge.source], places[edge.target]
    if edge.source == edge.target:  # a loop at the upper right corner
        right, top, reach = first.x + first.w, first.y, min(first.w, first.h) / 2
        return ((right, top + reach / 2), (right + reach, top + reach / 2), (right + reach, top - reach / 2),
                (right - reach, top - reach / 2), (right - reach, top))  # fmt: skip
    return (_rim(first, _middle(last)), _rim(last, _middle(first)))


def halfway(points: Sequence[Point]) -> Point:
    """The point in the middle of a line's length."""
    steps = list(pairwise(points))
    left = sum(math.dist(*step) for step in steps) / 2
    for (x1, y1), (x2, y2) in steps:
        length = math.dist((x1, y1), (x2, y2))
        if length > 0 and left <= length:
            share = left / length
            return (x1 + share * (x2 - x1), y1 + share * (y2 - y1))
        left -= length
    return points[0]


def heads_paths(edge: DiagramEdge, points: Sequence[Point], size: float) -> str:
    """The arrowheads of a line, as the `d` of one path; empty where it has none."""
    ends = [points] if edge.heads in ("target", "both") else []
    ends += [points[::-1]] if edge.heads == "both" else []
    return " ".join(head_path(end, size) for end in ends)


def _lane(diagram: Diagram, part: str, places: Mapping[str, Box], lit: Collection[str], drawn: bool) -> str:
    lane, box = next(one for one in diagram.containers if one.id == part), places[part]
    unit = unit_of(diagram)
    frame = f'<path class="dg-shape" d="{shape_path(box, "box")}"/>'
    head = Box(box.x + 16 * unit, box.y, max(box.w - 16 * unit, unit), 22 * unit, box.of_w, box.of_h)
    title = label_text(lane.label, head, unit, left=True, most=13) if drawn else ""
    return f'<g class="{_look("lane", lane.confidence, part in lit)}" data-part="{escape(part)}">{frame}{title}</g>'


def _box(node: DiagramNode, unit: float, most: float, lit: Collection[str], drawn: bool) -> str:
    if node.box is None:
        return ""
    shape: NodeShape = node.shape if drawn else "box"
    path = shape_path(node.box, shape)
    halo = f'<path class="dg-halo" d="{path}"/>'
    words = label_text(node.label, node.box, unit, node.shape, most=most) if drawn else ""
    bare = " bare" if drawn and node.shape == "text" else ""
    look = _look(f"box{bare}", node.confidence, node.id in lit)
    return f'<g class="{look}" data-part="{escape(node.id)}">{halo}<path class="dg-shape" d="{path}"/>{words}</g>'


def _arrow(
    edge: DiagramEdge, places: Mapping[str, Box], unit: float, size: float, lit: Collection[str], drawn: bool
) -> str:
    points = line_points(edge, places)
    if len(points) < 2:
        return ""
    line = "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    heads = heads_paths(edge, points, size)
    head = f'<path class="dg-head" d="{heads}"/>' if heads else ""
    words = _label(edge, points, unit) if drawn and edge.label else ""
    look = _look(f"arrow {edge.style}", edge.confidence, edge.id in lit)
    return (
        f'<g class="{look}" data-part="{escape(edge.id)}"><path class="dg-reach" d="{line}"/>'
        f'<path class="dg-halo" d="{line}"/><path class="dg-line" d="{line}"/>{head}{words}</g>'
    )


def _label(edge: DiagramEdge, points: Sequence[Point], unit: float) -> str:
    """The words of a drawn arrow on their own ground, so that the line does not strike them through."""
    box = edge.label_box
    if box is None:
        x, y = halfway(points)
        wide, high = 7 * unit * min(28, len(edge.label)), 16 * unit
        box = Box(x - wide / 2, y - high / 2, wide, high, 1, 1)
    return f'<path class="dg-ground" d="{shape_path(box, "box")}"/>{label_text(edge.label, box, unit, most=12)}'


def _words(text: str, box: Box | None, unit: float) -> str:
    return f'<g class="dg-free">{label_text(text, box, unit)}</g>' if box is not None else ""


def _marks(diagram: Diagram, names: Ends, places: Mapping[str, Box], unit: float, lit: Collection[str]) -> str:
    marks = []
    for part in holders(diagram):
        box = places.get(part.id)
        if box is not None:
            words = f"{names[part.id]}?" if part.confidence < UNCLEAR else names[part.id]
            marks.append(_mark(part.id, (box.x, box.y), words, unit, part.confidence, part.id in lit))
    for edge in diagram.edges:
        points = line_points(edge, places)
        if edge.confidence < UNCLEAR and len(points) > 1:
            marks.append(_mark(edge.id, halfway(points), "?", unit, edge.confidence, edge.id in lit))
    return "".join(marks)


def _mark(part: str, at: Point, words: str, unit: float, confidence: float, lit: bool) -> str:
    """A disc with a number. It keeps its size on the screen when the diagram is made larger: see --k."""
    (x, y), radius = at, _BADGE * unit
    wide = radius * max(1.0, 0.42 * len(words) + 0.36)
    return (
        f'<g class="{_look("mark", confidence, lit)}" data-part="{escape(part)}"'
        f' style="transform-origin: {x:.2f}px {y:.2f}px">'
        f'<rect x="{x - wide:.2f}" y="{y - radius:.2f}" width="{2 * wide:.2f}" height="{2 * radius:.2f}"'
        f' rx="{radius:.2f}"/><text x="{x:.2f}" y="{y + 0.38 * radius:.2f}" font-size="{1.1 * radius:.2f}"'
        f' text-anchor="middle">{escape(words)}</text></g>'
    )


def _look(kind: str, confidence: float, lit: bool) -> str:
    return f"dg-{kind}{' unclear' if confidence < UNCLEAR else ''}{' on' if lit else ''}"


def _cap(diagram: Diagram, unit: float) -> float:
    """By how much a disc may grow at most, so that it does not cover the words of its box."""
    return _LARGEST_BADGE * _box_height(diagram, _BADGE * unit / _LARGEST_BADGE) / (_BADGE * unit)


def _box_height(diagram: Diagram, other: float) -> float:
    """Of the lower boxes; `other` where there are none."""
    heights = sorted(node.box.h for node in diagram.nodes if node.box is not None)
    return heights[len(heights) // 4] if heights else other


def _letters(place: int) -> str:
    """A, B, … Z, AA, AB."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _middle(box: Box) -> Point:
    return (box.x + box.w / 2, box.y + box.h / 2)


def _rim(box: Box, to: Point) -> Point:
    """Where a line from a box's middle to a point leaves the box."""
    x, y = _middle(box)
    across, down = to[0] - x, to[1] - y
    shares = [box.w / 2 / abs(across)] if across else []
    shares += [box.h / 2 / abs(down)] if down else []
    share = min([1.0, *shares])
    return (x + share * across, y + share * down)

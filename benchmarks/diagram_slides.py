"""A known diagram as a slide: shapes joined by connectors that know their ends, words at them as loose texts."""

from __future__ import annotations

import math
from io import BytesIO
from itertools import product
from typing import Any

from benchmarks.diagram_routes import to_segment
from benchmarks.diagram_shapes import rect_of, sampled, within
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Point
from cml_mm.types import Box

_UNIT = 9525  # English metric units to a pixel of 96 to the inch
_SHARES = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7)  # of a line, where its words may stand
_LONELY = 40.0  # pixels from words to every other line
Line = tuple[Point, Point]


def written_pptx(diagram: Diagram, notes: tuple[str, ...] = ()) -> bytes:
    """A presentation of one slide.

    Args:
        diagram: laid out; its boxes' unit is a pixel of 96 to the inch. Lanes are left out.
        notes: further words at the slide's foot.
    """
    from pptx import Presentation
    from pptx.util import Emu, Pt

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(round(diagram.width * _UNIT)), Emu(round(diagram.height * _UNIT))
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    title = slide.shapes.title
    title.text = diagram.title
    title.left, title.top, title.width, title.height = _emu(Box(24, 8, diagram.width - 48, 56, 1, 1))
    shapes = {node.id: _drawn_node(slide, node) for node in diagram.nodes}
    lines: dict[str, Line] = {}
    for edge in diagram.edges:
        leaves, arrives, lines[edge.id] = _sites(diagram, edge, list(lines.values()))
        _connect(slide, edge, (shapes[edge.source], leaves), (shapes[edge.target], arrives))
    for edge in diagram.edges:
        if edge.label:
            x, y = _lonely_spot(lines[edge.id], [line for key, line in lines.items() if key != edge.id])
            wide = 10 * len(edge.label) + 24
            words = slide.shapes.add_textbox(*_emu(Box(x - wide / 2, y - 13, wide, 26, 1, 1)))
            words.text_frame.text = edge.label
            words.text_frame.paragraphs[0].font.size = Pt(11)
    for number, note in enumerate(notes):
        place = Box(24, diagram.height - 40 - 26 * number, 600, 26, 1, 1)
        slide.shapes.add_textbox(*_emu(place)).text_frame.text = note
    kept = BytesIO()
    deck.save(kept)
    return kept.getvalue()


def _drawn_node(slide: Any, node: DiagramNode) -> Any:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Pt

    kinds = {
        "rounded": MSO_SHAPE.ROUNDED_RECTANGLE,
        "ellipse": MSO_SHAPE.OVAL,
        "circle": MSO_SHAPE.OVAL,
        "diamond": MSO_SHAPE.DIAMOND,
        "cylinder": MSO_SHAPE.CAN,
        "hexagon": MSO_SHAPE.HEXAGON,
        "parallelogram": MSO_SHAPE.PARALLELOGRAM,
    }
    left, top, right, foot = rect_of(node.box)
    place = _emu(Box(left, top, right - left, foot - top, 1, 1))
    shape = slide.shapes.add_shape(kinds.get(node.shape, MSO_SHAPE.RECTANGLE), *place)
    shape.text_frame.text = node.label
    shape.text_frame.word_wrap = True
    for paragraph in shape.text_frame.paragraphs:
        paragraph.font.size = Pt(14)
    return shape


def _connect(slide: Any, edge: DiagramEdge, begin: tuple[Any, int], end: tuple[Any, int]) -> None:
    from pptx.enum.shapes import MSO_CONNECTOR
    from pptx.oxml.ns import qn

    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, 0, 0, 0, 0)
    line.begin_connect(*begin)
    line.end_connect(*end)
    drawing = line.line._get_or_add_ln()
    for name in {"target": ("tailEnd",), "both": ("headEnd", "tailEnd"), "none": ()}[edge.heads]:
        drawing.append(drawing.makeelement(qn(f"a:{name}"), {"type": "triangle"}))


def _sites(diagram: Diagram, edge: DiagramEdge, before: list[Line]) -> tuple[int, int, Line]:
    """The connection sites (0 top, 1 left, 2 bottom, 3 right) of both ends, and the line between them.

    Of all sixteen pairs the shortest, unless its line runs over a box or along another line, where
    nobody could tell whose words stand on it.
    """
    rects = {node.id: rect_of(node.box) for node in diagram.nodes}
    best: tuple[float, int, int, Line] | None = None
    for leaves, arrives in product(range(4), range(4)):
        line = (_site(rects[edge.source], leaves), _site(rects[edge.target], arrives))
        spots = sampled(line, 8.0)
        over = sum(within(spot, rect, -2.0) for spot in spots for rect in rects.values())
        beside = sum(to_segment(spot, *other) < 0.5 * _LONELY for spot in spots for other in before)
        cost = math.dist(*line) + 400 * over + 25 * beside
        if best is None or cost < best[0]:
            best = (cost, leaves, arrives, line)
    if best is None:
        raise ValueError("a box has no sides")
    return best[1:]


def _site(rect: tuple[float, float, float, float], number: int) -> Point:
    left, top, right, foot = rect
    x, y = (left + right) / 2, (top + foot) / 2
    return ((x, top), (left, y), (x, foot), (right, y))[number]


def _lonely_spot(line: Line, others: list[Line]) -> Point:
    """Where on a line its words belong to no other: near its middle, away from crossings."""
    (ax, ay), (bx, by) = line
    spots = [(ax + share * (bx - ax), ay + share * (by - ay)) for share in _SHARES]
    clear = [min((to_segment(spot, *other) for other in others), default=math.inf) for spot in spots]
    first = next((number for number, distance in enumerate(clear) if distance > _LONELY), clear.index(max(clear)))
    return spots[first]


def _emu(box: Box) -> tuple[int, int, int, int]:
    """Left, top, width and height in English metric units."""
    return round(box.x * _UNIT), round(box.y * _UNIT), round(box.w * _UNIT), round(box.h * _UNIT)

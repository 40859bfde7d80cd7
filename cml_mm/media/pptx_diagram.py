"""Diagrams on slides: shapes as boxes, connectors as arrows (ECMA-376 part 1, sections 19.3 and 20.1)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.label_text import one_line
from cml_mm.diagrams.line_words import words_of_lines
from cml_mm.diagrams.snapping import nearest
from cml_mm.diagrams.values import Diagram, Heads, LineStyle, NodeShape, Point
from cml_mm.media.pptx_shapes import (
    A,
    Moved,
    P,
    fill_of,
    freeform_points,
    heads_of,
    is_bare,
    pair_of,
    preset_of,
    shapes_in,
    style_of,
    turned_points,
    words_in,
)
from cml_mm.media.svg_parts import set_containers
from cml_mm.types import Box

_NEAR = 0.02  # of the slide's diagonal, from a line's loose end to its box
_WORDS_NEAR = 0.06  # of it, from a line to the words that it carries
_FEWEST = 2  # joined shapes that make a diagram
_LEFT_OUT = frozenset({"title", "ctrTitle", "dt", "ftr", "sldNum", "hdr"})
_SHAPES: dict[str, NodeShape] = {
    "rect": "box",
    "roundRect": "rounded",
    "flowChartTerminator": "rounded",
    "flowChartAlternateProcess": "rounded",
    "ellipse": "ellipse",
    "flowChartConnector": "circle",
    "diamond": "diamond",
    "flowChartDecision": "diamond",
    "can": "cylinder",
    "flowChartMagneticDisk": "cylinder",
    "hexagon": "hexagon",
    "octagon": "hexagon",
    "flowChartPreparation": "hexagon",
    "parallelogram": "parallelogram",
    "flowChartInputOutput": "parallelogram",
    "trapezoid": "trapezium",
    "flowChartManualOperation": "trapezium",
    "triangle": "triangle",
    "rtTriangle": "triangle",
    "flowChartDocument": "note",
    "flowChartMultidocument": "note",
    "foldedCorner": "note",
    "cloud": "other",
    "chevron": "other",
    "homePlate": "other",
}
_LINES = frozenset({"line", "straightConnector1", "lineInv"})
_LINE_PREFIXES = ("bentConnector", "curvedConnector")
_BLOCK_ARROWS = {"rightArrow": (0, 1), "leftArrow": (1, 0), "upArrow": (3, 2), "downArrow": (2, 3)}


@dataclass(frozen=True)
class _Line:
    """A connector or a drawn line: its ends, and the shapes that it knows to stand there."""

    points: tuple[Point, ...]
    begins_at: str
    ends_at: str
    heads: Heads
    backwards: bool
    style: LineStyle


def slide_diagrams(slides: Iterable[Any], width: float, height: float) -> tuple[Diagram, ...]:
    """Read the diagrams of a deck.

    Args:
        slides: opened slides, in order.
        width: of a slide, in EMU.
        height: of a slide, in EMU.

    Returns:
        One for every slide on which two shapes or more are joined, its face "slide-N". Connectors
        tied to their shapes are surely read; lines that only end near shapes less so.

    Raises:
        LimitExceeded: a slide has too many parts.
    """
    found = []
    for number, slide in enumerate(slides, 1):
        draft = _Slide(slide._element, width, height).read()
        if draft is not None:
            found.append(draft.finished(width, height, f"slide-{number}"))
    return tuple(found)


class _Slide:
    """The shapes, lines and texts of one slide."""

    def __init__(self, element: Any, width: float, height: float) -> None:
        self.draft = Draft("pptx")
        self.width, self.height = width, height
        self.across = math.hypot(width, height)
        self.lines: list[_Line] = []
        self.texts: dict[str, tuple[str, Box]] = {}  # boxes of words without border or fill
        self.arrows: list[tuple[str, Box, str]] = []  # block arrows: their kind, place and words
        tree = element.find(f"{P}cSld/{P}spTree")
        for shape, moved in shapes_in(tree, Moved(), 0) if tree is not None else ():
            self._shape(shape, moved)

    def read(self) -> Draft | None:
        boxes = {key: node.box for key, node in self.draft.nodes.items() if node.box is not None}
        tied = {line.begins_at for line in self.lines} | {line.ends_at for line in self.lines}
        for own in tied & set(self.texts):
            words, box = self.texts.pop(own)
            node = self.draft.node(own)
            node.label, node.shape, node.box = words, "text", box
            boxes[own] = box
        frames = _frames(boxes, {key: self.draft.nodes[key].label or "" for key in boxes}, tied)
        reachable = {key: box for key, box in boxes.items() if key not in frames}
        places = {key: box for key, (_, box) in self.texts.items()}
        said = words_of_lines([line.points for line in self.lines], places, _WORDS_NEAR * self.across)
        lost = sum(not self._join(line, boxes, reachable, said.get(number)) for number, line in enumerate(self.lines))
        for kind, box, words in self.arrows:
            self._block_arrow(kind, box, words, reachable)
        joined = {end for edge in self.draft.edges for end in (edge.source, edge.target)}
        if len(joined) < _FEWEST:
            return None
        for key in frames - joined:
            label = self.draft.nodes.pop(key).label or ""
            self.draft.container(f"group {key}", label).box = boxes[key]
        for key in [key for key, node in self.draft.nodes.items() if not node.label and key not in joined]:
            del self.draft.nodes[key]
        for words, box in self.texts.values():
            self.draft.words(words, box)
        if lost:
            self.draft.notices.append(
                f"{lost} {'line ends' if lost == 1 else 'lines end'} near no shape and {'is' if lost == 1 else 'are'} "
                "left out."
            )
        set_containers(self.draft)
        return self.draft

    def _shape(self, shape: Any, moved: Moved) -> None:
        own = next((str(one.get("id")) for one in shape.iter(f"{P}cNvPr")), "")
        properties = shape.find(f"{P}spPr")
        frame = properties.find(f"{A}xfrm") if properties is not None else None
        kind = preset_of(properties)
        role = next((one.get("type", "body") for one in shape.iter(f"{P}ph")), "")
        if role in _LEFT_OUT:
            if role in {"title", "ctrTitle"} and not self.draft.title:
                self.draft.title = words_in(shape)
            return
        if frame is None:
            return
        drawn = freeform_points(properties, frame, moved)
        if shape.tag == f"{P}cxnSp" or kind in _LINES or kind.startswith(_LINE_PREFIXES) or drawn:
            self._line(shape, properties, frame, moved, drawn)
            return
        box = self._box(frame, moved)
        words = words_in(shape)
        if box is None or not own:
            return
        if kind in _BLOCK_ARROWS or kind == "leftRightArrow" or kind == "upDownArrow":
            self.arrows.append((kind, box, words))
        elif shape.tag == f"{P}pic":
            self._node(own, next((one.get("descr", "") for one in shape.iter(f"{P}cNvPr")), ""), "icon", box, "")
        elif is_bare(shape, properties, role):
            if words:
                self.texts[own] = (words, box)
        else:
            shape_kind = _SHAPES.get(kind, "box" if kind.startswith(("flowChart", "round", "snip", "")) else "other")
            if kind == "ellipse" and abs(box.w - box.h) <= 0.02 * box.w:
                shape_kind = "circle"
            self._node(own, words, shape_kind, box, fill_of(properties))

    def _node(self, own: str, words: str, shape: NodeShape, box: Box, colour: str) -> None:
        node = self.draft.node(own)
        node.label, node.shape, node.box, node.colour = one_line(words), shape, box, colour

    def _box(self, frame: Any, moved: Moved) -> Box | None:
        off, ext = pair_of(frame, "off"), pair_of(frame, "ext")
        if off is None or ext is None:
            return None
        (left, top), (right, foot) = moved.point(*off), moved.point(off[0] + ext[0], off[1] + ext[1])
        left, right = max(min(left, right), 0.0), min(max(left, right), self.width)
        top, foot = max(min(top, foot), 0.0), min(max(top, foot), self.height)
        if left >= right or top >= foot:
            return None
        return Box(left, top, right - left, foot - top, self.width, self.height)

    def _line(self, shape: Any, properties: Any, frame: Any, moved: Moved, drawn: tuple[Point, ...]) -> None:
        off, ext = pair_of(frame, "off"), pair_of(frame, "ext")
        if off is None or ext is None:
            return
        points = drawn
        if not points:
            left, right = (off[0], off[0] + ext[0])[:: -1 if frame.get("flipH") in {"1", "true"} else 1]
            top, foot = (off[1], off[1] + ext[1])[:: -1 if frame.get("flipV") in {"1", "true"} else 1]
            turned = turned_points(frame, ((left, top), (right, foot)), (off[0] + ext[0] / 2, off[1] + ext[1] / 2))
            points = tuple(moved.point(*point) for point in turned)
        ends = {
            name: next((str(one.get("id")) for one in shape.iter(f"{A}{name}")), "") for name in ("stCxn", "endCxn")
        }
        line = properties.find(f"{A}ln")
        heads, backwards = heads_of(line)
        self.lines.append(_Line(points, ends["stCxn"], ends["endCxn"], heads, backwards, style_of(line)))

    def _join(self, line: _Line, boxes: dict[str, Box], reachable: dict[str, Box], said: str | None) -> bool:
        """Make an arrow of a line and the words of this key; False where an end that matters is loose."""
        within = _NEAR * self.across
        one = (line.begins_at, 1.0) if line.begins_at in boxes else nearest(line.points[0], reachable, within)
        other = (line.ends_at, 1.0) if line.ends_at in boxes else nearest(line.points[-1], reachable, within)
        if one is None or other is None or (one[0] == other[0] and min(one[1], other[1]) < 1):
            return line.heads == "none" and not line.begins_at and not line.ends_at
        source, target, points = one[0], other[0], line.points
        if line.backwards:
            source, target, points = target, source, points[::-1]
        label, box = self.texts.pop(said) if said is not None else ("", None)
        self.draft.edge(
            DraftEdge(source, target, label, line.heads, line.style, points, box, round(min(one[1], other[1]), 3))
        )
        return True

    def _block_arrow(self, kind: str, box: Box, words: str, boxes: dict[str, Box]) -> None:
        """An arrow drawn as a shape of its own, between the boxes that its two ends point at."""
        sides: tuple[Point, ...] = (
            (box.x, box.y + box.h / 2),
            (box.x + box.w, box.y + box.h / 2),
            (box.x + box.w / 2, box.y),
            (box.x + box.w / 2, box.y + box.h),
        )
        both = kind not in _BLOCK_ARROWS
        first, last = _BLOCK_ARROWS.get(kind, (0, 1) if kind == "leftRightArrow" else (2, 3))
        one, other = (nearest(sides[at], boxes, 2 * _NEAR * self.across) for at in (first, last))
        if one is None or other is None or one[0] == other[0]:
            if words:
                self.texts[f"arrow {len(self.texts)}"] = (words, box)
            return
        sure = round(min(one[1], other[1]), 3)
        heads: Heads = "both" if both else "target"
        self.draft.edge(
            DraftEdge(
                one[0], other[0], words, heads, "thick", (sides[first], sides[last]), box if words else None, sure
            )
        )


def _frames(boxes: dict[str, Box], labels: dict[str, str], tied: set[str]) -> set[str]:
    """Shapes that hold others with words: lanes and frames."""
    spoken = [key for key in boxes if labels[key]]
    return {
        outer
        for outer, box in boxes.items()
        if outer not in tied and sum(_holds(box, boxes[inner]) for inner in spoken if inner != outer) >= 1
    }


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.w <= outer.x + outer.w
        and inner.y + inner.h <= outer.y + outer.h
        and outer.w * outer.h > 1.2 * inner.w * inner.h
    )

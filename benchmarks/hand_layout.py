"""Diagrams that are laid out by hand: what stands where, what leads where."""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.diagram_making import TITLE_PX, node_size
from benchmarks.diagram_routes import bowed, place_words
from benchmarks.diagram_shapes import Rect, cut_to, outline
from benchmarks.diagram_styles import Style
from cml_mm.diagrams.values import (
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramNode,
    FreeText,
    Heads,
    NodeShape,
    Point,
)
from cml_mm.types import Box

_LANE = 130.0  # height of one in pixels


@dataclass(frozen=True)
class Put:
    """A box around a place."""

    label: str
    x: float
    y: float
    shape: NodeShape = "box"
    lane: str = ""


@dataclass(frozen=True)
class Leads:
    """An arrow; `via` are its corners, `bow` bends it, as a share of its length."""

    source: str
    target: str
    label: str = ""
    heads: Heads = "target"
    via: tuple[Point, ...] = ()
    bow: float = 0.0


@dataclass(frozen=True)
class Sketch:
    """One shipped diagram: `name` is its file's, whose ending says how it is written."""

    name: str
    title: str
    style: Style
    size: tuple[int, int]
    boxes: tuple[Put, ...]
    arrows: tuple[Leads, ...]
    lanes: tuple[str, ...] = ()
    photo: bool = False
    notes: tuple[str, ...] = ()

    @property
    def has_places(self) -> bool:
        """Whether its file says where anything stands."""
        return not self.name.endswith((".dot", ".mmd", ".puml"))


def laid_by_hand(sketch: Sketch) -> Diagram:
    """A sketch as a diagram with every place; sources without places leave out the lines."""
    wide, high = sketch.size
    ids = {put.label: f"n{number}" for number, put in enumerate(sketch.boxes)}
    rects: dict[str, Rect] = {}
    for put in sketch.boxes:
        across, down = node_size(sketch.style, put.label, put.shape)
        rects[put.label] = (put.x - across / 2, put.y - down / 2, put.x + across / 2, put.y + down / 2)
    shapes = {put.label: put.shape for put in sketch.boxes}
    lines = [_line(arrow, rects, shapes) if sketch.has_places else [] for arrow in sketch.arrows]
    places = _places(sketch, rects, lines)
    lane_of = {lane: f"c{number}" for number, lane in enumerate(sketch.lanes)}
    fills = sketch.style.theme.fills

    def box(rect: Rect) -> Box:
        return Box(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1], wide, high)

    nodes = tuple(
        DiagramNode(ids[put.label], put.label, put.shape, box(rects[put.label]), 1.0, lane_of.get(put.lane, ""), fill)
        for put, fill in zip(sketch.boxes, fills * len(sketch.boxes), strict=False)
    )
    edges = tuple(
        DiagramEdge(
            f"e{number}",
            ids[arrow.source],
            ids[arrow.target],
            arrow.label,
            arrow.heads,
            tuple(line),
            label_box=box(place) if place else None,
        )
        for number, (arrow, line, place) in enumerate(zip(sketch.arrows, lines, places, strict=True))
    )
    lanes = tuple(
        DiagramContainer(f"c{number}", lane, Box(10, 10 + number * _LANE, wide - 20, _LANE, wide, high))
        for number, lane in enumerate(sketch.lanes)
    )
    title_box = Box(24, 14, 0.56 * TITLE_PX * len(sketch.title), 1.3 * TITLE_PX, wide, high)
    title = (FreeText(sketch.title, title_box),) if sketch.style.titled else ()
    return Diagram(sketch.title, "picture", nodes, edges, lanes, (), title, wide, high)


def _line(arrow: Leads, rects: dict[str, Rect], shapes: dict[str, NodeShape]) -> list[Point]:
    here, there = ((_middle(rects[end])) for end in (arrow.source, arrow.target))
    wish = bowed(here, there, arrow.bow) if arrow.bow else [here, *arrow.via, there]
    borders = [outline(shapes[end], rects[end]) for end in (arrow.source, arrow.target)]
    return cut_to(wish, borders[0], borders[1], 2.0)


def _places(sketch: Sketch, rects: dict[str, Rect], lines: list[list[Point]]) -> list[Rect | None]:
    """Where the words of each arrow stand.

    Raises:
        ValueError: there is no room for some: the sketch must be mended.
    """
    taken = list(rects.values())
    places: list[Rect | None] = []
    words = replace(sketch.style.lettering, px=sketch.style.label_px)
    for arrow, line in zip(sketch.arrows, lines, strict=True):
        place = None
        if arrow.label and line:
            wide, _ = words.size((arrow.label,))
            size = (wide + 8, 1.2 * sketch.style.label_px)
            # A sign stands where the arrow arrives, other words halfway.
            part = line[len(line) // 2 :] if arrow.label in "+-" else line
            place = place_words(part, size, sketch.style.label_place, taken, [one for one in lines if one is not line])
            if place is None and sketch.name.endswith((".png", ".jpg", ".svg")):
                raise ValueError(f"{sketch.name}: no room for {arrow.label!r}")
        places.append(place)
        taken += [place] if place else []
    return places


def _middle(rect: Rect) -> Point:
    return (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2

"""Diagrams by a seed: boxes, arrows and their places, before anything is drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from benchmarks.diagram_layouts import Plan, planned, rect_at
from benchmarks.diagram_routes import Router, place_words
from benchmarks.diagram_shapes import ROOM, Rect
from benchmarks.diagram_styles import LAYOUTS, Layout, Style, made_style
from benchmarks.diagram_words import made_labels, made_lanes, made_meanings, made_remark, made_saying, made_title
from cml_mm.diagrams.values import (
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramNode,
    FreeText,
    Heads,
    LegendEntry,
    NodeShape,
    Point,
)
from cml_mm.types import Box

_MARGIN = 26.0
_ICON_PX = 52.0
_WIDEST_LABEL = 15  # signs in a line of a box
_FOOT_PX = 34.0  # for each line at the foot
_SMALL_PX = 14.0
TITLE_PX = 24.0


@dataclass(frozen=True)
class Made:
    """A diagram with places, and how it is to be drawn; `seed` also settles what the drawing leaves to chance."""

    name: str
    seed: str
    diagram: Diagram
    style: Style


def made_diagram(seed: int, layout: Layout | None = None) -> Made:
    """The diagram of this seed: always the same one on a machine with the same fonts.

    Args:
        seed: any number; without a layout, twelve in a row give each layout once.
        layout: else by the seed.
    """
    chosen = layout or LAYOUTS[seed % len(LAYOUTS)]
    for trial in range(20):
        name = f"{chosen}-{seed}-{trial}"
        chance = random.Random(name)
        diagram, style = _drawn_up(chance, made_style(chance, chosen))
        if len(diagram.edges) >= max(2, 0.6 * len(diagram.nodes)):
            return Made(f"{chosen}{seed:04d}", name, diagram, style)
    raise RuntimeError(f"no diagram of seed {seed} has room for its arrows")


def node_size(style: Style, label: str, shape: NodeShape) -> tuple[float, float]:
    """How large a box must be for its words, in pixels."""
    wide, high = style.lettering.size(style.lettering.lines(label, _WIDEST_LABEL))
    if shape == "text":
        return wide + 10, high + 6
    if shape == "icon":
        return max(wide, _ICON_PX) + 4, _ICON_PX + high + 8
    across, down = ROOM.get(shape, (1.0, 1.0))
    size = (across * wide + 1.5 * style.lettering.px, down * high + 1.1 * style.lettering.px)
    return (max(size),) * 2 if shape == "circle" else (max(size[0], 54.0), size[1])


def icon_rect(rect: Rect) -> Rect:
    """Where in a box of shape "icon" the icon stands; its words stand below."""
    middle = (rect[0] + rect[2]) / 2
    return middle - _ICON_PX / 2, rect[1], middle + _ICON_PX / 2, rect[1] + _ICON_PX


def _drawn_up(chance: random.Random, style: Style) -> tuple[Diagram, Style]:
    count = chance.randint(5, 8) if style.layout in ("causal", "hub", "icons") else chance.randint(4, 12)
    labels = made_labels(chance, count, variables=style.layout == "causal")
    shapes = [chance.choice(style.shapes) for _ in labels]
    sizes = [node_size(style, label, shape) for label, shape in zip(labels, shapes, strict=True)]
    plan = planned(style.layout, sizes, chance)
    rects = [rect_at(centre, size) for centre, size in zip(plan.centres, sizes, strict=True)]
    routed = _edges(chance, style, plan, rects, shapes)
    return _assembled(chance, style, labels, shapes, rects, plan, routed), style


def _edges(
    chance: random.Random, style: Style, plan: Plan, rects: list[Rect], shapes: list[NodeShape]
) -> list[tuple[DiagramEdge, Rect | None]]:
    """The arrows for which there is room, each with the place of its words."""
    router = Router(rects, shapes, style.lines, chance, gap=2.0 if style.shapes != ("text",) else 4.0)
    router.walls += [(b.rect[0], b.rect[1], b.rect[0] + 130, b.rect[1] + 36) for b in plan.bands]
    wanted = round(len(rects) * chance.uniform(1.0, 1.45))
    ends = []
    for a, b in plan.pairs:
        if len(ends) < wanted and router.route(a, b) is not None:
            ends.append((a, b))
    taken = [*rects, *router.walls]
    edges = []
    for number, ((a, b), points) in enumerate(zip(ends, router.found, strict=True)):
        heads: Heads = chance.choices(("target", "both", "none"), (0.88, 0.07, 0.05))[0]
        heads = "target" if style.layout == "causal" else heads
        label, place = _words(chance, style, points, taken, router.found)
        if place is not None:
            taken.append(place)
        edge = DiagramEdge(
            f"e{number}", f"n{a}", f"n{b}", label, heads, tuple(points), style=chance.choice(style.dashes)
        )
        edges.append((edge, place))
    return edges


def _words(
    chance: random.Random, style: Style, points: list[Point], taken: list[Rect], lines: list[list[Point]]
) -> tuple[str, Rect | None]:
    if chance.random() >= style.said:
        return "", None
    label = chance.choice("+-") if style.layout == "causal" else made_saying(chance)
    size = replace(style.lettering, px=style.label_px).size((label,))
    others = [line for line in lines if line is not points]
    if style.layout == "causal":  # its signs stand at the arrowheads
        points = points[len(points) // 2 :]
    place = place_words(points, (size[0] + 6, 1.15 * style.label_px), style.label_place, taken, others)
    return (label, place) if place is not None else ("", None)


def _assembled(
    chance: random.Random,
    style: Style,
    labels: list[str],
    shapes: list[NodeShape],
    rects: list[Rect],
    plan: Plan,
    routed: list[tuple[DiagramEdge, Rect | None]],
) -> Diagram:
    """Everything moved so that it lies on the paper, the title above."""
    points = [point for edge, _ in routed for point in edge.polyline]
    corners = [*rects, *(band.rect for band in plan.bands), *(place for _, place in routed if place is not None)]
    left = min([rect[0] for rect in corners] + [x for x, _ in points]) - _MARGIN
    top = (
        min([rect[1] for rect in corners] + [y for _, y in points]) - _MARGIN - (2.2 * TITLE_PX if style.titled else 0)
    )
    wide = round(max([rect[2] for rect in corners] + [x for x, _ in points]) + _MARGIN - left)
    high = round(max([rect[3] for rect in corners] + [y for _, y in points]) + _MARGIN - top)
    title = made_title(chance) if style.titled else ""
    if style.layout == "slide":
        wide = max(wide, round(16 * high / 9), 640)
    wide = max(wide, round(0.62 * TITLE_PX * len(title) + 2 * _MARGIN))

    def box(rect: Rect) -> Box:
        return Box(rect[0] - left, rect[1] - top, rect[2] - rect[0], rect[3] - rect[1], wide, high)

    lane_of = {number: f"c{at}" for at, band in enumerate(plan.bands) for number in band.members}
    fills = style.theme.fills
    nodes = tuple(
        DiagramNode(f"n{n}", label, shape, box(rect), 1.0, lane_of.get(n, ""), fills[n % len(fills)])
        for n, (label, shape, rect) in enumerate(zip(labels, shapes, rects, strict=True))
    )
    edges = tuple(
        replace(
            edge,
            polyline=tuple((x - left, y - top) for x, y in edge.polyline),
            label_box=box(place) if place is not None else None,
        )
        for edge, place in routed
    )
    names = made_lanes(chance, len(plan.bands))
    lanes = tuple(
        DiagramContainer(f"c{n}", name, box(band.rect))
        for n, (name, band) in enumerate(zip(names, plan.bands, strict=True))
    )
    title_box = Box(_MARGIN, 0.6 * TITLE_PX, 0.56 * TITLE_PX * max(1, len(title)), 1.3 * TITLE_PX, wide, high)
    said = (FreeText(title, title_box),) if title else ()
    return _with_foot(chance, style, Diagram(title, "picture", nodes, edges, lanes, (), said, wide, high))


def legend_places(diagram: Diagram) -> list[tuple[Rect, Rect]]:
    """Where each entry of a legend has its patch and its words, at the foot of the paper."""
    places = []
    x, y = _MARGIN, diagram.height - _FOOT_PX
    for entry in diagram.legend:
        wide = 0.62 * _SMALL_PX * len(entry.label)
        places.append(((x, y, x + 16, y + 16), (x + 24, y, x + 24 + wide, y + 16)))
        x += wide + 52
    return places


def _with_foot(chance: random.Random, style: Style, diagram: Diagram) -> Diagram:
    """More paper below for a remark and a legend, where the style asks for them."""
    if not (style.noted or style.legend):
        return diagram
    meanings = made_meanings(chance, len(style.theme.fills)) if style.legend else []
    legend = tuple(LegendEntry(*pair) for pair in zip(style.theme.fills, meanings, strict=False))
    remark = made_remark(chance) if style.noted else ""
    foot = _FOOT_PX * (style.noted + style.legend) + 8
    wide = max(round(diagram.width), round(sum(0.62 * _SMALL_PX * len(word) + 52 for word in meanings) + _MARGIN))
    wide = max(wide, round(0.62 * _SMALL_PX * len(remark) + 2 * _MARGIN))
    higher = on_paper(diagram, wide, round(diagram.height + foot))
    place = Box(_MARGIN, diagram.height, 0.56 * _SMALL_PX * max(1, len(remark)), 1.3 * _SMALL_PX, wide, higher.height)
    return replace(higher, legend=legend, unplaced=(*higher.unplaced, *([FreeText(remark, place)] if remark else [])))


def on_paper(diagram: Diagram, wide: int, high: int) -> Diagram:
    """The same places on paper of another size."""

    def box(old: Box | None) -> Box | None:
        return old and replace(old, of_w=wide, of_h=high)

    return replace(
        diagram,
        nodes=tuple(replace(node, box=box(node.box)) for node in diagram.nodes),
        edges=tuple(replace(edge, label_box=box(edge.label_box)) for edge in diagram.edges),
        containers=tuple(replace(one, box=box(one.box)) for one in diagram.containers),
        unplaced=tuple(replace(text, box=box(text.box)) for text in diagram.unplaced),
        width=wide,
        height=high,
    )

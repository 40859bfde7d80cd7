"""The groups of an SVG drawing: the shapes, lines and words inside each, with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree

from cml_mm.diagrams.drafting import Draft
from cml_mm.diagrams.named_colours import hex_colour
from cml_mm.diagrams.values import Heads, LineStyle, NodeShape, Point
from cml_mm.media.svg_geometry import SILENT, Matrix, label_of, length_of, local_name, numbers_in, walk_shown
from cml_mm.media.svg_paths import path_points, thinned, through
from cml_mm.types import Box

_STYLED = re.compile(r"([a-z-]{1,40})\s*:\s*([^;]{1,300})")
_MOST = 50_000  # elements that are looked at


@dataclass(frozen=True)
class Mark:
    """Something drawn: a shape, a line, or an arrowhead; its points in the unit of the face."""

    tag: str
    points: tuple[Point, ...]
    closed: bool
    fill: str  # "#rrggbb", "none", or "" where the drawing does not say
    begins: str = ""  # the name of the sign at its beginning
    ends: str = ""
    dashed: LineStyle = "solid"
    round: bool = False
    element: ElementTree.Element | None = None

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, width, height."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


@dataclass(frozen=True)
class Words:
    """A piece of text and roughly where it stands."""

    text: str
    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass
class Group:
    """A `g` element (or the whole drawing) with everything that is shown inside it."""

    element: ElementTree.Element
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Its words, one after the other."""
        return " ".join(words.text for words in self.words)


@dataclass(frozen=True)
class Sheet:
    """The drawing's face: where its view begins, and how large it is."""

    left: float
    top: float
    width: float
    height: float

    def box(self, bounds: tuple[float, float, float, float]) -> Box:
        """A box on the face."""
        x, y, w, h = bounds
        return Box(round(x, 3), round(y, 3), round(w, 3), round(h, 3), self.width, self.height)


def read_groups(root: ElementTree.Element, wanted: Sequence[ElementTree.Element], sheet: Sheet) -> list[Group]:
    """What is drawn inside some elements.

    Args:
        root: of the drawing.
        wanted: the elements; one inside another takes what it holds.
        sheet: the face.
    """
    owner: dict[int, int] = {}
    found = [Group(element) for element in wanted]
    for index, group in enumerate(found):
        for inner in group.element.iter():
            owner[id(inner)] = index  # the wanted come outermost first
    for count, (element, matrix, size) in enumerate(walk_shown(root)):
        if count > _MOST:
            break
        index = owner.get(id(element), -1)
        if index < 0:
            continue
        label = label_of(element, matrix, size)
        if label is not None:
            x, y, w, h = label.box
            found[index].words.append(Words(label.text, x - sheet.left, y - sheet.top, w, h))
        mark = _mark(element, matrix, sheet)
        if mark is not None:
            found[index].marks.append(mark)
    return found


def _mark(element: ElementTree.Element, matrix: Matrix, sheet: Sheet) -> Mark | None:
    tag = local_name(element.tag)
    if tag in SILENT or tag not in {"rect", "circle", "ellipse", "polygon", "polyline", "line", "path"}:
        return None
    points, closed, is_round = _points(element, tag)
    if len(points) < 2:
        return None
    stated = {key: value.strip() for key, value in _STYLED.findall(element.get("style", "")[:2_000])}

    def said(key: str) -> str:
        return str(stated.get(key) or element.get(key, ""))

    fill = said("fill").strip()
    dashes = numbers_in(said("stroke-dasharray"))
    width = (numbers_in(said("stroke-width")) or [1.0])[0]
    style: LineStyle = "solid"
    if any(dashes):
        style = "dotted" if dashes[0] <= 2 * max(width, 1.0) else "dashed"
    elif width >= 3:
        style = "thick"
    return Mark(
        tag=tag,
        points=through(matrix, points, sheet.left, sheet.top),
        closed=closed,
        fill="none" if fill in {"none", "transparent"} else hex_colour(fill),
        begins=said("marker-start"),
        ends=said("marker-end"),
        dashed=style,
        round=is_round,
        element=element,
    )


def _points(element: ElementTree.Element, tag: str) -> tuple[list[Point], bool, bool]:
    """The points of a shape, whether it closes, and whether it is round or has round corners."""
    if tag == "rect":
        x, y, w, h = (length_of(element, key) for key in ("x", "y", "width", "height"))
        if w <= 0 or h <= 0:
            return [], True, False
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)], True, length_of(element, "rx") > 0
    if tag in {"circle", "ellipse"}:
        x, y = length_of(element, "cx"), length_of(element, "cy")
        rx = length_of(element, "r") or length_of(element, "rx")
        ry = length_of(element, "r") or length_of(element, "ry")
        return [(x - rx, y), (x, y - ry), (x + rx, y), (x, y + ry)] if rx > 0 and ry > 0 else [], True, True
    if tag == "line":
        return [(length_of(element, f"x{end}"), length_of(element, f"y{end}")) for end in "12"], False, False
    if tag == "path":
        path = element.get("d", "")
        points = path_points(path)
        closed = path.rstrip()[-1:] in ("Z", "z") or (len(points) > 3 and points[0] == points[-1])
        return points, closed, any(sign in path for sign in "CcSsQqAa")
    numbers = numbers_in(element.get("points", ""))
    points = thinned(list(zip(numbers[0::2], numbers[1::2], strict=False)))
    return points, tag == "polygon", False


def shape_of(marks: Sequence[Mark]) -> tuple[NodeShape, tuple[float, float, float, float], str]:
    """The shape, the bounds and the fill of a box that is drawn with some marks; the largest counts."""
    largest = max(marks, key=lambda mark: mark.bounds[2] * mark.bounds[3])
    x, y, w, h = largest.bounds
    fill = next((mark.fill for mark in marks if mark.fill not in ("", "none")), "")
    return _kind(largest, len(marks), x, y, w, h), (x, y, w, h), fill


def _kind(mark: Mark, marks: int, x: float, y: float, w: float, h: float) -> NodeShape:
    if mark.tag in {"circle", "ellipse"}:
        return "circle" if abs(w - h) <= 0.02 * max(w, h) else "ellipse"
    if mark.tag == "rect":
        return "rounded" if mark.round else "box"
    corners = list(dict.fromkeys((round(px, 1), round(py, 1)) for px, py in mark.points))
    if mark.tag == "path" and mark.round:
        if marks > 1 or mark.element is None or (mark.element.get("d", "").lower().count("a") >= 3):
            return "cylinder"
        return "rounded"
    if len(corners) == 3:
        return "triangle"
    if len(corners) == 4:
        on_middle = sum(abs(px - x - w / 2) < 0.1 * w or abs(py - y - h / 2) < 0.1 * h for px, py in corners)
        if on_middle == 4:
            return "diamond"
        left = sum(abs(px - x) < 0.02 * w for px, _ in corners)
        right = sum(abs(px - x - w) < 0.02 * w for px, _ in corners)
        if left == right == 2:
            return "box"
        tops = sorted(px for px, py in corners if py < y + h / 2)
        feet = sorted(px for px, py in corners if py >= y + h / 2)
        slanted = len(tops) == len(feet) == 2 and (tops[0] - feet[0]) * (tops[1] - feet[1]) > 0
        return "parallelogram" if slanted else "trapezium"
    if len(corners) in (6, 8):
        return "hexagon"
    return "box"


def heads_of(begins: bool, ends: bool) -> tuple[Heads, bool]:
    """Where a line's heads are, and whether the only one is at its beginning."""
    if begins and ends:
        return "both", False
    return ("target", begins) if begins or ends else ("none", False)


def set_containers(draft: Draft) -> None:
    """Put every box and group into the smallest group around it, by their places."""
    groups = {key: group.box for key, group in draft.containers.items() if group.box is not None}
    order = sorted(groups, key=lambda key: groups[key].w * groups[key].h)
    for node in draft.nodes.values():
        if node.box is not None:
            node.container = next((key for key in order if _holds(groups[key], node.box)), "")
    for at, key in enumerate(order):
        draft.containers[key].parent = next(
            (other for other in order[at + 1 :] if _holds(groups[other], groups[key])), ""
        )


def _holds(outer: Box, inner: Box) -> bool:
    x, y = inner.x + inner.w / 2, inner.y + inner.h / 2
    inside = outer.x <= x <= outer.x + outer.w and outer.y <= y <= outer.y + outer.h
    return inside and outer.w * outer.h > inner.w * inner.h

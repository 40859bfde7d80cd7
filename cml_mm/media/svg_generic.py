"""Diagrams in SVG drawings that name nothing: shapes with words, and lines whose ends touch them."""

from __future__ import annotations

import math
from xml.etree import ElementTree

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.line_words import words_of_lines
from cml_mm.diagrams.snapping import TOUCHING, distance, nearest
from cml_mm.diagrams.values import Point
from cml_mm.errors import LimitExceeded
from cml_mm.media.svg_parts import Group, Mark, Sheet, Words, heads_of, read_groups, set_containers, shape_of
from cml_mm.types import Box

_SURE = 0.85  # of a box that is found by its place
_MOST = 1_500  # shapes, lines or words that are set against each other
_HEAD = 0.04  # of the drawing's diagonal, how large an arrowhead may be


def read_generic(root: ElementTree.Element, sheet: Sheet, title: str) -> Draft | None:
    """Read a drawing by the places of its parts.

    Args:
        root: of the drawing.
        sheet: its face.
        title: of the drawing.

    Raises:
        LimitExceeded: it has too many parts.
    """
    group = read_groups(root, [root], sheet)[0]
    if len(group.marks) > 4 * _MOST or len(group.words) > _MOST:
        raise LimitExceeded("This drawing has too many shapes to be read as a diagram.", "Split it into parts.")
    return _Drawing(group, sheet, title).read()


class _Drawing:
    """Sorts what is drawn into boxes, groups, arrowheads and lines, then joins them."""

    def __init__(self, group: Group, sheet: Sheet, title: str) -> None:
        self.draft = Draft("svg", title)
        self.sheet = sheet
        self.across = math.hypot(sheet.width, sheet.height)
        self.within = max(6.0, 0.02 * self.across)
        self.words = group.words
        shapes = [mark for mark in group.marks if mark.closed and min(mark.bounds[2:]) > 0]
        largest = _HEAD * self.across
        small = [mark for mark in shapes if max(mark.bounds[2:]) <= largest and not self._has_words(mark)]
        self.heads = [mark for mark in small if mark.tag in {"polygon", "path"}]
        held = {id(mark) for mark in small}
        self.shapes = _once([mark for mark in shapes if id(mark) not in held and not self._is_sheet(mark)])[:_MOST]
        self.lines = [
            mark
            for mark in group.marks
            if not mark.closed and mark.tag in {"path", "line", "polyline"} and sum(mark.bounds[2:]) > 8
        ][:_MOST]

    def _is_sheet(self, mark: Mark) -> bool:
        _, _, w, h = mark.bounds
        return w >= 0.97 * self.sheet.width and h >= 0.97 * self.sheet.height

    def _has_words(self, mark: Mark) -> bool:
        return any(_holds(mark, words.centre) for words in self.words)

    def read(self) -> Draft | None:
        if not self.lines or len(self.shapes) < 2 or not self.words:
            return None
        owners = self._owners()
        self._boxes(owners)
        left = [words for words, owner in zip(self.words, owners, strict=True) if owner is None]
        self._arrows(left)
        if not self.draft.edges:
            return None
        for words in left:
            self.draft.words(words.text, self._box(words))
        self._without_silent()
        set_containers(self.draft)
        return self.draft

    def _box(self, words: Words) -> Box:
        return self.sheet.box((words.left, words.top, words.width, words.height))

    def _owners(self) -> list[int | None]:
        """For every piece of text the smallest shape that it stands in."""
        order = sorted(range(len(self.shapes)), key=lambda at: _area(self.shapes[at]))
        return [next((at for at in order if _holds(self.shapes[at], words.centre)), None) for words in self.words]

    def _boxes(self, owners: list[int | None]) -> None:
        texts: dict[int, list[str]] = {}
        for words, owner in zip(self.words, owners, strict=True):
            if owner is not None:
                texts.setdefault(owner, []).append(words.text)
        for at, mark in enumerate(self.shapes):
            inner = [other for other in texts if other != at and _inside(self.shapes[other], mark)]
            label = " ".join(texts.get(at, ()))
            if inner:
                self.draft.container(f"group-{at + 1}", label).box = self.sheet.box(mark.bounds)
                continue
            node = self.draft.node(f"box-{at + 1}")
            shape, bounds, colour = shape_of([mark])
            node.label, node.shape, node.colour, node.box = label, shape, colour, self.sheet.box(bounds)
            node.confidence = _SURE

    def _arrows(self, left: list[Words]) -> None:
        boxes = {key: node.box for key, node in self.draft.nodes.items() if node.box is not None}
        lost = 0
        held: list[tuple[DraftEdge, tuple[Point, ...]]] = []
        for mark in self.lines:
            at_begin, at_end = self._head(mark.points[0]), self._head(mark.points[-1])
            begins, ends = bool(mark.begins) or at_begin is not None, bool(mark.ends) or at_end is not None
            # A line may stop at its arrowhead's foot: its tip is what touches the box.
            first = _tip(at_begin, mark.points[0]) if at_begin is not None else mark.points[0]
            last = _tip(at_end, mark.points[-1]) if at_end is not None else mark.points[-1]
            one, other = nearest(first, boxes, self.within), nearest(last, boxes, self.within)
            if one is None or other is None or (one[0] == other[0] and len(mark.points) < 4):
                lost += begins or ends
                continue
            heads, backwards = heads_of(begins, ends)
            source, target, points = one[0], other[0], (first, *mark.points[1:-1], last)
            if backwards:
                source, target, points = target, source, points[::-1]
            sure = round(_SURE * min(one[1], other[1]) / TOUCHING, 3)
            held.append((DraftEdge(source, target, "", heads, mark.dashed, points, None, sure), points))
        self._labelled(held, left)
        if lost:
            self.draft.notices.append(f"{lost} {'arrow ends' if lost == 1 else 'arrows end'} near no box; left out.")

    def _head(self, end: Point) -> Mark | None:
        """The arrowhead that stands at a line's end."""
        found = min(((distance(end, _bounds(mark)), at) for at, mark in enumerate(self.heads)), default=None)
        return self.heads[found[1]] if found is not None and found[0] <= max(3.0, 0.006 * self.across) else None

    def _labelled(self, held: list[tuple[DraftEdge, tuple[Point, ...]]], left: list[Words]) -> None:
        """Keep the arrows, each with the words beside it, which are taken from those that no box holds."""
        places = {str(at): self._box(words) for at, words in enumerate(left)}
        said = words_of_lines([points for _, points in held], places, max(16.0, 0.03 * self.across))
        for number, (edge, _) in enumerate(held):
            if number in said:
                edge.label, edge.label_box = left[int(said[number])].text, places[said[number]]
            self.draft.edge(edge)
        for key in sorted(map(int, said.values()), reverse=True):
            del left[key]

    def _without_silent(self) -> None:
        """Drop shapes that say nothing and that nothing leads to."""
        joined = {end for edge in self.draft.edges for end in (edge.source, edge.target)}
        for key in [key for key, node in self.draft.nodes.items() if not node.label and key not in joined]:
            del self.draft.nodes[key]


def _area(mark: Mark) -> float:
    return mark.bounds[2] * mark.bounds[3]


def _bounds(mark: Mark) -> Box:
    x, y, w, h = mark.bounds
    return Box(x, y, w, h, 1.0, 1.0)


def _holds(mark: Mark, point: Point) -> bool:
    x, y, w, h = mark.bounds
    return x <= point[0] <= x + w and y <= point[1] <= y + h


def _inside(inner: Mark, outer: Mark) -> bool:
    x, y, w, h = inner.bounds
    return _holds(outer, (x, y)) and _holds(outer, (x + w, y + h)) and _area(outer) > 1.2 * _area(inner)


def _once(shapes: list[Mark]) -> list[Mark]:
    """Shapes without those that are drawn again in the same place, as shadows and outlines are."""
    kept: dict[tuple[int, ...], Mark] = {}
    for mark in shapes:
        kept.setdefault(tuple(round(side / 6) for side in mark.bounds), mark)
    return list(kept.values())


def _tip(head: Mark, end: Point) -> Point:
    """The corner of an arrowhead that is farthest from where its line stops."""
    return max(head.points, key=lambda corner: math.dist(corner, end))

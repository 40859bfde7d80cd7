"""One page of a draw.io drawing: its cells as boxes, arrows and groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.named_colours import hex_colour
from cml_mm.diagrams.snapping import border, middle, nearest
from cml_mm.diagrams.values import Diagram, Point
from cml_mm.errors import LimitExceeded
from cml_mm.media.drawio_looks import (
    Cell,
    heads_of,
    is_lane,
    is_line,
    is_table,
    is_text,
    leaves,
    line_of,
    read_cells,
    shape_of,
    words_of,
)
from cml_mm.types import Box

MARGIN = 20.0  # around what is drawn on a page
_NEAR = 25.0  # from a box's border to a loose end that still belongs to it
_MOST_CELLS = 20_000
_DEEPEST = 60


def read_page(model: ElementTree.Element, title: str) -> Diagram:
    """Read the cells of a page.

    Args:
        model: its `mxGraphModel`.
        title: its name.

    Raises:
        LimitExceeded: it has too many cells, or groups nested too deeply.
    """
    return _Page(model, title).read()


class _Page:
    """Cells by id, then boxes and groups with their places, then arrows."""

    def __init__(self, model: ElementTree.Element, title: str) -> None:
        self.draft = Draft("drawio", title)
        self.cells: dict[str, Cell] = {}
        root = model.find("root")
        for cell in read_cells(root if root is not None else model):
            if len(self.cells) >= _MOST_CELLS:
                raise LimitExceeded(f"A page has more than {_MOST_CELLS:,} cells.", "Split the drawing.")
            self.cells[cell.id] = cell
        self.places: dict[str, Box] = {}
        self.drawn: dict[str, str] = {}  # cells that are part of another's label, and that cell
        self.lost = 0

    def read(self) -> Diagram:
        for cell in self.cells.values():
            parent = self.cells.get(cell.parent)
            if parent is not None and parent is not cell:
                parent.held.append(cell)
        edges = [cell for cell in self.cells.values() if cell.kind == "edge" and self._shown(cell)]
        joined = {end for cell in edges for end in (cell.source, cell.target)}
        vertices = [cell for cell in self.cells.values() if cell.kind == "vertex"]
        # Groups before what they hold, wherever they stand in the file.
        for cell in sorted(vertices, key=lambda cell: sum(1 for _ in self._around(cell))):
            if self._shown(cell) and not self._on_edge(cell):
                self._vertex(cell, joined)
        for cell in edges:
            self._edge(cell)
        if self.lost:
            self.draft.notices.append(
                "An arrow ends near no box and is left out."
                if self.lost == 1
                else f"{self.lost} arrows end near no box and are left out."
            )
        return self._framed()

    def _shown(self, cell: Cell) -> bool:
        return all(one.style.get("visible") != "0" for one in self._around(cell, itself=True))

    def _around(self, cell: Cell, itself: bool = False) -> Iterator[Cell]:
        """The cells around one, innermost first."""
        seen = {cell.id}
        if itself:
            yield cell
        here = self.cells.get(cell.parent)
        while here is not None and here.id not in seen:
            seen.add(here.id)
            if len(seen) > _DEEPEST:
                raise LimitExceeded(f"Groups stand more than {_DEEPEST} deep in each other.", "Flatten the drawing.")
            yield here
            here = self.cells.get(here.parent)

    def _on_edge(self, cell: Cell) -> bool:
        return any(one.kind == "edge" for one in self._around(cell))

    def _corner(self, cell: Cell) -> Point:
        """Where the origin of a cell's parent lies on the page."""
        shifts = [self._shift(one) for one in self._around(cell) if one.kind == "vertex"]
        return sum(x for x, _ in shifts), sum(y for _, y in shifts)

    def _shift(self, cell: Cell) -> Point:
        """Where a cell lies in its parent; some tell it as shares of the parent's size."""
        holder = self.cells.get(cell.parent)
        if cell.relative and holder is not None and holder.kind == "vertex":
            return cell.x * holder.w + cell.offset[0], cell.y * holder.h + cell.offset[1]
        return cell.x, cell.y

    def _place(self, cell: Cell) -> Box:
        left, top = self._corner(cell)
        x, y = self._shift(cell)
        w, h = max(cell.w, 1.0), max(cell.h, 1.0)
        return Box(left + x, top + y, w, h, 1.0, 1.0)

    def _vertex(self, cell: Cell, joined: set[str]) -> None:
        if any(one.id in self.drawn for one in self._around(cell)):
            self.drawn[cell.id] = next(self.drawn[one.id] for one in self._around(cell) if one.id in self.drawn)
            return
        box = self._place(cell)
        label = words_of(cell)
        inside = [one for one in cell.held if one.kind == "vertex"]
        group = next((one.id for one in self._around(cell) if one.id in self.draft.containers), "")
        if inside and is_table(cell, inside):
            rows = (one for inner in inside for one in (inner, *inner.held))
            label = "; ".join(filter(None, (label, *(words_of(row) for row in rows if row.kind == "vertex"))))
            self.drawn[cell.id] = cell.id
        elif (inside and any(words_of(one) or one.id in joined or one.held for one in inside)) or is_lane(cell):
            self.draft.container(cell.id, label, group).box = box
            self.places[cell.id] = box
            return
        if not label and cell.id not in joined and (not inside or "group" in cell.style):
            return  # a frame, a picture or a line that says nothing
        if is_text(cell) and cell.id not in joined:
            self.draft.words(label, box)
            return
        node = self.draft.node(cell.id)
        node.label, node.shape, node.box = label, shape_of(cell), box
        node.container, node.colour = group, hex_colour(cell.style.get("fillcolor", ""))
        self.places[cell.id] = box

    def _edge(self, cell: Cell) -> None:
        left, top = self._corner(cell)
        points = [(x + left, y + top) for x, y in cell.points]
        begins = (cell.begins[0] + left, cell.begins[1] + top) if cell.begins else None
        ends = (cell.ends[0] + left, cell.ends[1] + top) if cell.ends else None
        source, sure = self._end(cell.source, begins)
        target, surely = self._end(cell.target, ends)
        label = " ".join(filter(None, (words_of(cell), *(words_of(one) for one in cell.held if one.kind == "vertex"))))
        if not source or not target:
            if not is_line(cell, begins, ends) or label:
                self.lost += 1
                self.draft.words(label)
            return
        one, other = self.places[source], self.places[target]
        first = points[0] if points else ends if ends and not cell.target else _centre(other)
        last = points[-1] if points else begins if begins and not cell.source else _centre(one)
        begin = begins if begins and not cell.source else leaves(cell.style, "exit", one) or border(one, first)
        end = ends if ends and not cell.target else leaves(cell.style, "entry", other) or border(other, last)
        polyline = (begin, *points, end)
        heads, backwards = heads_of(cell.style)
        if backwards:
            source, target, polyline = target, source, polyline[::-1]
        label_box = None
        if label:
            x, y = middle(polyline)
            width = 7.0 * min(len(label), 30)
            label_box = Box(x - width / 2, y - 9, width, 18, 1.0, 1.0)
        self.draft.edge(
            DraftEdge(
                source, target, label, heads, line_of(cell.style), polyline, label_box, round(min(sure, surely), 3)
            )
        )

    def _end(self, stated: str, point: Point | None) -> tuple[str, float]:
        stated = self.drawn.get(stated, stated)
        if stated in self.places:
            return stated, 1.0
        if point is None:
            return "", 0.0
        nodes = {key: box for key, box in self.places.items() if key in self.draft.nodes}
        found = nearest(point, nodes, _NEAR)
        return found if found is not None else ("", 0.0)

    def _framed(self) -> Diagram:
        """The diagram with its upper left corner at the margin, every box in the unit of the whole."""
        found = self.draft.finished()
        boxes = [part.box for part in found.nodes] + [part.box for part in found.containers]
        boxes += [text.box for text in found.unplaced] + [edge.label_box for edge in found.edges]
        held = [box for box in boxes if box is not None]
        points = [point for edge in found.edges for point in edge.polyline]
        left = min([box.x for box in held] + [x for x, _ in points], default=0.0) - MARGIN
        top = min([box.y for box in held] + [y for _, y in points], default=0.0) - MARGIN
        width = max([box.x + box.w for box in held] + [x for x, _ in points], default=0.0) - left + MARGIN
        height = max([box.y + box.h for box in held] + [y for _, y in points], default=0.0) - top + MARGIN

        def moved(box: Box | None) -> Box | None:
            return Box(box.x - left, box.y - top, box.w, box.h, width, height) if box is not None else None

        return replace(
            found,
            nodes=tuple(replace(node, box=moved(node.box)) for node in found.nodes),
            containers=tuple(replace(group, box=moved(group.box)) for group in found.containers),
            unplaced=tuple(replace(text, box=moved(text.box)) for text in found.unplaced),
            edges=tuple(
                replace(
                    edge, polyline=tuple((x - left, y - top) for x, y in edge.polyline), label_box=moved(edge.label_box)
                )
                for edge in found.edges
            ),
            width=width,
            height=height,
        )


def _centre(box: Box) -> Point:
    return box.x + box.w / 2, box.y + box.h / 2

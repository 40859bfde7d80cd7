"""A page, slide or picture of a file with the words lit on it: the drawn page, or a sketch of its shapes.

Everything is placed by shares of width and height, so it stands right at every size and
before the picture has arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from cml_mm.diagrams.values import Diagram, DiagramEdge, Point
from cml_mm.types import Box, around
from cml_mm.ui.diagram_overlay import heads_paths, overlay_svg, type_size, unit_of
from cml_mm.ui.diagram_words import cited_words
from cml_mm.ui.icons import icon
from cml_mm.ui.text import escape
from cml_mm.visits import Face, ReadFile

_WINDOW = 0.72  # height of the part that the panel shows, in its widths
_ROOM = 0.16  # what is shown above and below the lit words at least
_ZOOM = 1.5  # a page is drawn so much wider than the panel at most: its margins may be cut, its words be read
_SIDE = 0.05  # what is shown beside the lit words at least, in widths of the page
_PAD = 0.004  # by which a box is larger than its words, in widths of the page
_APART = 1.2  # lines further apart than so many heights are two blocks
_WHOLE = 0.9  # height at which a drawn diagram is shown as a whole, in widths of the window
_READABLE = 0.019  # height of type that can be read, in widths of the window
_ZOOM_DRAWN = 2.4
_HEAD = 0.016  # length of an arrowhead, in widths of the page
_UNKNOWN = DiagramEdge("", "", "")  # an arrow of which only the line is known
_BIDI = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Marked:
    """A diagram of a file, which of its parts are meant, and its place among the file's diagrams, from 0."""

    diagram: Diagram
    parts: tuple[str, ...] = ()
    at: int = 0


@dataclass(frozen=True)
class Shown:
    """One side of one file, and what is lit on it."""

    file: str  # id
    name: str
    face: Face
    boxes: tuple[Box, ...] = ()
    lines: tuple[tuple[Point, ...], ...] = ()  # arrows of a diagram that are lit, in the unit of the boxes
    marked: Marked | None = None  # the diagram that stands here, and which of its parts are lit

    @property
    def lit(self) -> tuple[Box, ...]:
        """Everything that is lit, as boxes."""
        of = self.boxes[0] if self.boxes else None
        width, height = (of.of_w, of.of_h) if of else (self.face.width, self.face.height)
        return (*self.boxes, *(_hull(line, width, height) for line in self.lines if line))

    @property
    def words(self) -> str:
        """ "Page 7 of statutes.pdf"."""
        return self.name if not self.face.number else f"{self.face.label} of {self.name}"


def marked_on(read: ReadFile, key: str) -> Marked | None:
    """The first diagram on a side of a file, none of its parts lit."""
    return next((Marked(one, (), at) for at, one in enumerate(read.diagrams) if one.face == key and one.nodes), None)


@dataclass(frozen=True)
class Window:
    """The part of a page that is shown. Everything in widths of the window."""

    left: float  # of the page beside it
    top: float  # of the page above it
    zoom: float  # width of the page
    part: float  # height of the window
    height: float  # of the page


def picture_html(shown: Shown) -> str:
    """The part around the lit words, with a button that opens the whole."""
    seen = window_of(shown)
    cut = f"{' cut-top' if seen.top > 0 else ''}{' cut-foot' if seen.top + seen.part < seen.height - 1e-6 else ''}"
    words = escape(shown.words)
    reader, larger = "", f"Enlarge {words}"
    if shown.marked:
        lit = escape("\n".join(shown.marked.parts))
        reader, larger = f' data-diagram="{shown.marked.at}" data-lit="{lit}"', f"Open the diagram in {words}"
    return (
        f'<figure class="pp"{reader} data-file="{escape(shown.file)}" data-face="{escape(shown.face.key)}"'
        f' data-words="{words}"><div class="pp-window{cut}" style="aspect-ratio: 1 / {seen.part:.4f}">'
        f'<div class="pp-place" style="top: {-100 * seen.top / seen.part:.3f}%; left: {-100 * seen.left:.3f}%;'
        f' width: {100 * seen.zoom:.3f}%">{paper_html(shown, seen.top / seen.height)}</div></div>'
        f'<button type="button" class="ib pp-larger" data-act="view" aria-label="{larger}">'
        f"{icon('larger')}</button></figure>"
    )


def paper_html(shown: Shown, seen_from: float = 0.0) -> str:
    """The whole page with its boxes, as wide as there is room.

    Args:
        seen_from: the share of its height above the part that is seen, where the words of waiting stand.
    """
    face = shown.face
    if face.drawable:
        address = f"files/{quote(shown.file, safe='')}/faces/{quote(face.key, safe='')}"
        label = escape(face.label[:1].lower() + face.label[1:])
        drawing = (
            f'<p class="pp-wait" style="top: {100 * seen_from + 3:.2f}%">Drawing {label}…</p>'
            f'<img src="{escape(address)}" loading="lazy" alt="{escape(shown.words)}">'
        )
    else:
        drawing = drawn_svg(shown)
        if shown.marked and drawing:
            return _paper(shown, drawing)
        drawing = drawing or _sketch(shown)
    return _paper(shown, drawing + lit_svg(shown))


def drawn_svg(shown: Shown) -> str:
    """The diagram that stands on this side, drawn anew; empty where none does."""
    marked = shown.marked
    if marked is None:
        return ""
    label = escape(cited_words(marked.diagram, marked.parts) or "The diagram")
    svg = overlay_svg(marked.diagram, marked.parts, numbers=False, drawn=True)
    return f'<span class="vh">{label} of {escape(shown.words)}</span>{svg}' if svg else ""


def lit_svg(shown: Shown) -> str:
    """The lit boxes and arrows over a picture of this side."""
    face = shown.face
    boxes = boxes_svg(shown.boxes, face.width, face.height, apart=bool(shown.lines or shown.marked))
    if not shown.lines:
        return boxes
    of = shown.boxes[0] if shown.boxes else None
    across, down = (face.width / of.of_w, face.height / of.of_h) if of else (1.0, 1.0)
    edges = {edge.polyline: edge for edge in shown.marked.diagram.edges} if shown.marked else {}
    paths, heads = "", ""
    for line in shown.lines:
        points = [(x * across, y * down) for x, y in line]
        if len(points) > 1:
            paths += "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in points)
            heads += heads_paths(edges.get(line, _UNKNOWN), points, _HEAD * face.width)
    head = f'viewBox="0 0 {face.width:g} {face.height:g}" preserveAspectRatio="none" aria-hidden="true"'
    return (
        f'{boxes}<svg class="pp-arrow" {head}><path class="pp-halo" d="{paths}"/><path class="pp-line" d="{paths}"/>'
        f'<path class="pp-head" d="{heads}"/></svg>'
    )


def boxes_svg(boxes: Sequence[Box], width: float, height: float, apart: bool = False) -> str:
    """The lit lines, and one outline around each block of them, over a page of `width` by `height`.

    Args:
        apart: whether each box is a block of its own, as those of a diagram are.
    """
    if not boxes:
        return ""
    scaled = [_scaled(box, width, height) for box in boxes]
    pad = _PAD * width
    fills = "".join(_rect(box, pad) for box in scaled)
    blocks = [[box] for box in scaled] if apart else _blocks(scaled)
    edges = "".join(_rect(around(block), pad) for block in blocks)
    head = f'viewBox="0 0 {width:g} {height:g}" preserveAspectRatio="none" aria-hidden="true"'
    return f'<svg class="pp-fill" {head}>{fills}</svg><svg class="pp-edge" {head}>{edges}</svg>'


def window_of(shown: Shown) -> Window:
    """Which part of a side is shown: a drawn diagram as a whole, or around what is lit where its words are small."""
    height = shown.face.height / shown.face.width
    if shown.marked is None or shown.face.drawable:
        return window(shown.lit, height)
    whole = min(1.0, _WHOLE / height)
    words = type_size(shown.marked.diagram) * unit_of(shown.marked.diagram) / shown.face.width
    boxes = shown.lit if words * whole < _READABLE else ()
    if not boxes:
        return Window((whole - 1) / 2, 0.0, whole, whole * height, whole * height)
    wide = max(box.x + box.w for box in boxes) - min(box.x for box in boxes)
    zoom = min(_ZOOM_DRAWN, _READABLE / words, max(whole, 1 / (wide / shown.face.width + 2 * _SIDE)))
    middle = (min(box.x for box in boxes) + wide / 2) / shown.face.width * zoom
    left = min(max(0.0, middle - 0.5), zoom - 1) if zoom > 1 else (zoom - 1) / 2
    first = min(box.y / box.of_h for box in boxes) * height * zoom
    last = max((box.y + box.h) / box.of_h for box in boxes) * height * zoom
    part = min(zoom * height, max(_WINDOW, last - first + 2 * _ROOM))
    return Window(left, min(max(0.0, (first + last - part) / 2), zoom * height - part), zoom, part, zoom * height)


def window(boxes: Sequence[Box], height: float) -> Window:
    """Which part of a page is shown, so that what is lit stands in it with room around, and can be read.

    Args:
        boxes: what is lit; without any, the page from its top.
        height: of the page, in its widths.
    """
    if not boxes:
        return Window(0.0, 0.0, 1.0, min(height, _WINDOW), height)
    left = min(box.x / box.of_w for box in boxes)
    right = max((box.x + box.w) / box.of_w for box in boxes)
    zoom = min(_ZOOM, max(1.0, 1 / (right - left + 2 * _SIDE))) if height > 1 else 1.0
    whole = height * zoom
    first = min(box.y / box.of_h for box in boxes) * whole
    last = max((box.y + box.h) / box.of_h for box in boxes) * whole
    part = min(whole, max(_WINDOW, last - first + 2 * _ROOM))
    top = min(max(0.0, (first + last - part) / 2), whole - part)
    beside = min(max(0.0, (left - _SIDE) * zoom), zoom - 1)
    return Window(beside, top, zoom, part, whole)


def made_face(key: str, boxes: Sequence[Box]) -> Face | None:
    """A face known by its key only, in the proportions that its boxes tell; nothing where there are none."""
    if not boxes:
        return None
    kind, _, number = key.rpartition("-")
    count = int(number) if number.isdigit() and kind not in ("picture", "drawing") else 0
    label = f"{kind.capitalize()} {count}" if count else "Picture"
    return Face(key, label, count, boxes[0].of_w, boxes[0].of_h, kind not in ("slide", "drawing"))


def plain_name(name: str) -> str:
    """A name without the characters that turn the direction of what follows it."""
    return name.translate(_BIDI)


def _scaled(box: Box, width: float, height: float) -> Box:
    across, down = width / box.of_w, height / box.of_h
    return Box(box.x * across, box.y * down, box.w * across, box.h * down, width, height)


def _blocks(boxes: Iterable[Box]) -> list[list[Box]]:
    """Lines that stand under each other, together; a new column is a new block."""
    blocks: list[list[Box]] = []
    for box in boxes:
        before = blocks[-1][-1] if blocks else None
        if before and _joined(before, box):
            blocks[-1].append(box)
        else:
            blocks.append([box])
    return blocks


def _joined(before: Box, box: Box) -> bool:
    overlap = min(before.x + before.w, box.x + box.w) - max(before.x, box.x)
    gap = max(box.y - before.y - before.h, before.y - box.y - box.h)
    same_line = abs(box.y - before.y) < before.h / 2
    return gap < _APART * max(before.h, box.h) and (overlap > 0 or same_line)


def _rect(box: Box, pad: float) -> str:
    return (
        f'<rect x="{box.x - pad:.2f}" y="{box.y - pad:.2f}" width="{box.w + 2 * pad:.2f}"'
        f' height="{box.h + 2 * pad:.2f}" rx="{2 * pad:.2f}"/>'
    )


def _hull(line: Sequence[Point], width: float, height: float) -> Box:
    left, top = min(x for x, _ in line), min(y for _, y in line)
    return Box(left, top, max(x for x, _ in line) - left, max(y for _, y in line) - top, width, height)


def _paper(shown: Shown, inside: str) -> str:
    face = shown.face
    return f'<div class="pp-paper" style="aspect-ratio: {face.width:g} / {face.height:g}">{inside}</div>'


def _sketch(shown: Shown) -> str:
    """The shapes on a slide, where no picture of it can be made."""
    face = shown.face
    shapes = "".join(_rect(_scaled(box, face.width, face.height), 0) for box in face.outline)
    return (
        f'<svg class="pp-sketch" viewBox="0 0 {face.width:g} {face.height:g}" role="img"'
        f' aria-label="A sketch of {escape(shown.words)}">{shapes}</svg>'
    )

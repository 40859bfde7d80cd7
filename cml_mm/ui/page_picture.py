"""A page, slide or picture of a file with the words lit on it: the drawn page, or a sketch of its shapes.

Everything is placed by shares of width and height, so it stands right at every size and
before the picture has arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from cml_mm.types import Box, around
from cml_mm.ui.icons import icon
from cml_mm.ui.text import escape
from cml_mm.visits import Face

_WINDOW = 0.72  # height of the part that the panel shows, in its widths
_ROOM = 0.16  # what is shown above and below the lit words at least
_ZOOM = 1.5  # a page is drawn so much wider than the panel at most: its margins may be cut, its words be read
_SIDE = 0.05  # what is shown beside the lit words at least, in widths of the page
_PAD = 0.004  # by which a box is larger than its words, in widths of the page
_APART = 1.2  # lines further apart than so many heights are two blocks
_BIDI = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Shown:
    """One side of one file, and what is lit on it."""

    file: str  # id
    name: str
    face: Face
    boxes: tuple[Box, ...] = ()

    @property
    def words(self) -> str:
        """ "Page 7 of statutes.pdf"."""
        return self.name if not self.face.number else f"{self.face.label} of {self.name}"


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
    seen = window(shown.boxes, shown.face.height / shown.face.width)
    cut = f"{' cut-top' if seen.top > 0 else ''}{' cut-foot' if seen.top + seen.part < seen.height - 1e-6 else ''}"
    words = escape(shown.words)
    return (
        f'<figure class="pp" data-file="{escape(shown.file)}" data-face="{escape(shown.face.key)}"'
        f' data-words="{words}"><div class="pp-window{cut}" style="aspect-ratio: 1 / {seen.part:.4f}">'
        f'<div class="pp-place" style="top: {-100 * seen.top / seen.part:.3f}%; left: {-100 * seen.left:.3f}%;'
        f' width: {100 * seen.zoom:.3f}%">{paper_html(shown, seen.top / seen.height)}</div></div>'
        f'<button type="button" class="ib pp-larger" data-act="view" aria-label="Enlarge {words}">'
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
        drawing = _sketch(shown)
    return (
        f'<div class="pp-paper" style="aspect-ratio: {face.width:g} / {face.height:g}">'
        f"{drawing}{boxes_svg(shown.boxes, face.width, face.height)}</div>"
    )


def boxes_svg(boxes: Sequence[Box], width: float, height: float) -> str:
    """The lit lines, and one outline around each block of them, over a page of `width` by `height`."""
    if not boxes:
        return ""
    scaled = [_scaled(box, width, height) for box in boxes]
    pad = _PAD * width
    fills = "".join(_rect(box, pad) for box in scaled)
    edges = "".join(_rect(around(block), pad) for block in _blocks(scaled))
    head = f'viewBox="0 0 {width:g} {height:g}" preserveAspectRatio="none" aria-hidden="true"'
    return f'<svg class="pp-fill" {head}>{fills}</svg><svg class="pp-edge" {head}>{edges}</svg>'


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
    count = int(number) if number.isdigit() and kind != "picture" else 0
    label = f"{kind.capitalize()} {count}" if count else "Picture"
    return Face(key, label, count, boxes[0].of_w, boxes[0].of_h, kind != "slide")


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


def _sketch(shown: Shown) -> str:
    """The shapes on a slide, where no picture of it can be made."""
    face = shown.face
    shapes = "".join(_rect(_scaled(box, face.width, face.height), 0) for box in face.outline)
    return (
        f'<svg class="pp-sketch" viewBox="0 0 {face.width:g} {face.height:g}" role="img"'
        f' aria-label="A sketch of {escape(shown.words)}">{shapes}</svg>'
    )

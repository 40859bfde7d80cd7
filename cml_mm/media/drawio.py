"""draw.io drawings (diagrams.net): pages of cells, plain or packed, also inside exported PNG and SVG pictures."""

from __future__ import annotations

import base64
import binascii
import struct
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from xml.etree import ElementTree
from xml.parsers import expat

from cml_mm.diagrams.values import Diagram, DiagramEdge, Point
from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.drawio_cells import MARGIN, read_page
from cml_mm.media.xml_checks import check_xml
from cml_mm.types import Box
from cml_mm.visits import DEFAULT_LIMITS, Limits

_MOST_PAGES = 200
_LARGEST_PAGE = 32 * 2**20  # bytes of a page's XML
_PNG = b"\x89PNG\r\n\x1a\n"
_MODELS = ("mxfile", "mxGraphModel")


def read_drawio(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> tuple[Diagram, ...]:
    """Read a drawing.

    Args:
        data: the file's bytes: `mxfile` or `mxGraphModel`, as XML.
        name: what it is called, for messages.
        limits: on depth and sizes.

    Returns:
        A diagram for every page, its face "drawing-1" and so on, in the drawing's own unit. Arrows
        that know their boxes are surely read; ends that only lie near a box are less sure; those
        that are near none are left out and said.

    Raises:
        MediaUnreadable: it is damaged, declares entities or holds no page.
        LimitExceeded: it holds too many pages or parts, or unpacks to too much.
    """
    root = _parsed(data, name, limits)
    models: list[tuple[str, ElementTree.Element]] = []
    if root.tag == "mxGraphModel":
        models.append(("", root))
    elif root.tag == "mxfile":
        pages = [page for page in root if page.tag == "diagram"]
        if len(pages) > _MOST_PAGES:
            raise LimitExceeded(f"{name} has more than {_MOST_PAGES} pages.", "Split it, and add the parts.")
        models.extend(_models(pages, name, limits))
    if not models:
        raise MediaUnreadable(f"{name} holds no draw.io page.", "Save it anew from draw.io, and add that.")
    found = (read_page(model, title if len(models) > 1 else _own(title)) for title, model in models)
    return tuple(replace(diagram, face=f"drawing-{number}") for number, diagram in enumerate(found, 1))


def embedded_drawio(data: bytes) -> bytes | None:
    """The drawing that a PNG or SVG exported from draw.io carries with it; None where it carries none.

    Args:
        data: the picture's bytes.
    """
    found = _in_png(data) if data.startswith(_PNG) else _in_svg(data)
    text = found.strip() if found else ""
    if text.startswith("%3C"):
        text = urllib.parse.unquote(text)
    return text.encode() if text.startswith(tuple(f"<{tag}" for tag in _MODELS)) else None


def fitted(diagram: Diagram, width: float, height: float, face: str) -> Diagram:
    """A drawing's diagram in the unit of the picture that was exported from it.

    Exports crop to what is drawn, with the same margin on all sides: one scale, centred.

    Args:
        diagram: as `read_drawio` gave it; its margins are known.
        width: of the picture.
        height: of the picture.
        face: of the picture.
    """
    if not diagram.width or not diagram.height:
        return replace(diagram, face=face)
    inner_w, inner_h = diagram.width - 2 * MARGIN, diagram.height - 2 * MARGIN
    scale = min(width / max(inner_w, 1.0), height / max(inner_h, 1.0))
    # Without zoom the picture is as large as the drawing, but for half a line's width and a border.
    for whole in (1.0, 2.0, 3.0, 4.0):
        if 0 <= width - whole * inner_w <= 50 * whole and 0 <= height - whole * inner_h <= 50 * whole:
            scale = whole
            break
    left, top = (width - scale * inner_w) / 2, (height - scale * inner_h) / 2

    def place(x: float, y: float) -> Point:
        return left + scale * (x - MARGIN), top + scale * (y - MARGIN)

    def box_of(box: Box | None) -> Box | None:
        if box is None:
            return None
        x, y = place(box.x, box.y)
        return Box(x, y, scale * box.w, scale * box.h, width, height)

    def edge_of(edge: DiagramEdge) -> DiagramEdge:
        return replace(edge, polyline=tuple(place(*point) for point in edge.polyline), label_box=box_of(edge.label_box))

    return replace(
        diagram,
        nodes=tuple(replace(node, box=box_of(node.box)) for node in diagram.nodes),
        containers=tuple(replace(group, box=box_of(group.box)) for group in diagram.containers),
        unplaced=tuple(replace(text, box=box_of(text.box)) for text in diagram.unplaced),
        edges=tuple(map(edge_of, diagram.edges)),
        width=width,
        height=height,
        face=face,
    )


def _own(title: str) -> str:
    """A single page's name, unless draw.io gave it."""
    return "" if title.startswith(("Page-", "Seite-")) else title


def _parsed(data: bytes, name: str, limits: Limits) -> ElementTree.Element:
    try:
        check_xml((data,), name, limits.depth)
        return ElementTree.fromstring(data)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as exc:
        raise MediaUnreadable(
            f"{name} is damaged: it cannot be read as a draw.io drawing.", "Save it anew from draw.io, and add that."
        ) from exc


def _models(pages: list[ElementTree.Element], name: str, limits: Limits) -> Iterator[tuple[str, ElementTree.Element]]:
    left = min(limits.unpacked_bytes, 2 * _LARGEST_PAGE)
    for page in pages:
        title = " ".join((page.get("name") or "").split())[:200]
        model = page.find("mxGraphModel")
        if model is None:
            unpacked = _unpacked("".join((page.text or "").split()), name, min(left, _LARGEST_PAGE))
            left -= len(unpacked)
            model = _parsed(unpacked, name, limits) if unpacked else None
        if model is not None and model.tag == "mxGraphModel":
            yield title, model


def _unpacked(text: str, name: str, most: int) -> bytes:
    """A packed page: its XML, address-escaped, deflated without a head, in base 64."""
    if not text:
        return b""
    try:
        packer = zlib.decompressobj(-15)
        raw = packer.decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, ValueError, zlib.error) as exc:
        raise MediaUnreadable(
            f"A page of {name} is damaged: it cannot be unpacked.", "Save it anew from draw.io, and add that."
        ) from exc
    if len(raw) > most:
        raise LimitExceeded(f"{name} unpacks to more than {most // 2**20} MiB.", "Split it, and add the parts.")
    return urllib.parse.unquote_to_bytes(raw)


def _in_png(data: bytes) -> str:
    """The text that a PNG holds under draw.io's keywords (PNG specification, chunks tEXt, zTXt and iTXt)."""
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, held = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        keyword, _, rest = held.partition(b"\0")
        if kind in (b"tEXt", b"zTXt", b"iTXt") and keyword.decode("latin-1") in _MODELS:
            if kind == b"zTXt":
                rest = _inflated(rest[1:])
            elif kind == b"iTXt":
                packed, rest = rest[:1] == b"\1", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
                rest = _inflated(rest) if packed else rest
            return rest.decode("utf-8", "replace")
        if kind == b"IEND":
            break
        at += 12 + length
    return ""


def _inflated(packed: bytes) -> bytes:
    try:
        raw = zlib.decompressobj().decompress(packed, _LARGEST_PAGE + 1)
    except zlib.error:
        return b""
    return raw if len(raw) <= _LARGEST_PAGE else b""


class _Seen(Exception):
    """The first element has been read."""


def _in_svg(data: bytes) -> str:
    found = ""

    def start(name: str, values: dict[str, str]) -> None:
        nonlocal found
        if name.rpartition(":")[2] == "svg":
            found = values.get("content", "")
        raise _Seen

    def refuse(*_: object) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    with suppress(_Seen, expat.ExpatError, ValueError, LookupError):
        parser.Parse(data, True)
    return found

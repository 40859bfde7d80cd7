"""Word documents: headings, paragraphs, lists and tables in reading order.

The body's XML is walked directly, since python-docx leaves out tracked insertions and
content controls. Headers, footers, comments and deleted words are left out; footnotes and the
words on pictures are read in a visitor's file only (`placed_docx`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cml_mm.media.csv_tables import quotable_tables
from cml_mm.media.diagram_sections import Part, placed_with_diagrams
from cml_mm.media.packages import PACKAGE_FAULTS
from cml_mm.media.placed_picture import InsidePicture, pictures_inside, shown_inside
from cml_mm.media.reading import Block, Reading, damaged, markdown_table, sections_of
from cml_mm.ports import Ocr, Picture, Told
from cml_mm.types import Section
from cml_mm.visits import Limits, Placing

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo"))
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_DEEPEST = 30  # tables in tables


def read_docx(data: bytes, path: str) -> Reading:
    """Read a .docx file.

    Args:
        data: the file's bytes, its package checked against bombs.
        path: its name, for messages.

    Returns:
        The reading. A .docx has no fixed pages, so its sections have none. The title is the
        paragraph in the style "Title", else the file's title property, else the first heading.

    Raises:
        MediaUnreadable: the file is damaged.
    """
    return _reading(_opened(data, path), path)


def placed_docx(data: bytes, path: str, ocr: Ocr | None, limits: Limits, told: Told) -> Reading:
    """Read a visitor's .docx file: also its footnotes, and the words on its pictures.

    Args:
        data: the file's bytes, its package checked against bombs.
        path: its name, for messages.
        ocr: who reads its pictures.
        limits: how many pixels each may have.
        told: hears which picture is being recognised.

    Returns:
        The reading: as `read_docx` gives it, tables as lists of rows; a section "Footnotes",
        and one for every picture with words, with the face "picture-2".

    Raises: MediaUnreadable, ModelError.
    """
    document = _opened(data, path)
    found = _reading(document, path)
    parts: list[Part] = [
        (replace(section, text=quotable_tables(section.text)), Placing()) for section in found.sections
    ]
    notes = _footnotes(document, path)
    if notes:
        parts.append((Section("other", "Footnotes", notes), Placing()))
    pictures = pictures_inside(_pictures(document), ocr, limits, told)
    placed = placed_with_diagrams([*parts, *pictures.parts])
    return replace(
        found, sections=placed.sections, placings=placed.placings, faces=pictures.faces, notices=pictures.notices,
        diagrams=placed.diagrams,
    )  # fmt: skip


def docx_pictures(data: bytes, path: str, limits: Limits) -> Iterator[Picture]:
    """The pictures of a .docx file that have a face, in their order.

    Raises: MediaUnreadable.
    """
    return shown_inside(_pictures(_opened(data, path)), limits)


def _opened(data: bytes, path: str) -> WordDocument:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        return docx.Document(BytesIO(data))
    except (*PACKAGE_FAULTS, OpcError) as exc:
        raise damaged(path, "a .docx document") from exc


def _reading(document: WordDocument, path: str) -> Reading:
    from docx.opc.exceptions import OpcError

    try:
        body = _Body(document)
        blocks = list(body.blocks(document.element.body))
        title = body.title or document.core_properties.title or ""
    except (*PACKAGE_FAULTS, OpcError) as exc:
        raise damaged(path, "a .docx document") from exc
    if title == "Word Document":  # what python-docx writes by itself
        title = ""
    title = title or next((block.text for block in blocks if block.level), "")
    return Reading(sections_of(blocks, title), "docx", title)


def _footnotes(document: WordDocument, path: str) -> str:
    """The words of foot- and endnotes, each a numbered line."""
    from docx.oxml import parse_xml

    lines: list[str] = []
    try:
        for relation in document.part.rels.values():
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind not in {"footnotes", "endnotes"} or relation.is_external:
                continue
            for note in parse_xml(relation.target_part.blob):
                words = " ".join(_text(note).split())
                if words and note.get(f"{_W}type") is None:  # typed ones are the rules above the notes
                    lines.append(f"{len(lines) + 1}. {words}")
    except PACKAGE_FAULTS as exc:
        raise damaged(path, "a .docx document") from exc
    return "\n".join(lines)


def _pictures(document: WordDocument) -> Iterator[InsidePicture]:
    """The pictures of the body, in its order; those that are only linked to are not in the file."""
    for blip in document.element.body.iter(_BLIP):
        part = document.part.related_parts.get(blip.get(_EMBED, ""))
        if part is not None:
            yield InsidePicture(str(part.partname), partial(_blob, part))


def _blob(part: Any) -> bytes:
    return bytes(part.blob)


@dataclass
class _Body:
    """Walks a body once; remembers list numbers and the title."""

    document: WordDocument
    title: str = ""
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _formats: dict[tuple[str, int], str] = field(default_factory=dict)

    def blocks(self, parent: Any, depth: int = 0) -> Iterator[Block]:
        items: list[str] = []
        for child in _children(parent):
            found = self._table(child, depth) if child.tag == f"{_W}tbl" else iter((self._paragraph(child),))
            for block in found:
                if block.item:  # a list stays together
                    items.append(block.text)
                    continue
                if items:
                    yield Block("\n".join(items))
                    items = []
                yield block
        if items:
            yield Block("\n".join(items))

    def _paragraph(self, element: Any) -> Block:
        text = _text(element)
        style = self._style(element)
        level = self._level(element, style)
        if style is not None and style.name == "Title" and not self.title:
            self.title = " ".join(text.split())
            return Block(text, 1)
        if level and text.strip():
            return Block(text, level) if level <= 3 else Block(f"#### {' '.join(text.split())}")
        mark = self._mark(element, style) if text.strip() else ""
        return Block(f"{mark} {' '.join(text.split())}", item=True) if mark else Block(text)

    def _style(self, element: Any) -> Any:
        from docx.enum.style import WD_STYLE_TYPE

        return self.document.part.get_style(element.style, WD_STYLE_TYPE.PARAGRAPH)

    def _level(self, element: Any, style: Any) -> int:
        """The outline level, 1 to 9, of the paragraph itself or of its style; 0 for running text."""
        stated = element.find(f"{_W}pPr/{_W}outlineLvl")
        for _ in range(10):
            if stated is not None:
                value = int(stated.get(f"{_W}val", "9"))
                return value + 1 if 0 <= value < 9 else 0
            if style is None:
                return 0
            name = (style.name or "").casefold()
            if name.startswith("heading ") and name[8:].isdecimal():
                return int(name[8:])
            stated = style.element.find(f"{_W}pPr/{_W}outlineLvl")
            style = style.base_style if stated is None else style
        return 0

    def _mark(self, element: Any, style: Any) -> str:
        """The lead of a list item as Markdown, "" for other paragraphs."""
        number = element.find(f"{_W}pPr/{_W}numPr")
        while number is None and style is not None:
            number = style.element.find(f"{_W}pPr/{_W}numPr")
            style = style.base_style
        if number is None:
            return ""
        identity, depth = (_value(number, name) for name in ("numId", "ilvl"))
        level = min(int(depth or "0"), 8)
        if identity in {"", "0"}:
            return ""
        if self._format(identity, level) in {"bullet", "none", ""}:
            return "  " * level + "-"
        for key in [key for key in self._counts if key[0] == identity and key[1] > level]:
            del self._counts[key]
        count = self._counts[identity, level] = self._counts.get((identity, level), 0) + 1
        return "   " * level + f"{count}."

    def _format(self, identity: str, level: int) -> str:
        key = (identity, level)
        if key not in self._formats:
            root = self.document.part.numbering_part.element
            abstract = root.xpath(f"./w:num[@w:numId='{int(identity)}']/w:abstractNumId/@w:val")
            path = "./w:abstractNum[@w:abstractNumId='{}']/w:lvl[@w:ilvl='{}']/w:numFmt/@w:val"
            found = root.xpath(path.format(int(abstract[0]), level)) if abstract else []
            self._formats[key] = str(found[0]) if found else ""
        return self._formats[key]

    def _table(self, table: Any, depth: int) -> Iterator[Block]:
        rows = _rows(table)
        if depth < _DEEPEST and max(map(len, rows), default=0) <= 1:
            for row in rows:  # one column lays text out; it is no table
                for cell in row:
                    yield from self.blocks(cell, depth + 1)
            return
        yield Block(markdown_table([[_text(cell, " ") for cell in row] for row in rows]))


def _rows(table: Any) -> list[list[Any]]:
    """The cells of every row; those of nested tables stay inside their cell."""
    return [[cell for cell in _inside(row) if cell.tag == f"{_W}tc"] for row in _inside(table) if row.tag == f"{_W}tr"]


def _inside(parent: Any) -> Iterator[Any]:
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _inside(child)
        else:
            yield child


def _children(parent: Any) -> Iterator[Any]:
    return (child for child in _inside(parent) if child.tag in {f"{_W}p", f"{_W}tbl"})


def _value(parent: Any, name: str) -> str:
    child = parent.find(f"{_W}{name}")
    return "" if child is None else str(child.get(f"{_W}val", ""))


def _text(element: Any, between: str = "\n") -> str:
    """The words below an element, tracked insertions included; `between` parts its paragraphs."""
    found: list[str] = []
    stack = [element]
    while stack:
        node = stack.pop()
        if node.tag == f"{_W}t":
            found.append(node.text or "")
        elif node.tag in _BREAKS:
            found.append(_BREAKS[node.tag])
        elif node.tag == f"{_W}p" and found:
            found.append(between)
        if node.tag not in {_FALLBACK, f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr"}:
            stack.extend(reversed(node))
    return "".join(found)

"""PowerPoint decks: a section for every slide, with its notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cml_mm.media.packages import PACKAGE_FAULTS
from cml_mm.media.reading import Reading, clean, damaged, markdown_table, named_once, refuse_long
from cml_mm.types import Section

if TYPE_CHECKING:
    from pptx.slide import Slide

_DEEPEST = 30  # groups in groups
_LEFT_OUT = frozenset({"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"})
_BULLETED = frozenset({"BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT"})
_BY_ITSELF = "PowerPoint Presentation"  # the title property of every new deck


def read_pptx(data: bytes, path: str) -> Reading:
    """Read a .pptx file.

    Args:
        data: the file's bytes, its package checked against bombs.
        path: its name, for messages.

    Returns:
        The reading: one section for every slide that holds words, its title as heading, the
        speaker's notes under "Notes:". Pictures, charts and SmartArt give no text.

    Raises:
        MediaUnreadable: the file is damaged.
        LimitExceeded: it has more than 2,000 slides.
    """
    import pptx
    from pptx.exc import PythonPptxError

    try:
        deck = pptx.Presentation(BytesIO(data))
        refuse_long(len(deck.slides), path, "slides")
        sections = named_once(_section(slide, number) for number, slide in enumerate(deck.slides, 1))
        stated = deck.core_properties.title or ""
        first = _title(deck.slides[0]) if len(deck.slides) else ""
    except (*PACKAGE_FAULTS, PythonPptxError) as exc:
        raise damaged(path, "a .pptx deck") from exc
    return Reading(sections, "pptx", first or ("" if stated == _BY_ITSELF else stated))


def _section(slide: Slide, number: int) -> Section:
    title = _title(slide)
    parts = list(_parts(slide.shapes, 0))
    notes = _notes(slide)
    if notes:
        parts.append(f"Notes:\n\n{notes}")
    text = "\n\n".join(part for part in parts if part.strip())
    # A slide that is only a title is words too: without a text nobody could find or quote it.
    return Section("other", title or f"Slide {number}", text or title, page=number)


def _title(slide: Slide) -> str:
    shape = slide.shapes.title
    return " ".join(clean(_words(shape.text_frame.text)).split()) if shape is not None else ""


def _notes(slide: Slide) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if frame is None:
        return ""
    return "\n\n".join(line for line in (clean(_words(item.text)).strip() for item in frame.paragraphs) if line)


def _parts(shapes: Iterable[Any], depth: int) -> Iterator[str]:
    """Markdown of every shape but the title, in the order of the file, which readers aloud follow too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST:
                yield from _parts(shape.shapes, depth + 1)
            continue
        role = shape.placeholder_format.type.name if shape.is_placeholder and shape.placeholder_format.type else ""
        if role in _LEFT_OUT or role in {"TITLE", "CENTER_TITLE", "VERTICAL_TITLE"}:
            continue
        if getattr(shape, "has_table", False):
            yield markdown_table([[_words(cell.text) for cell in row.cells] for row in shape.table.rows])
        elif shape.has_text_frame:
            yield _frame(shape.text_frame, role in _BULLETED)


def _frame(frame: Any, bulleted: bool) -> str:
    """Paragraphs of a text frame; those of a slide's body, and deeper ones anywhere, are list items."""
    lines: list[str] = []
    listed = False
    for paragraph in frame.paragraphs:
        words = " ".join(clean(_words(paragraph.text)).split())
        if not words:
            continue
        item = bulleted or paragraph.level > 0 or _has_bullet(paragraph)
        if lines and not (item and listed):
            lines.append("")
        lines.append(f"{'  ' * paragraph.level}- {words}" if item else words)
        listed = item
    return "\n".join(lines)


def _has_bullet(paragraph: Any) -> bool:
    return bool(paragraph._p.xpath("./a:pPr/a:buChar | ./a:pPr/a:buAutoNum"))


def _words(text: str) -> str:
    return text.replace("\v", "\n")  # a line break inside a paragraph

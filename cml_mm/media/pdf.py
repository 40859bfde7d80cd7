"""PDF files: a section for every page, its number kept as the place of every quote.

The pages of the library are read for their text only; a visitor's file with the place of every
line, and where its pages are pictures, by text recognition (`placed_pdf`).
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from cml_mm.errors import MediaUnreadable
from cml_mm.media.page_layout import (
    Line,
    Measure,
    Paragraph,
    looks_like_heading,
    measure,
    paragraphs_of,
    text_of,
    without_furniture,
    words_in,
)
from cml_mm.media.pdf_pages import Sheet, opened, sheet_of
from cml_mm.media.reading import Reading, clean, named_once, refuse_long
from cml_mm.types import Section
from cml_mm.visits import Run

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

Corners = tuple[float, float, float, float]  # left, bottom, right and top
_MOST_BOOKMARKS = 10_000
_BOLD = 600  # font weight
_BLANK = 0x20
_COLUMN_GAP = 0.8  # line heights between two words: more than justified lines have, mostly
_FEWEST_GAPS = 2  # of that width
_WIDE_GAP = 1.5  # line heights, where there is one gap only
_LONGEST_FONT_NAME = 128  # bytes
_BREAKS = frozenset({0x0A, 0x0D})
_BROKEN = frozenset({0x02, 0xFFFE})  # a hyphen at the end of a line, where the library leaves out the break
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " "})
_NO_LETTER = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_GARBLED = 0.3  # share of signs without a letter
_MADE_UP_TITLE = re.compile(
    r"^(?:about:|https?://|file:|microsoft |untitled|powerpoint|document ?\d*$|slide \d+$|presentation ?\d*$)"
    r"|\.(?:docx?|pptx?|odt|rtf|txt|indd|qxd|tex|dvi|pdf|pages|html?)$",
    re.I,
)


def read_pdf(data: bytes, path: str) -> Reading:
    """Read a PDF file for its text.

    Args:
        data: the file's bytes.
        path: its name, for messages.

    Returns:
        The reading: one section for every page that holds text. Its heading is the outline's
        entry for the page, else the heading that the page begins with, else "Page 7".

    Raises:
        MediaUnreadable: the file is damaged, protected, or holds pictures of pages only.
        LimitExceeded: it has more than 2,000 pages.
    """
    with opened(data, path) as document:
        refuse_long(len(document), path)
        lines = [page_lines(document, index) for index in range(len(document))]
        marks = outline_of(document)
        stated = stated_title(document)
    refuse_pictures(lines, path)
    pages = lay_out(lines)
    sections = named_once(page_section(page, number, marks)[0] for number, page in enumerate(pages, 1))
    return Reading(sections, "pdf", stated or first_title(pages))


@dataclass(frozen=True)
class LaidPage:
    """The paragraphs of one page, and what is usual in the pages around it."""

    paragraphs: tuple[Paragraph, ...]
    usual: Measure


def lay_out(pages: Sequence[Sequence[Line]]) -> list[LaidPage]:
    """Lines of all pages → paragraphs, without what is repeated on every page."""
    kept = without_furniture(pages, measure(pages))
    usual = measure(kept)
    known = words_in(kept)
    return [LaidPage(tuple(paragraphs_of(page, usual, known)), usual) for page in kept]


def page_lines(document: PdfDocument, index: int) -> list[Line]:
    """The lines of one page, in the order in which the file writes them."""
    with closing(document[index]) as page:
        return lines_on(page, sheet_of(page))


def lines_on(page: PdfPage, sheet: Sheet) -> list[Line]:
    """The lines of an open page, placed as it is drawn."""
    with closing(page.get_textpage()) as text:
        return _read_lines(text, sheet)


def _read_lines(text: PdfTextPage, sheet: Sheet) -> list[Line]:
    from pypdfium2 import raw

    lines: list[Line] = []
    units: list[int] = []
    first = last = -1
    count = text.count_chars()
    for index in range(count + 1):
        unit = raw.FPDFText_GetUnicode(text, index) if index < count else 0x0A
        if unit not in _BREAKS:
            units.append(0x2D if unit in _BROKEN else unit)
            if unit > 0x20 and raw.FPDFText_IsGenerated(text, index) != 1:
                first, last = (index if first < 0 else first), index
        if unit in _BREAKS or unit in _BROKEN:
            if first >= 0:
                lines.append(_line(text, units, first, last, sheet))
            units, first, last = [], -1, -1
    return [line for line in lines if line.text.strip()]


def _line(text: PdfTextPage, units: Sequence[int], first: int, last: int, sheet: Sheet) -> Line:
    from pypdfium2 import raw

    halves = "".join(map(chr, units)).encode("utf-16-le", "surrogatepass")  # signs beyond the first plane come as two
    words = clean(halves.decode("utf-16-le", "replace").translate(_LIGATURES))
    start, end = _box(text, first), _box(text, last)
    box = sheet.drawn(*around_both(start, end))
    return Line(
        text=words.strip(),
        left=box.x,
        right=box.x + box.w,
        top=sheet.height - box.y,
        bottom=sheet.height - box.y - box.h,
        bold=raw.FPDFText_GetFontWeight(text, first) >= _BOLD or _has_bold_name(text, first),
        box=box,
        row=_has_columns(text, first, last, box.h),
    )


def _has_columns(text: PdfTextPage, first: int, last: int, height: float) -> bool:
    """Whether blanks part the signs of a line as columns do: several wide ones, or one that is very wide."""
    from pypdfium2 import raw

    widest, wide = 0.0, 0
    for index in range(first + 1, last):
        if raw.FPDFText_GetUnicode(text, index) == _BLANK:
            after = next((at for at in range(index + 1, last + 1) if raw.FPDFText_GetUnicode(text, at) != _BLANK), last)
            before, later = _box(text, index - 1), _box(text, after)
            gap = max(later[0] - before[2], before[0] - later[2])
            widest, wide = max(widest, gap), wide + (gap > _COLUMN_GAP * height)
    return wide >= _FEWEST_GAPS or widest > _WIDE_GAP * height


def around_both(one: Corners, other: Corners) -> Corners:
    """The smallest rectangle around two."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _has_bold_name(text: PdfTextPage, index: int) -> bool:
    """Whether a sign's font calls itself bold: the fourteen standard fonts state no weight."""
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
    raw.FPDFText_GetFontInfo(text, index, name, _LONGEST_FONT_NAME, ctypes.byref(ctypes.c_int()))
    return b"bold" in name.value.lower() or b"black" in name.value.lower()


def _box(text: PdfTextPage, index: int) -> Corners:
    """The corners of a sign's line space, in the file's points."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box))
    return box.left, box.bottom, box.right, box.top


def outline_of(document: PdfDocument) -> list[tuple[int, str]]:
    """(page from 1, title) of the outline's entries, in the order of their pages."""
    marks = []
    for entry in islice(document.get_toc(), _MOST_BOOKMARKS):
        target = entry.get_dest()
        index = target.get_index() if target is not None else None
        title = " ".join(clean(entry.get_title()).split())
        if index is not None and title:
            marks.append((index + 1, title))
    return sorted(marks, key=lambda mark: mark[0])


def page_section(page: LaidPage, number: int, marks: Sequence[tuple[int, str]]) -> tuple[Section, tuple[Run, ...]]:
    """One page as a section, with the places of its text."""
    heading = next((title for start, title in marks if start == number), "")
    heading = heading or next((title for start, title in reversed(marks) if start <= number), "")
    kept = page.paragraphs
    own = bool(kept) and looks_like_heading(kept[0], page.usual)
    if own and (not heading or kept[0].text.casefold() == heading.casefold()):
        heading = heading or kept[0].text
        kept = kept[1:] or kept  # a page that is only a title is words too
    text, runs = text_of(kept)
    return Section("other", heading or f"Page {number}", text, page=number), runs


def refuse_pictures(pages: Sequence[Sequence[Line]], path: str) -> None:
    """Raises: MediaUnreadable where no page holds text that can be read."""
    words = "".join(line.text for page in pages for line in page)
    if not words:
        raise MediaUnreadable(
            f"{path} holds no text: its pages are pictures, as a scanner makes them.",
            "Run text recognition (OCR) on it, then add the file that comes out.",
        )
    if is_garbled(words):
        raise MediaUnreadable(
            f"{path} does not say which letters its signs are, so its text cannot be read.",
            "Print it to a PDF anew, or run text recognition (OCR) on it.",
        )


def is_garbled(words: str) -> bool:
    """Whether too many signs of a text have no letter."""
    return len(_NO_LETTER.findall(words)) > _MOST_GARBLED * len(words)


def stated_title(document: PdfDocument) -> str:
    """The title property, if it was written by a person rather than by a program."""
    stated = clean(document.get_metadata_value("Title")).strip()
    person = len(stated) >= 3 and re.search(r"[^\W\d_]{2}", stated) is not None and not _MADE_UP_TITLE.search(stated)
    return stated if person else ""


def first_title(pages: Sequence[LaidPage]) -> str:
    """The largest heading of the first page that holds text."""
    first = next((page for page in pages if page.paragraphs), None)
    headings = [one for one in first.paragraphs if looks_like_heading(one, first.usual)] if first is not None else []
    return max(headings, key=lambda paragraph: paragraph.height).text if headings else ""

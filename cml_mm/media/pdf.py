"""PDF files: a section for every page, its number kept as the place of every quote."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from cml_mm.errors import MediaUnreadable
from cml_mm.media.page_layout import (
    Line,
    Measure,
    Paragraph,
    looks_like_heading,
    measure,
    paragraphs_of,
    without_furniture,
    words_in,
)
from cml_mm.media.reading import Reading, clean, damaged, named_once, refuse_long
from cml_mm.types import Section

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

_PDFIUM = Lock()  # the library may be used by one thread at a time
_MOST_BOOKMARKS = 10_000
_BOLD = 600  # font weight
_LONGEST_FONT_NAME = 128  # bytes
_BREAKS = frozenset({0x0A, 0x0D})
_BROKEN = frozenset({0x02, 0xFFFE})  # a hyphen at the end of a line, where the library leaves out the break
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " "})
_NO_LETTER = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_GARBLED = 0.3  # share of signs without a letter
_MADE_UP_TITLE = re.compile(
    r"^(?:microsoft |untitled|powerpoint|document ?\d*$|slide \d+$|presentation ?\d*$)"
    r"|\.(?:docx?|pptx?|odt|rtf|txt|indd|qxd|tex|dvi|pdf|pages|html?)$",
    re.I,
)


def read_pdf(data: bytes, path: str) -> Reading:
    """Read a PDF file.

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
    import pypdfium2
    from pypdfium2 import raw

    with _PDFIUM:
        try:
            with closing(pypdfium2.PdfDocument(data)) as document:
                refuse_long(len(document), path)
                pages = [_lines(document, index) for index in range(len(document))]
                marks = _outline(document)
                stated = clean(document.get_metadata_value("Title")).strip()
        except pypdfium2.PdfiumError as exc:
            if exc.err_code == raw.FPDF_ERR_PASSWORD:
                hint = "Save a copy without the password, then add that."
                raise MediaUnreadable(f"{path} is protected by a password.", hint) from exc
            raise damaged(path, "a PDF") from exc
    _refuse_pictures(pages, path)
    pages = without_furniture(pages, measure(pages))
    usual = measure(pages)
    known = words_in(pages)
    found = [paragraphs_of(page, usual, known) for page in pages]
    sections = named_once(_section(page, number, marks, usual) for number, page in enumerate(found, 1))
    return Reading(sections, "pdf", stated if _is_title(stated) else _first_title(found, usual))


def _lines(document: PdfDocument, index: int) -> list[Line]:
    """The lines of one page, in the order in which the file writes them."""
    with closing(document[index]) as page, closing(page.get_textpage()) as text:
        return _read_lines(text)


def _read_lines(text: PdfTextPage) -> list[Line]:
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
                lines.append(_line(text, units, first, last))
            units, first, last = [], -1, -1
    return [line for line in lines if line.text.strip()]


def _line(text: PdfTextPage, units: Sequence[int], first: int, last: int) -> Line:
    from pypdfium2 import raw

    halves = "".join(map(chr, units)).encode("utf-16-le", "surrogatepass")  # signs beyond the first plane come as two
    words = clean(halves.decode("utf-16-le", "replace").translate(_LIGATURES))
    start, end = _box(text, first), _box(text, last)
    return Line(
        text=words.strip(),
        left=start[0],
        right=end[1],
        top=max(start[3], end[3]),
        bottom=min(start[2], end[2]),
        bold=raw.FPDFText_GetFontWeight(text, first) >= _BOLD or _has_bold_name(text, first),
    )


def _has_bold_name(text: PdfTextPage, index: int) -> bool:
    """Whether a sign's font calls itself bold: the fourteen standard fonts state no weight."""
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
    raw.FPDFText_GetFontInfo(text, index, name, _LONGEST_FONT_NAME, ctypes.byref(ctypes.c_int()))
    return b"bold" in name.value.lower() or b"black" in name.value.lower()


def _box(text: PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a sign's line space, in points."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box))
    return box.left, box.right, box.bottom, box.top


def _outline(document: PdfDocument) -> list[tuple[int, str]]:
    """(page from 1, title) of the outline's entries, in the order of their pages."""
    marks = []
    for entry in islice(document.get_toc(), _MOST_BOOKMARKS):
        target = entry.get_dest()
        index = target.get_index() if target is not None else None
        title = " ".join(clean(entry.get_title()).split())
        if index is not None and title:
            marks.append((index + 1, title))
    return sorted(marks, key=lambda mark: mark[0])


def _section(page: Sequence[Paragraph], number: int, marks: Sequence[tuple[int, str]], usual: Measure) -> Section:
    heading = next((title for start, title in marks if start == number), "")
    heading = heading or next((title for start, title in reversed(marks) if start <= number), "")
    texts = [paragraph.text for paragraph in page]
    own = bool(page) and looks_like_heading(page[0], usual)
    if own and (not heading or page[0].text.casefold() == heading.casefold()):
        heading = heading or texts[0]
        texts = texts[1:] or texts  # a page that is only a title is words too
    return Section("other", heading or f"Page {number}", "\n\n".join(texts), page=number)


def _refuse_pictures(pages: Sequence[Sequence[Line]], path: str) -> None:
    words = "".join(line.text for page in pages for line in page)
    if not words:
        raise MediaUnreadable(
            f"{path} holds no text: its pages are pictures, as a scanner makes them.",
            "Run text recognition (OCR) on it, then add the file that comes out.",
        )
    if len(_NO_LETTER.findall(words)) > _MOST_GARBLED * len(words):
        raise MediaUnreadable(
            f"{path} does not say which letters its signs are, so its text cannot be read.",
            "Print it to a PDF anew, or run text recognition (OCR) on it.",
        )


def _is_title(stated: str) -> bool:
    """Whether the title property was written by a person rather than by a program."""
    return len(stated) >= 3 and re.search(r"[^\W\d_]{2}", stated) is not None and not _MADE_UP_TITLE.search(stated)


def _first_title(pages: Sequence[Sequence[Paragraph]], usual: Measure) -> str:
    """The largest heading of the first page that holds text."""
    first = next((page for page in pages if page), ())
    headings = [paragraph for paragraph in first if looks_like_heading(paragraph, usual)]
    return max(headings, key=lambda paragraph: paragraph.height).text if headings else ""

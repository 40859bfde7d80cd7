"""A visitor's PDF: the text of every page with its places; pages that are pictures are recognised."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from cml_mm.media.diagram_sections import Part, placed_with_diagrams
from cml_mm.media.page_layout import Line, text_of
from cml_mm.media.pdf import (
    LaidPage,
    first_title,
    is_garbled,
    lay_out,
    lines_on,
    outline_of,
    page_section,
    refuse_pictures,
    stated_title,
)
from cml_mm.media.pdf_diagrams import PdfDiagrams
from cml_mm.media.pdf_pages import OpenPdf, Sheet, holds_anything, opened, pictures_on, render, sheet_of
from cml_mm.media.pictures import fitted
from cml_mm.media.reading import Reading, in_words, refuse_long
from cml_mm.media.recognised import Recognised, notices_of, recognise
from cml_mm.ports import Ocr, Picture, Told
from cml_mm.prose import words
from cml_mm.types import Box, Section, around
from cml_mm.visits import Face, Limits, Placing

_DOTS_PER_INCH = 200
_LONGEST_PX = 2400  # of a page that is recognised
_NARROWER = 0.8  # pages are read narrower: a fifth less work, and as many letters right
_WHOLE_PAGE = 0.8  # share of a page that a picture covers when it is a scan
_STAMP = 100  # letters that a scanned page may hold as text: a stamp, a page number
_LARGE = 0.15  # share of a page that a picture covers to be worth reading
_FEW = 30  # letters over a picture: more are its words already
_CPU_SHARE = 0.8  # of the time that a file may take; then recognising stops, and that is said
_TOLD_EVERY = 10  # pages


@dataclass(frozen=True)
class _Page:
    """One page as the file writes it, and the parts of it that are pictures with words to recognise.

    `garbled`: its signs have no letters, so that its lines are no text.
    """

    sheet: Sheet
    lines: tuple[Line, ...]
    whole: bool = False
    areas: tuple[Box, ...] = ()
    garbled: bool = False


def placed_pdf(data: bytes, path: str, ocr: Ocr | None, limits: Limits, told: Told) -> Reading:
    """Read a PDF file with the place of every line.

    Args:
        data: the file's bytes.
        path: its name, for messages.
        ocr: who reads pages that are pictures; without one they are left out, which is said.
        limits: how many pages are read and recognised.
        told: hears which page is being read.

    Returns:
        The reading: as `pdf.read_pdf` gives it, with placings, a face for every page, and a
        section "Picture on page 4" for words on a large picture between text.

    Raises:
        MediaUnreadable: the file is damaged or protected; without `ocr`, also where it holds no text.
        LimitExceeded: it has too many pages.
        ModelError: the recogniser cannot be run.
    """
    began = time.process_time()
    with opened(data, path) as document:
        refuse_long(len(document), path, most=limits.pages)
        pages = list(_pages(document, told))
        marks = outline_of(document)
        stated = "" if _names_file(stated_title(document), path) else stated_title(document)
        if ocr is None:
            refuse_pictures([page.lines for page in pages], path)
        seen = _Recognising(document, pages, limits, told, began)
        seen.run(ocr)
        drawings = PdfDiagrams(document, limits, told, began)
        drawings.read(
            [page.sheet for page in pages], seen.whole, {n for n, page in enumerate(pages, 1) if page.lines}, ocr
        )
    laid = _laid(pages, seen.whole)
    placed = placed_with_diagrams(_parts(laid, seen, marks, drawings))
    faces = tuple(
        Face(f"page-{number}", f"Page {number}", number, page.sheet.width, page.sheet.height)
        for number, page in enumerate(pages, 1)
    )
    title = stated or first_title(laid)
    return Reading(
        placed.sections, "pdf", title, placings=placed.placings, faces=faces,
        notices=(*seen.notices(), *drawings.notices()), diagrams=placed.diagrams,
    )  # fmt: skip


def _names_file(title: str, path: str) -> bool:
    """Whether a stated title is only the file's name, as programs write it that have no other."""
    return words(title) == words(path.rsplit("/", 1)[-1].rsplit(".", 1)[0])


def _pages(document: OpenPdf, told: Told) -> Iterator[_Page]:
    count = len(document)
    for index in range(count):
        if index % _TOLD_EVERY == 0:
            told("Reading page", index + 1, count)
        with closing(document[index]) as page:
            sheet = sheet_of(page)
            lines = lines_on(page, sheet)
            letters = "".join(line.text for line in lines)
            if letters and is_garbled(letters):
                yield _Page(sheet, tuple(lines), whole=True, garbled=True)
            elif not letters:
                yield _Page(sheet, (), whole=holds_anything(page))
            else:
                yield _with_pictures(sheet, lines, pictures_on(page, sheet))


def _with_pictures(sheet: Sheet, lines: Sequence[Line], pictures: Sequence[Box]) -> _Page:
    """A page that holds text: is it the stamp on a scan, or are there pictures beside the text?"""
    kept = tuple(lines)
    if not pictures:
        return _Page(sheet, kept)
    whole = around(pictures)  # a scan may come in strips
    if _share(whole) >= _WHOLE_PAGE and sum(map(_share, pictures)) >= _WHOLE_PAGE and _letters(kept) < _STAMP:
        return _Page(sheet, kept, whole=True)
    areas = tuple(one for one in pictures if _share(one) >= _LARGE and _letters(_over(kept, one)) < _FEW)
    return _Page(sheet, kept, areas=areas)


@dataclass
class _Recognising:
    """Recognises pages one after the other, as far as the limits go, and remembers what it could not."""

    document: OpenPdf
    pages: Sequence[_Page]
    limits: Limits
    told: Told
    began: float  # the process's CPU seconds when the file was opened

    def __post_init__(self) -> None:
        self.whole: dict[int, Recognised] = {}  # by page, from 1
        self.parts: dict[int, list[Recognised]] = {}
        self.left: list[int] = []  # pages beyond a limit, or without anybody to read them
        self.wordless: list[int] = []

    def run(self, ocr: Ocr | None) -> None:
        wanted = [number for number, page in enumerate(self.pages, 1) if page.whole or page.areas]
        for done, number in enumerate(wanted):
            late = time.process_time() - self.began > _CPU_SHARE * self.limits.cpu_seconds
            if ocr is None or late or done >= self.limits.scanned_pages:
                self.left = wanted[done:]
                return
            self.told("Recognising page", done + 1, len(wanted))
            self._page(number, ocr)

    def _page(self, number: int, ocr: Ocr) -> None:
        page = self.pages[number - 1]
        sheet = page.sheet
        scale = min(_DOTS_PER_INCH / 72, _LONGEST_PX / max(sheet.width, sheet.height))
        with closing(self.document[number - 1]) as opened_page:
            drawn = render(opened_page, scale)
        if page.whole:
            area = Box(0, 0, sheet.width, sheet.height, sheet.width, sheet.height)
            found = recognise(_narrow(drawn), ocr, area) if int(np.ptp(drawn)) else Recognised()
            if found.lines or found.lost:
                self.whole[number] = found
            elif int(np.ptp(drawn)):
                self.wordless.append(number)
            return
        parts = [recognise(_narrow(_cut(drawn, area)), ocr, area) for area in page.areas]
        self.parts[number] = [_without(one, page.lines) for one in parts]

    def notices(self) -> tuple[str, ...]:
        named = [(f"page {number}", one) for number, one in sorted(self.whole.items())]
        named += [(f"the picture on page {number}", one) for number, ones in self.parts.items() for one in ones]
        notices = list(notices_of(named))
        if self.wordless:
            notices.append(f"No words were found on {in_words(self.wordless)}.")
        if self.left:
            few = len(self.left) == 1
            notices.append(
                f"The words on {in_words(self.left)}, which {'is a picture' if few else 'are pictures'}, were not read."
            )
        return tuple(notices)


def _laid(pages: Sequence[_Page], recognised: dict[int, Recognised]) -> list[LaidPage]:
    """All pages laid out; recognised ones apart, since their lines are measured in another way."""
    gone = {number for number, page in enumerate(pages, 1) if page.garbled or number in recognised}
    written = lay_out([() if number in gone else page.lines for number, page in enumerate(pages, 1)])
    if not recognised:
        return written
    read = lay_out([recognised[number].lines if number in recognised else () for number in range(1, len(pages) + 1)])
    return [
        two if number in recognised else one for number, (one, two) in enumerate(zip(written, read, strict=True), 1)
    ]


def _parts(
    laid: Sequence[LaidPage], seen: _Recognising, marks: Sequence[tuple[int, str]], drawings: PdfDiagrams
) -> Iterator[Part]:
    for number, page in enumerate(laid, 1):
        face = f"page-{number}"
        drawing = drawings.found.get(number)
        if drawing is not None:
            yield drawing.part(number, seen.whole.get(number, Recognised()))
        if drawing is not None and drawing.whole:
            continue
        section, runs = page_section(page, number, marks)
        if number in seen.whole:
            yield section, Placing(face, runs, "ocr", seen.whole[number].confidence)
        else:
            yield section, Placing(face, runs)
        for one in seen.parts.get(number, ()):
            text, runs = text_of(one.paragraphs())
            heading = f"Picture on page {number}"
            yield Section("other", heading, text, page=number), Placing(face, runs, "ocr", one.confidence)


def _without(found: Recognised, lines: Sequence[Line]) -> Recognised:
    """What was recognised but is not the page's own text, drawn over the picture."""
    own = [line.box for line in lines if line.box is not None]
    kept = tuple(line for line in found.lines if line.box is None or not any(_covers(box, line.box) for box in own))
    return replace(found, lines=kept)


def _covers(box: Box, other: Box) -> bool:
    x, y = other.x + other.w / 2, other.y + other.h / 2
    return box.x <= x <= box.x + box.w and box.y <= y <= box.y + box.h


def _over(lines: Sequence[Line], area: Box) -> list[Line]:
    return [line for line in lines if line.box is not None and _covers(area, line.box)]


def _letters(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _share(box: Box) -> float:
    return box.w * box.h / (box.of_w * box.of_h)


def _narrow(picture: Picture) -> Picture:
    return fitted(picture, max(picture.shape[:2]), across=_NARROWER)


def _cut(drawn: Picture, area: Box) -> Picture:
    across, down = drawn.shape[1] / area.of_w, drawn.shape[0] / area.of_h
    left, top = int(area.x * across), int(area.y * down)
    return drawn[top : int((area.y + area.h) * down) + 1, left : int((area.x + area.w) * across) + 1]

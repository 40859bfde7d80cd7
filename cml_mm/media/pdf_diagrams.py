"""Pages of a PDF that look like diagrams: few words among many drawn lines, or a scan with few words."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from cml_mm.media.diagram_sections import notice_of
from cml_mm.media.pdf_pages import OpenPdf, Sheet, paths_on, render, words_on
from cml_mm.media.picture_diagrams import DiagramFound, diagram_on
from cml_mm.media.reading import in_words
from cml_mm.media.recognised import Recognised
from cml_mm.ports import Ocr, OcrLine, Told
from cml_mm.visits import Limits

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MOST_PAGES = 20  # of one file that are looked at
_DOTS_PER_INCH = 150
_LONGEST_PX = 2400
_MOST_LETTERS = 1_500  # on a page; where there are more it is prose, with or without rules and tables
_FEWEST_LETTERS = 6
_FEWEST_PATHS = 4  # two boxes, a line and its head
_CPU_SHARE = 0.6  # of the time that a file may take


class PdfDiagrams:
    """Reads the diagrams of a file that is open, as far as the limits go; `found` are they, by page from 1."""

    def __init__(self, document: OpenPdf, limits: Limits, told: Told, began: float) -> None:
        """Args: began: the process's CPU seconds when the file was opened."""
        self._document = document
        self._limits = limits
        self._told = told
        self._began = began
        self._left: list[int] = []
        self.found: dict[int, DiagramFound] = {}

    def read(
        self, sheets: Sequence[Sheet], recognised: Mapping[int, Recognised], written: Collection[int], ocr: Ocr | None
    ) -> None:
        """Look at every page that may hold a diagram.

        Args:
            sheets: of all pages.
            recognised: pages that are pictures, by number.
            written: numbers of the pages that hold text of their own.
            ocr: who may read parts of a page again.
        """
        wanted = list(self._wanted(len(sheets), recognised, written))
        for done, (number, seen) in enumerate(wanted):
            if done >= MOST_PAGES or time.process_time() - self._began > _CPU_SHARE * self._limits.cpu_seconds:
                self._left = [number for number, _ in wanted[done:]]
                return
            self._told("Reading the diagram on page", done + 1, min(len(wanted), MOST_PAGES))
            sheet = sheets[number - 1]
            scale = min(_DOTS_PER_INCH / 72, _LONGEST_PX / max(sheet.width, sheet.height))
            with closing(self._document[number - 1]) as page:
                drawn = render(page, scale)
            if not int(np.ptp(drawn)):
                continue
            found = diagram_on(drawn, seen, ocr, f"page-{number}", (sheet.width, sheet.height))
            if found.diagram.has_structure:
                self.found[number] = found

    def notices(self) -> tuple[str, ...]:
        """What could be read only with doubt, or was left out."""
        said = [
            notice for number, one in sorted(self.found.items()) for notice in notice_of(one.diagram, f"page {number}")
        ]
        if self._left:
            said.append(f"On {in_words(self._left)} no diagrams were looked for, only text.")
        return tuple(said)

    def _wanted(
        self, count: int, recognised: Mapping[int, Recognised], written: Collection[int]
    ) -> Iterator[tuple[int, Recognised]]:
        """Pages that may hold a diagram, with the words on them."""
        for number in range(1, count + 1):
            if number in recognised:
                if _FEWEST_LETTERS <= _letters(recognised[number].found) <= _MOST_LETTERS:
                    yield number, recognised[number]
            elif number in written:
                with closing(self._document[number - 1]) as page:
                    lines = _lines(page)
                if lines:
                    yield number, Recognised(found=lines)


def _lines(page: PdfPage) -> tuple[OcrLine, ...]:
    """The page's own words in their places, where it looks like a diagram; else none."""
    if paths_on(page, _FEWEST_PATHS) < _FEWEST_PATHS:
        return ()
    found = words_on(page, _MOST_LETTERS)
    return found if _FEWEST_LETTERS <= _letters(found) <= _MOST_LETTERS else ()


def _letters(lines: Sequence[OcrLine]) -> int:
    return sum(len(line.text) for line in lines)

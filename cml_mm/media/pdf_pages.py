"""Pages of a PDF as they are drawn: their size and turn, the pictures on them, the drawing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cml_mm.errors import InputError, MediaUnreadable
from cml_mm.media.reading import damaged
from cml_mm.ports import OcrLine, Picture
from cml_mm.types import Box, around

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

OpenPdf: TypeAlias = "PdfDocument"
_PDFIUM = Lock()  # the library may be used by one thread at a time
_SMALLEST_PICTURE = 0.005  # share of the page; smaller ones are ornaments
_DEEPEST = 5  # pictures in groups in groups
_MOST_PIXELS = 40_000_000  # of one drawing


@dataclass(frozen=True)
class Sheet:
    """The visible part of a page in the file's own measure, and how far it is turned clockwise, in degrees.

    A PDF counts points from the lower left of an unturned page; people see its crop box, turned.
    """

    left: float
    bottom: float
    right: float
    top: float
    turned: int

    @property
    def width(self) -> float:
        """Points, as drawn."""
        return max(self.top - self.bottom if self.turned % 180 else self.right - self.left, 1.0)

    @property
    def height(self) -> float:
        """Points, as drawn."""
        return max(self.right - self.left if self.turned % 180 else self.top - self.bottom, 1.0)

    def drawn(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Where a rectangle of the file stands on the page as drawn, from its upper left."""
        x, y = {
            0: (left - self.left, self.top - top),
            90: (bottom - self.bottom, left - self.left),
            180: (self.right - right, bottom - self.bottom),
            270: (self.top - top, self.right - right),
        }[self.turned]
        w, h = (top - bottom, right - left) if self.turned % 180 else (right - left, top - bottom)
        return Box(x, y, w, h, self.width, self.height)


def sheet_of(page: PdfPage) -> Sheet:
    """The visible part of a page."""
    left, bottom, right, top = page.get_bbox()
    return Sheet(left, bottom, right, top, page.get_rotation() % 360)


@contextmanager
def opened(data: bytes, path: str) -> Iterator[PdfDocument]:
    """A PDF file, for as long as it is needed; others wait meanwhile.

    Raises:
        MediaUnreadable: it is damaged, or protected by a password.
    """
    import pypdfium2
    from pypdfium2 import raw

    with _PDFIUM:
        try:
            with closing(pypdfium2.PdfDocument(data)) as document:
                yield document
        except pypdfium2.PdfiumError as exc:
            if exc.err_code == raw.FPDF_ERR_PASSWORD:
                hint = "Save a copy without the password, then add that."
                raise MediaUnreadable(f"{path} is protected by a password.", hint) from exc
            raise damaged(path, "a PDF") from exc


def pictures_on(page: PdfPage, sheet: Sheet) -> list[Box]:
    """Where pictures stand on a page as drawn, as far as they are visible; ornaments left out."""
    from pypdfium2 import PdfiumError, raw

    found = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
        try:
            left, bottom, right, top = thing.get_bounds()
        except PdfiumError:
            continue  # a picture without a place is not drawn either
        left, right = max(left, sheet.left), min(right, sheet.right)
        bottom, top = max(bottom, sheet.bottom), min(top, sheet.top)
        if left < right and bottom < top:
            box = sheet.drawn(left, bottom, right, top)
            if box.w * box.h >= _SMALLEST_PICTURE * sheet.width * sheet.height:
                found.append(box)
    return found


def holds_anything(page: PdfPage) -> bool:
    """Whether anything is drawn on a page at all."""
    return next(iter(page.get_objects(max_depth=1)), None) is not None


def render(page: PdfPage, scale: float) -> Picture:
    """A page as pixels.

    Args:
        scale: pixels to a point; less is taken where the drawing would be too large.
    """
    width, height = page.get_size()
    scale = min(scale, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    with closing(page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)) as bitmap:
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            return np.ascontiguousarray(np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2))
        return np.array(pixels[:, :, :3])  # a copy: the bitmap goes


def draw_page(data: bytes, number: int, longest_px: int) -> Picture:
    """One page as a picture.

    Args:
        number: of the page, from 1.
        longest_px: length of its longer side.

    Raises:
        InputError: there is no such page.
        MediaUnreadable: the file is damaged or protected.
    """
    with opened(data, "The file") as document:
        if not 1 <= number <= len(document):
            raise InputError(
                f"There is no page {number}; the file has {len(document)}.", "Choose one of the pages that it has."
            )
        with closing(document[number - 1]) as page:
            return render(page, longest_px / max(page.get_size()))


def paths_on(page: PdfPage, enough: int) -> int:
    """How many lines and shapes are drawn on a page; counting stops at `enough`."""
    from pypdfium2 import raw

    return sum(1 for _ in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_DEEPEST), enough))


def words_on(page: PdfPage, most_letters: int) -> tuple[OcrLine, ...]:
    """The words of a page as they stand on it: words with a gap between them are apart, however they are written.

    Args:
        most_letters: reading stops soon after so many.

    Returns: each with its box, in the measure of the page as drawn, from top to bottom.
    """
    sheet = sheet_of(page)
    found: list[tuple[str, Box]] = []
    letters = 0
    with closing(page.get_textpage()) as text:
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            words = " ".join(text.get_text_bounded(left, bottom, right, top).split())
            if words and right > left and top > bottom:
                found.append((words, sheet.drawn(left, bottom, right, top)))
                letters += len(words)
            if letters > most_letters:
                break
    return tuple(OcrLine(words, box, 1.0) for words, box in _joined(found))


def _joined(words: list[tuple[str, Box]]) -> list[tuple[str, Box]]:
    """Words that follow each other on a line with no more than a blank between them, as one."""
    lines: list[tuple[str, Box]] = []
    for text, box in sorted(words, key=lambda one: (round(one[1].y + one[1].h / 2), one[1].x)):
        for place in range(len(lines) - 1, max(-1, len(lines) - 40), -1):
            before, other = lines[place]
            low = min(box.h, other.h)
            gap = box.x - other.x - other.w
            level = abs(box.y + box.h / 2 - other.y - other.h / 2) < 0.4 * low
            if level and -0.3 * low < gap < 0.7 * low:
                blank = " " if gap > 0.12 * low else ""
                lines[place] = (f"{before}{blank}{text}", around((other, box)))
                break
        else:
            lines.append((text, box))
    return lines

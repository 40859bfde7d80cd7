"""What a recogniser reads on a picture → lines that know their place on the page or picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cml_mm.media.page_layout import (
    Line,
    Paragraph,
    even_heights,
    measure,
    paragraphs_of,
    words_in,
)
from cml_mm.media.pictures import fitted
from cml_mm.ports import Ocr, OcrLine, Picture
from cml_mm.types import Box

DOUBTFUL = 0.8  # mean confidence below which a reader is asked to look at the picture
_LEAST_CONFIDENCE = 0.5  # of a line whose words are taken at all
_SMALL_PX = 1000  # longest side of a picture that is enlarged before it is read
_ENLARGED = 2


@dataclass(frozen=True)
class Recognised:
    """Lines of one page or picture.

    `confidence` is the mean over their letters, 1 where there are none; `lost` counts lines
    that were seen, but not well enough to be read. `found` are all of them as the recogniser gave
    them, sure or not, in the measure of the page or picture.
    """

    lines: tuple[Line, ...] = ()
    confidence: float = 1.0
    lost: int = 0
    found: tuple[OcrLine, ...] = ()

    def paragraphs(self) -> list[Paragraph]:
        """Joined by themselves, for a picture that is no page among others."""
        return paragraphs_of(self.lines, measure([self.lines]), words_in([self.lines]))


def recognise(picture: Picture, ocr: Ocr, area: Box) -> Recognised:
    """Read the words on a picture.

    Args:
        picture: what is read.
        ocr: who reads it.
        area: the place of the picture on its page, or the whole of its own.

    Returns: lines in reading order, with boxes in the measure of `area`.
    Raises: ModelError: the recogniser cannot be run.
    """
    longest = max(picture.shape[:2])
    found = ocr.recognise(fitted(picture, longest * _ENLARGED) if longest < _SMALL_PX else picture)
    sure = [line for line in found if line.confidence >= _LEAST_CONFIDENCE]
    signs = sum(len(line.text) for line in sure)
    return Recognised(
        tuple(even_heights([_line(line, area) for line in sure])),
        sum(len(line.text) * line.confidence for line in sure) / signs if signs else 1.0,
        sum(len(line.text) > 2 for line in found) - sum(len(line.text) > 2 for line in sure),
        tuple(replace(line, box=_on(area, line.box)) for line in found),
    )


def notices_of(found: Sequence[tuple[str, Recognised]]) -> tuple[str, ...]:
    """What a reader must know about recognised pictures, each named as in a sentence ("page 4")."""
    notices = []
    for name, one in found:
        if one.lines and one.confidence < DOUBTFUL:
            notices.append(f"The words on {name} were recognised with doubt; look at the picture.")
        elif one.lost:
            notices.append(f"Not all words on {name} could be recognised; look at the picture.")
    return tuple(notices)


def _line(line: OcrLine, area: Box) -> Line:
    box = _on(area, line.box)
    seen = _turned(box, line.turns)
    return Line(line.text, seen.x, seen.x + seen.w, seen.of_h - seen.y, seen.of_h - seen.y - seen.h, box=box)


def _on(area: Box, box: Box) -> Box:
    """A box on a picture, on the page that holds the picture at `area`."""
    across, down = area.w / box.of_w, area.h / box.of_h
    return Box(area.x + box.x * across, area.y + box.y * down, box.w * across, box.h * down, area.of_w, area.of_h)


def _turned(box: Box, turns: int) -> Box:
    """A box as it lies after quarter turns clockwise of its picture."""
    for _ in range(turns % 4):
        box = Box(box.of_h - box.y - box.h, box.x, box.h, box.w, box.of_h, box.of_w)
    return box

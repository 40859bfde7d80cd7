"""The words on a sheet: where each line of text stands after straightening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cml_mm.media.raster.sheet import Frame, Sheet, mapped
from cml_mm.ports import OcrLine

_LEAST_CONFIDENCE = 0.45


@dataclass(frozen=True)
class Word:
    """One line of text; `frame` lies on the sheet."""

    text: str
    frame: Frame
    confidence: float

    @property
    def width(self) -> float:
        return self.frame[2] - self.frame[0]

    @property
    def height(self) -> float:
        return self.frame[3] - self.frame[1]

    @property
    def middle(self) -> tuple[float, float]:
        return (self.frame[0] + self.frame[2]) / 2, (self.frame[1] + self.frame[3]) / 2


def words_on(sheet: Sheet, lines: Sequence[OcrLine]) -> tuple[Word, ...]:
    """The lines of text with their frames on the sheet; those that are hardly letters are left out.

    The box of a line on a crooked picture is too large by what the line climbs; that is taken off again.
    """
    return tuple(
        Word(line.text.strip(), _frame(sheet, line), line.confidence)
        for line in lines
        if line.text.strip() and line.confidence >= _LEAST_CONFIDENCE
    )


def _frame(sheet: Sheet, line: OcrLine) -> Frame:
    box = line.box
    middle = np.array([box.x + box.w / 2, box.y + box.h / 2])
    along = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]) + middle
    centre, right, down = mapped(sheet.there, along)
    scale = float(np.sqrt(abs(np.linalg.det(np.array([right - centre, down - centre])))))
    slope = abs(float(np.arctan2(right[1] - centre[1], right[0] - centre[0])))
    w, h = _without_climb(box.w, box.h, slope)
    w, h = w * scale / 2, h * scale / 2
    return float(centre[0] - w), float(centre[1] - h), float(centre[0] + w), float(centre[1] + h)


def _without_climb(w: float, h: float, slope: float) -> tuple[float, float]:
    """Sides of a rectangle by the sides of the upright box around it: w' = w cos + h sin, h' = w sin + h cos."""
    cos, sin = np.cos(slope), np.sin(slope)
    whole = cos * cos - sin * sin
    if whole < 0.5 or slope < 1e-3:
        return w, h
    inner = (w * cos - h * sin) / whole, (h * cos - w * sin) / whole
    return max(float(inner[0]), 0.5 * w), max(float(inner[1]), 0.3 * h)

"""Lone plus and minus signs beside lines, as in causal loops: no recogniser of letters reads a single dash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cml_mm.media.raster.lines import Line
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.regions import Mask
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.strokes import Ink
from cml_mm.media.raster.words import Word

_WIDE = (0.18, 0.9)  # lines of text that a sign is wide
_FLAT = 2.2  # times as wide as high: a minus
_HIGHEST = 0.22  # lines of text, of a minus
_FILLED = 0.7
_APART = 0.22  # lines of text of blank around it
_FROM_LINE = (0.12, 1.5)  # lines of text from its middle to the nearest line
_BAR = 0.75  # of a plus sign's side that each of its bars takes up
_CORNER = 0.25  # of the ink in its corners at most
_HALF = 0.3  # lines of text from a sign's middle to the side of its frame
_SURE = 0.7
_FEWEST = 2  # dashes where no plus sign says that the picture has signs
_PLUS = "+＋十"
_MINUS = "-–—−﹣－一_"


@dataclass(frozen=True)
class _Mark:
    sign: str
    x: float
    y: float


def with_signs(sheet: Sheet, ink: Ink, words: Sequence[Word], lines: Sequence[Line]) -> tuple[Word, ...]:
    """The words with the lone signs beside lines, each sign written as "+" or "-".

    Args:
        words: those outside of boxes.
        lines: what the signs may belong to; a dash that lies on one is a part of it.
    """
    plain = [_normal(word) for word in words]
    if not lines:
        return tuple(plain)
    marks = _marks(sheet, ink, lines)
    known = any(word.text in ("+", "-") for word in plain) or any(mark.sign == "+" for mark in marks)
    if not known and len(marks) < _FEWEST:
        return tuple(plain)
    # On a picture without any plus, dashes beside lines are more likely pieces of something else.
    if not known and not _may_have_signs(lines, plain):
        return tuple(plain)
    half = _HALF * sheet.unit
    added = [Word(mark.sign, (mark.x - half, mark.y - half, mark.x + half, mark.y + half), _SURE) for mark in marks]
    return (*plain, *added)


def _may_have_signs(lines: Sequence[Line], words: Sequence[Word]) -> bool:
    """Whether nothing else is said on the lines, so that signs may be."""
    return bool(lines) and not any(len(word.text) > 1 for word in words)


def _normal(word: Word) -> Word:
    text = word.text.strip("()[] ")
    if len(text) == 1 and text in _PLUS:
        return replace(word, text="+")
    if len(text) == 1 and text in _MINUS:
        return replace(word, text="-")
    return word


def _marks(sheet: Sheet, ink: Ink, lines: Sequence[Line]) -> list[_Mark]:
    cv2 = opencv()
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.lines.astype(np.uint8), connectivity=8)
    points = np.concatenate([line.points for line in lines])
    unit = sheet.unit
    found = []
    for number, (left, top, wide, high, area) in enumerate(stats):
        if number == 0 or not _WIDE[0] * unit < wide < _WIDE[1] * unit:
            continue
        cut = labels[top : top + high, left : left + wide] == number
        sign = _sign(cut, float(wide), float(high), float(area), unit)
        if not sign or not _is_alone(ink, (left, top, left + wide, top + high), int(area), unit):
            continue
        x, y = left + wide / 2, top + high / 2
        away = float(np.hypot(points[:, 0] - x, points[:, 1] - y).min())
        if _FROM_LINE[0] * unit < away < _FROM_LINE[1] * unit:
            found.append(_Mark(sign, float(x), float(y)))
    return found


def _sign(cut: Mask, wide: float, high: float, area: float, unit: float) -> str:
    if high < _HIGHEST * unit and wide > _FLAT * high and area > _FILLED * wide * high:
        return "-"
    if 0.75 < wide / high < 1.34 and area < 0.6 * wide * high:
        rows, columns = cut.mean(axis=1), cut.mean(axis=0)
        h, w = cut.shape
        third, side = max(1, h // 3), max(1, w // 3)
        corners = cut[:third, :side].sum() + cut[:third, -side:].sum()
        corners += cut[-third:, :side].sum() + cut[-third:, -side:].sum()
        crossed = max(rows[third:-third], default=0) > _BAR and max(columns[side:-side], default=0) > _BAR
        if crossed and corners < _CORNER * area:
            return "+"
    return ""


def _is_alone(ink: Ink, frame: Frame, area: int, unit: float) -> bool:
    """Whether nothing else is drawn close by."""
    more = max(2, int(_APART * unit))
    left, top, right, foot = (int(value) for value in frame)
    rows, columns = slice(max(0, top - more), foot + more), slice(max(0, left - more), right + more)
    return int(ink.lines[rows, columns].sum()) <= area and not (ink.owner[rows, columns] >= 0).any()

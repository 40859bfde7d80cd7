"""The words on a slide: its lines in reading order, and which of them is its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from statistics import median

from cml_mm.lectures.values import SlideLine
from cml_mm.media.film.condensing import condensed
from cml_mm.media.film.tiles import Mask
from cml_mm.media.pictures import fitted
from cml_mm.ports import Ocr, OcrLine, Picture
from cml_mm.types import Box

_SMALL_PX = 1000  # longest side of a frame that is enlarged before it is read
_ENLARGED = 2
_LEAST_CONFIDENCE = 0.5
_MARK = re.compile(r"^(?:[•·∙●○◦▪▫■□►▸▶‣»›]\s*|[-–—*]\s+)(?=\S)|^[-–—](?=[^\W\d_]{2})")
_NUMBER = re.compile(r"[\W\d]+(?:of|von|de|di|sur|/)?[\W\d]*", re.IGNORECASE)
_FOOT = 0.85  # of the height, below which a number counts pages
_UPPER = 0.5
_AS_LARGE = 0.8  # of the largest line near the top, from which on another may be the title
_LARGER = 1.15  # than the other lines, for two of them to be one title
_ALIKE = 0.85
_LEAST_ALIKE = 2  # lines that stay, for a list to be the same list


def lines_on(picture: Picture, mute: Mask, ocr: Ocr) -> tuple[OcrLine, ...]:
    """The lines on a frame, in reading order and in its pixels; none that stand where it moves.

    Args:
        picture: shape (height, width, 3), RGB.
        mute: the tiles that move, over the whole picture.
        ocr: who reads it.
    """
    longest = max(picture.shape[:2])
    large = fitted(picture, longest * _ENLARGED) if longest < _SMALL_PX else picture
    short = condensed(large, mute)
    if min(short.picture.shape[:2], default=0) < 2:
        return ()
    height, width = picture.shape[:2]
    found = []
    for line in ocr.recognise(short.picture):
        if line.confidence >= _LEAST_CONFIDENCE and any(sign.isalnum() for sign in line.text):
            box = short.back(line.box)
            across, down = width / box.of_w, height / box.of_h
            place = Box(box.x * across, box.y * down, box.w * across, box.h * down, width, height)
            found.append(OcrLine(line.text, place, line.confidence, line.turns))
    return tuple(found)


def slide_lines(lines: Sequence[OcrLine], width_px: int, height_px: int) -> tuple[SlideLine, ...]:
    """Lines without the marks of their list, with boxes on a frame of this size."""
    found = []
    for line in lines:
        across, down = width_px / line.box.of_w, height_px / line.box.of_h
        box = Box(line.box.x * across, line.box.y * down, line.box.w * across, line.box.h * down, width_px, height_px)
        found.append(SlideLine(_MARK.sub("", line.text.strip()), box, line.confidence))
    return tuple(found)


def title_of(lines: Sequence[SlideLine]) -> str:
    """The most prominent line near the top, or two that are one title; "" where there is none."""
    worded = [line for line in lines if sum(sign.isalpha() for sign in line.text) > 1]
    if not worded:
        return ""
    top, foot = min(line.box.y for line in worded), max(line.box.y + line.box.h for line in worded)
    upper = [line for line in worded if line.box.y + line.box.h / 2 <= top + _UPPER * (foot - top)] or worded
    largest = max(line.box.h for line in upper)
    first = min((line for line in upper if line.box.h >= _AS_LARGE * largest), key=lambda line: line.box.y)
    others = [line.box.h for line in worded if line is not first]
    second = next((line for line in worded if _continues(first, line)), None)
    if second is None or min(first.box.h, second.box.h) < _LARGER * median(others):
        return first.text
    return f"{first.text} {second.text}"


def is_worded(lines: Sequence[OcrLine]) -> bool:
    """Whether words stand there, and not only a page's number."""
    return any(sum(sign.isalpha() for sign in line.text) > 2 and not _counts_pages(line) for line in lines)


def grew_from(after: Sequence[OcrLine], before: Sequence[OcrLine]) -> bool:
    """Whether all lines of one slide are still there on the next, at their places: a list that grew, or was dimmed."""
    kept = [line for line in before if not _counts_pages(line)]
    if len(kept) < _LEAST_ALIKE:
        return False
    return all(any(_same(line, other) for other in after) for line in kept)


def _counts_pages(line: OcrLine) -> bool:
    return line.box.y > _FOOT * line.box.of_h and _NUMBER.fullmatch(line.text.strip()) is not None


def _same(one: OcrLine, other: OcrLine) -> bool:
    tall = max(one.box.h, other.box.h)
    if abs(one.box.y + one.box.h / 2 - other.box.y - other.box.h / 2) > 0.5 * tall:
        return False
    if abs(one.box.x - other.box.x) > 1.5 * tall:
        return False
    first, second = (_MARK.sub("", line.text.strip()).casefold() for line in (one, other))
    return second.startswith(first) or SequenceMatcher(None, first, second).ratio() >= _ALIKE


def _continues(first: SlideLine, line: SlideLine) -> bool:
    """Whether a line is the second half of a title."""
    gap = line.box.y - (first.box.y + first.box.h)
    return (
        line is not first
        and -0.4 * first.box.h < gap < 0.5 * first.box.h
        and abs(line.box.h - first.box.h) < 0.2 * first.box.h
        and line.box.x < first.box.x + first.box.w
    )

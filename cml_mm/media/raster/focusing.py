"""A blurred picture as well readable as it can be made: sharpened, and its words read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cml_mm.errors import ModelError
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.sharpening import sharpened
from cml_mm.media.raster.sheet import CLEAN_GRAIN, grain_of
from cml_mm.ports import Ocr, OcrLine, Picture
from cml_mm.types import Box

_SMALL_LINE_PX = 30.0  # height of a line's box below which sharpened letters are read better enlarged
_ENLARGED = 2.0
_MOST_ENLARGED_PX = 3_000_000  # of the enlarged picture
_SAME = 0.3  # of the smaller of two boxes, for both to be one line


def in_focus(picture: Picture, lines: Sequence[OcrLine], ocr: Ocr | None) -> tuple[Picture, tuple[OcrLine, ...]]:
    """The picture to work on, of the same size, and its lines of text, read again where it was sharpened.

    Args:
        picture: shape (height, width, 3), RGB.
        lines: what was read on it so far.
        ocr: None where there is none; then the lines stay.
    """
    sharper = sharpened(picture) if grain_of(picture) < CLEAN_GRAIN else picture
    if ocr is None or sharper is picture:
        return sharper, tuple(lines)
    times = _ENLARGED if _is_small(lines) and sharper[..., 0].size * _ENLARGED**2 <= _MOST_ENLARGED_PX else 1.0
    cv2 = opencv()
    page = sharper if times == 1.0 else cv2.resize(sharper, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    try:
        return sharper, _merged(lines, [_shrunk(line, times) for line in ocr.recognise(page)])
    except ModelError:
        return sharper, tuple(lines)


def _is_small(lines: Sequence[OcrLine]) -> bool:
    heights = [min(line.box.w, line.box.h) for line in lines if len(line.text) > 1]
    return bool(heights) and float(np.median(heights)) < _SMALL_LINE_PX


def _shrunk(line: OcrLine, times: float) -> OcrLine:
    box = line.box
    sides = (box.x, box.y, box.w, box.h, box.of_w, box.of_h)
    return replace(line, box=Box(*(side / times for side in sides)))


def _merged(before: Sequence[OcrLine], anew: Sequence[OcrLine]) -> tuple[OcrLine, ...]:
    """The better of two readings as a whole, with what only the other one found."""
    better, other = (anew, before) if _worth(anew) >= _worth(before) else (before, anew)
    return (*better, *(line for line in other if not any(_share(line.box, known.box) > _SAME for known in better)))


def _worth(lines: Sequence[OcrLine]) -> float:
    return sum(line.confidence * len(line.text) for line in lines)


def _share(one: Box, other: Box) -> float:
    """How much of the smaller box lies in the other one."""
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(0.0, across) * max(0.0, down) / max(1e-6, min(one.w * one.h, other.w * other.h))

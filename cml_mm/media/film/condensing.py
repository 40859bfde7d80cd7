"""A slide without its empty rows and columns, which a recogniser would search for words all the same.

Searching costs the square of a picture's side, and slides are mostly empty. What moves is painted over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.film.tiles import Mask
from cml_mm.media.raster.opencv import opencv
from cml_mm.ports import Picture
from cml_mm.types import Box

_INK = 24  # grey levels between neighbours, where something is drawn and not only compressed
_RULE_SHARE = 0.45  # of a row or column that is inked, from which on it is a frame's line or the edge of a band
_MARGIN = 60  # part of the picture's shorter side that stays empty around what is drawn
_FEWEST_INKED = 2  # points of a row or column that is not empty


@dataclass(frozen=True)
class Condensed:
    """`rows` and `columns` say where each of the picture's were before."""

    picture: Picture
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    width_px: int  # before
    height_px: int

    def back(self, box: Box) -> Box:
        """A box on the condensed picture, as it lies on the whole one."""
        left, right = _ends(self.columns, box.x, box.x + box.w)
        top, foot = _ends(self.rows, box.y, box.y + box.h)
        return Box(left, top, right - left, foot - top, self.width_px, self.height_px)


def condensed(picture: Picture, mute: Mask) -> Condensed:
    """Leaves out what is empty.

    Args:
        picture: shape (height, width, 3), RGB.
        mute: the tiles that move, over the whole picture: what stands there is painted over.
    """
    cv2 = opencv()
    height, width = picture.shape[:2]
    moves = cv2.resize(mute.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    seen = picture
    if moves.any() and not moves.all():
        seen = picture.copy()
        seen[moves] = np.median(picture[~moves][::97], axis=0).astype(np.uint8)
    inked = inked_on(seen) & ~_widened(moves)
    inked[:, inked.mean(axis=0) > _RULE_SHARE] = False
    inked[inked.mean(axis=1) > _RULE_SHARE] = False
    margin = max(8, min(height, width) // _MARGIN)
    rows, columns = (_kept(inked.sum(axis=axis) >= _FEWEST_INKED, margin) for axis in (1, 0))
    if not (len(rows) and len(columns)):
        return Condensed(picture[:0, :0], rows, columns, width, height)
    return Condensed(np.ascontiguousarray(seen[np.ix_(rows, columns)]), rows, columns, width, height)


def without_pointer(pictures: Sequence[Picture]) -> Picture | None:
    """One picture out of several of the same slide; of three, each point as two of them show it at least.

    Args:
        pictures: all of one shape.

    Returns: the last where there are fewer; None of none.
    """
    if len(pictures) < 3 or len({picture.shape for picture in pictures}) > 1:
        return pictures[-1] if pictures else None
    one, other, third = pictures[:3]
    cv2 = opencv()
    return np.asarray(cv2.max(cv2.min(one, other), cv2.min(cv2.max(one, other), third)))


def inked_on(picture: Picture) -> NDArray[np.bool_]:
    """Points of a picture next to which its light leaps, shape (height, width)."""
    cv2 = opencv()
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > _INK)


def _widened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(opencv().dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)


def _kept(full: NDArray[np.bool_], margin: int) -> NDArray[np.int64]:
    around = np.convolve(full, np.ones(2 * margin + 1), mode="same") > 0
    return np.flatnonzero(around)


def _ends(kept: NDArray[np.int64], start: float, end: float) -> tuple[float, float]:
    last = len(kept) - 1
    first = int(kept[min(max(round(start), 0), last)])
    return float(first), float(max(first, int(kept[min(max(round(end) - 1, 0), last)])) + 1)

"""Which end of a line is thicker: what is left to tell its head by where nothing lies evenly on both its sides."""

from __future__ import annotations

import numpy as np

from cml_mm.media.raster.regions import Mask
from cml_mm.media.raster.skeleton import Points, Skeleton

_REACH = 0.5  # lines of text around the end
_INKED = 1.2  # times the ink that the line itself leaves there
_THAN_OTHER = 1.1  # times the other end's


def thicker_end(ink: Mask, skeleton: Skeleton, points: Points, unit: float) -> int | None:
    """The end around which lies clearly more ink than the line itself leaves, and more than around the other.

    Args:
        ink: the lines between boxes.
        points: from the line's first end to its last.
        unit: height of a line of text in pixels.

    Returns: 0 for the first end, 1 for the last, None where neither does.
    """
    reach = _REACH * unit
    line = reach * skeleton.width_along(points)
    first, last = _ink_around(ink, points[0], reach), _ink_around(ink, points[-1], reach)
    if max(first, last) < _INKED * line or max(first, last) < _THAN_OTHER * min(first, last):
        return None
    return 0 if first > last else 1


def _ink_around(ink: Mask, spot: Points, reach: float) -> int:
    x, y = (float(value) for value in spot)
    top, left = max(0, int(y - reach)), max(0, int(x - reach))
    cut = ink[top : int(y + reach) + 1, left : int(x + reach) + 1]
    rows, columns = np.nonzero(cut)
    return int((np.hypot(rows + top - y, columns + left - x) <= reach).sum())

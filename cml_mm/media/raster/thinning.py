"""Lines worn down to a width of one pixel.

Guo and Hall, "Parallel thinning with two-subiteration algorithms", Communications of the ACM 32 (1989),
done on the coordinates of the ink alone, since ink is a small part of a picture.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.regions import Mask

_MOST_ROUNDS = 60


def thinned(ink: Mask) -> Mask:
    """The middle lines of what is inked.

    Args:
        ink: shape (height, width).

    Returns: the same shape; 8-connected where the ink was.
    """
    grid = np.pad(ink.astype(np.uint8), 1)
    width = grid.shape[1]
    flat = grid.ravel()
    around = np.array([-width, -width + 1, 1, width + 1, width, width - 1, -1, -width - 1])
    places = np.flatnonzero(flat)
    watched = places
    for _ in range(_MOST_ROUNDS):
        worn: list[NDArray[np.int64]] = []
        for table in _TABLES:
            codes = np.zeros(len(watched), dtype=np.uint8)
            for bit, step in enumerate(around):
                codes |= flat[watched + step] << bit
            gone = watched[table[codes] & (flat[watched] > 0)]
            flat[gone] = 0
            worn.append(gone)
        changed = np.concatenate(worn)
        if not len(changed):
            break
        near = np.unique((changed[:, None] + around[None, :]).ravel())
        watched = near[flat[near] > 0]
    result: Mask = grid[1:-1, 1:-1].astype(bool)
    return result


def _table(second: bool) -> NDArray[np.bool_]:
    """For each of the 256 surroundings whether a pixel may go; bits run clockwise from the pixel above."""
    table = np.zeros(256, dtype=bool)
    for code in range(256):
        p2, p3, p4, p5, p6, p7, p8, p9 = (bool(code >> bit & 1) for bit in range(8))
        parts = (not p2 and (p3 or p4)) + (not p4 and (p5 or p6)) + (not p6 and (p7 or p8)) + (not p8 and (p9 or p2))
        one = (p9 or p2) + (p3 or p4) + (p5 or p6) + (p7 or p8)
        other = (p2 or p3) + (p4 or p5) + (p6 or p7) + (p8 or p9)
        kept = ((p6 or p7 or not p9) and p8) if not second else ((p2 or p3 or not p5) and p4)
        table[code] = parts == 1 and 2 <= min(one, other) <= 3 and not kept
    return table


_TABLES = (_table(False), _table(True))

"""What lies around the lines: the boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.skeleton import Points


class Surroundings:
    """The nearest box to any pixel, and how far it is."""

    def __init__(self, owner: NDArray[np.int16]) -> None:
        cv2 = opencv()
        free = (owner < 0).astype(np.uint8)
        self._away, nearest = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
        numbers = np.full(int(nearest.max()) + 1, -1, dtype=np.int16)
        inside = owner >= 0
        numbers[nearest[inside]] = owner[inside]
        self._nearest, self._numbers = nearest, numbers
        self._any = bool(inside.any())

    def at(self, x: float, y: float) -> tuple[int, float]:
        """The nearest box and its distance in pixels; (-1, infinity) where there are none."""
        if not self._any:
            return -1, float("inf")
        height, width = self._away.shape
        row, column = min(height - 1, max(0, round(y))), min(width - 1, max(0, round(x)))
        return int(self._numbers[self._nearest[row, column]]), float(self._away[row, column])

    def is_between(self, one: Points, other: Points) -> bool:
        """Whether the straight way between two points leads over a box."""
        count = max(2, int(np.linalg.norm(other - one) / 3))
        spots = one + (other - one) * np.linspace(0.0, 1.0, count)[:, None]
        height, width = self._away.shape
        rows = np.clip(np.rint(spots[:, 1]).astype(int), 0, height - 1)
        columns = np.clip(np.rint(spots[:, 0]).astype(int), 0, width - 1)
        return bool((self._away[rows, columns] == 0).any())

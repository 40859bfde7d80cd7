"""How far a picture is askew, by the direction that most of its edges have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.ports import Picture

_WIDEST_DEGREES = 12.0  # more is no slip of the hand
_STEP_DEGREES = 0.2
_LONGEST_PX = 1400
_STRONG = 40.0  # difference in grey levels across an edge
_LEAD = 2.5  # times the usual height of the histogram, for a peak to count


def skew_degrees(picture: Picture, flat: NDArray[np.float64], w: float, h: float) -> float:
    """The angle of the edges that should be level or upright, clockwise; 0 where none stands out.

    Args:
        picture: shape (height, width, 3), RGB.
        flat: the map to the page seen from straight above; w, h: that page's size in pixels.
    """
    cv2 = opencv()
    scale = min(1.0, _LONGEST_PX / max(w, h))
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    smaller = np.diag([scale, scale, 1.0]) @ flat
    seen = cv2.warpPerspective(picture, smaller, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.GaussianBlur(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1.2)
    across, down = cv2.Sobel(grey, -1, 1, 0, scale=0.25), cv2.Sobel(grey, -1, 0, 1, scale=0.25)
    strength = np.hypot(across, down)
    strong = strength > _STRONG / 4
    if not strong.any():
        return 0.0
    angles = np.degrees(np.arctan2(down[strong], across[strong]))
    off = (angles + 45.0) % 90.0 - 45.0
    return _peak(off, np.minimum(strength[strong], 60.0))


def _peak(off: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    edges = np.arange(-_WIDEST_DEGREES, _WIDEST_DEGREES + _STEP_DEGREES, _STEP_DEGREES)
    counts, _ = np.histogram(off, edges, weights=weights)
    smooth = np.convolve(counts, [1, 2, 3, 2, 1], mode="same") / 9
    best = int(np.argmax(smooth))
    if smooth[best] < _LEAD * max(float(np.median(smooth)), 1e-6) or best in (0, len(smooth) - 1):
        return 0.0
    near = slice(max(0, best - 3), best + 4)
    middles = (edges[:-1] + edges[1:]) / 2
    return float(np.average(middles[near], weights=counts[near] + 1e-9))

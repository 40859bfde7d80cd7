"""Pictures out of focus: how much a picture is blurred, and its edges made steep again."""

from __future__ import annotations

import numpy as np

from cml_mm.media.raster.opencv import opencv
from cml_mm.ports import Picture

_NEAR_PX = 9
_STRONG = 80  # levels between the brightest and the darkest pixel nearby, where blur is measured
_LEAST_MEASURED = 200  # pixels
_STEEP = 0.58  # of that difference, between two neighbours; drawn and photographed pages have more
_SIGMA_STEEP = 0.45  # a blur's standard deviation in pixels, times the steepness that it leaves on strokes
_MOST_SIGMA = 2.5
_ROUNDS = 14


def steepness_of(picture: Picture) -> float:
    """Which share of a strong edge lies between two neighbouring pixels; 1.0 where there are no strong edges.

    Args:
        picture: shape (height, width, 3), RGB.
    """
    cv2 = opencv()
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    kernel = np.ones((_NEAR_PX, _NEAR_PX), np.uint8)
    across = cv2.dilate(grey, kernel) - cv2.erode(grey, kernel)
    level = grey.astype(np.int16)
    step = np.zeros(grey.shape, dtype=np.uint8)
    step[:, 1:] = np.abs(level[:, 1:] - level[:, :-1])
    step[1:] = np.maximum(step[1:], np.abs(level[1:] - level[:-1]))
    strong = across > _STRONG
    if int(strong.sum()) < _LEAST_MEASURED:
        return 1.0
    return float(np.median(cv2.dilate(step, kernel)[strong] / across[strong].astype(np.float32)))


def sharpened(picture: Picture) -> Picture:
    """A blurred picture with its blur taken back as far as it can be; any other one as it is.

    After van Cittert's repeated correction (Physik 1931), kept within black and white, for a Gaussian
    blur whose width is told by how steep the steepest edges are left.

    Args:
        picture: shape (height, width, 3), RGB, with hardly any noise, which would grow.
    """
    steep = steepness_of(picture)
    if steep >= _STEEP:
        return picture
    cv2 = opencv()
    sigma = min(_MOST_SIGMA, _SIGMA_STEEP / max(0.1, steep))
    seen = picture.astype(np.float32)
    guess = seen.copy()
    for _ in range(_ROUNDS):
        guess += seen - cv2.GaussianBlur(guess, (0, 0), sigma)
        np.clip(guess, 0.0, 255.0, out=guess)
    return np.asarray(guess + 0.5, dtype=np.uint8)

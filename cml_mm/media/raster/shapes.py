"""What shape a patch has: how full, how symmetrical, and which of the usual outlines fits it best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm.diagrams.values import NodeShape
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.regions import Mask

_ELLIPSE = 0.955  # overlap with the ellipse of the same box
_FULL = 0.975  # of the upright box
_ROUND_CORNER = 0.035  # of the short side: what a corner lacks


@dataclass(frozen=True)
class Form:
    """Measures of a filled mask, each from 0 to 1."""

    solid: float  # of its hull
    symmetric: float  # overlap with itself, turned by half
    full: float  # of its box


def form_of(mask: Mask) -> Form:
    """How much a mask looks like a drawn shape and not like a field left between lines."""
    cv2 = opencv()
    cut = _cut(mask)
    outlines, _ = cv2.findContours(cut, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(np.vstack(outlines))
    filled = np.zeros_like(cut)
    cv2.fillPoly(filled, [hull], 1)
    area = float(cut.sum())
    turned = cut[::-1, ::-1]
    both, either = float((cut & turned).sum()), float((cut | turned).sum())
    return Form(area / max(1.0, float(filled.sum())), both / max(1.0, either), area / cut.size)


def shape_of(mask: Mask) -> NodeShape:
    """The usual outline that fits best."""
    cut = _cut(mask)
    h, w = cut.shape
    full = float(cut.mean())
    ellipse = _overlap(cut, _ellipse(h, w))
    lacking = _corner_lack(cut)
    if full > _FULL and lacking < _ROUND_CORNER * min(h, w):
        return "box"
    if ellipse > _ELLIPSE:
        return "circle" if 0.87 < w / h < 1.15 else "ellipse"
    if _overlap(cut, _diamond(h, w)) > 0.93:
        return "diamond"
    return _by_corners(cut, full)


def _by_corners(cut: NDArray[np.uint8], full: float) -> NodeShape:
    cv2 = opencv()
    outlines, _ = cv2.findContours(cut, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(corners) == 3:
        return "triangle"
    if _is_cylinder(cut):
        return "cylinder"
    if len(corners) == 4 and full < 0.95:
        upper, lower = _side(cut, 0.1), _side(cut, 0.9)
        slant = (upper[0] - lower[0]) * (upper[1] - lower[1])
        return "parallelogram" if slant > 0 else "trapezium" if full > 0.6 else "diamond"
    if len(corners) in (6, 8) and full < 0.93 and _middle_is_widest(cut):
        return "hexagon"
    if len(corners) == 5 and full > 0.9:
        return "note"
    return "rounded" if full > 0.8 else "other"


def _is_cylinder(cut: NDArray[np.uint8]) -> bool:
    """Straight sides, curved ends: full columns at the middle, short at the sides, sides upright."""
    h, w = cut.shape
    tall = cut.sum(axis=0) / h
    wide = cut.sum(axis=1) / w
    upright = wide[int(0.3 * h) : max(int(0.3 * h) + 1, int(0.7 * h))].min() > 0.97
    quarter, sixteenth = tall[w // 4], tall[max(1, w // 16)]
    return bool(upright and tall[w // 2] > 0.97 and sixteenth < 0.93 and 0.3 < (1 - quarter) / (1 - sixteenth) < 0.9)


def _side(cut: NDArray[np.uint8], share: float) -> tuple[int, int]:
    """Where a row begins and ends."""
    row = np.flatnonzero(cut[int(share * (len(cut) - 1))])
    return int(row[0]), int(row[-1])


def _middle_is_widest(cut: NDArray[np.uint8]) -> bool:
    wide = cut.sum(axis=1)
    return bool(wide[len(wide) // 2] > 1.04 * max(wide[0], wide[-1]))


def _corner_lack(cut: NDArray[np.uint8]) -> float:
    """How many pixels, along the diagonal, the corners lack on average."""
    h, w = cut.shape
    reach = min(h, w) // 2
    lacks = []
    for corner in (cut, cut[:, ::-1], cut[::-1], cut[::-1, ::-1]):
        diagonal = corner[np.arange(reach), np.arange(reach)]
        lacks.append(int(np.argmax(diagonal)) if diagonal.any() else reach)
    return float(np.mean(lacks))


def _overlap(one: NDArray[np.uint8], other: Mask) -> float:
    mask = one > 0
    return float((mask & other).sum() / max(1, (mask | other).sum()))


def _ellipse(h: int, w: int) -> Mask:
    y, x = np.mgrid[:h, :w]
    result: Mask = ((x + 0.5) / w * 2 - 1) ** 2 + ((y + 0.5) / h * 2 - 1) ** 2 <= 1
    return result


def _diamond(h: int, w: int) -> Mask:
    y, x = np.mgrid[:h, :w]
    result: Mask = np.abs((x + 0.5) / w * 2 - 1) + np.abs((y + 0.5) / h * 2 - 1) <= 1
    return result


def _cut(mask: Mask) -> NDArray[np.uint8]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8)

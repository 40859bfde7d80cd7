"""The sheet of paper on a photo: a bright four-cornered field on something else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.ports import Picture

_LONGEST_PX = 900
_LEAST_SHARE = 0.35  # of the picture that the paper covers
_MOST_SHARE = 0.97
_STEP = 10  # grey levels from one side of the paper's edge to the other
_LEAST_FILLED = 0.96  # of the four-cornered field around it
_SQUARE_PX = 2.0  # corners that are off by less need no flattening
_BORDER_SHARE = 0.7  # of the picture's rim that must not be paper
_DARKEST = 100.0  # grey levels of a page in bad light; frames on a dark slide are no paper
_BRIGHTER = 12.0  # grey levels that paper is brighter than what it lies on
_INSIDE_PX = 4.0  # left off around the paper, with its edge


def paper_corners(picture: Picture) -> NDArray[np.float64] | None:
    """The corners of the paper from its upper left, clockwise.

    Args:
        picture: shape (height, width, 3), RGB.

    Returns: shape (4, 2), in pixels of the picture; None where it is no photo of a page.
    """
    cv2 = opencv()
    height, width = picture.shape[:2]
    scale = min(1.0, _LONGEST_PX / max(height, width))
    if min(height, width) * scale < 60:
        return None
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    field = _field(cv2.medianBlur(small, 3))
    if field is None:
        return None
    hull = cv2.convexHull(field)
    corners = _four(hull)
    if corners is None or cv2.contourArea(hull) < _LEAST_FILLED * cv2.contourArea(corners.astype(np.float32)):
        return None
    ordered = _in_order(corners)
    if np.abs(ordered - _upright(ordered)).max() < _SQUARE_PX:
        return None
    middle = ordered.mean(axis=0)
    away = ordered - middle
    inside = middle + away * (1 - _INSIDE_PX / np.linalg.norm(away, axis=1, keepdims=True))
    # Of the points in between, the pixels' middles are meant, not their corners.
    result: NDArray[np.float64] = (inside + 0.5) / scale - 0.5
    return result


def _field(small: Picture) -> NDArray[np.int32] | None:
    """The outline of the greatest even field that the picture's rim does not belong to."""
    cv2 = opencv()
    kernel = np.ones((3, 3), np.uint8)
    step = (cv2.dilate(small, kernel) - cv2.erode(small, kernel)).max(axis=2)
    even = (step < _STEP).astype(np.uint8)
    even[:2], even[-2:], even[:, :2], even[:, -2:] = 1, 1, 1, 1
    _, labels = cv2.connectedComponents(even, connectivity=4)
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    around, counts = np.unique(rim, return_counts=True)
    outside = around[np.argmax(counts)]
    if counts.max() < _BORDER_SHARE * len(rim):
        return None
    inner = (labels != outside).astype(np.uint8)
    inner = cv2.morphologyEx(inner, cv2.MORPH_OPEN, kernel)
    outlines, _ = cv2.findContours(inner, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    greatest = max(outlines, key=cv2.contourArea)
    share = cv2.contourArea(greatest) / labels.size
    return greatest if _LEAST_SHARE < share < _MOST_SHARE and _is_brighter(small, greatest, labels == outside) else None


def _is_brighter(small: Picture, outline: NDArray[np.int32], outside: NDArray[np.bool_]) -> bool:
    """A frame drawn on the same paper is none; a page lies on something darker, near its edge at least."""
    cv2 = opencv()
    inside = np.zeros(outside.shape, dtype=np.uint8)
    cv2.drawContours(inside, [outline], -1, 1, cv2.FILLED)
    near = max(5, min(outside.shape) // 12) | 1
    rim = cv2.dilate(inside, np.ones((near, near), np.uint8)) > 0
    within = (inside > 0) & (cv2.erode(inside, np.ones((near, near), np.uint8), borderValue=0) == 0)
    around = rim & outside
    if not around.any() or not within.any():
        return False
    page, below = (float(np.median(small[part].mean(axis=1))) for part in (within, around))
    return page - below > _BRIGHTER and page > _DARKEST


def _four(hull: NDArray[np.int32]) -> NDArray[np.float64] | None:
    """Four corners that a hull comes down to, if it does."""
    cv2 = opencv()
    around = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.015, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(hull, tolerance * around, True)
        if len(corners) == 4:
            return np.asarray(corners.reshape(4, 2), dtype=np.float64)
        if len(corners) < 4:
            return None
    return None


def _in_order(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return np.roll(ordered, -first, axis=0)


def _upright(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    (left, top), (right, foot) = corners.min(axis=0), corners.max(axis=0)
    return np.array([[left, top], [right, top], [right, foot], [left, foot]])

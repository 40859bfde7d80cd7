"""Heads of arrows: how much wider a line gets, on both sides alike, shortly before it ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.regions import Mask
from cml_mm.media.raster.skeleton import Points

_REACH = 1.25  # lines of text from the end within which a head lies
_WIDEST = 0.62  # lines of text on each side of the line
_BEHIND = 0.7  # lines of text from the end, where no head reaches any more, mostly
_STRAY = 0.15  # lines of text that the end may lie beside the line's direction
_CROSSING_WIDTHS = 1.8
_STARTS = 0.5  # lines of text from the end by which it has begun


@dataclass(frozen=True)
class Head:
    """`area` is the ink beside the line in square pixels, the lesser side twice; `onesided` the greater side's."""

    area: float
    run_px: float  # how far it goes along the line
    onesided: float


def head_at(ink: Mask, lead: Points, away_px: float, width: float, unit: float, most_px: float) -> Head:
    """Measures the end of a line.

    Args:
        ink: the lines between boxes.
        lead: from the end inward.
        away_px: how far the box is from there.
        width: of the line itself, in pixels.
        unit: height of a line of text in pixels.
        most_px: how far from the end to look at most.
    """
    reach = min(_REACH * unit, most_px)
    ink, corner = _joined_to(ink, lead, reach + _WIDEST * unit)
    ways = (lead - corner, _straightened(lead, away_px, unit) - corner)
    both = (_measured(ink, way, width, unit, reach) for way in ways)
    return max(both, key=lambda head: head.area)


def _joined_to(ink: Mask, lead: Points, reach: float) -> tuple[Mask, NDArray[np.float64]]:
    """The ink around a line's end that hangs together with it there, and its left top corner.

    Lines that run close by are another line's.
    """
    cv2 = opencv()
    x, y = lead[0]
    top, left = max(0, int(y - reach)), max(0, int(x - reach))
    cut = ink[top : int(y + reach) + 2, left : int(x + reach) + 2].astype(np.uint8)
    # A barb may be off its line by a faint pixel.
    _, labels = cv2.connectedComponents(cv2.dilate(cut, np.ones((3, 3), np.uint8)), connectivity=8)
    columns, rows = np.rint(lead - (left, top)).astype(int).T
    inside = (rows >= 0) & (rows < cut.shape[0]) & (columns >= 0) & (columns < cut.shape[1])
    # What the line comes back to after it has left this cut does not hang on its end.
    inside[np.argmin(inside) if not inside.all() else len(inside) :] = False
    own = np.unique(labels[rows[inside], columns[inside]])
    kept: Mask = np.isin(labels, own[own > 0]) & (cut > 0)
    return kept, np.array([left, top], dtype=np.float64)


def _measured(ink: Mask, lead: Points, width: float, unit: float, reach: float) -> Head:
    spots, ways = _even_steps(lead, reach)
    if len(spots) < 3:
        return Head(0.0, 0.0, 0.0)
    left, right = _beside(ink, spots, ways, 1, width, unit), _beside(ink, spots, ways, -1, width, unit)
    lesser, greater = np.minimum(left, right), np.maximum(left, right)
    lesser[_crossed(lesser, width, unit)] = 0.0
    start, stop = _best_run(lesser >= 1.0, lesser, _STARTS * unit)
    # A line that crosses at a right angle is a run as short as it is thick.
    # One that never ends is the line, which is thicker than it was taken to be.
    flat = stop > start and lesser[start:stop].max() < max(1.5, 0.25 * width)
    if flat or stop - start <= max(3.0, 0.75 * width) or stop - start > 0.95 * reach:
        return Head(0.0, 0.0, float(greater.sum()))
    return Head(2 * float(lesser[start:stop].sum()), float(stop - start), float(greater.sum()))


def _straightened(lead: Points, away_px: float, unit: float) -> Points:
    """The same way, with what wavers inside the head replaced by the line's own direction behind it."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(lead, axis=0), axis=1))])
    near, far = _BEHIND * unit, 2 * _BEHIND * unit
    if along[-1] < 1.4 * near:
        return lead
    far = min(far, float(along[-1]))
    behind, beyond = (np.array([np.interp(at, along, lead[:, axis]) for axis in (0, 1)]) for at in (near, far))
    way = (behind - beyond) / max(1e-6, float(np.linalg.norm(behind - beyond)))
    tip = behind + way * float(np.linalg.norm(lead[0] - behind))
    if np.linalg.norm(tip - lead[0]) > _STRAY * unit:
        return lead
    return np.vstack([(tip + way * away_px)[None], lead[along >= near]])


def _even_steps(lead: Points, reach: float) -> tuple[Points, Points]:
    """Points one pixel apart, a smoothed way, and its directions."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(lead, axis=0), axis=1))])
    stop = min(reach, float(along[-1]))
    if stop < 3:
        return lead[:0], lead[:0]
    at = np.arange(0.0, stop, 1.0)
    spots = np.stack([np.interp(at, along, lead[:, axis]) for axis in (0, 1)], axis=1)
    # In a head the middle line may waver; beyond it the line is straight enough to look along it.
    far = np.stack([np.interp(np.minimum(at + 8, along[-1]), along, lead[:, axis]) for axis in (0, 1)], axis=1)
    near = np.stack([np.interp(np.maximum(at - 8, 0.0), along, lead[:, axis]) for axis in (0, 1)], axis=1)
    ways = far - near
    return spots, ways / np.maximum(1e-6, np.linalg.norm(ways, axis=1, keepdims=True))


def _beside(ink: Mask, spots: Points, ways: Points, side: int, width: float, unit: float) -> NDArray[np.float64]:
    """How many pixels are inked on one side of the line at each step, beyond the line itself."""
    normals = np.stack([-ways[:, 1], ways[:, 0]], axis=1) * side
    offsets = np.arange(0.55 * width + 1.0, _WIDEST * unit, 1.0)
    x = np.rint(spots[:, :1] + normals[:, :1] * offsets).astype(int)
    y = np.rint(spots[:, 1:] + normals[:, 1:] * offsets).astype(int)
    height, width_px = ink.shape
    inside = (x >= 0) & (x < width_px) & (y >= 0) & (y < height)
    seen = ink[np.clip(y, 0, height - 1), np.clip(x, 0, width_px - 1)] & inside
    result: NDArray[np.float64] = seen.sum(axis=1).astype(np.float64)
    return result


def _crossed(lesser: NDArray[np.float64], width: float, unit: float) -> NDArray[np.bool_]:
    """Where another line crosses: inked as far as is looked, over no more steps than a line is thick."""
    full = lesser >= 0.9 * (_WIDEST * unit - 0.55 * width - 1.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], full.astype(np.int8), [0]])))
    crossed = np.zeros(len(lesser), dtype=bool)
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start <= _CROSSING_WIDTHS * width + 2.0:
            crossed[max(0, start - 1) : stop + 1] = True  # its soft edges too
    return crossed


def _best_run(wide: NDArray[np.bool_], weights: NDArray[np.float64], latest: float) -> tuple[int, int]:
    """The heaviest run of true values that begins early enough; single misses are forgiven."""
    best, best_weight = (0, 0), 0.0
    start = -1
    misses = 0
    for place in range(len(wide) + 1):
        if place < len(wide) and wide[place]:
            start = place if start < 0 else start
            misses = 0
            continue
        misses += 1
        if start >= 0 and (misses > 1 or place >= len(wide)):
            stop = place - misses + 1
            weight = float(weights[start:stop].sum())
            if start <= latest and weight > best_weight:
                best, best_weight = (start, stop), weight
            start = -1
    return best

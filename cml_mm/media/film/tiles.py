"""Small grey pictures compared tile by tile: what differs, what always moves, and what was only added.

Tiles are TILE_PX wide and high, a few letters of a slide. One that moves most of the time holds a head, a film inside
the slide or grain, and says nothing about slides: it is muted.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.film.frames import STEP_SECONDS, TILE_PX, Grey
from cml_mm.media.raster.opencv import opencv

Tiles = NDArray[np.uint8]  # shape (rows, columns): difference of each tile, in grey levels
Mask = NDArray[np.bool_]  # shape (rows, columns)

DIFFERENT = 5.0  # grey levels on average over a tile, from which on it shows something else
UNSURE = 3.5  # within a time in which nothing stirs
STIRRED = 2.5  # from one sample to the next: parts of a fade differ by less
LIVELY = 6.0  # from one sample to the next: a coder's grain differs by less
_LIVELY_SHARE = 0.2  # of the tiles of a patch
_FEWEST_TILES = 3  # that differ together where the slide does
_POINTER_TILES = 3  # side of the square that a pointer or a page number fits into
_POINTERS = 2  # it is gone from one place, and stands at another
_WINDOW_SECONDS = 12.0
_NEAR_SECONDS = 3.0  # before and after, in which it moves too
_MOVING_SHARE = 0.3  # of that time, from which on a tile is muted
_NOW_AND_THEN = 0.15  # of the time
_MOST_PARTS = 0.6
_INK = 8.0  # grey levels from one point to the next, where something is drawn
_ADDED_SHARE = 0.85  # of what changed, that was empty before
_WORDY_TILES = 2
_FOOT = 0.88  # of the height, below which a page number or a footer stands


def differences(one: Grey, other: Grey) -> NDArray[np.float32]:
    """How much each tile differs, shape (rows, columns), in grey levels."""
    if one is other:
        return np.zeros((one.shape[0] // TILE_PX, one.shape[1] // TILE_PX), np.float32)
    apart = opencv().absdiff(one, other)
    rows, columns = apart.shape[0] // TILE_PX, apart.shape[1] // TILE_PX
    return np.asarray(opencv().resize(apart.astype(np.float32), (columns, rows), interpolation=opencv().INTER_AREA))


def moving(stirred: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tiles that move most of the time, before and after a sample, or now and then throughout the film.

    What only begins or ends to move is none of them, so that a film that is shown in between ends when it ends.

    Args:
        stirred: shape (samples, rows, columns): what moved since the sample before.

    Returns: the same shape.
    """
    count = len(stirred)
    window, near = round(_WINDOW_SECONDS / STEP_SECONDS), round(_NEAR_SECONDS / STEP_SECONDS)
    summed = np.concatenate([np.zeros((1, *stirred.shape[1:]), np.int32), np.cumsum(stirred, axis=0, dtype=np.int32)])
    throughout = _moves_throughout(summed, window)
    found = np.empty_like(stirred)
    for place in range(count):
        sides = [(max(0, place - window), place + 1), (place, min(count, place + window))]
        told = [side for side in sides if side[1] - side[0] > window // 2] or [(0, count)]
        shares = [(summed[last] - summed[first]) / (last - first) for first, last in told]
        first, last = max(0, place - near), min(count, place + near + 1)
        moves_now = summed[last] - summed[first] > _NOW_AND_THEN * (last - first)
        found[place] = np.logical_and.reduce([moves_now, *(share > _MOVING_SHARE for share in shares)]) | throughout
    return found


def widened(mask: Mask) -> Mask:
    """Tiles and those next to them."""
    return np.asarray(opencv().dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def lively_patches(mask: Mask, lively: Mask) -> Mask:
    """Patches in which somebody moves: larger than a pointer that is never still, and not words in a coder's grain.

    Args:
        mask: tiles that move, if only a little.
        lively: those that change by much.
    """
    count, names, boxes, _ = opencv().connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    moved = np.bincount(names[lively], minlength=count)
    kept = (boxes[:, 4] >= _POINTER_TILES**2) & (moved >= _LIVELY_SHARE * boxes[:, 4])
    kept[0] = False  # what is around them
    return np.asarray(kept[names])


def _moves_throughout(summed: NDArray[np.int32], window: int) -> Mask:
    """Tiles that move in most parts of a film, such as a head that rests now and then."""
    edges = [*range(0, len(summed) - 1, window), len(summed) - 1]
    parts = [(last - first, summed[last] - summed[first]) for first, last in pairwise(edges)]
    often = [moved > _NOW_AND_THEN * length for length, moved in parts if length > window // 2]
    if not often:
        return np.zeros(summed.shape[1:], np.bool_)
    return np.asarray(np.mean(often, axis=0) > _MOST_PARTS)


def shows_another(one: Grey, other: Grey, mute: Mask) -> bool:
    """Whether two pictures show different slides; a pointer that moved, or a page number, makes no difference."""
    return count_apart((differences(one, other) > DIFFERENT) & ~mute) >= _FEWEST_TILES


def shows_the_same(one: Grey, other: Grey, mute: Mask) -> bool:
    """Whether two pictures are alike to the last tile."""
    if one.shape != other.shape:
        return False
    return not bool(((differences(one, other) > DIFFERENT) & ~mute).any())


def count_apart(apart: Mask) -> int:
    """How many tiles differ, without two patches as small as a pointer."""
    return int(_without_pointer(apart).sum()) if int(apart.sum()) >= _FEWEST_TILES else 0


def only_adds(before: Grey, after: Grey, mute: Mask) -> bool:
    """Whether a picture holds all that the one before holds, and more where that was empty: a list that grew."""
    apart = (differences(before, after) > DIFFERENT) & ~mute
    kept = _without_pointer(apart)
    kept = kept if kept.any() else apart
    changed = (opencv().absdiff(before, after) > 2 * DIFFERENT) & _on_points(kept)
    held = _inked(before)
    if not changed.any() or _wordy_tiles(held & _on_points(~apart & ~mute)) < _WORDY_TILES:
        return False
    return float((changed & ~held).sum()) >= _ADDED_SHARE * float(changed.sum())


def _without_pointer(apart: Mask) -> Mask:
    """All patches but the two largest that a pointer may be: it has left one place, and stands at another."""
    count, names, boxes, _ = opencv().connectedComponentsWithStats(apart.astype(np.uint8), connectivity=8)
    small = [name for name in range(1, count) if max(boxes[name, 2], boxes[name, 3]) <= _POINTER_TILES]
    pointers = sorted(small, key=lambda name: int(boxes[name, 4]))[-_POINTERS:]
    return apart & ~np.isin(names, pointers)


def _on_points(tiles: Mask) -> NDArray[np.bool_]:
    """The points of tiles, shape (rows x TILE_PX, columns x TILE_PX)."""
    return np.kron(tiles, np.ones((TILE_PX, TILE_PX), np.bool_))


def _inked(grey: Grey) -> NDArray[np.bool_]:
    """Points next to which the light leaps."""
    cv2 = opencv()
    around = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(grey, around).astype(np.int16) - cv2.erode(grey, around) > _INK)


def _wordy_tiles(inked: NDArray[np.bool_]) -> int:
    """Tiles above the foot with enough on them to be letters."""
    rows, columns = inked.shape[0] // TILE_PX, inked.shape[1] // TILE_PX
    share = inked[: rows * TILE_PX].reshape(rows, TILE_PX, columns, TILE_PX).mean((1, 3))
    return int((share[: round(rows * _FOOT)] > 0.5).sum())

"""The ink of the lines between boxes: what differs from the ground, without boxes, words and frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.boxes import Boxes
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch
from cml_mm.media.raster.regions import Mask, Regions
from cml_mm.media.raster.sheet import Sheet
from cml_mm.media.raster.words import Word

_FAINTEST = 20.0  # levels that a line differs from the ground
_GRAINS = 2.8
_OF_STRONGEST = 0.42  # of the strongest difference nearby, which keeps blurred lines thin
_NEAR_PX = 9
_COARSE = 4  # the ground is estimated on every so manieth pixel
_LEAST_GROUND = 1.6  # lines of text that a piece of ground is wide
_INTO_OUTLINE_PX = 2.0  # the edge of an outline is too faint to count as ink, and heads begin there
_LETTER = 0.2  # of the height of a word that its letters' columns reach over
_SPACE = 0.7  # of that height between words of one line
_AT_SPACE = 0.12  # of a line of text that a gap may be off the place of a space in it
_LINE_SIGNS = "-–—_=.·→←▸▶►>< "
_SPECK_PX = 3  # ink that is less than this is dirt
_GRAINY_SPECK_PX = 9  # on a picture with grain
_HOLLOW = 0.85  # lines of text that the inside of a hollow head is wide at most


@dataclass(frozen=True)
class Ink:
    """`lines` is the ink that is followed; `strength` how much each pixel differs from the ground."""

    lines: Mask
    strength: NDArray[np.uint8]
    owner: NDArray[np.int16]  # number of the box that a pixel lies in, outline included; -1 for none
    floor: float


def ink_of(sheet: Sheet, regions: Regions, found: Boxes) -> tuple[Ink, tuple[Word, ...]]:
    """What is drawn between the boxes.

    Returns: the ink without the words that stand in no box, and those words; heads that were
        taken for a letter stay ink.
    """
    cv2 = opencv()
    owner = _owners(sheet, found.boxes)
    strength = strength_of(sheet, regions, owner)
    floor = max(_FAINTEST, _GRAINS * sheet.grain)
    strongest = cv2.dilate(strength, np.ones((_NEAR_PX, _NEAR_PX), np.uint8))
    ink = (strength > floor) & (strength > _OF_STRONGEST * strongest) & (owner < 0)
    ink &= ~_fringe(ink, found.boxes)
    for patch in found.backings:
        _erase(ink, patch, patch.outline_px)
    for patch in found.frames:
        _erase_outline(ink, patch)
    _without_specks(ink, _GRAINY_SPECK_PX if sheet.grain > 1.5 else _SPECK_PX)
    words = tuple(trimmed(ink, word) for word in found.free if not _is_head(ink, word))
    for word in words:
        _erase_word(ink, word)
    _fill_hollow(ink, owner, sheet.unit)
    return Ink(ink, strength, owner, floor), words


def _owners(sheet: Sheet, boxes: Sequence[Patch]) -> NDArray[np.int16]:
    owner = np.full(sheet.pixels.shape[:2], -1, dtype=np.int16)
    for number, patch in enumerate(boxes):
        cut, mask = _grown(owner, patch, max(2.0, patch.outline_px - _INTO_OUTLINE_PX))
        owner[cut][mask & (owner[cut] < 0)] = number
    return owner


def _fringe(ink: Mask, boxes: Sequence[Patch]) -> Mask:
    """What is left of outlines: ink right around a box that is no wider than two pixels."""
    cv2 = opencv()
    thin = ink & (cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) == 0)
    near = np.zeros_like(ink)
    for patch in boxes:
        cut, mask = _grown(ink, patch, patch.outline_px + 2)
        near[cut] |= mask
    result: Mask = thin & near
    return result


def _grown(like: NDArray[np.int16] | Mask, patch: Patch, more_px: float) -> tuple[tuple[slice, slice], Mask]:
    """A patch's mask grown by some pixels, and where on the sheet it lies."""
    cv2 = opencv()
    more = int(more_px) + 1
    padded = np.pad(patch.mask.astype(np.uint8), more)
    away = cv2.distanceTransform(1 - padded, cv2.DIST_C, 3)  # which keeps corners square
    mask = away <= more_px
    top, left = patch.top - more, patch.left - more
    height, width = like.shape
    rows = slice(max(0, top), min(height, top + mask.shape[0]))
    columns = slice(max(0, left), min(width, left + mask.shape[1]))
    return (rows, columns), mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]


def strength_of(sheet: Sheet, regions: Regions, owner: NDArray[np.int16]) -> NDArray[np.uint8]:
    """How much each pixel differs from the ground around it, in the channel where it differs most."""
    cv2 = opencv()
    wide = regions.areas >= (_LEAST_GROUND * sheet.unit) ** 2  # else it may be the inside of a head
    wide[0] = False
    even = (wide[regions.labels] & (owner < 0)).astype(np.uint8)
    even = cv2.erode(even, np.ones((5, 5), np.uint8), borderValue=1).astype(np.float32)
    height, width = even.shape
    size = (max(1, width // _COARSE), max(1, height // _COARSE))
    weight = cv2.resize(even, size, interpolation=cv2.INTER_AREA)
    colour = cv2.resize(sheet.pixels.astype(np.float32) * even[:, :, None], size, interpolation=cv2.INTER_AREA)
    ground = np.zeros_like(colour)
    known = np.zeros(weight.shape, dtype=bool)
    for across in (max(3, int(sheet.unit / _COARSE)) | 1, 61, 401):
        around = min(across, 2 * max(size) + 1)
        sums, counts = cv2.blur(colour, (around, around)), cv2.blur(weight, (around, around))
        new = ~known & (counts > 0.04)
        ground[new] = sums[new] / counts[new][:, None]
        known |= new
    if not known.all() and known.any():
        ground[~known] = np.median(ground[known], axis=0)
    whole = cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR)
    strength: NDArray[np.uint8] = cv2.absdiff(sheet.pixels, np.clip(whole + 0.5, 0, 255).astype(np.uint8)).max(axis=2)
    return strength


def _erase(ink: Mask, patch: Patch, more_px: float) -> None:
    cut, mask = _grown(ink, patch, more_px)
    ink[cut] &= ~mask


def _erase_outline(ink: Mask, patch: Patch) -> None:
    cv2 = opencv()
    cut, outer = _grown(ink, patch, patch.outline_px)
    padded = np.pad(patch.mask.astype(np.uint8), int(patch.outline_px) + 1)
    inner = cv2.erode(padded, np.ones((3, 3), np.uint8)) > 0
    top, left = patch.top - int(patch.outline_px) - 1, patch.left - int(patch.outline_px) - 1
    inner = inner[cut[0].start - top : cut[0].stop - top, cut[1].start - left : cut[1].stop - left]
    band, before = outer & ~inner, ink[cut].copy()
    ink[cut] &= ~band
    # What is inked on both sides of the outline goes straight across it.
    after, across = ink[cut].astype(np.uint8), int(2 * patch.outline_px) + 5
    joined = cv2.morphologyEx(after, cv2.MORPH_CLOSE, np.ones((across, 1), np.uint8))
    joined |= cv2.morphologyEx(after, cv2.MORPH_CLOSE, np.ones((1, across), np.uint8))
    ink[cut] |= band & before & (joined > 0)


def _without_specks(ink: Mask, least_px: int) -> None:
    cv2 = opencv()
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    specks = stats[:, cv2.CC_STAT_AREA] < least_px
    ink &= ~specks[labels]


def trimmed(ink: Mask, word: Word) -> Word:
    """A word's frame without pieces of line or heads that were taken for letters at its ends."""
    left, top, right, foot = (max(0, round(value)) for value in word.frame)
    cut = ink[top:foot, left:right]
    if cut.size == 0 or not cut.any():
        return word
    height = foot - top
    rows = np.arange(cut.shape[0])[:, None]
    lowest, highest = np.where(cut, rows, -1).max(axis=0), np.where(cut, rows, height).min(axis=0)
    columns = np.flatnonzero(lowest - highest > _LETTER * height)
    if len(columns) < 2:
        return word
    gaps = np.flatnonzero(np.diff(columns) > _SPACE * height)
    spaces = _spaces(word.text)
    middles = (columns[gaps] + columns[gaps + 1]) / 2 / (right - left)
    said = [bool(spaces.size and np.abs(spaces - middle).min() < _AT_SPACE) for middle in middles]
    parts = np.split(columns, gaps[~np.array(said, dtype=bool)] + 1)
    greatest = max(parts, key=len)
    first, last = left + int(greatest[0]) - 2, left + int(greatest[-1]) + 3
    if last - first < 0.4 * (right - left):
        return word
    text = word.text
    if first > left + 0.3 * height:
        text = text.lstrip(_LINE_SIGNS)
    if last < right - 0.3 * height:
        text = text.rstrip(_LINE_SIGNS)
    frame = (float(max(left, first)), word.frame[1], float(min(right, last)), word.frame[3])
    return Word(text or word.text, frame, word.confidence)


def _spaces(text: str) -> NDArray[np.float64]:
    """Where the spaces of a text are, as shares of its length."""
    places = [place for place, sign in enumerate(text) if sign == " "]
    return (np.array(places, dtype=np.float64) + 0.5) / max(1, len(text))


def _is_head(ink: Mask, word: Word) -> bool:
    """Whether a single sign is an arrowhead: its ink goes on as a line out of its frame."""
    if len(word.text) > 1:
        return False
    cv2 = opencv()
    left, top, right, foot = (max(0, round(value)) for value in word.frame)
    more = max(4, (foot - top) // 3)
    cut = ink[max(0, top - more) : foot + more, max(0, left - more) : right + more].astype(np.uint8)
    _, labels = cv2.connectedComponents(cut, connectivity=8)
    inner = labels[more:-more, more:-more]
    counts = np.bincount(inner.ravel())
    counts[0] = 0
    if not counts.any():
        return True
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return bool(np.isin(np.argmax(counts), rim))


def _erase_word(ink: Mask, word: Word) -> None:
    """Takes letters off; a line that only passes through the frame of the word stays."""
    cv2 = opencv()
    height, width = ink.shape
    left, top, right, foot = word.frame
    more = 0.12 * word.height
    rows = slice(max(0, int(top - more)), min(height, int(foot + more) + 1))
    columns = slice(max(0, int(left - more)), min(width, int(right + more) + 1))
    cut = ink[rows, columns].astype(np.uint8)
    if not cut.any():
        return
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cut, connectivity=8)
    h, w = cut.shape
    for number in range(1, count):
        x, y, wide, high, area = (int(value) for value in stats[number])
        reaches = x == 0 or y == 0 or x + wide == w or y + high == h
        if not (reaches and _is_thin_line(labels == number, area, max(wide, high))):
            cut[labels == number] = 0
    ink[rows, columns] = cut.astype(bool)


def _is_thin_line(mask: Mask, area: int, longest: int) -> bool:
    """Whether a piece of ink is one straight or slightly bent stroke."""
    if longest < 6:
        return False
    y, x = np.nonzero(mask)
    points = np.stack([x, y], axis=1).astype(np.float64)
    points -= points.mean(axis=0)
    spread = np.linalg.svd(points, compute_uv=False) / np.sqrt(len(points))
    # A stroke of even width that fills a bar: its length is the square root of 12 times its spread.
    long, wide = float(spread[0] * 12**0.5), float(spread[1] * 12**0.5)
    return wide < 0.3 * long and wide * long < 1.7 * area and wide < 9


def _fill_hollow(ink: Mask, owner: NDArray[np.int16], unit: float) -> None:
    """Fills small closed rooms near boxes, so that hollow heads are as solid as others."""
    cv2 = opencv()
    free = (~ink & (owner < 0)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
    most = (_HOLLOW * unit) ** 2 * 0.7
    small = (stats[:, cv2.CC_STAT_AREA] < most) & (stats[:, 2] < 1.3 * unit) & (stats[:, 3] < 1.3 * unit)
    small[0] = False
    beside = cv2.dilate((owner >= 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    small[np.unique(labels[beside])] = False
    ink |= small[labels]

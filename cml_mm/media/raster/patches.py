"""Closed shapes with words in them: candidates for boxes, out of the even patches under the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.regions import Mask, Regions, frame_of
from cml_mm.media.raster.shapes import form_of
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.words import Word

_SEED_SHARE = 0.03  # of the even ground under a word, for a patch to belong to what holds the word
_JOINT_SOLID = 0.92
_JOINT_SYMMETRIC = 0.88
_HOLE = 0.8  # of a patch that lies in a hole of another
_INSIDE = 0.6  # of a word that lies in the shape that holds it
_LARGE = 6.0  # lines of text that a shape is wide and high which may hold boxes
_CROSSING_PX = 13  # width of a line that may part a shape, with both its edges
_THIN = 0.2  # of a line of text; a patch no wider is the inside of a thick line
_WIDEST_OUTLINE = 0.8  # of a line of text


@dataclass(frozen=True)
class Patch:
    """A closed shape; `mask` holds its filled inside, with its upper left pixel at (left, top) of the sheet."""

    mask: Mask
    left: int
    top: int
    words: tuple[Word, ...]
    colour: tuple[int, int, int]
    outline_px: float  # from the inside to where the even ground around begins
    numbers: frozenset[int]  # of its regions

    @cached_property
    def frame(self) -> Frame:
        """Around the inside and half of the outline."""
        left, top, right, foot = frame_of(self.mask, self.left, self.top)
        more = self.outline_px / 2
        return left - more, top - more, right + more, foot + more

    @cached_property
    def area(self) -> float:
        return float(self.mask.sum())


def patches_under(sheet: Sheet, regions: Regions, words: Sequence[Word]) -> tuple[list[Patch], list[Word]]:
    """The shapes that hold words, and the words that stand on the page itself."""
    joined = _Joined()
    first_of: list[tuple[Word, int]] = []
    free = []
    for word in words:
        seeds = _seeds(regions, word)
        if not seeds or seeds[0] in regions.ground:
            free.append(word)
            continue
        first_of.append((word, seeds[0]))
        for other in seeds[1:]:
            if other not in regions.ground and _are_one(sheet, regions, joined, seeds[0], other):
                joined.join(seeds[0], other)
    groups: dict[int, list[Word]] = {}
    for word, first in first_of:
        groups.setdefault(joined.of(first), []).append(word)
    patches = []
    for group, inner in sorted(groups.items()):
        patch = patch_of(sheet, regions, joined.all_of(group), ())
        inside = tuple(word for word in inner if _is_inside(patch, word))
        free.extend(word for word in inner if word not in inside)
        if inside:
            patches.append(replace(patch, words=inside))
    return patches, free


def _are_one(sheet: Sheet, regions: Regions, joined: _Joined, one: int, other: int) -> bool:
    """Whether two patches under one word make up one shape that something parts, and none lies in the other."""
    first, second = (patch_of(sheet, regions, joined.all_of(number), ()) for number in (one, other))
    if _lies_in(first, second) or _lies_in(second, first):
        return False
    form = form_of(patch_of(sheet, regions, joined.all_of(one) | joined.all_of(other), ()).mask)
    return form.solid > _JOINT_SOLID and form.symmetric > _JOINT_SYMMETRIC


def _lies_in(inner: Patch, outer: Patch) -> bool:
    """Whether most of a patch is a hole of the other."""
    h, w = inner.mask.shape
    top, left = max(inner.top, outer.top), max(inner.left, outer.left)
    foot = min(inner.top + h, outer.top + outer.mask.shape[0])
    right = min(inner.left + w, outer.left + outer.mask.shape[1])
    if foot <= top or right <= left:
        return False
    own = inner.mask[top - inner.top : foot - inner.top, left - inner.left : right - inner.left]
    other = outer.mask[top - outer.top : foot - outer.top, left - outer.left : right - outer.left]
    return float((own & other).sum()) > _HOLE * inner.area


def _is_inside(patch: Patch, word: Word) -> bool:
    left, top, right, foot = (round(value) for value in word.frame)
    cut = patch.mask[
        max(0, top - patch.top) : max(0, foot - patch.top), max(0, left - patch.left) : max(0, right - patch.left)
    ]
    return float(cut.sum()) > _INSIDE * (right - left) * (foot - top)


def patch_of(sheet: Sheet, regions: Regions, numbers: frozenset[int], words: tuple[Word, ...]) -> Patch:
    """The shape that some regions make up, with its holes and what crosses it filled."""
    cv2 = opencv()
    boxes = regions.boxes[sorted(numbers)]
    more = _CROSSING_PX + 2
    left, top = (int(value) for value in boxes[:, :2].min(axis=0) - more)
    right, foot = (int(value) for value in (boxes[:, :2] + boxes[:, 2:]).max(axis=0) + more)
    left, top = max(0, left), max(0, top)
    cut = regions.labels[top:foot, left:right]
    raw = np.isin(cut, sorted(numbers)) if len(numbers) > 1 else cut == next(iter(numbers))
    inside = raw.astype(np.uint8)
    # A line that ends at a box inside cuts a channel to it from the rim.
    large = raw.sum() > (_LARGE * sheet.unit) ** 2
    if len(numbers) > 1 or large:
        inside = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((_CROSSING_PX, _CROSSING_PX), np.uint8))
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(inside)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    colour = np.median(sheet.pixels[top:foot, left:right][raw], axis=0)
    wide = regions.wide(_THIN * sheet.unit)[cut] & ~raw
    outline = _outline_px(wide, filled, sheet.unit)
    red, green, blue = (int(value) for value in colour)
    return Patch(filled.astype(bool), left, top, words, (red, green, blue), outline, numbers)


def _outline_px(wide: Mask, filled: NDArray[np.uint8], unit: float) -> float:
    """How far from the inside the even ground around begins, for most of the way round."""
    cv2 = opencv()
    away = cv2.distanceTransform(1 - filled, cv2.DIST_L2, 3)
    for px in range(2, max(3, int(_WIDEST_OUTLINE * unit))):
        ring = (away > px - 1) & (away <= px)
        if ring.any() and wide[ring].mean() > 0.55:
            return float(px - 1)
    return 2.0


def _seeds(regions: Regions, word: Word) -> list[int]:
    """The regions under a word, the largest share first."""
    left, top, right, foot = word.frame
    more = 0.1 * word.height
    rows = slice(max(0, int(top - more)), int(foot + more) + 1)
    columns = slice(max(0, int(left - more)), int(right + more) + 1)
    numbers = regions.labels[rows, columns].ravel()
    if not numbers.size:
        return []
    counts = np.bincount(numbers)
    counts[0] = 0
    letters = (regions.areas[: len(counts)] < 0.8 * word.height**2) & (counts > 0)
    counts[letters] = 0
    whole = counts.sum()
    if not whole:
        return []
    order = np.argsort(-counts, kind="stable")
    return [int(number) for number in order if counts[number] >= _SEED_SHARE * whole]


class _Joined:
    """Which regions go together (union and find)."""

    def __init__(self) -> None:
        self._up: dict[int, int] = {}

    def of(self, number: int) -> int:
        while (above := self._up.get(number, number)) != number:
            number = above
        return number

    def join(self, one: int, other: int) -> None:
        self._up.setdefault(one, one)
        self._up.setdefault(other, other)
        a, b = sorted((self.of(one), self.of(other)))
        self._up[b] = a

    def all_of(self, number: int) -> frozenset[int]:
        root = self.of(number)
        return frozenset({root} | {one for one in self._up if self.of(one) == root})

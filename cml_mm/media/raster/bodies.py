"""Shapes of several rooms: notes with a folded corner and cylinders, of which only the room with the words is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch
from cml_mm.media.raster.shapes import Form
from cml_mm.media.raster.words import Word

_SOLID = 0.78
_FULL = 0.74
_ROOM = 3.4  # lines of text that a shape is wider and higher than its words at most
_OFF_MIDDLE = 0.24
_LIKELY_WIDE = 0.4  # of the shape's width that its words take


def is_body(patch: Patch, form: Form) -> bool:
    """Whether a shape that lacks a corner or an edge sits tightly around its words."""
    if form.solid < _SOLID or form.full < _FULL:
        return False
    frames = [word.frame for word in patch.words]
    left, top = min(frame[0] for frame in frames), min(frame[1] for frame in frames)
    right, foot = max(frame[2] for frame in frames), max(frame[3] for frame in frames)
    line = float(np.median([word.height for word in patch.words]))
    a, b, c, d = patch.frame
    if c - a > right - left + _ROOM * line or d - b > foot - top + _ROOM * line:
        return False
    aside = abs(left + right - a - c) / 2 / (c - a)
    return aside < _OFF_MIDDLE and right - left > _LIKELY_WIDE * (c - a)


def filled_out(patch: Patch) -> Patch:
    """The shape with its hull filled, so that a fold or a lid belongs to it."""
    cv2 = opencv()
    outlines, _ = cv2.findContours(patch.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    mask = np.zeros(patch.mask.shape, dtype=np.uint8)
    cv2.fillPoly(mask, [cv2.convexHull(np.vstack(outlines))], 1)
    return replace(patch, mask=mask.astype(bool))


def with_own_words(boxes: Sequence[Patch], free: Sequence[Word]) -> tuple[list[Patch], list[Word]]:
    """Gives each box the words that stand inside it and were taken for free ones."""
    left = list(free)
    full = []
    for box in boxes:
        own = [word for word in left if _stands_in(word, box)]
        left = [word for word in left if not any(word is one for one in own)]
        full.append(replace(box, words=(*box.words, *own)) if own else box)
    return full, left


def _stands_in(word: Word, box: Patch) -> bool:
    x, y = word.middle
    column, row = int(x) - box.left, int(y) - box.top
    h, w = box.mask.shape
    a, _, c, _ = box.frame
    spread = min(c, word.frame[2]) - max(a, word.frame[0])
    return 0 <= row < h and 0 <= column < w and bool(box.mask[row, column]) and spread > 0.7 * word.width

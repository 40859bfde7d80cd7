"""Icons with captions, and words alone, as ends of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cml_mm.media.raster.boxes import Boxes, frame_around
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch
from cml_mm.media.raster.placing import Label, labels_of
from cml_mm.media.raster.regions import Regions
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.strokes import strength_of
from cml_mm.media.raster.words import Word

_THIN = 0.22  # of a line of text: what is no wider is a line and no icon
_SIDES = (0.6, 7.0)  # lines of text that an icon is wide and high
_LEAST_LONGER = 1.0  # lines of text
_FLAT = 2.6  # longer to shorter side
_GAP = 1.0  # lines of text between an icon and its caption
_OFF = 0.8  # lines of text that a caption's middle may be aside
_FEWEST = 2
_INKED = 30  # levels


def with_icons(sheet: Sheet, regions: Regions, found: Boxes) -> Boxes:
    """Adds icons with a caption below as boxes, where there are at least two of them."""
    labels = labels_of(found.free, sheet.unit)
    if len(labels) < _FEWEST:
        return found
    pairs: list[tuple[Frame, Label]] = []
    left = list(labels)
    for frame in _blobs(sheet, regions, found):
        caption = _caption(frame, left, sheet.unit)
        if caption is not None:
            left.remove(caption)
            pairs.append((frame, caption))
    if len(pairs) < _FEWEST:
        return found
    added = []
    used: set[Word] = set()
    for frame, caption in pairs:
        words = tuple(word for word in found.free if _is_in(word, caption.frame))
        used.update(words)
        added.append(block(sheet, (frame, caption.frame), words))
    return replace(
        found, boxes=(*found.boxes, *added), icons=len(added), free=tuple(w for w in found.free if w not in used)
    )


def block(sheet: Sheet, frames: Sequence[Frame], words: tuple[Word, ...]) -> Patch:
    """A box made of a rectangle, for what has no outline of its own."""
    height, width = sheet.pixels.shape[:2]
    a, b, c, d = frame_around(frames)
    left, top = max(0, int(a)), max(0, int(b))
    right, foot = min(width, int(np.ceil(c))), min(height, int(np.ceil(d)))
    mask = np.ones((max(1, foot - top), max(1, right - left)), dtype=bool)
    pixel = sheet.pixels[min(top, height - 1), min(left, width - 1)]
    return Patch(mask, left, top, words, (int(pixel[0]), int(pixel[1]), int(pixel[2])), 2.0, frozenset())


def _blobs(sheet: Sheet, regions: Regions, found: Boxes) -> list[Frame]:
    """Compact inked things outside boxes, thin lines taken off them."""
    cv2 = opencv()
    inside = np.full(regions.labels.shape, -1, dtype=np.int16)
    for patch in (*found.boxes, *found.backings):
        a, b, c, d = (int(value) for value in patch.frame)
        inside[max(0, b - 2) : d + 3, max(0, a - 2) : c + 3] = 1
    ink = ((strength_of(sheet, regions, inside) > _INKED) & (inside < 0)).astype(np.uint8)
    for word in found.free:
        a, b, c, d = (max(0, int(value)) for value in word.frame)
        ink[b : d + 1, a : c + 1] = 0
    filled = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    small = [one for one in outlines if max(cv2.boundingRect(one)[2:]) < 3 * _SIDES[1] * sheet.unit]
    cv2.drawContours(filled, small, -1, 1, cv2.FILLED)
    across = max(3, int(_THIN * sheet.unit))
    thick = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((across, across), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(thick, connectivity=8)
    frames = []
    for left, top, w, h, area in stats[1:]:
        sides = sorted((w / sheet.unit, h / sheet.unit))
        fits = sides[0] > _SIDES[0] and _LEAST_LONGER < sides[1] < min(_SIDES[1], _FLAT * sides[0])
        if fits and area > 0.3 * w * h:
            frames.append((float(left), float(top), float(left + w), float(top + h)))
    return sorted(frames, key=lambda frame: (frame[1], frame[0]))


def _caption(frame: Frame, labels: Sequence[Label], unit: float) -> Label | None:
    middle = (frame[0] + frame[2]) / 2
    below = [
        label
        for label in labels
        if -0.3 * unit < label.frame[1] - frame[3] < _GAP * unit
        and abs((label.frame[0] + label.frame[2]) / 2 - middle) < _OFF * unit
    ]
    return min(below, key=lambda label: label.frame[1]) if below else None


def _is_in(word: Word, frame: Frame) -> bool:
    x, y = word.middle
    return frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]

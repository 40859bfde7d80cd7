"""Which closed shapes are boxes of a diagram, which hold other boxes, and which are ground left between lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cml_mm.media.raster.bodies import filled_out, is_body, with_own_words
from cml_mm.media.raster.fields import without_fields
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch, patch_of, patches_under
from cml_mm.media.raster.regions import Regions
from cml_mm.media.raster.shapes import Form, form_of
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.words import Word

_SOLID = 0.9
_SYMMETRIC = 0.84
_OFF_MIDDLE = 0.24  # of the sides that words may stand off the middle
_TIGHT = 1.55  # lines of text that the backing of a label on a line is high
_TIGHT_SIDE = 0.5  # lines of text that it is wider than its words, on each side
_OFF_COLOUR = 9.0  # levels that an outline differs from a blend of what it parts
_SQUARE = 0.93
_TINTED = 16.0  # levels between the channels' differences from the ground
_FAR_FROM_GROUND = 90.0
_ADDED_SOLID = 0.955  # of a shape with a blank neighbour, for the two to be one
_MOST_ADDED = 1.6  # times the shape's own area


@dataclass(frozen=True)
class Boxes:
    """What was found: `boxes` hold only words, `frames` hold boxes; `backings` lie behind words on lines."""

    boxes: tuple[Patch, ...]
    frames: tuple[Patch, ...]
    backings: tuple[Patch, ...]
    free: tuple[Word, ...]
    icons: int = 0  # so many of the last boxes are icons with captions
    bare: int = 0  # so many of the last boxes, after the icons, are words alone


def boxes_on(sheet: Sheet, regions: Regions, words: Sequence[Word]) -> Boxes:
    """Sorts closed shapes by what they are."""
    patches, free = patches_under(sheet, regions, words)
    boxes: list[Patch] = []
    frames: list[Patch] = []
    backings: list[Patch] = []
    for patch in patches:
        whole = _with_blank_parts(sheet, regions, patch, {n for other in patches for n in other.numbers})
        if any(holds(patch, other) for other in patches if other is not patch):
            frames.append(patch)
        elif _is_backing(patch, sheet, regions):
            backings.append(patch)
            free.extend(replace(word, frame=_within(word.frame, patch.frame)) for word in patch.words)
        elif _is_box(whole, form_of(whole.mask)):
            boxes.append(whole)
        elif is_body(patch, form_of(patch.mask)) and is_outlined(patch, sheet):
            boxes.append(filled_out(patch))
        else:
            free.extend(patch.words)
    boxes, fields = without_fields(boxes)
    free.extend(word for field in fields for word in field.words)
    boxes, free = with_own_words(boxes, free)
    return Boxes(tuple(boxes), tuple(frames), tuple(backings), tuple(free))


def _is_box(patch: Patch, form: Form) -> bool:
    if form.solid < _SOLID:
        return False
    if form.symmetric >= _SYMMETRIC:
        return True
    left, top, right, foot = frame_around([word.frame for word in patch.words])
    a, b, c, d = patch.frame
    off = max(abs(left + right - a - c) / 2 / (c - a), abs(top + foot - b - d) / 2 / (d - b))
    return off < _OFF_MIDDLE and (right - left) > 0.35 * (c - a)


def holds(patch: Patch, other: Patch) -> bool:
    """Whether another shape lies wholly inside this one."""
    if patch.area < 1.5 * other.area:
        return False
    left, top, right, foot = other.frame
    spots = [(x, y) for x in (left + 2, (left + right) / 2, right - 3) for y in (top + 2, (top + foot) / 2, foot - 3)]
    h, w = patch.mask.shape
    for x, y in spots:
        column, row = int(x) - patch.left, int(y) - patch.top
        if not (0 <= column < w and 0 <= row < h and patch.mask[row, column]):
            return False
    return True


def _is_backing(patch: Patch, sheet: Sheet, regions: Regions) -> bool:
    """A patch just large enough for its words and without an outline, as put behind the words on a line."""
    left, top, right, foot = frame_around([word.frame for word in patch.words])
    a, b, c, d = patch.frame
    line = float(np.median([word.height for word in patch.words]))
    if d - b > (foot - top) + (_TIGHT - 1) * line or c - a > (right - left) + 2 * _TIGHT_SIDE * line:
        return False
    return form_of(patch.mask).full > _SQUARE and not is_outlined(patch, sheet) and not _is_tinted(patch, sheet)


def _is_tinted(patch: Patch, sheet: Sheet) -> bool:
    """Whether its colour is one of its own: what lies behind words on a line is the ground's or a grey."""
    more = int(patch.outline_px) + 3
    a, b, c, d = (int(value) for value in patch.frame)
    height, width = sheet.pixels.shape[:2]
    rows = [row for row in (b - more, d + more) if 0 <= row < height]
    columns = [column for column in (a - more, c + more) if 0 <= column < width]
    around = [sheet.pixels[row, max(0, a) : c + 1] for row in rows]
    around += [sheet.pixels[max(0, b) : d + 1, column] for column in columns]
    if not around:
        return False
    off = np.array(patch.colour, dtype=np.float64) - np.median(np.concatenate(around), axis=0)
    return bool(off.max() - off.min() > _TINTED or np.abs(off).max() > _FAR_FROM_GROUND)


def is_outlined(patch: Patch, sheet: Sheet) -> bool:
    """Whether the way from inside to outside leads through a third colour."""
    cv2 = opencv()
    more = int(patch.outline_px) + 4
    h, w = patch.mask.shape
    top, left = max(0, patch.top - more), max(0, patch.left - more)
    cut = sheet.pixels[top : patch.top + h + more, left : patch.left + w + more].astype(np.float32)
    inside = np.zeros(cut.shape[:2], dtype=np.uint8)
    inside[patch.top - top : patch.top - top + h, patch.left - left : patch.left - left + w] = patch.mask
    away = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)
    within = np.array(patch.colour, dtype=np.float32)
    ring = (away > patch.outline_px + 1) & (away <= patch.outline_px + 4)
    edge = (away > 0) & (away <= patch.outline_px + 1)
    if not ring.any() or not edge.any():
        return False
    way = np.median(cut[ring], axis=0) - within
    seen = cut[edge] - within
    share = np.clip(seen @ way / max(1.0, float(way @ way)), 0.0, 1.0)
    off = np.abs(seen - share[:, None] * way).max(axis=1)
    return bool(np.percentile(off, 70) > _OFF_COLOUR)


def _with_blank_parts(sheet: Sheet, regions: Regions, patch: Patch, taken: set[int]) -> Patch:
    """A shape with the wordless rooms next to it that complete it: where a line crosses it, or a rule parts it."""
    whole = patch
    for _ in range(3):
        better = None
        for number in _neighbours(regions, whole):
            if number in taken or number in regions.ground or number in whole.numbers:
                continue
            area = int(regions.areas[number])
            if not 0.02 * whole.area < area < _MOST_ADDED * whole.area:
                continue
            candidate = patch_of(sheet, regions, whole.numbers | {number}, patch.words)
            form, before = form_of(candidate.mask), form_of(whole.mask)
            solid = form.solid > _ADDED_SOLID
            parted = form.symmetric > max(0.93, before.symmetric - 0.02) and _is_joined(whole, regions, number)
            crossed = form.symmetric > max(0.95, before.symmetric + 0.01)
            if solid and (parted or crossed):
                better = candidate
                break
        if better is None:
            return whole
        whole = replace(better, outline_px=whole.outline_px, colour=whole.colour)
    return whole


def _is_joined(whole: Patch, regions: Regions, number: int) -> bool:
    """Whether a room shares a whole side with the shape."""
    a, b, c, d = whole.frame
    left, top, w, h = (int(value) for value in regions.boxes[number])
    across = min(c, left + w) - max(a, left)
    down = min(d, top + h) - max(b, top)
    return (across > 0.8 * max(w, 1) and across > 0.8 * (c - a)) or (down > 0.8 * max(h, 1) and down > 0.8 * (d - b))


def _neighbours(regions: Regions, patch: Patch) -> list[int]:
    more = int(patch.outline_px) + 4
    h, w = patch.mask.shape
    cut = regions.labels[
        max(0, patch.top - more) : patch.top + h + more, max(0, patch.left - more) : patch.left + w + more
    ]
    return [int(number) for number in np.unique(cut) if number]


def _within(frame: Frame, other: Frame) -> Frame:
    """The part of a frame that lies in another."""
    return (
        max(frame[0], other[0]),
        max(frame[1], other[1]),
        max(min(frame[2], other[2]), max(frame[0], other[0]) + 1),
        max(min(frame[3], other[3]), max(frame[1], other[1]) + 1),
    )


def frame_around(frames: Sequence[Frame]) -> Frame:
    """The frame around several."""
    columns = list(zip(*frames, strict=True))
    return min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3])

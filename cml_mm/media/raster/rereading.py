"""Second looks: shapes whose words were not found or read with doubt are read again, enlarged, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import ModelError
from cml_mm.media.raster.boxes import Boxes, is_outlined
from cml_mm.media.raster.patches import Patch, patch_of
from cml_mm.media.raster.placing import joined
from cml_mm.media.raster.regions import Regions
from cml_mm.media.raster.shapes import form_of
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.words import Word
from cml_mm.ports import Ocr, OcrLine

_DOUBTFUL = 0.93  # confidence below which a word is read again
_READ_WELL = 0.8
_MOST_AGAIN = 24  # shapes on one picture
_MARGIN_PX = 14
_SOLID = 0.93
_SYMMETRIC = 0.92
_SMALLEST = 1.2  # lines of text that a blank shape is high
_LIKE = (0.15, 6.0)  # times the usual area of the other boxes


def read_again(sheet: Sheet, regions: Regions, found: Boxes, ocr: Ocr | None) -> Boxes:
    """Adds shapes in which no words were found so far, and mends words that were read with doubt.

    Args:
        ocr: None where there is none; then nothing changes but that blank shapes are added.
    """
    blanks = _blank_shapes(sheet, regions, found)
    drawn = len(found.boxes) - found.icons - found.bare
    doubtful = [number for number, box in enumerate(found.boxes[:drawn]) if _doubt(box) < _DOUBTFUL]
    shapes = [found.boxes[number] for number in doubtful] + blanks
    if ocr is None or not shapes or len(shapes) > _MOST_AGAIN:
        return found
    read = words_in(sheet, [shape.frame for shape in shapes], ocr)
    boxes = list(found.boxes)
    for number, words in zip(doubtful, read, strict=False):
        if (
            words
            and min(word.confidence for word in words) > _doubt(boxes[number])
            and _is_as_long(words, boxes[number])
        ):
            boxes[number] = replace(boxes[number], words=words)
    added = [replace(shape, words=words) for shape, words in zip(blanks, read[len(doubtful) :], strict=True) if words]
    free = tuple(word for word in found.free if not any(_overlaps(word, box) for box in added))
    return replace(found, boxes=(*boxes[:drawn], *added, *boxes[drawn:]), free=free)


def _doubt(box: Patch) -> float:
    return min(word.confidence for word in box.words)


def _is_as_long(words: Sequence[Word], box: Patch) -> bool:
    return len(joined(words).text) >= 0.7 * len(joined(box.words).text)


def _overlaps(word: Word, box: Patch) -> bool:
    left, top, right, foot = box.frame
    x, y = word.middle
    if left < x < right and top < y < foot:
        return True
    across = min(right, word.frame[2]) - max(left, word.frame[0])
    down = min(foot, word.frame[3]) - max(top, word.frame[1])
    return across > 0.25 * word.width and down > 0.5 * word.height


def _blank_shapes(sheet: Sheet, regions: Regions, found: Boxes) -> list[Patch]:
    """Closed shapes like the boxes, without words, that are not fields left between boxes and lines."""
    taken = {number for patch in (*found.boxes, *found.frames, *found.backings) for number in patch.numbers}
    usual = float(np.median([box.area for box in found.boxes])) if found.boxes else (2 * sheet.unit) ** 2
    inside = np.zeros(regions.labels.shape, dtype=bool)
    for box in (*found.boxes, *found.backings):
        h, w = box.mask.shape
        inside[box.top : box.top + h, box.left : box.left + w] |= box.mask
    shapes = []
    for number in range(1, len(regions.areas)):
        left, top, w, h = (int(value) for value in regions.boxes[number])
        if number in taken or number in regions.ground or min(h, w) < _SMALLEST * sheet.unit:
            continue
        if not _LIKE[0] * usual < regions.areas[number] < _LIKE[1] * usual or inside[top + h // 2, left + w // 2]:
            continue
        patch = patch_of(sheet, regions, frozenset({number}), ())
        if any(_is_known(patch, word) for word in found.free):
            continue  # its words were read, and it was found to be no box
        if _is_shape(patch, inside, sheet):
            shapes.append(patch)
    return shapes


def _is_known(patch: Patch, word: Word) -> bool:
    column, row = (int(value) for value in word.middle)
    h, w = patch.mask.shape
    inside = 0 <= row - patch.top < h and 0 <= column - patch.left < w
    return inside and bool(patch.mask[row - patch.top, column - patch.left]) and word.confidence > _READ_WELL


def _is_shape(patch: Patch, inside: NDArray[np.bool_], sheet: Sheet) -> bool:
    form = form_of(patch.mask)
    if form.solid < _SOLID or form.symmetric < _SYMMETRIC or not is_outlined(patch, sheet):
        return False
    more = int(2 * patch.outline_px) + 6
    h, w = patch.mask.shape
    around = inside[max(0, patch.top - more) : patch.top + h + more, max(0, patch.left - more) : patch.left + w + more]
    return float(around.sum()) < 0.02 * patch.area


def words_in(sheet: Sheet, frames: Sequence[Frame], ocr: Ocr) -> list[tuple[Word, ...]]:
    """The words in some frames of a sheet, read on one picture that shows them below each other."""
    cuts = [_cut(sheet, frame) for frame in frames]
    width = max(cut.shape[1] for cut, _, _ in cuts) + 2 * _MARGIN_PX
    height = sum(cut.shape[0] + 2 * _MARGIN_PX for cut, _, _ in cuts)
    page = np.full((height, width, 3), 255, dtype=np.uint8)
    tops = []
    top = 0
    for cut, _, _ in cuts:
        page[top + _MARGIN_PX : top + _MARGIN_PX + cut.shape[0], _MARGIN_PX : _MARGIN_PX + cut.shape[1]] = cut
        tops.append(top)
        top += cut.shape[0] + 2 * _MARGIN_PX
    try:
        lines = ocr.recognise(page)
    except ModelError:
        return [() for _ in frames]
    words: list[list[Word]] = [[] for _ in frames]
    for line in lines:
        middle = line.box.y + line.box.h / 2
        number = int(np.searchsorted(tops, middle, side="right")) - 1
        _, left, above = cuts[number]
        words[number].append(_moved(line, left - _MARGIN_PX, above - tops[number] - _MARGIN_PX))
    return [tuple(each) for each in words]


def _cut(sheet: Sheet, frame: Frame) -> tuple[NDArray[np.uint8], int, int]:
    left, top, right, foot = (int(value) for value in frame)
    left, top = max(0, left), max(0, top)
    return sheet.pixels[top : foot + 1, left : right + 1], left, top


def _moved(line: OcrLine, x: float, y: float) -> Word:
    box = line.box
    return Word(line.text.strip(), (box.x + x, box.y + y, box.x + x + box.w, box.y + y + box.h), line.confidence)

"""Fields between lines and boxes: closed shapes that look like boxes, but are ground that others enclose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch
from cml_mm.media.raster.shapes import form_of

_BESIDE_PX = 4.0  # besides the width of its outline
_LEAST_PX = 10  # of another box that is so near, for the two to touch
_FEWEST = 2  # boxes that enclose a field
_WORDED = 0.25  # of its area that words take in a box at least
_UPRIGHT = 0.9  # of the rectangle around it that the cell of a table fills


def without_fields(boxes: Sequence[Patch]) -> tuple[list[Patch], list[Patch]]:
    """Tells boxes from the fields between them.

    A field has several boxes right at its edge, is no upright rectangle (cells of tables are), and the words
    on it take little of its room.

    Returns: the boxes, and the fields.
    """
    kept: list[Patch] = []
    fields: list[Patch] = []
    for box in boxes:
        (fields if _is_sparse(box) and _touching(box, boxes) >= _FEWEST else kept).append(box)
    return kept, fields


def _is_sparse(box: Patch) -> bool:
    worded = sum(word.width * word.height for word in box.words)
    return worded < _WORDED * box.area and form_of(box.mask).full < _UPRIGHT


def _touching(box: Patch, boxes: Sequence[Patch]) -> int:
    """How many other boxes have some of their inside right beside the outline of this one."""
    cv2 = opencv()
    more = int(box.outline_px + _BESIDE_PX)
    near = cv2.dilate(np.pad(box.mask.astype(np.uint8), more), np.ones((2 * more + 1, 2 * more + 1), np.uint8)) > 0
    top, left = box.top - more, box.left - more
    count = 0
    for other in boxes:
        if other is box:
            continue
        h, w = other.mask.shape
        first, last = max(top, other.top), min(top + near.shape[0], other.top + h)
        start, stop = max(left, other.left), min(left + near.shape[1], other.left + w)
        if first < last and start < stop:
            mine = near[first - top : last - top, start - left : stop - left]
            its = other.mask[first - other.top : last - other.top, start - other.left : stop - other.left]
            count += int((mine & its).sum()) > _LEAST_PX
    return count

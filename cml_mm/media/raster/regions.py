"""Even patches of a picture: what lies between its lines, filled or not, on dark ground or light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.sheet import Frame, Sheet

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]

_LEAST_STEP = 11.0  # levels of a channel from one side of an edge to the other
_GRAINS = 2.2  # standard deviations of what noise is left
_PAGE_SHARE = 0.04  # of the picture; the ground touches its rim and is at least so large


@dataclass(frozen=True)
class Regions:
    """`labels` has the sheet's shape: 0 on edges and lines, else the number of the patch."""

    labels: Labels
    boxes: NDArray[np.int32]  # shape (patches + 1, 4): left, top, width, height
    areas: NDArray[np.int32]  # shape (patches + 1,)
    ground: frozenset[int]  # patches that are the page itself

    def wide(self, least_px: float) -> Mask:
        """For each patch whether it is wider than so much; number 0 is not."""
        width = self.areas / np.maximum(1, self.boxes[:, 2] + self.boxes[:, 3])
        result: Mask = width > least_px
        result[0] = False
        return result


def regions_of(sheet: Sheet) -> Regions:
    """Parts a sheet into even patches.

    An edge is where neighbours differ, whatever their colours, so that uneven light and dark
    ground need no care.
    """
    cv2 = opencv()
    step = step_of(sheet)
    even = (step < even_below(sheet)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(even, connectivity=4)
    boxes, areas = stats[:, :4], stats[:, cv2.CC_STAT_AREA]
    height, width = labels.shape
    rim = set(np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])).tolist()) - {0}
    least = _PAGE_SHARE * height * width
    ground = {int(number) for number in rim if areas[number] >= least}
    if not ground and count > 1:
        ground = {1 + int(np.argmax(areas[1:]))}
    return Regions(labels, boxes, areas, frozenset(ground))


def even_below(sheet: Sheet) -> float:
    """The step in levels from which on a pixel is on an edge."""
    return max(_LEAST_STEP, _GRAINS * sheet.grain)


def step_of(sheet: Sheet) -> NDArray[np.uint8]:
    """How much a pixel's surroundings differ, in the channel where they differ most."""
    cv2 = opencv()
    kernel = np.ones((3, 3), np.uint8)
    step: NDArray[np.uint8] = (cv2.dilate(sheet.pixels, kernel) - cv2.erode(sheet.pixels, kernel)).max(axis=2)
    return step


def frame_of(mask: Mask, left: int = 0, top: int = 0) -> Frame:
    """The frame around what a mask holds; the mask's own corner lies at (left, top)."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        float(left + columns[0]),
        float(top + rows[0]),
        float(left + columns[-1] + 1),
        float(top + rows[-1] + 1),
    )

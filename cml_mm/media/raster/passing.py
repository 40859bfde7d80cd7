"""Lines that run over a box on their way to another: the box is not where they end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.joints import Joints
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch
from cml_mm.media.raster.routes import Router
from cml_mm.media.raster.sheet import Sheet
from cml_mm.media.raster.skeleton import End, Points, Skeleton

_BENT_DEGREES = 14.0
_INKED = 0.8  # of the way through the box
_LEAST_PX = 6.0
_DEEP_PX = 5.0
_FEWEST_PX = 4
_OFTEN = 0.6
_OFF_MIDDLE = 0.2  # of the lesser side of a box
_MOSTLY = 0.6  # of a way through a box that leads beside its words
_LOOK = 1.0  # lines of text


def passing_lines(
    sheet: Sheet, boxes: Sequence[Patch], skeleton: Skeleton, joints: Joints, router: Router
) -> dict[End, End]:
    """Pairs of ends at one box that belong to one line, since its ink is seen inside the box between them."""
    at_box: dict[int, list[End]] = {}
    for end, box in joints.boxes.items():
        at_box.setdefault(box, []).append(end)
    through: dict[End, End] = {}
    for box, ends in at_box.items():
        if len(ends) < 2:
            continue
        leads = {end: router.lead(end, _LOOK * sheet.unit) for end in ends}
        pairs = []
        for number, one in enumerate(ends):
            for other in ends[number + 1 :]:
                bent = _bent(leads[one], leads[other])
                if bent < _BENT_DEGREES and _is_inked(sheet, boxes[box], leads[one][0], leads[other][0]):
                    pairs.append((bent, one, other))
        for _, one, other in sorted(pairs):
            if one not in through and other not in through:
                through[one], through[other] = other, one
    return through


def _bent(one: Points, other: Points) -> float:
    """Degrees off a straight line from the first lead through the box into the other."""
    across = other[0] - one[0]
    size = float(np.linalg.norm(across))
    if size < _LEAST_PX:
        return 180.0
    worst = 0.0
    for lead, sign in ((one, 1.0), (other, -1.0)):
        way = lead[0] - lead[-1]
        long = float(np.linalg.norm(way))
        if long < 4:
            return 180.0
        worst = max(worst, float(np.degrees(np.arccos(np.clip(sign * way @ across / (size * long), -1.0, 1.0)))))
    return worst


def _is_inked(sheet: Sheet, box: Patch, one: Points, other: Points) -> bool:
    """Whether a line is seen all the way between two points of a box, beside its words."""
    cv2 = opencv()
    count = max(8, int(np.linalg.norm(other - one)))
    spots = one + (other - one) * np.linspace(0.0, 1.0, count)[:, None]
    left, top = np.floor(spots.min(axis=0)).astype(int) - 3
    right, foot = np.ceil(spots.max(axis=0)).astype(int) + 4
    left, top = max(0, int(left)), max(0, int(top))
    cut = sheet.pixels[top:foot, left:right].astype(np.int16)
    away = np.abs(cut - np.array(box.colour, dtype=np.int16)).max(axis=2).astype(np.uint8)
    near = cv2.dilate(away, np.ones((7, 7), np.uint8))  # a middle line may be off by so much
    h, w = near.shape
    columns = np.clip(np.rint(spots[:, 0]).astype(int) - left, 0, w - 1)
    rows = np.clip(np.rint(spots[:, 1]).astype(int) - top, 0, h - 1)
    seen = near[rows, columns] > 40
    beside = np.array([not any(_is_in(x, y, word.frame) for word in box.words) for x, y in spots])
    inside = beside & _is_deep(spots, box)
    if inside.sum() < _FEWEST_PX:
        # Words and an outline are as dark as a line: what heads for the middle may as well end here and start anew.
        least = _MOSTLY if _off_middle(spots[0], spots[-1], box) < _OFF_MIDDLE else 0.0
        return bool(beside.mean() > least and seen[beside].mean() > _INKED and seen.mean() > _OFTEN)
    return bool(seen[inside].mean() > _INKED and seen.mean() > _OFTEN)


def _off_middle(one: NDArray[np.float64], other: NDArray[np.float64], box: Patch) -> float:
    """By how much of a box's lesser side a straight way misses its middle."""
    left, top, right, foot = box.frame
    (x, y), (wide, high) = one, other - one
    across = abs(wide * ((top + foot) / 2 - y) - high * ((left + right) / 2 - x))
    return float(across / max(1e-6, np.hypot(wide, high)) / max(1.0, min(right - left, foot - top)))


def _is_deep(spots: Points, box: Patch) -> NDArray[np.bool_]:
    """Which points lie so far inside of a box that its outline is out of sight of them."""
    cv2 = opencv()
    depth = cv2.distanceTransform(np.pad(box.mask.astype(np.uint8), 1), cv2.DIST_L2, 3)
    columns, rows = np.rint(spots).astype(int).T
    h, w = depth.shape
    rows, columns = np.clip(rows - box.top + 1, 0, h - 1), np.clip(columns - box.left + 1, 0, w - 1)
    deep: NDArray[np.bool_] = depth[rows, columns] > _DEEP_PX
    return deep


def _is_in(x: float, y: float, frame: tuple[float, float, float, float]) -> bool:
    return frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]

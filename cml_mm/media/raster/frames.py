"""Frames and lanes: shapes that hold boxes, and the words that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cml_mm.media.raster.boxes import Boxes, holds, is_outlined
from cml_mm.media.raster.patches import Patch, patch_of
from cml_mm.media.raster.placing import Label, joined, labels_of
from cml_mm.media.raster.regions import Regions
from cml_mm.media.raster.shapes import form_of
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.words import Word

_SOLID = 0.93
_FULL = 0.9
_TITLE_BAND = 2.2  # lines of text from the upper side within which a title stands
_NEXT_TO = 0.6  # lines of text between a lane and the cell with its name
_CELL_SHARE = 0.75  # of a lane's side that such a cell takes up


@dataclass(frozen=True)
class Container:
    """A shape that holds boxes. `inner` are numbers of boxes, `parent` the number of the container around, or -1."""

    patch: Patch
    title: Label | None
    inner: frozenset[int]
    parent: int


def with_blank_frames(sheet: Sheet, regions: Regions, found: Boxes) -> Boxes:
    """Adds the frames around boxes that have no words of their own."""
    if not found.boxes:
        return found
    taken = {number for patch in (*found.boxes, *found.frames, *found.backings) for number in patch.numbers}
    least = 1.5 * min(box.area for box in found.boxes)
    widths, heights = regions.boxes[:, 2], regions.boxes[:, 3]
    large = np.flatnonzero((widths * heights > least) & (regions.areas > 0.2 * widths * heights))
    frames = list(found.frames)
    for number in large:
        one = int(number)
        if one == 0 or one in taken or one in regions.ground or not _may_hold(regions, one, found.boxes):
            continue
        patch = patch_of(sheet, regions, frozenset({one}), ())
        form = form_of(patch.mask)
        if form.solid > _SOLID and form.full > _FULL and any(holds(patch, box) for box in found.boxes):
            frames.append(patch)
    kept = tuple(frame for frame in frames if _is_frame(sheet, frame))
    lost = [word for frame in frames if not any(frame is one for one in kept) for word in frame.words]
    return replace(found, frames=kept, free=(*found.free, *lost))


def _is_frame(sheet: Sheet, patch: Patch) -> bool:
    form = form_of(patch.mask)
    return form.solid > _SOLID and form.full > 0.75 and (form.full > _FULL or is_outlined(patch, sheet))


def _may_hold(regions: Regions, number: int, boxes: Sequence[Patch]) -> bool:
    left, top, w, h = (int(value) for value in regions.boxes[number])
    return any(
        left < box.frame[0] and box.frame[2] < left + w and top < box.frame[1] and box.frame[3] < top + h
        for box in boxes
    )


def containers_of(
    found: Boxes, joined_boxes: frozenset[int], unit: float
) -> tuple[list[Container], set[int], set[Word]]:
    """The containers with their titles.

    Args:
        joined_boxes: boxes that lines end at; a cell with the name of a lane is none.

    Returns: the containers; numbers of boxes that are names of lanes and no boxes; words used as titles.
    """
    order = sorted(found.frames, key=lambda patch: patch.area)
    names: set[int] = set()
    used: set[Word] = set()
    held: list[frozenset[int]] = []
    titles: list[Label | None] = []
    for frame in order:
        inner = {number for number, box in enumerate(found.boxes) if holds(frame, box)}
        title = _title(frame, found.free, unit, used)
        if title is None:
            cell = _cell(frame, found.boxes, set(range(len(found.boxes))) - joined_boxes - names - inner, unit)
            if cell is not None:
                names.add(cell)
                title = joined(found.boxes[cell].words)
        held.append(frozenset(inner))
        titles.append(title)
    kept = [number for number in range(len(order)) if held[number] - names]
    containers = []
    for place, number in enumerate(kept):
        outer = (up for up in range(place + 1, len(kept)) if holds(order[kept[up]], order[number]))
        containers.append(Container(order[number], titles[number], held[number] - names, next(outer, -1)))
    return containers, names, used


def _title(frame: Patch, free: Sequence[Word], unit: float, used: set[Word]) -> Label | None:
    """Words in the frame's uppermost lines."""
    left, top, right, _ = frame.frame
    own = [*frame.words, *(word for word in free if word not in frame.words)]
    near = [
        word
        for word in own
        if word not in used
        and left - unit < word.middle[0] < right + unit
        and top - 0.8 * unit < word.middle[1] < top + _TITLE_BAND * unit
    ]
    if not near:
        return None

    def from_corner(label: Label) -> float:
        """Titles stand at the upper left corner or in the middle of the upper side."""
        aside = min(label.frame[0] - left, abs((label.frame[0] + label.frame[2] - left - right) / 2))
        return max(aside, 0.0) + label.frame[1] - top

    first = min(labels_of(near, unit), key=from_corner)
    used.update(word for word in near if word.frame[1] >= first.frame[1] - 1 and word.frame[3] <= first.frame[3] + 1)
    return first


def _cell(frame: Patch, boxes: Sequence[Patch], free: set[int], unit: float) -> int | None:
    """A box without lines right beside a lane, as high or as wide as it."""
    for number in sorted(free):
        if _is_beside(frame.frame, boxes[number].frame, unit):
            return number
    return None


def _is_beside(lane: Frame, cell: Frame, unit: float) -> bool:
    across = min(lane[2], cell[2]) - max(lane[0], cell[0])
    down = min(lane[3], cell[3]) - max(lane[1], cell[1])
    at_side = min(abs(cell[2] - lane[0]), abs(cell[0] - lane[2])) < _NEXT_TO * unit
    above = min(abs(cell[3] - lane[1]), abs(cell[1] - lane[3])) < _NEXT_TO * unit
    return (at_side and down > _CELL_SHARE * (lane[3] - lane[1])) or (
        above and across > _CELL_SHARE * (lane[2] - lane[0])
    )

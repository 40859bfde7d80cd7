"""Frames and lanes by their outlines: long upright and level lines that close a rectangle around boxes.

Even patches miss a frame that lines cross, and a lane, since what is left of its ground is in pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.boxes import Boxes
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch
from cml_mm.media.raster.regions import Regions
from cml_mm.media.raster.sheet import Frame, Sheet

_SHORTEST = 3.6  # lines of text that a side of a frame is long
_GAP = 0.5  # lines of text between the dashes of an outline
_THICK = 0.1  # lines of text that an outline is thick
_CORNER = 0.9  # lines of text that rounded corners take off a side
_COVERED = 0.8  # of a side that must be seen
_MOST_SIDES = 120
_MOST_RECTANGLES = 800  # more are the rows and columns of a table or of a tight grid of boxes, not frames
_SAME = 0.8  # overlap of two rectangles that are one
_OF_FRAME = 0.7  # of a frame that a box in it takes at most
_AT_SIDE = 0.4  # lines of text
_STICKS_OUT = 0.25  # lines of text


@dataclass(frozen=True)
class _Side:
    """A long line; for a level one `at` is its height on the sheet and `start` to `stop` its columns."""

    at: float
    thick: float
    start: float
    stop: float


def with_drawn_frames(sheet: Sheet, regions: Regions, found: Boxes) -> Boxes:
    """Adds the rectangles around boxes, and takes what is a piece of one from the boxes."""
    if len(found.boxes) < 2:
        return found
    found = _without_fields(found, sheet.unit)
    level, upright = _sides(regions, sheet.unit, across=True), _sides(regions, sheet.unit, across=False)
    rectangles = [
        frame for frame in _rectangles(level, upright, sheet.unit) if _holds_boxes(frame.frame, found.boxes, sheet.unit)
    ]
    dividers = (*level, *upright)
    rectangles = _without_sums(rectangles, dividers, sheet.unit)
    # A part of another one that a line merely crosses is none.
    cut_off = np.flatnonzero((_fourth_sides(rectangles, sheet.unit) >= 0).any(axis=1)).tolist()
    rectangles = [one for place, one in enumerate(rectangles) if place not in cut_off]
    if not rectangles:
        return found
    kept = _without_doubles(rectangles)
    frames = [_with_colour(sheet, frame) for frame in kept]
    pieces = {
        number
        for number, box in enumerate(found.boxes)
        if any(_is_piece(box.frame, one.frame, sheet.unit) or _covers(box.frame, one.frame) for one in frames)
    }
    others = [
        frame
        for frame in found.frames
        if not any(
            _overlap(frame.frame, other.frame) > _SAME or _is_piece(frame.frame, other.frame, sheet.unit)
            for other in frames
        )
    ]
    freed = [word for number in pieces for word in found.boxes[number].words]
    kept_words = {word for frame in others for word in frame.words}
    lost = [word for frame in found.frames for word in frame.words if word not in kept_words]
    boxes = tuple(box for number, box in enumerate(found.boxes) if number not in pieces)
    return replace(found, boxes=boxes, frames=(*others, *frames), free=(*found.free, *freed, *lost))


def _without_fields(found: Boxes, unit: float) -> Boxes:
    """Without the fields between arrows that were taken for frames: boxes lie across their rims."""
    frames = tuple(frame for frame in found.frames if _holds_boxes(frame.frame, found.boxes, unit))
    lost = [word for frame in found.frames if not any(frame is one for one in frames) for word in frame.words]
    return replace(found, frames=frames, free=(*found.free, *lost))


def _sides(regions: Regions, unit: float, across: bool) -> list[_Side]:
    """The longest level lines, or upright ones."""
    cv2 = opencv()
    edges = (regions.labels == 0).astype(np.uint8)
    if not across:
        edges = np.ascontiguousarray(edges.T)
    # Both edges of one line, and its middle.
    edges = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((max(3, int(_THICK * unit)), 1), np.uint8))
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((1, max(3, int(_GAP * unit))), np.uint8))
    long = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, int(_SHORTEST * unit)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
    flat = [one for one in stats[1:] if one[cv2.CC_STAT_HEIGHT] < 0.5 * unit]
    longest = sorted(flat, key=lambda one: -int(one[cv2.CC_STAT_WIDTH]))[:_MOST_SIDES]
    return [_Side(top + high / 2, float(high), float(left), float(left + wide)) for left, top, wide, high, _ in longest]


def _rectangles(level: Sequence[_Side], upright: Sequence[_Side], unit: float) -> list[Patch]:
    found = []
    rows = sorted(level, key=lambda side: side.at)
    slack = _CORNER * unit
    for number, top in enumerate(rows):
        for foot in rows[number + 1 :]:
            left, right = max(top.start, foot.start), min(top.stop, foot.stop)
            if foot.at - top.at < 2 * unit or right - left < _SHORTEST * unit:
                continue
            sides = [
                side
                for side in upright
                if left - slack < side.at < right + slack and _reaches(side, top.at, foot.at, slack)
            ]
            for one in sides:
                for other in sides:
                    wide = other.at - one.at > _SHORTEST * unit
                    if wide and all(_reaches(side, one.at, other.at, slack) for side in (top, foot)):
                        found.append(_patch(one, top, other, foot))
            if len(found) > _MOST_RECTANGLES:
                return []
    return found


def _reaches(side: _Side, start: float, stop: float, slack: float) -> bool:
    """Whether a side leads from one place to the other, but for rounded corners."""
    inner = (stop - start) - 2 * slack
    seen = min(side.stop, stop) - max(side.start, start)
    at_ends = side.start < start + slack and side.stop > stop - slack
    return at_ends and seen >= _COVERED * max(inner, 0.0)


def _patch(left: _Side, top: _Side, right: _Side, foot: _Side) -> Patch:
    """What lies within four sides."""
    a, c = int(left.at + left.thick / 2) + 1, int(right.at - right.thick / 2)
    b, d = int(top.at + top.thick / 2) + 1, int(foot.at - foot.thick / 2)
    mask = np.broadcast_to(np.True_, (max(1, d - b), max(1, c - a)))  # takes no room; most are dropped again
    outline = float(np.median([side.thick for side in (left, top, right, foot)])) + 1
    return Patch(mask, a, b, (), (255, 255, 255), outline, frozenset())


def _with_colour(sheet: Sheet, frame: Patch) -> Patch:
    """The frame with the colour that most of a strip inside its sides has."""
    h, w = frame.mask.shape
    cut = sheet.pixels[frame.top : frame.top + h, frame.left : frame.left + w]
    strip: NDArray[np.uint8] = np.concatenate([cut[:4].reshape(-1, 3), cut[-4:].reshape(-1, 3)])
    red, green, blue = (int(value) for value in np.median(strip, axis=0))
    return replace(frame, mask=np.ones((h, w), dtype=bool), colour=(red, green, blue))


def _holds_boxes(frame: Frame, boxes: Sequence[Patch], unit: float) -> bool:
    """Whether at least one box lies inside, and none lies across the outline, as where arrows make the rectangle."""
    area = (frame[2] - frame[0]) * (frame[3] - frame[1])
    inside = 0
    for box in boxes:
        a, b, c, d = box.frame
        middle = frame[0] < (a + c) / 2 < frame[2] and frame[1] < (b + d) / 2 < frame[3]
        more = _STICKS_OUT * unit
        whole = a > frame[0] - more and b > frame[1] - more and c < frame[2] + more and d < frame[3] + more
        own = (c - a) * (d - b)
        if middle and whole and own < _OF_FRAME * area and not _is_piece(box.frame, frame, unit):
            inside += 1
        elif not whole and _meets(frame, box.frame, more) and own < area:
            return False
    return inside > 0


def _meets(frame: Frame, box: Frame, more: float) -> bool:
    across = min(frame[2], box[2]) - max(frame[0], box[0])
    down = min(frame[3], box[3]) - max(frame[1], box[1])
    return across > more and down > more


def _without_sums(rectangles: Sequence[Patch], dividers: Sequence[_Side], unit: float) -> list[Patch]:
    """Without the sums of lanes: a smaller one shares three sides, and what parts them ends at the sum's sides."""
    more = _AT_SIDE * unit
    fourth = _fourth_sides(rectangles, unit)

    def parted(place: int) -> bool:
        around = rectangles[place].frame
        for inner in map(int, np.flatnonzero(fourth[:, place] >= 0)):
            number = int(fourth[inner, place])
            along = (around[1], around[3]) if number in (0, 2) else (around[0], around[2])
            for side in dividers:
                near = abs(side.at - rectangles[inner].frame[number]) < more
                if near and abs(side.start - along[0]) < more and abs(side.stop - along[1]) < more:
                    return True
        return False

    return [one for place, one in enumerate(rectangles) if not parted(place)]


def _fourth_sides(rectangles: Sequence[Patch], unit: float) -> NDArray[np.int64]:
    """Of every pair of rectangles the only side that a smaller one does not share with a greater one.

    Returns: shape (n, n), the smaller one first: the number of that side, or -1 for every other case.
    """
    frames = np.array([one.frame for one in rectangles], dtype=float).reshape(-1, 4)
    areas = (frames[:, 2] - frames[:, 0]) * (frames[:, 3] - frames[:, 1])
    shared = np.abs(frames[:, None] - frames[None]) < _AT_SIDE * unit
    across = np.minimum(frames[:, None, 2], frames[None, :, 2]) - np.maximum(frames[:, None, 0], frames[None, :, 0])
    down = np.minimum(frames[:, None, 3], frames[None, :, 3]) - np.maximum(frames[:, None, 1], frames[None, :, 1])
    both = np.maximum(across, 0) * np.maximum(down, 0)
    same = both / np.maximum(1.0, areas[:, None] + areas[None] - both) > _SAME
    single = (shared.sum(axis=2) == 3) & (areas[:, None] < areas[None]) & ~same
    sides: NDArray[np.int64] = np.where(single, np.argmin(shared, axis=2), -1)
    return sides


def _is_piece(piece: Frame, frame: Frame, unit: float) -> bool:
    """Whether a shape lies in a frame and along at least two of its sides: ground that lines cut off."""
    more = _AT_SIDE * unit
    a, b, c, d = piece
    if a < frame[0] - more or b < frame[1] - more or c > frame[2] + more or d > frame[3] + more:
        return False
    return sum(abs(one - other) < more for one, other in zip(piece, frame, strict=True)) >= 2


def _covers(shape: Frame, frame: Frame) -> bool:
    """Whether most of a frame lies in a shape: pieces of lanes that were put together."""
    across = max(0.0, min(shape[2], frame[2]) - max(shape[0], frame[0]))
    down = max(0.0, min(shape[3], frame[3]) - max(shape[1], frame[1]))
    return across * down > _SAME * (frame[2] - frame[0]) * (frame[3] - frame[1])


def _without_doubles(rectangles: Sequence[Patch]) -> list[Patch]:
    kept: list[Patch] = []
    for one in sorted(rectangles, key=lambda frame: -frame.area):
        if all(_overlap(one.frame, other.frame) < _SAME for other in kept):
            kept.append(one)
    return kept


def _overlap(one: Frame, other: Frame) -> float:
    across = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return across * down / max(1.0, areas - across * down)

"""The barbs of heads: ends of strokes that lead nowhere, and are neither joined to others nor to boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cml_mm.media.raster.skeleton import End, Points, Skeleton
from cml_mm.media.raster.surroundings import Surroundings

_BARB = 1.0  # lines of text that the barb of a head is long at most
_TIP = 0.8  # the same for its tip


def barbs_of(skeleton: Skeleton, boxes: Mapping[End, int], around: Surroundings, unit: float) -> set[End]:
    """Short loose ends at a crossing where a line has its head: no line goes on from there.

    Args:
        boxes: which box an end touches.
        unit: height of a line of text in pixels.
    """
    barbs: set[End] = set()
    for crossing, spot in skeleton.crossings.items():
        box, away = around.at(*spot)
        meeting = skeleton.at(crossing)
        if away > _TIP * unit or len(meeting) < 3:
            continue
        tips = [end for end in meeting if boxes.get((end[0], 1 - end[1])) == box or end in boxes]
        tips = [end for end in tips if skeleton.strokes[end[0]].length < _TIP * unit or end in boxes]
        short = [
            (number, 1 - side)
            for number, side in meeting
            if skeleton.strokes[number].length < _BARB * unit and (number, side) not in boxes
        ]
        loose = {end for end in short if _is_loose(skeleton, boxes, end)}
        if not tips or not loose:
            continue
        short_all = all(skeleton.strokes[number].length < _BARB * unit for number, _ in meeting)
        if short_all or all((number, 1 - side) in loose or (number, side) in tips for number, side in meeting):
            # The line itself is seen hardly further than its head: it is what goes straight away from the box.
            loose -= _straight_on(skeleton, spot, tips, loose)
        barbs |= loose
    return barbs


def _straight_on(skeleton: Skeleton, spot: Points, tips: Sequence[End], loose: set[End]) -> set[End]:
    """The end that lies most nearly opposite to a head's tip, seen from its crossing."""
    ends = {end: skeleton.strokes[end[0]].from_end(end[1])[0] - spot for end in sorted(loose)}
    tip = np.mean([skeleton.strokes[number].from_end(1 - side)[0] - spot for number, side in tips], axis=0)
    if np.linalg.norm(tip) < 2:
        tip = -np.mean(list(ends.values()), axis=0)
    sizes = {end: max(1.0, float(np.linalg.norm(way) * np.linalg.norm(tip))) for end, way in ends.items()}
    turned = {end: float(way @ tip) / sizes[end] for end, way in ends.items()}
    best = min(turned, key=lambda end: turned[end])
    return {best}


def _is_loose(skeleton: Skeleton, boxes: Mapping[End, int], end: End) -> bool:
    return end not in boxes and skeleton.strokes[end[0]].ends[end[1]] < 0

"""The lines between boxes, with their heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cml_mm.diagrams.values import Heads, LineStyle
from cml_mm.media.raster.boxes import Boxes
from cml_mm.media.raster.ends import joints_of
from cml_mm.media.raster.heads import Head, head_at
from cml_mm.media.raster.joints import Joints
from cml_mm.media.raster.passing import passing_lines
from cml_mm.media.raster.routes import Route, Router, chosen
from cml_mm.media.raster.sheet import Sheet
from cml_mm.media.raster.skeleton import End, Points, Skeleton, skeleton_of
from cml_mm.media.raster.strokes import Ink
from cml_mm.media.raster.surroundings import Surroundings
from cml_mm.media.raster.thickness import thicker_end
from cml_mm.media.raster.thinning import thinned
from cml_mm.media.raster.words import Word

_SPUR = 0.9  # widths of a line that a side branch must exceed
_TIP = 0.7  # lines of text from a box within which a branch may be the tip of a head
_WORTH = 0.3  # lines of text from which on a stroke must be explained
_LOOP = 0.8  # lines of text that a line back to its own box goes away from it
_SHORT = 2.6  # lines of text
_LEAD = 2.4  # lines of text over which the width of a line is taken, its head included
_FORK = 1.5  # lines of text from one branch of a fork at a box to the end of another
_BARB = 1.0  # lines of text that the barb of a head is long at most
_LEAST_HEAD = 0.006  # of a line of text squared
_OF_USUAL = 0.38  # of the picture's usual head
_CLEARLY = 1.6  # times the ink beside the other end
_NO_HEAD_COST = 3.0
_TWO_HEADS_COST = 4.0
_SAME_BOX_COST = 8.0
_FORK_COST = 8.0
_TWO_BENDS = 19.5  # the cost of two right angles at crossings, and a little


@dataclass(frozen=True)
class Line:
    """A line from box to box; `points` run from the first to the second."""

    boxes: tuple[int, int]
    points: Points
    heads: Heads
    style: LineStyle
    confidence: float


def lines_on(sheet: Sheet, found: Boxes, ink: Ink, words: Sequence[Word]) -> list[Line]:
    """Follows all ink from box to box."""
    skeleton = skeleton_of(thinned(ink.lines), ink.lines)
    around = Surroundings(ink.owner)
    _prune(skeleton, around, sheet.unit)
    frames = [word.frame for word in words]
    joints = joints_of(skeleton, around, frames, sheet.unit)
    plain = Router(skeleton, joints, {}, sheet.unit)
    heads = {end: _head(plain, skeleton, ink, around, end, sheet.unit) for end in joints.boxes}
    twins = _twins(joints, skeleton, sheet.unit)
    _share(heads, twins)
    usual = _usual(list(heads.values()), sheet.unit)
    through = {
        one: other
        for one, other in passing_lines(sheet, found.boxes, skeleton, joints, plain).items()
        if heads[one].area < 0.5 * usual and heads[other].area < 0.5 * usual
    }
    for end in through:
        del joints.boxes[end]
    router = Router(skeleton, joints, through, sheet.unit)
    routes = [route for end in joints.boxes for route in router.routes_from(end) if route.start < route.stop]
    has_heads = usual > 0

    pointed = {end: head.area > _OF_USUAL * usual for end, head in heads.items()}
    forked = _answered(routes, pointed) if has_heads else frozenset()

    def extra(route: Route) -> float:
        first, last = pointed[route.start], pointed[route.stop]
        cost = _SAME_BOX_COST if route.boxes[0] == route.boxes[1] else 0.0
        if has_heads and first == last:
            fork = {route.start, route.stop} <= forked
            cost += (_TWO_HEADS_COST if first else _NO_HEAD_COST) + (_FORK_COST if fork else 0.0)
        return cost

    barbs = _barbs(skeleton, joints, sheet.unit)
    taken = chosen(routes, skeleton, extra, _WORTH * sheet.unit, barbs, twins)
    lines = [
        _line(
            route,
            heads if route.length > _SHORT * sheet.unit else _of_short(skeleton, ink, around, route, sheet.unit),
            usual,
            skeleton,
            ink,
            sheet.unit,
        )
        for route in taken
        if _is_sound(route, found, heads, usual, sheet.unit) and not _is_outline_of_head(route, taken)
    ]
    headed = {frozenset(line.boxes) for line in lines if line.heads != "none"}
    return [line for line in lines if line.heads != "none" or frozenset(line.boxes) not in headed]


def _answered(routes: Sequence[Route], pointed: Mapping[End, bool]) -> frozenset[End]:
    """Ends from which a way that bends twice at most leads to an end of the other kind, a head to a tail.

    A line that joins two heads or two tails is no good guess between two of these: they are the
    branches of one trunk.
    """
    found = set()
    for route in routes:
        apart = route.boxes[0] != route.boxes[1]
        if apart and pointed[route.start] != pointed[route.stop] and route.bends < _TWO_BENDS:
            found |= {route.start, route.stop}
    return frozenset(found)


def _is_sound(route: Route, found: Boxes, heads: dict[End, Head], usual: float, unit: float) -> bool:
    """A line back to its own box must leave it for a while and have a head; else it is a piece of outline."""
    if route.boxes[0] != route.boxes[1]:
        return True
    left, top, right, foot = found.boxes[route.boxes[0]].frame
    x, y = route.points[:, 0], route.points[:, 1]
    away = np.hypot(np.maximum(0, np.maximum(left - x, x - right)), np.maximum(0, np.maximum(top - y, y - foot)))
    areas = sorted((heads[route.start].area, heads[route.stop].area))
    return bool(away.max() > _LOOP * unit and areas[1] > _OF_USUAL * usual > areas[0])


def _is_outline_of_head(route: Route, taken: Sequence[Route]) -> bool:
    """Whether what looks like a line back to its own box runs round the end of another line: that line's head."""
    if route.boxes[0] != route.boxes[1]:
        return False
    (left, top), (right, foot) = route.points.min(axis=0), route.points.max(axis=0)
    tips = [
        other.points[place]
        for other in taken
        for place, box in zip((0, -1), other.boxes, strict=True)
        if other.boxes[0] != other.boxes[1] and box == route.boxes[0]
    ]
    return any(left <= x <= right and top - 1 <= y <= foot + 1 for x, y in tips)


def _head(router: Router, skeleton: Skeleton, ink: Ink, around: Surroundings, end: End, unit: float) -> Head:
    lead = router.lead(end, _LEAD * unit)
    return _head_of(skeleton, ink, around, lead, unit, unit * _LEAD)


def _head_of(skeleton: Skeleton, ink: Ink, around: Surroundings, lead: Points, unit: float, most_px: float) -> Head:
    _, away = around.at(*lead[0])
    return head_at(ink.lines, lead, min(away, unit), skeleton.width_along(lead), unit, most_px)


def _of_short(skeleton: Skeleton, ink: Ink, around: Surroundings, route: Route, unit: float) -> dict[End, Head]:
    """The heads of a line so short that the head at its other end must be kept out of sight."""
    ways = ((route.start, route.points), (route.stop, route.points[::-1]))
    return {end: _head_of(skeleton, ink, around, lead, unit, 0.5 * route.length) for end, lead in ways}


def _twins(joints: Joints, skeleton: Skeleton, unit: float) -> dict[End, End]:
    """Ends at one box that are short branches of one line, as a head's may be, and which stands for them all."""
    twins: dict[End, End] = {}
    for end in joints.boxes:
        if end not in twins:
            twins |= dict.fromkeys(_branches(joints, skeleton, end, unit) - twins.keys(), end)
    return twins


def _branches(joints: Joints, skeleton: Skeleton, end: End, unit: float) -> set[End]:
    """The ends at the same box to which short strokes lead from one end; itself too."""
    found: set[End] = set()
    seen, ways = {end}, [(end, 0.0)]
    while ways:
        here, gone = ways.pop()
        stroke = skeleton.strokes[here[0]]
        if joints.boxes.get(here, -1) == joints.boxes[end]:
            found.add(here)
        onward = [(way, gone) for way in skeleton.at(stroke.ends[here[1]])] if stroke.ends[here[1]] >= 0 else []
        if here in joints.links:
            onward.append((joints.links[here], gone))
        if stroke.length < _BARB * unit and gone + stroke.length < _FORK * unit:
            onward.append(((here[0], 1 - here[1]), gone + stroke.length))
        ways += [way for way in onward if way[0] not in seen]
        seen |= {way for way, _ in onward}
    return found


def _share(heads: dict[End, Head], twins: Mapping[End, End]) -> None:
    """A head that ends in a fork is one, whichever of the fork's ends a line is taken to have."""
    best: dict[End, Head] = {}
    for end, twin in twins.items():
        best[twin] = max(best.get(twin, heads[end]), heads[end], key=lambda head: head.area)
    for end, twin in twins.items():
        heads[end] = best[twin]


def _usual(heads: Sequence[Head], unit: float) -> float:
    """The area of a head as it is usual on this picture; 0 where there are none."""
    areas = [head.area for head in heads if head.area > _LEAST_HEAD * unit**2]
    return float(np.percentile(areas, 65)) if areas else 0.0


def _prune(skeleton: Skeleton, around: Surroundings, unit: float) -> None:
    """Takes off side branches that are no longer than the line is thick, but for the tips of heads."""
    for number, stroke in list(skeleton.strokes.items()):
        loose = [end for end in (0, 1) if stroke.ends[end] < 0]
        if len(loose) != 1 or stroke.length >= _SPUR * stroke.width + 2:
            continue
        tip, root = stroke.from_end(loose[0])[0], stroke.from_end(1 - loose[0])[0]
        near, nearer = around.at(*root)[1], around.at(*tip)[1]
        if not (nearer < _TIP * unit and near - nearer > 0.5 * stroke.length):
            skeleton.remove(number)
    for crossing, spot in skeleton.crossings.items():
        if around.at(*spot)[1] > _TIP * unit:  # nearer, it may be all that is left of a head
            skeleton.loosen(crossing)


def _barbs(skeleton: Skeleton, joints: Joints, unit: float) -> frozenset[int]:
    """Short strokes with a loose end: the sides of open heads, and what is left of letters."""
    return frozenset(
        number
        for number, stroke in skeleton.strokes.items()
        if any(joints.is_loose(skeleton, (number, end)) for end in (0, 1)) and stroke.length < _BARB * unit
    )


def _line(route: Route, heads: dict[End, Head], usual: float, skeleton: Skeleton, ink: Ink, unit: float) -> Line:
    first, last = heads[route.start].area, heads[route.stop].area
    style = _style(route, skeleton, unit)
    sure = 0.95 - min(0.3, 0.04 * route.bends) - min(0.1, 0.02 * route.crossings)
    least = max(_LEAST_HEAD * unit**2, _OF_USUAL * usual)
    if max(first, last) < least:
        if not usual:
            return Line(route.boxes, route.points, "none", style, sure)
        # Where the others have heads, a trace of one is more likely than none.
        if max(first, last) > 0.3 * least:
            return _pointed(route, first > last, style, 0.5 * sure)
        one, other = heads[route.start].onesided, heads[route.stop].onesided
        if max(one, other) > max(least, _CLEARLY * min(one, other)):
            return _pointed(route, one > other, style, 0.45 * sure)
        thicker = thicker_end(ink.lines, skeleton, route.points, unit)
        if thicker is not None:
            return _pointed(route, thicker == 0, style, 0.4 * sure)
        return Line(route.boxes, route.points, "none", style, 0.6 * sure)
    if min(first, last) > max(least, 0.72 * max(first, last)):
        return Line(route.boxes, route.points, "both", style, 0.8 * sure)
    clear = 1 - min(first, last) / max(first, last)
    return _pointed(route, first > last, style, sure * (0.6 + 0.4 * clear))


def _pointed(route: Route, turned: bool, style: LineStyle, sure: float) -> Line:
    if turned:
        return Line((route.boxes[1], route.boxes[0]), route.points[::-1], "target", style, sure)
    return Line(route.boxes, route.points, "target", style, sure)


def _style(route: Route, skeleton: Skeleton, unit: float) -> LineStyle:
    parts = [skeleton.strokes[number] for number, _ in route.strokes]
    if route.gaps >= 3 and route.gaps > route.length / (4 * unit):
        middle = float(np.median([part.length for part in parts]))
        return "dotted" if middle < 0.25 * unit else "dashed"
    width = float(np.median([part.width for part in parts]))
    return "thick" if width > 0.24 * unit else "solid"

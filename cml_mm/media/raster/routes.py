"""Which way lines take through their crossings: straight on, where that leads from box to box."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from cml_mm.media.raster.joints import Joints
from cml_mm.media.raster.skeleton import End, Points, Skeleton

_LOOK = 0.62  # lines of text before and after a crossing over which its bend is measured
_SHARPEST_DEGREES = 115.0
_BEND_DEGREES = 30.0  # bend that costs 1
_MOST_STEPS = 1500  # of search from one end
_MOST_LEAD = 40  # strokes or dots that a lead runs over
_MOST_ROUTES = 14
_DEAREST = 26.0
_LEAST_NEW = 0.12  # of a route that no other passes
_LEAST_OF_SECOND = 0.6  # the same for a second line between two boxes
_GAP_COST = 0.05
_THROUGH_COST = 0.3


@dataclass(frozen=True)
class Route:
    """A way from box to box. `strokes` in the order in which they are passed, with the end each is entered at."""

    start: End
    stop: End
    boxes: tuple[int, int]
    strokes: tuple[End, ...]
    points: Points
    bends: float  # cost of its bends at crossings
    crossings: int
    gaps: int

    @property
    def passed(self) -> frozenset[int]:
        return frozenset(number for number, _ in self.strokes)

    @property
    def length(self) -> float:
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())


@dataclass(frozen=True)
class _Part:
    strokes: tuple[End, ...]
    points: Points
    turns: tuple[int, ...]  # at which of its points it passed crossings
    extra: float
    gaps: int


class Router:
    """Finds routes through one net of strokes.

    Args:
        through: ends at a box whose line goes on behind it, and where it comes out.
    """

    def __init__(self, skeleton: Skeleton, joints: Joints, through: Mapping[End, End], unit: float) -> None:
        self._net, self._joints, self._through, self._unit = skeleton, joints, through, unit

    def routes_from(self, start: End) -> list[Route]:
        """Routes that leave a box at this end of a stroke, the straightest first."""
        first = _Part((start,), self._net.strokes[start[0]].from_end(start[1]), (), 0.0, 0)
        heap: list[tuple[float, int, _Part]] = [(0.0, 0, first)]
        found: list[Route] = []
        serial = 0
        for _ in range(_MOST_STEPS):
            if not heap or len(found) >= _MOST_ROUTES:
                break
            cost, _, part = heapq.heappop(heap)
            number, entered = part.strokes[-1]
            leaving = (number, 1 - entered)
            if leaving in self._joints.boxes:
                found.append(self._route(start, leaving, part, cost))
            for after in self._ways_on(leaving, part):
                dear = self._bends(after.points, after.turns) + after.extra
                if dear <= _DEAREST:
                    serial += 1
                    heapq.heappush(heap, (dear, serial, after))
        return found

    def lead(self, start: End, reach_px: float) -> Points:
        """The way inward from an end, straight on at crossings, for so far."""
        part = _Part((start,), self._net.strokes[start[0]].from_end(start[1]), (), 0.0, 0)
        for _ in range(_MOST_LEAD):
            if _length(part.points) >= reach_px:
                break
            number, entered = part.strokes[-1]
            ways = list(self._ways_on((number, 1 - entered), part))
            if not ways:
                break
            part = min(ways, key=lambda one: self._bends(one.points, one.turns))
        return part.points

    def _route(self, start: End, stop: End, part: _Part, cost: float) -> Route:
        boxes = self._joints.boxes[start], self._joints.boxes[stop]
        return Route(start, stop, boxes, part.strokes, part.points, cost, len(part.turns), part.gaps)

    def _ways_on(self, leaving: End, part: _Part) -> list[_Part]:
        passed = {number for number, _ in part.strokes}
        ways = []
        for links, cost in ((self._joints.links, _GAP_COST), (self._through, _THROUGH_COST)):
            onward = links.get(leaving)
            if onward is not None and onward[0] not in passed:
                ways.append(self._extended(part, onward, False, cost))
        crossing = self._net.strokes[leaving[0]].ends[leaving[1]]
        if crossing >= 0:
            for number, end in self._net.at(crossing):
                if number not in passed:
                    ways.append(self._extended(part, (number, end), True, 0.0))
        return [way for way in ways if way is not None]

    def _extended(self, part: _Part, onward: End, turned: bool, cost: float) -> _Part:
        more = self._net.strokes[onward[0]].from_end(onward[1])
        turns = (*part.turns, len(part.points) - 1) if turned else part.turns
        return _Part(
            (*part.strokes, onward),
            np.vstack([part.points, more]),
            turns,
            part.extra + cost,
            part.gaps + (not turned),
        )

    def _bends(self, points: Points, turns: tuple[int, ...]) -> float:
        """What the bends at crossings cost together; crossings close by count as one."""
        if not turns:
            return 0.0
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        look = _LOOK * self._unit
        cost = 0.0
        groups: list[list[int]] = []
        for turn in turns:
            if groups and along[turn] - along[groups[-1][-1]] < look:
                groups[-1].append(turn)
            else:
                groups.append([turn])
        for group in groups:
            angle = _angle(points, along, group[0], group[-1], look)
            if angle > _SHARPEST_DEGREES:
                return float("inf")
            cost += (angle / _BEND_DEGREES) ** 2
        return cost


def _angle(points: Points, along: Points, first: int, last: int, look: float) -> float:
    """Degrees by which a way turns between two of its points."""
    before = points[int(np.searchsorted(along, along[first] - look))]
    after = points[min(len(points) - 1, int(np.searchsorted(along, along[last] + look)))]
    came, goes = points[first] - before, after - points[last]
    sizes = float(np.linalg.norm(came) * np.linalg.norm(goes))
    if np.linalg.norm(came) < 2 or np.linalg.norm(goes) < 2:
        return 0.0
    return float(np.degrees(np.arccos(np.clip(came @ goes / sizes, -1.0, 1.0))))


def _length(points: Points) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


Compatible = Callable[[Route], float]


def chosen(
    routes: list[Route],
    skeleton: Skeleton,
    extra: Compatible,
    least_px: float,
    ignored: frozenset[int],
    twins: Mapping[End, End],
) -> list[Route]:
    """The fewest and straightest routes that together pass every stroke worth it.

    Args:
        extra: what a route costs besides its bends, such as for a line without a head.
        least_px: a route must pass so much that no other does.
        ignored: strokes that need not either, such as the barbs of heads.
        twins: for an end that is one of several of the same line, which of them stands for all.
    """
    # A dot has no length to speak of, but is as much of a line as it is wide.
    lengths = {
        number: stroke.length + (stroke.width if max(stroke.ends) < 0 else 0.0)
        for number, stroke in skeleton.strokes.items()
    }
    open_strokes = set(lengths) - ignored
    priced = sorted(
        ((route.bends + extra(route), route.length, number) for number, route in enumerate(routes)), key=lambda o: o
    )
    taken: list[Route] = []
    joined: set[frozenset[int]] = set()
    done: set[int] = set()
    ends: set[End] = set()
    for _, _, number in priced:
        route = routes[number]
        new = (route.passed & open_strokes) - done
        unseen = sum(lengths[one] for one in new)
        # A branch of a trunk may be short beside it, where it is the only way to its box.
        reached = {twins.get(end, end) for end in (route.start, route.stop)} <= ends
        if unseen < least_px or (reached and unseen < min(_LEAST_NEW * route.length, 4 * least_px)):
            continue
        pair = frozenset(route.boxes)
        if pair in joined and unseen < _LEAST_OF_SECOND * route.length:
            continue  # another way through the same head or fork
        joined.add(pair)
        taken.append(route)
        done |= route.passed
        ends |= {twins.get(end, end) for end in (route.start, route.stop)}
    return taken

"""Middle lines as a net: strokes, and the crossings where they meet."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.regions import Mask

End = tuple[int, int]  # a stroke's number; 0 for its first point, 1 for its last
Points = NDArray[np.float64]  # shape (n, 2): x, y


_LONGER = 1.2  # widths that a dash is longer than a dot
_RING = 3.0  # widths around a speck of paper inside a line


@dataclass
class Stroke:
    """A line without branches. `ends` are crossings' numbers at its first and last point, -1 for a loose end."""

    points: Points
    ends: list[int]
    width: float  # of its ink, in pixels

    @property
    def length(self) -> float:
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum()) if len(self.points) > 1 else 0.0

    def from_end(self, end: int) -> Points:
        """Its points, beginning at one end."""
        return self.points if end == 0 else self.points[::-1]

    def outward(self, end: int, reach_px: float) -> NDArray[np.float64]:
        """The direction in which it leaves at one end, of length 1; zero for a dot."""
        points = self.from_end(end)
        away = np.linalg.norm(points - points[0], axis=1)
        far = np.flatnonzero(away >= reach_px)
        back = points[far[0]] if len(far) else points[-1]
        way = points[0] - back
        size = float(np.linalg.norm(way))
        return way / size if size > max(3.0, _LONGER * self.width) else np.zeros(2)


@dataclass
class Skeleton:
    """All strokes, and where their crossings are."""

    strokes: dict[int, Stroke]
    crossings: dict[int, NDArray[np.float64]]
    depth: NDArray[np.float32]  # of each pixel in the ink
    _meeting: dict[int, list[End]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, stroke in self.strokes.items():
            for end, crossing in enumerate(stroke.ends):
                if crossing >= 0:
                    self._meeting.setdefault(crossing, []).append((number, end))

    def at(self, crossing: int) -> list[End]:
        """Which strokes meet at a crossing, with which of their ends."""
        return self._meeting.get(crossing, [])

    def remove(self, number: int) -> None:
        stroke = self.strokes.pop(number)
        for end, crossing in enumerate(stroke.ends):
            if crossing >= 0 and (number, end) in self.at(crossing):
                self._meeting[crossing].remove((number, end))

    def loosen(self, crossing: int) -> None:
        """Makes a crossing at which only one stroke is left a loose end; small rings at it are not counted."""
        for number, _ in self.at(crossing).copy():
            stroke = self.strokes.get(number)
            if stroke is not None and stroke.ends == [crossing, crossing] and stroke.length < _RING * stroke.width:
                self.remove(number)
        if len(self.at(crossing)) == 1:
            ((number, end),) = self._meeting.pop(crossing)
            self.strokes[number].ends[end] = -1

    def width_along(self, way: Points) -> float:
        """The width of a line without what widens it for a part of the way, such as its head."""
        depths = self.depth[way[:, 1].astype(int), way[:, 0].astype(int)]
        inked = depths[depths > 0]
        return 2 * float(np.percentile(inked, 30)) if len(inked) else 1.0


def skeleton_of(thin: Mask, ink: Mask) -> Skeleton:
    """Takes middle lines apart at their crossings.

    Args:
        thin: one pixel wide, as `thinned` makes it.
        ink: what was thinned, for the width of the lines.
    """
    cv2 = opencv()
    inside = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 3)
    seen = thin.astype(np.uint8)
    ones = np.ones((3, 3), np.float32)
    neighbours = cv2.filter2D(seen, cv2.CV_8U, ones, borderType=cv2.BORDER_CONSTANT) - seen
    crossing = (seen > 0) & (neighbours > 2)
    count, clusters = cv2.connectedComponents(crossing.astype(np.uint8), connectivity=8)
    crossings = _middles(clusters, count)
    plain = ((seen > 0) & ~crossing).astype(np.uint8)
    number, labels, stats, _ = cv2.connectedComponentsWithStats(plain, connectivity=8)
    strokes = {}
    for one in range(1, number):
        left, top, w, h, _ = (int(value) for value in stats[one])
        ys, xs = np.nonzero(labels[top : top + h, left : left + w] == one)
        points = _in_a_row(xs + left, ys + top)
        ends = [_crossing_at(clusters, points[0]), _crossing_at(clusters, points[-1], len(points) == 1)]
        width = 2 * float(np.median(inside[points[:, 1].astype(int), points[:, 0].astype(int)]))
        full = _with_crossings(points, ends, crossings)
        strokes[one] = Stroke(full, ends, width)
    return Skeleton(strokes, crossings, inside)


def _middles(clusters: NDArray[np.int32], count: int) -> dict[int, NDArray[np.float64]]:
    ys, xs = np.nonzero(clusters)
    numbers = clusters[ys, xs]
    sizes = np.maximum(1, np.bincount(numbers, minlength=count))
    x, y = np.bincount(numbers, xs, count) / sizes, np.bincount(numbers, ys, count) / sizes
    return {number: np.array([x[number], y[number]]) for number in range(1, count)}


def _in_a_row(xs: NDArray[np.int64], ys: NDArray[np.int64]) -> Points:
    """The pixels of a line in the order in which it runs."""
    left = {(int(x), int(y)) for x, y in zip(xs, ys, strict=True)}
    ends = [spot for spot in left if sum((spot[0] + dx, spot[1] + dy) in left for dx, dy in _STEPS) <= 1]
    spot = min(ends) if ends else min(left)
    row = [spot]
    left.discard(spot)
    while left:
        after = next(((spot[0] + dx, spot[1] + dy) for dx, dy in _STEPS if (spot[0] + dx, spot[1] + dy) in left), None)
        if after is None:
            break
        row.append(after)
        left.discard(after)
        spot = after
    return np.array(row, dtype=np.float64)


_STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


def _crossing_at(clusters: NDArray[np.int32], point: NDArray[np.float64], last: bool = False) -> int:
    """The crossing next to the end of a line; of a single pixel between two, the last one for its last end."""
    x, y = int(point[0]), int(point[1])
    near = np.unique(clusters[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2])
    near = near[near > 0]
    if not len(near):
        return -1
    if last:
        return int(near[-1]) if len(near) > 1 else -1
    return int(near[0])


def _with_crossings(points: Points, ends: list[int], crossings: dict[int, NDArray[np.float64]]) -> Points:
    parts = [points]
    if ends[0] >= 0:
        parts.insert(0, crossings[ends[0]][None])
    if ends[1] >= 0:
        parts.append(crossings[ends[1]][None])
    return np.vstack(parts)

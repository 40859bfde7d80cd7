"""Where the boxes of a made-up diagram stand, and which of them lie so that a line may join them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.diagram_shapes import Rect, overlap
from benchmarks.diagram_styles import Layout
from cml_mm.diagrams.values import Point

Size = tuple[float, float]  # width, height
_GAP = 56.0  # between boxes, where a line must find room


@dataclass(frozen=True)
class Band:
    """A lane or a group: which boxes it holds, by number, and where it lies."""

    rect: Rect
    members: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """Places before any line is drawn.

    `pairs` are the numbers of boxes that a line may lead from and to, the likeliest first.
    """

    centres: tuple[Point, ...]
    pairs: tuple[tuple[int, int], ...]
    bands: tuple[Band, ...] = ()


def planned(layout: Layout, sizes: list[Size], chance: random.Random) -> Plan:
    """Places for boxes of these sizes, none over another, from (0, 0) in any direction."""
    if layout in ("layered", "sideways"):
        return _layered(sizes, chance, sideways=layout == "sideways")
    if layout == "lanes":
        return _lanes(sizes, chance)
    if layout == "groups":
        return _groups(sizes, chance)
    if layout in ("circle", "causal"):
        centres = _round(sizes, chance, uneven=0.0 if layout == "circle" else 0.12)
    elif layout == "hub":
        centres = _hub(sizes)
    elif layout in ("free", "whiteboard"):
        centres = _free(sizes, chance)
    else:
        centres = _grid(sizes, chance, _columns(len(sizes)))
    pairs = _near(centres, chance)
    if layout == "hub":
        pairs.sort(key=lambda pair: 0 not in pair)
    return Plan(tuple(centres), tuple(pairs))


def rect_at(centre: Point, size: Size) -> Rect:
    return (
        centre[0] - size[0] / 2,
        centre[1] - size[1] / 2,
        centre[0] + size[0] / 2,
        centre[1] + size[1] / 2,
    )


def _layered(sizes: list[Size], chance: random.Random, sideways: bool) -> Plan:
    """Rows of one to four, the lines mostly from a row to the next."""
    turned = [(high, wide) for wide, high in sizes] if sideways else sizes
    rows: list[list[int]] = []
    left = list(range(len(sizes)))
    while left:
        count = min(len(left), chance.randint(1, 4) if rows else chance.randint(1, 2))
        rows.append(left[:count])
        left = left[count:]
    centres: dict[int, Point] = {}
    y = 0.0
    for row in rows:
        high = max(turned[number][1] for number in row)
        whole = sum(turned[number][0] for number in row) + 1.1 * _GAP * (len(row) - 1)
        x = -whole / 2 + chance.uniform(-20, 20)
        for number in row:
            centres[number] = (x + turned[number][0] / 2, y + high / 2)
            x += turned[number][0] + 1.1 * _GAP
        y += high + chance.uniform(1.2, 1.7) * _GAP
    places = [centres[number] for number in range(len(sizes))]
    row_of = {number: at for at, row in enumerate(rows) for number in row}
    pairs = [(a, b) for a, b in _near(places, chance, down=True) if row_of[a] != row_of[b]]
    pairs.sort(key=lambda pair: abs(row_of[pair[0]] - row_of[pair[1]]) > 1)
    if sideways:
        places = [(down, across) for across, down in places]
    return Plan(tuple(places), tuple(pairs))


def _lanes(sizes: list[Size], chance: random.Random) -> Plan:
    """Bands from left to right, a step in each column, lines onwards."""
    count = chance.randint(2, 4)
    lane_of = [chance.randrange(count) for _ in sizes]
    for lane in range(count):
        lane_of[lane % len(sizes)] = lane
    chance.shuffle(lane_of)
    high = max(size[1] for size in sizes) + 44
    places: list[Point] = []
    x, before = 150.0, -1
    for number, (wide, _) in enumerate(sizes):
        # Two steps in a row may share a column when their lanes differ.
        if number and not (lane_of[number] > before >= 0 and chance.random() < 0.35):
            x += max(size[0] for size in sizes) + _GAP
            before = -1
        before = max(before, lane_of[number])
        places.append((x + wide / 2, (lane_of[number] + 0.5) * high))
    right = max(place[0] + size[0] / 2 for place, size in zip(places, sizes, strict=True)) + 30
    bands = [
        Band((0.0, lane * high, right, (lane + 1) * high), tuple(n for n, at in enumerate(lane_of) if at == lane))
        for lane in range(count)
    ]
    pairs = [(number, number + 1) for number in range(len(sizes) - 1)]
    return Plan(tuple(places), (*pairs, *(pair for pair in _near(places, chance) if pair not in pairs)), tuple(bands))


def _groups(sizes: list[Size], chance: random.Random) -> Plan:
    """Two or three frames beside each other, each around a small grid."""
    count = 2 if len(sizes) < 7 else 3
    cuts = [round(len(sizes) * number / count) for number in range(count + 1)]
    places: list[Point] = []
    bands: list[Band] = []
    x = 0.0
    for begin, end in pairwise(cuts):
        inner = _grid(sizes[begin:end], chance, chance.choice((1, 2)), full=True)
        rects = [rect_at(place, size) for place, size in zip(inner, sizes[begin:end], strict=True)]
        left, top = min(rect[0] for rect in rects), min(rect[1] for rect in rects)
        right, foot = max(rect[2] for rect in rects), max(rect[3] for rect in rects)
        shift, drop = x + 28 - left, 44 - top + chance.uniform(0, 60)
        places += [(px + shift, py + drop) for px, py in inner]
        bands.append(Band((x, drop + top - 44, x + right - left + 56, drop + foot + 28), tuple(range(begin, end))))
        x += right - left + 56 + 1.3 * _GAP
    return Plan(tuple(places), tuple(_near(places, chance)), tuple(bands))


def _grid(sizes: list[Size], chance: random.Random, columns: int, full: bool = False) -> list[Point]:
    rows = math.ceil(len(sizes) / columns)
    if not full:
        rows += chance.random() < 0.4
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    chosen = cells[: len(sizes)] if full else sorted(chance.sample(cells, len(sizes)), key=lambda cell: cell[::-1])
    wide = max(size[0] for size in sizes) + 1.25 * _GAP
    high = max(size[1] for size in sizes) + 1.15 * _GAP
    return [((column + 0.5) * wide, (row + 0.5) * high) for column, row in chosen]


def _round(sizes: list[Size], chance: random.Random, uneven: float) -> list[Point]:
    """Round about on an ellipse that is wide enough for all."""
    girth = sum(math.hypot(*size) * 0.9 + _GAP for size in sizes)
    radius = max(girth / math.tau, 120.0)
    begin = chance.uniform(0, math.tau)
    places = []
    for number in range(len(sizes)):
        turn = begin + math.tau * number / len(sizes)
        out = 1 + chance.uniform(-uneven, uneven)
        places.append((1.25 * radius * out * math.cos(turn), radius * out * math.sin(turn)))
    return places


def _hub(sizes: list[Size]) -> list[Point]:
    """The first in the middle, the others around it."""
    girth = sum(math.hypot(*size) * 0.8 + _GAP for size in sizes[1:])
    reach = max(girth / math.tau, math.hypot(*sizes[0]) / 2 + max(math.hypot(*size) / 2 for size in sizes) + 1.3 * _GAP)
    turns = [math.tau * number / (len(sizes) - 1) for number in range(len(sizes) - 1)]
    return [(0.0, 0.0), *((1.2 * reach * math.cos(turn), reach * math.sin(turn)) for turn in turns)]


def _free(sizes: list[Size], chance: random.Random) -> list[Point]:
    """Anywhere, but none too near another."""
    area = sum((wide + 1.6 * _GAP) * (high + 1.6 * _GAP) for wide, high in sizes)
    across = math.sqrt(1.5 * area)
    places: list[Point] = []
    while len(places) < len(sizes):
        spot = (chance.uniform(0, 1.25 * across), chance.uniform(0, 0.8 * across))
        rect = rect_at(spot, sizes[len(places)])
        others = [rect_at(place, size) for place, size in zip(places, sizes, strict=False)]
        if any(overlap(rect, other, 0.9 * _GAP) for other in others):
            across *= 1.01
            continue
        places.append(spot)
    return places


def _near(places: list[Point], chance: random.Random, down: bool = False) -> list[tuple[int, int]]:
    """Pairs by distance, a little shuffled; each once, in one direction."""
    pairs = [(a, b) for a in range(len(places)) for b in range(a)]
    pairs.sort(key=lambda pair: math.dist(places[pair[0]], places[pair[1]]) * chance.uniform(0.6, 1.4))
    turned = []
    for a, b in pairs:
        forward = places[a][1] <= places[b][1] if down and chance.random() < 0.93 else chance.random() < 0.5
        turned.append((a, b) if forward else (b, a))
    return turned


def _columns(count: int) -> int:
    return max(2, math.ceil(math.sqrt(count * 1.3)))

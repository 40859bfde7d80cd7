"""Boxes joined by arrows, put into layers; what is not joined stands side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

_SWEEPS = 6
_STEPS = 4  # of pulling boxes below their neighbours
_MOST_BETWEEN = 6_000  # places that long arrows keep free in the layers they cross
_SHEET = 1.5  # width to height, about, of what is packed


@dataclass(frozen=True)
class Placed:
    """Where the upper left corners are, and how much room all take."""

    corners: dict[str, tuple[float, float]]
    width: float
    height: float


def arranged(
    keys: Sequence[str],
    sizes: Mapping[str, tuple[float, float]],
    edges: Sequence[tuple[str, str]],
    sideways: bool,
    gap_across: float,
    gap_along: float,
) -> Placed:
    """Arrange boxes without groups.

    Args:
        keys: of the boxes.
        sizes: width and height of each.
        edges: source and target of every arrow between them.
        sideways: arrows lead to the right, not down.
        gap_across: between boxes of one layer.
        gap_along: between layers.

    Returns:
        Their places, from (0, 0).
    """
    parts = []
    for members, inner in _components(keys, edges):
        # Inside, layers always lead down: a drawing to the right is one turned on its side.
        turned = {key: sizes[key][::-1] if sideways else sizes[key] for key in members}
        parts.append(_Layers(members, turned, inner, gap_across, gap_along).placed())
    packed = _packed(parts, sideways, gap_across)
    if not sideways:
        return packed
    return Placed({key: (y, x) for key, (x, y) in packed.corners.items()}, packed.height, packed.width)


def _components(keys: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[tuple[list[str], list[tuple[str, str]]]]:
    """What is joined, each with its arrows, in the order of the first box."""
    root = {key: key for key in keys}

    def top(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for one, other in edges:
        root[top(other)] = top(one)
    found: dict[str, tuple[list[str], list[tuple[str, str]]]] = {}
    for key in keys:
        found.setdefault(top(key), ([], []))[0].append(key)
    for one, other in edges:
        found[top(one)][1].append((one, other))
    return list(found.values())


def _packed(parts: Sequence[Placed], sideways: bool, gap: float) -> Placed:
    """Several drawings in rows."""
    area = sum((part.width + gap) * (part.height + gap) for part in parts)
    shape = 1 / _SHEET if sideways else _SHEET
    widest = max([math.sqrt(area * shape), *(part.width for part in parts)], default=0.0)
    corners: dict[str, tuple[float, float]] = {}
    left = top = tallest = width = 0.0
    for part in parts:
        if left and left + part.width > widest:
            left, top, tallest = 0.0, top + tallest + gap, 0.0
        corners.update((key, (left + x, top + y)) for key, (x, y) in part.corners.items())
        width = max(width, left + part.width)
        left, tallest = left + part.width + gap, max(tallest, part.height)
    return Placed(corners, width, top + tallest)


class _Layers:
    """One drawing whose boxes are all joined. Places that long arrows keep free have names of their own."""

    def __init__(
        self,
        keys: Sequence[str],
        sizes: Mapping[str, tuple[float, float]],
        edges: Sequence[tuple[str, str]],
        gap_across: float,
        gap_along: float,
    ) -> None:
        self.sizes: dict[object, tuple[float, float]] = {key: sizes[key] for key in keys}
        self.keys = keys
        self.gap_across, self.gap_along = gap_across, gap_along
        self.down = _without_loops(keys, edges)
        self.depth = _depths(keys, self.down)
        self.layers: list[list[object]] = [[] for _ in range(max(self.depth.values(), default=0) + 1)]
        for key in keys:
            self.layers[self.depth[key]].append(key)
        self.above: dict[object, list[object]] = {key: [] for key in keys}
        self.below: dict[object, list[object]] = {key: [] for key in keys}
        self._join()
        self.order: dict[object, float] = {key: float(at) for one in self.layers for at, key in enumerate(one)}

    def _join(self) -> None:
        pairs = [(one, other) for one in self.keys for other in self.down[one]]
        between = sum(self.depth[other] - self.depth[one] - 1 for one, other in pairs)
        for one, other in pairs:
            last: object = one
            for depth in range(self.depth[one] + 1, self.depth[other] if between <= _MOST_BETWEEN else 0):
                place = (one, other, depth)
                self.sizes[place] = (8.0, 0.0)
                self.layers[depth].append(place)
                self.above[place], self.below[place] = [], []
                self._link(last, place)
                last = place
            self._link(last, other)

    def _link(self, one: object, other: object) -> None:
        self.below[one].append(other)
        self.above[other].append(one)

    def placed(self) -> Placed:
        for sweep in range(_SWEEPS):
            down = sweep % 2 == 0
            for layer in self.layers if down else self.layers[::-1]:
                self._ordered(layer, self.above if down else self.below)
        centres = self._centres()
        heights = [max(self.sizes[key][1] for key in layer) for layer in self.layers]
        tops = [0.0, *accumulate(height + self.gap_along for height in heights)]
        left = min(centres[key] - self.sizes[key][0] / 2 for key in self.keys)
        right = max(centres[key] + self.sizes[key][0] / 2 for key in self.keys)
        corners = {}
        for key in self.keys:
            width, height = self.sizes[key]
            depth = self.depth[key]
            corners[key] = (centres[key] - width / 2 - left, tops[depth] + (heights[depth] - height) / 2)
        return Placed(corners, right - left, tops[-1] - self.gap_along)

    def _ordered(self, layer: list[object], near: Mapping[object, Sequence[object]]) -> None:
        """Sort a layer by the mean place of each box's neighbours; those without any stay where they are."""
        place = self.order
        means = {key: _mean([place[other] for other in near[key]], place[key]) for key in layer}
        layer.sort(key=lambda key: (means[key], place[key]))
        place.update((key, float(at)) for at, key in enumerate(layer))

    def _centres(self) -> dict[object, float]:
        """Middles along each layer: packed, then drawn below their neighbours as far as there is room."""
        centres: dict[object, float] = {}
        for layer in self.layers:
            left = 0.0
            for key in layer:
                centres[key] = left + self.sizes[key][0] / 2
                left += self.sizes[key][0] + self.gap_across
            for key in layer:
                centres[key] -= (left - self.gap_across) / 2
        for step in range(_STEPS):
            down = step % 2 == 0
            near = self.above if down else self.below
            for layer in self.layers if down else self.layers[::-1]:
                wanted = [_mean([centres[other] for other in near[key]], centres[key]) for key in layer]
                self._spread(layer, wanted, centres)
        return centres

    def _spread(self, layer: Sequence[object], wanted: Sequence[float], centres: dict[object, float]) -> None:
        """Set a layer as near to the wanted places as its order and gaps allow: the mean of pushing right and left."""
        apart = [(self.sizes[one][0] + self.sizes[other][0]) / 2 + self.gap_across for one, other in pairwise(layer)]
        right = list(wanted)
        for at in range(1, len(layer)):
            right[at] = max(right[at], right[at - 1] + apart[at - 1])
        left = list(wanted)
        for at in range(len(layer) - 2, -1, -1):
            left[at] = min(left[at], left[at + 1] - apart[at])
        for at, key in enumerate(layer):
            centres[key] = (left[at] + right[at]) / 2


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _without_loops(keys: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """What each box leads down to: every pair once, arrows that close a loop turned round."""
    out: dict[str, dict[str, None]] = {key: {} for key in keys}
    for one, other in edges:
        if one != other:
            out[one][other] = None
    down: dict[str, dict[str, None]] = {key: {} for key in keys}
    entered = {other for targets in out.values() for other in targets}
    state: dict[str, int] = {}  # 1: on the way, 2: done
    for root in (*(key for key in keys if key not in entered), *keys):
        if root in state:
            continue
        state[root] = 1
        way = [(root, iter(out[root]))]
        while way:
            key, rest = way[-1]
            below = next(rest, None)
            if below is None:
                state[key] = 2
                way.pop()
            elif state.get(below) == 1:
                down[below][key] = None
            else:
                down[key][below] = None
                if below not in state:
                    state[below] = 1
                    way.append((below, iter(out[below])))
    return {key: list(targets) for key, targets in down.items()}


def _depths(keys: Sequence[str], down: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The layer of each box: one below the lowest of its causes."""
    waiting = dict.fromkeys(keys, 0)
    for targets in down.values():
        for other in targets:
            waiting[other] += 1
    depth = dict.fromkeys(keys, 0)
    ready = [key for key in keys if not waiting[key]]
    for done in ready:
        for other in down[done]:
            depth[other] = max(depth[other], depth[done] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return depth

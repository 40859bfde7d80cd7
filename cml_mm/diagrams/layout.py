"""Places for diagrams that have none: layers from cause to effect, groups kept together.

After K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of Hierarchical System
Structures", IEEE Transactions on Systems, Man, and Cybernetics 11 (1981): turn round what closes a
loop, put every box a layer below its causes, order the layers by the mean place of their neighbours.
Groups are laid out from the inside outwards, each as one box for what is around it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cml_mm.diagrams.layers import Placed, arranged
from cml_mm.diagrams.snapping import border, middle
from cml_mm.diagrams.values import Diagram, DiagramEdge, Point
from cml_mm.types import Box

_LETTER = 8.2  # mean width at the size that labels are drawn in
_LINE = 20.0
_WRAP = 24  # letters on a line of a label
_PAD = 18.0
_TITLE = 30.0  # above what a group holds
_MARGIN = 24.0
_GAP_ACROSS = 36.0
_GAP_ALONG = 58.0
_BEND = 14.0  # how far a second arrow between two boxes swings out, not to cover the first
_ROOMY = frozenset({"diamond", "hexagon", "triangle", "trapezium", "parallelogram"})


@dataclass(frozen=True)
class _Rect:
    """A rectangle from its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def centre(self) -> Point:
        return self.x + self.w / 2, self.y + self.h / 2


def laid_out(diagram: Diagram, direction: str = "TB") -> Diagram:
    """Give every part of a diagram a place.

    Args:
        diagram: any; one whose boxes all have places keeps them.
        direction: in which its arrows lead, TB (down), BT, LR or RL.

    Returns:
        The same diagram, every node and container with a box, every arrow with a polyline from the
        border of its source to that of its target, words on it in a `label_box`, and the size of
        the whole. Layouts are deterministic; widths of words are estimated.
    """
    if not diagram.nodes and not diagram.containers:
        return diagram
    if None in (*(node.box for node in diagram.nodes), *(group.box for group in diagram.containers)):
        diagram = _placed(diagram, direction)
    rects = {node.id: node.box for node in diagram.nodes if node.box is not None}
    rects.update((group.id, group.box) for group in diagram.containers if group.box is not None)
    drawn: list[DiagramEdge] = []
    between: dict[frozenset[str], int] = {}
    for edge in diagram.edges:
        pair = frozenset((edge.source, edge.target))
        between[pair] = between.get(pair, 0) + 1
        drawn.append(_drawn(edge, rects, _BEND * (between[pair] - 1), diagram))
    return replace(diagram, edges=tuple(drawn))


def _placed(diagram: Diagram, direction: str) -> Diagram:
    sideways = direction in {"LR", "RL"}
    flipped = direction in {"BT", "RL"}
    inside = _members(diagram)
    sizes = {node.id: _size(node.label, node.shape) for node in diagram.nodes}
    rects = _Groups(diagram, inside, sizes, sideways).rects()
    right = max(rect.x + rect.w for rect in rects.values())
    foot = max(rect.y + rect.h for rect in rects.values())
    width, height = right + _MARGIN, foot + _MARGIN
    boxes: dict[str, Box] = {}
    for key, rect in rects.items():
        x = width - rect.x - rect.w if flipped and sideways else rect.x
        y = height - rect.y - rect.h if flipped and not sideways else rect.y
        boxes[key] = Box(round(x, 2), round(y, 2), round(rect.w, 2), round(rect.h, 2), width, height)
    return replace(
        diagram,
        nodes=tuple(replace(node, box=boxes[node.id]) for node in diagram.nodes),
        containers=tuple(replace(group, box=boxes[group.id]) for group in diagram.containers),
        edges=tuple(replace(edge, polyline=(), label_box=None) for edge in diagram.edges),
        width=width,
        height=height,
    )


def _members(diagram: Diagram) -> dict[str, list[str]]:
    """Ids of what stands directly in each group, "" being the whole; groups that hold each other are not nested."""
    parents = {group.id: group.parent for group in diagram.containers}
    inside: dict[str, list[str]] = {"": [], **{key: [] for key in parents}}
    for key in parents:
        above, seen = parents[key], {key}
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        inside[parents[key] if above not in seen and parents[key] in parents else ""].append(key)
    for node in diagram.nodes:
        inside[node.container if node.container in parents else ""].append(node.id)
    return inside


def _size(label: str, shape: str) -> tuple[float, float]:
    """Width and height of a box that holds its label in a few lines."""
    letters = min(len(label), 20 * _WRAP)
    across = min(letters, max(_WRAP, math.ceil(math.sqrt(3 * letters))))
    lines = max(1, math.ceil(letters / max(across, 1)))
    width, height = across * _LETTER + 2 * _PAD, lines * _LINE + _PAD
    if shape in _ROOMY:
        width, height = width * 1.3, height * 1.5
    if shape == "circle":
        width = height = max(width * 0.8, height)
    return max(width, 48.0), max(height, 38.0)


class _Groups:
    """Lays out the inside of every group, innermost first, then sets them into each other."""

    def __init__(
        self,
        diagram: Diagram,
        inside: Mapping[str, Sequence[str]],
        sizes: dict[str, tuple[float, float]],
        sideways: bool,
    ) -> None:
        self.diagram = diagram
        self.inside = inside
        self.sizes = sizes
        self.sideways = sideways
        self.above = {key: group for group, keys in inside.items() for key in keys}
        self.titles = {group.id: group.label for group in diagram.containers}
        self.places: dict[str, Placed] = {}

    def rects(self) -> dict[str, _Rect]:
        order = self._outermost_first()
        edges = self._lifted()
        for group in reversed(order):
            keys = list(self.inside[group])
            sizes = {key: self.sizes[key] for key in keys}
            placed = arranged(keys, sizes, edges.get(group, []), self.sideways, _GAP_ACROSS, _GAP_ALONG)
            self.places[group] = placed
            if group:
                title = min(len(self.titles[group]), 40) * _LETTER
                width = max(placed.width, title) + 2 * _PAD
                self.sizes[group] = (max(width, 90.0), max(placed.height, 20.0) + _TITLE + _PAD)
        found: dict[str, _Rect] = {}
        origin: dict[str, Point] = {"": (_MARGIN, _MARGIN)}
        for group in order:
            left, top = origin[group]
            if group:
                left, top = left + (self.sizes[group][0] - self.places[group].width) / 2, top + _TITLE
            for key, (x, y) in self.places[group].corners.items():
                found[key] = _Rect(left + x, top + y, *self.sizes[key])
                origin[key] = (left + x, top + y)
        return found

    def _outermost_first(self) -> list[str]:
        order = [""]
        for group in order:
            order.extend(key for key in self.inside[group] if key in self.inside)
        return order

    def _lifted(self) -> dict[str, list[tuple[str, str]]]:
        """For every group the arrows between what it holds; one from deeper inside counts for what holds its end."""
        found: dict[str, list[tuple[str, str]]] = {}
        for edge in self.diagram.edges:
            one, other = self._chain(edge.source), self._chain(edge.target)
            shared = 0
            while shared < min(len(one), len(other)) - 1 and one[shared] == other[shared]:
                shared += 1
            if one[shared] != other[shared]:
                found.setdefault(self.above[one[shared]], []).append((one[shared], other[shared]))
        return found

    def _chain(self, key: str) -> list[str]:
        """The groups around a part, outermost first, and the part."""
        chain = [key]
        while self.above.get(chain[-1]):
            chain.append(self.above[chain[-1]])
        return chain[::-1]


def _drawn(edge: DiagramEdge, boxes: Mapping[str, Box], bend: float, diagram: Diagram) -> DiagramEdge:
    """An arrow with a way from border to border, and a place for its words."""
    source, target = boxes[edge.source], boxes[edge.target]
    points = edge.polyline
    if not points:
        points = _loop(source) if edge.source == edge.target else _straight(source, target, bend)
    label_box = edge.label_box
    if edge.label and label_box is None:
        x, y = middle(points)
        width = min(len(edge.label), 2 * _WRAP) * _LETTER * 0.85
        left, top = max(0.0, x - width / 2), max(0.0, y - _LINE / 2)
        label_box = Box(round(left, 2), round(top, 2), width, _LINE, diagram.width, diagram.height)
    return replace(edge, polyline=points, label_box=label_box)


def _straight(source: Box, target: Box, bend: float) -> tuple[Point, ...]:
    one, other = _centre(source), _centre(target)
    far = math.dist(one, other)
    if not far:
        return (one, other)
    if not bend:
        return (border(source, other), border(target, one))
    across = ((one[1] - other[1]) / far * bend, (other[0] - one[0]) / far * bend)
    middle = ((one[0] + other[0]) / 2 + across[0], (one[1] + other[1]) / 2 + across[1])
    middle = (round(middle[0], 2), round(middle[1], 2))
    return (border(source, middle), middle, border(target, middle))


def _loop(box: Box) -> tuple[Point, ...]:
    """From a box's right side round its corner to its foot."""
    right, foot = box.x + box.w, box.y + box.h
    out = min(16.0, _GAP_ACROSS / 2)
    return (
        (right, foot - box.h / 3),
        (right + out, foot - box.h / 3),
        (right + out, foot + out),
        (right - box.w / 3, foot + out),
        (right - box.w / 3, foot),
    )


def _centre(box: Box) -> Point:
    return box.x + box.w / 2, box.y + box.h / 2

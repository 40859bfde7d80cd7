"""What follows from a diagram's arrows: what comes before and after, ways, beginnings and ends, counts.

An arrow with one head is walked from its source to its target, one with two heads both ways. A line
without a head joins its ends and leads nowhere. Arrows may begin or end at a lane or group as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode, DiagramPart

MOST_WAYS = 8  # shortest ways between two boxes that are listed


@dataclass(frozen=True)
class Step:
    """One arrow as it is walked: from the id `start` to the id `end`, which may be against its drawing."""

    start: str
    end: str
    edge: DiagramEdge


@dataclass(frozen=True)
class Ways:
    """All shortest ways between two boxes, each a row of steps.

    `directed` says that they follow the arrows; else their direction was passed over. `more` says
    that there are more than are listed.
    """

    steps: tuple[tuple[Step, ...], ...] = ()
    directed: bool = True
    more: bool = False


@dataclass(frozen=True)
class DiagramGraph:
    """One diagram, ready to be walked."""

    diagram: Diagram

    @cached_property
    def parts(self) -> dict[str, DiagramPart]:
        return {part.id: part for part in self.diagram.parts}

    @cached_property
    def nodes(self) -> dict[str, DiagramNode]:
        return {node.id: node for node in self.diagram.nodes}

    @cached_property
    def containers(self) -> dict[str, DiagramContainer]:
        return {container.id: container for container in self.diagram.containers}

    @cached_property
    def edges(self) -> dict[str, DiagramEdge]:
        return {edge.id: edge for edge in self.diagram.edges}

    @cached_property
    def places(self) -> tuple[DiagramNode | DiagramContainer, ...]:
        """Everything that an arrow may begin or end at, boxes first."""
        return (*self.diagram.nodes, *self.diagram.containers)

    def label(self, part: str) -> str:
        """The words of a part; "" for one that has none."""
        return self.parts[part].label

    @cached_property
    def _out(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for edge in self.diagram.edges:
            if edge.heads in ("target", "both"):
                found.setdefault(edge.source, []).append(Step(edge.source, edge.target, edge))
            if edge.heads == "both" and edge.source != edge.target:
                found.setdefault(edge.target, []).append(Step(edge.target, edge.source, edge))
        return found

    @cached_property
    def _in(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for steps in self._out.values():
            for step in steps:
                found.setdefault(step.end, []).append(step)
        order = {edge.id: place for place, edge in enumerate(self.diagram.edges)}
        return {part: sorted(steps, key=lambda step: order[step.edge.id]) for part, steps in found.items()}

    def out_of(self, part: str) -> tuple[Step, ...]:
        """The arrows that leave a box, in the diagram's order."""
        return tuple(self._out.get(part, ()))

    def into(self, part: str) -> tuple[Step, ...]:
        """The arrows that arrive at a box, in the diagram's order."""
        return tuple(self._in.get(part, ()))

    def joined(self, part: str) -> tuple[Step, ...]:
        """Every line at a box, whatever its heads, walked away from it."""
        return tuple(self._joined.get(part, ()))

    @cached_property
    def _joined(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for edge in self.diagram.edges:
            found.setdefault(edge.source, []).append(Step(edge.source, edge.target, edge))
            if edge.source != edge.target:
                found.setdefault(edge.target, []).append(Step(edge.target, edge.source, edge))
        return found

    def after(self, part: str) -> tuple[Step, ...]:
        """The step by which each box after this one is first reached, nearest first; without the box itself."""
        return _reached(part, self._out)

    def before(self, part: str) -> tuple[Step, ...]:
        """The step by which each box before this one first comes nearer to it, nearest first."""
        turned = {end: [Step(end, step.start, step.edge) for step in steps] for end, steps in self._in.items()}
        return tuple(Step(step.end, step.start, step.edge) for step in _reached(part, turned))

    def ways(self, start: str, end: str, directed_only: bool = False) -> Ways:
        """All shortest ways from one box to another.

        Along the arrows where they lead there; else, unless `directed_only`, with their direction
        passed over, which the result says.
        """
        found, more = _shortest(start, end, self._out)
        if found or directed_only:
            return Ways(found, True, more)
        found, more = _shortest(start, end, self._joined)
        return Ways(found, False, more)

    def between(self, one: str, other: str) -> tuple[tuple[str, Step, Step], ...]:
        """Boxes that are joined with both: its id, its line to the first, its line to the second."""
        first = {step.end: step for step in self._joined.get(one, ())}
        second = {step.end: step for step in self._joined.get(other, ())}
        return tuple((part, first[part], second[part]) for part in first if part in second and part not in (one, other))

    @cached_property
    def roots(self) -> tuple[DiagramNode, ...]:
        """Boxes that arrows leave and none arrives at."""
        return tuple(node for node in self.diagram.nodes if self.out_of(node.id) and not self._from_others(node.id))

    @cached_property
    def leaves(self) -> tuple[DiagramNode, ...]:
        """Boxes that arrows arrive at and none leaves."""
        return tuple(node for node in self.diagram.nodes if self.into(node.id) and not self._to_others(node.id))

    def _from_others(self, part: str) -> bool:
        return any(step.start != part for step in self.into(part))

    def _to_others(self, part: str) -> bool:
        return any(step.end != part for step in self.out_of(part))

    @cached_property
    def unjoined(self) -> tuple[DiagramNode, ...]:
        """Boxes at which no line begins or ends."""
        return tuple(node for node in self.diagram.nodes if node.id not in self._joined)

    @cached_property
    def degrees(self) -> dict[str, int]:
        """How many lines begin or end at each box; a line from a box to itself counts once."""
        return {node.id: len({step.edge.id for step in self._joined.get(node.id, ())}) for node in self.diagram.nodes}

    @property
    def hubs(self) -> tuple[DiagramNode, ...]:
        """The boxes with the most lines; none where there is no line."""
        most = max(self.degrees.values(), default=0)
        return tuple(node for node in self.diagram.nodes if most and self.degrees[node.id] == most)

    def inside(self, container: str) -> tuple[DiagramNode, ...]:
        """The boxes in a lane or group, also those in groups within it."""
        held = {container}
        grown = True
        while grown:
            more = {inner.id for inner in self.diagram.containers if inner.parent in held} - held
            held |= more
            grown = bool(more)
        return tuple(node for node in self.diagram.nodes if node.container in held)

    def of_colour(self, colours: Sequence[str]) -> tuple[DiagramNode, ...]:
        """Boxes whose fill is nearest to one of these colours, written "#rrggbb", of all in the legend."""
        known = [entry.colour for entry in self.diagram.legend] or list(colours)
        wanted = set(colours)
        return tuple(node for node in self.diagram.nodes if node.colour and _nearest(node.colour, known) in wanted)


def _reached(start: str, steps: dict[str, list[Step]]) -> tuple[Step, ...]:
    """Breadth first: the step that first reaches each place."""
    seen, found, queue = {start}, [], deque([start])
    while queue:
        for step in steps.get(queue.popleft(), ()):
            if step.end not in seen:
                seen.add(step.end)
                found.append(step)
                queue.append(step.end)
    return tuple(found)


def _shortest(start: str, end: str, steps: dict[str, list[Step]]) -> tuple[tuple[tuple[Step, ...], ...], bool]:
    """All shortest ways, at most `MOST_WAYS`, and whether there are more."""
    if start == end:
        return (), False
    far = {start: 0}
    back: dict[str, list[Step]] = {}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for step in steps.get(here, ()):
            if step.end not in far:
                far[step.end] = far[here] + 1
                queue.append(step.end)
            if far[step.end] == far[here] + 1:
                back.setdefault(step.end, []).append(step)
    if end not in far:
        return (), False
    ways: list[tuple[Step, ...]] = []
    open_ways: list[tuple[Step, ...]] = [()]
    while open_ways:
        way = open_ways.pop()
        here = way[0].start if way else end
        if here == start:
            ways.append(way)
            if len(ways) > MOST_WAYS:
                return tuple(ways[:MOST_WAYS]), True
            continue
        open_ways += [(step, *way) for step in reversed(back[here])]
    return tuple(ways), False


def _nearest(colour: str, known: Iterable[str]) -> str:
    """The known colour at the least distance in red, green and blue; "" where none can be read."""
    own = _rgb(colour)
    if own is None:
        return ""
    spans = [(sum((a - b) ** 2 for a, b in zip(own, rgb, strict=True)), other)
             for other in known if (rgb := _rgb(other)) is not None]  # fmt: skip
    return min(spans, default=(0, ""))[1]


def _rgb(colour: str) -> tuple[int, int, int] | None:
    digits = colour.lstrip("#")
    if len(digits) != 6:
        return None
    try:
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    except ValueError:
        return None

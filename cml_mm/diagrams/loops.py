"""Loops of a diagram, and in a causal loop diagram whether each one reinforces or balances.

A loop comes back to where it began without passing a box twice. In a causal loop diagram each arrow
has a sign: more leads to more (+, s), or more leads to less (−, o). A loop with an even number of
minus signs reinforces, one with an odd number balances (Sterman, "Business Dynamics", 2000, ch. 5).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cml_mm.diagrams.labels import folded, words_of
from cml_mm.diagrams.structure import DiagramGraph, Step
from cml_mm.diagrams.values import DiagramEdge

MOST_LOOPS = 40
MOST_STEPS = 60_000  # that are tried; a dense diagram has more loops than anybody can read
Polarity = Literal["+", "-", ""]
LoopKind = Literal["reinforcing", "balancing", ""]
_MORE = frozenset("+ ++ s more same plus positive increases increase raises".split())
_LESS = frozenset("- -- − – — o less opposite minus negative decreases decrease lowers reduces".split())


@dataclass(frozen=True)
class Loop:
    """One loop. `kind` is empty where not every sign is readable; `unsigned` are the ids of those arrows."""

    steps: tuple[Step, ...]
    kind: LoopKind = ""
    unsigned: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(step.start for step in self.steps)


@dataclass(frozen=True)
class Loops:
    """The loops of a diagram, short ones first; `more` says that there are more than are listed."""

    found: tuple[Loop, ...]
    more: bool = False


def polarity(edge: DiagramEdge) -> Polarity:
    """The sign of an arrow, read from its label; "" where it has none."""
    return sign_of(edge.label)


def sign_of(words: str) -> Polarity:
    """The sign that a label says: "+", "−", "s", "o", "more", "less"; "" for none."""
    label = folded(words).strip().strip("()[]{}.,:;")
    if label in _MORE:
        return "+"
    if label in _LESS:
        return "-"
    marks = {char for char in label if char in "+-−–"} if label[:1] in "+-−–" or label[-1:] in "+-−–" else set()
    if marks:
        return "" if len(marks) > 1 else ("+" if marks == {"+"} else "-")
    said = set(words_of(label))
    more, less = bool(said & (_MORE - {"s"})), bool(said & (_LESS - {"o"}))
    return ("+" if more else "-") if more != less and len(said) <= 2 else ""


def is_causal(graph: DiagramGraph) -> bool:
    """Whether most of its arrows have a sign."""
    arrows = graph.diagram.edges
    return bool(arrows) and sum(bool(polarity(edge)) for edge in arrows) * 2 > len(arrows)


def loops(graph: DiagramGraph, through: Collection[str] = ()) -> Loops:
    """All loops, each once, up to `MOST_LOOPS`; where boxes are named, all that pass one of these.

    A loop never leaves its strongly connected part (Tarjan, "Depth-first search and linear graph
    algorithms", 1972), so only steps within one are tried. In each, one loop is found for certain;
    the others by walking from every box along boxes that come after it in the diagram's order, so
    that each is met once (Tiernan, "An efficient search algorithm to find the elementary circuits
    of a graph", 1970). A single two-way arrow is no loop.

    Args:
        graph: the diagram.
        through: ids of boxes.

    Returns:
        The loops; none only where there is none. Those through a box begin at it.
    """
    order = {part.id: place for place, part in enumerate(graph.places)}
    for place, part in enumerate(dict.fromkeys(through)):
        order[part] = place - len(order)  # named boxes come first, so that loops through them are met there
    return _Search(graph, order, frozenset(through)).run()


@dataclass
class _Search:
    """One search. `order` ranks the ids; `tried` counts the steps so far."""

    graph: DiagramGraph
    order: dict[str, int]
    through: frozenset[str]
    tried: int = 0

    def run(self) -> Loops:
        known: dict[tuple[str, ...], Loop] = {}
        found: dict[tuple[str, ...], Loop] = {}
        more = False
        # small parts first, so that one dense part does not use up the steps of the others
        for part in sorted(connected_parts(self.graph), key=len):
            if sure := self._certain(part):
                known |= {_key(way): _judged(way) for way in sure}
                more |= not self._followed(part, found)
        every = [*known.values(), *(loop for key, loop in found.items() if key not in known)]
        more |= len(every) > MOST_LOOPS
        first = {key: place for place, key in enumerate(found)}
        kept = sorted(every[:MOST_LOOPS], key=lambda loop: first.get(_key(loop.steps), len(first)))
        kept.sort(key=lambda loop: (len(loop.steps), self.order[loop.steps[0].start]))
        return Loops(tuple(kept), more)

    def _followed(self, part: frozenset[str], found: dict[tuple[str, ...], Loop]) -> bool:
        """Adds the loops of one part; False where there were too many steps or loops to follow them all."""
        for start in sorted(part & self.through if self.through else part, key=self.order.__getitem__):
            for way in _back_to(start, self.graph, self.order, part):
                self.tried += 1
                if way is not None:
                    found[_key(way)] = _judged(way)
                if len(found) > MOST_LOOPS or self.tried > MOST_STEPS:
                    return False
        return True

    def _certain(self, part: frozenset[str]) -> list[tuple[Step, ...]]:
        """One loop through each named box, or one of the whole part; none where no loop is there."""
        named = sorted(part & self.through, key=self.order.__getitem__)
        firsts = [self._within(box, part) for box in named] if self.through else [self._closing(part)]
        ways = [self._closed(steps, part) for steps in firsts]
        return [self._turned(way) for way in ways if way]

    def _within(self, box: str, part: frozenset[str]) -> list[Step]:
        return [step for step in self.graph.out_of(box) if step.end in part]

    def _closing(self, part: frozenset[str]) -> list[Step]:
        """A step that lies on a loop: one of a one-way arrow, else of one that closes a ring of two-way arrows."""
        steps = [step for box in sorted(part, key=self.order.__getitem__) for step in self._within(box, part)]
        one_way = [step for step in steps if step.edge.heads != "both" or step.start == step.end]
        if one_way:
            return one_way[:1]
        ring: dict[str, str] = {}
        for step in {step.edge.id: step for step in steps}.values():
            one, other = _root(step.start, ring), _root(step.end, ring)
            if one == other:
                return [step]
            ring[one] = other
        return []

    def _closed(self, steps: Sequence[Step], part: frozenset[str]) -> tuple[Step, ...]:
        """The first of these steps that has a way back by other arrows, with the shortest such way."""
        for first in steps:
            if first.start == first.end:
                return (first,)
            came: dict[str, Step] = {}
            queue = deque([first.end])
            while queue and first.start not in came:
                for step in self._within(queue.popleft(), part):
                    if step.edge.id != first.edge.id and step.end != first.end and step.end not in came:
                        came[step.end] = step
                        queue.append(step.end)
            if first.start in came:
                back = [came[first.start]]
                while back[-1].start != first.end:
                    back.append(came[back[-1].start])
                return (first, *reversed(back))
        return ()

    def _turned(self, way: tuple[Step, ...]) -> tuple[Step, ...]:
        """The same loop from its first box, as a walk meets it."""
        at = min(range(len(way)), key=lambda place: self.order[way[place].start])
        return (*way[at:], *way[:at])


def connected_parts(graph: DiagramGraph) -> tuple[frozenset[str], ...]:
    """The strongly connected parts in which a loop may lie: of several boxes, or one with an arrow to itself."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    held: list[str] = []
    open_held: set[str] = set()
    found = []
    for place in graph.places:
        walk = [] if place.id in number else [(place.id, iter(graph.out_of(place.id)))]
        while walk:
            here, steps = walk[-1]
            if here not in number:
                number[here] = low[here] = len(number)
                held.append(here)
                open_held.add(here)
            step = next(steps, None)
            if step is not None and step.end not in number:
                walk.append((step.end, iter(graph.out_of(step.end))))
            elif step is not None and step.end in open_held:
                low[here] = min(low[here], number[step.end])
            elif step is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[here])
                if low[here] == number[here]:
                    part = {here}
                    while (box := held.pop()) != here:
                        part.add(box)
                    open_held -= part
                    found.append(frozenset(part))
    return tuple(part for part in found if len(part) > 1 or _to_itself(next(iter(part)), graph))


def _to_itself(box: str, graph: DiagramGraph) -> bool:
    return any(step.end == box for step in graph.out_of(box))


def _root(box: str, ring: dict[str, str]) -> str:
    while box in ring:
        box = ring[box]
    return box


def _key(way: Sequence[Step]) -> tuple[str, ...]:
    return tuple(f"{step.start} {step.edge.id}" for step in way)


def _back_to(
    start: str, graph: DiagramGraph, order: dict[str, int], part: frozenset[str]
) -> Iterator[tuple[Step, ...] | None]:
    """Ways from a box back to itself within a part; None for each step that was tried and leads to none yet."""
    way: list[Step] = []
    passed = {start}
    open_steps = [iter(graph.out_of(start))]
    while open_steps:
        step = next(open_steps[-1], None)
        if step is None:
            open_steps.pop()
            if way:
                passed.discard(way.pop().end)
            continue
        if step.end == start:
            whole = (*way, step)
            # back and forth over one two-way arrow leads nowhere
            yield None if len(whole) == 2 and whole[0].edge.id == whole[1].edge.id else whole
        elif step.end in part and step.end not in passed and order[step.end] > order[start]:
            passed.add(step.end)
            way.append(step)
            open_steps.append(iter(graph.out_of(step.end)))
            yield None


def _judged(way: tuple[Step, ...]) -> Loop:
    signs = [polarity(step.edge) for step in way]
    unsigned = tuple(step.edge.id for step, sign in zip(way, signs, strict=True) if not sign)
    if unsigned:
        return Loop(way, "", unsigned)
    return Loop(way, "balancing" if signs.count("-") % 2 else "reinforcing")

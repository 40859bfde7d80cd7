"""Loops of a diagram, and in a causal loop diagram whether each one reinforces or balances.

A loop comes back to where it began without passing a box twice. In a causal loop diagram each arrow
has a sign: more leads to more (+, s), or more leads to less (−, o). A loop with an even number of
minus signs reinforces, one with an odd number balances (Sterman, "Business Dynamics", 2000, ch. 5).
"""

from __future__ import annotations

from collections.abc import Iterator
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


def loops(graph: DiagramGraph) -> Loops:
    """All loops, each once, up to `MOST_LOOPS`.

    Found by walking from every box along boxes that come after it in the diagram's order, so that
    each loop is met at its first box only (Tiernan, "An efficient search algorithm to find the
    elementary circuits of a graph", 1970). A single two-way arrow is no loop.
    """
    order = {part.id: place for place, part in enumerate(graph.places)}
    found: list[Loop] = []
    tried = 0
    for start in order:
        for way in _back_to(start, graph, order):
            tried += 1
            if way is not None:
                found.append(_judged(way))
            if len(found) > MOST_LOOPS or tried > MOST_STEPS:
                return Loops(_short_first(found[:MOST_LOOPS]), True)
    return Loops(_short_first(found))


def _short_first(found: list[Loop]) -> tuple[Loop, ...]:
    return tuple(sorted(found, key=lambda loop: len(loop.steps)))


def _back_to(start: str, graph: DiagramGraph, order: dict[str, int]) -> Iterator[tuple[Step, ...] | None]:
    """Ways from a box back to itself; None for each step that was tried and leads to none yet."""
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
        elif step.end not in passed and order[step.end] > order[start]:
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

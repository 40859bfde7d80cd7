"""How a diagram hangs together: its separate pieces, and the boxes that everything has to pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import DiagramNode

MOST_ENDS = 40  # beginnings and ends from which ways are followed


@dataclass(frozen=True)
class Narrow:
    """A box through which ways from beginnings to ends must pass: `held` of `ways` pairs of a beginning and an end."""

    node: DiagramNode
    held: int
    ways: int


def pieces(graph: DiagramGraph) -> tuple[tuple[DiagramNode, ...], ...]:
    """The boxes that hang together by lines of any kind, the largest piece first; a box without a line is one."""
    order = {node.id: place for place, node in enumerate(graph.diagram.nodes)}
    found, seen = [], set[str]()
    for node in graph.diagram.nodes:
        if node.id in seen:
            continue
        held, waiting = {node.id}, [node.id]
        while waiting:
            for step in graph.joined(waiting.pop()):
                if step.end not in held:
                    held.add(step.end)
                    waiting.append(step.end)
        seen |= held
        found.append(tuple(graph.nodes[one] for one in sorted(held & order.keys(), key=order.__getitem__)))
    return tuple(sorted(found, key=lambda piece: -len(piece)))


def narrows(graph: DiagramGraph) -> tuple[Narrow, ...]:
    """The boxes that cut off most ends from beginnings when they fall away; none where no box cuts off several.

    Only boxes where more than one arrow comes together or goes apart count: a mere link in a row is no bottleneck.
    """
    starts = [node.id for node in graph.roots][:MOST_ENDS]
    ends = {node.id for node in graph.leaves[:MOST_ENDS]}
    ways, held = 0, Counter[str]()
    for start in starts:
        above = _dominators(graph, start)
        # how many ends every way to which passes a box: those below it in the tree of dominators
        below = Counter({box: 1 for box in above if box in ends})
        ways += len(below)
        for box in reversed(list(above)):
            if above[box] != start:
                below[above[box]] += below[box]
        held += below
    found = [
        Narrow(node, held[node.id], ways)
        for node in graph.diagram.nodes
        if held[node.id] > 1 and node.id not in ends and node.id not in starts and len(graph.joined(node.id)) >= 3
    ]
    most = max((one.held for one in found), default=0)
    return tuple(one for one in found if one.held == most)


def _dominators(graph: DiagramGraph, start: str) -> dict[str, str]:
    """For everything that arrows lead to, the nearest box that every way to it passes, before it in the order.

    By meeting the ways of all arrows in reverse postorder until nothing moves (Cooper, Harvey and
    Kennedy, "A simple, fast dominance algorithm", 2001).
    """
    order = _in_order(graph, start)
    rank = {box: place for place, box in enumerate(order)}
    into = {box: [step.start for step in graph.into(box) if step.start in rank] for box in order}
    above = {start: start}
    moved = True
    while moved:
        moved = False
        for box in order[1:]:
            known = [one for one in into[box] if one in above]
            nearest = known[0]
            for other in known[1:]:
                while nearest != other:
                    if rank[nearest] > rank[other]:
                        nearest = above[nearest]
                    else:
                        other = above[other]
            moved |= above.get(box) != nearest
            above[box] = nearest
    return {box: above[box] for box in order[1:]}


def _in_order(graph: DiagramGraph, start: str) -> list[str]:
    """Everything that arrows lead to from a box, in reverse postorder of a walk in depth."""
    done: list[str] = []
    seen = {start}
    walk = [(start, iter(graph.out_of(start)))]
    while walk:
        here, steps = walk[-1]
        step = next(steps, None)
        if step is None:
            done.append(here)
            walk.pop()
        elif step.end not in seen:
            seen.add(step.end)
            walk.append((step.end, iter(graph.out_of(step.end))))
    return done[::-1]

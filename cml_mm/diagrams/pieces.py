"""How a diagram hangs together: its separate pieces, and the boxes that everything has to pass."""

from __future__ import annotations

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
        found.append(tuple(one for one in graph.diagram.nodes if one.id in held))
    return tuple(sorted(found, key=lambda piece: -len(piece)))


def narrows(graph: DiagramGraph) -> tuple[Narrow, ...]:
    """The boxes that cut off most ends from beginnings when they fall away; none where no box cuts off several.

    Only boxes where more than one arrow comes together or goes apart count: a mere link in a row is no bottleneck.
    """
    starts = [node.id for node in graph.roots][:MOST_ENDS]
    ends = [node.id for node in graph.leaves][:MOST_ENDS]
    whole = {start: _reached(graph, start, "") & set(ends) for start in starts}
    ways = sum(len(held) for held in whole.values())
    found = []
    for node in graph.diagram.nodes:
        if node.id in starts or node.id in ends or len(graph.joined(node.id)) < 3:
            continue
        left = sum(len(_reached(graph, start, node.id) & whole[start]) for start in starts)
        if ways - left > 1:
            found.append(Narrow(node, ways - left, ways))
    most = max((one.held for one in found), default=0)
    return tuple(one for one in found if one.held == most)


def _reached(graph: DiagramGraph, start: str, without: str) -> set[str]:
    """Everything that arrows lead to, one box left out."""
    seen, waiting = {start}, [start]
    while waiting:
        for step in graph.out_of(waiting.pop()):
            if step.end not in seen and step.end != without:
                seen.add(step.end)
                waiting.append(step.end)
    return seen - {start}

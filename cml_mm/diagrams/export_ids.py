"""Names for a diagram's parts that are safe in other programs' languages."""

from __future__ import annotations

import re

from cml_mm.diagrams.values import Diagram

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
# What mermaid or Graphviz would read as something else than a name, and letters that begin an arrow's end.
_KEPT = frozenset(
    """end graph digraph subgraph strict node edge flowchart class classdef click style linkstyle direction default
    interpolate href call tb td bt rl lr o x v accTitle accDescr""".casefold().split()
)


def safe_ids(diagram: Diagram) -> dict[str, str]:
    """A name of letters, digits and underscores for every node and container, by its id: its own where it is one."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    nodes = [("n", number, node.id) for number, node in enumerate(diagram.nodes, 1)]
    lanes = [("c", number, lane.id) for number, lane in enumerate(diagram.containers, 1)]
    for lead, number, part in (*nodes, *lanes):
        name = part if _PLAIN.fullmatch(part) and part.casefold() not in _KEPT else ""
        while not name or name in taken:
            name = f"{lead}{number}" if f"{lead}{number}" not in taken else f"{lead}{number}_{len(taken)}"
        taken.add(name)
        found[part] = name
    return found

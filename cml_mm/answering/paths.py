"""The shortest trusted path between two pages of the graph."""

from __future__ import annotations

from collections import deque

from cml_mm.graph.library_graph import LibraryGraph
from cml_mm.types import TRUSTED_LAYERS, Relation

CAUSAL = frozenset({"ENABLES", "REQUIRES", "SPECIALIZES_TO", "USES_TOOL"})
MOST_STEPS = 4
MOST_PAGES = 400  # read from the graph before giving up, so that a question stays quick


def shortest_path(library: LibraryGraph, first: str, last: str) -> tuple[Relation, ...]:
    """Breadth-first along directed relations as declared, then in any direction.

    Returns: the relations in order, empty where there is no path of at most four steps.
    """
    return _walk(library, first, last, directed=True) or _walk(library, first, last, directed=False)


def _walk(library: LibraryGraph, first: str, last: str, directed: bool) -> tuple[Relation, ...]:
    came: dict[str, Relation | None] = {first: None}
    queue = deque([(first, 0)])
    read = 0
    while queue and read < MOST_PAGES:
        slug, steps = queue.popleft()
        if slug == last:
            return _unwind(came, first, last)
        if steps == MOST_STEPS:
            continue
        read += 1
        outgoing, incoming = library.relations(slug)
        for relation in outgoing if directed else (*outgoing, *incoming):
            if relation.layer not in TRUSTED_LAYERS or (directed and relation.kind not in CAUSAL):
                continue
            other = relation.object if relation.subject == slug else relation.subject
            if other not in came:
                came[other] = relation
                queue.append((other, steps + 1))
    return ()


def _unwind(came: dict[str, Relation | None], first: str, last: str) -> tuple[Relation, ...]:
    path: list[Relation] = []
    slug = last
    while slug != first:
        relation = came[slug]
        if relation is None:
            break
        path.append(relation)
        slug = relation.subject if relation.object == slug else relation.object
    return tuple(reversed(path))

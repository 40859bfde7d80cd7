"""Circles in a directed graph: its strongly connected parts (Tarjan 1972) and a shortest circle in each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator


def find_circles(edges: Iterable[tuple[str, str]]) -> list[tuple[tuple[str, ...], frozenset[str]]]:
    """Every knot of nodes that reach each other.

    Args:
        edges: (from, to); an edge of a node to itself is ignored.

    Returns:
        For each knot a shortest circle through its first node, which is not repeated at the end, and
        all its members; in the order of first nodes.
    """
    after: dict[str, list[str]] = {}
    for start, end in sorted(set(edges)):
        if start != end:
            after.setdefault(start, []).append(end)
            after.setdefault(end, [])
    knots = sorted((frozenset(part) for part in _parts(after) if len(part) > 1), key=min)
    return [(_shortest(after, min(knot), knot), knot) for knot in knots]


def _parts(after: dict[str, list[str]]) -> Iterator[list[str]]:
    """Tarjan's algorithm with a stack of its own, since a chain may be longer than Python's."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    for root in after:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        work = [(root, iter(after[root]))]
        while work:
            node, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    waiting.add(other)
                    work.append((other, iter(after[other])))
                    break
                if other in waiting:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = stack[stack.index(node) :]
                    del stack[-len(part) :]
                    waiting.difference_update(part)
                    yield part


def _shortest(after: dict[str, list[str]], start: str, knot: frozenset[str]) -> tuple[str, ...]:
    came: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in after[node]:
            if other == start:
                path = [node]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return tuple(reversed(path))
            if other in knot and other not in came:
                came[other] = node
                queue.append(other)
    return (start,)

"""Personalised PageRank over any graph: the one home of sparse matrices.

Page, Brin, Motwani and Winograd (1999): "The PageRank Citation Ranking"; Haveliwala (2002):
"Topic-Sensitive PageRank"; for finding passages through what they share, Gutiérrez et al.
(2024): "HippoRAG". Nodes are numbers; what they stand for is the caller's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

Numbers = NDArray[np.float64]
Nodes = NDArray[np.int64]


@dataclass(frozen=True)
class Arcs:
    """Weighted joins between nodes: `sources[i]` to `targets[i]` with `weights[i]`."""

    sources: Nodes
    targets: Nodes
    weights: Numbers

    @classmethod
    def none(cls) -> Arcs:
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))

    def scaled(self, factor: float) -> Arcs:
        """The same joins with weights times `factor`."""
        return Arcs(self.sources, self.targets, self.weights * factor)


@dataclass(frozen=True)
class Walk:
    """A graph as a random walker sees it: `matrix[i, j]` is the chance of going from j to i."""

    matrix: sparse.csr_array

    @property
    def size(self) -> int:
        return int(self.matrix.shape[0])

    def strongest_into(self, ranks: Numbers, node: int, limit: int = 3) -> tuple[tuple[int, float], ...]:
        """The neighbours that brought most rank to a node.

        Returns:
            (neighbour, share of all rank that came in, 0 to 1), greatest first.
        """
        place = slice(int(self.matrix.indptr[node]), int(self.matrix.indptr[node + 1]))
        neighbours = self.matrix.indices[place]
        flows = self.matrix.data[place] * ranks[neighbours]
        total = float(flows.sum())
        if total <= 0:
            return ()
        order = np.argsort(-flows, kind="stable")[:limit]
        return tuple((int(neighbours[i]), float(flows[i]) / total) for i in order if flows[i] > 0)


def walk(size: int, arcs: Sequence[Arcs]) -> Walk:
    """Makes a graph to walk on, both ways along every arc; joins of the same two nodes add up.

    Args:
        size: number of nodes.
        arcs: weighted joins; a weight of 0 or less is no join.
    """
    from scipy import sparse  # here and not above: only who walks should wait for it

    sources = np.concatenate([np.zeros(0, np.int64), *(part.sources for part in arcs)])
    targets = np.concatenate([np.zeros(0, np.int64), *(part.targets for part in arcs)])
    weights = np.concatenate([np.zeros(0), *(part.weights for part in arcs)])
    kept = (weights > 0) & (sources != targets)
    ends = (np.concatenate([targets[kept], sources[kept]]), np.concatenate([sources[kept], targets[kept]]))
    matrix = sparse.csr_array((np.concatenate([weights[kept], weights[kept]]), ends), shape=(size, size))
    out = np.asarray(matrix.sum(axis=0)).ravel()
    scale = np.divide(1.0, out, out=np.zeros_like(out), where=out > 0)
    matrix.data = matrix.data * scale[matrix.indices]
    return Walk(matrix)


def damped(arcs: Arcs, size: int, most: float = 50.0) -> Arcs:
    """Weakens the arcs into nodes that nearly everything points to.

    A target of `most` incoming arcs or fewer keeps its weights; beyond that they are divided
    by the square root of how many times too many there are, so that a page which thousands
    name by habit stays reachable but leads nowhere by itself.

    Args:
        arcs: directed as they were declared.
        size: number of nodes.
        most: incoming arcs that are nothing unusual.
    """
    incoming = np.bincount(arcs.targets, minlength=size)
    factor = np.sqrt(np.minimum(1.0, most / np.maximum(incoming, 1)))
    return Arcs(arcs.sources, arcs.targets, arcs.weights * factor[arcs.targets])


def personalised(graph: Walk, seeds: Numbers, restart: float = 0.5, iterations: int = 10) -> Numbers:
    """Where a walker is found who keeps returning to the seeds.

    p ← restart × seeds + (1 − restart) × walk(p), a fixed number of times (power iteration).
    What reaches a node without joins goes back to the seeds, so the ranks always sum to 1.

    Args:
        graph: from `walk`.
        seeds: shape (size,), at least 0; need not sum to 1.
        restart: chance of returning, 0 to 1.
        iterations: steps; a rank's error is at most (1 − restart) to that power.

    Returns:
        Shape (size,), summing to 1; all 0 where there are no seeds.
    """
    total = float(seeds.sum())
    if total <= 0:
        return np.zeros(graph.size)
    start = seeds / total
    ranks = start
    for _ in range(iterations):
        moved = graph.matrix @ ranks
        ranks = (1 - restart) * moved + (1 - (1 - restart) * float(moved.sum())) * start
    return ranks

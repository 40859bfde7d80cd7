"""The typed relations between pages as a graph to walk on from the pages found so far.

Personalised PageRank (`pagerank`) with relations weighted by who stands behind them, so that
thousands of machine-made ones do not drown the hand-written, and weakened into pages that
nearly everything points to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cml_mm.graph.library_graph import LibraryGraph
from cml_mm.retrieval.fusion import over_maximum
from cml_mm.retrieval.pagerank import Arcs, Numbers, Walk, damped, personalised, walk
from cml_mm.types import Relation, TrustLayer

LAYER_WEIGHTS: dict[TrustLayer, float] = {
    "curated": 1.0,
    "approved": 0.8,
    "earlier": 0.6,
    "machine": 0.15,
    "inferred": 0.1,
}
TENSION_WEIGHT = 0.5  # a page that pulls the other way helps less often than one that leads on
UNWEIGHTED = 0.5  # of a relation declared with weight 0
MOST_INCOMING = 20.0  # relations into a page that are nothing unusual
SEEDS = 20  # pages to start from …
SEED_POWER = 6  # … by their score to this power, so that the first ones count most
RESTART = 0.5
ITERATIONS = 10


@dataclass(frozen=True)
class Spread:
    """What relations bring to every page: `scores[row]` is 0 to 1; `ranks` are the walk's own."""

    scores: Numbers
    ranks: Numbers


class PageGraph:
    """The relations of one library over its rows; read in bulk with the first question.

    Args:
        library: holds the relations.
        rows: of every slug.
    """

    def __init__(self, library: LibraryGraph, rows: Mapping[str, int]) -> None:
        self._library = library
        self._rows = rows

    def spread(self, scores: Numbers) -> Spread:
        """Walks from the best pages so far.

        A page's own seed is taken off, so that only what relations brought counts; the root
        evens out the few pages that get nearly all of it.

        Args:
            scores: shape (pages,), of the stages so far.
        """
        first = np.argsort(-scores, kind="stable")[:SEEDS]
        seeds = np.zeros(len(scores))
        seeds[first] = np.maximum(scores[first], 0.0) ** SEED_POWER
        total = float(seeds.sum())
        if total <= 0:
            return Spread(np.zeros(len(scores)), np.zeros(len(scores)))
        ranks = personalised(self._walk, seeds, RESTART, ITERATIONS)
        brought = np.maximum(ranks - RESTART * seeds / total, 0.0)
        brought[self._lonely] = 0.0  # what cannot move on goes back to the seeds: no relation brought it
        return Spread(over_maximum(np.sqrt(brought)), ranks)

    def came_from(self, spread: Spread, row: int) -> int | None:
        """The row of the neighbour that brought most to a page."""
        strongest = self._walk.strongest_into(spread.ranks, row, limit=1)
        return strongest[0][0] if strongest else None

    def warm(self) -> None:
        """Reads the relations now, not with the first question that names a page."""
        self._lonely  # noqa: B018 (made when it is first read, and kept)

    @cached_property
    def _walk(self) -> Walk:
        return walk(len(self._rows), [relation_arcs(self._library.all_relations, self._rows)])

    @cached_property
    def _lonely(self) -> NDArray[np.bool_]:
        lonely: NDArray[np.bool_] = np.diff(self._walk.matrix.indptr) == 0
        return lonely


def relation_arcs(relations: Iterable[Relation], rows: Mapping[str, int]) -> Arcs:
    """Relations between pages as weighted arcs, damped; who adopts what is left out.

    Args:
        relations: of a library.
        rows: of every slug; relations to other pages are left out.
    """
    kept = [
        (rows[one.subject], rows[one.object], relation_weight(one))
        for one in relations
        if one.kind != "ADOPTS" and one.subject in rows and one.object in rows
    ]
    sources = np.array([source for source, _, _ in kept], dtype=np.int64)
    targets = np.array([target for _, target, _ in kept], dtype=np.int64)
    weights = np.array([weight for _, _, weight in kept], dtype=np.float64)
    return damped(Arcs(sources, targets, weights), len(rows), MOST_INCOMING)


def relation_weight(relation: Relation) -> float:
    """How easily a walker takes a relation: by who stands behind it, its kind and its declared weight."""
    kind = TENSION_WEIGHT if relation.kind == "TENSIONS_WITH" else 1.0
    return LAYER_WEIGHTS[relation.layer] * kind * (relation.weight or UNWEIGHTED)

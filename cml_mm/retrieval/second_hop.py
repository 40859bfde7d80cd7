"""The second hop: what the best pages leave open of the question, looked for with the names they bring.

A chain of facts ("the spouse of the director of X") speaks of its second page only through
the first. Looking again with a query made from the first findings goes back to Rocchio
(1971); multi-hop retrieval does it per page: Xiong et al. (2021), "Answering Complex
Open-Domain Questions with Multi-Hop Dense Retrieval". Here both queries are words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm.graph.bm25 import Bm25
from cml_mm.retrieval.fusion import over_maximum
from cml_mm.retrieval.pagerank import Numbers

NAMES_SHARE = 0.5  # a page holds many names and leaves few words open, so a name counts half


@dataclass(frozen=True)
class FirstPage:
    """One of the best pages so far.

    `score` is at least 0, `terms` are its stemmed words, `names` those of the names on it.
    """

    row: int
    score: float
    terms: frozenset[str]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Hop:
    """`scores[row]` is 0 to 1; `via[row]` is the row of the first page that led there, -1 where none did."""

    scores: Numbers
    via: NDArray[np.int64]

    @classmethod
    def nowhere(cls, size: int) -> Hop:
        return cls(np.zeros(size), np.full(size, -1, dtype=np.int64))


def second_hop(bm25: Bm25, question: Sequence[str], firsts: Sequence[FirstPage]) -> Hop:
    """Looks again from each of the best pages: the question's open terms, and the names that the page adds.

    A name that the question itself says leads back to where the search began, so only the
    others count.

    Args:
        bm25: over the pages that may be found.
        question: stemmed terms.
        firsts: the best pages so far; one that leaves nothing open leads nowhere.

    Returns:
        For every page the best of its scores over all first pages, each over its own best and
        times how good the first page is beside the best one. No first page leads to itself.
    """
    hop = Hop.nowhere(bm25.documents)
    best = max((first.score for first in firsts), default=0.0)
    for first in firsts:
        missing = [term for term in question if term not in first.terms]
        if not missing or first.score <= 0:
            continue
        new_names = [term for term in dict.fromkeys(first.names) if term not in question]
        scores = bm25.scores(missing) + NAMES_SHARE * bm25.scores(new_names)
        scores[first.row] = 0.0
        scaled = over_maximum(scores) * (first.score / best)
        better = scaled > hop.scores
        hop.scores[better] = scaled[better]
        hop.via[better] = first.row
    return hop

"""The shape of a ranking's scores: what they say about whether anything fits at all.

Query-performance prediction: the spread of the best score over the collection's is the idea of Shtok et al. (2012),
"NQC"; the entropy over the first scores follows Cronen-Townsend et al. (2002), "clarity", in its cheapest form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm.graph.bm25 import Bm25
from cml_mm.ports import Vectors
from cml_mm.retrieval.pagerank import Numbers

FIRST = 10  # scores that margin and entropy look at


@dataclass(frozen=True)
class ScoreShape:
    """Figures of one question; none grows with the library by itself."""

    best_cosine: float
    second_cosine: float
    rise: float  # how many standard deviations the best cosine is above the mean of all pages
    margin: float  # the first score less the second, over the first; 0 to 1
    entropy: float  # of the first ten scores' excess over the tenth, 0 (one stands out) to 1 (all alike)
    held_best: float  # share of the content words' idf that the best page holds, 0 to 1
    held_three: float  # … that the first three pages hold between them


def read_shape(
    cosines: Vectors, scores: Numbers, bm25: Bm25, terms: Sequence[str], first: NDArray[np.int64]
) -> ScoreShape:
    """The shape of a ranking.

    Args:
        cosines: shape (pages,), of all pages.
        scores: of the ranked pages, best first.
        bm25: over all pages.
        terms: the question's stems.
        first: rows of the first three pages.
    """
    top = np.sort(np.partition(cosines, -2)[-2:])[::-1] if len(cosines) > 1 else np.resize(cosines, 2)
    spread = float(cosines.std()) if len(cosines) else 0.0
    held, held_three = _held(bm25, terms, first)
    return ScoreShape(
        best_cosine=float(top[0]) if len(cosines) else 0.0,
        second_cosine=float(top[1]) if len(cosines) else 0.0,
        rise=(float(top[0]) - float(cosines.mean())) / spread if spread > 0 else 0.0,
        margin=float((scores[0] - scores[1]) / scores[0]) if len(scores) > 1 and scores[0] > 0 else 0.0,
        entropy=_entropy(scores[:FIRST]),
        held_best=held,
        held_three=held_three,
    )


def _entropy(scores: Numbers) -> float:
    excess = scores - scores.min(initial=np.inf) if len(scores) else scores
    total = float(excess.sum())
    if total <= 0:
        return 1.0
    shares = excess[excess > 0] / total
    return float(-(shares * np.log(shares)).sum() / np.log(max(2, len(scores) - 1)))


def _held(bm25: Bm25, terms: Sequence[str], first: NDArray[np.int64]) -> tuple[float, float]:
    """Share of the idf that the first page holds, and that the first pages hold between them."""
    most = best = three = 0.0
    for term in set(terms):
        idf = bm25.idf(term)
        holds = bm25.scores([term])[first] > 0
        most += idf
        best += idf * bool(len(holds) and holds[0])
        three += idf * bool(holds.any())
    return (best / most, three / most) if most else (0.0, 0.0)

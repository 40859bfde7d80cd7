"""Weighted fusion: words, meaning and titles brought to one scale and added.

Bruch, Gai and Ingber (2023), "An Analysis of Fusion Functions for Hybrid Retrieval": a convex
combination of scaled scores needs few questions to tune and beats reciprocal rank fusion.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cml_mm.retrieval.pagerank import Numbers


def over_maximum(scores: NDArray[np.floating]) -> Numbers:
    """Scores from 0 to 1: below 0 cut off, the best set to 1; all 0 where none is above 0."""
    positive = np.maximum(scores.astype(np.float64), 0.0)
    best = float(positive.max(initial=0.0))
    return positive / best if best > 0 else positive


def best_rows(scores: NDArray[np.floating], limit: int) -> NDArray[np.int64]:
    """The rows of the highest scores, best first; of equal scores the earlier row."""
    if limit <= 0:
        return np.zeros(0, dtype=np.int64)
    rows = np.arange(len(scores))
    if limit < len(scores):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        rows = np.flatnonzero(scores >= least)
    return rows[np.argsort(-scores[rows], kind="stable")][:limit]


def title_strength(words: int, bearers: int = 1, similarity: float = 1.0) -> float:
    """How much a title that the question speaks counts: min(1, 0.4 + 0.3 × words), 0 to 1.

    Args:
        words: of the title; one word may be chance, three are none.
        bearers: passages that share the title.
        similarity: of the title as spoken to the title as it stands, 0 to 1.
    """
    return min(1.0, 0.4 + 0.3 * words) * similarity / math.sqrt(max(bearers, 1))

"""The shape of a ranking's scores: what they say about whether anything fits at all."""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.ports import Vectors


@dataclass(frozen=True)
class ScoreShape:
    """Figures of one question; none grows with the library by itself."""

    best_cosine: float
    rise: float  # how many standard deviations the best cosine is above the mean of all pages


def read_shape(cosines: Vectors) -> ScoreShape:
    """The shape of a ranking, after "NQC" (Shtok et al. 2012): the best score over the spread of the collection's.

    Args:
        cosines: shape (pages,), of all pages.
    """
    if not len(cosines):
        return ScoreShape(0.0, 0.0)
    best, spread = float(cosines.max()), float(cosines.std())
    return ScoreShape(best, (best - float(cosines.mean())) / spread if spread > 0 else 0.0)

"""How well rankings put the right things first: recall, hit, nDCG, whatever it is that was ranked.

nDCG with binary gain is Järvelin and Kekäläinen's (2002): "Cumulated gain-based evaluation of
IR techniques".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev


@dataclass(frozen=True)
class Judged:
    """A ranking, best first, with what is right: `gold` all of it, `also_ok` for the lenient hit only."""

    ranked: tuple[str, ...]
    gold: tuple[str, ...]
    also_ok: tuple[str, ...] = ()


@dataclass(frozen=True)
class RankScores:
    """Means over questions, each 0 to 1; `recall5_error` is the standard error of `recall5`."""

    questions: int
    recall2: float
    recall5: float
    recall5_error: float
    whole5: float  # questions whose whole gold stands in the first five
    hit5: float  # questions with any right one, gold or also_ok, in the first five
    recall10: float
    ndcg10: float


NO_SCORES = RankScores(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def score_rankings(judged: Sequence[Judged]) -> RankScores:
    """The means over all rankings; `NO_SCORES` where there is none."""
    if not judged:
        return NO_SCORES
    recall5 = [recall(5, one) for one in judged]
    return RankScores(
        questions=len(judged),
        recall2=fmean(recall(2, one) for one in judged),
        recall5=fmean(recall5),
        recall5_error=pstdev(recall5) / math.sqrt(len(recall5)),
        whole5=fmean(set(one.gold) <= set(one.ranked[:5]) for one in judged),
        hit5=fmean(bool({*one.gold, *one.also_ok} & set(one.ranked[:5])) for one in judged),
        recall10=fmean(recall(10, one) for one in judged),
        ndcg10=fmean(ndcg(10, one) for one in judged),
    )


def recall(first: int, judged: Judged) -> float:
    """Share of the gold among the first."""
    gold = set(judged.gold)
    return len(gold & set(judged.ranked[:first])) / len(gold)


def ndcg(first: int, judged: Judged) -> float:
    """Discounted gain of the gold among the first, over the best that is possible."""
    gold = set(judged.gold)
    gain = sum(1 / math.log2(place + 2) for place, one in enumerate(judged.ranked[:first]) if one in gold)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(first, len(gold))))

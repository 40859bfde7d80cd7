"""Saying "not in the library": how well an answer's confidence tells which questions to refuse.

The curve shows, for every threshold, how many unanswerable questions would rightly be refused
against how many others would wrongly be (a receiver operating characteristic; Fawcett 2006:
"An introduction to ROC analysis"). The operating point is what the engine did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cml_mm.evaluation.outcomes import Outcome


@dataclass(frozen=True)
class CurvePoint:
    """Every question with a confidence below `threshold` refused; both shares 0 to 1."""

    threshold: float
    wrongly: float  # of the answerable questions
    rightly: float  # of the unanswerable questions


@dataclass(frozen=True)
class RefusalCurve:
    """From refusing nothing to refusing all. `area` is 1 where confidence separates, 0.5 where it says nothing."""

    answerable: int
    unanswerable: int
    points: tuple[CurvePoint, ...]
    operating: CurvePoint  # its threshold is that of the nearest point of the curve
    area: float


def refusal_curve(outcomes: Sequence[Outcome]) -> RefusalCurve | None:
    """The curve of a run; None where one of the two kinds of questions is missing.

    A question that was sent back with advice counts as one of no confidence.
    """
    right = sorted(_confidence(outcome) for outcome in outcomes if outcome.question.answerable)
    empty = sorted(_confidence(outcome) for outcome in outcomes if not outcome.question.answerable)
    if not right or not empty:
        return None
    levels = sorted({*right, *empty})
    thresholds = [levels[0], *((a + b) / 2 for a, b in pairwise(levels)), levels[-1] + 0.01]
    points = tuple(CurvePoint(least, _below(right, least), _below(empty, least)) for least in thresholds)
    wrongly = sum(outcome.refused for outcome in outcomes if outcome.question.answerable) / len(right)
    rightly = sum(outcome.refused for outcome in outcomes if not outcome.question.answerable) / len(empty)
    nearest = min(points, key=lambda point: abs(point.wrongly - wrongly) + abs(point.rightly - rightly))
    return RefusalCurve(
        answerable=len(right),
        unanswerable=len(empty),
        points=points,
        operating=CurvePoint(nearest.threshold, wrongly, rightly),
        area=_area(right, empty),
    )


def best_points(curve: RefusalCurve) -> tuple[CurvePoint, ...]:
    """For each share that is rightly refused, the point with the fewest wrong refusals; nothing refused left out."""
    best: dict[float, CurvePoint] = {}
    for point in curve.points:
        if point.rightly not in best or point.wrongly < best[point.rightly].wrongly:
            best[point.rightly] = point
    return tuple(point for rightly, point in sorted(best.items()) if rightly > 0)


def _confidence(outcome: Outcome) -> float:
    return outcome.answer.confidence if outcome.answer else 0.0


def _below(confidences: Sequence[float], threshold: float) -> float:
    return sum(confidence < threshold for confidence in confidences) / len(confidences)


def _area(right: Sequence[float], empty: Sequence[float]) -> float:
    """How often an answerable question is surer than an unanswerable one; a tie counts half."""
    wins = sum((a > b) + (a == b) / 2 for a in right for b in empty)
    return wins / (len(right) * len(empty))

"""From outcomes to figures: pages found, refusals, facts, citations, time.

Strict figures count `gold` only, lenient ones `also_ok` too. hit@5: a right page is among the
first five. R@10: share of the gold in the first ten. MRR: mean of 1 / place of the first right
page. Unanswerable questions count as right when they are refused, and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from cml_mm.evaluation.facts import mentions
from cml_mm.evaluation.outcomes import Outcome
from cml_mm.evaluation.questions import QUESTION_KINDS
from cml_mm.types import Sentence

ALL = "ALL"


@dataclass(frozen=True)
class Tally:
    """`count` of `of`."""

    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True)
class Found:
    """How well one way of ranking puts the right pages first; each 0 to 1."""

    hit5_strict: float
    hit5_lenient: float
    recall10: float
    mrr_strict: float
    mrr_lenient: float


@dataclass(frozen=True)
class KindScores:
    """The questions of one kind: found by the answer, and by plain search."""

    kind: str
    questions: int
    answer: Found
    baseline: Found
    facts: Tally


@dataclass(frozen=True)
class Failure:
    """One question that went wrong, with what is missing or too much."""

    id: str
    kind: str
    question: str
    what: str  # "refused" | "not refused" | "wrong page" | "page missing" | "fact missing"
    detail: str


@dataclass(frozen=True)
class Scores:
    """All figures of one run. `kinds` ends with ALL."""

    questions: int
    kinds: tuple[KindScores, ...]
    refused: Tally  # unanswerable questions that were refused
    wrongly_refused: Tally  # answerable questions that were refused
    cited: Tally  # sentences with a citation
    verdicts: tuple[tuple[str, int], ...]
    median_seconds: float
    p95_seconds: float
    failures: tuple[Failure, ...]


def score(outcomes: Sequence[Outcome]) -> Scores:
    """The figures of a run."""
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    others = [outcome for outcome in outcomes if not outcome.question.answerable]
    kinds = [kind for kind in QUESTION_KINDS if any(outcome.question.kind == kind for outcome in answerable)]
    rows = [_kind(kind, [outcome for outcome in answerable if outcome.question.kind == kind]) for kind in kinds]
    if answerable:
        rows.append(_kind(ALL, answerable))
    sentences = [s for outcome in outcomes if outcome.answer for s in outcome.answer.sentences]
    seconds = sorted(outcome.answer.seconds for outcome in outcomes if outcome.answer)
    return Scores(
        questions=len(outcomes),
        kinds=tuple(rows),
        refused=_tally(outcome.refused for outcome in others),
        wrongly_refused=_tally(outcome.refused for outcome in answerable),
        cited=_tally(bool(sentence.cites) for sentence in sentences),
        verdicts=_verdicts(sentences),
        median_seconds=median(seconds) if seconds else 0.0,
        p95_seconds=seconds[int(0.95 * (len(seconds) - 1))] if seconds else 0.0,
        failures=tuple(failure for outcome in outcomes for failure in _failures(outcome)),
    )


def _kind(kind: str, outcomes: Sequence[Outcome]) -> KindScores:
    facts = [mentioned for outcome in outcomes for _, mentioned in _facts(outcome)]
    return KindScores(
        kind=kind,
        questions=len(outcomes),
        answer=_found([(outcome, outcome.ranked) for outcome in outcomes]),
        baseline=_found([(outcome, outcome.baseline) for outcome in outcomes]),
        facts=_tally(facts),
    )


def _found(rankings: Sequence[tuple[Outcome, tuple[str, ...]]]) -> Found:
    strict = [place_of(ranked, outcome.question.gold) for outcome, ranked in rankings]
    lenient = [place_of(ranked, outcome.question.gold + outcome.question.also_ok) for outcome, ranked in rankings]
    recall = [recall_at(10, ranked, outcome.question.gold) for outcome, ranked in rankings]
    return Found(
        hit5_strict=fmean(0 < place <= 5 for place in strict),
        hit5_lenient=fmean(0 < place <= 5 for place in lenient),
        recall10=fmean(recall),
        mrr_strict=fmean(1 / place if place else 0.0 for place in strict),
        mrr_lenient=fmean(1 / place if place else 0.0 for place in lenient),
    )


def place_of(ranked: Sequence[str], right: Sequence[str]) -> int:
    """The place of the first right page, from 1; 0 where there is none."""
    return next((place for place, slug in enumerate(ranked, start=1) if slug in right), 0)


def recall_at(first: int, ranked: Sequence[str], gold: Sequence[str]) -> float:
    """Share of the gold among the first pages, of what they could hold."""
    return len(set(gold) & set(ranked[:first])) / min(first, len(set(gold)))


def _facts(outcome: Outcome) -> list[tuple[str, bool]]:
    answer = outcome.answer
    return [(fact, answer is not None and mentions(answer, fact)) for fact in outcome.question.must_mention]


def _tally(values: Iterable[bool]) -> Tally:
    seen = list(values)
    return Tally(sum(seen), len(seen))


def _verdicts(sentences: Sequence[Sentence]) -> tuple[tuple[str, int], ...]:
    counted = Counter(sentence.verdict for sentence in sentences)
    return tuple((verdict, counted[verdict]) for verdict in ("supported", "partly", "unsupported", "not_checked"))


def _failures(outcome: Outcome) -> list[Failure]:
    """What went wrong, worst first; a refusal hides the rest."""
    question = outcome.question

    def failure(what: str, detail: str) -> Failure:
        return Failure(question.id, question.kind, question.question, what, detail)

    first = ", ".join(outcome.ranked[:3]) or "nothing"
    if not question.answerable:
        return [] if outcome.refused else [failure("not refused", f"answered with {first}")]
    places = ", ".join(_placed(slug, outcome.ranked) for slug in question.gold)
    if outcome.refused:
        return [failure("refused", f"wanted {places}; {_reason(outcome)}")]
    found = []
    if not 0 < place_of(outcome.ranked, question.gold + question.also_ok) <= 5:
        found.append(failure("wrong page", f"wanted {places}; found {first}"))
    elif len(question.gold) > 1 and recall_at(10, outcome.ranked, question.gold) < 1:
        found.append(failure("page missing", f"wanted {places}"))
    found += [failure("fact missing", fact) for fact, mentioned in _facts(outcome) if not mentioned]
    return found


def _placed(slug: str, ranked: Sequence[str]) -> str:
    return f"{slug} ({f'place {ranked.index(slug) + 1}' if slug in ranked else 'not ranked'})"


def _reason(outcome: Outcome) -> str:
    said = outcome.answer.sentences if outcome.answer else ()
    return f"said: {said[0].text}" if said else "sent back with advice"

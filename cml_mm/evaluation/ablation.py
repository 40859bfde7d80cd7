"""What each stage of retrieval is worth: everything measured again with one stage left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm.evaluation.rank_scores import Judged, RankScores, score_rankings
from cml_mm.retrieval.stages import ALL_STAGES, Stages

Rank = Callable[[str, Stages], Sequence[str]]  # a question and what may be used → ids, best first


@dataclass(frozen=True)
class Wanted:
    """A question with what is right, and with what it names itself and what is therefore left out."""

    question: str
    gold: tuple[str, ...]
    also_ok: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """The scores without one stage; `unchanged` where every ranking stayed as it was."""

    stage: str
    scores: RankScores
    unchanged: bool


@dataclass(frozen=True)
class Ablation:
    """One set of questions: with all stages, and without each."""

    name: str
    whole: RankScores
    rows: tuple[LeftOut, ...]


def ablate(
    name: str,
    wanted: Sequence[Wanted],
    rank: Rank,
    stages: Sequence[str],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Ablation:
    """Ranks all questions with every stage, then without one after the other.

    Args:
        name: of the set, for the report.
        wanted: the questions.
        rank: gives at least ten ids a question, best first.
        stages: those to leave out, one at a time (`PAGE_STAGES`, `PASSAGE_STAGES`).
        progress: told how many of how many runs are done.
    """
    whole = judge(wanted, rank, ALL_STAGES)
    rows = []
    for done, stage in enumerate(stages, start=1):
        judged = judge(wanted, rank, ALL_STAGES.without(stage))
        rows.append(LeftOut(stage, score_rankings(judged), judged == whole))
        progress(done, len(stages))
    return Ablation(name, score_rankings(whole), tuple(rows))


def judge(wanted: Sequence[Wanted], rank: Rank, stages: Stages = ALL_STAGES) -> list[Judged]:
    """The first fifty of every ranking beside what is right."""
    judged = []
    for one in wanted:
        ranked = dict.fromkeys(found for found in rank(one.question, stages) if found not in one.subject)
        judged.append(Judged(tuple(ranked)[:50], one.gold, one.also_ok))
    return judged

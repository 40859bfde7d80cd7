"""One whole evaluation: questions answered, personas compared, stages left out, retrieval sets ranked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm.evaluation.ablation import Ablation, Rank, Wanted, ablate
from cml_mm.evaluation.outcomes import ask_all
from cml_mm.evaluation.passage_sets import PassageSet
from cml_mm.evaluation.personas import PersonaDifference, ask_as_two
from cml_mm.evaluation.questions import Question
from cml_mm.evaluation.refusals import RefusalCurve, refusal_curve
from cml_mm.evaluation.scores import Scores, score
from cml_mm.ports import Asker, TextEncoder
from cml_mm.retrieval.stages import PAGE_STAGES, PASSAGE_STAGES
from cml_mm.talk import Facet

Progress = Callable[[str, int, int], None]  # what, done, of


@dataclass(frozen=True)
class Evaluation:
    """All figures of one run; None where there was nothing to measure."""

    scores: Scores
    refusals: RefusalCurve | None
    personas: PersonaDifference | None
    stages: Ablation | None
    sets: tuple[Ablation, ...] = ()


def run_evaluation(
    asker: Asker, questions: Sequence[Question], personas: Sequence[Facet], rank: Rank, progress: Progress
) -> Evaluation:
    """Answers and ranks a file of questions.

    Args:
        asker: an opened engine.
        questions: with known answers.
        personas: to ask the same question as; fewer than two compare nothing.
        rank: pages for a question with some stages left out, best first.
        progress: told the stage and how many of how many are done.
    """
    outcomes = ask_all(asker, questions, lambda done, of: progress("Questions", done, of))
    # What was sent back with advice would be refused by the ranking too.
    answered = {outcome.question.id for outcome in outcomes if outcome.answer}
    wanted = [_wanted(question) for question in questions if question.answerable and question.id in answered]
    stages = None
    if wanted:
        stages = ablate("questions", wanted, rank, PAGE_STAGES, lambda done, of: progress("Stages", done, of))
    return Evaluation(
        scores=score(outcomes),
        refusals=refusal_curve(outcomes),
        personas=ask_as_two(asker, questions, personas, lambda done, of: progress("Personas", done, of)),
        stages=stages,
    )


def run_set(made: PassageSet, encoder: TextEncoder, progress: Progress) -> Ablation:
    """Indexes a retrieval set in memory, ranks its questions, and again without each stage."""
    from cml_mm.evaluation.passage_ranking import PassageRanker, wanted_passages  # sparse matrices, slow to load

    progress(f"Encoding {made.name}", 0, len(made.passages))
    rank = PassageRanker(made, encoder)
    wanted = wanted_passages(made)
    return ablate(
        made.name, wanted, rank, PASSAGE_STAGES, lambda done, of: progress(f"Stages of {made.name}", done, of)
    )


def _wanted(question: Question) -> Wanted:
    return Wanted(question.question, question.gold, question.also_ok, question.subject)

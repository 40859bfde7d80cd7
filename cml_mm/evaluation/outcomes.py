"""Putting a set of questions to an engine, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm.errors import InputError
from cml_mm.evaluation.questions import Question
from cml_mm.ports import Asker
from cml_mm.types import Answer

SEARCHED = 50  # pages, as many as an answer ranks


@dataclass(frozen=True)
class Outcome:
    """One question with its answer; None where the engine sent it back with advice.

    `searched` is what plain search finds for the same words, best first: the baseline.
    """

    question: Question
    answer: Answer | None
    searched: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether "not in the library" was said; advice counts, since nothing was answered."""
        return self.answer is None or self.answer.status == "not_in_library"

    @property
    def ranked(self) -> tuple[str, ...]:
        """Pages of the answer, best first, each once, without those that the question names."""
        return _without(self.answer.ranked, self.question) if self.answer else ()

    @property
    def baseline(self) -> tuple[str, ...]:
        """The same of plain search."""
        return _without(self.searched, self.question)


def ask_all(
    asker: Asker, questions: Sequence[Question], progress: Callable[[int, int], None] = lambda done, of: None
) -> tuple[Outcome, ...]:
    """Asks one after another.

    Args:
        asker: an opened engine.
        questions: what to ask, in order.
        progress: told how many of how many are done.
    """
    outcomes = []
    for done, question in enumerate(questions, start=1):
        try:
            answer = asker.answer(question.question)
            searched = tuple(hit.slug for hit in asker.search(question.question, SEARCHED))
        except InputError:
            outcomes.append(Outcome(question, None))
        else:
            outcomes.append(Outcome(question, answer, searched))
        progress(done, len(questions))
    return tuple(outcomes)


def _without(slugs: Sequence[str], question: Question) -> tuple[str, ...]:
    return tuple(slug for slug in dict.fromkeys(slugs) if slug not in question.subject)[:SEARCHED]

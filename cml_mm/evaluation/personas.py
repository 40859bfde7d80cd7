"""What a persona changes: the same question asked as two people, their first pages and words compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from cml_mm import prose
from cml_mm.errors import InputError
from cml_mm.evaluation.questions import Question
from cml_mm.evaluation.scores import place_of
from cml_mm.ports import Asker
from cml_mm.talk import Facet, Talk
from cml_mm.types import Answer

HELP_KINDS = ("problem", "persona")  # where a lens may matter; a relation is the same for everybody
MOST_QUESTIONS = 30  # each is answered twice
FIRST = 5


@dataclass(frozen=True)
class AskedAs:
    """One question asked as two personas, given by their labels.

    `overlap` is the share of the first five pages that both saw; `right` counts of the two
    answers those with a right page among the first five: a difference should not cost it.
    """

    id: str
    question: str
    personas: tuple[str, str]
    overlap: float
    other_words: bool
    right: int


@dataclass(frozen=True)
class PersonaDifference:
    """Means over all pairs, each 0 to 1; `differing` is the share whose pages or words differ."""

    pairs: tuple[AskedAs, ...]
    overlap: float
    differing: float
    right: float


def personas_of(choices: Iterable[Facet], questions: Iterable[Question]) -> tuple[Facet, ...]:
    """The personas to ask as: those that the questions name and the library knows, else its first four.

    Args:
        choices: what can be chosen of an asker (`Asker.lens_choices`).
        questions: may name personas, by value or label in any case.
    """
    known = [facet for facet in choices if facet.kind == "persona"]
    named = [persona for question in questions for persona in question.personas]
    found = dict.fromkeys(facet for persona in named for facet in _known_as(persona, known))
    if len(found) < 2:
        found |= dict.fromkeys(known[:4])
    return tuple(found)


def _known_as(persona: str, known: Iterable[Facet]) -> list[Facet]:
    """The one choice that a persona's name means; none where the library does not know it."""
    name = prose.fold(persona)
    return [facet for facet in known if name in (prose.fold(facet.value), prose.fold(facet.label))][:1]


def ask_as_two(
    asker: Asker,
    questions: Sequence[Question],
    personas: Sequence[Facet],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> PersonaDifference | None:
    """Asks the first questions for help as their own persona, else one in turn, and as another.

    Returns: None where there are no two personas or no such question.
    """
    chosen = [one for one in questions if one.kind in HELP_KINDS and one.answerable][:MOST_QUESTIONS]
    if len(personas) < 2 or not chosen:
        return None
    pairs = []
    for turn, question in enumerate(chosen):
        first, second = _two(question, personas, turn)
        one, other = _answer(asker, question, first), _answer(asker, question, second)
        if one is not None and other is not None:
            pairs.append(_compare(question, (first.label, second.label), one, other))
        progress(turn + 1, len(chosen))
    if not pairs:
        return None
    return PersonaDifference(
        pairs=tuple(pairs),
        overlap=fmean(pair.overlap for pair in pairs),
        differing=fmean(pair.overlap < 1 or pair.other_words for pair in pairs),
        right=sum(pair.right for pair in pairs) / (2 * len(pairs)),
    )


def _two(question: Question, personas: Sequence[Facet], turn: int) -> tuple[Facet, Facet]:
    """The question's own two; where it names fewer, the rest in turn."""
    own = [facet for persona in question.personas for facet in _known_as(persona, personas)]
    others = [*personas[turn % len(personas) :], *personas[: turn % len(personas)]]
    first, second, *_ = dict.fromkeys([*own, *others])
    return first, second


def _answer(asker: Asker, question: Question, persona: Facet) -> Answer | None:
    try:
        return asker.answer(question.question, Talk(chosen=(persona,)))
    except InputError:
        return None


def _compare(question: Question, personas: tuple[str, str], one: Answer, other: Answer) -> AskedAs:
    firsts = [answer.ranked[:FIRST] for answer in (one, other)]
    longest = max(len(first) for first in firsts)
    words = [[sentence.text for sentence in answer.sentences] for answer in (one, other)]
    right = question.gold + question.also_ok
    return AskedAs(
        id=question.id,
        question=question.question,
        personas=personas,
        overlap=len(set(firsts[0]) & set(firsts[1])) / longest if longest else 1.0,
        other_words=words[0] != words[1],
        right=sum(place_of(first, right) > 0 for first in firsts),
    )

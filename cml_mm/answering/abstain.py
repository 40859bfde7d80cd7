"""Whether the library holds an answer at all.

A cosine threshold alone cannot abstain (FACTS §6): invented names score like real ones.
So named things are checked first, then what no library can know, then how much of the
question's own words and meaning the best page carries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.graph.bm25 import Bm25
from cml_mm.retrieval.names import NameIndex, unknown_names
from cml_mm.retrieval.ranking import Ranking

# Tuned on the development questions only; see benchmarks/LOG.md.
LEAST_COSINE = 0.30
COVERAGE_WEIGHT = 0.25
LEAST_CONFIDENCE = 0.395
SURE_CONFIDENCE = 0.45  # below it an answer says "may fit"

_LIVE = re.compile(
    r"\b(today|yesterday|tonight|right now|at the moment|currently|this (morning|week|month|year)|latest|live"
    r"|current(ly)?|last night|tomorrow)\b"
)
_FIGURE = re.compile(
    r"\b(how (many|much|old|tall|far)|what time|price|prices|score|weather|temperature|exchange rate|closing"
    r"|news|population|phone number|address|who won|balance)\b"
)
_FIGURE_OPENING = re.compile(r"\s*(how (many|much|old)|what('s| is| was| are) (our|my|the))")
_OWN = re.compile(r"\b(our|my) (own )?\w+")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:;\n])[\s\"'“‘(]*\Z")
_TASK = re.compile(
    r"^\s*(please )?(translate|calculate|compute|solve|convert|sing|draw|rhyme|recite|"
    r"(write|generate|compose) (me )?(a |an |some )?(poem|song|joke|story|code|program|python|sql|regex|email|essay))\b"
)


@dataclass(frozen=True)
class Refusal:
    """Why the library does not hold the answer, in a sentence for the reader."""

    reason: str


def refuse(question: str, ranking: Ranking, names: NameIndex, bm25: Bm25, adopter_question: bool) -> Refusal | None:
    """The reason to say "not in the library", or None.

    Args:
        question: as asked, in English.
        ranking: what retrieval found.
        names: of the library.
        bm25: for how rare a word is here.
        adopter_question: whether it asks what somebody adopted or uses.
    """
    folded = prose.fold(question)
    unknown = unknown_names(question, names)
    if unknown and all(is_inside(match.name, unknown[0]) for match in ranking.names):
        return Refusal(f"It holds nothing called “{unknown[0]}”.")
    if _TASK.search(folded):
        return Refusal("That is a task, not a question that its pages could answer.")
    live = bool(_LIVE.search(folded))
    figure = bool(_FIGURE.search(folded)) and (live or _asks_own_figure(folded))
    if figure and (not ranking.names or (live and _asks_own_figure(folded))):
        return Refusal("It holds patterns, not live figures or facts about your own group.")
    if adopter_question and not ranking.names and (stranger := _strangers(question, bm25)):
        return Refusal(f"It records nothing that {stranger} has adopted.")
    if ranking.names:
        return None
    if not ranking.terms or ranking.best_cosine < LEAST_COSINE or confidence(ranking) < LEAST_CONFIDENCE:
        return Refusal("None of its pages is about this.")
    return None


def confidence(ranking: Ranking) -> float:
    """Meaning and shared words of the best page in one figure, higher is surer."""
    return ranking.best_cosine + COVERAGE_WEIGHT * ranking.coverage


def _asks_own_figure(folded: str) -> bool:
    """Whether it opens by asking a figure of one's own; a way to find one out does not."""
    return bool(_OWN.search(folded)) and bool(_FIGURE_OPENING.match(folded))


def is_inside(name: str, longer: str) -> bool:
    """Whether every word of a name is one of a longer name's."""
    return set(prose.words(name)) <= set(prose.words(longer))


def _strangers(question: str, bm25: Bm25) -> str | None:
    """A capitalised name inside the question that the library hardly ever writes."""
    inside = (found for found in prose.WORD.finditer(question) if not _SENTENCE_START.search(question[: found.start()]))
    shown = (found.group() for found in inside)
    rare = [word for word in shown if word[:1].isupper() and bm25.document_frequency(prose.stem(prose.fold(word))) <= 5]
    return rare[0] if rare else None

"""What a question has become on its way, and what its answer will say, before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.intent import Intent
from cml_mm.retrieval.ranking import Ranking
from cml_mm.talk import NO_LENS, Lens
from cml_mm.types import TRUSTED_LAYERS, AnswerStatus, Notice, Relation

MOST_LISTED = 10
MOST_MACHINE = 5


@dataclass(frozen=True)
class Asked:
    """One question as it is understood, with what retrieval found.

    `question` is whole: a follow-up has been resolved. `patterns` are the ranked slugs
    without adopters, best first. `book` takes the evidence of this one answer.
    """

    question: str
    ranking: Ranking
    intent: Intent
    patterns: tuple[str, ...]
    book: EvidenceBook
    lens: Lens = NO_LENS


@dataclass(frozen=True)
class Plan:
    """What will be written: a title, the drafts, and which pages they are about."""

    title: str
    drafts: Iterator[Draft]
    ranked: tuple[str, ...]
    status: AnswerStatus = "answered"
    notices: tuple[Notice, ...] = ()
    subjects: tuple[str, ...] = ()  # slugs that the answer is about, best first; else the first ranked
    followups: tuple[str, ...] = ()  # to ask next; else those that the graph can answer of the first page
    in_words: bool = False  # whether a language model may write it; else it is exact as it stands
    in_sight: bool = False  # whether one that sees the pictures may write it, though it is exact


def first_then(leading: Iterable[str], rest: Iterable[str]) -> tuple[str, ...]:
    """Both in order, each slug once."""
    return tuple(dict.fromkeys((*leading, *rest)))


def ends_of(relations: Iterable[Relation]) -> tuple[str, ...]:
    """The slugs at both ends, in order, each once."""
    return tuple(dict.fromkeys(end for relation in relations for end in (relation.subject, relation.object)))


def trusted_first(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """What is listed: relations that a person stands behind; only where there is none, a few of the others."""
    found = tuple(relations)
    trusted = tuple(relation for relation in found if relation.layer in TRUSTED_LAYERS)
    return trusted[:MOST_LISTED] or found[:MOST_MACHINE]


def layer_notice(shown: Iterable[Relation]) -> tuple[Notice, ...]:
    """Says so where an answer had to use relations that no person stands behind."""
    if all(relation.layer in TRUSTED_LAYERS for relation in shown):
        return ()
    words = "Only machine-made relations answer this; nobody has checked them."
    return (Notice("confidence", words),)

"""Whether an answer says a fact that it had to say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.types import RELATION_KINDS, SYMMETRIC_KINDS, Answer, Edge, Evidence, Relation, Sentence

LEAST_SHARE = 0.5  # of a fact's content words that must stand in the answer
_RELATION = re.compile(rf"^(.+?) ({'|'.join(RELATION_KINDS)}) (.+)$")


@dataclass(frozen=True)
class RelationFact:
    """A fact of the form "Title KIND Title"."""

    subject: str  # title
    kind: str
    object: str  # title


def relation_fact(fact: str) -> RelationFact | None:
    """The relation that a fact states, None where it is plain words."""
    found = _RELATION.match(fact)
    return RelationFact(found[1], found[2], found[3]) if found else None


def mentions(answer: Answer, fact: str) -> bool:
    """Whether the answer says the fact.

    A relation must be cited as an edge of the graph, of this kind and direction, by a sentence
    that names both ends: naming two titles side by side is no relation. Any other fact counts
    when half of its content words, stemmed, stand in the answer.
    """
    stated = relation_fact(fact)
    if stated is None:
        wanted = set(prose.terms(fact))
        said = {term for sentence in answer.sentences for term in prose.terms(sentence.text)}
        return len(wanted & said) >= LEAST_SHARE * len(wanted)
    evidence = {item.number: item for item in answer.evidence}
    return any(_states(sentence, stated, evidence) for sentence in answer.sentences)


def _states(sentence: Sentence, fact: RelationFact, evidence: Mapping[int, Evidence]) -> bool:
    said = prose.fold(sentence.text)
    if prose.fold(fact.subject) not in said or prose.fold(fact.object) not in said:
        return False
    cited = [evidence[number] for number in sentence.cites if number in evidence]
    edges = [relation for item in cited if isinstance(item.locator, Edge) for relation in item.path]
    return any(_is(relation, fact) for relation in edges)


def _is(relation: Relation, fact: RelationFact) -> bool:
    ends = relation.subject_title, relation.object_title
    wanted = fact.subject, fact.object
    return relation.kind == fact.kind and (
        ends == wanted or (relation.kind in SYMMETRIC_KINDS and ends == wanted[::-1])
    )

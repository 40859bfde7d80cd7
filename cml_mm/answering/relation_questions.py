"""Reads a question about relations clause by clause: "X enables something. What does that require?".

"That" and "those" mean what the clause before asked for, "it" whom it asked about; a question
that goes on from another takes it in as a step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cml_mm.answering.grammar import Fact, parse
from cml_mm.answering.negation import asked_of_us, read_negated
from cml_mm.answering.reach import Hop, Joined, Named, Reach, hop, hops_in
from cml_mm.answering.relation_words import NAME_MARK, Clause, read_clause
from cml_mm.types import SYMMETRIC_KINDS

MOST_TOKENS = 30  # of a clause: longer ones are no relation questions
MOST_REST = 4  # unknown content words of a question that is still one about relations

_CLAUSE_END = re.compile(
    r"[.;?!]+(?:\s|$)|:\s|\s[-–—]\s|,?\s+(?:and|then|and then|but)\s+(?=(?:what|which|how|who|where)\b)"
    r"|,\s+(?=(?:what|where|and then)\b)"
)
_ASKS = re.compile(
    r"^\W*(?:(?:and|so|but|please|then|now|ok|okay|hi|hello|of|on|in|by|to|with|from|for|at|upon|under|once|after|"
    r"before|if|when|starting|given|among|the|a|an|all|any|every) )*"
    r"(?:what|which|who|whom|whose|where|how|why|do|does|did|is|are|can|could|will|would|should|must|has|have|name|list"
    r"|show|tell|give|find|i|we|are)\b"
)
_YES_NO = re.compile(r"^\W*(?:(?:and|so|but|then) )*(?:do|does|did|is|are|can|could|will|would|should|must|why|has)\b")
_HOW = re.compile(r"^\W*(?:how|in what way)\b(?! many)")
_ASKED_OF_US = re.compile(r"\b(?:do|must|should|can|could|would) (?:i|we|you|one|they|people|anyone|anybody)\b")
_WITHOUT = re.compile(r"\bwithout\b")
_REPEATED = re.compile(
    r"\b(?:(?P<two>two|2)|(?P<three>three|3)) (?:steps|hops)\b|\b(?P<indirect>indirectly|at one remove)\b"
)


@dataclass(frozen=True)
class Reading:
    """What the grammar made of a question.

    `asks` are answered one after the other; `facts` are stated or asked for (`whether`).
    `denied` says that the question asks whether one does without the other.
    """

    asks: tuple[Reach, ...] = ()
    facts: tuple[Fact, ...] = ()
    whether: bool = False
    excepted: tuple[str, ...] = ()
    denied: bool = False


def read_relations(text: str, slugs: tuple[str, ...]) -> Reading | None:
    """Reads a question about relations.

    Args:
        text: folded, each name of the library replaced by `NAME_MARK`.
        slugs: of the names, in order.
    Returns: None where it is none, or none that this grammar knows.
    """
    left = list(slugs)
    text = re.sub(rf"{NAME_MARK}['’]s?\b", NAME_MARK, text).replace("i.e.", ",").replace("e.g.", ",")
    clauses = [read_clause(part, left) for part in _CLAUSE_END.split(text) if part and part.strip()]
    talk = _Talk()
    for place, clause in enumerate(clauses):
        talk.take(clause, last=place == len(clauses) - 1)
    return talk.reading()


@dataclass
class _Talk:
    """What the clauses so far have said."""

    back: Reach | None = None  # what "that" means
    it: Reach | None = None
    asks: tuple[Reach, ...] = ()
    facts: tuple[Fact, ...] = ()
    whether: bool = False
    excepted: tuple[str, ...] = ()
    denied: bool = False
    failed: bool = False

    def take(self, clause: Clause, last: bool) -> None:
        asking = bool(_ASKS.search(clause.text))
        negated = any(token.kind == "not" for token in clause.tokens)
        if negated and not asking:
            return
        if negated and not any(token.kind == "name" for token in clause.tokens):
            self.failed = True  # denies something that is no page of the library
            return
        if _HOW.search(clause.text) and any(token.kind == "name" for token in clause.tokens):
            self.failed = True  # asks for a way or a manner, no list
            return
        most = MOST_REST + 2 * (sum(token.kind == "verb" for token in clause.tokens) > 1)
        if (asking and len(clause.rest) > most) or len(clause.tokens) > MOST_TOKENS:
            self.failed = True
            return
        found = self._parsed(clause, negated)
        self.excepted += clause.excepted
        if isinstance(found, Fact):
            self._take_fact(found, clause, last)
        elif found is not None and (fact := _mutual(found, clause)):
            self._take_fact(fact, clause, last)
        elif found is not None:
            self._take_reach(_repeated(found, clause.text), clause, asking or (last and len(clause.rest) <= 1))
        elif asking and any(token.kind == "name" for token in clause.tokens):
            self.failed = True

    def _parsed(self, clause: Clause, negated: bool) -> Reach | Fact | None:
        ours = _YES_NO.search(clause.text) or _ASKED_OF_US.search(clause.text)
        if ours and (found := asked_of_us(clause)) is not None:
            return found
        if not negated:
            return parse(clause, self.back, self.it)
        found = read_negated(clause, self.back, self.it)
        self.denied = isinstance(found, Fact) and bool(_WITHOUT.search(clause.text))
        return found

    def _take_fact(self, fact: Fact, clause: Clause, last: bool) -> None:
        self.facts += (fact,)
        self.whether = self.whether or last or bool(_YES_NO.search(clause.text))
        self.it = self.back = Named(fact.object)

    def _take_reach(self, found: Reach, clause: Clause, asking: bool) -> None:
        if clause.rest:
            found = _described(found, clause.rest)
        if hops_in(found) and asking:
            self.asks = (*(ask for ask in self.asks if not _within(ask, found)), found)
        subject = _subject(found)
        self.it = subject if asking and not isinstance(found, Named) else found
        self.back = found

    def reading(self) -> Reading | None:
        if self.failed or not (self.asks or (self.facts and self.whether)):
            return None
        return Reading(self.asks, self.facts, self.whether and not self.asks, self.excepted, self.denied)


def _repeated(found: Reach, text: str) -> Reach:
    """ "in two steps", "indirectly": the same relation again."""
    said = _REPEATED.search(text)
    if said and isinstance(found, Hop) and isinstance(found.of, Named):
        kind, outgoing = found.kind, found.outgoing
        further: Reach = found.of
        for _ in range(3 if said["three"] else 2):
            further = hop(further, kind, outgoing)
        return further
    return found


def _mutual(found: Reach, clause: Clause) -> Fact | None:
    """ "Do X and Y go together?": one relation between the two, not what each of them has."""
    if not (isinstance(found, Joined) and len(found.parts) == 2 and _YES_NO.search(clause.text)):
        return None
    one, other = found.parts
    if any(token.kind == "head" for token in clause.tokens) or not (isinstance(one, Hop) and isinstance(other, Hop)):
        return None
    if not (isinstance(one.of, Named) and isinstance(other.of, Named)) or one.kind not in SYMMETRIC_KINDS:
        return None
    return Fact(one.of.slug, one.kind, other.of.slug)


def _described(found: Reach, words: tuple[str, ...]) -> Reach:
    return replace(found, described=words) if isinstance(found, Hop) else found


def _within(part: Reach, whole: Reach) -> bool:
    """Whether a question goes on from another, whose answer is then one of its steps."""
    if part == whole:
        return True
    if isinstance(whole, Hop):
        return _within(part, whole.of)
    return isinstance(whole, Joined) and any(_within(part, inner) for inner in whole.parts)


def _subject(found: Reach) -> Reach:
    """Whom a clause asked about: what its last hop starts from."""
    return found.of if isinstance(found, Hop) else found

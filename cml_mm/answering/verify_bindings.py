"""Who or what a sentence tells something of: the evidence must tell it of the same one.

A clause is held against every clause of the evidence by what it says, its names and its doer left out. Where that
stands in one clause, and a name or the doer stands in another alone, it has been bound to the wrong one: "the bylaws
were drafted by Ines" beside "Jonas drafted the bylaws, and Ines took the minutes".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.answering.verify_alignment import Held, found_in
from cml_mm.answering.verify_names import TITLES
from cml_mm.answering.verify_sides import doer_of, tells_twice
from cml_mm.answering.verify_text import BE, PRONOUNS, Clause, Statement, Word, is_verb
from cml_mm.answering.verify_words import in_a_set, opposite

_LEAST_TOLD = 0.6  # of what a clause says that the clause of the evidence must hold
_LEAST_AHEAD = 0.3  # by how much more it must hold than the clause in which the name stands
_LEAST_WORDS = 2  # that a clause must say besides the name
# Words that stand for somebody told of elsewhere; "its" and "her" stand beside the word that matters.
_ANYONE = (PRONOUNS - frozenset("its their his her".split())) | frozenset(
    "who whom whose which that each both all others other same former latter".split()
)


@dataclass(frozen=True)
class _Told:
    """A clause of the evidence: what it says, and whom it may be about."""

    words: tuple[Word, ...]
    names: tuple[Word, ...]  # its names and its doer
    vague: bool  # it speaks of "she", "those" or of nobody: who that is stands elsewhere


def bound_to_another(said: Statement, held: Held) -> str:
    """The name or doer of which a sentence tells what its evidence tells of another; empty where none."""
    told = [_told(clause) for one in held.statements for clause in one.clauses]
    if len(told) < 2:
        return ""
    for clause in said.clauses:
        if tells_twice(clause):
            continue
        for name in _about(clause):
            if _misplaced(name, clause, told):
                return f"{name.text}: {clause.text}"
    return ""


def _told(clause: Clause) -> _Told:
    vague = any(word.low in _ANYONE for word in clause.words) or not _has_verb(clause)
    return _Told(clause.words, _about(clause), vague or not _about(clause))


def _about(clause: Clause) -> tuple[Word, ...]:
    """Names, and the last word of the doer."""
    doer = doer_of(clause)
    doer = doer[-1:] if doer and doer[-1].place - doer[0].place < len(doer) else ()  # one noun phrase
    names = [
        word
        for word in clause.content
        if word.capital and word.place > 0 and word.low not in TITLES and not in_a_set(word.stem)
    ]
    return tuple(dict.fromkeys((*names, *doer)))


def _misplaced(name: Word, clause: Clause, told: Sequence[_Told]) -> bool:
    about = _about(clause)
    rest = [word for word in clause.content if word not in about and word.low not in TITLES]
    homes = [one for one in told if _same(name, one.words)]
    if len(rest) < _LEAST_WORDS or not homes or any(one.vague and _any(rest, one.words) for one in homes):
        return False
    shares = [sum(_stands(word, one.words) for word in rest) / len(rest) for one in told]
    best = max(range(len(told)), key=lambda at: shares[at])
    own = max(shares[at] for at, one in enumerate(told) if one in homes)
    there = told[best]
    if there.vague or shares[best] < _LEAST_TOLD or own > shares[best] - _LEAST_AHEAD:
        return False
    only_there = [
        word for word in rest if not _stands(word, there.words) and any(_stands(word, one.words) for one in homes)
    ]
    rivals = [word for word in there.names if not found_in(word, clause.words)]
    return bool(rivals) and not only_there


def _stands(word: Word, words: Sequence[Word]) -> bool:
    return found_in(word, words) is not None or any(opposite(word.stem, other.stem) for other in words)


def _any(words: Sequence[Word], others: Sequence[Word]) -> bool:
    return any(_stands(word, others) for word in words)


def _same(word: Word, words: Sequence[Word]) -> bool:
    return any(word.stem == other.stem for other in words)


def _has_verb(clause: Clause) -> bool:
    return any(word.low in BE or is_verb(clause.words, at) for at, word in enumerate(clause.words))

"""Who of two: a sentence gives to one what its evidence says of the other, told in a clause or sentence beside it.

"Brandt designed the room, and Holm built the shelves" does not say that Holm designed the room.
"""

from __future__ import annotations

from collections.abc import Iterable

from cml_mm import prose
from cml_mm.answering.verify_alignment import Held, found_in
from cml_mm.answering.verify_names import TITLES
from cml_mm.answering.verify_text import (
    BE,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    Clause,
    Statement,
    Word,
    is_passive,
    is_verb,
)
from cml_mm.answering.verify_words import in_a_set

_ANY_DOER = frozenset("who which that there".split())
_ANY_DOERS = frozenset(
    prose.stem(word)
    for word in (
        "people person man woman group body organisation organization company firm team staff member resident local"
        " citizen charity foundation association council city town village state government agency authority board"
        " society club business institution community volunteer neighbour author researcher expert official founder"
        " owner leader director manager chair head scientist engineer artist couple family pair trio partner"
    ).split()
)
_LEAST_KNOWN = 2  # words of a clause that the clause of the evidence must hold besides
_MOST_MOVED = 2  # words that stand for a side in a clause without a verb
_MOST_NEW = 1  # words that stand nowhere in the evidence


def other_side(said: Statement, held: Held) -> str:
    """The words of a sentence that belong to the neighbour of the clause which it tells; empty where none."""
    told = [(at, clause) for at, one in enumerate(held.statements) for clause in one.clauses]
    for clause in said.clauses:
        if any(_all_in(clause.content, other.words) for _, other in told):
            continue
        for at, own in told:
            for beside, other in told:
                if other is own or abs(at - beside) > 1:
                    continue
                away = _given_away(clause, own, other)
                if away:
                    return f"{' '.join(word.text for word in away)}: {clause.text}"
    return ""


def _given_away(said: Clause, own: Clause, other: Clause) -> tuple[Word, ...]:
    """The words that stand in `other` alone, where all else that the clause says stands in `own`."""
    known = [word for word in said.content if found_in(word, own.words)]
    away = tuple(word for word in said.content if word not in known and _same(word, other.words))
    new = [word for word in said.content if word not in known and word not in away]
    telling = [word for word in known if not _same(word, other.words)]
    verbs = [word for at, word in enumerate(own.words) if is_verb(own.words, at)]
    if not _has_verb(other):
        telling = [word for word in telling if not found_in(word, verbs)]
    cleft = said.words[0].low == "it" and len(said.words) > 1 and said.words[1].low in BE
    if (tells_twice(said) and not cleft) or ":" in other.words[0].before:
        return ()
    if not away or len(known) < _LEAST_KNOWN or len(new) > _MOST_NEW or not telling:
        return ()
    if any(found_in(word, other.words) for word in new):
        return ()
    doer = doer_of(said)
    theirs = doer_of(own)
    named = all(_named(word) for word in away)
    if named:
        gone = [word for word in own.words if _named(word) and not _same(word, other.words)]
    elif doer and {word.place for word in away} <= {word.place for word in doer}:
        gone = [word for word in theirs if not _same(word, other.words)]
    elif not _has_verb(other) and len(away) <= _MOST_MOVED and any(not found_in(w, said.words) for w in other.content):
        gone = [word for word in own.content if word not in known and not found_in(word, verbs)]
    else:
        return ()
    if not gone or any(found_in(word, said.words) for word in gone) or any(_stands_for(word) for word in own.words):
        return ()
    return away


def unknown_doer(said: Statement, held: Held) -> str:
    """A doer of whom the evidence knows nothing, where it names another for the same; empty where none."""
    for clause in said.clauses:
        doer = doer_of(clause)
        rest = [word for word in clause.content if word not in doer]
        if (
            not doer
            or len(rest) < _LEAST_KNOWN
            or any(word.low in _ANY_DOER or _stands_for(word) for word in clause.words)
        ):
            continue
        if any(word.stem in _ANY_DOERS or found_in(word, held.words) for word in doer):
            continue
        for one in held.statements:
            for own in one.clauses:
                theirs = doer_of(own)
                named = [word for word in theirs if _named(word)]
                same = all(found_in(word, own.words) for word in rest)
                if same and named and len(one.clauses) == 1 and not any(found_in(word, said.words) for word in theirs):
                    return f"{' '.join(word.text for word in doer)}: {clause.text}"
    return ""


def doer_of(clause: Clause) -> tuple[Word, ...]:
    """The content words after a "by", or else those before the first verb."""
    words = clause.words
    for at, word in enumerate(words):
        if (
            word.low == "by"
            and at
            and (is_passive(words, at - 1) or any(one.low in BE for one in words[max(0, at - 3) : at]))
        ):
            end = next((n for n in range(at + 1, len(words)) if words[n].low in PREPOSITIONS), len(words))
            found = tuple(one for one in words[at + 1 : end] if one.content)
            if found:
                return found
    if words[0].low == "it" and len(words) > 2 and words[1].low in BE:
        end = next((at for at, word in enumerate(words) if word.low in ("who", "that")), 0)
        if end:
            return tuple(word for word in words[2:end] if word.content)
    first = next((at for at, word in enumerate(words) if at and (word.low in BE or is_verb(words, at))), 0)
    if words[first].low in BE and any(is_passive(words, at) for at in range(first + 1, min(first + 3, len(words)))):
        return ()  # what stands before a passive is done to
    start = 0
    if words[0].low in PREPOSITIONS:
        start = next((at for at in range(1, first) if "," in words[at].before), 0)
        start = start or next((at for at in range(2, first) if words[at].low in DETERMINERS), first)
    return tuple(word for word in words[start:first] if word.content)


def _has_verb(clause: Clause) -> bool:
    return any(word.low in BE or is_verb(clause.words, at) for at, word in enumerate(clause.words))


def tells_twice(clause: Clause) -> bool:
    """Whether a clause tells two things, as in "a year after the pond was dug"."""
    for at, word in enumerate(clause.words[1:], 1):
        rest = clause.words[at + 1 :]
        if word.low in ("who", "which", "that"):
            return True
        if word.low in ("after", "before") and any(one.low in BE or is_verb(rest, n) for n, one in enumerate(rest)):
            return True
    return False


def _named(word: Word) -> bool:
    return word.capital and word.content and word.low not in TITLES and not in_a_set(word.stem) and word.place > 0


def _same(word: Word, others: Iterable[Word]) -> bool:
    return any(word.stem == other.stem for other in others)


def _all_in(words: tuple[Word, ...], others: tuple[Word, ...]) -> bool:
    return all(found_in(word, others) for word in words)


def _stands_for(word: Word) -> bool:
    return word.low in PRONOUNS and word.low not in ("this", "these", "those")

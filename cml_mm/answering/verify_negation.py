"""Negation and opposites: what the sentence denies must be denied by the evidence, and the other way round.

A negation reaches over the words after it in its clause ("no", "without" over the noun as well). Two
denials cancel out: "not allowed" says what "forbidden" says.
"""

from __future__ import annotations

import re
from itertools import pairwise

from cml_mm.answering.verify_alignment import Held, Pairing, akin, found_in, overlap, tokens
from cml_mm.answering.verify_poles import at_other_pole
from cml_mm.answering.verify_text import BE, Clause, Statement, Word
from cml_mm.answering.verify_words import opposite

_NEGATIVE = frozenset(
    "not no never nor none nobody nothing neither without cannot isn aren wasn weren don doesn didn hasn haven hadn"
    " wouldn shouldn couldn mustn can't don't doesn't isn't aren't wasn't weren't didn't hasn't haven't hadn't"
    " won't wouldn't shouldn't couldn't mustn't nowhere unable impossible".split()
)
_SOFT = frozenset("hardly barely scarcely rarely seldom lack lacks lacking unless except only alone".split())
_DENYING = frozenset(
    "forbid forbids forbidden forbade prohibit prohibits prohibited ban bans banned refuse refuses"
    " refused reject rejects"
    " rejected deny denies denied fail fails failed failing prevent prevents prevented avoid avoids"
    " avoided exclude excludes"
    " excluded exempt decline declines declined lack lacks lacked lacking oppose opposes opposed"
    " withhold instead rather"
    " reserved restricted barred independent regardless unchanged exclusively solely abolished waived"
    " removed absence absent"
    " missing gratis ceased".split()
)
_LIMITS = frozenset("limit limits limited maximum most cap caps capped up within only same".split())
_REFUSING = frozenset("refuse refuses refused fail fails failed decline declines declined".split())
_ALL_BUT = re.compile(r"\ball but\b|\bapart from\b|\bexcept\b")
_LEAVES_OUT = re.compile(r"\b(?:other than|apart from|or else|otherwise|of those without)\b")
_AT_FIRST = re.compile(r"\b(?:at first|initially|originally)\b")
_REACH = 4  # words after a negation that it denies, counting those that say something


def denied(said: Statement, pairings: tuple[Pairing, ...], held: Held) -> str:
    """What a sentence denies or asserts against its evidence; empty where nothing."""
    for pairing in pairings:
        why = (
            _wrongly_denied(pairing, held)
            or _wrongly_asserted(pairing, said)
            or _contrary(pairing)
            or at_other_pole(pairing)
        )
        if why:
            return why
    return ""


def negations(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return tuple(
        word
        for at, word in enumerate(words)
        if (word.low in _NEGATIVE or word.low.endswith("n't"))
        and not (word.low == "no" and at + 1 < len(words) and words[at + 1].low in ("matter", "doubt"))
    )


def _reached(words: tuple[Word, ...], negation: Word) -> tuple[Word, ...]:
    """The words that a negation denies: the next that say something."""
    after = [
        word
        for word in words
        if word.place > negation.place and (word.content or (word.low not in BE and len(word.low) > 3))
    ]
    return tuple(after[:_REACH])


def _wrongly_denied(pairing: Pairing, held: Held) -> str:
    """A negation of the sentence for which the evidence has none, nor any word that denies."""
    mine = pairing.said.words
    for negation in negations(mine):
        theirs = pairing.statement.words
        reached = _reached(mine, negation)
        scope = [word for word in reached if not any(word.stem == other.stem for other in theirs)]
        if any(opposite(word.stem, other.stem) for word in scope for other in theirs):
            continue
        told = [word for word in reached if word.content]
        if told and not found_in(told[-1], theirs):
            continue  # what is denied is not what the evidence asserts
        if any(word.low == "than" for word in mine) and any(word.low in _LIMITS for word in pairing.statement.words):
            continue
        own = {word.low for word in mine}
        if _ALL_BUT.search(pairing.statement.text.lower()) or _none_there(mine, held):
            continue
        if _both_deny(pairing, mine, negation):
            continue
        if _doubly(mine, negation) and any(_negative(word) and word.low not in own for word in theirs):
            continue
        others = (one for one in held.statements if one is not pairing.statement)
        if not _denies(pairing.statement, mine, negation) and not any(
            _denies_same(one, mine, negation) for one in others
        ):
            return f"denied: {pairing.said.text}"
    return ""


def _both_deny(pairing: Pairing, mine: tuple[Word, ...], negation: Word) -> bool:
    """ "Is not open to the public" beside "the public has no access": both deny, and say the same otherwise."""
    scope = [word for word in _reached(mine, negation) if word.content][:1]
    rest = [word for word in mine if word.content and word not in scope]
    theirs = pairing.clause.words
    denies = bool(negations(theirs)) or any(word.low in ("closed", "shut", "barred") for word in theirs)
    return (
        len(rest) > 1 and bool(scope) and denies and all(any(word.stem == one.stem for one in theirs) for word in rest)
    )


def _none_there(mine: tuple[Word, ...], held: Held) -> bool:
    """ "There is no bus in August" beside "It does not run in August": the evidence says it with a pronoun."""
    lows = {word.low for word in mine}
    known = {word.low for word in held.words}
    if lows & {"non", "others", "outsiders", "else"} and known & {"only", "alone", "reserved", "exclusively"}:
        return True
    if "nothing" in lows and known & {"free", "gratis", "charge"}:
        return True
    if "there" not in lows:
        return False
    own = tuple(word for word in mine if word.content)
    return any(
        negations(one.words)
        and (
            overlap(own, tokens(one))
            if one.words[0].low in ("it", "they")
            else all(found_in(w, one.words) for w in own)
        )
        for one in held.statements
    )


def _doubly(mine: tuple[Word, ...], negation: Word) -> bool:
    """Whether a clause denies twice, or denies up to a time or condition: then a single "only" says the same."""
    return any(
        word is not negation and (_negative(word) or word.low in ("before", "until", "unless", "if", "when"))
        for word in mine
    )


def _negative(word: Word) -> bool:
    return word.low in _NEGATIVE or word.low in _SOFT or word.low in _DENYING or word.low.endswith("n't")


def _denies(statement: Statement, mine: tuple[Word, ...], negation: Word) -> bool:
    """Whether a statement of the evidence denies the same as a negation of the sentence."""
    scope = _reached(mine, negation)
    for clause in statement.clauses:
        for other in negations(clause.words):
            theirs = _reached(clause.words, other) or clause.content
            if any(akin(one, two) for one in scope for two in theirs):
                return True
            if not any(word.content for word in scope) and overlap(
                tuple(w for w in mine if w.content), tokens(statement)
            ):
                return True
        soft = [word for word in clause.words if word.low in _SOFT or word.low in _DENYING]
        focus = [word for one in soft for word in _focus(clause, one)]
        own = tuple(word for word in mine if word.content)
        near = bool(soft) and overlap(own, tokens(clause)) >= max(1, len(own) - 1)
        if near and not any(found_in(word, mine) for word in focus) and _soft_enough(clause, mine):
            return True
    return False


def _denies_same(statement: Statement, mine: tuple[Word, ...], negation: Word) -> bool:
    """The same for another statement than the nearest: one of the first words denied must be the same."""
    scope = [word for word in _reached(mine, negation) if word.content][:2]
    return any(
        one.stem == two.stem
        for clause in statement.clauses
        for other in negations(clause.words)
        for one in scope
        for two in _reached(clause.words, other)
    )


def _focus(clause: Clause, word: Word) -> tuple[Word, ...]:
    """What an "only" or "alone" speaks of: the rest is denied, not this."""
    at = word.place - clause.words[0].place
    if word.low == "alone":
        return tuple(one for one in clause.words[max(0, at - 2) : at] if one.content)
    if word.low == "only":
        return tuple(one for one in clause.words[at + 1 : at + 6] if one.content or one.low[0].isdigit())[:2]
    return ()


def _soft_enough(clause: Clause, mine: tuple[Word, ...]) -> bool:
    """Words such as "only" and "refuses" deny something; "never" and "not at all" want more."""
    strict = {word.low for word in mine} & {"never", "none", "nobody", "nothing"}
    hard = any(word.low in _DENYING or word.low in ("only", "alone") for word in clause.words)
    return hard or not strict


def _wrongly_asserted(pairing: Pairing, said: Statement) -> str:
    """A negation of the nearest clause that the sentence leaves out."""
    mine = pairing.said.words
    theirs = pairing.clause.words
    soft = any(word.low in _DENYING or word.low in _SOFT or _freed(word) for word in mine)
    soft = soft or _LEAVES_OUT.search(pairing.said.text.lower()) is not None
    if not negations(mine) and not soft:
        for clause in pairing.statement.clauses:
            own = [word for word in clause.content if word.low not in _NEGATIVE]
            undone = any(opposite(word.stem, other.stem) for word in mine for other in own)
            if clause is not pairing.clause and negations(clause.words) and own and not undone and _all_said(own, mine):
                return f"asserted: {pairing.said.text}"
    if negations(mine) or soft:
        return ""
    for negation in negations(theirs):
        before_it = [word for word in pairing.clause.content if word.place < negation.place]
        scope = [word for word in _reached(theirs, negation) if word.content] or before_it[-1:]
        if any(opposite(word.stem, other.stem) for word in mine for other in scope):
            continue
        here = [word for word in scope[:2] if found_in(word, mine)]
        before = [word for word in pairing.clause.content if word.place < negation.place and found_in(word, mine)]
        if here and (before or len(here) > 1 or len(scope) == 1) and not _elsewhere(pairing, here):
            return f"asserted: {pairing.said.text}"
    return ""


def _freed(word: Word) -> bool:
    """ "Ad-free", "unanswered": words that deny by themselves."""
    if word.low in ("closed", "shut", "barred", "inaccessible"):
        return True
    return (word.low == "free" and word.before == "-") or (word.low.startswith("un") and word.low.endswith("ed"))


def _all_said(own: list[Word], mine: tuple[Word, ...]) -> bool:
    """Whether a sentence says all of a denied clause in its own words, not merely in kindred ones."""
    return all(found_in(word, mine) for word in own) and any(word.stem == other.stem for word in own for other in mine)


def _elsewhere(pairing: Pairing, denied_words: list[Word]) -> bool:
    """Whether another clause of the statement asserts these words."""
    return any(
        not negations(clause.words) and all(found_in(word, clause.words) for word in denied_words)
        for clause in pairing.statement.clauses
        if clause is not pairing.clause
    )


def _contrary(pairing: Pairing) -> str:
    """A word whose opposite stands in its place in the evidence, both denied or neither."""
    mine = pairing.said.words
    if _AT_FIRST.search(pairing.said.text.lower()) and _AT_FIRST.search(pairing.statement.text.lower()):
        return ""
    for word in mine:
        rest = [one for one in tokens(pairing.said) if one is not word]
        held = any(other.stem == word.stem for other in pairing.statement.words)
        if held and (not rest or any(other.stem == word.stem for other in pairing.clause.words)):
            continue
        for clause in pairing.statement.clauses:
            if clause is not pairing.clause and found_in(word, pairing.statement.words):
                continue
            for other in clause.words:
                if not opposite(word.stem, other.stem) or any(one.stem == other.stem for one in mine):
                    continue
                if {word.low, other.low} == {"first", "last"} and not (
                    _closes(mine, word) and _closes(clause.words, other)
                ):
                    continue
                if _compares(mine) and _compares(clause.words):
                    continue  # the sides of a comparison are weighed with its grade
                odd = _is_denied(mine, word) != _is_denied(clause.words, other)
                if not odd and (overlap(rest, [one for one in tokens(clause) if one is not other]) or not rest):
                    return f"{word.low} / {other.low}"
    return ""


def _compares(words: tuple[Word, ...]) -> bool:
    return any(one.low == "than" and not other.low[0].isdigit() for one, other in pairwise(words))


def _closes(words: tuple[Word, ...], word: Word) -> bool:
    return words[-1] is word


def _is_denied(words: tuple[Word, ...], word: Word) -> bool:
    refused = [one for one in words if one.low in _REFUSING]
    return sum(word in _reached(words, one) for one in (*negations(words), *refused)) % 2 == 1

"""Words that have moved: a name, a number or a noun told in a clause whose sister it belongs to."""

from __future__ import annotations

from cml_mm.answering.verify_alignment import Pairing, found_in, overlap, tokens
from cml_mm.answering.verify_text import BE, PRONOUNS, Clause, Word, is_verb

_CONTRASTS = frozenset("while whereas but and the".split())


def moved(pairing: Pairing) -> str:
    """A name, a number or a noun that belongs to the sister of the clause in whose words it stands."""
    mine = tokens(pairing.said)
    best = pairing.clause
    others = [clause for clause in pairing.statement.clauses if clause is not best]
    away = [word for word in mine if not found_in(word, tokens(best))]
    left = [word for word in tokens(best) if not found_in(word, mine)]
    if not away or not left or not others or any(word.low in PRONOUNS for word in best.words):
        return ""
    for other in others:
        moved = [word for word in away if any(word.stem == one.stem for one in tokens(other))]
        replaced = [word for word in left if any(_alike(word, one) for one in moved)]
        missing = [word for word in tokens(other) if not found_in(word, mine)]
        if moved and replaced and missing and _sisters(best, other) and not _carried(other):
            return f"moved: {moved[0].text} for {replaced[0].text}"
    return ""


def _alike(one: Word, other: Word) -> bool:
    """Whether two words could stand in one place: two numbers, two names, two plain words."""
    digits = one.low[0].isdigit(), other.low[0].isdigit()
    if any(digits):
        return all(digits)
    return one.capital == other.capital


def _sisters(one: Clause, other: Clause) -> bool:
    """Whether two clauses are set against each other: by a joint, and with a word or an ellipsis in common."""
    joint = any(
        ";" in clause.words[0].before
        or (
            clause.words[0].low in _CONTRASTS and (clause.words[0].low != "the" or bool(clause.words[0].before.strip()))
        )
        for clause in (one, other)
    )
    shared = overlap(one.content, other.content) > 0
    bare = not any(is_verb(other.words, at) or word.low in BE for at, word in enumerate(other.words)) or not any(
        is_verb(one.words, at) or word.low in BE for at, word in enumerate(one.words)
    )
    return joint and (shared or bare)


def _carried(clause: Clause) -> bool:
    return any(word.low in PRONOUNS for word in clause.words)

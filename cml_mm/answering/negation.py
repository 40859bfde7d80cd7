"""Relation questions that deny: "which patterns do not require X?", "… require X but not Y", "can X do without Y?"."""

from __future__ import annotations

from dataclasses import replace

from cml_mm.answering.grammar import Fact, parse
from cml_mm.answering.reach import Less, Named, Reach, hop, hops_in
from cml_mm.answering.relation_words import Clause, Token

_OPENING = frozenset({"head", "that", "do", "and", "or", "back"})


def read_negated(clause: Clause, back: Reach | None, it: Reach | None) -> Reach | Fact | None:
    """Reads one clause with a "not" in it.

    Args:
        clause: its tokens.
        back: what "that" and "those" mean, from the clause before.
        it: what "it" means.
    Returns: what is left over where the denied relation is taken away; the relation itself where
        it is asked of two names; None where it cannot be read.
    """
    place = next(place for place, token in enumerate(clause.tokens) if token.kind == "not")
    before, after = clause.tokens[:place], clause.tokens[place + 1 :]
    if any(token.kind == "not" for token in after):
        return None
    if all(token.kind in _OPENING for token in before):
        denied = _of_heads(clause, after, back, it)
        return Less(None, denied) if denied is not None else None
    if all(token.kind in ("do", "name") for token in before):
        found = parse(replace(clause, tokens=(*before, *after)), back, it)
        return found if isinstance(found, Fact) else None
    verbs = tuple(token for token in before if token.kind == "verb")
    if before[-1:] == verbs and all(token.kind in _OPENING for token in before[:-1]):  # "which need neither X nor Y"
        denied = _of_heads(clause, (*verbs, *after), back, it)
        return Less(None, denied) if denied is not None else None
    kept = parse(replace(clause, tokens=_trimmed(before)), back, it)
    if isinstance(kept, Fact) or kept is None or not hops_in(kept) or not verbs:
        return None
    denied = _of_heads(clause, after if _has_verb(after) else (verbs[-1], *after), back, it)
    return Less(kept, denied) if denied is not None else None


def asked_of_us(clause: Clause) -> Reach | Fact | None:
    """ "Do we need X?", "do we need X for Y?", "can we do without X?"; None where it is none of these."""
    tokens = tuple(token for token in clause.tokens if token.kind not in ("do", "not"))
    kinds = tuple(token.kind for token in tokens)
    needed = [token for token in tokens if token.kind == "verb"]
    if len(needed) != 1 or needed[0].relation != "REQUIRES":
        return None
    slugs = [token.slug for token in tokens if token.kind == "name"]
    ours, denied = needed[0].ours, any(token.kind == "not" for token in clause.tokens)
    if kinds == ("verb", "name") and (ours or denied):
        return hop(Named(slugs[0]), "REQUIRES", False)
    if kinds == ("verb", "name", "name") and ours:
        return Fact(slugs[1], "REQUIRES", slugs[0])
    if kinds == ("name", "verb", "name") and ours:
        return Fact(slugs[0], "REQUIRES", slugs[1])
    return None


def _of_heads(clause: Clause, tokens: tuple[Token, ...], back: Reach | None, it: Reach | None) -> Reach | None:
    """What is said of "which patterns"."""
    found = parse(replace(clause, tokens=(Token("head"), *tokens), joint=False), back, it)
    return None if isinstance(found, Fact) or found is None or not hops_in(found) else found


def _has_verb(tokens: tuple[Token, ...]) -> bool:
    return any(token.kind in ("verb", "noun") for token in tokens)


def _trimmed(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without the "and", "that" or "do" that led to the denied part."""
    while tokens and tokens[-1].kind in ("and", "that", "do", "or", "head"):
        tokens = tokens[:-1]
    return tokens

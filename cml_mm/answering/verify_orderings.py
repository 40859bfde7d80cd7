"""What comes before what, and which is more: the two sides of "before", "after" and "than" kept in their places."""

from __future__ import annotations

from cml_mm.answering.verify_alignment import Held, found_in, overlap
from cml_mm.answering.verify_text import Statement, Word
from cml_mm.answering.verify_words import opposite


def time_turned(said: Statement, held: Held) -> str:
    """ "A before B" where the evidence says "A after B"."""
    mine = _in_time(said)
    if mine is None:
        return ""
    for statement in held.statements:
        theirs = _in_time(statement)
        if theirs is None:
            continue
        straight = min(overlap(mine[0], theirs[0]), 1) + min(overlap(mine[1], theirs[1]), 1)
        crossed = min(overlap(mine[0], theirs[1]), 1) + min(overlap(mine[1], theirs[0]), 1)
        more = overlap(mine[0], theirs[1]) + overlap(mine[1], theirs[0])
        less = overlap(mine[0], theirs[0]) + overlap(mine[1], theirs[1])
        if crossed == 2 and (straight < 2 or more > less):
            return f"time: {said.text}"
    return ""


def _in_time(said: Statement) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """What comes earlier and what later in a statement."""
    words = said.words
    for at, word in enumerate(words):
        if word.low not in ("before", "after", "once", "until") or (word.low == "once" and at):
            continue
        if at:
            main, side = words[:at], words[at + 1 :]
        else:
            end = next((n for n, one in enumerate(words) if n > 1 and "," in one.before), 0)
            if not end:
                return None
            main, side = words[end:], words[1:end]
        first, last = (main, side) if word.low in ("before", "until") else (side, main)
        early, late = (tuple(one for one in part if one.content or one.low[0].isdigit()) for part in (first, last))
        return (early, late) if early and late else None
    return None


def comparison_turned(said: Statement, held: Held) -> str:
    """ "A has more than B" where the evidence says "B has more than A"."""
    mine = _compared(said)
    if mine is None:
        return ""
    for statement in held.statements:
        theirs = _compared(statement)
        if theirs is None or not overlap(mine[0] + mine[1], theirs[0] + theirs[1]):
            continue
        crossed = _own(mine[0], theirs[1], theirs[0]) and _own(mine[1], theirs[0], theirs[1])
        straight = _own(mine[0], theirs[0], theirs[1]) or _own(mine[1], theirs[1], theirs[0])
        contrary = any(opposite(one.stem, other.stem) for one in mine[2] for other in theirs[2])
        if (crossed and not contrary and not straight) or (straight and contrary and not crossed):
            return f"comparison: {said.text}"
    return ""


def _compared(said: Statement) -> tuple[tuple[Word, ...], tuple[Word, ...], tuple[Word, ...]] | None:
    """The two sides of a "than", and the words that say more or less."""
    at = next((n for n, word in enumerate(said.words) if word.low == "than"), 0)
    if not at or (at + 1 < len(said.words) and said.words[at + 1].low[0].isdigit()):
        return None
    grade = tuple(
        word
        for word in said.words[max(0, at - 5) : at]
        if word.low in ("more", "less", "fewer") or word.low.endswith("er")
    )
    left = tuple(word for word in said.words[:at] if word.content)
    right = tuple(word for word in said.words[at + 1 :] if word.content)
    return (left, right, grade) if left and right else None


def _own(words: tuple[Word, ...], there: tuple[Word, ...], here: tuple[Word, ...]) -> bool:
    return any(found_in(word, there) and not found_in(word, here) for word in words)

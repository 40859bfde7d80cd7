"""Which words of a sentence stand in its evidence, as they are or in another word of the same meaning.

Content words are aligned by stem, by derivation (decide, decision) and by the lists of `verify_words`
(after MacCartney 2009, natural logic for textual entailment: align first, then look at what the
alignment leaves over). A clause is held against the statement and the clause of the evidence that
share most with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cml_mm.answering.verify_text import Clause, Statement, Word
from cml_mm.answering.verify_words import opposite, synonymous

_ALIGNED = 0.66  # of a clause's content words that its statement must hold before the rest may contradict it
_LEAST_COMMON = 5  # letters with which two forms of one word begin alike


@dataclass(frozen=True)
class Held:
    """What the evidence says. `around` are words of titles and headings: known, but claiming nothing."""

    statements: tuple[Statement, ...]
    around: tuple[Word, ...]
    digits: str  # the whole text, by `as_digits`

    @property
    def words(self) -> tuple[Word, ...]:
        return (*(word for one in self.statements for word in one.words), *self.around)


@dataclass(frozen=True)
class Pairing:
    """A clause of a sentence beside what stands nearest to it in the evidence."""

    said: Clause
    statement: Statement
    clause: Clause
    shared: int  # content words and numbers that the clause and the statement share

    @property
    def comparable(self) -> bool:
        """Whether both speak of the same, so that where they differ, one contradicts the other."""
        own = self.said.content
        return overlap(own, self.statement.words) >= _ALIGNED * len(own)


def akin(one: Word, other: Word) -> bool:
    """Whether two words may say the same."""
    if one.stem == other.stem or one.low == other.low:
        return True
    if one.low[0].isdigit() or other.low[0].isdigit():
        return False
    if synonymous(one.stem, other.stem):
        return True
    shorter = min(len(one.stem), len(other.stem))
    common = _common(one.stem, other.stem)
    if common >= _LEAST_COMMON and common >= 0.7 * max(len(one.stem), len(other.stem)):
        return True
    return shorter >= 4 and common >= 4 and common == shorter and max(len(one.stem), len(other.stem)) - common <= 3


def found_in(word: Word, others: Iterable[Word]) -> Word | None:
    """The word of the others that says the same: one of the same stem before a kindred one."""
    kindred = None
    for other in others:
        if word.stem == other.stem:
            return other
        if kindred is None and akin(word, other):
            kindred = other
    return kindred


def tokens(clause: Clause | Statement) -> tuple[Word, ...]:
    """Content words and numbers."""
    return tuple(word for word in clause.words if word.content or word.low[0].isdigit())


def share(words: Sequence[Word], others: Sequence[Word]) -> float:
    """How many of some words stand among others, from 0 to 1; 1 where there are none."""
    return sum(found_in(word, others) is not None for word in words) / len(words) if words else 1.0


def overlap(words: Sequence[Word], others: Sequence[Word]) -> int:
    return sum(found_in(word, others) is not None or _contrary(word, others) for word in words)


def paired(said: Clause, held: Held, whole: Statement) -> Pairing | None:
    """The nearest statement and clause of the evidence; of equals the one nearer to the whole sentence."""
    mine, all_mine = tokens(said), tokens(whole)
    best: tuple[int, int, float, Pairing] | None = None
    for statement in held.statements:
        theirs = tokens(statement)
        shared = overlap(mine, theirs)
        if not shared:
            continue
        around = overlap(all_mine, theirs)
        for clause in statement.clauses:
            own = tokens(clause)
            here = overlap(mine, own)
            key = (shared, around, here - 0.01 * len(own))
            if best is None or key > best[:3]:
                best = (*key, Pairing(said, statement, clause, shared))
    return best[3] if best else None


def _contrary(word: Word, others: Sequence[Word]) -> bool:
    return any(opposite(word.stem, other.stem) for other in others)


def _common(one: str, other: str) -> int:
    count = 0
    for first, last in zip(one, other, strict=False):
        if first != last:
            break
        count += 1
    return count

"""How far the words of a sentence stand in its evidence, clause by clause.

A clause is borne out when enough of its content words stand there, or words of the same meaning, or, with
a text encoder, when the whole clause means nearly what some statement of the evidence means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cml_mm.answering.verify_alignment import Held, found_in
from cml_mm.answering.verify_text import Statement, Word
from cml_mm.answering.verify_words import opposite
from cml_mm.ports import TextEncoder
from cml_mm.types import Verdict

MOST_WINDOWS = 40  # statements of the evidence that are encoded: the rest shares no word with the sentence
CLAUSE_SHARE = 0.5  # of a clause's content words that must stand in the evidence
WHOLE_SHARE = 0.6  # the same for the whole sentence
LESS_WHOLE_SHARE = 0.45  # the same where the whole sentence means nearly the same
PARTLY_SHARE = 0.35  # of the whole: below, nothing of it is borne out
SAME_MEANING = 0.42  # cosine of a clause to the evidence from which on its own words may be others
NEAR_MEANING = 0.5  # cosine of the whole sentence from which on fewer shared words do
NUMBER_WEIGHT = 2  # words that a number counts for: it is seldom the same by chance


@dataclass(frozen=True)
class Support:
    """`known` of `said` content words of a clause stand in the evidence; `cosine` to its nearest statement."""

    text: str
    said: int
    known: int
    cosine: float | None
    whole: float | None = None  # cosine of the whole sentence

    @property
    def holds(self) -> bool:
        """Whether the clause is borne out."""
        return self.known >= CLAUSE_SHARE * self.said or (self.cosine or 0) >= SAME_MEANING


def unborne(found: Sequence[Support]) -> tuple[Verdict, str]:
    """The verdict by words and meaning, with what is not borne out: a clause, or empty for the whole.

    Args:
        found: what `supports` gave.
    """
    said = sum(one.said for one in found)
    known = sum(one.known for one in found)
    if not said:
        return "supported", ""
    weak = [one for one in found if not one.holds]
    meant = all((one.cosine or 0) >= SAME_MEANING for one in found if one.known < one.said)
    nearly = known >= LESS_WHOLE_SHARE * said and any((one.whole or 0) >= NEAR_MEANING for one in found)
    if not weak and (known >= WHOLE_SHARE * said or meant or nearly):
        return "supported", ""
    if known < PARTLY_SHARE * said:
        return "unsupported", ""
    return "partly", (weak or list(found))[0].text


def supports(said: Statement, held: Held, encoder: TextEncoder | None, frame: frozenset[str]) -> tuple[Support, ...]:
    """What each clause of a sentence stands on.

    Args:
        encoder: measures meaning; None: words alone are counted.
        frame: stems that claim nothing and are not counted.
    """
    found = []
    vectors = _vectors(said, held, encoder)
    whole: float | None = None
    digits = {word.low for word in held.words if word.low[0].isdigit()}
    for clause in said.clauses:
        words = tuple(word for word in clause.content if word.stem not in frame)
        if not words:
            continue
        known = sum(_stands(word, held.words) for word in words)
        cosine = None
        if known < len(words):
            cosine = _cosine(clause.text, vectors, encoder)
            whole = _cosine(said.text, vectors, encoder) if whole is None else whole
        numbers = NUMBER_WEIGHT * sum(word.low[0].isdigit() and word.low in digits for word in clause.words)
        found.append(Support(clause.text, len(words) + numbers, known + numbers, cosine, whole))
    return tuple(found)


def _stands(word: Word, words: Sequence[Word]) -> bool:
    return found_in(word, words) is not None or any(opposite(word.stem, other.stem) for other in words)


def _vectors(said: Statement, held: Held, encoder: TextEncoder | None) -> np.ndarray | None:
    if encoder is None or not held.statements:
        return None
    sharing = [one for one in held.statements if any(found_in(word, one.words) for word in said.content)]
    near = (sharing or list(held.statements))[:MOST_WINDOWS]
    windows = [one.text for one in near]
    pairs = [f"{first} {last}" for first, last in pairwise(windows)]
    clauses = [clause.text for one in near if len(one.clauses) > 1 for clause in one.clauses]
    return encoder.encode_passages([*windows, *pairs[:MOST_WINDOWS], *clauses[:MOST_WINDOWS]])


def _cosine(text: str, vectors: np.ndarray | None, encoder: TextEncoder | None) -> float | None:
    if vectors is None or encoder is None:
        return None
    return float((vectors @ encoder.encode_passages([text])[0]).max())

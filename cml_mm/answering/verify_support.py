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

MOST_WINDOWS = 40  # statements of the evidence that are encoded: the rest shares no word with the sentence


@dataclass(frozen=True)
class Support:
    """`known` of `said` content words of a clause stand in the evidence; `cosine` to its nearest statement."""

    text: str
    said: int
    known: int
    near: float  # share of the words that stand in one statement of the evidence or in its neighbour
    cosine: float | None


def supports(said: Statement, held: Held, encoder: TextEncoder | None, frame: frozenset[str]) -> tuple[Support, ...]:
    """What each clause of a sentence stands on.

    Args:
        encoder: measures meaning; None: words alone are counted.
        frame: stems that claim nothing and are not counted.
    """
    found = []
    vectors = _vectors(said, held, encoder)
    for clause in said.clauses:
        words = tuple(word for word in clause.content if word.stem not in frame)
        if not words:
            continue
        known = sum(_stands(word, held.words) for word in words)
        near = _near(words, held)
        cosine = _cosine(clause.text, vectors, encoder) if known < len(words) else None
        found.append(Support(clause.text, len(words), known, near, cosine))
    return tuple(found)


def _stands(word: Word, words: Sequence[Word]) -> bool:
    return found_in(word, words) is not None or any(opposite(word.stem, other.stem) for other in words)


def _near(words: tuple[Word, ...], held: Held) -> float:
    best = 0.0
    for at, statement in enumerate(held.statements):
        pair = (
            *statement.words,
            *(held.statements[at + 1].words if at + 1 < len(held.statements) else ()),
            *held.around,
        )
        best = max(best, sum(_stands(word, pair) for word in words) / len(words))
    return best


def _vectors(said: Statement, held: Held, encoder: TextEncoder | None) -> np.ndarray | None:
    if encoder is None or not held.statements:
        return None
    sharing = [one for one in held.statements if any(found_in(word, one.words) for word in said.content)]
    windows = [one.text for one in (sharing or list(held.statements))[:MOST_WINDOWS]]
    pairs = [f"{first} {last}" for first, last in pairwise(windows)]
    return encoder.encode_passages([*windows, *pairs[:MOST_WINDOWS]])


def _cosine(text: str, vectors: np.ndarray | None, encoder: TextEncoder | None) -> float | None:
    if vectors is None or encoder is None:
        return None
    return float((vectors @ encoder.encode_passages([text])[0]).max())

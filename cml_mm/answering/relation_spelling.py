"""Relation words with one mistake: "what does it requre?"."""

from __future__ import annotations

import re
from functools import lru_cache

from cml_mm.retrieval.spelling import NearWords

LEAST_LETTERS = 6  # shorter words are near too many others
# Not "adopt" and "depend": "adapt" and "defend" are words too.
_WORDS = tuple(
    """require requires required requiring enable enables enabled enabling enabler enablers prerequisite prerequisites
    alternative alternatives complement complements tension tensions difference differences different differ
    compare compares compared comparison similar conflict conflicts conflicting""".split()
)
_WORD = re.compile(rf"[a-z]{{{LEAST_LETTERS},}}")


def spelt(text: str) -> str:
    """A folded question with the words for relations put right; all others stay as they are."""
    return _WORD.sub(lambda found: _spelt(found.group()), text)


@lru_cache(maxsize=4096)
def _spelt(word: str) -> str:
    if word in _WORDS:
        return word
    near = [other.word for other in _near().near(word, 1) if other.word[0] == word[0]]
    return near[0] if near else word


@lru_cache(maxsize=1)
def _near() -> NearWords:
    return NearWords(_WORDS)

"""Names that no page bears and no page even mentions, however they are written: "what is holacracy?"."""

from __future__ import annotations

import re

from cml_mm import prose
from cml_mm.graph.bm25 import Bm25
from cml_mm.retrieval.names import NameMatch
from cml_mm.retrieval.spelling import word_places

MOST_NAME_WORDS = 4
LEAST_LETTERS = 4
_NAMING_WORDS = frozenset(
    """compare compared comparison difference differences differ differs versus vs define definition explain describe
    tell meaning mean means require requires need needs enable enables pattern patterns called term concept idea
    please used uses know known library similar like work works""".split()
)
_INNER = frozenset({"of", "the", "in", "for"})  # inside a name, never at its ends
_BREAK = re.compile(r"[,;:?!]|\.(?:\s|$)")


def unheard_names(question: str, names: tuple[NameMatch, ...], bm25: Bm25, most_pages: int = 0) -> tuple[str, ...]:
    """Runs of words around one that the library never writes, as written.

    Args:
        question: in English; one that asks what something is, or compares.
        names: of the library found in it.
        bm25: for the words that the library writes.
        most_pages: a word on no more of them counts as never written.
    """
    places = word_places(question)
    ours = {place for match in names for place in range(match.start, match.end)}
    runs: list[list[int]] = [[]]
    for number, place in enumerate(places):
        word = prose.fold(place.of(question))
        plain = number in ours or word in _NAMING_WORDS or (word in prose.STOP_WORDS and word not in _INNER)
        apart = number > 0 and _BREAK.search(question[places[number - 1].end : place.start])
        if plain or apart:
            runs.append([])
        if not plain:
            runs[-1].append(number)
    found = []
    for run in runs:
        words = [prose.fold(places[number].of(question)) for number in run]
        while words and words[0] in _INNER:
            run, words = run[1:], words[1:]
        while words and words[-1] in _INNER:
            run, words = run[:-1], words[:-1]
        if 0 < len(run) <= MOST_NAME_WORDS and any(_unheard(word, bm25, most_pages) for word in words):
            found.append(question[places[run[0]].start : places[run[-1]].end])
    return tuple(found)


def _unheard(word: str, bm25: Bm25, most_pages: int) -> bool:
    known = bm25.document_frequency(prose.stem(word)) > most_pages
    return len(word) >= LEAST_LETTERS and word.isalpha() and not known

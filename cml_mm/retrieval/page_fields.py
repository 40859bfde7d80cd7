"""The short fields of a page, and what the best pages share in them: the library's own words for a question.

Relevance feedback after Lavrenko and Croft (2001) in the mixed form of Abdul-Jaleel et al. (2004), "RM3": the words
that mark the first pages are looked for beside the question's. Only titles, aliases, summaries and keywords are
read, where experts name the thing in a few words; whole pages would bring everything else too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cml_mm import prose
from cml_mm.graph.bm25 import Bm25
from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.fusion import over_maximum
from cml_mm.retrieval.pagerank import Numbers

FIRST_PAGES = 10
TELLING_WORDS = 10


@dataclass(frozen=True)
class Telling:
    """Stems that mark the first pages, most telling first; `shares` sum to 1."""

    stems: tuple[str, ...]
    shares: tuple[float, ...]


class PageFields:
    """The stems of every page's short fields, read when they are first wanted.

    Args:
        entries: by slug.
        slugs: of each row.
    """

    def __init__(self, entries: Mapping[str, Entry], slugs: Sequence[str]) -> None:
        self._entries = entries
        self._slugs = slugs
        self._read: dict[int, Counter[str]] = {}

    def stems(self, row: int) -> Counter[str]:
        """How often each stem stands in the page's title, aliases, summary and keywords."""
        if row not in self._read:
            entry = self._entries[self._slugs[row]]
            text = "\n".join((entry.title, *entry.aliases, entry.summary, *entry.keywords))
            self._read[row] = Counter(prose.terms(text))
        return self._read[row]


def telling_words(
    fields: PageFields, bm25: Bm25, scores: Numbers, pages: int = FIRST_PAGES, words: int = TELLING_WORDS
) -> Telling:
    """The words that mark the best pages so far.

    A word counts by its share of a page's short fields, the page's score and how rare it is
    in the library, summed over the first pages.

    Args:
        fields: of all pages.
        bm25: for how rare a word is.
        scores: shape (pages,), of the stages so far.
        pages: how many of the best are read.
        words: how many are kept.
    """
    weights: dict[str, float] = defaultdict(float)  # without idf, which is the same on every page
    for row in np.argsort(-scores, kind="stable")[:pages]:
        stems = fields.stems(int(row))
        long = max(1, stems.total())
        for stem, count in stems.items():
            weights[stem] += float(scores[row]) * count / long
    marking = ((stem, weight * bm25.idf(stem)) for stem, weight in weights.items())
    heaviest = sorted(marking, key=lambda item: (-item[1], item[0]))[:words]
    best = [(stem, weight) for stem, weight in heaviest if weight > 0]
    total = sum(weight for _, weight in best)
    return Telling(tuple(stem for stem, _ in best), tuple(weight / total for _, weight in best))


def feedback(bm25: Bm25, telling: Telling) -> Numbers:
    """Pages by the telling words. Returns: shape (pages,), 0 to 1."""
    scores = np.zeros(bm25.documents)
    for stem, share in zip(telling.stems, telling.shares, strict=True):
        scores += share * bm25.scores([stem])
    return over_maximum(scores)

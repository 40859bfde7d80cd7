"""Clauses beside patterns that are near in meaning, though few words join them.

Links (`retrieval.file_links`) are drawn with care and miss many pairs. Where a visitor asks what goes
against the patterns, a rule such as "Board members serve for life" is therefore looked up anew:
its sentence together with a phrase for the opposite ("limited terms, roles that rotate") is
compared with every pattern in meaning, and of the nearest those are kept whose advice holds a
word of the opposite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cml_mm import prose
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.file_opposites import Apart, Opposite, opposites_of, points_apart
from cml_mm.answering.file_quotes import quotes_of
from cml_mm.answering.file_sentences import is_row
from cml_mm.answering.file_source import Shelf
from cml_mm.answering.passages import Passage
from cml_mm.ports import Vectors
from cml_mm.visits import Chunk

MOST_SENTENCES = 24  # of files that are compared in meaning
MOST_PATTERNS = 8  # nearest ones whose advice is looked at
LEAST_TERMS = 4  # of a sentence that is compared with all patterns
LEAST_OPPOSED = 0.36  # cosine to the sentence and its opposite together
LEAST_NEAR = 0.38  # cosine to a sentence that holds no opposite; such pairs are wrong often, and told as "near"


@dataclass(frozen=True)
class Pair:
    """A clause and a pattern's sentence, with the words that join them and those that point apart.

    Without words they are near in meaning only.
    """

    quote: FileQuote
    chunk: str
    slug: str
    title: str
    passage: Passage
    words: tuple[str, ...]
    named: bool
    score: float
    apart: Apart | None


@dataclass(frozen=True)
class NearPairs:
    """Args: advice: a pattern's sentences by its slug, the core advice first."""

    composer: Composer
    advice: Callable[[str], tuple[Passage, ...]]

    def opposed(self, chunks: Sequence[Chunk], shelf: Shelf, slugs: Sequence[str] = ()) -> list[Pair]:
        """For every sentence that holds an opposite, the nearest pattern that advises it; the nearest pairs first.

        Args:
            chunks: where to look.
            slugs: patterns that alone are meant; any where there are none.
        """
        found = []
        for chunk, quote, opposites in self._opposing(chunks, shelf):
            vector = self._vector(prose.plain(quote.text))
            pairs = (self._opposed(chunk, quote, vector, one, shelf, slugs) for one in opposites)
            found += sorted((pair for pair in pairs if pair), key=lambda pair: -pair.score)[:1]
        return sorted(found, key=lambda pair: -pair.score)

    def near(self, chunks: Sequence[Chunk], shelf: Shelf, slugs: Sequence[str] = ()) -> list[Pair]:
        """For these chunks' sentences the pattern nearest in meaning, where it is near; the nearest first."""
        best: dict[str, Pair] = {}
        for chunk, quote in _quotes(chunks, shelf):
            vector = self._vector(prose.plain(quote.text))
            for slug, cosine in shelf.source.nearest_patterns(vector, MOST_PATTERNS, frozenset(slugs))[:1]:
                advice = self.advice(slug)
                if cosine >= LEAST_NEAR and advice and cosine > (best[slug].score if slug in best else 0.0):
                    best[slug] = self._pair(quote, chunk, slug, advice[0], cosine, None)
        return sorted(best.values(), key=lambda pair: -pair.score)

    def _opposing(
        self, chunks: Sequence[Chunk], shelf: Shelf
    ) -> Iterator[tuple[Chunk, FileQuote, tuple[Opposite, ...]]]:
        count = 0
        for chunk in chunks:
            for quote in quotes_of(chunk, shelf):
                opposites = opposites_of(quote.text)
                if opposites and count < MOST_SENTENCES:
                    count += 1
                    yield chunk, quote, opposites

    def _opposed(
        self, chunk: Chunk, quote: FileQuote, vector: Vectors, one: Opposite, shelf: Shelf, slugs: Sequence[str]
    ) -> Pair | None:
        asked = vector + self._vector(one.sought)
        asked = asked / max(float(np.linalg.norm(asked)), 1e-9)
        for slug, cosine in shelf.source.nearest_patterns(asked, MOST_PATTERNS, frozenset(slugs)):
            if cosine < LEAST_OPPOSED:
                return None
            for passage in self.advice(slug):
                apart = points_apart(quote.text, passage.said, only=one)
                if apart:
                    return self._pair(quote, chunk, slug, passage, cosine, apart)
        return None

    def _pair(
        self, quote: FileQuote, chunk: Chunk, slug: str, passage: Passage, cosine: float, apart: Apart | None
    ) -> Pair:
        title = self.composer.library.entries[slug].title
        found = replace(quote, found_by=("meaning",))
        return Pair(found, chunk.id, slug, title, passage, (), False, cosine, apart)

    def _vector(self, text: str) -> Vectors:
        return self.composer.encoder.encode_query(text)


def merged(pairs: Iterable[Pair]) -> list[Pair]:
    """Each clause and pattern once: as they point apart, and joined by words, where they are in one of the pairs."""
    kept: dict[tuple[str, int, int, str], Pair] = {}
    for pair in sorted(pairs, key=lambda pair: (pair.apart is None, not pair.words)):
        kept.setdefault((pair.quote.file.card.id, pair.quote.section, pair.quote.span.start, pair.slug), pair)
    return list(kept.values())


def _quotes(chunks: Sequence[Chunk], shelf: Shelf) -> Iterator[tuple[Chunk, FileQuote]]:
    """The first sentences of chunks; those of few words and rows of tables left out."""
    told = ((chunk, quote) for chunk in chunks for quote in quotes_of(chunk, shelf) if _tells(quote))
    for count, pair in enumerate(told):
        if count == MOST_SENTENCES:
            return
        yield pair


def _tells(quote: FileQuote) -> bool:
    """Whether a sentence says enough besides what its file is called."""
    own = set(prose.terms(quote.text)) - set(prose.terms(quote.title))
    return len(own) >= LEAST_TERMS and not is_row(quote.text)

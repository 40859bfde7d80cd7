"""Which patterns of the library a visitor's passages speak about, with the words that justify it.

A passage is joined to a pattern where it names it, as an encyclopaedia's mentions lead to pages
(`links`), or where it is near in meaning and says several of the rare words that the pattern's page
says often. One of the two signs alone is wrong too often: statutes are all near each other in
meaning, and "reserve" or "lock" mean many things. A missing link costs little, a wrong one misleads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm import prose
from cml_mm.graph.snapshot import Snapshot
from cml_mm.ports import Vectors
from cml_mm.retrieval.entities import WrittenWords, read_words
from cml_mm.retrieval.links import Mention, Titles
from cml_mm.visits import Chunk, PatternLink

MOST_LINKS = 3  # a chunk
MOST_WORDS = 5  # of a link
LEAST_TERMS = 8  # different content words; a chunk with fewer says too little
MOST_BEARERS = 2  # a name that more patterns bear leads to none of them
_SMALL = frozenset("a an and as at by for from in into of on or the to with".split())
_DATES = frozenset(
    prose.stem(word)
    for word in """january february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday""".split()
)
_MATRIX_ROWS = 512  # chunks that are compared with all patterns at a time


@dataclass(frozen=True)
class LinkWeights:
    """When a passage speaks about a pattern; fitted and measured by `python -m benchmarks files`.

    Rarity is a stem's idf over the highest that there is, so that it means the same in a library
    of eighty pages and of four thousand.
    """

    named_cosine: float = 0.15  # for a mention: below this it is mostly another thing of that name
    least_cosine: float = 0.30
    rare: float = 0.23  # rarity from which a word may justify a link …
    very_rare: float = 0.43  # … and from which one is enough; else two
    words: float = 0.155  # what the page's gains from the shared rare words count beside the cosine
    least_score: float = 0.47
    second: float = 0.20  # so much more is asked of every further link of a chunk


@dataclass(frozen=True)
class _Held:
    """A rare stem of the library: the patterns whose pages hold it, ascending, and how much it says of each, 0 to 1."""

    rarity: float
    rows: NDArray[np.int64]
    gains: NDArray[np.float64]

    def of(self, row: int) -> float:
        """What it says of one pattern; 0 where its page does not hold it."""
        at = int(np.searchsorted(self.rows, row))
        return float(self.gains[at]) if at < len(self.rows) and self.rows[at] == row else 0.0


class PatternLinker:
    """The library's side of the joins; made once for an opened index, quick for every chunk."""

    def __init__(self, snapshot: Snapshot, weights: LinkWeights | None = None) -> None:
        """Args:
        snapshot: of the library; its patterns are linked to, adopters and documents are not.
        weights: when a link is drawn.
        """
        self.weights = weights or LinkWeights()
        entries, vectors = snapshot.library.entries, snapshot.pattern_vectors
        kept = [row for row, slug in enumerate(vectors.ids) if entries[slug].kind == "pattern"]
        self._entries = [entries[vectors.ids[row]] for row in kept]
        self._matrix = vectors.matrix[kept]
        self._titles = Titles([(entry.title, *entry.aliases) for entry in self._entries])
        self._bm25 = snapshot.bm25
        place = {entry.slug: row for row, entry in enumerate(self._entries)}
        self._pattern_of = np.array([place.get(slug, -1) for slug in snapshot.pages], dtype=np.int64)
        self._highest = float(np.log(2 * max(self._bm25.documents, 1) + 2))
        self._held: dict[str, _Held | None] = {}

    def link(self, chunks: Sequence[Chunk], vectors: Vectors) -> tuple[PatternLink, ...]:
        """The links of chunks to patterns, chunk by chunk, the surest first.

        Args:
            chunks: of any files.
            vectors: theirs, shape (len(chunks), dimension).
        """
        if not self._entries:
            return ()
        found: list[PatternLink] = []
        for start in range(0, len(chunks), _MATRIX_ROWS):
            near = vectors[start : start + _MATRIX_ROWS] @ self._matrix.T
            for chunk, cosines in zip(chunks[start : start + _MATRIX_ROWS], near, strict=True):
                text = read_words(chunk.text)
                named = self._named(chunk, text, cosines)
                found += [*named, *self._meant(chunk, text, cosines, named)]
        return tuple(found)

    def nearest(
        self, vector: Vectors, limit: int, slugs: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, float], ...]:
        """Slug and cosine of the patterns nearest in meaning, the nearest first.

        Args:
            vector: of any text, of length 1.
            limit: how many at most.
            slugs: those that alone are meant; any where there are none.
        """
        cosines = self._matrix @ vector
        kept = [row for row in np.argsort(-cosines, kind="stable") if not slugs or self._entries[row].slug in slugs]
        return tuple((self._entries[row].slug, float(cosines[row])) for row in kept[:limit])

    def _named(self, chunk: Chunk, text: WrittenWords, cosines: Vectors) -> list[PatternLink]:
        found: dict[int, PatternLink] = {}
        for mention in self._mentions(chunk.text, text):
            row = max(mention.rows, key=lambda one: float(cosines[one]))
            if cosines[row] >= self.weights.named_cosine:
                words = " ".join(text.written[mention.start : mention.end])
                found.setdefault(row, self._link(chunk, row, (words,), True, 1.0 + float(cosines[row])))
        return sorted(found.values(), key=lambda link: -link.score)[:MOST_LINKS]

    def _mentions(self, text: str, words: WrittenWords) -> Iterator[Mention]:
        """Titles and aliases that stand in a text as names: short ones in capitals, though not all of it is."""
        shouting = text.isupper()
        for mention in self._titles.find(words):
            heavy = [word for word in words.written[mention.start : mention.end] if prose.fold(word) not in _SMALL]
            if len(mention.rows) > MOST_BEARERS:
                continue
            if mention.words <= 2 and (shouting or any(word[0].islower() for word in heavy)):
                continue
            if mention.words == 1 and not words.joined[mention.start]:
                continue  # the first word of a text or sentence is capitalised whatever it is
            yield mention

    def _meant(
        self, chunk: Chunk, text: WrittenWords, cosines: Vectors, named: Sequence[PatternLink]
    ) -> list[PatternLink]:
        """Links by meaning and shared rare words, mostly one."""
        weights = self.weights
        written: dict[str, str] = {}
        for folded, word in zip(text.folded, text.written, strict=True):
            if folded not in prose.STOP_WORDS:
                written.setdefault(prose.stem(folded), word)
        if len(written) < LEAST_TERMS or len(named) >= MOST_LINKS:
            return []
        held = [(word, found) for stem, word in written.items() if (found := self._rare(stem)) is not None]
        scores = cosines.astype(np.float64)
        for _, found in held:
            scores[found.rows] += weights.words * found.gains
        scores[cosines < weights.least_cosine] = 0.0
        links: list[PatternLink] = []
        taken = {link.slug for link in named}
        for row in np.argsort(-scores, kind="stable")[: MOST_LINKS + len(named)]:
            bar = weights.least_score + weights.second * (len(links) + len(named))
            if scores[row] < bar or len(links) + len(named) >= MOST_LINKS:
                break
            words = self._words(held, written, int(row))
            if words and self._entries[row].slug not in taken:
                links.append(self._link(chunk, int(row), words, False, float(scores[row])))
        return links

    def _words(self, held: Sequence[tuple[str, _Held]], written: dict[str, str], row: int) -> tuple[str, ...]:
        """The words that justify a link, those of the pattern's title first; none where they are too few.

        A passage that says every word of a title somewhere is enough as well: "Every member has
        the same vote" speaks of "One Member, One Vote" in words that no library finds rare.
        """
        shared = [(found.of(row), word, found.rarity) for word, found in held]
        shared = sorted((one for one in shared if one[0] > 0), key=lambda one: -one[0])
        title = dict.fromkeys(prose.terms(self._entries[row].title))
        said = [written[stem] for stem in title if stem in written]
        whole = len(said) == len(title) > 1
        if not whole and len(shared) < 2 and not any(rarity >= self.weights.very_rare for _, _, rarity in shared):
            return ()
        return tuple(dict.fromkeys([*said, *(word for _, word, _ in shared)]))[:MOST_WORDS]

    def _rare(self, stem: str) -> _Held | None:
        """Where a stem stands, if it is rare enough to say anything."""
        if stem not in self._held:
            self._held[stem] = self._look_up(stem)
        return self._held[stem]

    def _look_up(self, stem: str) -> _Held | None:
        rarity = self._bm25.idf(stem) / self._highest
        if rarity < self.weights.rare or stem.isdecimal() or stem in _DATES:
            return None
        pages, gains = self._bm25.gains(stem)
        rows = self._pattern_of[pages]
        order = np.argsort(rows, kind="stable")
        order = order[rows[order] >= 0]
        return _Held(rarity, rows[order], gains[order] / self._highest) if len(order) else None

    def _link(self, chunk: Chunk, row: int, words: tuple[str, ...], named: bool, score: float) -> PatternLink:
        entry = self._entries[row]
        return PatternLink(chunk.id, entry.slug, entry.title, words, named, score)

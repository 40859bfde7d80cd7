"""BM25 over whole pages, digit-safe, exact over several parts.

Kuzu's own full-text index drops digits ("5S", "83b"), and libraries that bake the
weights into the index cannot take a page in or out without counting everything again.
Here a part keeps raw counts; document frequency, number of pages and mean length are
summed over all parts when a question is asked, so that a base and its changes score
exactly as one index of the same pages would.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cml_mm import prose
from cml_mm.ports import Vectors

K1 = 1.2
B = 0.75


@dataclass(frozen=True)
class Postings:
    """Which term occurs how often on which page.

    The pages of term i are `pages[starts[i]:starts[i + 1]]`, ascending, its counts stand at
    the same places of `counts`; `lengths` holds the number of terms of every page.
    """

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    pages: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, texts: Iterable[str]) -> Postings:
        """Counts the terms of texts, one text a page, in row order."""
        vocabulary: dict[str, int] = {}
        terms: list[NDArray[np.int32]] = []
        counts: list[NDArray[np.int32]] = []
        lengths: list[int] = []
        for text in texts:
            counted = Counter(prose.terms(text))
            numbers = [vocabulary.setdefault(term, len(vocabulary)) for term in counted]
            terms.append(np.array(numbers, dtype=np.int32))
            counts.append(np.fromiter(counted.values(), dtype=np.int32, count=len(counted)))
            lengths.append(sum(counted.values()))
        sizes = [len(part) for part in terms]
        of_term = np.concatenate([np.zeros(0, np.int32), *terms])
        of_page = np.repeat(np.arange(len(terms), dtype=np.int32), sizes)
        order = np.argsort(of_term, kind="stable")
        starts = np.zeros(len(vocabulary) + 1, dtype=np.int64)
        np.cumsum(np.bincount(of_term, minlength=len(vocabulary)), out=starts[1:])
        counted_all = np.concatenate([np.zeros(0, np.int32), *counts])
        return cls(vocabulary, starts, of_page[order], counted_all[order], np.array(lengths, dtype=np.int32))

    def save(self, folder: Path) -> None:
        """Writes into a new folder."""
        folder.mkdir()
        (folder / "vocabulary.json").write_text(json.dumps(list(self.vocabulary), ensure_ascii=False), "utf-8")
        for name in ("starts", "pages", "counts", "lengths"):
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Postings:
        words = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        arrays = {
            name: np.load(folder / f"{name}.npy", allow_pickle=False)
            for name in ("starts", "pages", "counts", "lengths")
        }
        return cls({word: number for number, word in enumerate(words)}, **arrays)

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The pages that hold a term, and how often."""
        number = self.vocabulary.get(term)
        if number is None:
            return self.pages[:0], self.counts[:0]
        place = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return self.pages[place], self.counts[place]


class Bm25:
    """Okapi BM25 in Lucene's form (Kamphuis et al. 2020), k1 1.2, b 0.75, Snowball stems."""

    def __init__(self, parts: Sequence[tuple[Postings, NDArray[np.int64]]]) -> None:
        """Args:
        parts: postings, each with the row of every one of its pages; -1 for a page that
            no longer counts. Together the rows are 0 to the number of pages.
        """
        self._parts = tuple(parts)
        self.documents = sum(int((rows >= 0).sum()) for _, rows in self._parts)
        self._lengths = np.zeros(self.documents, dtype=np.float64)
        for postings, rows in self._parts:
            kept = rows >= 0
            self._lengths[rows[kept]] = postings.lengths[kept]
        mean = self._lengths.mean() if self.documents else 1.0
        self._norms = K1 * (1 - B + B * self._lengths / max(float(mean), 1e-9))

    @classmethod
    def of_pages(cls, postings: Postings) -> Bm25:
        """Over one part whose rows are as they stand."""
        return cls([(postings, np.arange(len(postings.lengths), dtype=np.int64))])

    def scores(self, query_terms: Sequence[str]) -> Vectors:
        """Returns: shape (documents,), 0 where no term occurs; a term asked twice counts twice."""
        scores = np.zeros(self.documents, dtype=np.float64)
        for term, times in Counter(query_terms).items():
            rows, gains = self.gains(term)
            scores[rows] += times * gains
        return scores.astype(np.float32)

    def gains(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The documents that hold a stemmed term, and what it adds to the score of each."""
        rows, counts = self._postings(term)
        return rows, self.idf(term) * counts / (counts + self._norms[rows])

    def held_share(self, terms: Sequence[str], rarity: Callable[[str], float] | None = None) -> Vectors:
        """Args:
            terms: stemmed; one that is given twice counts once.
            rarity: how much a term counts, at least 0; its idf here, where not given.

        Returns: shape (documents,), which share of all terms' rarity each document's words hold, 0 to 1.
        """
        weights = {term: (rarity or self.idf)(term) for term in terms}
        held = np.zeros(self.documents, dtype=np.float64)
        for term, weight in weights.items():
            rows, _ = self._postings(term)
            held[rows] += weight
        return (held / max(sum(weights.values()), 1e-9)).astype(np.float32)

    def document_frequency(self, term: str) -> int:
        """In how many documents the stemmed term occurs."""
        return len(self._postings(term)[0])

    def idf(self, term: str) -> float:
        """Inverse document frequency, highest for a term that occurs nowhere."""
        count = self.document_frequency(term)
        return float(np.log(1 + (self.documents - count + 0.5) / (count + 0.5)))

    def _postings(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Rows and counts of a term over all parts."""
        found = []
        for postings, rows in self._parts:
            pages, counts = postings.of(term)
            at = rows[pages]
            kept = at >= 0
            found.append((at[kept], counts[kept]))
        if len(found) == 1:
            return found[0]
        return np.concatenate([at for at, _ in found]), np.concatenate([counts for _, counts in found])

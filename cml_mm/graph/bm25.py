"""BM25 over whole pages, digit-safe. The only home of bm25s."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np

from cml_mm import prose
from cml_mm.ports import Vectors

K1 = 1.2
B = 0.75


class Bm25:
    """Okapi BM25 in Lucene's form (Kamphuis et al. 2020), k1 1.2, b 0.75, Snowball stems.

    Kuzu's own full-text index drops digits ("5S", "83b"); ours keeps them.
    """

    def __init__(self, model: bm25s.BM25, documents: int) -> None:
        self._model = model
        self.documents = documents
        self._vocabulary: dict[str, int] = model.vocab_dict
        self._column_starts = np.asarray(model.scores["indptr"])

    @classmethod
    def build(cls, documents: Sequence[str]) -> Bm25:
        """Indexes documents by position.

        Args:
            documents: one text a document, in row order.
        """
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        tokens = [prose.terms(text) or ["\u2205"] for text in documents]
        model.index(tokens, show_progress=False)
        return cls(model, len(documents))

    def save(self, folder: Path) -> None:
        self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Bm25:
        model = bm25s.BM25.load(str(folder), load_corpus=False, mmap=False)
        return cls(model, int(model.scores["num_docs"]))

    def scores(self, query_terms: Sequence[str]) -> Vectors:
        """Returns: shape (documents,), 0 where no term occurs."""
        known = [term for term in query_terms if self.document_frequency(term)]
        if not known:
            return np.zeros(self.documents, dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    def document_frequency(self, term: str) -> int:
        """In how many documents the stemmed term occurs."""
        column = self._vocabulary.get(term)
        if column is None or column + 1 >= len(self._column_starts):
            return 0
        return int(self._column_starts[column + 1] - self._column_starts[column])

    def idf(self, term: str) -> float:
        """Inverse document frequency, highest for a term that occurs nowhere."""
        count = self.document_frequency(term)
        return float(np.log(1 + (self.documents - count + 0.5) / (count + 0.5)))

"""Ranks the library's pages for a question: BM25, meaning and names, weighted.

score = 0.4 BM25 + 0.6 cosine (each over its maximum) + 0.6 name boost: the weighted
fusion of FACTS §6, tuned on development questions only. A page's cosine is its
best section's, mixed with that of its title and summary.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cml_mm import prose
from cml_mm.graph.library_rows import section_place
from cml_mm.graph.snapshot import Snapshot
from cml_mm.ports import TextEncoder, Vectors
from cml_mm.retrieval.names import NameIndex, NameMatch, title_boosts


@dataclass(frozen=True)
class Weights:
    """What each stage counts for; tuned on development questions only, see benchmarks/LOG.md."""

    words: float = 0.4
    meaning: float = 0.6
    name: float = 0.6
    summary_share: float = 0.4  # of a page's cosine; the rest is its best section


@dataclass(frozen=True)
class Ranked:
    """One page with what each stage gave it; every part is 0 to 1 over its stage's maximum."""

    slug: str
    score: float
    bm25: float
    meaning: float
    name: float
    cosine: float  # not scaled: the best of summary and sections
    best_section: int | None  # position of the section nearest in meaning

    @property
    def found_by(self) -> tuple[str, ...]:
        stages = (
            ("its name", self.name, 0.0),
            ("your words", self.bm25, 0.4),
            ("meaning", self.meaning, 0.8),
        )
        return tuple(words for words, value, least in stages if value > least) or ("meaning",)


@dataclass(frozen=True)
class Ranking:
    """All that retrieval learned about a question, best page first."""

    question: str
    terms: tuple[str, ...]
    names: tuple[NameMatch, ...]
    pages: tuple[Ranked, ...]
    query_vector: Vectors
    coverage: float  # share of the question's idf that the best page's words hold

    @property
    def best_cosine(self) -> float:
        return max((page.cosine for page in self.pages), default=0.0)


class Ranker:
    """Holds the matrices in memory; one call a question."""

    def __init__(self, snapshot: Snapshot, encoder: TextEncoder) -> None:
        self.weights = Weights()
        self._snapshot = snapshot
        self._encoder = encoder
        self.names = NameIndex(snapshot.library.entries.values())
        self._row = {slug: row for row, slug in enumerate(snapshot.pages)}
        self._pattern_rows = np.array([self._row[slug] for slug in snapshot.pattern_vectors.ids], dtype=np.int64)
        self.refresh_sections()

    def refresh_sections(self) -> None:
        """Takes in section vectors that have been added since the snapshot was opened."""
        sections = self._snapshot.section_vectors()
        rows = [self._row[section_place(node_id)[0]] for node_id in sections.ids]
        self._sections = sections, np.array(rows, dtype=np.int64)

    @property
    def section_count(self) -> int:
        return len(self._sections[0].ids)

    def rank(self, question: str, limit: int = 50) -> Ranking:
        """The best pages for a question.

        Args:
            question: any text; its words and its meaning are both used.
            limit: how many pages to return.
        """
        weights = self.weights
        vector = self._encoder.encode_query(question)
        terms = prose.terms(question)
        matches = self.names.find(question)
        bm25 = self._snapshot.bm25.scores(terms)
        cosine, best_section = self._meaning(vector)
        name = np.zeros(len(bm25), dtype=np.float32)
        for slug, boost in title_boosts(matches).items():
            name[self._row[slug]] = boost
        words = bm25 / max(float(bm25.max(initial=0.0)), 1e-9)
        meaning = np.clip(cosine, 0, None) / max(float(cosine.max(initial=0.0)), 1e-9)
        score = weights.words * words + weights.meaning * meaning + weights.name * name
        # Of several pages that share a name, the one that fits the whole question comes first.
        matches = tuple(
            replace(match, slugs=tuple(sorted(match.slugs, key=lambda slug: -score[self._row[slug]])))
            for match in matches
        )
        order = np.argsort(-score, kind="stable")[:limit]
        pages = tuple(
            Ranked(
                slug=self._snapshot.pages[row],
                score=float(score[row]),
                bm25=float(words[row]),
                meaning=float(meaning[row]),
                name=float(name[row]),
                cosine=float(cosine[row]),
                best_section=best_section.get(int(row)),
            )
            for row in order
        )
        return Ranking(
            question=question,
            terms=tuple(terms),
            names=matches,
            pages=pages,
            query_vector=vector,
            coverage=self._coverage(terms, bm25),
        )

    def _meaning(self, vector: Vectors) -> tuple[Vectors, dict[int, int]]:
        """Per page row: mixed cosine; and the position of its nearest section."""
        summary = np.zeros(len(self._snapshot.pages), dtype=np.float32)
        summary[self._pattern_rows] = self._snapshot.pattern_vectors.scores(vector)
        sections, rows = self._sections
        if not len(rows):
            return summary, {}
        scores = sections.scores(vector)
        best = np.full(len(summary), -1.0, dtype=np.float32)
        np.maximum.at(best, rows, scores)
        order = np.argsort(-scores, kind="stable")[:2000]
        nearest: dict[int, int] = {}
        for position in order:
            nearest.setdefault(int(rows[position]), section_place(sections.ids[position])[1])
        share = self.weights.summary_share
        mixed = np.where(best > -1, share * summary + (1 - share) * best, summary)
        return mixed.astype(np.float32), nearest

    def _coverage(self, terms: list[str], bm25: Vectors) -> float:
        """How much of what the question's words could earn the best page has earned, 0 to 1."""
        unique = set(terms)
        most = sum(self._snapshot.bm25.idf(term) for term in unique)
        return float(bm25.max(initial=0.0)) / max(most, 1e-9) if unique else 0.0

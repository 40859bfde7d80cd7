"""Ranks the library's pages for a question, stage by stage; each stage can be left out and says what it gave.

1. words: BM25 over whole pages.
2. meaning: cosine of a page's title, summary and keywords, mixed with that of its best section (`fields`).
3. titles: names that the question speaks (`typos`: misspelt ones too).
4. lens: pages that are for people like the asker, among those that fit the question.
5. feedback: words that mark the best pages so far (`page_fields`).
6. graph: personalised PageRank from the best pages so far over typed relations (`page_graph`), where the
   question names a page: from a situation told in lay words the walk led away as often as on (benchmarks/LOG.md).

The stages are added up: weighted fusion (`fusion`), see FACTS §6. `second_hop` and `made_titles` belong to
passages (`passage_index`): every page here has a title, and chains of relations are answered from the graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cml_mm import prose
from cml_mm.graph.library_rows import section_place
from cml_mm.graph.snapshot import Snapshot
from cml_mm.ports import TextEncoder, Vectors
from cml_mm.retrieval.fusion import over_maximum
from cml_mm.retrieval.lens import LensScores, agreements
from cml_mm.retrieval.names import NameIndex, NameMatch, title_boosts
from cml_mm.retrieval.page_fields import PageFields, feedback, telling_words
from cml_mm.retrieval.page_graph import PageGraph, Spread
from cml_mm.retrieval.pagerank import Numbers
from cml_mm.retrieval.score_shape import ScoreShape, read_shape
from cml_mm.retrieval.stages import ALL_STAGES, Contribution, Stages
from cml_mm.retrieval.twins import find_twins
from cml_mm.talk import NO_LENS, Lens

# A stage is named as a reason from this share of its weight on; a name, a relation or a lens always is.
_LEAST_SHARE = {"words": 0.4, "meaning": 0.8, "feedback": 0.5, "graph": 0.4}

FEW_HOLDERS = 3  # pages
FEW_WORDS = 4  # of an exact look-up; a situation told in more is seldom one


@dataclass(frozen=True)
class Weights:
    """What each stage counts for; `python -m benchmarks tune` tries the neighbours of each, see benchmarks/LOG.md.

    `lens` is none of them: no question file says which page is right for whom.
    """

    words: float = 0.3
    meaning: float = 0.7
    name: float = 0.6
    summary_share: float = 0.4  # of a page's cosine; the rest is its best section
    feedback_share: float = 0.3  # of the weight of words
    graph: float = 0.1
    lens: float = 0.25
    only_holder: float = 0.4  # beside `words`, for one of the few pages that hold all of a question's words


@dataclass(frozen=True)
class Ranked:
    """One page with what each stage gave it; `bm25`, `meaning` and `name` are 0 to 1 over their stage's maximum.

    `contributions` sum to `score`. `twins` are pages further down that say nearly the same; of
    such a page `twin_of` is the better one.
    """

    slug: str
    score: float
    bm25: float
    meaning: float
    name: float
    cosine: float  # not scaled: of title and summary, mixed with the best section
    best_section: int | None  # position of the section nearest in meaning
    contributions: tuple[Contribution, ...] = ()
    found_by: tuple[str, ...] = ("meaning",)  # the stages that matter here, in plain words
    twins: tuple[str, ...] = ()
    twin_of: str = ""


@dataclass(frozen=True)
class Ranking:
    """All that retrieval learned about a question, best page first."""

    question: str
    terms: tuple[str, ...]
    names: tuple[NameMatch, ...]
    pages: tuple[Ranked, ...]
    query_vector: Vectors
    shape: ScoreShape

    @property
    def best_cosine(self) -> float:
        return self.shape.best_cosine

    @property
    def shown(self) -> tuple[Ranked, ...]:
        """The pages without those that repeat a better one."""
        return tuple(page for page in self.pages if not page.twin_of)


@dataclass(frozen=True)
class _Given:
    """One stage's gift to every page, weighted: shape (pages,)."""

    stage: str
    words: str
    amounts: Numbers
    weight: float


class Ranker:
    """Holds the matrices in memory; one call a question."""

    def __init__(self, snapshot: Snapshot, encoder: TextEncoder) -> None:
        self.weights = Weights()
        self._snapshot = snapshot
        self._encoder = encoder
        self.names = NameIndex(snapshot.library.entries.values(), snapshot.bm25.document_frequency)
        self._row = {slug: row for row, slug in enumerate(snapshot.pages)}
        self._pattern_rows = np.array([self._row[slug] for slug in snapshot.pattern_vectors.ids], dtype=np.int64)
        self._fields = PageFields(snapshot.library.entries, snapshot.pages)
        self._graph = PageGraph(snapshot.library, self._row)
        self.refresh_sections()

    @cached_property
    def _lenses(self) -> LensScores:
        return LensScores(self._snapshot.library.entries[slug] for slug in self._snapshot.pages)

    def warm(self) -> None:
        """Makes now what is otherwise made with the first question that needs it."""
        self._graph.warm()
        self._lenses  # noqa: B018 (made when it is first read, and kept)

    def refresh_sections(self) -> None:
        """Takes in section vectors that have been added since the snapshot was opened."""
        sections = self._snapshot.section_vectors()
        places = [section_place(node_id) for node_id in sections.ids]
        rows = np.array([self._row[slug] for slug, _ in places], dtype=np.int64)
        self._sections = sections, rows, np.array([position for _, position in places], dtype=np.int64)

    @property
    def section_count(self) -> int:
        return len(self._sections[0].ids)

    def rank(self, question: str, limit: int = 50, stages: Stages = ALL_STAGES, lens: Lens = NO_LENS) -> Ranking:
        """The best pages for a question.

        Args:
            question: any text; its words and its meaning are both used.
            limit: how many pages to return.
            stages: which stages run.
            lens: who asks.
        """
        vector = self._encoder.encode_query(question)
        terms = prose.terms(question)
        matches = tuple(match for match in self.names.find(question) if stages.typos or not match.spelled)
        bm25 = self._snapshot.bm25.scores(terms)
        cosine, nearest = self._meaning(vector, stages)
        words = over_maximum(bm25) + self._only_holders(terms)
        given, spread = self._given(matches, words, cosine, stages, lens)
        score = _total(given, len(bm25))
        order = np.argsort(-score, kind="stable")[:limit]
        pages = tuple(self._ranked(int(row), given, spread, lens, bm25, cosine, nearest) for row in order)
        # Of several pages that share a name, the one that fits the whole question comes first.
        matches = tuple(
            replace(match, slugs=tuple(sorted(match.slugs, key=lambda slug: -score[self._row[slug]])))
            for match in matches
        )
        return Ranking(
            question=question,
            terms=tuple(terms),
            names=matches,
            pages=self._with_twins(pages, order),
            query_vector=vector,
            shape=read_shape(cosine),
        )

    def _given(
        self, matches: tuple[NameMatch, ...], words: Numbers, cosine: Vectors, stages: Stages, lens: Lens
    ) -> tuple[list[_Given], Spread | None]:
        """What every stage gives, in order; the last ones start from what the first ones found."""
        weights, pages = self.weights, len(words)
        echo = weights.words * weights.feedback_share if stages.feedback else 0.0
        given = []
        if stages.words:
            given.append(_given("words", "your words", words, weights.words - echo))
        if stages.meaning:
            given.append(_given("meaning", "meaning", over_maximum(cosine), weights.meaning))
        if stages.titles:
            given.append(_given("titles", "its name", self._named(matches, pages), weights.name))
        if stages.lens and lens.facets:
            fits = over_maximum(_total(given, pages))
            given.append(_given("lens", "who asks", self._lenses.scores(lens) * fits, weights.lens))
        if echo:
            telling = telling_words(self._fields, self._snapshot.bm25, _total(given, pages))
            given.append(
                _given("feedback", "words of the pages nearest to it", feedback(self._snapshot.bm25, telling), echo)
            )
        if not stages.graph or not matches:
            return given, None
        spread = self._graph.spread(_total(given, pages))
        given.append(_given("graph", "linked from", spread.scores, weights.graph))
        return given, spread

    def _only_holders(self, terms: list[str]) -> Numbers:
        """For exact look-ups: what the few pages get that alone hold all words of a question, in units of `words`."""
        if not 2 <= len(set(terms)) <= FEW_WORDS:
            return np.zeros(len(self._row))
        holders = self._snapshot.bm25.held_share(terms) > 0.99
        gift = self.weights.only_holder / max(self.weights.words, 1e-9)
        alone = 0 < int(holders.sum()) <= FEW_HOLDERS
        return np.where(holders, gift if alone else 0.0, 0.0).astype(np.float64)

    def _named(self, matches: Iterable[NameMatch], pages: int) -> Numbers:
        name = np.zeros(pages)
        for slug, boost in title_boosts(matches).items():
            name[self._row[slug]] = boost
        return name

    def _meaning(self, vector: Vectors, stages: Stages) -> tuple[Vectors, NDArray[np.int64]]:
        """Per page row: mixed cosine, and the position of its nearest section, -1 where it has none."""
        summary = np.zeros(len(self._snapshot.pages), dtype=np.float32)
        summary[self._pattern_rows] = self._snapshot.pattern_vectors.scores(vector)
        nearest = np.full(len(summary), -1, dtype=np.int64)
        sections, rows, positions = self._sections
        if not len(rows):
            return summary, nearest
        scores = sections.scores(vector)
        best = np.full(len(summary), -1.0, dtype=np.float32)
        np.maximum.at(best, rows, scores)
        top = scores == best[rows]
        nearest[rows[top]] = positions[top]
        if not stages.fields:
            return summary, nearest
        share = self.weights.summary_share
        mixed = np.where(best > -1, share * summary + (1 - share) * best, summary)
        return mixed.astype(np.float32), nearest

    def _ranked(
        self,
        row: int,
        given: list[_Given],
        spread: Spread | None,
        lens: Lens,
        bm25: Vectors,
        cosine: Vectors,
        nearest: NDArray[np.int64],
    ) -> Ranked:
        parts = tuple(self._contribution(one, row, spread, lens) for one in given if one.amounts[row] > 0)
        shares = {one.stage: float(one.amounts[row]) / one.weight for one in given if one.weight > 0}
        reasons = tuple(
            part.words for part in _by_weight(parts) if shares[part.stage] > _LEAST_SHARE.get(part.stage, 0)
        )
        return Ranked(
            slug=self._snapshot.pages[row],
            score=sum(part.amount for part in parts),
            bm25=float(bm25[row]) / max(float(bm25.max(initial=0.0)), 1e-9),
            meaning=max(0.0, float(cosine[row])) / max(float(cosine.max(initial=0.0)), 1e-9),
            name=shares.get("titles", 0.0),
            cosine=float(cosine[row]),
            best_section=int(nearest[row]) if nearest[row] >= 0 else None,
            contributions=parts,
            found_by=reasons or ("meaning",),
        )

    def _contribution(self, one: _Given, row: int, spread: Spread | None, lens: Lens) -> Contribution:
        """What one stage gave a page, with the page that led there or the side of the asker that spoke for it."""
        words = one.words
        via: tuple[str, ...] = ()
        entries = self._snapshot.library.entries
        if one.stage == "graph" and spread is not None:
            first = self._graph.came_from(spread, row)
            if first is not None:
                slug = self._snapshot.pages[first]
                words, via = f"linked from {entries[slug].title}", (slug,)
        elif one.stage == "lens":
            agreed = agreements(entries[self._snapshot.pages[row]], lens)
            words = ", ".join(f"for you: {facet.label}" for facet in agreed) or one.words
        return Contribution(one.stage, float(one.amounts[row]), words, via)

    def _with_twins(self, pages: tuple[Ranked, ...], order: NDArray[np.int64]) -> tuple[Ranked, ...]:
        """The same pages in the same order; those that repeat a better one say so, and it names them."""
        entries = self._snapshot.library.entries
        vectors = self._snapshot.pattern_vectors.matrix[np.argsort(self._pattern_rows)[order]]
        titles = [entries[page.slug].title for page in pages]
        lesser = find_twins(titles, vectors, [page.name > 0 for page in pages])
        return tuple(
            replace(
                page,
                twins=tuple(pages[other].slug for other, better in lesser.items() if better == place),
                twin_of=pages[lesser[place]].slug if place in lesser else "",
            )
            for place, page in enumerate(pages)
        )


def _given(stage: str, words: str, scores: Numbers, weight: float) -> _Given:
    return _Given(stage, words, weight * scores, weight)


def _total(given: Iterable[_Given], pages: int) -> Numbers:
    total = np.zeros(pages)
    for one in given:
        total = total + one.amounts
    return total


def _by_weight(parts: Iterable[Contribution]) -> list[Contribution]:
    """A name first, then what the page was found by itself, then what led to it."""
    order = ("titles", "words", "meaning", "lens", "feedback", "graph")
    return sorted(parts, key=lambda part: order.index(part.stage))

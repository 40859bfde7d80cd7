"""Finds passages for a question in any corpus of titled passages, without a language model.

Words, meaning and titles are fused; the best passages seed a walk over title links and shared
names; a second hop asks again for what the first findings leave open (FACTS §6). Every stage
can be left out, and every found passage says what each stage gave it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cml_mm import prose
from cml_mm.graph.bm25 import Bm25, Postings
from cml_mm.graph.vectors import cosines
from cml_mm.ports import TextEncoder, Vectors
from cml_mm.retrieval.entities import entity_arcs, find_entities, read_words
from cml_mm.retrieval.fusion import best_rows, over_maximum
from cml_mm.retrieval.links import title_arcs
from cml_mm.retrieval.pagerank import Arcs, Numbers, Walk, personalised, walk
from cml_mm.retrieval.passage_titles import PassageTitles
from cml_mm.retrieval.passages import FoundPassage, Passage
from cml_mm.retrieval.second_hop import FirstPage, Hop, second_hop
from cml_mm.retrieval.stages import ALL_STAGES, Contribution, Stages


@dataclass(frozen=True)
class PassageWeights:
    """What each stage counts for; `benchmarks/multihop.py --weight` tries others, see benchmarks/LOG.md."""

    words: float = 0.35
    meaning: float = 0.65
    title: float = 0.8
    link: float = 1.0
    entity: float = 0.3
    seeds: int = 40
    seed_power: float = 6.0
    restart: float = 0.5
    iterations: int = 10
    first_share: float = 0.1  # of the fused score beside the walk's rank
    hop: float = 0.25
    hop_pages: int = 2


@dataclass(frozen=True)
class _Scores:
    """All that the stages said about every passage."""

    words: Numbers
    meaning: Numbers
    titles: Numbers
    fused: Numbers
    ranks: Numbers
    start: Numbers
    hop: Hop
    total: Numbers


class PassageIndex:
    """Holds words, vectors, titles and the graph in memory; one call a question."""

    def __init__(
        self,
        passages: Sequence[Passage],
        vectors: Vectors,
        encoder: TextEncoder,
        stages: Stages = ALL_STAGES,
        weights: PassageWeights | None = None,
    ) -> None:
        """Args:
        vectors: shape (len(passages), dimension), of each passage's title and text.
        stages: what may be used; what is left out here cannot be asked for in a search.
        """
        self.weights = weights or PassageWeights()
        self.passages = tuple(passages)
        self._vectors = vectors
        self._encoder = encoder
        self.bm25 = Bm25.of_pages(Postings.build(passage.full for passage in passages))
        began = time.process_time()
        words = [read_words(passage.full) for passage in passages]
        self.titles = PassageTitles(passages, words, self.bm25.document_frequency, stages.made_titles)
        named = [find_entities(text) for text in words]
        self._names = [tuple(names) for names in named]
        links = title_arcs(self.titles.titles, words)
        entities, shared = entity_arcs(self._names)
        written = {folded: name for names in reversed(named) for folded, name in names.items()}
        self._entities = tuple(written[folded] for folded in entities)  # as first written
        self._graph = self._walk(links, shared)
        self.graph_seconds = time.process_time() - began  # CPU, of links and names

    @classmethod
    def build(cls, passages: Sequence[Passage], encoder: TextEncoder) -> PassageIndex:
        """Reads, counts and encodes a corpus.

        Args:
            passages: ids are unique; titles may be missing or shared.
            encoder: of passages now and of questions later.
        """
        return cls(passages, encoder.encode_passages([passage.full for passage in passages]), encoder)

    def _walk(self, links: Arcs, entities: Arcs) -> Walk:
        size = len(self.passages) + len(self._entities)
        return walk(size, [links.scaled(self.weights.link), entities.scaled(self.weights.entity)])

    def search(self, question: str, limit: int = 10, stages: Stages = ALL_STAGES) -> tuple[FoundPassage, ...]:
        """The best passages for a question, best first.

        Args:
            question: any text.
            limit: how many passages to return at most.
            stages: what may be used.
        """
        if not self.passages:
            return ()
        scores = self._score(question, stages)
        order = best_rows(scores.total, limit)
        return tuple(self._found(int(row), scores) for row in order)

    def _score(self, question: str, stages: Stages) -> _Scores:
        weights, size = self.weights, len(self.passages)
        asked = self.titles.put_right(question).text if stages.typos else question
        terms = prose.terms(asked)
        nothing = np.zeros(size)
        words = weights.words * over_maximum(self.bm25.scores(terms)) if stages.words else nothing
        meaning = nothing
        if stages.meaning:
            meaning = weights.meaning * over_maximum(cosines(self._vectors, self._encoder.encode_query(asked)))
        titles = weights.title * self.titles.boosts(asked, stages.made_titles) if stages.titles else nothing
        fused = words + meaning + titles
        best = max(float(fused.max()), 1e-9)
        total, ranks, start = fused / best, nothing, nothing
        if stages.graph:
            start = self._seeds(fused)
            ranks = personalised(self._graph, start, weights.restart, weights.iterations)
            total = weights.first_share * total + (1 - weights.first_share) * np.sqrt(over_maximum(ranks[:size]))
        hop = Hop.nowhere(size)
        if stages.second_hop:
            hop = second_hop(self.bm25, terms, self._first_pages(total))
            total = total + weights.hop * hop.scores
        return _Scores(words / best, meaning / best, titles / best, fused / best, ranks, start, hop, total)

    def _seeds(self, fused: Numbers) -> Numbers:
        """The best passages by a power of their score, so that few hold most of it."""
        seeds = np.zeros(self._graph.size)
        rows = best_rows(fused, self.weights.seeds)
        seeds[rows] = np.power(over_maximum(fused)[rows], self.weights.seed_power)
        return seeds / max(float(seeds.sum()), 1e-12)

    def _first_pages(self, total: Numbers) -> list[FirstPage]:
        rows = best_rows(total, self.weights.hop_pages)
        return [self._first_page(int(row), float(total[row])) for row in rows]

    def _first_page(self, row: int, score: float) -> FirstPage:
        names = (word for name in self._names[row] for word in name.split() if word not in prose.STOP_WORDS)
        terms = frozenset(prose.stem(word) for word in read_words(self.passages[row].full).folded)
        return FirstPage(row, score, terms, tuple(prose.stem(word) for word in names))

    def _found(self, row: int, scores: _Scores) -> FoundPassage:
        """Splits a score among its stages.

        What the walk gave is divided: the part that returned to the passage because it was a
        seed belongs to the stages that made it one, only what came over links is the graph's.
        """
        passage = self.passages[row]
        walked = float(scores.total[row] - self.weights.hop * scores.hop.scores[row])
        rank = float(scores.ranks[row])
        own = 1.0 if rank <= 0 else min(1.0, self.weights.restart * float(scores.start[row]) / rank)
        fused = float(scores.fused[row])
        direct = self.weights.first_share * fused + own * (walked - self.weights.first_share * fused)
        if rank <= 0:
            direct = walked
        parts = []
        for stage, part in (("words", scores.words), ("meaning", scores.meaning), ("titles", scores.titles)):
            if part[row] > 0:
                parts.append(Contribution(stage, direct * float(part[row]) / max(fused, 1e-12)))
        if walked - direct > 0:
            parts.append(self._over_links(row, walked - direct, scores.ranks))
        via = int(scores.hop.via[row])
        if via >= 0:
            words = f"answers what “{self._called(via)}” leaves open"
            amount = self.weights.hop * float(scores.hop.scores[row])
            parts.append(Contribution("second_hop", amount, words, (self.passages[via].id,)))
        parts.sort(key=lambda part: -part.amount)
        return FoundPassage(passage.id, self.titles.shown(row), float(scores.total[row]), tuple(parts))

    def _over_links(self, row: int, amount: float, ranks: Numbers) -> Contribution:
        """What came over the graph, and from which passages, by a link or by a name that both hold."""
        words, via = [], []
        for node, _ in self._graph.strongest_into(ranks, row):
            if node < len(self.passages):
                words.append(f"linked with “{self._called(node)}”")
                via.append(self.passages[node].id)
                continue
            name = self._entities[node - len(self.passages)]
            for source, _ in self._graph.strongest_into(ranks, node):
                if source != row:
                    words.append(f"shares “{name}” with “{self._called(source)}”")
                    via.append(self.passages[source].id)
                    break
        return Contribution("graph", amount, "; ".join(words), tuple(dict.fromkeys(via)))

    def _called(self, row: int) -> str:
        return self.titles.shown(row) or self.passages[row].id

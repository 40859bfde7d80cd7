"""Ours beside LlamaIndex's default retrievers and plain BM25: the same texts, the same encoder, the same run.

python -m benchmarks peers [--sets FOLDER …] [--cache DIR]

Measured are multi-hop sets (else those of ../shared), the development questions over the full
library, and the starter library's. Of a library, LlamaIndex gets every page with its title as
metadata and cuts it by its default; ours ranks pages as an answer does, and as plain search does.
Each retriever gives fifty chunks; a page counts by its best.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from llama_index.core.schema import Document

from benchmarks.baselines import LlamaIndexBaselines, Rank, passage_documents, plain_bm25
from benchmarks.cached_encoder import CachedEncoder
from benchmarks.libraries import development_questions, open_or_build, passage_set_folders, question_files
from cml_mm.engine import Engine
from cml_mm.errors import InputError
from cml_mm.evaluation.ablation import Wanted, judge
from cml_mm.evaluation.passage_sets import PassageSet, read_passage_set
from cml_mm.evaluation.questions import Question
from cml_mm.evaluation.rank_scores import RankScores, score_rankings
from cml_mm.profiles import parts_of
from cml_mm.retrieval.passage_index import PassageIndex
from cml_mm.settings import Settings
from cml_mm.types import AnyPage

LIMIT = 50
PEERS = ("LlamaIndex vector", "LlamaIndex RRF", "BM25")
MEASURES: tuple[tuple[str, Callable[[RankScores], float]], ...] = (
    ("R@5", lambda scores: scores.recall5),
    ("nDCG@10", lambda scores: scores.ndcg10),
    ("hit@5", lambda scores: scores.hit5),
)


@dataclass(frozen=True)
class Comparison:
    """One set: our scores, and those of each peer in the order of PEERS."""

    name: str
    ours: RankScores
    peers: tuple[RankScores, ...]


def main(library: Path, index: Path, sets: Sequence[Path] = (), cache: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings.load()
        encoder = CachedEncoder(parts_of(settings).text_encoder(), cache)
        rows: list[Comparison] = []
        for folder in sets or passage_set_folders():
            rows.append(compare_on_passages(read_passage_set(folder), encoder))
        for asked in question_files(library, index, cache or Path(scratch)):
            with open_or_build(replace(settings, index=asked.index, libraries=(asked.library,))) as engine:
                rows += compare_on_pages(asked.name, development_questions(asked.file), engine, encoder)
        encoder.save()
    print(peers_markdown(rows))


def compare_on_passages(made: PassageSet, encoder: CachedEncoder) -> Comparison:
    """Ours and the peers over one set of passages."""
    wanted = [Wanted(one.question, one.gold) for one in made.questions]
    ours = PassageIndex.build(made.passages, encoder)
    peers = LlamaIndexBaselines(passage_documents(made.passages), encoder, LIMIT)
    ids, texts = [one.id for one in made.passages], [one.full for one in made.passages]
    return Comparison(
        made.name,
        _score(wanted, lambda question: [found.id for found in ours.search(question, LIMIT)]),
        _score_peers(wanted, peers, plain_bm25(ids, texts, LIMIT)),
    )


def compare_on_pages(
    name: str, questions: Sequence[Question], engine: Engine, encoder: CachedEncoder
) -> list[Comparison]:
    """Ours, as an answer ranks and as search does, and the peers over the pages of one index."""
    wanted = [Wanted(one.question, one.gold, one.also_ok, one.subject) for one in questions]
    pages = [engine.read(card.slug).page for card in engine.cards()]
    documents = [Document(text=page_text(page), id_=page.slug, metadata={"title": page.title}) for page in pages]
    peers = LlamaIndexBaselines(documents, encoder, LIMIT)
    words = plain_bm25([page.slug for page in pages], [f"{page.title}. {page_text(page)}" for page in pages], LIMIT)
    theirs = _score_peers(wanted, peers, words)
    return [
        Comparison(f"{name}, answers", _score(wanted, lambda question: _answered(engine, question)), theirs),
        Comparison(f"{name}, search", _score(wanted, lambda question: _searched(engine, question)), theirs),
    ]


def page_text(page: AnyPage) -> str:
    """A page as one text, without its title."""
    parts = [page.summary, *(f"## {section.heading}\n\n{section.text}" for section in page.sections)]
    return "\n\n".join(part for part in parts if part)


def _answered(engine: Engine, question: str) -> Sequence[str]:
    try:
        return engine.answer(question).ranked
    except InputError:
        return ()


def _searched(engine: Engine, question: str) -> Sequence[str]:
    return [hit.slug for hit in engine.search(question, LIMIT)]


def _score_peers(wanted: Sequence[Wanted], peers: LlamaIndexBaselines, words: Rank) -> tuple[RankScores, ...]:
    return tuple(_score(wanted, rank) for rank in (peers.vector, peers.fusion, words))


def _score(wanted: Sequence[Wanted], rank: Rank) -> RankScores:
    return score_rankings(judge(wanted, lambda question, stages: rank(question)))


def peers_markdown(rows: Sequence[Comparison]) -> str:
    """A table a measure, in percent, with how far ours stands ahead of the best peer."""
    lines = []
    for name, measure in MEASURES:
        heads = (name, "n", "CML", *PEERS, "CML leads the best by")
        lines += ["", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
        for row in rows:
            values = [100 * measure(scores) for scores in (row.ours, *row.peers)]
            cells = [row.name, str(row.ours.questions), *(f"{value:.1f}" for value in values)]
            lines.append(f"| {' | '.join(cells)} | {values[0] - max(values[1:]):+.1f} |")
    return "\n".join(lines).strip()

"""The benchmarks that compare: LlamaIndex's retrievers beside ours, vectors that are kept, stages left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.schema import TextNode

from benchmarks.ablation import Column, harden, hardened_markdown, stages_markdown
from benchmarks.baselines import FUSION, VECTOR, Bm25sRetriever, make_ranker, plain_bm25
from benchmarks.cached_encoder import CachedEncoder
from benchmarks.libraries import STARTER, development_questions, question_files
from benchmarks.measure_abstention import abstention_markdown
from benchmarks.peers import Comparison, compare_on_pages, compare_on_passages, peers_markdown
from cml_mm.engine import Engine
from cml_mm.evaluation.ablation import ablate
from cml_mm.evaluation.outcomes import ask_all
from cml_mm.evaluation.passage_ranking import PassageRanker, wanted_passages
from cml_mm.evaluation.passage_sets import PassageQuestion, PassageSet
from cml_mm.evaluation.questions import Question
from cml_mm.evaluation.rank_scores import NO_SCORES
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Vectors
from cml_mm.retrieval.passages import Passage
from cml_mm.retrieval.stages import PASSAGE_STAGES
from cml_mm.settings import Settings

PASSAGES = (
    Passage("heron", "Blue Heron", "The Blue Heron is a sailing boat built by Marta Oduya."),
    Passage("oduya", "Marta Oduya", "She has her workshop in the port of Tarnsund."),
    Passage("bread", "Bread", "Bread is baked from flour, water and salt."),
    Passage("bicycle", "Bicycle", "A bicycle has two wheels and no motor."),
    Passage("lantern", "Lantern", "A lantern keeps a candle from the wind."),
    Passage("orchard", "Orchard", "An orchard is a garden of fruit trees."),
)
TINY = PassageSet(
    "tiny",
    PASSAGES,
    (
        PassageQuestion("1", "In which port does the builder of the Blue Heron work?", ("heron", "oduya")),
        PassageQuestion("2", "What keeps a flame out of the gale?", ("lantern",)),
    ),
)
PAGE = "---\nslug: {slug}\ntitle: {title}\nsummary: {summary}\n---\n\n### Section 1: Context\n\n{summary} {more}\n"


class CountingEncoder:
    """The real encoder, counting what it is given."""

    def __init__(self, encoder: MiniLM) -> None:
        self._encoder = encoder
        self.name, self.dimension, self.english_only = encoder.name, encoder.dimension, encoder.english_only
        self.texts = 0

    def encode_query(self, text: str) -> Vectors:
        return self._encoder.encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return self._encoder.encode_passages(texts)


def test_vectors_are_kept_between_runs_and_stay_the_same(encoder: MiniLM, tmp_path: Path) -> None:
    first, second = CountingEncoder(encoder), CountingEncoder(encoder)
    cached = CachedEncoder(first, tmp_path)
    made = cached.encode_passages(["a boat", "a loaf", "a boat"])
    cached.save()
    assert first.texts == 2
    again = CachedEncoder(second, tmp_path)
    assert np.array_equal(again.encode_passages(["a loaf", "a boat", "a boat"]), made[[1, 0, 0]])
    assert second.texts == 0
    assert np.array_equal(made[0], encoder.encode_passages(["a boat"])[0])
    again.learn(["a wheel"], np.ones((1, encoder.dimension), dtype=np.float32))
    assert again.encode_passages(["a wheel"])[0, 0] == 1.0


def test_llamaindex_ranks_the_same_words_with_the_same_vectors(encoder: MiniLM) -> None:
    counting = CountingEncoder(encoder)
    vectors = encoder.encode_passages([passage.full for passage in PASSAGES])
    question = "What keeps a flame out of the gale?"
    vector = list(make_ranker(VECTOR, PASSAGES, vectors, counting, 4)(question))
    by_hand = [PASSAGES[row].id for row in np.argsort(-(vectors @ encoder.encode_query(question)))[:4]]
    assert vector == by_hand
    assert counting.texts == 0  # nothing was cut and encoded anew
    rare = "Tarnsund"
    fusion = list(make_ranker(FUSION, PASSAGES, vectors, counting, 6)(rare))
    assert fusion[0] == "oduya" and set(fusion) <= {passage.id for passage in PASSAGES}


def test_the_bm25_retriever_counts_stemmed_words() -> None:
    nodes = [TextNode(id_=passage.id, text=passage.full) for passage in PASSAGES]
    found = Bm25sRetriever(nodes, 50).retrieve("the wheeled bicycles")
    assert found[0].node.node_id == "bicycle" and (found[0].score or 0) > (found[1].score or 0) == 0
    rank = plain_bm25([passage.id for passage in PASSAGES], [passage.full for passage in PASSAGES], 2)
    assert next(iter(rank("the wheeled bicycles"))) == "bicycle" and len(rank("boat")) == 2


def test_a_set_of_passages_side_by_side(encoder: MiniLM) -> None:
    found = compare_on_passages(TINY, CachedEncoder(encoder))
    assert found.name == "tiny" and len(found.peers) == 3
    assert [scores.questions for scores in (found.ours, *found.peers)] == [2, 2, 2, 2]
    assert found.ours.recall5 >= max(scores.recall5 for scores in found.peers)


def test_the_table_says_by_how_much_ours_leads() -> None:
    ours = replace(NO_SCORES, questions=7, recall5=0.75)
    peers = tuple(replace(NO_SCORES, questions=7, recall5=value) for value in (0.5, 0.625, 0.25))
    behind = Comparison("b", replace(ours, recall5=0.5), peers)
    table = peers_markdown([Comparison("a", ours, peers), behind])
    assert "| a | 7 | 75.0 | 50.0 | 62.5 | 25.0 | +12.5 |" in table
    assert "| b | 7 | 50.0 | 50.0 | 62.5 | 25.0 | -12.5 |" in table
    assert table.count("| nDCG@10 |") == table.count("| hit@5 |") == 1


@pytest.fixture(scope="module")
def small_engine(encoder: MiniLM, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    place = tmp_path_factory.mktemp("peers")
    folder = place / "patterns"
    folder.mkdir()
    for slug, title, summary, more in (
        ("key-board", "Key Board", "Every key of the workshop hangs on a board.", "Whoever takes one writes it down."),
        ("seed-swap", "Seed Swap", "Gardeners trade seeds in spring.", "What is left goes to the school."),
        ("night-bus", "Night Bus", "A bus takes late shift workers home.", "It runs until three."),
    ):
        (folder / f"{slug}.md").write_text(PAGE.format(slug=slug, title=title, summary=summary, more=more), "utf-8")
    settings = replace(Settings.load({}), models=Settings.load().models, index=place / "index", libraries=(folder,))
    Engine.build(settings)
    with Engine.open(settings) as opened:
        yield opened


def test_pages_of_a_library_side_by_side(small_engine: Engine, encoder: MiniLM) -> None:
    questions = [Question("1", "How do late shift workers get home by bus?", "problem", gold=("night-bus",))]
    answers, search = compare_on_pages("own", questions, small_engine, CachedEncoder(encoder))
    assert (answers.name, search.name) == ("own, answers", "own, search")
    assert answers.peers == search.peers
    assert [scores.ndcg10 for scores in (answers.ours, search.ours, *answers.peers)] == [1.0] * 5


def test_an_ablation_of_a_set_and_of_its_harder_forms(encoder: MiniLM) -> None:
    cached = CachedEncoder(encoder)
    rank = PassageRanker(TINY, cached)
    made = ablate("tiny", wanted_passages(TINY), rank, PASSAGE_STAGES)
    table = stages_markdown([Column(made, "R@5", lambda scores: scores.recall5)])
    assert table.count("\n") == len(PASSAGE_STAGES) + 2
    assert "| made titles | · |" in table  # every passage has its own
    assert "lens" not in table  # no stage of passages
    hard = harden(TINY, rank, cached)
    assert hard.clean == made.whole
    assert hard.untitled != NO_SCORES and hard.typos.questions == 2
    row = replace(
        hard, **{name: replace(NO_SCORES, recall5=v) for name, v in (("clean", 0.9), ("typos", 0.8), ("untitled", 0.7))}
    )
    table = hardened_markdown([replace(row, untitled_fusion=replace(NO_SCORES, recall5=0.6))])
    assert "| tiny | 90.0 | 80.0 | 10.0 | 70.0 | 60.0 | 10.0 |" in table
    assert "| mean | 90.0 | 80.0 | 10.0 | 70.0 | 60.0 | 10.0 |" in table


def test_refusals_are_told_with_what_was_wrong(small_engine: Engine) -> None:
    asked = [
        Question("right", "How do late shift workers get home by bus?", "problem", gold=("night-bus",)),
        Question("empty", "What is the Quorzel Protocol?", "unanswerable"),
        Question("known", "What is Seed Swap?", "unanswerable"),
    ]
    text = abstention_markdown("own", ask_all(small_engine, asked))
    assert "own: refused 1 of 2 without an answer, wrongly 0 of 1" in text
    assert "- answered known: " in text and "empty:" not in text and "right:" not in text
    assert "no unanswerable question" in abstention_markdown("own", ask_all(small_engine, asked[:1]))


def test_only_development_questions_are_measured(tmp_path: Path) -> None:
    (starter,) = question_files(STARTER, tmp_path, tmp_path)
    assert starter.index == tmp_path
    questions = development_questions(starter.file)
    assert questions and {question.split for question in questions} == {"dev"}
    assert all(question.answerable for question in questions)
    assert len(development_questions(starter.file, answerable=False)) > len(questions)

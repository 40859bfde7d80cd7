"""Scores on one scale, the best rows, and the second hop."""

from __future__ import annotations

import numpy as np
import pytest

from cml_mm import prose
from cml_mm.graph.bm25 import Bm25, Postings
from cml_mm.retrieval.fusion import best_rows, over_maximum, title_strength
from cml_mm.retrieval.second_hop import FirstPage, second_hop

PAGES = (
    "Heron is a boat that was built by Ada Quill.",
    "Ada Quill was a carpenter, born in Marsh End.",
    "Marsh End is a village with a mill.",
    "A boat needs calm water.",
    "Bo Lund was born in a village.",
)


def page(row: int, score: float, *names: str) -> FirstPage:
    return FirstPage(row, score, frozenset(prose.terms(PAGES[row])), tuple(prose.stem(name) for name in names))


@pytest.fixture
def bm25() -> Bm25:
    return Bm25.of_pages(Postings.build(PAGES))


QUESTION = prose.terms("Where was the builder of the boat Heron born?")


def test_scores_are_brought_to_one_scale() -> None:
    assert over_maximum(np.array([2.0, -1.0, 4.0])).tolist() == [0.5, 0.0, 1.0]
    assert over_maximum(np.array([-2.0, 0.0])).tolist() == [0.0, 0.0]
    assert len(over_maximum(np.zeros(0))) == 0


def test_the_best_rows_are_those_of_a_whole_sort() -> None:
    scores = np.random.default_rng(5).integers(0, 9, 200).astype(np.float64)
    for limit in (0, 1, 7, 199, 200, 999):
        assert best_rows(scores, limit).tolist() == np.argsort(-scores, kind="stable")[:limit].tolist()


def test_longer_titles_count_more_and_shared_or_misspelt_ones_less() -> None:
    assert title_strength(1) == pytest.approx(0.7)
    assert title_strength(2) == title_strength(9) == 1.0
    assert title_strength(2, bearers=4) == pytest.approx(0.5)
    assert title_strength(2, similarity=0.9) == pytest.approx(0.9)


def test_the_hop_finds_what_the_first_page_leaves_open(bm25: Bm25) -> None:
    hop = second_hop(bm25, QUESTION, [page(0, 1.0, "ada", "quill", "heron")])
    assert int(hop.scores.argmax()) == 1
    assert hop.scores[1] == pytest.approx(1.0)
    assert hop.via[1] == 0
    assert hop.scores[0] == 0.0 and hop.via[0] == -1


def test_names_that_the_question_says_lead_nowhere(bm25: Bm25) -> None:
    asked = [*QUESTION, "lund"]
    hop = second_hop(bm25, asked, [FirstPage(0, 1.0, frozenset([*asked[:-2], "lund"]), ("lund",))])
    alone = second_hop(bm25, asked, [FirstPage(0, 1.0, frozenset([*asked[:-2], "lund"]), ())])
    assert hop.scores.tolist() == alone.scores.tolist()


def test_a_page_that_holds_the_whole_question_leaves_nothing_open(bm25: Bm25) -> None:
    hop = second_hop(bm25, QUESTION, [FirstPage(0, 1.0, frozenset(QUESTION), ("ada",))])
    assert not hop.scores.any()
    assert (hop.via == -1).all()


def test_a_weaker_first_page_gives_less(bm25: Bm25) -> None:
    firsts = [page(0, 1.0, "ada", "quill"), page(2, 0.4, "lund")]
    hop = second_hop(bm25, QUESTION, firsts)
    only = second_hop(bm25, QUESTION, firsts[1:])
    assert only.scores.max() == pytest.approx(1.0)
    assert hop.scores[hop.via == 2].max(initial=0.0) <= 0.4
    assert not second_hop(bm25, QUESTION, []).scores.any()

"""Corpora and questions that are nothing like the usual: empty, all alike, without words, or made to hurt."""

from __future__ import annotations

import math

import pytest

from cml_mm.models.minilm import MiniLM
from cml_mm.retrieval.passage_index import PassageIndex
from cml_mm.retrieval.passages import Passage

QUESTIONS = ("", "?", "the and of", "Same Title", "问题 \ud800", "qzrtx " * 600, "a" + " " * 4_000 + "b")


def passages(*titled: tuple[str, str]) -> list[Passage]:
    return [Passage(str(number), title, text) for number, (title, text) in enumerate(titled)]


@pytest.mark.parametrize(
    "corpus",
    [
        passages(("Ladder", "Lent to neighbours.")),
        passages(*[("Same Title", f"Same Title, part {number}.") for number in range(120)]),
        passages(("", ""), ("", ""), ("", "the of and")),
        passages(("The And", "of the"), ("Of", "The And")),
        passages((" " * 5_000 + "x", "(" * 5_000), ("\ud800", "A-" * 5_000), ("(a" * 900, '"A ' * 2_000)),
    ],
    ids=["one", "one title", "no titles", "stop words", "hostile"],
)
def test_unusual_corpora_are_searched_and_scores_are_numbers(corpus: list[Passage], encoder: MiniLM) -> None:
    index = PassageIndex.build(corpus, encoder)
    for question in QUESTIONS:
        found = index.search(question, 500)
        assert sorted(one.id for one in found) == sorted(one.id for one in corpus)
        assert all(math.isfinite(one.score) and one.score >= 0 for one in found)


def test_an_empty_corpus_holds_nothing(encoder: MiniLM) -> None:
    assert PassageIndex.build([], encoder).search("Is anything here?") == ()

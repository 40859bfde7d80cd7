"""The parts of the ranking of pages: shared words, relations to walk on, near-twins, the shape of scores."""

from __future__ import annotations

import numpy as np
import pytest

from cml_mm.graph.bm25 import Bm25, Postings
from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.page_fields import PageFields, feedback, telling_words
from cml_mm.retrieval.page_graph import MOST_INCOMING, relation_arcs, relation_weight
from cml_mm.retrieval.score_shape import read_shape
from cml_mm.retrieval.twins import find_twins
from cml_mm.types import Relation, RelationKind, Source, TrustLayer

PAGES = {
    "chore-chart": ("Chore Chart", "Everybody sees which work the house needs.", ("housework", "fairness")),
    "taking-turns": ("Taking Turns", "Unloved work changes hands by the calendar.", ("rota", "housework")),
    "rota-keeper": ("Rota Keeper", "One person keeps the rota and asks for swaps.", ("rota",)),
    "seed-box": ("Seed Box", "Neighbours lend seeds and bring some back.", ("garden",)),
}


def _entry(slug: str) -> Entry:
    title, summary, keywords = PAGES[slug]
    source = Source(slug, title, "pattern", slug, f"{slug}.md", "CC0", "us")
    return Entry(slug, title, "pattern", summary, source, (), (), "", False, 0, keywords=keywords)


@pytest.fixture
def fields() -> PageFields:
    return PageFields({slug: _entry(slug) for slug in PAGES}, tuple(PAGES))


@pytest.fixture
def bm25() -> Bm25:
    texts = [" ".join((title, summary, *keywords)) for title, summary, keywords in PAGES.values()]
    return Bm25.of_pages(Postings.build(texts))


def test_words_of_the_best_pages_lead_to_others_that_hold_them(fields: PageFields, bm25: Bm25) -> None:
    scores = np.array([1.0, 0.9, 0.0, 0.0])
    telling = telling_words(fields, bm25, scores, pages=2, words=20)
    assert "housework" in telling.stems and "rota" in telling.stems
    assert sum(telling.shares) == pytest.approx(1.0)
    found = feedback(bm25, telling)
    assert found[2] > 0, "the rota keeper shares a word with a page that was found"
    assert found[3] == 0, "the seed box shares none"


def test_a_word_of_the_first_page_tells_more_than_one_of_the_second(fields: PageFields, bm25: Bm25) -> None:
    one = telling_words(fields, bm25, np.array([0.0, 0.0, 1.0, 0.2]), pages=2, words=30)
    weight = dict(zip(one.stems, one.shares, strict=True))
    assert weight["swap"] > weight["garden"]


def test_without_any_score_no_word_tells(fields: PageFields, bm25: Bm25) -> None:
    telling = telling_words(fields, bm25, np.zeros(4))
    assert telling.stems == ()
    assert not feedback(bm25, telling).any()


def _relation(subject: str, object_: str, layer: TrustLayer = "curated", kind: RelationKind = "ENABLES") -> Relation:
    return Relation(kind, subject, object_, layer, weight=0.8)


def test_a_walker_prefers_what_people_stand_behind_and_what_leads_on() -> None:
    weights = [relation_weight(_relation("a", "b", layer)) for layer in ("curated", "approved", "earlier", "machine")]
    assert weights == sorted(weights, reverse=True) and weights[0] > 3 * weights[-1]
    assert relation_weight(_relation("a", "b", kind="TENSIONS_WITH")) < relation_weight(_relation("a", "b"))
    assert relation_weight(Relation("ENABLES", "a", "b", "curated", weight=0.0)) > 0


def test_relations_into_a_page_that_everything_points_to_are_weakened() -> None:
    many = int(MOST_INCOMING) * 4
    rows = {f"p{i}": i for i in range(many + 2)}
    to_all = [_relation(f"p{i}", f"p{many}") for i in range(many)]
    arcs = relation_arcs([*to_all, _relation("p0", f"p{many + 1}")], rows)
    assert arcs.weights[0] == pytest.approx(arcs.weights[-1] / 2)


def test_adoptions_and_pages_without_a_row_are_no_arcs() -> None:
    rows = {"a": 0, "b": 1}
    adopted = Relation("ADOPTS", "a", "b", "curated")
    assert not len(relation_arcs([adopted, _relation("a", "gone")], rows).sources)


CLOSE = np.array([[1.0, 0.0], [0.95, np.sqrt(1 - 0.95**2)], [0.0, 1.0]], dtype=np.float32)


def test_a_page_that_repeats_a_better_one_is_its_twin() -> None:
    titles = ("Chore Chart", "Chore Chart for Houses", "Seed Box")
    assert find_twins(titles, CLOSE, (False, False, False)) == {1: 0}


def test_a_named_page_or_one_with_another_title_is_no_twin() -> None:
    assert find_twins(("Chore Chart", "Chore Chart for Houses", "Seed Box"), CLOSE, (False, True, False)) == {}
    assert find_twins(("Chore Chart", "Taking Turns", "Seed Box"), CLOSE, (False, False, False)) == {}


def test_the_third_of_three_alike_belongs_to_the_first() -> None:
    alike = np.ones((3, 1), dtype=np.float32)
    assert find_twins(("Rota", "The Rota", "A Rota"), alike, (False, False, False)) == {1: 0, 2: 0}


def test_a_best_page_that_stands_out_rises_further() -> None:
    out = read_shape(np.array([0.8, 0.1, 0.1, 0.1], np.float32))
    level = read_shape(np.array([0.4, 0.39, 0.38, 0.37], np.float32))
    assert out.best_cosine == pytest.approx(0.8)
    assert out.rise > level.rise > 0


def test_a_library_of_one_page_or_none_has_a_shape_too() -> None:
    one = read_shape(np.array([0.6], np.float32))
    assert one.best_cosine == pytest.approx(0.6) and one.rise == 0.0
    assert read_shape(np.zeros(0, np.float32)).best_cosine == 0.0

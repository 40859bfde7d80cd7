"""Paths, tensions, comparisons and orders over the starter library, as people ask for them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import networkx as nx
import pytest

from cml_mm.answering.order import before_after
from cml_mm.answering.paths import CAUSAL
from cml_mm.cli import main
from cml_mm.engine import Engine
from cml_mm.errors import InputError
from cml_mm.settings import Settings
from cml_mm.talk import Facet, Talk
from cml_mm.types import TRUSTED_LAYERS, Answer, Edge, Relation

MOST_COMPARED_SENTENCES = 12


@pytest.fixture
def _places(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CML_INDEX", str(settings.index))
    monkeypatch.setenv("CML_MODELS", str(settings.models))


@pytest.fixture(scope="module")
def slugs(engine: Engine) -> tuple[str, ...]:
    return tuple(card.slug for card in engine.cards() if card.kind == "pattern")


@pytest.fixture(scope="module")
def relations(engine: Engine, slugs: tuple[str, ...]) -> tuple[Relation, ...]:
    """Every trusted relation, read page by page."""
    found = (relation for slug in slugs for relation in engine.read(slug).outgoing)
    adopted = (relation for slug in slugs for relation in engine.read(slug).incoming if relation.kind == "ADOPTS")
    return tuple(relation for relation in (*found, *adopted) if relation.layer in TRUSTED_LAYERS)


def edges(answer: Answer) -> Iterator[Relation]:
    return (relation for item in answer.evidence if isinstance(item.locator, Edge) for relation in item.path)


def supported(answer: Answer) -> bool:
    return all(sentence.verdict == "supported" for sentence in answer.sentences if sentence.cites)


def test_every_path_of_the_library_is_as_short_as_it_can_be(
    engine: Engine, slugs: tuple[str, ...], relations: tuple[Relation, ...]
) -> None:
    causal = nx.DiGraph([(r.subject, r.object) for r in relations if r.kind in CAUSAL])
    joined = nx.Graph([(r.subject, r.object) for r in relations])
    for first, last in itertools.permutations(slugs[::5], 2):
        directed = first in causal and last in causal and nx.has_path(causal, first, last)
        graph = causal if directed else joined
        steps = nx.shortest_path_length(graph, first, last) if nx.has_path(joined, first, last) else 0
        found = engine.path(first, last)
        assert found.steps == steps, (first, last)
        assert found.stops[0] == first and found.stops[-1] == last
        assert (found.direction == "forward") >= directed
        assert set(found.relations) <= set(relations)


@pytest.mark.parametrize("name", ["Role Rotation", "role-rotation", "taking turns", "Role Rotaton", "rOLE  rotation "])
def test_a_page_is_known_by_title_slug_alias_and_small_misspellings(engine: Engine, name: str) -> None:
    assert engine.path(name, "Open Books").stops == ("role-rotation", "open-books")


def test_unknown_names_and_twice_the_same_page_are_told(engine: Engine) -> None:
    with pytest.raises(InputError, match="nothing called 'Moon Ledger'") as unknown:
        engine.path("Moon Ledger", "Open Books")
    assert "The nearest are: " in unknown.value.hint
    with pytest.raises(InputError, match="Both names mean Role Rotation"):
        engine.path("Taking turns", "role-rotation")


@pytest.mark.usefixtures("_places")
def test_cml_path_prints_reason_layer_and_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "Open Books", "Asset Lock"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Open Books → Asset Lock: 3 steps, every relation points this way\n")
    assert "1. Open Books ENABLES Monitoring by Users: Members can only check" in out
    assert "(Written by hand; patterns/open-books.md)" in out
    assert "Shorter, in any direction:" in out
    assert main(["path", "Moon Ledger", "Asset Lock"]) == 2
    assert "Moon Ledger" in capsys.readouterr().err


@pytest.mark.usefixtures("_places")
def test_cml_path_as_json(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "open-books", "asset-lock", "--json", "--all-layers"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["stops"] == list(engine.path("open-books", "asset-lock").stops)
    assert found["steps"] == 3 and found["trusted"] is True and found["direction"] == "forward"
    first = found["relations"][0]
    assert first["layer_words"] == "Written by hand"
    assert {"kind", "reason", "layer", "declared_by", "weight"} <= set(first)


def test_a_question_for_a_path_cites_each_step(engine: Engine) -> None:
    answer = engine.answer("Which steps lead from Open Books to Asset Lock?")
    assert tuple(edges(answer))[:3] == engine.path("open-books", "asset-lock").relations
    assert supported(answer) and answer.title == "From Open Books to Asset Lock"


def test_an_order_follows_every_relation_between_its_steps(engine: Engine, relations: tuple[Relation, ...]) -> None:
    answer = engine.answer("In which order should we go about Role Rotation?")
    steps = answer.subjects
    assert steps[-1] == "role-rotation" and 2 < len(steps) <= 7
    between = [r for r in relations if r.kind in ("REQUIRES", "ENABLES") and {r.subject, r.object} <= set(steps)]
    told = [r for r in edges(answer) if r in between]
    assert between and told
    assert all(steps.index(first) < steps.index(after) for first, after in map(before_after, between))
    assert {r for r in between if r.subject == "role-rotation" and r.kind == "REQUIRES"} <= set(told)
    assert any(r.kind == "TENSIONS_WITH" for r in edges(answer))
    assert answer.sentences[0].text.startswith("First: ") and supported(answer)


def test_a_situation_gets_an_order_too_and_what_fits_best_stays_first_in_the_ranking(engine: Engine) -> None:
    question = "The same three people do all the invisible work in our group."
    answer = engine.answer(f"{question} What should we try first?")
    assert answer.title == "An order to try these in"
    assert answer.ranked[0] == engine.answer(f"{question} What helps?").ranked[0]
    assert answer.ranked[0] in answer.subjects and supported(answer)


def test_where_nothing_orders_the_steps_the_answer_says_so(engine: Engine, relations: tuple[Relation, ...]) -> None:
    cards = {card.slug: card for card in engine.cards() if card.kind == "pattern"}
    free = sorted(set(cards) - {r.subject for r in relations if r.kind == "REQUIRES"})
    enabled = {(r.subject, r.object) for r in relations if r.kind == "ENABLES"}
    pairs = itertools.combinations(free, 2)
    first, last = next((a, b) for a, b in pairs if not {(a, b), (b, a)} & enabled)
    answer = engine.answer(f"In which order should we do {cards[last].title} and {cards[first].title}?")
    assert answer.subjects == (last, first)
    assert "The library sets no order between these" in answer.notices[-1].text
    assert not any(r.kind in ("REQUIRES", "ENABLES") for r in edges(answer))


def test_a_comparison_is_short_cited_and_says_what_joins_both(engine: Engine) -> None:
    answer = engine.answer("What is the difference between Consent Decision-Making and Advice Before Deciding?")
    assert answer.subjects == ("consent-decision-making", "advice-before-deciding")
    assert len(answer.sentences) <= MOST_COMPARED_SENTENCES
    assert all(sentence.cites for sentence in answer.sentences) and supported(answer)
    assert {item.source.slug for item in answer.evidence} == set(answer.subjects)
    assert any(r.kind == "ALTERNATIVE_TO" for r in edges(answer))
    assert {item.number for item in answer.evidence} == {number for s in answer.sentences for number in s.cites}


def test_three_names_are_compared_too(engine: Engine) -> None:
    answer = engine.answer("Compare Role Rotation, Open Books and Clear Mandate")
    assert set(answer.subjects) == {"role-rotation", "open-books", "clear-mandate"}
    assert len(answer.sentences) <= MOST_COMPARED_SENTENCES and supported(answer)


def test_sides_that_are_not_named_as_their_titles_stand_are_compared(engine: Engine) -> None:
    answer = engine.answer("A copyleft license or an asset lock: which one should we choose?")
    assert set(answer.subjects) == {"copyleft-licence", "asset-lock"}


def test_the_tension_between_two_names(engine: Engine, relations: tuple[Relation, ...]) -> None:
    tense = next(r for r in relations if r.kind == "TENSIONS_WITH")
    answer = engine.answer(f"Is there a tension between {tense.object_title} and {tense.subject_title}?")
    assert tense in edges(answer) and supported(answer)
    none = engine.answer("What is the tension between Open Books and Role Rotation?")
    assert none.sentences[0].text == "The library names no tension between Open Books and Role Rotation."
    assert {item.heading for item in none.evidence} == {"Primary tension", "Relation"}


def test_a_described_tension_finds_the_pattern_that_holds_it(engine: Engine) -> None:
    answer = engine.answer("Which pattern deals with the clash between shared capability and deep expertise?")
    assert answer.subjects[0] == "role-rotation"
    assert "Deep Expertise vs. Shared Capability" in answer.sentences[0].text


def test_a_persona_reads_the_name_that_her_own_people_use(engine: Engine) -> None:
    official = engine.facet("persona", "City official")
    talk = Talk(chosen=(Facet("persona", official.value, official.label, "chosen"),))
    answer = engine.answer("What is Role Rotation?", talk)
    assert answer.sentences[0].text.startswith("Role Rotation (for a city official: Fixed Terms of Office): ")
    assert any(item.heading == "Context label, government" for item in answer.evidence) and supported(answer)
    assert "Fixed Terms" not in engine.answer("What is Role Rotation?").sentences[0].text

"""Questions to the shipped library, through the one face that all front ends use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cml_mm import prose
from cml_mm.engine import Engine
from cml_mm.errors import InputError, LimitExceeded
from cml_mm.types import AnswerReady, Edge, SentenceReady, Step, TextSpan

HELP = "The same three people in our co-op do all the invisible work. What helps?"
QUESTIONS = (
    HELP,
    "Citizens are always heard too late in our planning process. What would change that?",
    "We validated the idea but have no customers yet, what now?",
    "What does Role Rotation require?",
    "What enables Participatory Budgeting?",
    "Where does Role Rotation pull against other patterns?",
    "What is Open Books?",
    "Role Rotation or Visible Work Inventory: what is the difference?",
    "How does Early Hearing lead to Open Books?",
    "Who has adopted Nested Councils?",
    "What patterns does Mondragon Corporation use?",
    "What does Nested Councils require, according to Moonshine?",
    "How do I bleed the brakes of an old Vespa scooter?",
    "¿Cómo repartimos mejor el trabajo invisible en nuestra cooperativa?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_is_cited_and_every_quote_stands_on_the_page(
    engine: Engine, starter_library: Path, question: str
) -> None:
    answer = engine.answer(question)
    evidence = {item.number: item for item in answer.evidence}
    assert answer.sentences
    for sentence in answer.sentences:
        assert sentence.cites or sentence.verdict == "not_checked", sentence
        assert set(sentence.cites) <= set(evidence)
        assert sentence.verdict in ("supported", "not_checked"), sentence
    for item in answer.evidence:
        written = (starter_library / item.source.path).read_text(encoding="utf-8")
        assert item.quote in item.passage
        assert item.source.licence == "CC-BY-SA-4.0"
        assert item.source.attribution
        if isinstance(item.locator, TextSpan):
            folded = " ".join(written.split())
            assert " ".join(item.quote.split()) in folded, item
        else:
            assert item.path[0].reason == "" or prose.terms(item.path[0].reason)


def test_a_situation_gets_a_pattern_advice_a_step_and_a_tension(engine: Engine) -> None:
    answer = engine.answer(HELP)
    assert answer.ranked[0] == "visible-work-inventory"
    said = " ".join(sentence.text for sentence in answer.sentences)
    for part in ("fits best: “", "Its core advice: ", "First step: ", "pulls against"):
        assert part in said
    assert answer.status == "answered"
    assert "no language model" in answer.model


def test_locators_cut_the_very_quote_out_of_its_section(engine: Engine) -> None:
    for item in engine.answer(HELP).evidence:
        if isinstance(item.locator, TextSpan):
            sections = {section.heading: section.text for section in engine.pattern(item.source.slug).sections}
            text = sections[item.locator.section]
            assert text[item.locator.start : item.locator.end] == item.quote


def test_what_a_pattern_requires_is_the_whole_list_with_reasons(engine: Engine) -> None:
    answer = engine.answer("What does Graduated Sanctions require?")
    edges = [item.locator for item in answer.evidence]
    assert all(isinstance(edge, Edge) and edge.relation == "REQUIRES" for edge in edges)
    required = {edge.object for edge in edges if isinstance(edge, Edge)}
    assert required == {"monitoring-by-users", "clear-boundaries", "low-cost-conflict-resolution"}
    assert all(": " in sentence.text for sentence in answer.sentences)


def test_direction_of_a_relation_is_kept(engine: Engine) -> None:
    out = engine.answer("What does Role Rotation require?").sentences[0].text
    back = engine.answer("Which patterns require Visible Work Inventory?").sentences[0].text
    assert out.startswith("Role Rotation requires ")
    assert back.startswith("Role Rotation requires Visible Work Inventory")


@pytest.mark.parametrize(
    "question",
    [
        "How do I bleed the brakes of an old Vespa scooter?",
        "What does the pattern 'Harvest Moon Barter Ring' require?",
        "What does the Moonlight Trust Circle pattern require?",
        "What is the balance of our savings account today?",
        "Translate 'good morning, neighbours' into Welsh.",
    ],
)
def test_what_is_not_there_is_said(engine: Engine, question: str) -> None:
    answer = engine.answer(question)
    assert answer.status == "not_in_library"
    assert answer.title == "That is not in the library"
    assert any("nearest" in sentence.text for sentence in answer.sentences)


def test_another_language_gets_a_notice_and_no_claim_of_fit(engine: Engine) -> None:
    answer = engine.answer("Wie verteilen wir die unsichtbare Arbeit in unserer Genossenschaft gerechter?")
    assert answer.notices[0].kind == "language"
    assert "German" in answer.notices[0].text
    assert answer.status == "answered"
    assert not any("fits best" in sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize("question", ["", "   \n\t ", "\x00\x07\x1b", "💧🌱🔧", "?!…", "‮"])
def test_a_question_without_words_gets_advice(engine: Engine, question: str) -> None:
    with pytest.raises(InputError) as caught:
        engine.answer(question)
    assert caught.value.hint


def test_a_very_long_question_gets_advice(engine: Engine) -> None:
    with pytest.raises(LimitExceeded, match="50,000 characters"):
        engine.answer("whys " * 9_999 + "whys?")


def test_control_characters_are_taken_out(engine: Engine) -> None:
    assert engine.answer("What is \x00Open\x1b Books?").title == "Open Books"


def test_thousands_of_blanks_are_one(engine: Engine) -> None:
    asked = engine.answer("How do we\n \n\n\tshare" + " " * 3_500 + "work, and how do we\nhire?")
    assert asked.question == "How do we\n\nshare work, and how do we\nhire?"


@pytest.mark.parametrize("question", ["<script>alert(1)</script> roles", "DROP TABLE Node; //", "{id: $id} MATCH (n)"])
def test_hostile_words_are_only_words(engine: Engine, question: str) -> None:
    assert engine.answer(question).sentences


def test_stop_keeps_what_was_written(engine: Engine) -> None:
    written: list[str] = []
    for event in engine.ask(HELP, cancelled=lambda: len(written) >= 2):
        if isinstance(event, SentenceReady):
            written.append(event.sentence.text)
        if isinstance(event, AnswerReady):
            assert event.answer.status == "stopped"
            assert [sentence.text for sentence in event.answer.sentences] == written
    assert len(written) == 2


def test_events_come_in_order(engine: Engine) -> None:
    events = list(engine.ask(HELP))
    assert isinstance(events[0], Step)
    assert isinstance(events[-1], AnswerReady)
    sentences = [event.sentence for event in events if isinstance(event, SentenceReady)]
    assert tuple(sentences) == events[-1].answer.sentences


def test_the_same_question_gets_the_same_answer(engine: Engine) -> None:
    first, second = engine.answer(HELP), engine.answer(HELP)
    assert (first.sentences, first.evidence) == (second.sentences, second.evidence)


def test_several_visitors_at_once_get_what_each_would_get_alone(engine: Engine) -> None:
    alone = [engine.answer(question).sentences for question in QUESTIONS]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: engine.answer(question).sentences, QUESTIONS * 2))
    assert together == alone * 2


def test_search_and_related(engine: Engine) -> None:
    assert engine.search("rotating duties")[0].slug == "role-rotation"
    around = engine.related("Role Rotation")
    assert {relation.object for relation in around.outgoing} >= {"visible-work-inventory"}
    assert all(relation.reason and relation.declared_by for relation in around.outgoing)
    with pytest.raises(InputError, match="holds nothing called"):
        engine.related("Moon Ledger")


def test_examples_are_answered(engine: Engine) -> None:
    for question in engine.examples():
        assert engine.answer(question).status == "answered"

"""Answers that a language model writes: over the starter library, from the question to verified sentences."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from cml_mm.answering.answer import Answerer
from cml_mm.answering.generating import Writer
from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.errors import InputError, ModelError, ModelTimeout
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings
from cml_mm.talk import LIBRARY_ONLY, Scope
from cml_mm.types import Answer, AnswerReady, AskEvent, SentenceReady, Step
from tests.support.said_generator import SaidGenerator, in_pieces

HELP = "The same three people do all the invisible work. What helps?"
EXACT = "What does Role Rotation require?"


@pytest.fixture(scope="module")
def answerer(engine: Engine, settings: Settings, encoder: MiniLM) -> Answerer:
    """The starter library's; `engine` keeps the index built."""
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    return Opened.over(snapshot, encoder).answerer


def _events(
    answerer: Answerer,
    generator: SaidGenerator,
    question: str = HELP,
    withhold: bool = False,
    scope: Scope = LIBRARY_ONLY,
) -> list[AskEvent]:
    writing = replace(answerer, writer=Writer(generator, withhold))
    return list(writing.ask(question, lambda: False, scope=scope))


def _answer(events: Sequence[AskEvent]) -> Answer:
    assert isinstance(events[-1], AnswerReady)
    return events[-1].answer


def _first_quote(answerer: Answerer, question: str = HELP) -> str:
    """What stands first in a prompt, so that a sentence can say just that."""
    probe = SaidGenerator(["Nothing [1]."])
    _events(answerer, probe, question)
    return _evidence(probe)[0]


def _evidence(generator: SaidGenerator) -> list[str]:
    lines = [line for line in generator.asked[-1].user.splitlines() if line.startswith("[")]
    return [line.partition("”: ")[2] or line.partition(": ")[2] for line in lines]


def _one_sentence(passage: str) -> str:
    return passage.split(". ")[0].rstrip(".")


def test_a_model_writes_sentences_that_are_verified_and_cited(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    generator = SaidGenerator(in_pieces(f"{said} [1]. The moon is made of seven cheeses [1]. Nobody says so."))
    events = _events(answerer, generator)
    answer = _answer(events)
    assert [s.verdict for s in answer.sentences] == ["supported", "unsupported", "not_checked"]
    assert [e.sentence for e in events if isinstance(e, SentenceReady)] == list(answer.sentences)
    assert answer.model == "Said 1" and answer.status == "answered" and answer.question == HELP
    assert [item.number for item in answer.evidence] == [1]
    assert answer.considered and all(item.number == 0 for item in answer.considered)
    assert not {item.locator for item in answer.considered} & {item.locator for item in answer.evidence}


def test_sources_are_numbered_as_they_are_first_cited(answerer: Answerer) -> None:
    probe = SaidGenerator(["x [1]."])
    _events(answerer, probe)
    lines = _evidence(probe)
    third, first = (_one_sentence(lines[place]) for place in (2, 0))
    generator = SaidGenerator(in_pieces(f"{third} [3]. {first} [1][3]."))
    answer = _answer(_events(answerer, generator))
    assert [s.cites for s in answer.sentences] == [(1,), (2, 1)]
    assert [item.number for item in answer.evidence] == [1, 2]
    assert all(s.verdict == "supported" for s in answer.sentences)


def test_citations_of_nothing_are_removed_and_counted(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    answer = _answer(_events(answerer, SaidGenerator([f"{said} [1][88]. Trust me [77]."])))
    assert answer.sentences[0].cites == (1,) and answer.sentences[1].cites == ()
    assert answer.sentences[1].verdict == "unsupported"
    assert answer.removed_citations == 2
    assert any("2 citations" in notice.text for notice in answer.notices)


def test_what_is_not_borne_out_can_be_withheld(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    generator = SaidGenerator([f"{said} [1]. The moon is made of seven cheeses [1]."])
    answer = _answer(_events(answerer, generator, withhold=True))
    assert [s.verdict for s in answer.sentences] == ["supported"]
    assert answer.withheld == 1 and any("1 sentence was withheld" in notice.text for notice in answer.notices)


def test_an_answer_of_which_nothing_holds_says_so(answerer: Answerer) -> None:
    answer = _answer(_events(answerer, SaidGenerator(["The moon is made of seven cheeses [1]."]), withhold=True))
    assert answer.status == "advice" and "withheld" in answer.sentences[0].text and not answer.evidence


@pytest.mark.parametrize(
    "question",
    [EXACT, "How many patterns are there?", "hello", "What time is it in Lisbon?", "Who has adopted Open Books?"],
)
def test_what_is_exact_is_never_left_to_a_model(answerer: Answerer, question: str) -> None:
    generator = SaidGenerator(["I make it up [1]."])
    answer = _answer(_events(answerer, generator, question))
    assert not generator.asked and answer.model == "built-in composer, no language model"
    plain = next(e.answer for e in answerer.ask(question, lambda: False) if isinstance(e, AnswerReady))
    assert answer.sentences == plain.sentences


@pytest.mark.parametrize(
    "question", [HELP, "What is Role Rotation?", "What is the difference between Role Rotation and Open Books?"]
)
def test_questions_of_words_go_to_the_model(answerer: Answerer, question: str) -> None:
    generator = SaidGenerator(["It may help [1]."])
    assert _answer(_events(answerer, generator, question)).model == "Said 1"
    assert question in generator.asked[0].user


def test_the_same_question_can_be_answered_without_the_model(answerer: Answerer) -> None:
    generator = SaidGenerator(["I make it up [1]."])
    answer = _answer(_events(answerer, generator, scope=Scope(voice="composer")))
    assert not generator.asked and "composer" in answer.model and answer.sentences


@pytest.mark.parametrize(
    "words", ["NOT IN THE LIBRARY", "Not in the library.", "The evidence does not say who keeps cats."]
)
def test_a_model_may_decline(answerer: Answerer, words: str) -> None:
    answer = _answer(_events(answerer, SaidGenerator(in_pieces(words))))
    assert answer.status == "not_in_library" and not answer.evidence and answer.considered


def test_a_failure_in_the_middle_keeps_what_was_written_and_says_why(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    fault = ModelTimeout("The model took longer than 60 seconds.", "Ask for less.")
    answer = _answer(_events(answerer, SaidGenerator([f"{said} [1]. ", "And th"], fault=fault)))
    assert len(answer.sentences) == 1 and answer.model == "Said 1"
    assert [n.kind for n in answer.notices if "longer than 60 seconds" in n.text] == ["model"]


def test_a_failure_before_the_first_sentence_is_told_as_it_is(answerer: Answerer) -> None:
    fault = ModelTimeout("The model took longer than 60 seconds.", "Ask for less.")
    with pytest.raises(ModelTimeout, match="longer than 60"):
        _events(answerer, SaidGenerator(fault=fault))
    with pytest.raises(ModelError, match="wrote nothing"):
        _events(answerer, SaidGenerator(["<think>only thought"]))


def test_a_foreign_fault_of_a_generator_is_not_swallowed(answerer: Answerer) -> None:
    class Broken(SaidGenerator):
        def count_tokens(self, text: str) -> int:
            raise InputError("Broken.", "Mend it.")

    with pytest.raises(InputError):
        _events(answerer, Broken(["x."]))


def test_the_place_in_the_queue_is_told_and_moves_on(answerer: Answerer) -> None:
    steps = [e for e in _events(answerer, SaidGenerator(["It may help [1]."], before=(2, 1))) if isinstance(e, Step)]
    told = [step.name for step in steps if step.topic == "model"]
    assert [name for name in told if "before yours" in name] == [
        "Said 1 is busy: 2 questions before yours",
        "Said 1 is busy: 1 question before yours",
    ]
    assert told[-1].startswith("Said 1 is writing")


def test_stop_ends_the_model_and_keeps_whole_sentences(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    generator = SaidGenerator([f"{said} [1]. And then", " more."], gate=threading.Event())
    stop = threading.Event()
    events = replace(answerer, writer=Writer(generator)).ask(HELP, stop.is_set)
    seen: list[AskEvent] = []
    for event in events:
        seen.append(event)
        if isinstance(event, SentenceReady):
            stop.set()
    answer = _answer(seen)
    assert answer.status == "stopped" and len(answer.sentences) == 1
    assert generator.stopped.wait(10)


def test_closing_the_answer_stops_the_model(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    generator = SaidGenerator([f"{said} [1]. And then", " more."], gate=threading.Event())
    events = replace(answerer, writer=Writer(generator)).ask(HELP, lambda: False)
    assert next(event for event in events if isinstance(event, SentenceReady))
    events.close()  # type: ignore[attr-defined]
    assert generator.stopped.wait(10)


def test_a_thought_that_shows_itself_late_is_taken_back(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    generator = SaidGenerator(["I think it is cheese. So what", f"</think>{said} [1]."])
    answer = _answer(_events(answerer, generator))
    assert [s.verdict for s in answer.sentences] == ["supported"]


def test_a_model_that_had_to_do_with_less_is_said_to_have(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    words = "Memory ran short, so Said 1 could write half as much."
    answer = _answer(_events(answerer, SaidGenerator([f"{said} [1]."], lessened=words)))
    assert [notice.text for notice in answer.notices if notice.kind == "model"] == [words]
    assert [sentence.verdict for sentence in answer.sentences] == ["supported"]


def test_an_answer_cut_at_its_longest_loses_its_torn_sentence(answerer: Answerer) -> None:
    said = _one_sentence(_first_quote(answerer))
    text = f"{said} [1]. " + "and on " * 400
    answer = _answer(_events(answerer, SaidGenerator([text])))
    assert answer.sentences[0].text.startswith(said[:20])
    assert any("cut off" in notice.text for notice in answer.notices)

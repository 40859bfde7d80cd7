"""What a visitor says of themselves, the talk that is passed on, and the row that shows it."""

from __future__ import annotations

from dataclasses import replace

from cml_mm.talk import Facet, Lens
from cml_mm.types import AnswerReady
from cml_mm.ui.conversation import Said, talk_of, whole_question
from cml_mm.ui.lens_view import again_as_html, lens_html, lens_words, read_as_html
from cml_mm.ui.turns import Turn, stopped
from tests.support.fake_engine import ABSENT, ANSWER, HOSTILE, FakeEngine

MEMBER = Facet("persona", "Co-op Member", "Co-op member", "question", "our co-op")
FOUNDER = Facet("persona", "Founder", "Founder", "chosen")
TEAM = Facet("scale", "Team", "Team", "conversation", "we are twelve")
CHOICES = FakeEngine().lens_choices()


def test_a_choice_replaces_one_of_its_kind_and_brings_back_what_was_dismissed() -> None:
    said = Said(dismissed=(("persona", "Founder"),)).choose(MEMBER).choose(TEAM).choose(FOUNDER)
    assert [(facet.value, facet.origin, facet.words) for facet in said.chosen] == [
        ("Team", "chosen", ""),
        ("Founder", "chosen", ""),
    ]
    assert said.dismissed == ()


def test_dropping_takes_back_a_choice_or_forbids_what_was_read() -> None:
    said = Said().choose(FOUNDER).drop(FOUNDER)
    assert said == Said()
    said = said.drop(MEMBER).drop(MEMBER)
    assert said.dismissed == (("persona", "Co-op Member"),)


def test_only_finished_answers_are_talk() -> None:
    answer = replace(ANSWER, question="And that one?", understood="And Visible Work?", relation="REQUIRES")
    done = Turn(1, "And that one?").moved(AnswerReady(answer))
    refused = Turn(2, "A van?").moved(AnswerReady(replace(ABSENT, question="A van?", subjects=())))
    halted = Turn(3, "Slow").moved(AnswerReady(replace(ANSWER, status="stopped")))
    failed = Turn(4, "Broken").ended(stopped(()))
    talk = talk_of((done, refused, halted, failed, Turn(5, "Now")), Said().choose(FOUNDER))
    assert [(turn.question, turn.understood, turn.refused) for turn in talk.turns] == [
        ("And that one?", "And Visible Work?", False),
        ("A van?", "A van?", True),
    ]
    assert talk.turns[0].subjects == ANSWER.subjects
    assert talk.turns[0].relation == "REQUIRES"
    assert talk.chosen[0].value == "Founder"


def test_a_follow_up_is_asked_again_as_it_was_understood() -> None:
    done = Turn(1, "And that one?").moved(AnswerReady(replace(ANSWER, understood="And Visible Work?")))
    failed = Turn(2, "Broken?").ended(stopped(()))
    assert whole_question((done, failed), 1) == "And Visible Work?"
    assert whole_question((done, failed), "2") == "Broken?"
    assert whole_question((done,), 9) == ""


def test_the_row_says_what_was_read_from_which_words() -> None:
    out = lens_html(Lens((MEMBER, TEAM)), CHOICES, None, started=True)
    assert 'title="Read from “our co-op”"' in out
    assert 'aria-label="Remove Team"' in out
    assert "New conversation" in out
    assert 'title="Chosen by you"' in lens_html(Lens((FOUNDER,)), CHOICES, None, started=True)


def test_nobody_is_asked_who_they_are_by_a_library_that_cannot_tell() -> None:
    assert lens_html(Lens(), (), None, started=False) == ""
    out = lens_html(Lens(), (), None, started=True)
    assert "Asking as" not in out
    assert "New conversation" in out


def test_the_last_question_is_offered_again_only_where_it_would_be_read_otherwise() -> None:
    answer = replace(ANSWER, lens=Lens((MEMBER,)))
    assert "Ask the last one again" not in lens_html(Lens((MEMBER,)), CHOICES, answer, True)
    out = lens_html(Lens((FOUNDER,)), CHOICES, answer, True)
    assert "The next question is asked as Founder." in out
    assert "Ask the last one again" in out
    assert "as nobody in particular." in lens_html(Lens(), CHOICES, answer, True)
    assert "Ask the last one again" not in lens_html(Lens(), CHOICES, replace(ABSENT, lens=Lens((MEMBER,))), True)
    assert lens_words(Lens((FOUNDER, TEAM))) == "Founder, Team"


def test_an_answer_offers_the_other_personas_and_relations_none() -> None:
    out = again_as_html(7, replace(ANSWER, lens=Lens((MEMBER,))), CHOICES)
    assert 'data-turn="7"' in out
    assert "Founder" in out
    assert "Co-op member" not in out
    assert again_as_html(7, replace(ANSWER, relation="REQUIRES"), CHOICES) == ""
    assert again_as_html(7, ABSENT, CHOICES) == ""
    assert again_as_html(7, ANSWER, ()) == ""


def test_what_a_follow_up_was_taken_for_is_said_only_where_it_differs() -> None:
    same = replace(ANSWER, question="What helps?", understood=" What helps?")
    assert read_as_html(same) == ""
    out = read_as_html(replace(same, question="And then?", understood="What helps then?", lens=Lens((TEAM,))))
    assert "Understood as: <span>What helps then?</span>" in out
    assert "Read as <span>Team</span> (“we are twelve”, said earlier)" in out


def test_hostile_words_stay_words() -> None:
    bad = Facet("persona", HOSTILE, HOSTILE, "question", HOSTILE)
    answer = replace(ANSWER, question="x", understood=HOSTILE, lens=Lens((bad,)))
    for out in (
        lens_html(Lens((bad,)), (bad, FOUNDER), answer, True),
        read_as_html(answer),
        again_as_html(1, ANSWER, (bad,)),
    ):
        assert "<script" not in out
        assert "<img" not in out
    long = replace(MEMBER, words="our " * 200)
    assert len(read_as_html(replace(ANSWER, lens=Lens((long,))))) < 300

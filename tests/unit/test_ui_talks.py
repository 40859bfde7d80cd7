"""Conversations that are kept: what goes into the record, how it comes back, and the list. No browser."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cml_mm.errors import InputError
from cml_mm.talk import Facet
from cml_mm.types import AnswerReady, Evidence
from cml_mm.ui.conversation import Said, talk_of
from cml_mm.ui.keeping_talks import (
    NOTHING_WRITTEN,
    TITLE_CHARACTERS,
    Keeper,
    OpenTalk,
    branched,
    kept_turn,
    title_of,
    turn_again,
    visitor_of,
)
from cml_mm.ui.opening import Opening
from cml_mm.ui.render import turn_html
from cml_mm.ui.talks_view import list_html, offer_html, when_words
from cml_mm.ui.turns import Trouble, Turn, stopped
from cml_mm.visits import COOKIE, KeptTurn, TalkCard, new_token, visitor_key
from tests.support.fake_engine import ANSWER, FakeEngine
from tests.support.fake_library import HOSTILE

VISITOR = visitor_key(new_token())
OTHER = visitor_key(new_token())
SAID = Said((Facet("persona", "Founder", "Founder", "chosen"),), (("scale", "Team"),))
NOW = 1_790_000_000.0


def _turn(number: int, question: str) -> Turn:
    return Turn(number, question).moved(AnswerReady(replace(ANSWER, question=question)))


def _keeper() -> Keeper:
    return Keeper(Opening.of(FakeEngine(pace=0)))


ONE, TWO, THREE = _turn(1, "Who cooks?"), _turn(2, "And who washes up?"), _turn(3, "And on Sundays?")


def test_the_visitor_is_read_from_the_cookie_only() -> None:
    token = new_token()
    assert visitor_of(SimpleNamespace(cookies={COOKIE: token})) == visitor_key(token)
    for cookies in ({}, {COOKIE: "guess"}, {COOKIE: visitor_key(token)}, {"other": token}):
        assert visitor_of(SimpleNamespace(cookies=cookies)) == ""
    assert visitor_of(None) == ""


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Who cooks?", "Who cooks?"),
        ("  Who\n\n cooks?\t", "Who cooks?"),
        ("   ", "Conversation"),
        ("x" * 200, "x" * (TITLE_CHARACTERS - 1) + "…"),
    ],
)
def test_a_conversation_is_called_by_its_question(question: str, title: str) -> None:
    assert title_of(question) == title


def test_a_long_question_is_cut_between_words() -> None:
    title = title_of("Which of our neighbours " * 20)
    assert len(title) <= TITLE_CHARACTERS
    assert title.endswith(("Which…", "of…", "our…", "neighbours…"))


def test_what_is_kept_comes_back_as_it_was() -> None:
    keeper = _keeper()
    talk = keeper.keep(VISITOR, OpenTalk(), (ONE, TWO), SAID, "both")
    back = keeper.resume(VISITOR, talk.id)
    assert back.talk == OpenTalk(talk.id, "Who cooks?", "both")
    assert back.said == SAID
    assert [turn.answer for turn in back.turns] == [ONE.answer, TWO.answer]
    assert [turn.number for turn in back.turns] == [1, 2]
    assert [turn_html(turn, None) for turn in back.turns] == [turn_html(turn, None) for turn in (ONE, TWO)]
    assert talk_of(back.turns, back.said) == talk_of((ONE, TWO), SAID)


def test_the_next_answer_goes_into_the_same_conversation_and_keeps_its_name() -> None:
    keeper = _keeper()
    talk = keeper.keep(VISITOR, OpenTalk(), (ONE,), Said())
    keeper.desk.rename(VISITOR, talk.id, "The kitchen")
    again = keeper.keep(VISITOR, talk, (ONE, TWO), Said())
    assert again == OpenTalk(talk.id, "The kitchen")
    assert [(card.title, card.turns) for card in keeper.cards(VISITOR)] == [("The kitchen", 2)]


@pytest.mark.parametrize(
    ("visitor", "turns"),
    [
        ("", (ONE,)),
        (VISITOR, ()),
        (VISITOR, (Turn(1, "Who cooks?"),)),
        (VISITOR, (Turn(1, "?").ended(Trouble("advice", "No words.", "Write some.")),)),
    ],
)
def test_nothing_is_kept_without_a_visitor_or_an_answer(visitor: str, turns: tuple[Turn, ...]) -> None:
    keeper = _keeper()
    assert keeper.keep(visitor, OpenTalk(), turns, Said()) == OpenTalk()
    assert keeper.cards(VISITOR) == keeper.cards("") == ()


def test_two_windows_never_overwrite_each_other() -> None:
    keeper = _keeper()
    talk = keeper.keep(VISITOR, OpenTalk(), (ONE,), Said())
    keeper.keep(VISITOR, talk, (ONE, TWO), Said())
    other = keeper.keep(VISITOR, talk, (ONE, replace(THREE, number=2)), Said())
    assert other.id != talk.id
    asked = [[turn.question for turn in keeper.resume(VISITOR, card.id).turns] for card in keeper.cards(VISITOR)]
    assert sorted(asked) == [["Who cooks?", "And on Sundays?"], ["Who cooks?", "And who washes up?"]]


def test_a_conversation_deleted_meanwhile_is_kept_as_a_new_one() -> None:
    keeper = _keeper()
    talk = keeper.keep(VISITOR, OpenTalk(), (ONE,), Said())
    keeper.desk.remove(VISITOR, talk.id)
    again = keeper.keep(VISITOR, talk, (ONE, TWO), Said())
    assert again.id != talk.id
    assert [card.turns for card in keeper.cards(VISITOR)] == [2]


def test_an_edited_question_leaves_what_held_an_answer_as_it_was() -> None:
    keeper = _keeper()
    talk = keeper.keep(VISITOR, OpenTalk(), (ONE, TWO), Said())
    branch = branched(talk, (TWO,), "And who shops?")
    assert branch == OpenTalk("", "And who shops?")
    edited = keeper.keep(VISITOR, branch, (ONE, replace(THREE, number=2, question="And who shops?")), Said())
    assert edited.title == "And who shops?"
    assert [turn.question for turn in keeper.resume(VISITOR, talk.id).turns] == [ONE.question, TWO.question]
    failed = Turn(2, "!!!").ended(Trouble("advice", "No words.", "Write some."))
    assert branched(talk, (failed,), "And who shops?") == talk


def test_another_visitor_has_nothing_of_it() -> None:
    keeper = _keeper()
    talk = keeper.keep(VISITOR, OpenTalk(), (ONE,), Said())
    assert keeper.cards(OTHER) == ()
    with pytest.raises(InputError):
        keeper.resume(OTHER, talk.id)
    assert keeper.keep(OTHER, talk, (TWO,), Said()).id != talk.id
    assert [turn.question for turn in keeper.resume(VISITOR, talk.id).turns] == [ONE.question]


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(1, "?").ended(Trouble("advice", "No words here.", "Write it in words.")), "No words here. Write it"),
        (Turn(1, "?").ended(stopped(())), "Stopped. Your question is kept."),
        (Turn(1, "?"), NOTHING_WRITTEN),
        (turn_again(1, KeptTurn("?", None, "It quoted a file.")), "It quoted a file."),
    ],
)
def test_a_turn_without_an_answer_keeps_its_question_and_says_why(turn: Turn, words: str) -> None:
    kept = kept_turn(turn)
    assert kept.answer is None
    assert words in kept.gone
    again = turn_again(7, kept)
    assert (again.number, again.question, again.busy) == (7, "?", False)
    assert kept_turn(again) == kept
    assert words in turn_html(again, None)


def test_a_stopped_answer_comes_back_as_stopped() -> None:
    turn = ONE.moved(AnswerReady(replace(ANSWER, status="stopped", sentences=ANSWER.sentences[:1])))
    again = turn_again(1, kept_turn(turn))
    assert again.trouble == turn.trouble
    assert again.trouble is not None


def test_what_was_asked_is_told_by_the_evidence() -> None:
    mine: tuple[Evidence, ...] = tuple(
        replace(item, source=replace(item.source, owner="visitor")) for item in ANSWER.evidence
    )
    for evidence, where in (
        ((), "library"),
        (ANSWER.evidence, "library"),
        (mine, "files"),
        (mine[:1] + ANSWER.evidence, "both"),
    ):
        assert turn_again(1, KeptTurn("?", replace(ANSWER, evidence=evidence))).asked.where == where


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (6.9 * 86_400, "6 days ago"),
        (8 * 86_400, "13 September 2026"),
    ],
)
def test_when_is_said_in_words(ago: float, words: str) -> None:
    assert when_words(NOW - ago, NOW) == words


def test_the_list_marks_the_open_one_and_escapes_every_name() -> None:
    cards = (TalkCard("talk-a", HOSTILE, 1, NOW), TalkCard("talk-b", "Who cooks?", 3, NOW - 7200))
    out = list_html(cards, NOW, "talk-b")
    assert "<script" not in out
    assert "<img" not in out
    assert out.count('aria-current="true"') == 1
    row = out[out.index('data-talk="talk-b"') :]
    assert 'aria-current="true"' in row
    assert "3 questions, 2 hours ago" in row
    assert "1 question, just now" in out
    assert 'href="talks/talk-b/handout"' in row
    assert 'href="talks/talk-b/handout.md"' in row


def test_an_empty_list_says_why() -> None:
    assert "Nothing here yet" in list_html((), NOW)
    assert "no cookies" in list_html((), NOW, keeps=False)


def test_only_an_empty_page_offers_to_go_on() -> None:
    cards = (TalkCard("talk-a", "Who cooks?", 1, NOW), TalkCard("talk-b", "Who shops?", 1, NOW))
    assert "Who cooks?" in offer_html(cards, OpenTalk(), started=False)
    assert "All conversations" in offer_html(cards, OpenTalk(), started=False)
    assert "All conversations" not in offer_html(cards[:1], OpenTalk(), started=False)
    for out in (offer_html(cards, OpenTalk("talk-b"), started=True), offer_html((), OpenTalk("talk-b"), started=False)):
        assert 'data-talk="talk-b"' in out
        assert "<button" not in out

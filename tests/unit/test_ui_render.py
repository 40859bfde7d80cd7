"""The conversation, the panel and the clipboard, from values alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cml_mm.types import AnswerReady, Edge, Relation, SentenceReady, Step
from cml_mm.ui.copying import answer_markdown
from cml_mm.ui.evidence import locator_words, panel_html
from cml_mm.ui.frame import Library, examples_html, header_html, hint_html
from cml_mm.ui.relation import path_html, path_words
from cml_mm.ui.render import past_html, status_line, turn_html
from cml_mm.ui.turns import Trouble, Turn, stopped
from tests.support.fake_engine import (
    ABSENT,
    ANSWER,
    FIRST,
    FOURTH,
    HOSTILE_ANSWER,
    REQUIRES,
    SENTENCES,
    TENSION,
    THIRD,
    FakeEngine,
)

STATUS = FakeEngine().status()
ASKED = Turn(3, "What helps?")
DONE = ASKED.moved(AnswerReady(ANSWER))


def test_a_turn_moves_with_the_events_of_the_engine() -> None:
    turn = ASKED.moved(Step("Understood", done=True)).moved(Step("Writing"))
    assert [step.done for step in turn.steps] == [True, False]
    assert turn.moved(Step("Writing", done=True)).steps[-1].done
    turn = turn.moved(SentenceReady(SENTENCES[5], (FOURTH, FIRST))).moved(SentenceReady(SENTENCES[0], (FIRST,)))
    assert [item.number for item in turn.evidence] == [1, 4]
    assert turn.busy
    assert not turn.moved(AnswerReady(ANSWER)).busy


def test_a_stopped_answer_keeps_its_sentences() -> None:
    turn = ASKED.moved(SentenceReady(SENTENCES[0], (FIRST,)))
    turn = turn.moved(AnswerReady(replace(ANSWER, status="stopped", sentences=SENTENCES[:1])))
    out = turn_html(turn, STATUS)
    assert "What was written so far is kept." in out
    assert "write every regular chore" in out
    assert stopped(()).text == "Your question is kept."


def test_citations_follow_the_sentence_and_name_their_source() -> None:
    out = turn_html(DONE, STATUS)
    assert 'href="#ev-3-1" data-cite="3-1" aria-label="Source 1: Visible Work">1</a>' in out
    assert out.index("whether or not anyone asks.") < out.index('data-cite="3-2"')
    assert "4 of 6 sentences hold up against their source" in out


@pytest.mark.parametrize(
    ("verdict", "words"), [("partly", "partly"), ("unsupported", "no source"), ("not_checked", "not checked yet")]
)
def test_every_doubt_is_a_word_too(verdict: str, words: str) -> None:
    answer = replace(ANSWER, sentences=(replace(SENTENCES[0], verdict=verdict),))  # type: ignore[arg-type]
    assert f"{words}</span>" in turn_html(ASKED.moved(AnswerReady(answer)), STATUS)


def test_the_status_line_names_time_library_and_writer() -> None:
    line = "Answered in 0.4 s from 3,616 patterns by the built-in composer (no language model)"
    assert status_line(ANSWER, STATUS) == line
    assert status_line(replace(ANSWER, seconds=0.01, model="Qwen 3"), None) == "Answered in under 0.1 s by Qwen 3"
    assert status_line(ABSENT, STATUS).startswith("Looked for 0.4 s in 3,616 patterns")


def test_waiting_tells_the_place_and_the_time_where_known() -> None:
    assert "You are third in line, about 20 seconds" in turn_html(replace(ASKED, place=3, wait=20.2), None)
    assert "You are number 14 in line<" in turn_html(replace(ASKED, place=14), None)


def test_not_in_the_library_says_so_once() -> None:
    out = turn_html(ASKED.moved(AnswerReady(ABSENT)), STATUS)
    assert out.count("That is not in the library") == 1
    assert "The nearest is <b>Tool Library</b>. It does not answer your question." in out
    assert "hold up" not in out
    assert 'class="note"' in out


def test_trouble_of_ours_carries_its_reference_and_no_details() -> None:
    out = turn_html(ASKED.ended(Trouble("ours", "Something went wrong here, not with you", "", "7F3A")), None)
    assert "7F3A" in out
    assert "Try again" in out


def test_earlier_turns_fold_to_a_line() -> None:
    out = past_html((DONE, ASKED.ended(stopped(()))), STATUS)
    assert out.count("<details>") == 2
    assert "Open this answer, 4 sources" in out


def test_the_panel_holds_every_source_with_its_credit() -> None:
    out = panel_html((DONE,))
    for item in ANSWER.evidence:
        assert f'id="ev-3-{item.number}"' in out
    assert 'href="https://example.org/visible-work" target="_blank" rel="noopener noreferrer"' in out
    assert "Commons Library contributors, CC BY-SA 4.0" in out
    assert "Considered, not used (2)" in out


def test_locators_in_words() -> None:
    assert locator_words(FIRST) == "Pattern, section “Solution”"
    assert locator_words(FOURTH) == "Lighthouse, section “Story”"
    assert locator_words(THIRD) == "Relation path, two steps"
    assert path_words((REQUIRES,) * 7) == "Relation path, 7 steps"


def test_a_path_reads_downwards_whichever_way_its_links_point() -> None:
    back = Relation("ENABLES", "c", "b", "earlier", "", 1, "", "C", "B")
    there = Relation("REQUIRES", "a", "b", "machine", "", 1, "", "A", "B")
    out = path_html((there, back), Edge("a", "REQUIRES", "b"))
    assert [out.index(f">{name}</div>") for name in "ABC"] == sorted(out.index(f">{n}</div>") for n in "ABC")
    assert "REQUIRES<" in out
    assert "ENABLED BY<" in out
    turned = path_html((TENSION, REQUIRES), Edge("x", "TENSIONS_WITH", "y"))
    assert turned.index("Gift of Attention") < turned.index("Visible Work") < turned.index("Role Rotation")
    assert "REQUIRED BY<" in turned


def test_an_edge_without_a_stored_relation_is_drawn_from_its_names() -> None:
    out = path_html((), Edge("role-rotation", "REQUIRES", "visible-work"))
    assert "Role rotation" in out
    assert "REQUIRES" in out
    assert "Inferred" in out


def test_hostile_values_are_escaped_everywhere() -> None:
    turn = ASKED.moved(AnswerReady(HOSTILE_ANSWER))
    turn = replace(turn, question=HOSTILE_ANSWER.title)
    for out in (turn_html(turn, STATUS), past_html((turn,), STATUS), panel_html((turn,))):
        assert "<script" not in out
        assert "<img" not in out
        assert "<iframe" not in out
        assert "<style" not in out
        assert 'href="javascript' not in out


def test_copying_gives_markdown_with_numbered_sources() -> None:
    out = answer_markdown(ANSWER)
    assert out.startswith("## Start with Visible Work\n\nStart with Visible Work: write")
    assert "last week's chores. [1][2]" in out
    assert "changes every season. (partly) [4]" in out
    assert "[2] Role Rotation, Pattern, section “Solution”." in out
    hostile = answer_markdown(HOSTILE_ANSWER)
    assert "\n#" not in hostile.replace("## ", "", 1)
    assert "[click](" not in hostile  # the brackets are escaped


def test_header_and_hint_say_what_is_going_on() -> None:
    assert "Opening the library…" in header_html(Library())
    part = replace(STATUS, section_vectors=360)
    assert "Ready. Reading deeper: 40 %" in header_html(Library("Reading deeper: 40 %", part))
    assert "Ready, works offline" in header_html(Library("", STATUS))
    assert hint_html(Library("", STATUS)) == ""
    assert "starter library, 20 patterns" in hint_html(Library("", replace(STATUS, patterns=20)))
    assert Library("", STATUS).settled
    assert not Library("", part).settled
    assert examples_html(()) == ""
    assert 'data-ask="&lt;b&gt;"' in examples_html(("<b>",))

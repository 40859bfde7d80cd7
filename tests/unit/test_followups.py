"""Follow-ups over the starter library's names: made whole where they lean, untouched where they stand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from cml_mm.answering.followups import resolve
from cml_mm.corpus.library import load_library
from cml_mm.evaluation.questions import read_questions
from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.names import NameIndex
from cml_mm.settings import ROOT
from cml_mm.talk import PastTurn, Talk
from cml_mm.types import Lighthouse, Pattern
from tests.support.conversations import CONVERSATIONS, Conversation

STARTER = ROOT / "indexes" / "starter"
QUESTIONS = ROOT / "benchmarks" / "abstention_questions.jsonl"


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    library = load_library([Path(STARTER)])
    pages: tuple[Pattern | Lighthouse, ...] = (*library.patterns, *library.lighthouses)
    return tuple(_entry(page) for page in pages)


@pytest.fixture(scope="module")
def names(entries: tuple[Entry, ...]) -> NameIndex:
    return NameIndex(entries)


@pytest.fixture(scope="module")
def titles(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.slug: entry.title for entry in entries}


def _entry(page: Pattern | Lighthouse) -> Entry:
    aliases = page.aliases if isinstance(page, Pattern) else ()
    return Entry(page.slug, page.title, page.source.kind, page.summary, page.source, aliases, (), "", False, 0)


@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: talk.asks)
def test_conversation(talk: Conversation, names: NameIndex, titles: dict[str, str]) -> None:
    found = resolve(talk.asks, talk.talk, names, titles)
    assert found.changed == bool(talk.wants), found.question
    assert _in_order(talk.wants, found.question), found.question
    if not talk.wants:
        assert found.question == talk.asks


@pytest.mark.parametrize("refused", [False, True])
def test_a_question_that_stands_on_its_own_is_never_touched(
    refused: bool, names: NameIndex, titles: dict[str, str]
) -> None:
    turn = PastTurn("What is Water Turns?", "What is Water Turns?", ("water-turns", "watershed-council"), "", refused)
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    asked += [row.question for row in read_questions(STARTER / "questions.jsonl", "dev")]
    changed = [question for question in asked if resolve(question, Talk((turn,)), names, titles).changed]
    assert not changed


def test_what_else_passes_over_what_was_told(names: NameIndex, titles: dict[str, str]) -> None:
    turn = PastTurn("Nobody cleans. What helps?", "Nobody cleans. What helps?", ("role-rotation", "time-bank"))
    found = resolve("What else?", Talk((turn,)), names, titles)
    assert found.question == "Nobody cleans. What helps?"
    assert found.told == ("role-rotation", "time-bank")


def test_a_slug_that_the_library_no_longer_holds_is_passed_over(names: NameIndex, titles: dict[str, str]) -> None:
    turn = PastTurn("Nobody cleans. What helps?", "Nobody cleans. What helps?", ("gone", "time-bank"))
    assert resolve("Who uses it?", Talk((turn,)), names, titles).question == "Who uses Time Bank?"


def _in_order(pieces: Iterable[str], text: str) -> bool:
    place = 0
    for piece in pieces:
        place = text.lower().find(piece.lower(), place)
        if place < 0:
            return False
    return True

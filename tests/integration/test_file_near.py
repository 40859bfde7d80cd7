"""What the nearness of sentences adds: answers that a long piece drowns, and clauses against patterns without links."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, Scope, ScopeKind
from cml_mm.types import Answer, AnswerReady, Section
from tests.support import own_files

RULES = (
    "3. The board\n\nBoard members serve for life or until they resign. The board need not tell members the reasons"
    " for its decisions. The board has three persons.\n\n"
    "6. Accounts\n\nThe accounts are confidential and are not shown to members. An auditor, Hartwell and Sons, checks"
    " the books every two years.\n\n"
    "10. Rooms\n\nThe workshop may be used from 8:00 to 20:00. The guest flat costs 22 euros a night. Keys are kept by"
    " the caretaker, Mr Osei. The terrace is closed in winter. In winter the heating runs from October."
)
DUES = "\n".join(
    f"- Household: {name}; Flat: {flat}; Paid: {paid}; Open: {480 - paid}"
    for name, flat, paid in (("Abara", "1A", 480), ("Fontaine", "6B", 360), ("Jansen", "9A", 120), ("Ito", "4A", 480))
)
LETTER = "Die Pacht beträgt 180 Euro im Jahr.\n\nDer Vertrag läuft bis zum 31. Dezember 2027. Hunde sind nicht erlaubt."


class Asking:
    """Three files of a visitor over the starter library."""

    def __init__(self, opened: Opened, encoder: MiniLM) -> None:
        self.opened = opened
        self.files = (
            own_files.stored(encoder, 11, "rules.pdf", "House rules", "pdf", (Section("other", "Page 1", RULES, 1),)),
            own_files.stored(encoder, 12, "dues.csv", "dues", "csv", (Section("other", "Rows 1 to 4", DUES),)),
            own_files.stored(encoder, 13, "brief.txt", "Brief", "txt", (Section("other", "", LETTER),)),
        )

    def __call__(self, question: str, file: int, where: ScopeKind = "files") -> Answer:
        source = self.opened.source((self.files[file],))
        events = self.opened.answerer.ask(question, lambda: False, NO_TALK, Scope(where, "visitor"), source)
        return next(event.answer for event in events if isinstance(event, AnswerReady))


@pytest.fixture(scope="module")
def ask(settings: Settings, encoder: MiniLM, engine: Engine) -> Iterator[Asking]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Asking(Opened.over(snapshot, encoder), encoder)
    snapshot.close()


def said(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "file", "words"),
    [
        ("Who keeps the keys?", 0, "Keys are kept by the caretaker"),
        ("Who audits the books?", 0, "Hartwell and Sons"),
        ("How many persons are on the board?", 0, "three persons"),
        ("How much did Fontaine pay?", 1, "Paid: 360"),
        ("How much does Jansen still owe?", 1, "Open: 360"),
        ("Which flat does Ito live in?", 1, "Flat: 4A"),
        ("Wie hoch ist die Pacht?", 2, "180 Euro"),
        ("Bis wann läuft der Vertrag?", 2, "bis zum 31. Dezember 2027."),
    ],
)
def test_one_sentence_that_says_it_is_enough(ask: Asking, question: str, file: int, words: str) -> None:
    answer = ask(question, file)
    assert answer.status == "answered"
    assert words in answer.sentences[0].text


@pytest.mark.parametrize(
    ("question", "file"),
    [
        ("Who is the mayor?", 0),
        ("What is the wifi password?", 0),
        ("How do I bake bread?", 0),
        ("How much did Miller pay?", 1),
        ("What is the quorum?", 1),
        ("Wer ist der Bürgermeister?", 2),
    ],
)
def test_what_no_sentence_says_is_said_to_be_missing(ask: Asking, question: str, file: int) -> None:
    assert ask(question, file).status == "not_in_library"


def test_rules_that_hold_an_opposite_stand_beside_the_pattern_that_advises_it(ask: Asking) -> None:
    answer = ask("Which of our rules' clauses go against the patterns?", 0, "both")
    pairs = {
        "for life": "Role Rotation",
        "confidential": "Open Books",
        "need not tell": "Open Decision Log",
    }
    text = said(answer)
    for words, title in pairs.items():
        assert f"This may pull against {title}" in text
        assert f"“{words}” stands against" in text
    assert "22 euros a night" not in text
    assert "for people to decide" in text
    assert not [notice for notice in answer.notices if "withheld" in notice.text]
    owners = {item.number: item.source.owner for item in answer.evidence}
    assert set(owners.values()) == {"visitor", "library"}


def test_an_exact_sentence_of_ones_own_comes_before_the_library(ask: Asking) -> None:
    answer = ask("Who keeps the keys?", 0, "both")
    assert answer.evidence[0].source.owner == "visitor"

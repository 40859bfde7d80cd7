"""Visitors' conversations: kept, bounded, another's never; no answer outlives the file it quotes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.errors import InputError
from cml_mm.ports import TalkDesk
from cml_mm.record import Record
from cml_mm.record.mentions import mentioned_files
from cml_mm.talk import Facet
from cml_mm.types import Edge
from cml_mm.visits import KeptTalk, KeptTurn, new_file_id, new_talk_id
from tests.support.record_values import (
    ANNA,
    BERT,
    DAY,
    Clock,
    answer_quoting,
    arrived,
    everything_under,
    keep,
    stored_file,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def record(tmp_path: Path, clock: Clock) -> Iterator[Record]:
    opened = Record(tmp_path / "data", DAY, 30 * DAY, clock=clock)
    yield opened
    opened.close()


def talk_of(*questions: str, title: str = "", files: tuple[str, ...] = ()) -> KeptTalk:
    turns = tuple(KeptTurn(question, answer_quoting(*files)) for question in questions)
    return KeptTalk(new_talk_id(), title, turns)


def test_a_conversation_comes_back_as_it_was(record: Record, clock: Clock) -> None:
    desk: TalkDesk = record.talks
    kept = KeptTalk(
        new_talk_id(),
        "Who decides",
        (KeptTurn("Who decides?", answer_quoting()), KeptTurn("And \x00 \ud800?"), KeptTurn("Gone?", None, "No more.")),
        (Facet("persona", "founder", "a founder", "chosen"),),
        (("stage", "scale"),),
        "both",
    )
    desk.save(ANNA, kept)
    assert desk.load(ANNA, kept.id) == replace(kept, changed=clock.now)
    longer = replace(kept, turns=(*kept.turns, KeptTurn("More?", answer_quoting())), where="library")
    clock.now += 5
    desk.save(ANNA, longer)
    assert desk.load(ANNA, kept.id) == replace(longer, changed=clock.now)
    shorter = replace(kept, turns=kept.turns[1:2])
    desk.save(ANNA, shorter)
    assert desk.load(ANNA, kept.id) == replace(shorter, changed=clock.now)
    assert [card.turns for card in desk.talks(ANNA)] == [1]


def test_the_list_shows_the_last_changed_first(record: Record, clock: Clock) -> None:
    first, second = talk_of("One?"), talk_of("Two?", "Three?")
    for talk in (first, second, first):
        clock.now += 1
        record.talks.save(ANNA, talk)
    cards = record.talks.talks(ANNA)
    assert [(card.id, card.turns, card.changed) for card in cards] == [
        (first.id, 1, clock.now),
        (second.id, 2, clock.now - 1),
    ]


@pytest.mark.parametrize(
    ("title", "question", "shown"),
    [
        ("", "Who\n  decides?", "Who decides?"),
        ("", "word " * 40, " ".join(["word"] * 16) + "…"),
        ("", "x" * 200, "x" * 80 + "…"),
        ("", "  ", "Untitled"),
        ("My own", "Who decides?", "My own"),
    ],
)
def test_a_title_is_the_first_question_where_there_is_none(
    record: Record, title: str, question: str, shown: str
) -> None:
    talk = talk_of(question, title=title)
    record.talks.save(ANNA, talk)
    assert record.talks.talks(ANNA)[0].title == record.talks.load(ANNA, talk.id).title == shown


def test_a_name_given_by_hand_stays(record: Record, clock: Clock) -> None:
    talk = talk_of("Who decides?")
    record.talks.save(ANNA, talk)
    clock.now += 9
    record.talks.rename(ANNA, talk.id, "  Our   statutes ")
    assert record.talks.talks(ANNA)[0].changed == clock.now - 9  # it stays at its place in the list
    record.talks.save(ANNA, replace(talk, title="Who decides?"))  # a page that does not know it yet
    assert record.talks.load(ANNA, talk.id).title == "Our statutes"
    with pytest.raises(InputError, match="title"):
        record.talks.rename(ANNA, talk.id, " \n ")


def test_another_visitors_conversation_is_as_if_it_never_was(record: Record) -> None:
    talk = talk_of("Who decides?")
    record.talks.save(ANNA, talk)
    for visitor in (BERT, "", ANNA[:-1], "%"):
        said = set()
        for wanted in (talk.id, new_talk_id(), "", "%", "' OR 1=1 --"):
            for ask in (
                record.talks.load,
                record.talks.remove,
                lambda visitor, wanted: record.talks.rename(visitor, wanted, "Mine now"),
            ):
                with pytest.raises(InputError) as caught:
                    ask(visitor, wanted)
                said.add(str(caught.value))
        assert len(said) == 1
    with pytest.raises(InputError) as caught:
        record.talks.save(BERT, replace(talk, title="Mine now"))
    assert {str(caught.value)} == said
    assert record.talks.talks(BERT) == ()
    assert record.talks.load(ANNA, talk.id).turns == talk.turns


def test_what_has_no_visitor_or_no_turns_is_not_kept(record: Record) -> None:
    record.talks.save("", talk_of("Who decides?"))
    record.talks.save(ANNA, KeptTalk(new_talk_id(), "Empty"))
    assert record.talks.talks("") == record.talks.talks(ANNA) == ()


def test_the_oldest_make_room(record: Record, clock: Clock) -> None:
    other = talk_of("Bert's?")
    record.talks.save(BERT, other)
    turns = tuple(KeptTurn(f"Question {number}?") for number in range(205))
    long = KeptTalk(new_talk_id(), "", turns)
    record.talks.save(ANNA, long)
    assert [turn.question for turn in record.talks.load(ANNA, long.id).turns] == [turn.question for turn in turns[5:]]
    for number in range(200):
        clock.now += 1
        record.talks.save(ANNA, KeptTalk(f"talk-{number}", "", (KeptTurn("Why?"),)))
    cards = record.talks.talks(ANNA)
    assert len(cards) == 200
    assert long.id not in {card.id for card in cards}
    assert len(record.talks.talks(BERT)) == 1


def test_a_conversation_expires_after_its_last_change(record: Record, clock: Clock) -> None:
    talk = talk_of("Who decides?")
    record.talks.save(ANNA, talk)
    clock.now += 29 * DAY
    record.talks.save(ANNA, talk)
    clock.now += 29 * DAY
    assert len(record.talks.talks(ANNA)) == 1
    clock.now += DAY
    assert record.talks.talks(ANNA) == ()
    for ask in (record.talks.load, record.talks.remove):
        with pytest.raises(InputError):
            ask(ANNA, talk.id)
    assert record.sweep().talks == 1
    assert record.sweep().talks == 0


@pytest.mark.parametrize("way", ["remove", "expire", "sweep", "lose"])
def test_no_answer_outlives_the_file_that_it_quotes(record: Record, clock: Clock, way: str) -> None:
    file = keep(record, ANNA, 1).card.id
    clock.now += 10
    other = keep(record, ANNA, 2).card.id
    talk = KeptTalk(
        new_talk_id(),
        "",
        (
            KeptTurn("Of both?", answer_quoting(file, other)),
            KeptTurn("Of one?", answer_quoting(other)),
            KeptTurn("Of none?", answer_quoting()),
        ),
    )
    record.talks.save(ANNA, talk)
    assert record.talks.load(ANNA, talk.id).turns == talk.turns
    if way == "remove":
        record.files.remove(ANNA, file)
    if way in ("expire", "sweep"):
        clock.now += DAY - 10
    if way == "lose":
        record.files.content(ANNA, file).unlink()
    if way in ("sweep", "lose"):
        assert record.sweep().files == ((ANNA, file),)
    turns = record.talks.load(ANNA, talk.id).turns
    assert turns[0] == KeptTurn("Of both?", None, "This answer quoted a file that has been deleted.")
    assert turns[1:] == talk.turns[1:]


def test_an_answer_that_comes_after_the_deletion_is_not_kept(tmp_path: Path, record: Record) -> None:
    file = keep(record, ANNA, 1).card.id
    talk = KeptTalk(new_talk_id(), "", (KeptTurn("Of it?", answer_quoting(file, words="Distinctive words.")),))
    record.files.remove(ANNA, file)
    record.talks.save(ANNA, talk)  # its answer was still being written
    turn = record.talks.load(ANNA, talk.id).turns[0]
    assert turn == KeptTurn("Of it?", None, "This answer quoted a file that has been deleted.")
    connection = sqlite3.connect(tmp_path / "data" / "record.sqlite")
    assert connection.execute("SELECT answer FROM turns").fetchall() == [(None,)]  # not even hidden
    connection.close()
    stolen = keep(record, BERT, 2).card.id
    record.talks.save(ANNA, replace(talk, turns=(KeptTurn("Of it?", answer_quoting(stolen)),)))
    assert record.talks.load(ANNA, talk.id).turns[0].answer is None  # another's file is none of hers


def test_a_conversation_deleted_meanwhile_does_not_come_back(record: Record, clock: Clock) -> None:
    talk, other = talk_of("Who decides?"), talk_of("And who pays?")
    for kept in (talk, other):
        record.talks.save(ANNA, kept)
    record.talks.remove(ANNA, talk.id)
    record.talks.save(ANNA, talk)
    assert [card.id for card in record.talks.talks(ANNA)] == [other.id]
    record.forget(ANNA)
    for kept in (talk, other, talk_of("A new one?")):
        record.talks.save(ANNA, kept)
    assert record.talks.talks(ANNA) == ()
    record.talks.save(BERT, talk_of("Mine?"))
    assert len(record.talks.talks(BERT)) == 1
    clock.now += DAY
    record.sweep()
    record.talks.save(ANNA, talk_of("Back again?"))
    assert len(record.talks.talks(ANNA)) == 1


def test_nothing_of_a_deleted_conversation_is_left_on_the_disk(tmp_path: Path, record: Record) -> None:
    data = tmp_path / "data"
    talks = {
        number: talk_of(f"{number} {number * 7919:x}?", title=f"Title {number * 104729:x}") for number in range(60)
    }
    for number, talk in talks.items():
        record.talks.save(ANNA if number % 2 else BERT, talk)
    connection = sqlite3.connect(data / "record.sqlite")
    rows = connection.execute("SELECT talks.id, title, question FROM talks JOIN turns ON talk = id").fetchall()
    connection.close()
    before = everything_under(data)
    assert all(piece in before for row in rows for piece in row[1:])
    mine = {talk.id for number, talk in talks.items() if number % 2}
    for number, talk in list(talks.items())[1::4]:
        record.talks.remove(ANNA, talk.id)
        mine.discard(talk.id)
        assert number % 2
    record.talks.rename(ANNA, min(mine), "Another title altogether")
    record.forget(ANNA)
    left = everything_under(data)
    for talk, title, question in rows:
        kept = any(talk == other.id for number, other in talks.items() if not number % 2)
        assert (title in left, question in left) == (kept, kept)


def test_an_answer_of_another_version_is_said_to_be_one(tmp_path: Path, record: Record) -> None:
    talk = talk_of("One?", "Two?")
    record.talks.save(ANNA, talk)
    connection = sqlite3.connect(tmp_path / "data" / "record.sqlite")
    connection.execute("UPDATE turns SET answer = x'00' WHERE place = 0")
    connection.commit()
    connection.close()
    first, second = record.talks.load(ANNA, talk.id).turns
    assert (first.question, first.answer) == ("One?", None)
    assert "another version" in first.gone
    assert second == talk.turns[1]


def test_an_answer_names_files_wherever_it_does() -> None:
    one, two, three = (new_file_id() for _ in range(3))
    answer = answer_quoting(one)
    edge = replace(answer.evidence[0], locator=Edge("open-books", "RELATED", two))
    considered = answer_quoting("any-id").evidence[1:]
    full = replace(answer, ranked=("open-books", three), considered=(edge, *considered))
    assert mentioned_files(full) == {one, two, three, "any-id"}
    assert mentioned_files(answer_quoting()) == frozenset()


def test_threads_that_save_and_delete_files_leave_no_answer_that_quotes_a_deleted_one(record: Record) -> None:
    files = []
    for seed in range(12):
        stored = stored_file(seed)
        record.files.keep(ANNA, stored, arrived(record.inbox, seed))
        files.append(stored.card.id)
    talks = [talk_of("Of it?", files=(file,)) for file in files]
    failed: list[BaseException] = []

    def each(step: object, values: list[object]) -> None:
        try:
            for value in values:
                step(value)  # type: ignore[operator]
        except BaseException as exc:
            failed.append(exc)

    threads = [
        threading.Thread(target=each, args=(lambda talk: record.talks.save(ANNA, talk), talks)),
        threading.Thread(target=each, args=(lambda file: record.files.remove(ANNA, file), files)),
        threading.Thread(target=each, args=(lambda talk: record.talks.save(ANNA, talk), talks[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {record.talks.load(ANNA, talk.id).turns[0].answer for talk in talks} == {None}

"""Visitors' files: kept whole, shown to nobody else, gone without a trace."""

from __future__ import annotations

import random
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.errors import InputError, LimitExceeded, StoreCorrupt, StoreError
from cml_mm.record import Record
from cml_mm.visits import FileCard, KeptTalk, KeptTurn, Limits, StoredFile, new_file_id
from tests.support.record_values import (
    ANNA,
    BERT,
    DAY,
    Clock,
    answer_quoting,
    arrived,
    content_of,
    everything_under,
    keep,
    same,
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


def test_a_file_comes_back_whole_also_after_a_restart(tmp_path: Path, record: Record, clock: Clock) -> None:
    stored = keep(record, ANNA, 1, "Sätze für alle.pdf")
    keep(record, ANNA, 2)
    record.close()
    again = Record(tmp_path / "data", DAY, 30 * DAY, clock=clock)
    try:
        back = again.files.stored(ANNA, stored.card.id)
        assert same(back, stored)
        assert back.read.document == stored.read.document
        assert again.files.content(ANNA, stored.card.id).read_bytes() == content_of(1)
        card = back.card
        assert (card.state, card.size_bytes, card.added, card.expires) == ("ready", 20_000, clock.now, clock.now + DAY)
        assert [item.sha256 for item in again.files.load(ANNA)].count(stored.sha256) == 1
        assert [card.size_bytes for card in again.files.cards(ANNA)] == [20_000, 20_000]
        assert list(again.inbox.iterdir()) == []
    finally:
        again.close()


def test_files_are_listed_newest_first(record: Record, clock: Clock) -> None:
    ids = []
    for seed in range(4):
        clock.now += 1
        ids.insert(0, keep(record, ANNA, seed).card.id)
    assert [card.id for card in record.files.cards(ANNA)] == ids
    assert [item.card.id for item in record.files.load(ANNA)] == ids


def test_the_same_bytes_are_kept_once_for_a_visitor_and_separately_for_another(record: Record) -> None:
    first = keep(record, ANNA, 1)
    found = record.files.find(ANNA, first.sha256)
    assert found is not None and found.card.id == first.card.id
    assert record.files.find(BERT, first.sha256) is None
    content = arrived(record.inbox, 1)
    assert record.files.keep(ANNA, stored_file(1, "again.pdf"), content).id == first.card.id
    assert not content.exists()
    assert len(record.files.cards(ANNA)) == 1
    other = keep(record, BERT, 1)
    assert [card.id for card in record.files.cards(BERT)] == [other.card.id]


def _asked(record: Record) -> list[Callable[[str, str], object]]:
    return [record.files.stored, record.files.content, record.files.remove]


def test_another_visitors_file_is_as_if_it_never_was(record: Record) -> None:
    stored = keep(record, ANNA, 1)
    for ask in _asked(record):
        for visitor in (BERT, "", "../" + ANNA, ANNA[:-1], "%", "_" * 40):
            said = set()
            for file in (stored.card.id, new_file_id(), "", "../../record.sqlite", "file-%", "' OR 1=1 --"):
                with pytest.raises(InputError) as caught:
                    ask(visitor, file)
                said.add(str(caught.value))
            assert len(said) == 1
    assert record.files.cards(BERT) == record.files.load(BERT) == ()
    assert same(record.files.stored(ANNA, stored.card.id), stored)


def test_without_a_visitor_nothing_is_kept(record: Record) -> None:
    content = arrived(record.inbox, 1)
    with pytest.raises(InputError, match="cookies"):
        record.files.keep("", stored_file(1), content)
    assert not content.exists()
    assert record.files.cards("") == ()


@pytest.mark.parametrize("again", [ANNA, BERT])
def test_an_id_that_is_taken_harms_nobody(record: Record, again: str) -> None:
    stored = keep(record, ANNA, 1)
    with pytest.raises(StoreError):
        record.files.keep(again, stored_file(2, file=stored.card.id), arrived(record.inbox, 2))
    assert same(record.files.stored(ANNA, stored.card.id), stored)
    assert record.files.content(ANNA, stored.card.id).read_bytes() == content_of(1)
    assert record.files.cards(BERT) == ()
    assert record.sweep().folders == 0


def test_an_expired_file_is_gone_before_it_is_swept(tmp_path: Path, record: Record, clock: Clock) -> None:
    old = keep(record, ANNA, 1)
    clock.now += DAY / 2
    young = keep(record, ANNA, 2)
    clock.now += DAY / 2
    assert [card.id for card in record.files.cards(ANNA)] == [young.card.id]
    assert [item.card.id for item in record.files.load(ANNA)] == [young.card.id]
    assert record.files.find(ANNA, old.sha256) is None
    for ask in _asked(record):
        with pytest.raises(InputError):
            ask(ANNA, old.card.id)
    swept = record.sweep()
    assert (swept.files, swept.folders) == (((ANNA, old.card.id),), 0)
    left = everything_under(tmp_path / "data")
    assert content_of(1)[:64] not in left
    assert content_of(2)[:64] in left


def test_bytes_that_have_expired_can_be_added_again(record: Record, clock: Clock) -> None:
    keep(record, ANNA, 1)
    clock.now += DAY + 1
    again = keep(record, ANNA, 1)
    assert same(record.files.stored(ANNA, again.card.id), again)
    assert record.sweep().folders == 1  # that of the first
    assert record.files.content(ANNA, again.card.id).is_file()


def test_what_one_visitor_may_keep_is_limited(tmp_path: Path) -> None:
    limits = Limits(visitor_files=2, visitor_bytes=50_000)
    record = Record(tmp_path / "data", DAY, DAY, limits)
    try:
        first = keep(record, ANNA, 1)
        with pytest.raises(LimitExceeded, match="kept for you"):
            record.files.check_room(ANNA, 30_001)
        keep(record, ANNA, 2)
        with pytest.raises(LimitExceeded, match="2 files"):
            keep(record, ANNA, 3)
        assert list(record.inbox.iterdir()) == []
        keep(record, BERT, 3)
        record.files.remove(ANNA, first.card.id)
        keep(record, ANNA, 3)
    finally:
        record.close()


def _needles(data: Path, stored: StoredFile, seed: int) -> list[bytes]:
    """Pieces of everything that is kept of a file, as it stands on the disk."""
    text = stored.read.document.sections[0].text
    needles = [content_of(seed)[:64], stored.card.name.encode(), stored.card.id.encode(), text[:40].encode()]
    connection = sqlite3.connect(data / "record.sqlite")
    row = connection.execute(
        "SELECT card, sha256, read, chunks, vectors, features FROM files WHERE id = ?", (stored.card.id,)
    ).fetchone()
    connection.close()
    for value in row:
        piece = value if isinstance(value, bytes) else value.encode()
        needles += [piece[n : n + 32] for n in range(0, len(piece), 500) if len(piece[n : n + 32]) == 32]
    needles.append(stored.vectors.tobytes()[400:464])
    return needles


@pytest.mark.parametrize("way", ["remove", "forget", "expire"])
def test_nothing_of_a_deleted_file_is_left_on_the_disk(tmp_path: Path, record: Record, clock: Clock, way: str) -> None:
    data = tmp_path / "data"
    chance = random.Random(11)
    deleted, kept = [], []
    for seed in range(24):  # shuffled together, so that they share pages
        (deleted if chance.random() < 0.5 else kept).append(seed)
    clock.now -= DAY / 2 if way == "expire" else 0
    files = {seed: keep(record, ANNA, seed, f"Besonderer Name {seed}.pdf") for seed in deleted[:6]}
    clock.now += DAY / 2 if way == "expire" else 0
    for seed in kept:
        files[seed] = keep(record, BERT, seed, f"Besonderer Name {seed}.pdf")
    needles = {seed: _needles(data, files[seed], seed) for seed in files}
    record.talks.save(
        ANNA, KeptTalk("talk-1", "", (KeptTurn("Geheime Frage?", answer_quoting(files[deleted[0]].card.id)),))
    )
    before = everything_under(data)
    assert all(needle in before for seed in files for needle in needles[seed] if needle not in _unpacked(files[seed]))
    for seed in deleted[:6]:
        if way == "remove":
            record.files.remove(ANNA, files[seed].card.id)
    if way == "forget":
        record.forget(ANNA)
    if way == "expire":
        clock.now += DAY / 2
        record.sweep()
    left = everything_under(data)
    others = {needle for seed in kept for needle in needles[seed]}  # compressed values may begin alike
    for seed in deleted[:6]:
        distinct = [needle for needle in needles[seed] if needle not in others]
        assert len(distinct) > 10
        assert [needle for needle in distinct if needle in left] == []
    for seed in kept:
        assert same(record.files.stored(BERT, files[seed].card.id), files[seed])
    if way == "forget":
        assert ANNA.encode() not in b"".join(str(path).encode() for path in data.rglob("*"))
        assert record.talks.talks(ANNA) == ()


def _unpacked(stored: StoredFile) -> set[bytes]:
    """What stands in the record only in its compressed form."""
    return {stored.card.name.encode(), stored.read.document.sections[0].text[:40].encode()}


def test_a_file_that_is_still_being_read_is_not_kept_after_everything_was_deleted(record: Record, clock: Clock) -> None:
    keep(record, ANNA, 1)
    late = arrived(record.inbox, 2)
    record.forget(ANNA)
    with pytest.raises(InputError, match="deleted"):
        record.files.keep(ANNA, stored_file(2), late)
    assert not late.exists()
    assert record.files.cards(ANNA) == ()
    assert record.sweep().folders == 0
    record.forget("")  # nobody: nothing happens
    keep(record, BERT, 3)


def test_only_the_apps_own_user_may_look(tmp_path: Path, record: Record) -> None:
    keep(record, ANNA, 1)
    for path in (tmp_path / "data", *(tmp_path / "data").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_row_that_cannot_be_read_any_more_says_so_and_spares_the_others(tmp_path: Path, record: Record) -> None:
    broken, whole = keep(record, ANNA, 1), keep(record, ANNA, 2)
    connection = sqlite3.connect(tmp_path / "data" / "record.sqlite")
    connection.execute("UPDATE files SET chunks = x'00' WHERE id = ?", (broken.card.id,))
    connection.commit()
    connection.close()
    assert [item.card.id for item in record.files.load(ANNA)] == [whole.card.id]
    card: FileCard = next(card for card in record.files.cards(ANNA) if card.id == broken.card.id)
    assert (card.state, card.name) == ("failed", "statutes-1.pdf")
    assert "cannot be opened any more" in card.words and "add it once more" in card.hint
    with pytest.raises(StoreCorrupt):
        record.files.stored(ANNA, broken.card.id)
    assert record.files.find(ANNA, broken.sha256) is None
    again = keep(record, ANNA, 1)
    assert same(record.files.stored(ANNA, again.card.id), again)
    assert {card.state for card in record.files.cards(ANNA)} == {"ready"}


def test_folders_without_rows_and_rows_without_bytes_are_swept(tmp_path: Path, record: Record) -> None:
    lost, cut, whole = keep(record, ANNA, 1), keep(record, ANNA, 2), keep(record, BERT, 3)
    record.files.content(ANNA, lost.card.id).unlink()
    cut_path = record.files.content(ANNA, cut.card.id)
    cut_path.write_bytes(cut_path.read_bytes()[:-1])
    sessions = tmp_path / "data" / "sessions"
    stray = sessions / BERT / new_file_id()
    stray.mkdir()
    (stray / "original").write_bytes(b"never acknowledged")
    (sessions / "a stray file").write_bytes(b"?")
    (tmp_path / "data" / "trash" / "half").mkdir()
    swept = record.sweep()
    assert sorted(swept.files) == sorted([(ANNA, lost.card.id), (ANNA, cut.card.id)])
    assert swept.folders == 1
    assert record.files.cards(ANNA) == ()
    assert [path.name for path in sessions.iterdir()] == [BERT]
    assert [path.name for path in (sessions / BERT).iterdir()] == [whole.card.id]
    assert list((tmp_path / "data" / "trash").iterdir()) == []
    assert record.sweep() == replace(swept, files=(), folders=0)


def test_many_threads_keep_and_delete_at_once(record: Record) -> None:
    failed: list[BaseException] = []

    def work(visitor: str, seeds: range) -> None:
        try:
            for seed in seeds:
                stored = keep(record, visitor, seed)
                assert same(record.files.stored(visitor, stored.card.id), stored)
                if seed % 3 == 0:
                    record.files.remove(visitor, stored.card.id)
                if seed % 4 == 0:
                    record.sweep()
        except BaseException as exc:
            failed.append(exc)

    threads = [
        threading.Thread(target=work, args=(visitor, range(start, start + 12)))
        for visitor, start in ((ANNA, 0), (ANNA, 100), (BERT, 200), (BERT, 300))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(record.files.cards(ANNA)) == len(record.files.cards(BERT)) == 16
    assert list(record.inbox.iterdir()) == []
    assert record.sweep().folders == 0

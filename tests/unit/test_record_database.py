"""The record's database and folders: opened by several, migrated, damaged, full, read-only: each in words."""

from __future__ import annotations

import logging
import os
import random
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from cml_mm.errors import SchemaMismatch, StoreBusy, StoreCorrupt, StoreError, StoreFull
from cml_mm.record import Record
from cml_mm.record.database import Database
from cml_mm.visits import new_file_id
from tests.support.record_values import ANNA, DAY, arrived, content_of, everything_under, keep, same, stored_file


def opened(data: Path) -> Record:
    return Record(data, DAY, 30 * DAY)


def test_a_record_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    record = opened(tmp_path)
    stored = keep(record, ANNA, 1)
    record.close()
    connection = sqlite3.connect(tmp_path / "record.sqlite")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"PRAGMA user_version = {version + 1}")
    connection.close()
    with pytest.raises(SchemaMismatch, match=r"newer version.*CML_DATA"):
        opened(tmp_path)
    assert list((tmp_path / "inbox").iterdir()) == []
    connection = sqlite3.connect(tmp_path / "record.sqlite")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    record = opened(tmp_path)
    assert same(record.files.stored(ANNA, stored.card.id), stored)
    record.close()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwrite(path: Path) -> None:
    path.write_bytes(b"This is no database at all. " * 500)


def _scramble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = random.Random(3).randbytes(len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [_cut, _overwrite, _scramble])
def test_a_damaged_record_is_put_aside_and_said(
    tmp_path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    record = opened(tmp_path)
    keep(record, ANNA, 1)
    record.close()
    damage(tmp_path / "record.sqlite")
    damaged = (tmp_path / "record.sqlite").read_bytes()
    with caplog.at_level(logging.ERROR, "cml"):
        record = opened(tmp_path)
    try:
        assert "put aside as record.sqlite.damaged-1" in record.notice
        assert record.notice in caplog.messages
        assert (tmp_path / "record.sqlite.damaged-1").read_bytes() == damaged
        assert record.files.cards(ANNA) == ()
        assert list((tmp_path / "sessions").iterdir()) == []  # nobody could reach those any more
        again = keep(record, ANNA, 1)
        assert same(record.files.stored(ANNA, again.card.id), again)
        record.files.remove(ANNA, again.card.id)  # a promise that covers the damaged record, too
        assert list(tmp_path.glob("*damaged*")) == []
    finally:
        record.close()
    record = opened(tmp_path)
    assert record.notice == ""
    record.close()


def test_damaged_records_are_counted_and_leave_after_a_day(tmp_path: Path) -> None:
    for _ in range(2):
        opened(tmp_path).close()
        _overwrite(tmp_path / "record.sqlite")
    record = opened(tmp_path)
    try:
        assert sorted(path.name for path in tmp_path.glob("*damaged*")) == [
            "record.sqlite.damaged-1",
            "record.sqlite.damaged-2",
        ]
        when = (tmp_path / "record.sqlite.damaged-2").stat().st_ctime
        assert record.sweep(when + DAY - 60).damaged == 0
        assert record.sweep(when + DAY + 60).damaged == 2
    finally:
        record.close()


def test_a_damaged_record_that_another_has_open_is_left_to_it(tmp_path: Path) -> None:
    record = opened(tmp_path)
    try:
        _overwrite(tmp_path / "record.sqlite")
        with pytest.raises(StoreCorrupt, match="Close every app"):
            opened(tmp_path)
        assert list(tmp_path.glob("*damaged*")) == []
    finally:
        record.close()


def test_damage_found_later_is_said_with_the_way_out(tmp_path: Path) -> None:
    record = opened(tmp_path)
    much = replace(stored_file(1), vectors=np.ones((2000, 384), np.float32))  # more than SQLite holds in memory
    record.files.keep(ANNA, much, arrived(record.inbox, 1))
    record.close()
    record = opened(tmp_path)
    try:
        _scramble(tmp_path / "record.sqlite")
        with pytest.raises(StoreCorrupt, match="puts the damaged record aside"):
            record.files.load(ANNA)
    finally:
        record.close()


def test_two_have_the_same_folder_open_and_spare_each_others_inbox(tmp_path: Path) -> None:
    one = opened(tmp_path)
    arriving = arrived(one.inbox, 1)
    other = opened(tmp_path)
    try:
        assert other.inbox != one.inbox
        other.sweep()
        assert arriving.exists()
        stored = stored_file(1)
        one.files.keep(ANNA, stored, arriving)
        assert same(other.files.stored(ANNA, stored.card.id), stored)
        other.files.remove(ANNA, stored.card.id)
        assert one.files.cards(ANNA) == ()
        assert content_of(1)[:64] not in everything_under(tmp_path)
        assert stored.vectors.tobytes()[:64] not in everything_under(tmp_path)
    finally:
        other.close()
        one.close()
    assert list((tmp_path / "inbox").iterdir()) == []


def test_inboxes_of_processes_that_are_gone_are_emptied(tmp_path: Path) -> None:
    opened(tmp_path).close()
    left = tmp_path / "inbox" / "4711-gone"
    left.mkdir()
    (left / "half.part").write_bytes(b"half of it")
    (tmp_path / "inbox" / "4712-gone.lock").touch()
    alive = tmp_path / "inbox" / "4713-alive"
    alive.mkdir()
    with FileLock(f"{alive}.lock"):
        record = opened(tmp_path)
        names = {path.name for path in (tmp_path / "inbox").iterdir()}
        assert names == {"4713-alive", "4713-alive.lock", record.inbox.name, record.inbox.name + ".lock"}
    assert record.sweep().inboxes == 1
    record.close()


def test_an_interrupted_transaction_leaves_nothing(tmp_path: Path) -> None:
    opened(tmp_path).close()
    database = Database(tmp_path / "record.sqlite")
    with pytest.raises(KeyboardInterrupt), database.transaction() as connection:
        connection.execute("INSERT INTO gone (id, until) VALUES ('x', 1)")
        raise KeyboardInterrupt
    assert database.rows("SELECT * FROM gone") == []
    with database.transaction() as connection:
        connection.execute("INSERT INTO gone (id, until) VALUES ('x', 1)")
    assert len(database.rows("SELECT * FROM gone")) == 1
    database.close()


def test_deleted_values_stand_nowhere_in_the_database_however_it_was_rearranged(tmp_path: Path) -> None:
    """In a row without a filler, about one in a thousand would."""
    opened(tmp_path).close()
    path = tmp_path / "record.sqlite"
    database = Database(path)
    chance = random.Random(5)
    live: dict[str, bytes] = {}
    dead: list[bytes] = []
    with database.transaction() as connection:
        for _ in range(2500):
            file = new_file_id() if chance.random() < 0.6 or not live else chance.choice(sorted(live)[:50])
            if file in live:
                connection.execute("DELETE FROM talks WHERE id = ?", (file,))
                dead.append(live.pop(file))
                continue
            live[file] = chance.randbytes(16)
            title = live[file] * chance.choice((1, 5, 60))
            connection.execute(
                "INSERT INTO talks (id, visitor, changed, turns, title, state) VALUES (?, 'a', 1, 1, ?, ?)",
                (file, title, title[: chance.randrange(9)]),
            )
    assert database.wipe()
    database.close()
    data = path.read_bytes()
    assert len(dead) > 800
    assert [value for value in dead if value in data] == []
    assert all(value in data for value in live.values())


def test_another_that_writes_all_the_time_is_waited_for_then_said(tmp_path: Path) -> None:
    opened(tmp_path).close()
    database = Database(tmp_path / "record.sqlite", busy_seconds=0.05)
    blocker = sqlite3.connect(tmp_path / "record.sqlite", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="moment"), database.transaction():
        pass
    blocker.execute("ROLLBACK")
    with database.transaction():
        pass
    blocker.close()
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MB, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_spares_what_is_kept(small_disk: Path, tmp_path: Path) -> None:
    record = opened(small_disk / "data")
    kept = keep(record, ANNA, 1)
    stuffing = small_disk / "stuffing"
    arriving = arrived(record.inbox, 2)
    with pytest.raises(OSError, match="No space"), stuffing.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
    late = stored_file(2)
    with pytest.raises(StoreFull, match="Delete some"):
        record.files.keep(ANNA, late, arriving)
    assert not arriving.exists()
    assert [card.id for card in record.files.cards(ANNA)] == [kept.card.id]
    assert same(record.files.stored(ANNA, kept.card.id), kept)
    stuffing.unlink()
    record.sweep()
    assert [path.name for path in (small_disk / "data" / "sessions" / ANNA).iterdir()] == [kept.card.id]
    record.files.keep(ANNA, late, arrived(record.inbox, 2))
    record.close()
    record = opened(small_disk / "data")
    assert record.notice == ""
    assert same(record.files.stored(ANNA, late.card.id), late)
    record.close()


def test_a_disk_that_is_full_from_the_start_is_said(small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space"), (small_disk / "stuffing").open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
    with pytest.raises(StoreFull, match="Delete some"):
        opened(small_disk / "data")
    (small_disk / "stuffing").unlink()
    opened(small_disk / "data").close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_without_rights_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="CML_DATA"):
        opened(tmp_path / "data")


def test_a_disk_that_is_read_only_is_said(small_disk: Path) -> None:
    record = opened(small_disk / "data")
    keep(record, ANNA, 1)
    record.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StoreError, match="CML_DATA"):
        opened(small_disk / "data")


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(StoreError, match="CML_DATA") as caught:
        opened(tmp_path / "data")
    assert str(tmp_path) not in str(caught.value)  # visitors read it

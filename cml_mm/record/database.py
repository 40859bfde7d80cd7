"""The one SQLite file of the record: opened, migrated, guarded, wiped.

Every text and every array stands in its row behind a filler as long as a page. SQLite keeps
only the beginning of such a row in its tree; what follows lies on pages of its own, and those
are overwritten with zeros when the row is deleted. In the tree itself, rebalancing can leave
copies behind in spite of `secure_delete`. So ids and times stand before the filler, and all
that is private after it.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cml_mm.errors import SchemaMismatch, StoreBusy, StoreCorrupt, StoreError
from cml_mm.record.places import DAMAGED, Places, disk_full, not_writable

log = logging.getLogger("cml")

BUSY_SECONDS = 15.0
_PAGE_BYTES = 4096
_LITTLE_ROOM_BYTES = 2**20  # with less than this left, an error of input and output is a full disk

_FIRST = f"""
CREATE TABLE files (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, fingerprint TEXT NOT NULL, size_bytes INTEGER NOT NULL,
    added REAL NOT NULL, expires REAL NOT NULL, broken INTEGER NOT NULL DEFAULT 0,
    filler BLOB NOT NULL DEFAULT (zeroblob({_PAGE_BYTES})),
    card BLOB NOT NULL, sha256 TEXT NOT NULL, encoder TEXT NOT NULL, read BLOB NOT NULL, chunks BLOB NOT NULL,
    vectors BLOB NOT NULL, seen BLOB NOT NULL, features BLOB NOT NULL,
    UNIQUE (visitor, fingerprint)
);
CREATE INDEX files_by_age ON files (visitor, added);
CREATE TABLE talks (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, changed REAL NOT NULL, turns INTEGER NOT NULL,
    renamed INTEGER NOT NULL DEFAULT 0,
    filler BLOB NOT NULL DEFAULT (zeroblob({_PAGE_BYTES})),
    title BLOB NOT NULL, state BLOB NOT NULL
);
CREATE INDEX talks_by_age ON talks (visitor, changed);
CREATE TABLE turns (
    talk TEXT NOT NULL REFERENCES talks (id) ON DELETE CASCADE, place INTEGER NOT NULL,
    filler BLOB NOT NULL DEFAULT (zeroblob({_PAGE_BYTES})),
    question BLOB NOT NULL, answer BLOB, gone TEXT NOT NULL,
    PRIMARY KEY (talk, place)
);
CREATE TABLE mentions (
    talk TEXT NOT NULL, place INTEGER NOT NULL, file TEXT NOT NULL,
    PRIMARY KEY (talk, place, file),
    FOREIGN KEY (talk, place) REFERENCES turns (talk, place) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX mentions_by_file ON mentions (file);
CREATE TABLE gone (id TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""


def _first(connection: sqlite3.Connection) -> None:
    for statement in _FIRST.split(";\n"):
        connection.execute(statement)


def _looks(connection: sqlite3.Connection) -> None:
    """Vectors of pictures; NULL where none were made."""
    connection.execute("ALTER TABLE files ADD COLUMN looks BLOB")


def _corrections(connection: sqlite3.Connection) -> None:
    """How often a file's reading was changed by hand, and what it was before; NULL where it never was."""
    connection.execute("ALTER TABLE files ADD COLUMN revision INTEGER NOT NULL DEFAULT 0")
    connection.execute("ALTER TABLE files ADD COLUMN corrections BLOB")


def _unfinished(connection: sqlite3.Connection) -> None:
    """Steps of readings that were cut."""
    connection.execute(
        f"""CREATE TABLE unfinished (
            visitor TEXT NOT NULL, fingerprint TEXT NOT NULL, step TEXT NOT NULL, at REAL NOT NULL,
            filler BLOB NOT NULL DEFAULT (zeroblob({_PAGE_BYTES})), content BLOB NOT NULL,
            PRIMARY KEY (visitor, fingerprint, step)
        )"""
    )


# One for every version, in order; none of them is ever changed again.
MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _looks, _corrections, _unfinished)


class Database:
    """One connection, used by one thread at a time; other processes are waited for.

    Args:
        path: of the SQLite file, which is there, be it empty.
        busy_seconds: how long others are waited for.

    Raises:
        SchemaMismatch: a newer version of the app has written it.
        StoreCorrupt: it is damaged.
        StoreError: it cannot be opened or written.
    """

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._lock = threading.RLock()
        with _sqlite_errors(path):
            self._connection = sqlite3.connect(
                path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
            )
        try:
            with _sqlite_errors(path):
                self._set_up()
        except BaseException:
            self._connection.close()
            raise

    def _set_up(self) -> None:
        execute = self._connection.execute
        execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # before there is any page; a page's size decides about fillers
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = FULL")
        execute("PRAGMA foreign_keys = ON")
        execute("PRAGMA secure_delete = ON")
        execute("PRAGMA temp_store = MEMORY")  # nothing private in files that are not ours
        if (found := execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(f"database disk image is malformed: {found}")
        self._migrate()

    def _migrate(self) -> None:
        with self.transaction() as connection:  # two processes may come at once; the second finds it done
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > len(MIGRATIONS):
                raise SchemaMismatch(
                    "The record of files and conversations was written by a newer version of the app "
                    f"(its version is {version}, this app knows up to {len(MIGRATIONS)}).",
                    "Use the newer app, or choose another place with CML_DATA.",
                )
            for step in MIGRATIONS[version:]:
                step(connection)
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and nobody else writes meanwhile, in other processes neither.

        Raises:
            StoreBusy, StoreFull, StoreCorrupt, StoreError.
        """
        with self._lock, _sqlite_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds.

        Raises:
            StoreBusy, StoreCorrupt, StoreError.
        """
        with self._lock, _sqlite_errors(self.path):
            return self._connection.execute(sql, given).fetchall()

    def wipe(self) -> bool:
        """Empties the write-ahead log, in which pages stand as they were before something was deleted.

        Returns: whether it is empty; not where another process reads all the time.
        """
        with self._lock, _sqlite_errors(self.path):
            busy = bool(self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        if busy:
            log.warning("Deleted contents still stand in %s-wal, as another process reads it.", self.path)
        return not busy

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def open_database(places: Places, alone: bool) -> tuple[Database, str]:
    """Opens the database; a damaged one is put aside, so that the app can start.

    Args:
        places: where; the folders are there.
        alone: whether no other process has it open.

    Returns: it, and what a person must be told about it, empty where all is well.
    Raises:
        StoreCorrupt: it is damaged, and others have it open.
        SchemaMismatch, StoreFull, StoreBusy, StoreError.
    """
    try:
        return Database(places.database), ""
    except StoreCorrupt:
        if not alone:
            raise
    aside = _put_aside(places)
    notice = (
        f"The record of files and conversations was damaged and could not be read. It was put aside as {aside.name} "
        "and a new, empty one was begun; the damaged one is deleted when files expire, as private contents stand in it."
    )
    log.error(notice)
    return Database(places.database), notice


def _put_aside(places: Places) -> Path:
    number = 1
    while (aside := places.data / f"{DAMAGED}{number}").exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        beside = places.database.with_name(places.database.name + ending)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + ending))
    places.prepare()
    return aside


@contextmanager
def _sqlite_errors(path: Path) -> Iterator[None]:
    """SQLite's errors become ours."""
    try:
        yield
    except sqlite3.Error as exc:
        raise _translated(path, exc) from exc


def _translated(path: Path, exc: sqlite3.Error) -> StoreError:
    words = str(exc)
    if "not a database" in words or "malformed" in words:
        return StoreCorrupt(
            f"The record of files and conversations is damaged ({words}).",
            "Close every app that uses it and start one again: it puts the damaged record aside and begins a new one.",
        )
    if "locked" in words:
        busy = "Another process is writing to the record of files and conversations."
        return StoreBusy(busy, "Try again in a moment.")
    if "full" in words or ("I/O" in words and shutil.disk_usage(path.parent).free < _LITTLE_ROOM_BYTES):
        return disk_full()
    return not_writable(words)

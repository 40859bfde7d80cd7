"""Forgetting: what has expired, what a crash left behind, everything of one visitor.

Rows go first, in a transaction; then folders, by way of the trash; then the write-ahead log is
emptied. Whatever a crash leaves of that is found by the next sweep.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cml_mm.record.database import Database
from cml_mm.record.inbox import sweep_inboxes
from cml_mm.record.mentions import blank_answers, remember_gone
from cml_mm.record.places import Places, disk_errors
from cml_mm.record.unfinished import KEEP_SECONDS

log = logging.getLogger("cml")


@dataclass(frozen=True)
class Swept:
    """What a sweep removed.

    `files` are (visitor, id) of those that had expired or lost their bytes; `folders` had no
    row; `inboxes` were of processes that are gone; `damaged` are records put aside long ago.
    """

    files: tuple[tuple[str, str], ...] = ()
    talks: int = 0
    folders: int = 0
    inboxes: int = 0
    damaged: int = 0


class Retention:
    """Deletes what is no longer to be kept.

    Args:
        database: open.
        places: the data folder.
        keep_files_seconds: for how long a damaged record that was put aside is kept, too.
        keep_talks_seconds: how long a conversation is kept after its last change.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        places: Places,
        keep_files_seconds: float,
        keep_talks_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._places = places
        self._keep_files_seconds = keep_files_seconds
        self._keep_talks_seconds = keep_talks_seconds
        self._clock = clock

    def sweep(self, now: float | None = None) -> Swept:
        """Removes what has expired and what crashes left behind. For every start, and now and then.

        Args:
            now: seconds since 1970; the clock's where it is not given.

        Raises:
            StoreError.
        """
        now = self._clock() if now is None else now
        with disk_errors():
            with self._database.transaction() as connection:
                files = self._expired(connection, now)
                for visitor, file in files:
                    blank_answers(connection, visitor, (file,))
                    connection.execute("DELETE FROM files WHERE visitor = ? AND id = ?", (visitor, file))
                talks = connection.execute(
                    "DELETE FROM talks WHERE changed <= ?", (now - self._keep_talks_seconds,)
                ).rowcount
                connection.execute("DELETE FROM unfinished WHERE at <= ?", (now - KEEP_SECONDS,))
                connection.execute("DELETE FROM gone WHERE until <= ?", (now,))
            folders = self._sweep_folders(files)
            with self._places.lock():
                inboxes = sweep_inboxes(self._places)
            self._places.empty_trash()
            damaged = self._places.forget_damaged(now - self._keep_files_seconds)
        self._database.wipe()
        swept = Swept(files, talks, folders, inboxes, damaged)
        if swept != Swept():
            log.info(
                "Swept the record of %d files, %d conversations, %d folders, %d inboxes, %d damaged records.",
                len(swept.files),
                swept.talks,
                swept.folders,
                swept.inboxes,
                swept.damaged,
            )
        return swept

    def forget(self, visitor: str) -> None:
        """Deletes everything that is known of a visitor; what is still being made of it is not kept either.

        Raises:
            StoreError.
        """
        if not visitor:
            return
        with self._database.transaction() as connection:
            talks = [row[0] for row in connection.execute("SELECT id FROM talks WHERE visitor = ?", (visitor,))]
            connection.execute("DELETE FROM files WHERE visitor = ?", (visitor,))
            connection.execute("DELETE FROM talks WHERE visitor = ?", (visitor,))
            connection.execute("DELETE FROM unfinished WHERE visitor = ?", (visitor,))
            remember_gone(connection, (visitor, *talks), self._clock())
        with disk_errors():
            self._places.throw_away(self._places.session(visitor))
            self._places.forget_damaged()
        self._database.wipe()

    def _expired(self, connection: sqlite3.Connection, now: float) -> tuple[tuple[str, str], ...]:
        """Files whose time is over, or whose bytes are not what they were."""
        found = []
        for visitor, file, expires, size in connection.execute("SELECT visitor, id, expires, size_bytes FROM files"):
            original = self._places.original(visitor, file)
            if expires <= now:
                found.append((visitor, file))
            elif not original.is_file() or original.stat().st_size != size:
                log.error("The bytes of %s are no longer there; it is taken out of the record.", file)
                found.append((visitor, file))
        return tuple(found)

    def _sweep_folders(self, known: tuple[tuple[str, str], ...]) -> int:
        """Moves folders that no row speaks of into the trash.

        In a transaction, since whoever keeps a file moves it into its folder and writes its row in one, too.

        Args:
            known: files that were just taken out of the record, whose folders are not counted.

        Returns: how many.
        """
        orphans = 0
        with self._database.transaction() as connection:
            rows = set(connection.execute("SELECT visitor, id FROM files"))
            for session in _inside(self._places.sessions):
                kept = 0
                for folder in _inside(session):
                    name = (session.name, folder.name)
                    if name in rows:
                        kept += 1
                        continue
                    self._places.discard(folder)
                    orphans += name not in known
                if not kept:
                    self._places.discard(session)
        return orphans


def _inside(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where somebody else has just removed it."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []

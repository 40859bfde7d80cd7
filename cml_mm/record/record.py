"""The record as a whole: opened once by the app, asked by everybody, closed at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from cml_mm.record.database import open_database
from cml_mm.record.files import FileRecord
from cml_mm.record.inbox import Inbox, others_alive
from cml_mm.record.places import Places, disk_errors
from cml_mm.record.retention import Retention, Swept
from cml_mm.record.talks import TalkRecord
from cml_mm.record.unfinished import Unfinished
from cml_mm.visits import DEFAULT_LIMITS, Limits


class Record:
    """Visitors' files and conversations under one data folder, swept when it is opened.

    `notice` is what a person must be told, such as that a damaged record was put aside; empty
    where all is well. Several processes may have the same folder open.

    Args:
        data: the folder; it is made where it is missing.
        keep_files_seconds: how long a file is kept.
        keep_talks_seconds: how long a conversation is kept after its last change.
        limits: how many files and bytes one visitor may have.
        clock: seconds since 1970.

    Raises:
        SchemaMismatch: a newer version of the app has written it.
        StoreCorrupt: it is damaged, and another process has it open.
        StoreFull, StoreBusy, StoreError.
    """

    def __init__(
        self,
        data: Path,
        keep_files_seconds: float,
        keep_talks_seconds: float,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        places = Places(data)
        places.prepare()
        with disk_errors(), places.lock():
            self._database, self.notice = open_database(places, alone=not others_alive(places))
            try:
                self._inbox = Inbox(places)
            except BaseException:
                self._database.close()
                raise
        self.files = FileRecord(self._database, places, keep_files_seconds, limits, clock)
        self.unfinished = Unfinished(self._database, clock)
        self.talks = TalkRecord(self._database, keep_talks_seconds, clock)
        self._retention = Retention(self._database, places, keep_files_seconds, keep_talks_seconds, clock)
        try:
            self.sweep()
        except BaseException:
            self.close()
            raise

    @property
    def inbox(self) -> Path:
        """A folder of this opening's own, for bytes that are still arriving."""
        return self._inbox.folder

    def sweep(self, now: float | None = None) -> Swept:
        """Removes what has expired and what crashes left behind. For now and then; see `Retention.sweep`."""
        return self._retention.sweep(now)

    def forget(self, visitor: str) -> None:
        """Deletes everything that is known of a visitor."""
        self._retention.forget(visitor)

    def close(self) -> None:
        """Gives up the inbox and the database."""
        self._inbox.close()
        self._database.close()

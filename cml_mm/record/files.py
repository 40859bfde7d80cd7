"""Visitors' files: the bytes in a folder of their own, everything made of them in one row.

The row is what counts: it is written when the bytes are safely in place, in one transaction.
Every query names the visitor; another's file is no different from one that never was.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cml_mm.errors import InputError, LimitExceeded, StoreBusy, StoreCorrupt
from cml_mm.record.codec import decode
from cml_mm.record.database import Database
from cml_mm.record.file_rows import (
    HINT_BROKEN,
    WHOLE,
    WORDS_BROKEN,
    card_of,
    corrections_bytes,
    file_of,
    fingerprint_of,
    looks_bytes,
    read_corrections,
    reading_of,
    row_of,
)
from cml_mm.record.mentions import blank_answers, is_gone
from cml_mm.record.places import Places, disk_errors
from cml_mm.visits import DEFAULT_LIMITS, Correction, FileCard, Limits, PictureLooks, StoredFile

log = logging.getLogger("cml")
Revision = Callable[[StoredFile, tuple[Correction, ...]], tuple[StoredFile, tuple[Correction, ...]]]
_MOST_TRIES = 20  # of a change that others' changes get in the way of


class FileRecord:
    """What is kept of visitors' files.

    Args:
        database: open.
        places: the data folder.
        keep_seconds: how long a file is kept.
        limits: how many files and bytes one visitor may have.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        places: Places,
        keep_seconds: float,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._places = places
        self._keep_seconds = keep_seconds
        self._limits = limits
        self._clock = clock

    def keep(self, visitor: str, stored: StoredFile, content: Path) -> FileCard:
        """Takes a file in. It is durable when this returns; where it raises, nothing is left of it.

        Args:
            stored: its card's id, name, title and the like are kept; state, size and times are set here.
            content: its bytes, on the same disk; moved or removed.

        Returns: its card, or that of the same bytes kept before.
        Raises:
            LimitExceeded: the visitor has too many files, or too much in them.
            InputError: the visitor is unknown, or has had everything deleted meanwhile.
            StoreError.
        """
        try:
            return self._keep(visitor, stored, content)
        finally:
            content.unlink(missing_ok=True)

    def _keep(self, visitor: str, stored: StoredFile, content: Path) -> FileCard:
        if not visitor:
            raise _no_visitor()
        now = self._clock()
        with disk_errors():
            size = content.stat().st_size
        expires = now + self._keep_seconds
        card = replace(stored.card, state="ready", size_bytes=size, added=now, expires=expires, share=1.0)
        fingerprint = fingerprint_of(visitor, stored.sha256)
        values = {**row_of(replace(stored, card=card)), "visitor": visitor, "fingerprint": fingerprint}
        folder = self._places.folder(visitor, card.id)
        try:
            with self._database.transaction() as connection, disk_errors():
                if is_gone(connection, visitor, now):
                    raise _all_deleted()
                if earlier := self._same(connection, visitor, fingerprint, now):
                    return earlier
                self._check_room(connection, visitor, size, now)
                self._places.take_in(content, visitor, card.id)
                names = ", ".join(values)
                marks = ", ".join("?" * len(values))
                connection.execute(f"INSERT INTO files ({names}) VALUES ({marks})", tuple(values.values()))
        except BaseException:
            if not self._has(visitor, card.id):
                self._places.throw_away(folder)
            raise
        return card

    def _same(self, connection: sqlite3.Connection, visitor: str, fingerprint: str, now: float) -> FileCard | None:
        """The card of the same bytes kept before; an expired or broken one makes room."""
        found = connection.execute(
            "SELECT id, card, broken, expires FROM files WHERE visitor = ? AND fingerprint = ?", (visitor, fingerprint)
        ).fetchone()
        if found is None:
            return None
        file, card, broken, expires = found
        if not broken and expires > now and self._places.original(visitor, file).is_file():
            return decode(FileCard, card)
        blank_answers(connection, visitor, (file,))
        connection.execute("DELETE FROM files WHERE visitor = ? AND id = ?", (visitor, file))
        return None

    def check_room(self, visitor: str, size_bytes: int) -> None:
        """Whether a visitor may add that much; `keep` looks again.

        Raises:
            LimitExceeded: too many files, or too much in them.
        """
        with self._database.transaction() as connection:
            self._check_room(connection, visitor, size_bytes, self._clock())

    def _check_room(self, connection: sqlite3.Connection, visitor: str, size_bytes: int, now: float) -> None:
        count, taken = connection.execute(
            "SELECT COUNT(*), COALESCE(SUM(size_bytes), 0) FROM files WHERE visitor = ? AND expires > ?", (visitor, now)
        ).fetchone()
        if count >= self._limits.visitor_files:
            raise LimitExceeded(
                f"You have {count} files here, which is as many as can be kept for you at a time.",
                "Delete one that you no longer need.",
            )
        if taken + size_bytes > self._limits.visitor_bytes:
            raise LimitExceeded(
                f"With this file yours would come to {_megabytes(taken + size_bytes)} MB; up to "
                f"{_megabytes(self._limits.visitor_bytes)} MB can be kept for you at a time.",
                "Delete some that you no longer need, or add a smaller one.",
            )

    def find(self, visitor: str, sha256: str) -> StoredFile | None:
        """The same bytes, kept before for this visitor.

        Args:
            sha256: of the bytes, in hexadecimal digits.
        """
        found = self._whole("fingerprint = ?", visitor, fingerprint_of(visitor, sha256))
        return found[0] if found else None

    def cards(self, visitor: str) -> tuple[FileCard, ...]:
        """A visitor's files, newest first."""
        rows = self._rows("id, card, broken, added, expires, size_bytes", "1", visitor)
        return tuple(card_of(*row) for row in rows)

    def load(self, visitor: str) -> tuple[StoredFile, ...]:
        """A visitor's files with everything, newest first. One that cannot be read any more is left out;
        its card then says so."""
        return self._whole("1", visitor)

    def stored(self, visitor: str, file: str) -> StoredFile:
        """Raises: InputError: this visitor has no such file. StoreCorrupt: it cannot be read any more."""
        self._must_have(visitor, file)
        if not (found := self._whole("id = ?", visitor, file)):
            raise StoreCorrupt(WORDS_BROKEN, HINT_BROKEN)
        return found[0]

    def content(self, visitor: str, file: str) -> Path:
        """Its bytes. Raises: InputError: this visitor has no such file."""
        self._must_have(visitor, file)
        path = self._places.original(visitor, file)
        if not path.is_file():
            raise no_such_file()
        return path

    def keep_looks(self, visitor: str, file: str, looks: PictureLooks) -> None:
        """Keeps how a file's pictures look, in the place of what another encoder made.

        A file that was deleted meanwhile stays deleted.
        """
        with self._database.transaction() as connection:
            given = (looks_bytes(looks), visitor, file)
            connection.execute("UPDATE files SET looks = ? WHERE visitor = ? AND id = ?", given)

    def revise(self, visitor: str, file: str, change: Revision) -> StoredFile:
        """Changes what was read of a file, all of it in one transaction, or nothing.

        Args:
            change: makes what is kept from now on out of what was kept; called again where another
                change was quicker, so that none is lost.

        Returns: the file as it is kept now.
        Raises:
            InputError: this visitor has no such file, or `change` refuses.
            StoreCorrupt: it cannot be read any more.
            StoreBusy: it was changed by others all the time.
        """
        for _ in range(_MOST_TRIES):
            self._must_have(visitor, file)
            ((revision, corrections),) = self._rows("revision, corrections", "id = ?", visitor, file) or ((0, None),)
            stored, kept = change(self.stored(visitor, file), read_corrections(corrections))
            if self._replace(visitor, file, revision, stored, kept):
                return stored
        raise StoreBusy("This file is being changed somewhere else all the time.", "Try again in a moment.")

    def _replace(
        self, visitor: str, file: str, revision: int, stored: StoredFile, corrections: tuple[Correction, ...]
    ) -> bool:
        """Writes a reading over the one that has this revision; whether that one was still there."""
        values = {**reading_of(stored), "corrections": corrections_bytes(corrections), "revision": revision + 1}
        sets = ", ".join(f"{name} = ?" for name in values)
        where = "visitor = ? AND id = ? AND revision = ? AND expires > ?"
        given = (*values.values(), visitor, file, revision, self._clock())
        with self._database.transaction() as connection:
            return bool(connection.execute(f"UPDATE files SET {sets} WHERE {where}", given).rowcount)

    def revisions(self, visitor: str) -> dict[str, int]:
        """How often each file that can be asked was changed, by id, newest first."""
        return dict(self._rows("id, revision", "broken = 0", visitor))

    def vector_bytes(self, visitor: str) -> int:
        """How much the vectors of a visitor's files come to: a measure of their text that needs none of it."""
        return int(self._rows("COALESCE(SUM(LENGTH(vectors)), 0)", "1", visitor)[0][0])

    def remove(self, visitor: str, file: str) -> None:
        """Deletes a file, what was made of it, and every kept answer that mentions it.

        Raises:
            InputError: this visitor has no such file.
        """
        now = self._clock()
        with self._database.transaction() as connection:
            given = (visitor, file, now)
            if not connection.execute("DELETE FROM files WHERE visitor = ? AND id = ? AND expires > ?", given).rowcount:
                raise no_such_file()
            blank_answers(connection, visitor, (file,))
        with disk_errors():
            self._places.throw_away(self._places.folder(visitor, file))
            self._places.forget_damaged()
        self._database.wipe()

    def _has(self, visitor: str, file: str) -> bool:
        return bool(self._database.rows("SELECT 1 FROM files WHERE visitor = ? AND id = ?", (visitor, file)))

    def _must_have(self, visitor: str, file: str) -> None:
        if not self._rows("1", "id = ?", visitor, file):
            raise no_such_file()

    def _rows(self, columns: str, where: str, visitor: str, *given: str) -> list[tuple[Any, ...]]:
        """Rows of one visitor that have not expired, newest first."""
        sql = f"SELECT {columns} FROM files WHERE visitor = ? AND expires > ? AND {where} ORDER BY added DESC, id"
        return self._database.rows(sql, (visitor, self._clock(), *given))

    def _whole(self, where: str, visitor: str, *given: str) -> tuple[StoredFile, ...]:
        found = []
        for row in self._rows(WHOLE, f"broken = 0 AND {where}", visitor, *given):
            try:
                found.append(file_of(*row[1:]))
            except StoreCorrupt:
                log.exception("What was read from %s cannot be opened any more.", row[0])
                with self._database.transaction() as connection:
                    connection.execute("UPDATE files SET broken = 1 WHERE visitor = ? AND id = ?", (visitor, row[0]))
        return tuple(found)


def no_such_file() -> InputError:
    """The same words for a file that is another's, was deleted, or never was."""
    return InputError("You have no such file here.", "It may have been deleted or have expired; add it once more.")


def _no_visitor() -> InputError:
    return InputError(
        "Files can only be kept for a browser that keeps cookies.",
        "Allow cookies for this page, or open it in a tab of its own.",
    )


def _all_deleted() -> InputError:
    return InputError(
        "Everything of yours has been deleted here meanwhile, so this file was not kept.",
        "Open the page again to begin anew.",
    )


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:,.0f}"

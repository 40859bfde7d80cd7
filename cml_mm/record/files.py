"""Visitors' files: the bytes in a folder of their own, everything made of them in one row.

The row is what counts: it is written when the bytes are safely in place, in one transaction.
Every query names the visitor; another's file is no different from one that never was.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cml_mm.errors import InputError, LimitExceeded, StoreCorrupt
from cml_mm.record.codec import decode, decode_arrays, encode, encode_arrays
from cml_mm.record.database import Database
from cml_mm.record.mentions import blank_answers, is_gone
from cml_mm.record.places import Places, disk_errors
from cml_mm.visits import DEFAULT_LIMITS, Chunk, FileCard, Limits, PictureFeatures, PictureLooks, ReadFile, StoredFile

log = logging.getLogger("cml")
_WHOLE = "id, card, sha256, encoder, read, chunks, vectors, seen, features, looks"
_WORDS_BROKEN = "What was read from this file cannot be opened any more."
_HINT_BROKEN = "Delete it, and add it once more."


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
        fingerprint = _fingerprint(visitor, stored.sha256)
        values = {**_values(replace(stored, card=card)), "visitor": visitor, "fingerprint": fingerprint}
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
        found = self._whole("fingerprint = ?", visitor, _fingerprint(visitor, sha256))
        return found[0] if found else None

    def cards(self, visitor: str) -> tuple[FileCard, ...]:
        """A visitor's files, newest first."""
        rows = self._rows("id, card, broken, added, expires, size_bytes", "1", visitor)
        return tuple(_card(*row) for row in rows)

    def load(self, visitor: str) -> tuple[StoredFile, ...]:
        """A visitor's files with everything, newest first. One that cannot be read any more is left out;
        its card then says so."""
        return self._whole("1", visitor)

    def stored(self, visitor: str, file: str) -> StoredFile:
        """Raises: InputError: this visitor has no such file. StoreCorrupt: it cannot be read any more."""
        self._must_have(visitor, file)
        if not (found := self._whole("id = ?", visitor, file)):
            raise StoreCorrupt(_WORDS_BROKEN, _HINT_BROKEN)
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
            given = (_looks_bytes(looks), visitor, file)
            connection.execute("UPDATE files SET looks = ? WHERE visitor = ? AND id = ?", given)

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
        for row in self._rows(_WHOLE, f"broken = 0 AND {where}", visitor, *given):
            try:
                found.append(_stored(*row[1:]))
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


def _fingerprint(visitor: str, sha256: str) -> str:
    """What finds the same bytes again but tells nobody, without the visitor's key, which they were."""
    return hashlib.sha256(f"{visitor}\n{sha256}".encode()).hexdigest()


def _values(stored: StoredFile) -> dict[str, object]:
    """What a row says of a file, by column."""
    card, features = stored.card, stored.read.features
    arrays = [array for item in features for array in (item.points, item.descriptors)]
    return {
        "id": card.id,
        "size_bytes": card.size_bytes,
        "added": card.added,
        "expires": card.expires,
        "card": encode(FileCard, card),
        "sha256": stored.sha256,
        "encoder": stored.encoder,
        "read": encode(ReadFile, replace(stored.read, features=())),
        "chunks": encode(tuple[Chunk, ...], stored.chunks),
        "vectors": encode_arrays([stored.vectors]),
        "seen": encode(tuple[str, ...], tuple(item.face for item in features)),
        "features": encode_arrays(arrays),
        "looks": _looks_bytes(stored.looks) if stored.looks else None,
    }


def _looks_bytes(looks: PictureLooks) -> bytes:
    """The vectors, and as an array of bytes the names that belong to them."""
    names = encode(tuple[str, ...], (looks.encoder, *looks.faces))
    return encode_arrays([looks.vectors, np.frombuffer(names, np.uint8)])


def _looks(data: bytes | None) -> PictureLooks | None:
    if data is None:
        return None
    vectors, names = decode_arrays(data)
    encoder, *faces = decode(tuple[str, ...], names.tobytes())
    return PictureLooks(encoder, tuple(faces), vectors)


def _stored(
    card: bytes,
    sha256: str,
    encoder: str,
    read: bytes,
    chunks: bytes,
    vectors: bytes,
    seen: bytes,
    features: bytes,
    looks: bytes | None,
) -> StoredFile:
    arrays = decode_arrays(features)
    faces = decode(tuple[str, ...], seen)
    if len(arrays) != 2 * len(faces):
        raise StoreCorrupt(_WORDS_BROKEN, _HINT_BROKEN)
    seen_before = tuple(PictureFeatures(face, arrays[2 * n], arrays[2 * n + 1]) for n, face in enumerate(faces))
    return StoredFile(
        card=decode(FileCard, card),
        sha256=sha256,
        read=replace(decode(ReadFile, read), features=seen_before),
        chunks=decode(tuple[Chunk, ...], chunks),
        vectors=decode_arrays(vectors)[0],
        encoder=encoder,
        looks=_looks(looks),
    )


def _card(file: str, card: bytes, broken: int, added: float, expires: float, size_bytes: int) -> FileCard:
    try:
        found = decode(FileCard, card)
    except StoreCorrupt:
        broken, found = 1, FileCard(file, "A file", "failed", size_bytes, added=added, expires=expires)
    return replace(found, state="failed", words=_WORDS_BROKEN, hint=_HINT_BROKEN) if broken else found


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:,.0f}"

"""What was found out about a recording whose reading was cut, so that the next one need not begin anew.

A film is looked at, then its sound is heard minute by minute: that takes long, and a server may be stopped meanwhile.
Each step's result lies here for an hour at most; it goes as soon as the file is kept, and with everything else when a
visitor has all deleted. The bytes themselves are not kept: whoever wants to go on brings them again.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from cml_mm.record.database import Database
from cml_mm.record.file_rows import fingerprint_of
from cml_mm.record.mentions import is_gone

KEEP_SECONDS = 3600.0
LARGEST_BYTES = 8 * 2**20  # of one step's result; more is made anew
MOST_BYTES = 64 * 2**20  # of one visitor


class Unfinished:
    """Results of steps, by visitor, file and step.

    Args:
        database: open.
        clock: seconds since 1970.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def find(self, visitor: str, sha256: str, step: str) -> bytes | None:
        """The result of a step, None where it is not there or its time is over.

        Args:
            sha256: of the file's bytes, in hexadecimal digits.
            step: such as "look".
        """
        found = self._database.rows(
            "SELECT content FROM unfinished WHERE visitor = ? AND fingerprint = ? AND step = ? AND at > ?",
            (visitor, fingerprint_of(visitor, sha256), step, self._clock() - KEEP_SECONDS),
        )
        return bytes(found[0][0]) if found else None

    def put(self, visitor: str, sha256: str, step: str, content: bytes) -> None:
        """Keeps the result of a step; nothing where it is too large, or the visitor has had everything deleted."""
        now = self._clock()
        if not visitor or len(content) > LARGEST_BYTES:
            return
        with self._database.transaction() as connection:
            (taken,) = connection.execute(
                "SELECT COALESCE(SUM(LENGTH(content)), 0) FROM unfinished WHERE visitor = ?", (visitor,)
            ).fetchone()
            if is_gone(connection, visitor, now) or taken + len(content) > MOST_BYTES:
                return
            connection.execute(
                "INSERT OR REPLACE INTO unfinished (visitor, fingerprint, step, at, content) VALUES (?, ?, ?, ?, ?)",
                (visitor, fingerprint_of(visitor, sha256), step, now, content),
            )

    def drop(self, visitor: str, sha256: str) -> None:
        """Forgets the steps of one file: it is kept now, or nobody wants it."""
        with self._database.transaction() as connection:
            given = (visitor, fingerprint_of(visitor, sha256))
            dropped = connection.execute("DELETE FROM unfinished WHERE visitor = ? AND fingerprint = ?", given).rowcount
        if dropped:
            self._database.wipe()

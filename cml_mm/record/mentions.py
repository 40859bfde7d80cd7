"""Which kept answers quote which files, and what becomes of them when a file is gone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from cml_mm.types import Answer, Edge

GONE_WORDS = "This answer quoted a file that has been deleted."
GONE_SECONDS = 3600.0  # how long a deletion is remembered: longer than any answer or reading takes
_FILE_ID = re.compile(r"file-[0-9a-f]{24}")


def mentioned_files(answer: Answer) -> frozenset[str]:
    """Ids of the files that an answer quotes or names."""
    evidence = (*answer.evidence, *answer.considered)
    quoted = {item.source.slug for item in evidence if item.source.owner == "visitor"}
    named = {*answer.ranked, *answer.subjects}
    for item in evidence:
        if isinstance(item.locator, Edge):
            named |= {item.locator.subject, item.locator.object}
        named |= {end for relation in item.path for end in (relation.subject, relation.object)}
    return frozenset(quoted | {name for name in named if _FILE_ID.fullmatch(name)})


def present_files(connection: sqlite3.Connection, visitor: str, now: float) -> frozenset[str]:
    """Ids of the files that a visitor has."""
    found = connection.execute("SELECT id FROM files WHERE visitor = ? AND expires > ?", (visitor, now))
    return frozenset(row[0] for row in found)


def blank_answers(connection: sqlite3.Connection, visitor: str, files: Iterable[str]) -> int:
    """Takes out every kept answer of a visitor that mentions one of these files; its question stays.

    Returns: how many.
    """
    blanked = 0
    for file in files:
        quoting = """SELECT talk, place FROM mentions JOIN talks ON talks.id = mentions.talk
            WHERE mentions.file = ? AND talks.visitor = ?"""
        for talk, place in connection.execute(quoting, (file, visitor)).fetchall():
            connection.execute(
                "UPDATE turns SET answer = NULL, gone = ? WHERE talk = ? AND place = ?", (GONE_WORDS, talk, place)
            )
            connection.execute("DELETE FROM mentions WHERE talk = ? AND place = ?", (talk, place))
            blanked += 1
    return blanked


def remember_gone(connection: sqlite3.Connection, ids: Iterable[str], now: float) -> None:
    """Notes what was deleted, so that work which was still going on does not bring it back."""
    rows = [(gone, now + GONE_SECONDS) for gone in ids]
    connection.executemany("INSERT OR REPLACE INTO gone (id, until) VALUES (?, ?)", rows)


def is_gone(connection: sqlite3.Connection, wanted: str, now: float) -> bool:
    return bool(connection.execute("SELECT 1 FROM gone WHERE id = ? AND until > ?", (wanted, now)).fetchone())

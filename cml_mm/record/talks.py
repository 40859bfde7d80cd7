"""Visitors' conversations, as TalkDesk promises them.

A turn whose answer mentions a file that is no longer there comes back without its answer, be
it deleted, expired, or gone while the answer was being written.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from cml_mm.errors import InputError, StoreCorrupt
from cml_mm.record.codec import decode, encode
from cml_mm.record.database import Database
from cml_mm.record.mentions import GONE_WORDS, is_gone, mentioned_files, present_files, remember_gone
from cml_mm.talk import Facet, FacetKind, ScopeKind
from cml_mm.types import Answer
from cml_mm.visits import KeptTalk, KeptTurn, TalkCard

MOST_TALKS = 200  # of one visitor; the oldest make room
MOST_TURNS = 200  # of one conversation; the oldest make room
TITLE_CHARACTERS = 80
_OTHER_VERSION = "This answer was kept by another version of the app, which is needed to read it. Ask again."


@dataclass(frozen=True)
class _State:
    """What a conversation holds beside its turns."""

    chosen: tuple[Facet, ...]
    dismissed: tuple[tuple[FacetKind, str], ...]
    where: ScopeKind


class TalkRecord:
    """What is kept of conversations: implements ports.TalkDesk.

    Args:
        database: open.
        keep_seconds: how long a conversation is kept after its last change.
        clock: seconds since 1970.
    """

    def __init__(self, database: Database, keep_seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._keep_seconds = keep_seconds
        self._clock = clock

    def talks(self, visitor: str) -> tuple[TalkCard, ...]:
        """The last changed first."""
        rows = self._database.rows(
            "SELECT id, title, turns, changed FROM talks WHERE visitor = ? AND changed > ? ORDER BY changed DESC, id",
            (visitor, self._oldest()),
        )
        return tuple(TalkCard(talk, decode(str, title), turns, changed) for talk, title, turns, changed in rows)

    def load(self, visitor: str, talk: str) -> KeptTalk:
        """Raises: InputError: this visitor has no such conversation."""
        with self._database.transaction() as connection:
            found = connection.execute(
                "SELECT title, state, changed FROM talks WHERE visitor = ? AND id = ? AND changed > ?",
                (visitor, talk, self._oldest()),
            ).fetchone()
            if found is None:
                raise _no_such_talk()
            rows = connection.execute(
                "SELECT place, question, answer, gone FROM turns WHERE talk = ? ORDER BY place", (talk,)
            ).fetchall()
            mentions = connection.execute("SELECT place, file FROM mentions WHERE talk = ?", (talk,)).fetchall()
            present = present_files(connection, visitor, self._clock())
        missing = {place for place, file in mentions if file not in present}
        turns = tuple(
            KeptTurn(decode(str, question), None, GONE_WORDS) if place in missing else _turn(question, answer, gone)
            for place, question, answer, gone in rows
        )
        title, state, changed = found
        kept = decode(_State, state)
        return KeptTalk(talk, decode(str, title), turns, kept.chosen, kept.dismissed, kept.where, changed)

    def save(self, visitor: str, talk: KeptTalk) -> None:
        """Keeps a conversation as it now is: the last 200 questions of the last 200 conversations.

        One without turns is not kept, nor one that has been deleted meanwhile; without a
        visitor there is nobody to keep it for. A title given by `rename` stays.

        Raises:
            InputError: the id is another visitor's.
            StoreError.
        """
        if not (visitor and talk.turns):
            return
        turns = talk.turns[-MOST_TURNS:]
        encoded = [_encoded(turn) for turn in turns]
        now = self._clock()
        with self._database.transaction() as connection:
            if is_gone(connection, visitor, now) or is_gone(connection, talk.id, now):
                return
            _write_talk(connection, visitor, talk, len(turns), now)
            present = present_files(connection, visitor, now)
            for place, (turn, (question, answer)) in enumerate(zip(turns, encoded, strict=True)):
                files = mentioned_files(turn.answer) if turn.answer else frozenset()
                gone = turn.gone
                if not files <= present:  # deleted while the answer was being written
                    answer, gone, files = None, GONE_WORDS, frozenset()
                _write_turn(connection, talk.id, place, (question, answer, gone), files)
            connection.execute("DELETE FROM turns WHERE talk = ? AND place >= ?", (talk.id, len(turns)))
            connection.execute(
                """DELETE FROM talks WHERE id IN (
                    SELECT id FROM talks WHERE visitor = ? ORDER BY changed DESC, id LIMIT -1 OFFSET ?)""",
                (visitor, MOST_TALKS),
            )

    def rename(self, visitor: str, talk: str, title: str) -> None:
        """Raises: InputError: no such conversation, or no title."""
        if not (shown := _shortened(title)):
            raise InputError("A conversation needs a title.", "Type a few words that you will know it by.")
        with self._database.transaction() as connection:
            given = (encode(str, shown), visitor, talk, self._oldest())
            if not connection.execute(
                "UPDATE talks SET title = ?, renamed = 1 WHERE visitor = ? AND id = ? AND changed > ?", given
            ).rowcount:
                raise _no_such_talk()

    def remove(self, visitor: str, talk: str) -> None:
        """Raises: InputError: no such conversation."""
        with self._database.transaction() as connection:
            given = (visitor, talk, self._oldest())
            if not connection.execute("DELETE FROM talks WHERE visitor = ? AND id = ? AND changed > ?", given).rowcount:
                raise _no_such_talk()
            remember_gone(connection, (talk,), self._clock())
        self._database.wipe()

    def _oldest(self) -> float:
        return self._clock() - self._keep_seconds


def _write_talk(connection: sqlite3.Connection, visitor: str, talk: KeptTalk, turns: int, now: float) -> None:
    found = connection.execute("SELECT visitor, renamed FROM talks WHERE id = ?", (talk.id,)).fetchone()
    if found and found[0] != visitor:
        raise _no_such_talk()
    state = encode(_State, _State(talk.chosen, talk.dismissed, talk.where))
    title = encode(str, _shortened(talk.title) or _shortened(talk.turns[0].question) or "Untitled")
    if not found:
        connection.execute(
            "INSERT INTO talks (id, visitor, changed, turns, title, state) VALUES (?, ?, ?, ?, ?, ?)",
            (talk.id, visitor, now, turns, title, state),
        )
        return
    connection.execute("UPDATE talks SET changed = ?, turns = ?, state = ? WHERE id = ?", (now, turns, state, talk.id))
    if talk.title and not found[1]:
        connection.execute("UPDATE talks SET title = ? WHERE id = ?", (title, talk.id))


def _write_turn(
    connection: sqlite3.Connection,
    talk: str,
    place: int,
    turn: tuple[bytes, bytes | None, str],
    files: frozenset[str],
) -> None:
    """Writes a turn where it has changed: most have not since the last question."""
    kept = connection.execute(
        "SELECT question, answer, gone FROM turns WHERE talk = ? AND place = ?", (talk, place)
    ).fetchone()
    if kept == turn:
        return
    connection.execute("DELETE FROM turns WHERE talk = ? AND place = ?", (talk, place))
    connection.execute(
        "INSERT INTO turns (talk, place, question, answer, gone) VALUES (?, ?, ?, ?, ?)", (talk, place, *turn)
    )
    rows = [(talk, place, file) for file in sorted(files)]
    connection.executemany("INSERT INTO mentions (talk, place, file) VALUES (?, ?, ?)", rows)


def _encoded(turn: KeptTurn) -> tuple[bytes, bytes | None]:
    return encode(str, turn.question), None if turn.answer is None else encode(Answer, turn.answer)


def _turn(question: bytes, answer: bytes | None, gone: str) -> KeptTurn:
    asked = decode(str, question)
    try:
        return KeptTurn(asked, None if answer is None else decode(Answer, answer), gone)
    except StoreCorrupt:
        return KeptTurn(asked, None, _OTHER_VERSION)


def _shortened(title: str) -> str:
    """On one line, cut between words."""
    line = " ".join(title.split())
    if len(line) <= TITLE_CHARACTERS:
        return line
    cut = line[:TITLE_CHARACTERS]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:") + "…"


def _no_such_talk() -> InputError:
    """The same words for one that is another's, was deleted, or never was."""
    return InputError("You have no such conversation here.", "It may have been deleted or have expired.")

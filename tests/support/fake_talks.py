"""Conversations in memory, at the port."""

from __future__ import annotations

import time
from dataclasses import replace

from cml_mm.errors import InputError
from cml_mm.visits import KeptTalk, TalkCard

_UNKNOWN = ("There is no such conversation.", "Open the list of your conversations and pick one.")


class FakeTalks:
    """Implements `ports.TalkDesk`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], KeptTalk] = {}

    def talks(self, visitor: str) -> tuple[TalkCard, ...]:
        mine = [talk for (owner, _), talk in self._kept.items() if owner == visitor]
        cards = (TalkCard(talk.id, talk.title, len(talk.turns), talk.changed) for talk in mine)
        return tuple(sorted(cards, key=lambda card: card.changed, reverse=True))

    def load(self, visitor: str, talk: str) -> KeptTalk:
        if (visitor, talk) not in self._kept:
            raise InputError(*_UNKNOWN)
        return self._kept[visitor, talk]

    def save(self, visitor: str, talk: KeptTalk) -> None:
        if visitor and talk.turns:
            self._kept[visitor, talk.id] = replace(talk, changed=time.time())

    def rename(self, visitor: str, talk: str, title: str) -> None:
        if not title.strip():
            raise InputError("A conversation needs a name.", "Write one, or leave it as it was.")
        self._kept[visitor, talk] = replace(self.load(visitor, talk), title=title.strip())

    def remove(self, visitor: str, talk: str) -> None:
        self.load(visitor, talk)
        del self._kept[visitor, talk]

    def forget(self, visitor: str) -> None:
        """Deletes everything of a visitor."""
        self._kept = {key: talk for key, talk in self._kept.items() if key[0] != visitor}

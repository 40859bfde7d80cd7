"""Conversations that are kept: what of the page goes into the record, and how it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cml_mm.ports import TalkDesk
from cml_mm.talk import ScopeKind
from cml_mm.types import Answer
from cml_mm.ui.conversation import Said
from cml_mm.ui.opening import Opening
from cml_mm.ui.turns import Asked, Trouble, Turn, stopped
from cml_mm.visits import COOKIE, KeptTalk, KeptTurn, TalkCard, new_talk_id, visitor_key

TITLE_CHARACTERS = 80  # of a question that names its conversation
UNTITLED = "Conversation"
NOTHING_WRITTEN = "This question was not answered."


class WithCookies(Protocol):
    """What is needed of a request."""

    @property
    def cookies(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class OpenTalk:
    """Which kept conversation the page goes on with; without an id the next answer begins a new one."""

    id: str = ""
    title: str = ""  # of one that is not kept yet, where it is not its first question's
    where: ScopeKind = "library"  # what was asked last


@dataclass(frozen=True)
class Resumed:
    """A kept conversation as the page shows it."""

    talk: OpenTalk
    turns: tuple[Turn, ...]
    said: Said


def visitor_of(request: WithCookies | None) -> str:
    """The key of who asks; "" where their browser keeps no cookie."""
    return visitor_key((getattr(request, "cookies", None) or {}).get(COOKIE))


def title_of(question: str) -> str:
    """A question as the name of its conversation: one line, cut at a word."""
    words = " ".join(question.split())
    if len(words) <= TITLE_CHARACTERS:
        return words or UNTITLED
    cut = words[: TITLE_CHARACTERS - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{head if space and len(head) > TITLE_CHARACTERS // 2 else cut}…"


def kept_turn(turn: Turn) -> KeptTurn:
    """A finished turn as it is kept. Where there is no answer, the words on the screen say why."""
    if turn.answer is not None:
        return KeptTurn(turn.question, turn.answer)
    trouble = turn.trouble
    if trouble is None:
        return KeptTurn(turn.question, gone=NOTHING_WRITTEN)
    if trouble.kind == "gone":
        return KeptTurn(turn.question, gone=trouble.text)
    return KeptTurn(turn.question, gone=f"{NOTHING_WRITTEN} {trouble.title.rstrip('.')}. {trouble.text}".strip())


def turn_again(number: int, kept: KeptTurn) -> Turn:
    """A kept turn as it stood on the page. What is gone leaves its question and a quiet note."""
    turn = Turn(number, kept.question, phase="done")
    answer = kept.answer
    if answer is None:
        return turn.ended(Trouble("gone", "No answer stands here", kept.gone or NOTHING_WRITTEN))
    return Turn(
        number,
        kept.question,
        phase="done",
        sentences=answer.sentences,
        evidence=answer.evidence,
        answer=answer,
        trouble=stopped(answer.sentences) if answer.status == "stopped" else None,
        asked=Asked(_where(answer)),
    )


class Keeper:
    """Keeps the conversations of visitors, each their own.

    Args:
        opening: the engine, whose desk of conversations this uses.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    @property
    def desk(self) -> TalkDesk:
        return self._opening.asker().talks

    def cards(self, visitor: str) -> tuple[TalkCard, ...]:
        """A visitor's conversations, the last changed first; none while the library is still opened."""
        return self.desk.talks(visitor) if visitor and self._opening.ready else ()

    def keep(
        self, visitor: str, talk: OpenTalk, turns: Sequence[Turn], said: Said, where: ScopeKind = "library"
    ) -> OpenTalk:
        """Keeps a conversation as it now is; without a visitor, or without an answer, nothing is kept.

        What was written meanwhile into the same conversation, as in a second window, is never
        overwritten: then this becomes a conversation of its own.

        Returns: the conversation that the page now goes on with.
        Raises: StoreError: it could not be kept.
        """
        done = tuple(kept_turn(turn) for turn in turns if not turn.busy)
        if not visitor or not any(turn.answer for turn in done):
            return talk
        cards = {card.id: card for card in self.desk.talks(visitor)} if talk.id else {}
        known = cards.get(talk.id)
        same = known is not None and _continues(self.desk.load(visitor, talk.id), done)
        title = known.title if known is not None else talk.title or title_of(done[0].question)
        kept = KeptTalk(talk.id if same else new_talk_id(), title, done, said.chosen, said.dismissed, where)
        self.desk.save(visitor, kept)
        return OpenTalk(kept.id, title, where)

    def resume(self, visitor: str, talk: str) -> Resumed:
        """Raises: InputError: this visitor has no such conversation."""
        kept = self.desk.load(visitor, talk)
        turns = tuple(turn_again(number, turn) for number, turn in enumerate(kept.turns, 1))
        return Resumed(OpenTalk(kept.id, kept.title, kept.where), turns, Said(kept.chosen, kept.dismissed))


def branched(talk: OpenTalk, dropped: Sequence[Turn], question: str) -> OpenTalk:
    """Where an edited question goes on: what held an answer stays as it was, and a new conversation begins."""
    return OpenTalk("", title_of(question)) if any(turn.answer for turn in dropped) else talk


def _where(answer: Answer) -> ScopeKind:
    """What an answer leans on, as far as its evidence tells."""
    owners = {"library" if item.source.owner == "library" else "files" for item in answer.evidence}
    return "both" if len(owners) > 1 else "files" if "files" in owners else "library"


def _continues(kept: KeptTalk, turns: Sequence[KeptTurn]) -> bool:
    """Whether every answered question that is kept stands in these turns too, in the same order."""
    asked = iter([turn.question for turn in turns if turn.answer])
    return all(turn.question in asked for turn in kept.turns if turn.answer)

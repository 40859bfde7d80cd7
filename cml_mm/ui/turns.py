"""One question with what has been written to it so far: a value that each event moves on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cml_mm.talk import ScopeKind, Voice
from cml_mm.types import Answer, AskEvent, Evidence, Sentence, SentenceReady, Step

Phase = Literal["waiting", "working", "done"]
_PLACES: tuple[ScopeKind, ...] = ("library", "files", "both")
_FILES = 60  # ids that a browser may name, each of at most so many characters
_ID_CHARACTERS = 80
_LATE = 5  # names that are told
_NAME_CHARACTERS = 200


@dataclass(frozen=True)
class Asked:
    """What a question was asked of, as the visitor chose it. Whose files these are is never part of it.

    `files` are ids, empty for all; `late` are the names of those that were still being read;
    `count` is how many were asked in the end; `voice` says who may write the answer.
    """

    where: ScopeKind = "library"
    files: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    count: int = 0
    voice: Voice = "model"

    @classmethod
    def read(cls, data: object) -> Asked:
        """From what a browser sent; what does not fit is left out."""
        given = data if isinstance(data, dict) else {}
        where = next((place for place in _PLACES if place == given.get("where")), _PLACES[0])
        return cls(
            where,
            tuple(text[:_ID_CHARACTERS] for text in _texts(given.get("files"))[:_FILES]),
            tuple(text[:_NAME_CHARACTERS] for text in _texts(given.get("late"))[:_LATE]),
        )


LIBRARY_ASKED = Asked()


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer, in words for the reader.

    `advice` can be mended by the visitor, `ours` cannot, and what a `model` did not do can be had
    without it; `stopped` was asked for; what is `gone`
    stood in a kept conversation and is no longer there.
    """

    kind: Literal["advice", "ours", "model", "stopped", "lost", "gone"]
    title: str
    text: str
    reference: str = ""


@dataclass(frozen=True)
class Turn:
    number: int
    question: str
    phase: Phase = "waiting"
    place: int = 0  # in the line; 0 when it is being answered
    wait: float = 0.0  # seconds, 0 where unknown
    steps: tuple[Step, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    trouble: Trouble | None = None
    asked: Asked = LIBRARY_ASKED

    @property
    def busy(self) -> bool:
        return self.phase != "done"

    def moved(self, event: AskEvent) -> Turn:
        """This turn after one event of the engine."""
        if isinstance(event, Step):
            return replace(self, phase="working", place=0, steps=_stepped(self.steps, event))
        if isinstance(event, SentenceReady):
            return replace(
                self,
                phase="working",
                sentences=(*self.sentences, event.sentence),
                evidence=_joined(self.evidence, event.evidence),
            )
        answer = event.answer
        return replace(
            self,
            phase="done",
            answer=answer,
            sentences=answer.sentences,
            evidence=answer.evidence,
            trouble=stopped(self.sentences) if answer.status == "stopped" else None,
        )

    def ended(self, trouble: Trouble) -> Turn:
        """This turn, over without an answer; what was written stays."""
        return replace(self, phase="done", place=0, trouble=trouble)

    def without(self, file: str) -> Turn:
        """This turn once a visitor's file has been deleted: an answer that quotes it goes too, as from the record."""
        answer = self.answer
        if answer is None or not _speaks_of(answer, file):
            return self
        return replace(self, answer=None, sentences=(), evidence=(), trouble=QUOTED_GONE)


QUOTED_GONE = Trouble("gone", "No answer stands here", "This answer quoted a file that has been deleted.")


def _speaks_of(answer: Answer, file: str) -> bool:
    quoted = (item.source.slug for item in (*answer.evidence, *answer.considered))
    return file in {*quoted, *answer.ranked, *answer.subjects}


def stopped(written: tuple[Sentence, ...]) -> Trouble:
    """What a visitor reads after Stop."""
    kept = "What was written so far is kept." if written else "Your question is kept."
    return Trouble("stopped", "Stopped", kept)


def _stepped(steps: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
    """A step ends the one before it; the same name or topic again is that step, moved on."""
    before = tuple(
        replace(old, done=True)
        for old in steps
        if old.name != step.name and not (step.topic and old.topic == step.topic)
    )
    return (*before, step)


def _joined(known: tuple[Evidence, ...], fresh: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    numbers = {item.number for item in known}
    return tuple(
        sorted((*known, *(item for item in fresh if item.number not in numbers)), key=lambda item: item.number)
    )


def _texts(given: object) -> list[str]:
    return [text for text in given if isinstance(text, str) and text.strip()] if isinstance(given, list) else []

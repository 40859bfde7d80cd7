"""One question with what has been written to it so far: a value that each event moves on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cml_mm.types import Answer, AskEvent, Evidence, Sentence, SentenceReady, Step

Phase = Literal["waiting", "working", "done"]


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer, in words for the reader.

    `advice` can be mended by the visitor, `ours` cannot; `stopped` was asked for.
    """

    kind: Literal["advice", "ours", "stopped", "lost"]
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


def stopped(written: tuple[Sentence, ...]) -> Trouble:
    """What a visitor reads after Stop."""
    kept = "What was written so far is kept." if written else "Your question is kept."
    return Trouble("stopped", "Stopped", kept)


def _stepped(steps: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
    """A step ends the one before it; the same name again is that step, moved on."""
    before = tuple(replace(old, done=True) for old in steps if old.name != step.name)
    return (*before, step)


def _joined(known: tuple[Evidence, ...], fresh: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    numbers = {item.number for item in known}
    return tuple(
        sorted((*known, *(item for item in fresh if item.number not in numbers)), key=lambda item: item.number)
    )

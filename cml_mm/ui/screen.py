"""What happens when something is pressed: handlers over the engine, the line and a session's turns.

The conversation is a value in the session's state. `begin` puts the question into it at
once, `run` moves it on while the engine answers. Both render the whole newest turn;
Gradio's HTML component changes only what differs, so focus and scroll stay where they are.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from cml_mm.types import IndexStatus
from cml_mm.ui.asking import answer_turn
from cml_mm.ui.desk import Desk
from cml_mm.ui.evidence import panel_html
from cml_mm.ui.frame import Library, examples_html, header_html, hint_html
from cml_mm.ui.opening import Opening
from cml_mm.ui.render import past_html, turn_html
from cml_mm.ui.turns import Trouble, Turn

SEATS = 2  # answers at once

EMPTY = "Write a question first, or pick one of the examples."
BUSY = "One question at a time. Wait for this answer, or stop it first."
LOST = Trouble("lost", "The connection was lost", "Your question is kept.")

Turns = tuple[Turn, ...]


class Screen:
    """What the handlers share: the engine, the line, and nothing of any visitor."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self.desk = Desk(SEATS)

    # What the page says about the library

    def library(self) -> Library:
        if not self.opening.ready:
            return Library(words=self.opening.words)
        asker = self.opening.asker()
        return Library(self.opening.words, asker.status(), asker.examples())

    def status(self) -> IndexStatus | None:
        return self.opening.asker().status() if self.opening.ready else None

    def refresh(self) -> tuple[str, str, str, Any]:
        """Header, hint and examples; the timer stops when nothing more will change."""
        library = self.library()
        timer = gr.Timer(active=not library.settled)
        return header_html(library), hint_html(library), examples_html(library.examples), timer

    # One question

    def begin(self, question: str, turns: Turns, request: gr.Request) -> tuple[Any, ...]:
        """Puts the question into the conversation. Returns: box, state, note, past, newest, both panels."""
        session = str(request.session_hash)
        turns = self._settled(turns, session)
        if not question or not question.strip():
            return (question, turns, _note(EMPTY), *self._rendered(turns))
        if turns and turns[-1].busy:
            return (question, turns, _note(BUSY), *self._rendered(turns))
        self.desk.expect(session)
        turns = (*turns, Turn(len(turns) + 1, question.strip()))
        return ("", turns, "", *self._rendered(turns))

    def begin_asked(self, box: str, turns: Turns, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        """An example, a follow-up or "Try again". What stands in the box stays there."""
        question = str(event._data.get("question", ""))  # the only way to an event's own data
        if number := event._data.get("turn"):
            question = _question_of(turns, number)
        return (box, *self.begin(question, turns, request)[1:])

    def run(self, turns: Turns, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answers the newest question. Yields: state, newest turn, its panel."""
        session = str(request.session_hash)
        stop = self.desk.take(session)
        if stop is None or not turns or not turns[-1].busy:
            return  # `begin` has refused, or this question is being answered already
        steps = answer_turn(self.opening, self.desk, turns[-1], stop)
        try:
            for turn in steps:
                yield (*turns[:-1], turn), turn_html(turn, self.status()), panel_html((turn,))
        finally:
            steps.close()
            self.desk.done(session, stop)

    def stop(self, request: gr.Request) -> None:
        self.desk.stop(str(request.session_hash))

    def leave(self, request: gr.Request) -> None:
        """The visitor has closed the page: nobody reads what would still be written."""
        self.desk.done(str(request.session_hash))

    def edit(self, turns: Turns, event: gr.EventData) -> str:
        """Puts the question of an earlier turn back into the box."""
        return _question_of(turns, event._data.get("turn"))

    # For programs

    def ask(self, question: str) -> dict[str, Any]:
        """Answers one question from the library.

        Args:
            question: in plain words.

        Returns: the answer with its sentences, citations, evidence and locators.
        """
        *_, last = answer_turn(self.opening, self.desk, Turn(1, question), threading.Event())
        if last.answer:
            return dataclasses.asdict(last.answer)
        trouble = last.trouble
        words = f"{trouble.title} {trouble.text} {trouble.reference}".strip() if trouble else "No answer."
        raise gr.Error(words, print_exception=False)

    def _settled(self, turns: Turns, session: str) -> Turns:
        """A turn that says busy while nobody works on it was cut off: the connection broke."""
        if turns and turns[-1].busy and not self.desk.expects(session):
            return (*turns[:-1], turns[-1].ended(LOST))
        return turns

    def _rendered(self, turns: Turns) -> tuple[str, str, str, str]:
        status = self.status()
        newest = turn_html(turns[-1], status) if turns else ""
        return past_html(turns[:-1], status), newest, panel_html(turns[:-1]), panel_html(turns[-1:])


def _note(words: str) -> str:
    return f'<p class="hint say" role="alert">{words}</p>'


def _question_of(turns: Turns, number: object) -> str:
    return next((turn.question for turn in turns if str(turn.number) == str(number)), "")

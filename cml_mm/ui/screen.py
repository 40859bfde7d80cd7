"""What happens when something is pressed: handlers over the engine, the line and a session's turns.

The conversation is two values in the session's state: its turns, and what the visitor said
of themselves. `begin` puts the question into it at once, `run` moves it on while the engine
answers. Both render the whole newest turn; Gradio's HTML component changes only what
differs, so focus and scroll stay where they are.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from cml_mm.errors import CmlError, InputError
from cml_mm.talk import FACET_KINDS, Facet, FacetKind, Talk
from cml_mm.types import IndexStatus
from cml_mm.ui.asking import answer_turn
from cml_mm.ui.conversation import Said, talk_of, whole_question
from cml_mm.ui.desk import Desk
from cml_mm.ui.evidence import panel_html
from cml_mm.ui.frame import Library, examples_html, header_html, hint_html
from cml_mm.ui.lens_view import lens_html
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

    def choices(self) -> tuple[Facet, ...]:
        return self.opening.asker().lens_choices() if self.opening.ready else ()

    def refresh(self, turns: Turns, said: Said) -> tuple[Any, ...]:
        """Header, hint, examples and who is asking; the timer stops when nothing more will change."""
        library = self.library()
        timer = gr.Timer(active=not library.settled)
        return (
            header_html(library),
            hint_html(library),
            examples_html(library.examples),
            timer,
            self.asking_as(turns, said),
        )

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

    def begin_asked(
        self, box: str, turns: Turns, said: Said, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """An example, a follow-up, "Try again" or "Ask again as". What stands in the box stays there.

        Returns: as `begin`, then what is said of the asker and the row that shows it.
        """
        data = event._data  # the only way to an event's own data
        question = str(data.get("question", ""))
        if number := data.get("turn") or (data.get("last") and turns and turns[-1].number):
            question = whole_question(turns, number)
        busy = bool(turns) and turns[-1].busy
        if not busy and (facet := self._meant(data)):
            said = said.choose(facet)
        begun = (box, *self.begin(question, turns, request)[1:])
        return (*begun, said, self.asking_as(begun[1], said))

    def run(self, turns: Turns, said: Said, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answers the newest question. Yields: state, newest turn, its panel, who is asking."""
        session = str(request.session_hash)
        stop = self.desk.take(session)
        if stop is None or not turns or not turns[-1].busy:
            return  # `begin` has refused, or this question is being answered already
        steps = answer_turn(self.opening, self.desk, turns[-1], stop, talk_of(turns[:-1], said))
        try:
            for turn in steps:
                turns = (*turns[:-1], turn)
                row = gr.skip() if turn.busy else self.asking_as(turns, said)
                yield turns, turn_html(turn, self.status(), self.choices()), panel_html((turn,)), row
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
        number = event._data.get("turn")
        return next((turn.question for turn in turns if str(turn.number) == str(number)), "")

    # Who is asking

    def asking_as(self, turns: Turns, said: Said) -> str:
        """The row of chips: whose eyes the next question is seen with."""
        if not self.opening.ready:
            return ""
        newest = turns[-1].answer if turns else None
        lens = self.opening.asker().lens(talk_of(turns, said))
        return lens_html(lens, self.choices(), newest, bool(turns))

    def change_lens(self, turns: Turns, said: Said, event: gr.EventData) -> tuple[Said, str]:
        """A facet is chosen, or taken away. Returns: what is said of the asker, the row."""
        data = event._data
        facet = self._meant(data)
        if facet:
            said = said.drop(facet) if data.get("act") == "drop" else said.choose(facet)
        return said, self.asking_as(turns, said)

    def start_anew(self, turns: Turns, said: Said, request: gr.Request) -> tuple[Any, ...]:
        """Forgets the conversation. Returns: state, note, past, newest, both panels, what is said, the row."""
        turns = self._settled(turns, str(request.session_hash))
        if turns and turns[-1].busy:
            return (turns, _note(BUSY), *self._rendered(turns), said, self.asking_as(turns, said))
        return ((), "", *self._rendered(()), Said(), self.asking_as((), Said()))

    def _meant(self, data: Any) -> Facet | None:
        """The facet that an event names; nothing that the library does not know gets in."""
        kind, value = str(data.get("kind", "")), str(data.get("value", ""))
        if kind not in FACET_KINDS or not value or not self.opening.ready:
            return None
        try:
            return self.opening.asker().facet(kind, value)
        except InputError:
            return None

    # For programs

    def ask(
        self, question: str, persona: str = "", scale: str = "", stage: str = "", domain: str = ""
    ) -> dict[str, Any]:
        """Answers one question from the library. Nothing is remembered between two calls.

        Args:
            question: in plain words.
            persona: who asks, e.g. "Founder"; empty for what the question itself says.
            scale: how large their group is.
            stage: how far it has come.
            domain: what it is about.

        Returns: the answer with its sentences, citations, evidence and locators.
        """
        named: dict[FacetKind, str] = {"persona": persona, "scale": scale, "stage": stage, "domain": domain}
        try:
            chosen = tuple(self.opening.asker().facet(kind, name) for kind, name in named.items() if name)
        except CmlError as error:
            raise gr.Error(str(error), print_exception=False) from error
        *_, last = answer_turn(self.opening, self.desk, Turn(1, question), threading.Event(), Talk(chosen=chosen))
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
        status, choices = self.status(), self.choices()
        newest = turn_html(turns[-1], status, choices) if turns else ""
        return past_html(turns[:-1], status, choices), newest, panel_html(turns[:-1]), panel_html(turns[-1:])


def _note(words: str) -> str:
    return f'<p class="hint say" role="alert">{words}</p>'

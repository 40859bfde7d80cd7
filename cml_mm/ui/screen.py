"""What happens when something is pressed: handlers over the engine, the line and a session's turns.

The conversation is two values in the session's state: its turns, and what the visitor said
of themselves. `begin` puts the question into it at once, `run` moves it on while the engine
answers. Both render the whole newest turn; Gradio's HTML component changes only what
differs, so focus and scroll stay where they are.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from cml_mm.errors import CmlError, InputError
from cml_mm.talk import FACET_KINDS, Facet, FacetKind, Scope, Talk, Voice
from cml_mm.types import IndexStatus
from cml_mm.ui.asking import answer_turn
from cml_mm.ui.conversation import Said, talk_of, whole_question
from cml_mm.ui.desk import Desk
from cml_mm.ui.evidence import panel_html
from cml_mm.ui.file_section import FileLook
from cml_mm.ui.frame import Library, examples_html, header_html, hint_html
from cml_mm.ui.keeping_talks import Keeper, OpenTalk, visitor_of
from cml_mm.ui.lens_view import lens_html
from cml_mm.ui.opening import Opening
from cml_mm.ui.render import past_html, turn_html
from cml_mm.ui.talks_view import offer_html
from cml_mm.ui.text import escape
from cml_mm.ui.turns import LIBRARY_ASKED, Asked, Trouble, Turn

log = logging.getLogger(__name__)

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
        self.keeper = Keeper(opening)

    # What the page says about the library

    def library(self) -> Library:
        if not self.opening.ready:
            return Library(words=self.opening.words)
        asker = self.opening.asker()
        return Library(self.opening.words, asker.status(), asker.examples(), asker.writer())

    def status(self) -> IndexStatus | None:
        return self.opening.asker().status() if self.opening.ready else None

    def choices(self) -> tuple[Facet, ...]:
        return self.opening.asker().lens_choices() if self.opening.ready else ()

    def refresh(self, turns: Turns, said: Said, talk: OpenTalk, request: gr.Request) -> tuple[Any, ...]:
        """Header, hint, examples, timer, who is asking, and the conversation to go on with.

        The timer stops when nothing more will change.
        """
        library = self.library()
        timer = gr.Timer(active=not library.settled)
        return (
            header_html(library),
            hint_html(library),
            examples_html(library.examples),
            timer,
            self.asking_as(turns, said),
            self.offered(visitor_of(request), turns, talk),
        )

    # One question

    def begin(
        self, question: str, turns: Turns, request: gr.Request, wanted: object = None, voice: Voice = "model"
    ) -> tuple[Any, ...]:
        """Puts the question into the conversation.

        Args:
            wanted: what is asked, the library, files or both, as the page has it.
            voice: who may write the answer.

        Returns: box, state, note, past, newest, both panels.
        """
        visitor = visitor_of(request)
        session = str(request.session_hash)
        turns = self.settled(turns, session)
        if not question or not question.strip():
            return (question, turns, note_html(EMPTY), *self.rendered(turns, visitor))
        if turns and turns[-1].busy:
            return (question, turns, note_html(BUSY), *self.rendered(turns, visitor))
        self.desk.expect(session)
        asked = Asked.read(wanted) if visitor else LIBRARY_ASKED
        turns = (*turns, Turn(len(turns) + 1, question.strip(), asked=replace(asked, voice=voice)))
        return ("", turns, "", *self.rendered(turns, visitor))

    def begin_asked(
        self, box: str, turns: Turns, said: Said, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """An example, a follow-up, "Try again", "Ask again as" or "Answer without the model". The box stays as it is.

        Returns: as `begin`, then what is said of the asker and the row that shows it.
        """
        data = event._data  # the only way to an event's own data
        question = str(data.get("question", ""))
        if number := data.get("turn") or (data.get("last") and turns and turns[-1].number):
            question = whole_question(turns, number)
        busy = bool(turns) and turns[-1].busy
        if not busy and (facet := self._meant(data)):
            said = said.choose(facet)
        voice: Voice = "composer" if data.get("voice") == "composer" else "model"
        begun = (box, *self.begin(question, turns, request, data.get("scope"), voice)[1:])
        return (*begun, said, self.asking_as(begun[1], said))

    def run(self, turns: Turns, said: Said, talk: OpenTalk, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answers the newest question. Yields: state, newest turn, its panel, who is asking, note, talk, offer."""
        session = str(request.session_hash)
        stop = self.desk.take(session)
        if stop is None or not turns or not turns[-1].busy:
            # `begin` has refused, or this question is being answered already. A generator that
            # yields nothing would empty every output, the sentence that says why among them.
            yield (gr.skip(),) * 7
            return
        visitor, asked = visitor_of(request), turns[-1].asked
        scope = Scope(asked.where, visitor, asked.files, asked.voice)
        if asked.where == "library":
            scope = Scope(voice=asked.voice)
        steps = answer_turn(self.opening, self.desk, turns[-1], stop, talk_of(turns[:-1], said), scope)
        look = self.look(visitor)
        try:
            for turn in steps:
                if turn.answer and asked.where != "library":
                    turn = replace(turn, asked=replace(asked, count=look.count(asked.files)))
                turns = (*turns[:-1], turn)
                over: tuple[Any, ...] = (gr.skip(),) * 4
                if not turn.busy:
                    talk, note = self.kept(visitor_of(request), talk, turns, said)
                    over = (self.asking_as(turns, said), note, talk, self.offered(visitor_of(request), turns, talk))
                yield turns, turn_html(turn, self.status(), self.choices()), panel_html((turn,), look), *over
        finally:
            steps.close()
            self.desk.done(session, stop)

    def stop(self, request: gr.Request) -> None:
        self.desk.stop(str(request.session_hash))

    def leave(self, request: gr.Request) -> None:
        """The visitor has closed the page: nobody reads what would still be written."""
        self.desk.done(str(request.session_hash))

    # Keeping the conversation

    def kept(self, visitor: str, talk: OpenTalk, turns: Turns, said: Said) -> tuple[OpenTalk, str]:
        """Keeps the conversation as it now is. Returns: which one it is, and a note where it could not be kept."""
        try:
            return self.keeper.keep(visitor, talk, turns, said, turns[-1].asked.where), ""
        except CmlError as error:
            log.error("Keeping a conversation failed", exc_info=error)
            words = escape(f"{error.message} {error.hint}")
            return talk, note_html(f"This conversation could not be kept. {words}")

    def offered(self, visitor: str, turns: Turns, talk: OpenTalk) -> str:
        """The conversation that an empty page offers to go on with."""
        try:
            return offer_html(self.keeper.cards(visitor), talk, bool(turns))
        except CmlError as error:  # the list says what is wrong with it; asking goes on
            log.error("Listing conversations failed", exc_info=error)
            return offer_html((), talk, bool(turns))

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

    def start_anew(self, turns: Turns, said: Said, talk: OpenTalk, request: gr.Request) -> tuple[Any, ...]:
        """Leaves the conversation, which stays in the list.

        Returns: state, note, past, newest, both panels, what is said, the row, talk, offer.
        """
        turns = self.settled(turns, str(request.session_hash))
        if turns and turns[-1].busy:
            shown = (
                turns,
                note_html(BUSY),
                *self.rendered(turns, visitor_of(request)),
                said,
                self.asking_as(turns, said),
            )
            return (*shown, talk, self.offered(visitor_of(request), turns, talk))
        shown = ((), "", *self.rendered(()), Said(), self.asking_as((), Said()))
        return (*shown, OpenTalk(), self.offered(visitor_of(request), (), OpenTalk()))

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

    def settled(self, turns: Turns, session: str) -> Turns:
        """A turn that says busy while nobody works on it was cut off: the connection broke."""
        if turns and turns[-1].busy and not self.desk.expects(session):
            return (*turns[:-1], turns[-1].ended(LOST))
        return turns

    def forget_file(self, turns: Turns, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        """A file was deleted: answers that quote it leave the page too. Returns: state, past, newest, both panels."""
        file = str(event._data.get("file", ""))[:100]
        turns = tuple(turn.without(file) for turn in turns)
        return (turns, *self.rendered(turns, visitor_of(request)))

    def look(self, visitor: str) -> FileLook:
        """A visitor's files, for one rendering."""
        return FileLook(lambda: self.opening.asker().files if self.opening.ready else None, visitor)

    def rendered(self, turns: Turns, visitor: str = "") -> tuple[str, str, str, str]:
        """The conversation, and the evidence for it. Returns: past, newest, both panels."""
        status, choices, look = self.status(), self.choices(), self.look(visitor)
        newest = turn_html(turns[-1], status, choices) if turns else ""
        panels = panel_html(turns[:-1], look), panel_html(turns[-1:], look)
        return (past_html(turns[:-1], status, choices), newest, *panels)


def note_html(words: str) -> str:
    """A line under the composer. `words` is HTML already."""
    return f'<p class="hint say" role="alert">{words}</p>'

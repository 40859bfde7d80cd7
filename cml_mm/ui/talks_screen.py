"""What happens when a kept conversation is opened, renamed, deleted, or one of its questions edited."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from cml_mm.errors import CmlError, InputError
from cml_mm.ui.conversation import Said
from cml_mm.ui.keeping_talks import OpenTalk, branched, visitor_of
from cml_mm.ui.screen import BUSY, Screen, Turns, note_html
from cml_mm.ui.talks_view import SEARCHED_FROM, TITLE_LIMIT, list_html, sheet_html

log = logging.getLogger(__name__)
Reply = dict[str, Any]


class TalksScreen:
    """The handlers of the sheet "Conversations", and those that take up what it keeps."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def component(self) -> gr.HTML:
        """The sheet as one component. Its script fills it; Gradio never renders it again."""
        return gr.HTML(
            sheet_html(),
            elem_id="cml-talks-place",
            apply_default_css=False,
            js_on_load="window.cmlTalks.start(element, server);",
            server_functions=self._functions(),
        )

    def open(
        self, turns: Turns, said: Said, talk: OpenTalk, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Takes a kept conversation up again.

        Returns: state, note, past, newest, both panels, what is said, the row, talk, offer.
        """
        screen, visitor = self._screen, visitor_of(request)
        turns = screen.settled(turns, str(request.session_hash))
        note = ""
        if turns and turns[-1].busy:
            note = note_html(BUSY)
        else:
            try:
                resumed = screen.keeper.resume(visitor, str(event._data.get("talk", ""))[:100])
                turns, said, talk = resumed.turns, resumed.said, resumed.talk
            except CmlError as error:
                note = note_html(f"{error.message} {error.hint}")
        shown = (turns, note, *screen.rendered(turns, visitor))
        return (*shown, said, screen.asking_as(turns, said), talk, screen.offered(visitor, turns, talk))

    def ask_edited(
        self, box: str, turns: Turns, talk: OpenTalk, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Goes on from an earlier question, which now reads otherwise. What stands in the box stays there.

        Returns: as `Screen.begin`, then talk. What stood after it stays in the kept conversation.
        """
        data = event._data
        question = str(data.get("question", ""))
        number = next((turn.number for turn in turns if str(turn.number) == str(data.get("turn"))), 0)
        if not number or not question.strip() or turns[-1].busy:
            return (box, *self._screen.begin(question if number else "", turns, request, data.get("scope"))[1:], talk)
        branch = branched(talk, turns[number - 1 :], question)
        return (box, *self._screen.begin(question, turns[: number - 1], request, data.get("scope"))[1:], branch)

    def offers(self, turns: Turns, talk: OpenTalk, request: gr.Request) -> str:
        """What an empty page offers to go on with, after the list has changed."""
        return self._screen.offered(visitor_of(request), turns, talk)

    # What the sheet's script asks

    def listed(self, data: object, request: Any) -> Reply:
        """The list. Keys: html, search, count; or trouble."""
        return self._told(data, request, lambda _visitor, _data: None)

    def rename(self, data: object, request: Any) -> Reply:
        """Gives a conversation another name. Keys: as `listed`."""
        return self._told(data, request, self._rename)

    def remove(self, data: object, request: Any) -> Reply:
        """Deletes a conversation. Keys: as `listed`."""
        return self._told(data, request, self._remove)

    def _rename(self, visitor: str, data: dict[str, Any]) -> None:
        title = " ".join(str(data.get("title", "")).split())[:TITLE_LIMIT]
        self._screen.keeper.desk.rename(visitor, str(data.get("talk", ""))[:100], title)

    def _remove(self, visitor: str, data: dict[str, Any]) -> None:
        self._screen.keeper.desk.remove(visitor, str(data.get("talk", ""))[:100])

    def _told(self, data: object, request: Any, act: Callable[[str, dict[str, Any]], None]) -> Reply:
        """Does it and gives the list as it then is, or says in words what stands in the way."""
        given: dict[str, Any] = data if isinstance(data, dict) else {}
        visitor = visitor_of(request)
        if not self._screen.opening.ready:
            return {"trouble": f"{self._screen.opening.words}. Try again in a moment."}
        try:
            if visitor:
                act(visitor, given)
            cards = self._screen.keeper.cards(visitor)
        except InputError as error:
            return {"trouble": f"{error.message} {error.hint}"}
        except Exception as error:  # the reader gets a sentence and a reference, the log the details
            reference = secrets.token_hex(2).upper()
            log.error("Conversations failed, reference %s", reference, exc_info=error)
            words = f"{error.message} {error.hint}" if isinstance(error, CmlError) else "Something went wrong here."
            return {"trouble": f"{words} Reference {reference}."}
        html = list_html(cards, time.time(), str(given.get("now", "")), bool(visitor))
        return {"html": html, "count": len(cards), "search": len(cards) >= SEARCHED_FROM}

    def _functions(self) -> list[Callable[..., Any]]:
        """Plain functions, because Gradio marks what it is given, which a bound method does not allow."""

        def listed(data: object, request: gr.Request) -> Reply:
            return self.listed(data, request)

        def rename(data: object, request: gr.Request) -> Reply:
            return self.rename(data, request)

        def remove(data: object, request: gr.Request) -> Reply:
            return self.remove(data, request)

        return [listed, rename, remove]

"""The Library page: its frame, and what its script asks of this server.

The script calls these functions directly (`server_functions` of the one component): they
are in no queue and are offered to no program. Each answers with HTML that is escaped
already; the script drops an answer that a later one has overtaken.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

import gradio as gr

from cml_mm.errors import CmlError, InputError
from cml_mm.ports import Desk
from cml_mm.types import Card
from cml_mm.ui.about import about_html
from cml_mm.ui.icons import icon
from cml_mm.ui.library_cards import cards_html, choices_html, chosen_html, count_words, index_html
from cml_mm.ui.opening import Opening
from cml_mm.ui.parts import note
from cml_mm.ui.reading_view import reading_html
from cml_mm.ui.shelf import Wanted, fill_shelf
from cml_mm.ui.text import escape

log = logging.getLogger(__name__)
Reply = dict[str, Any]


class LibraryPage:
    """Answers the script of the Library page."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._titles: tuple[tuple[Card, ...], dict[str, str]] = ((), {})

    def component(self) -> gr.HTML:
        """The page as one component. Its script fills it; Gradio never renders it again."""
        return gr.HTML(
            shell_html(),
            elem_id="cml-library",
            apply_default_css=False,
            js_on_load="window.cmlLibrary.start(element, server);",
            server_functions=self._functions(),
        )

    def browse(self, data: object) -> Reply:
        """The list for what was typed and chosen. Keys: ready, count, cards, chosen, choices, index, chosen_count."""
        return self._told(lambda desk: self._browse(desk, Wanted.read(data)))

    def read(self, data: object) -> Reply:
        """One page by its slug. Keys: ready, page, title."""
        slug = str(data.get("slug", ""))[:300] if isinstance(data, dict) else ""
        return self._told(lambda desk: self._read(desk, slug))

    def about(self, _data: object = None) -> Reply:
        """About this library. Keys: ready, page, title."""
        return self._told(lambda desk: self._about(desk))

    def use(self, data: object) -> Reply:
        """Takes another profile into use, where that is allowed. Keys: as `about`, and what came of it in words."""
        name = str(data.get("name", ""))[:100] if isinstance(data, dict) else ""
        return self._told(lambda desk: self._use(desk, name))

    def _about(self, desk: Desk, said: str = "") -> Reply:
        page = about_html(desk.status(), desk.profiles(), self._opening.may_choose, said)
        return {"page": page, "title": "About this library", "said": said}

    def _use(self, desk: Desk, name: str) -> Reply:
        choice = next((one for one in desk.profiles() if one.name == name), None)
        if choice is None or not choice.ready:
            return self._about(desk, "This choice cannot be used as it is.")
        try:
            self._opening.choose(name)
        except CmlError as error:
            return self._about(desk, f"{error.message} {error.hint}")
        return self._about(self._opening.asker(), f"In use now: {choice.title}.")

    def _browse(self, desk: Desk, wanted: Wanted) -> Reply:
        shelf = fill_shelf(desk, wanted)
        return {
            "count": count_words(shelf),
            "cards": cards_html(shelf),
            "chosen": chosen_html(shelf),
            "choices": choices_html(shelf),
            "index": index_html(shelf, desk.status()),
        }

    def _read(self, desk: Desk, slug: str) -> Reply:
        try:
            reading = desk.read(slug)
        except InputError as error:
            return {"page": _trouble("search", "sec", error.message, error.hint), "title": "No such page"}
        return {"page": reading_html(reading, self._names(desk)), "title": reading.page.title}

    def _names(self, desk: Desk) -> dict[str, str]:
        """The title of every page, by slug; made once for each state of the index."""
        cards = desk.cards()
        if cards is not self._titles[0]:
            self._titles = (cards, {card.slug: card.title for card in cards})
        return self._titles[1]

    def _told(self, answer: Callable[[Desk], Reply]) -> Reply:
        """What the engine says, or what stands in the way, in words."""
        if not self._opening.ready:
            return {"ready": False, "words": self._opening.words}
        try:
            return {"ready": True, **answer(self._opening.asker())}
        except CmlError as error:
            return {"ready": True, "trouble": _trouble("warn", "rust", error.message, error.hint)}
        except Exception as error:  # the reader gets a sentence and a reference, the log the details
            reference = secrets.token_hex(2).upper()
            log.error("Showing the library failed, reference %s", reference, exc_info=error)
            text = f"Tell whoever runs this page the reference {reference}."
            return {"ready": True, "trouble": _trouble("warn", "rust", "Something went wrong here, not with you", text)}

    def _functions(self) -> list[Callable[..., Any]]:
        """Plain functions, because Gradio marks what it is given, which a bound method does not allow."""

        def browse(data: object) -> Reply:
            return self.browse(data)

        def read(data: object) -> Reply:
            return self.read(data)

        def about(data: object) -> Reply:
            return self.about(data)

        def use(data: object) -> Reply:
            return self.use(data)

        return [browse, read, about, use]


def shell_html() -> str:
    """What never changes: the search, and the places that the script fills."""
    return (
        '<div class="lib"><section class="res" aria-label="Pages of the library"><div class="res-head">'
        '<search><div class="field"><label class="vh" for="lib-search">Search the library</label>'
        f"{icon('search')}"
        '<input id="lib-search" type="search" autocomplete="off" spellcheck="false" enterkeyhint="search"'
        ' placeholder="Search by name or by words" aria-describedby="lib-keys">'
        '<button type="button" class="ib" data-lib="untype" aria-label="Clear the search" hidden>'
        f"{icon('close')}</button>"
        "<kbd>/</kbd></div></search>"
        '<p class="vh" id="lib-keys">Arrow keys go through the list, Enter opens a page, Escape comes back.</p>'
        '<div class="chips" id="lib-chosen"></div>'
        '<div class="bar"><p class="small mut" id="lib-count" role="status">Opening the library…</p>'
        '<button type="button" class="b qt" id="lib-filter" data-lib="filter" aria-expanded="false"'
        f' aria-controls="lib-choices">{icon("filter")}<span>Filter</span></button></div>'
        '<div id="lib-choices" role="group" aria-label="Filters" hidden></div></div>'
        '<div id="lib-cards"></div><p class="lib-foot"><a class="own" href="?view=library&amp;about=1"'
        ' data-lib="about">About this library</a></p></section>'
        '<div id="cml-reader" class="page" aria-live="off"></div></div>'
    )


def _trouble(drawing: str, tone: str, title: str, text: str) -> str:
    again = (
        '<a class="own b sm" href="?view=library" data-lib="list"><span>All pages</span></a>'
        '<button type="button" class="b sm" data-lib="retry"><span>Try again</span></button>'
    )
    told = note(drawing, tone, title.rstrip("."), escape(text), again)
    return f'<article class="rd"><h1 class="vh" id="rd-title" tabindex="-1">{escape(title)}</h1>{told}</article>'

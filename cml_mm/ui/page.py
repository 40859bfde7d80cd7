"""The page: its components, and which handler each of them calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from cml_mm.ports import Desk
from cml_mm.ui.conversation import Said
from cml_mm.ui.files_view import FilesView, attach_html, bring_html, scope_html, shelf_html
from cml_mm.ui.frame import Library, header_html, hero_html
from cml_mm.ui.keeping_talks import OpenTalk
from cml_mm.ui.library_page import LibraryPage
from cml_mm.ui.opening import Opening
from cml_mm.ui.screen import SEATS, Screen
from cml_mm.ui.talks_screen import TalksScreen
from cml_mm.ui.theme import theme

HERE = Path(__file__).resolve().parent
STYLES = (
    "tokens.css",
    "page.css",
    "answer.css",
    "lens.css",
    "panel.css",
    "library.css",
    "reading.css",
    "files.css",
    "lecture.css",
    "talks.css",
)
SCRIPTS = (
    "panel.js",
    "page.js",
    "lens.js",
    "library.js",
    "files.js",
    "page_picture.js",
    "diagram.js",
    "diagram_edit.js",
    "lecture_player.js",
    "lecture.js",
    "lecture_edit.js",
    "talks.js",
)
WAITING = 24  # further questions that are told their place in the line
TICK_SECONDS = 1.0


@dataclass(frozen=True)
class Parts:
    """The components that handlers read or write."""

    turns: gr.State
    said: gr.State
    talk: gr.State
    timer: gr.Timer
    top: gr.HTML
    past: gr.HTML
    newest: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    note: gr.HTML
    hint: gr.HTML
    offer: gr.HTML
    examples: gr.HTML
    lens: gr.HTML
    wanted: gr.JSON
    past_panel: gr.HTML
    panel: gr.HTML
    bus: gr.HTML


def build(desk: Desk | Opening) -> gr.Blocks:
    """The page over an engine that is open, or is being opened."""
    opening = desk if isinstance(desk, Opening) else Opening.of(desk)
    screen = Screen(opening)
    page = gr.Blocks(title="CML, ask the library", fill_width=True, analytics_enabled=False, delete_cache=(3600, 3600))
    with page:
        talks = TalksScreen(screen)
        _wire(page, screen, talks, _layout(LibraryPage(opening), FilesView(opening), talks))
    page.queue(max_size=100, default_concurrency_limit=SEATS)
    return page


def _layout(library: LibraryPage, files: FilesView, talks: TalksScreen) -> Parts:
    turns, said, talk, timer = gr.State(()), gr.State(Said()), gr.State(OpenTalk()), gr.Timer(TICK_SECONDS)
    top = _html("cml-top", header_html(Library()))
    with gr.Row(elem_id="cml-main"):
        with gr.Column(elem_id="cml-left"):
            _html("cml-hero", hero_html())
            past, newest = _html("cml-past"), _html("cml-chat")
            with gr.Column(elem_id="cml-dock"):
                lens = _html("cml-lens")
                box, send, stop = _composer()
                note, hint = _html("cml-note"), _html("cml-status")
                _html("cml-bring", bring_html())
            offer, examples = _html("cml-resume"), _html("cml-examples")
        with gr.Column(elem_id="cml-right"):
            past_panel, panel = _html("cml-evidence-past"), _html("cml-evidence")
    library.component()
    files.component()
    wanted = gr.JSON(visible=False)
    talks.component()
    bus = gr.HTML(
        '<div id="cml-live" class="vh" role="status" aria-live="polite"></div>',
        elem_id="cml-bus",
        apply_default_css=False,
        js_on_load=_BUS,
    )
    return Parts(
        turns=turns,
        said=said,
        talk=talk,
        timer=timer,
        top=top,
        past=past,
        newest=newest,
        box=box,
        send=send,
        stop=stop,
        note=note,
        hint=hint,
        offer=offer,
        examples=examples,
        lens=lens,
        wanted=wanted,
        past_panel=past_panel,
        panel=panel,
        bus=bus,
    )


def _wire(page: gr.Blocks, screen: Screen, talks: TalksScreen, parts: Parts) -> None:
    """Only `ask` is offered to programs; every other handler is private to this page."""
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    told = [parts.turns, parts.said]
    at = [*told, parts.talk]
    library = [parts.top, parts.hint, parts.examples, parts.timer, parts.lens, parts.offer]
    page.load(screen.refresh, at, library, **quiet)
    parts.timer.tick(screen.refresh, at, library, **quiet)

    asked = [parts.box, parts.turns]
    shown = [parts.turns, parts.note, parts.past, parts.newest, parts.past_panel, parts.panel]
    begun = [parts.box, *shown]
    who = [parts.said, parts.lens]
    whole = [*shown, *who, parts.talk, parts.offer]
    starts = (
        gr.on([parts.box.submit, parts.send.click], screen.begin, [*asked, parts.wanted], begun, js=_WANTED, **quiet),
        parts.bus.ask(screen.begin_asked, [*asked, parts.said], [*begun, *who], **quiet),
        parts.bus.reask(talks.ask_edited, [*asked, parts.talk], [*begun, parts.talk], **quiet),
    )
    for start in starts:
        start.then(
            screen.run,
            at,
            [parts.turns, parts.newest, parts.panel, parts.lens, parts.note, parts.talk, parts.offer],
            show_progress="hidden",
            concurrency_limit=SEATS + WAITING,
            concurrency_id="ask",
            api_visibility="private",
        ).failure(None, js="() => window.cmlFailed()", api_visibility="private")
    parts.stop.click(screen.stop, None, None, **quiet)
    parts.bus.lens(screen.change_lens, told, who, **quiet)
    parts.bus.fresh(screen.start_anew, at, whole, **quiet)
    parts.bus.open(talks.open, at, whole, **quiet)
    parts.bus.gone(screen.forget_file, parts.turns, [shown[0], *shown[2:]], **quiet)
    parts.bus.offers(talks.offers, [parts.turns, parts.talk], parts.offer, **quiet)
    page.unload(screen.leave)
    api(screen.ask, api_name="ask", concurrency_limit=SEATS, concurrency_id="ask-api")


# Our script reaches Python through this: the component's `trigger` is handed to the page.
_BUS = """
const asks = ['ask', 'reask'];
const scoped = (name, data) => (asks.includes(name) ? { ...data, scope: window.cmlFiles.scope() } : data);
window.cmlSend = (name, data) => trigger(name, scoped(name, data));
const known = ['ask', 'reask', 'lens', 'fresh', 'open', 'offers', 'gone'];
"""

# What is asked travels with the question, so that it is what the page showed at that moment.
_WANTED = "(...given) => [...given.slice(0, -1), window.cmlFiles.scope()]"


def _html(elem_id: str, value: str = "") -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _composer() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Column(elem_id="cml-comp"):
        _html("cml-shelf", shelf_html())
        box = gr.Textbox(
            label="Your question",
            placeholder="What is your group struggling with?",
            lines=1,
            max_lines=6,
            container=False,
            autofocus=False,
            elem_id="cml-ask",
        )
        with gr.Row(elem_id="cml-tools"):
            _html("cml-attach", attach_html())
            _html("cml-scope", scope_html())
            _html("cml-keys", '<p class="keys">Enter asks, Shift and Enter starts a new line</p>')
            send = gr.Button("Ask", elem_id="cml-send", variant="primary", min_width=40)
            halt = gr.Button("Stop", elem_id="cml-stop", min_width=40)
    return box, send, halt


def launch_options() -> dict[str, Any]:
    """Look and script, as `launch` takes them.

    The styles go into the head: through `css`, Gradio would rewrite the selectors and lose
    those that begin above its own container.
    """
    style = "\n".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)
    script = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return {
        "theme": theme(),
        "head": f"<style>{style}</style><script>{script}</script>",
        "favicon_path": HERE / "favicon.svg",
        "footer_links": [],
    }

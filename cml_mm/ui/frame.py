"""Header, empty state and the lines around the composer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.types import IndexStatus
from cml_mm.ui.icons import LOGO, icon, picture
from cml_mm.ui.text import escape

STARTER_PAGES = 100  # below this, the library is taken for the small one that is shipped


@dataclass(frozen=True)
class Library:
    """What the page says about the library right now."""

    words: str = "Opening the library"  # progress, in words
    status: IndexStatus | None = None
    examples: tuple[str, ...] = ()
    writer: str = ""  # the model that writes answers; "" where they are composed

    @property
    def settled(self) -> bool:
        """Nothing more will change."""
        return self.status is not None and self.status.complete


def header_html(library: Library) -> str:
    status = library.status
    count = (
        f'<span><a href="?view=library&amp;about=1" data-lib="about">{status.patterns:,} patterns</a></span>'
        if status
        else ""
    )
    return (
        '<header class="top"><a class="skip" href="#cml-ask" data-act="skip">Go to the question</a>'
        '<a class="leap" href="?view=library" data-lib="leap">Go to the search</a>'
        f'<span class="brand">{LOGO}<b>CML</b></span>'
        '<nav class="tabs" aria-label="Main"><a href="?" data-lib="to-ask">Ask</a>'
        '<a href="?view=library" data-lib="to-library">Library</a></nav>'
        f'<div class="st">{count}<span class="state">{_state(library)}</span>'
        '<button type="button" class="tk-b" data-act="talks-open" aria-haspopup="dialog">'
        f"{icon('talks')}<span>Conversations</span></button>"
        '<button type="button" class="ib" data-act="theme" aria-label="Switch between light and dark">'
        f"{icon('theme')}</button></div></header>"
    )


def _state(library: Library) -> str:
    status = library.status
    if status is None:
        return f'<i class="dot wait"></i>{escape(library.words)}…'
    if not status.complete:
        return f'<i class="dot"></i>Ready. {escape(library.words)}'
    if library.writer:
        who = f'<a href="?view=library&amp;about=1" data-lib="about">{escape(library.writer)}</a>'
        return f'<i class="dot"></i><span class="who">Ready, {who} writes</span>'
    return '<i class="dot"></i>Ready, works offline'


def hero_html() -> str:
    return (
        '<div class="hero"><h1>Ask the library</h1><p class="sub">Patterns for building and looking'
        " after what people share, and the files that you bring. Every answer opens the page it comes from.</p></div>"
    )


def hint_html(library: Library) -> str:
    """Under the composer: what is being asked, and how to ask something larger."""
    status = library.status
    if status is None:
        return (
            f'<p class="hint" role="status">{escape(library.words)}… You can write already;'
            " your question is answered as soon as it is open.</p>"
        )
    if status.patterns >= STARTER_PAGES:
        return ""
    return (
        f'<p class="hint"><span>This is the starter library, {status.patterns} patterns and'
        f" {status.lighthouses}"
        " groups that use them.</span> <span>To ask your own: <code>cml index --library"
        " PATH</code></span></p>"
    )


def examples_html(examples: Sequence[str]) -> str:
    """Three questions that this library can answer, each with a small picture."""
    if not examples:
        return ""
    cards = "".join(
        f'<li><button type="button" class="ex" data-ask="{escape(question)}">{picture(index)}'
        f"<span>{escape(question)}</span></button></li>"
        for index, question in enumerate(examples[:3])
    )
    return f'<section class="start"><h2 class="lab">Or start from an example</h2><ul class="exs">{cards}</ul></section>'

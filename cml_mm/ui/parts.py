"""Small parts that the conversation is made of: buttons, citation chips, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cml_mm.ui.icons import icon
from cml_mm.ui.text import escape


def button(words: str, act: str, look: str = "sm", drawing: str = "", **attributes: str) -> str:
    """A button that our script acts on. Attributes: `data_turn` becomes `data-turn`."""
    more = "".join(f' {name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    shape = icon(drawing) if drawing else ""
    return f'<button type="button" class="b {look}" data-act="{act}"{more}>{shape}<span>{words}</span></button>'


def chips(turn: int, numbers: Iterable[int], titles: Mapping[int, str]) -> str:
    """Numbered citations: links to the evidence of this turn."""
    return "".join(
        f'<a class="c" href="#ev-{turn}-{number}" data-cite="{turn}-{number}" aria-label="Source {number}:'
        f' {escape(titles.get(number, "evidence"))}">{number}</a>'
        for number in numbers
    )


def note(drawing: str, tone: str, title: str, body: str = "", buttons: str = "") -> str:
    """What happened and what to do. `body` and `buttons` are HTML already, `title` is plain text."""
    words = f"<p>{body}</p>" if body else ""
    row = f'<div class="row">{buttons}</div>' if buttons else ""
    return (
        f'<div class="note" role="note"><span class="{tone}">{icon(drawing)}</span>'
        f"<div><h3>{escape(title)}</h3>{words}{row}</div></div>"
    )

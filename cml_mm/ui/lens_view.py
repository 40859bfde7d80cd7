"""Who is asking, as it is shown: chips to change over the composer, and how an answer was read."""

from __future__ import annotations

from collections.abc import Sequence

from cml_mm.talk import FACET_KINDS, Facet, FacetKind, Lens
from cml_mm.types import Answer
from cml_mm.ui.icons import icon
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape

PRESETS = 4  # personas that the empty state offers at once
OTHERS = 3  # personas that an answer offers to be asked again as
_SHOWN_WORDS = 60  # characters of what a facet was read from
_GROUPS: dict[FacetKind, str] = {
    "persona": "Who is asking",
    "scale": "How large it is",
    "stage": "How far it has come",
    "domain": "What it is about",
}


def lens_html(lens: Lens, choices: Sequence[Facet], answer: Answer | None, started: bool) -> str:
    """The row over the composer: whose eyes the next question is seen with.

    Args:
        lens: as far as the conversation tells.
        choices: all that this library knows; without any, nobody is asked who they are.
        answer: the newest; where it was read otherwise, it can be asked again.
        started: whether anything was asked yet.
    """
    fresh = _icon_button("new", "as-new", "fresh", "New conversation") if started else ""
    if not choices:
        return f'<div class="as">{fresh}</div>' if fresh else ""
    chips = "".join(_chip(facet) for facet in lens.facets) or _nobody(choices, started)
    words = "Add" if lens.facets else "More" if not started else "Say who"
    more = (
        f'<button type="button" class="as-b as-more" data-act="lens-open" data-kind="{_next_kind(lens)}"'
        f' aria-expanded="false" aria-controls="cml-who" aria-label="{words}: say more of who is asking">'
        f"{icon('plus')}<span>{words}</span></button>"
    )
    return (
        f"{_again_line(lens, answer)}"
        f'<div class="as" role="group" aria-label="Asking as"><span class="lab">Asking as</span>'
        f'<div class="as-chips">{chips}{more}</div>{fresh}{_menu(lens, choices)}</div>'
    )


def read_as_html(answer: Answer) -> str:
    """Under a question: what it was taken for, and for whom it was answered."""
    meant = ""
    if answer.understood and answer.understood.strip() != answer.question.strip():
        meant = f'<p class="meant">Understood as: <span>{escape(answer.understood)}</span></p>'
    if not answer.lens.facets:
        return meant
    facets = ", ".join(f"<span>{escape(facet.label)}</span>{_because(facet)}" for facet in answer.lens.facets)
    return f'{meant}<p class="meant">Read as {facets}</p>'


def again_as_html(number: int, answer: Answer, choices: Sequence[Facet]) -> str:
    """Under an answer: the same question as somebody else, at one click."""
    asked = answer.lens.value("persona")
    others = [facet for facet in choices if facet.kind == "persona" and facet.value != asked][:OTHERS]
    if answer.status != "answered" or answer.relation or not others:
        return ""
    buttons = "".join(
        f'<button type="button" class="as-b" data-act="again-as" data-turn="{number}" data-kind="persona"'
        f' data-value="{escape(facet.value)}" aria-label="Ask this again as {escape(facet.label)}">'
        f"<span>{escape(facet.label)}</span></button>"
        for facet in others
    )
    return f'<div class="as-again" role="group"><span class="lab">Ask this again as</span>{buttons}</div>'


def lens_words(lens: Lens) -> str:
    """The lens in a few words: "City official, Team"."""
    return ", ".join(facet.label for facet in lens.facets) or "nobody in particular"


def _chip(facet: Facet) -> str:
    """A facet: its name opens the choices, its cross takes it away."""
    data = f'data-kind="{facet.kind}" data-value="{escape(facet.value)}"'
    why = _why(facet)
    return (
        f'<span class="as-chip"><button type="button" class="as-b what" data-act="lens-open" {data} title="{why}"'
        f' aria-expanded="false" aria-controls="cml-who" aria-label="{escape(facet.label)}. {why}. Change">'
        f"<span>{escape(facet.label)}</span></button>"
        f'<button type="button" class="as-b x" data-act="lens-drop" {data} aria-label="Remove {escape(facet.label)}">'
        f"{icon('close')}</button></span>"
    )


def _nobody(choices: Sequence[Facet], started: bool) -> str:
    if started:
        return '<span class="as-none">nobody in particular</span>'
    offered = [facet for facet in choices if facet.kind == "persona"][:PRESETS]
    return "".join(_choice(facet, False) for facet in offered)


def _menu(lens: Lens, choices: Sequence[Facet]) -> str:
    groups = []
    for kind in FACET_KINDS:
        of_kind = [facet for facet in choices if facet.kind == kind]
        if not of_kind:
            continue
        value = lens.value(kind)
        if value and value not in {facet.value for facet in of_kind}:
            of_kind.append(next(facet for facet in lens.facets if facet.kind == kind))
        rows = "".join(_choice(facet, facet.value == value) for facet in of_kind)
        groups.append(
            f'<section data-group="{kind}" role="group" aria-labelledby="who-{kind}">'
            f'<h3 class="lab" id="who-{kind}">{_GROUPS[kind]}</h3><div class="as-row">{rows}</div></section>'
        )
    return (
        '<div class="as-menu" id="cml-who" role="dialog" aria-label="Who is asking" hidden>'
        '<button type="button" class="ib as-shut" data-act="lens-shut" aria-label="Close">'
        f"{icon('close')}</button>{''.join(groups)}"
        "<p>It changes which pages come first, and the names they go by. Nothing is hidden.</p></div>"
    )


def _choice(facet: Facet, pressed: bool) -> str:
    act = "lens-drop" if pressed else "lens-choose"
    tick = icon("check") if pressed else ""
    return (
        f'<button type="button" class="as-b pick" data-act="{act}" data-kind="{facet.kind}"'
        f' data-value="{escape(facet.value)}" data-label="{escape(facet.label)}" aria-pressed="{str(pressed).lower()}">'
        f"{tick}<span>{escape(facet.label)}</span></button>"
    )


def _again_line(lens: Lens, answer: Answer | None) -> str:
    """What changes with the next question, and the way to have the last one so too."""
    if answer is None or answer.status != "answered" or _values(lens) == _values(answer.lens):
        return ""
    again = button("Ask the last one again", "again-now", "sm")
    words = f"The next question is asked as {escape(lens_words(lens))}."
    return f'<p class="as-next" role="status"><span>{words}</span>{again}</p>'


def _values(lens: Lens) -> tuple[str, ...]:
    return tuple(lens.value(kind) for kind in FACET_KINDS)


def _next_kind(lens: Lens) -> FacetKind:
    """The first kind that nothing is known of."""
    return next((kind for kind in FACET_KINDS if not lens.value(kind)), "persona")


def _why(facet: Facet) -> str:
    """Where a facet comes from, safe for an attribute."""
    if facet.origin == "chosen":
        return "Chosen by you"
    return f"Read from “{escape(_short(facet.words))}”"


def _because(facet: Facet) -> str:
    if facet.origin == "chosen":
        return " (chosen)"
    earlier = ", said earlier" if facet.origin == "conversation" else ""
    return f" (“{escape(_short(facet.words))}”{earlier})" if facet.words else ""


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN_WORDS else f"{words[:_SHOWN_WORDS].rstrip()}…"


def _icon_button(drawing: str, look: str, act: str, words: str) -> str:
    return (
        f'<button type="button" class="as-b {look}" data-act="{act}" aria-label="{words}">{icon(drawing)}'
        f"<span>{words}</span></button>"
    )

"""Who answers: the profile in use with its parts, and the others with what each of them lacks here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cml_mm.types import PartState, ProfileState
from cml_mm.ui.text import escape

_COMMAND = re.compile(r"`([^`]+)`|\b(cml models get [^\s`]+)|\b(CML_[A-Z_]+(?:=[^\s`;,]+?)?)(?=[.;,]?(?:\s|$))")

_PARTS = {
    "text encoder": "Meaning of texts",
    "image encoder": "Looks of pictures",
    "transcriber": "Speech",
    "ocr": "Words on pictures",
    "generator": "Answers",
}


def profiles_html(profiles: Sequence[ProfileState], may_choose: bool, said: str = "") -> str:
    """The section of the page about the library; nothing where no profile is told of.

    Args:
        may_choose: whether another one may be taken into use here.
        said: what came of choosing one, in words.
    """
    used = next((profile for profile in profiles if profile.in_use), None)
    if used is None:
        return ""
    told = f'<p id="who-said" tabindex="-1"><b>{escape(said)}</b></p>' if said else ""
    rows = "".join(
        f"<div><dt>{escape(_PARTS.get(part.part, part.part))}</dt>"
        f"<dd>{escape(part.words)}{_missing((part,))}</dd></div>"
        for part in used.parts
    )
    others = "".join(_choice(profile, may_choose) for profile in profiles if not profile.in_use)
    lead = (
        "Whoever sits at this machine can take another one into use; it then answers everybody."
        if may_choose
        else "Whoever runs this page chooses among them, with CML_PROFILE."
    )
    return (
        f'<section class="part who"><h2>Who answers</h2>{told}<p>{_writer(used)}</p>'
        f'<dl class="table words">{rows}</dl>'
        f'<h3>Other choices</h3><p>{escape(lead)}</p><ul class="srcs">{others}</ul></section>'
    )


def _writer(used: ProfileState) -> str:
    name = f"<b>{escape(used.title)}</b> ({escape(used.name)})."
    if used.writer:
        return f"{name} {escape(used.writer)} writes the answers; each sentence is checked against its sources."
    return f"{name} Answers are put together out of the sources’ own sentences; no language model writes them."


def _choice(profile: ProfileState, may_choose: bool) -> str:
    lacking = tuple(part for part in profile.parts if not part.there)
    refused = f'<p class="small">{_with_commands(profile.refused)}</p>' if profile.refused else ""
    button = ""
    if may_choose and profile.ready:
        name = escape(profile.name)
        button = (
            f'<p><button type="button" class="b sm" data-lib="use" data-name="{name}"'
            f' aria-label="Use {escape(profile.title)}"><span>Use it</span></button></p>'
        )
    return (
        f'<li><b>{escape(profile.title)}</b> <span class="file">{escape(profile.name)}</span>'
        f"<p>{escape(profile.about)}</p>{_missing(lacking)}{refused}{button}</li>"
    )


def _missing(parts: Sequence[PartState]) -> str:
    """What is not there, each with the command that brings it."""
    lines = dict.fromkeys(f"{part.missing} {part.hint}" for part in parts if not part.there)
    return "".join(f'<p class="small">{_with_commands(line)}</p>' for line in lines)


def _with_commands(text: str) -> str:
    """Escaped, with commands and variables set as code."""
    parts: list[str] = []
    at = 0
    for found in _COMMAND.finditer(text):
        parts += [escape(text[at : found.start()]), f"<code>{escape(next(filter(None, found.groups())))}</code>"]
        at = found.end()
    return "".join((*parts, escape(text[at:])))

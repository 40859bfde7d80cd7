"""The panel beside the answer: every piece of evidence, with its quote lit in the passage around it."""

from __future__ import annotations

from collections.abc import Sequence

from cml_mm.types import Edge, Evidence, Source, TextSpan
from cml_mm.ui.file_section import NO_FILES, FileLook, place_html, place_words, private_line
from cml_mm.ui.icons import icon
from cml_mm.ui.page_text import page_link
from cml_mm.ui.relation import path_html, path_title, path_words
from cml_mm.ui.text import escape, passage_html, safe_url
from cml_mm.ui.turns import Turn

KINDS = {"pattern": "Pattern", "lighthouse": "Lighthouse"}


def locator_words(item: Evidence, look: FileLook = NO_FILES) -> str:
    """Where the words stand, for a reader."""
    if isinstance(item.locator, Edge):
        return path_words(item.path)
    if item.source.owner != "library" or not isinstance(item.locator, TextSpan):
        return place_words(item, look)
    kind = KINDS.get(item.source.kind, "Page")
    section = item.locator.section or item.heading
    return f"{kind}, section “{section}”" if section else kind


def evidence_title(item: Evidence) -> str:
    if isinstance(item.locator, Edge):
        return path_title(item.path, item.heading or item.source.title)
    return item.source.title


def panel_html(turns: Sequence[Turn], look: FileLook = NO_FILES) -> str:
    """One section a turn; the script shows the one whose citation was opened, else the last.

    Args:
        turns: whose evidence is shown.
        look: what is known of the visitor's files.
    """
    return "".join(_section(turn, look) for turn in turns if _has_panel(turn))


def _has_panel(turn: Turn) -> bool:
    return bool(turn.busy or turn.evidence or (turn.answer and turn.answer.considered))


def _section(turn: Turn, look: FileLook) -> str:
    considered = turn.answer.considered if turn.answer else ()
    items = "".join(_item(turn.number, item, look) for item in turn.evidence)
    rail = "".join(
        f'<a href="#ev-{turn.number}-{item.number}" data-rail aria-label="Source {item.number}:'
        f' {escape(evidence_title(item))}">{item.number}</a>'
        for item in turn.evidence
    )
    note = "for this answer" if turn.evidence else "" if turn.busy else "nothing was used"
    if turn.busy and not turn.evidence:
        items = '<p class="wait">Sources appear here as they are found.</p>'
    return (
        f'<section class="evs" data-turn="{turn.number}" aria-label="Evidence for this answer">'
        '<header class="evh"><button type="button" class="grab" data-act="grab" aria-label="Show more or less'
        ' of the evidence"><span></span></button>'
        f'<button type="button" class="ib shut" data-act="shut" aria-label="Close'
        f' evidence">{icon("close")}</button>'
        f'<h2>Evidence</h2><span class="small sec for">{note}</span>'
        f'<nav class="rail" aria-label="Sources of this answer">{rail}</nav></header>'
        f'<div class="evb">{items}{_considered(considered, look, opened=not turn.evidence)}</div></section>'
    )


def _item(turn: int, item: Evidence, look: FileLook) -> str:
    if isinstance(item.locator, Edge):
        body = path_html(item.path, item.locator)
    elif item.source.owner != "library":
        body = place_html(item, look)
    else:
        body = f'<div class="q">{passage_html(item.passage, item.quote)}</div>'
    return (
        f'<article class="e" id="ev-{turn}-{item.number}" data-ev="{turn}-{item.number}" tabindex="-1"'
        f' aria-labelledby="evt-{turn}-{item.number}"><div class="eh"><span class="c" aria-hidden="true">'
        f'{item.number}</span><div><h3 id="evt-{turn}-{item.number}">{_title(item)}</h3>'
        f'<p class="loc">{escape(locator_words(item, look))}</p></div></div>'
        f'<div class="body">{body}{source_line(item.source, look)}</div></article>'
    )


def _title(item: Evidence) -> str:
    """The title, as a link to the place in the library's own page where there is one."""
    if isinstance(item.locator, Edge) or item.source.owner != "library":
        return escape(evidence_title(item))
    return page_link(item.source.slug, item.source.title, item.locator.section)


def source_line(source: Source, look: FileLook = NO_FILES) -> str:
    """Who wrote it, under which licence, and where it lies; of a private file, who sees it and until when."""
    if source.owner != "library":
        return private_line(source, look)
    credit = ", ".join(part for part in (source.attribution, source.licence) if part)
    url = safe_url(source.url)
    where = (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">Read the page</a>'
        if url
        else f'<span class="file">{escape(source.path)}</span>'
    )
    return f'<p class="src">{where}<span>{escape(credit)}</span></p>'


def _considered(items: Sequence[Evidence], look: FileLook, opened: bool) -> str:
    if not items:
        return ""
    rows = "".join(
        f'<li><h3>{escape(evidence_title(item))}</h3><p class="loc">{escape(locator_words(item, look))}</p>'
        f'<div class="q">{passage_html(item.quote or item.passage, "")}</div>{source_line(item.source, look)}</li>'
        for item in items
    )
    return (
        f'<details class="more"{" open" if opened else ""}><summary>Considered, not used ({len(items)})'
        f"{icon('down')}</summary><ul>{rows}</ul></details>"
    )

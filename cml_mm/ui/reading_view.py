"""One page of the library, to be read: its words in serif, and everything that stands around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cml_mm.types import Document, Lighthouse, Pattern, Reading, Section, Source
from cml_mm.ui.icons import icon
from cml_mm.ui.library_cards import KIND_WORDS, value_words
from cml_mm.ui.page_text import page_link, section_html
from cml_mm.ui.reading_relations import (
    adoptions_html,
    count_relations,
    dangling_html,
    find_tensions,
    find_users,
    relations_html,
)
from cml_mm.ui.text import escape, safe_url

_SIDES = re.compile(r"\s+(?:vs\.?|versus|↔|⟷)\s+", re.IGNORECASE)
_SHOWN_TENSIONS = 3
_FORMATS = {"md": "Markdown", "txt": "plain text", "html": "web page", "htm": "web page"}


@dataclass(frozen=True)
class _Part:
    """A section of the reading view: its anchor, its name in the table of contents, its HTML."""

    anchor: str
    name: str
    body: str


def reading_html(reading: Reading, titles: Mapping[str, str]) -> str:
    """The whole reading view.

    Args:
        reading: what the library gives.
        titles: of every page, by slug.
    """
    page = reading.page
    parts = [*_sections(page.sections, titles), *_around(reading, titles)]
    kind = page.source.kind
    return (
        f'<article class="rd" aria-labelledby="rd-title" data-slug="{escape(page.slug)}"'
        f' data-title="{escape(page.title)}"><p class="to-list"><a class="own" href="?view=library" data-lib="list">'
        f"{icon('back')}All pages</a></p>"
        f'<p class="kind">{escape(_kind_line(page))}</p><h1 id="rd-title" tabindex="-1">{escape(page.title)}</h1>'
        f"{_summary(page)}{_actions(kind, page.title)}{_facts(reading, titles)}{_known_as(page)}{_tension(page)}"
        f'<div class="cols">{_contents(parts)}<div class="text">{"".join(part.body for part in parts)}'
        f"{_credit(page.source)}</div></div></article>"
    )


def question_about(kind: str, title: str) -> str:
    """What "Ask about this" writes into the box."""
    if kind == "lighthouse":
        return f"What can we learn from {title}?"
    return (
        f"What does “{title}” say?" if kind == "document" else f"How do we start with {title}, and what does it need?"
    )


def _kind_line(page: Pattern | Lighthouse | Document) -> str:
    word = KIND_WORDS.get(page.source.kind, "Page")
    if isinstance(page, Pattern):
        return f"{word}, written by hand" if page.curated else word
    if isinstance(page, Lighthouse):
        return ", ".join(part for part in (word, page.country) if part)
    return f"{word}, {_FORMATS.get(page.format, page.format.upper())}"


def _summary(page: Pattern | Lighthouse | Document) -> str:
    return f'<p class="sum">{escape(page.summary)}</p>' if page.summary else ""


def _actions(kind: str, title: str) -> str:
    return (
        f'<div class="row acts"><button type="button" class="b pri sm" data-lib="ask"'
        f' data-question="{escape(question_about(kind, title))}">{icon("ask")}<span>Ask about this</span></button>'
        f'<button type="button" class="b qt" data-lib="copy-link">{icon("link")}<span>Copy the link</span></button>'
        "</div>"
    )


def _facts(reading: Reading, titles: Mapping[str, str]) -> str:
    rows = [(name, escape(words)) for name, words in _own_facts(reading.page) if words]
    users = len(find_users(reading))
    if users:
        noun = "pattern" if _adopts(reading) else "group"
        anchor = "s-adopters" if reading.adoptions else "s-relations"
        words = f"{users:,} {noun}{'' if users == 1 else 's'}"
        rows.append(("Uses" if _adopts(reading) else "Used by", _anchor(anchor, words)))
    tensions = find_tensions(reading)
    if tensions:
        named = ", ".join(
            page_link(slug, title) if slug in titles else escape(title) for slug, title in tensions[:_SHOWN_TENSIONS]
        )
        more = len(tensions) - _SHOWN_TENSIONS
        further = f", {_anchor('s-relations', f'and {more} more')}" if more > 0 else ""
        rows.append(("In tension with", f'<span class="pulls">{named}{further}</span>'))
    cells = "".join(f"<div><dt>{name}</dt><dd>{words}</dd></div>" for name, words in rows)
    return f'<dl class="facts">{cells}</dl>' if cells else ""


def _own_facts(page: Pattern | Lighthouse | Document) -> tuple[tuple[str, str], ...]:
    if isinstance(page, Pattern):
        return (
            ("For whom", ", ".join(who for who in page.personas if who not in page.scales)),
            ("Domain", ", ".join(value_words("domain", value) for value in page.domains)),
            ("Stage", ", ".join(page.stages)),
            ("Scale", ", ".join(page.scales)),
            ("Also called", ", ".join(page.aliases)),
        )
    if isinstance(page, Lighthouse):
        return (("Country", page.country), ("Sector", page.sector))
    last = max((section.page for section in page.sections), default=0)
    return (("Pages", f"{last:,}" if last else ""),)


def _adopts(reading: Reading) -> bool:
    return isinstance(reading.page, Lighthouse)


def _known_as(page: Pattern | Lighthouse | Document) -> str:
    if not isinstance(page, Pattern) or not page.context_labels:
        return ""
    cells = "".join(
        f"<div><dt>{escape(value_words('persona', who))}</dt><dd>{escape(name)}</dd></div>"
        for who, name in page.context_labels
    )
    return f'<section class="known"><h2>Known as</h2><dl>{cells}</dl></section>'


def _tension(page: Pattern | Lighthouse | Document) -> str:
    """The two sides that the pattern itself holds together, with the line that pulls them apart."""
    if not isinstance(page, Pattern) or not page.tension:
        return ""
    sides = _SIDES.split(page.tension, maxsplit=1)
    if len(sides) != 2:
        return f'<figure class="pull"><figcaption>The tension in it</figcaption><p>{escape(page.tension)}</p></figure>'
    line = (
        '<svg aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.75"><line x1="2" y1="10" x2="100%"'
        ' y2="10" stroke-dasharray="4 4"/><path d="M2 2v16"/>'
        '<svg x="100%" overflow="visible"><path d="M-2 2v16"/></svg></svg>'
    )
    return (
        '<figure class="pull"><figcaption>The tension in it</figcaption>'
        f'<div class="two"><span>{escape(sides[0])}</span><span class="vh"> against </span>{line}'
        f"<span>{escape(sides[1])}</span></div></figure>"
    )


def _sections(sections: Sequence[Section], titles: Mapping[str, str]) -> list[_Part]:
    parts = []
    for number, section in enumerate(sections, 1):
        heading = section.heading or "Text"
        stands = f' <span class="pg">page {section.page:,}</span>' if section.page else ""
        body = (
            f'<section class="part" id="s-{number}" data-heading="{escape(section.heading)}"><h2 tabindex="-1">'
            f'{escape(heading)}{stands}</h2><div class="tx">{section_html(section.text, titles)}</div></section>'
        )
        parts.append(_Part(f"s-{number}", heading, body))
    return parts


def _around(reading: Reading, titles: Mapping[str, str]) -> list[_Part]:
    parts = []
    if reading.adoptions:
        title = "What it uses" if _adopts(reading) else "Who uses it"
        parts.append(_Part("s-adopters", title, adoptions_html(reading, titles, title, _adopts(reading))))
    relations = relations_html(reading, titles) if count_relations(reading) else ""
    if 'class="rg' in relations:
        parts.append(_Part("s-relations", "Relations", relations))
    if reading.dangling:
        parts.append(_Part("s-missing", "Not in this library", dangling_html(reading.dangling)))
    return parts


def _contents(parts: Sequence[_Part]) -> str:
    if len(parts) < 2:
        return ""
    rows = "".join(f"<li>{_anchor(part.anchor, part.name)}</li>" for part in parts)
    return (
        '<nav class="toc" aria-labelledby="toc-name"><button type="button" class="b sm" data-lib="toc"'
        ' aria-expanded="false" aria-controls="toc-list"><span id="toc-name">On this page</span>'
        f"{icon('down')}</button>"
        f'<ol id="toc-list">{rows}</ol></nav>'
    )


def _anchor(anchor: str, words: str) -> str:
    return f'<a class="own" href="#{anchor}" data-at="{anchor}">{escape(words)}</a>'


def _credit(source: Source) -> str:
    """Who wrote it, under which licence, and where it lies."""
    url = safe_url(source.url)
    words = ". ".join(part.rstrip(".") for part in (source.attribution, source.licence) if part)
    link = (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">Read it where it was published</a>'
        if url
        else ""
    )
    return (
        f'<div class="credit"><p>{escape(words)}{"." if words else ""}</p>'
        f'<p>{link}<span class="file">{escape(source.path)}</span></p></div>'
    )

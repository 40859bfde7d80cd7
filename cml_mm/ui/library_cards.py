"""The library to browse: the list of pages, what it can be narrowed to, and the index beside it."""

from __future__ import annotations

from collections.abc import Sequence

from cml_mm.types import Card, IndexStatus
from cml_mm.ui.icons import icon
from cml_mm.ui.page_text import page_address
from cml_mm.ui.parts import note
from cml_mm.ui.relation import LOOKS, relation_line
from cml_mm.ui.shelf import FOUND, GROUPS, Choice, Group, Shelf
from cml_mm.ui.text import escape

FIRST_CHOICES = 12  # of a group, before "All 112"
GROUP_TITLES: dict[Group, str] = {
    "domain": "Domain",
    "persona": "For whom",
    "kind": "Kind of page",
    "relation": "Takes part in",
}
_INDEX_TITLES: dict[Group, str] = {
    "kind": "By kind of page",
    "domain": "By domain",
    "persona": "By whom it is for",
    "relation": "By the relations it takes part in",
}
KIND_WORDS = {"pattern": "Pattern", "lighthouse": "Lighthouse", "document": "Document"}
_SHOWN_VALUES = 2  # domains, or else personas, named on a card


def value_words(group: Group, value: str) -> str:
    """A value as readers know it: "change-adaptation" → "Change adaptation"."""
    if group == "relation":
        words = LOOKS[value].down if value in LOOKS else value.replace("_", " ")
        return words.capitalize()
    words = f"{KIND_WORDS[value]}s" if group == "kind" and value in KIND_WORDS else value
    if words == words.lower():  # a slug; a name keeps its hyphens
        words = words.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def count_words(shelf: Shelf) -> str:
    """How many pages there are, as it is read aloud."""
    count = len(shelf.cards)
    if not count:
        return "No page fits"
    pages = "page" if count == 1 else "pages"
    if shelf.wanted.typed:
        found = f"The {FOUND} nearest {pages}" if shelf.capped else f"{count:,} {pages}, nearest first"
        return found if count > 1 else f"{count} {pages}"
    return f"{count:,} of {shelf.total:,} pages" if shelf.wanted.narrowed else f"{count:,} {pages}, by title"


def cards_html(shelf: Shelf) -> str:
    """The list, or the way on where nothing fits."""
    if not shelf.cards:
        return _nothing(shelf)
    shown = shelf.cards[: shelf.wanted.shown]
    left = len(shelf.cards) - len(shown)
    rows = "".join(_card(card) for card in shown)
    more = ""
    if left:
        words = f"Show {min(60, left)} more" if left > 60 else f"Show the last {left}" if left > 1 else "Show the last"
        more = (
            f'<button type="button" class="b sm more-cards" data-lib="more"><span>{words}</span></button>'
            f'<p class="small mut">{len(shown):,} of {len(shelf.cards):,} are shown</p>'
        )
    return f'<ul class="cards">{rows}</ul>{more}'


def _card(card: Card) -> str:
    summary = f'<span class="sum2">{escape(card.summary)}</span>' if card.summary else ""
    return (
        f'<li><a href="{escape(page_address(card.slug))}" data-page="{escape(card.slug)}"><b>{escape(card.title)}</b>'
        f'{summary}<span class="meta">{escape(_meta(card))}</span></a></li>'
    )


def _meta(card: Card) -> str:
    parts = [] if card.kind == "pattern" else [KIND_WORDS.get(card.kind, "Page")]
    domains = [value_words("domain", value) for value in card.domains[:_SHOWN_VALUES]]
    parts += [words.lower() if parts or position else words for position, words in enumerate(domains)]
    named = {words.casefold() for words in parts}
    if not domains:
        parts += [value for value in card.personas if value.casefold() not in named][:_SHOWN_VALUES]
    if card.related:
        parts.append(f"{card.related:,} relation{'' if card.related == 1 else 's'}")
    return ", ".join(parts) or "No relations yet"


def _nothing(shelf: Shelf) -> str:
    ways = []
    if shelf.wanted.narrowed:
        ways.append(_way("Remove the filters", "unfilter"))
    if shelf.wanted.typed:
        ways.append(_way("Clear the search", "untype"))
        ways.append(_way("Ask this as a question", "ask-typed"))
    text = "Nothing in this library fits all of that. Take something away, or say it in other words."
    return note("search", "sec", "No page fits", text, "".join(ways))


def _way(words: str, act: str) -> str:
    return f'<button type="button" class="b sm" data-lib="{act}"><span>{words}</span></button>'


def chosen_html(shelf: Shelf) -> str:
    """What the list is narrowed to; pressing a chip takes it away."""
    chips = "".join(
        f'<button type="button" class="chip" aria-pressed="true" data-group="{choice.group}"'
        f' data-value="{escape(choice.value)}" aria-label="Remove the filter {_named(choice)}">'
        f"<span>{_named(choice)}</span>{icon('close')}</button>"
        for group in GROUPS
        for choice in shelf.choices[group]
        if choice.chosen
    )
    clear = '<button type="button" class="b qt" data-lib="unfilter"><span>Remove all</span></button>'
    return chips + (clear if chips.count("<button") > 1 else "")


def choices_html(shelf: Shelf) -> str:
    """Every group with its values as chips: what the list can be narrowed to now."""
    return "".join(
        f'<div class="grp" role="group" aria-labelledby="grp-{group}"><h3 id="grp-{group}">{GROUP_TITLES[group]}</h3>'
        f"{_folded(group, tuple(_chip(choice) for choice in shelf.choices[group]), 'chipset', 'div')}</div>"
        for group in GROUPS
        if _useful(shelf, group)
    )


def _useful(shelf: Shelf, group: Group) -> bool:
    """A group that all pages share says nothing."""
    choices = shelf.choices[group]
    return any(choice.chosen for choice in choices) or len(choices) > 1 or (bool(choices) and group != "kind")


def _chip(choice: Choice) -> str:
    pressed = "true" if choice.chosen else "false"
    tick = icon("check") if choice.chosen else ""
    return (
        f'<button type="button" class="chip" aria-pressed="{pressed}" data-group="{choice.group}"'
        f' data-value="{escape(choice.value)}">{tick}<span>{_named(choice)}</span>'
        f'<span class="n">{choice.count:,}</span></button>'
    )


def _named(choice: Choice) -> str:
    return escape(value_words(choice.group, choice.value))


def _folded(group: Group, rows: Sequence[str], look: str, tag: str) -> str:
    """The first rows, and all further ones behind a summary."""
    first = f'<{tag} class="{look}">{"".join(rows[:FIRST_CHOICES])}</{tag}>'
    if len(rows) <= FIRST_CHOICES + 2:
        return f'<{tag} class="{look}">{"".join(rows)}</{tag}>'
    rest = "".join(rows[FIRST_CHOICES:])
    return (
        f'{first}<details class="rest"><summary>All {len(rows)}{icon("down")}</summary>'
        f'<{tag} class="{look}">{rest}</{tag}></details>'
    )


def index_html(shelf: Shelf, status: IndexStatus) -> str:
    """What stands where no page is opened: the library's own index."""
    groups = "".join(
        f'<section class="ix" aria-labelledby="ix-{group}"><h2 id="ix-{group}">{title}</h2>'
        f"{_folded(group, tuple(_entry(choice) for choice in shelf.choices[group]), 'ixs', 'ul')}</section>"
        for group, title in _INDEX_TITLES.items()
        if shelf.cards and _useful(shelf, group)
    )
    return (
        '<article class="rd start-lib"><h1 id="rd-title" tabindex="-1">The library</h1>'
        f'<p class="sum">{escape(contents_words(status))} Pick a page from the list, or begin here.</p>{groups}'
        '<p class="to-about"><a class="own" href="?view=library&amp;about=1" data-lib="about">About this library</a>'
        '<span class="small mut">Where it comes from, when it was read, what is missing.</span></p></article>'
    )


def _entry(choice: Choice) -> str:
    look = LOOKS.get(choice.value)
    tone = f" {look.tone}" if choice.group == "relation" and look else ""
    line = relation_line(choice.value) if choice.group == "relation" else ""
    pressed = "true" if choice.chosen else "false"
    return (
        f'<li><button type="button" class="ent{tone}" aria-pressed="{pressed}" data-group="{choice.group}"'
        f' data-value="{escape(choice.value)}">{line}<span class="w">{_named(choice)}</span>'
        f'<span class="n">{choice.count:,}</span></button></li>'
    )


def contents_words(status: IndexStatus) -> str:
    """ "3,616 patterns, 12 lighthouses and 3 documents." """
    parts = [f"{status.patterns:,} pattern{'' if status.patterns == 1 else 's'}"]
    if status.lighthouses:
        parts.append(f"{status.lighthouses:,} group{'' if status.lighthouses == 1 else 's'} that use them")
    if status.documents:
        parts.append(f"{status.documents:,} other document{'' if status.documents == 1 else 's'}")
    return ", ".join(parts[:-1]) + f" and {parts[-1]}." if len(parts) > 1 else f"{parts[0]}."

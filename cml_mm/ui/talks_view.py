"""The list of kept conversations, as HTML: a sheet at the side, and the offer to go on with the last one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from cml_mm.settings import Settings
from cml_mm.ui.icons import icon
from cml_mm.ui.keeping_talks import OpenTalk
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape
from cml_mm.visits import TalkCard

SEARCHED_FROM = 11  # conversations; fewer are seen at a glance
KEPT_DAYS = round(Settings.keep_talks_seconds / 86_400)
TITLE_LIMIT = 80  # characters of a name that is typed
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_MONTHS = "January February March April May June July August September October November December".split()


def sheet_html() -> str:
    """The sheet itself, which never changes: its script fills the list."""
    return (
        '<dialog id="cml-talks" class="tk" aria-labelledby="tk-h"><div class="tk-in"><header class="tk-h">'
        '<h2 id="tk-h" tabindex="-1">Conversations</h2>'
        f"{button('New conversation', 'talks-fresh', 'sm', 'new')}"
        '<button type="button" class="ib" data-act="talks-shut" aria-label="Close the list of conversations">'
        f"{icon('close')}</button></header>"
        '<search id="tk-find" hidden><div class="field"><label class="vh" for="tk-typed">Search the conversations'
        f"</label>{icon('search')}"
        '<input id="tk-typed" type="search" autocomplete="off" spellcheck="false" placeholder="Search by name">'
        "</div></search>"
        '<p id="tk-said" class="small sec" role="status"></p><div id="tk-list"></div></div></dialog>'
    )


def list_html(cards: Sequence[TalkCard], now: float, opened: str = "", keeps: bool = True) -> str:
    """The conversations, the last changed first.

    Args:
        now: seconds since 1970.
        opened: id of the one that the page shows.
        keeps: whether this browser keeps the cookie that they hang on.
    """
    if not keeps:
        return (
            '<p class="tk-none">This browser keeps no cookies for this page, so conversations end when it is closed.'
            " Open the page in a tab of its own, or allow its cookie, and they are kept.</p>"
        )
    if not cards:
        return (
            '<p class="tk-none">Nothing here yet. Every conversation is kept from its first answer on,'
            " and only this browser can open it.</p>"
        )
    rows = "".join(_row(card, now, card.id == opened) for card in cards)
    return (
        f'<ul class="tk-l">{rows}</ul>'
        '<p class="tk-none tk-no" hidden>No conversation has these words in its name.</p>'
        f'<p class="small mut tk-foot">Only this browser can open them. Each is deleted {KEPT_DAYS} days after its'
        " last question.</p>"
    )


def offer_html(cards: Sequence[TalkCard], opened: OpenTalk, started: bool) -> str:
    """On the empty page: the way back into the last conversation. Says to the script which one is open."""
    here = f'<span id="cml-talk-now" data-talk="{escape(opened.id)}" data-where="{opened.where}" hidden></span>'
    if started or not cards:
        return here
    last = cards[0]
    every = button("All conversations", "talks-open", "qt") if len(cards) > 1 else ""
    return (
        f'{here}<div class="go-on" role="group" aria-label="Earlier conversations">'
        f'<button type="button" class="go" data-act="talk-open" data-talk="{escape(last.id)}">{icon("ask")}'
        f'<span><span class="lab">Go on with: </span>{escape(last.title)}</span></button>{every}</div>'
    )


def when_words(then: float, now: float) -> str:
    """How long ago, in words that hold in every time zone; after a week the day itself."""
    past = max(0.0, now - then)
    if past < _MINUTE:
        return "just now"
    if past < _HOUR:
        return _count(past / _MINUTE, "minute")
    if past < _DAY:
        return _count(past / _HOUR, "hour")
    if past < 7 * _DAY:
        return _count(past / _DAY, "day")
    return day_words(then)


def day_words(then: float) -> str:
    """ "22 November 2026", in universal time."""
    day = datetime.fromtimestamp(then, tz=timezone.utc)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def questions_words(count: int) -> str:
    return f"{count} question{'' if count == 1 else 's'}"


def _count(number: float, unit: str) -> str:
    whole = int(number)
    return f"{whole} {unit}{'' if whole == 1 else 's'} ago"


def _row(card: TalkCard, now: float, opened: bool) -> str:
    talk, title = escape(card.id), escape(card.title)
    current = ' aria-current="true"' if opened else ""
    mark = f'<span class="tk-on">{icon("check")}Open now</span>' if opened else ""
    meta = f"{questions_words(card.turns)}, {when_words(card.changed, now)}"
    return (
        f'<li data-talk="{talk}"><div class="tk-row"><button type="button" class="tk-open" data-act="talk-open"'
        f' data-talk="{talk}"{current}><b>{title}</b><span class="meta">{mark}{meta}</span></button>'
        f'<button type="button" class="ib" data-act="talk-more" aria-expanded="false" aria-controls="tk-a-{talk}"'
        f' aria-label="Rename, print or delete: {title}">{icon("more")}</button></div>'
        f'<div class="tk-acts" id="tk-a-{talk}" hidden>{_actions(card)}</div>{_name_form(card)}{_sure(card)}</li>'
    )


def _actions(card: TalkCard) -> str:
    talk, title = escape(card.id), escape(card.title)
    return (
        f"{button('Rename', 'talk-rename', 'qt', 'edit', data_talk=card.id)}"
        f'<a class="b qt" href="talks/{talk}/handout" target="_blank" data-act="print"'
        f' aria-label="Print: {title}">{icon("print")}<span>Print</span></a>'
        f'<a class="b qt" href="talks/{talk}/handout.md" download aria-label="Markdown: {title}">{icon("save")}'
        "<span>Markdown</span></a>"
        f"{button('Delete', 'talk-delete', 'qt rust', 'bin', data_talk=card.id)}"
    )


def _name_form(card: TalkCard) -> str:
    talk = escape(card.id)
    return (
        f'<form class="tk-name" data-talk="{talk}" hidden><label class="vh" for="tk-n-{talk}">New name</label>'
        f'<input id="tk-n-{talk}" name="title" maxlength="{TITLE_LIMIT}" value="{escape(card.title)}"'
        ' autocomplete="off"><div class="row"><button type="submit" class="b sm pri"><span>Save the name</span>'
        f"</button>{button('Leave it', 'talk-leave', 'qt')}</div></form>"
    )


def _sure(card: TalkCard) -> str:
    many = f"its {questions_words(card.turns)} and their answers" if card.turns > 1 else "its question and answer"
    return (
        '<div class="tk-sure" role="group" aria-label="Delete this conversation" hidden>'
        f"<p>Delete this conversation with {many}? It cannot be brought back.</p>"
        f'<div class="row">{button("Delete it", "talk-remove", "sm bad", data_talk=card.id)}'
        f"{button('Keep it', 'talk-leave', 'qt')}</div></div>"
    )

"""The lecture: a player with its chapters and slides, and beside it what is said, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any
from urllib.parse import quote

from cml_mm.errors import InputError
from cml_mm.lectures.values import Chapter, Cue, Lecture, Slide
from cml_mm.ports import FileDesk
from cml_mm.types import clock
from cml_mm.ui.deck_pages import DeckPage, deck_pages, strip_button
from cml_mm.ui.icons import icon
from cml_mm.ui.lecture_cited import Recording, stage_html, strip_html
from cml_mm.ui.lecture_words import UNSURE, origin_words, size_words
from cml_mm.ui.page_picture import plain_name
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape
from cml_mm.visits import FileCard, ReadFile

Reply = dict[str, Any]
NO_PAGES: Mapping[int, DeckPage] = {}
_LOST = ("This recording is no longer here.", "Its file may have been deleted. Bring it again.")
_WRITTEN = (("transcript.vtt", "Captions, VTT"), ("transcript.srt", "SRT"), ("transcript.md", "Markdown"))
_CHAPTERS = ("chapters.vtt", "Chapters, VTT")


def lecture_reply(desk: FileDesk, visitor: str, data: Mapping[str, Any]) -> Reply:
    """What the dialog shows of a recording.

    Args:
        data: from the browser: `file`, its id.

    Returns: `title`, `about` (in words), and as HTML `stage`, `strip`, `slides`, `take` and `side`.
    Raises: InputError: this visitor has no such recording.
    """
    file = str(data.get("file", ""))[:100]
    cards = {card.id: card for card in desk.files(visitor)}
    card = cards.get(file)
    read = desk.read(visitor, file) if card else None
    if card is None or read is None or read.lecture is None:
        raise InputError(*_LOST)
    lecture, name = read.lecture, plain_name(card.name)
    pages = _pages(desk, visitor, cards.get(lecture.deck))
    first = next((face for face in read.faces if lecture.slides and face.key == lecture.slides[0].face), None)
    of = Recording(file, name, lecture, card.format)
    title = plain_name(read.document.title) or name
    named = f"{name}, " if name != title else ""
    return {
        "title": title,
        "about": f"{named}{size_words(lecture)}. Visible to you only.",
        "stage": stage_html(of, 0.0, first),
        "strip": strip_html(lecture),
        "slides": slides_html(file, lecture.slides, pages, plain_name(card.deck.words) if pages else ""),
        "take": take_html(file, lecture),
        "side": _side(lecture),
    }


def lecture_dialog_html() -> str:
    """The dialog. The script fills it."""
    return (
        '<dialog class="dg lec" id="cml-lecture" aria-labelledby="cml-lecture-title"><div class="dg-left">'
        '<header class="dg-h"><button type="button" class="ib" data-act="lv-shut" aria-label="Close the lecture"'
        f' title="Close the lecture">{icon("back")}</button><div class="dg-t"><h2 id="cml-lecture-title" tabindex="-1">'
        f'</h2><p class="small sec lv-about"></p></div>{button("Copy link", "lv-link", "sm", "link")}</header>'
        '<div class="lv-top"><div class="lv-place"></div><div class="lv-nav"></div></div>'
        '<div class="lv-slides"></div><div class="lv-touch"></div><div class="dg-take"></div></div>'
        '<div class="dg-side lv-side"></div></dialog>'
    )


def lecture_opens_html(card: FileCard, read: ReadFile) -> str:
    """For the file's sheet: how much was read of a recording, with a button that opens it."""
    lecture = read.lecture
    if lecture is None:
        return ""
    opened = button("Open the lecture", "lv-open", "sm pri", "play", data_file=card.id, aria_haspopup="dialog")
    words = f"{size_words(lecture)}. {origin_words(lecture.speech)}"
    rows = "".join(
        f"<li><bdi>{escape(one.title)}</bdi>"
        + button(clock(one.start_seconds), "lv-open", "lnk", data_file=card.id, data_at=f"{one.start_seconds:g}")
        + "</li>"
        for one in lecture.chapters
    )
    chapters = f'<h4 class="lab">Chapters</h4><ol class="fl-toc">{rows}</ol>' if rows else ""
    return f'<div class="lv-opens"><p class="small sec">{escape(words)}</p>{opened}</div>{chapters}'


def slides_html(file: str, slides: Sequence[Slide], pages: Mapping[int, DeckPage] = NO_PAGES, notice: str = "") -> str:
    """The strip of keyframes; nothing without slides.

    Args:
        pages: by number, those of the document that the slides are.
        notice: what is to be said of that.
    """
    if not slides:
        return ""
    paged = next((slide for slide in slides if slide.page in pages), None)
    rows = "".join(_slide(file, slide, pages.get(slide.page), slide is slides[0], slide is paged) for slide in slides)
    said = f'<p class="small sec lv-deck">{escape(notice)}</p>' if notice else ""
    head = f'<h3 class="lab" id="lv-slides-h">Slides</h3>{said}'
    return f'{head}<ol class="lv-frames" aria-labelledby="lv-slides-h">{rows}</ol>'


def take_html(file: str, lecture: Lecture) -> str:
    """The ways to take words and chapters along."""
    base = f"files/{quote(file, safe='')}/lecture"
    wanted = _WRITTEN if lecture.speech.cues else (("transcript.md", "Markdown"),)
    kinds = (*wanted, *((_CHAPTERS,) if lecture.chapters else ()))
    links = "".join(f'<a class="b sm" href="{base}/{kind}" download>{words}</a>' for kind, words in kinds)
    return f'<span class="small mut">Take it along</span>{links}'


def _pages(desk: FileDesk, visitor: str, deck: FileCard | None) -> Mapping[int, DeckPage]:
    """The pages of the document that a lecture's slides are, by number."""
    if deck is None:
        return NO_PAGES
    try:
        return deck_pages(deck, desk.read(visitor, deck.id))
    except InputError:  # deleted between the two questions
        return NO_PAGES


def _slide(file: str, slide: Slide, page: DeckPage | None, first: bool, first_page: bool) -> str:
    base = f"files/{quote(file, safe='')}/faces/{quote(slide.face, safe='')}"
    at, title = clock(slide.start_seconds), slide.title or "Slide"
    same = f", {escape(page.words)}" if page else ""
    under = strip_button(page, first_page) if page else ""
    return (
        f'<li><button type="button" class="lv-frame" data-act="lv-seek" data-at="{slide.start_seconds:g}"'
        f' data-until="{slide.end_seconds:g}" tabindex="{0 if first else -1}"'
        f' aria-label="Slide {slide.number}, {escape(title)}{same}, from {at}"><img src="{escape(base)}" loading="lazy"'
        f' alt=""><span class="lv-cap"><b>{at}</b> {escape(slide.title)}</span></button>{under}</li>'
    )


def _side(lecture: Lecture) -> str:
    speech = lecture.speech
    doubtful = speech.origin not in ("track", "captions")
    notices = "".join(f"<li>{icon('info')}<span>{escape(notice)}</span></li>" for notice in speech.notices)
    origin = (
        f'<p class="lv-origin{" doubt" if doubtful else ""}">{icon("warn" if doubtful else "check")}'
        f"<span>{escape(origin_words(speech))}</span></p>"
    )
    remarks = f'<ul class="fl-say">{notices}</ul>' if notices else ""
    amend = button("Correct it", "lv-amend", "sm", "edit", aria_pressed="false") if speech.cues else ""
    title = f'<div class="lv-h2"><h2>What is said</h2>{amend}</div>'
    head = f'<div class="lv-h">{title}{origin}{_changes(lecture)}{remarks}{_search() if speech.cues else ""}</div>'
    if not speech.cues:
        return head + _titles(lecture)
    follow = button("Follow along", "lv-follow", "sm pri", "down")
    return f'{head}<div class="lv-cues">{_cues(lecture)}</div><div class="lv-foot" hidden>{follow}</div>'


def _changes(lecture: Lecture) -> str:
    """How much was corrected by hand, and the two ways back."""
    if lecture.changes is None:
        return ""
    count = len(lecture.changes.steps)
    changes = f"{count:,} change{'' if count == 1 else 's'}"
    ways = button("Undo", "lv-undo", "sm qt") + button("As it was read", "lv-restore", "sm qt", aria_expanded="false")
    sure = button("Take it back" if count == 1 else "Take all back", "lv-unread", "sm danger")
    sure += button("Keep it" if count == 1 else "Keep them", "lv-keep", "sm qt")
    asked = f"Take {changes} back? This cannot be undone."
    return (
        f'<div class="lv-done"><p class="small sec">Corrected by you: {changes}.</p><div class="row">{ways}</div>'
        f'<div class="fl-ask lv-sure" hidden><p>{asked}</p><div class="row">{sure}</div></div>'
        '<p class="dg-say" role="alert" hidden></p></div>'
    )


def _search() -> str:
    return (
        f'<div class="lv-find"><label class="vh" for="lv-find">Search what is said</label>{icon("search")}'
        '<input type="search" id="lv-find" placeholder="Search what is said" autocomplete="off" spellcheck="false">'
        '<span class="small mut" id="lv-found" role="status"></span></div>'
    )


def _cues(lecture: Lecture) -> str:
    """The sentences under the chapters that they are said in."""
    parts, who = [], ""
    marks = lecture.speech.origin == "recogniser"  # of a weak one the head says it for all
    chapters = lecture.chapters or (Chapter(0, "", 0.0, lecture.seconds),)
    starts = [-inf, *(one.start_seconds for one in chapters[1:]), inf]
    for chapter, start, end in zip(chapters, starts, starts[1:], strict=False):
        rows = ""
        for place, cue in enumerate(lecture.speech.cues):
            if start <= cue.start_seconds < end:
                speaker = cue.speaker if cue.speaker != who else ""
                rows += _cue(cue, place, speaker, marks and cue.confidence < UNSURE)
                who = cue.speaker
        title = _chapter_title(chapter) if chapter.number else ""
        parts.append(f'<section class="lv-part">{title}<ol>{rows}</ol></section>')
    return "".join(parts)


def _chapter_title(chapter: Chapter) -> str:
    title = escape(chapter.title)
    return (
        f'<h3><span class="lv-t">{clock(chapter.start_seconds)}</span><span>{title}</span>'
        f'<button type="button" class="lnk lv-rename" data-act="lv-title" data-number="{chapter.number}"'
        f' data-title="{title}" aria-label="Rename chapter {chapter.number}">Rename</button></h3>'
    )


def _cue(cue: Cue, place: int, speaker: str, doubtful: bool) -> str:
    who = f'<b class="lv-who">{escape(speaker)}</b>' if speaker else ""
    unsure = '<span class="lv-unsure">unsure</span>' if doubtful else ""
    return (
        f'<li class="lv-cue" data-at="{cue.start_seconds:g}" data-until="{cue.end_seconds:g}" data-cue="{place}"'
        f' data-speaker="{escape(cue.speaker)}"><button type="button" class="lv-c" data-act="lv-seek"'
        f' data-at="{cue.start_seconds:g}" tabindex="{-1 if place else 0}"><span class="lv-t">'
        f'{clock(cue.start_seconds)}</span><span class="lv-w">{who}<span class="lv-said">{escape(cue.text)}</span>'
        f"{unsure}</span></button></li>"
    )


def _titles(lecture: Lecture) -> str:
    """Without words: the chapters alone."""
    rows = "".join(
        f'<li><button type="button" class="lv-c" data-act="lv-seek" data-at="{one.start_seconds:g}">'
        f'<span class="lv-t">{clock(one.start_seconds)}</span><span class="lv-w">{escape(one.title)}</span>'
        "</button></li>"
        for one in lecture.chapters
    )
    return f'<div class="lv-cues"><section class="lv-part"><ol>{rows}</ol></section></div>' if rows else ""

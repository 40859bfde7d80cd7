"""A moment of a recording beside an answer: its player, the strip of chapters, the slide beside the words."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from cml_mm.lectures.values import Lecture
from cml_mm.types import PictureArea, TimeSpan, clock
from cml_mm.ui.deck_pages import DeckPage, page_button
from cml_mm.ui.icons import icon
from cml_mm.ui.lecture_words import chapter_at, track_words
from cml_mm.ui.page_picture import Shown, picture_html
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape
from cml_mm.visits import Face


@dataclass(frozen=True)
class Recording:
    """A visitor's recording, as it is shown. `format` is "film", "sound" or "captions", which nobody can play."""

    file: str  # id
    name: str
    lecture: Lecture
    format: str


def cited_html(
    of: Recording, place: TimeSpan | PictureArea, shown: Shown | None, words: str, page: DeckPage | None = None
) -> str:
    """The player, and under it the words with the slide beside them.

    Args:
        place: with seconds.
        shown: the slide, with what is lit on it.
        words: what is quoted, as HTML.
        page: the page of a document that the slide is.
    """
    start, end = span_of(place)
    stage = stage_html(of, start, shown.face if shown else None)
    slide = f'<div class="lv-slide">{picture_html(shown)}</div>' if shown else ""
    beside = "" if slide and isinstance(place, TimeSpan) else " alone"  # what is lit on a slide has to be read there
    whole = button("Open the lecture", "lv-open", "sm", "larger", data_file=of.file, data_at=f"{start:g}")
    return (
        f'<div class="lv" data-file="{escape(of.file)}" data-at="{start:g}" data-until="{end:g}">{stage}'
        f'{strip_html(of.lecture, start)}<div class="lv-words{beside}">{slide}{words}</div>'
        f'<div class="row lv-row">{whole}{page_button(page) if page else ""}</div></div>'
    )


def span_of(place: TimeSpan | PictureArea) -> tuple[float, float]:
    """From when to when something is said or shown, in seconds."""
    start = place.start_seconds or 0.0
    return start, start if place.end_seconds is None else place.end_seconds


def slide_face(lecture: Lecture, place: TimeSpan | PictureArea) -> str:
    """The key of the frame that is shown there; empty where no slide is."""
    if place.face:
        return place.face
    slide = lecture.slide_at(span_of(place)[0])
    return slide.face if slide else ""


def stage_html(of: Recording, start: float, face: Face | None = None) -> str:
    """The place of a player, which the script puts there when it is wanted: until then a button, on the slide.

    Nothing for captions alone.

    Args:
        face: what is seen at that moment, where that is known.
    """
    if of.format == "captions":
        return ""
    at, speech, name = clock(start), of.lecture.speech, escape(of.name)
    base = f"files/{quote(of.file, safe='')}"
    image = ratio = ""
    if face is not None:
        address = f"{base}/faces/{quote(face.key, safe='')}"
        image = f'<img src="{escape(address)}" loading="lazy" alt="">'
        ratio = f' style="aspect-ratio: {face.width:g} / {face.height:g}"'
    heard = " heard" if of.format == "sound" else ""
    return (
        f'<div class="lv-stage{heard}" data-file="{escape(of.file)}" data-name="{name}"'
        f' data-track="{escape(track_words(speech))}" data-language="{escape(speech.language)}"{ratio}>{image}'
        f'<button type="button" class="lv-play" data-act="lv-play" data-at="{start:g}"'
        f' aria-label="Play {name} from {at}">{icon("play")}<span>{at}</span></button></div>'
    )


def strip_html(lecture: Lecture, at: float | None = None) -> str:
    """The chapters side by side, as long as they are; with a moment, a mark there, and its chapter in words.

    Args:
        at: seconds; None for the strip of a whole lecture, whose parts are buttons.
    """
    if not lecture.chapters or lecture.seconds <= 0:
        return ""
    count = len(lecture.chapters)
    parts = "".join(
        f'<li style="flex-grow: {max(0.1, one.end_seconds - one.start_seconds):.2f}">'
        + (
            f'<button type="button" class="lv-ch" data-act="lv-seek" data-at="{one.start_seconds:g}"'
            f' data-until="{one.end_seconds:g}" data-title="{escape(one.title)}" title="{escape(one.title)}"'
            f' tabindex="{0 if one is lecture.chapters[0] else -1}" aria-label="Chapter {one.number},'
            f' {escape(one.title)}, from {clock(one.start_seconds)}"></button>'
            if at is None
            else ""
        )
        + "</li>"
        for one in lecture.chapters
    )
    if at is None:
        return (
            f'<div class="lv-strip"><ol class="lv-chs" aria-label="Chapters">{parts}</ol><i class="lv-head"></i>'
            '<div class="lv-marks"></div></div><p class="lv-now" aria-live="off"></p>'
        )
    inside = chapter_at(lecture, at)
    words = f"In chapter {inside.number} of {count}, {escape(inside.title)}" if inside else ""
    mark = f'<i class="lv-mark" style="left: {100 * min(1.0, at / lecture.seconds):.2f}%"></i>'
    return (
        f'<div class="lv-strip still" aria-hidden="true"><ol class="lv-chs">{parts}</ol>{mark}</div>'
        f'<p class="lv-now">{words}</p>'
    )

"""What the evidence panel knows of a visitor's files, and how a place in one of them is shown.

Everything is asked once for each rendering and kept no longer: a file that was deleted
meanwhile is told as deleted, never shown from memory.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

from cml_mm.errors import CmlError
from cml_mm.ports import FileDesk
from cml_mm.types import Evidence, Page, PictureArea, Source, TimeSpan, clock
from cml_mm.ui.deck_pages import DeckPage, ShownAt, deck_pages, shown_at, shown_html
from cml_mm.ui.diagram_words import cited_words
from cml_mm.ui.lecture_cited import Recording, cited_html, slide_face
from cml_mm.ui.lecture_words import quoted_words
from cml_mm.ui.page_picture import Marked, Shown, made_face, picture_html, plain_name
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape, passage_html
from cml_mm.visits import Face, FileCard, ReadFile

log = logging.getLogger(__name__)

GONE_RECORDING = "This recording has been deleted. It can no longer be played; the words that were quoted stand below."
GONE = "This file has been deleted. Its page can no longer be shown; the words that were quoted stand below."
_PLAYED = re.compile(r"files/[A-Za-z0-9-]+/media(?:/[A-Za-z0-9_-]+)?")  # addresses of our own that can be played
_SOUND = re.compile(r"\.(mp3|m4a|ogg|opus|wav|flac)$", re.IGNORECASE)


class FileLook:
    """A visitor's files, for one rendering.

    Args:
        files: gives the desk, or nothing while the library is being opened.
        visitor: the key of whose files.
    """

    def __init__(self, files: Callable[[], FileDesk | None], visitor: str) -> None:
        self._files = files
        self._visitor = visitor
        self._cards: dict[str, FileCard] | None = None
        self._read: dict[str, ReadFile | None] = {}
        self._told = False  # whether the desk has said what there is

    def card(self, file: str) -> FileCard | None:
        return self._known().get(file)

    def gone(self, file: str) -> bool:
        """Whether it is certain that this visitor has no such file any more."""
        return bool(self._visitor) and file not in self._known() and self._told

    def count(self, ids: tuple[str, ...]) -> int:
        """How many of these files are there; of all, without any ids."""
        known = self._known()
        return len(known) if not ids else sum(file in known for file in ids)

    def face(self, file: str, key: str) -> Face | None:
        """One side of a file; nothing where the file or the side is not there."""
        read = self._content(file)
        return next((face for face in read.faces if face.key == key), None) if read else None

    def recognised(self, file: str, key: str) -> bool:
        """Whether the words on this side were recognised from a picture."""
        read = self._content(file)
        return read is not None and any(place.face == key and place.origin == "ocr" for place in read.placings)

    def marked(self, file: str, place: PictureArea | Page) -> Marked | None:
        """The diagram that a place in a file is a part of; nothing where it means none, or it was changed since."""
        read = self._content(file)
        parts = place.parts if isinstance(place, PictureArea) else ()
        if read is None or not parts:
            return None
        for at, diagram in enumerate(read.diagrams):
            if diagram.face == place.face and {part.id for part in diagram.parts} >= set(parts):
                return Marked(diagram, parts, at)
        return None

    def recording(self, file: str) -> Recording | None:
        """A recording as it was read; nothing for other files, or where it is not there."""
        card, read = self.card(file), self._content(file)
        if card is None or read is None or read.lecture is None:
            return None
        return Recording(file, plain_name(card.name), read.lecture, card.format)

    def deck_page(self, file: str, place: TimeSpan | PictureArea) -> DeckPage | None:
        """The page of a document that the slide is which a recording shows at a place; None where none is known."""
        of = self.recording(file)
        lecture = of.lecture if of else None
        face = slide_face(lecture, place) if lecture else ""
        number = next((slide.page for slide in lecture.slides if slide.face == face), 0) if lecture else 0
        card, read = (self.card(lecture.deck), self._content(lecture.deck)) if lecture and number else (None, None)
        return deck_pages(card, read).get(number) if card and read else None

    def shown_at(self, file: str, place: Page | PictureArea) -> tuple[ShownAt, ...]:
        """When recordings show a page of a document as a slide."""
        films = [card for card in self._known().values() if card.deck.file == file]
        face = self.face(file, place.face) if films else None
        number = place.number if isinstance(place, Page) else face.number if face else 0
        lectures = ((card, self.recording(card.id)) for card in films)
        found = (shown_at(card, of.lecture, file, number) for card, of in lectures if of)
        return tuple(one for one in found if one)

    def _known(self) -> dict[str, FileCard]:
        if self._cards is None:
            desk = self._files() if self._visitor else None
            try:
                cards = desk.files(self._visitor) if desk else ()
                self._told = desk is not None
            except CmlError as error:  # the evidence is shown all the same, without what the list would tell
                log.error("Listing files failed", exc_info=error)
                cards = ()
            self._cards = {card.id: card for card in cards}
        return self._cards

    def _content(self, file: str) -> ReadFile | None:
        if file not in self._read:
            desk = self._files() if self._visitor and file in self._known() else None
            try:
                self._read[file] = desk.read(self._visitor, file) if desk else None
            except CmlError:  # deleted between the two questions
                self._read[file] = None
        return self._read[file]


NO_FILES = FileLook(lambda: None, "")


def file_name(source: Source) -> str:
    return plain_name(source.path.rsplit("/", 1)[-1] or source.title)


def place_words(item: Evidence, look: FileLook = NO_FILES) -> str:
    """Where words stand in a file, for a reader: "Page 4 of statutes.pdf"."""
    name, place = file_name(item.source), item.locator
    if isinstance(place, TimeSpan):
        recording = look.recording(item.source.slug)
        heard = quoted_words(recording.lecture.speech) if recording else ""
        by = f", {heard}" if heard else ""
        return f"{name}, from {clock(place.start_seconds)} to {clock(place.end_seconds)}{by}"
    if isinstance(place, PictureArea) and place.start_seconds is not None:
        page = look.deck_page(item.source.slug, place)
        same = f", {page.words}" if page else ""
        return f"Slide at {clock(place.start_seconds)} of {name}{same}, recognised by OCR"
    if isinstance(place, PictureArea):
        marked = look.marked(item.source.slug, place)
        if marked or place.parts:
            words = cited_words(marked.diagram, marked.parts) if marked else ""
            return f"Diagram in {name}, {words}" if words else f"Diagram in {name}"
        return f"Picture {name}, recognised by OCR"
    if isinstance(place, Page):
        slide = place.face.startswith("slide") or name.lower().endswith(".pptx")
        by_ocr = ", recognised by OCR" if look.recognised(item.source.slug, place.face) else ""
        shown = "".join(f", {one.words}" for one in look.shown_at(item.source.slug, place))
        return f"{'Slide' if slide else 'Page'} {place.number} of {name}{by_ocr}{shown}"
    section = getattr(place, "section", "") or item.heading
    return f"{name}, section “{section}”" if section else name


def place_html(item: Evidence, look: FileLook) -> str:
    """The page with the words lit on it, the moment to play, or the section; the words themselves below."""
    words = f'<div class="q">{passage_html(item.passage, item.quote)}</div>'
    place = item.locator
    if isinstance(place, TimeSpan) or (isinstance(place, PictureArea) and place.start_seconds is not None):
        return _moment(item.source, place, look, words)
    if isinstance(place, (Page, PictureArea)) and has_side(place):
        return _picture(item.source, place, look) + words + shown_html(look.shown_at(item.source.slug, place))
    return _heading(item) + words


def private_line(source: Source, look: FileLook) -> str:
    """Instead of authors and a licence: whose file it is, and how long it is kept."""
    card = look.card(source.slug)
    name = f'<bdi class="file">{escape(file_name(source))}</bdi>'
    if card is None:
        since = ", deleted since" if look.gone(source.slug) else ", visible to you only"
        return f'<p class="src">{name}<span>Your file{since}</span></p>'
    until = f", deleted {when_html(card.expires)}" if card.expires else ""
    opened = button("Open the file", "file-open", "lnk", data_file=source.slug)
    return f'<p class="src">{opened}<span>Your file, visible to you only{until}</span></p>'


def when_html(seconds: float) -> str:
    """A moment; the script tells it in the visitor's own time."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return f'<time class="when" datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">on {moment.day} {moment:%B, %H:%M} UTC</time>'


def _picture(source: Source, place: Page | PictureArea, look: FileLook) -> str:
    if look.gone(source.slug):
        return f'<p class="pp-none">{GONE}</p>'
    shown = shown_place(source, place, look)
    return picture_html(shown) if shown else ""


def has_side(place: Page | PictureArea) -> bool:
    """Whether there is something to be looked at: a page, a picture, or a diagram of a text."""
    return bool(place.face or (isinstance(place, PictureArea) and place.parts))


def shown_place(source: Source, place: Page | PictureArea, look: FileLook) -> Shown | None:
    """The side of a file that a place is on, with what is lit there; nothing where it cannot be shown."""
    marked = look.marked(source.slug, place)
    face = look.face(source.slug, place.face)
    if marked and (face is None or not face.drawable):  # drawn in its own size, whatever the side was
        drawn = marked.diagram
        face = Face(drawn.face, "Diagram", 0, drawn.width, drawn.height, drawable=False)
    face = face or made_face(place.face, place.boxes)
    if face is None or not (face.width > 0 and face.height > 0):
        return None
    if not face.drawable and not face.outline:
        face = replace(face, outline=place.boxes)
    lines = place.lines if isinstance(place, PictureArea) else ()
    return Shown(source.slug, file_name(source), face, place.boxes, lines, marked)


def _heading(item: Evidence) -> str:
    section = getattr(item.locator, "section", "") or item.heading
    return f'<p class="q-head">{escape(section)}</p>' if section and section != item.source.title else ""


def _moment(source: Source, place: TimeSpan | PictureArea, look: FileLook, words: str) -> str:
    """The moment of a recording with its player, its slide and its words."""
    if look.gone(source.slug):
        return f'<p class="pp-none">{GONE_RECORDING}</p>{words}'
    of = look.recording(source.slug)
    if of is None:
        return (_recording(source, place) if isinstance(place, TimeSpan) else _picture(source, place, look)) + words
    page = look.deck_page(source.slug, place)
    if isinstance(place, PictureArea):
        return cited_html(of, place, shown_place(source, place, look), words, page)
    face = look.face(source.slug, slide_face(of.lecture, place))
    return cited_html(of, place, Shown(source.slug, of.name, face) if face else None, words, page)


def _recording(source: Source, place: TimeSpan) -> str:
    """A player that begins where the words are said, where there is something to play."""
    if not _PLAYED.fullmatch(source.url):
        return ""
    tag = "audio" if _SOUND.search(source.path) else "video"
    name, at = escape(file_name(source)), clock(place.start_seconds)
    play = button(f"Play from {at}", "play", "sm", "next", data_seconds=f"{place.start_seconds:g}")
    return (
        f'<div class="player"><{tag} controls preload="metadata" src="{escape(source.url)}#{place.fragment()}"'
        f' aria-label="{name}"></{tag}>{play}</div>'
    )

"""Recordings and the documents whose pages their slides are, among one visitor's files: linked whichever is first."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from cml_mm.errors import CmlError, InputError, StoreCorrupt
from cml_mm.lectures.alignment import aligned, matched
from cml_mm.lectures.values import Lecture
from cml_mm.record.files import FileRecord
from cml_mm.visits import Correction, DeckLink, FileCard, Placing, ReadFile, StoredFile

log = logging.getLogger("cml")
_OF_PAGES = frozenset({"pdf", "pptx"})


@dataclass(frozen=True)
class Decks:
    """Finds out which document belongs to a recording, and keeps that with the recording.

    Args:
        files: as they are kept.
    """

    files: FileRecord

    def settle(self, visitor: str, card: FileCard) -> bool:
        """Links a file that has just been kept with what it belongs to among the visitor's others.

        Returns: whether a recording is linked otherwise than before.
        """
        try:
            if card.format == "film":
                return self._link(visitor, card.id, self._documents(visitor))
            if card.format in _OF_PAGES:
                return any([self._link(visitor, film.id, (card,)) for film in self._films(visitor)])
        except CmlError as error:  # the file itself is kept, and can be asked
            log.warning("The slides of a recording could not be compared with pages. %s", error)
        return False

    def part(self, visitor: str, file: str) -> None:
        """Unlinks what was linked with a document that is gone; another that belongs takes its place.

        Args:
            file: the id of the document.
        """
        try:
            for film in self._films(visitor):
                if film.deck.file == file:
                    self._link(visitor, film.id, self._documents(visitor))
        except CmlError as error:  # until it is settled, `named_deck` and `without_gone` keep quiet about it
            log.warning("A recording could not be unlinked from pages that are gone. %s", error)

    def _films(self, visitor: str) -> list[FileCard]:
        return [card for card in self._ready(visitor) if card.format == "film"]

    def _documents(self, visitor: str) -> list[FileCard]:
        return [card for card in self._ready(visitor) if card.format in _OF_PAGES]

    def _ready(self, visitor: str) -> list[FileCard]:
        return [card for card in self.files.cards(visitor) if card.state == "ready"]

    def _link(self, visitor: str, film: str, documents: Sequence[FileCard]) -> bool:
        """Links a recording with that of these documents which shows most of its slides, if that is more than now.

        Returns: whether anything is other than before.
        """
        pages: dict[str, tuple[str, ...]] = {}
        before = after = asked = found = Lecture(0.0)

        def change(
            stored: StoredFile, corrections: tuple[Correction, ...]
        ) -> tuple[StoredFile, tuple[Correction, ...]]:
            nonlocal before, after
            if stored.read.lecture is not None:
                before = stored.read.lecture
                now = without_gone(before, [card.id for card in self._ready(visitor)])
                # Long documents take seconds, and others wait while this runs.
                after = found if pages and now == asked else _best(now, pages)
                stored = _linked(stored, after)
            return stored, corrections

        with suppress(InputError):  # the recording was deleted meanwhile
            slides = self.files.stored(visitor, film).read.lecture
            if slides is None or not slides.slides:
                return False
            for card in documents:
                with suppress(InputError, StoreCorrupt):  # deleted meanwhile, or spoiled
                    pages[card.id] = pages_of(self.files.stored(visitor, card.id).read)
            ids = [card.id for card in self._ready(visitor)]
            asked = without_gone(slides, ids)
            found = _best(asked, pages)
            if found == slides:
                return False
            self.files.revise(visitor, film, change)
            if after.deck and all(card.id != after.deck for card in self._ready(visitor)):  # deleted meanwhile
                pages.clear()
                self.files.revise(visitor, film, change)
        return before != after


def pages_of(read: ReadFile) -> tuple[str, ...]:
    """The words that stand on each page of a document, without those of notes, which nobody is shown."""
    count = max((face.number for face in read.faces), default=0)
    words: defaultdict[int, list[str]] = defaultdict(list)
    for section, placing in zip(read.document.sections, read.placings, strict=True):
        if section.heading == f"Notes to slide {section.page}":
            continue
        if not words[section.page] and section.heading not in (f"Page {section.page}", f"Slide {section.page}"):
            words[section.page].append(section.heading)
        words[section.page].append(_placed(section.text, placing))
    return tuple("\n".join(words[number]) for number in range(1, count + 1))


def aligned_with(lecture: Lecture, deck: str, pages: Sequence[str]) -> Lecture:
    """A lecture whose slides know their pages in a document.

    Args:
        deck: the document's id.
        pages: the words on each of its pages.
    """
    found = aligned(lecture.slides, pages)
    slides = tuple(replace(slide, page=page) for slide, page in zip(lecture.slides, found, strict=True))
    return replace(lecture, slides=slides, deck=deck)


def without_gone(lecture: Lecture, present: Iterable[str]) -> Lecture:
    """A lecture without a link to a document that is not there any more."""
    if not lecture.deck or lecture.deck in present:
        return lecture
    return replace(lecture, slides=tuple(replace(slide, page=0) for slide in lecture.slides), deck="")


def link_of(lecture: Lecture | None) -> DeckLink:
    """What a card says of the document whose pages a lecture's slides are."""
    if lecture is None or not lecture.deck:
        return DeckLink()
    count = matched(lecture.slides)
    return DeckLink(lecture.deck, count.found, count.of)


def named_deck(card: FileCard, names: Mapping[str, str]) -> FileCard:
    """The card with the name of that document, and a notice of it; one that is gone is not spoken of.

    Args:
        names: of the visitor's files, by id.
    """
    if not card.deck.file:
        return card
    if card.deck.file not in names:
        return replace(card, deck=DeckLink())
    deck = replace(card.deck, name=names[card.deck.file])
    return replace(card, deck=deck, notices=(*card.notices, deck.words))


def _best(lecture: Lecture, pages: Mapping[str, Sequence[str]]) -> Lecture:
    """The lecture with the document that shows most of its slides; with its own where none shows more."""
    best, most = lecture, matched(lecture.slides).found if lecture.deck else 0
    for deck, words in pages.items():
        tried = aligned_with(lecture, deck, words)
        count = matched(tried.slides)
        if count.belongs and count.found > most:
            best, most = tried, count.found
    return best


def _linked(stored: StoredFile, lecture: Lecture) -> StoredFile:
    card = replace(stored.card, deck=link_of(lecture))
    return replace(stored, card=card, read=replace(stored.read, lecture=lecture))


def _placed(text: str, placing: Placing) -> str:
    """What of a text stands on its page: a diagram is said in more words than its labels."""
    return "\n".join(text[run.start : run.end] for run in placing.runs) if placing.runs else text

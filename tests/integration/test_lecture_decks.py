"""A film and the document whose pages its slides are: linked whichever comes first, unlinked without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.lectures.values import ChapterEdit
from cml_mm.media.sandbox import SandboxedReader
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Cancelled, Told
from cml_mm.profiles.wiring import OCR
from cml_mm.record import Record
from cml_mm.visits import DEFAULT_LIMITS, DeckLink, FileCard, ReadFile, Recorded
from tests.integration.test_lecture_files import ANNA, BERT, LIMITS, never, silent, srt
from tests.support.drawn_lecture import CUES, lecture_film
from tests.support.made_decks import OTHER_PAGES, PAGES, deck_pdf, deck_pptx
from tests.support.record_values import DAY, Clock

SHOWN = [2, 3, 5]
NOTICE = "Its slides are the pages of {}: 3 of 3 found."


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@dataclass
class OnceLooking:
    """A reader that looks at the same film once."""

    inner: SandboxedReader
    seen: dict[bytes, Recorded] = field(default_factory=dict)

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def read_or_hear(
        self,
        content: Path,
        name: str,
        file: str,
        told: Told,
        cancelled: Cancelled,
        looks: bool = True,
        hears: bool = True,
    ) -> ReadFile | Recorded | None:
        data = content.read_bytes()
        if data in self.seen:
            return self.seen[data]
        found = self.inner.read_or_hear(content, name, file, told, cancelled, looks, hears)
        if isinstance(found, Recorded):
            self.seen[data] = found
        return found


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Record]:
    opened = Record(tmp_path_factory.mktemp("decks") / "data", DAY, 30 * DAY, DEFAULT_LIMITS, clock)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def files(record: Record, encoder: MiniLM) -> Files:
    reader = OnceLooking(SandboxedReader(LIMITS, OCR))
    return Files(record, Bringer(reader, encoder), LIMITS)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def film(files: Files) -> FileCard:
    """Anna's talk, which nobody changes but by bringing and deleting documents."""
    return add(files, "well.webm", lecture_film(), captions=True)


def add(files: Files, name: str, data: bytes, visitor: str = ANNA, captions: bool = False) -> FileCard:
    content, beside = files.inbox() / "arriving", files.inbox() / "beside"
    content.write_bytes(data)
    if captions:
        beside.write_bytes(srt(*CUES))
    card = files.add(visitor, name, content, silent, never, beside if captions else None, "words.srt")
    assert card is not None
    return card


def card_of(files: Files, file: str) -> FileCard:
    return next(card for card in files.files(ANNA) if card.id == file)


def kept_of(record: Record, file: str) -> str:
    """Everything that is kept of a file, but its vectors."""
    stored = record.files.stored(ANNA, file)
    return repr((stored.card, stored.read, stored.chunks))


def linked(files: Files, film: str) -> tuple[str, list[int]]:
    lecture = files.read(ANNA, film).lecture
    assert lecture is not None
    return lecture.deck, [slide.page for slide in lecture.slides]


def test_a_deck_that_comes_after_the_film(files: Files, film: FileCard, record: Record) -> None:
    add(files, "oven.pdf", deck_pdf(OTHER_PAGES))
    assert linked(files, film.id) == ("", [0, 0, 0])
    assert card_of(files, film.id).notices == ()
    deck = add(files, "zanzibar.pdf", deck_pdf())
    assert linked(files, film.id) == (deck.id, SHOWN)
    now = card_of(files, film.id)
    assert now.deck == DeckLink(deck.id, 3, 3, "zanzibar.pdf")
    assert now.notices == (NOTICE.format("zanzibar.pdf"),)
    assert "zanzibar" not in kept_of(record, film.id)  # its name is told, and not kept with the film

    files.correct_lecture(ANNA, film.id, (ChapterEdit(1, "The rope"),))
    assert linked(files, film.id) == (deck.id, SHOWN)
    add(files, "well.srt", srt((2.0, "The heron fund pays.")))  # other words: the slides stay what they are
    assert linked(files, film.id) == (deck.id, SHOWN)

    copy = add(files, "copy.pptx", deck_pptx())
    assert linked(files, film.id) == (deck.id, SHOWN)
    files.remove(ANNA, deck.id)
    assert linked(files, film.id) == (copy.id, SHOWN)
    files.remove(ANNA, copy.id)
    assert linked(files, film.id) == ("", [0, 0, 0])
    assert card_of(files, film.id).notices == () and card_of(files, film.id).deck == DeckLink()
    assert deck.id not in kept_of(record, film.id) and "zanzibar" not in kept_of(record, film.id)


def test_a_film_that_comes_after_its_deck_until_that_ones_time_is_over(
    files: Files, film: FileCard, record: Record, clock: Clock
) -> None:
    add(files, "deck.pdf", deck_pdf(), BERT)
    assert linked(files, film.id) == ("", [0, 0, 0])  # it is another's
    files.remove(ANNA, film.id)
    add(files, "begun.pdf", deck_pdf(PAGES[:2]))  # one page of three is too little
    deck = add(files, "slides.pptx", deck_pptx())
    clock.now += DAY / 2
    again = add(files, "well.webm", lecture_film(), captions=True)
    assert again.notices == (NOTICE.format("slides.pptx"),)
    assert linked(files, again.id) == (deck.id, SHOWN)

    clock.now += DAY / 2 + 1
    assert linked(files, again.id) == ("", [0, 0, 0])
    assert card_of(files, again.id).notices == () and card_of(files, again.id).deck == DeckLink()
    files.sweep()
    kept = record.files.stored(ANNA, again.id)
    assert kept.card.deck == DeckLink() and kept.read.lecture is not None and kept.read.lecture.deck == ""

"""A lecture's slides lead to the pages of the document that they are, and those pages to the lecture."""

from __future__ import annotations

import pytest

from cml_mm.types import Evidence, PictureArea, Source
from cml_mm.ui.deck_pages import ShownAt
from cml_mm.ui.evidence import locator_words
from cml_mm.ui.files_view import file_html
from cml_mm.ui.lecture_view import lecture_reply
from cml_mm.visits import FileCard
from tests.support.drawn_lecture import SLIDES, lecture
from tests.support.fake_files import FakeFiles, file_evidence
from tests.unit.test_ui_evidence import ME, bring, look_of, panel

HOSTILE = '<img src=x onerror="pwned=1">.pdf'


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles(pace=0)


def joined(files: FakeFiles, deck: str = "deck.pdf", pages: tuple[int, ...] = (1, 2, 0)) -> tuple[FileCard, FileCard]:
    """A film and the document that its slides are."""
    film, made = bring(files, "talk.mp4"), bring(files, deck)
    files.show_pages(ME, film.id, made.id, pages)
    return film, made


def slide_evidence(film: FileCard, number: int) -> Evidence:
    slide, words = lecture().slides[number - 1], SLIDES[number - 1][1]
    source = Source(film.id, film.name, "document", film.id, film.name, "", "", owner="visitor")
    place = PictureArea(
        words, 0, len(words), face=slide.face, start_seconds=slide.start_seconds, end_seconds=slide.end_seconds
    )
    return Evidence(1, source, place, words, words, words, 0.8, ("your words",))


def test_a_slide_that_is_cited_names_its_page_and_opens_it(files: FakeFiles) -> None:
    film, deck = joined(files)
    item = slide_evidence(film, 2)
    assert locator_words(item, look_of(files)) == "Slide at 0:30 of talk.mp4, page 2 of deck.pdf, recognised by OCR"
    out = panel(item, look_of(files))
    assert f'data-act="view" data-file="{deck.id}" data-face="page-2"' in out
    assert "Page 2 of <bdi>deck.pdf</bdi>" in out
    assert deck.id not in panel(slide_evidence(film, 3), look_of(files))  # which has no page


def test_words_that_are_cited_open_the_page_of_the_slide_beside_them(files: FakeFiles) -> None:
    film, deck = joined(files)
    item = file_evidence(film, 1)
    assert "deck.pdf" not in locator_words(item, look_of(files))  # the words are said, and stand on no page
    assert f'data-act="view" data-file="{deck.id}" data-face="page-2"' in panel(item, look_of(files))


def test_a_page_that_is_cited_says_when_it_is_shown_and_opens_the_lecture_there(files: FakeFiles) -> None:
    film, deck = joined(files, pages=(2, 1, 2))
    item = file_evidence(deck, 1)
    assert locator_words(item, look_of(files)) == "Page 2 of deck.pdf, shown at 0:00 and 1:00 in talk.mp4"
    out = panel(item, look_of(files))
    for at, time in ((0, "0:00"), (60, "1:00")):
        assert f'data-act="lv-open" data-file="{film.id}" data-at="{at}"' in out
        assert f"Shown at {time} in <bdi>talk.mp4</bdi>" in out


def test_a_slide_of_a_deck_is_called_a_slide(files: FakeFiles) -> None:
    film, _ = joined(files, "deck.pptx")
    assert "slide 2 of deck.pptx" in locator_words(slide_evidence(film, 2), look_of(files))


def test_a_page_that_no_slide_shows_and_a_deck_that_is_gone_lead_nowhere(files: FakeFiles) -> None:
    film, deck = joined(files, pages=(1, 3, 0))
    assert locator_words(file_evidence(deck, 1), look_of(files)) == "Page 2 of deck.pdf"
    assert film.id not in panel(file_evidence(deck, 1), look_of(files))
    files.remove(ME, deck.id)
    item = slide_evidence(film, 2)
    assert locator_words(item, look_of(files)) == "Slide at 0:30 of talk.mp4, recognised by OCR"
    assert "deck.pdf" not in panel(item, look_of(files))
    assert "deck.pdf" not in str(lecture_reply(files, ME, {"file": film.id}))


def test_the_lecture_tells_the_pages_beside_its_slides_and_how_many_were_found(files: FakeFiles) -> None:
    film, deck = joined(files)
    slides = lecture_reply(files, ME, {"file": film.id})["slides"]
    assert "Its slides are the pages of deck.pdf: 2 of 3 found." in slides
    assert [part.split('"')[0] for part in slides.split('class="lnk lv-page"')[1:]] == [" data-act="] * 2
    assert f'data-file="{deck.id}" data-face="page-1" tabindex="0"' in slides
    assert f'data-file="{deck.id}" data-face="page-2" tabindex="-1"' in slides
    assert 'aria-label="Slide 2, Small steps first, page 2 of deck.pdf, from 0:30"' in slides
    sheet = file_html(files.files(ME)[-1], files.read(ME, film.id))
    assert "Its slides are the pages of deck.pdf: 2 of 3 found." in sheet


def test_no_name_becomes_markup(files: FakeFiles) -> None:
    film, _ = joined(files, HOSTILE)
    html = panel(slide_evidence(film, 2), look_of(files)) + str(lecture_reply(files, ME, {"file": film.id})["slides"])
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ((252.0,), "shown at 4:12 in talk.mp4"),
        ((1.0, 2.0, 3.0, 4.0), "shown at 0:01, 0:02 and 0:03 in talk.mp4"),
    ],
)
def test_times_are_told_in_words(seconds: tuple[float, ...], words: str) -> None:
    assert ShownAt("film", "talk.mp4", seconds).words == words

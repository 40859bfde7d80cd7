"""What the screen says of a recording: who heard it, where it stands, and nothing of a stranger's as markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cml_mm.errors import InputError
from cml_mm.lectures.values import Chapter, ChapterEdit, CueEdit, Lecture, SpeakerEdit, Speech, SpeechOrigin
from cml_mm.types import PictureArea, TimeSpan
from cml_mm.ui.lecture_cited import Recording, cited_html, slide_face, span_of, stage_html, strip_html
from cml_mm.ui.lecture_touches import MOST_MOMENTS, MOST_PATTERNS, touches_html, touches_reply
from cml_mm.ui.lecture_view import lecture_reply, slides_html, take_html
from cml_mm.ui.lecture_words import chapter_at, origin_words, quoted_words, size_words, track_words
from cml_mm.visits import FileCard, FirstSaid, LectureTouches, PatternMoment
from tests.support.drawn_lecture import SLIDES, lecture
from tests.support.fake_files import FakeFiles

HOSTILE = '<img src=x onerror="pwned=1">'
SAID = TimeSpan("Small steps first", 0, 10, 47.25, 54.25)


@pytest.mark.parametrize(
    ("origin", "head", "quote"),
    [
        ("track", "Captions by the file.", "captions by the file"),
        ("captions", "Captions by the file talk.vtt beside it.", "captions by talk.vtt"),
        (
            "recogniser",
            "Heard by Whisper base, 83 % sure: words may be wrong.",
            "heard by Whisper base, 83 % sure, words may be wrong",
        ),
        (
            "weak recogniser",
            "Heard by pocketsphinx, 41 % sure. A weak recogniser: searched, never quoted.",
            "heard by pocketsphinx, 41 % sure, a weak recogniser",
        ),
        ("spans", "When somebody speaks is known, what they say is not.", ""),
        ("none", "What is said in it was not heard.", ""),
    ],
)
def test_who_heard_it_is_said_at_the_head_and_at_a_quote(origin: SpeechOrigin, head: str, quote: str) -> None:
    speech = lecture(origin=origin).speech
    assert (origin_words(speech), quoted_words(speech)) == (head, quote)
    assert bool(track_words(speech)) == bool(speech.cues)


def test_a_transcript_without_a_name_or_a_measure_says_neither() -> None:
    speech = Speech(lecture().speech.cues, "recogniser")
    assert origin_words(speech) == "Heard by a recogniser: words may be wrong."
    assert origin_words(Speech((), "captions")) == "Captions beside the file."


def test_how_much_there_is_leaves_out_what_is_not_there() -> None:
    assert size_words(lecture()) == "1:30 long, 3 slides, 3 chapters, 11 captions"
    assert size_words(lecture(False, "recogniser")) == "1:30 long, 3 chapters, 11 sentences"
    assert size_words(Lecture(3700)) == "1:01:40 long"


def test_a_moment_knows_its_chapter_and_its_slide() -> None:
    whole = lecture()
    found = chapter_at(whole, 30.0)
    assert found is not None
    assert found.number == 2
    assert chapter_at(whole, 90.0) is None
    assert slide_face(whole, SAID) == "frame-55000"
    assert slide_face(whole, replace(SAID, face="frame-1")) == "frame-1"
    assert slide_face(lecture(False), SAID) == ""
    assert span_of(PictureArea("", 0, 1, start_seconds=30.0)) == (30.0, 30.0)


def test_the_strip_marks_the_moment() -> None:
    html = strip_html(lecture(), 45.0)
    assert 'style="left: 50.00%"' in html
    assert "In chapter 2 of 3, Small steps first" in html
    assert "<button" not in html
    assert strip_html(lecture()).count("<button") == len(SLIDES)
    assert strip_html(Lecture(90.0)) == ""


def test_captions_alone_have_no_player_and_a_sound_no_picture() -> None:
    whole = lecture(False)
    assert stage_html(Recording("file-1", "talk.srt", whole, "captions"), 0.0) == ""
    sound = stage_html(Recording("file-1", "talk.wav", whole, "sound"), 47.25)
    assert 'class="lv-stage heard"' in sound
    assert "<img" not in sound
    assert 'aria-label="Play talk.wav from 0:47"' in sound
    assert slides_html("file-1", ()) == ""


def test_without_words_only_what_there_is_can_be_taken_along() -> None:
    assert take_html("file-1", lecture()).count("<a ") == 4
    html = take_html("file-1", lecture(origin="spans"))
    assert "transcript.vtt" not in html
    assert "transcript.md" in html
    assert "chapters.vtt" in html
    assert "chapters.vtt" not in take_html("file-1", Lecture(90.0))


def test_nothing_in_a_recording_becomes_markup() -> None:
    whole = lecture()
    cues = tuple(replace(cue, text=HOSTILE, speaker=HOSTILE) for cue in whole.speech.cues)
    hostile = replace(
        whole,
        speech=replace(whole.speech, cues=cues, by=HOSTILE, notices=(HOSTILE,), language=HOSTILE),
        chapters=(Chapter(1, HOSTILE, 0.0, 90.0),),
        slides=tuple(replace(slide, title=HOSTILE) for slide in whole.slides),
    )
    of = Recording('file-1"><u', HOSTILE, hostile, "film")
    html = cited_html(of, SAID, None, "") + strip_html(hostile) + slides_html("file-1", hostile.slides)
    assert "<img src=x" not in html
    assert '"><u' not in html
    assert "&lt;img src=x" in html


def test_nothing_that_was_corrected_becomes_markup() -> None:
    desk, card = _brought()
    edits = (CueEdit(0, HOSTILE), SpeakerEdit(HOSTILE, "Ada Brook"), ChapterEdit(1, HOSTILE))
    desk.correct_lecture("ada", card.id, edits)
    reply = lecture_reply(desk, "ada", {"file": card.id})
    assert all("<img src=x" not in str(part) for part in reply.values())
    assert reply["side"].count("&lt;img src=x") == 1 + 8 + 1 + 2  # words, speakers and their name, title


def _brought() -> tuple[FakeFiles, FileCard]:
    desk = FakeFiles(pace=0)
    content = desk.inbox() / "talk"
    content.write_bytes(b"sound")
    card = desk.add("ada", "talk.wav", content, lambda words, done, of: None, lambda: False)
    assert card is not None
    return desk, card


def test_another_visitor_is_told_nothing_of_it() -> None:
    desk, card = _brought()
    reply = lecture_reply(desk, "ada", {"file": card.id})
    assert reply["side"].count('class="lv-cue"') == 11
    assert reply["slides"] == ""
    for visitor, file in (("ben", card.id), ("ada", "file-none"), ("", card.id)):
        with pytest.raises(InputError, match="no longer here"):
            lecture_reply(desk, visitor, {"file": file})
        with pytest.raises(InputError, match="no such file"):
            touches_reply(desk, visitor, {"file": file})


# What it touches


def touched(slug: str, start: float, named: bool = False, **other: object) -> PatternMoment:
    one = PatternMoment(slug, slug.title(), start, start + 5, ("rota", "keys"), named, "captions")
    return replace(one, **other)  # type: ignore[arg-type]


def test_a_pattern_stands_once_with_its_times_and_the_words_that_justify_it() -> None:
    patterns = (touched("rota", 16.0), touched("key", 20.0), touched("rota", 61.5, origin="ocr"))
    html = touches_html(LectureTouches(patterns), lecture().speech)
    assert html.count('data-page="rota"') == html.count('href="?view=library&amp;read=rota"') == 1
    assert [part.split('"')[0] for part in html.split('data-at="')[1:]] == ["16", "61.5", "20"]
    assert html.count("<mark>keys</mark>") == 3
    assert html.count("on the slide") == 1
    assert "heard by" not in html and "First said" not in html


def test_a_word_is_lit_once_however_it_is_written_and_a_name_on_a_slide_is_told() -> None:
    one = touched("rota", 1.0, True, words=("Rota", "keys", "rota"), origin="ocr")
    html = touches_html(LectureTouches((one,)), lecture().speech)
    assert [part.split("<")[0] for part in html.split("<mark>")[1:]] == ["Rota", "keys"]
    assert "named on the slide" in html


def test_no_pattern_is_said_to_be_none() -> None:
    html = touches_html(LectureTouches(), lecture().speech)
    assert "No pattern of the library is surely touched." in html
    assert "<li>" not in html


@pytest.mark.parametrize(
    ("touches", "told"),
    [
        (LectureTouches((touched("rota", 1.0, origin="weak speech"),)), True),
        (LectureTouches((), (FirstSaid("rota", 1.0, 2),)), True),
        (LectureTouches(), False),
    ],
)
def test_words_that_a_weak_recogniser_heard_are_said_to_be_its_words(touches: LectureTouches, told: bool) -> None:
    html = touches_html(touches, lecture(origin="weak recogniser").speech)
    assert html.count("What is said was heard by pocketsphinx, 41 % sure, a weak recogniser.") == told


def test_of_too_many_patterns_those_that_tell_most_are_shown_and_the_rest_is_counted() -> None:
    once = [touched(f"p{number}", float(number)) for number in range(MOST_PATTERNS + 2)]
    often = [touched("often", 200.0 + number) for number in range(MOST_MOMENTS + 3)]
    html = touches_html(LectureTouches((*once, *often, touched("named", 300.0, True))), lecture().speech)
    shown = [part.split('"')[0] for part in html.split('data-page="')[1:]]
    assert shown == [f"p{number}" for number in range(MOST_PATTERNS - 2)] + ["often", "named"]
    assert "and 4 more" in html
    assert "and 3 times more" in html


def test_nothing_of_what_is_touched_becomes_markup() -> None:
    one = touched(HOSTILE, 1.0, title=HOSTILE, words=(HOSTILE,))
    html = touches_html(LectureTouches((one,), (FirstSaid(HOSTILE, 2.0, 1),)), lecture().speech)
    assert "<img src=x" not in html
    assert html.count("&lt;img src=x") >= 4


def test_changes_are_counted_with_two_ways_back_and_nothing_is_offered_without_any() -> None:
    desk, card = _brought()
    assert "lv-undo" not in lecture_reply(desk, "ada", {"file": card.id})["side"]
    for words in ("One.", "Two."):
        desk.correct_lecture("ada", card.id, (CueEdit(0, words), SpeakerEdit("Ida", "", (0, 1))))
    side = lecture_reply(desk, "ada", {"file": card.id})["side"]
    assert "Corrected by you: 2 changes." in side
    assert side.count('data-act="lv-undo"') == side.count('data-act="lv-restore"') == 1
    desk.restore_lecture("ada", card.id)
    assert "lv-undo" not in lecture_reply(desk, "ada", {"file": card.id})["side"]

"""Text tracks and chapters inside recordings, in files that are muxed here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.lectures.values import Chapter, Speech
from cml_mm.media.captions.chapters import file_chapters
from cml_mm.media.captions.tracks import text_tracks
from cml_mm.visits import DEFAULT_LIMITS
from tests.support.muxed import Track, muxed

CUES = ((1107, 1988, "The well,\nwe häve said, is shared."), (2010, 2999, "Since May."))
FOUND = [(1.107, 1.988, "The well, we häve said, is shared."), (2.01, 2.999, "Since May.")]


def tracks(data: bytes, reader: str) -> tuple[Speech, ...]:
    return text_tracks(data, reader, "talk", DEFAULT_LIMITS)


def times(speech: Speech) -> list[tuple[float, float, str]]:
    return [(cue.start_seconds, cue.end_seconds, cue.text) for cue in speech.cues]


@pytest.mark.parametrize(
    ("form", "reader", "codec"),
    [
        ("mp4", "mov", "mov_text"),
        ("mov", "mov", "mov_text"),
        ("matroska", "matroska", "subrip"),
        ("matroska", "matroska", "webvtt"),
        ("webm", "matroska", "webvtt"),
    ],
)
def test_a_track_is_read_to_the_millisecond(form: str, reader: str, codec: str) -> None:
    (found,) = tracks(muxed(form, [Track(codec, CUES, "ger")]), reader)
    assert times(found) == FOUND
    assert (found.origin, found.language, found.by, found.notices) == ("track", "de", "text track", ())
    assert found.quotable


def test_a_track_of_substation_is_read() -> None:
    event = "0,0,Default,Ada,0,0,0,,{\\i1}The well{\\i0}, we say,\\Nis shared."
    (found,) = tracks(muxed("matroska", [Track("ass", [(1000, 2000, event)], "eng")]), "matroska")
    assert times(found) == [(1.0, 2.0, "The well, we say, is shared.")]
    assert (found.cues[0].speaker, found.language) == ("Ada", "en")


def test_what_files_do_in_captions_they_do_in_tracks() -> None:
    said = [(0, 900, "<v Ada>Ours &amp; theirs</v>"), (900, 1000, "[applause]"), (1000, 2000, "BO: <i>Yes</i>.")]
    (found,) = tracks(muxed("matroska", [Track("webvtt", said)]), "matroska")
    assert [(cue.speaker, cue.text) for cue in found.cues] == [("Ada", "Ours & theirs"), ("BO", "Yes.")]
    assert found.language == ""
    said = [(0, 900, "a < b & <i>c</i>")]  # timed text has no tags
    assert times(tracks(muxed("mp4", [Track("mov_text", said)]), "mov")[0]) == [(0.0, 0.9, "a < b & <i>c</i>")]


def test_the_best_track_comes_first_and_one_of_signs_alone_is_no_transcript() -> None:
    short, long = ((100, 200, "One."),), ((100, 200, "One and two and three."),)
    made = [
        Track("subrip", long, "und", "nobody knows"),
        Track("subrip", long, "fre", "translated"),
        Track("subrip", short, "eng", "signs", disposition=0x40),
        Track("subrip", long, "eng", "spoken"),
        Track("subrip", (), "eng", "empty"),
    ]
    found = tracks(muxed("matroska", made, heard="eng"), "matroska")
    assert [speech.by for speech in found] == [
        "text track “spoken”",
        "text track “translated”",
        "text track “nobody knows”",
    ]
    assert [speech.language for speech in found] == ["en", "fr", ""]


@pytest.mark.parametrize(("form", "reader"), [("mp4", "mov"), ("matroska", "matroska")])
def test_a_recording_without_tracks_has_none(form: str, reader: str) -> None:
    data = muxed(form)
    assert tracks(data, reader) == ()
    assert file_chapters(data, reader, "talk") == ()


def test_a_track_that_says_no_length_ends_where_the_next_begins() -> None:
    (found,) = tracks(muxed("matroska", [Track("subrip", [(100, 100, "One."), (900, 900, "Two.")])]), "matroska")
    assert times(found) == [(0.1, 0.9, "One."), (0.9, 1.9, "Two.")]
    assert "2 captions did not end after the start" in found.notices[0]


@pytest.mark.parametrize("read", [lambda data: tracks(data, "mov"), lambda data: file_chapters(data, "mov", "talk")])
@pytest.mark.parametrize("data", [b"", b"\x00\x00\x00\x18ftypmp42" + bytes(40), b"just words, no film at all" * 9])
def test_what_is_no_recording_is_refused(read: object, data: bytes) -> None:
    with pytest.raises(MediaUnreadable, match="talk is damaged"):
        read(data)  # type: ignore[operator]


def test_a_recording_that_breaks_off_keeps_what_came_before() -> None:
    cues = [(at * 100, at * 100 + 90, f"word {at}") for at in range(100)]
    data = muxed("matroska", [Track("subrip", cues)], seconds=10.0)
    (found,) = tracks(data[: len(data) // 2], "matroska")
    assert 10 < len(found.cues) < 90
    assert times(found)[:2] == [(0.0, 0.09, "word 0"), (0.1, 0.19, "word 1")]


def test_more_words_than_are_read_are_refused() -> None:
    data = muxed("matroska", [Track("subrip", CUES)])
    with pytest.raises(LimitExceeded, match="talk holds"):
        text_tracks(data, "matroska", "talk", replace(DEFAULT_LIMITS, characters=10))


@pytest.mark.parametrize(("form", "reader"), [("mp4", "mov"), ("matroska", "matroska")])
def test_chapters_that_the_file_names_are_read(form: str, reader: str) -> None:
    marks = [(0, 1107, "  Öffnung \n der Quelle "), (1107, 2000, "The well"), (2000, 3000, "")]
    assert file_chapters(muxed(form, chapters=marks), reader, "talk") == (
        Chapter(1, "Öffnung der Quelle", 0.0, 1.107, "file"),
        Chapter(2, "The well", 1.107, 2.0, "file"),
        Chapter(3, "Chapter 3", 2.0, 3.0, "file"),
    )


def test_chapters_without_any_title_are_none_of_the_files() -> None:
    assert file_chapters(muxed("matroska", chapters=[(0, 1000, ""), (1000, 2000, "")]), "matroska", "talk") == ()

"""Times that make no sense are mended and said; all others stand to the millisecond."""

from __future__ import annotations

import pytest

from cml_mm.lectures.values import Cue, Speech
from cml_mm.media.captions.speech import fitted
from tests.support.caption_files import cues, read


def test_captions_out_of_order_are_sorted() -> None:
    text = "00:05,0 --> 00:06,0\nlast\n\n00:01,0 --> 00:02,0\nfirst\n\n00:03,0 --> 00:04,0\nmiddle\n"
    assert cues(text) == [(1.0, 2.0, "first"), (3.0, 4.0, "middle"), (5.0, 6.0, "last")]
    assert read(text).notices == ("1 caption stood out of order; all are sorted by their times now.",)


@pytest.mark.parametrize("end", ["00:00,500", "00:01,000", ""])
def test_an_end_that_is_not_behind_its_start_is_set(end: str) -> None:
    text = f"00:01,0 --> {end}\nour well\n\n00:01,8 --> 00:03,0\nnext\n"
    assert cues(text) == [(1.0, 1.8, "our well"), (1.8, 3.0, "next")]
    assert read(text).notices == (
        "1 caption did not end after the start; the end was set by what follows and by the length of the words.",
    )


@pytest.mark.parametrize(("words", "end"), [("our well", 2.0), ("a" * 50, 4.0), ("a" * 500, 8.0)])
def test_without_a_next_caption_the_words_set_the_end(words: str, end: float) -> None:
    assert cues(f"00:01,0 --> 00:01,0\n{words}\n") == [(1.0, end, words)]


def test_times_before_the_start_are_cut() -> None:
    text = "-00:00:03,0 --> -00:00:01,0\nlost\n\n-00:00:01,0 --> 00:02,0\ncut\n\n00:03,0 --> 00:04,0\nwhole\n"
    assert cues(text) == [(0.0, 2.0, "cut"), (3.0, 4.0, "whole")]
    assert read(text).notices == ("2 captions began before the recording; only what comes after its start was kept.",)


def test_overlaps_stand_as_written_and_are_said() -> None:
    text = "00:01,0 --> 00:04,0\none\n\n00:02,0 --> 00:03,0\ntwo\n\n00:02,0 --> 00:03,0\nthree\n"
    assert cues(text) == [(1.0, 4.0, "one"), (2.0, 3.0, "two"), (2.0, 3.0, "three")]
    assert read(text).notices == ("1 caption overlapped the one before; all times are kept as written.",)


def _speech(*times: tuple[float, float]) -> Speech:
    return Speech(tuple(Cue(start, end, "word", "Ada") for start, end in times), "captions", "de", "a.srt")


def test_what_fits_comes_back_as_it_is() -> None:
    speech = _speech((0.0, 1.0), (2.0, 3.0))
    assert fitted(speech, 3.0) is speech
    assert fitted(speech, 0.0) is speech
    assert fitted(Speech(), 3.0) == Speech()


def test_captions_beyond_the_recordings_end_are_left_out() -> None:
    found = fitted(_speech((0.0, 1.0), (2.0, 3.0), (70.0, 71.0), (72.0, 73.0)), 2.5)
    assert [(cue.start_seconds, cue.end_seconds, cue.speaker) for cue in found.cues] == [
        (0.0, 1.0, "Ada"),
        (2.0, 2.5, "Ada"),
    ]
    assert found.notices == ("2 captions lay beyond the recording's end at 0:02 and were left out.",)
    assert (found.origin, found.language, found.by) == ("captions", "de", "a.srt")


def test_a_last_caption_is_cut_and_that_is_said_where_it_matters() -> None:
    assert fitted(_speech((0.0, 9.0)), 4.0).notices == ("The last caption was cut at the recording's end, 0:04.",)
    assert fitted(_speech((0.0, 4.2)), 4.0) == _speech((0.0, 4.0))


def test_captions_of_another_recording_are_told() -> None:
    found = fitted(_speech((3600.0, 3601.0)), 60.0)
    assert found.cues == ()
    assert "it ends at 1:00, and they begin at 1:00:00" in found.notices[0]

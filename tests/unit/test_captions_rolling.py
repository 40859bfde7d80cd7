"""Automatic captions repeat each line while they roll: every word is taken once, with the time at which it is said."""

from __future__ import annotations

from tests.support.caption_files import cues, read, srt

YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
 
good<00:00:00.640><c> rules</c><00:00:00.880><c> are</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
good rules are
 

00:00:02.399 --> 00:00:04.230 align:start position:0%
good rules are
made<00:00:02.800><c> by</c><00:00:03.100><c> those</c>

00:00:04.230 --> 00:00:04.240 align:start position:0%
made by those
 

00:00:04.240 --> 00:00:07.500 align:start position:0%
made by those
who<00:00:04.500><c> keep</c><00:00:05.000><c> them</c>
"""


def test_youtubes_captions_are_taken_once() -> None:
    assert cues(YOUTUBE, "talk.en.vtt") == [
        (0.16, 2.389, "good rules are"),
        (2.399, 4.23, "made by those"),
        (4.24, 7.5, "who keep them"),
    ]
    assert read(YOUTUBE).notices == ("The captions roll: what 4 captions repeated of the one before was left out.",)


def test_the_same_as_an_srt_file() -> None:
    text = srt("good rules are", "good rules are\nmade by those", "made by those\nwho keep them", "who keep them")
    assert [words for _, _, words in cues(text)] == ["good rules are", "made by those", "who keep them"]


def test_three_rows_that_roll_up() -> None:
    text = srt("a one", "a one\nb two", "a one\nb two\nc three", "b two\nc three\nd four", "c three\nd four\ne five")
    assert [words for _, _, words in cues(text)] == ["a one", "b two", "c three", "d four", "e five"]


def test_a_line_that_grows_word_by_word() -> None:
    text = srt("good", "good rules", "good rules are", "good rules are made")
    assert [(start, words) for start, _, words in cues(text)] == [
        (1.0, "good"),
        (2.0, "rules"),
        (3.0, "are"),
        (4.0, "made"),
    ]


def test_who_says_a_thing_twice_is_left_alone() -> None:
    texts = ("no", "no", "we said it", "and we meant it", "the well is shared", "by all of us", "in the village")
    assert [words for _, _, words in cues(srt(*texts))] == list(texts)
    assert read(srt(*texts)).notices == ()
    refrain = srt("ours", "the well is ours") + "\n9\n00:01:00,000 --> 00:01:02,000\nthe well is ours\n"
    assert [words for _, _, words in cues(refrain)] == ["ours", "the well is ours", "the well is ours"]


def test_a_part_of_a_word_is_no_repetition() -> None:
    texts = ("rule", "rules apply", "rule", "ruler of none")
    assert [words for _, _, words in cues(srt(*texts))] == list(texts)

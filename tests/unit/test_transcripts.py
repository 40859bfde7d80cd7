"""From heard words to sentences, and the second of every one."""

from __future__ import annotations

import pytest

from cml_mm.answering.file_evidence import seconds_of
from cml_mm.lectures.values import Cue
from cml_mm.media.transcripts import LONGEST_SENTENCE_WORDS, spoken_cues
from cml_mm.ports import SpokenWord, Transcript
from cml_mm.types import clock
from cml_mm.visits import TimedRun
from tests.support.said_transcriber import words_at


def read(*said: tuple[float, str], language: str = "en", confidence: float = 0.9) -> tuple[Cue, ...]:
    return spoken_cues(Transcript(words_at(*said, confidence=confidence), language, "Said", confidence))


def test_sentences_end_at_full_stops_and_know_their_seconds() -> None:
    found = read((1.0, "The roof leaks. Dr. Veld will mend it by 3.5 metres!"), (20.0, "Who pays?"))
    assert [cue.text for cue in found] == ["The roof leaks.", "Dr. Veld will mend it by 3.5 metres!", "Who pays?"]
    assert (found[1].start_seconds, found[1].end_seconds) == pytest.approx((2.2, 5.35))
    assert (found[2].start_seconds, found[2].end_seconds) == pytest.approx((20.0, 20.75))
    assert [cue.confidence for cue in found] == pytest.approx([0.9] * 3)


def test_a_pause_ends_a_sentence_without_a_full_stop() -> None:
    found = read((0.0, "we paint the cellar"), (3.0, "then we eat"))
    assert [(cue.text, cue.start_seconds, cue.end_seconds) for cue in found] == [
        ("we paint the cellar", 0.0, 1.55),
        ("then we eat", 3.0, pytest.approx(4.15)),
    ]


def test_speech_without_any_stop_is_cut_before_it_is_endless() -> None:
    found = read((0.0, "blue " * 200))
    assert max(len(cue.text.split()) for cue in found) == LONGEST_SENTENCE_WORDS
    assert " ".join(cue.text for cue in found).split() == ["blue"] * 200
    comma = read((0.0, "blue " * 34 + "green, " + "red " * 10))
    assert comma[0].text.endswith("green,")


def test_scripts_without_blanks_are_joined_without_them() -> None:
    words = tuple(
        SpokenWord(text, place, place + 1, 0.9) for place, text in enumerate(("会议", "决定", "。", "散会。"))
    )
    found = spoken_cues(Transcript(words, "zh", "Said", 0.9))
    assert [cue.text for cue in found] == ["会议决定。", "散会。"]


def test_words_are_cleaned_and_nothing_said_gives_nothing() -> None:
    words = (SpokenWord("a\x00b\n", 0, 1, 0.4), SpokenWord(" \x07 ", 1, 2, 0.5), SpokenWord("c.", 2, 3, 0.8))
    (cue,) = spoken_cues(Transcript(words, "en", "Said", 0.5))
    assert cue.text == "ab c." and cue.confidence == pytest.approx(0.6)
    for silent in ((), words[1:2], (SpokenWord("...", 0, 1, 1),)):
        assert spoken_cues(Transcript(silent, "en", "Said", 0.5)) == ()


def test_a_part_of_a_sentence_is_told_by_its_share() -> None:
    times = (TimedRun(0, 10, 0.0, 5.0), TimedRun(11, 21, 6.0, 10.0))
    assert seconds_of(times, 0, 10) == (0.0, 5.0)
    assert seconds_of(times, 5, 16) == (2.5, 8.0)
    assert seconds_of(times, 10, 11) is None and seconds_of((), 0, 5) is None


def test_moments_are_written_as_players_do() -> None:
    assert [clock(seconds) for seconds in (0, 59.9, 134, 3_600, 3_725.5)] == [
        "0:00",
        "0:59",
        "2:14",
        "1:00:00",
        "1:02:05",
    ]

"""From heard words to sections: sentences, minutes, headings, and the second of every sentence."""

from __future__ import annotations

import pytest

from cml_mm.answering.file_evidence import seconds_of
from cml_mm.answering.file_places import is_made_heading
from cml_mm.media.reading import Reading
from cml_mm.media.transcripts import LONGEST_SENTENCE_WORDS, SECTION_SECONDS, spoken_reading
from cml_mm.ports import SpokenWord, Transcript
from cml_mm.retrieval.chunks import is_written
from cml_mm.types import clock
from cml_mm.visits import TimedRun
from tests.support.said_transcriber import words_at


def read(*said: tuple[float, str], language: str = "en", confidence: float = 0.9) -> Reading:
    words = words_at(*said, confidence=confidence)
    return spoken_reading(Transcript(words, language, "Said", confidence), "sound")


def sentences(reading: Reading) -> list[tuple[str, float, float]]:
    return [
        (section.text[run.start : run.end], run.start_seconds, run.end_seconds)
        for section, placing in zip(reading.sections, reading.placings, strict=True)
        for run in placing.times
    ]


def test_sentences_end_at_full_stops_and_know_their_seconds() -> None:
    found = read((1.0, "The roof leaks. Dr. Veld will mend it by 3.5 metres!"), (20.0, "Who pays?"))
    assert [text for text, _, _ in sentences(found)] == [
        "The roof leaks.", "Dr. Veld will mend it by 3.5 metres!", "Who pays?",
    ]  # fmt: skip
    assert sentences(found)[1][1:] == pytest.approx((2.2, 5.35))
    assert sentences(found)[2][1:] == pytest.approx((20.0, 20.75))
    assert found.sections[0].text.endswith("metres!\n\nWho pays?")  # a rest begins a paragraph


def test_a_pause_ends_a_sentence_without_a_full_stop_and_keeps_it_apart() -> None:
    found = read((0.0, "we paint the cellar"), (3.0, "then we eat"))
    assert found.sections[0].text == "we paint the cellar\n\nthen we eat"
    assert [(start, end) for _, start, end in sentences(found)] == [(0.0, 1.55), (3.0, pytest.approx(4.15))]


def test_speech_without_any_stop_is_cut_before_it_is_endless() -> None:
    found = read((0.0, "blue " * 200))
    assert max(len(text.split()) for text, _, _ in sentences(found)) == LONGEST_SENTENCE_WORDS
    assert " ".join(text for text, _, _ in sentences(found)).split() == ["blue"] * 200
    comma = read((0.0, "blue " * 34 + "green, " + "red " * 10))
    assert sentences(comma)[0][0].endswith("green,")


def test_sections_last_about_a_minute_and_are_called_by_their_time() -> None:
    talk = [(second, f"Sentence number {second} is about the shared garden.") for second in range(0, 400, 4)]
    found = read(*talk)
    assert [section.heading for section in found.sections][:2] == ["0:00–0:59", "1:00–1:59"]
    for placing in found.placings:
        assert placing.times[-1].end_seconds - placing.times[0].start_seconds <= SECTION_SECONDS
        assert placing.origin == "speech" and placing.confidence == pytest.approx(0.9)
    assert len(sentences(found)) == 100
    assert not any(is_written(section.heading) for section in found.sections)
    assert all(is_made_heading(section.heading) for section in found.sections)


def test_a_section_ends_early_where_the_speaker_rests_or_is_long_silent() -> None:
    rested = read(*((second, "We go on and on.") for second in range(0, 44, 2)), (50.0, "Now the roof."))
    assert [section.heading for section in rested.sections] == ["0:00–0:43", "0:50–0:51"]
    silent = read((0.0, "Welcome."), (3_700.0, "Goodbye."))
    assert [section.heading for section in silent.sections] == ["0:00–0:00", "1:01:40–1:01:40"]


def test_scripts_without_blanks_are_joined_without_them() -> None:
    words = tuple(
        SpokenWord(text, place, place + 1, 0.9) for place, text in enumerate(("会议", "决定", "。", "散会。"))
    )
    found = spoken_reading(Transcript(words, "zh", "Said", 0.9), "sound")
    assert found.sections[0].text == "会议决定。散会。"
    assert [text for text, _, _ in sentences(found)] == ["会议决定。", "散会。"]


def test_words_are_cleaned_and_nothing_said_gives_nothing() -> None:
    words = (SpokenWord("a\x00b\n", 0, 1, 0.5), SpokenWord(" \x07 ", 1, 2, 0.5), SpokenWord("c.", 2, 3, 0.5))
    assert spoken_reading(Transcript(words, "en", "Said", 0.5), "film").sections[0].text == "ab c."
    assert spoken_reading(Transcript((), "", "Said", 0.0), "sound").sections == ()
    assert spoken_reading(Transcript(words[1:2], "en", "Said", 0.5), "sound").sections == ()
    assert spoken_reading(Transcript((SpokenWord("...", 0, 1, 1),), "en", "Said", 1), "sound").sections == ()


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

"""A lecture in sections: every run's characters are its cue's or line's own."""

from __future__ import annotations

import pytest

from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Cue, Slide, SlideLine, Speech
from cml_mm.lectures.wording import worded
from cml_mm.types import Box
from tests.support.made_lecture import made_lecture, slide

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_run_is_its_cue_or_line_letter_for_letter(seed: int) -> None:
    made = made_lecture(seed)
    lecture = lecture_of(made.seconds, made.slides, made.speech)
    sections = worded(lecture)
    assert sections == worded(lecture)
    said, written = [], []
    for section in sections:
        assert section.text.strip() == section.text != ""
        behind = 0
        for run in (*section.times, *section.runs):
            assert section.text[behind : run.start].strip() == "" and (behind == 0) == (run.start == 0)
            behind = run.end
        assert behind == len(section.text)
        for time in section.times:
            cue = lecture.speech.cues[time.cue]
            assert section.text[time.start : time.end] == " ".join(cue.text.split())
            assert (time.start_seconds, time.end_seconds) == (cue.start_seconds, cue.end_seconds)
            said.append(time.cue)
        for run in section.runs:
            line = lecture.slides[section.slide - 1].lines[run.line]
            assert section.text[run.start : run.end] == line.text and run.box == line.box
            written.append((section.slide, run.line))
    if lecture.seconds:
        assert said == [place for place, cue in enumerate(lecture.speech.cues) if cue.text]
    assert written == [(one.number, place) for one in lecture.slides for place in range(len(one.lines))]
    starts = [section.start_seconds for section in sections]
    assert starts == sorted(starts)


def test_headings_name_the_time_and_what_it_is_about() -> None:
    slides = (slide(1, 0, 120, "Bread oven (1/2)", "keep the embers"), slide(2, 120, 184))
    cues = (Cue(4, 110, "We bake."), Cue(121, 180, "The mill pond is deep. A mill pond freezes."))
    lecture = lecture_of(184, slides, Speech(cues, "captions"))
    assert [section.heading for section in worded(lecture)] == [
        "Slide at 0:00 · Bread oven",
        "0:00–2:00 · Bread oven",
        "2:00–3:04 · Mill pond",
    ]
    board, first, second = worded(lecture)
    assert (board.kind, board.face, board.moment, board.end_seconds) == ("slide", "frame-119500", 1, 120)
    assert (first.kind, first.slide, first.chapter) == ("speech", 1, 1)
    assert (second.moment, second.slide, second.times[0].cue) == (2, 2, 1)


def test_a_cue_of_several_lines_is_one_line_and_paragraphs_keep_sentences_apart() -> None:
    cues = (
        Cue(0, 2, "The oven is\nwarm"),
        Cue(2, 4, "all night."),
        Cue(4.1, 5, "It cools"),
        Cue(6.5, 8, "by noon."),
        Cue(12, 14, "Bread is done.", "Ada"),
        Cue(14, 15, "Thank you.", "Bo"),
    )
    (section,) = worded(lecture_of(20, (), Speech(cues, "captions")))
    assert section.text == ("The oven is warm all night. It cools\n\nby noon.\n\nBread is done.\n\nThank you.")


def test_a_wrapped_line_of_a_slide_goes_on_and_a_bullet_does_not() -> None:
    def line(text: str, x: float, y: float) -> SlideLine:
        return SlideLine(text, Box(x, y, 500, 40, 1280, 720), 0.8)

    lines = (
        line("Embers", 80, 40),
        line("Keep the embers of the", 100, 140),
        line("oven warm overnight", 100, 190),
        line("rake them at dawn", 100, 300),
        line("Water on Fridays", 100, 350),
    )
    (section,) = worded(lecture_of(30, (Slide(1, 0, 30, 29, "Embers", lines),), Speech()))
    assert (
        section.text == "Embers\n\nKeep the embers of the\noven warm overnight\n\nrake them at dawn\n\nWater on Fridays"
    )
    assert section.confidence == pytest.approx(0.8)


def test_weak_speech_is_not_quotable_and_confidence_counts_letters() -> None:
    cues = (Cue(0, 2, "aaaa", confidence=1.0), Cue(2, 4, "bbbbbbbbbbbb", confidence=0.2))
    (weak,) = worded(lecture_of(5, (), Speech(cues, "weak recogniser")))
    assert not weak.quotable and weak.confidence == pytest.approx(0.4)
    (sure,) = worded(lecture_of(5, (), Speech(cues, "recogniser")))
    assert sure.quotable
    assert worded(lecture_of(5, (), Speech((Cue(0, 2, ""),), "spans"))) == ()


def test_unspaced_languages_are_not_given_blanks() -> None:
    (section,) = worded(lecture_of(9, (), Speech((Cue(0, 2, "水は共有"), Cue(2, 4, "です。")), "captions", "ja")))
    assert section.text == "水は共有です。"

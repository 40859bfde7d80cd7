"""A transcript and chapters as WebVTT, SubRip and Markdown, read back by strict readers."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest

from cml_mm.lectures.export import chapters_vtt, to_markdown, to_srt, to_vtt
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Cue, Lecture, Speech
from tests.support.caption_reader import read_srt, read_vtt
from tests.support.made_lecture import made_lecture, slide

SEEDS = range(40)
NASTY = "1 < 2 & <v Bob> --> **bold** [x](y) `c`\n\n\n# not a heading \\ &amp; 00:01"


def lecture(*cues: Cue, seconds: float = 60.0) -> Lecture:
    return lecture_of(seconds, (), Speech(cues, "captions"))


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("seed", SEEDS)
def test_captions_read_back_as_they_are(seed: int) -> None:
    made = made_lecture(seed)
    one = lecture_of(made.seconds, made.slides, made.speech)
    meant = [cue for cue in one.speech.cues if cue.text]
    for found in (read_vtt(to_vtt(one)), read_srt(to_srt(one))):
        assert len(found) == len(meant)
        for (start, end, speaker, text), cue in zip(found, meant, strict=True):
            assert start == pytest.approx(cue.start_seconds, abs=0.0006)
            assert end == pytest.approx(max(cue.end_seconds, start + 0.001), abs=0.0011)
            said = text.removeprefix(f"{cue.speaker}: ") if not speaker and cue.speaker else text
            assert flat(said) == flat(cue.text)
    assert [speaker for _, _, speaker, _ in read_vtt(to_vtt(one))] == [cue.speaker for cue in meant]


@pytest.mark.parametrize("seed", SEEDS)
def test_chapters_read_back_as_they_are(seed: int) -> None:
    made = made_lecture(seed)
    one = lecture_of(made.seconds, made.slides, made.speech)
    found = read_vtt(chapters_vtt(one))
    assert [(text, round(start, 3)) for start, _, _, text in found] == [
        (chapter.title, round(chapter.start_seconds, 3)) for chapter in one.chapters
    ]


def test_signs_that_mean_something_are_escaped() -> None:
    one = lecture(Cue(0, 5, NASTY, "A <b> & co\nof >> us"))
    ((_, _, speaker, text),) = read_vtt(to_vtt(one))
    assert (speaker, flat(text)) == ("A <b> & co of >> us", flat(NASTY))
    ((_, _, _, plain),) = read_srt(to_srt(one))
    assert flat(plain) == "A <b> & co of >> us: " + flat(NASTY).replace("-->", "→")


def test_times_over_hours_and_of_no_length() -> None:
    one = lecture(Cue(3599.9996, 3600.0, "so"), Cue(86_400.5, 86_400.5, "long"), seconds=90_000)
    assert "01:00:00.000 --> 01:00:00.001" in to_vtt(one)
    assert "24:00:00,500 --> 24:00:00,501" in to_srt(one)


def test_what_was_heard_at_a_stretch_is_shown_in_parts_and_captions_are_not() -> None:
    text = " ".join(f"word{number}" for number in range(60))
    heard = read_vtt(to_vtt(lecture_of(60, (), Speech((Cue(10, 40, text),), "recogniser"))))
    assert len(heard) > 2 and (heard[0][0], heard[-1][1]) == (10.0, 40.0)
    assert all(one[1] == other[0] for one, other in pairwise(heard))
    assert flat(" ".join(said for *_, said in heard)) == text
    assert all(len(line) <= 50 for *_, said in heard for line in said.split("\n"))
    assert [(start, end) for start, end, _, _ in read_vtt(to_vtt(lecture(Cue(10, 40, text))))] == [(10.0, 40.0)]
    assert len(read_vtt(to_vtt(lecture_of(60, (), Speech((Cue(10, 10, text),), "recogniser"))))) == len(heard)


def test_nothing_said_is_still_a_file() -> None:
    empty = lecture_of(20, (), Speech())
    assert read_vtt(to_vtt(empty)) == [] and to_srt(empty) == ""
    assert to_markdown(empty, "") == "# Recording\n\n## 0:00–0:20 · Chapter 1\n"


def test_weak_words_are_marked_as_such() -> None:
    weak = lecture_of(20, (), Speech((Cue(0, 4, "water meal"),), "weak recogniser"))
    assert "little certainty" in to_vtt(weak) and read_vtt(to_vtt(weak))[0][3] == "water meal"
    assert "little certainty" in to_markdown(weak, "Mill")
    assert "little certainty" in to_srt(weak)
    assert "water" not in chapters_vtt(weak).lower()
    assert "little certainty" not in to_markdown(lecture(Cue(0, 4, "water mill")), "Mill")


def test_markdown_holds_chapters_slides_and_paragraphs_in_order() -> None:
    slides = (slide(1, 0, 40, "Bread oven", "1. keep embers", "- *rake*"), slide(2, 40, 80, "Mill pond"))
    cues = (
        Cue(2, 5, "We bake"),
        Cue(5, 8, "at dawn."),
        Cue(12, 15, "Ada rakes.", "Bo"),
        Cue(41, 50, "Water_turns # it."),
    )
    text = to_markdown(lecture_of(80, slides, Speech(cues, "captions")), "A *talk*")
    assert text == (
        "# A \\*talk\\*\n\n"
        "## 0:00–0:40 · Bread oven\n\n"
        "> **Slide at 0:00**  \n> Bread oven  \n> 1\\. keep embers  \n> \\- \\*rake\\*\n\n"
        "[0:02] We bake at dawn.\n\n"
        "[0:12] **Bo:** Ada rakes.\n\n"
        "## 0:40–1:20 · Mill pond\n\n"
        "> **Slide at 0:40**  \n> Mill pond\n\n"
        "[0:41] Water\\_turns \\# it.\n"
    )


@pytest.mark.parametrize("seed", range(30))
def test_markdown_loses_no_word(seed: int) -> None:
    made = made_lecture(seed)
    one = lecture_of(made.seconds, made.slides, made.speech)
    body = html.unescape(re.sub(r"\\(.)", r"\1", to_markdown(one, "Talk")))
    paragraphs = [part for part in body.strip().split("\n\n") if not part.startswith(("#", "> "))]
    said = " ".join(re.sub(r"^\[[\d:]+\] (?:\*\*[^*]+:\*\* )?", "", part) for part in paragraphs)
    assert said == " ".join(flat(cue.text) for cue in one.speech.cues if cue.text) or not one.seconds
    assert body.count("\n## ") == len(one.chapters)

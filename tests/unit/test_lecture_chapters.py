"""Chapters over moments, and the titles of chapters and slides."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from cml_mm.lectures.chapters import LEAST_SECONDS, MOST_SECONDS
from cml_mm.lectures.phrases import key_phrase
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.titles import clean_title, is_agenda, same_topic, slide_titles
from cml_mm.lectures.values import Chapter, Cue, Slide, Speech
from tests.support.made_lecture import TOPICS, made_lecture, sentence, slide

SEEDS = range(40)


SILENT = Speech()


def talk(*slides: tuple[float, str, tuple[str, ...]]) -> tuple[float, tuple[Slide, ...]]:
    """Slides by how many seconds they stand, their title and other lines."""
    found, at = [], 0.0
    for number, (lasts, title, lines) in enumerate(slides, 1):
        found.append(slide(number, at, at + lasts, title, *lines))
        at += lasts
    return at, tuple(found)


def named(seconds: float, slides: tuple[Slide, ...], speech: Speech = SILENT) -> list[tuple[str, float, float]]:
    chapters = lecture_of(seconds, slides, speech).chapters
    return [(one.title, one.start_seconds, one.end_seconds) for one in chapters]


WORDS = ("first line of it", "second line of it")


@pytest.mark.parametrize("seed", SEEDS)
def test_chapters_tile_the_recording_and_hold_whole_moments(seed: int) -> None:
    made = made_lecture(seed)
    rng = random.Random(seed)
    marks = tuple(Chapter(place + 1, f"Mark {place}", rng.uniform(-5, 1300), 0.0) for place in range(rng.randrange(6)))
    for own in ((), marks):
        lecture = lecture_of(made.seconds, made.slides, made.speech, own)
        if not lecture.moments:
            assert lecture.chapters == ()
            continue
        chapters = lecture.chapters
        assert [one.number for one in chapters] == list(range(1, len(chapters) + 1))
        assert (chapters[0].start_seconds, chapters[-1].end_seconds) == (0.0, lecture.seconds)
        assert all(one.end_seconds == other.start_seconds for one, other in pairwise(chapters))
        assert all(one.end_seconds > one.start_seconds and one.title.strip() for one in chapters)
        assert [one.chapter for one in lecture.moments] == sorted(one.chapter for one in lecture.moments)
        if own:
            continue
        for chapter in chapters:
            held = [one for one in lecture.moments if one.chapter == chapter.number]
            assert (held[0].start_seconds, held[-1].end_seconds) == (chapter.start_seconds, chapter.end_seconds)
        lengths = [one.end_seconds - one.start_seconds for one in chapters]
        assert len(chapters) == 1 or min(lengths) >= LEAST_SECONDS
        assert all(
            length <= MOST_SECONDS or sum(one.chapter == place for one in lecture.moments) == 1
            for place, length in enumerate(lengths, 1)
        )


def test_a_chapter_for_each_topic_of_the_slides() -> None:
    seconds, slides = talk(*((22.0 + place % 3, f"{name} {place}", WORDS) for place, (name, _) in enumerate(TOPICS)))
    assert [title for title, _, _ in named(seconds, slides)] == [
        f"{name} {place}" for place, (name, _) in enumerate(TOPICS)
    ]


def test_slides_that_go_on_are_one_topic() -> None:
    seconds, slides = talk(
        (30, "1. The Bread Oven", WORDS),
        (30, "The Bread Oven (continued)", WORDS),
        (30, "The Bread Oven (3/3)", WORDS),
        (30, "The Bread 0ven cont’d", WORDS),
        (30, "Mill Pond", WORDS),
    )
    assert named(seconds, slides) == [("The Bread Oven", 0, 120), ("Mill Pond", 120, 150)]


def test_short_slides_join_what_stands_beside_them() -> None:
    seconds, slides = talk((60, "Bread oven", WORDS), (5, "A joke", WORDS), (25, "Mill pond", WORDS))
    assert named(seconds, slides) == [("Bread oven", 0, 60), ("A joke · Mill pond", 60, 90)]
    assert named(*talk((8, "Hello", WORDS), (60, "Bread oven", WORDS))) == [("Hello · Bread oven", 0, 68)]
    many = talk(*((4.0 + at, f"{name} of all the households", WORDS) for at, (name, _) in enumerate(TOPICS[:4])))
    assert named(*many) == [("Night watch of all the households", 0, 22)]  # too many to name: the longest


def test_what_is_said_decides_which_neighbour_a_short_slide_joins() -> None:
    seconds, slides = talk((60, "Bread oven", WORDS), (10, "And so", WORDS), (60, "Mill pond", WORDS))
    mill = "The sluice of the pond and the wheel."
    speech = Speech((Cue(5, 50, "Dough in the oven."), Cue(61, 69, mill), Cue(75, 120, mill)), "captions")
    assert named(seconds, slides, speech)[0] == ("Bread oven", 0, 60)


def test_a_slide_that_announces_begins_a_chapter() -> None:
    seconds, slides = talk(
        (40, "Bread oven", WORDS),
        (6, "Part 2: Water", ()),
        (15, "Mill pond", WORDS),
        (40, "Ferry rota", WORDS),
    )
    assert named(seconds, slides) == [("Bread oven", 0, 40), ("Part 2: Water", 40, 61), ("Ferry rota", 61, 101)]
    agenda = talk((40, "Bread oven", WORDS), (5, "Agenda", ("Mill pond", "Ferry rota")), (30, "Mill pond", WORDS))
    assert named(*agenda) == [("Bread oven", 0, 40), ("Mill pond", 40, 75)]


def test_an_hour_on_one_slide_is_cut_where_the_talk_turns() -> None:
    rng = random.Random(3)
    cues = tuple(Cue(5.0 * at, 5.0 * at + 4.5, sentence(rng, at // 180, 12)) for at in range(720))
    speech = Speech(cues, "recogniser")
    for slides in ((), (slide(1, 0, 3600, "My only slide", *WORDS),)):
        lecture = lecture_of(3600, slides, speech)
        lengths = [one.end_seconds - one.start_seconds for one in lecture.chapters]
        assert max(lengths) <= MOST_SECONDS and 6 <= len(lengths) <= 30
        starts = {one.start_seconds for one in lecture.chapters}
        assert all(min(abs(turn - start) for start in starts) <= 10 for turn in (900, 1800, 2700))
        assert len({one.title for one in lecture.chapters}) == len(lengths)


def test_the_files_own_chapters_win() -> None:
    seconds, slides = talk((40, "Bread oven", WORDS), (40, "Mill pond", WORDS), (40, "Ferry rota", WORDS))
    marks = (Chapter(1, "Baking", 1.5, 40), Chapter(2, "Chapter 2", 40, 118), Chapter(3, "Late", 500, 600))
    lecture = lecture_of(seconds, slides, Speech(), marks)
    assert [(one.title, one.start_seconds, one.end_seconds, one.titled_by) for one in lecture.chapters] == [
        ("Baking", 0.0, 40, "file"),
        ("Mill pond · Ferry rota", 40, 120, "slide"),
    ]
    assert [one.chapter for one in lecture.moments] == [1, 2, 2]
    assert len(lecture_of(seconds, slides, Speech(), marks[:1]).chapters) == 3  # a lone mark says nothing


def test_titles_from_speech_and_at_last_a_number() -> None:
    said = "Welcome. The bread oven needs embers. A bread oven is shared, and so on and so on."
    lecture = lecture_of(30, (), Speech((Cue(0, 20, said),), "recogniser"))
    assert [(one.title, one.titled_by) for one in lecture.chapters] == [("Bread oven", "speech")]
    assert [one.title for one in lecture_of(30, (), Speech()).chapters] == ["Chapter 1"]


def test_titles_are_cleaned() -> None:
    assert clean_title("  3.2  Graduated\n steps (continued) ") == "Graduated steps"
    assert clean_title("• Rules – part 2 of 3") == clean_title("Rules, cont'd.") == clean_title("Rules (2)") == "Rules"
    assert clean_title("10 rules of the lane") == "10 rules of the lane"
    assert clean_title("Taking part") == "Taking part"
    assert clean_title("Part 2") == "Part 2"
    assert clean_title("5S") == "5S" and clean_title(" — ") == "" == clean_title("")
    long = clean_title("the households of the lane " * 9)
    assert 70 < len(long) <= 80 and long.endswith(" of the…")


def test_titles_that_are_one_topic() -> None:
    assert same_topic("Bread oven", "BREAD OVEN (2/2)")
    assert same_topic("Graduated sanctions", "Graduated sanctlons")
    assert not same_topic("Round 1 results", "Round 2 results")
    assert not same_topic("", "") and not same_topic("Mill", "Hill")
    assert is_agenda("Our agenda") and is_agenda("Where are we now?") and not is_agenda("Planning the rota")


def test_a_line_on_every_slide_is_no_title() -> None:
    slides = tuple(
        slide(place + 1, 30.0 * place, 30.0 * place + 30, "Lane School", name, "and more")
        for place, (name, _) in enumerate(TOPICS)
    )
    assert list(slide_titles(slides).values()) == [name for name, _ in TOPICS]
    assert [title for title, _, _ in named(150, slides)] == [name for name, _ in TOPICS]
    assert list(slide_titles(slides[:3]).values()) == ["Lane School"] * 3  # too few to tell


def test_a_key_phrase_is_what_is_repeated_here_and_not_elsewhere() -> None:
    text = "As the harbour master does, the river pilot steers. The harbour master is old, a river pilot is not."
    assert key_phrase(text) == "Harbour master"
    assert key_phrase(text, ["the harbour master again"] * 5) == "River pilot"
    assert key_phrase("Makers build badly for the bread oven") == "Bread oven"
    assert key_phrase("and so on, and that is it") == "" == key_phrase("")

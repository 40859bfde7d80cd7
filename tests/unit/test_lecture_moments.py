"""Sentences out of cues, and how a recording is cut into moments."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from cml_mm.lectures.cutting import Lengths, Part, best_cuts, turns
from cml_mm.lectures.moments import LENGTHS, moments_of
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.sentences import owners_of, sentences_of
from cml_mm.lectures.values import Cue, Moment, Speech
from tests.support.made_lecture import made_lecture, sentence, slide

SEEDS = range(40)


def spoken(*cues: tuple[float, float, str]) -> Speech:
    return Speech(tuple(Cue(*cue) for cue in cues), "captions")


def borders(moments: tuple[Moment, ...]) -> list[tuple[float, float, int, tuple[int, int]]]:
    return [(one.start_seconds, one.end_seconds, one.slide, one.cues) for one in moments]


@pytest.mark.parametrize("seed", SEEDS)
def test_moments_tile_the_recording_and_hold_every_cue_once(seed: int) -> None:
    made = made_lecture(seed)
    lecture = lecture_of(made.seconds, made.slides, made.speech)
    moments = lecture.moments
    assert sorted(lecture.speech.cues, key=id) == sorted(made.speech.cues, key=id)
    if not lecture.seconds:
        assert moments == ()
        return
    assert moments[0].start_seconds == 0.0
    assert moments[-1].end_seconds == lecture.seconds
    assert [one.number for one in moments] == list(range(1, len(moments) + 1))
    for one, other in pairwise(moments):
        assert one.end_seconds == other.start_seconds
        assert one.cues[1] == other.cues[0]
    assert all(one.end_seconds > one.start_seconds for one in moments)
    assert (moments[0].cues[0], moments[-1].cues[1]) == (0, len(made.speech.cues))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_moment_never_leaves_its_slide_but_for_a_sentence(seed: int) -> None:
    made = made_lecture(seed)
    lecture = lecture_of(made.seconds, made.slides, made.speech)
    shown = {one.number: one for one in lecture.slides}
    for moment in lecture.moments:
        if not moment.slide:
            continue
        first, last = moment.start_seconds, moment.end_seconds
        here = shown[moment.slide]
        for edge in (first, last):
            outside = max(here.start_seconds - edge, edge - here.end_seconds)
            ends = {cue.start_seconds for cue in lecture.speech.cues} | {cue.end_seconds for cue in lecture.speech.cues}
            assert outside <= 0.051 or (outside <= 20 and edge in ends) or edge == lecture.seconds


@pytest.mark.parametrize("seed", SEEDS)
def test_sentences_hold_every_word_once_and_know_their_seconds(seed: int) -> None:
    speech = lecture_of(600, (), made_lecture(seed).speech).speech
    sentences = sentences_of(speech)
    assert " ".join(one.text for one in sentences).split() == " ".join(cue.text for cue in speech.cues).split()
    for one in sentences:
        held = speech.cues[slice(*one.cues)]
        assert one.start_seconds == min(cue.start_seconds for cue in held if cue.text)
        assert one.end_seconds == max(cue.end_seconds for cue in held if cue.text)
        assert one.cues_of(0, 1)[0] == one.cues[0]
        assert one.cues_of(len(one.text) - 1, len(one.text))[1] == one.cues[1]
    owners = owners_of(sentences, len(speech.cues))
    assert [owner < 0 for owner in owners] == [not cue.text.strip() for cue in speech.cues]


def test_fragments_become_the_sentence_that_they_were() -> None:
    speech = spoken(
        (1.0, 3.0, "The oven is shared by\nall households"),
        (3.0, 5.0, "of the lane, e.g."),
        (5.0, 6.5, "the Millers. Dr. Bell keeps"),
        (6.5, 8.0, "the key."),
    )
    first, second = sentences_of(speech)
    assert first.text == "The oven is shared by all households of the lane, e.g. the Millers."
    assert (first.start_seconds, first.end_seconds, first.cues) == (1.0, 6.5, (0, 3))
    assert second.text == "Dr. Bell keeps the key."
    assert (second.start_seconds, second.end_seconds, second.cues) == (5.0, 8.0, (2, 4))
    assert second.cues_of(second.text.index("the key"), len(second.text)) == (3, 4)
    assert owners_of([first, second], 4) == [0, 0, 1, 1]
    short = spoken((0, 4, "The oven is warm all night. It"), (4, 5, "cools."))
    assert owners_of(sentences_of(short), 2) == [0, 1]


def test_pauses_speakers_noise_and_length_end_a_sentence_without_a_full_stop() -> None:
    paused = spoken((0, 1, "so the rota"), (2.5, 3, "begins in may"))
    assert [one.text for one in sentences_of(paused)] == ["so the rota", "begins in may"]
    others = Speech((Cue(0, 1, "is it fair", "Ada"), Cue(1, 2, "yes it is", "Bo"), Cue(2, 3, "- and then")), "captions")
    assert len(sentences_of(others)) == 3
    assert [one.text for one in sentences_of(spoken((0, 1, "the mill"), (1, 2, "[applause]"), (2, 3, "turns")))] == [
        "the mill",
        "[applause]",
        "turns",
    ]
    endless = spoken(*((second, second + 1.0, "water runs down") for second in range(60)))
    lengths = [one.end_seconds - one.start_seconds for one in sentences_of(endless)]
    assert max(lengths) <= 20 and sum(lengths) == 60


def test_japanese_is_joined_without_blanks() -> None:
    speech = Speech((Cue(0, 2, "水は共有"), Cue(2, 4, "です。次へ")), "captions", "ja")
    assert [one.text for one in sentences_of(speech)] == ["水は共有です。", "次へ"]


def test_a_moment_for_each_slide_and_none_for_a_flicker() -> None:
    slides = (slide(1, 0, 20, "Oven"), slide(2, 20, 20.02, "Flash"), slide(3, 20.02, 50, "Mill"))
    speech = spoken((2, 9, "Bread is baked."), (25, 30, "Water turns the wheel."))
    assert borders(moments_of(slides, speech, 50)) == [(0.0, 20, 1, (0, 1)), (20, 50, 3, (1, 2))]


def test_a_sentence_over_a_change_belongs_where_most_of_it_is_said() -> None:
    slides = (slide(1, 0, 20, "Oven"), slide(2, 20, 50, "Mill"))
    late = spoken((2, 9, "Bread is baked."), (14, 22, "The oven cools at night."), (25, 30, "Water turns the wheel."))
    assert borders(moments_of(slides, late, 50)) == [(0.0, 22, 1, (0, 2)), (22, 50, 2, (2, 3))]
    early = spoken((2, 9, "Bread is baked."), (18, 26, "Now to the mill."), (27, 30, "Water turns the wheel."))
    assert borders(moments_of(slides, early, 50)) == [(0.0, 18, 1, (0, 1)), (18, 50, 2, (1, 3))]
    parts = spoken((2, 15, "Bread"), (15, 21, "is baked."), (21, 30, "Water turns the wheel."))
    assert borders(moments_of(slides, parts, 50)) == [(0.0, 21, 1, (0, 2)), (21, 50, 2, (2, 3))]


def test_one_caption_over_the_whole_film_swallows_no_slide() -> None:
    slides = tuple(slide(number, 20.0 * number - 20, 20.0 * number, f"Shed {number}") for number in range(1, 5))
    found = moments_of(slides, spoken((0, 80, "Everything at once.")), 80)
    assert borders(found) == [(0.0, 20, 1, (0, 1)), (20, 40, 2, (1, 1)), (40, 60, 3, (1, 1)), (60, 80, 4, (1, 1))]


def test_cues_that_overlap_stay_in_order() -> None:
    slides = (slide(1, 0, 15, "Oven"), slide(2, 15, 45, "Mill"))
    found = moments_of(slides, spoken((0, 40, "All the while water runs."), (5, 9, "Bread.")), 45)
    assert borders(found) == [(0.0, 15, 1, (0, 0)), (15, 45, 2, (0, 2))]


def test_what_lies_between_slides_is_a_moment_without_one() -> None:
    slides = (slide(1, 5, 20, "Oven"), slide(2, 40, 60, "Mill"))
    found = moments_of(slides, Speech(), 70)
    assert [(one.start_seconds, one.end_seconds, one.slide) for one in found] == [
        (0, 5, 0),
        (5, 20, 1),
        (20, 40, 0),
        (40, 60, 2),
        (60, 70, 0),
    ]


def test_without_slides_it_is_cut_where_the_topic_turns() -> None:
    rng = random.Random(5)
    cues, at = [], 0.0
    for topic, count in ((0, 9), (1, 8), (2, 10), (3, 7)):
        for _ in range(count):
            cues.append(Cue(at, at + 4.6, sentence(rng, topic, 12)))
            at += 5.0
    found = moments_of((), Speech(tuple(cues), "captions"), at)
    cuts = [one.cues[0] for one in found[1:]]
    assert cuts == [9, 17, 27]
    assert all(one.end_seconds - one.start_seconds <= LENGTHS.most_seconds for one in found)


def test_a_long_rest_is_a_moment_of_its_own() -> None:
    speech = spoken((1, 6, "The ferry leaves."), (100, 106, "The ferry returns."))
    assert borders(moments_of((), speech, 180)) == [
        (0.0, 6, 0, (0, 1)),
        (6, 100, 0, (1, 1)),
        (100, 106, 0, (1, 2)),
        (106, 180, 0, (2, 2)),
    ]


def test_where_only_speech_is_known_rests_cut() -> None:
    spans = Speech(tuple(Cue(20.0 * at, 20.0 * at + 18, "") for at in range(9)), "spans")
    found = moments_of((), spans, 180)
    assert [one.cues[1] - one.cues[0] for one in found] == [2, 2, 2, 1, 2]
    assert [one.start_seconds for one in found] == [0, 40, 80, 120, 140]


def test_nothing_at_all_and_no_length() -> None:
    assert moments_of((), Speech(), 0) == ()
    assert borders(moments_of((), Speech(), 12.5)) == [(0.0, 12.5, 0, (0, 0))]
    assert borders(moments_of((), spoken((1, 4, "Hello.")), 0)) == [(0.0, 4, 0, (0, 1))]


def test_captions_beyond_the_end_are_kept_and_said() -> None:
    lecture = lecture_of(30, (), spoken((90, 95, "Too late."), (1, 4, "In time.")))
    assert [cue.text for cue in lecture.speech.cues] == ["In time.", "Too late."]
    assert lecture.moments[-1].cues[1] == 2 and lecture.moments[-1].end_seconds == 30
    assert "beyond the recording's end at 0:30" in lecture.speech.notices[0]
    assert lecture_of(30, (), spoken((1, 4, "In time."))).speech.notices == ()


def test_a_turn_is_where_the_words_change() -> None:
    oven, mill = "The oven bakes dough with embers.", "The sluice drives a wheel of stone."
    depths = turns([oven] * 4 + [mill] * 4, 2)
    assert max(depths) == depths[3] == 1.0
    assert turns([oven] * 5, 2) == [0.0] * 4
    assert turns([""] * 3, 2) == [0.0, 0.0]
    assert turns([], 2) == turns([oven], 2) == []


def test_cuts_keep_to_the_lengths() -> None:
    parts = [Part(10.0 * at, 10.0 * at + 9.5, "") for at in range(30)]
    cuts = [0, *best_cuts(parts, [0.0] * 29, Lengths(40, 75)), 30]
    assert {10 * (behind - first) for first, behind in pairwise(cuts)} <= {30, 40, 50}
    assert best_cuts([], [], LENGTHS) == []
    assert best_cuts([Part(0, 500, "one endless sentence")], [], LENGTHS) == []


def test_thousands_of_captions_at_one_time_are_cut_before_long() -> None:
    cues = [(0.0, 600.0, f"Row {number} of the tithe roll.") for number in range(6_000)]
    lecture = lecture_of(600, (), spoken(*cues))
    assert sum(stop - start for start, stop in (moment.cues for moment in lecture.moments)) == 6_000

"""The scorer of lectures: known mistakes must cost what they cost, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.lecture_scoring import (
    Found,
    change_tally,
    cue_tally,
    found_share,
    line_tally,
    median_error_seconds,
    scored,
)
from benchmarks.lecture_truth import TrueLecture, TrueSlide
from cml_mm.lectures.values import Cue, Slide, SlideLine
from cml_mm.types import Box

BOX = Box(0, 0, 10, 10, 1280, 720)
CUES = (Cue(0.5, 4.25, "The well is dry."), Cue(5.0, 8.123, "So we dig."), Cue(11.0, 14.0, "Who pays?"))


def slide(number: int, start: float, end: float, *lines: str) -> Slide:
    read = tuple(SlideLine(line, BOX, 0.9) for line in lines)
    return Slide(number, start, end, (start + end) / 2, lines[0] if lines else "", read)


TRUTH = TrueLecture(
    "talk",
    "static",
    30.0,
    (10.0, 20.0),
    (
        TrueSlide(0.0, 10.0, ("The Well", "Dig deep", "Share it"), (0.5, 8.1), "…"),
        TrueSlide(10.0, 20.0, ("The Fee", "Ten a year"), (11.0, 18.0), "…"),
        TrueSlide(20.0, 30.0, ("Thanks", "Questions?"), (21.0, 28.0), "…"),
    ),
    CUES,
)
READ = (
    slide(1, 0.0, 10.2, "The Well", "Dig deep", "Share it"),
    slide(2, 10.2, 19.6, "The Fee", "Ten a year"),
    slide(3, 19.6, 30.0, "Thanks", "Questions?"),
)


def test_a_lecture_read_rightly_scores_one() -> None:
    score = scored(TRUTH, READ)
    assert (score.changes.f1, score.lines.recall, score.titles.recall) == (1.0, 1.0, 1.0)
    assert (score.changes.known, score.lines.known, score.titles.known) == (2, 7, 3)


def test_nothing_read_scores_nothing() -> None:
    score = scored(TRUTH, ())
    assert (score.changes.hits, score.lines.hits, score.titles.hits) == (0, 0, 0)
    assert (score.changes.known, score.lines.known) == (2, 7)


def test_scores_add_up() -> None:
    both = scored(TRUTH, READ) + scored(TRUTH, ())
    assert (both.changes.hits, both.changes.known, both.changes.read) == (2, 4, 2)
    assert both.lines.recall == 0.5


@pytest.mark.parametrize(
    ("found", "hits"),
    [
        ([10.0, 20.0], 2),
        ([9.0, 21.0], 2),  # a second is near enough
        ([8.9, 21.1], 0),  # more is not
        ([9.5, 10.5, 20.0], 2),  # two near one change: one of them is too many
        ([20.0, 10.0], 2),  # in whatever order they are told
        ([], 0),
    ],
)
def test_a_change_is_matched_once_and_within_a_second(found: list[float], hits: int) -> None:
    tally = change_tally([10.0, 20.0], found)
    assert (tally.hits, tally.known, tally.read) == (hits, 2, len(found))


def test_near_changes_are_matched_so_that_most_are_pairs() -> None:
    # The nearest to 10.9 is 11.0; taken first, it would leave 11.8 without a partner.
    assert change_tally([10.9, 11.8], [10.0, 11.0]).hits == 2


def test_one_change_that_was_found_is_not_two() -> None:
    assert change_tally([10.0, 10.5], [10.2]).hits == 1


def test_the_first_slide_is_no_change() -> None:
    late = (replace(READ[0], start_seconds=3.0), *READ[1:])
    assert scored(TRUTH, late).changes.f1 == 1.0


def test_a_slide_too_many_costs_precision_and_one_too_few_recall() -> None:
    many = (*READ, slide(4, 25.0, 30.0, "Thanks"))
    few = (slide(1, 0.0, 19.6, "The Well", "Dig deep", "Share it"), READ[2])
    assert scored(TRUTH, many).changes.f1 == pytest.approx(4 / 5)
    assert scored(TRUTH, few).changes.f1 == pytest.approx(2 / 3)
    assert scored(TRUTH, few).lines.hits == 5  # those of the lost slide are lost


def test_lines_are_compared_to_the_letter_but_for_their_bullets() -> None:
    def hits(*lines: str) -> int:
        return line_tally(("The Well", "Dig deep"), slide(1, 0.0, 9.0, *lines)).hits

    assert hits("The Well", "• Dig  deep", "1 / 3", "a label") == 2
    assert hits("The well", "Dig deep.") == 0
    assert hits("The Well Dig deep") == 0


def test_a_line_that_stands_twice_must_be_read_twice() -> None:
    tally = line_tally(("Ask", "Ask"), slide(1, 0.0, 9.0, "Ask"))
    assert (tally.hits, tally.known) == (1, 2)


def test_cues_need_their_words_and_both_times() -> None:
    assert cue_tally(CUES, CUES).f1 == 1.0
    moved = (replace(CUES[0], start_seconds=0.6), replace(CUES[1], end_seconds=8.2), replace(CUES[2], text="Who pays!"))
    assert cue_tally(CUES, moved).hits == 0
    assert cue_tally(CUES, (CUES[1], CUES[1], CUES[1])).hits == 1
    assert cue_tally((CUES[1], CUES[1]), (CUES[1],)).hits == 1
    rounded = replace(CUES[1], end_seconds=8.122)  # a millisecond cut instead of rounded
    assert cue_tally(CUES, (CUES[0], rounded, CUES[2])).f1 == 1.0


def test_a_citation_counts_where_it_begins_while_the_answer_is_said() -> None:
    right, early, late, none = (Found(at, 11.0, 14.0) for at in (11.0, 10.5, 14.5, None))
    assert [one.is_within for one in (right, early, late, none)] == [True, False, False, False]
    assert [one.error_seconds for one in (right, early, late, none)] == [0.0, 0.5, 3.5, float("inf")]
    assert found_share((right, early, late, none)) == 0.25
    assert median_error_seconds((right, early, late)) == 0.5

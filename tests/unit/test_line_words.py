"""Loose words go to the line that they stand upon."""

from __future__ import annotations

from cml_mm.diagrams.line_words import words_of_lines
from cml_mm.types import Box


def test_a_line_does_not_take_the_words_of_another_because_it_comes_first() -> None:
    # The words stand on the second line, near the first line's middle.
    lines = [[(0.0, 100.0), (200.0, 100.0)], [(110.0, 0.0), (110.0, 260.0)]]
    assert words_of_lines(lines, {"fees": around(110, 120)}, 30) == {1: "fees"}


def test_words_where_two_lines_cross_belong_to_the_one_that_is_halfway_there() -> None:
    lines = [[(0.0, 0.0), (100.0, 0.0)], [(50.0, -20.0), (50.0, 80.0)]]
    assert words_of_lines(lines, {"rent": around(50, 0, high=1)}, 60) == {0: "rent"}


def test_each_line_has_one_text_and_each_text_one_line() -> None:
    lines = [[(0.0, 0.0), (200.0, 0.0)], [(0.0, 40.0), (200.0, 40.0)]]
    words = {"upper": around(100, 4), "lower": around(100, 38), "third": around(100, 20)}
    assert words_of_lines(lines, words, 30) == {0: "upper", 1: "lower"}


def test_words_far_away_or_at_an_end_belong_to_none() -> None:
    line = [(0.0, 0.0), (400.0, 0.0)]
    assert words_of_lines([line], {"note": around(200, 90), "end": around(10, 0)}, 30) == {}
    assert words_of_lines([], {"note": around(0, 0)}, 30) == words_of_lines([line], {}, 30) == {}


def around(x: float, y: float, wide: float = 40, high: float = 10) -> Box:
    return Box(x - wide / 2, y - high / 2, wide, high, 1000, 1000)

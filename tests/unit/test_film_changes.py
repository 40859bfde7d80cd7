"""When what a film shows changes: on small grey pictures drawn here, two a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from cml_mm.media.film.changes import Stretch, stretches_of
from cml_mm.media.film.condensing import condensed, without_pointer
from cml_mm.media.film.frames import STEP_SECONDS, TILE_PX, Grey, Sample
from cml_mm.media.film.tiles import only_adds, shows_another, shows_the_same
from cml_mm.media.film.words import grew_from, is_worded, slide_lines, title_of
from cml_mm.ports import OcrLine
from cml_mm.types import Box

SHAPE = (90, 160)
NOTHING = np.zeros((SHAPE[0] // TILE_PX, SHAPE[1] // TILE_PX), np.bool_)


def slide(seed: int, rows: Sequence[int] = (1, 5, 8, 11), paper: int = 240) -> Grey:
    """Lines of signs on paper: a row of tiles each, other signs for every seed and row."""
    picture = np.full(SHAPE, paper, np.uint8)
    for row in rows:
        signs = np.random.default_rng(1000 * seed + row).integers(0, 2, (4, 90)).astype(np.uint8)
        picture[row * TILE_PX : row * TILE_PX + 4, 10:100] = np.where(signs, 20, paper)
    return picture


def with_patch(picture: Grey, row: int, column: int, light: int, tiles: int = 1) -> Grey:
    """With one square painted over."""
    painted: Grey = picture.copy()
    painted[row * TILE_PX : (row + tiles) * TILE_PX, column * TILE_PX : (column + tiles) * TILE_PX] = light
    return painted


def with_head(picture: Grey, place: int) -> Grey:
    """With a speaker in the corner, who never stays as he is."""
    painted: Grey = picture.copy()
    painted[50:90, 120:160] = np.random.default_rng(place).integers(0, 255, (40, 40))
    return painted


def filmed(shown: Callable[[float], NDArray[np.uint8]], seconds: float) -> tuple[Stretch, ...]:
    """What is found in a film of that length."""
    times = [step * STEP_SECONDS for step in range(int(seconds / STEP_SECONDS))]
    return stretches_of(Sample(time, shown(time)) for time in times)


def changes(found: Sequence[Stretch]) -> list[float]:
    return [one.start_seconds for one in found[1:]]


def faded(seconds: float, first: Grey, second: Grey, start: float, length: float) -> Grey:
    """One picture that becomes another."""
    share = min(1.0, max(0.0, (seconds - start) / length))
    return np.asarray(np.round(first * (1 - share) + second * share), np.uint8)


def test_a_cut_is_dated_within_half_a_step() -> None:
    found = filmed(lambda time: slide(1 if time < 10.3 else 2), 20)

    assert changes(found) == pytest.approx([10.3], abs=0.25)
    assert (found[0].start_seconds, found[-1].end_seconds) == (0.0, 20.0)
    assert found[0].end_seconds == found[1].start_seconds
    assert np.array_equal(found[1].grey, slide(2))


def test_a_film_that_shows_one_thing_is_one_stretch() -> None:
    assert changes(filmed(lambda time: slide(1), 20)) == []


def test_no_samples_no_stretches() -> None:
    assert stretches_of([]) == ()


@pytest.mark.parametrize("length", [0.4, 1.0, 2.0])
def test_a_fade_is_one_change_at_its_middle(length: float) -> None:
    found = filmed(lambda time: faded(time, slide(1), slide(2), 12.2, length), 30)

    assert changes(found) == pytest.approx([12.2 + length / 2], abs=0.5)


def test_a_fade_too_slow_to_be_seen_from_sample_to_sample_is_found_all_the_same() -> None:
    pale, dark = slide(1, paper=200), slide(1, paper=140)

    found = filmed(lambda time: faded(time, pale, dark, 20, 20), 60)

    assert len(found) == 2
    assert 20 <= changes(found)[0] <= 40


def test_who_moves_all_the_time_changes_no_slide_and_hides_none() -> None:
    found = filmed(lambda time: with_head(slide(1 if time < 15 else 2), int(time * 2)), 30)

    assert changes(found) == pytest.approx([15], abs=0.25)
    assert found[0].moves[12, 28]
    assert not found[0].moves[:, :20].any()


def test_words_in_a_coder_s_grain_are_not_painted_over() -> None:
    def grainy(time: float) -> Grey:
        picture = slide(1 if time < 15 else 2).astype(np.int16)
        if int(time / STEP_SECONDS) % 4 == 1:  # a line of words is coded anew now and then, a little otherwise
            picture[5 * TILE_PX : 6 * TILE_PX, 10:100] += 4
        return np.asarray(np.clip(picture, 0, 255), np.uint8)

    found = filmed(grainy, 30)

    assert changes(found) == pytest.approx([15], abs=0.25)
    assert found[0].mute[5, 4:18].all()
    assert not found[0].moves.any()


def test_a_pointer_that_moves_changes_no_slide_and_stands_apart_at_three_times() -> None:
    places = [(2, 4), (9, 12), (14, 25)]

    found = filmed(lambda time: with_patch(slide(1), *places[int(time // 8)], light=0, tiles=2), 24)

    assert changes(found) == []
    assert {int(time // 8) for time in found[0].apart_seconds} == {0, 1, 2}


def test_a_number_of_a_page_alone_is_no_other_slide() -> None:
    assert not shows_another(slide(1), with_patch(slide(1), 17, 30, 0), NOTHING)
    assert not shows_the_same(slide(1), with_patch(slide(1), 17, 30, 0), NOTHING)


def test_an_animation_that_ends_as_it_began_is_no_change() -> None:
    def shown(time: float) -> Grey:
        return with_patch(slide(1), 6, int(10 + 2 * time) % 20, 0, tiles=6) if 10 <= time < 12 else slide(1)

    assert changes(filmed(shown, 30)) == []


def test_what_drifts_too_slowly_to_stir_is_not_taken_for_another_slide() -> None:
    def shown(time: float) -> Grey:
        drifting = with_patch(slide(1), 13, 20, round(120 + 12 * np.sin(2 * np.pi * time / 16)), tiles=4)
        return with_patch(drifting, 6, int(2 * time) % 20, 0, tiles=5) if 16 <= time < 20 else drifting

    assert changes(filmed(shown, 36)) == []


def test_a_camera_between_two_slides_is_a_stretch_of_its_own() -> None:
    def shown(time: float) -> Grey:
        if not 20 <= time < 50:
            return slide(1 if time < 20 else 2)
        return np.random.default_rng(int(time * 2)).integers(0, 255, SHAPE).astype(np.uint8)

    found = filmed(shown, 80)

    assert [one.is_film for one in found] == [False, True, False]
    assert changes(found) == pytest.approx([20, 50], abs=1.0)


def test_a_film_without_anything_still_has_no_stretch_that_could_be_a_slide() -> None:
    found = filmed(lambda time: np.random.default_rng(int(time * 2)).integers(0, 255, SHAPE).astype(np.uint8), 40)

    assert all(one.is_film for one in found)


def test_a_list_that_grew_is_told_from_another_slide() -> None:
    short, whole = slide(1, (1, 5)), slide(1)

    assert only_adds(short, whole, NOTHING)
    assert not only_adds(whole, short, NOTHING)
    assert not only_adds(short, slide(2), NOTHING)
    assert not only_adds(np.full(SHAPE, 240, np.uint8), whole, NOTHING)  # an empty page before it
    assert not only_adds(slide(1, (17,)), slide(1, (1, 5, 17)), NOTHING)  # nothing but the same footer


def test_a_list_that_grew_under_a_pointer_is_one_that_grew() -> None:
    assert only_adds(with_patch(slide(1, (1, 5)), 5, 4, 120), with_patch(slide(1), 1, 8, 120), NOTHING)


def test_what_is_empty_is_left_out_and_places_are_found_again() -> None:
    picture = np.full((720, 1280, 3), 255, np.uint8)
    picture[100:130, 200:400:3] = 0
    picture[600:630, 900:1000:3] = 0

    short = condensed(picture, np.zeros((18, 32), np.bool_))
    last = short.picture.shape[0] - int(np.flatnonzero((short.picture < 128).any(axis=(1, 2)))[-1]) - 1
    box = short.back(Box(0, 0, *short.picture.shape[1::-1], *short.picture.shape[1::-1]))

    assert short.picture.shape[0] < 200
    assert short.picture.shape[1] < 500
    assert last > 0  # a margin stays
    assert (box.of_w, box.of_h) == (1280, 720)
    assert (box.x, box.y) == pytest.approx((200, 100), abs=20)
    assert (box.x + box.w, box.y + box.h) == pytest.approx((1000, 630), abs=20)


def test_what_moves_is_painted_over_and_an_empty_slide_has_nothing() -> None:
    picture = np.full((720, 1280, 3), 255, np.uint8)
    picture[400:720, 960:1280:5] = 0
    moves = np.zeros((18, 32), np.bool_)
    moves[9:, 23:] = True

    assert condensed(picture, moves).picture.size == 0
    assert condensed(picture, ~moves).picture.size > 0


def test_of_three_pictures_each_point_is_as_two_show_it() -> None:
    one, other, third = (np.full((4, 4, 3), 200, np.uint8) for _ in range(3))
    one[0, 0], other[1, 1], third[2, 2] = 0, 0, 255

    merged = without_pointer([one, other, third])

    assert merged is not None
    assert np.array_equal(merged, np.full((4, 4, 3), 200, np.uint8))
    assert without_pointer([one]) is one
    assert without_pointer([]) is None


def line(text: str, y: float, height: float = 30, x: float = 80, confidence: float = 0.9) -> OcrLine:
    return OcrLine(text, Box(x, y, 12.0 * len(text), height, 1280, 720), confidence)


def test_the_title_is_the_largest_line_near_the_top() -> None:
    lines = [
        line("Weir keepers 2019", 20, 20),
        line("Mending the weir", 60, 52),
        line("Stones in autumn", 180),
        line("NOW", 600, 90),
    ]

    assert title_of(slide_lines(lines, 1280, 720)) == "Mending the weir"
    assert title_of(()) == ""
    assert title_of(slide_lines([line("3 / 7", 20)], 1280, 720)) == ""


def test_a_title_of_two_lines_is_one() -> None:
    lines = [line("Mending the weir", 40, 52), line("before winter", 98, 50), line("Stones", 240), line("Ropes", 300)]

    assert title_of(slide_lines(lines, 1280, 720)) == "Mending the weir before winter"


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        *[("• Stones", "Stones"), ("·Stones", "Stones"), ("- Stones", "Stones"), ("–Stones", "Stones")],
        *[("-5 degrees", "-5 degrees"), ("•", "•")],
    ],
)
def test_marks_of_a_list_are_left_out(read: str, kept: str) -> None:
    assert slide_lines([line(read, 100)], 640, 360)[0].text == kept


def test_boxes_are_in_pixels_of_the_frame_that_is_asked_for() -> None:
    box = slide_lines([line("Stones", 100)], 640, 360)[0].box

    assert (box.x, box.y, box.h, box.of_w, box.of_h) == (40, 50, 15, 640, 360)


def test_a_list_grew_where_all_its_lines_are_still_there() -> None:
    before = [line("Mending the weir", 40, 52), line("• Stones in autumn", 180), line("3/7", 660)]
    after = [*before[:2], line("• Ropes in spring", 260), line("4/7", 660)]

    assert grew_from(after, before)
    assert grew_from([*after[:1], line("· Stones in autum", 184), *after[2:]], before)  # read a little otherwise
    assert not grew_from(before, after)
    assert not grew_from([after[0], line("Two keys", 180), after[2]], before)
    assert not grew_from([line("• Stones in autumn", 40), line("Mending the weir", 180), after[2]], before)  # elsewhere
    assert not grew_from(after, [before[0], before[2]])  # a title alone may be that of many slides


def test_a_number_alone_makes_no_slide() -> None:
    assert is_worded([line("Stones", 100)])
    assert not is_worded([line("12 / 40", 660), line("II", 100)])

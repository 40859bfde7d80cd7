"""Pictures and frames as a chat model gets them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cml_mm.models.chat_pictures import LEAST_SIDE_PX, MOST_RATIO, arranged, clock, fitted
from cml_mm.ports import Still


def still(seconds: float | None = None, height: int = 40, width: int = 60) -> Still:
    return Still(np.zeros((height, width, 3), np.uint8), seconds)


def test_transparent_parts_turn_white_and_half_transparent_ones_lighter() -> None:
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[:, 20:30, 3] = 255
    picture[:, 30:, 3] = 51
    seen = fitted(picture, 10_000)
    assert [tuple(seen[5, column]) for column in (5, 25, 35)] == [(255, 255, 255), (0, 0, 0), (204, 204, 204)]


def test_a_grey_picture_gets_three_colours() -> None:
    assert fitted(np.full((40, 50), 7, np.uint8), 10_000).tolist() == np.full((40, 50, 3), 7).tolist()


def test_a_picture_within_bounds_is_left_as_it_is() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    assert fitted(picture, 2400) is picture


def test_a_picture_out_of_another_process_can_be_taken_by_torch() -> None:
    read_only = np.zeros((400, 400, 3), np.uint8)
    read_only.flags.writeable = False
    assert fitted(read_only, 10**6).flags.writeable
    assert fitted(read_only, 10_000).shape == (100, 100, 3)  # torch warns of what it could not write to


@pytest.mark.parametrize(("height", "width"), [(1000, 1000), (300, 4000), (4000, 300), (3, 9000), (9000, 3), (1, 1)])
def test_pixels_and_shape_are_bounded(height: int, width: int) -> None:
    most_px = 40_000
    seen = fitted(np.zeros((height, width, 3), np.uint8), most_px)
    assert seen.shape[0] * seen.shape[1] <= most_px * 1.05
    assert max(seen.shape[:2]) <= 1.05 * MOST_RATIO * min(seen.shape[:2])
    assert min(seen.shape[:2]) >= LEAST_SIDE_PX
    assert (seen == 0).any(), "the picture is still on it"


def test_shrinking_keeps_the_mean() -> None:
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[:, ::2] = 255
    seen = fitted(stripes, 100 * 100)
    assert seen.shape == (100, 100, 3)
    assert abs(float(seen.mean()) - 127.5) < 2 and float(seen.std()) < 10


def test_frames_alone_are_a_film_and_anything_beside_them_makes_them_pictures() -> None:
    film = (still(61.0), still(62.5), still(600.0, 80, 80))
    (shown,) = arranged(film, 10_000, films=True)
    assert shown.film and shown.label == "frames of a recording, 01:01 to 10:00"
    assert shown.seconds == (61.0, 62.5, 600.0)
    assert {picture.shape for picture in shown.pictures} == {(40, 60, 3)}
    (named,) = arranged(tuple(replace(one, label=f"Frame [{at}]") for at, one in enumerate(film)), 10_000, films=True)
    assert named.label == f"{shown.label}, in this order: Frame [0]; Frame [1]; Frame [2]"
    apart = arranged((*film, still()), 10_000, films=True)
    assert [item.label for item in apart] == ["frame at 01:01", "frame at 01:02", "frame at 10:00", "picture 4"]
    assert len(arranged(film, 10_000, films=False)) == 3
    two = (*film[:2], replace(film[2], recording="file-2"))
    assert len(arranged(two, 10_000, films=True)) == 3  # not of one recording
    assert len(arranged(film[:1], 10_000, films=True)) == 1
    assert len(arranged((film[1], film[0]), 10_000, films=True)) == 2  # not in the order of time


def test_the_clock_counts_minutes_beyond_the_hour() -> None:
    assert [clock(seconds) for seconds in (0.0, 59.9, 3600.0)] == ["00:00", "00:59", "60:00"]

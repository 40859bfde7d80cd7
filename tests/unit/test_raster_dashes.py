"""Dashed lines: round corners that are not drawn, through each other's gaps, and never across an empty stretch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from cml_mm.media.raster.ends import joints_of
from cml_mm.media.raster.joints import Joints
from cml_mm.media.raster.skeleton import Skeleton, skeleton_of
from cml_mm.media.raster.surroundings import Surroundings
from cml_mm.media.raster.thinning import thinned
from tests.support.drawn_diagrams import Drawing, arrows

UNIT = 48.0
DASH = 18


def joined(ink: np.ndarray) -> tuple[Skeleton, Joints]:
    """The strokes of some ink on an empty page, and which of their ends are joined."""
    skeleton = skeleton_of(thinned(ink), ink)
    return skeleton, joints_of(skeleton, Surroundings(np.full(ink.shape, -1, dtype=np.int16)), [], UNIT)


def dashed(drawing: Drawing, *points: tuple[int, int]) -> None:
    """A row of dashes along straight pieces; at each corner both pieces stop short of it."""
    for (x, y), (to_x, to_y) in pairwise(points):
        many = round(np.hypot(to_x - x, to_y - y) / 16)
        for start in range(many):
            one, other = (start + 0.2) / many, (start + 0.8) / many
            drawing.line(
                (round(x + one * (to_x - x)), round(y + one * (to_y - y))),
                (round(x + other * (to_x - x)), round(y + other * (to_y - y))),
                head=False,
            )


def test_dashes_go_on_round_a_corner_that_is_not_drawn() -> None:
    ink = np.zeros((260, 260), dtype=bool)
    for start in (20, 50, 80):
        ink[40:43, start : start + DASH] = True
        ink[start + 30 : start + 30 + DASH, 108:111] = True
    skeleton, joints = joined(ink)
    assert len(skeleton.strokes) == 6
    corner = [end for end in joints.links if _is_flat(skeleton, end) != _is_flat(skeleton, joints.links[end])]
    assert len(corner) == 2
    assert len(joints.links) == 10


def _is_flat(skeleton: Skeleton, end: tuple[int, int]) -> bool:
    width, height = np.ptp(skeleton.strokes[end[0]].points, axis=0)
    return bool(width > height)


def test_two_solid_ends_that_face_a_corner_are_left_apart() -> None:
    ink = np.zeros((300, 300), dtype=bool)
    ink[40:43, 20:200] = True
    ink[60:260, 215:218] = True
    _, joints = joined(ink)
    assert not joints.links


def test_a_dash_goes_on_behind_a_crossing_in_its_gap() -> None:
    ink = np.zeros((260, 260), dtype=bool)
    for start in (10, 40, 70, 112, 142, 172):
        ink[120:123, start : start + DASH] = True
    ink[100:145, 110:113] = True  # a dash of the other line, at which one of these ends
    skeleton, joints = joined(ink)
    spots = {end: skeleton.strokes[end[0]].from_end(end[1])[0] for end in joints.links}
    (before,) = [end for end, spot in spots.items() if np.allclose(spot, (86, 121), atol=3)]
    number, _ = joints.links[before]
    assert skeleton.strokes[number].points[:, 0].max() > 120
    assert len(joints.links) == 10


def test_specks_are_not_joined_across_an_empty_stretch() -> None:
    ink = np.zeros((120, 300), dtype=bool)
    ink[60:64, 40:46] = True
    ink[60:64, 130:137] = True
    _, joints = joined(ink)
    assert not joints.links


def test_a_speck_of_paper_in_a_line_does_not_end_it() -> None:
    ink = np.zeros((120, 300), dtype=bool)
    ink[58:63, 20:60] = True
    ink[60, 57] = False
    ink[58:63, 76:120] = True
    skeleton, _ = joined(ink)
    for crossing in list(skeleton.crossings):
        skeleton.loosen(crossing)
    assert all(len(skeleton.at(crossing)) != 1 for crossing in skeleton.crossings)
    assert {end for stroke in skeleton.strokes.values() for end in stroke.ends} == {-1}


@pytest.mark.parametrize("bend", [0, 1])
def test_a_dashed_arrow_is_followed_round_its_corners(bend: int) -> None:
    drawing = Drawing(width=800, height=500)
    drawing.box("Harbour", 120, 100)
    drawing.box("Smokery", 640, 400 if bend else 100)
    if bend:
        dashed(drawing, (196, 100), (400, 100), (400, 400), (540, 400))
        drawing.line((530, 400), (564, 400))
    else:
        dashed(drawing, (196, 100), (530, 100))
        drawing.line((530, 100), (564, 100))
    assert arrows(drawing.read()) == {"Harbour > Smokery"}

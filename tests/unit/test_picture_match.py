"""The same picture again: crops, insets and photos of pages and slides among others like them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from benchmarks.made_pictures import WAYS, made_page, made_slide
from cml_mm.media.picture_match import PictureShelf, features_of
from cml_mm.visits import PictureFeatures

SHELF = 24


def made(seed: int) -> np.ndarray:
    return (made_page, made_slide)[seed % 2](seed)


def features(picture: np.ndarray, name: str = "asked") -> PictureFeatures:
    found = features_of(picture, name)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def shelf() -> PictureShelf:
    return PictureShelf([features(made(seed), str(seed)) for seed in range(SHELF)])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", [2, 3, 8, 9, 14, 17])
def test_a_part_or_a_photo_of_a_picture_is_recognised(shelf: PictureShelf, way: str, seed: int) -> None:
    changed = WAYS[way](made(seed), random.Random(seed))
    assert [shelf.pictures[one.row].face for one in shelf.find(features(changed))] == [str(seed)]


@pytest.mark.parametrize("seed", range(1_000, 1_008))
def test_a_picture_that_was_never_seen_is_not_named(shelf: PictureShelf, seed: int) -> None:
    way = list(WAYS)[seed % 3]
    assert shelf.find(features(WAYS[way](made(seed), random.Random(seed)))) == ()


def test_the_place_of_a_crop_is_told(shelf: PictureShelf) -> None:
    picture = made_slide(9)
    (seen,) = shelf.find(features(picture[200:620, 300:1000].copy()))
    box = seen.box(1280, 720)
    assert (box.of_w, box.of_h) == (1280, 720)
    assert box.x >= 290 and box.x + box.w <= 1010 and box.y >= 190 and box.y + box.h <= 630
    assert box.w * box.h > 0.3 * 700 * 420  # the points do not reach every edge


def test_two_copies_are_both_named() -> None:
    copies = PictureShelf(
        [features(made_slide(9), "one"), features(made_slide(11), "other"), features(made_slide(9), "two")]
    )
    found = copies.find(features(WAYS["crop"](made_slide(9), random.Random(1))))
    assert {copies.pictures[one.row].face for one in found} == {"one", "two"}


def test_an_empty_page_has_nothing_to_be_recognised_by() -> None:
    assert features_of(np.full((800, 600, 3), 255, dtype=np.uint8), "page-1") is None


def test_an_empty_shelf_finds_nothing() -> None:
    assert PictureShelf([]).find(features(made_slide(9))) == ()


def test_the_same_picture_has_the_same_features() -> None:
    one, other = features(made_page(4)), features(made_page(4))
    assert np.array_equal(one.points, other.points) and np.array_equal(one.descriptors, other.descriptors)
    assert one.points.dtype == np.float32 and one.descriptors.shape == (len(one.points), 32)
    assert float(one.points.min()) >= 0 and float(one.points.max()) <= 1

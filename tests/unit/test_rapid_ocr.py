"""Words on pictures: what is read, in which order, and where it stands."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from cml_mm.models.rapid_ocr import RapidOcr, turned_back
from cml_mm.models.reading_order import Placed, reading_order
from cml_mm.ports import Picture
from cml_mm.settings import ROOT
from cml_mm.types import Box
from tests.support.pictures import Words, below, drawn

COLUMNS = [
    Words("A title across both of the columns here", 60, 20, 36),
    *below("The left side begins with", "one line, then a second,", "and ends here.", x=40, y=100, size=24),
    *below("The right side follows and", "goes on for three lines", "until it stops.", x=420, y=100, size=24),
]


@pytest.fixture(scope="module")
def ocr() -> RapidOcr:
    return RapidOcr()


def pixels(words: list[Words], width: int = 760, height: int = 360) -> Picture:
    return np.asarray(drawn(words, width, height))


def test_columns_are_read_one_after_the_other(ocr: RapidOcr) -> None:
    found = ocr.recognise(pixels(COLUMNS))
    assert [line.text for line in found] == [words.text for words in COLUMNS]
    for line, words in zip(found, COLUMNS, strict=True):
        assert line.confidence > 0.9 and line.turns == 0
        assert abs(line.box.x - words.x) < 12 and abs(line.box.y - words.y) < words.size
        assert (line.box.of_w, line.box.of_h) == (760, 360)


def test_a_photo_taken_askew_is_read_in_order(ocr: RapidOcr) -> None:
    askew = drawn(COLUMNS, 760, 300).rotate(2.5, Image.Resampling.BICUBIC, fillcolor="white")
    assert [line.text for line in ocr.recognise(np.asarray(askew))] == [words.text for words in COLUMNS]


def test_a_turned_picture_says_how_it_was_turned(ocr: RapidOcr) -> None:
    words = below("Closed on Monday", "because of the water")
    upright = ocr.recognise(pixels(words, 400, 180))
    turned = ocr.recognise(np.rot90(pixels(words, 400, 180)))  # a quarter against the clock: one with it mends it
    assert [(line.text, line.turns) for line in turned] == [(line.text, 1) for line in upright]
    for one, other in zip(upright, turned, strict=True):
        # What lies x from the left of the upright picture lies x from the foot of the turned one.
        assert abs(other.box.of_h - other.box.y - other.box.h - one.box.x) < 4
        assert abs(other.box.x - one.box.y) < 4 and (other.box.of_w, other.box.of_h) == (180, 400)


def test_boxes_are_turned_back() -> None:
    box = Box(1, 2, 3, 4, 10, 20)
    assert turned_back(box, 1) == Box(2, 6, 4, 3, 20, 10)
    assert turned_back(box, 2) == Box(6, 14, 3, 4, 10, 20)
    assert turned_back(box, 4) == turned_back(box, 0) == box


def test_nothing_is_read_where_nothing_stands(ocr: RapidOcr) -> None:
    assert ocr.recognise(pixels([])) == ()
    assert ocr.recognise(np.zeros((1, 5, 3), np.uint8)) == ()


def test_large_and_grainy_pictures_are_read_too(ocr: RapidOcr) -> None:
    large = drawn([Words("Closed on Monday", 400, 300, 120)], 3600, 1200)
    noise = np.random.default_rng(5).normal(0, 18, (300, 900, 1))
    found = ocr.recognise(np.asarray(large))
    assert [line.text for line in found] == ["Closed on Monday"] and abs(found[0].box.x - 400) < 40
    small = np.asarray(large.resize((900, 300), Image.Resampling.BILINEAR)).astype(float)
    grainy = np.clip(small * 0.6 + 60 + noise, 0, 255).astype(np.uint8)
    assert [line.text for line in ocr.recognise(grainy)] == ["Closed on Monday"]


def test_small_print_on_a_large_picture_is_found(ocr: RapidOcr) -> None:
    words = below("Water is changed on Monday mornings", "Ask Ana for a key", x=900, y=700, size=12) + below(
        "Bring your own towel please", "Members meet every second week", x=900, y=760, size=12
    )
    found = ocr.recognise(pixels(words, 1800, 1200))
    assert [line.text for line in found] == [line.text for line in words]


def test_nothing_is_fetched_or_said() -> None:
    """In a process of its own where no socket can be opened and no file be written."""
    code = """
import sys, numpy
def guard(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if event.startswith("socket.") or event in ("os.mkdir", "os.remove") or writes:
        raise PermissionError(event)
from cml_mm.models.rapid_ocr import RapidOcr
sys.addaudithook(guard)
ocr = RapidOcr()
assert ocr.recognise(numpy.full((60, 60, 3), 255, numpy.uint8)) == ()
assert ocr.name.startswith("rapidocr ") and "PP-OCR" in ocr.name
"""
    done = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- reading order -------------------------------------------------------------------------------


def placed(*boxes: tuple[float, float, float]) -> list[Placed]:
    """Lines 10 high, given as left, top and width."""
    return [Placed(number, left, top, left + width, top + 10) for number, (left, top, width) in enumerate(boxes)]


def test_rows_of_short_words_are_read_across() -> None:
    table = [(left, top, 40.0) for top in (0, 20, 40, 60) for left in (0, 100, 200)]
    assert reading_order(placed(*reversed(table))) == list(reversed(range(12)))


def test_a_line_across_parts_columns_into_bands() -> None:
    upper = [(left, top, 180.0) for left in (0, 200) for top in (0, 20, 40)]
    lower = [(left, top, 180.0) for left in (0, 200) for top in (100, 120, 140)]
    lines = [*upper, (0.0, 70.0, 380.0), *lower]
    shuffled = sorted(range(len(lines)), key=lambda number: number * 7 % len(lines))
    order = reading_order(placed(*(lines[number] for number in shuffled)))
    assert [shuffled[number] for number in order] == list(range(len(lines)))


def test_a_table_below_columns_is_read_across() -> None:
    columns = [(left, top, 180.0) for left in (0, 200) for top in (0, 20, 40, 60)]
    table = [(left, top, 40.0) for top in (120, 140) for left in (0, 100, 250)]
    assert reading_order(placed(*columns, *table)) == list(range(14))


def test_three_columns_and_no_lines_at_all() -> None:
    lines = [(left, top, 130.0) for left in (0, 150, 300) for top in (0, 20, 40, 60)]
    assert reading_order(placed(*lines)) == list(range(12))
    assert reading_order([]) == []

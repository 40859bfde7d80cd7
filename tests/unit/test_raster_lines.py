"""Lines of drawn diagrams: where they lead, at which end they have a head, what stands on them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from cml_mm.media.raster.reader import read_picture_diagram
from cml_mm.media.raster.sharpening import sharpened, steepness_of
from cml_mm.media.raster.skeleton import skeleton_of
from cml_mm.media.raster.thickness import thicker_end
from cml_mm.media.raster.thinning import thinned
from cml_mm.ports import OcrLine, Picture
from cml_mm.types import Box
from tests.support.drawn_diagrams import Drawing, arrows


@dataclass
class OneLineReader:
    """Reads always the same words, at all the ink of the picture that it is given."""

    text: str
    confidence: float = 0.97
    name: str = "one line"

    def recognise(self, picture: Picture) -> tuple[OcrLine, ...]:
        rows, columns = np.nonzero(picture.min(axis=2) < 128)
        left, top = float(columns.min()), float(rows.min())
        height, width = picture.shape[:2]
        box = Box(left, top, float(columns.max()) - left, float(rows.max()) - top, width, height)
        return (OcrLine(self.text, box, self.confidence),)


def pair(width: int = 900) -> Drawing:
    drawing = Drawing(width=width, height=260)
    drawing.box("Assembly", 120, 130)
    drawing.box("Board", width - 120, 130)
    return drawing


def test_an_arrow_leads_from_its_tail_to_its_head() -> None:
    drawing = pair()
    drawing.line((196, 130), (704, 130))
    assert arrows(drawing.read()) == {"Assembly > Board"}


def test_an_arrow_drawn_the_other_way_is_read_the_other_way() -> None:
    drawing = pair()
    drawing.line((704, 130), (196, 130))
    assert arrows(drawing.read()) == {"Board > Assembly"}


def test_heads_at_both_ends() -> None:
    drawing = pair()
    drawing.line((196, 130), (704, 130), tail=True)
    assert arrows(drawing.read()) == {"Assembly <> Board"}


def test_a_line_without_a_head_has_no_direction() -> None:
    drawing = pair()
    drawing.line((196, 130), (704, 130), head=False)
    assert arrows(drawing.read()) == {"Assembly - Board"}


@pytest.mark.parametrize(("dash", "style"), [(8, "dashed"), (3, "dotted")])
def test_a_broken_line_is_one_line(dash: int, style: str) -> None:
    drawing = pair()
    drawing.line((196, 130), (704, 130), dash=dash)
    read = drawing.read()
    assert arrows(read) == {"Assembly > Board"}
    assert read.edges[0].style == style


def test_a_thick_line_says_so() -> None:
    drawing = pair()
    drawing.line((196, 130), (704, 130), head=False, thick=7)
    assert [edge.style for edge in drawing.read().edges] == ["thick"]


def test_crossing_lines_go_straight_on() -> None:
    drawing = Drawing()
    for text, x, y in (("Kitchen", 110, 80), ("Garden", 110, 420), ("Bakery", 780, 80), ("Market", 780, 420)):
        drawing.box(text, x, y)
    drawing.line((186, 95), (704, 405))
    drawing.line((186, 405), (704, 95))
    assert arrows(drawing.read()) == {"Kitchen > Market", "Garden > Bakery"}


def test_lines_with_corners() -> None:
    drawing = Drawing()
    drawing.box("Budget", 120, 80)
    drawing.diamond("Agreed?", 700, 380)
    drawing.line((196, 80), (700, 80), (700, 319))
    drawing.line((599, 380), (120, 380), (120, 111))
    assert arrows(drawing.read()) == {"Budget > Agreed?", "Agreed? > Budget"}


def test_a_curved_line_ends_where_it_points() -> None:
    drawing = Drawing()
    drawing.box("Members", 120, 400)
    drawing.ellipse("Trust", 760, 120)
    drawing.curve((196, 400), (750, 420), (760, 156))
    read = drawing.read()
    assert arrows(read) == {"Members > Trust"}
    x, y = read.edges[0].polyline[-1]
    assert abs(x - 760) < 12 and abs(y - 158) < 12


def test_words_on_and_beside_a_line_are_its_label() -> None:
    drawing = Drawing()
    drawing.box("Assembly", 120, 100)
    drawing.box("Board", 760, 100)
    drawing.box("Audit", 760, 400)
    drawing.line((196, 100), (394, 100), head=False)
    drawing.write("appoints", 440, 100)
    drawing.line((486, 100), (684, 100))
    drawing.line((760, 131), (760, 369))
    drawing.write("reports to", 820, 250)
    read = drawing.read()
    assert arrows(read) == {"Assembly > Board", "Board > Audit"}
    assert {edge.label for edge in read.edges} == {"appoints", "reports to"}
    assert all(edge.label_box is not None for edge in read.edges)
    assert read.unplaced == ()


def with_a_label(*known: str) -> tuple[Drawing, tuple[OcrLine, ...]]:
    """An arrow with "reports to" beside it, of which the first reading saw only some words."""
    drawing = Drawing()
    drawing.box("Audit", 300, 80)
    drawing.box("Board", 300, 420)
    drawing.line((300, 111), (300, 389))
    drawing.write("reports to", 350, 250)
    text, x, y, w, h = drawing.words.pop()
    for word in known:
        drawing.words.append((word, x, y, w * len(word) // len(text), h))
    return drawing, drawing.lines()


@pytest.mark.parametrize("known", [(), ("reports",)])
def test_words_that_were_missed_or_cut_short_are_read_again(known: tuple[str, ...]) -> None:
    drawing, lines = with_a_label(*known)
    read = read_picture_diagram(drawing.pixels, lines, OneLineReader("reports to"), "page-1")
    assert arrows(read) == {"Audit > Board"}
    assert [edge.label for edge in read.edges] == ["reports to"]
    assert read.unplaced == ()


@pytest.mark.parametrize("second", [OneLineReader("repoits fo", 0.6), OneLineReader("|"), OneLineReader("re", 0.95)])
def test_a_second_reading_that_is_doubtful_or_shorter_changes_nothing(second: OneLineReader) -> None:
    drawing, lines = with_a_label("reports")
    read = read_picture_diagram(drawing.pixels, lines, second, "page-1")
    assert [edge.label for edge in read.edges] == ["reports"]


def test_dashes_are_not_taken_for_missed_words() -> None:
    drawing = pair()
    drawing.line((196, 130), (704, 130), dash=8)
    read = read_picture_diagram(drawing.pixels, drawing.lines(), OneLineReader("nonsense"), "page-1")
    assert arrows(read) == {"Assembly > Board"}
    assert read.edges[0].label == ""


def test_a_line_over_a_box_passes_it() -> None:
    drawing = Drawing(width=900, height=240)
    for text, x in (("Seed", 100), ("Grow", 450), ("Sell", 800)):
        drawing.box(text, x, 120, h=90)
    drawing.line((176, 90), (724, 90))
    assert arrows(drawing.read()) == {"Seed > Sell"}


def test_doubt_is_told_by_a_lower_confidence() -> None:
    clear, doubtful = pair(), pair()
    clear.line((196, 130), (704, 130))
    doubtful.line((196, 130), (704, 130), tail=True)
    assert doubtful.read().edges[0].confidence < clear.read().edges[0].confidence


def test_a_blurred_picture_is_sharpened_and_a_sharp_one_left_alone() -> None:
    drawing = pair()
    drawing.line((196, 130), (704, 130))
    blurred = cv2.GaussianBlur(drawing.pixels, (0, 0), 1.2)
    assert sharpened(drawing.pixels) is drawing.pixels
    assert steepness_of(blurred) < 0.5 < steepness_of(sharpened(blurred))
    drawing.pixels = blurred
    assert arrows(drawing.read()) == {"Assembly > Board"}


@pytest.mark.parametrize(("blob", "end"), [(60, 0), (340, 1), (None, None)])
def test_the_end_with_more_ink_around_it_is_the_thicker_one(blob: int | None, end: int | None) -> None:
    ink = np.zeros((100, 400), dtype=np.uint8)
    cv2.line(ink, (50, 50), (350, 50), 1, 3)
    if blob is not None:
        cv2.circle(ink, (blob, 55), 7, 1, cv2.FILLED)  # mostly on one side, as a head that a box hides in part
    points = np.array([[column, 50.0] for column in range(50, 351)])
    mask = ink > 0
    assert thicker_end(mask, skeleton_of(thinned(mask), mask), points, 48.0) == end

"""Words on the lines of drawn diagrams: they interrupt a line, hide its end, or stand off it, and are no box."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from cml_mm.media.raster.ends import joints_of
from cml_mm.media.raster.skeleton import skeleton_of
from cml_mm.media.raster.strokes import trimmed
from cml_mm.media.raster.surroundings import Surroundings
from cml_mm.media.raster.thinning import thinned
from cml_mm.media.raster.words import Word
from tests.support.drawn_diagrams import Drawing, arrows, labels


def said(drawing: Drawing) -> dict[str, str]:
    """What each line of a drawing says, by its two boxes."""
    read = drawing.read()
    names = {node.id: node.label for node in read.nodes}
    return {f"{names[edge.source]} {names[edge.target]}": edge.label for edge in read.edges}


@pytest.mark.parametrize("dash", [2, 3, 4])
def test_a_short_dotted_line_goes_on_behind_its_words(dash: int) -> None:
    drawing = Drawing(width=400, height=300)
    drawing.box("Orchard", 200, 60)
    drawing.box("Bakery", 200, 250)
    for y in (*range(98, 132, 3 * dash), *range(168, 206, 3 * dash)):
        cv2.circle(drawing.pixels, (200, y), 1, drawing.ink, cv2.FILLED)
    drawing.write("supplies", 200, 150)
    drawing.line((200, 207), (200, 219))
    assert said(drawing) == {"Orchard Bakery": "supplies"}


def test_the_two_ends_of_a_row_of_dots_are_not_joined_to_a_ring() -> None:
    ink = np.zeros((80, 80), dtype=bool)
    for y in (20, 28, 36):
        ink[y : y + 3, 40:43] = True
    skeleton = skeleton_of(thinned(ink), ink)
    joints = joints_of(skeleton, Surroundings(np.full(ink.shape, -1, dtype=np.int16)), [], 48.0)
    assert len(skeleton.strokes) == 3
    assert len(joints.links) == 4


def test_words_right_before_a_box_hide_the_end_of_their_line() -> None:
    drawing = Drawing(width=700, height=200)
    drawing.box("Ledger", 100, 100)
    drawing.box("Kiln", 600, 100)
    drawing.line((424, 100), (176, 100))
    drawing.write("feeds into", 474, 100)
    assert said(drawing) == {"Kiln Ledger": "feeds into"}
    assert arrows(drawing.read()) == {"Kiln > Ledger"}


def test_the_field_between_lines_and_boxes_is_no_box() -> None:
    drawing = Drawing(width=800, height=560)
    spots = {"Parcel": (400, 60), "Roster": (680, 280), "Lantern": (400, 500), "Ferry": (120, 280)}
    for text, (x, y) in spots.items():
        drawing.box(text, x, y)
    drawing.line((360, 91), (160, 249))
    drawing.line((440, 91), (640, 249))
    drawing.line((640, 311), (440, 469))
    drawing.line((160, 311), (360, 469))
    drawing.write("elects", 302, 172)
    read = drawing.read()
    assert labels(read) == set(spots)
    assert arrows(read) == {"Parcel > Ferry", "Parcel > Roster", "Roster > Lantern", "Ferry > Lantern"}
    assert said(drawing)["Parcel Ferry"] == "elects"


@pytest.mark.parametrize(("off", "label"), [(46, "asks"), (130, "")])
def test_words_off_a_line_are_said_on_it_where_no_other_comes_into_question(off: int, label: str) -> None:
    drawing = Drawing(width=700, height=400)
    for text, x in (("Depot", 100), ("Tenant", 560)):
        drawing.box(text, x, 60)
        drawing.box(text + "s", x, 340)
        drawing.line((x, 91), (x, 309))
    drawing.write("repairs", 142, 200)  # a label in its place
    drawing.write("asks", 560 - off, 200)
    assert said(drawing) == {"Depot Depots": "repairs", "Tenant Tenants": label}


def test_words_between_two_lines_belong_to_neither() -> None:
    drawing = Drawing(width=700, height=400)
    drawing.box("Depot", 260, 60, w=300)
    for text, x in (("Tenant", 160), ("Choir", 350), ("Canvas", 560)):
        drawing.box(text, x, 340)
    drawing.line((200, 91), (200, 309))
    drawing.line((310, 91), (310, 309))
    drawing.box("Loom", 560, 60)
    drawing.line((560, 91), (560, 309))
    drawing.write("pays", 590, 200)
    drawing.write("if", 255, 200)
    assert said(drawing) == {"Depot Tenant": "", "Depot Choir": "", "Loom Canvas": "pays"}


@pytest.mark.parametrize(("text", "left"), [("if late", 10), ("late", 60)])
def test_a_gap_where_a_text_has_a_space_is_one_of_its_own(text: str, left: int) -> None:
    ink = np.zeros((40, 160), np.uint8)
    for x in (10, 22, 60, 74, 88, 102):
        cv2.rectangle(ink, (x, 8), (x + 6, 28), 1, cv2.FILLED)
    kept = trimmed(ink > 0, Word(text, (8.0, 4.0, 112.0, 32.0), 0.9))
    assert abs(kept.frame[0] - left) <= 3

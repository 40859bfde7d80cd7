"""Diagrams whose boxes are mere words, signs on arrows, small pictures with captions, lanes and notes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from cml_mm.diagrams.values import Diagram
from tests.support.drawn_diagrams import Drawing, arrows, labels

GREY = (90, 90, 90)


def rabbits() -> Drawing:
    """Words around a ring; nothing has an outline."""
    drawing = Drawing(height=600)
    drawing.write("Rabbits", 200, 120)
    drawing.write("Foxes", 700, 120)
    drawing.write("Carrots", 700, 480)
    drawing.write("Rain", 200, 480)
    drawing.curve((250, 110), (450, 40), (660, 108))
    drawing.line((655, 132), (255, 132))
    drawing.line((680, 460), (235, 145))
    drawing.line((226, 480), (662, 480))
    return drawing


def signs(diagram: Diagram) -> dict[tuple[str, str], str]:
    named = {node.id: node.label for node in diagram.nodes}
    return {(named[edge.source], named[edge.target]): edge.label for edge in diagram.edges}


def dash(drawing: Drawing, x: int, y: int) -> None:
    """A minus that no recogniser reads."""
    cv2.rectangle(drawing.pixels, (x - 5, y), (x + 5, y + 1), drawing.ink, cv2.FILLED)


def test_words_that_arrows_join_are_boxes_of_text() -> None:
    read = rabbits().read()
    assert {node.label for node in read.nodes} == {"Rabbits", "Foxes", "Carrots", "Rain"}
    assert {node.shape for node in read.nodes} == {"text"}
    assert arrows(read) == {"Rabbits > Foxes", "Foxes > Rabbits", "Carrots > Rabbits", "Rain > Carrots"}


def test_words_that_interrupt_a_line_are_said_on_it() -> None:
    drawing = Drawing()
    drawing.write("Kitchen", 130, 250)
    drawing.write("feeds", 440, 250)
    drawing.write("Garden", 760, 250)
    drawing.line((168, 250), (412, 250), head=False)
    drawing.line((468, 250), (724, 250))
    read = drawing.read()
    assert arrows(read) == {"Kitchen > Garden"}
    assert read.edges[0].label == "feeds"


def test_a_plus_that_was_read_and_a_minus_that_was_not() -> None:
    drawing = rabbits()
    drawing.write("+", 450, 50)
    dash(drawing, 450, 150)
    dash(drawing, 440, 500)
    assert signs(drawing.read()) == {
        ("Rabbits", "Foxes"): "+",
        ("Foxes", "Rabbits"): "-",
        ("Carrots", "Rabbits"): "",
        ("Rain", "Carrots"): "-",
    }


def test_dashes_of_a_broken_line_are_no_minus() -> None:
    drawing = Drawing()
    drawing.box("Seed", 130, 250)
    drawing.box("Tree", 760, 250)
    drawing.line((206, 250), (684, 250), dash=9)
    drawing.write("+", 450, 225)
    read = drawing.read()
    assert signs(read) == {("Seed", "Tree"): "+"}
    assert read.unplaced == ()


def test_pale_boxes_without_an_outline_are_no_backing_of_labels() -> None:
    drawing = Drawing()
    for text, x in (("Well", 150), ("Pump", 700)):
        drawing.write(text, x, 200)
        _, left, top, w, h = drawing.words.pop()
        cv2.rectangle(drawing.pixels, (left - 6, top - 4), (left + w + 6, top + h + 4), (220, 225, 245), cv2.FILLED)
        drawing.write(text, x, 200)
    drawing.line((190, 200), (655, 200))
    read = drawing.read()
    assert arrows(read) == {"Well > Pump"}
    assert {node.shape for node in read.nodes} == {"box"}


def icon(drawing: Drawing, text: str, x: int, y: int) -> None:
    cv2.circle(drawing.pixels, (x, y), 11, GREY, 4)
    for degrees in range(0, 360, 45):
        way = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        first, last = (tuple(int(v) for v in np.rint(np.array([x, y]) + reach * way)) for reach in (17, 23))
        cv2.line(drawing.pixels, first, last, GREY, 4)
    drawing.write(text, x, y + 42)


def test_small_pictures_with_captions_are_boxes() -> None:
    drawing = Drawing()
    icon(drawing, "Sun roof", 150, 150)
    icon(drawing, "Heat store", 450, 150)
    icon(drawing, "Bath house", 750, 150)
    drawing.line((185, 150), (415, 150))
    drawing.line((485, 150), (715, 150))
    read = drawing.read()
    assert arrows(read) == {"Sun roof > Heat store", "Heat store > Bath house"}
    assert {node.shape for node in read.nodes} == {"icon"}


def lanes() -> Drawing:
    """Three lanes below each other, with arrows that cross from one to the next."""
    drawing = Drawing(width=1100, height=640)
    for number, title in enumerate(("Tenants", "Office", "Builders")):
        top = 30 + 190 * number
        cv2.rectangle(drawing.pixels, (30, top), (1070, top + 190), (0, 0, 0), 2)
        drawing.write(title, 90, top + 22)
    drawing.box("Report leak", 220, 130)
    drawing.box("Write order", 520, 320)
    drawing.box("Mend pipe", 860, 510)
    drawing.box("Say thanks", 860, 130)
    drawing.line((220, 161), (220, 320), (444, 320))
    drawing.line((520, 351), (520, 510), (784, 510))
    drawing.line((860, 479), (860, 161))
    return drawing


def test_lanes_hold_their_boxes_and_arrows_cross_their_borders() -> None:
    read = lanes().read()
    names = {container.id: container.label for container in read.containers}
    assert sorted(names.values()) == ["Builders", "Office", "Tenants"]
    assert {node.label: names[node.container] for node in read.nodes} == {
        "Report leak": "Tenants",
        "Write order": "Office",
        "Mend pipe": "Builders",
        "Say thanks": "Tenants",
    }
    assert arrows(read) == {"Report leak > Write order", "Write order > Mend pipe", "Mend pipe > Say thanks"}
    assert read.unplaced == ()


def test_frames_within_a_frame_know_it() -> None:
    drawing = Drawing(width=1100, height=640)
    cv2.rectangle(drawing.pixels, (40, 40), (1060, 600), (0, 0, 0), 2)
    cv2.rectangle(drawing.pixels, (90, 120), (560, 540), (0, 0, 0), 2)
    drawing.write("Village", 110, 66)
    drawing.write("Mill", 130, 146)
    drawing.box("Grind", 320, 240)
    drawing.box("Sieve", 320, 440)
    drawing.box("Bake", 860, 440)
    drawing.line((320, 271), (320, 409))
    drawing.line((396, 440), (784, 440))
    read = drawing.read()
    named = {container.label: container for container in read.containers}
    assert set(named) == {"Village", "Mill"}
    assert named["Mill"].parent == named["Village"].id and named["Village"].parent == ""
    held = {node.label: node.container for node in read.nodes}
    assert held == {"Grind": named["Mill"].id, "Sieve": named["Mill"].id, "Bake": named["Village"].id}
    assert arrows(read) == {"Grind > Sieve", "Sieve > Bake"}


def test_arrows_that_make_a_rectangle_are_no_frame() -> None:
    drawing = Drawing(width=1100, height=640)
    for text, x, y in (
        ("One", 150, 100),
        ("Two", 900, 100),
        ("Three", 900, 520),
        ("Four", 150, 520),
        ("Hub", 520, 310),
    ):
        drawing.box(text, x, y)
    drawing.line((226, 100), (824, 100))
    drawing.line((900, 131), (900, 489))
    drawing.line((824, 520), (226, 520))
    drawing.line((150, 489), (150, 131))
    read = drawing.read()
    assert read.containers == ()
    assert arrows(read) == {"One > Two", "Two > Three", "Three > Four", "Four > One"}


def test_a_note_with_a_folded_corner_is_one_box() -> None:
    drawing = Drawing()
    around = np.array([[100, 160], [210, 160], [240, 190], [240, 240], [100, 240]])
    cv2.polylines(drawing.pixels, [around], True, (0, 0, 0), 1)
    cv2.polylines(drawing.pixels, [np.array([[210, 160], [210, 190], [240, 190]])], False, (0, 0, 0), 1)
    drawing.write("Keep", 170, 188)
    drawing.write("minutes", 170, 212)
    drawing.box("Archive", 700, 200)
    drawing.line((241, 200), (624, 200))
    assert arrows(drawing.read()) == {"Keep minutes > Archive"}


@pytest.mark.parametrize("field", ["blank", "black", "noise", "tiny"])
def test_pictures_without_a_diagram_invent_nothing(field: str) -> None:
    chance = np.random.default_rng(3)
    drawing = Drawing(width=1, height=1) if field == "tiny" else Drawing()
    if field == "black":
        drawing.pixels[:] = 0
    if field == "noise":
        drawing.pixels[:] = chance.integers(0, 255, drawing.pixels.shape, dtype=np.uint8)
    if field != "tiny":
        drawing.words += [("stray", 300, 200, 60, 20), ("letters", 500, 320, 70, 20)]
    read = drawing.read()
    assert (read.nodes, read.edges, read.containers, read.legend) == ((), (), (), ())
    assert [text.text for text in read.unplaced] == [text for text, *_ in drawing.words]
    assert read.notices[0].startswith("No ")


def test_five_hundred_boxes_are_read() -> None:
    drawing = Drawing(width=3000, height=2600)
    for row in range(25):
        for column in range(20):
            drawing.box(f"B{row}x{column}", 80 + 148 * column, 50 + 102 * row, w=96, h=46)
            if column:
                drawing.line((80 + 148 * column - 99, 50 + 102 * row), (80 + 148 * column - 49, 50 + 102 * row))
    read = drawing.read()
    assert len(labels(read)) == 500
    told = {f"B{row}x{column - 1} > B{row}x{column}" for row in range(25) for column in range(1, 20)}
    assert len(arrows(read) & told) == 475
    assert len(arrows(read)) < 485

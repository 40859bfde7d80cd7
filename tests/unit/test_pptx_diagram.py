"""Shapes and connectors of slides are read as boxes and arrows."""

from __future__ import annotations

from typing import Any

from cml_mm.diagrams.values import Diagram
from cml_mm.media.pptx_diagram import slide_diagrams
from tests.support.diagram_samples import Slide, arrows, labels, lanes


def read(slide: Slide) -> tuple[Diagram, ...]:
    deck: Any = slide.saved()
    return slide_diagrams(deck.slides, float(deck.slide_width), float(deck.slide_height))


def test_connectors_join_shapes() -> None:
    slide = Slide()
    a, b = slide.box("Ask the\nneighbours", 0.5, 1), slide.box("Agree?", 4, 1, kind="DIAMOND")
    c, d = slide.box("Share tools", 7.5, 1, kind="OVAL", h=1.6), slide.box("Shed", 4, 4, kind="CAN")
    slide.line(a, b)
    slide.line(b, c, "head", kind="ELBOW")
    slide.line(d, b, "both", (0, 2), kind="CURVE")
    slide.line(c, d, "none", (2, 3))
    slide.words("twice a year", 2.3, 0.9)
    slide.words("Our street", 0.2, 6.8)
    (found,) = read(slide)
    assert arrows(found) == sorted([
        ("Ask the neighbours", "Agree?", "twice a year", "target"), ("Share tools", "Agree?", "", "target"),
        ("Shed", "Agree?", "", "both"), ("Share tools", "Shed", "", "none"),
    ])  # fmt: skip
    assert [node.shape for node in found.nodes] == ["box", "diamond", "circle", "cylinder"]
    assert [text.text for text in found.unplaced] == ["Our street"]
    assert all(edge.confidence == 1 for edge in found.edges) and found.face == "slide-1"


def test_boxes_are_in_the_unit_of_the_slide() -> None:
    slide = Slide()
    slide.line(slide.box("A", 1, 2, 1.5, 0.5), slide.box("B", 5, 2))
    (found,) = read(slide)
    box = found.nodes[0].box
    assert box is not None
    assert [round(side / 914_400, 3) for side in (box.x, box.y, box.w, box.h)] == [1, 2, 1.5, 0.5]
    assert (box.of_w, box.of_h) == (found.width, found.height) == (9_144_000, 6_858_000)


def test_loose_lines_near_shapes_are_less_sure() -> None:
    slide = Slide()
    slide.box("Well", 1, 1), slide.box("Trough", 5, 1), slide.box("Pond", 1, 5)
    slide.loose(2.65, 1.4, 4.95, 1.4)
    slide.loose(8, 6, 9, 7)
    (found,) = read(slide)
    assert arrows(found) == [("Well", "Trough", "", "target")] and 0.5 < found.edges[0].confidence < 1
    assert "near no shape" in found.notices[0] and labels(found) == ["Pond", "Trough", "Well"]


def test_groups_scale_and_frames_hold() -> None:
    slide = Slide()
    frame = slide.box("", 0.3, 0.5, 5, 3)
    frame.text_frame.text = "Kitchen crew"
    group = slide.shapes.add_group_shape()
    one = slide.box("Cook", 0.5, 1.2, on=group)
    other = slide.box("Wash up", 3, 1.2, on=group)
    slide.line(one, other)
    slide.line(other, slide.box("Dine", 7, 1.2))
    (found,) = read(slide)
    assert arrows(found) == [("Cook", "Wash up", "", "target"), ("Wash up", "Dine", "", "target")]
    assert lanes(found) == {"Kitchen crew": ["Cook", "Wash up"]}


def test_block_arrows_and_text_boxes_as_ends() -> None:
    slide = Slide()
    slide.box("Rain", 0.5, 1), slide.box("Barrel", 5, 1)
    slide.box("fills", 2.3, 1.1, 2.5, 0.6, kind="RIGHT_ARROW")
    words = slide.words("Garden", 5.2, 4)
    slide.line(slide.box("Can", 1, 4), words)
    (found,) = read(slide)
    assert arrows(found) == [("Can", "Garden", "", "target"), ("Rain", "Barrel", "fills", "target")]


def test_slides_that_join_nothing_are_no_diagrams() -> None:
    slide = Slide()
    slide.box("Alone", 1, 1), slide.box("Too", 5, 1)
    slide.words("Just words", 1, 4)
    assert read(slide) == ()


def test_hostile_slides() -> None:
    slide = Slide()
    a, b = slide.box("A", 1, 1), slide.box("B", 5, 1)
    slide.line(a, b)
    loose = slide.line(a, b)
    for frame in loose._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}off"):
        frame.set("x", "99999999999999")
    for frame in a._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}ext"):
        frame.set("cx", "-5")
    found = read(slide)
    assert all(part.box is None or part.box.w > 0 for one in found for part in one.nodes)

"""Boxes of drawn diagrams: shapes, colours, frames around them, legends, icons, and what is no diagram."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
import pytest

from cml_mm.media.raster.reader import read_picture_diagram
from cml_mm.ports import OcrLine
from cml_mm.types import Box
from tests.support.drawn_diagrams import Drawing, arrows, labels


def workshop() -> Drawing:
    drawing = Drawing()
    drawing.box("Ask the\nneighbours", 140, 100)
    drawing.diamond("Enough?", 700, 100)
    drawing.ellipse("Build", 700, 400)
    drawing.line((216, 100), (598, 100))
    drawing.line((700, 162), (700, 363))
    return drawing


WORKSHOP = {"Ask the neighbours > Enough?", "Enough? > Build"}


def is_near(box: Box | None, x: float, y: float, w: float, h: float, slack: float) -> bool:
    assert box is not None
    return all(abs(a - b) < slack for a, b in ((box.x, x), (box.y, y), (box.w, w), (box.h, h)))


def test_boxes_have_label_shape_and_place() -> None:
    read = workshop().read()
    found = {node.label: node for node in read.nodes}
    assert {label: node.shape for label, node in found.items()} == {
        "Ask the neighbours": "box",
        "Enough?": "diamond",
        "Build": "ellipse",
    }
    assert is_near(found["Ask the neighbours"].box, 65, 70, 150, 60, 6)
    assert is_near(found["Build"].box, 615, 365, 170, 70, 6)
    assert (read.width, read.height, read.face, read.origin) == (900, 500, "page-1", "picture")
    assert read.notices == ()


def test_colours_of_boxes() -> None:
    drawing = Drawing()
    drawing.box("Gold", 150, 100, fill=(255, 215, 0))
    drawing.box("Plain", 600, 100)
    drawing.line((226, 100), (524, 100))
    assert {node.label: node.colour for node in drawing.read().nodes} == {"Gold": "#ffd700", "Plain": "#ffffff"}


def test_light_lines_on_dark_ground() -> None:
    drawing = Drawing(paper=(30, 30, 30), ink=(220, 220, 220))
    drawing.box("Harvest", 150, 100, fill=(60, 20, 120))
    drawing.box("Share", 700, 300)
    drawing.line((226, 110), (624, 290))
    assert arrows(drawing.read()) == {"Harvest > Share"}


@pytest.mark.parametrize("degrees", [-3.5, 2.0])
def test_a_turned_picture_is_read_and_its_boxes_lie_on_it(degrees: float) -> None:
    drawing = workshop()
    turn = np.vstack([cv2.getRotationMatrix2D((450, 250), degrees, 1.0), [0, 0, 1]])
    pixels, lines = drawing.moved(turn, 900, 500, (255, 255, 255))
    read = read_picture_diagram(pixels, lines, None, "")
    assert arrows(read) == WORKSHOP
    ask = next(node for node in read.nodes if node.label.startswith("Ask")).box
    assert ask is not None
    x, y, _ = turn @ [140, 100, 1]
    assert math.hypot(ask.x + ask.w / 2 - x, ask.y + ask.h / 2 - y) < 6


def test_a_photo_of_a_page_is_flattened_and_its_boxes_lie_on_the_photo() -> None:
    drawing = workshop()
    there = np.array([[70, 50], [990, 90], [960, 610], [40, 570]], dtype=np.float32)
    page = np.array([[0, 0], [900, 0], [900, 500], [0, 500]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(page, there)
    pixels, lines = drawing.moved(matrix, 1040, 660, (150, 140, 128))
    light = np.linspace(0.75, 1.0, 1040)[None, :, None]
    photo = (pixels * light).astype(np.uint8)
    read = read_picture_diagram(photo, lines, None, "")
    assert arrows(read) == WORKSHOP
    build = next(node for node in read.nodes if node.label == "Build").box
    assert build is not None
    x, y = cv2.perspectiveTransform(np.array([[[700.0, 400.0]]]), matrix)[0, 0]
    assert math.hypot(build.x + build.w / 2 - x, build.y + build.h / 2 - y) < 8


def test_grain_and_blur() -> None:
    drawing = workshop()
    noise = np.random.default_rng(7).normal(0, 10, (500, 900, 1))
    drawing.pixels[:] = np.clip(cv2.GaussianBlur(drawing.pixels, (0, 0), 0.8) + noise, 0, 255).astype(np.uint8)
    assert arrows(drawing.read()) == WORKSHOP


def test_a_frame_holds_boxes_and_has_a_title() -> None:
    drawing = Drawing()
    cv2.rectangle(drawing.pixels, (40, 40), (420, 460), (90, 90, 90), 1)
    drawing.write("Working groups", 130, 62)
    drawing.box("Garden", 230, 160)
    drawing.box("Kitchen", 230, 360)
    drawing.box("Treasury", 740, 260)
    drawing.line((230, 191), (230, 329))
    drawing.line((306, 360), (664, 270))
    read = drawing.read()
    assert [container.label for container in read.containers] == ["Working groups"]
    inside = {node.label for node in read.nodes if node.container == read.containers[0].id}
    assert inside == {"Garden", "Kitchen"}
    assert is_near(read.containers[0].box, 40, 40, 380, 420, 8)
    assert arrows(read) == {"Garden > Kitchen", "Kitchen > Treasury"}


def test_a_legend_of_colours() -> None:
    drawing = Drawing()
    drawing.box("Plan", 150, 100, fill=(200, 230, 200))
    drawing.box("Spend", 600, 100, fill=(250, 210, 200))
    drawing.line((226, 100), (524, 100))
    for y, colour, text in ((380, (200, 230, 200), "members"), (420, (250, 210, 200), "staff")):
        cv2.rectangle(drawing.pixels, (60, y - 10), (80, y + 10), colour, cv2.FILLED)
        cv2.rectangle(drawing.pixels, (60, y - 10), (80, y + 10), (0, 0, 0), 1)
        drawing.write(text, 90 + 4 * len(text) + 20, y)
    read = drawing.read()
    assert {(entry.label, entry.colour) for entry in read.legend} == {("members", "#c8e6c8"), ("staff", "#fad2c8")}
    assert labels(read) == {"Plan", "Spend"}


def test_icons_with_captions_are_nodes() -> None:
    drawing = Drawing()
    for text, x in (("Pump", 150), ("Tank", 700)):
        cv2.circle(drawing.pixels, (x, 150), 38, (40, 90, 160), cv2.FILLED, cv2.LINE_AA)
        cv2.circle(drawing.pixels, (x, 150), 15, (240, 240, 240), cv2.FILLED, cv2.LINE_AA)
        drawing.write(text, x, 206)
    drawing.line((200, 150), (650, 150))
    read = drawing.read()
    assert {(node.label, node.shape) for node in read.nodes} == {("Pump", "icon"), ("Tank", "icon")}
    assert arrows(read) == {"Pump > Tank"}


def test_words_alone_at_the_end_of_a_line_are_a_node() -> None:
    drawing = Drawing()
    drawing.box("Fund", 150, 150)
    drawing.write("repairs", 640, 150)
    drawing.line((226, 150), (585, 150))
    read = drawing.read()
    assert {(node.label, node.shape) for node in read.nodes} == {("Fund", "box"), ("repairs", "text")}
    assert arrows(read) == {"Fund > repairs"}


def test_words_that_belong_nowhere_are_kept() -> None:
    drawing = workshop()
    drawing.write("How we build together", 220, 470)
    assert [text.text for text in drawing.read().unplaced] == ["How we build together"]


def test_boxes_without_lines_say_so() -> None:
    drawing = Drawing()
    drawing.box("One", 150, 100)
    drawing.box("Two", 600, 100)
    read = drawing.read()
    assert labels(read) == {"One", "Two"} and read.edges == ()
    assert read.notices == ("Boxes were found, but no lines between them.",)


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("kind", ["dot", "white", "black", "noise", "photo"])
def test_no_diagram_says_so_and_keeps_the_words(kind: str, words: bool) -> None:
    chance = np.random.default_rng(3)
    clouds = cv2.GaussianBlur(chance.integers(0, 255, (300, 400, 3)).astype(np.uint8), (0, 0), 9)
    pixels = {
        "dot": np.zeros((1, 1, 3), np.uint8),
        "white": np.full((300, 400, 3), 255, np.uint8),
        "black": np.zeros((300, 400, 3), np.uint8),
        "noise": chance.integers(0, 255, (300, 400, 3)).astype(np.uint8),
        "photo": cv2.normalize(clouds, None, 0, 255, cv2.NORM_MINMAX),
    }[kind]
    height, width = pixels.shape[:2]
    lines = (OcrLine("summer fair", Box(0.2, 0.2, 0.6 * width, 0.1 * height, width, height), 0.9),) if words else ()
    read = read_picture_diagram(pixels, lines, None, "p")
    assert read.nodes == () and read.edges == () and len(read.notices) == 1
    assert [text.text for text in read.unplaced] == (["summer fair"] if words else [])


def test_many_words_without_boxes_are_no_graph() -> None:
    drawing = Drawing(width=1200, height=900)
    drawing.box("Menu", 120, 60)
    drawing.box("Prices", 1000, 60)
    for row in range(8):
        for column in range(4):
            drawing.write(f"dish {row} {column}", 150 + 280 * column, 160 + 90 * row)
    read = drawing.read()
    assert read.edges == () and read.nodes == ()
    assert len(read.unplaced) == 34 and "structure" in read.notices[0]


@pytest.mark.parametrize(("rows", "columns", "arrows"), [(5, 6, False), (12, 14, False), (8, 10, True)])
def test_boxes_in_a_tight_grid_are_boxes_and_no_frames(rows: int, columns: int, arrows: bool) -> None:
    """Their sides line up to thousands of rectangles, which once took a minute and gigabytes to tell apart."""
    gap, wide, high = 30 if arrows else 10, 96, 40
    drawing = Drawing(width=columns * (wide + gap) + 60, height=rows * (high + gap) + 60)
    for row, column in itertools.product(range(rows), range(columns)):
        x, y = 80 + column * (wide + gap), 50 + row * (high + gap)
        drawing.box(f"B{row:02d}{column:02d}", x, y, w=wide, h=high)
        if arrows and column:
            drawing.line((x - wide // 2 - gap, y), (x - wide // 2, y))
    found = drawing.read()
    assert len(found.nodes) == rows * columns
    assert not found.containers
    assert arrows * rows * (columns - 1) <= len(found.edges) <= 1.1 * arrows * rows * (columns - 1)

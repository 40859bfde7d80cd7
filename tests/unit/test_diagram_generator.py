"""The diagrams that a reader is measured on: the same by seed, legible, and scored as they should be."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.diagram_drawing import drawn, flat
from benchmarks.diagram_making import Made, made_diagram
from benchmarks.diagram_scoring import Score, Tally, likeness, scored
from benchmarks.diagram_sets import made_sources
from benchmarks.diagram_shapes import overlap, rect_of, sampled, within
from benchmarks.diagram_spoiling import SPOILS, spoilt
from benchmarks.diagram_styles import LAYOUTS, Layout
from benchmarks.diagram_truth import read_truth, truth_json
from benchmarks.make_starter_diagrams import LARGEST_BYTES, STARTER_DIAGRAMS, written
from benchmarks.measure_diagrams import read_any
from benchmarks.starter_diagrams import SKETCHES
from cml_mm.corpus.folders import find_folder
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Heads
from cml_mm.settings import ROOT

QUESTIONS = ROOT / "benchmarks" / "diagram_questions.jsonl"


@pytest.fixture(scope="module", params=LAYOUTS)
def made(request: pytest.FixtureRequest) -> Made:
    layout: Layout = request.param
    return made_diagram(3, layout)


def test_the_same_seed_draws_the_same(made: Made) -> None:
    again = made_diagram(3, made.style.layout)
    assert again == made
    assert drawn(again).tobytes() == drawn(made).tobytes()
    assert made_diagram(4, made.style.layout).diagram != made.diagram


@pytest.mark.parametrize("layout", LAYOUTS)
def test_boxes_and_words_lie_apart_on_the_paper_and_lines_end_at_their_boxes(layout: Layout) -> None:
    for seed in range(20, 26):
        diagram = made_diagram(seed, layout).diagram
        rects = {node.id: rect_of(node.box) for node in diagram.nodes}
        words = [rect_of(edge.label_box) for edge in diagram.edges if edge.label_box]
        placed = [*rects.values(), *words]
        for number, one in enumerate(placed):
            assert 0 <= one[0] < one[2] <= diagram.width and 0 <= one[1] < one[3] <= diagram.height
            assert not any(overlap(one, other) for other in placed[:number])
        assert len({node.label for node in diagram.nodes}) == len(diagram.nodes)
        assert all(bool(edge.label) == (edge.label_box is not None) for edge in diagram.edges)
        for edge in diagram.edges:
            assert within(edge.polyline[0], rects[edge.source], 6)
            assert within(edge.polyline[-1], rects[edge.target], 6)
            others = [rect for name, rect in rects.items() if name not in (edge.source, edge.target)]
            assert not any(within(spot, rect) for spot in sampled(edge.polyline, 5) for rect in others)


def test_the_words_of_every_box_lie_in_it_and_nowhere_else(made: Made) -> None:
    picture = np.asarray(flat(drawn(made))).astype(int)
    assert picture.shape[:2] == (made.diagram.height, made.diagram.width)
    # What differs from the same drawing without words is the words.
    silent = replace(made.diagram, nodes=tuple(replace(node, label="") for node in made.diagram.nodes))
    icons = {node.id: "house" for node in made.diagram.nodes}
    words, bare = (
        np.asarray(flat(drawn(replace(made, diagram=diagram), icons))).astype(int) for diagram in (made.diagram, silent)
    )
    written_on = np.abs(words - bare).max(axis=2) > 60
    for node in made.diagram.nodes:
        left, top, right, foot = (round(side) for side in rect_of(node.box))
        assert written_on[top:foot, left:right].sum() > 5 * len(node.label), node.label
        written_on[top - 1 : foot + 1, left - 1 : right + 1] = False
    # By hand no two drawings of a line are alike, so there more differs.
    assert made.style.by_hand or not written_on.any()


def test_lanes_hold_the_boxes_that_they_say() -> None:
    for layout in ("lanes", "groups"):
        diagram = made_diagram(5, layout).diagram
        lanes = {lane.id: rect_of(lane.box) for lane in diagram.containers}
        assert len(lanes) >= 2
        for node in diagram.nodes:
            middle = (
                (rect_of(node.box)[0] + rect_of(node.box)[2]) / 2,
                (rect_of(node.box)[1] + rect_of(node.box)[3]) / 2,
            )
            assert [name for name, rect in lanes.items() if within(middle, rect)] == [node.container]


@pytest.mark.parametrize("kind", SPOILS)
def test_damage_changes_the_picture_and_takes_the_places_along(kind: str) -> None:
    # One black box on white: wherever the picture is bent to, the truth must lie upon it.
    box = made_diagram(1).diagram.nodes[0].box
    assert box is not None
    node = DiagramNode("n0", "Well", box=replace(box, x=120, y=90, w=80, h=50, of_w=400, of_h=300))
    picture = np.full((300, 400, 3), 255, np.uint8)
    picture[90:140, 120:200] = 0
    seen, moved = spoilt(picture, Diagram("", "picture", (node,), width=400, height=300), kind, random.Random(7))
    assert seen.shape != picture.shape or (seen != picture).any()
    left, top, right, foot = rect_of(moved.nodes[0].box)
    dark = np.argwhere(seen.mean(axis=2) < 90)
    assert np.abs(dark.min(axis=0) - (top, left)).max() < 5
    assert np.abs(dark.max(axis=0) - (foot, right)).max() < 5


def test_the_truth_is_written_and_read_again(made: Made, tmp_path: Path) -> None:
    drawn(made).save(tmp_path / "a.png")
    (tmp_path / "a.json").write_text(json.dumps(truth_json(made, made.diagram)), encoding="utf-8")
    truth, style = read_truth(tmp_path / "a.json")
    assert style["mode"] == made.style.layout
    found = scored(made.diagram, truth)
    assert found.is_perfect and found.words.recall == found.boxes.recall == found.shapes.recall == 1.0


def test_a_perfect_reading_and_an_empty_one() -> None:
    truth = graph(("a", "b", "target", "feeds"), ("b", "c", "none", ""), ("c", "a", "both", "asks"))
    perfect = scored(truth, truth)
    assert perfect.is_perfect and perfect.words == Tally(2, 2)
    assert (perfect.directed.known, perfect.undirected.known) == (4, 3)
    nothing = scored(truth, graph())
    assert (nothing.nodes.f1, nothing.directed.f1, nothing.words.recall) == (0.0, 0.0, 0.0)
    assert scored(graph(), graph()).is_perfect
    assert (perfect + nothing).nodes == Tally(3, 6, 3) and (Score() + perfect) == perfect


def test_a_reversed_arrow_counts_only_without_its_direction() -> None:
    found = scored(graph(("a", "b", "target", "feeds")), graph(("b", "a", "target", "feeds")))
    assert (found.directed.f1, found.undirected.f1, found.words.recall) == (0.0, 1.0, 0.0)


def test_heads_at_both_ends_are_two_arrows_and_none_is_neither() -> None:
    both, one, none = (graph(("a", "b", heads, "")) for heads in ("both", "target", "none"))
    assert scored(both, one).directed == Tally(1, 2, 1)
    assert scored(one, both).directed == Tally(1, 1, 2)
    assert scored(none, one).directed.hits == scored(one, none).directed.hits == 0
    assert scored(none, graph(("b", "a", "none", ""))).is_perfect


def test_labels_are_matched_one_to_one_however_they_stand() -> None:
    names = {"a": "Water board", "b": "Water boards"}
    truth = graph(("a", "b", "target", ""), labels=names)
    swapped = graph(("b", "a", "target", ""), labels={"a": "Water boards", "b": "WATER  BOARD"})
    assert scored(truth, swapped).is_perfect
    twice = graph(labels={"a": "Water board", "b": "Water board"})
    assert scored(graph(labels={"a": "Water board"}), twice).nodes == Tally(1, 1, 2)
    assert likeness("Water board", "Wa ter-bcard") >= 0.8 > likeness("Water board", "Treasurer")
    assert likeness("+", "-") == 0.0 and likeness("-", "−") == 1.0


def test_the_shipped_diagrams_are_those_that_the_script_writes() -> None:
    assert sorted(path.name for path in STARTER_DIAGRAMS.iterdir()) == sorted(sketch.name for sketch in SKETCHES)
    for sketch in SKETCHES:
        shipped = (STARTER_DIAGRAMS / sketch.name).read_bytes()
        assert len(shipped) < LARGEST_BYTES
        if sketch.name.endswith((".dot", ".mmd", ".puml", ".drawio")):
            assert shipped == written(sketch), sketch.name
        elif sketch.name.endswith((".png", ".jpg")):
            with Image.open(STARTER_DIAGRAMS / sketch.name) as image:
                assert image.size[0] >= sketch.size[0] and image.size[1] >= sketch.size[1]


def test_they_are_no_pages_of_the_library() -> None:
    folder = find_folder(STARTER_DIAGRAMS.parent)
    assert folder.patterns and not [path for path, _ in folder.files() if path.is_relative_to(STARTER_DIAGRAMS)]


def test_every_question_is_about_parts_that_are_in_its_diagram() -> None:
    sketches = {sketch.name: sketch for sketch in SKETCHES}
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len(questions) == len({question["id"] for question in questions}) == 20
    assert {question["file"] for question in questions} | {"decision-v1.png"} == set(sketches)
    for question in questions:
        asked = [sketches[question[key]] for key in ("file", "beside") if key in question]
        labels = {put.label for sketch in asked for put in sketch.boxes}
        arrows = {(arrow.source, arrow.target) for sketch in asked for arrow in sketch.arrows}
        assert question["answer"] and question["parts"]
        for part in question["parts"]:
            assert tuple(part) in arrows if len(part) == 2 else part[0] in labels, question["id"]
        said = {one for one in question["answer"] if isinstance(one, str)} - {"yes", "no", "reinforcing", "balancing"}
        assert said <= labels, question["id"]


def test_what_is_written_as_a_source_is_read_back_without_fault() -> None:
    items = list(made_sources(3, len(LAYOUTS)))
    assert len(items) == 6 * len(LAYOUTS)
    for item in items:
        found = read_any(item).diagrams
        assert len(found) == 1, item.name
        score = scored(item.truth, found[0])
        assert score.is_perfect and score.words.recall == 1.0, item.name


def graph(*arrows: tuple[str, str, Heads, str], labels: dict[str, str] | None = None) -> Diagram:
    """A diagram of these arrows (from, to, heads, words); its boxes are named by `labels`, else by their ids."""
    known = {"a": "Assembly", "b": "Granary", "c": "Treasury"}
    names = labels or {end: known[end] for arrow in arrows for end in arrow[:2]}
    nodes = tuple(DiagramNode(name, label) for name, label in names.items())
    edges = tuple(DiagramEdge(f"e{n}", a, b, said, heads) for n, (a, b, heads, said) in enumerate(arrows))
    return Diagram("", "picture", nodes, edges)

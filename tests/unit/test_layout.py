"""Diagrams without places are laid out: nothing overlaps, groups hold what is theirs, arrows lead on."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from cml_mm.diagrams.layout import laid_out
from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode
from cml_mm.types import Box


def graph(nodes: int, edges: list[tuple[int, int]], lanes: int = 0) -> Diagram:
    return Diagram(
        "",
        "dot",
        tuple(
            DiagramNode(f"n{at}", f"Box number {at}", container=f"lane{at % lanes}" if lanes else "")
            for at in range(nodes)
        ),
        tuple(DiagramEdge(f"e{at}", f"n{a}", f"n{b}", "says") for at, (a, b) in enumerate(edges)),
        tuple(DiagramContainer(f"lane{at}", f"Lane {at}") for at in range(lanes)),
    )


def boxes(diagram: Diagram) -> dict[str, Box]:
    return {part.id: part.box for part in (*diagram.nodes, *diagram.containers) if part.box is not None}


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.w and other.x < one.x + one.w and one.y < other.y + other.h and other.y < one.y + one.h
    )


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.w <= outer.x + outer.w
        and inner.y + inner.h <= outer.y + outer.h
    )


@pytest.mark.parametrize("direction", ["TB", "BT", "LR", "RL"])
@pytest.mark.parametrize("lanes", [0, 3])
def test_nothing_overlaps_and_all_is_on_the_sheet(direction: str, lanes: int) -> None:
    dice = random.Random(3)
    for _ in range(8):
        count = dice.randint(2, 40)
        edges = [(dice.randrange(count), dice.randrange(count)) for _ in range(dice.randint(1, 60))]
        found = laid_out(graph(count, edges, lanes), direction)
        placed = boxes(found)
        assert len(placed) == count + lanes
        for one, other in combinations([node.id for node in found.nodes], 2):
            assert not overlap(placed[one], placed[other])
        for one, other in combinations([group.id for group in found.containers], 2):
            assert not overlap(placed[one], placed[other])
        for node in found.nodes:
            for group in found.containers:
                assert holds(placed[group.id], placed[node.id]) == (node.container == group.id)
        sheet = Box(0, 0, found.width, found.height, found.width, found.height)
        assert all(holds(sheet, box) and (box.of_w, box.of_h) == (found.width, found.height) for box in placed.values())


def test_arrows_lead_down_and_end_at_borders() -> None:
    found = laid_out(graph(5, [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4), (4, 1)]))
    placed = boxes(found)
    assert [placed[f"n{at}"].y for at in range(5)] == sorted({placed[f"n{at}"].y for at in range(5)})
    for edge in found.edges:
        for point, box in ((edge.polyline[0], placed[edge.source]), (edge.polyline[-1], placed[edge.target])):
            to_border = min(
                abs(point[0] - box.x),
                abs(point[0] - box.x - box.w),
                abs(point[1] - box.y),
                abs(point[1] - box.y - box.h),
            )
            assert to_border < 0.5
        assert edge.label_box is not None


def test_the_same_graph_is_laid_out_the_same() -> None:
    one = graph(30, [(at, (7 * at) % 30) for at in range(30)], 2)
    assert laid_out(one) == laid_out(one)


def test_two_arrows_between_the_same_boxes_do_not_cover_each_other() -> None:
    found = laid_out(graph(2, [(0, 1), (1, 0), (0, 0)]))
    lines = [edge.polyline for edge in found.edges]
    assert len(set(lines)) == 3 and tuple(reversed(lines[0])) != lines[1] and len(lines[2]) > 2


def test_places_that_are_there_are_kept() -> None:
    first = laid_out(graph(3, [(0, 1)]))
    assert laid_out(first) == first


def test_many_boxes_and_groups_that_hold_each_other() -> None:
    dice = random.Random(5)
    found = laid_out(graph(500, [(dice.randrange(500), dice.randrange(500)) for _ in range(700)]))
    assert len(boxes(found)) == 500
    odd = Diagram(
        "", "dot", (DiagramNode("a", "A", container="x"),), (DiagramEdge("e", "a", "y"),),
        (DiagramContainer("x", "X", parent="y"), DiagramContainer("y", "Y", parent="x")),
    )  # fmt: skip
    assert len(boxes(laid_out(odd))) == 3
    assert laid_out(Diagram("", "dot")) == Diagram("", "dot")

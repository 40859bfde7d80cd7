"""What a person may change in a diagram, what that does to the rest of it, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cml_mm.diagrams.editing import LONGEST_LABEL, MOST_EDITS, MOST_PARTS, corrected, new_id
from cml_mm.diagrams.values import (
    AddEdge,
    AddNode,
    Confirm,
    Delete,
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramEdit,
    DiagramNode,
    FreeText,
    LegendEntry,
    Rename,
    Reverse,
    SetHeads,
)
from cml_mm.errors import InputError, LimitExceeded
from cml_mm.types import Box


def box(x: float, y: float, w: float = 100, h: float = 40) -> Box:
    return Box(x, y, w, h, 800, 600)


DIAGRAM = Diagram(
    title="Boat shed",
    origin="picture",
    nodes=(
        DiagramNode("n1", "Harbour meeting", "box", box(100, 100), 0.5, "lane-2"),
        DiagramNode("n2", "Shed keeper", "ellipse", box(500, 100), 0.9, "lane-1"),
        DiagramNode("n3", "Key list", "note", box(100, 400)),
    ),
    edges=(
        DiagramEdge("e1", "n1", "n2", "appoints", "target", ((200, 120), (350, 90), (500, 120)), 0.4, "dashed"),
        DiagramEdge("e2", "n2", "n3", "writes", label_box=box(300, 250, 40, 12)),
        DiagramEdge("e3", "lane-1", "n3"),
    ),
    containers=(
        DiagramContainer("lane-1", "Members", box(50, 50, 700, 200)),
        DiagramContainer("lane-2", "Boat owners", box(60, 60, 200, 150), "lane-1", 0.55),
    ),
    legend=(LegendEntry("#ffcc00", "paid work"),),
    unplaced=(FreeText("Drawn in spring"),),
    width=800,
    height=600,
    face="picture-1",
    notices=("One arrow is unclear.",),
)


def part(diagram: Diagram, wanted: str) -> DiagramNode | DiagramEdge | DiagramContainer:
    return next(one for one in diagram.parts if one.id == wanted)


def rest(diagram: Diagram, *but: str) -> Diagram:
    """The diagram without some of its parts and without the count, to be compared."""
    return replace(
        diagram,
        nodes=tuple(one for one in diagram.nodes if one.id not in but),
        edges=tuple(one for one in diagram.edges if one.id not in but),
        containers=tuple(one for one in diagram.containers if one.id not in but),
        corrections=0,
    )


@pytest.mark.parametrize("wanted", ["n1", "e1", "lane-2"])
def test_other_words_change_one_part_and_make_it_sure(wanted: str) -> None:
    before = part(DIAGRAM, wanted)
    now = corrected(DIAGRAM, (Rename(wanted, "  Board\n of\tthree "),))
    assert part(now, wanted) == replace(before, label="Board of three", confidence=1.0)
    assert rest(now, wanted) == rest(DIAGRAM, wanted)
    assert (now.corrections, DIAGRAM.corrections) == (1, 0)


def test_an_arrow_may_say_nothing_and_then_its_words_stand_nowhere() -> None:
    edge = part(corrected(DIAGRAM, (Rename("e2", " "),)), "e2")
    assert isinstance(edge, DiagramEdge)
    assert (edge.label, edge.label_box) == ("", None)


def test_a_new_box_stands_in_the_smallest_lane_around_its_middle() -> None:
    now = corrected(DIAGRAM, (AddNode("Treasurer", box(70, 80, 60, 30), "circle"), AddNode("Far", box(600, 500))))
    assert [one.id for one in now.nodes] == ["n1", "n2", "n3", "added-1", "added-2"]
    first, second = now.nodes[-2:]
    assert first == DiagramNode("added-1", "Treasurer", "circle", box(70, 80, 60, 30), 1.0, "lane-2")
    assert second.container == ""
    assert now.corrections == 2


def test_a_new_box_is_brought_into_the_diagrams_unit_and_onto_it() -> None:
    given = Box(0.8, 0.9, 0.4, 0.2, 1.0, 1.0)  # in shares, over the right and lower border
    node = corrected(DIAGRAM, (AddNode("Edge case", given),)).nodes[-1]
    assert node.box is not None
    assert (node.box.x, node.box.y, node.box.w, node.box.h) == pytest.approx((640, 540, 160, 60))
    assert (node.box.of_w, node.box.of_h) == (800, 600)


def test_a_new_arrow_runs_from_border_to_border() -> None:
    now = corrected(DIAGRAM, (AddEdge("n1", "n2", " asks  for ", "both"),))
    assert now.edges[-1] == DiagramEdge("added-1", "n1", "n2", "asks for", "both", ((200, 120), (500, 120)))
    down = corrected(DIAGRAM, (AddEdge("n1", "n3"),)).edges[-1]
    assert down.polyline == ((150, 140), (150, 400))


def test_a_new_arrow_may_lead_to_a_lane_a_box_without_place_or_itself() -> None:
    loose = replace(DIAGRAM, nodes=(*DIAGRAM.nodes, DiagramNode("n4", "No place")))
    now = corrected(loose, (AddEdge("n3", "lane-2"), AddEdge("n3", "n4"), AddEdge("n3", "n3", "again")))
    assert [bool(edge.polyline) for edge in now.edges[-3:]] == [True, False, False]


def test_a_box_and_an_arrow_to_it_are_added_in_one_go() -> None:
    name = new_id(DIAGRAM)
    now = corrected(DIAGRAM, (AddNode("Treasurer", box(300, 450)), AddEdge("n2", name)))
    assert (now.edges[-1].id, now.edges[-1].target) == ("added-2", "added-1")
    assert new_id(now) == "added-3"
    assert new_id(corrected(now, (Delete("added-1"),))) == "added-1"


def test_with_a_box_go_its_arrows() -> None:
    now = corrected(DIAGRAM, (Delete("n2"),))
    assert [one.id for one in now.nodes] == ["n1", "n3"]
    assert [one.id for one in now.edges] == ["e3"]
    assert now.containers == DIAGRAM.containers


def test_an_arrow_goes_alone() -> None:
    now = corrected(DIAGRAM, (Delete("e1"),))
    assert rest(now) == rest(DIAGRAM, "e1")


def test_what_a_deleted_lane_held_stands_in_the_lane_around_it() -> None:
    inner = corrected(DIAGRAM, (Delete("lane-2"),))
    assert [one.container for one in inner.nodes] == ["lane-1", "lane-1", ""]
    assert [one.id for one in inner.edges] == ["e1", "e2", "e3"]
    outer = corrected(DIAGRAM, (Delete("lane-1"),))
    assert [one.container for one in outer.nodes] == ["lane-2", "", ""]
    assert [(one.id, one.parent) for one in outer.containers] == [("lane-2", "")]
    assert [one.id for one in outer.edges] == ["e1", "e2"]  # the third arrow led from the lane


def test_a_reversed_arrow_keeps_its_way_words_and_style() -> None:
    edge = part(corrected(DIAGRAM, (Reverse("e1"),)), "e1")
    assert edge == DiagramEdge(
        "e1", "n2", "n1", "appoints", "target", ((500, 120), (350, 90), (200, 120)), 1.0, "dashed"
    )
    twice = corrected(DIAGRAM, (Reverse("e1"), Reverse("e1")))
    assert twice.edges[0] == replace(DIAGRAM.edges[0], confidence=1.0)
    assert twice.corrections == 2


@pytest.mark.parametrize("heads", ["target", "both", "none"])
def test_heads_are_set_and_nothing_else(heads: str) -> None:
    edge = part(corrected(DIAGRAM, (SetHeads("e1", heads),)), "e1")  # type: ignore[arg-type]
    assert edge == replace(DIAGRAM.edges[0], heads=heads, confidence=1.0)


@pytest.mark.parametrize("wanted", ["n1", "e1", "lane-2"])
def test_a_doubtful_part_that_is_confirmed_is_doubtful_no_more(wanted: str) -> None:
    assert wanted in DIAGRAM.unclear
    now = corrected(DIAGRAM, (Confirm(wanted),))
    assert wanted not in now.unclear
    assert len(now.unclear) == len(DIAGRAM.unclear) - 1
    assert rest(now, wanted) == rest(DIAGRAM, wanted)


def test_edits_see_what_those_before_them_did() -> None:
    now = corrected(DIAGRAM, (Delete("n2"), AddEdge("n1", "n3"), Rename("added-1", "hands over"), Reverse("added-1")))
    assert [(one.source, one.target, one.label) for one in now.edges] == [
        ("lane-1", "n3", ""),
        ("n3", "n1", "hands over"),
    ]
    assert now.corrections == 4
    assert corrected(now, (Confirm("n1"),)).corrections == 5
    assert corrected(DIAGRAM, ()) == DIAGRAM


REFUSED: list[tuple[DiagramEdit, str]] = [
    (Rename("n9", "x"), "no part"),
    (Rename("n1", " \n "), "needs some words"),
    (Rename("lane-1", ""), "needs some words"),
    (Rename("n1", "\x00\x07"), "needs some words"),
    (Rename("n1", "x" * (LONGEST_LABEL + 1)), "characters long"),
    (Rename("e1", "x" * (LONGEST_LABEL + 1)), "characters long"),
    (AddNode("", box(1, 1)), "needs some words"),
    (AddNode("x", box(900, 1)), "no place"),
    (AddNode("x", box(-200, 1)), "no place"),
    (AddNode("x", box(1, 1, 0, 5)), "no place"),
    (AddNode("x", box(1, 1, 5, -5)), "no place"),
    (AddNode("x", box(float("nan"), 1)), "no place"),
    (AddNode("x", box(1, 1, float("inf"))), "no place"),
    (AddNode("x", Box(1, 1, 1, 1, 0, 600)), "no place"),
    (AddEdge("n1", "n9"), "no part 'n9'"),
    (AddEdge("n9", "n1"), "no part 'n9'"),
    (AddEdge("e1", "n1"), "no part 'e1'"),
    (AddEdge("n1", "n2", "appoints"), "such an arrow already, from “Harbour meeting” to “Shed keeper”"),
    (AddEdge("n1", "n2", "x" * (LONGEST_LABEL + 1)), "characters long"),
    (Delete("n9"), "no part"),
    (Delete(""), "no part"),
    (Reverse("n1"), "Only an arrow"),
    (Reverse("e9"), "no part"),
    (SetHeads("lane-1", "both"), "Only an arrow"),
    (SetHeads("e9", "none"), "no part"),
    (Confirm("e9"), "no part"),
    (Confirm("x" * 9_999), "no part"),
]


@pytest.mark.parametrize(
    ("edit", "words"), REFUSED, ids=[f"{type(e).__name__}-{n}" for n, (e, _) in enumerate(REFUSED)]
)
def test_what_cannot_be_is_refused_in_words(edit: DiagramEdit, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        corrected(DIAGRAM, (Confirm("n1"), edit))
    assert caught.value.hint
    assert len(str(caught.value)) < 400


def test_too_many_edits_and_too_many_parts_are_refused() -> None:
    with pytest.raises(LimitExceeded, match=f"{MOST_EDITS + 1} changes"):
        corrected(DIAGRAM, (Confirm("n1"),) * (MOST_EDITS + 1))
    full = replace(DIAGRAM, nodes=tuple(DiagramNode(f"n{n}", "x") for n in range(MOST_PARTS)), edges=(), containers=())
    for edit in (AddNode("y", box(1, 1)), AddEdge("n1", "n2")):
        with pytest.raises(LimitExceeded, match="as many as can be changed"):
            corrected(full, (edit,))
    assert len(corrected(full, (Delete("n1"), AddNode("y", box(1, 1)))).nodes) == MOST_PARTS

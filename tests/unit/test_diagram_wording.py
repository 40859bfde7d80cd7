"""A diagram in words: every part on a line of its own, found again by its id."""

from __future__ import annotations

from dataclasses import replace

from cml_mm.diagrams.alt_text import LONGEST, alt_text
from cml_mm.diagrams.values import (
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramNode,
    FreeText,
    LegendEntry,
)
from cml_mm.diagrams.wording import Worded, part_names, worded
from cml_mm.prose import paragraphs

MILL = Diagram(
    "How the mill is run",
    "picture",
    nodes=(
        DiagramNode("a", "Assembly", container="m"),
        DiagramNode("b", "Board", "rounded", container="m"),
        DiagramNode("q", "Agreed?", "diamond"),
        DiagramNode("f", "Repair\n fund", "cylinder", confidence=0.4),
    ),
    edges=(
        DiagramEdge("e1", "a", "b", "appoints"),
        DiagramEdge("e2", "b", "q"),
        DiagramEdge("e3", "q", "f", "yes", "none"),
        DiagramEdge("e4", "f", "a", "", "both"),
        DiagramEdge("e5", "q", "m", "no"),
    ),
    containers=(DiagramContainer("m", "Members"), DiagramContainer("x", "", parent="m")),
    legend=(LegendEntry("#2e7d32", "decides"),),
    unplaced=(FreeText("Drawn in 1998"), FreeText("  ")),
    face="picture-1",
)


def line_of(said: Worded, part: str) -> str:
    (found,) = [said.text[start:end] for name, start, end in said.spans if name == part]
    return found


def test_every_part_is_said_on_a_line_of_its_own() -> None:
    said = worded(MILL)
    assert said.heading == "Diagram: How the mill is run"
    assert said.text.split("\n\n") == [
        "Box: Assembly",
        "Rounded box: Board",
        "Diamond: Agreed?",
        "Cylinder: Repair fund",
        "In the lane Members: Assembly, Board, a lane without a name",
        "In a lane without a name: nothing",
        "Assembly → Board: appoints",
        "Board → Agreed?",
        "Agreed? — Repair fund: yes",
        "Repair fund ↔ Assembly",
        "Agreed? → the lane Members: no",
        "The colour dark green stands for decides",
        "Also written: Drawn in 1998",
    ]
    assert {part for part, _, _ in said.spans} == {part.id for part in MILL.parts}
    assert line_of(said, "e1") == "Assembly → Board: appoints"
    assert line_of(said, "m").startswith("In the lane Members")
    ((place, start, end),) = said.free
    assert (place, said.text[start:end]) == (0, "Also written: Drawn in 1998")


def test_every_line_is_a_paragraph_that_can_be_quoted() -> None:
    said = worded(MILL)
    assert [part.of(said.text) for part in paragraphs(said.text)] == said.text.split("\n\n")


def test_the_same_diagram_gives_the_same_words() -> None:
    assert worded(MILL) == worded(replace(MILL))


def test_equal_labels_are_told_apart_by_their_lanes_or_by_numbers() -> None:
    nodes = (
        DiagramNode("1", "Vote", container="m"),
        DiagramNode("2", "vote", container="c"),
        DiagramNode("3", "Store"),
        DiagramNode("4", "Store"),
        DiagramNode("5", "Store (2)"),
        DiagramNode("6", ""),
        DiagramNode("7", " "),
        DiagramNode("8", "Council"),
    )
    lanes = (DiagramContainer("m", "Members"), DiagramContainer("c", "Council"), DiagramContainer("d", "Council"))
    diagram = Diagram("", "dot", nodes, (DiagramEdge("e", "1", "2"), DiagramEdge("f", "3", "4")), lanes)
    names = part_names(diagram)
    assert names["1"] == "Vote (in Members)" and names["2"] == "vote (in Council)"
    assert (names["3"], names["4"], names["5"]) == ("Store (1)", "Store (3)", "Store (2)")
    assert (names["6"], names["7"]) == ("box without words (1)", "box without words (2)")
    assert (names["8"], names["c"], names["d"]) == ("Council", "the lane Council (1)", "the lane Council (2)")
    assert len({name.casefold() for name in names.values()}) == len(names)
    said = worded(diagram)
    assert line_of(said, "e") == "Vote (in Members) → vote (in Council)"
    assert line_of(said, "f") == "Store (1) → Store (3)"


def test_long_labels_stay_whole_and_strange_ones_keep_to_their_line() -> None:
    long = "The members who are present " * 40
    diagram = Diagram("", "dot", (DiagramNode("a", long), DiagramNode("b", "x\x00y\n\nz → w")))
    lines = worded(diagram).text.split("\n\n")
    assert lines == [f"Box: {long.strip()}", "Box: xy z → w"]


def test_the_heading_names_the_side_that_it_stands_on() -> None:
    bare = Diagram("", "picture")
    assert worded(replace(bare, face="page-4")).heading == "Diagram on page 4"
    assert worded(replace(bare, face="slide-2")).heading == "Diagram on slide 2"
    assert worded(replace(bare, face="picture-1")).heading == "Diagram on picture 1"
    assert (worded(bare).heading, worded(bare).text) == ("Diagram", "")


def test_alt_text_says_size_ends_way_and_loop() -> None:
    def arrows(*pairs: str) -> tuple[DiagramEdge, ...]:
        return tuple(DiagramEdge(pair, pair[0], pair[1]) for pair in pairs)

    nodes = tuple(DiagramNode(sign, f"Step {sign}") for sign in "abcd")
    line = Diagram("Repairs", "dot", nodes, arrows("ab", "bc", "cd"))
    assert alt_text(line) == (
        "Diagram “Repairs” of 4 boxes and 3 arrows. It leads from Step a to Step d. "
        "The longest way: Step a, Step b, Step c, Step d."
    )
    ring = Diagram("", "dot", nodes[:3], arrows("ab", "bc", "ca"), (DiagramContainer("m", "Members"),))
    assert alt_text(ring) == ("Diagram of 3 boxes and 3 arrows in 1 lane. It loops through Step a, Step b and Step c.")
    both = Diagram("", "dot", nodes[:2], (DiagramEdge("e", "a", "b", heads="both"),))
    assert "It loops through Step a and Step b." in alt_text(both)
    loose = Diagram("", "dot", nodes[:2], (DiagramEdge("e", "a", "b", heads="none"),))
    assert alt_text(loose) == "Diagram of 2 boxes and 1 arrow."
    assert "No boxes" in alt_text(Diagram("", "picture")) or "no boxes" in alt_text(Diagram("", "picture"))


def test_alt_text_stays_short_however_much_there_is() -> None:
    nodes = tuple(DiagramNode(str(number), f"{number} {'long words ' * 30}") for number in range(800))
    edges = tuple(DiagramEdge(f"e{number}", str(number), str((number * 7 + 1) % 800)) for number in range(800))
    said = alt_text(Diagram("A title that goes on " * 20, "dot", nodes, edges))
    assert 40 < len(said) <= LONGEST and said.endswith(".")

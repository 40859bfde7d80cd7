"""Questions to a diagram in words that fit no form: what they speak of, what they want, and what is left alone."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from cml_mm.answering.diagram_mentions import Mentions
from cml_mm.answering.diagram_questions import read_diagram_question
from cml_mm.answering.diagram_versions import asked_of_each, narrowed, without_names
from cml_mm.diagrams.labels import stem_of
from cml_mm.diagrams.pieces import narrows, pieces
from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import Diagram
from tests.support.drawn_files import edge, lane, node

MILL = DiagramGraph(
    Diagram(
        "How flour gets to the shop",
        "mermaid",
        (
            node("g", "Buy the grain", "lb"),
            node("d", "Grain from members", "lb"),
            node("s", "Grain store", "lm"),
            node("q", "Dry enough?", "lm", shape="diamond"),
            node("r", "Drying floor", "lm"),
            node("m", "Grind the flour", "lm"),
            node("p", "Corner shop"),
            node("k", "School kitchen"),
            node("e", "Stop", shape="circle"),
            node("x", "Old windmill"),
            node("y", "Museum club"),
        ),
        (
            edge("gs", "g", "s"),
            edge("ds", "d", "s", "one sack in ten"),
            edge("sq", "s", "q"),
            edge("qm", "q", "m", "yes"),
            edge("qr", "q", "r", "no"),
            edge("rq", "r", "q"),
            edge("mp", "m", "p"),
            edge("mk", "m", "k"),
            edge("ke", "k", "e"),
            edge("xy", "x", "y", heads="none"),
        ),
        (lane("lb", "Buyers"), lane("lm", "Mill crew")),
    )
)


@pytest.mark.parametrize(
    ("wording", "kind", "first", "second"),
    [
        ("Where do we get the flour for grinding from?", "before", "m", ""),
        ("what hapens next once we are at the drying floor", "after", "r", ""),
        ("How does our members' grain end up in the corner shop?", "path", "d", "p"),
        ("Has the drying floor any bearing on what the school kitchen gets?", "leads", "r", "k"),
        ("Is grinding flour after the drying floor?", "leads", "m", "r"),
        ("Is the museum club connected to the windmill in any way?", "joined", "y", "x"),
        ("Who are the partners of the museum club?", "about", "y", ""),
        ("How much of the members' grain goes to the store?", "arrow_label", "d", "s"),
        ("What is the mill crew there for?", "in_lane", "lm", ""),
        ("In whose hands is the grain buying?", "lane_of", "g", ""),
        ("If the corner shop disappears, who is hit?", "all_after", "p", ""),
        ("Does anything go round and round?", "loops", "", ""),
        ("Where do we have to choose?", "decisions", "", ""),
        ("Is something cut off from the rest?", "apart", "", ""),
        ("Is there a bottle neck?", "bottleneck", "", ""),
        ("Are there arrows, who gives to whom?", "heads", "", ""),
        ("Where might we get stuck?", "leaves", "", ""),
        ("Could you explain the whole flow in plain words?", "describe", "", ""),
        ("how many decisions are there in it", "count", "", ""),
    ],
)
def test_what_is_wanted_and_of_which_boxes(wording: str, kind: str, first: str, second: str) -> None:
    read = read_diagram_question(wording, MILL)
    assert read is not None and read.kind == kind, read
    assert [part for subject in read.subjects for part in subject.parts] == ([first] if first else [])
    assert [part for subject in read.others for part in subject.parts] == ([second] if second else [])


@pytest.mark.parametrize(
    "wording",
    [
        "When does the shop open?",
        "How long does the flour keep?",
        "Why do mills close?",
        "What should we do about the drying floor?",
        "What do my files say about the corner shop?",
        "What is written about grain in the document?",
        "How can twelve people share work fairly?",
        "What does bread cost?",
        "Who was the first miller in Kent?",
        "Which law holds for mills?",
        "Thanks, that helps",
        "How many members do we have?",
        "What does the mill crew earn?",
    ],
)
def test_what_no_arrow_tells_is_left_to_the_words(wording: str) -> None:
    read = read_diagram_question(wording, MILL)
    assert read is None or read.missing, read


def test_a_box_that_is_not_there_is_not_taken_for_one_with_a_word_of_it() -> None:
    read = read_diagram_question("What comes after the museum visit?", MILL)
    assert read is not None and read.missing


def test_beside_other_sources_nothing_is_read_loosely() -> None:
    assert read_diagram_question("Does anything go round and round?", MILL, spoken=False) is None
    assert read_diagram_question("In whose hands is the grain buying?", MILL, spoken=False) is None


def test_mentions_are_found_in_any_order_and_a_word_of_two_labels_is_none() -> None:
    labels = [("t", "Tenants' union"), ("c", "Credit union"), ("p", "Pay the invoice")]
    said = Mentions.of("Who sees that an invoice gets paid?", labels)
    assert [one.part for one in said.found] == ["p"] and "«0»" in said.text
    assert not Mentions.of("What does the union want?", labels).found
    assert [one.part for one in Mentions.of("Does the credit union know the tenants?", labels).found] == ["c", "t"]


def test_pieces_and_narrow_places() -> None:
    assert [{one.id for one in piece} for piece in pieces(MILL)][1:] == [{"x", "y"}]
    found = narrows(MILL)
    assert {one.node.id for one in found} == {"s", "q", "m"} and {(one.held, one.ways) for one in found} == {(4, 4)}
    row = DiagramGraph(Diagram("", "dot", (node("a", "A"), node("b", "B")), (edge("ab", "a", "b"),)))
    assert not narrows(row) and len(pieces(row)) == 1


def test_narrow_places_are_those_without_which_ends_are_cut_off() -> None:
    chance = random.Random(2)
    met = 0
    for _ in range(200):
        size = chance.randint(4, 9)
        pairs = [(chance.randrange(size), chance.randrange(size)) for _ in range(chance.randint(4, 12))]
        one = _drawn(size, pairs)
        starts, ends = [node.id for node in one.roots], {node.id for node in one.leaves}
        ways = sum(len({step.end for step in one.after(start)} & ends) for start in starts)
        held = {}
        for box in one.diagram.nodes:
            without = _drawn(size, [pair for pair in pairs if box.label not in map(str, pair)])
            left = sum(len({step.end for step in without.after(start)} & ends) for start in starts)
            if box.id not in {*starts, *ends} and len(one.joined(box.id)) > 2 and ways - left > 1:
                held[box.id] = ways - left
        most = {(part, ways) for part, ways in held.items() if ways == max(held.values())}
        assert {(found.node.id, found.held) for found in narrows(one)} == most
        met += bool(most)
    assert met > 5


def _drawn(size: int, pairs: Sequence[tuple[int, int]]) -> DiagramGraph:
    nodes = tuple(node(f"n{at}", str(at)) for at in range(size))
    return DiagramGraph(
        Diagram("", "dot", nodes, tuple(edge(f"e{at}", f"n{a}", f"n{b}") for at, (a, b) in enumerate(pairs)))
    )


def test_narrow_places_of_a_large_diagram() -> None:
    # forty beginnings and forty ends on both sides of one box, with rows of boxes before and behind it
    before = [(at, at + 40) for at in range(920)] + [(at, 960) for at in range(920, 960)]
    behind = [(960, at) for at in range(961, 1001)] + [(at, at + 40) for at in range(961, 1961)]
    large = _drawn(2001, [*before, *behind])
    assert [(found.node.label, found.held, found.ways) for found in narrows(large)] == [("960", 1600, 1600)]
    assert len(pieces(large)[0]) == 2001


def test_versions() -> None:
    assert narrowed("Which steps did we drop from v1?") == "removed"
    assert narrowed("What was added in the newer version?") == "added"
    assert narrowed("Does the board still decide in the new version?") == "still"
    assert narrowed("Does the board still decide?") == ""
    assert asked_of_each("Is there a loop in both versions?", ("old plan", "new plan")) == (
        "Is there a loop in old plan?",
        "Is there a loop in new plan?",
    )
    assert not asked_of_each("Is there a loop?", ("old plan", "new plan"))
    assert without_names("In joining-v1.mmd, what comes after the fee?", ("joining-v1",)) == "what comes after the fee?"
    assert without_names("What comes before plan?", ("plan",)) == "What comes before plan?"


def test_words_that_change_within_are_one_word() -> None:
    assert stem_of("paid") == stem_of("pays") == stem_of("paying")
    assert stem_of("membership") == stem_of("members")


@pytest.mark.parametrize(
    ("wording", "kind", "parts"),
    [
        ("Is there one step that everything has to pass?", "bottleneck", []),
        ("Which box does not depend on any other?", "roots", []),
        ("Is anyone left out, with no link to the others?", "apart", []),
        ("Which crews are there?", "lanes", []),
        ("Does the school kitchen lead anywhere?", "after", ["k"]),
        ("Does anything come before the grain store?", "before", ["s"]),
        ("which boxes can you get to from the drying floor", "all_after", ["r"]),
        ("what's the role of the grain store", "about", ["s"]),
    ],
)
def test_more_of_the_whole_and_of_open_ends(wording: str, kind: str, parts: list[str]) -> None:
    read = read_diagram_question(wording, MILL)
    assert read is not None and read.kind == kind, read
    assert [part for subject in read.subjects for part in subject.parts] == parts

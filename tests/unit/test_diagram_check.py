"""Sentences held against cited lines of a diagram, whoever wrote them."""

from __future__ import annotations

import pytest

from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.diagram_check import diagram_verdict
from cml_mm.answering.diagram_shelf import Citing, OneDiagram
from cml_mm.answering.verify import verify
from cml_mm.diagrams.loops import MOST_LOOPS, loops
from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import Diagram
from cml_mm.diagrams.wording import worded
from cml_mm.types import Document, Evidence, PictureArea, Section, Sentence, Source, TextSpan
from cml_mm.visits import FileCard, Placing, ReadFile, StoredFile
from tests.support.drawn_files import edge, laid_out, lane, node

CHART = laid_out(
    Diagram(
        "Chart",
        "picture",
        (
            node("a", "Assembly"),
            node("b", "Board"),
            node("t", "Treasurer", "l"),
            node("c", "Care group: kitchen"),
            node("x", "Yes → no room"),
        ),
        (
            edge("ab", "a", "b", "appoints"),
            edge("bt", "b", "t", "asks: money"),
            edge("tc", "t", "c", heads="none"),
            edge("ax", "a", "x"),
        ),
        (lane("l", "Office"),),
        face="picture-1",
    )
)
EVERY = tuple(one.id for one in (*CHART.nodes, *CHART.containers, *CHART.edges))


def one_diagram() -> OneDiagram:
    import numpy as np

    words = worded(CHART)
    source = Source("s", "chart", "document", "file-1", "chart.png", "", "", owner="visitor")
    document = Document("file-1", "chart", source, "", (Section("other", words.heading, words.text),), "picture")
    read = ReadFile(document, (Placing("picture-1"),), diagrams=(CHART,))
    card = FileCard("file-1", "chart.png", "ready", title="chart", format="picture")
    return OneDiagram(StoredFile(card, "s", read, (), np.zeros((0, 4), np.float32), "none"), "chart", 0)


def cited(parts: str) -> tuple[Evidence, ...]:
    book = EvidenceBook(entries={})
    citing = Citing(one_diagram(), book)
    if parts == "EVERY":
        citing.together(EVERY)
    else:
        citing.parts(parts.split())
    return tuple(book.items.values())


@pytest.mark.parametrize(
    ("sentence", "parts", "verdict"),
    [
        ("The Assembly leads to the Board.", "ab", "supported"),
        ("The board comes after the assembly.", "ab", "supported"),
        ("After the assembly comes the board.", "ab", "supported"),
        ("Before the board comes the assembly.", "ab", "supported"),
        ("The board follows the assembly.", "ab", "supported"),
        ("The board is preceded by the assembly.", "ab", "supported"),
        ("The assembly appoints the board.", "ab", "supported"),
        ("The assembly leads to the treasurer.", "ab bt", "supported"),
        ("From the assembly the way leads to the board, and then to the treasurer.", "ab bt", "supported"),
        ("The board connects the assembly and the treasurer.", "ab bt", "supported"),
        ("The treasurer is joined with the care group: kitchen.", "tc", "supported"),
        ("The treasurer is in the lane Office.", "l", "supported"),
        ("There are 5 boxes and 4 arrows.", "EVERY", "supported"),
        ("It starts at the assembly.", "a ab", "supported"),
        ("“Assembly” leads to “Yes → no room”.", "ax", "supported"),
        ("“Board” leads to “Treasurer” (“asks: money”).", "bt", "supported"),
        ("The treasurer does not lead to the assembly.", "EVERY", "supported"),
        ("The board leads to the assembly.", "ab", "unsupported"),
        ("The assembly comes after the board.", "ab", "unsupported"),
        ("After the board comes the assembly.", "ab", "unsupported"),
        ("The board appoints the assembly.", "ab", "unsupported"),
        ("The assembly leads directly to the treasurer.", "ab bt", "unsupported"),
        ("The assembly leads to the treasurer.", "ab t", "unsupported"),
        ("The treasurer leads to the care group: kitchen.", "tc", "unsupported"),
        ("The board is in the lane Office.", "l b", "unsupported"),
        ("There are 6 boxes and 4 arrows.", "EVERY", "unsupported"),
        ("There are five arrows.", "EVERY", "unsupported"),
        ("It starts at the board.", "b ab bt", "unsupported"),
        ("It ends at the assembly.", "a ab", "unsupported"),
        ("The board does not lead to the treasurer.", "EVERY", "unsupported"),
        ("No arrow leads to the board.", "EVERY", "unsupported"),
        ("There is no arrow from the assembly to the board.", "EVERY", "unsupported"),
        ("“Assembly” leads to “Board” (“dismisses”).", "ab", "unsupported"),
        ("There are 2 loops.", "EVERY", "unsupported"),
        ("The treasurer does not lead to the assembly.", "t a", "partly"),
        ("Neither the assembly nor the board leads to the treasurer.", "a b t", "partly"),
    ],
)
def test_what_is_said_of_the_structure_is_held_against_the_lines(sentence: str, parts: str, verdict: str) -> None:
    evidence = cited(parts)
    assert diagram_verdict(sentence, evidence) == verdict
    numbers = {item.number: item for item in evidence}
    assert verify(Sentence(sentence, tuple(numbers), "not_checked"), numbers) == verdict


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("The board was founded by fishermen in 1987.", "ab"),
        ("The assembly and the board share one kitchen.", "a b"),
        ("It starts at the treasurer.", "t"),
    ],
)
def test_what_the_lines_do_not_say_is_left_to_the_other_rules_and_is_not_supported(sentence: str, parts: str) -> None:
    evidence = cited(parts)
    assert diagram_verdict(sentence, evidence) is None
    numbers = {item.number: item for item in evidence}
    assert verify(Sentence(sentence, tuple(numbers), "not_checked"), numbers) != "supported"


def test_signs_decide_what_a_loop_is_called() -> None:
    drawn = laid_out(
        Diagram(
            "L", "picture", (node("a", "Fish"), node("b", "Boats")),
            (edge("1", "a", "b", "+"), edge("2", "b", "a", "−")), face="picture-1",
        )
    )  # fmt: skip
    text = worded(drawn).text
    source = Source("s", "l", "document", "f", "l.png", "", "", owner="visitor")
    at = text.index("Fish → Boats")
    area = PictureArea("Diagram: L", at, len(text), (), "picture-1", (), ("1", "2"))
    item = Evidence(1, source, area, "Picture", text[at:], text[at:], 1.0)
    assert diagram_verdict("This loop is balancing.", (item,)) == "supported"
    assert diagram_verdict("This loop is reinforcing.", (item,)) == "unsupported"
    assert diagram_verdict("There is 1 loop.", (item,)) == "supported"
    assert DiagramGraph(drawn).edges.keys() == {"1", "2"}


def test_where_not_every_loop_was_followed_no_count_of_them_is_confirmed() -> None:
    names = [f"Group {letter}" for letter in "KLMNOPQR"]
    joined = [edge(f"{one}>{other}", one, other) for one in names for other in names if one != other]
    drawn = laid_out(Diagram("D", "picture", tuple(node(n, n) for n in names), tuple(joined), face="picture-1"))
    assert loops(DiagramGraph(drawn)).more
    text = worded(drawn).text
    at = text.index("Group K → ")
    area = PictureArea("Diagram: D", at, len(text), (), "picture-1", (), tuple(one.id for one in joined))
    source = Source("s", "d", "document", "f", "d.png", "", "", owner="visitor")
    item = Evidence(1, source, area, "Picture", text[at:], text[at:], 1.0)
    said = [diagram_verdict(f"There are {count} loops.", (item,)) for count in (MOST_LOOPS, 200)]
    assert said == [None, None]


def test_evidence_of_other_kinds_is_not_its_matter() -> None:
    source = Source("s", "t", "document", "f", "t.md", "", "")
    item = Evidence(1, source, TextSpan("A", 0, 20), "A", "Assembly → Board", "Assembly → Board", 1.0)
    assert diagram_verdict("The board leads to the assembly.", (item,)) is None

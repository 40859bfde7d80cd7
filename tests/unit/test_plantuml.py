"""PlantUML's component and activity diagrams are read to the letter."""

from __future__ import annotations

import pytest

from cml_mm.diagrams.sources import read_diagram_text
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable
from tests.support.diagram_samples import arrows, lanes


def read(*lines: str) -> Diagram:
    return read_diagram_text("\n".join(["@startuml", *lines, "@enduml"]), "plantuml")


def test_components_actors_and_packages() -> None:
    found = read(
        "title The **seed** library",
        "skinparam component {", "  BackgroundColor gold", "}",
        "' a comment", "/' a longer", "[hidden] --> [too] '/",
        'component "Seed store" as store #lightblue', "actor :Head gardener: as head", "(Borrow seeds) as borrow",
        "() Door", 'database "Catalogue" {', "  [Index]", "}",
        'package "Shed" <<Frame>> {', "  node Bench", "  [Tools] -down-> Bench : lie on", "}",
        "head --> borrow", "borrow ..> store : takes\\nfrom", "store <-[#red,dashed]- Index",
        "Door - store", "store <--> Tools", "note right of store : keep dry",
        "component keys [", "Spare", "keys", "]",
    )  # fmt: skip
    assert found.title == "The seed library"
    assert [text.text for text in found.unplaced] == ["keep dry"]
    assert lanes(found) == {"Catalogue": ["Index"], "Shed": ["Bench", "Tools"]}
    assert arrows(found) == sorted([
        ("Tools", "Bench", "lie on", "target"), ("Head gardener", "Borrow seeds", "", "target"),
        ("Borrow seeds", "Seed store", "takes from", "target"), ("Index", "Seed store", "", "target"),
        ("Door", "Seed store", "", "none"), ("Seed store", "Tools", "", "both"),
    ])  # fmt: skip
    shapes = {node.label: node.shape for node in found.nodes}
    assert shapes["Head gardener"] == "actor" and shapes["Borrow seeds"] == "ellipse" and shapes["Door"] == "circle"
    assert "Spare keys" in shapes and {node.colour for node in found.nodes} == {"", "#add8e6"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a --> b", ("a", "b", "", "target")), ("a <-- b", ("b", "a", "", "target")),
        ("a -- b", ("a", "b", "", "none")),
        ("a .up.> b : up", ("a", "b", "up", "target")), ("a -[#0a0,thickness=3]-> b", ("a", "b", "", "target")),
        ("a <|-- b", ("b", "a", "", "target")), ("a *--> b", ("a", "b", "", "target")),
        ("a o-- b", ("a", "b", "", "none")),
        ('a "1" -left-> "many" b : has', ("a", "b", "1 has many", "target")), ("a ==>> b", ("a", "b", "", "target")),
        ("a -l-> b #line:red : x", ("a", "b", "x", "target")), ("[a] ~~> [b]", ("a", "b", "", "target")),
    ],
)  # fmt: skip
def test_arrows(line: str, expected: tuple[str, str, str, str]) -> None:
    assert arrows(read("[a]", "[b]", line)) == [expected]


def test_hidden_lines_join_nothing() -> None:
    assert arrows(read("[a]", "[b]", "a -[hidden]-> b", "b --> a")) == [("b", "a", "", "target")]


def test_states() -> None:
    found = read(
        "[*] --> Open", "state Open {", "  Draft --> Ready : check", "}", "Open --> [*]", "Draft : being written"
    )
    assert arrows(found) == sorted([
        ("Start", "Open", "", "target"), ("being written", "Ready", "check", "target"), ("Open", "End", "", "target"),
    ])  # fmt: skip


def test_activities_decide_repeat_and_fork() -> None:
    found = read(
        "start", ":Collect wishes;", "if (Enough money?) then (yes)", "  :Buy;", "elseif (A loan?) then (maybe)",
        "  :Ask the bank;", "else (no)", "  :Wait;", "  stop", "endif",
        "while (More wishes?) is (yes)", "  :Next wish;", "endwhile (no)",
        "repeat", "  :Count;", "  backward :Count again;", "repeat while (Right?) is (no) not (yes)",
        "fork", "  :Tell all;", "fork again", "  #gold:Write it", "down;", "end fork", "-> done;", "end",
    )  # fmt: skip
    assert arrows(found) == sorted([
        ("Start", "Collect wishes", "", "target"), ("Collect wishes", "Enough money?", "", "target"),
        ("Enough money?", "Buy", "yes", "target"), ("Enough money?", "A loan?", "", "target"),
        ("A loan?", "Ask the bank", "maybe", "target"), ("A loan?", "Wait", "no", "target"),
        ("Wait", "Stop", "", "target"), ("Buy", "More wishes?", "", "target"),
        ("Ask the bank", "More wishes?", "", "target"), ("More wishes?", "Next wish", "yes", "target"),
        ("Next wish", "More wishes?", "", "target"), ("More wishes?", "Count", "no", "target"),
        ("Count", "Right?", "", "target"), ("Right?", "Count again", "no", "target"),
        ("Count again", "Count", "", "target"), ("Right?", "Tell all", "yes", "target"),
        ("Right?", "Write it down", "yes", "target"), ("Tell all", "End", "done", "target"),
        ("Write it down", "End", "done", "target"),
    ])  # fmt: skip


def test_lanes_and_partitions() -> None:
    found = read("|Members|", "start", ":Propose;", "|#AntiqueWhite|Board|", ":Decide;", "|Members|", ":Carry out;",
                 "partition Later {", ":Look back;", "}", "stop")  # fmt: skip
    assert lanes(found) == {
        "Members": ["Carry out", "Propose", "Start", "Stop"], "Board": ["Decide"], "Later": ["Look back"],
    }  # fmt: skip
    assert len(found.edges) == 5


def test_the_old_syntax() -> None:
    found = read(
        '(*) --> "Sow seeds"', '-->[after rain] "Weed" as w', 'if "Dry?" then', '  -->[yes] "Water"', "  --> w",
        "else", '  -right->[no] "Harvest"', "endif", "--> (*)",
    )  # fmt: skip
    assert arrows(found) == sorted([
        ("Start", "Sow seeds", "", "target"), ("Sow seeds", "Weed", "after rain", "target"),
        ("Weed", "Dry?", "", "target"),
        ("Dry?", "Water", "yes", "target"), ("Water", "Weed", "", "target"), ("Dry?", "Harvest", "no", "target"),
        ("Harvest", "End", "", "target"),
    ])  # fmt: skip


@pytest.mark.parametrize(
    "line", ["!include other.puml", "!includeurl https://example.org/x", "!import x", "!define A B"]
)
def test_nothing_is_included(line: str) -> None:
    with pytest.raises(MediaUnreadable, match=r"Line 2 .*brings in"):
        read(line, "[a] --> [b]")


@pytest.mark.parametrize(
    "lines",
    [
        ("participant a", "a -> b : hello"),
        ("Alice -> Bob : hello", "Bob --> Alice : good day"),
        ("a -> b", "alt x", "end"),
    ],
)
def test_sequences_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(MediaUnreadable, match="sequence"):
        read(*lines)


def test_other_kinds_and_faults() -> None:
    with pytest.raises(MediaUnreadable, match="startgantt"):
        read_diagram_text("@startgantt\n[x] lasts 2 days\n@endgantt", "plantuml")
    with pytest.raises(MediaUnreadable, match="Line 3 "):
        read("[a] --> [b]", "[a] --> ?")
    with pytest.raises(MediaUnreadable):
        read("just some words here")
    assert (
        "only the first"
        in read_diagram_text("@startuml\n[a]-->[b]\n@enduml\n@startuml\n[c]\n@enduml", "plantuml").notices[0]
    )


@pytest.mark.parametrize(
    "flood",
    [
        "if (a) then (b)\n",
        ":a\n",
        "[a",
        "/'",
        "package a {\n",
        "fork\nfork again\n",
        "(a ",
        ":;x",
        "legend\n",
        "[a] -[x]",
        "\x00",
    ],
)
def test_floods(flood: str) -> None:
    try:
        read("start", flood * (100_000 // len(flood)))
    except InputError as refused:
        assert refused.message and refused.hint


def test_limits() -> None:
    with pytest.raises(LimitExceeded):
        read(*(f"[box {number}]" for number in range(2_001)))


def test_a_second_else_of_a_decision_is_refused_with_its_line() -> None:
    text = "@startuml\nstart\nif (Dry?) then (yes)\n:Sow;\nelse (no)\n:Wait;\nelse (no)\n:Water;\nendif\nstop\n@enduml"
    with pytest.raises(MediaUnreadable, match="Line 7"):
        read_diagram_text(text, "plantuml")

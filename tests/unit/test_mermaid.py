"""Mermaid's flowcharts are read to the letter, and what cannot be read is said with its line."""

from __future__ import annotations

import random

import pytest

from cml_mm.diagrams.sources import read_diagram_text
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable
from tests.support.diagram_samples import arrows, labels, lanes


def read(*lines: str, head: str = "flowchart TD") -> Diagram:
    return read_diagram_text("\n".join([head, *lines]), "mermaid")


@pytest.mark.parametrize(
    ("box", "shape"),
    [
        ("[Fund]", "box"), ("(Fund)", "rounded"), ("([Fund])", "rounded"), ("[[Fund]]", "box"),
        ("[(Fund)]", "cylinder"), ("((Fund))", "circle"), ("(((Fund)))", "circle"), ("{Fund}", "diamond"),
        ("{{Fund}}", "hexagon"), ("[/Fund/]", "parallelogram"), ("[\\Fund\\]", "parallelogram"),
        ("[/Fund\\]", "trapezium"), ("[\\Fund/]", "trapezium"), (">Fund]", "other"), ("(-Fund-)", "ellipse"),
        ('["Fund"]', "box"), ("@{ shape: cyl, label: \"Fund\" }", "cylinder"),
        ("@{\n  label: Fund\n  shape: diam\n}", "diamond"), ("[Fund]@{ shape: hex }", "hexagon"),
        ("@{ icon: \"fa:coins\", label: 'Fund' }", "icon"),
    ],
)  # fmt: skip
def test_every_kind_of_box(box: str, shape: str) -> None:
    found = read(f"a{box} --> b")
    assert [(node.label, node.shape) for node in found.nodes] == [("Fund", shape), ("b", "box")]


@pytest.mark.parametrize(
    ("line", "heads", "style", "label"),
    [
        ("a --> b", "target", "solid", ""), ("a --- b", "none", "solid", ""), ("a -.-> b", "target", "dotted", ""),
        ("a -.- b", "none", "dotted", ""), ("a ==> b", "target", "thick", ""), ("a === b", "none", "thick", ""),
        ("a <--> b", "both", "solid", ""), ("a o--o b", "both", "solid", ""), ("a --o b", "target", "solid", ""),
        ("a --x b", "target", "solid", ""), ("a o--> b", "target", "solid", ""), ("a ----> b", "target", "solid", ""),
        ("a -...-> b", "target", "dotted", ""), ("a ====> b", "target", "thick", ""),
        ("a -->|pays| b", "target", "solid", "pays"), ("a -- pays --> b", "target", "solid", "pays"),
        ("a -. pays .-> b", "target", "dotted", "pays"), ("a == pays ==> b", "target", "thick", "pays"),
        ("a -- pays --- b", "none", "solid", "pays"), ("a <-- pays --> b", "both", "solid", "pays"),
        ('a -->|"pays | owes"| b', "target", "solid", "pays | owes"),
        ('a -- "pays -- in full" --> b', "target", "solid", "pays -- in full"),
        ("a-->b", "target", "solid", ""), ("a e1@--> b", "target", "solid", ""),
        ("a --> |pays| b", "target", "solid", "pays"),
        ("a -- step-by-step --> b", "target", "solid", "step-by-step"),
    ],
)  # fmt: skip
def test_every_kind_of_arrow(line: str, heads: str, style: str, label: str) -> None:
    (edge,) = read(line).edges
    assert (edge.source, edge.target, edge.heads, edge.style, edge.label) == ("a", "b", heads, style, label)


def test_an_arrow_whose_only_head_is_at_its_beginning_leads_the_other_way() -> None:
    (edge,) = read("a <-- owes --- b").edges
    assert (edge.source, edge.target, edge.heads) == ("b", "a", "target")


def test_invisible_lines_join_nothing() -> None:
    found = read("a ~~~ b", "b --> c")
    assert arrows(found) == [("b", "c", "", "target")] and labels(found) == ["a", "b", "c"]


def test_chains_and_groups_of_ends() -> None:
    found = read("a --> b & c --> d", "x & y-->z; z --- a")
    assert arrows(found) == [
        ("a", "b", "", "target"), ("a", "c", "", "target"), ("b", "d", "", "target"), ("c", "d", "", "target"),
        ("x", "z", "", "target"), ("y", "z", "", "target"), ("z", "a", "", "none"),
    ]  # fmt: skip


def test_a_box_is_described_where_it_is_described() -> None:
    found = read("a --> b", "b --> c[Common purse]", "b{Enough?}", "a([Members])")
    assert arrows(found) == [("Enough?", "Common purse", "", "target"), ("Members", "Enough?", "", "target")]


def test_labels_are_words() -> None:
    found = read(
        'a["`Pay **into** the _purse_`"] --> b["Seeds<br/>#amp; tools #40;shared#41;"]',
        'c["Rain &lt; sun &hearts;"] --> d[Fish (river)<br>and pond]',
        "e[<-- both ways -->] --> f(Ünïcode 共有)",
    )
    assert labels(found) == sorted([
        "Pay into the purse", "Seeds & tools (shared)", "Rain < sun ♥", "Fish (river) and pond", "<-- both ways -->",
        "Ünïcode 共有",
    ])  # fmt: skip


def test_subgraphs_nest_have_titles_and_are_ends() -> None:
    found = read(
        "outside --> village",
        "subgraph village [The village]",
        "  direction LR",
        "  subgraph Water board (monthly: spring-summer)",
        "    gate --> canal",
        "  end",
        '  subgraph "Field ""wards"""',
        "    plot",
        "  end",
        "  mill --> gate",
        "end",
        "village --> sea",
    )
    assert arrows(found) == [
        ("The village", "sea", "", "target"), ("gate", "canal", "", "target"), ("mill", "gate", "", "target"),
        ("outside", "The village", "", "target"),
    ]  # fmt: skip
    assert lanes(found)["The village"] == ["mill"]
    assert lanes(found)["Water board (monthly: spring-summer)"] == ["canal", "gate"]
    village = next(group for group in found.containers if group.label == "The village")
    assert [group.parent for group in found.containers if group is not village] == [village.id] * 2


def test_colours_come_from_classes_and_styles() -> None:
    found = read(
        "a:::warm --> b --> c --> d",
        "classDef warm fill:#f96,stroke:#333;",
        "classDef cold,wet fill:lightblue",
        "class b,c cold",
        "style c fill:rgb(1, 2, 3),color:#fff",
        "linkStyle 0 stroke:#ff3",
        'click a "https://example.org" "words; more"',
    )
    assert [node.colour for node in found.nodes] == ["#ff9966", "#add8e6", "#010203", ""]


def test_comments_directives_and_front_matter() -> None:
    text = '---\ntitle: Our orchard\n---\n%%{init: {"theme":\n "dark"}}%%\n%% a --> z\nflowchart LR\n a --> b %%\n'
    with pytest.raises(MediaUnreadable, match="Line 8 "):
        read_diagram_text(text, "mermaid")
    found = read_diagram_text(text.replace(" %%\n", "\n  %% c --> d\n"), "mermaid")
    assert found.title == "Our orchard" and arrows(found) == [("a", "b", "", "target")]


def test_directions_lay_boxes_out() -> None:
    def run(direction: str) -> tuple[float, float]:
        one, other = (node.box for node in read("a --> b", head=f"graph {direction}").nodes)
        assert one is not None and other is not None
        return other.x - one.x, other.y - one.y

    assert run("LR")[0] > 50 and run("RL")[0] < -50 and run("TB")[1] > 50 and run("BT")[1] < -50


def test_state_diagrams_and_mindmaps() -> None:
    states = read_diagram_text(
        'stateDiagram-v2\n[*] --> Idle\nIdle --> Busy : order\nstate "Out of stock" as Out\nBusy --> Out\n'
        "state Busy2 {\n  A --> B\n}\nBusy2 --> [*]\nnote right of Idle : waits\n",
        "mermaid",
    )
    assert ("Idle", "Busy", "order", "target") in arrows(states) and ("Start", "Idle", "", "target") in arrows(states)
    assert ("Busy2", "End", "", "target") in arrows(states) and lanes(states) == {"Busy2": ["A", "B"]}
    tree = read_diagram_text("mindmap\n  root((Commons))\n    Land\n      Soil\n    Water[Clean water]\n", "mermaid")
    assert arrows(tree) == [
        ("Commons", "Clean water", "", "none"), ("Commons", "Land", "", "none"), ("Land", "Soil", "", "none"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["sequenceDiagram", "gantt", "pie", "erDiagram", "classDiagram"])
def test_other_kinds_are_refused_by_name(kind: str) -> None:
    with pytest.raises(MediaUnreadable) as refused:
        read_diagram_text(f"{kind}\n a->>b: hello", "mermaid")
    assert kind.casefold() in refused.value.message and "flowchart" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("flowchart TD\n a --> b\n c -> d", 3), ("graph TD\n a[never closed\n b --> c", 2),
        ('graph TD\n a["never closed] --> b', 2), ("graph TD\n a -->", 2), ("graph TD\n a@{ shape: cyl", 2),
    ],
)  # fmt: skip
def test_a_fault_names_its_line(text: str, line: int) -> None:
    with pytest.raises(MediaUnreadable, match=f"Line {line} "):
        read_diagram_text(text, "mermaid")


def test_limits_are_said() -> None:
    many = " & ".join(f"n{number}" for number in range(90))
    with pytest.raises(LimitExceeded, match=r"arrows|parts"):
        read(f"{many} --> {many}")
    with pytest.raises(LimitExceeded, match="2,000 boxes"):
        read(*(f"n{number}" for number in range(2_001)))
    with pytest.raises(LimitExceeded, match="deep"):
        read(*(f"subgraph s{number}" for number in range(100)))
    with pytest.raises(LimitExceeded, match="1,000,000"):
        read("a" * 1_000_001)


@pytest.mark.parametrize(
    "flood", ["A[(", 'A["', "A-- ", "a&", "((", "A@{ a", "A|", "A-.", "%%{", "\x00\xff", "subgraph a\n", "---\n"]
)
def test_floods_end_in_a_graph_or_a_clear_fault(flood: str) -> None:
    try:
        read(flood * (200_000 // len(flood)))
    except InputError as refused:
        assert refused.message and refused.hint


def test_whatever_is_drawn_at_random_is_read_back() -> None:
    dice = random.Random(7)
    for _ in range(60):
        names = [f"n{number}" for number in range(dice.randint(2, 12))]
        said = {name: f"{dice.choice(['Well', 'Mill', 'Herd'])} {name}" for name in names}
        signs = {"target": "-->", "both": "<-->", "none": "---"}
        drawn = [
            (dice.choice(names), dice.choice(names), dice.choice(["", "feeds", "asks"]), dice.choice(list(signs)))
            for _ in range(dice.randint(1, 20))
        ]
        lines = [f'{name}["{words}"]' for name, words in said.items()]
        lines += [f"{a} {signs[heads]}{f'|{words}|' if words else ''} {b}" for a, b, words, heads in drawn]
        found = read(*lines)
        assert labels(found) == sorted(said.values())
        assert arrows(found) == sorted((said[a], said[b], words, heads) for a, b, words, heads in drawn)

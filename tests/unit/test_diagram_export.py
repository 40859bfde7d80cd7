"""Diagrams in other forms: what is written reads back as the same graph, and no label breaks out of its place."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree

import pytest

from cml_mm.diagrams.export import json_values, to_dot, to_json, to_mermaid, to_svg
from cml_mm.diagrams.sources import read_diagram_text
from cml_mm.diagrams.values import (
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramNode,
    FreeText,
    Heads,
    LegendEntry,
    LineStyle,
    NodeShape,
)
from cml_mm.types import Box

HARD = (
    "Who's in?", 'say "yes"', "a|b", "x]y", "(z)", "{q}", "a -->|b| c", "end", "subgraph", "50 % off; now", "%% no",
    "back\\slash", "\\n", "\\N and \\G", "&amp; is &", "<b>bold</b>", "<br>", "`code`", "#quot;", "#35;", "#",
    "a // b", "/* c */", "übung 会议 🙂", "a;b", "--", "->", "A & B", "@{ shape: x }", ":::red", "]]>", "'; DROP",
    "${x}", "1. one", "**strong**", "_em_", "http://x.y/z", "~~~", "a\tb\nc", "trailing\\", '"', "[/slash\\]",
    "graph TD", "}", "=cmd()",
)  # fmt: skip
WORDS = "water board fund repair lot member hall spring house vote".split()


def made(seed: int, hard: bool) -> Diagram:
    """A diagram with labels of its own for every part, so that parts are known by them."""
    chance = random.Random(seed)
    used: set[str] = set()

    def label(most: int = 4) -> str:
        while True:
            words = [chance.choice(HARD if hard else WORDS) for _ in range(chance.randint(1, most))]
            found = " ".join([*words, str(len(used))])
            if found not in used:
                used.add(found)
                return found

    odd = ("end", "a b", "1", "ü", "x-->y", 'q"', "o", "x", "graph", "n1", "c1", "n2")
    lanes: list[DiagramContainer] = []
    for number in range(chance.randint(0, 4)):
        parent = chance.choice([*(lane.id for lane in lanes), "", ""])
        lanes.append(DiagramContainer(f"lane {number}" if number % 2 else f"c{number}", label(), parent=parent))
    shapes = get_args(NodeShape)
    nodes = tuple(
        DiagramNode(
            odd[number] if hard and number < len(odd) else f"k{number}",
            label(),
            chance.choice(shapes),
            container=chance.choice([*(lane.id for lane in lanes), ""]),
            colour=chance.choice(("", "#ffeecc", "#10aB44")),
        )
        for number in range(chance.randint(1, 14))
    )
    ends = [node.id for node in nodes]
    held = {node.container for node in nodes}
    lanes_with_boxes = [lane.id for lane in lanes if lane.id in held]
    edges = tuple(
        DiagramEdge(
            f"e{number}",
            chance.choice(ends),
            chance.choice(ends if chance.random() < 0.9 or not lanes_with_boxes else lanes_with_boxes),
            label(2) if chance.random() < 0.5 else "",
            chance.choice(get_args(Heads)),
            style=chance.choice(get_args(LineStyle)),
        )
        for number in range(chance.randint(0, 20))
    )
    legend = (LegendEntry("#ffeecc", label()),)
    return Diagram(label(), "picture", nodes, edges, tuple(lanes), legend, (FreeText(label()),))


def flat(text: str) -> str:
    return " ".join(text.split())


def graph(diagram: Diagram) -> tuple[object, ...]:
    """All that makes two diagrams the same graph, with labels in the place of ids."""
    names = {part.id: flat(part.label) for part in (*diagram.nodes, *diagram.containers)}
    names[""] = ""
    nodes = {(flat(node.label), names[node.container], node.colour.lower()) for node in diagram.nodes}
    lanes = {(flat(one.label), names[one.parent]) for one in diagram.containers}
    edges: Counter[tuple[object, ...]] = Counter()
    for edge in diagram.edges:
        ends = (names[edge.source], names[edge.target])
        edges[ends if edge.heads == "target" else tuple(sorted(ends)), flat(edge.label), edge.heads] += 1
    return nodes, lanes, edges


def shapes(diagram: Diagram) -> dict[str, NodeShape]:
    return {flat(node.label): node.shape for node in diagram.nodes}


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_mermaid_reads_back_as_the_same_graph(seed: int, hard: bool) -> None:
    diagram = made(seed, hard)
    back = read_diagram_text(to_mermaid(diagram), "mermaid")
    assert graph(back) == graph(diagram), to_mermaid(diagram)
    assert hard or flat(back.title) == flat(diagram.title)
    kept = {"box", "rounded", "circle", "diamond", "cylinder", "hexagon", "parallelogram", "triangle"}
    assert {k: v for k, v in shapes(diagram).items() if v in kept}.items() <= shapes(back).items()


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_dot_reads_back_as_the_same_graph(seed: int, hard: bool) -> None:
    diagram = made(seed, hard)
    back = read_diagram_text(to_dot(diagram), "dot")
    assert graph(back) == graph(diagram), to_dot(diagram)
    kept = {"box", "rounded", "ellipse", "circle", "diamond", "cylinder", "hexagon", "parallelogram", "text", "note"}
    assert {k: v for k, v in shapes(diagram).items() if v in kept}.items() <= shapes(back).items()


@pytest.mark.parametrize("seed", range(20))
def test_svg_is_well_formed_and_runs_nothing(seed: int) -> None:
    diagram = made(seed, hard=True)
    drawn = to_svg(replace(diagram, title='<script>alert("x")</script>\x00\x1b'))
    root = ElementTree.fromstring(drawn)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "defs", "marker", "path", "rect", "g", "ellipse", "polygon", "text", "tspan"}
    assert not any(name.lower().startswith("on") or "href" in name for one in root.iter() for name in one.attrib)
    said = flat(" ".join(text for one in root.iter() if one.tag.endswith("}text") for text in one.itertext()))
    words = Counter(said.split())
    assert not Counter(flat(" ".join(node.label for node in diagram.nodes)).split()) - words


def test_json_has_the_stated_form() -> None:
    diagram = Diagram(
        "T",
        "picture",
        (DiagramNode("a", "A", box=Box(1, 2, 3.06, 4, 90, 60), confidence=0.5), DiagramNode("b", "B")),
        (
            DiagramEdge("e", "a", "b", "x", polyline=((1, 2), (3.04, 4))),
            DiagramEdge("f", "a", "b", heads="both"),
            DiagramEdge("g", "b", "a", heads="none"),
        ),
        notices=("Half of it was dark.",),
        width=90,
        height=60,
    )
    found = json.loads(to_json(diagram))
    assert found["nodes"][0] == {
        "id": "a", "label": "A", "shape": "box", "box": [1, 2, 3.1, 4], "confidence": 0.5, "container": "",
        "colour": "",
    }  # fmt: skip
    assert found["nodes"][1]["box"] is None
    assert [edge["directed"] for edge in found["edges"]] == [True, "both", False]
    first = found["edges"][0]
    assert (first["source"], first["target"], first["label"], first["polyline"]) == ("a", "b", "x", [[1, 2], [3, 4]])
    assert (found["notices"], found["containers"], found["legend"], found["unplaced"]) == (
        ["Half of it was dark."], [], [], [],
    )  # fmt: skip
    assert (found["width"], found["height"]) == (90, 60) and "diagrams" not in found


def test_json_of_several_diagrams_keeps_their_parts_apart() -> None:
    lane = DiagramContainer("l", "Lane")
    one = Diagram("One", "pptx", (DiagramNode("a", "A", container="l"),), (DiagramEdge("e", "a", "l"),), (lane,))
    found = json_values((one, replace(one, title="Two")), ("Said of the file.",))
    assert [node["id"] for node in found["nodes"]] == ["1/a", "2/a"]
    assert found["edges"][1] | {"source": "2/a", "target": "2/l", "diagram": 2} == found["edges"][1]
    assert found["nodes"][0]["container"] == "1/l" and found["containers"][0]["parent"] == ""
    assert [each["title"] for each in found["diagrams"]] == ["One", "Two"]
    assert found["notices"] == ["Said of the file."]
    assert json_values((), ("Nothing.",))["nodes"] == []

"""Graphviz's language is read to the letter."""

from __future__ import annotations

import pytest

from cml_mm.diagrams.sources import read_diagram_text
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable
from tests.support.diagram_samples import arrows, labels, lanes


def read(text: str) -> Diagram:
    return read_diagram_text(text, "dot")


def test_boxes_arrows_and_their_words() -> None:
    found = read(
        """/* a mill */ digraph Mill { // comment
        # another
        node [shape=box, style="filled,rounded" fillcolor=gold]; edge [style=dashed]
        a [label="Grain\\nstore"]; b; "c d" [label=<<b>Bread</b> &amp; <i>cake</i><br/>oven>, shape=diamond, style=""]
        a -> b -> "c d" [label="goes " + "to"];
        b:east -> a:n:w [dir=both]
        a -> "c d" [dir=none, style=bold, xlabel="\\T to \\H"]
        b -> a [dir=back]
        b -> b [style=invis]
        }"""
    )
    assert [(node.label, node.shape, node.colour) for node in found.nodes] == [
        ("Grain store", "rounded", "#ffd700"),
        ("b", "rounded", "#ffd700"),
        ("Bread & cake oven", "diamond", ""),
    ]
    assert arrows(found) == sorted([
        ("Grain store", "b", "goes to", "target"), ("b", "Bread & cake oven", "goes to", "target"),
        ("b", "Grain store", "", "both"), ("Grain store", "Bread & cake oven", "a to c d", "none"),
        ("Grain store", "b", "", "target"),
    ])  # fmt: skip
    assert [edge.style for edge in found.edges] == ["dashed", "dashed", "dashed", "thick", "dashed"]


def test_undirected_and_strict_graphs() -> None:
    assert arrows(read("strict graph { a -- b; b -- a; a -- b -- c }")) == [
        ("a", "b", "", "none"),
        ("b", "c", "", "none"),
    ]
    assert len(read("graph { a -- b; b -- a }").edges) == 2
    assert len(read("strict digraph { a -> b; b -> a; a -> b }").edges) == 2


def test_groups_as_ends() -> None:
    found = read("digraph { {a b} -> {c; d} ; subgraph s {e f} subgraph s -> g }")
    assert {(edge.source, edge.target) for edge in found.edges} == {
        ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("e", "g"), ("f", "g"),
    }  # fmt: skip


def test_clusters_nest_and_hold_what_they_name() -> None:
    found = read(
        """digraph { label="Whole farm"; compound=true; rankdir=LR
        subgraph cluster_a { label="Upper field"; a1 -> a2; subgraph cluster_b { label=<Stone<br/>barn>; b1 } }
        subgraph plain { p1 }
        a2 -> p1 [lhead=cluster_b]; a1 -> b1 }"""
    )
    assert found.title == "Whole farm"
    assert lanes(found) == {"Upper field": ["a1", "a2"], "Stone barn": ["b1"]}
    assert found.containers[1].parent == found.containers[0].id
    assert ("a2", "Stone barn", "", "target") in arrows(found)


def test_defaults_hold_from_where_they_stand() -> None:
    found = read("digraph { a; node [shape=circle]; b; { node [shape=note] c } d; edge [label=x] a -> b }")
    assert [node.shape for node in found.nodes] == ["ellipse", "circle", "note", "circle"]
    assert found.edges[0].label == "x"


def test_records_ports_and_names() -> None:
    found = read(
        'digraph { r [shape=record label="{<in> Seeds|{<l> wheat|rye\\l}|left \\| right}"]; '
        'r:in -> -3.5; "quo\\"ted" -> r; n [label="\\N at \\G"]; é_1 -> n; DiGraph2 -> n }'
    )
    assert "Seeds wheat rye left | right" in labels(found)
    assert {'quo"ted', "-3.5", "n at n", "é_1", "DiGraph2"} <= set(labels(found))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", ("a", "b", "target")), ("arrowhead=none", ("a", "b", "none")), ("dir=back", ("b", "a", "target")),
        ("dir=both arrowhead=none", ("b", "a", "target")), ("dir=both arrowtail=odiamond", ("a", "b", "target")),
        ("dir=both arrowhead=dot arrowtail=dot", ("a", "b", "both")), ("arrowhead=vee", ("a", "b", "target")),
    ],
)  # fmt: skip
def test_heads(attributes: str, expected: tuple[str, str, str]) -> None:
    (edge,) = read(f"digraph {{ a -> b [{attributes}] }}").edges
    assert (edge.source, edge.target, edge.heads) == expected


def test_more_than_one_graph_is_said() -> None:
    found = read("digraph { a -> b } digraph { c -> d }")
    assert labels(found) == ["a", "b"] and "only the first" in found.notices[0]


@pytest.mark.parametrize(
    "text",
    [
        "", "not a graph", "digraph { a -> ", 'digraph { a [label="never closed] }', "digraph { a -> b } trailing",
        "digraph { a [label=<<b>] }", "digraph { /* never closed }", "digraph { a ? b }", "digraph {}",
        "%!PS-Adobe-3.0",
    ],
)  # fmt: skip
def test_faults_are_said(text: str) -> None:
    with pytest.raises(MediaUnreadable) as refused:
        read(text)
    assert refused.value.message and refused.value.hint


@pytest.mark.parametrize(
    "flood", ["{", '"', "a=", "<", "<>", "a->", "a ", "subgraph cluster_a {", '"a"+', "\\", "/*", "\x00", "a--b;"]
)
def test_floods(flood: str) -> None:
    for head in ("digraph {", 'graph { a [label="'):
        try:
            read(head + flood * (100_000 // len(flood)))
        except InputError as refused:
            assert refused.message and refused.hint


def test_limits() -> None:
    many = " ".join(f"a{number}" for number in range(300))
    with pytest.raises(LimitExceeded, match="too many arrows"):
        read(f"digraph {{ {{ {many} }} -> {{ {many.replace('a', 'b')} }} }}")
    with pytest.raises(LimitExceeded, match="2,000 boxes"):
        read(f"digraph {{ {';'.join(f'a{n}' for n in range(2001))} }}")


def test_long_labels_are_shortened_and_said() -> None:
    found = read(f'digraph {{ a [label="{"so " * 1500}"] a -> b }}')
    assert len(found.nodes[0].label) == 2_000 and "shortened" in found.notices[0]

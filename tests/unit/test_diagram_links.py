"""Which patterns the labels of a diagram stand for: by name, nearly so, by meaning, or none."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.measure_diagram_links import counted, read_pairs
from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode
from cml_mm.graph.library_graph import Entry
from cml_mm.models.minilm import MiniLM
from cml_mm.retrieval.diagram_links import LEAST_MEANT, LEAST_NAMED, DiagramLinker, PatternRows, link_diagram
from cml_mm.retrieval.names import NameIndex
from cml_mm.types import Source, SourceKind
from cml_mm.visits import DiagramLink


def entry(
    title: str,
    summary: str,
    aliases: tuple[str, ...] = (),
    labels: tuple[tuple[str, str], ...] = (),
    kind: SourceKind = "pattern",
) -> Entry:
    slug = title.lower().replace(" ", "-")
    source = Source("0" * 64, title, kind, slug, f"{slug}.md", "CC-BY-SA-4.0", "CML")
    return Entry(slug, title, kind, summary, source, aliases, labels, "", True, 0)


ENTRIES = (
    entry("Role Rotation", "Pass roles and chores around on a fixed rhythm.", ("Taking turns",)),
    entry("Open Books", "Show every member where the money comes from and where it goes.", ("Open-book finances",)),
    entry("Solidarity Fund", "Members put a share aside for hard times.", (), (("activist", "Mutual Aid Pot"),)),
    entry("Water Turns", "Give scarce running water to one field after another in a known order."),
    entry("Kiln Guild", "A pottery that shares its kiln.", kind="lighthouse"),
)
NAMES = NameIndex(ENTRIES)


@pytest.fixture(scope="module")
def patterns(encoder: MiniLM) -> PatternRows:
    kept = tuple(one for one in ENTRIES if one.kind == "pattern")
    return PatternRows(kept, encoder.encode_passages([f"{one.title}. {one.summary}" for one in kept]))


def alone(label: str) -> Diagram:
    return Diagram("", "mermaid", (DiagramNode("a", label),))


def links(diagram: Diagram, encoder: MiniLM, patterns: PatternRows) -> tuple[DiagramLink, ...]:
    return link_diagram(diagram, NAMES, encoder, patterns)


@pytest.mark.parametrize(
    ("label", "slug", "how", "score", "words"),
    [
        ("Role Rotation", "role-rotation", "title", 1.0, ("Role Rotation",)),
        ("role rotation", "role-rotation", "title", 1.0, ("role rotation",)),
        ("Role Rotations", "role-rotation", "title", 0.963, ("Role Rotations",)),
        ("Sollidarity Fund", "solidarity-fund", "title", 0.968, ("Sollidarity Fund",)),
        ("Taking turns", "role-rotation", "alias", 1.0, ("Taking turns",)),
        ("Open-book finances", "open-books", "alias", 1.0, ("Open book finances",)),
        ("Mutual Aid Pot", "solidarity-fund", "context label", 1.0, ("Mutual Aid Pot",)),
        ("Set up the solidarity fund in May", "solidarity-fund", "title", 1.0, ("solidarity fund",)),
    ],
)
def test_a_label_that_names_a_pattern(
    label: str, slug: str, how: str, score: float, words: tuple[str, ...], encoder: MiniLM, patterns: PatternRows
) -> None:
    assert links(alone(label), encoder, patterns) == (
        DiagramLink("a", slug, next(e.title for e in ENTRIES if e.slug == slug), how, score, words, LEAST_NAMED),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("label", ["Kiln Guild", "Start", "Members", "Invoice paid?", "42", "→", "", "  ", "💧"])
def test_a_label_that_stands_for_no_pattern(label: str, encoder: MiniLM, patterns: PatternRows) -> None:
    assert links(alone(label), encoder, patterns) == ()


def test_two_patterns_in_one_label(encoder: MiniLM, patterns: PatternRows) -> None:
    found = links(alone("Role rotation and open books"), encoder, patterns)
    assert {link.slug for link in found} == {"role-rotation", "open-books"}


def test_by_meaning_the_score_the_threshold_and_the_words_are_told(encoder: MiniLM, patterns: PatternRows) -> None:
    (link,) = links(alone("Members see where the money goes"), encoder, patterns)
    assert (link.slug, link.how, link.threshold, link.named) == ("open-books", "meaning", LEAST_MEANT, False)
    assert LEAST_MEANT <= link.score <= 1
    assert link.words == ("Members", "money")
    strict = link_diagram(alone("Members see where the money goes"), NAMES, encoder, patterns, threshold=0.99)
    assert strict == ()


def test_what_stands_around_a_label_is_read_with_it(encoder: MiniLM, patterns: PatternRows) -> None:
    nodes = (
        DiagramNode("a", "Open the gate to the next field", container="lane"),
        DiagramNode("b", "Irrigated fields"),
        DiagramNode("c", "Scarce water"),
    )
    edges = (DiagramEdge("e1", "b", "a"), DiagramEdge("e2", "a", "c", "for two hours"))
    lanes = (DiagramContainer("lane", "Canal"),)
    by_itself = link_diagram(alone("Open the gate to the next field"), NAMES, encoder, patterns, threshold=0.0)[0]
    placed = link_diagram(Diagram("", "dot", nodes, edges, lanes), NAMES, encoder, patterns, threshold=0.0)
    beside = next(link for link in placed if link.node == "a")
    assert beside.slug == "water-turns"
    assert beside.score > by_itself.score + 0.1


def test_neighbours_alone_do_not_make_a_label_mean_a_pattern(encoder: MiniLM, patterns: PatternRows) -> None:
    named = (DiagramNode("a", "Anybody rings twice"), DiagramNode("b", "Role rotation"))
    joined = Diagram("", "dot", named, (DiagramEdge("e1", "a", "b"),))
    assert [link.node for link in links(joined, encoder, patterns)] == ["b"]
    told = ("Roles are passed around", "Chores are passed around", "On a fixed rhythm of passing roles and chores")
    nodes = (DiagramNode("a", "Blue bicycle shed"), *(DiagramNode(f"b{n}", text) for n, text in enumerate(told)))
    pulled = Diagram("", "dot", nodes, tuple(DiagramEdge(f"e{n}", "a", f"b{n}") for n in range(len(told))))
    found = {link.node for link in links(pulled, encoder, patterns)}
    assert "b2" in found
    assert "a" not in found


def test_lanes_are_linked_after_boxes_and_equal_labels_alike(encoder: MiniLM, patterns: PatternRows) -> None:
    nodes = (DiagramNode("b", "Open books"), DiagramNode("a", "Open books"), DiagramNode("x", "Start"))
    diagram = Diagram("", "dot", nodes, containers=(DiagramContainer("lane", "Role rotation"),))
    found = DiagramLinker(NAMES, encoder, patterns).link(diagram)
    assert [(link.node, link.slug) for link in found] == [
        ("b", "open-books"),
        ("a", "open-books"),
        ("lane", "role-rotation"),
    ]


def test_a_library_without_patterns_links_nothing(encoder: MiniLM) -> None:
    none = PatternRows((), np.zeros((0, encoder.dimension), np.float32))
    assert links(alone("Role Rotation"), encoder, none) == ()


def test_the_pairs_that_the_threshold_was_chosen_on_are_sound() -> None:
    pairs = read_pairs()
    assert len(pairs) >= 100
    assert len({pair.label for pair in pairs}) == len(pairs)
    for split in ("dev", "held-out"):
        meant = [bool(pair.pattern) for pair in pairs if pair.split == split]
        assert 0.4 < sum(meant) / len(meant) < 0.7


def test_the_figures_are_counted_by_label() -> None:
    pairs = tuple(pair for pair in read_pairs() if pair.split == "dev")[:3]
    right = DiagramLink("a", pairs[0].pattern, "", "title", 1.0, (), LEAST_NAMED)
    weak = DiagramLink("a", pairs[1].pattern, "", "meaning", 0.4, (), LEAST_MEANT)
    wrong = DiagramLink("a", "another", "", "meaning", 0.6, (), LEAST_MEANT)
    whole = counted(pairs, ((right, wrong), (weak,), (wrong,)), 0.5)
    assert (whole.linked, whole.right, whole.wanted) == (2, 1, 3)
    assert (whole.precision, whole.recall) == (0.5, 1 / 3)
    assert counted(pairs, ((right,), (weak,), ()), 0.3).recall == pytest.approx(2 / 3)

"""Defects of real libraries, each on a small page of our own that has it; most stand in the tests of their module."""

from __future__ import annotations

from pathlib import Path

import pytest

from cml_mm.corpus import load_library
from cml_mm.corpus.diagram_blocks import find_diagrams
from cml_mm.corpus.pattern import PatternPage, read_pattern
from cml_mm.types import Section


def page(head: str, body: str = "## Solution\n\nLend tools.\n") -> PatternPage:
    head = head.strip() if "title:" in head else f"title: Shed\n{head.strip()}"
    return read_pattern(f"---\n{head}\n---\n{body}".encode(), "_patterns/shed.md")


def write(folder: Path, slug: str, head: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = f"---\nslug: {slug}\ntitle: {slug.title()}\n{head.strip()}\n---\n## Solution\n\nLend tools.\n"
    (folder / f"{slug}.md").write_text(text, "utf-8")


def links(found: PatternPage) -> list[tuple[str, str, str, bool, float]]:
    return [(link.kind, link.name, link.layer, link.from_parent, link.weight) for link in found.links]


# --- identity ------------------------------------------------------------------------------------


def test_patterns_that_share_a_placeholder_id_are_told_apart_by_slug(tmp_path: Path) -> None:
    write(tmp_path, "shed", "id: pat_placeholder")
    write(tmp_path, "swap", "id: pat_placeholder\nrelated: [pat_placeholder, shed]")
    library = load_library([tmp_path])
    assert [(pattern.slug, pattern.id) for pattern in library.patterns] == [("shed", ""), ("swap", "")]
    assert [(r.subject, r.object) for r in library.relations] == [("swap", "shed")]
    assert library.dangling == ()


def test_one_id_on_two_pages_means_neither(tmp_path: Path) -> None:
    write(tmp_path, "shed", "id: pat_1")
    write(tmp_path, "swap", "id: pat_1")
    write(tmp_path, "tool", "related: [pat_1]")
    library = load_library([tmp_path])
    assert len(library.patterns) == 3 and library.relations == ()
    assert [(d.subject, d.name) for d in library.dangling] == [("tool", "pat_1")]


def test_a_slide_deck_is_read_and_loses_the_path_in_its_title() -> None:
    slides = ("## shed\n### Ana\n", "# CONTENT\n\nOne.\n", "# slide 01/39\n\nTwo.\n", "# CONTENT\n\nThree.\n")
    body = "<!--v-->---\n".join(slides)
    head = "title: Level 1>$section>$unit>shed\nslug: shed\nseparator: <!--s-->\nrevealOptions: {width: 102%}"
    pattern = page(head, body).pattern
    assert pattern.title == "shed"
    headings = [section.heading for section in pattern.sections]
    assert headings == ["CONTENT", "slide 01/39", "CONTENT (2)"]
    assert page("title: Tools > Money\nslug: shed").pattern.title == "Tools > Money"


# --- relations -----------------------------------------------------------------------------------


def test_the_first_generation_declares_ids_and_leaves_two_fields_empty() -> None:
    found = page("classification: {domain: home}\nenables: []\nrequires:\nspecializes_to: [pat_a]\nrelated: [pat_b]")
    assert found.pattern.format == "v1"
    assert links(found) == [
        ("SPECIALIZES_TO", "pat_a", "earlier", False, 1.0),
        ("RELATED", "pat_b", "earlier", False, 1.0),
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("enabler", "ENABLES"),
        ("enablement", "ENABLES"),
        ("specializes", "SPECIALIZES_TO"),
        ("complements", "COMPLEMENTS"),
        ("analogous", "RELATED"),
        ("tensions_with", "TENSIONS_WITH"),
        ("something new", "RELATED"),
    ],
)
def test_inferred_links_spell_their_types_in_many_ways(word: str, kind: str) -> None:
    link = f"{{target: a, type: {word}, confidence: 0.6, reason: Shared words}}"
    found = page(f"ontology: {{}}\ngraph_garden: {{inferred_links: [{link}]}}").links[0]
    assert (found.kind, found.layer, found.weight, found.reason) == (kind, "inferred", 0.6, "Shared words")


def test_a_page_that_very_many_point_to_gains_no_trust(tmp_path: Path) -> None:
    write(tmp_path, "acceptance")
    for number in range(30):
        write(tmp_path, f"page-{number}", "relationships: {enables: [{slug: acceptance, weight: 0.9}]}")
    write(tmp_path, "alone")
    library = load_library([tmp_path])
    assert {relation.layer for relation in library.relations} == {"machine"} and len(library.relations) == 30
    assert "alone" in [pattern.slug for pattern in library.patterns]  # a page without relations is kept


# --- bodies --------------------------------------------------------------------------------------


def test_three_spellings_of_headings_give_the_same_roles() -> None:
    spellings = (
        "### Section 1: Context (189 words)\n\nA.\n\n### Section 6: Known Uses (200-300 words)\n\nB.\n",
        "### 1. Context\n\nA.\n\n### 6. Known Uses\n\nB.\n",
        "# Context\n\nA.\n\n# Known Uses\n\nB.\n",
    )
    for body in spellings:
        found = page("title: Shed", body).pattern.sections
        assert [(s.role, s.heading) for s in found] == [("context", "Context"), ("known_uses", "Known Uses")]


def test_hundreds_of_kilobytes_of_table_padding_go() -> None:
    body = "## Solution\n\n" + f"| a{' ' * 50_000}| b |\n" * 6 + "\nLend tools.\n"
    text = page("title: Shed", body).pattern.sections[0].text
    assert len(text) < 100 and text.endswith("Lend tools.")


def test_mermaid_fences_are_found_to_the_letter() -> None:
    text = "Before.\n\n```mermaid\ngraph TD\n  A --> B\n```\n\n~~~ {.Mermaid}\npie\n~~~\nAfter."
    sections = [
        Section("solution", "Solution", text),
        Section("context", "Context", "```python\ngraph\n```\n\n```mermaid\n```\n\n````mermaid\n```\nC\n```\n````\n"),
        Section("other", "Open", "```mermaid\ngraph TD\nnever closed"),
    ]
    found = find_diagrams(sections)
    texts = {section.heading: section.text for section in sections}
    assert [(d.language, d.text, d.span.section) for d in found] == [
        ("mermaid", "graph TD\n  A --> B", "Solution"),
        ("mermaid", "pie", "Solution"),
        ("mermaid", "```\nC\n```", "Context"),
    ]
    assert all(texts[d.span.section][d.span.start : d.span.end] == d.text for d in found)
    assert find_diagrams([Section("other", "A", "The mermaid sings.")]) == ()


# --- the third generation ------------------------------------------------------------------------

ORBITAL = """
id: pat_shed
orbital_layer: 4
sector: Urban
gravitational_hubs:
  - hub_id: core_sharing
    principle: Sharing
    influence: 0.7
slug: shed
title: Shed
context_labels: {}
ontology: {domain: tools, cross_domains: []}
relationships:
  manifests_as:
    - {typeid: pat_9, slug: village-shed, weight: 0.9, source: curated}
  enables:
    - {typeid: pat_8, slug: swap, weight: 0.8, source: migration}
  requires:
    - {typeid: pat_7, slug: key, weight: 0.4, source: graphrag}
  tools: []
graph_garden: {last_pruned: null, inferred_links: []}
a_field_of_tomorrow: {deep: [{er: [1, 2]}]}
"""


def test_orbital_pages_are_version_eight_with_all_their_relations() -> None:
    found = page(ORBITAL)
    assert found.pattern.format == "v8.2" and found.repairs == ()
    assert found.pattern.domains == ("tools", "urban")
    assert links(found) == [
        ("SPECIALIZES_TO", "village-shed", "curated", False, 0.9),
        ("ENABLES", "swap", "machine", False, 0.8),
        ("REQUIRES", "key", "inferred", False, 0.4),
        ("SPECIALIZES_TO", "core_sharing", "machine", True, 0.7),
    ]


def test_a_typeid_finds_a_page_that_was_renamed(tmp_path: Path) -> None:
    write(tmp_path, "shed", "relationships: {enables: [{typeid: pat_8, slug: old-name, weight: 1}]}")
    write(tmp_path, "new-name", "id: pat_8")
    library = load_library([tmp_path])
    assert [(r.subject, r.object) for r in library.relations] == [("shed", "new-name")] and library.dangling == ()


@pytest.mark.parametrize(
    ("head", "form"),
    [
        ("spec_version: 8.2\nontology: {}", "v8.2"),
        ("specification: v8\nontology: {}", "v8.2"),
        ("lifecycle: {schema_version: '8.1.3'}", "v8.2"),
        ("gravitational_hubs: []", "v8.2"),
        ("lifecycle: {version: 8.2}", "v7.1"),
        ("spec_version: 7.1\nontology: {}", "v7.1"),
        ("spec_version: [8]\nontology: {}", "v7.1"),
        ("classification: {}\nversion: '8.0'", "v1"),
    ],
)
def test_the_generation_is_told_by_fields_not_by_the_pages_own_version(head: str, form: str) -> None:
    assert page(f"title: Shed\n{head}").pattern.format == form


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("{enables: {curated: [a], graphrag: [{slug: b, confidence: 0.3}]}}", [("a", "curated"), ("b", "inferred")]),
        ("{curated: {enables: [a]}, inferred: {enables: [{slug: b}]}}", [("a", "curated"), ("b", "inferred")]),
        ("{enables: {a: 0.5, b: {weight: 0.7}}}", [("a", "machine"), ("b", "machine")]),
        ("{enables: {pattern: a}, Enables: [{target_slug: b}]}", [("a", "machine"), ("b", "machine")]),
        ("{enables: a, requires: [[b]], tools: {deep: {er: {est: [c]}}}}", [("a", "machine")]),
        ("{enables: {weight: 0.5, reason: No target.}}", []),
        ("a sentence", []),
    ],
)
def test_relations_nested_in_new_ways(stated: str, expected: list[tuple[str, str]]) -> None:
    found = page(f"orbital_layer: 1\nrelationships: {stated}")
    assert [(link.name, link.layer) for link in found.links if link.kind == "ENABLES"] == expected


def test_reasons_of_machines_do_not_make_a_page_hand_written() -> None:
    guess = "relationships: {enables: [{slug: a, source: graphrag, reason: Shared words}]}"
    assert not page(guess).pattern.curated
    assert page(guess.replace("graphrag", "curated")).pattern.curated


def test_lists_where_one_value_belongs_cost_that_value_only() -> None:
    head = "title: [Shed, Hut]\nslug: [a]\nid: {x: y}\nsummary: [One, Two]\naliases: Hut\nlicense: [A]\n"
    more = "orbital_layer: [4]\nsector: [Urban, Life]\ngravitational_hubs: core_sharing\ncontext_labels: [a]\n"
    found = page(f"{head}{more}ontology: [b]\nlifecycle: [c]")
    pattern = found.pattern
    assert (pattern.slug, pattern.title, pattern.id, pattern.format) == ("shed", "shed", "", "v8.2")
    assert pattern.aliases == ("Hut",) and pattern.domains == ("urban", "life") and pattern.summary == "Lend tools."
    assert [link.name for link in found.links] == ["core_sharing"]

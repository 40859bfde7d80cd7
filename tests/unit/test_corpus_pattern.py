"""Pattern pages of both generations, lighthouses, archetypes, approved relations."""

from __future__ import annotations

from cml_mm.corpus.approved import read_approved, speaks_of
from cml_mm.corpus.archetypes import apply_archetypes, read_archetypes
from cml_mm.corpus.lighthouse import read_lighthouse
from cml_mm.corpus.names import NameBook, slug_of
from cml_mm.corpus.pattern import read_pattern
from cml_mm.types import Pattern

V1 = """---
id: pat_shed
page_url: https://example.org/shed/
slug: tool-shed
title: Tool Shed
aliases: [Lending Library]
classification:
  domain: Shared Things
  commons_domain: [home, shared-things]
generalizes_from: [pat_share]
related: [pat_other, pat_placeholder]
license: CC0-1.0
attribution: A village
---
### 1. Overview

**A tool shed** lends drills to neighbours. It saves money [1]. A third sentence.

### 2. Core Principles

Bring it back.
"""

V71 = """---
id: pat_{slug}
slug: {slug}
title: {title}
summary: >-
  A page about {title}.
{more}
---
### Section 1: Context (12 words)

Somewhere.
"""


def page(slug: str, title: str, more: str = "") -> bytes:
    return V71.format(slug=slug, title=title, more=more).encode()


def test_first_generation() -> None:
    found = read_pattern(V1.encode(), "_patterns/tool-shed.md")
    pattern = found.pattern
    assert (pattern.slug, pattern.id, pattern.title, pattern.format) == (
        "tool-shed",
        "pat_shed",
        "Tool Shed",
        "v1",
    )
    assert pattern.summary == "A tool shed lends drills to neighbours. It saves money."
    assert pattern.domains == ("shared-things", "home")
    assert pattern.source.licence == "CC0-1.0" and pattern.source.attribution == "A village"
    assert pattern.source.url == "https://example.org/shed/" and len(pattern.source.id) == 64
    assert [section.role for section in pattern.sections] == ["overview", "principles"]
    assert not pattern.curated
    assert [(link.kind, link.name, link.layer, link.from_parent) for link in found.links] == [
        ("SPECIALIZES_TO", "pat_share", "earlier", True),
        ("RELATED", "pat_other", "earlier", False),
    ]


def test_later_generation_spells_targets_in_three_ways() -> None:
    more = """relationships:
  enables:
    - slug: a
      weight: 0.7
  requires:
    - id: b
      weight: '0.9'
      description: Because of b.
  complementary: [c]
  tensions_with:
    - slug: d
      reason: They pull apart.
  tools: []
graph_garden:
  inferred_links:
    - {target: e, type: enabler, confidence: 0.6, reason: Guessed.}
    - {target: f, type: analogous}
    - {target: g, reason: Shared, strength: 3}
"""
    found = read_pattern(page("x", "X", more), "x.md")
    assert found.pattern.curated and found.pattern.format == "v7.1"
    assert [(link.kind, link.name, link.layer, link.weight, link.reason) for link in found.links] == [
        ("ENABLES", "a", "curated", 0.7, ""),
        ("REQUIRES", "b", "curated", 0.9, "Because of b."),
        ("COMPLEMENTS", "c", "curated", 1.0, ""),
        ("TENSIONS_WITH", "d", "curated", 1.0, "They pull apart."),
        ("ENABLES", "e", "inferred", 0.6, "Guessed."),
        ("RELATED", "f", "inferred", 1.0, ""),
        ("RELATED", "g", "inferred", 0.3, "Shared"),
    ]


def test_weights_without_reasons_are_a_machines() -> None:
    found = read_pattern(page("x", "X", "relationships:\n  enables:\n    - {slug: a, weight: 0.8}"), "x.md")
    assert not found.pattern.curated and found.links[0].layer == "machine"


def test_labels_from_templates_are_dropped() -> None:
    more = """context_labels:
  corporate: Tool Shed for Organizations
  government: "tool shed in Public Service"
  tech: Med
  activist: Pool of Gear
  community: ""
  other: [a, list]
"""
    assert read_pattern(page("x", "Tool Shed", more), "x.md").pattern.context_labels == (("activist", "Pool of Gear"),)


def test_tension_of_title_words_is_dropped() -> None:
    def tension(title: str, words: str) -> str:
        more = f"ontology:\n  search_hints:\n    primary_tension: {words}"
        return read_pattern(page("x", title, more), "x.md").pattern.tension

    assert tension("Tool Value Check", "Tool vs. Check") == ""
    assert tension("Tool Value Check", "Care vs. Speed") == "Care vs. Speed"
    assert tension("Tool Value Check", "[a, b]") == ""


def test_missing_identity_comes_from_file_name_and_heading() -> None:
    pattern = read_pattern(b"# 1. Seed Swap\n\nBring seeds along.\n", "Seed Swap (2).md").pattern
    assert (pattern.slug, pattern.title, pattern.id) == ("seed-swap-2", "Seed Swap", "")
    assert pattern.source.licence == "unknown licence"
    assert read_pattern(b"Bring seeds along.\n", "seed-swap.md").pattern.title == "seed swap"


def test_wrong_types_do_not_crash() -> None:
    more = """aliases: {a: b}
context_labels: [x]
ontology: text
relationships: [{type: requires, target: a, reason: Why}, text]
graph_garden: 3
classification: []
license: [CC0]
"""
    found = read_pattern(page("x", "X", more), "x.md")
    assert found.pattern.aliases == () and found.pattern.source.licence == "unknown licence"
    assert ("REQUIRES", "a") in [(link.kind, link.name) for link in found.links]


def test_slugs_hold_nothing_strange() -> None:
    assert slug_of("../../etc/passwd, x=1") == "etc-passwd-x-1"
    assert slug_of("5s-methodology") == "5s-methodology"
    assert slug_of("Künste & Gärten") == "künste-and-gärten"


def patterns(*pairs: tuple[str, str]) -> list[Pattern]:
    return [read_pattern(page(slug, title), f"{slug}.md").pattern for slug, title in pairs]


def test_names_mean_one_pattern_or_none() -> None:
    known = patterns(("tool-shed", "Tool Shed"), ("seeds-a", "Seed Swap"), ("seeds-b", "Seed Swap"), ("tool", "Tool"))
    book = NameBook(known)
    assert book.slug("tool-shed") == book.slug("pat_tool-shed") == book.slug("TOOL SHED!") == "tool-shed"
    assert book.slug("Seed Swap") is None  # two patterns
    assert book.slug("Tool Sheds") is None  # no guessing
    assert book.slug("") is None


def test_approved_relations_need_evidence_that_names_both() -> None:
    known = patterns(("tool-shed", "Tool Shed - Village"), ("seed-swap", "Seed Swap"), ("pond", "Pond"))
    entry = {
        "relationship_type": "ENABLES",
        "confidence": 0.8,
        "status": "approved",
        "target_id": "pat_seed-swap",
    }
    data = {
        "relationships": [
            {**entry, "source_id": "pat_tool-shed", "evidence": "Tool sheds make seed swaps easy."},
            {**entry, "source_id": "pat_pond", "evidence": "Lakes make seed swaps easy."},
            {**entry, "source_id": "pat_lost", "evidence": "Lost sheds make seed swaps easy."},
            {**entry, "source_id": "pat_pond", "evidence": "A pond helps a seed swap.", "status": "rejected"},
            "nonsense",
        ]
    }
    book = NameBook(known)
    links, problems = read_approved(data, "relationships_approved.json", book, {p.slug: p for p in known})
    assert [(link.subject, link.name, link.layer, link.weight) for link in links] == [
        ("tool-shed", "seed-swap", "approved", 0.8)
    ]
    assert links[0].reason == "Tool sheds make seed swaps easy."
    assert len(problems) == 1 and problems[0].message.startswith("4 of 5") and not problems[0].skipped
    assert speaks_of("The pond.", known[2]) and not speaks_of("They respond.", known[2])
    shapes: list[object] = [{}, [], "x", {"relationships": 3}, {"relationships": None}]
    for broken in shapes:
        assert read_approved(broken, "f.json", book, {})[0] == []


def test_archetypes_by_id_or_name() -> None:
    known = patterns(("tool-shed", "Tool Shed"), ("pond", "Pond"))
    data = [
        {
            "pattern_id": "pat_tool-shed",
            "pattern_name": "whatever",
            "archetypes": [
                {"name": "Village", "strength": 0.7},
                {"name": "NGO", "strength": 0.9},
                {"name": "Team", "strength": 0.7},
                {"name": "City", "strength": 0.2},
            ],
            "stages": [{"name": "Growth", "importance": 1.0}],
            "domains": [
                {"name": "Shared Things", "specificity": "core"},
                {"name": "All", "specificity": "general"},
            ],
        },
        {"pattern_id": "pat_none", "pattern_name": "Pond", "archetypes": ["Team"]},
        {"pattern_id": "pat_lost", "pattern_name": "Lost", "archetypes": [{"name": "Team"}]},
        {"pattern_id": "pat_pond", "error": "failed"},
        7,
    ]
    entries, problems = read_archetypes(data, "archetypes.json")
    assert "2 of 5" in problems[0].message
    (shed, pond), strange = apply_archetypes(known, entries, NameBook(known))
    assert strange == 1
    assert shed.personas == ("NGO", "Village", "Team") and shed.scales == ("Team", "Village")
    assert shed.stages == ("Growth",) and shed.domains == ("shared-things",)
    assert pond.personas == ("Team",)
    assert read_archetypes({"a": 1}, "archetypes.json")[1][0].skipped


def test_lighthouse_in_both_forms() -> None:
    simple = b"""---
title: Lima Sheds
description: Sheds all over town.
country: Peru
sector: Housing
patterns_used: [Tool Shed, Seed Swap, Pond, Unsaid]
---
## The Model

### Tool Shed
Every block has one.

## Commons Patterns in Action

### Tool Shed
Drills go **round**. A second sentence.

| Pattern | How |
|---|---|
| [Seed Swap](x) | Each spring. |

They dug a pond together. It is deep.
"""
    found = read_lighthouse(simple, "_lighthouses/lima.md")
    house = found.lighthouse
    assert (house.slug, house.country, house.sector, house.summary) == (
        "lima",
        "Peru",
        "Housing",
        "Sheds all over town.",
    )
    assert house.adopts == ("Tool Shed", "Seed Swap", "Pond", "Unsaid")
    assert [link.reason for link in found.links[:2]] == ["Drills go round.", "Each spring."]
    assert found.links[2].reason.endswith("They dug a pond together.") and found.links[3].reason == ""

    formal = b"""---
id: lh_1
slug: 3-lima
title: Lima
location: {city: Lima, country: Peru}
tags: {industry: [housing, retail]}
implements: [pat_shed]
license: CC0-1.0
---
### 1. Overview

A city of sheds.
"""
    house = read_lighthouse(formal, "_lighthouses/3-lima.md").lighthouse
    assert (house.slug, house.country, house.sector, house.adopts) == (
        "lima",
        "Peru",
        "housing, retail",
        ("pat_shed",),
    )
    assert house.summary == "A city of sheds." and house.source.kind == "lighthouse" and house.source.slug == "lima"

from __future__ import annotations

import pytest

from cml_mm.answering.intent import Intent, read_intent
from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.names import NameIndex, title_boosts, unknown_names
from cml_mm.types import Source


def entry(title: str, *aliases: str, kind: str = "pattern") -> Entry:
    slug = title.lower().split(" (")[0].replace(" ", "-").replace("&", "and")
    source = Source("0" * 64, title, "pattern", slug, f"{slug}.md", "CC-BY-SA-4.0", "CML")
    return Entry(
        slug=slug,
        title=title,
        kind="lighthouse" if kind == "lighthouse" else "pattern",
        summary="",
        source=source,
        aliases=aliases,
        context_labels=(),
        tension="",
        curated=True,
        sections=0,
    )


NAMES = NameIndex(
    [
        entry("Role Rotation", "Taking turns"),
        entry("Visible Work", "Chore list"),
        entry("Hazard Analysis (HACCP)"),
        entry("Sharding Pattern"),
        entry("5S Methodology", "6S"),
        entry("Trust"),
        entry("Culture & Workforce Specification"),
        entry("Mondragon Corporation", "Mondragon", kind="lighthouse"),
    ]
)
LIGHTHOUSES = frozenset({"mondragon-corporation"})


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("What does Role Rotation require?", ["role-rotation"]),
        ("what do we need for role rotations", ["role-rotation"]),
        ("HACCP", ["hazard-analysis"]),
        ("sharding", ["sharding-pattern"]),
        ("Is 6S worth it for us?", ["5s-methodology"]),
        ("forces in Culture and Workforce Specification", ["culture-and-workforce-specification"]),
        ("How do we build trust with the neighbours?", []),
        ("what is trust", ["trust"]),
        ("Does Visible Work lead to Role Rotation?", ["visible-work", "role-rotation"]),
        ("", []),
        ("💧💧", []),
    ],
)
def test_names_in_a_question(question: str, slugs: list[str]) -> None:
    assert [match.slugs[0] for match in NAMES.find(question)] == slugs


def test_longer_names_weigh_more_and_aliases_a_little_less() -> None:
    title, alias = NAMES.find("Role Rotation"), NAMES.find("taking turns")
    assert title_boosts(title)["role-rotation"] == 1.0
    assert title_boosts(alias)["role-rotation"] == pytest.approx(0.9)


def test_a_quoted_name_that_is_not_there_is_unknown() -> None:
    assert unknown_names("What does the pattern 'Moon Ledger' require?", NAMES) == ("Moon Ledger",)
    assert unknown_names("What does Sunrise Barter Protocol enable?", NAMES) == ("Sunrise Barter Protocol",)
    assert unknown_names("What does 'Role Rotation' require? It isn't clear, that's it", NAMES) == ()
    assert unknown_names("How would people in New York share the chores?", NAMES) == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does Role Rotation require?", Intent("relations", ("role-rotation",), "REQUIRES", True)),
        (
            "What must be ready before Role Rotation begins?",
            Intent("relations", ("role-rotation",), "REQUIRES", True),
        ),
        ("What does Role Rotation depend on?", Intent("relations", ("role-rotation",), "REQUIRES", True)),
        ("Which patterns require Role Rotation?", Intent("relations", ("role-rotation",), "REQUIRES", False)),
        (
            "Which patterns does Visible Work make possible?",
            Intent("relations", ("visible-work",), "ENABLES", True),
        ),
        ("What is enabled by Visible Work?", Intent("relations", ("visible-work",), "ENABLES", True)),
        ("What leads to Role Rotation?", Intent("relations", ("role-rotation",), "ENABLES", False)),
        (
            "What goes well together with Role Rotation?",
            Intent("relations", ("role-rotation",), "COMPLEMENTS", True),
        ),
        ("What is in tension with Role Rotation?", Intent("tension", ("role-rotation",))),
        ("Which tug-of-war does Role Rotation live with?", Intent("tension", ("role-rotation",))),
        ("Who has adopted Role Rotation?", Intent("adopters", ("role-rotation",))),
        ("What patterns does Mondragon use?", Intent("adopted", ("mondragon-corporation",))),
        ("What is Role Rotation?", Intent("define", ("role-rotation",))),
        ("HACCP", Intent("define", ("hazard-analysis",))),
        (
            "Role Rotation or Visible Work: which differs how?",
            Intent("compare", ("role-rotation", "visible-work")),
        ),
        ("How does Visible Work lead to Role Rotation?", Intent("path", ("visible-work", "role-rotation"))),
        ("The same three people do everything. What helps?", Intent("help")),
    ],
)
def test_intent(question: str, expected: Intent) -> None:
    assert read_intent(question, NAMES.find(question), LIGHTHOUSES) == expected

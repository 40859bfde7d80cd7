"""The real commons library, read whole. Skipped, loudly, where it is not at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cml_mm.corpus import load_library
from cml_mm.types import Library


@pytest.fixture(scope="module")
def read() -> dict[str, Library]:
    """Room for the library, so that it is read once: `shared_dir` decides whether there is one."""
    return {}


@pytest.fixture
def library(shared_dir: Path, read: dict[str, Library]) -> Library:
    if "library" not in read:
        read["library"] = load_library([shared_dir / "commons-library"])
    return read["library"]


def test_every_page_becomes_a_pattern(library: Library) -> None:
    assert len(library.patterns) == 3616
    assert len(library.lighthouses) == 6
    assert not [problem for problem in library.problems if problem.skipped]
    assert Counter(pattern.format for pattern in library.patterns) == {"v1": 1542, "v7.1": 2074}
    for pattern in library.patterns:
        assert pattern.slug and pattern.title and pattern.summary and pattern.sections, pattern.slug
        headings = [section.heading for section in pattern.sections]
        assert len(set(headings)) == len(headings), pattern.slug
        assert all(section.text for section in pattern.sections), pattern.slug


def test_hand_written_patterns_and_their_reasons(library: Library) -> None:
    curated = [r for r in library.relations if r.layer == "curated" and r.kind != "ADOPTS"]
    assert sum(pattern.curated for pattern in library.patterns) == 85
    assert 420 <= sum(bool(r.reason) for r in curated) <= 450
    found = [r for r in curated if (r.subject, r.kind) == ("adaptive-learning", "REQUIRES")]
    target = next(r for r in found if r.object == "transformation-sequencing")
    assert target.reason and target.weight == 0.8 and target.declared_by == "_patterns/adaptive-learning.md"
    both = [r for r in curated if {r.subject, r.object} == {"alignment-monitoring", "structural-integrity-audit"}]
    assert sum(r.kind == "COMPLEMENTS" for r in both) == 2


def test_parents_point_to_children(library: Library) -> None:
    slug = "solidarity-economy-alternative-paradigm"
    parents = [r for r in library.relations if r.kind == "SPECIALIZES_TO" and r.object == slug]
    assert len(parents) == 1 and parents[0].layer == "earlier"
    assert parents[0].declared_by == f"_patterns/{slug}.md"


def test_figures_stay_where_they_were_measured(library: Library) -> None:
    layers = Counter(relation.layer for relation in library.relations)
    assert 400 <= layers["approved"] <= 460
    assert 2200 <= layers["earlier"] <= 2400
    assert layers["machine"] > 10_000 and layers["inferred"] > 5_000
    kinds = Counter(relation.kind for relation in library.relations)
    assert 60 <= kinds["TENSIONS_WITH"] <= 75 and kinds["ADOPTS"] == 5
    assert 1150 <= len(library.dangling) <= 1300
    assert 250 <= sum(bool(pattern.tension) for pattern in library.patterns) <= 280
    assert 4500 <= sum(len(pattern.context_labels) for pattern in library.patterns) <= 4800
    assert 1200 <= sum(bool(pattern.personas) for pattern in library.patterns) <= 1283
    assert all(relation.subject != relation.object for relation in library.relations)
    roles = Counter(section.role for pattern in library.patterns for section in pattern.sections)
    assert roles["other"] < 0.02 * sum(roles.values())


def test_padding_is_gone_and_words_are_as_written(library: Library, shared_dir: Path) -> None:
    pages = {pattern.slug: pattern for pattern in library.patterns}
    assert sum(len(section.text) for section in pages["vesting-schedules"].sections) < 30_000
    written = (shared_dir / "commons-library/_patterns/adaptive-learning.md").read_text(encoding="utf-8")
    assert all(section.text in written for section in pages["adaptive-learning"].sections)

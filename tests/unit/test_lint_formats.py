"""The formats side by side: what each asks for, how many pages meet it, and the way from v1 to v7.1."""

from __future__ import annotations

from pathlib import Path

from cml_mm.corpus.lint import LintReport, lint
from cml_mm.corpus.lint.report import PAGE_FORMATS, FormatGroup, Share

V1 = """id: pat_a
slug: old-way
title: Old Way
aliases: []
classification: {domain: water, status: draft}
generalizes_from: []
specializes_to: []
enables: []
requires: []
related: []
sources: []
version: 1.0
contributors: [us]
license: CC-BY-SA-4.0
attribution: Us
"""
V1_HEADINGS = (
    "Overview",
    "Core Principles",
    "Key Practices",
    "Implementation",
    "When to Use",
    "7 Pillars Assessment",
    "References",
)


def write(folder: Path, slug: str, fields: str, headings: tuple[str, ...]) -> None:
    place = folder / "patterns"
    place.mkdir(parents=True, exist_ok=True)
    text = "\n".join(f"### {heading}\n\nSomething about it.\n" for heading in headings)
    (place / f"{slug}.md").write_text(f"---\n{fields}---\n{text}", encoding="utf-8")


def share(report: LintReport, demand: str, form: str) -> Share | None:
    row = next(row for row in report.formats if row.demand == demand)
    return row.shares[PAGE_FORMATS.index(form)]  # type: ignore[arg-type]


def test_pages_are_grouped_by_their_front_matter(tmp_path: Path) -> None:
    write(tmp_path, "old-way", V1, V1_HEADINGS)
    write(tmp_path, "older-way", V1.replace("old-way", "older-way").replace("pat_a", "pat_b"), V1_HEADINGS[:3])
    write(tmp_path, "new-way", "slug: new-way\ntitle: New Way\nontology: {domain: water}\n", ("Context",))
    write(tmp_path, "orbit", "slug: orbit\ntitle: Orbit\norbital_layer: 4\nontology: {domain: water}\n", ("Context",))
    write(tmp_path, "bare", "title: Bare\nsummary: Little.\nlicense: X\nattribution: Y\n", ("Context",))
    report = lint([tmp_path])
    assert [group.format for group in report.groups] == list(PAGE_FORMATS)
    assert [(group.pages, group.ready, group.verdict) for group in report.groups] == [
        (2, 1, "needs work"),
        (1, 0, "needs work"),
        (1, 0, "needs work"),
        (1, 1, "ready"),
    ]
    assert share(report, "All sections present, with text", "v1") == Share(1, 2)
    assert share(report, "All fields present", "v1") == Share(2, 2)
    assert share(report, "All fields present", "v8.2") == Share(0, 1)
    assert share(report, "A tension that is not the title again", "v1") is None  # the format does not ask
    assert share(report, "A tension that is not the title again", "v7.1") == Share(0, 1)
    assert share(report, "Licence and attribution", "none") == Share(1, 1)


def test_an_error_keeps_a_page_from_being_ready(tmp_path: Path) -> None:
    write(tmp_path, "old-way", V1.replace("pat_a", "pat_placeholder"), V1_HEADINGS)
    assert [group.ready for group in lint([tmp_path]).groups] == [0, 0, 0, 0]


def test_the_way_from_v1_tells_what_to_write_from_what_to_carry_over(tmp_path: Path) -> None:
    write(tmp_path, "old-way", V1, V1_HEADINGS)
    (item,) = lint([tmp_path]).conversions
    assert (item.slug, item.path) == ("old-way", "patterns/old-way.md")
    assert item.fields_to_write == (
        "summary",
        "context_labels",
        "ontology.search_hints.primary_tension",
        "ontology.search_hints.vector_keywords",
        "ontology.commons_assessment",
    )
    assert item.fields_to_carry == ("ontology.domain", "lifecycle", "relationships", "graph_garden")
    assert item.sections_to_write == (
        "context",
        "problem",
        "solution",
        "consequences",
        "known uses",
        "cognitive era",
        "vitality",
    )


def test_a_verdict_speaks_for_most_of_a_group() -> None:
    assert FormatGroup("v1", 0, 0, 0, 0).verdict == "no pages"
    assert FormatGroup("v1", 3, 3, 0, 0).verdict == "ready"
    assert FormatGroup("v1", 3, 2, 0, 1).verdict == "needs work"
    assert FormatGroup("v1", 3, 0, 1, 2).verdict == "not readable"

"""Defects of a file, its fields and its text: each in a small page that has it, and not in one that is good."""

from __future__ import annotations

from pathlib import Path

import pytest

from cml_mm.corpus.lint import Finding, LintReport, counts, lint

SECTIONS = (
    "Section 1: Context",
    "Section 2: Problem",
    "Section 3: Solution",
    "Section 4: Implementation",
    "Section 5: Consequences",
    "Section 6: Known Uses",
    "Section 7: Cognitive Era",
    "Section 8: Vitality",
)
FRONT = """id: pat_{slug}
slug: {slug}
title: {title}
aliases: []
summary: Neighbours agree beforehand when the gate is opened.
context_labels:
  corporate: Opening Hours
  activist: Hours of the Commoners
ontology:
  domain: water
  search_hints:
    primary_tension: Ready Access vs. Quiet Nights
    vector_keywords: [gate, hours]
  commons_assessment: {{vitality: 4}}
lifecycle: {{status: stable}}
relationships:
  enables:
    - slug: {other}
      weight: 0.5
      description: Known hours make it easy to lend the key.
graph_garden: {{}}
contributors: [us]
sources: []
license: CC-BY-SA-4.0
attribution: The gate keepers
"""


def front(slug: str = "gate-hours", title: str = "Gate Hours", other: str = "key-ledger") -> str:
    return FRONT.format(slug=slug, title=title, other=other)


def body(*left_out: str) -> str:
    texts = (f"### {name}\n\nWhat is said under {name.lower()} here.\n" for name in SECTIONS)
    return "\n".join(text for text in texts if not any(name in text for name in left_out))


def good(folder: Path) -> None:
    """Two pages without a fault, which belong together."""
    page(folder, "gate-hours", front())
    page(folder, "key-ledger", front("key-ledger", "Key Ledger", "gate-hours"))


def page(folder: Path, slug: str, fields: str, text: str | None = None) -> Path:
    place = folder / "patterns"
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{slug}.md"
    path.write_text(f"---\n{fields}---\n\n{body() if text is None else text}", encoding="utf-8")
    return path


def of(report: LintReport, kind: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.kind == kind]


def one(report: LintReport, kind: str) -> Finding:
    found = of(report, kind)
    assert len(found) == 1, (kind, report.findings)
    assert found[0].path == "patterns/gate-hours.md"
    assert found[0].message and found[0].hint
    return found[0]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    good(tmp_path)
    return tmp_path


def test_two_good_pages_have_nothing_to_mend(library: Path) -> None:
    report = lint([library])
    assert report.findings == ()
    assert (report.patterns, report.lighthouses, report.wanted) == (2, 0, ())
    number = counts(report)
    assert (number.pages, number.errors, number.warnings, number.notes, number.by_kind) == (2, 0, 0, 0, ())


@pytest.mark.parametrize(
    ("kind", "severity", "old", "new"),
    [
        ("front_matter_broken", "error", "title: Gate Hours", "title: Gate: Hours: kept"),
        ("id_placeholder", "error", "id: pat_gate-hours", "id: pat_placeholder"),
        ("id_duplicate", "error", "", ""),
        ("id_missing", "note", "id: pat_gate-hours\n", ""),
        ("title_missing", "error", "title: Gate Hours\n", ""),
        ("summary_missing", "warning", "summary: Neighbours agree beforehand when the gate is opened.\n", ""),
        ("licence_missing", "error", "license: CC-BY-SA-4.0\n", ""),
        ("attribution_missing", "warning", "attribution: The gate keepers\n", ""),
        ("field_missing", "note", "contributors: [us]\n", ""),
        ("label_worthless", "warning", "corporate: Opening Hours", "corporate: Med"),
        ("label_worthless", "warning", "corporate: Opening Hours", "corporate: ''"),
        ("label_template", "warning", "corporate: Opening Hours", "corporate: Gate Hours for Organizations"),
        ("tension_missing", "warning", "    primary_tension: Ready Access vs. Quiet Nights\n", ""),
        ("tension_of_title", "warning", "Ready Access vs. Quiet Nights", "Gate vs. Hours"),
        ("slide_deck", "warning", "sources: []", "sources: []\nrevealOptions: {transition: fade}"),
    ],
)
def test_front_matter(library: Path, kind: str, severity: str, old: str, new: str) -> None:
    fields = front()
    assert old in fields
    page(library, "gate-hours", fields.replace(old, new) if old else fields)
    if kind == "id_duplicate":
        page(library, "key-ledger", front("key-ledger", "Key Ledger", "gate-hours").replace("pat_key-ledger", "pat_x"))
        page(library, "gate-hours", fields.replace("pat_gate-hours", "pat_x"))
        found = of(lint([library]), kind)
        assert [finding.path for finding in found] == ["patterns/gate-hours.md", "patterns/key-ledger.md"]
        assert found[0].severity == severity and "pat_x" in found[0].message
        return
    assert one(lint([library]), kind).severity == severity


def test_a_label_that_only_shares_words_with_the_title_is_no_template(library: Path) -> None:
    page(library, "gate-hours", front().replace("Opening Hours", "Hours at the Gate"))
    assert lint([library]).findings == ()


def test_no_front_matter_at_all(library: Path) -> None:
    (library / "patterns" / "gate-hours.md").write_text(f"# Gate Hours\n\n{body()}", encoding="utf-8")
    report = lint([library])
    assert one(report, "front_matter_missing").severity == "error"
    assert of(report, "title_missing") == []  # said already
    assert [group.pages for group in report.groups] == [0, 1, 0, 1]


def test_front_matter_without_an_end(library: Path) -> None:
    path = page(library, "gate-hours", front())
    path.write_text(path.read_text("utf-8").replace("\n---\n\n###", "\n\n###", 1), encoding="utf-8")
    assert one(lint([library]), "front_matter_unclosed").severity == "error"


def test_a_second_front_matter_in_the_body(library: Path) -> None:
    page(library, "gate-hours", front(), f"---\nid: pat_old\nslug: gate\ntitle: Old\nversion: 1\n---\n\n{body()}")
    assert one(lint([library]), "front_matter_second").severity == "error"


@pytest.mark.parametrize(("mark", "named"), [("\x0c", "U+000C"), ("_x000D_", "_x000D_"), ("\ufffd", "U+FFFD")])
def test_control_characters(library: Path, mark: str, named: str) -> None:
    page(library, "gate-hours", front(), body() + f"\nA leaf{mark} of paper{mark}.\n")
    found = one(lint([library]), "control_characters")
    assert named in found.message and found.places == 2


def test_a_byte_order_mark_at_the_start_is_none(library: Path) -> None:
    path = page(library, "gate-hours", front())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert lint([library]).findings == ()


@pytest.mark.parametrize("data", [b"", b"  \n", b"---\ntitle: \xff\xfe\n---\n"])
def test_files_that_cannot_be_read(library: Path, data: bytes) -> None:
    (library / "patterns" / "void.md").write_bytes(data)
    report = lint([library])
    assert [(finding.kind, finding.path) for finding in report.findings] == [("file_unreadable", "patterns/void.md")]
    assert report.groups[3].not_readable == 1 and report.groups[3].verdict == "not readable"


def test_a_library_in_which_no_file_can_be_read_is_a_report_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "void.md").write_bytes(b"")
    assert [finding.kind for finding in lint([tmp_path]).findings] == ["file_unreadable"]


def test_a_slug_of_two_pages(library: Path) -> None:
    page(library, "other", front().replace("pat_gate-hours", "pat_z"))
    found = of(lint([library]), "slug_duplicate")
    assert [(finding.path, finding.severity) for finding in found] == [("patterns/other.md", "error")]
    assert "patterns/gate-hours.md" in found[0].message


def test_a_page_without_text(library: Path) -> None:
    page(library, "gate-hours", front(), "")
    report = lint([library])
    assert one(report, "body_empty").severity == "error"
    assert of(report, "section_missing") == []  # said already


def test_missing_and_empty_sections(library: Path) -> None:
    text = body("Section 2", "Section 6").replace("What is said under section 5: consequences here.\n", "")
    page(library, "gate-hours", front(), text)
    report = lint([library])
    absent = one(report, "section_missing")
    assert absent.places == 3
    assert all(role in absent.message for role in ("problem", "consequences", "known uses"))
    assert "“Consequences”" in one(report, "section_empty").message


def test_a_heading_over_deeper_headings_or_code_is_not_empty(library: Path) -> None:
    more = "\n## Notes\n\n### Sources\n\nA letter.\n\n## Drawing\n\n```text\na -> b\n```\n"
    page(library, "gate-hours", front(), body() + more)
    assert of(lint([library]), "section_empty") == []


def test_headings_of_level_one_only(library: Path) -> None:
    page(library, "gate-hours", front(), body().replace("### ", "# "))
    assert one(lint([library]), "headings_top_level").severity == "warning"


def test_a_heading_that_fits_no_role_is_a_note(library: Path) -> None:
    page(library, "gate-hours", front(), body() + "\n## Zebra crossings\n\nBlack and white.\n")
    found = one(lint([library]), "heading_unknown")
    assert found.severity == "note" and "Zebra crossings" in found.message


def test_padding_in_tables_counts_the_bytes_that_it_wastes(library: Path) -> None:
    row = f"| day |{' ' * 3000}open |\n"
    page(library, "gate-hours", front(), f"{body()}\n| day | state |\n|---|---|\n{row}")
    assert one(lint([library]), "table_padding").message.startswith("2,999 of ")
    page(library, "gate-hours", front(), f"{body()}\n| day     | state |\n|---------|-------|\n| Sunday  | shut  |\n")
    assert lint([library]).findings == ()


def test_mermaid_is_a_note(library: Path) -> None:
    page(library, "gate-hours", front(), body() + "\n```mermaid\ngraph TD; a-->b\n```\n")
    found = one(lint([library]), "mermaid")
    assert (found.severity, found.places) == ("note", 1)


def test_links_and_pictures_to_files_that_are_not_there(library: Path) -> None:
    text = "\n![plan](plan.svg) [mangled](https.example.org/a) [far](../no/such.md)\n"
    page(library, "gate-hours", front(), body() + text)
    found = one(lint([library]), "link_broken")
    assert found.places == 3 and "plan.svg" in found.message
    (library / "patterns" / "plan.svg").write_text("<svg/>", encoding="utf-8")
    fine = "\n![plan](plan.svg) [page](key-ledger) [file](key-ledger.md#use) [web](https://example.org) [up](#a)\n"
    page(library, "gate-hours", front(), body() + fine + "\n```md\n[x](gone.md)\n```\n")
    assert lint([library]).findings == ()

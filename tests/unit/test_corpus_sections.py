"""Pages cut at their headings, roles, openings, tables."""

from __future__ import annotations

import pytest

from cml_mm.corpus.openings import first_paragraph, first_sentences
from cml_mm.corpus.sections import clean_heading, read_body
from cml_mm.prose import plain


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Section 1: Context (189 words)", "Context"),
        ("1. Overview", "Overview"),
        ("Problem", "Problem"),
        ("2) **Core Principles** (150-300 words)", "Core Principles"),
        ("9.1 Books:", "Books"),
        ("5 Whys", "5 Whys"),
        ("360-Degree Feedback", "360-Degree Feedback"),
        ("`Evidence` & Impact", "Evidence & Impact"),
        ("4.", "4."),
    ],
)
def test_heading_without_numbering(raw: str, clean: str) -> None:
    assert clean_heading(raw)[0] == clean


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Overview", "overview"),
        ("Context", "context"),
        ("The Problem", "problem"),
        ("Solution", "solution"),
        ("Core Principles", "principles"),
        ("Key Practices", "practices"),
        ("Implementation", "implementation"),
        ("Consequences", "consequences"),
        ("Anti-Patterns & Gotchas", "consequences"),
        ("Application Context", "when_to_use"),
        ("When to Use", "when_to_use"),
        ("Known Uses", "known_uses"),
        ("Evidence & Impact", "known_uses"),
        ("Cognitive Era Considerations", "cognitive_era"),
        ("Vitality: The Quality Without a Name", "vitality"),
        ("7 Pillars Assessment", "assessment"),
        ("Resources & References", "references"),
        ("Marzipan", "other"),
    ],
)
def test_roles(name: str, role: str) -> None:
    assert read_body(f"## {name}\n\nText.\n", "Shed").sections[0].role == role


def test_weak_words_give_a_role_only_where_nothing_above_has_one() -> None:
    body = read_body("## Related Patterns\n\nPond.\n\n## Known Uses\n\n### The Future of Work\n\nLima.\n", "Shed")
    assert [s.role for s in body.sections] == ["references", "known_uses"]
    assert read_body("## The Future of Work\n\nLima.\n", "Shed").sections[0].role == "cognitive_era"


def test_levels_one_to_three_cut_and_level_four_stays_inside() -> None:
    body = read_body(
        "# Shed\n\n## Solution\n\nLend.\n\n#### Rules\n\nBring it back.\n\n### 3. Vitality\n\nIt hums.\n",
        "Shed",
    )
    assert [(s.role, s.heading) for s in body.sections] == [
        ("solution", "Solution"),
        ("vitality", "Vitality"),
    ]
    assert body.sections[0].text == "Lend.\n\n#### Rules\n\nBring it back."


def test_headings_in_code_are_text_and_an_open_fence_hides_nothing() -> None:
    body = read_body("## Solution\n\n```sh\n# a comment\n```\n\nDone.\n", "Shed")
    assert len(body.sections) == 1 and "# a comment" in body.sections[0].text
    body = read_body("## Solution\n\n```\nnever closed\n\n## Context\n\nHere.\n", "Shed")
    assert [s.role for s in body.sections] == ["solution", "context"]


def test_pages_with_level_one_headings_only() -> None:
    body = read_body("# 1. Overview\n\nOne.\n\n# 2. Core Principles\n\nTwo.\n", "Shed")
    assert [(s.role, s.text) for s in body.sections] == [("overview", "One."), ("principles", "Two.")]


def test_sub_sections_take_the_role_above_unless_they_name_one() -> None:
    text = "## Known Uses\n\n### A shed in Lima\n\nOld.\n\n### References\n\nBook.\n\n### 7. Problem\n\nBig.\n"
    body = read_body(text, "Shed")
    assert [s.role for s in body.sections] == ["known_uses", "references", "problem"]


def test_title_heading_is_no_section_but_its_text_is_kept() -> None:
    assert [s.heading for s in read_body("# The Shed\n\n## Context\n\nHere.\n", "The Shed").sections] == ["Context"]
    kept = read_body("# The Shed!\n\nA room full of tools.\n\n## Context\n\nHere.\n", "The Shed").sections
    assert [(s.role, s.text) for s in kept] == [("overview", "A room full of tools."), ("context", "Here.")]
    other = read_body("# TC07: Shed\n\nA room full of tools.\n\n## Context\n\nHere.\n", "The Shed").sections
    assert other[0].role == "overview"


def test_opening_quote_is_kept_without_the_confidence_note() -> None:
    note = "> [!NOTE] Confidence Rating: high\n> Boilerplate.\n\n---"
    body = read_body(f"> Tools want to be used.\n\n{note}\n\n## Context\n\nHere.\n", "Shed")
    assert body.lead == "> Tools want to be used."
    assert [s.text for s in body.sections] == ["> Tools want to be used.", "Here."]
    again = read_body("Tools want to be used.\n\n## Context\n\nHere.\n", "Shed", "Tools want to be used, often.")
    assert [s.heading for s in again.sections] == ["Context"]


def test_headings_are_unique_and_rules_at_the_ends_go() -> None:
    body = read_body("## Use\n\nOne.\n\n---\n\n## Use\n\nTwo.\n\n***\n", "Shed")
    assert [(s.heading, s.text) for s in body.sections] == [("Use", "One."), ("Use (2)", "Two.")]


def test_padding_goes_from_tables_only() -> None:
    table = "| a" + " " * 900 + "| b |\n|" + "-" * 900 + "|---|\n| x  y | `p  q` |"
    body = read_body(f"## Context\n\nTwo  spaces stay.\n\n{table}\n\n```\n| a    b |\n```\n", "Shed")
    text = body.sections[0].text
    assert "Two  spaces stay." in text and "| a | b |\n|---|---|\n| x y | `p q` |" in text
    assert "| a    b |" in text  # code keeps its columns


def test_a_paragraph_set_as_heading_can_still_be_quoted() -> None:
    long = "Everybody brings back what they borrowed, cleaned and dry. " * 4
    section = read_body(f"### {long}\n\nEnd.\n", "Shed").sections[0]
    assert (
        len(section.heading) < 100
        and section.text.startswith("Everybody brings back")
        and section.text.endswith("End.")
    )


def test_text_without_headings_is_one_overview() -> None:
    body = read_body("Only a paragraph about sheds.\n", "Shed")
    assert [(s.role, s.heading) for s in body.sections] == [("overview", "Overview")]


def test_first_sentences() -> None:
    text = "Lend tools, e.g. Drills, to all. Ask Dr. Wu first. Then go."
    assert first_sentences(text, 300) == "Lend tools, e.g. Drills, to all. Ask Dr. Wu first."
    assert first_sentences(text, 40) == "Lend tools, e.g. Drills, to all."
    assert first_sentences("word " * 100, 30) == "word word word word word word…"


def test_first_paragraph_and_plain() -> None:
    assert first_paragraph("- list\n\n```\ncode\n\nmore\n```\n\n| t |\n\n**Real** prose.\n\nMore.") == "**Real** prose."
    assert (
        plain("> **Lend** [tools](http://x) *gladly* [1, 2], snake_case stays.")
        == "Lend tools gladly, snake_case stays."
    )

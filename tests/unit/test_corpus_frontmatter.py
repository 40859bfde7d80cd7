"""Front matter that is whole, broken, doubled or hostile."""

from __future__ import annotations

import pytest

from cml_mm.corpus.frontmatter import as_fields, as_items, as_share, as_text, as_texts, split_page


def test_scalars_stay_as_written() -> None:
    page = split_page("---\ntitle: 1984\ncreated: 2026-13-45\nversion: 1.10\naliases: [No, 5S, ~]\n---\nBody\n")
    assert page.meta["title"] == "1984"
    assert page.meta["created"] == "2026-13-45"
    assert page.meta["version"] == "1.10"
    assert as_texts(page.meta["aliases"]) == ("No", "5S")
    assert page.body == "Body\n"
    assert page.repairs == ()


@pytest.mark.parametrize("text", ["no front matter\n", "---\n\nProse between rules.\n\n---\nmore\n", "", "---\n"])
def test_text_without_front_matter_is_all_body(text: str) -> None:
    page = split_page(text)
    assert page.meta == {}
    assert page.body == text
    assert page.repairs == ()


def test_windows_line_ends_and_byte_order_mark() -> None:
    page = split_page("\ufeff---\r\ntitle: A\r\n---\r\nBody\r\n")
    assert page.meta == {"title": "A"}
    assert page.body == "Body\n"


def test_unquoted_colon_is_mended_and_other_fields_survive() -> None:
    page = split_page("---\nid: pat_1\ntitle: Tools: a shed\nsummary: Lend, don't buy: share.\n---\nBody\n")
    assert page.meta["id"] == "pat_1"
    assert page.meta["title"] == "Tools: a shed"
    assert page.meta["summary"] == "Lend, don't buy: share."
    assert len(page.repairs) == 1 and "mended" in page.repairs[0]


def test_list_inside_open_braces_is_mended() -> None:
    broken = "ontology: {domain: sharing, cross_domains: []\n  commons_domain:\n    - life, hints: {a: b}}\n"
    page = split_page(f"---\ntitle: T\n{broken}---\nBody\n")
    assert page.meta["ontology"]["domain"] == "sharing"
    assert page.meta["ontology"]["commons_domain"] == ["life"]
    assert page.meta["ontology"]["hints"] == {"a": "b"}


def test_field_beyond_repair_is_named_and_lost_alone() -> None:
    page = split_page("---\ntitle: T\naliases: [a, b\nslug: t\n---\nBody\n")
    assert page.meta["title"] == "T" and page.meta["slug"] == "t"
    assert "aliases" in page.repairs[0]


def test_second_front_matter_is_taken_out_and_fills_gaps() -> None:
    page = split_page(
        "---\nid: pat_1\nslug: new\ntitle: New\naliases: []\nlicense: CC0\n---\n"
        "# New\n\n---\nid: pat_0\nslug: 7-old\ntitle: Old\naliases: [Elder]\nlicense: other\n---\n"
        "\n## One\n\nText.\n"
    )
    assert page.meta["slug"] == "new" and page.meta["title"] == "New" and page.meta["license"] == "CC0"
    assert page.meta["aliases"] == ["Elder"]
    assert "pat_0" not in page.body and "## One" in page.body and page.body.startswith("# New")
    assert len(page.repairs) == 1


def test_second_front_matter_without_opening_rule() -> None:
    page = split_page("---\ntitle: T\n---\n\nid: pat_0\ntitle: Old\naliases: [Elder]\n\n## One\n\nText.\n")
    assert page.meta == {"title": "T", "aliases": ["Elder"]}
    assert page.body.strip() == "## One\n\nText."


def test_rules_with_colons_in_prose_are_no_second_front_matter() -> None:
    body = "Intro\n\n---\nNote: one\nHint: two\nAlso: three\n---\n\nRest\n"
    page = split_page(f"---\ntitle: T\n---\n{body}")
    assert page.body == body


def test_front_matter_without_end() -> None:
    page = split_page("---\ntitle: T\naliases:\n- a\n\n## One\n\nText.\n")
    assert page.meta == {"title": "T", "aliases": ["a"]}
    assert "## One" in page.body
    assert page.repairs


@pytest.mark.parametrize(
    "line",
    [
        "x: " + "[" * 50_000,
        "? " * 5_000,
        "- " * 5_000,
        "title: a\x00b\x1b",
        "x: !!python/object/apply:os.system [echo]",
        "x: &a [*a]",
        "x: *nobody",
        "x: !!timestamp never",
        "? [1]\n: 2",
        "x: \ttab",
        "title: a\ntitle: b",
        "x: " + "9" * 10_000,
    ],
)
def test_hostile_yaml_never_raises(line: str) -> None:
    page = split_page(f"---\nslug: kept\n{line}\n---\nBody\n")
    assert page.body == "Body\n"
    assert page.meta.get("slug") == "kept"


def test_coercions_take_only_what_they_can_use() -> None:
    assert as_text(["a"]) == as_text({"a": "b"}) == as_text(None) == as_text("null") == as_text(" ") == ""
    assert as_text(" two\n words ") == "two words"
    assert as_texts("one") == ("one",)
    assert as_texts(["a", {"b": "c"}, ["d"], "a", "", "e"]) == ("a", "e")
    assert as_fields(["a"]) == {} and as_items(None) == [] and as_items("a") == ["a"]


@pytest.mark.parametrize(
    ("value", "share"),
    [("0.8", 0.8), ("7", 1.0), (-1, 0.0), ("nan", 0.5), ("much", 0.5), (None, 0.5), ([1], 0.5), (True, 0.5)],
)
def test_shares(value: object, share: float) -> None:
    assert as_share(value, 0.5) == share

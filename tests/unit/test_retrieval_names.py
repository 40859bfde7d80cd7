"""Names of the library in a question: misspelt ones, labels, quotes, and what must stay unknown."""

from __future__ import annotations

import pytest

from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.names import NameIndex, title_boosts, unknown_names
from cml_mm.types import Source


def entry(title: str, *aliases: str, labels: tuple[str, ...] = (), summary: str = "") -> Entry:
    slug = title.lower().split(" (")[0].replace(" & ", "-and-").replace(" ", "-")
    return Entry(
        slug=slug,
        title=title,
        kind="pattern",
        summary=summary,
        source=Source("0" * 64, title, "pattern", slug, f"{slug}.md", "CC-BY-SA-4.0", "CML"),
        aliases=aliases,
        context_labels=tuple((f"persona {i}", label) for i, label in enumerate(labels)),
        tension="",
        curated=True,
        sections=0,
    )


NAMES = NameIndex(
    [
        entry("Role Rotation", "Taking turns", labels=("Duty Roster Reform", "Systems Thinking Practice")),
        entry("Visible Work", labels=("Sprint Board", "Systems Thinking Practice")),
        entry("Content Strategy", summary="Consent is asked before words are published."),
        entry("Secrets Management", summary="Where stress is, keys are lost."),
        entry("Stigmergy", labels=("Systems Thinking Practice", "We leave marks so that others know what to do.")),
        entry("Trust", labels=("Trust",)),
        entry("Hazard Analysis & Control (HACCP)", "Danger Points"),
        entry("Knowledge Commons Development"),
    ]
)


def found(question: str) -> list[tuple[str, str, str]]:
    return [(match.slugs[0], match.name, match.spelled) for match in NAMES.find(question)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does Role Rotaiton require?", [("role-rotation", "Role Rotaiton", "Role Rotation")]),
        ("what does rloe rotaiton require?", [("role-rotation", "rloe rotaiton", "Role Rotation")]),
        ("who is tkaing turns", [("role-rotation", "tkaing turns", "Taking turns")]),
        ("What is Stigmery?", [("stigmergy", "Stigmery", "Stigmergy")]),
        (
            "Who uses Hazard Anaylsis and Control?",
            [("hazard-analysis-and-control", "Hazard Anaylsis and Control", "Hazard Analysis and Control")],
        ),
        (
            "Who uses Hazard Anaylsis & Control?",
            [("hazard-analysis-and-control", "Hazard Anaylsis Control", "Hazard Analysis & Control")],
        ),
        (
            "Does Visible Work lead to Role Rotatoin?",
            [("visible-work", "Visible Work", ""), ("role-rotation", "Role Rotatoin", "Role Rotation")],
        ),
        ("What is Consent Strategy?", []),  # another word, spelt right
        ("How do we do stress management?", []),
        ("What is Contnet Management?", []),  # every word must match one name
        ("What is Knowldege Commosn Devlpoement?", []),  # two mistakes in a word
    ],
)
def test_small_misspellings(question: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(question) == expected
    assert all(not match.exact for match in NAMES.find(question) if match.spelled)


def test_words_of_the_pages_are_not_put_right() -> None:
    pages = NameIndex([entry("Causal Map")], frequency=lambda stem: 40 if stem in {"casual", "map"} else 0)
    assert pages.find("what is a casual map") == ()
    assert [match.spelled for match in pages.find("what is a cuasal map")] == ["Causal Map"]


def test_a_slip_that_one_page_makes_too_is_put_right_all_the_same() -> None:
    counts = {"rotat": 90, "rotait": 1}
    pages = NameIndex([entry("Role Rotating")], frequency=lambda stem: counts.get(stem, 0))
    assert [match.spelled for match in pages.find("what is role rotaitng")] == ["Role Rotating"]


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("Who needs Duty Roster Reform?", ["role-rotation"]),
        ("who needs 'duty roster reform'?", ["role-rotation"]),
        ("duty roster reform", ["role-rotation"]),
        ("we had a duty roster reform and it went badly", []),  # may be just words
        ("Is Systems Thinking Practice for us?", []),  # shared by many: a template
        ("Is the Sprint Board better than the wall?", ["visible-work"]),
    ],
)
def test_context_labels_count_where_they_are_written_as_names(question: str, slugs: list[str]) -> None:
    matches = NAMES.find(question)
    assert [match.slugs[0] for match in matches] == slugs
    assert all(match.label and not match.exact for match in matches)


def test_titles_weigh_more_than_aliases_and_misspelt_ones_and_those_more_than_labels() -> None:
    boosts = [
        title_boosts(NAMES.find(question))["role-rotation"]
        for question in ("Role Rotation", "taking turns", "Role Rotaiton", "duty roster reform")
    ]
    assert boosts[0] > boosts[1] == boosts[2] > boosts[3]


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("what does the trust pattern require?", ["trust"]),
        ("what does 'trust' require?", ["trust"]),
        ("how do we trust a pattern of behaviour?", []),
        ("What does the Role Rotation pattern require?", ["role-rotation"]),
    ],
)
def test_a_word_called_a_pattern_is_a_name(question: str, slugs: list[str]) -> None:
    assert [match.slugs[0] for match in NAMES.find(question)] == slugs


def test_a_quoted_name_is_not_corrected_by_halves() -> None:
    assert found("What does 'Lunar Role Rotaiton' require?") == []
    assert unknown_names("What does 'Lunar Role Rotaiton' require?", NAMES) == ("Lunar Role Rotaiton",)


def test_invented_names_stay_unknown_and_misspelt_ones_do_not() -> None:
    assert unknown_names("What does 'Consent Strategy' require?", NAMES) == ("Consent Strategy",)
    assert unknown_names("What does the pattern 'Moon Ledger' enable?", NAMES) == ("Moon Ledger",)
    assert unknown_names("Which pattern does Lunar Barter Exchange require?", NAMES) == ("Lunar Barter Exchange",)
    assert unknown_names("What does 'Role Rotaiton' require?", NAMES) == ()
    assert unknown_names("What does 'The Role Rotation Pattern' require?", NAMES) == ()
    assert unknown_names("Compare 'Role Rotation and Visible Wrok'", NAMES) == ()


def test_a_name_by_itself() -> None:
    assert NAMES.resolve("the Role Rotation pattern") == ("role-rotation",)
    assert NAMES.resolve("Role Rotaiton") == ()
    whole = NAMES.whole("role rotaiton pattern")
    assert whole is not None
    assert (whole.slugs, whole.spelled) == (("role-rotation",), "Role Rotation")
    assert NAMES.whole("trust") is not None
    assert NAMES.whole("Lunar Role Rotation") is None
    assert NAMES.whole("") is None


def test_near_names_for_an_unknown_one() -> None:
    assert NAMES.near("Consent Strategies")[0] == "Content Strategy"
    assert NAMES.near("Role Rotating Visibly", limit=1) == ("Role Rotation",)
    assert NAMES.near("Xylophone Quartz") == ()
    assert NAMES.near("") == ()


def test_a_label_of_one_rare_word_is_a_name_where_it_is_asked_for() -> None:
    entries = [entry("Nested Councils", labels=("Spokescouncil",))]
    rare = NameIndex(entries, lambda stem: 1)
    assert [match.slugs for match in rare.find("What is a spokescouncil?")] == [("nested-councils",)]
    assert not rare.find("Our spokescouncil is slow and nobody reads the minutes")
    assert not NameIndex(entries, lambda stem: 40).find("What is a spokescouncil?")

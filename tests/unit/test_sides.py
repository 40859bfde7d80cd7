from __future__ import annotations

import pytest

from cml_mm.answering.sides import compared_pages
from cml_mm.graph.library_graph import Entry
from cml_mm.types import Source


def entry(title: str, *aliases: str) -> Entry:
    slug = title.lower().split(" (")[0].replace(" ", "-")
    source = Source("0" * 64, title, "pattern", slug, f"{slug}.md", "CC-BY-SA-4.0", "CML")
    return Entry(slug, title, "pattern", "", source, aliases, (), "", True, 0)


PAGES = (
    entry("Member Voting"),
    entry("Voting"),
    entry("Lottery (Sortition)", "Drawing lots"),
    entry("Common Licensing (Open, Shared)"),
    entry("Trust"),
)


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("What is the difference between a lottery and member voting?", ("lottery", "member-voting")),
        ("Member voting or drawing lots: which suits a small club?", ("member-voting", "lottery")),
        ("How does voting differ from a lottery?", ("voting", "lottery")),
        ("Compare the lottery with voting, please", ("lottery", "voting")),
        ("A common licence versus trust?", ("common-licensing", "trust")),
        ("Should we use a lottery or shout at each other?", ()),
        ("We have a lottery or voting every year.", ()),
        ("What is a lottery?", ()),
        ("What is the difference between voting and voting?", ()),
        ("", ()),
    ],
)
def test_the_sides_of_a_comparison(question: str, slugs: tuple[str, ...]) -> None:
    assert compared_pages(question, PAGES) == slugs

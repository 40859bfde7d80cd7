"""What a page says that it is about."""

from __future__ import annotations

from cml_mm.answering.passages import Page, definition
from cml_mm.graph.library_graph import Entry
from cml_mm.types import Section, Source

SOURCE = Source("0", "Seed Box", "pattern", "seed-box", "patterns/seed-box.md", "CC0-1.0", "nobody")
TEXT = "Gardeners put saved seeds into one box and take others home in spring."


def page(summary: str) -> Page:
    entry = Entry("seed-box", "Seed Box", "pattern", summary, SOURCE, (), (), "", False, 1)
    return Page(entry, (Section("overview", "Overview", TEXT),))


def test_the_summary_comes_first() -> None:
    found = definition(page("One box of seeds for a street."))
    assert found is not None
    assert found.said == "One box of seeds for a street."


def test_a_summary_that_is_still_to_be_written_is_passed_over() -> None:
    for summary in ("", "Please add a summary here.", "TBD", "[Placeholder]"):
        found = definition(page(summary))
        assert found is not None
        assert found.said == TEXT

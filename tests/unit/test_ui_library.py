"""The Library page from values alone: what is found, how it is shown, and what stays text."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cml_mm.ports import Desk
from cml_mm.types import Card, Dangling, IndexStatus, LibrarySource, Problem, Relation
from cml_mm.ui.about import about_html
from cml_mm.ui.frame import Library, header_html
from cml_mm.ui.library_cards import cards_html, choices_html, chosen_html, count_words, index_html, value_words
from cml_mm.ui.library_page import LibraryPage, shell_html
from cml_mm.ui.opening import Opening
from cml_mm.ui.page_text import page_address, section_html
from cml_mm.ui.reading_view import reading_html
from cml_mm.ui.shelf import FOUND, STEP, Shelf, Wanted, fill_shelf
from tests.support.fake_engine import FakeEngine
from tests.support.fake_library import CARDS, HOSTILE, REQUIRES, STATUS, TENSION, read_page

TITLES = {card.slug: card.title for card in CARDS}
FORBIDDEN = frozenset("script iframe img style object embed form link meta base".split())
VOID = frozenset("br hr input".split())
DRAWN = frozenset("path line circle rect".split())


class _Page(HTMLParser):
    """Collects what an HTML text does, and checks that its tags close in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(source)
        assert not self.open
        assert len(set(self.ids)) == len(self.ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def check(self) -> None:
        assert FORBIDDEN.isdisjoint(self.tags)
        for name, value in self.attributes:
            assert not name.startswith("on")
            if name == "href":
                assert value.startswith(("?view=library", "#", "https://example.org/")), value


def _shelf(**wanted: object) -> Shelf:
    return fill_shelf(FakeEngine(), Wanted.read(wanted))


# What is wanted


def test_what_a_browser_sends_is_taken_with_care() -> None:
    wanted = Wanted.read({"typed": "  a  b ", "domain": ["x", 7, "", "x"], "persona": "no list", "shown": "many"})
    assert wanted == Wanted("a b", domain=("x",))
    assert Wanted.read(None) == Wanted()
    assert Wanted.read([1]) == Wanted()
    assert len(Wanted.read({"typed": "x" * 9000}).typed) == 200
    assert Wanted.read({"shown": -5}).shown == STEP


def test_groups_combine_and_values_within_a_group_add_up() -> None:
    either = {card.slug for card in _shelf(domain=["food", "water"]).cards}
    assert either == {card.slug for card in CARDS if {"food", "water"} & set(card.domains)}
    both = _shelf(domain=["food", "water"], persona=["City"])
    assert {card.slug for card in both.cards} == {slug for slug in either if "City" in _card(slug).personas}
    assert {card.slug for card in _shelf(relation=["TENSIONS_WITH"]).cards} == {
        "visible-work",
        "gift-of-attention",
        "role-rotation",
        "deep-craft",
    }


def _card(slug: str) -> Card:
    return next(card for card in CARDS if card.slug == slug)


def test_every_count_is_what_choosing_it_gives() -> None:
    for wanted in ({}, {"persona": ["Team"]}, {"domain": ["food"]}, {"typed": "wa"}):
        shelf = _shelf(**wanted)
        for group, choices in shelf.choices.items():
            for choice in choices:
                alone = _shelf(**{**wanted, group: [choice.value]})
                assert len(alone.cards) == choice.count, (wanted, choice)


def test_a_choice_that_fits_nothing_can_still_be_taken_back() -> None:
    shelf = _shelf(domain=["no such domain"])
    assert not shelf.cards
    chips = _Page(chosen_html(shelf))
    assert ("aria-label", "Remove the filter No such domain") in chips.attributes


def test_typing_keeps_the_order_of_the_engine() -> None:
    shelf = _shelf(typed="lend")
    assert [card.slug for card in shelf.cards] == ["tool-library"]
    assert count_words(_shelf(typed="water")).endswith("nearest first")


# The list


def test_counts_in_words() -> None:
    total = len(CARDS)
    assert count_words(_shelf()) == f"{total} pages, by title"
    assert count_words(_shelf(kind=["document"])) == f"1 of {total} pages"
    assert count_words(_shelf(typed="lend")) == "1 page"
    assert count_words(_shelf(typed="zzz")) == "No page fits"
    many = tuple(replace(CARDS[0], slug=str(number)) for number in range(FOUND))
    assert count_words(replace(_shelf(), wanted=Wanted("x"), cards=many)) == f"The {FOUND} nearest pages"


def test_sixty_cards_at_first_and_more_when_asked() -> None:
    first = _Page(cards_html(_shelf()))
    assert first.tags.count("li") == STEP
    left = len(CARDS) - STEP
    assert f"Show the last {left}" in first.text
    every = cards_html(_shelf(shown=2 * STEP))
    assert every.count("<li>") == len(CARDS)
    assert 'data-lib="more"' not in every


def test_a_card_tells_its_kind_and_its_place() -> None:
    out = _Page(cards_html(_shelf(kind=["lighthouse"]))).text
    assert "The Huerta of Valencia" in out
    assert "Lighthouse, water, 1 relation" in out


@pytest.mark.parametrize(
    ("wanted", "ways"),
    [
        ({"typed": "zzz"}, ("untype", "ask-typed")),
        ({"domain": ["food"], "persona": ["nobody"]}, ("unfilter",)),
    ],
)
def test_where_nothing_fits_there_is_a_way_out(wanted: dict[str, object], ways: tuple[str, ...]) -> None:
    out = cards_html(_shelf(**wanted))
    found = [value for name, value in _Page(out).attributes if name == "data-lib"]
    assert tuple(found) == ways


def test_long_groups_fold_and_words_are_readable() -> None:
    out = choices_html(_shelf())
    assert "All 16" in out
    assert value_words("domain", "collective-care") == "Collective care"
    assert value_words("relation", "SPECIALIZES_TO") == "Specialises to"
    assert value_words("kind", "lighthouse") == "Lighthouses"
    _Page(out).check()


def test_the_index_counts_the_library_and_leads_on() -> None:
    out = _Page(index_html(_shelf(), STATUS))
    out.check()
    assert "3,616 patterns, 4 groups that use them and 1 other document." in out.text
    assert ("data-value", "TENSIONS_WITH") in out.attributes
    assert "About this library" in out.text
    assert "1 pattern." in _Page(index_html(_shelf(), replace(STATUS, patterns=1, lighthouses=0, documents=0))).text


# One page


def test_a_pattern_is_read_with_everything_around_it() -> None:
    out = reading_html(read_page("role-rotation"), TITLES)
    page = _Page(out)
    page.check()
    for words in (
        "Pattern, written by hand",
        "Job rotation, Turns",
        "Governance, Collective care",
        "Duty roster",
        "Fair turns against Deep skill",
        "Whoever does a chore well is asked to do it again.",
        "A diagram, kept as text (mermaid)",
        "Commons Library contributors. CC BY-SA 4.0.",
        "patterns/role-rotation.md",
        "Used by2 groups",
    ):
        assert words in page.text, words
    anchors = [value for name, value in page.attributes if name == "data-at"]
    assert set(anchors) <= set(page.ids)
    assert [("data-heading", name) in page.attributes for name in ("Problem", "Solution", "Known Uses")] == [True] * 3


def test_tensions_come_first_and_machines_are_told_from_people() -> None:
    out = reading_html(read_page("role-rotation"), TITLES)
    labels = [part.split("<")[0] for part in out.split('<span class="rl">')[1:]]
    assert labels == ["TENSIONS WITH", "REQUIRES", "ENABLES", "COMPLEMENTS", "RELATED TO"]
    assert '<div class="rg ten warn">' in out
    text = _Page(out).text
    for words in ("Written by hand", "Suggested, then approved", "Machine-curated", "Inferred"):
        assert words in text
    assert "Whoever comes next starts from the notes." in text
    assert "in patterns/tool-library.md" in text
    assert page_address("deep-craft") in out.replace("&amp;", "&")


def test_the_other_end_reads_the_relation_the_other_way() -> None:
    text = _Page(reading_html(read_page("visible-work"), TITLES)).text
    assert "REQUIRED BY" in text
    assert "These need it in place" in text
    assert "ENABLED BY" in _Page(reading_html(read_page("cover-for-absence"), TITLES)).text


def test_many_relations_fold_and_never_flood_the_page() -> None:
    reading = read_page("visible-work")
    crowd = tuple(
        Relation(
            "COMPLEMENTS", f"p-{number}", "visible-work", "machine", "", 0.5, "x.md", f"P {number}", "Visible Work"
        )
        for number in range(2712)
    )
    out = reading_html(replace(reading, incoming=(*crowd, *reading.incoming)), TITLES)
    assert "2,708 more, found by machine" in out
    assert "2,648 further ones are not listed." in out
    assert out.count("<li>") < 120


def test_adopters_are_quoted_with_their_place() -> None:
    page = _Page(reading_html(read_page("role-rotation"), TITLES))
    assert "The guards are chosen among the irrigators for one season." in page.text
    assert "The Huerta of Valencia, section “Story”" in page.text
    assert "On this page, section “Known Uses”" in page.text
    assert ("data-page", "ostrom-water") in page.attributes
    assert ("data-page", "adopter-northside-repair-hall") not in page.attributes
    assert "ADOPTED BY" not in page.text  # told once, with its quote


def test_a_lighthouse_says_what_it_uses() -> None:
    page = _Page(reading_html(read_page("ostrom-water"), TITLES))
    page.check()
    assert "Lighthouse, Spain" in page.text
    assert "What it uses" in page.text
    assert ("data-page", "role-rotation") in page.attributes
    assert "Read it where it was published" in page.text
    assert "What can we learn from The Huerta of Valencia?" in [value for _, value in page.attributes]


def test_a_document_tells_its_pages() -> None:
    text = _Page(reading_html(read_page("statutes"), TITLES)).text
    assert "Document, PDF" in text
    assert "The general meeting page 3" in text
    assert "documents/statutes.pdf" in text


def test_names_without_a_page_are_named_and_not_linked() -> None:
    reading = replace(read_page("tool-library"), dangling=(Dangling("REQUIRES", "tool-library", "A Shed", "x.md"),))
    page = _Page(reading_html(reading, TITLES))
    assert "Named, but not in this library" in page.text
    assert "A Shed" in page.text
    gone = replace(REQUIRES, subject="tool-library", object="gone", object_title="Gone Page")
    page = _Page(reading_html(replace(reading, outgoing=(gone,)), TITLES))
    assert "Gone Page" in page.text
    assert ("data-page", "gone") not in page.attributes


def test_a_tension_that_is_no_pair_is_told_as_it_stands() -> None:
    reading = read_page("role-rotation")
    page = replace(reading.page, tension="Everything at once")  # type: ignore[type-var]
    out = reading_html(replace(reading, page=page), TITLES)  # type: ignore[arg-type]
    assert "<p>Everything at once</p>" in out


def test_a_page_without_sections_or_relations_is_still_a_page() -> None:
    reading = read_page("bread-turns")
    bare = replace(reading, page=replace(reading.page, sections=(), summary=""))  # type: ignore[arg-type]
    page = _Page(reading_html(bare, TITLES))
    page.check()
    assert "Bread Turns" in page.text
    assert "nav" not in page.tags


# Markdown of a section


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# One\n\n#### Two", "<h3>One</h3><h4>Two</h4>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        ("a <br> b<br/>c", "<p>a <br> b<br>c</p>"),
        (
            "[here](role-rotation.md)",
            f'<p><a class="own" href="{page_address("role-rotation")}" data-page="role-rotation">',
        ),
        ("[here](../patterns/role-rotation/#x)", '<a class="own"'),
        ("[a](https://example.org/b)", '<p>a <span class="host">(example.org)</span></p>'),
        ("[a](nowhere.md) [b](mailto:x@y.z) [c](#top)", "<p>a b c</p>"),
        ("[x](https://evil.example/role-rotation)", '<p>x <span class="host">(evil.example)</span></p>'),
        ("```python\nx < 1\n```", '<pre tabindex="0"><code>x &lt; 1\n</code></pre>'),
        ("\U00012471not lit\U00012472", "<p>\U00012471not lit\U00012472</p>"),
    ],
)
def test_markdown_reads_well_and_leads_nowhere_else(markdown: str, html: str) -> None:
    assert html in section_html(markdown, TITLES).replace("&amp;", "&").replace("\n<", "\n<")


def test_tables_scroll_by_themselves_and_diagrams_are_told() -> None:
    out = section_html("| a | b |\n|---|---|\n| 1 | 2 |\n\n```mermaid\ngraph TD\n```")
    assert '<div class="tw" tabindex="0" role="region" aria-label="Table"><table>' in out
    assert "A diagram, kept as text (mermaid)" in out
    _Page(out).check()


# Text of others


def test_hostile_text_stays_text_everywhere() -> None:
    shelf = _shelf(persona=[HOSTILE], shown=200)
    assert _shelf(typed=HOSTILE).wanted.typed
    hostile = replace(
        STATUS,
        encoder=HOSTILE,
        fingerprint=HOSTILE,
        built=HOSTILE,
        licences=(HOSTILE,),
        sources=(LibrarySource(HOSTILE, "javascript:window.pwned=6", HOSTILE, HOSTILE, HOSTILE),),
        problems=(Problem(HOSTILE, HOSTILE, True), Problem(HOSTILE, f"{HOSTILE}7", True)),
    )
    pages = (
        reading_html(read_page("hostile-page"), TITLES),
        cards_html(_shelf(shown=200)),
        chosen_html(shelf),
        choices_html(_shelf()),
        index_html(_shelf(), STATUS),
        about_html(hostile),
    )
    for out in pages:
        page = _Page(out)
        page.check()
        assert "window.pwned" in page.text or out == pages[2]


# About this library


def test_about_tells_where_it_comes_from_and_what_is_missing() -> None:
    text = _Page(about_html(STATUS)).text
    for words in (
        "Patterns3,616",
        "Names given that no page has2",
        "commit 0f3a9c2 of 9 October 2026",
        "A local folder",
        "The repository could not be reached; an earlier copy is shown.",
        "Left out (1)",
        "Mended or worth knowing (3)",
        "The front matter is not valid YAML; it was mended. 2 files",
        "14 October 2026, 16:20 UTC",
        "all sections",
    ):
        assert words in text, words


def test_about_says_where_the_index_knows_nothing() -> None:
    bare = IndexStatus("f", 1, 0, 0, 10, 4, "", 1, "/secret/place")
    text = _Page(about_html(bare)).text
    assert "The index does not record its sources." in text
    assert "Every page could be read as it was written." in text
    assert "4 of 10 sections so far" in text
    assert "/secret/place" not in text
    assert "Licences" not in text


def test_problems_that_differ_only_in_numbers_are_one_kind() -> None:
    problems = tuple(Problem(f"p{n}.md", f"{n} of 9 relations were left out.", False) for n in range(70))
    text = _Page(about_html(replace(STATUS, problems=problems))).text
    assert "70 files" in text
    assert "and 10 more" in text
    assert "3 of 9 relations were left out." in text


# The page's answers to its script


def test_the_page_answers_its_script() -> None:
    page = LibraryPage(Opening.of(FakeEngine()))
    got = page.browse({"typed": "water", "domain": ["water"]})
    assert got["ready"]
    assert set(got) == {"ready", "count", "cards", "chosen", "choices", "index"}
    read = page.read({"slug": "role-rotation"})
    assert read["title"] == "Role Rotation"
    assert "About this library" in page.about(None)["page"]
    assert page.component().value == shell_html()


@pytest.mark.parametrize("data", [{"slug": "no-such-page"}, {}, None, 7])
def test_a_page_that_is_not_there_is_told(data: object) -> None:
    got = LibraryPage(Opening.of(FakeEngine())).read(data)
    assert "No page is called" in got["page"]
    assert "Look for it in the list." in got["page"]


def test_a_fault_gets_a_sentence_and_its_reference(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        got = LibraryPage(Opening.of(FakeEngine())).browse({"typed": "fault"})
    assert "Something went wrong here, not with you" in got["trouble"]
    assert "secret" not in got["trouble"]
    (record,) = caplog.records
    assert record.getMessage()[-4:] in got["trouble"]


def test_while_the_library_is_opened_it_says_how_far() -> None:
    gate = threading.Event()

    @contextmanager
    def opened(tell: Callable[[str], None]) -> Iterator[Desk]:
        tell("Building the index: 40 %")
        gate.wait(10)
        yield FakeEngine()

    opening = Opening(opened).start()
    page = LibraryPage(opening)
    assert page.browse({}) == {"ready": False, "words": opening.words}
    gate.set()
    assert opening.wait(10)
    assert page.browse({})["ready"]
    opening.close()


def test_the_header_leads_to_the_library() -> None:
    page = _Page(header_html(Library("", STATUS)))
    assert ("href", "?view=library") in page.attributes
    assert ("href", "?view=library&about=1") in page.attributes
    assert "Library" in page.text


def test_the_fake_keeps_the_port() -> None:
    desk: Desk = FakeEngine()
    assert desk.read("visible-work").incoming == (REQUIRES,)
    assert TENSION in desk.read("visible-work").outgoing
    assert desk.cards() is desk.cards()


def test_slugs_are_said_in_words_and_names_are_left_alone() -> None:
    assert value_words("domain", "work-organization") == "Work organization"
    assert value_words("persona", "Co-op Member") == "Co-op Member"

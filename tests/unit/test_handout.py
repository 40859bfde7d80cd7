"""A conversation handed out: every citation leads somewhere, everything of others is escaped, nothing runs."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from cml_mm.errors import InputError
from cml_mm.types import Box, Evidence, Notice, Page, Source
from cml_mm.ui.handout import render
from cml_mm.visits import KeptTalk, KeptTurn, new_token, visitor_key
from tests.support.fake_engine import ABSENT, ANSWER, HOSTILE_ANSWER, FakeEngine

VISITOR = visitor_key(new_token())
QUESTION = "The same three people do all the invisible work. What helps?"
GONE = "This answer quoted a file that has been deleted."
FILE = "file-0123456789abcdef01234567"


class Seen(HTMLParser):
    """Tags, ids, links and addresses of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name == "src":
                self.sources.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def _desk(*turns: KeptTurn, title: str = "Invisible work") -> FakeEngine:
    desk = FakeEngine(pace=0)
    desk.talks.save(VISITOR, KeptTalk("talk-1", title, turns))
    return desk


ASKED = KeptTurn(QUESTION, replace(ANSWER, question=QUESTION))
WHOLE = (
    ASKED,
    KeptTurn("What do the minutes say?", None, GONE),
    KeptTurn("Which cover does a lent van need?", replace(ABSENT, question="Which cover does a lent van need?")),
)


def test_every_citation_leads_to_its_evidence_and_back() -> None:
    out = render(_desk(*WHOLE, ASKED), VISITOR, "talk-1").html
    seen = Seen(out)
    assert len(seen.ids) == len(set(seen.ids))
    inner = [link for link in seen.links if link.startswith("#")]
    assert {link[1:] for link in inner} <= set(seen.ids)
    for turn in (1, 4):  # numbers restart with every answer; the places they lead to do not
        assert {f"#ev-{turn}-{item.number}" for item in ANSWER.evidence} <= set(inner)
    assert "#s-1-1" in inner
    assert "#s-4-1" in inner


def test_the_page_says_what_a_reader_must_know() -> None:
    out = render(_desk(*WHOLE), VISITOR, "talk-1").html
    for words in (
        "<h1>Invisible work</h1>",
        "Work that stays out of sight",
        "<mark>Write every regular chore",
        "Pattern, section “Solution”",
        "CC BY-SA 4.0",
        "REQUIRES",
        "4 of 6 sentences hold up against their source",
        "no source",
        "Written by the built-in composer, no language model. Index 4f1c88a0.",
        GONE,
        "That is not in the library",
        "3 questions",
    ):
        assert words in out, words
    assert "not checked" not in out  # a refusal claims nothing that could be checked


def test_notices_and_what_a_question_was_taken_for_are_told() -> None:
    answer = replace(
        ANSWER, question="and that one?", understood="And Visible Work?", notices=(Notice("language", "In German."),)
    )
    got = render(_desk(KeptTurn("and that one?", answer)), VISITOR, "talk-1")
    for out in (got.html, got.markdown):
        assert "In German." in out
        assert "And Visible Work?" in out


def test_the_page_needs_nothing_and_runs_nothing() -> None:
    out = render(_desk(*WHOLE), VISITOR, "talk-1").html
    seen = Seen(out)
    assert not set(seen.tags) & {"script", "link", "iframe", "object", "embed", "form", "button"}
    assert not seen.handlers
    assert not seen.sources
    assert seen.tags.count("style") == 1
    assert "@import" not in out
    assert "url(" not in out
    assert "prefers-color-scheme: dark" in out
    assert "@media print" in out


def test_the_dark_tokens_are_those_of_the_app() -> None:
    out = render(_desk(ASKED), VISITOR, "talk-1").html
    tokens = Path("cml_mm/ui/tokens.css").read_text(encoding="utf-8")
    light, dark = re.findall(r"--canvas: (#\w+);", tokens)
    assert out.index(f"--canvas: {light}") < out.index("screen and (prefers-color-scheme: dark)") < out.index(dark)


def test_text_of_others_is_words_and_nothing_else() -> None:
    hostile = KeptTurn(HOSTILE_ANSWER.title, HOSTILE_ANSWER)
    got = render(_desk(hostile, title=HOSTILE_ANSWER.title), VISITOR, "talk-1")
    seen = Seen(got.html)
    assert "script" not in seen.tags
    assert "iframe" not in seen.tags
    assert "img" not in seen.tags
    assert not seen.handlers
    assert not [link for link in seen.links if not link.startswith(("#", "https://"))]
    drawn = MarkdownIt("commonmark", {"html": True}).render(got.markdown)
    told = Seen(drawn)
    assert not set(told.tags) & {"script", "img", "iframe", "style"}
    assert not [link for link in told.links if not link.startswith("https://")]


def test_markdown_has_questions_numbered_sources_and_quotes() -> None:
    got = render(_desk(*WHOLE), VISITOR, "talk-1").markdown
    assert got.startswith("# Invisible work\n")
    assert f"## 1. {QUESTION}" in got
    assert "## 2. What do the minutes say?" in got
    assert f"*{GONE}*" in got
    assert "[1] Visible Work, Pattern, section “Solution”." in got
    assert "> Write every regular chore on a wall chart, who does it and how long it takes." in got
    assert "> Hand each chore on at a fixed date" in got  # marks of the page's own are not shown as signs
    assert "Nearly every group sees a change by spring. (no source)" in got
    assert got.count("That is not in the library") == 1
    assert "4 of 6 sentences hold up against their source, 1 only partly, 1 has none." in got


def test_one_answer_alone() -> None:
    desk = _desk(*WHOLE)
    got = render(desk, VISITOR, "talk-1", 3)
    assert got.title == "Which cover does a lent van need?"
    assert QUESTION not in got.html
    assert QUESTION not in got.markdown
    assert "## 3. Which cover" in got.markdown
    for turn in (4, -1):
        with pytest.raises(InputError):
            render(desk, VISITOR, "talk-1", turn)


def test_nobody_else_gets_it() -> None:
    for visitor, talk in ((visitor_key(new_token()), "talk-1"), ("", "talk-1"), (VISITOR, "talk-2")):
        with pytest.raises(InputError):
            render(_desk(ASKED), visitor, talk)


def test_a_very_long_question_is_cut_and_says_so() -> None:
    got = render(_desk(replace(ASKED, question="Why? " * 2_000)), VISITOR, "talk-1", 1)
    assert "more characters" in got.html
    assert len(got.title) <= 80


def _private(file: str) -> Evidence:
    source = Source(file, "Statutes", "document", file, "statutes.pdf", "", "", owner="visitor")
    place = Page(2, "Shares", 0, 5, (Box(60, 100, 200, 14, 595, 842),), "page-2")
    return Evidence(1, source, place, "Shares", "Every member has one vote.", "one vote", 0.9)


def test_a_page_of_a_private_file_is_shown_with_its_words_lit(tmp_path: Path) -> None:
    desk = _desk()
    content = tmp_path / "statutes.pdf"
    content.write_bytes(b"%PDF-1.7 our own")
    card = desk.files.add(VISITOR, "statutes.pdf", content, lambda *_: None, lambda: False)
    assert card is not None
    answer = replace(ANSWER, evidence=(_private(card.id),), considered=())
    desk.talks.save(VISITOR, KeptTalk("talk-1", "Shares", (KeptTurn("How many votes?", answer),)))
    got = render(desk, VISITOR, "talk-1")
    assert Seen(got.html).sources == [f"../../files/{card.id}/faces/page-2"]
    assert 'loading="lazy"' not in got.html  # it may be printed before it is scrolled to
    assert got.html.count("<rect") >= 2
    assert "Page 2 of statutes.pdf" in got.html
    assert "a private file" in got.html
    assert "[1] Statutes, Page 2 of statutes.pdf. A private file." in got.markdown
    desk.files.remove(VISITOR, card.id)
    after = render(desk, VISITOR, "talk-1").html
    assert not Seen(after).sources
    assert "This file has been deleted" in after


def test_a_place_without_a_picture_has_its_words() -> None:
    item = _private(FILE)
    item = replace(item, locator=Page(2, "Shares", 0, 5))
    out = render(_desk(KeptTurn("How many votes?", replace(ANSWER, evidence=(item,)))), VISITOR, "talk-1").html
    assert "<mark>one vote</mark>" in out
    assert not Seen(out).sources

"""Text of others on the screen: escaped, rendered from tokens, the quote lit."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from cml_mm.ui.text import escape, passage_html, safe_url, with_strong
from tests.support.fake_engine import HOSTILE, SECOND

ALLOWED = set("p ul ol li blockquote h4 em b s table thead tbody tr th td pre code mark br".split())


class _Reader(HTMLParser):
    """Collects tags, attributes and the text that is lit; checks that tags close in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.lit = ""
        self.text = ""
        self.feed(source)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self.open:
            self.lit += data


@pytest.mark.parametrize(
    "passage",
    [
        HOSTILE,
        "[a](javascript:alert(1)) <b onclick=x>b</b>",
        "![x](https://evil.example/x.png)",
        "<https://evil.example> and https://evil.example",
        "| a | b |\n|---|---|\n| <img src=x> | [l](//evil) |",
        "```mermaid\ngraph TD\n```",
        "> # <style>*{background:url(//evil)}</style>",
        "&lt;script&gt; &#60;script&#62;",
    ],
)
def test_markdown_of_others_becomes_plain_tags_without_attributes(passage: str) -> None:
    for quote in ("", passage, passage[3:20]):
        read = _Reader(passage_html(passage, quote))
        assert set(read.tags) <= ALLOWED
        assert read.attributes == []


def test_the_quote_is_lit_across_blocks_and_emphasis() -> None:
    read = _Reader(passage_html(SECOND.passage, SECOND.quote))
    assert read.lit == "Hand each chore on at a fixed date, whether or not anyone asks:the water guard after the season"
    assert read.tags.count("li") == 3
    assert "*" not in read.text


@pytest.mark.parametrize(
    ("passage", "quote", "lit"),
    [
        (
            "> **Therefore, list every task.** Then rest.",
            "**Therefore, list every task.**",
            "Therefore, list every task.",
        ),
        ("1. Put up a sheet. Wait.\n2. Count.", "1. Put up a sheet.", "Put up a sheet."),
        ("- one\n- two", "- two", "two"),
        ("Say `x < 1` and go.", "`x < 1`", "x < 1"),
        ("A *soft* word", "soft", "soft"),
        ("Nothing here", "something else", ""),
        ("A & B < C", "& B <", "& B <"),
        ("## A heading\n\nText.", "## A heading\n\nText.", "A headingText."),
    ],
)
def test_what_is_lit_is_the_quote_as_it_reads(passage: str, quote: str, lit: str) -> None:
    assert _Reader(passage_html(passage, quote)).lit.strip() == lit


def test_pictures_and_links_leave_their_words() -> None:
    read = _Reader(passage_html("See [the page](https://a.example) and ![a drawing](x.png).", "the page"))
    assert read.text == "See the page and a drawing."
    assert read.lit == "the page"


def test_marks_in_the_text_itself_are_harmless() -> None:
    assert _Reader(passage_html("a \U00012471b\U00012472 c", "b")).lit == "b"


def test_names_are_bold_longest_first_and_everything_is_escaped() -> None:
    out = with_strong("Role Rotation <b> and Role Rotation Plus", ("Role Rotation", "Role Rotation Plus", ""))
    assert out == "<b>Role Rotation</b> &lt;b&gt; and <b>Role Rotation Plus</b>"
    assert with_strong("a & b", ()) == "a &amp; b"


def test_control_and_direction_characters_are_left_out() -> None:
    assert escape("a\x00\x1b\u202eb\n\"'") == "ab\n&quot;&#x27;"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        (" http://example.org ", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, kept: bool) -> None:
    assert bool(safe_url(url)) is kept

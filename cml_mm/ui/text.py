"""Text of others becomes HTML here, and only here: escaped, or rendered from parsed tokens.

Nothing that a page, a visitor or a model wrote reaches the screen by another way. Markdown
loses its images, links and raw HTML; what is left are paragraphs, lists, emphasis and code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Where the quote begins and ends, carried through the Markdown parser. Cuneiform punctuation: the
# parser must see punctuation there, or the emphasis next to a quote would not close.
_OPEN, _CLOSE = "\U00012471", "\U00012472"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BLOCK_MARK = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,3}[.)]|#{1,6}|>)[ \t]+)+")
_TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "heading": "h4",
    "em": "em",
    "strong": "b",
    "s": "s",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
}
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def escape(text: str) -> str:
    """Plain text for HTML, in an element or an attribute; control and direction characters left out."""
    return html.escape(without_controls(text), quote=True)


def without_controls(text: str) -> str:
    """Without characters that are not seen but change what is: control codes, turns of the writing direction."""
    return _CONTROL.sub("", text)


def safe_url(url: str) -> str:
    """The address if it is a web address, else nothing."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


def with_strong(text: str, names: Iterable[str]) -> str:
    """Plain text as HTML with these names in bold, longest name first."""
    wanted = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    pattern = re.compile("(" + "|".join(re.escape(name) for name in wanted) + ")")
    pieces = pattern.split(text)
    return "".join(f"<b>{escape(p)}</b>" if i % 2 else escape(p) for i, p in enumerate(pieces))


def passage_html(passage: str, quote: str) -> str:
    """Markdown of the library as HTML with the quote lit.

    Args:
        passage: Markdown as written.
        quote: a part of it, letter for letter; where it is not, nothing is lit.
    """
    clean = passage.replace(_OPEN, "").replace(_CLOSE, "")
    start = clean.find(quote) if quote else -1
    if start < 0:
        return TokenWriter().blocks(parse(clean))
    end = start + len(quote)
    if start == 0 or clean[start - 1] == "\n":
        # A mark in front of "- item" would hide the list from the parser.
        lead = _BLOCK_MARK.match(clean, start, end)
        start = lead.end() if lead else start
    return TokenWriter().blocks(parse(clean[:start] + _OPEN + clean[start:end] + _CLOSE + clean[end:]))


def parse(markdown: str) -> list[Token]:
    """CommonMark with tables and strike-through; raw HTML is text."""
    return _PARSER.parse(markdown)


class TokenWriter:
    """Walks parsed tokens. The mark is closed and opened again at every tag, so nesting stays valid."""

    def __init__(self) -> None:
        self.lit = False

    def blocks(self, tokens: Sequence[Token]) -> str:
        return "".join(self.token(token) for token in tokens)

    def token(self, token: Token) -> str:
        if token.type == "inline":
            return self.blocks(token.children or [])
        if token.type in {"fence", "code_block"}:
            return f"<pre><code>{self.text(token.content)}</code></pre>"
        if token.type == "code_inline":
            return f"<code>{self.text(token.content)}</code>"
        if token.type in {"text", "text_special", "html_block", "html_inline"}:
            return self.text(token.content)
        if token.type == "softbreak":
            return self.text(" ")
        if token.type == "hardbreak":
            return "<br>"
        if token.type == "image":
            return self.blocks(token.children or [])
        return self.tag(token)

    def tag(self, token: Token) -> str:
        name, _, side = token.type.rpartition("_")
        tag = _TAGS.get(name)
        if tag is None or token.hidden:
            return ""
        return f"<{tag}>" if side == "open" else f"</{tag}>"

    def text(self, text: str) -> str:
        out: list[str] = []
        for piece in re.split(f"([{_OPEN}{_CLOSE}])", text):
            if piece in (_OPEN, _CLOSE):
                self.lit = piece == _OPEN
            elif piece:
                out.append(f"<mark>{escape(piece)}</mark>" if self.lit else escape(piece))
        return "".join(out)

"""A section's Markdown as it stands on the reading page.

The same tokens and the same escaping as everywhere else (`text.py`), with what a whole page
needs beside them: headings below the section's own, wide tables with a scroll of their own,
code and diagrams told for what they are, and links that stay inside the library.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, urlsplit

from markdown_it.token import Token

from cml_mm.ui.text import TokenWriter, escape, parse, safe_url

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_DIAGRAMS = frozenset({"mermaid", "dot", "graphviz", "plantuml"})


def section_html(markdown: str, known: Collection[str] = ()) -> str:
    """Markdown as written → HTML.

    Args:
        markdown: of one section, its heading left out.
        known: slugs of the library's pages; a link to one of them stays a link.
    """
    return _PageWriter(known).blocks(parse(markdown))


def page_address(slug: str, section: str = "") -> str:
    """The address of a page in the reading view, from the app's own root.

    `read`, because Gradio takes `page` for one of its own and answers with an error.
    """
    at = f"&section={quote(section, safe='')}" if section else ""
    return f"?view=library&read={quote(slug, safe='')}{at}"


def page_link(slug: str, words: str, section: str = "") -> str:
    """A link to a page of the library. `words` is plain text."""
    at = f' data-section="{escape(section)}"' if section else ""
    address = escape(page_address(slug, section))
    return f'<a class="own" href="{address}" data-page="{escape(slug)}"{at}>{escape(words)}</a>'


class _PageWriter(TokenWriter):
    def __init__(self, known: Collection[str]) -> None:
        super().__init__()
        self._known = known
        self._closings: list[str] = []  # of the links that are open

    def token(self, token: Token) -> str:
        if token.type in {"fence", "code_block"}:
            return _code(token)
        if token.type == "table_open":
            return '<div class="tw" tabindex="0" role="region" aria-label="Table"><table>'
        if token.type == "table_close":
            return "</table></div>"
        if token.type in {"heading_open", "heading_close"}:
            tag = "h3" if int(token.tag[1:]) <= 3 else "h4"
            return f"<{tag}>" if token.nesting > 0 else f"</{tag}>"
        if token.type == "ordered_list_open" and token.attrGet("start"):
            return f'<ol start="{int(str(token.attrGet("start")))}">'
        if token.type == "hr":
            return "<hr>"
        if token.type == "link_open":
            return self._link(str(token.attrGet("href") or ""))
        if token.type == "link_close":
            return self._closings.pop() if self._closings else ""
        return super().token(token)

    def text(self, text: str) -> str:
        """Escaped; a line break written as a tag, as tables need it, is one."""
        return "<br>".join(escape(piece) for piece in _BREAK.split(text))

    def _link(self, target: str) -> str:
        """A page of this library is linked; of a web address the host is told; anything else is words."""
        slug = target.split("#")[0].rstrip("/").rsplit("/", 1)[-1].removesuffix(".md")
        if slug in self._known and not urlsplit(target).scheme:
            self._closings.append("</a>")
            return f'<a class="own" href="{escape(page_address(slug))}" data-page="{escape(slug)}">'
        host = urlsplit(safe_url(target)).hostname or ""
        self._closings.append(f' <span class="host">({escape(host)})</span>' if host else "")
        return ""


def _code(token: Token) -> str:
    language = token.info.split()[0].lower() if token.info.split() else ""
    code = f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>'
    if language not in _DIAGRAMS:
        return code
    return (
        f"<figure>{code}<figcaption>A diagram, kept as text ({escape(language)}). It is not drawn here."
        "</figcaption></figure>"
    )

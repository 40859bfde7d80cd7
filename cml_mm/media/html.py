"""Web pages: headings, paragraphs, lists and tables in reading order; nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from cml_mm.media.plain import decode_text
from cml_mm.media.reading import Block, Reading, clean, damaged, markdown_table, sections_of
from cml_mm.media.signatures import without_prolog

_START = re.compile(rb"<(?:!doctype\s+html|html)\b", re.I)
_BOM = b"\xef\xbb\xbf"
_HEAD_BYTES = 2**16  # a licence may stand before the first tag
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.I)
_DROPPED = frozenset(
    """script style noscript template nav footer aside form button select textarea svg math canvas iframe object
    embed audio video head dialog menu""".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARTING = frozenset(
    """address article blockquote body caption center dd details div dl dt fieldset figcaption figure header hgroup hr
    html li main ol p pre section summary table ul""".split()
)
_FURNITURE = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def looks_like_html(data: bytes, ending: str) -> bool:
    """Whether a text is a web page: by its first tag, or by its ending where it begins with any tag."""
    start = without_prolog(data[:_HEAD_BYTES].removeprefix(_BOM))
    return _START.match(start) is not None or (ending in {".html", ".htm"} and data.lstrip()[:1] == b"<")


def read_html(data: bytes, path: str) -> Reading:
    """Read a web page.

    Args:
        data: the file's bytes.
        path: its name, for messages.

    Returns:
        The reading: the page's main part where it marks one; without scripts, styles, menus,
        forms and hidden parts. The title is the first main heading, else the page's own.

    Raises:
        MediaUnreadable: the page is damaged, or its bytes are not of the encoding that it states.
    """
    from lxml import etree, html

    text = clean(_decode(data, path))
    # Bytes, since lxml refuses strings that state an encoding; the parser asks no network.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as exc:
        raise damaged(path, "a web page") from exc
    walk = _Walk()
    walk.read(_main_part(root))
    heading = next((block.text for block in walk.blocks if block.level == 1), "")
    title = heading or " ".join((root.findtext(".//title") or "").split())
    return Reading(
        sections=sections_of(walk.blocks, title),
        format="html",
        title=title or next((block.text for block in walk.blocks if block.level), ""),
        licence=_licence(root),
        attribution=_meta(root, "author"),
    )


def _decode(data: bytes, path: str) -> str:
    stated = _CHARSET.search(data[:4096])
    if stated is not None and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(stated[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # a false statement: the page is read as UTF-8 or not at all
    return decode_text(data, path)


def _main_part(root: Any) -> Any:
    for name in ("main", "article"):
        found = root.findall(f".//{name}")
        if len(found) == 1 and "".join(found[0].itertext()).strip():
            return found[0]
    return root


def _licence(root: Any) -> str:
    for link in root.iter("a", "link"):
        if "license" in (link.get("rel") or "").casefold().split():
            return " ".join(link.text_content().split()) or str(link.get("href") or "")
    return _meta(root, "license") or _meta(root, "dcterms.license") or _meta(root, "dc.rights")


def _meta(root: Any, name: str) -> str:
    for meta in root.iter("meta"):
        if (meta.get("name") or "").casefold() == name:
            return " ".join((meta.get("content") or "").split())
    return ""


@dataclass
class _Walk:
    """Goes through a page once, without recursion: pages may be nested without end."""

    blocks: list[Block] = field(default_factory=list)
    _inline: list[str] = field(default_factory=list)
    _lists: list[int] = field(default_factory=list)  # the next number of each open list, 0 for bullets
    _lead: str = ""
    _items: list[str] = field(default_factory=list)
    _quotes: int = 0

    def read(self, root: Any) -> None:
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                self._leave(node)
                if node is not root:
                    self._inline.append(node.tail or "")
                continue
            if node is not root and (not isinstance(node.tag, str) or node.tag in _DROPPED or _hidden(node)):
                self._inline.append(node.tail or "")
                continue
            stack.append((node, True))
            if not self._enter(node):
                self._inline.append(node.text or "")
                stack.extend((child, False) for child in reversed(node))
        self._flush()
        self._close_list()

    def _enter(self, node: Any) -> bool:
        """Begin an element; True where it was taken whole."""
        if node.tag == "br":
            self._inline.append("\x00")  # our own mark of a line break: the text holds no other NUL
        if node.tag not in _PARTING and node.tag not in _HEADINGS:
            return False
        self._flush()
        if node.tag in {"ul", "ol"}:
            self._lists.append(1 if node.tag == "ol" else 0)
        elif node.tag == "li":
            self._lead = self._item_lead()
        elif node.tag == "blockquote":
            self._quotes += 1
        if not self._lists and node.tag not in {"ul", "ol", "li"}:
            self._close_list()
        if node.tag == "table" and _is_data(node):
            self._add(markdown_table(_rows(node)))
            return True
        if node.tag == "pre":
            self._add("```\n" + "".join(node.itertext()).strip("\n").replace("```", "'''") + "\n```")
            return True
        return False

    def _leave(self, node: Any) -> None:
        if node.tag in _HEADINGS:
            self._heading(_HEADINGS[node.tag])
        elif node.tag in _PARTING and not (node.tag == "table" and _is_data(node)) and node.tag != "pre":
            self._flush()
            if node.tag in {"ul", "ol"} and self._lists:
                self._lists.pop()
                self._lead = ""
            elif node.tag == "blockquote":
                self._quotes -= 1
        elif node.tag in {"td", "th"}:
            self._flush()  # a table that lays out the page

    def _heading(self, level: int) -> None:
        text = " ".join(self._taken().split())
        if text and level <= 3:
            self._close_list()
            self.blocks.append(Block(text, level))
        elif text:
            self._add(f"#### {text}")

    def _flush(self) -> None:
        text = self._taken()
        if not text:
            return
        if self._lists:
            indent = " " * len(self._lead)
            self._items.append((self._lead or indent) + text.replace("\n", " "))
            self._lead = " " * len(self._lead)
        else:
            self._add("\n".join("> " * self._quotes + line for line in text.split("\n")))

    def _taken(self) -> str:
        """The text that waits, white space joined, line breaks kept."""
        text = "".join(self._inline)
        self._inline.clear()
        lines = (" ".join(line.split()) for line in text.split("\x00"))
        return "\n".join(line for line in lines if line)

    def _item_lead(self) -> str:
        if not self._lists:
            return "- "
        number = self._lists[-1]
        self._lists[-1] += 1 if number else 0
        return "   " * (len(self._lists) - 1) + (f"{number}. " if number else "- ")

    def _add(self, text: str) -> None:
        self._close_list()
        self.blocks.append(Block(text))

    def _close_list(self) -> None:
        if self._items:
            self.blocks.append(Block("\n".join(self._items)))
            self._items.clear()


def _hidden(node: Any) -> bool:
    return (
        node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or node.get("role") in _FURNITURE
        or _HIDDEN.search(node.get("style") or "") is not None
    )


def _is_data(table: Any) -> bool:
    """Whether a table holds data; one with a table in it, or of one column, only lays out the page."""
    return next(table.iterdescendants("table"), None) is None and max(map(len, _rows(table)), default=0) > 1


def _rows(table: Any) -> list[list[str]]:
    return [[" ".join(cell.itertext()) for cell in row.iter("td", "th")] for row in table.iter("tr")]

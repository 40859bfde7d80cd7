"""Checks of the text of a page: sections, headings, tables, diagrams, links to files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from cml_mm.corpus.lint.demands import missing_roles, role_words
from cml_mm.corpus.lint.kinds import found, some
from cml_mm.corpus.lint.pages import LintPage
from cml_mm.corpus.lint.report import Finding
from cml_mm.corpus.names import name_key

_PADDING = re.compile(r"[ \t\u00a0]{2,}")
_DASHES = re.compile(r"-{4,}")
# Tables aligned by hand have some hundred bytes of padding; from here on it is a script's.
_LEAST_PADDING = 2_048
_LINK = re.compile(r"(!?)\[[^\]\n]*\]\(\s*<?([^)\s>]+)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#{]|www\.", re.IGNORECASE)
_MANGLED = re.compile(r"https?\.", re.IGNORECASE)
_LONGEST_NAME = 255


def body_empty(page: LintPage) -> Iterator[Finding]:
    if not page.sections:
        yield found("body_empty", page.path, "The page holds no text besides its front matter.")


def headings_top_level(page: LintPage) -> Iterator[Finding]:
    levels = [heading.level for heading in page.scan.headings]
    if levels.count(1) > 1 and not {2, 3} & set(levels):
        message = f"{levels.count(1)} headings of level 1 and none of level 2 or 3."
        yield found("headings_top_level", page.path, message)


def section_missing(page: LintPage) -> Iterator[Finding]:
    if page.kind == "lighthouse" or not page.sections:
        return
    absent = [role_words(role) for role in missing_roles(page)]
    if absent:
        message = f"Format {page.format} asks for {some(absent, 8)}."
        # The first format was never enforced: its optional headings are no defect.
        yield found(
            "section_missing", page.path, message, len(absent), severity="note" if page.format == "v1" else None
        )


def section_empty(page: LintPage) -> Iterator[Finding]:
    empty = [
        f"“{heading.words}”"
        for number, heading in enumerate(page.scan.headings)
        if heading.empty and heading.words and not _is_title(number, heading.words, page.title)
    ]
    if empty:
        yield found("section_empty", page.path, f"Nothing stands under {some(empty)}.", len(empty))


def heading_unknown(page: LintPage) -> Iterator[Finding]:
    strange = [f"“{section.heading}”" for section in page.sections if section.role == "other"]
    if strange:
        yield found("heading_unknown", page.path, f"Kept as other matter: {some(strange)}.", len(strange))


def table_padding(page: LintPage) -> Iterator[Finding]:
    saved = padding_bytes(page.scan.prose)
    if saved >= _LEAST_PADDING:
        of = len(page.text.encode())
        yield found("table_padding", page.path, f"{saved:,} of {of:,} bytes are spaces and dashes in tables.")


def padding_bytes(prose: str) -> int:
    """How many bytes the tables of a text would lose without the spaces that align them."""
    saved = 0
    for line in prose.split("\n"):
        if line.lstrip().startswith("|"):
            bare = _DASHES.sub("---", _PADDING.sub(" ", line)).rstrip()
            saved += len(line.encode()) - len(bare.encode())
    return saved


def mermaid(page: LintPage) -> Iterator[Finding]:
    number = sum(language.split()[:1] == ["mermaid"] for language in page.scan.fences)
    if number:
        yield found("mermaid", page.path, f"{number} mermaid diagram{'s' if number > 1 else ''}.", number)


def link_check(is_slug: Callable[[str], bool]) -> Callable[[LintPage], Iterator[Finding]]:
    """The check of links, which must know the library's slugs: pages link each other by them."""

    def link_broken(page: LintPage) -> Iterator[Finding]:
        lost = [address for address in _local_links(page.scan.prose) if not _leads(address, page.file, is_slug)]
        if lost:
            mangled = any(_MANGLED.match(address) for address in lost)
            hint = "Write the address again; it begins with http(s)://." if mangled else ""
            yield found("link_broken", page.path, f"Nothing is at {some(lost, 4)}.", len(lost), hint=hint)

    return link_broken


def _local_links(prose: str) -> list[str]:
    return [link[2] for link in _LINK.finditer(prose) if not _ELSEWHERE.match(link[2])]


def _leads(address: str, file: Path, is_slug: Callable[[str], bool]) -> bool:
    name = unquote(address.split("#")[0].split("?")[0]).strip("/")
    if is_slug(name.removesuffix(".md").rsplit("/", 1)[-1]):
        return True
    if not name or "\x00" in name or max(map(len, name.split("/"))) > _LONGEST_NAME:
        return not name
    try:
        return (file.parent / name).exists()
    except OSError:
        return False


def _is_title(number: int, words: str, title: str) -> bool:
    return number == 0 and name_key(words) == name_key(title)


BODY_CHECKS = (
    body_empty,
    headings_top_level,
    section_missing,
    section_empty,
    heading_unknown,
    table_padding,
    mermaid,
)

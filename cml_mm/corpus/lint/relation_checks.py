"""Checks of the relations that one page declares, against the names that the library holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cml_mm.corpus.links import Declared
from cml_mm.corpus.lint.demands import DEMANDS
from cml_mm.corpus.lint.kinds import found, some
from cml_mm.corpus.lint.pages import LintPage
from cml_mm.corpus.lint.report import Finding, Wanted
from cml_mm.corpus.names import NameBook, name_key


def relation_checks(page: LintPage, book: NameBook) -> Iterator[Finding]:
    """All checks of one page's relations; adoptions are relations too."""
    yield from to_itself(page, book)
    yield from twice(page, book)
    yield from dangling(page, book)
    yield from no_reason(page)


def to_itself(page: LintPage, book: NameBook) -> Iterator[Finding]:
    own = [link for link in page.links if target(link, book) == page.slug and link.kind != "ADOPTS"]
    if own:
        message = f"{some([f'{link.kind} {link.name}' for link in own])}; left out."
        yield found("relation_to_itself", page.path, message, len(own))


def twice(page: LintPage, book: NameBook) -> Iterator[Finding]:
    """Stated twice under the same kind; that a machine inferred it too is no repetition."""
    said = Counter(_said(link, book) for link in page.links if link.layer != "inferred")
    guessed = Counter(_said(link, book) for link in page.links if link.layer == "inferred")
    again = [what for many in (said, guessed) for what, number in many.items() if number > 1]
    if again:
        extra = sum(many[what] - 1 for many in (said, guessed) for what in many if many[what] > 1)
        by_hand = any(number > 1 for number in said.values())
        names = some([f"{kind} {name}" for kind, name, _ in again])
        yield found("relation_twice", page.path, f"{names}.", extra, severity=None if by_hand else "note")


def dangling(page: LintPage, book: NameBook) -> Iterator[Finding]:
    lost = [link for link in page.links if target(link, book) is None]
    if lost:
        names = some([f"{link.kind} {link.name}" for link in lost], 8)
        yield found("relation_dangling", page.path, f"Not in the library: {names}.", len(lost))


def no_reason(page: LintPage) -> Iterator[Finding]:
    """Relations that the page calls its own, without a word of why."""
    if page.kind == "lighthouse" or not DEMANDS[page.format].reasons:
        return
    own = own_links(page)
    bare = [link for link in own if not link.reason]
    if bare:
        names = some([f"{link.kind} {link.name}" for link in bare], 4)
        yield found("relation_no_reason", page.path, f"{len(bare)} of {len(own)}: {names}.", len(bare))


def target(link: Declared, book: NameBook) -> str | None:
    """The slug at the other end, found as the library finds it."""
    return book.slug(link.name) or book.slug_of_id(link.identifier)


def own_links(page: LintPage) -> list[Declared]:
    """The relations that a page states itself, those left out that a machine inferred."""
    return [link for link in page.links if link.layer != "inferred"]


def wanted(pages: Iterable[LintPage], book: NameBook) -> tuple[Wanted, ...]:
    """Names not in the library, those that most pages point to first."""
    names: dict[str, set[str]] = {}
    spelled: dict[str, Counter[str]] = {}
    for page in pages:
        for link in page.links:
            if target(link, book) is None:
                key = name_key(link.name) or link.name
                names.setdefault(key, set()).add(page.path)
                spelled.setdefault(key, Counter())[link.name] += 1
    ranked = sorted(names, key=lambda key: (-len(names[key]), key))
    return tuple(
        Wanted(min(spelled[key], key=lambda name: (-spelled[key][name], name)), tuple(sorted(names[key])))
        for key in ranked
    )


def _said(link: Declared, book: NameBook) -> tuple[str, str, bool]:
    return link.kind, target(link, book) or name_key(link.name), link.from_parent

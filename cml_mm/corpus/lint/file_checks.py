"""Checks of one file: its front matter, its characters, whether it is a page at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cml_mm.corpus.lint.kinds import found
from cml_mm.corpus.lint.pages import LintPage
from cml_mm.corpus.lint.report import Finding

# Not tab, line feed, carriage return or next line; a byte order mark only at the very start.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|(?<!^)\ufeff|_x000D_")
_LOST = "\ufffd"
_SLIDE_FIELDS = frozenset({"revealOptions", "separator", "verticalSeparator", "marp"})


def front_matter_missing(page: LintPage) -> Iterator[Finding]:
    if not page.meta:
        yield found("front_matter_missing", page.path, "The file begins without front matter.")


def front_matter_mended(page: LintPage) -> Iterator[Finding]:
    """What the reader had to repair, as it names it."""
    for repair in page.repairs:
        if "not valid YAML" in repair:
            yield found("front_matter_broken", page.path, repair)
        elif "has no end" in repair:
            yield found("front_matter_unclosed", page.path, repair)
        elif "second front matter" in repair:
            yield found("front_matter_second", page.path, repair)


def control_characters(page: LintPage) -> Iterator[Finding]:
    marks = _CONTROL.findall(page.text)
    if marks:
        names = sorted({mark if len(mark) > 1 else f"U+{ord(mark):04X}" for mark in marks})
        yield found("control_characters", page.path, f"{', '.join(names)} in the text.", len(marks))
    if _LOST in page.text:
        lost = page.text.count(_LOST)
        yield found("control_characters", page.path, "U+FFFD stands where letters were lost.", lost)


def slide_deck(page: LintPage) -> Iterator[Finding]:
    if _SLIDE_FIELDS & set(page.meta):
        yield found("slide_deck", page.path, "The fields are those of a slide deck.")


FILE_CHECKS = (front_matter_missing, front_matter_mended, control_characters, slide_deck)

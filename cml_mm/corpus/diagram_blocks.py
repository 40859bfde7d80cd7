"""Diagrams that a page writes as text inside a code fence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

from cml_mm.corpus.fences import find_fences
from cml_mm.types import DiagramText, Section, TextSpan

_MERMAID = re.compile(r"\{?\.?(?:mermaid|mmd)\b", re.I)  # ```mermaid, ```{mermaid}, ~~~ {.mermaid}


def find_diagrams(sections: Iterable[Section]) -> tuple[DiagramText, ...]:
    """The mermaid diagrams of a page, in reading order.

    Args:
        sections: of one page.

    Returns:
        Each with the text between its fences, letter for letter: `text[span.start:span.end]` of
        the section that `span` names. Empty fences and those that never close are none.
    """
    found = []
    for section in sections:
        lines = section.text.split("\n")
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        for fence in find_fences(lines):
            span = TextSpan(section.heading, starts[fence.first + 1], starts[fence.last] - 1)
            text = section.text[span.start : span.end]
            if _MERMAID.match(fence.words) and text.strip():
                found.append(DiagramText("mermaid", text, span))
    return tuple(found)

"""What a sentence says of a diagram as a whole, held against the cited lines: counts, beginnings, ends, pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cml_mm.answering.diagram_check_words import COUNT, LIST, MOST, NOUNS, NUMBERS, ONE
from cml_mm.answering.diagram_lines import SaidGraph
from cml_mm.diagrams.labels import folded
from cml_mm.diagrams.pieces import narrows


def counts(text: str, graph: SaidGraph) -> bool | None:
    """Whether what is counted is so many; None where nothing is."""
    found = [
        (int(hit["number"]) if hit["number"].isdigit() else NUMBERS.get(hit["number"], 0), hit["noun"])
        for form in (COUNT, MOST)
        for hit in form.finditer(folded(text))
    ]
    if not found:
        return None
    return all(
        number in graph.counts.get(NOUNS.get(noun[:2], "lanes" if noun[0] in "ls" else "parts"), frozenset())
        for number, noun in found
    )


def ends(text: str, names: Sequence[str], graph: SaidGraph) -> bool | None:
    """Whether it begins or ends where it is said to."""
    found = re.search(rf"\b(starts?|begins?|ends?|finishes) (?:at|with|in) ({LIST})", text)
    if not found:
        return None
    begins = found[1][0] in "sb"
    wrong, right = (graph.entered, graph.left) if begins else (graph.left, graph.entered)
    named = _of(found[2], names)
    if any(wrong(name) for name in named):
        return False
    return True if all(right(name) for name in named) else None


def hangs(text: str, names: Sequence[str], graph: SaidGraph) -> bool | None:
    """Whether boxes stand apart, or hold so many ways together, as is said; None where nothing of it is."""
    if found := re.search(rf"({LIST}) stands? apart from all other boxes", text):
        named = set(_of(found[1], names))
        return not any((arrow.start in named) != (arrow.end in named) for arrow in graph.arrows)
    if found := re.search(rf"\b(\d+) of (\d+) ways from a beginning to an end go through ({ONE})", text):
        told = {one.node.id: (one.held, one.ways) for one in narrows(graph.drawn)}
        return told.get(_of(found[3], names)[0]) == (int(found[1]), int(found[2]))
    return None


def _of(listed: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[int(number)] for number in re.findall(r"«(\d+)»", listed))

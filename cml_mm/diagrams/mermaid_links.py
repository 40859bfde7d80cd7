"""The arrows of a mermaid flowchart, with their words."""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.diagrams.mermaid_shapes import label_words
from cml_mm.diagrams.values import Heads, LineStyle

_MARKS = "xo"
_FURTHEST_LABEL = 2_000


@dataclass(frozen=True)
class Link:
    """A line between two groups of boxes. `backwards`: its only head is at its first end."""

    label: str
    heads: Heads
    style: LineStyle
    shown: bool
    end: int
    backwards: bool = False


@dataclass(frozen=True)
class _Stroke:
    """The signs that a line is drawn with, the mark at its end, and where it ends."""

    kind: str  # the sign it is made of: - = . ~
    whole: bool  # False: only its beginning, its words follow
    mark: str
    end: int


def read_link(text: str, at: int) -> Link | None:
    """The arrow that begins at `at`; None where none does, or its words never end."""
    start = ""
    if text.startswith("<", at) or (text[at : at + 1] in tuple(_MARKS) and text[at + 1 : at + 3] in ("--", "==", "-.")):
        start = text[at]
        at += 1
    stroke = _stroke(text, at)
    if stroke is None:
        return None
    if stroke.kind == "~":
        return Link("", "none", "solid", False, stroke.end)
    label = ""
    if not stroke.whole:
        found = _words_on(text, stroke)
        if found is None:
            return None
        label, stroke = found
    else:
        after = _skip(text, stroke.end)
        if text.startswith("|", after):
            foot = text.find("|", after + 1, after + _FURTHEST_LABEL)
            quote = _skip(text, after + 1)
            if text.startswith('"', quote):
                closed = text.find('"', quote + 1, quote + _FURTHEST_LABEL)
                foot = text.find("|", closed, closed + _FURTHEST_LABEL) if closed >= 0 else -1
            if foot < 0:
                return None
            label = label_words(text[after + 1 : foot])
            stroke = _Stroke(stroke.kind, True, stroke.mark, foot + 1)
    style: LineStyle = {"-": "solid", "=": "thick", ".": "dotted"}[stroke.kind]  # type: ignore[assignment]
    heads, backwards = _heads(start, stroke.mark)
    return Link(label, heads, style, True, stroke.end, backwards)


def _heads(start: str, mark: str) -> tuple[Heads, bool]:
    """Where the heads are. Circles and crosses count as heads where there is no arrowhead."""
    if "<" in start or ">" in mark:
        start, mark = start.strip(_MARKS), mark.strip(_MARKS)
    if start and mark:
        return "both", False
    return ("target", bool(start)) if start or mark else ("none", False)


def _stroke(text: str, at: int) -> _Stroke | None:
    first = text[at : at + 1]
    if first == "~":
        end = _while(text, at, "~")
        return _Stroke("~", True, "", end) if end - at >= 3 else None
    if first == "-" and text[at + 1 : at + 2] == ".":
        end = _while(text, at + 1, ".")
        if text[end : end + 1] != "-":
            return _Stroke(".", False, "", end)
        mark = _mark(text, end + 1)
        return _Stroke(".", True, mark, end + 1 + len(mark))
    if first in ("-", "="):
        end = _while(text, at, first)
        if end - at < 2:
            return None
        mark = _mark(text, end)
        return _Stroke(first, bool(mark) or end - at > 2, mark, end + len(mark))
    return None


def _mark(text: str, at: int) -> str:
    sign = text[at : at + 1]
    return sign if sign in (">", "x", "o") else ""


def _words_on(text: str, stroke: _Stroke) -> tuple[str, _Stroke] | None:
    """The words between the two halves of a line, and its second half."""
    sought = {"-": "--", "=": "==", ".": ".-"}[stroke.kind]
    begin = _skip(text, stroke.end)
    after = begin
    if text.startswith('"', begin):
        closed = text.find('"', begin + 1, begin + _FURTHEST_LABEL)
        after = closed + 1 if closed >= 0 else begin
    found = text.find(sought, after, after + _FURTHEST_LABEL)
    if found < 0:
        return None
    end = _while(text, found, "." if stroke.kind == "." else stroke.kind)
    if stroke.kind == ".":
        end = _while(text, end, "-")
    mark = _mark(text, end)
    return label_words(text[begin:found]), _Stroke(stroke.kind, True, mark, end + len(mark))


def _while(text: str, at: int, sign: str) -> int:
    while at < len(text) and text[at] == sign:
        at += 1
    return at


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at

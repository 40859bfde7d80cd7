"""Headings, prose and diagrams of a body as written, also where nothing stands under a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cml_mm.corpus.fences import find_fences
from cml_mm.corpus.sections import clean_heading

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*$")


@dataclass(frozen=True)
class Heading:
    """A heading of any level; `empty` where neither text nor a deeper heading follows."""

    level: int
    words: str
    empty: bool


@dataclass(frozen=True)
class Scan:
    """What stands in a body: headings, prose without fenced code, the languages of the fences."""

    headings: tuple[Heading, ...]
    prose: str
    fences: tuple[str, ...]


def scan(body: str) -> Scan:
    """Look through a body once; a fence that never closes holds nothing."""
    lines = body.split("\n")
    fences = list(find_fences(lines))
    fenced = [False] * len(lines)
    for fence in fences:
        fenced[fence.first : fence.last + 1] = [True] * (fence.last + 1 - fence.first)
    marks: list[tuple[int, str]] = []
    texts: list[bool] = []
    for number, line in enumerate(lines):
        heading = None if fenced[number] or "#" not in line[:10] else _HEADING.match(line)
        if heading is not None:
            marks.append((len(heading[1]), (heading[2] or "").rstrip("#").rstrip()))
            texts.append(False)
        elif texts and not texts[-1] and (fenced[number] or line.strip(" \t-*_")):
            texts[-1] = True
    headings = []
    for number, (level, words) in enumerate(marks):
        deeper = number + 1 < len(marks) and marks[number + 1][0] > level
        headings.append(Heading(level, clean_heading(words)[0], not (texts[number] or deeper)))
    prose = "\n".join(line for line, inside in zip(lines, fenced, strict=True) if not inside)
    return Scan(tuple(headings), prose, tuple(fence.words.lower() for fence in fences))

"""Mermaid's text before its statements: front matter, directives, comments, and which kind of diagram it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cml_mm.diagrams.label_text import one_line
from cml_mm.diagrams.named_colours import hex_colour

_HEADER = re.compile(r"\s*([A-Za-z][\w-]*)")


_TITLE = re.compile(r"^title\s*:\s*(.{1,300})$", re.M)


_BETWEEN = re.compile(r"[,;](?![^()]{0,80}\))")  # not inside rgb(…)


@dataclass(frozen=True)
class MermaidSource:
    """A diagram in mermaid with its front matter, directives and comments set aside."""

    text: str
    kind: str
    title: str
    body: int  # where its statements begin


def opened_source(text: str) -> MermaidSource:
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    title = ""
    held = text.lstrip()
    if held.startswith("---\n"):
        foot = held.find("\n---", 3)
        if foot >= 0:
            found = _TITLE.search(held[: foot + 1])
            title = one_line(found.group(1).strip("\"' ")) if found else ""
            text = "\n" * held.count("\n", 0, foot + 4) + held[foot + 4 :]
    text = _without_comments(text)
    found = _HEADER.match(text)
    kind = found.group(1).casefold() if found else ""
    return MermaidSource(text, kind, title, found.end() if found else 0)


def _without_comments(text: str) -> str:
    """Blank lines where comments and directives stood, so that lines keep their numbers."""
    kept, inside = [], False
    for line in text.split("\n"):
        if inside or line.lstrip().startswith("%%"):
            opened = inside or line.lstrip().startswith("%%{")
            _, shut, rest = line.partition("}%%")
            inside = opened and not shut
            kept.append(rest if opened and shut else "")
        else:
            kept.append(line)
    return "\n".join(kept)


def fill_in(styles: str) -> str:
    """The colour that a list of styles fills a box with."""
    for style in _BETWEEN.split(styles):
        key, _, value = style.partition(":")
        if key.strip().casefold() == "fill":
            return hex_colour(value.replace("!important", ""))
    return ""

"""Lines of PlantUML, and the words inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm.diagrams.label_text import html_words
from cml_mm.diagrams.named_colours import hex_colour
from cml_mm.diagrams.values import Heads, LineStyle
from cml_mm.errors import MediaUnreadable

_CREOLE = re.compile(r"\*\*|//|\"\"|__|~~|--(?=\S)|(?<=\S)--")
_SPRITE = re.compile(r"<[$&][^<>]{0,80}>")
_WAY = r"(?:left|right|down|up|le|ri|do|[lrud])"
# Left head, a run of strokes with a style in brackets or a direction between, right head.
_ARROW = re.compile(
    r"(?P<left>(?:<\|{0,2}|<<|[*o+^#x}0@)])?\|{0,2})"
    r"(?P<body>[-.=~]+(?:\[(?P<style>[^\[\]\n]{0,200})\])?(?:" + _WAY + r"(?=[-.=~\[]))?"
    r"(?:\[(?P<style2>[^\[\]\n]{0,200})\])?[-.=~]*)"
    r"(?P<right>\|{0,2}(?:>>|>|[*o+^#x{0@(](?=[\s\"\[:]|$))?)"
)


@dataclass(frozen=True)
class Line:
    """A line without its outer blanks, and its number in the file."""

    text: str
    number: int


@dataclass(frozen=True)
class Arrow:
    """A line between two boxes, and where its text ends. `backwards`: its only head is at its beginning."""

    heads: Heads
    style: LineStyle
    backwards: bool
    hidden: bool
    end: int


def line_fault(line: Line, expected: str) -> MediaUnreadable:
    """The error for a line that cannot be read."""
    return MediaUnreadable(
        f"Line {line.number} of this PlantUML diagram cannot be read: {line.text[:60]}. Expected there: {expected}.",
        "Mend that line, or export the diagram as SVG or PNG, and add that.",
    )


def words_of(text: str) -> str:
    """What a label says: line ends as spaces, Creole's and HTML's signs gone."""
    text = text.replace("\\n", "\n").replace("\\l", "\n").replace("\\r", "\n").replace("\\t", " ")
    return html_words(_CREOLE.sub("", _SPRITE.sub(" ", text)))


def read_arrow(text: str, at: int) -> Arrow | None:
    """The arrow that begins at `at`; None where none does."""
    found = _ARROW.match(text, at)
    if found is None:
        return None
    body = re.sub(r"\[[^\]]*\]", "", found.group("body"))
    styles = {
        one.strip().casefold() for one in f"{found.group('style') or ''},{found.group('style2') or ''}".split(",")
    }
    style: LineStyle = "solid"
    if "dashed" in styles or "." in body:
        style = "dashed"
    elif "dotted" in styles or "~" in body:
        style = "dotted"
    elif styles & {"bold", "thickness=2", "thickness=3", "thickness=4"} or "=" in body:
        style = "thick"
    left, right = "<" in found.group("left"), ">" in found.group("right")
    heads: Heads = "both" if left and right else "target" if left or right else "none"
    return Arrow(heads, style, left and not right, bool(styles & {"hidden", "#transparent"}), found.end())


def colour_of(text: str) -> str:
    """A colour behind its sign: "#gold", "#FFD700;line:red", "#back:gold"."""
    first = text.strip().lstrip("#").split(";")[0].split("/")[0].split("|")[0].split("\\")[0]
    first = first.removeprefix("back:")
    return hex_colour(first) or hex_colour(f"#{first}")


def until(lines: Iterator[Line], ends: str) -> str:
    """The text of the lines up to the one that ends so, and that line's without its ending."""
    held: list[str] = []
    for line in lines:
        if line.text.endswith(ends):
            held.append(line.text[: -len(ends)])
            break
        held.append(line.text)
    return "\n".join(held)

"""What Graphviz's attributes mean: labels, shapes, heads, styles (https://graphviz.org/doc/info/attrs.html)."""

from __future__ import annotations

import html

from cml_mm.diagrams.dot_words import Word
from cml_mm.diagrams.label_text import html_words, one_line
from cml_mm.diagrams.named_colours import hex_colour
from cml_mm.diagrams.values import Heads, LineStyle, NodeShape

_SHAPES_OF: tuple[tuple[NodeShape, str], ...] = (
    ("box", "box rect rectangle square record box3d component tab folder signature assembly insulator"),
    ("rounded", "mrecord mbox msquare larrow rarrow"),
    ("ellipse", "ellipse oval egg mellipse"),
    ("circle", "circle doublecircle mcircle"),
    ("diamond", "diamond mdiamond"),
    ("cylinder", "cylinder"),
    ("hexagon", "hexagon octagon doubleoctagon tripleoctagon septagon pentagon house invhouse polygon"),
    ("parallelogram", "parallelogram"),
    ("trapezium", "trapezium invtrapezium"),
    ("triangle", "triangle invtriangle"),
    ("note", "note"),
    ("text", "none plaintext plain underline"),
)  # fmt: skip
_SHAPES: dict[str, NodeShape] = {name: shape for shape, names in _SHAPES_OF for name in names.split()}
# Marks at a line's end that are no arrowheads; where the other end has one, they do not count.
_MARKS = ("dot", "odot", "invdot", "invodot", "diamond", "odiamond", "box", "obox", "tee", "crow", "curve", "icurve")


def dot_label(label: Word, name: str, shape: str = "", tail: str = "", head: str = "") -> str:
    """What a label says.

    Args:
        label: its word; one in angle brackets is HTML.
        name: what "\\N", "\\G" and "\\E" stand for.
        shape: of its box; the fields of records are words of their own.
        tail: what "\\T" stands for.
        head: what "\\H" stands for.
    """
    if label.kind == "html":
        return html_words(label.text)
    text = label.text
    record = shape.casefold() in {"record", "mrecord"}
    pieces: list[str] = []
    at, in_port = 0, False
    stands_for = {"n": " ", "l": " ", "r": " ", "N": name, "G": name, "E": name, "L": "", "T": tail, "H": head}
    while at < len(text):
        sign = text[at]
        if sign == "\\" and at + 1 < len(text):
            pieces.append("" if in_port else stands_for.get(text[at + 1], text[at + 1]))
            at += 2
            continue
        if record and sign in "{}|<>":
            in_port = sign == "<" or (in_port and sign != ">")
            pieces.append(" ")
        elif not in_port:
            pieces.append(sign)
        at += 1
    return one_line(html.unescape("".join(pieces)))


def dot_shape(shape: str, style: str) -> NodeShape:
    """The shape of a box."""
    found = _SHAPES.get(shape.casefold(), "other")
    return "rounded" if found == "box" and "rounded" in _styles(style) else found


def dot_style(style: str, penwidth: str) -> LineStyle:
    """How a line is drawn."""
    styles = _styles(style)
    if "dashed" in styles:
        return "dashed"
    if "dotted" in styles:
        return "dotted"
    try:
        thick = float(penwidth or 1) >= 3
    except ValueError:
        thick = False
    return "thick" if thick or "bold" in styles else "solid"


def dot_heads(way: str, head: str, tail: str, directed: bool) -> tuple[Heads, bool]:
    """Where a line's heads are, and whether the only one is at its beginning."""
    way = way.casefold() or ("forward" if directed else "none")
    ends = [
        mark
        for mark, there in ((head or "normal", way in {"forward", "both"}), (tail or "normal", way in {"back", "both"}))
        if there and not mark.casefold().startswith("none")
    ]
    at_head = way in {"forward", "both"} and not head.casefold().startswith("none")
    at_tail = way in {"back", "both"} and not tail.casefold().startswith("none")
    if len(ends) == 2 and _is_mark(ends[0]) != _is_mark(ends[1]):
        at_head, at_tail = not _is_mark(ends[0]), not _is_mark(ends[1])
    if at_head and at_tail:
        return "both", False
    return ("target", at_tail) if at_head or at_tail else ("none", False)


def _is_mark(arrow: str) -> bool:
    return arrow.casefold() in _MARKS


def fill_of(style: str, fill: str, line: str) -> str:
    """The colour that a box is filled with."""
    if not _styles(style) & {"filled", "radial", "striped", "wedged"}:
        return ""
    return hex_colour((fill or line or "lightgrey").split(":")[0].split(";")[0])


def is_invisible(style: str) -> bool:
    """Whether a part only holds others in their places."""
    return bool(_styles(style) & {"invis", "invisible"})


def _styles(style: str) -> set[str]:
    return {one.strip().casefold() for one in style.split(",")}

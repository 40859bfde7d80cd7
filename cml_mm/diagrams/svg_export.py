"""Diagrams drawn as SVG 1.1: by their own places, or laid out where they have none."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from cml_mm.diagrams.export_ids import safe_ids
from cml_mm.diagrams.layout import laid_out
from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode, LineStyle, Point
from cml_mm.types import Box

_LETTER_SHARE = 0.56  # of a font's size, the mean width of a letter
_LARGEST, _SMALLEST = 15.0, 5.0  # size of letters, in the unit of a drawing 800 wide
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DASHES: Mapping[LineStyle, str] = {
    "solid": "", "thick": "", "dashed": ' stroke-dasharray="6 4"', "dotted": ' stroke-dasharray="1 4"',
}  # fmt: skip
_HEAD = (
    '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
    'orient="auto-start-reverse"><path d="M0,0 L10,5 L0,10 z" fill="#333333"/></marker>'
)


def to_svg(diagram: Diagram) -> str:
    """The diagram as a drawing with nothing in it but shapes, lines and words.

    Its groups are classed and titled as Graphviz does it, so that programs which read Graphviz's
    drawings, this one among them, find the same graph in it.
    """
    placed = laid_out(diagram)
    ids = safe_ids(placed)
    scale = max(placed.width, placed.height, 800.0) / 800
    title = escape(_flat(placed.title) or "Diagram")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(placed.width)} {_n(placed.height)}" '
        f'width="{_n(placed.width)}" height="{_n(placed.height)}" font-family="sans-serif">',
        f"<title>{title}</title>",
        f"<defs>{_HEAD}</defs>",
        f'<rect width="{_n(placed.width)}" height="{_n(placed.height)}" fill="#ffffff"/>',
        f'<g class="graph"><title>{title}</title>',
        *(_container(one, ids, scale) for one in _outer_first(placed.containers)),
        *(_edge(edge, ids, scale) for edge in placed.edges),
        *(_node(node, ids, scale) for node in placed.nodes),
        *(
            "\n".join(_words(text.text, text.box, scale))
            for text in placed.unplaced
            if text.box is not None and text.text.strip()
        ),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _outer_first(containers: Sequence[DiagramContainer]) -> list[DiagramContainer]:
    """Lanes in the order in which they cover each other."""
    return sorted(containers, key=lambda one: -(one.box.w * one.box.h) if one.box else 0.0)


def _container(one: DiagramContainer, ids: Mapping[str, str], scale: float) -> str:
    if one.box is None:
        return ""
    size = _LARGEST * scale
    top = Box(one.box.x, one.box.y, one.box.w, 1.8 * size, one.box.of_w, one.box.of_h)
    shape = _rectangle(one.box, 0, "#f4f4f1", "#888888", scale)
    words = "\n".join(_words(one.label, top, scale))
    return f'<g class="cluster"><title>cluster_{ids[one.id]}</title>{shape}{words}</g>'


def _node(node: DiagramNode, ids: Mapping[str, str], scale: float) -> str:
    if node.box is None:
        return ""
    fill = node.colour if node.colour.startswith("#") and len(node.colour) == 7 else "#ffffff"
    words = "\n".join(_words(node.label, node.box, scale, _dark(fill)))
    label = quoteattr(_flat(node.label))
    return (
        f'<g class="node" role="img" aria-label={label}><title>{ids[node.id]}</title>'
        f"{_shape(node, fill if _is_colour(fill) else '#ffffff', scale)}{words}</g>"
    )


def _shape(node: DiagramNode, fill: str, scale: float) -> str:
    box = node.box
    if box is None or node.shape == "text":
        return ""
    x, y, w, h = box.x, box.y, box.w, box.h
    style = f'fill="{fill}" stroke="#333333" stroke-width="{_n(1.2 * scale)}"'
    if node.shape in {"ellipse", "circle"}:
        return f'<ellipse cx="{_n(x + w / 2)}" cy="{_n(y + h / 2)}" rx="{_n(w / 2)}" ry="{_n(h / 2)}" {style}/>'
    corners: dict[str, tuple[tuple[float, float], ...]] = {
        "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
        "hexagon": ((0.15, 0), (0.85, 0), (1, 0.5), (0.85, 1), (0.15, 1), (0, 0.5)),
        "parallelogram": ((0.15, 0), (1, 0), (0.85, 1), (0, 1)),
        "trapezium": ((0.15, 0), (0.85, 0), (1, 1), (0, 1)),
        "triangle": ((0.5, 0), (1, 1), (0, 1)),
        "note": ((0, 0), (0.88, 0), (1, 0.2), (1, 1), (0, 1)),
    }
    if node.shape in corners:
        points = " ".join(f"{_n(x + px * w)},{_n(y + py * h)}" for px, py in corners[node.shape])
        return f'<polygon points="{points}" {style}/>'
    if node.shape == "cylinder":
        lid = min(h / 6, w / 4)
        path = (
            f"M{_n(x)},{_n(y + lid)} a{_n(w / 2)},{_n(lid)} 0 0 1 {_n(w)},0 v{_n(h - 2 * lid)} "
            f"a{_n(w / 2)},{_n(lid)} 0 0 1 {_n(-w)},0 z"
        )
        return f'<path d="{path}" {style}/>'
    return _rectangle(box, min(w, h) / 4 if node.shape == "rounded" else 0, fill, "#333333", scale)


def _rectangle(box: Box, radius: float, fill: str, stroke: str, scale: float) -> str:
    return (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}" rx="{_n(radius)}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{_n(1.2 * scale)}"/>'
    )


def _edge(edge: DiagramEdge, ids: Mapping[str, str], scale: float) -> str:
    if len(edge.polyline) < 2:
        return ""
    path = "M" + " L".join(f"{_n(x)},{_n(y)}" for x, y in edge.polyline)
    heads = {"target": ' marker-end="url(#head)"', "none": ""}.get(
        edge.heads, ' marker-start="url(#head)" marker-end="url(#head)"'
    )
    width = _n((2.6 if edge.style == "thick" else 1.3) * scale)
    sign = "--" if edge.heads == "none" else "->"
    words = "\n".join(_words(edge.label, edge.label_box or _middle(edge.polyline, placed_in=edge, scale=scale), scale))
    return (
        f'<g class="edge"><title>{ids[edge.source]}{escape(sign)}{ids[edge.target]}</title>'
        f'<path d="{path}" fill="none" stroke="#333333" stroke-width="{width}"{_DASHES[edge.style]}{heads}/>{words}</g>'
    )


def _middle(line: Sequence[Point], placed_in: DiagramEdge, scale: float) -> Box:
    """Room for a label at the middle of a line."""
    lengths = [((x - u) ** 2 + (y - v) ** 2) ** 0.5 for (u, v), (x, y) in pairwise(line)]
    left = sum(lengths) / 2
    x, y = line[0]
    for (u, v), (s, t), length in zip(line, line[1:], lengths, strict=False):
        if left <= length:
            share = left / length if length else 0.0
            x, y = u + share * (s - u), v + share * (t - v)
            break
        left -= length
    size = 0.8 * _LARGEST * scale
    width = max(_LETTER_SHARE * size * min(len(placed_in.label), 24), size)
    height = 1.3 * size * max(1, -(-len(placed_in.label) // 24))
    return Box(x - width / 2, y - height / 2, width, height, 1.0, 1.0)


def _words(text: str, box: Box, scale: float, colour: str = "#111111") -> Iterator[str]:
    """A label as lines that fit into a box, as large as they can be."""
    flat = _flat(text)
    if not flat:
        return
    size, lines = _fitted(flat, box, scale)
    top = box.y + box.h / 2 - 1.2 * size * (len(lines) - 1) / 2
    spans = "".join(
        f'<tspan x="{_n(box.x + box.w / 2)}" y="{_n(top + 1.2 * size * row + 0.35 * size)}">{escape(line)}</tspan>'
        for row, line in enumerate(lines)
    )
    yield f'<text text-anchor="middle" font-size="{_n(size)}" fill="{colour}">{spans}</text>'


def _fitted(text: str, box: Box, scale: float) -> tuple[float, list[str]]:
    size = _LARGEST * scale
    while True:
        letters = max(4, int(0.92 * box.w / (_LETTER_SHARE * size)))
        lines = textwrap.wrap(text, letters, break_long_words=False) or [text]
        fits = 1.2 * size * len(lines) <= box.h and max(map(len, lines)) <= letters
        if fits or size <= _SMALLEST * scale:
            return size, lines
        size *= 0.9


def _dark(fill: str) -> str:
    """The colour of letters that can be read on a fill."""
    if not _is_colour(fill):
        return "#111111"
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 110 else "#111111"


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(sign in "0123456789abcdefABCDEF" for sign in text[1:])


def _flat(text: str) -> str:
    """On one line, without the signs that XML forbids."""
    return " ".join(_FORBIDDEN.sub(" ", text).split())


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

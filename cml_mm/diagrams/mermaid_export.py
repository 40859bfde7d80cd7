"""Diagrams as mermaid flowcharts (mermaid.js.org, syntax of version 11)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cml_mm.diagrams.export_ids import safe_ids
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Heads, LineStyle, NodeShape

_BRACKETS: Mapping[NodeShape, tuple[str, str]] = {
    "box": ("[", "]"), "rounded": ("(", ")"), "ellipse": ("([", "])"), "circle": ("((", "))"), "diamond": ("{", "}"),
    "cylinder": ("[(", ")]"), "hexagon": ("{{", "}}"), "parallelogram": ("[/", "/]"), "trapezium": ("[/", "\\]"),
}  # fmt: skip
_NAMED: Mapping[NodeShape, str] = {"triangle": "tri", "note": "doc", "text": "text"}
_ARROWS: Mapping[tuple[LineStyle, Heads], str] = {
    ("solid", "target"): "-->", ("solid", "both"): "<-->", ("solid", "none"): "---",
    ("dashed", "target"): "-.->", ("dashed", "both"): "<-.->", ("dashed", "none"): "-.-",
    ("dotted", "target"): "-.->", ("dotted", "both"): "<-.->", ("dotted", "none"): "-.-",
    ("thick", "target"): "==>", ("thick", "both"): "<==>", ("thick", "none"): "===",
}  # fmt: skip
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Signs that end a label, begin markup, or are read as something else inside quotes.
_WRITTEN = {sign: f"#{ord(sign)};" for sign in '#"&<>`;\\%{}|[]'}
_ENTITIES = str.maketrans(_WRITTEN)


def to_mermaid(diagram: Diagram) -> str:
    """The diagram as a mermaid flowchart, which reads back as the same graph.

    Lanes become subgraphs, fills styles. What mermaid has no place for, such as a legend and free
    texts, stands in comments.
    """
    ids = safe_ids(diagram)
    lines = ["---", f"title: {_title(diagram.title)}", "---"] if diagram.title.strip() else []
    lines.append("flowchart TD")
    lines += _inside(diagram, "", ids, 1)
    for edge in diagram.edges:
        lines.append(f"    {ids[edge.source]} {_ARROWS[edge.style, edge.heads]}{_label(edge)} {ids[edge.target]}")
    for node in diagram.nodes:
        if _COLOUR.fullmatch(node.colour):
            lines.append(f"    style {ids[node.id]} fill:{node.colour}")
    lines += [f"    %% {_flat(text.text)}" for text in diagram.unplaced if _flat(text.text)]
    lines += [f"    %% {entry.colour}: {_flat(entry.label)}" for entry in diagram.legend]
    return "\n".join(lines) + "\n"


def _inside(diagram: Diagram, container: str, ids: Mapping[str, str], depth: int) -> Iterator[str]:
    """What stands in a lane, or outside of all where it is ""."""
    stack: list[tuple[int, str]] = [(depth, container)]
    held: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    labels = {one.id: one.label for one in diagram.containers}
    for node in diagram.nodes:
        held.setdefault(node.container, []).append(_node(node, ids))
    for one in diagram.containers:
        below.setdefault(one.parent, []).append(one.id)
    closing = "\0"
    while stack:
        level, name = stack.pop()
        pad = "    " * min(level, 8)
        if name == closing:
            yield f"{pad}end"
            continue
        if name:
            yield f'{"    " * min(level - 1, 8)}subgraph {ids[name]}["{_written(labels[name]) or " "}"]'
        yield from (pad + line for line in held.get(name, ()))
        for child in reversed(below.get(name, [])):
            stack += [(level, closing), (level + 1, child)]


def _node(node: DiagramNode, ids: Mapping[str, str]) -> str:
    words = _written(node.label) or " "
    if node.shape in _NAMED:
        return f'{ids[node.id]}@{{ shape: {_NAMED[node.shape]}, label: "{words}" }}'
    opening, closing = _BRACKETS.get(node.shape, ("[", "]"))
    return f'{ids[node.id]}{opening}"{words}"{closing}'


def _label(edge: DiagramEdge) -> str:
    words = _written(edge.label)
    return f'|"{words}"|' if words else ""


def _written(text: str) -> str:
    """A label inside quotes: everything that means something there is written as its number."""
    return _flat(text).translate(_ENTITIES)


def _title(text: str) -> str:
    escaped = _flat(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _flat(text: str) -> str:
    return " ".join(text.split())

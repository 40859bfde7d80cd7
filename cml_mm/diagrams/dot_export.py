"""Diagrams in Graphviz's language (graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cml_mm.diagrams.export_ids import safe_ids
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Heads, LineStyle, NodeShape

_SHAPES: Mapping[NodeShape, str] = {
    "box": "box", "rounded": "box", "ellipse": "ellipse", "circle": "circle", "diamond": "diamond",
    "cylinder": "cylinder", "hexagon": "hexagon", "parallelogram": "parallelogram", "trapezium": "trapezium",
    "triangle": "triangle", "note": "note", "text": "plaintext",
}  # fmt: skip
_DIRECTIONS: Mapping[Heads, str] = {"target": "", "both": "both", "none": "none"}
_STYLES: Mapping[LineStyle, str] = {"solid": "", "dashed": "dashed", "dotted": "dotted", "thick": "bold"}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def to_dot(diagram: Diagram) -> str:
    """The diagram as a directed graph for Graphviz, which reads back as the same graph.

    Lanes become clusters. An arrow to a lane leads to a box in it and names the lane (`lhead`,
    `ltail`), as Graphviz wants it; a lane without boxes becomes a box where an arrow needs it.
    """
    ids = safe_ids(diagram)
    lines = ["digraph diagram {", "  compound=true;"]
    if diagram.title.strip():
        lines += [f"  label={_quoted(diagram.title)};", "  labelloc=t;"]
    ends = {end for edge in diagram.edges for end in (edge.source, edge.target)}
    inner = _inner_boxes(diagram)
    stand_ins = {one.id for one in diagram.containers if one.id in ends and one.id not in inner}
    lines += _inside(diagram, ids, stand_ins)
    lines += [_edge(edge, ids, inner, stand_ins) for edge in diagram.edges]
    lines += [f"  // {' '.join(text.text.split())}" for text in diagram.unplaced]
    lines += [f"  // {entry.colour}: {' '.join(entry.label.split())}" for entry in diagram.legend]
    return "\n".join([*lines, "}"]) + "\n"


def _inner_boxes(diagram: Diagram) -> dict[str, str]:
    """A box inside each lane, however deep, by the lane's id; lanes without boxes are left out."""
    parents = {one.id: one.parent for one in diagram.containers}
    found: dict[str, str] = {}
    for node in diagram.nodes:
        lane = node.container
        while lane and lane not in found:
            found[lane] = node.id
            lane = parents.get(lane, "")
    return found


def _inside(diagram: Diagram, ids: Mapping[str, str], stand_ins: set[str]) -> Iterator[str]:
    held: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    labels = {one.id: one.label for one in diagram.containers}
    for node in diagram.nodes:
        held.setdefault(node.container, []).append(_node(node, ids))
    for one in diagram.containers:
        below.setdefault(one.parent, []).append(one.id)
    closing = "\0"
    stack = [(0, "")]
    while stack:
        depth, name = stack.pop()
        pad = "  " * min(depth + 1, 16)
        if name == closing:
            yield f"{pad}}}"
            continue
        if name in stand_ins:
            yield f"{'  ' * min(depth, 16)}{ids[name]} [label={_quoted(labels[name])}, shape=box];"
            continue
        if name:
            yield f"{'  ' * min(depth, 16)}subgraph cluster_{ids[name]} {{"
            yield f"{pad}label={_quoted(labels[name])};"
        yield from (pad + line for line in held.get(name, ()))
        for child in reversed(below.get(name, [])):
            stack += [(depth, closing)] * (child not in stand_ins) + [(depth + 1, child)]


def _node(node: DiagramNode, ids: Mapping[str, str]) -> str:
    said = {"label": _quoted(node.label), "shape": _SHAPES.get(node.shape, "box")}
    styles = ["rounded"] if node.shape == "rounded" else []
    if _COLOUR.fullmatch(node.colour):
        styles.append("filled")
        said["fillcolor"] = f'"{node.colour}"'
    if styles:
        said["style"] = f'"{",".join(styles)}"'
    return f"{ids[node.id]} [{', '.join(f'{key}={value}' for key, value in said.items())}];"


def _edge(edge: DiagramEdge, ids: Mapping[str, str], inner: Mapping[str, str], stand_ins: set[str]) -> str:
    said: dict[str, str] = {}
    ends = []
    for end, key in ((edge.source, "ltail"), (edge.target, "lhead")):
        if end in inner:
            said[key] = f"cluster_{ids[end]}"
        ends.append(ids[inner.get(end, end)])
    if edge.label.strip():
        said["label"] = _quoted(edge.label)
    for key, value in (("dir", _DIRECTIONS[edge.heads]), ("style", _STYLES[edge.style])):
        if value:
            said[key] = value
    attributes = f" [{', '.join(f'{key}={value}' for key, value in said.items())}]" if said else ""
    return f"  {ends[0]} -> {ends[1]}{attributes};"


def _quoted(text: str) -> str:
    """A label as a quoted string; Graphviz reads backslashes and HTML's entities in it, so these are written out."""
    flat = " ".join(text.split())
    escaped = flat.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'

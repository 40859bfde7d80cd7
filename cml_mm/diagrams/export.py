"""Diagrams written in other forms: mermaid, Graphviz, JSON, SVG; and a few sentences for who cannot see one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cml_mm.diagrams.alt_text import alt_text
from cml_mm.diagrams.dot_export import to_dot
from cml_mm.diagrams.mermaid_export import to_mermaid
from cml_mm.diagrams.svg_export import to_svg
from cml_mm.diagrams.values import Diagram, DiagramEdge, Heads
from cml_mm.types import Box

__all__ = ["alt_text", "json_values", "to_dot", "to_json", "to_mermaid", "to_svg"]

_DIRECTED: dict[Heads, bool | str] = {"target": True, "both": "both", "none": False}


def to_json(diagram: Diagram) -> str:
    """What was read, for other programs: see `json_values`."""
    return json.dumps(json_values((diagram,)), ensure_ascii=False, indent=1)


def json_values(diagrams: Sequence[Diagram], notices: Sequence[str] = ()) -> dict[str, Any]:
    """Diagrams as JSON values.

    Args:
        diagrams: of one file.
        notices: what is to be said of the file besides.

    Returns:
        `nodes` (id, label, shape, box, confidence, container, colour), `edges` (source, target,
        label, `directed`: true, false or "both", polyline, confidence, id, style), `containers`,
        `legend`, `unplaced`, `notices`, `width` and `height`. A box is [x, y, width, height] from
        the upper left, in the unit of width and height. Of several diagrams all parts stand in the
        same lists: each says in `diagram` which one it is of, counted from 1, and the ids begin
        with that number ("2/a").
    """
    found: dict[str, Any] = {
        "title": diagrams[0].title if diagrams else "",
        "origin": diagrams[0].origin if diagrams else "",
        "face": diagrams[0].face if diagrams else "",
        "width": diagrams[0].width if diagrams else 0,
        "height": diagrams[0].height if diagrams else 0,
        "nodes": [],
        "edges": [],
        "containers": [],
        "legend": [],
        "unplaced": [],
        "notices": list(notices),
        "corrections": sum(one.corrections for one in diagrams),
    }
    if len(diagrams) > 1:
        found["diagrams"] = [
            {"title": one.title, "origin": one.origin, "face": one.face, "width": one.width, "height": one.height}
            for one in diagrams
        ]
    for number, one in enumerate(diagrams, 1):
        several = len(diagrams) > 1
        for name, rows in _rows(one, f"{number}/" if several else "").items():
            found[name] += [{**row, "diagram": number} for row in rows] if several else rows
        found["notices"] += [notice for notice in one.notices if notice not in found["notices"]]
    return found


def _rows(diagram: Diagram, lead: str) -> dict[str, list[dict[str, Any]]]:
    def named(part: str) -> str:
        return lead + part if part else ""

    return {
        "nodes": [
            {
                "id": named(node.id),
                "label": node.label,
                "shape": node.shape,
                "box": _box(node.box),
                "confidence": round(node.confidence, 3),
                "container": named(node.container),
                "colour": node.colour,
            }
            for node in diagram.nodes
        ],
        "edges": [{**_edge(edge), "id": named(edge.id), "source": named(edge.source), "target": named(edge.target)}
                  for edge in diagram.edges],
        "containers": [
            {
                "id": named(one.id),
                "label": one.label,
                "box": _box(one.box),
                "parent": named(one.parent),
                "confidence": round(one.confidence, 3),
            }
            for one in diagram.containers
        ],
        "legend": [{"colour": entry.colour, "label": entry.label} for entry in diagram.legend],
        "unplaced": [
            {"text": text.text, "box": _box(text.box), "confidence": round(text.confidence, 3)}
            for text in diagram.unplaced
        ],
    }  # fmt: skip


def _edge(edge: DiagramEdge) -> dict[str, Any]:
    return {
        "id": "",
        "source": "",
        "target": "",
        "label": edge.label,
        "directed": _DIRECTED[edge.heads],
        "polyline": [[round(x, 1), round(y, 1)] for x, y in edge.polyline],
        "confidence": round(edge.confidence, 3),
        "style": edge.style,
        "label_box": _box(edge.label_box),
    }


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else [round(part, 1) for part in (box.x, box.y, box.w, box.h)]

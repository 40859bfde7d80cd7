"""What a made-up diagram holds, as JSON that a scorer reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.diagram_lettering import font_name
from benchmarks.diagram_making import Made
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Heads, NodeShape
from cml_mm.types import Box

_SPLINES = {"line": "line", "curve": "curved", "ortho": "ortho"}
_ALIKE: dict[NodeShape, str] = {
    "box": "box rect rectangle square component",
    "rounded": "rounded round state",
    "ellipse": "ellipse oval usecase",
    "circle": "circle",
    "diamond": "diamond rhombus",
    "cylinder": "cylinder database",
    "hexagon": "hexagon",
    "parallelogram": "parallelogram",
    "note": "note",
    "icon": "icon",
    "text": "text plaintext",
}
_SHAPES = {name: shape for shape, names in _ALIKE.items() for name in names.split()}
_DIRECTED: dict[str, bool | str] = {"target": True, "both": "both", "none": False}


def graph_json(diagram: Diagram) -> dict[str, Any]:
    """Nodes, edges, containers and free words; boxes as left, top, right, foot."""
    return {
        "nodes": [
            {
                "id": node.id,
                "label": node.label,
                "shape": node.shape,
                "bbox": _corners(node.box),
                "container": node.container,
            }
            for node in diagram.nodes
        ],
        "edges": [
            {"source": edge.source, "target": edge.target, "label": edge.label, "directed": _DIRECTED[edge.heads]}
            for edge in diagram.edges
        ],
        "containers": [{"id": one.id, "label": one.label, "bbox": _corners(one.box)} for one in diagram.containers],
        "legend": [{"colour": entry.colour, "label": entry.label} for entry in diagram.legend],
        "unplaced": [text.text for text in diagram.unplaced],
    }


def truth_json(made: Made, diagram: Diagram, spoil: str = "") -> dict[str, Any]:
    """The truth of a picture.

    Args:
        made: as it was made.
        diagram: as it lies on the picture, which may have been turned.
        spoil: what was done to the picture.
    """
    return {"name": made.name, **graph_json(diagram), "style": style_told(made, spoil)}


def style_told(made: Made, spoil: str = "") -> dict[str, Any]:
    """What there is to say of a picture's looks, so that figures can be told apart by it."""
    style = made.style
    said = {
        "gen": "own" + (f"+{spoil}" if spoil else ""),
        "mode": style.layout,
        "splines": _SPLINES[style.lines],
        "theme": style.theme.name,
        "font": font_name(style.lettering.font),
        "by_hand": style.by_hand,
        "shapes": list(style.shapes),
        "arrowhead": style.heads,
        "edgestyle": "+".join(style.dashes),
        "label_place": style.label_place,
        "penwidth": style.pen_px,
    }
    return said | ({"varied": spoil} if spoil else {})


def read_truth(path: Path) -> tuple[Diagram, dict[str, Any]]:
    """A truth file, ours or one that is written alike, and the style that it tells.

    Args:
        path: JSON beside its picture; shapes that we have no name for become "other".
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    heads: dict[object, Heads] = {True: "target", False: "none", "both": "both"}
    sides = [node["bbox"] for node in told["nodes"] if node.get("bbox")]
    picture = _picture_size(path) if sides else (1, 1)
    nodes = tuple(
        DiagramNode(
            node["id"], node["label"], _SHAPES.get(node.get("shape", ""), "other"), _box(node.get("bbox"), picture)
        )
        for node in told["nodes"]
    )
    edges = tuple(
        DiagramEdge(f"e{n}", edge["source"], edge["target"], edge["label"], heads[edge.get("directed", True)])
        for n, edge in enumerate(told["edges"])
    )
    return Diagram(told["name"], "picture", nodes, edges), told["style"]


def _picture_size(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path.with_suffix(".png")) as image:
        return image.size


def _box(corners: list[float] | None, size: tuple[int, int]) -> Box | None:
    return Box(corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1], *size) if corners else None


def _corners(box: Box | None) -> list[int] | None:
    return None if box is None else [round(side) for side in (box.x, box.y, box.x + box.w, box.y + box.h)]

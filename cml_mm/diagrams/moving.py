"""Diagrams in another measure: every box and line scaled and moved."""

from __future__ import annotations

from dataclasses import replace

from cml_mm.diagrams.values import Diagram
from cml_mm.types import Box


def moved(
    diagram: Diagram, across: float, down: float, width: float, height: float, left: float = 0.0, top: float = 0.0
) -> Diagram:
    """A diagram as it lies on another sheet.

    Args:
        diagram: in its own measure.
        across, down: what its places are multiplied by.
        width, height: of the sheet, in the new measure.
        left, top: added after that.
    """
    if (across, down, left, top, width, height) == (1.0, 1.0, 0.0, 0.0, diagram.width, diagram.height):
        return diagram

    def box(one: Box | None) -> Box | None:
        if one is None:
            return None
        return Box(one.x * across + left, one.y * down + top, one.w * across, one.h * down, width, height)

    return replace(
        diagram,
        nodes=tuple(replace(node, box=box(node.box)) for node in diagram.nodes),
        edges=tuple(
            replace(
                edge,
                polyline=tuple((x * across + left, y * down + top) for x, y in edge.polyline),
                label_box=box(edge.label_box),
            )
            for edge in diagram.edges
        ),
        containers=tuple(replace(one, box=box(one.box)) for one in diagram.containers),
        unplaced=tuple(replace(text, box=box(text.box)) for text in diagram.unplaced),
        width=width,
        height=height,
    )

"""Where the words of a diagram stand: every line of its section leads to the box or arrow that it says."""

from __future__ import annotations

from cml_mm.diagrams.values import Diagram, DiagramEdge
from cml_mm.diagrams.wording import Worded
from cml_mm.types import Box, around
from cml_mm.visits import Placing, Run, TextOrigin

_THIN = 0.01  # of a diagram's longer side: the least width and height of the box around an arrow


def placed_words(diagram: Diagram, said: Worded, origin: TextOrigin = "file") -> Placing:
    """The places of a diagram's words.

    Args:
        diagram: with places, as far as they are known.
        said: the same diagram in words.
        origin: whose letters the labels were.

    Returns: a run for every line whose part has a place, in the order of the text; none where the diagram
        stands on no face. An arrow's box is the smallest around its line and its label.
        The confidence is the mean of the boxes and arrows.
    """
    places: dict[str, Box | None] = {node.id: node.box for node in diagram.nodes}
    places |= {lane.id: lane.box for lane in diagram.containers}
    places |= {edge.id: arrow_box(edge, diagram) for edge in diagram.edges}
    runs = [Run(start, end, box) for part, start, end in said.spans if (box := places.get(part)) is not None]
    runs += [Run(start, end, box) for at, start, end in said.free if (box := diagram.unplaced[at].box) is not None]
    if not diagram.face:
        runs = []
    sure = [*(node.confidence for node in diagram.nodes), *(edge.confidence for edge in diagram.edges)]
    confidence = sum(sure) / len(sure) if sure else 1.0
    return Placing(diagram.face, tuple(sorted(runs, key=lambda run: run.start)), origin, confidence)


def arrow_box(edge: DiagramEdge, diagram: Diagram) -> Box | None:
    """The smallest box around an arrow and its label; None where neither has a place."""
    held = [edge.label_box] if edge.label_box else []
    if edge.polyline and diagram.width > 0 and diagram.height > 0:
        across, down = zip(*edge.polyline, strict=True)
        least = _THIN * max(diagram.width, diagram.height)
        width, height = max(max(across) - min(across), least), max(max(down) - min(down), least)
        left, top = (min(across) + max(across) - width) / 2, (min(down) + max(down) - height) / 2
        held.append(Box(left, top, width, height, diagram.width, diagram.height))
    return around(held) if held else None

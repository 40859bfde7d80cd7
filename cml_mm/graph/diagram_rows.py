"""Diagrams as nodes and links of the property graph: of a visitor's file, or of a page of the library.

    file or page -HAS_DIAGRAM-> Diagram -HOLDS-> boxes and lanes; box or lane -PART_OF-> the lane around it
    box -LEADS_TO / BOTH_WAYS / JOINS-> box, by the heads of the arrows between them
    box or lane -NAMES / RESEMBLES-> pattern, with the words that justify it

JOINS and BOTH_WAYS have no direction; they are stored once, as they were drawn first. Several
arrows between the same two boxes are one link that lists them all, since a link of the graph is
known by its ends and label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llama_index.core.graph_stores.types import EntityNode

from cml_mm.diagrams.values import Diagram, DiagramEdge, Heads
from cml_mm.graph.graph_rows import LinkRow, to_json
from cml_mm.visits import DiagramLink

DIAGRAM = "Diagram"
BOX = "DiagramNode"
LANE = "DiagramContainer"
HAS_DIAGRAM = "HAS_DIAGRAM"
HOLDS = "HOLDS"
PART_OF = "PART_OF"
LEADS_TO = "LEADS_TO"
BOTH_WAYS = "BOTH_WAYS"
JOINS = "JOINS"
NAMES = "NAMES"
RESEMBLES = "RESEMBLES"
ARROWS: Mapping[Heads, str] = {"target": LEADS_TO, "both": BOTH_WAYS, "none": JOINS}


def diagram_id(owner: str, number: int) -> str:
    """The node id of a diagram.

    Args:
        owner: the file's id, or the page's slug.
        number: its place among the diagrams there, from 0.
    """
    return f"{owner}/diagram-{number}"


def part_id(owner: str, number: int, part: str) -> str:
    """The node id of a box or lane. An entity's id cannot hold a double quote."""
    return f"{diagram_id(owner, number)}/{part.replace('%', '%25').replace(chr(34), '%22')}"


def diagram_nodes(owner: str, number: int, diagram: Diagram) -> Iterator[EntityNode]:
    """The node of a diagram and those of its boxes and lanes."""
    properties = {
        "title": diagram.title,
        "origin": diagram.origin,
        "face": diagram.face,
        "boxes": len(diagram.nodes),
        "arrows": len(diagram.edges),
        "corrections": diagram.corrections,
    }
    yield _entity(diagram_id(owner, number), DIAGRAM, owner, number, properties)
    for node in diagram.nodes:
        held: dict[str, Any] = {"title": node.label, "shape": node.shape, "colour": node.colour}
        held |= {"part": node.id, "confidence": node.confidence}
        yield _entity(part_id(owner, number, node.id), BOX, owner, number, held)
    for lane in diagram.containers:
        held = {"title": lane.label, "part": lane.id, "confidence": lane.confidence}
        yield _entity(part_id(owner, number, lane.id), LANE, owner, number, held)


def diagram_rows(owner: str, number: int, diagram: Diagram) -> list[LinkRow]:
    """The links from a file or page to a diagram, to its parts and between them."""
    this = diagram_id(owner, number)
    rows = [LinkRow(owner, this, HAS_DIAGRAM, "{}")]
    around = {node.id: node.container for node in diagram.nodes}
    around |= {lane.id: lane.parent for lane in diagram.containers}
    for part, lane in around.items():
        node_id = part_id(owner, number, part)
        rows.append(LinkRow(this, node_id, HOLDS, "{}"))
        if lane:
            rows.append(LinkRow(node_id, part_id(owner, number, lane), PART_OF, "{}"))
    for (source, label, target), edges in _between(diagram).items():
        ends = (part_id(owner, number, source), part_id(owner, number, target))
        rows.append(LinkRow(*ends, label, to_json(_arrow(edges))))
    return rows


def pattern_rows(owner: str, number: int, links: Sequence[DiagramLink]) -> Iterator[LinkRow]:
    """The links from boxes and lanes to patterns of the library."""
    for link in links:
        properties = {"title": link.title, "how": link.how, "score": link.score, "threshold": link.threshold}
        label = NAMES if link.named else RESEMBLES
        words = to_json({**properties, "words": list(link.words)})
        yield LinkRow(part_id(owner, number, link.node), link.slug, label, words)


def _entity(node_id: str, label: str, owner: str, number: int, properties: Mapping[str, Any]) -> EntityNode:
    place = {"of": owner, "diagram": number, "ref_doc_id": owner}
    return EntityNode(name=node_id, label=label, properties={**properties, **place})


def _between(diagram: Diagram) -> dict[tuple[str, str, str], list[DiagramEdge]]:
    """The arrows between each two parts, by ends and label."""
    found: dict[tuple[str, str, str], list[DiagramEdge]] = {}
    for edge in diagram.edges:
        label = ARROWS[edge.heads]
        key = (edge.source, label, edge.target)
        turned = (edge.target, label, edge.source)
        if edge.heads != "target" and key not in found and turned in found:
            key = turned
        found.setdefault(key, []).append(edge)
    return found


def _arrow(edges: Sequence[DiagramEdge]) -> dict[str, Any]:
    """What a link says: the words of all its arrows, and how surely the surest was read."""
    return {
        "label": " / ".join(dict.fromkeys(edge.label for edge in edges if edge.label)),
        "confidence": max(edge.confidence for edge in edges),
        "arrows": [{"id": edge.id, "label": edge.label, "confidence": edge.confidence} for edge in edges],
    }

"""Files of a visitor that hold a diagram, stored as reading them leaves them."""

from __future__ import annotations

import hashlib

import numpy as np

from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode, Heads, NodeShape
from cml_mm.diagrams.wording import worded
from cml_mm.ports import TextEncoder
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.types import Box, Document, Section, Source
from cml_mm.visits import Face, FileCard, FileFormat, Placing, ReadFile, Run, StoredFile

WIDTH, HEIGHT = 1000.0, 800.0


def node(
    id: str,
    label: str,
    lane: str = "",
    shape: NodeShape = "box",
    confidence: float = 1.0,
    colour: str = "",
) -> DiagramNode:
    return DiagramNode(id, label, shape, None, confidence, lane, colour)


def edge(
    id: str, source: str, target: str, label: str = "", heads: Heads = "target", confidence: float = 1.0
) -> DiagramEdge:
    return DiagramEdge(id, source, target, label, heads, (), confidence)


def lane(id: str, label: str) -> DiagramContainer:
    return DiagramContainer(id, label)


def laid_out(diagram: Diagram) -> Diagram:
    """The diagram with a box for every node and a line for every arrow, on one grid."""
    from dataclasses import replace

    boxes = {
        one.id: Box(20.0 + 240 * (at % 4), 20.0 + 110 * (at // 4), 200.0, 60.0, WIDTH, HEIGHT)
        for at, one in enumerate(diagram.nodes)
    }
    lanes = {
        one.id: Box(5.0, 5.0 + 200 * at, WIDTH - 10, 190.0, WIDTH, HEIGHT) for at, one in enumerate(diagram.containers)
    }
    places = {**boxes, **lanes}

    def middle(part: str) -> tuple[float, float]:
        return places[part].x + places[part].w / 2, places[part].y + places[part].h / 2

    def label_box(one: DiagramEdge) -> Box | None:
        (x, y), (u, v) = middle(one.source), middle(one.target)
        return Box((x + u) / 2 - 30, (y + v) / 2 - 10, 60.0, 20.0, WIDTH, HEIGHT) if one.label else None

    return replace(
        diagram,
        nodes=tuple(replace(one, box=boxes[one.id]) for one in diagram.nodes),
        containers=tuple(replace(one, box=lanes[one.id]) for one in diagram.containers),
        edges=tuple(
            replace(one, polyline=(middle(one.source), middle(one.target)), label_box=label_box(one))
            for one in diagram.edges
        ),
        width=WIDTH,
        height=HEIGHT,
    )


def stored(
    encoder: TextEncoder, number: int, name: str, *diagrams: Diagram, kind: FileFormat = "picture"
) -> StoredFile:
    """A file whose picture or slide n shows the n-th diagram."""
    file = f"file-{number:024d}"
    title = name.rsplit(".", 1)[0]
    source = Source(hashlib.sha256(name.encode()).hexdigest(), title, "document", file, name, "", "", owner="visitor")
    words = [worded(diagram) for diagram in diagrams]
    sections = tuple(Section("other", one.heading, one.text) for one in words)
    placings = tuple(_placing(diagram) for diagram in diagrams)
    faces = tuple(Face(one.face, "Picture", 0, WIDTH, HEIGHT) for one in diagrams if one.face)
    document = Document(file, title, source, "", sections, kind)
    chunks = chunk_document(document, file)
    vectors = (
        encoder.encode_passages([encoded_text(chunk) for chunk in chunks])
        if chunks
        else np.zeros((0, encoder.dimension), np.float32)
    )
    card = FileCard(file, name, "ready", 1000, title, kind, added=float(number))
    read = ReadFile(document, placings, faces, diagrams=diagrams)
    return StoredFile(card, source.id, read, chunks, vectors, encoder.name)


def _placing(diagram: Diagram) -> Placing:
    boxes = {one.id: one.box for one in (*diagram.nodes, *diagram.containers)}
    runs = tuple(Run(start, end, box) for part, start, end in worded(diagram).spans if (box := boxes.get(part)))
    return Placing(diagram.face, runs)

"""A visitor's files as part of the graph: in memory, over the library, for this visitor only.

Files are entity nodes named by their id, chunks are chunk nodes; HAS_SECTION leads from a file to
its chunks, SPEAKS_OF from a chunk to a pattern of the library, with the words that justify it. Their
diagrams stand there box by box (`diagram_rows`), so that one walk goes along arrows, from a box to
the pattern that it names, and on along the library's relations; their recordings moment by moment (`lecture_rows`).
Nothing is written to the library's graph: the files lie over it and go with the store.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from llama_index.core.graph_stores.types import ChunkNode, EntityNode, LabelledNode

from cml_mm.graph.diagram_rows import PART_OF, diagram_nodes, diagram_rows, pattern_rows
from cml_mm.graph.graph_reading import OverlayReader
from cml_mm.graph.graph_rows import LinkRow, NodeRow, node_row, to_json
from cml_mm.graph.graph_store_reader import GraphStoreReader
from cml_mm.graph.lecture_rows import MENTIONS, MOMENT, SHOWS, LectureGraph, MentionLink, number_of, read_mention
from cml_mm.graph.library_rows import HAS_SECTION
from cml_mm.graph.read_only_store import ReadOnlyStore
from cml_mm.graph.vectors import VectorIndex, cosines
from cml_mm.visits import DiagramLink, PatternLink, Placing, StoredFile

FILE = "VisitorFile"
CHUNK = "VisitorChunk"
SPEAKS_OF = "SPEAKS_OF"


class MemoryReader:
    """A `GraphReader` over rows in memory.

    Args:
        nodes: ids are unique.
        links: their ends may stand elsewhere.
        vectors: of some of the nodes.
    """

    def __init__(self, nodes: Iterable[NodeRow], links: Iterable[LinkRow], vectors: VectorIndex) -> None:
        self._nodes = {row.id: row for row in sorted(nodes, key=lambda row: row.id)}
        self._links = sorted(links, key=lambda row: (row.source, row.label, row.target))
        self._vectors = vectors
        self._from: defaultdict[str, list[LinkRow]] = defaultdict(list)
        self._to: defaultdict[str, list[LinkRow]] = defaultdict(list)
        for row in self._links:
            self._from[row.source].append(row)
            self._to[row.target].append(row)

    def node(self, node_id: str) -> NodeRow | None:
        return self._nodes.get(node_id)

    def nodes(self) -> list[NodeRow]:
        return list(self._nodes.values())

    def nodes_holding(self, part: str) -> list[NodeRow]:
        return [row for row in self._nodes.values() if part in row.properties]

    def links_of(self, node_id: str, outgoing: bool) -> list[LinkRow]:
        found = (self._from if outgoing else self._to).get(node_id, [])
        return sorted(found, key=lambda row: (row.label, row.target if outgoing else row.source))

    def links(self, label: str | None = None) -> list[LinkRow]:
        return [row for row in self._links if label is None or row.label == label]

    def ids_of_document(self, document: str) -> list[str]:
        return [row.id for row in self._nodes.values() if row.ref_doc_id == document]

    def properties(self) -> list[tuple[str, str, str]]:
        return [(row.id, row.label, row.properties) for row in self._nodes.values()]

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        return sorted(self.cosines(vector), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def cosines(self, vector: Sequence[float]) -> list[tuple[str, float]]:
        if not self._vectors.ids:
            return []
        asked = np.asarray(vector, dtype=np.float32)
        scores = cosines(self._vectors.matrix, asked / max(float(np.linalg.norm(asked)), 1e-12))
        return [(node_id, float(score)) for node_id, score in zip(self._vectors.ids, scores, strict=True)]


class SessionStore(ReadOnlyStore):
    """The library's graph with one visitor's files laid over it, for reading.

    Closing it leaves the library's store open; there is nothing of its own to close.
    """

    no_cypher = ("A visitor's files lie beside the database, so Cypher would not see them.", "Use the other queries.")
    no_writing = ("A visitor's files are changed where they are kept.", "Add or delete the file itself.")

    def __init__(self, base: GraphStoreReader, files: MemoryReader) -> None:
        """Args:
        base: of the library; left open.
        files: see `over`.
        """
        super().__init__(OverlayReader(base.reader, files, (), ()), base.dimension)
        self.files = files

    @classmethod
    def over(
        cls,
        base: GraphStoreReader,
        files: Sequence[StoredFile],
        links: Sequence[PatternLink],
        of_diagrams: Mapping[tuple[str, int], Sequence[DiagramLink]] | None = None,
    ) -> SessionStore:
        """Lays files over the library's graph.

        Args:
            base: the opened snapshot's store.
            files: of one visitor.
            links: of their chunks to patterns of this library.
            of_diagrams: links of their diagrams' boxes and lanes, by the file's id and the diagram's place in it.
        """
        known = {slug for slug in {link.slug for link in links} if base.reader.node(slug) is not None}
        there = [link for link in links if link.slug in known]
        lectures = [LectureGraph.of(file, there) for file in files if file.read.lecture is not None]
        nodes = [node_row(node) for file in files for node in _file_nodes(file)]
        nodes += [node_row(node) for lecture in lectures for node in lecture.nodes()]
        told = [row for lecture in lectures for row in lecture.rows()]
        drawn = [row for file in files for row in _diagram_links(base, file, of_diagrams or {})]
        owned = [LinkRow(file.card.id, chunk.id, HAS_SECTION, "{}") for file in files for chunk in file.chunks]
        spoken = [_link_row(link) for link in there]
        matrix = [np.zeros((0, base.dimension), np.float32), *(file.vectors for file in files if len(file.chunks))]
        ids = tuple(chunk.id for file in files for chunk in file.chunks)
        rows = [*owned, *spoken, *drawn, *told]
        return cls(base, MemoryReader(nodes, rows, VectorIndex(ids, np.concatenate(matrix))))

    def speaking_of(self, slug: str) -> tuple[PatternLink, ...]:
        """The links of the visitor's chunks to one pattern, the surest first."""
        rows = self.reader.links_of(slug, outgoing=False)
        return tuple(
            sorted(map(_read_link, (row for row in rows if row.label == SPEAKS_OF)), key=lambda one: -one.score)
        )

    def mentioning(self, target: str) -> tuple[MentionLink, ...]:
        """The moments of the visitor's recordings that mention something, file by file in the order of time.

        Args:
            target: a pattern's slug, or the node id of a concept.
        """
        found = (read_mention(row) for row in self.files.links_of(target, outgoing=False) if row.label == MENTIONS)
        return tuple(sorted(found, key=lambda one: (one.file, one.start_seconds)))

    def chunks_of(self, moment: str) -> tuple[str, ...]:
        """The ids of the chunks that say a moment, then of those on its slide.

        Args:
            moment: its node id.
        """
        slides = [row.target for row in self.files.links_of(moment, outgoing=True) if row.label == SHOWS]
        parts = (row for part in (moment, *slides) for row in self.files.links_of(part, outgoing=False))
        return tuple(row.source for row in parts if row.label == PART_OF)

    def moment_of(self, chunk: str) -> str | None:
        """The node id of the moment that says a chunk, or that first shows its slide; None where there is none."""
        above = (row.target for row in self.files.links_of(chunk, outgoing=True) if row.label == PART_OF)
        place = next(above, "")
        shown = (row.source for row in self.files.links_of(place, outgoing=False) if row.label == SHOWS)
        node = self.files.node(min(shown, key=number_of, default=place))
        return node.id if node is not None and node.label == MOMENT else None

    def close(self) -> None:
        """Does nothing. May be called twice."""


def _file_nodes(file: StoredFile) -> Iterator[LabelledNode]:
    """The node of a file and those of its chunks."""
    document, card = file.read.document, file.card
    properties = {"title": document.title, "name": card.name, "format": card.format, "chunks": len(file.chunks)}
    yield EntityNode(name=card.id, label=FILE, properties=properties)
    for chunk in file.chunks:
        section = document.sections[chunk.section]
        placing = file.read.placings[chunk.section] if chunk.section < len(file.read.placings) else Placing()
        said = [run for run in placing.times if run.start < chunk.end and chunk.start < run.end]
        moment = {"start_seconds": said[0].start_seconds, "end_seconds": said[-1].end_seconds} if said else {}
        yield ChunkNode(
            id_=chunk.id,
            text=chunk.text,
            label=CHUNK,
            properties={
                "title": chunk.title,
                "heading": section.heading,
                "page": section.page,
                "face": placing.face,
                "file": card.id,
                "name": card.name,
                "start": chunk.start,
                "end": chunk.end,
                "ref_doc_id": card.id,
                **moment,
            },
        )
    for number, diagram in enumerate(file.read.diagrams):
        yield from diagram_nodes(card.id, number, diagram)


def _diagram_links(
    base: GraphStoreReader, file: StoredFile, of_diagrams: Mapping[tuple[str, int], Sequence[DiagramLink]]
) -> Iterator[LinkRow]:
    """The links of a file's diagrams; those to patterns only where this library holds them."""
    for number, diagram in enumerate(file.read.diagrams):
        yield from diagram_rows(file.card.id, number, diagram)
        parts = {part.id for part in diagram.parts}
        links = (link for link in of_diagrams.get((file.card.id, number), ()) if link.node in parts)
        rows = pattern_rows(file.card.id, number, tuple(links))
        yield from (row for row in rows if base.reader.node(row.target) is not None)


def _link_row(link: PatternLink) -> LinkRow:
    properties = {"title": link.title, "words": list(link.words), "named": link.named, "score": link.score}
    return LinkRow(link.chunk, link.slug, SPEAKS_OF, to_json(properties))


def _read_link(row: LinkRow) -> PatternLink:
    held = json.loads(row.properties)
    return PatternLink(row.source, row.target, held["title"], tuple(held["words"]), held["named"], held["score"])

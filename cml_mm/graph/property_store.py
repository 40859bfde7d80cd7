"""The graph as a LlamaIndex property-graph store: exact, without caps, safe with any label.

Labels of nodes and relations are values in columns, so nothing that a text says ever
becomes Cypher. Vectors live in a table of their own, searched exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from llama_index.core.graph_stores.types import (
    TRIPLET_SOURCE_KEY,
    LabelledNode,
    Relation,
)
from numpy.typing import NDArray

from cml_mm.errors import SchemaMismatch, StoreError
from cml_mm.graph import graph_queries as cypher
from cml_mm.graph import graph_writing as writing
from cml_mm.graph.database import BUFFER_BYTES, BUILD_BUFFER_BYTES, Database
from cml_mm.graph.graph_reading import KuzuReader
from cml_mm.graph.graph_rows import LinkRow
from cml_mm.graph.graph_store_reader import GraphStoreReader, names_as_ids


class CommonsGraphStore(GraphStoreReader):
    """Nodes, links and vectors in one Kuzu file.

    Nodes are LlamaIndex's: `EntityNode` (id is its name) and `ChunkNode`. A link is known by
    its two ends and its label. Nodes come back without their vectors.
    """

    supports_structured_queries: bool = True

    def __init__(self, database: Database, dimension: int) -> None:
        """Use `create` or `open`."""
        super().__init__(KuzuReader(database, dimension), dimension)
        self._database = database

    @classmethod
    def create(cls, path: Path, dimension: int, buffer_bytes: int = BUILD_BUFFER_BYTES) -> CommonsGraphStore:
        """Makes a new store and opens it for writing.

        Args:
            path: a file that does not exist yet.
            dimension: numbers in each vector.
            buffer_bytes: memory for Kuzu's pages, at most; filling takes several times the text's size.

        Raises:
            StoreMissing: the folder is not there.
            StoreError: something is at `path` already.
        """
        database = Database.create(path, buffer_bytes)
        for statement in cypher.TABLES:
            database.execute(statement)
        database.execute(cypher.VECTOR_TABLE.format(dimension=int(dimension)))
        return cls(database, dimension)

    @classmethod
    def open(cls, path: Path, buffer_bytes: int = BUFFER_BYTES, read_only: bool = True) -> CommonsGraphStore:
        """Opens an existing store.

        Args:
            path: the store's file.
            buffer_bytes: memory for Kuzu's pages.
            read_only: several processes may read one file; a writer must be alone.

        Raises:
            StoreMissing, StoreCorrupt, StoreBusy: as `Database.open`.
            SchemaMismatch: a Kuzu file with other tables.
        """
        database = Database.open(path, buffer_bytes, read_only)
        try:
            return cls(database, _stored_dimension(database))
        except StoreError:
            database.close()
            raise

    @property
    def client(self) -> Database:
        """The database below."""
        return self._database

    def close(self) -> None:
        """Closes the file. May be called twice."""
        self._database.close()

    def __enter__(self) -> CommonsGraphStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def structured_query(self, query: str, param_map: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Runs core Cypher that reads the graph.

        Args:
            query: one statement; no writing, no procedures, no files.
            param_map: a value for each `$name`.

        Returns: rows, by column name.

        Raises:
            StoreError: the query was refused or failed.
        """
        return self._database.read(query, param_map)

    # Writing

    def upsert_nodes(self, nodes: Sequence[LabelledNode]) -> None:
        """Adds nodes, or replaces those with the same id; their links stay.

        A node without a vector keeps the one it had, unless its words changed.

        Args:
            nodes: with or without `embedding`; of one id used twice the last counts.

        Raises:
            SchemaMismatch: a vector of another dimension.
            StoreError: the store was opened for reading, or cannot be written.
        """
        writing.upsert_nodes(self._database, self.dimension, nodes)

    def upsert_relations(self, relations: list[Relation]) -> None:
        """Adds links, or replaces the properties of those with the same ends and label.

        An end that is not there yet is made, as an entity of that name.

        Args:
            relations: of two with the same ends and label the last counts.

        Raises:
            StoreError: the store was opened for reading, or cannot be written.
        """
        writing.upsert_relations(self._database, relations)

    def delete(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> None:
        """Deletes what meets every criterion given, and nothing else; without any, nothing.

        With `relation_names` links are deleted and their ends stay, else nodes with their
        links and vectors.

        Args:
            entity_names: names of nodes, or of an end of the links.
            relation_names: labels of links.
            properties: at least one of these values.
            ids: ids of nodes, or of an end of the links.

        Raises:
            StoreError: the store was opened for reading, or cannot be written.
        """
        if relation_names:
            found = self.get_triplets(entity_names, relation_names, properties, ids)
            writing.delete_links(self._database, [triplet[1] for triplet in found])
            return
        if not (entity_names or properties or ids):
            return
        names = names_as_ids(entity_names or ())
        nodes = self.get(properties=properties, ids=ids or list(names) or None)
        doomed = [node.id for node in nodes if not entity_names or node.id in names]
        writing.delete_nodes(self._database, doomed)

    def delete_llama_nodes(self, node_ids: list[str] | None = None, ref_doc_ids: list[str] | None = None) -> None:
        """Deletes some chunks or documents with what was extracted from them, and nothing else.

        Args:
            node_ids: chunks, with the nodes whose triplet source they are.
            ref_doc_ids: documents, with the nodes that name one as theirs.

        Raises:
            StoreError: the store was opened for reading, or cannot be written.
        """
        doomed = [*(node_ids or ()), *(ref_doc_ids or ())]
        for node_id in node_ids or ():
            doomed += [node.id for node in self.get(properties={TRIPLET_SOURCE_KEY: node_id})]
        for document in ref_doc_ids or ():
            doomed += self.reader.ids_of_document(document)
        writing.delete_nodes(self._database, doomed)

    def bulk_load(self, nodes: Iterable[LabelledNode], relations: Iterable[Relation | LinkRow]) -> None:
        """Fills a new store, in bulk. Vectors of the nodes are left out: see `bulk_vectors`.

        Not one transaction: a store whose loading failed is to be thrown away.

        Args:
            nodes: each id once, none in the store yet.
            relations: between these nodes; of two with the same ends and label the last counts.

        Raises:
            StoreError: an id twice, or a relation to a node that is not there.
        """
        writing.bulk_load(self._database, nodes, relations)

    def bulk_vectors(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds vectors, in bulk.

        Args:
            ids: nodes that have no vector yet, each once.
            vectors: shape (len(ids), dimension).

        Raises:
            SchemaMismatch: another shape.
            StoreError: an id that has a vector already, or a number that is not finite.
        """
        writing.bulk_vectors(self._database, self.dimension, ids, vectors)


def _stored_dimension(database: Database) -> int:
    """Raises: SchemaMismatch when the tables are not this store's."""
    try:
        columns = database.execute(cypher.VECTOR_COLUMNS)
        database.execute(cypher.NODE, {"id": ""})
        database.execute(cypher.LINKS_FROM, {"id": ""})
    except StoreError as exc:
        raise SchemaMismatch("The graph's tables are not those of this version.", "Build the index again.") from exc
    sizes = [re.fullmatch(r"FLOAT\[(\d+)\]", kind) for name, kind in columns if name == "vector"]
    if len(sizes) != 1 or sizes[0] is None:
        raise SchemaMismatch("The graph's vectors are not those of this version.", "Build the index again.")
    return int(sizes[0][1])

"""The graph as a LlamaIndex property-graph store: exact, without caps, safe with any label.

Labels of nodes and relations are values in columns, so nothing that a text says ever
becomes Cypher. Vectors live in a table of their own, searched exactly.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from llama_index.core.graph_stores.types import (
    TRIPLET_SOURCE_KEY,
    LabelledNode,
    PropertyGraphStore,
    Relation,
    Triplet,
)
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import VectorStoreQuery
from numpy.typing import NDArray

from cml_mm.errors import SchemaMismatch, StoreError
from cml_mm.graph import graph_queries as cypher
from cml_mm.graph import graph_rows as rows
from cml_mm.graph import graph_writing as writing
from cml_mm.graph.database import BUFFER_BYTES, BUILD_BUFFER_BYTES, Database
from cml_mm.graph.graph_search import ids_of_document, nearest

_NO_LIMIT = 1 << 31


class CommonsGraphStore(PropertyGraphStore):
    """Nodes, links and vectors in one Kuzu file.

    Nodes are LlamaIndex's: `EntityNode` (id is its name) and `ChunkNode`. A link is known by
    its two ends and its label. Nodes come back without their vectors.
    """

    supports_structured_queries: bool = True
    supports_vector_queries: bool = True

    def __init__(self, database: Database, dimension: int) -> None:
        """Use `create` or `open`."""
        self._database = database
        self.dimension = dimension

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

    # Reading

    def nodes_by_id(self, ids: Iterable[str]) -> list[LabelledNode]:
        """Args: ids: wanted nodes.

        Returns: those that are there, in the order asked for.
        """
        # One key look-up each: IN and UNWIND would scan the table.
        found = (self._database.execute(cypher.NODE, {"id": node_id}) for node_id in ids)
        return [rows.labelled_node(answer[0]) for answer in found if answer]

    def get(self, properties: dict[str, Any] | None = None, ids: list[str] | None = None) -> list[LabelledNode]:
        """Args:
            properties: nodes where at least one of these has this very value.
            ids: only these nodes; an empty list selects nothing.

        Returns: in the order of `ids`, else by id; without any argument all nodes.
        """
        if ids is not None:
            nodes = self.nodes_by_id(dict.fromkeys(ids))
            return [node for node in nodes if not properties or _matches(node.properties, properties)]
        if not properties:
            return [rows.labelled_node(row) for row in self._database.execute(cypher.ALL_NODES)]
        found: dict[str, LabelledNode] = {}
        for key, value in properties.items():
            for row in self._database.execute(cypher.NODES_HOLDING, {"part": _json_part(key, value)}):
                node = rows.labelled_node(row)
                if node.properties.get(key) == value:
                    found[row[0]] = node
        return [found[node_id] for node_id in sorted(found)]

    def get_triplets(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> list[Triplet]:
        """Triplets that meet every criterion given; without any, none.

        Args:
            entity_names: one of the ends has such a name.
            relation_names: the relation has such a label.
            properties: an end or the relation has at least one of these values.
            ids: one of the ends has such an id.
        """
        if not (entity_names or relation_names or properties or ids):
            return []
        names = _names_as_ids(entity_names or ())
        tests: list[Callable[[Triplet], bool]] = []
        if entity_names:
            tests.append(lambda t: t[1].source_id in names or t[1].target_id in names)
        if relation_names:
            labels = set(relation_names)
            tests.append(lambda t: t[1].label in labels)
        if properties:
            tests.append(lambda t: any(_matches(part.properties, properties) for part in t))
        if ids:
            wanted = set(ids)
            tests.append(lambda t: t[1].source_id in wanted or t[1].target_id in wanted)
        candidates = self._candidates(ids or names, relation_names)
        unique = {_key(found): found for found in candidates if all(test(found) for test in tests)}
        return [unique[key] for key in sorted(unique)]

    def get_rel_map(
        self,
        graph_nodes: list[LabelledNode],
        depth: int = 2,
        limit: int = 30,
        ignore_rels: list[str] | None = None,
    ) -> list[Triplet]:
        """The links around some nodes, hop by hop, each as it is stored and only once.

        Args:
            graph_nodes: where to start.
            depth: hops, in either direction.
            limit: triplets at most, nearest first, the start nodes taking turns.
            ignore_rels: labels of relations that are neither returned nor walked.
        """
        found: dict[tuple[str, str, str], Triplet] = {}
        frontier = list(dict.fromkeys(node.id for node in graph_nodes))
        seen = set(frontier)
        for _ in range(depth):
            hop = [self._around(node_id, limit, ignore_rels or []) for node_id in frontier]
            frontier = []
            for triplet in chain.from_iterable(zip_longest(*hop)):
                if triplet is None:
                    continue
                if len(found) >= limit:
                    return list(found.values())
                found.setdefault(_key(triplet), triplet)
                ends = (triplet[1].source_id, triplet[1].target_id)
                frontier += [end for end in dict.fromkeys(ends) if end not in seen]
                seen.update(ends)
        return list(found.values())

    def neighbours(self, node_id: str, limit: int | None = None) -> list[Triplet]:
        """The links of one node: outgoing ones, then incoming ones, each by label and other end.

        Args:
            node_id: the node.
            limit: triplets at most; None for all.
        """
        return self._around(node_id, _NO_LIMIT if limit is None else limit, [])

    def get_llama_nodes(self, node_ids: list[str]) -> list[BaseNode]:
        """The text and image nodes with these ids, in this order; entities are left out."""
        nodes = (rows.llama_node(node) for node in self.nodes_by_id(node_ids))
        return [node for node in nodes if node is not None]

    async def aget_llama_nodes(self, node_ids: list[str]) -> list[BaseNode]:
        """As `get_llama_nodes`; the base class would go another way."""
        return self.get_llama_nodes(node_ids)

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

    def vector_query(self, query: VectorStoreQuery, **kwargs: Any) -> tuple[list[LabelledNode], list[float]]:
        """The nodes whose vectors are nearest, by exact cosine.

        Args:
            query: its vector, `similarity_top_k`, and any of `filters`, `node_ids` and `doc_ids`.
                Filters see a node's properties and its `label`.
            kwargs: not used.

        Returns: nodes and cosines (-1 to 1), best first; equal ones by id.

        Raises:
            InputError: no vector, or a mode other than the default.
            SchemaMismatch: a vector of another dimension.
        """
        score_of = nearest(self._database, self.dimension, query)
        nodes = self.nodes_by_id(score_of)
        return nodes, [float(score_of[node.id]) for node in nodes]

    def get_schema(self, refresh: bool = False) -> dict[str, Any]:
        """Tables, their columns, and which labels occur how often. Always fresh."""
        columns = [{"property": name, "type": kind} for name, kind in cypher.NODE_COLUMNS]
        link_columns = [{"property": name, "type": "STRING"} for name in ("label", "properties")]
        return {
            "node_props": {"Node": columns},
            "rel_props": {"Link": link_columns},
            "relationships": [{"start": "Node", "type": "Link", "end": "Node"}],
            "node_labels": dict(self._database.execute(cypher.NODE_LABELS)),
            "relation_labels": dict(self._database.execute(cypher.LINK_LABELS)),
        }

    def get_schema_str(self, refresh: bool = False) -> str:
        """The schema in words, for a model that writes Cypher."""
        schema = self.get_schema(refresh)
        columns = ", ".join(f"{c['property']}: {c['type']}" for c in schema["node_props"]["Node"])
        return "\n".join(
            [
                f"Nodes: (:Node {{{columns}}})",
                "Relations: (:Node)-[:Link {label: STRING, properties: STRING}]->(:Node)",
                "properties is JSON text; labels are values: WHERE n.label = '...' AND r.label = '...'",
                f"Labels of nodes: {', '.join(schema['node_labels'])}",
                f"Labels of relations: {', '.join(schema['relation_labels'])}",
            ]
        )

    def persist(self, persist_path: str, fs: Any = None) -> None:
        """Does nothing: every write is in the file already when its method returns."""

    def content_hash(self) -> str:
        """sha256 over all nodes and links in sorted order, vectors left out.

        Two builds of the same sources have the same hash, whatever the file's bytes.
        """
        digest = hashlib.sha256()
        for query in (cypher.ALL_NODES, cypher.ALL_LINKS):
            for line in sorted(json.dumps(row) for row in self._database.execute(query)):
                digest.update(line.encode("ascii") + b"\n")
            digest.update(b"\n")
        return digest.hexdigest()

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
        names = _names_as_ids(entity_names or ())
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
            doomed += ids_of_document(self._database, document)
        writing.delete_nodes(self._database, doomed)

    def bulk_load(self, nodes: Iterable[LabelledNode], relations: Iterable[Relation]) -> None:
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

    # Helpers

    def _around(self, node_id: str, limit: int, ignored: list[str]) -> list[Triplet]:
        found: list[Triplet] = []
        for query in (cypher.OUTGOING, cypher.INCOMING):
            if len(found) < limit:
                values = {"id": node_id, "ignored": ignored, "limit": limit - len(found)}
                found += [rows.triplet(row) for row in self._database.execute(query, values)]
        return found

    def _candidates(self, ids: Iterable[str], labels: list[str] | None) -> Iterator[Triplet]:
        """Triplets to choose from: around these nodes, else with these labels, else all."""
        ids = list(dict.fromkeys(ids))
        if ids:
            for node_id in ids:
                yield from self.neighbours(node_id)
        elif labels:
            for label in dict.fromkeys(labels):
                yield from map(rows.triplet, self._database.execute(cypher.TRIPLETS_LABELLED, {"label": label}))
        else:
            yield from map(rows.triplet, self._database.execute(cypher.ALL_TRIPLETS))


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


def _matches(have: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return any(have.get(key) == value for key, value in wanted.items())


def _json_part(key: str, value: Any) -> str:
    """What the JSON of a node with this property must hold; a brace, as in all, where nothing is certain.

    Only texts: 1, 1.0 and True are equal but written differently, and None equals absence.
    """
    return f"{rows.to_json(key)}: {rows.to_json(value)}" if isinstance(value, str) else "{"


def _names_as_ids(names: Iterable[str]) -> set[str]:
    listed = list(names)
    return {*listed, *map(rows.entity_id, listed)}


def _key(triplet: Triplet) -> tuple[str, str, str]:
    return triplet[1].source_id, triplet[1].label, triplet[1].target_id

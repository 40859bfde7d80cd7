"""Writing nodes, links and vectors into the graph's tables: in one transaction, or in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
from llama_index.core.graph_stores.types import EntityNode, LabelledNode, Relation
from numpy.typing import NDArray

from cml_mm.errors import StoreError
from cml_mm.graph import graph_queries as cypher
from cml_mm.graph import graph_rows as rows
from cml_mm.graph.database import Database

T = TypeVar("T")

_BATCH = 4_000  # rows per COPY: small enough to keep Arrow's copy of them small


def upsert_nodes(database: Database, dimension: int, nodes: Sequence[LabelledNode]) -> None:
    """Adds nodes, or replaces those with the same id; their links stay.

    A node without a vector keeps the one it had, unless its words changed.

    Args:
        nodes: with or without `embedding`; of one id used twice the last counts.

    Raises:
        SchemaMismatch: a vector of another dimension.
        StoreError: the store was opened for reading, or cannot be written.
    """
    wanted = {row.id: row for row in map(rows.node_row, nodes)}
    embedded = {node.id: node.embedding for node in nodes if node.embedding is not None}
    matrix = rows.checked_vectors(list(embedded.values()), len(embedded), dimension) if embedded else None
    with database.transaction():
        new = []
        for row in wanted.values():
            before = database.execute(cypher.NODE, {"id": row.id})
            if not before:
                new.append(row)
                continue
            old = rows.NodeRow(*before[0])
            if old != row:
                database.execute(cypher.UPDATE_NODE, vars(row))
            if row.id in embedded or (old.name, old.text) != (row.name, row.text):
                database.execute(cypher.DELETE_VECTOR, {"id": row.id})
        database.copy_arrow("Node", rows.node_table(new))
        if matrix is not None:
            database.copy_arrow("Vector", rows.vector_table(list(embedded), matrix))


def upsert_relations(database: Database, relations: list[Relation]) -> None:
    """Adds links, or replaces the properties of those with the same ends and label.

    An end that is not there yet is made, as an entity of that name.

    Args:
        relations: of two with the same ends and label the last counts.

    Raises:
        StoreError: the store was opened for reading, or cannot be written.
    """
    with database.transaction():
        ends: dict[str, str] = {}
        for node_id in dict.fromkeys(end for r in relations for end in (r.source_id, r.target_id)):
            ends[node_id] = _end(database, node_id)
        wanted = {row.key: row for row in (rows.link_row(r, ends) for r in relations)}
        there: dict[tuple[str, str, str], str] = {}
        for source in dict.fromkeys(row.source for row in wanted.values()):
            for _, target, label, properties in database.execute(cypher.LINKS_FROM, {"id": source}):
                there[source, label, target] = properties
        for key, row in wanted.items():
            if there.get(key, row.properties) != row.properties:
                database.execute(cypher.UPDATE_LINK, vars(row))
        new = [row for key, row in wanted.items() if key not in there]
        database.copy_arrow("Link", rows.link_table(new))


def delete_nodes(database: Database, ids: Iterable[str]) -> None:
    """Deletes these nodes with their links and vectors."""
    with database.transaction():
        for node_id in dict.fromkeys(ids):
            database.execute(cypher.DELETE_NODE, {"id": node_id})
            database.execute(cypher.DELETE_VECTOR, {"id": node_id})


def delete_links(database: Database, relations: Iterable[Relation]) -> None:
    """Deletes these links; their ends stay."""
    with database.transaction():
        for relation in relations:
            ends = {"source": relation.source_id, "target": relation.target_id}
            database.execute(cypher.DELETE_LINK, {**ends, "label": relation.label})


def bulk_load(database: Database, nodes: Iterable[LabelledNode], relations: Iterable[Relation | rows.LinkRow]) -> None:
    """Fills a new store, in bulk. Vectors of the nodes are left out: see `bulk_vectors`.

    Not one transaction: a store whose loading failed is to be thrown away.

    Args:
        nodes: each id once, none in the store yet.
        relations: between these nodes; of two with the same ends and label the last counts.

    Raises:
        StoreError: an id twice, or a relation to a node that is not there.
    """
    ids: set[str] = set()
    for batch in _batches(map(rows.node_row, nodes)):
        database.copy_arrow("Node", rows.node_table(batch))
        ids.update(row.id for row in batch)
    links: dict[tuple[str, str, str], rows.LinkRow] = {}
    for relation in relations:
        row = relation if isinstance(relation, rows.LinkRow) else _row_between(relation, ids)
        for end in (row.source, row.target):
            if end not in ids:
                raise StoreError(
                    f"A relation {row.label} names {end}, which is not in the graph.",
                    "Load a node for every end of a relation.",
                )
        links[row.key] = row
    for portion in _batches(links.values()):
        database.copy_arrow("Link", rows.link_table(portion))


def _row_between(relation: Relation, ids: set[str]) -> rows.LinkRow:
    """A LlamaIndex relation may name its ends as they are written, not by their ids."""
    ends = {end: end if end in ids else rows.entity_id(end) for end in (relation.source_id, relation.target_id)}
    return rows.link_row(relation, ends)


def bulk_vectors(database: Database, dimension: int, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Adds vectors, in bulk.

    Args:
        ids: nodes that have no vector yet, each once.
        vectors: shape (len(ids), dimension).

    Raises:
        SchemaMismatch: another shape.
        StoreError: an id that has a vector already, or a number that is not finite.
    """
    matrix = rows.checked_vectors(vectors, len(ids), dimension)
    for start in range(0, len(ids), _BATCH):
        end = start + _BATCH
        database.copy_arrow("Vector", rows.vector_table(ids[start:end], matrix[start:end]))


def _end(database: Database, node_id: str) -> str:
    """The id of a relation's end, made as an entity where it is missing."""
    for known in dict.fromkeys((node_id, rows.entity_id(node_id))):
        if database.execute(cypher.HAS_NODE, {"id": known}):
            return known
    row = rows.node_row(EntityNode(name=node_id))
    database.copy_arrow("Node", rows.node_table([row]))
    return row.id


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch

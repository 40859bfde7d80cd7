"""LlamaIndex graph nodes and relations as rows of the graph's tables, and back.

Properties are kept as JSON text, so that nested values survive as they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from llama_index.core.graph_stores.types import ChunkNode, EntityNode, LabelledNode, Relation
from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.utils import metadata_dict_to_node
from numpy.typing import NDArray

from cml_mm.errors import SchemaMismatch, StoreError

REF_DOC_KEY = "ref_doc_id"
NODE_FIELDS = ("id", "label", "name", "text", "is_chunk", "ref_doc_id", "properties")


@dataclass(frozen=True)
class NodeRow:
    """One row of the Node table; `properties` is JSON, `name` is empty for a chunk."""

    id: str
    label: str
    name: str
    text: str
    is_chunk: bool
    ref_doc_id: str
    properties: str


@dataclass(frozen=True)
class LinkRow:
    """One row of the Link table; `properties` is JSON."""

    source: str
    target: str
    label: str
    properties: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.label, self.target


def to_json(value: Any) -> str:
    """Always the same text for the same value, so that rows can be compared and hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def node_row(node: LabelledNode) -> NodeRow:
    """Args: node: an entity or a chunk.

    Raises:
        TypeError: another kind of node, or a property that JSON cannot hold.
    """
    document = node.properties.get(REF_DOC_KEY)
    # LlamaIndex writes the word "None" for a chunk without a document.
    ref_doc_id = document if isinstance(document, str) and document != "None" else ""
    properties = to_json(node.properties)
    if isinstance(node, ChunkNode):
        return NodeRow(node.id, node.label, "", node.text, True, ref_doc_id, properties)
    if isinstance(node, EntityNode):
        return NodeRow(node.id, node.label, node.name, "", False, ref_doc_id, properties)
    raise TypeError(f"The graph keeps entities and chunks, not {type(node).__name__}.")


def labelled_node(row: NodeRow) -> LabelledNode:
    """A node from its row. Its vector stays in the store."""
    properties = json.loads(row.properties)
    if row.is_chunk:
        return ChunkNode(text=row.text, id_=row.id, label=row.label, properties=properties)
    return EntityNode(name=row.name, label=row.label, properties=properties)


def entity_id(name: str) -> str:
    """The id that LlamaIndex gives an entity of this name."""
    return EntityNode(name=name).id


def link_row(relation: Relation, ends: Mapping[str, str] | None = None) -> LinkRow:
    """Args:
    relation: as LlamaIndex has it.
    ends: the nodes' ids by the ids that the relation names, where these differ.
    """
    known = ends or {}
    return LinkRow(
        known.get(relation.source_id, relation.source_id),
        known.get(relation.target_id, relation.target_id),
        relation.label,
        to_json(relation.properties),
    )


def llama_node(node: LabelledNode) -> BaseNode | None:
    """The LlamaIndex text or image node that a chunk was made from; None for an entity.

    A chunk that was never a LlamaIndex node becomes a TextNode with its properties as
    metadata and its document as source.
    """
    if not isinstance(node, ChunkNode):
        return None
    if "_node_content" in node.properties:
        return metadata_dict_to_node(node.properties, text=node.text)
    document = node.properties.get(REF_DOC_KEY)
    relationships = {NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document)} if document else {}
    return TextNode(id_=node.id, text=node.text, metadata=dict(node.properties), relationships=relationships)


def node_table(rows: Iterable[NodeRow]) -> pa.Table:
    """Rows as Arrow columns in the Node table's order."""
    listed = list(rows)
    columns = [pa.array([getattr(row, name) for row in listed], _arrow_type(name)) for name in NODE_FIELDS]
    return pa.Table.from_arrays(columns, names=list(NODE_FIELDS))


def _arrow_type(name: str) -> pa.DataType:
    return pa.bool_() if name == "is_chunk" else pa.string()


def link_table(rows: Iterable[LinkRow]) -> pa.Table:
    """Rows as Arrow columns in the Link table's order: the two ends first."""
    listed = list(rows)
    names = ["source", "target", "label", "properties"]
    columns = [pa.array([getattr(row, name) for row in listed], pa.string()) for name in names]
    return pa.Table.from_arrays(columns, names=names)


def vector_table(ids: Sequence[str], vectors: NDArray[np.float32]) -> pa.Table:
    """Ids and vectors as Arrow columns; the numbers are not copied into Python lists."""
    flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).reshape(-1))
    column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    return pa.Table.from_arrays([pa.array(list(ids), pa.string()), column], names=["id", "vector"])


def checked_vectors(vectors: Any, count: int, dimension: int) -> NDArray[np.float32]:
    """Args:
        vectors: `count` rows of numbers.
        count: how many are expected.
        dimension: of the store.

    Returns: shape (count, dimension).

    Raises:
        SchemaMismatch: another shape, so another encoder.
        StoreError: a number that is not finite.
    """
    try:
        matrix = np.asarray(vectors, dtype=np.float32)
    except ValueError as exc:
        raise SchemaMismatch("The vectors differ in length.", "Encode all texts with one encoder.") from exc
    if matrix.shape != (count, dimension):
        raise SchemaMismatch(
            f"Vectors of shape {matrix.shape} do not fit this graph: ({count}, {dimension}) was expected.",
            "Use the encoder that the index was built with, or build the index again.",
        )
    if not np.isfinite(matrix).all():
        raise StoreError("A vector holds a number that is not finite.", "Encode its text again.")
    return matrix

"""Exact vector search in the graph, with LlamaIndex's restrictions."""

from __future__ import annotations

import json

from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryMode
from llama_index.core.vector_stores.utils import build_metadata_filter_fn

from cml_mm.errors import InputError
from cml_mm.graph import graph_rows as rows
from cml_mm.graph.graph_reading import GraphReader


def nearest(reader: GraphReader, dimension: int, query: VectorStoreQuery) -> dict[str, float]:
    """Ids and cosines of the nearest vectors.

    Args:
        reader: of the graph.
        dimension: of the store.
        query: its vector, `similarity_top_k`, and any of `filters`, `node_ids` and `doc_ids`.

    Returns: id to cosine (-1 to 1), best first; equal ones by id.

    Raises:
        InputError: no vector, or a mode other than the default.
        SchemaMismatch: a vector of another dimension.
    """
    if query.query_embedding is None or query.mode != VectorStoreQueryMode.DEFAULT:
        raise InputError("Only searches by a vector are possible here.", "Give a vector, in default mode.")
    vector = rows.checked_vectors([query.query_embedding], 1, dimension)[0]
    if not vector.any():
        return {}  # it has no direction; Kuzu would find it next to other zeros
    allowed = _allowed(reader, query)
    if allowed is None:
        return dict(reader.nearest(vector.tolist(), query.similarity_top_k))
    kept = [(node_id, score) for node_id, score in reader.cosines(vector.tolist()) if node_id in allowed]
    return dict(sorted(kept, key=lambda pair: (-pair[1], pair[0]))[: query.similarity_top_k])


def _allowed(reader: GraphReader, query: VectorStoreQuery) -> set[str] | None:
    """Ids that a query's restrictions leave; None where it has none."""
    restrictions: list[set[str]] = []
    if query.node_ids is not None:
        restrictions.append(set(query.node_ids))
    if query.doc_ids is not None:
        restrictions.append({i for document in query.doc_ids for i in reader.ids_of_document(document)})
    if query.filters is not None and query.filters.filters:
        restrictions.append(_filtered(reader, query))
    return set.intersection(*restrictions) if restrictions else None


def _filtered(reader: GraphReader, query: VectorStoreQuery) -> set[str]:
    """Ids that pass the filters, judged by LlamaIndex's own rules."""
    assert query.filters is not None
    metadata = {
        node_id: {"label": label, **json.loads(properties)} for node_id, label, properties in reader.properties()
    }
    passes = build_metadata_filter_fn(metadata.__getitem__, query.filters)
    return {node_id for node_id in metadata if passes(node_id)}

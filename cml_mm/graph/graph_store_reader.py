"""Reading a property graph the LlamaIndex way: exact, without caps, from any `GraphReader`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, zip_longest
from typing import Any

from llama_index.core.graph_stores.types import LabelledNode, PropertyGraphStore, Triplet
from llama_index.core.graph_stores.types import Relation as Link
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import VectorStoreQuery

from cml_mm.graph import graph_queries as cypher
from cml_mm.graph import graph_rows as rows
from cml_mm.graph.graph_reading import GraphReader, count_labels
from cml_mm.graph.graph_search import nearest


class GraphStoreReader(PropertyGraphStore):
    """The reading half of a LlamaIndex property-graph store.

    Nodes are LlamaIndex's: `EntityNode` (id is its name) and `ChunkNode`. A link is known by
    its two ends and its label. Nodes come back without their vectors.
    """

    supports_vector_queries: bool = True

    def __init__(self, reader: GraphReader, dimension: int) -> None:
        """Args:
        reader: where the rows come from.
        dimension: numbers in each vector.
        """
        self.reader = reader
        self.dimension = dimension

    def nodes_by_id(self, ids: Iterable[str]) -> list[LabelledNode]:
        """Args: ids: wanted nodes.

        Returns: those that are there, in the order asked for.
        """
        found = (self.reader.node(node_id) for node_id in ids)
        return [rows.labelled_node(row) for row in found if row is not None]

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
            return [rows.labelled_node(row) for row in self.reader.nodes()]
        found: dict[str, LabelledNode] = {}
        for key, value in properties.items():
            for row in self.reader.nodes_holding(_json_part(key, value)):
                node = rows.labelled_node(row)
                if node.properties.get(key) == value:
                    found[row.id] = node
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
        names = names_as_ids(entity_names or ())
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
        return self._around(node_id, limit, [])

    def get_llama_nodes(self, node_ids: list[str]) -> list[BaseNode]:
        """The text and image nodes with these ids, in this order; entities are left out."""
        nodes = (rows.llama_node(node) for node in self.nodes_by_id(node_ids))
        return [node for node in nodes if node is not None]

    async def aget_llama_nodes(self, node_ids: list[str]) -> list[BaseNode]:
        """As `get_llama_nodes`; the base class would go another way."""
        return self.get_llama_nodes(node_ids)

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
        score_of = nearest(self.reader, self.dimension, query)
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
            "node_labels": count_labels(label for _, label, _ in self.reader.properties()),
            "relation_labels": count_labels(row.label for row in self.reader.links()),
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

        Two builds of the same sources have the same hash, whatever the file's bytes, and
        whether it is one file or a base with changes laid over it.
        """
        digest = hashlib.sha256()
        for table in (self.reader.nodes(), self.reader.links()):
            for line in sorted(json.dumps(list(vars(row).values())) for row in table):
                digest.update(line.encode("ascii") + b"\n")
            digest.update(b"\n")
        return digest.hexdigest()

    def _around(self, node_id: str, limit: int | None, ignored: list[str]) -> list[Triplet]:
        links = (row for out in (True, False) for row in self.reader.links_of(node_id, out) if row.label not in ignored)
        return list(self._triplets(islice(links, limit)))

    def _triplets(self, links: Iterable[rows.LinkRow]) -> Iterator[Triplet]:
        """Links with their ends; an end is read once."""
        known: dict[str, LabelledNode] = {}
        for row in links:
            for end in (row.source, row.target):
                if end not in known:
                    known[end] = self.nodes_by_id([end])[0]
            relation = Link(
                label=row.label,
                source_id=row.source,
                target_id=row.target,
                properties=json.loads(row.properties),
            )
            yield known[row.source], relation, known[row.target]

    def _candidates(self, ids: Iterable[str], labels: list[str] | None) -> Iterator[Triplet]:
        """Triplets to choose from: around these nodes, else with these labels, else all."""
        ids = list(dict.fromkeys(ids))
        if ids:
            for node_id in ids:
                yield from self.neighbours(node_id)
        elif labels:
            for label in dict.fromkeys(labels):
                yield from self._triplets(self.reader.links(label))
        else:
            yield from self._triplets(self.reader.links())


def _matches(have: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return any(have.get(key) == value for key, value in wanted.items())


def _json_part(key: str, value: Any) -> str:
    """What the JSON of a node with this property must hold; a brace, as in all, where nothing is certain.

    Only texts: 1, 1.0 and True are equal but written differently, and None equals absence.
    """
    return f"{rows.to_json(key)}: {rows.to_json(value)}" if isinstance(value, str) else "{"


def names_as_ids(names: Iterable[str]) -> set[str]:
    """Names as they are, and as the ids that LlamaIndex makes of them."""
    listed = list(names)
    return {*listed, *map(rows.entity_id, listed)}


def _key(triplet: Triplet) -> tuple[str, str, str]:
    return triplet[1].source_id, triplet[1].label, triplet[1].target_id

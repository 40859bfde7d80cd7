"""What reading a graph needs, and nothing more: from a Kuzu file, or from a base with changes laid over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cml_mm.graph import graph_queries as cypher
from cml_mm.graph.database import Database
from cml_mm.graph.graph_rows import LinkRow, NodeRow

LinkKey = tuple[str, str, str]  # source, label, target

# In a graph of changes: stands for a node of the base, so that a link can end there.
STAND_IN = "\x00stand-in"


class GraphReader(Protocol):
    """Rows of a graph. Links come sorted by label and other end, nodes by id."""

    def node(self, node_id: str) -> NodeRow | None: ...

    def nodes(self) -> list[NodeRow]: ...

    def nodes_holding(self, part: str) -> list[NodeRow]:
        """Nodes whose properties, as JSON text, hold `part`."""

    def links_of(self, node_id: str, outgoing: bool) -> list[LinkRow]:
        """The links that start at a node, or those that end there."""

    def links(self, label: str | None = None) -> list[LinkRow]:
        """All links, or those with this label."""

    def ids_of_document(self, document: str) -> list[str]: ...

    def properties(self) -> list[tuple[str, str, str]]:
        """Id, label and properties of every node."""

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """Ids and cosines of the nearest vectors, best first; equal ones by id."""

    def cosines(self, vector: Sequence[float]) -> list[tuple[str, float]]:
        """Ids and cosines of all vectors, in no order."""


@dataclass(frozen=True)
class KuzuReader:
    """One Kuzu file."""

    database: Database
    dimension: int

    def node(self, node_id: str) -> NodeRow | None:
        found = self.database.execute(cypher.NODE, {"id": node_id})  # a key look-up; IN and UNWIND would scan
        return NodeRow(*found[0]) if found else None

    def nodes(self) -> list[NodeRow]:
        return [NodeRow(*row) for row in self.database.execute(cypher.ALL_NODES)]

    def nodes_holding(self, part: str) -> list[NodeRow]:
        return [NodeRow(*row) for row in self.database.execute(cypher.NODES_HOLDING, {"part": part})]

    def links_of(self, node_id: str, outgoing: bool) -> list[LinkRow]:
        query = cypher.LINKS_FROM if outgoing else cypher.LINKS_TO
        return [LinkRow(*row) for row in self.database.execute(query, {"id": node_id})]

    def links(self, label: str | None = None) -> list[LinkRow]:
        if label is None:
            return [LinkRow(*row) for row in self.database.execute(cypher.ALL_LINKS)]
        return [LinkRow(*row) for row in self.database.execute(cypher.LINKS_LABELLED, {"label": label})]

    def ids_of_document(self, document: str) -> list[str]:
        return [row[0] for row in self.database.execute(cypher.IDS_OF_DOCUMENT, {"document": document})]

    def properties(self) -> list[tuple[str, str, str]]:
        return [(i, label, values) for i, label, values in self.database.execute(cypher.IDS_AND_PROPERTIES)]

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        query = cypher.NEAREST.format(dimension=self.dimension)
        found = self.database.execute(query, {"vector": list(vector), "limit": limit})
        return [(node_id, score) for node_id, score in found]

    def cosines(self, vector: Sequence[float]) -> list[tuple[str, float]]:
        table = self.database.table(cypher.SCORES.format(dimension=self.dimension), {"vector": list(vector)})
        return list(zip(table["id"].to_pylist(), table["score"].to_pylist(), strict=True))


class OverlayReader:
    """A base that is never written, with changes laid over it.

    Args:
        base: the graph below.
        change: nodes and links that are new or have changed; nodes labelled STAND_IN only carry ends.
        hidden_nodes: nodes of the base that are gone, or stand in `change` as they are now.
        hidden_links: links of the base that are gone, or stand in `change` as they are now.
    """

    def __init__(
        self,
        base: GraphReader,
        change: GraphReader,
        hidden_nodes: Iterable[str],
        hidden_links: Iterable[LinkKey],
    ) -> None:
        self._base = base
        self._change = change
        self._hidden_nodes = frozenset(hidden_nodes)
        self._hidden_links = frozenset(hidden_links)

    def node(self, node_id: str) -> NodeRow | None:
        changed = self._change.node(node_id)
        if changed is not None and changed.label != STAND_IN:
            return changed
        return None if node_id in self._hidden_nodes else self._base.node(node_id)

    def nodes(self) -> list[NodeRow]:
        return self._merged(self._base.nodes(), self._change.nodes())

    def nodes_holding(self, part: str) -> list[NodeRow]:
        return self._merged(self._base.nodes_holding(part), self._change.nodes_holding(part))

    def links_of(self, node_id: str, outgoing: bool) -> list[LinkRow]:
        found = self._joined(self._base.links_of(node_id, outgoing), self._change.links_of(node_id, outgoing))
        return sorted(found, key=lambda row: (row.label, row.target if outgoing else row.source))

    def links(self, label: str | None = None) -> list[LinkRow]:
        return self._joined(self._base.links(label), self._change.links(label))

    def ids_of_document(self, document: str) -> list[str]:
        kept = [i for i in self._base.ids_of_document(document) if i not in self._hidden_nodes]
        return [*kept, *self._change.ids_of_document(document)]

    def properties(self) -> list[tuple[str, str, str]]:
        kept = [row for row in self._base.properties() if row[0] not in self._hidden_nodes]
        return [*kept, *(row for row in self._change.properties() if row[1] != STAND_IN)]

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        wider = limit + len(self._hidden_nodes)
        found = self._visible(self._base.nearest(vector, wider)) + self._change.nearest(vector, limit)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def cosines(self, vector: Sequence[float]) -> list[tuple[str, float]]:
        return self._visible(self._base.cosines(vector)) + self._change.cosines(vector)

    def _visible(self, scored: list[tuple[str, float]]) -> list[tuple[str, float]]:
        return [pair for pair in scored if pair[0] not in self._hidden_nodes]

    def _merged(self, below: list[NodeRow], above: list[NodeRow]) -> list[NodeRow]:
        kept = [row for row in below if row.id not in self._hidden_nodes]
        return sorted([*kept, *(row for row in above if row.label != STAND_IN)], key=lambda row: row.id)

    def _joined(self, below: list[LinkRow], above: list[LinkRow]) -> list[LinkRow]:
        return [*(row for row in below if row.key not in self._hidden_links), *above]


def count_labels(labels: Iterable[str]) -> dict[str, int]:
    """How often each label occurs, in the order of the labels."""
    counts: dict[str, int] = defaultdict(int)
    for label in labels:
        counts[label] += 1
    return dict(sorted(counts.items()))

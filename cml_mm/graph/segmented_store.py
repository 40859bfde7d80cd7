"""A snapshot's graph with a segment of changes laid over it, as one LlamaIndex store for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from llama_index.core.graph_stores.types import LabelledNode, Relation

from cml_mm.errors import StoreError
from cml_mm.graph.graph_reading import LinkKey, OverlayReader
from cml_mm.graph.graph_store_reader import GraphStoreReader
from cml_mm.graph.property_store import CommonsGraphStore


class SegmentedStore(GraphStoreReader):
    """Reads as if the changes had been written into the base.

    Cypher would see one of the two files only, so it is refused until they are merged.
    """

    supports_structured_queries: bool = False

    def __init__(
        self,
        base: CommonsGraphStore,
        segment: CommonsGraphStore,
        hidden_nodes: Iterable[str],
        hidden_links: Iterable[LinkKey],
    ) -> None:
        """Args:
        base: opened; closing it is left to whoever opened it, since other segments may use it.
        segment: opened, closed with this store.
        hidden_nodes, hidden_links: see `OverlayReader`.
        """
        reader = OverlayReader(base.reader, segment.reader, hidden_nodes, hidden_links)
        super().__init__(reader, base.dimension)
        self._segment = segment

    def close(self) -> None:
        """Closes the segment. May be called twice."""
        self._segment.close()

    def structured_query(self, query: str, param_map: dict[str, Any] | None = None) -> NoReturn:
        """Raises: StoreError, always."""
        raise StoreError(
            "This index holds changes that are not merged yet, so it cannot be asked in Cypher.",
            "Merge them: `cml index --merge`.",
        )

    def upsert_nodes(self, nodes: Sequence[LabelledNode]) -> NoReturn:
        """Raises: StoreError, always."""
        self._refuse()

    def upsert_relations(self, relations: list[Relation]) -> NoReturn:
        """Raises: StoreError, always."""
        self._refuse()

    def delete(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> NoReturn:
        """Raises: StoreError, always."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StoreError("An index in use is never written.", "Change the library's files and run `cml index`.")

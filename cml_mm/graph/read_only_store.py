"""A graph store that is read from several places at once and therefore never written, nor asked in Cypher."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from llama_index.core.graph_stores.types import LabelledNode, Relation

from cml_mm.errors import StoreError
from cml_mm.graph.graph_store_reader import GraphStoreReader


class ReadOnlyStore(GraphStoreReader):
    """Refuses what it cannot do; `no_cypher` and `no_writing` say why and what to do instead."""

    supports_structured_queries: bool = False
    no_cypher: tuple[str, str]
    no_writing: tuple[str, str]

    def structured_query(self, query: str, param_map: dict[str, Any] | None = None) -> NoReturn:
        """Raises: StoreError, always."""
        raise StoreError(*self.no_cypher)

    def upsert_nodes(self, nodes: Sequence[LabelledNode]) -> NoReturn:
        """Raises: StoreError, always."""
        raise StoreError(*self.no_writing)

    def upsert_relations(self, relations: list[Relation]) -> NoReturn:
        """Raises: StoreError, always."""
        raise StoreError(*self.no_writing)

    def delete(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> NoReturn:
        """Raises: StoreError, always."""
        raise StoreError(*self.no_writing)

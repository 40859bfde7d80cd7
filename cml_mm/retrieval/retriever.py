"""Our LlamaIndex retriever over our LlamaIndex store: the engine's only way to the library.

Each node it returns is the section of a page that is nearest to the question, with the
page's score and the stages that found it in its metadata.
"""

from __future__ import annotations

from dataclasses import dataclass

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.graph_stores.types import ChunkNode
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from cml_mm.graph.library_rows import section_id
from cml_mm.graph.snapshot import Snapshot
from cml_mm.retrieval.ranking import Ranker, Ranking

DEFAULT_PAGES = 8


@dataclass(frozen=True)
class Retrieved:
    """A ranking of pages and, for the best of them, the node of its nearest section."""

    ranking: Ranking
    nodes: tuple[NodeWithScore, ...]


class LibraryRetriever(BaseRetriever):
    """Hybrid retrieval as a LlamaIndex retriever; usable in any LlamaIndex query engine."""

    def __init__(self, snapshot: Snapshot, ranker: Ranker, pages: int = DEFAULT_PAGES) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._ranker = ranker
        self._pages = pages

    def retrieve_ranked(self, question: str) -> Retrieved:
        """The ranking and the nodes of its best pages."""
        ranking = self._ranker.rank(question)
        best = [page for page in ranking.pages[: self._pages] if page.best_section is not None]
        ids = [section_id(page.slug, page.best_section or 0) for page in best]
        nodes = {node.id: node for node in self._snapshot.store.nodes_by_id(ids)}
        found = []
        for page, node_id in zip(best, ids, strict=True):
            node = nodes.get(node_id)
            if isinstance(node, ChunkNode):
                metadata = {**node.properties, "slug": page.slug, "found_by": list(page.found_by)}
                text_node = TextNode(id_=node_id, text=node.text, metadata=metadata)
                found.append(NodeWithScore(node=text_node, score=page.score))
        return Retrieved(ranking, tuple(found))

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return list(self.retrieve_ranked(query_bundle.query_str).nodes)

"""Our LlamaIndex retriever over our LlamaIndex store: the engine's only way to the library.

Each node it returns is the section of a page that is nearest to the question, with the
page's score and the stages that found it in its metadata.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.graph_stores.types import ChunkNode
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from cml_mm.graph.library_rows import section_id
from cml_mm.graph.snapshot import Snapshot
from cml_mm.retrieval.ranking import Ranked, Ranker, Ranking
from cml_mm.retrieval.stages import ALL_STAGES, Stages
from cml_mm.talk import NO_LENS, Lens

DEFAULT_PAGES = 8
_SPOKEN_ROLES = {
    "overview": "overview",
    "context": "context section",
    "problem": "problem section",
    "solution": "solution section",
    "principles": "principles",
    "practices": "practices",
    "implementation": "first steps",
    "consequences": "consequences section",
    "when_to_use": "section on when to use it",
}


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

    def retrieve_ranked(self, question: str, stages: Stages = ALL_STAGES, lens: Lens = NO_LENS) -> Retrieved:
        """The ranking and the nodes of its best pages, near-twins of better ones left out.

        Args:
            question: any text.
            stages: which stages run.
            lens: who asks.
        """
        ranking = self._ranker.rank(question, stages=stages, lens=lens)
        best = [page for page in ranking.shown[: self._pages] if page.best_section is not None]
        ids = [section_id(page.slug, page.best_section or 0) for page in best]
        nodes = {node.id: node for node in self._snapshot.store.nodes_by_id(ids)}
        found = []
        told: dict[str, Ranked] = {}
        for page, node_id in zip(best, ids, strict=True):
            node = nodes.get(node_id)
            if isinstance(node, ChunkNode):
                told[page.slug] = page = name_section(page, str(node.properties["role"]))
                metadata = {**node.properties, "slug": page.slug, "found_by": list(page.found_by)}
                text_node = TextNode(id_=node_id, text=node.text, metadata=metadata)
                found.append(NodeWithScore(node=text_node, score=page.score))
        pages = tuple(told.get(page.slug, page) for page in ranking.pages)
        return Retrieved(replace(ranking, pages=pages), tuple(found))

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return list(self.retrieve_ranked(query_bundle.query_str).nodes)


def name_section(page: Ranked, role: str) -> Ranked:
    """The page with "meaning of its problem section" where it says "meaning" only."""
    if role not in _SPOKEN_ROLES:
        return page
    words = f"meaning, of its {_SPOKEN_ROLES[role]}"
    parts = tuple(replace(part, words=words) if part.stage == "meaning" else part for part in page.contributions)
    found_by = tuple(words if said == "meaning" else said for said in page.found_by)
    return replace(page, contributions=parts, found_by=found_by)

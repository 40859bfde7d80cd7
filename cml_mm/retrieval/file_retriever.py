"""Our LlamaIndex retriever over a visitor's files: through the graph in which they lie over the library.

A question about a pattern finds the chunks that are linked with it, though they may say it in
other words: what the question names, or the library's best page for it, leads over SPEAKS_OF. In a
recording it leads over MENTIONS as well, to what is said while a slide shows the pattern's name.
"""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.graph_stores.types import ChunkNode
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from cml_mm.graph.session_store import SessionStore
from cml_mm.retrieval.file_index import Lift
from cml_mm.retrieval.file_view import FileView
from cml_mm.retrieval.names import NameIndex
from cml_mm.visits import FoundChunk, PatternLink

DEFAULT_CHUNKS = 12
NAMED_LIFT = 0.5  # of the best score that the stages inside the files can give, about 1
PAGE_LIFT = 0.2  # the question does not name the pattern, but its page is the library's best
BESIDE_SHARE = 0.4  # of these, for a chunk of a moment that mentions the pattern in another chunk
MOST_PAGES = 1


class FileRetriever(BaseRetriever):
    """Private retrieval as a LlamaIndex retriever; usable in any LlamaIndex query engine."""

    def __init__(self, view: FileView, store: SessionStore, names: NameIndex, limit: int = DEFAULT_CHUNKS) -> None:
        """Args:
        view: of one visitor's files.
        store: the same files over the library's graph.
        names: of the library.
        limit: how many chunks LlamaIndex gets.
        """
        super().__init__()
        self.view = view
        self._store = store
        self._names = names
        self._limit = limit

    def retrieve_found(
        self,
        question: str,
        limit: int = DEFAULT_CHUNKS,
        files: frozenset[str] = frozenset(),
        about: Sequence[str] = (),
    ) -> tuple[FoundChunk, ...]:
        """The best chunks for a question, best first.

        Args:
            question: any text.
            limit: how many chunks to return at most.
            files: ids of those that are asked; empty for all.
            about: slugs of the library's best pages for the question, best first, where they are known.
        """
        return self.view.index.search(question, limit, files, self.lifts(question, about))

    def lifts(self, question: str, about: Sequence[str] = ()) -> dict[str, Lift]:
        """What chunks gain because they speak about a pattern that the question is about, by their ids."""
        named = dict.fromkeys(slug for match in self._names.find(question) for slug in match.slugs)
        found: dict[str, Lift] = {}
        wanted = [(slug, NAMED_LIFT) for slug in named] + [(slug, PAGE_LIFT) for slug in about[:MOST_PAGES]]
        for slug, amount in wanted:
            for link in self._store.speaking_of(slug):
                found.setdefault(link.chunk, Lift(amount, spoken(link)))
        for slug, amount in wanted:
            for mention in self._store.mentioning(slug):
                for chunk in self._store.chunks_of(mention.moment):
                    words = f"belongs to a moment that mentions {mention.title}"
                    found.setdefault(chunk, Lift(BESIDE_SHARE * amount, words))
        return found

    def nodes(self, found: Sequence[FoundChunk]) -> list[NodeWithScore]:
        """Found chunks as LlamaIndex nodes, read from the graph."""
        held = {node.id: node for node in self._store.nodes_by_id([one.chunk.id for one in found])}
        nodes = []
        for one in found:
            node = held.get(one.chunk.id)
            if isinstance(node, ChunkNode):
                metadata = {**node.properties, "found_by": list(one.found_by)}
                nodes.append(
                    NodeWithScore(node=TextNode(id_=node.id, text=node.text, metadata=metadata), score=one.score)
                )
        return nodes

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self.nodes(self.retrieve_found(query_bundle.query_str, self._limit))


def spoken(link: PatternLink) -> str:
    """Why a chunk is joined with a pattern: "speaks about Role Rotation: rota, handover"."""
    if link.named:
        return f"names {link.title}"
    return f"speaks about {link.title}: {', '.join(link.words)}"

"""LlamaIndex drives our index: PropertyGraphIndex over the store, a query engine over the retriever."""

from __future__ import annotations

from llama_index.core import PropertyGraphIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.indices.property_graph import VectorContextRetriever
from llama_index.core.llms.mock import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer

from cml_mm.graph.manifest import current_folder
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.retrieval.ranking import Ranker
from cml_mm.retrieval.retriever import LibraryRetriever
from cml_mm.settings import Settings


class EncoderEmbedding(BaseEmbedding):
    """The embedded text encoder in LlamaIndex's interface."""

    folder: str

    def _get_query_embedding(self, query: str) -> list[float]:
        from pathlib import Path

        return [float(x) for x in MiniLM(Path(self.folder)).encode_query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_query_embedding(text)


def test_a_query_engine_over_our_retriever_answers_with_sources(settings: Settings, encoder: MiniLM) -> None:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    retriever = LibraryRetriever(snapshot, Ranker(snapshot, encoder))
    engine = RetrieverQueryEngine(
        retriever, get_response_synthesizer(llm=MockLLM(), response_mode=ResponseMode.COMPACT)
    )
    response = engine.query("Who does the invisible chores?")
    slugs = [node.node.metadata["slug"] for node in response.source_nodes]
    assert slugs[0] == "visible-work-inventory"
    assert all(node.node.get_content() for node in response.source_nodes)
    snapshot.close()


def test_property_graph_index_from_existing_walks_our_snapshot(settings: Settings, encoder: MiniLM) -> None:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    index = PropertyGraphIndex.from_existing(
        property_graph_store=snapshot.store,
        llm=MockLLM(),
        embed_model=EncoderEmbedding(folder=str(settings.models)),
        embed_kg_nodes=False,
    )
    walker = VectorContextRetriever(
        snapshot.store,
        embed_model=EncoderEmbedding(folder=str(settings.models)),
        include_text=False,
        similarity_top_k=2,
        path_depth=1,
    )
    engine = index.as_query_engine(sub_retrievers=[walker], llm=MockLLM())
    found = " ".join(node.node.get_content() for node in engine.query("invisible chores").source_nodes)
    assert "visible-work-inventory" in found
    assert "REQUIRES" in found
    snapshot.close()


def test_the_snapshot_is_read_only(settings: Settings, encoder: MiniLM) -> None:
    folder = current_folder(settings.index)
    before = (folder / "graph.kuzu").read_bytes()
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    snapshot.library.relations("role-rotation")
    snapshot.close()
    assert (folder / "graph.kuzu").read_bytes() == before

"""LlamaIndex's own retrievers as it gives them, over our text encoder: what ours is measured against.

* vector: `VectorStoreIndex.from_documents(…).as_retriever(…)`, default splitter and store
* fusion: `QueryFusionRetriever` by reciprocal ranks (Cormack et al. 2009), over that and a BM25
  retriever, one query (more would need a language model)

Its BM25 retriever comes in a package that asks for a PyStemmer older than ours, so its thirty
lines over bm25s are written here again, with the same defaults.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import bm25s
import Stemmer
from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms.mock import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import BaseNode, Document, MetadataMode, NodeWithScore, QueryBundle

from benchmarks.cached_encoder import CachedEncoder
from cml_mm.graph.bm25 import Bm25, Postings
from cml_mm.ports import TextEncoder, Vectors
from cml_mm.prose import terms
from cml_mm.retrieval.passages import Passage

VECTOR = "llamaindex-vector"
FUSION = "llamaindex-rrf"
Rank = Callable[[str], Sequence[str]]  # a question → ids, best first

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells every build at the level of debugging


class EncoderEmbedding(BaseEmbedding):
    """Our encoder in LlamaIndex's interface."""

    encoder: Any  # a TextEncoder: pydantic cannot check a protocol without run-time marks

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self.encoder.encode_query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in self.encoder.encode_passages([text])[0]]


class Bm25sRetriever(BaseRetriever):
    """What `llama_index.retrievers.bm25.BM25Retriever` does by default.

    Args:
        nodes: at least one.
        similarity_top_k: how many to return at most.
    """

    def __init__(self, nodes: Sequence[BaseNode], similarity_top_k: int) -> None:
        super().__init__()
        self._nodes = list(nodes)
        self._stemmer = Stemmer.Stemmer("english")
        self._most = min(similarity_top_k, len(self._nodes))
        self._bm25 = bm25s.BM25()
        self._bm25.index(self._tokens([node.get_content(MetadataMode.EMBED) for node in nodes]), show_progress=False)

    def _tokens(self, texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        tokens = self._tokens([query_bundle.query_str])
        rows, scores = self._bm25.retrieve(tokens, k=self._most, show_progress=False)
        pairs = zip(rows[0], scores[0], strict=True)
        return [NodeWithScore(node=self._nodes[int(row)], score=float(score)) for row, score in pairs]


class _Once(BaseRetriever):
    """A retriever that is asked the same question once: its store goes through every vector in Python."""

    def __init__(self, retriever: BaseRetriever) -> None:
        super().__init__()
        self._retriever = retriever
        self._found: dict[str, list[NodeWithScore]] = {}

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = query_bundle.query_str
        if question not in self._found:
            self._found[question] = self._retriever.retrieve(query_bundle)
        # Copies: the fusion writes its own scores into what it is given.
        return [NodeWithScore(node=one.node, score=one.score) for one in self._found[question]]


class LlamaIndexBaselines:
    """Both retrievers over the same documents, which are split and encoded once.

    Args:
        documents: `id_` is what a ranking names.
        encoder: of their chunks and of questions.
        limit: how many chunks each retriever gives.
    """

    def __init__(self, documents: Sequence[Document], encoder: TextEncoder, limit: int) -> None:
        index = VectorStoreIndex.from_documents(list(documents), embed_model=EncoderEmbedding(encoder=encoder))
        nodes = list(index.docstore.docs.values())
        self.chunks = len(nodes)
        self._vector = _Once(index.as_retriever(similarity_top_k=limit))
        self._fusion = QueryFusionRetriever(
            [self._vector, Bm25sRetriever(nodes, limit)],
            llm=MockLLM(),  # never asked: one query is the question itself
            mode="reciprocal_rerank",
            similarity_top_k=limit,
            num_queries=1,
            use_async=False,
        )

    def vector(self, question: str) -> list[str]:
        """Ids of documents, best first, by their best chunk."""
        return _documents(self._vector.retrieve(question))

    def fusion(self, question: str) -> list[str]:
        """The same by reciprocal ranks of meaning and words."""
        return _documents(self._fusion.retrieve(question))


def _documents(found: Sequence[NodeWithScore]) -> list[str]:
    return list(dict.fromkeys(str(one.node.ref_doc_id) for one in found))


def passage_documents(passages: Sequence[Passage]) -> list[Document]:
    """Passages with the very words that ours reads, title in front."""
    return [Document(text=passage.full, id_=passage.id) for passage in passages]


def make_ranker(name: str, passages: Sequence[Passage], vectors: Vectors, encoder: TextEncoder, limit: int) -> Rank:
    """One baseline over passages whose vectors are known.

    Args:
        name: VECTOR or FUSION.
        passages: the corpus.
        vectors: shape (len(passages), dimension), of each passage's `full`.
        encoder: of questions, and of chunks where a passage has to be cut.
        limit: how many chunks each retriever gives.
    """
    known = CachedEncoder(encoder)
    known.learn([passage.full for passage in passages], vectors)
    both = LlamaIndexBaselines(passage_documents(passages), known, limit)
    return {VECTOR: both.vector, FUSION: both.fusion}[name]


def plain_bm25(ids: Sequence[str], texts: Sequence[str], limit: int) -> Rank:
    """Okapi BM25 over whole texts, k1 1.2, b 0.75, stemmed, and nothing else."""
    bm25 = Bm25.of_pages(Postings.build(texts))

    def rank(question: str) -> list[str]:
        scores = bm25.scores(terms(question))
        return [ids[row] for row in (-scores).argsort(kind="stable")[:limit]]

    return rank

"""A visitor's files over a graph read as if they had been written into it: one contract with our Kuzu store.

The same nodes and links stand once in one Kuzu store, which passes the whole contract, and once
split in two: half in Kuzu, half in memory over it. Every way of reading must give the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.graph_stores.types import ChunkNode, EntityNode, LabelledNode, Relation
from llama_index.core.vector_stores.types import (
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
)

from cml_mm.errors import StoreError
from cml_mm.graph.graph_rows import link_row, node_row
from cml_mm.graph.graph_store_reader import GraphStoreReader
from cml_mm.graph.library_rows import HAS_SECTION
from cml_mm.graph.property_store import CommonsGraphStore
from cml_mm.graph.session_store import CHUNK, FILE, SPEAKS_OF, MemoryReader, SessionStore
from cml_mm.graph.vectors import VectorIndex
from cml_mm.types import Document, Section, Source
from cml_mm.visits import Chunk, FileCard, PatternLink, Placing, ReadFile, StoredFile

DIMENSION = 4
BUFFER_BYTES = 64 * 1024 * 1024


def library() -> tuple[list[LabelledNode], list[Relation]]:
    nodes: list[LabelledNode] = [
        EntityNode(name=f"page-{i}", label="Pattern", properties={"title": f"Größe {i}", "tags": ["a", i]})
        for i in range(4)
    ]
    nodes += [
        ChunkNode(id_=f"page-{i}#00", text=f"text {i}", label="Section", properties={"ref_doc_id": f"page-{i}"})
        for i in range(4)
    ]
    links = [Relation(source_id=f"page-{i}", label="HAS", target_id=f"page-{i}#00") for i in range(4)]
    links += [
        Relation(source_id=f"page-{i}", label="ENABLES", target_id=f"page-{i + 1}", properties={"weight": 0.5})
        for i in range(3)
    ]
    return nodes, links


def brought() -> tuple[list[LabelledNode], list[Relation]]:
    nodes: list[LabelledNode] = [EntityNode(name="file-1", label=FILE, properties={"title": "Größe 1"})]
    nodes += [
        ChunkNode(id_=f"file-1/{i}/0", text=f"words {i}", label=CHUNK, properties={"ref_doc_id": "file-1", "n": i})
        for i in range(3)
    ]
    links = [Relation(source_id="file-1", label="HAS", target_id=f"file-1/{i}/0") for i in range(3)]
    links += [
        Relation(source_id="file-1/0/0", label=SPEAKS_OF, target_id="page-1", properties={"words": ["rota"]}),
        Relation(source_id="file-1/2/0", label=SPEAKS_OF, target_id="page-1", properties={"words": []}),
        Relation(source_id="file-1/2/0", label="'); DROP", target_id="page-3"),
    ]
    return nodes, links


IDS = [node.id for node in (*library()[0], *brought()[0])]
VECTORS = np.random.default_rng(3).standard_normal((len(IDS), DIMENSION)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


def filled(path: Path, nodes: list[LabelledNode], links: list[Relation]) -> CommonsGraphStore:
    store = CommonsGraphStore.create(path, DIMENSION, BUFFER_BYTES)
    store.bulk_load(nodes, links)
    ids = [node.id for node in nodes]
    store.bulk_vectors(ids, VECTORS[[IDS.index(node_id) for node_id in ids]])
    return store


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommonsGraphStore]:
    (nodes, links), (more, joined) = library(), brought()
    with filled(tmp_path_factory.mktemp("graph") / "whole.kuzu", [*nodes, *more], [*links, *joined]) as store:
        yield store


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommonsGraphStore]:
    with filled(tmp_path_factory.mktemp("graph") / "base.kuzu", *library()) as store:
        yield store


@pytest.fixture(scope="module")
def session(base: CommonsGraphStore) -> SessionStore:
    nodes, links = brought()
    ids = tuple(node.id for node in nodes)
    vectors = VectorIndex(ids, VECTORS[[IDS.index(node_id) for node_id in ids]])
    return SessionStore(base, MemoryReader(map(node_row, nodes), map(link_row, links), vectors))


def query(k: int, **more: Any) -> VectorStoreQuery:
    return VectorStoreQuery(query_embedding=[0.5, 0.5, -0.5, 0.5], similarity_top_k=k, **more)


def only(key: str, value: Any) -> MetadataFilters:
    return MetadataFilters(filters=[MetadataFilter(key=key, value=value, operator=FilterOperator.EQ)])


READINGS: dict[str, Callable[[GraphStoreReader], Any]] = {
    "all nodes": lambda store: store.get(),
    "by ids": lambda store: store.get(ids=["file-1/1/0", "nobody", "page-2", "file-1", "page-0#00"]),
    "no ids": lambda store: store.get(ids=[]),
    "by property, in both": lambda store: store.get(properties={"title": "Größe 1"}),
    "by number": lambda store: store.get(properties={"n": 2}),
    "by property and id": lambda store: store.get(properties={"n": 2, "title": "x"}, ids=["file-1/2/0", "page-1"]),
    "links into the base": lambda store: store.get_triplets(relation_names=[SPEAKS_OF]),
    "links of a page": lambda store: store.get_triplets(ids=["page-1"]),
    "links by name": lambda store: store.get_triplets(entity_names=["file-1"]),
    "links by property": lambda store: store.get_triplets(properties={"words": ["rota"]}),
    "links by hostile label": lambda store: store.get_triplets(relation_names=["'); DROP"]),
    "no criteria": lambda store: store.get_triplets(),
    "around": lambda store: store.neighbours("page-1"),
    "around a chunk": lambda store: store.neighbours("file-1/2/0", limit=2),
    "around nobody": lambda store: store.neighbours("nobody"),
    "map": lambda store: store.get_rel_map(store.nodes_by_id(["file-1/0/0"]), depth=2, limit=9),
    "map without": lambda store: store.get_rel_map(store.nodes_by_id(["file-1"]), depth=3, ignore_rels=[SPEAKS_OF]),
    "llama nodes": lambda store: store.get_llama_nodes(["file-1/1/0", "page-0#00", "file-1"]),
    "async": lambda store: asyncio.run(store.aget(ids=["file-1", "page-1"])),
    "schema": lambda store: store.get_schema(),
    "hash": lambda store: store.content_hash(),
}


@pytest.mark.parametrize("reading", READINGS)
def test_it_reads_as_if_the_files_were_in_the_graph(
    reading: str, session: SessionStore, whole: CommonsGraphStore
) -> None:
    expected = READINGS[reading](whole)
    assert READINGS[reading](session) == expected
    if reading not in ("no ids", "no criteria", "around nobody"):
        assert expected


@pytest.mark.parametrize(
    "asked",
    [
        query(3),
        query(99),
        query(4, filters=only("label", CHUNK)),
        query(4, filters=only("n", 1)),
        query(4, doc_ids=["file-1", "page-2"]),
        query(4, node_ids=["page-0", "file-1/2/0"]),
        query(4, node_ids=[]),
    ],
)
def test_vectors_of_both_are_searched_together(
    asked: VectorStoreQuery, session: SessionStore, whole: CommonsGraphStore
) -> None:
    expected = whole.vector_query(asked)
    nodes, scores = session.vector_query(asked)
    assert nodes == expected[0]
    assert scores == pytest.approx(expected[1], abs=1e-5)


def test_the_base_sees_nothing_of_it_and_stays_open(session: SessionStore, base: CommonsGraphStore) -> None:
    session.close()
    session.close()
    assert base.get(ids=["file-1", "file-1/0/0"]) == []
    assert base.get_triplets(relation_names=[SPEAKS_OF]) == []
    assert len(base.get()) == 8


def test_it_is_never_written_nor_asked_in_cypher(session: SessionStore) -> None:
    for refused in (
        lambda: session.upsert_nodes([EntityNode(name="x")]),
        lambda: session.upsert_relations([]),
        lambda: session.delete(ids=["page-0"]),
        lambda: session.structured_query("MATCH (n) RETURN n"),
    ):
        with pytest.raises(StoreError):
            refused()


def stored() -> StoredFile:
    source = Source("0" * 64, "Statutes", "document", "file-2", "s.pdf", "", "", owner="visitor")
    document = Document("file-2", "Statutes", source, sections=(Section("other", "Dues", "Roles rotate.", 3),))
    chunk = Chunk("file-2/0/0", "file-2", 0, 0, 13, "Dues (Statutes)", "Roles rotate.")
    card = FileCard("file-2", 'my "s".pdf', "ready", format="pdf")
    return StoredFile(card, "0" * 64, ReadFile(document, (Placing("page-3"),)), (chunk,), VECTORS[:1], "e")


def test_stored_files_become_nodes_and_their_links_lead_to_pages(base: CommonsGraphStore) -> None:
    link = PatternLink("file-2/0/0", "page-1", "Größe 1", ("roles", "rotate"), False, 0.61)
    gone = replace(link, slug="page-that-left", score=0.9)
    named = replace(link, slug="page-2", named=True, words=("Größe 2",))
    store = SessionStore.over(base, [stored()], [link, gone, named])
    assert store.speaking_of("page-1") == (link,)
    assert store.speaking_of("page-2") == (named,)
    assert store.speaking_of("page-3") == store.speaking_of("page-that-left") == ()
    (chunk,) = store.nodes_by_id(["file-2/0/0"])
    assert isinstance(chunk, ChunkNode)
    assert (chunk.text, chunk.properties["page"], chunk.properties["face"]) == ("Roles rotate.", 3, "page-3")
    assert chunk.properties["file"] == chunk.properties["ref_doc_id"] == "file-2"
    around = [(a.id, relation.label, b.id) for a, relation, b in store.neighbours("file-2/0/0")]
    assert around == [
        ("file-2/0/0", SPEAKS_OF, "page-1"),
        ("file-2/0/0", SPEAKS_OF, "page-2"),
        ("file-2", HAS_SECTION, "file-2/0/0"),
    ]
    nodes, scores = store.vector_query(VectorStoreQuery(query_embedding=VECTORS[0].tolist(), similarity_top_k=2))
    assert {node.id for node in nodes} == {"page-0", "file-2/0/0"}
    assert scores == pytest.approx([1.0, 1.0], abs=1e-5)

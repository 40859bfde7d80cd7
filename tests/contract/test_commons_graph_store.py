"""What our graph store promises beyond LlamaIndex's interface: bulk loading, files, exactness."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.graph_stores.types import ChunkNode, EntityNode, LabelledNode, Relation
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryMode

from cml_mm.errors import InputError, SchemaMismatch, StoreBusy, StoreError, StoreMissing
from cml_mm.graph.database import Database
from cml_mm.graph.property_store import CommonsGraphStore

DIMENSION = 4
BUFFER_BYTES = 64 * 1024 * 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.kuzu"


@pytest.fixture
def store(path: Path) -> Iterator[CommonsGraphStore]:
    with CommonsGraphStore.create(path, DIMENSION, BUFFER_BYTES) as made:
        yield made


def pages(count: int = 3) -> list[LabelledNode]:
    made: list[LabelledNode] = [
        EntityNode(name=f"page-{i}", label="Pattern", properties={"title": f"Größe {i}", "tags": ["a", i]})
        for i in range(count)
    ]
    sections = [
        ChunkNode(id_=f"page-{i}#00", text=f"text {i}", label="Section", properties={"ref_doc_id": f"page-{i}"})
        for i in range(count)
    ]
    return made + sections


def links(count: int = 3) -> list[Relation]:
    owned = [Relation(source_id=f"page-{i}", label="HAS", target_id=f"page-{i}#00") for i in range(count)]
    chain = [
        Relation(source_id=f"page-{i}", label="ENABLES", target_id=f"page-{i + 1}", properties={"weight": 0.5})
        for i in range(count - 1)
    ]
    return owned + chain


def keys(store: CommonsGraphStore, node_id: str, limit: int | None = None) -> list[tuple[str, str, str]]:
    found = store.neighbours(node_id, limit)
    return [(relation.source_id, relation.label, relation.target_id) for _, relation, _ in found]


def query(*numbers: float, k: int = 5) -> VectorStoreQuery:
    return VectorStoreQuery(query_embedding=list(numbers), similarity_top_k=k)


def test_bulk_load_is_what_upserting_makes(store: CommonsGraphStore, tmp_path: Path) -> None:
    store.bulk_load(pages(), links())
    with CommonsGraphStore.create(tmp_path / "other.kuzu", DIMENSION, BUFFER_BYTES) as other:
        other.upsert_nodes(pages())
        other.upsert_relations(links())
        assert other.get() == store.get()
        assert other.content_hash() == store.content_hash()


def test_bulk_load_in_many_batches(store: CommonsGraphStore) -> None:
    count = 4_100
    store.bulk_load((EntityNode(name=f"n{i:04d}") for i in range(count)), [])
    store.bulk_vectors([f"n{i:04d}" for i in range(count)], np.eye(count, DIMENSION, dtype=np.float32))
    assert store.client.execute("MATCH (n:Node), (v:Vector) WHERE n.id = v.id RETURN count(*)") == [(count,)]


def test_bulk_load_refuses_loose_ends_and_repeated_ids(store: CommonsGraphStore) -> None:
    with pytest.raises(StoreError, match="ENABLES names nobody"):
        store.bulk_load(pages(1), [Relation(source_id="page-0", label="ENABLES", target_id="nobody")])
    with pytest.raises(StoreError, match="duplicated primary key value page-0"):
        store.bulk_load(pages(1), [])


def test_bulk_load_takes_the_last_of_two_equal_relations(store: CommonsGraphStore) -> None:
    store.bulk_load(pages(2), [*links(2), Relation(source_id="page-0", label="ENABLES", target_id="page-1")])
    ((_, relation, _),) = store.get_triplets(relation_names=["ENABLES"])
    assert relation.properties == {}


def test_bulk_load_finds_entities_with_quotes(store: CommonsGraphStore) -> None:
    quoted = EntityNode(name='name:say "yes"')
    store.bulk_load([quoted, EntityNode(name="A")], [Relation(source_id="A", label="to", target_id='name:say "yes"')])
    assert keys(store, "A") == [("A", "to", quoted.id)]
    (found,) = store.nodes_by_id([quoted.id])
    assert isinstance(found, EntityNode)
    assert found.name == 'name:say "yes"'


def test_nodes_by_id_keeps_the_order_asked_for(store: CommonsGraphStore) -> None:
    store.bulk_load(pages(), links())
    found = store.nodes_by_id(["page-2", "nobody", "page-0#00", "page-1"])
    assert [node.id for node in found] == ["page-2", "page-0#00", "page-1"]
    assert found[1] == pages()[3]


def test_neighbours_go_out_then_in(store: CommonsGraphStore) -> None:
    store.bulk_load(pages(), links())
    around = [
        ("page-1", "ENABLES", "page-2"),
        ("page-1", "HAS", "page-1#00"),
        ("page-0", "ENABLES", "page-1"),
    ]
    assert keys(store, "page-1") == around
    assert keys(store, "page-1", limit=2) == around[:2]
    assert keys(store, "nobody") == []


def test_a_hub_leaves_room_for_others_in_the_rel_map(store: CommonsGraphStore) -> None:
    store.upsert_relations([Relation(source_id="hub", label="to", target_id=f"n{i}") for i in range(20)])
    store.upsert_relations([Relation(source_id="quiet", label="to", target_id="end")])
    found = store.get_rel_map(store.nodes_by_id(["hub", "quiet"]), depth=1, limit=4)
    assert ("quiet", "end") in {(relation.source_id, relation.target_id) for _, relation, _ in found}


def test_the_content_hash_sees_content_only(store: CommonsGraphStore, tmp_path: Path) -> None:
    store.bulk_load(pages(), links())
    before = store.content_hash()
    with CommonsGraphStore.create(tmp_path / "other.kuzu", DIMENSION, BUFFER_BYTES) as other:
        other.bulk_load(reversed(pages()), reversed(links()))
        other.bulk_vectors(["page-0"], np.ones((1, DIMENSION), dtype=np.float32))
        assert other.content_hash() == before
        seen = {before}
        other.upsert_relations([Relation(source_id="page-0", label="ENABLES", target_id="page-1")])
        seen.add(other.content_hash())
        other.upsert_nodes([ChunkNode(id_="page-0#00", text="changed", properties={"ref_doc_id": "page-0"})])
        seen.add(other.content_hash())
        other.delete(ids=["page-2#00"])
        seen.add(other.content_hash())
        assert len(seen) == 4


def test_a_snapshot_is_read_by_several_and_written_by_none(store: CommonsGraphStore, path: Path) -> None:
    store.bulk_load(pages(), links())
    digest = store.content_hash()
    with pytest.raises(StoreBusy):
        CommonsGraphStore.open(path, BUFFER_BYTES)
    store.close()
    with CommonsGraphStore.open(path, BUFFER_BYTES) as one, CommonsGraphStore.open(path, BUFFER_BYTES) as two:
        assert one.content_hash() == two.content_hash() == digest
        assert one.dimension == DIMENSION
        with pytest.raises(StoreError, match="reading only"):
            one.upsert_nodes(pages(1))
        with pytest.raises(StoreError, match="reading only"):
            one.upsert_relations(links(1))
        with pytest.raises(StoreError, match="reading only"):
            one.delete(ids=["page-0"])
    with CommonsGraphStore.open(path, BUFFER_BYTES, read_only=False) as writer:
        writer.delete(ids=["page-0"])
        assert writer.nodes_by_id(["page-0"]) == []


def test_opening_what_is_not_a_store(path: Path) -> None:
    with pytest.raises(StoreMissing):
        CommonsGraphStore.open(path)
    with Database.create(path, BUFFER_BYTES) as foreign:
        foreign.execute("CREATE NODE TABLE Node(id STRING PRIMARY KEY)")
    with pytest.raises(SchemaMismatch):
        CommonsGraphStore.open(path, BUFFER_BYTES)
    Database.open(path, BUFFER_BYTES, read_only=False).close()


def test_vectors_must_fit(store: CommonsGraphStore) -> None:
    store.upsert_nodes(pages())
    with pytest.raises(SchemaMismatch, match=r"\(1, 3\)"):
        store.bulk_vectors(["page-0"], np.ones((1, 3), dtype=np.float32))
    with pytest.raises(SchemaMismatch):
        store.bulk_vectors(["page-0", "page-1"], np.ones((1, DIMENSION), dtype=np.float32))
    with pytest.raises(StoreError, match="finite"):
        store.bulk_vectors(["page-0"], np.full((1, DIMENSION), np.nan, dtype=np.float32))
    with pytest.raises(SchemaMismatch):
        store.upsert_nodes([EntityNode(name="page-0", embedding=[1.0])])
    with pytest.raises(SchemaMismatch):
        store.upsert_nodes([EntityNode(name="a", embedding=[1.0]), EntityNode(name="b", embedding=[1.0, 2.0])])
    with pytest.raises(SchemaMismatch):
        store.vector_query(query(1.0, 0.0))
    assert store.vector_query(query(1.0, 0.0, 0.0, 0.0)) == ([], [])


def test_vector_queries_that_are_none(store: CommonsGraphStore) -> None:
    with pytest.raises(InputError):
        store.vector_query(VectorStoreQuery(query_str="words only"))
    with pytest.raises(InputError):
        store.vector_query(VectorStoreQuery(query_embedding=[1.0] * 4, mode=VectorStoreQueryMode.MMR))


def test_equal_scores_go_by_id_and_zeros_are_near_nothing(store: CommonsGraphStore) -> None:
    store.bulk_load(pages(3), [])
    matrix = np.array([[0, 0, 0, 0], [0, 2, 0, 0], [0, 1, 0, 0]], dtype=np.float32)
    store.bulk_vectors(["page-0", "page-2", "page-1"], matrix)
    nodes, scores = store.vector_query(query(0.0, 1.0, 0.0, 0.0))
    assert [node.id for node in nodes] == ["page-1", "page-2", "page-0"]
    assert scores == pytest.approx([1.0, 1.0, 0.0])
    assert store.vector_query(query(0.0, 0.0, 0.0, 0.0)) == ([], [])


def test_vector_query_agrees_with_numpy(store: CommonsGraphStore) -> None:
    rng = np.random.default_rng(7)
    matrix = rng.normal(size=(300, DIMENSION)).astype(np.float32)
    ids = [f"n{i:03d}" for i in range(300)]
    store.bulk_load([EntityNode(name=name) for name in ids], [])
    store.bulk_vectors(ids, matrix)
    asked = rng.normal(size=DIMENSION)
    cosines = matrix @ asked / np.linalg.norm(matrix, axis=1) / np.linalg.norm(asked)
    nodes, scores = store.vector_query(query(*asked.tolist(), k=20))
    best = np.argsort(-cosines)[:20]
    assert [node.id for node in nodes] == [ids[i] for i in best]
    assert scores == pytest.approx(cosines[best].tolist(), abs=1e-5)


def test_a_vector_goes_when_its_words_change(store: CommonsGraphStore) -> None:
    vector = [1.0, 0.0, 0.0, 0.0]
    store.upsert_nodes([ChunkNode(id_=name, text="old", embedding=vector) for name in ("a", "b")])
    store.upsert_nodes([ChunkNode(id_="a", text="old", label="moved"), ChunkNode(id_="b", text="new")])
    nodes, _ = store.vector_query(query(*vector))
    assert [(node.id, node.label) for node in nodes] == [("a", "moved")]


def test_a_failed_upsert_leaves_nothing(store: CommonsGraphStore) -> None:
    store.upsert_nodes(pages(1))
    before = store.content_hash()
    unwritable = ChunkNode(id_="bad", text="\ud800")
    with pytest.raises(UnicodeEncodeError):
        store.upsert_nodes([ChunkNode(id_="page-0#00", text="changed"), unwritable])
    with pytest.raises(TypeError, match="set is not JSON"):
        store.upsert_nodes([EntityNode(name="x", properties={"y": {1}})])
    assert store.content_hash() == before


def test_a_chunk_of_our_own_is_a_text_node(store: CommonsGraphStore) -> None:
    store.bulk_load(pages(1), [])
    (found,) = store.get_llama_nodes(["page-0#00", "page-0"])
    assert isinstance(found, TextNode)
    assert (found.text, found.ref_doc_id, found.metadata) == ("text 0", "page-0", {"ref_doc_id": "page-0"})


def test_structured_queries_only_read(store: CommonsGraphStore) -> None:
    store.bulk_load(pages(), links())
    rows = store.structured_query(
        "MATCH (a:Node)-[r:Link]->(b:Node) WHERE r.label = $label RETURN a.id AS s, b.id AS o ORDER BY s",
        {"label": "ENABLES"},
    )
    assert rows == [{"s": "page-0", "o": "page-1"}, {"s": "page-1", "o": "page-2"}]
    for bad in (
        "MATCH (n:Node) DETACH DELETE n",
        "LOAD FROM 'x.csv' RETURN *",
        "MATCH (n:Node {id: $x}) RETURN n",
    ):
        with pytest.raises(StoreError):
            store.structured_query(bad)


def test_delete_needs_every_criterion(store: CommonsGraphStore) -> None:
    store.bulk_load(pages(), links())
    store.delete(ids=["page-0", "page-1"], properties={"title": "Größe 1", "other": 1})
    assert [node.id for node in store.nodes_by_id(["page-0", "page-1"])] == ["page-0"]
    store.delete(entity_names=["page-2"], ids=["page-0"])
    assert len(store.nodes_by_id(["page-0", "page-2"])) == 2
    store.delete(relation_names=["HAS", "ENABLES"], ids=["page-2"])
    assert [relation.source_id for _, relation, _ in store.get_triplets(relation_names=["HAS"])] == ["page-0"]


def test_long_texts_and_control_characters_survive(store: CommonsGraphStore) -> None:
    text = "x" * 300_000 + "\x00\x01\u2028\ufeff" + "é" * 50_000
    store.upsert_nodes([ChunkNode(id_="long", text=text, properties={"\x00": text[-10:]})])
    (found,) = store.nodes_by_id(["long"])
    assert isinstance(found, ChunkNode)
    assert found.text == text
    assert found.properties == {"\x00": text[-10:]}


def test_scores_are_cosines(store: CommonsGraphStore) -> None:
    store.upsert_nodes([EntityNode(name="a", embedding=[3.0, 4.0, 0.0, 0.0])])
    _, scores = store.vector_query(query(-5.0, 0.0, 0.0, 0.0))
    assert scores == pytest.approx([-math.cos(math.atan2(4, 3))])

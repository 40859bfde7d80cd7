"""Diagrams in the graph: from box to arrow to box to pattern in one walk; the library's own, also after changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from llama_index.core.graph_stores.types import EntityNode

from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode
from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.errors import SchemaMismatch
from cml_mm.graph.diagram_rows import (
    BOTH_WAYS,
    BOX,
    DIAGRAM,
    HAS_DIAGRAM,
    HOLDS,
    JOINS,
    LANE,
    LEADS_TO,
    NAMES,
    PART_OF,
    RESEMBLES,
)
from cml_mm.graph.graph_store_reader import GraphStoreReader
from cml_mm.graph.manifest import SCHEMA, Manifest, base_folder, current_folder
from cml_mm.graph.session_store import SessionStore
from cml_mm.graph.snapshot import Snapshot, open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings
from tests.support.kept_diagrams import file_with

FILE = "file-" + "3" * 24
DRAWN = "common-forest-plan"  # the page of the starter library that draws a diagram
FLOW = Diagram(
    title="How we decide",
    origin="mermaid",
    nodes=(
        DiagramNode("ask", "Anybody has an idea", "ellipse", container="members"),
        DiagramNode('the "circle"', "Consent decision-making", "diamond", confidence=0.5),
        DiagramNode("log", "Decision log open to everybody"),
        DiagramNode("kitchen", "Kitchen crew"),
    ),
    edges=(
        DiagramEdge("e1", "ask", 'the "circle"', "brings"),
        DiagramEdge("e2", "ask", 'the "circle"', "explains", confidence=0.4),
        DiagramEdge("e3", 'the "circle"', "log", "yes"),
        DiagramEdge("e4", "log", "kitchen", heads="none"),
        DiagramEdge("e5", "kitchen", "log", "is told", heads="none"),
        DiagramEdge("e6", "kitchen", "members", heads="both"),
        DiagramEdge("e7", "kitchen", "kitchen", "again"),
    ),
    containers=(DiagramContainer("all", "Whole house"), DiagramContainer("members", "Members", parent="all")),
)


def opened_index(settings: Settings, encoder: MiniLM) -> Snapshot:
    return open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM) -> Iterator[Opened]:
    snapshot = opened_index(settings, encoder)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture(scope="module")
def store(opened: Opened, encoder: MiniLM) -> SessionStore:
    drawn = file_with(encoder, [FLOW, replace(FLOW, title="Empty", nodes=(), edges=(), containers=())], file=FILE)
    links = {(FILE, 0): opened.labels.link(FLOW)}
    return SessionStore.over(opened.snapshot.store, [drawn], (), links)


def box(part: str, number: int = 0) -> str:
    return f"{FILE}/diagram-{number}/{part}"


CIRCLE = box("the %22circle%22")


def around(store: GraphStoreReader, node_id: str) -> set[tuple[str, str, str]]:
    return {(a.id, link.label, b.id) for a, link, b in store.neighbours(node_id)}


def test_one_walk_leads_from_a_box_over_an_arrow_to_a_pattern_and_on_along_the_librarys_relations(
    store: SessionStore, opened: Opened
) -> None:
    walked = store.get_rel_map(store.get(ids=[box("ask")]), depth=4, limit=100_000)
    steps = {(a.id, link.label, b.id) for a, link, b in walked}
    assert (box("ask"), LEADS_TO, CIRCLE) in steps
    assert (CIRCLE, NAMES, "consent-decision-making") in steps
    assert (box("log"), RESEMBLES, "open-decision-log") in steps
    enabled = {(a, label, b) for a, label, b in steps if (a, label) == ("consent-decision-making", "ENABLES")}
    said = {r.object for r in opened.snapshot.library.relations("consent-decision-making")[0] if r.kind == "ENABLES"}
    assert {b for _, _, b in enabled} == said != set()


def test_a_file_leads_to_its_diagrams_and_these_to_their_parts(store: SessionStore) -> None:
    assert {target for _, label, target in around(store, FILE) if label == HAS_DIAGRAM} == {
        f"{FILE}/diagram-0",
        f"{FILE}/diagram-1",
    }
    held = {target for _, label, target in around(store, f"{FILE}/diagram-0") if label == HOLDS}
    assert held == {box("ask"), CIRCLE, box("log"), box("kitchen"), box("all"), box("members")}
    labels = {node.id: node.label for node in store.get(ids=sorted(held))}
    assert labels[box("all")] == labels[box("members")] == LANE
    assert {labels[box("ask")], labels[CIRCLE]} == {BOX}
    (drawn,) = store.get(ids=[f"{FILE}/diagram-0"])
    assert isinstance(drawn, EntityNode)
    assert drawn.label == DIAGRAM
    assert (drawn.properties["title"], drawn.properties["boxes"], drawn.properties["arrows"]) == ("How we decide", 4, 7)
    assert drawn.properties["ref_doc_id"] == FILE


def test_boxes_and_arrows_say_what_was_read_and_how_surely(store: SessionStore) -> None:
    (circle,) = store.get(ids=[CIRCLE])
    assert circle.properties["title"] == "Consent decision-making"
    assert (circle.properties["shape"], circle.properties["part"]) == ("diamond", 'the "circle"')
    assert circle.properties["confidence"] == 0.5
    ((_, arrow, _),) = store.get_triplets(relation_names=[LEADS_TO], ids=[box("ask")])
    assert arrow.properties["label"] == "brings / explains"
    assert [(one["id"], one["confidence"]) for one in arrow.properties["arrows"]] == [("e1", 1.0), ("e2", 0.4)]
    assert arrow.properties["confidence"] == 1.0


def test_lines_without_direction_stand_once_and_loops_stay(store: SessionStore) -> None:
    joined = store.get_triplets(relation_names=[JOINS])
    assert [(a.id, b.id, link.properties["label"]) for a, link, b in joined] == [
        (box("log"), box("kitchen"), "is told")
    ]
    assert [(a.id, b.id) for a, _, b in store.get_triplets(relation_names=[BOTH_WAYS])] == [
        (box("kitchen"), box("members"))
    ]
    leads = {(a.id, b.id) for a, _, b in store.get_triplets(relation_names=[LEADS_TO])}
    assert leads >= {(box("kitchen"), box("kitchen")), (CIRCLE, box("log"))}
    inside = {(a.id, b.id) for a, _, b in store.get_triplets(relation_names=[PART_OF])}
    assert inside == {(box("ask"), box("members")), (box("members"), box("all"))}


def test_a_link_to_a_pattern_says_how_near_it_is_and_why(store: SessionStore) -> None:
    ((_, named, pattern),) = store.get_triplets(relation_names=[NAMES])
    assert pattern.properties["title"] == "Consent Decision-Making"
    assert named.properties["how"] == "title"
    assert named.properties["words"] == ["Consent decision making"]
    assert named.properties["score"] == 1.0
    (near,) = (link for a, link, _ in store.get_triplets(relation_names=[RESEMBLES]) if a.id == box("log"))
    assert near.properties["score"] >= near.properties["threshold"] > 0
    assert near.properties["words"]


def test_boxes_lead_nowhere_that_the_library_does_not_go(opened: Opened, encoder: MiniLM) -> None:
    links = tuple(replace(link, slug="a-page-that-left") for link in opened.labels.link(FLOW))
    strays = tuple(replace(link, node="nobody") for link in opened.labels.link(FLOW))
    drawn = file_with(encoder, [FLOW], file=FILE)
    store = SessionStore.over(opened.snapshot.store, [drawn], (), {(FILE, 0): (*links, *strays)})
    assert store.get_triplets(relation_names=[NAMES, RESEMBLES]) == []
    assert store.get_rel_map(store.get(ids=[FILE]), depth=3, limit=10_000)  # every end is there


# --- the library's own -----------------------------------------------------------------------------


def test_a_page_that_draws_has_its_diagram_beside_it(opened: Opened) -> None:
    store = opened.snapshot.store
    (number,) = (b.id for _, link, b in store.neighbours(DRAWN) if link.label == HAS_DIAGRAM)
    assert number == f"{DRAWN}/diagram-0"
    steps = store.get_rel_map(store.get(ids=[DRAWN]), depth=3, limit=100_000, ignore_rels=["HAS_SECTION"])
    arrows = {
        (a.properties["title"], link.properties["label"], b.properties["title"])
        for a, link, b in steps
        if link.label == LEADS_TO
    }
    assert ("Draft the map", "a month", "Assembly agrees?") in arrows
    assert ("Assembly agrees?", "no", "Draft the map") in arrows
    assert len(arrows) == 7
    assert opened.snapshot.manifest.problems == ()
    assert opened.snapshot.library.page(DRAWN).title == "Common Forest Plan"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """A library and an index of one's own, to change."""
    library, index = tmp_path / "library", tmp_path / "index"
    shutil.copytree(settings.libraries[0], library)
    shutil.copytree(settings.index, index)
    made = replace(settings, index=index, libraries=(library,))
    Engine.build(made)
    return made


def page(settings: Settings, slug: str) -> Path:
    return Path(settings.libraries[0]) / "patterns" / f"{slug}.md"


def with_fence(settings: Settings, slug: str, text: str) -> None:
    path = page(settings, slug)
    path.write_text(path.read_text("utf-8") + f"\n```mermaid\n{text}\n```\n", encoding="utf-8")


def titles(settings: Settings, encoder: MiniLM, slug: str) -> set[str]:
    """The labels of a page's boxes, as the index in use holds them."""
    snapshot = opened_index(settings, encoder)
    found = {str(node.properties["title"]) for node in snapshot.store.get(properties={"of": slug}) if node.label == BOX}
    links = {link.label for _, link, _ in snapshot.store.neighbours(slug)}
    assert (HAS_DIAGRAM in links) == bool(found)
    snapshot.close()
    return found


def test_changed_pages_bring_change_and_take_away_their_diagrams(
    own: Settings, encoder: MiniLM, tmp_path: Path
) -> None:
    path = page(own, DRAWN)
    path.write_text(path.read_text("utf-8").replace("Count stumps", "Count young oaks"), encoding="utf-8")
    with_fence(own, "time-bank", "flowchart LR\n  a[Give an hour] --> b[Receive an hour]")
    Engine.build(own)
    assert Manifest.read(current_folder(own.index)).base  # a segment of changes
    assert "Count young oaks" in titles(own, encoder, DRAWN)
    assert "Count stumps" not in titles(own, encoder, DRAWN)
    assert titles(own, encoder, "time-bank") == {"Give an hour", "Receive an hour"}
    anew = replace(own, index=tmp_path / "anew")
    Engine.build(anew)
    for index in (own, anew):
        assert len(titles(index, encoder, DRAWN)) == 6
    changed, whole = opened_index(own, encoder), opened_index(anew, encoder)
    assert changed.store.content_hash() == whole.store.content_hash()
    changed.close()
    whole.close()
    path.unlink()
    Engine.build(own)
    assert Manifest.read(current_folder(own.index)).base
    assert titles(own, encoder, DRAWN) == set()


def test_a_diagram_that_cannot_be_read_is_told_and_harms_nothing(own: Settings, encoder: MiniLM) -> None:
    with_fence(own, "time-bank", "sequenceDiagram\n  Ann->>Bo: an hour of help")
    with_fence(own, "time-bank", "flowchart LR\n  a --> b")
    Engine.build(own)
    manifest = Manifest.read(current_folder(own.index))
    assert manifest.base
    (problem,) = manifest.problems
    assert problem.path.endswith("time-bank.md")
    assert not problem.skipped
    assert problem.message.startswith("Its mermaid diagram under “Vitality” stays text: ")
    assert titles(own, encoder, "time-bank") == {"a", "b"}
    path = page(own, "asset-lock")
    path.write_text(path.read_text("utf-8") + "\nOne more line.\n", encoding="utf-8")
    Engine.build(own)
    assert Manifest.read(current_folder(own.index)).problems == (problem,)  # of a page that did not change
    Engine.build(own, merge=True)
    merged = Manifest.read(current_folder(own.index))
    assert (merged.base, merged.problems) == ("", (problem,))


@pytest.mark.parametrize("damage", ["", "[]"])
def test_without_the_list_of_what_was_drawn_a_whole_index_is_built(own: Settings, encoder: MiniLM, damage: str) -> None:
    folder = current_folder(own.index)
    drawn = base_folder(folder, Manifest.read(folder)) / "diagrams.json"
    drawn.unlink()
    if damage:
        drawn.write_text(damage, encoding="utf-8")
    with_fence(own, "time-bank", "flowchart LR\n  a --> b")
    Engine.build(own)
    assert not Manifest.read(current_folder(own.index)).base
    assert titles(own, encoder, "time-bank") == {"a", "b"}


def test_an_older_index_says_its_cure(own: Settings, encoder: MiniLM) -> None:
    path = current_folder(own.index) / "manifest.json"
    path.write_text(path.read_text("utf-8").replace(f'"schema": {SCHEMA}', '"schema": 2'), encoding="utf-8")
    with pytest.raises(SchemaMismatch, match=r"schema 2.*reads schema 3.*cml index"):
        opened_index(own, encoder)
    Engine.build(own)
    assert "Count stumps" in titles(own, encoder, DRAWN)

"""Recordings in the graph: from a pattern to the moments that mention it, their slides and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from llama_index.core.graph_stores.types import EntityNode
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.vector_stores.types import VectorStoreQuery

from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode
from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.engine.lecture_patterns import pattern_moments
from cml_mm.engine.opened import Opened
from cml_mm.graph.diagram_rows import DIAGRAM, HOLDS, PART_OF
from cml_mm.graph.graph_store_reader import GraphStoreReader
from cml_mm.graph.lecture_rows import CHAPTER, CONCEPT, HAS_RECORDING, MENTIONS, MOMENT, NEXT, RECORDING, SHOWS, SLIDE
from cml_mm.graph.session_store import SessionStore
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.lectures.corrections import corrected
from cml_mm.lectures.values import ChapterEdit, CueEdit, Lecture
from cml_mm.models.minilm import MiniLM
from cml_mm.profiles import file_reader
from cml_mm.record import Record
from cml_mm.retrieval.file_index import FileIndex
from cml_mm.retrieval.file_view import FileView
from cml_mm.retrieval.moment_retriever import MomentRetriever
from cml_mm.settings import Settings
from cml_mm.talk import Scope
from cml_mm.visits import DEFAULT_LIMITS, StoredFile
from tests.support.lecture_files import orchard, stored_lecture
from tests.support.record_values import ANNA, BERT, DAY

SANCTIONS = "graduated-sanctions"


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture(scope="module")
def talk(encoder: MiniLM) -> StoredFile:
    return stored_lecture(encoder, 1, "orchard.mp4", orchard())


def laid(opened: Opened, *files: StoredFile) -> tuple[FileView, SessionStore]:
    encoder = opened.answerer.composer.encoder
    view = FileView.over(FileIndex.build(files, encoder, None), opened.linker, opened.labels)
    return view, SessionStore.over(opened.snapshot.store, files, view.links, view.of_diagrams)


@pytest.fixture(scope="module")
def store(opened: Opened, talk: StoredFile) -> SessionStore:
    return laid(opened, talk)[1]


def node_of(file: StoredFile, place: str) -> str:
    return f"{file.card.id}/{place}"


def around(store: GraphStoreReader, node_id: str, label: str = "") -> set[tuple[str, str, str]]:
    found = {(a.id, link.label, b.id) for a, link, b in store.neighbours(node_id)}
    return {one for one in found if not label or one[1] == label}


def held(store: SessionStore, node_id: str) -> dict[str, object]:
    (node,) = store.get(ids=[node_id])
    assert isinstance(node, EntityNode)
    return {"label": node.label, **node.properties}


def retriever(opened: Opened, *files: StoredFile) -> MomentRetriever:
    view, store = laid(opened, *files)
    return MomentRetriever(view, store, opened.ranker.names)


# --- nodes and links -----------------------------------------------------------------------------


def test_one_walk_leads_from_a_pattern_to_its_moment_its_slide_its_chapter_and_what_follows(
    store: SessionStore, talk: StoredFile
) -> None:
    walked = store.get_rel_map(store.get(ids=[SANCTIONS]), depth=3, limit=100_000)
    steps = {(a.id, link.label, b.id) for a, link, b in walked}
    moment = node_of(talk, "moment-3")
    assert (moment, MENTIONS, SANCTIONS) in steps
    assert (moment, NEXT, node_of(talk, "moment-4")) in steps
    assert (moment, SHOWS, node_of(talk, "slide-3")) in steps
    assert (moment, PART_OF, node_of(talk, "chapter-2")) in steps
    assert (node_of(talk, "chapter-2"), PART_OF, node_of(talk, "recording")) in steps
    assert around(store, talk.card.id, HAS_RECORDING) == {(talk.card.id, HAS_RECORDING, node_of(talk, "recording"))}
    order = [(a.id, b.id) for a, _, b in store.get_triplets(relation_names=[NEXT])]
    assert order == [(node_of(talk, f"moment-{n}"), node_of(talk, f"moment-{n + 1}")) for n in (1, 2, 3)]


def test_every_part_is_titled_and_knows_its_seconds_and_words(store: SessionStore, talk: StoredFile) -> None:
    moment = held(store, node_of(talk, "moment-3"))
    assert (moment["label"], moment["title"], moment["number"]) == (MOMENT, "0:41 Graduated Sanctions", 3)
    assert (moment["start_seconds"], moment["end_seconds"]) == (41.0, 70.0)
    assert str(moment["words"]).startswith("If somebody breaks a rule, a neighbour first has a friendly word")
    assert moment["quotable"] is True and moment["ref_doc_id"] == talk.card.id
    slide = held(store, node_of(talk, "slide-3"))
    assert (slide["label"], slide["title"]) == (SLIDE, "Slide at 0:41 · Graduated Sanctions")
    assert (slide["start_seconds"], slide["end_seconds"], slide["face"]) == (41.0, 70.0, "frame-69000")
    assert slide["words"] == "Graduated Sanctions\nA friendly word\nA week without picking\nA talk with the circle"
    chapter = held(store, node_of(talk, "chapter-3"))
    assert (chapter["label"], chapter["title"], chapter["start_seconds"]) == (CHAPTER, "The Cider Press", 70.0)
    recording = held(store, node_of(talk, "recording"))
    assert (recording["label"], recording["title"], recording["end_seconds"]) == (RECORDING, "orchard", 96.0)


def test_a_mention_says_its_words_how_surely_and_when_and_agrees_with_what_a_lecture_lists(
    store: SessionStore, talk: StoredFile, opened: Opened
) -> None:
    view, _ = laid(opened, talk)
    listed = {(one.slug, one.start_seconds // 1) for one in pattern_moments(talk.read, talk.chunks, view.links)}
    mentions = [(link, b) for _, link, b in store.get_triplets(relation_names=[MENTIONS]) if b.label not in (CONCEPT,)]
    assert {(b.id, link.properties["start_seconds"] // 1) for link, b in mentions} == listed != set()
    (one,) = store.mentioning(SANCTIONS)
    assert (one.moment, one.file, one.title) == (node_of(talk, "moment-3"), talk.card.id, "Graduated Sanctions")
    assert set(one.where) == {"slide", "speech"} and {"Graduated Sanctions", "sanctions"} <= set(one.words)
    assert (one.start_seconds, one.end_seconds) == (41.0, 70.0)
    assert one.first and one.named and one.quotable and one.score > 1


def test_the_first_mention_of_a_concept_may_come_before_its_slide(opened: Opened, encoder: MiniLM) -> None:
    lecture = corrected(orchard(), (CueEdit(1, "Later I will come back to our cider presses."),))
    talk = stored_lecture(encoder, 2, "orchard.mp4", lecture)
    _, store = laid(opened, talk)
    press = node_of(talk, "concept/cider press")
    early, late = store.mentioning(press)
    assert (early.moment, early.start_seconds, early.first) == (node_of(talk, "moment-1"), 7.0, True)
    assert early.words == ("cider presses",) and early.where == ("speech",)
    assert (late.moment, late.first) == (node_of(talk, "moment-4"), False)
    concept = held(store, press)
    assert (concept["label"], concept["title"], concept["start_seconds"]) == (CONCEPT, "The Cider Press", 7.0)
    assert concept["first_moment"] == early.moment


def test_a_slide_leads_to_the_diagram_on_it(opened: Opened, talk: StoredFile) -> None:
    boxes = (DiagramNode("a", "Somebody breaks a rule"), DiagramNode("b", "Graduated sanctions"))
    elsewhere = Diagram(title="Elsewhere", origin="picture", nodes=boxes, face="frame-1")
    drawn = Diagram(
        title="Steps", origin="picture", nodes=boxes, edges=(DiagramEdge("e", "a", "b"),), face="frame-69000"
    )
    _, store = laid(opened, replace(talk, read=replace(talk.read, diagrams=(elsewhere, drawn))))
    shown = around(store, node_of(talk, "slide-3"), SHOWS)
    assert (node_of(talk, "slide-3"), SHOWS, node_of(talk, "diagram-1")) in shown
    assert held(store, node_of(talk, "diagram-1"))["label"] == DIAGRAM
    steps = store.get_rel_map(store.get(ids=[node_of(talk, "moment-3")]), depth=3, limit=100_000)
    walked = {(a.id, link.label, b.id) for a, link, b in steps}
    assert (node_of(talk, "diagram-1"), HOLDS, node_of(talk, "diagram-1/b")) in walked
    assert not around(store, node_of(talk, "diagram-0"), SHOWS)


def test_moments_lead_nowhere_that_the_library_does_not_go(opened: Opened, talk: StoredFile) -> None:
    view, _ = laid(opened, talk)
    links = [replace(link, slug="a-page-that-left") for link in view.links]
    store = SessionStore.over(opened.snapshot.store, [talk], links)
    assert {b.label for _, _, b in store.get_triplets(relation_names=[MENTIONS])} == {CONCEPT}
    assert store.get_rel_map(store.get(ids=[talk.card.id]), depth=4, limit=10_000)  # every end is there


def test_weak_words_are_found_and_marked_and_name_no_concept(opened: Opened, encoder: MiniLM) -> None:
    heard = stored_lecture(encoder, 3, "orchard.mp3", orchard("weak recogniser", shown=False), "sound")
    _, store = laid(opened, heard)
    assert [node.id for node in store.get() if node.label == CONCEPT] == []
    mentions = store.mentioning(SANCTIONS)
    assert mentions and not any(one.quotable for one in mentions)
    assert {one.where for one in mentions} == {("speech",)}
    assert {node.properties["quotable"] for node in store.get() if node.label == MOMENT} == {False}
    shown = stored_lecture(encoder, 4, "orchard.mp4", orchard("weak recogniser"))
    _, store = laid(opened, shown)
    (both,) = store.mentioning(SANCTIONS)
    # Of the slide and of what was heard there the slide's words alone may be quoted, and stand there alone.
    assert both.quotable and both.words == ("Graduated Sanctions",) and set(both.where) == {"slide", "speech"}
    assert len([node for node in store.get() if node.label == CONCEPT]) == 4


# --- retrieval -----------------------------------------------------------------------------------


def test_the_nearest_chunk_leads_to_its_moment_with_its_seconds(
    store: SessionStore, talk: StoredFile, encoder: MiniLM
) -> None:
    vector = encoder.encode_query("How was the machine for apples paid for?")
    asked = VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=40)
    chunks = [node.id for node in store.vector_query(asked)[0] if node.id.startswith(talk.card.id)]
    moment = held(store, store.moment_of(chunks[0]) or "")
    assert (moment["title"], moment["start_seconds"], moment["end_seconds"]) == ("1:10 The Cider Press", 70.0, 96.0)
    of_slide, of_speech = (chunk.id for chunk in talk.chunks[-2:])
    assert store.moment_of(of_slide) == store.moment_of(of_speech) == node_of(talk, "moment-4")
    assert store.chunks_of(node_of(talk, "moment-4")) == (of_speech, of_slide)
    assert store.moment_of("nobody") is store.moment_of(SANCTIONS) is None


def test_a_slide_that_several_moments_show_leads_to_the_first_of_them(opened: Opened, encoder: MiniLM) -> None:
    lecture = orchard()
    last = lecture.moments[-1]
    parts = (
        replace(last, number=9, end_seconds=78.0, cues=(last.cues[0], last.cues[0] + 1)),
        replace(last, number=10, start_seconds=78.0, cues=(last.cues[0] + 1, last.cues[1])),
    )
    talk = stored_lecture(encoder, 7, "orchard.mp4", replace(lecture, moments=(*lecture.moments[:-1], *parts)))
    _, store = laid(opened, talk)
    of_slide, first, second = (chunk.id for chunk in talk.chunks[-3:])
    assert len(around(store, node_of(talk, "slide-4"), SHOWS)) == 2
    assert store.moment_of(of_slide) == store.moment_of(first) == node_of(talk, "moment-9")
    assert store.moment_of(second) == node_of(talk, "moment-10")


def test_a_llama_index_query_engine_gets_moments_with_their_seconds(opened: Opened, talk: StoredFile) -> None:
    engine = RetrieverQueryEngine(retriever(opened, talk), get_response_synthesizer(llm=MockLLM()))
    best = engine.query("What do they do about rule breakers?").source_nodes[0].node  # type: ignore[union-attr]
    assert (best.metadata["title"], best.metadata["start_seconds"]) == ("0:41 Graduated Sanctions", 41.0)
    assert best.get_content().startswith("0:41 Graduated Sanctions\nIf somebody breaks a rule")
    assert best.metadata["found_by"]


def test_what_a_question_names_leads_to_every_moment_that_mentions_it(opened: Opened, encoder: MiniLM) -> None:
    lecture = corrected(orchard(), (CueEdit(4, "Role Rotation, as others call it, suits the village best."),))
    talk = stored_lecture(encoder, 5, "orchard.mp4", lecture)
    found = retriever(opened, talk)
    best = found.retrieve_moments("Is there anything about Taking Turns?")[0]  # an alias that nobody says
    assert (best.moment, best.found_by[0]) == (node_of(talk, "moment-2"), "mentions Role Rotation")
    by_concept = found.retrieve_moments("When does the cider press come up?")[0]
    assert (by_concept.moment, by_concept.found_by[0]) == (node_of(talk, "moment-4"), "mentions The Cider Press")
    assert found.retrieve_moments("Taking Turns", files=frozenset({"file-of-nobody"})) == ()


def test_what_is_said_beside_a_slide_that_names_a_pattern_is_found_with_it(opened: Opened, encoder: MiniLM) -> None:
    said = stored_lecture(encoder, 6, "orchard.mp4", _retitled(orchard(), 4, "Role Rotation"))
    slide, speech = (chunk.id for chunk in said.chunks[-2:])
    question = "Is there anything about Rotating Duties?"
    found = {one.chunk.id: one for one in opened.source((said,)).search(question)}
    assert "names Role Rotation" in found[slide].found_by
    assert "belongs to a moment that mentions Role Rotation" in found[speech].found_by
    view, _ = laid(opened, said)
    alone = {one.chunk.id: one.score for one in view.index.search(question)}
    gained = {chunk: round(one.score - alone[chunk], 3) for chunk, one in found.items() if one.score > alone[chunk]}
    assert gained == {slide: 0.5, speech: 0.2}


def _retitled(lecture: Lecture, number: int, title: str) -> Lecture:
    slides = tuple(
        replace(one, title=title, lines=(replace(one.lines[0], text=title), *one.lines[1:]))
        if one.number == number
        else one
        for one in lecture.slides
    )
    return replace(lecture, slides=slides)


# --- whose it is, and for how long ----------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path, settings: Settings, encoder: MiniLM, opened: Opened) -> Iterator[tuple[Files, Record]]:
    record = Record(tmp_path / "data", DAY, DAY)
    yield Files(record, Bringer(file_reader(settings), encoder), DEFAULT_LIMITS, opened=lambda: opened), record
    record.close()


def keep(record: Record, visitor: str, stored: StoredFile) -> None:
    content = record.inbox / stored.card.id
    content.write_bytes(stored.card.id.encode())
    record.files.keep(visitor, stored, content)


def by_moment(files: Files, opened: Opened, visitor: str) -> set[str]:
    """The chunks that a question finds because of the moment that they belong to."""
    source = files.source(Scope("files", visitor), opened)
    found = source.search("Is there anything about Taking Turns?") if source else ()
    return {one.chunk.id for one in found if "belongs to a moment that mentions Role Rotation" in one.found_by}


def test_a_correction_is_in_the_graph_and_nothing_stays_of_a_deleted_file_or_reaches_another_visitor(
    files: tuple[Files, Record], opened: Opened, encoder: MiniLM
) -> None:
    desk, record = files
    mine, other = (stored_lecture(encoder, number, "orchard.mp4", orchard()) for number in (11, 12))
    keep(record, ANNA, mine)
    keep(record, BERT, other)
    assert by_moment(desk, opened, ANNA) == set()
    desk.correct_lecture(ANNA, mine.card.id, (CueEdit(4, "Role Rotation, as others call it, suits the village best."),))
    slide = mine.chunks[2].id
    assert by_moment(desk, opened, ANNA) == {slide}
    assert by_moment(desk, opened, BERT) == set()
    desk.correct_lecture(
        ANNA, mine.card.id, (CueEdit(4, "Turns, as others call it."), ChapterEdit(3, "Press and yard"))
    )
    assert by_moment(desk, opened, ANNA) == set()
    source = desk.source(Scope("files", ANNA), opened)
    assert source is not None
    _, store = laid(opened, *source.files)
    assert held(store, node_of(mine, "chapter-3"))["title"] == "Press and yard"
    assert "Turns, as others call it." in str(held(store, node_of(mine, "moment-2"))["words"])
    assert store.get(properties={"of": other.card.id}) == []
    desk.remove(ANNA, mine.card.id)
    assert desk.source(Scope("files", ANNA), opened) is None
    assert opened.snapshot.store.get(properties={"of": mine.card.id}) == []
    assert {one.id for one in opened.snapshot.store.get() if one.label in (MOMENT, SLIDE, CONCEPT, RECORDING)} == set()

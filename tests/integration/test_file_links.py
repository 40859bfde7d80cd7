"""A visitor's passages joined with the patterns of the starter library, and found through them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from llama_index.core.llms.mock import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer

from benchmarks.measure_files import own_file, read_gold
from cml_mm.graph.session_store import SessionStore
from cml_mm.graph.snapshot import Snapshot, open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.retrieval.file_index import FileIndex
from cml_mm.retrieval.file_links import PatternLinker
from cml_mm.retrieval.file_retriever import FileRetriever
from cml_mm.retrieval.file_view import FileView
from cml_mm.retrieval.names import NameIndex
from cml_mm.settings import Settings
from cml_mm.visits import PatternLink, StoredFile
from tests.support.private_files import stored

KITCHEN = (
    "Minutes. Ferris asked who cleans the boiler. From June on, kitchen, boiler and minutes change hands every quarter."
)


@pytest.fixture(scope="module")
def snapshot(settings: Settings, encoder: MiniLM) -> Iterator[Snapshot]:
    opened = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def linker(snapshot: Snapshot) -> PatternLinker:
    return PatternLinker(snapshot)


def links(linker: PatternLinker, encoder: MiniLM, *texts: str) -> tuple[PatternLink, ...]:
    file = stored(encoder, "file-a", "A", *((f"Page {number}", text) for number, text in enumerate(texts, 1)))
    return linker.link(file.chunks, file.vectors)


@pytest.mark.parametrize(
    ("text", "slug", "word"),
    [
        ("In March we joined the Time Bank of the valley.", "time-bank", "Time Bank"),
        ("The Double Links between Circles were set up in May.", "double-links", "Double Links between Circles"),
        ("We keep a community land trust for the meadow.", "community-land-trust", "community land trust"),
        ("Nobody liked the Pay cap, though it was kept.", "agreed-pay-ratio", None),
    ],
)
def test_a_passage_that_names_a_pattern(
    linker: PatternLinker, encoder: MiniLM, text: str, slug: str, word: str | None
) -> None:
    named = [link for link in links(linker, encoder, text) if link.named]
    assert [(link.slug, link.words) for link in named] == ([(slug, (word,))] if word else [])


def test_short_names_are_words_where_they_are_not_written_as_names(linker: PatternLinker, encoder: MiniLM) -> None:
    assert not any(
        link.named
        for link in links(
            linker, encoder, "The open books lie there.", "Open books lie there.", "OPEN BOOKS, SEED LIBRARY"
        )
    )


def test_a_passage_near_in_meaning_is_linked_with_the_words_that_justify_it(
    linker: PatternLinker, encoder: MiniLM
) -> None:
    (link,) = links(
        linker,
        encoder,
        "§ 9 A motion is carried if nobody has a reasoned objection that it would harm the society."
        " The facilitator asks each person in turn.",
    )
    assert (link.slug, link.named) == ("consent-decision-making", False)
    assert "objection" in link.words
    assert 2 <= len(link.words) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "The car park has eleven bays.",
        "Consent.",
        "The chimney sweep comes on 9 November. All stoves must be cold; soot on silk cannot be got out.",
        "Invoice 2041: twelve hours of work at 90 crowns, travel 64, tax 20 per cent, payable within thirty days.",
        "",
    ],
)
def test_a_passage_that_says_nothing_about_patterns_is_left_alone(
    linker: PatternLinker, encoder: MiniLM, text: str
) -> None:
    assert links(linker, encoder, text) == ()


def test_links_are_few_and_mostly_right(linker: PatternLinker, encoder: MiniLM) -> None:
    gold = read_gold()
    file = own_file(gold, encoder)
    made = [(gold[int(link.chunk.split("/")[1])], link) for link in linker.link(file.chunks, file.vectors)]
    right = [(one, link) for one, link in made if link.slug in one.links]
    assert len(right) >= 0.85 * len(made)
    assert len({one.id for one, _ in right}) >= 16  # of 31 that speak about one
    assert all(link.words and all(word in one.text for word in link.words) for one, link in made)


def test_nothing_is_linked_with_nothing(linker: PatternLinker) -> None:
    assert linker.link([], np.zeros((0, 384), np.float32)) == ()


@pytest.fixture(scope="module")
def files(encoder: MiniLM) -> tuple[StoredFile, StoredFile]:
    return (
        stored(
            encoder, "file-a", "Statutes", ("Page 1", "Here we speak of Role Rotation every year."), ("Page 2", KITCHEN)
        ),
        stored(encoder, "file-b", "Notices", ("Page 1", "Our rota: Role Rotation begins in May."), ("Page 2", "Cake.")),
    )


@pytest.fixture(scope="module")
def retriever(
    files: tuple[StoredFile, StoredFile], snapshot: Snapshot, linker: PatternLinker, encoder: MiniLM
) -> FileRetriever:
    view = FileView.over(FileIndex.build(files, encoder, snapshot.bm25.document_frequency), linker)
    store = SessionStore.over(snapshot.store, files, view.links)
    names = NameIndex(snapshot.library.entries.values(), snapshot.bm25.document_frequency)
    return FileRetriever(view, store, names)


def test_a_view_knows_both_directions(retriever: FileRetriever) -> None:
    view = retriever.view
    (first,) = view.patterns_of("file-a/0/0")
    assert (first.slug, first.named) == ("role-rotation", True)
    assert {link.chunk for link in view.links_to("role-rotation")} == {"file-a/0/0", "file-b/0/0"}
    assert view.patterns[0] == "role-rotation"
    assert view.patterns_of("file-b/1/0") == view.links_to("open-books") == ()
    alone = view.restricted(frozenset({"file-b"}))
    assert [link.chunk for link in alone.links_to("role-rotation")] == ["file-b/0/0"]
    assert view.restricted(frozenset()) is view


def test_a_question_about_a_pattern_finds_the_chunks_that_speak_about_it(retriever: FileRetriever) -> None:
    # An alias that no chunk says: the graph leads there.
    found = retriever.retrieve_found("Is there a rule about Rotating Duties?", 2)
    assert {one.chunk.id for one in found} == {"file-a/0/0", "file-b/0/0"}
    assert all("names Role Rotation" in one.found_by for one in found)
    among = retriever.retrieve_found("Role Rotation", 4, frozenset({"file-b"}))
    assert {one.chunk.file for one in among} == {"file-b"}


def test_the_librarys_best_page_leads_there_as_well(retriever: FileRetriever) -> None:
    question = "Cake?"
    plain = retriever.retrieve_found(question, 4)
    lifted = retriever.retrieve_found(question, 4, about=["role-rotation"])
    assert not any("names Role Rotation" in one.found_by for one in plain)
    scores = {one.chunk.id: one.score for one in plain}
    gained = [one.chunk.id for one in lifted if one.score > scores.get(one.chunk.id, 0.0) + 0.1]
    assert sorted(gained) == ["file-a/0/0", "file-b/0/0"]
    assert lifted[0].chunk.text == "Cake."


def test_a_llama_index_query_engine_answers_from_private_files(retriever: FileRetriever) -> None:
    engine = RetrieverQueryEngine(retriever, get_response_synthesizer(llm=MockLLM()))
    nodes = engine.query("Who cleans the boiler?").source_nodes  # type: ignore[union-attr]
    best = nodes[0].node
    assert best.get_content() == KITCHEN
    assert {key: best.metadata[key] for key in ("file", "face", "page")} == {
        "file": "file-a",
        "face": "page-2",
        "page": 2,
    }
    assert best.metadata["found_by"]

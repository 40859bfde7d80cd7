"""Searching a visitor's files: ranking, restriction to some of them, and whether they say anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cml_mm.errors import SchemaMismatch
from cml_mm.models.minilm import MiniLM
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import FileIndex, Lift, encoded_text
from cml_mm.visits import FoundChunk, StoredFile
from tests.support.private_files import stored


@pytest.fixture(scope="module")
def mill(encoder: MiniLM) -> StoredFile:
    return stored(
        encoder,
        "file-mill",
        "Statutes of Weir Mill",
        ("Terms of office", "The chair, the clerk and the treasurer are elected for two years."),
        ("Page 2", "§ 12 Members pay dues by their income. The rate for a bench is R-204."),
        ("Page 3", "The car park behind the mill has eleven bays, two of them for deliveries."),
        ("Page 4", "Tove Brandt (born 1950) is the caretaker. She lives in Sandwick and keeps the spare keys."),
    )


@pytest.fixture(scope="module")
def choir(encoder: MiniLM) -> StoredFile:
    return stored(
        encoder,
        "file-choir",
        "Choir newsletter",
        ("Rehearsals", "The choir meets in the drying loft on Tuesdays. The treasurer sings bass."),
        ("Sandwick", "The concert in Sandwick was sold out. Forty singers came by boat."),
    )


@pytest.fixture(scope="module")
def index(mill: StoredFile, choir: StoredFile, encoder: MiniLM) -> FileIndex:
    return FileIndex.build([mill, choir], encoder)


def sections(found: tuple[FoundChunk, ...]) -> list[tuple[str, int]]:
    return [(one.chunk.file.removeprefix("file-"), one.chunk.section) for one in found]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How long may somebody stay treasurer?", ("mill", 0)),
        ("What does § 12 say?", ("mill", 1)),
        ("R-204", ("mill", 1)),
        ("Who looks after the house?", ("mill", 3)),
        ("Where does the choir practise?", ("choir", 0)),
        ("How many parkng bays are there?", ("mill", 2)),
    ],
)
def test_the_right_chunk_comes_first(index: FileIndex, question: str, first: tuple[str, int]) -> None:
    assert sections(index.search(question, 1)) == [first]


def test_what_is_found_tells_how_much_it_holds_and_why(index: FileIndex) -> None:
    best, *others = index.search("What is the rate for a bench?")
    assert best.held == pytest.approx(1.0)
    assert best.cosine > max(one.cosine for one in others)
    assert "your words" in best.found_by
    assert all(one.found_by and 0 <= one.held <= 1 and -1 <= one.cosine <= 1 for one in (best, *others))
    assert [one.score for one in (best, *others)] == sorted((one.score for one in (best, *others)), reverse=True)


def test_a_name_leads_from_one_file_to_another(index: FileIndex) -> None:
    found = index.search("What happened in the town where Tove Brandt lives?", 2)
    assert set(sections(found)) == {("mill", 3), ("choir", 1)}


def test_other_files_take_no_part_where_some_are_named(index: FileIndex, mill: StoredFile, encoder: MiniLM) -> None:
    alone = FileIndex.build([mill], encoder)
    question = "When does the treasurer sing in Sandwick?"
    assert index.search(question, files=frozenset({"file-mill"})) == alone.search(question)
    assert index.search(question, 3) != alone.search(question, 3)
    assert index.search(question, files=frozenset({"file-mill", "file-choir"})) == index.search(question)
    assert index.search(question, files=frozenset({"file-of-somebody-else"})) == ()
    assert index.restricted(frozenset({"file-mill"})) is index.restricted(frozenset({"file-mill", "nobody's"}))


def test_a_lift_brings_a_chunk_up_and_says_why(index: FileIndex, mill: StoredFile) -> None:
    question, chunk = "Where does the choir practise?", mill.chunks[2].id
    before = index.search(question, 2)
    assert chunk not in {one.chunk.id for one in before}
    first, *_ = index.search(
        question, 2, lifts={chunk: Lift(2.0, "speaks about Parking: bays"), "no chunk": Lift(9, "")}
    )
    assert first.chunk.id == chunk
    assert first.found_by[0] == "speaks about Parking: bays"
    assert first.held == 0
    among = index.search(question, 2, frozenset({"file-choir"}), {chunk: Lift(2.0, "")})
    assert chunk not in {one.chunk.id for one in among}


@pytest.mark.parametrize(
    "question",
    ["How long is the treasurer elected for?", "How many bays has the car park?", "When does the choir meet?"],
)
def test_files_answer_what_they_say(index: FileIndex, question: str) -> None:
    assert index.answers(index.search(question))


@pytest.mark.parametrize(
    "question",
    ["Which pension scheme do we pay into?", "What is the capital of Mongolia?", "Who designed the logo?", "", "?!"],
)
def test_files_do_not_answer_what_they_do_not_say(index: FileIndex, question: str) -> None:
    assert not index.answers(index.search(question))


def test_a_word_that_the_library_knows_is_no_slip(encoder: MiniLM) -> None:
    bakery = stored(encoder, "file-b", "Bakery", ("Oven", "Benches stand beside the oven. The benches are of oak."))
    question = "Is there anything about branches?"
    assert FileIndex.build([bakery], encoder).put_right(question) == "Is there anything about benches?"
    known = FileIndex.build([bakery], encoder, lambda stem: 40 if stem == "branch" else 0)
    assert known.put_right(question) == question


def test_where_a_chunk_stands(index: FileIndex, mill: StoredFile) -> None:
    chunk = index.chunk(mill.chunks[1].id)
    assert (index.section(chunk).page, index.placing(chunk).face, index.file(chunk)) == (2, "page-2", mill)
    with pytest.raises(KeyError):
        index.chunk("file-mill/99/0")


def test_vectors_of_another_encoder_are_refused(mill: StoredFile, encoder: MiniLM) -> None:
    with pytest.raises(SchemaMismatch, match="mill"):
        FileIndex.build([replace(mill, encoder="another")], encoder)
    with pytest.raises(SchemaMismatch):
        FileIndex.build([replace(mill, vectors=mill.vectors[:1])], encoder)


def test_no_files_and_files_without_a_word(encoder: MiniLM) -> None:
    nothing = FileIndex.build([], encoder)
    assert (len(nothing), nothing.search("anything"), nothing.answers(())) == (0, (), False)
    empty = stored(encoder, "file-empty", "Empty")
    assert FileIndex.build([empty], encoder).search("anything") == ()
    single = FileIndex.build([empty, stored(encoder, "file-one", "One", ("", "Salt."))], encoder)
    assert sections(single.search("anything")) == [("one", 0)]
    assert single.search("anything", 0) == ()


def test_the_same_question_twice_gives_the_same(index: FileIndex) -> None:
    question = "What does the rule say about keys?"
    assert index.search(question) == index.search(question)


def test_a_vector_is_made_of_title_and_text(mill: StoredFile) -> None:
    assert encoded_text(mill.chunks[0]).startswith("Terms of office (Statutes of Weir Mill). The chair")
    assert chunk_document(mill.read.document, "file-mill") == mill.chunks

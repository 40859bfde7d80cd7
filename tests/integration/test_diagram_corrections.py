"""Corrections of a diagram: kept with the file, seen by the next question, taken back, and never half made."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.diagrams.editing import MOST_EDITS
from cml_mm.diagrams.values import (
    AddEdge,
    AddNode,
    Confirm,
    Delete,
    Diagram,
    DiagramEdge,
    DiagramEdit,
    DiagramNode,
    FreeText,
    Rename,
    Reverse,
    SetHeads,
)
from cml_mm.diagrams.wording import worded
from cml_mm.engine.bringing import Bringer
from cml_mm.engine.correcting import MOST_KEPT
from cml_mm.engine.files import Files
from cml_mm.engine.opened import Opened
from cml_mm.errors import InputError, LimitExceeded
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Vectors
from cml_mm.profiles import file_reader
from cml_mm.record import Record
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.settings import Settings
from cml_mm.talk import Scope
from cml_mm.types import Box
from cml_mm.visits import DEFAULT_LIMITS, KeptTalk, KeptTurn, ReadFile, StoredFile, new_file_id, new_talk_id
from tests.support.kept_diagrams import AFTER, BEFORE, file_with
from tests.support.record_values import ANNA, BERT, DAY, answer_quoting
from tests.support.traces import found_slices, found_words, slices_of

ROOT = Path(__file__).resolve().parent.parent.parent


def box(x: float, y: float) -> Box:
    return Box(x, y, 100, 40, 800, 600)


SHED = Diagram(
    title="Boat shed",
    origin="picture",
    nodes=(
        DiagramNode("n1", "Harbour meeting", box=box(100, 100), confidence=0.5),
        DiagramNode("n2", "Shed keeper", box=box(400, 100)),
        DiagramNode("n3", "Key list", box=box(400, 400)),
    ),
    edges=(
        DiagramEdge("e1", "n1", "n2", "appoints", polyline=((200, 120), (400, 120)), confidence=0.4),
        DiagramEdge("e2", "n2", "n3", polyline=((450, 140), (450, 400))),
    ),
    unplaced=(FreeText("Drawn in spring", box(10, 500)),),
    width=800,
    height=600,
    face="picture-1",
)
WORDS_ONLY = replace(SHED, title="", edges=(), face="picture-2", unplaced=())


@dataclass
class Desk:
    """Files over a record of their own, and the library beside them."""

    data: Path
    record: Record
    files: Files
    encoder: MiniLM
    opened: Opened

    def keep(self, visitor: str, *diagrams: Diagram) -> StoredFile:
        stored = file_with(self.encoder, diagrams)
        content = self.record.inbox / new_file_id()
        content.write_bytes(stored.card.id.encode())
        self.record.files.keep(visitor, stored, content)
        return self.stored(visitor, stored.card.id)

    def stored(self, visitor: str, file: str) -> StoredFile:
        return self.record.files.stored(visitor, file)

    def source(self, visitor: str):  # type: ignore[no-untyped-def]
        return self.files.source(Scope("files", visitor), self.opened)


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture
def desk(tmp_path: Path, settings: Settings, encoder: MiniLM, opened: Opened) -> Iterator[Desk]:
    record = Record(tmp_path / "data", DAY, DAY)
    bringer = Bringer(file_reader(settings), encoder)
    files = Files(record, bringer, DEFAULT_LIMITS, opened=lambda: opened)
    yield Desk(tmp_path / "data", record, files, encoder, opened)
    record.close()


def texts(read: ReadFile) -> list[str]:
    return [section.text for section in read.document.sections]


def assert_belongs_together(stored: StoredFile, encoder: MiniLM) -> None:
    """Every diagram with structure is said once, every run stands on its words, every chunk on its section."""
    sections = stored.read.document.sections
    assert len(stored.read.placings) == len(sections)
    for diagram in stored.read.diagrams:
        if diagram.has_structure:
            assert [section.text for section in sections].count(worded(diagram).text) >= 1
    for section, placing in zip(sections, stored.read.placings, strict=True):
        assert all(0 <= run.start < run.end <= len(section.text) for run in placing.runs)
    assert [chunk.section for chunk in stored.chunks] == sorted(chunk.section for chunk in stored.chunks)
    assert len({chunk.id for chunk in stored.chunks}) == len(stored.chunks)
    for chunk in stored.chunks:
        assert chunk.text == sections[chunk.section].text[chunk.start : chunk.end]
    expected = encoder.encode_passages([encoded_text(chunk) for chunk in stored.chunks])
    assert np.array_equal(stored.vectors, expected)


EDITS: dict[str, tuple[tuple[DiagramEdit, ...], str, str]] = {
    "rename": ((Rename("n2", "Open books"),), "Harbour meeting → Open books: appoints", "Shed keeper"),
    "reverse": ((Reverse("e1"),), "Shed keeper → Harbour meeting: appoints", "Harbour meeting → Shed keeper"),
    "heads": ((SetHeads("e1", "both"),), "Harbour meeting ↔ Shed keeper: appoints", "→ Shed keeper"),
    "add": ((AddNode("Treasurer", box(100, 400)), AddEdge("n1", "added-1")), "Harbour meeting → Treasurer", "Nobody"),
    "delete": ((Delete("n3"),), "Shed keeper", "Key list"),
    "confirm": ((Confirm("n1"), Confirm("e1")), "Harbour meeting → Shed keeper: appoints", "Nobody"),
}


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_changes_the_diagram_its_words_their_places_chunks_and_vectors(desk: Desk, kind: str) -> None:
    before = desk.keep(ANNA, SHED)
    edits, said, unsaid = EDITS[kind]
    read = desk.files.correct(ANNA, before.card.id, 0, edits)
    after = desk.stored(ANNA, before.card.id)
    assert texts(after.read) == texts(read) == [BEFORE.text, worded(read.diagrams[0]).text, AFTER.text]
    assert said in texts(read)[1]
    assert unsaid not in texts(read)[1]
    assert read.diagrams[0].corrections == len(edits)
    assert_belongs_together(after, desk.encoder)
    placing = read.placings[1]
    for edge in read.diagrams[0].edges:
        start = next(start for part, start, _ in worded(read.diagrams[0]).spans if part == edge.id)
        assert any(run.start == start for run in placing.runs)
    assert (after.chunks[0], after.chunks[-1]) == (before.chunks[0], before.chunks[-1])
    assert after.card.diagrams.unclear == len(read.diagrams[0].unclear)
    assert (after.card.added, after.card.expires) == (before.card.added, before.card.expires)


def test_corrections_outlive_a_restart_and_are_taken_back_one_by_one_or_all(desk: Desk) -> None:
    before = desk.keep(ANNA, SHED)
    file = before.card.id
    desk.files.correct(ANNA, file, 0, (Rename("n2", "Board"), Reverse("e1")))
    desk.files.correct(ANNA, file, 0, (Delete("e2"),))
    desk.record.close()
    record = Record(desk.data, DAY, DAY)
    try:
        files = Files(record, desk.files._bringer, DEFAULT_LIMITS)
        now = record.files.stored(ANNA, file)
        assert (now.read.diagrams[0].nodes[1].label, len(now.read.diagrams[0].edges)) == ("Board", 1)
        assert now.read.diagrams[0].corrections == 3
        one_less = files.uncorrect(ANNA, file, 0).diagrams[0]
        assert (len(one_less.edges), one_less.corrections) == (2, 2)
        assert one_less.edges[0].source == "n2"
        two_less = files.uncorrect(ANNA, file, 0).diagrams[0]
        assert (two_less.edges[0], two_less.nodes[1].label) == (SHED.edges[0], "Board")
        files.correct(ANNA, file, 0, (Delete("n1"),))
        files.restore(ANNA, file, 0)
        first = record.files.stored(ANNA, file)
        assert (first.read, first.chunks, first.card) == (before.read, before.chunks, before.card)
        assert np.array_equal(first.vectors, before.vectors)
        with pytest.raises(InputError, match="changed by hand"):
            files.uncorrect(ANNA, file, 0)
        assert files.restore(ANNA, file, 0) == before.read
    finally:
        record.close()


def test_the_next_question_sees_what_was_corrected(desk: Desk) -> None:
    file = desk.keep(ANNA, SHED).card.id
    source = desk.source(ANNA)
    assert source is desk.source(ANNA)  # held between questions
    assert desk.files.diagram_links(ANNA, file, 0) == source.diagram_links(file, 0) == ()
    desk.files.correct(ANNA, file, 0, (Rename("n2", "Open books"),))
    now = desk.source(ANNA)
    assert now is not source
    assert "Open books" in now.files[0].read.document.sections[1].text
    assert now.search("Open books")[0].chunk.text.startswith("Box: Harbour meeting")
    (link,) = desk.files.diagram_links(ANNA, file, 0)
    assert (link.node, link.slug, link.how) == ("n2", "open-books", "title")
    assert now.diagram_links(file, 0) == (link,)
    desk.files.restore(ANNA, file, 0)
    assert desk.source(ANNA).diagram_links(file, 0) == ()


def test_a_source_that_was_being_made_while_a_diagram_was_corrected_is_not_held(desk: Desk, opened: Opened) -> None:
    file = desk.keep(ANNA, SHED).card.id

    class Meddled:
        """The library, but somebody corrects the diagram while a source is made over it."""

        snapshot = opened.snapshot

        def source(self, files, looked=None):  # type: ignore[no-untyped-def]
            made = opened.source(files, looked)
            if "Board" not in str(desk.stored(ANNA, file).read.diagrams):
                desk.files.correct(ANNA, file, 0, (Rename("n2", "Board"),))
            return made

    old = desk.files.source(Scope("files", ANNA), Meddled())  # type: ignore[arg-type]
    assert old is not None
    assert "Board" not in old.files[0].read.document.sections[1].text  # it was asked before
    assert desk.files.ready.keys == ()
    assert "Board" in desk.source(ANNA).files[0].read.document.sections[1].text


def test_answers_that_quoted_the_first_reading_stay(desk: Desk) -> None:
    file = desk.keep(ANNA, SHED).card.id
    answer = answer_quoting(file)
    talk = KeptTalk(new_talk_id(), "Keys", (KeptTurn("Who decides?", answer),))
    desk.record.talks.save(ANNA, talk)
    desk.files.correct(ANNA, file, 0, (Reverse("e1"),))
    assert desk.record.talks.load(ANNA, talk.id).turns[0].answer == answer
    desk.files.remove(ANNA, file)
    assert desk.record.talks.load(ANNA, talk.id).turns[0].answer is None


def test_of_several_diagrams_only_the_one_that_is_meant_changes(desk: Desk) -> None:
    twin = replace(SHED, face="picture-3")
    same = replace(SHED)  # on the same face, with the same words
    stored = desk.keep(ANNA, SHED, same, twin)
    for number in (1, 2, 0):
        before = texts(desk.files.read(ANNA, stored.card.id))
        read = desk.files.correct(ANNA, stored.card.id, number, (Rename("n3", f"List {number}"),))
        changed = [place for place, text in enumerate(texts(read)) if text != before[place]]
        assert len(changed) == 1
        assert [f"List {number}" in str(diagram) for diagram in read.diagrams].count(True) == 1
        assert read.placings[changed[0]].face == read.diagrams[number].face
        assert_belongs_together(desk.stored(ANNA, stored.card.id), desk.encoder)
    desk.files.restore(ANNA, stored.card.id, 1)
    read = desk.files.read(ANNA, stored.card.id)
    assert [diagram.corrections for diagram in read.diagrams] == [1, 0, 1]


def test_a_diagram_without_structure_gets_a_section_when_it_gets_arrows_and_loses_it_again(desk: Desk) -> None:
    before = desk.keep(ANNA, SHED, WORDS_ONLY)
    file = before.card.id
    assert len(before.read.document.sections) == 3
    read = desk.files.correct(ANNA, file, 1, (AddEdge("n1", "n3", "keeps"),))
    assert texts(read)[:3] == texts(before.read)
    assert "Harbour meeting → Key list: keeps" in texts(read)[3]
    assert read.document.sections[3].heading == "Diagram on picture 2"
    assert read.placings[3].face == "picture-2"
    assert desk.stored(ANNA, file).card.diagrams.diagrams == 2
    assert_belongs_together(desk.stored(ANNA, file), desk.encoder)
    desk.files.correct(ANNA, file, 1, (Rename("n3", "Ledger"),))
    assert len(desk.files.read(ANNA, file).document.sections) == 4
    desk.files.restore(ANNA, file, 1)
    after = desk.stored(ANNA, file)
    assert (after.read, after.chunks) == (before.read, before.chunks)
    assert_belongs_together(after, desk.encoder)


def test_everything_in_a_diagram_may_be_deleted(desk: Desk) -> None:
    file = desk.keep(ANNA, replace(SHED, unplaced=())).card.id
    read = desk.files.correct(ANNA, file, 0, (Delete("n1"), Delete("n2"), Delete("n3")))
    assert texts(read)[1] == ""
    assert_belongs_together(desk.stored(ANNA, file), desk.encoder)
    assert desk.source(ANNA).search("roof before autumn")
    assert texts(desk.files.uncorrect(ANNA, file, 0))[1] == "Box: Key list"
    assert desk.files.restore(ANNA, file, 0).diagrams == (replace(SHED, unplaced=()),)


@pytest.mark.parametrize(
    ("diagram", "edits", "words"),
    [
        (0, (Rename("n2", "Board"), Delete("n9")), "no part"),
        (1, (Rename("n2", "Board"),), "no such diagram"),
        (-1, (Rename("n2", "Board"),), "no such diagram"),
        (0, (Confirm("n1"),) * (MOST_EDITS + 1), "changes at a time"),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(
    desk: Desk, diagram: int, edits: tuple[DiagramEdit, ...], words: str
) -> None:
    before = desk.keep(ANNA, SHED)
    with pytest.raises(InputError, match=words):
        desk.files.correct(ANNA, before.card.id, diagram, edits)
    after = desk.stored(ANNA, before.card.id)
    assert (after.read, after.chunks, after.card) == (before.read, before.chunks, before.card)
    with pytest.raises(InputError, match="changed by hand"):
        desk.files.uncorrect(ANNA, before.card.id, 0)


def test_only_so_many_edits_are_kept(desk: Desk) -> None:
    file = desk.keep(ANNA, SHED).card.id
    for _ in range(MOST_KEPT // MOST_EDITS):
        desk.files.correct(ANNA, file, 0, (Confirm("n1"),) * MOST_EDITS)
    with pytest.raises(LimitExceeded, match=f"changed {MOST_KEPT} times"):
        desk.files.correct(ANNA, file, 0, (Confirm("n1"),))
    assert desk.files.read(ANNA, file).diagrams[0].corrections == MOST_KEPT


def test_what_belongs_to_another_is_as_if_it_never_was(desk: Desk) -> None:
    file = desk.keep(ANNA, SHED).card.id
    asked: list[Callable[[str, str], object]] = [
        lambda visitor, wanted: desk.files.correct(visitor, wanted, 0, (Rename("n2", "Mine"),)),
        lambda visitor, wanted: desk.files.uncorrect(visitor, wanted, 0),
        lambda visitor, wanted: desk.files.restore(visitor, wanted, 0),
        lambda visitor, wanted: desk.files.diagram_links(visitor, wanted, 0),
    ]
    for ask in asked:
        for visitor, wanted in ((BERT, file), ("", file), (ANNA, new_file_id()), ("%", "%")):
            with pytest.raises(InputError, match="no such file"):
                ask(visitor, wanted)
    assert desk.files.read(ANNA, file).diagrams == (SHED,)


def test_nothing_of_a_corrected_file_is_left_when_it_is_deleted(desk: Desk) -> None:
    named = replace(SHED, nodes=(replace(SHED.nodes[0], label="Zorvantil"), *SHED.nodes[1:]))
    file = desk.keep(ANNA, named).card.id
    desk.files.correct(ANNA, file, 0, (Rename("n1", "Quibberling"), Rename("n2", "Flonkery")))
    words = ["Zorvantil", "Quibberling", "Flonkery"]
    assert found_words(desk.data, words) == set(words)  # the first reading is kept beside the corrected one
    pieces = slices_of(desk.data, [file])
    desk.files.remove(ANNA, file)
    assert desk.files.files(ANNA) == ()
    assert found_words(desk.data, words) == set()
    assert found_slices(desk.data, pieces) == set()


def test_no_correction_is_lost_when_several_are_made_at_once(desk: Desk) -> None:
    file = desk.keep(ANNA, SHED).card.id
    problems: list[BaseException] = []

    def add(mark: str) -> None:
        try:
            for number in range(4):
                desk.files.correct(ANNA, file, 0, (AddEdge("n1", "n3", f"{mark}{number}"),))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=add, args=(mark,)) for mark in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    stored = desk.stored(ANNA, file)
    labels = {edge.label for edge in stored.read.diagrams[0].edges}
    assert labels == {"appoints", ""} | {f"{mark}{number}" for mark in "abc" for number in range(4)}
    assert stored.read.diagrams[0].corrections == 12
    assert_belongs_together(stored, desk.encoder)


def test_a_file_that_is_deleted_while_it_is_corrected_stays_deleted(desk: Desk, encoder: MiniLM) -> None:
    file = desk.keep(ANNA, SHED).card.id

    class Deleting:
        """The real encoder, but the file is deleted while its words are encoded."""

        name, dimension, english_only = encoder.name, encoder.dimension, encoder.english_only

        def encode_query(self, text: str) -> Vectors:
            return encoder.encode_query(text)

        def encode_passages(self, given) -> Vectors:  # type: ignore[no-untyped-def]
            desk.files.remove(ANNA, file)
            return encoder.encode_passages(given)

    files = Files(desk.record, replace(desk.files._bringer, encoder=Deleting()), DEFAULT_LIMITS)
    with pytest.raises(InputError, match="no such file"):
        files.correct(ANNA, file, 0, (Rename("n2", "Board"),))
    assert desk.files.files(ANNA) == ()
    assert desk.source(ANNA) is None


def test_a_file_kept_with_another_encoders_vectors_is_encoded_again_as_a_whole(desk: Desk) -> None:
    stored = file_with(desk.encoder, [SHED])
    other = replace(stored, encoder="another", vectors=np.ones((len(stored.chunks), 7), np.float32))
    content = desk.record.inbox / new_file_id()
    content.write_bytes(b"x")
    desk.record.files.keep(ANNA, other, content)
    desk.files.correct(ANNA, stored.card.id, 0, (Rename("n2", "Board"),))
    now = desk.stored(ANNA, stored.card.id)
    assert now.encoder == desk.encoder.name
    assert_belongs_together(now, desk.encoder)


def test_a_file_without_diagrams_says_so(desk: Desk) -> None:
    stored = desk.keep(ANNA)
    with pytest.raises(InputError, match="no such diagram"):
        desk.files.correct(ANNA, stored.card.id, 0, (Delete("n1"),))


def test_kill_9_leaves_whole_corrections_only(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.correction_kill_worker", str(tmp_path / "data"), "12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout)
    assert counts["kills"] == 12
    assert counts["corrections"] >= 12
    assert counts["torn"] > 3  # so many kills fell into the middle of something

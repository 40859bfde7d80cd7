"""Corrections of a lecture taken back, and what a lecture touches of the library, over the real record and index."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.engine.beside import Beside
from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.engine.opened import Opened
from cml_mm.errors import InputError, LimitExceeded
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.lectures.values import ChapterEdit, Cue, CueEdit, Lecture, SpeakerEdit, Speech
from cml_mm.models.minilm import MiniLM
from cml_mm.profiles import file_reader
from cml_mm.record import Record
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.settings import Settings
from cml_mm.talk import Scope
from cml_mm.visits import DEFAULT_LIMITS, ReadFile
from tests.support.lecture_files import orchard, stored_lecture
from tests.support.made_files import film
from tests.support.record_values import ANNA, BERT, DAY
from tests.support.traces import found_words

SANCTIONS = "graduated-sanctions"
LAST_SANCTION = 8  # the place of the cue that names the pattern
CHERRY = CueEdit(2, "Every household draws a cherry in March.")


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture
def bringer(settings: Settings, encoder: MiniLM) -> Bringer:
    return Bringer(file_reader(settings), encoder)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = Record(tmp_path / "data", DAY, DAY)
    yield made
    made.close()


@pytest.fixture
def files(record: Record, bringer: Bringer, opened: Opened) -> Files:
    return Files(record, bringer, DEFAULT_LIMITS, opened=lambda: opened)


def kept(record: Record, encoder: MiniLM, lecture: Lecture | None = None) -> str:
    """The id of a recording that Anna has."""
    stored = stored_lecture(encoder, 1, "orchard.mp4", lecture or orchard(speakers=("Ada", "Lev")))
    content = record.inbox / "arriving"
    content.write_bytes(b"orchard")
    return record.files.keep(ANNA, stored, content).id


def lecture_of(read: ReadFile) -> Lecture:
    assert read.lecture is not None
    return read.lecture


def said(read: ReadFile) -> str:
    return "\n".join(section.text for section in read.document.sections)


def test_changes_are_taken_back_step_by_step_or_all_at_once_also_after_a_restart(
    tmp_path: Path, record: Record, files: Files, bringer: Bringer, encoder: MiniLM
) -> None:
    file = kept(record, encoder)
    before = files.read(ANNA, file)
    files.correct_lecture(ANNA, file, (CHERRY, SpeakerEdit("Ida", old="Ada")))
    files.correct_lecture(ANNA, file, (ChapterEdit(1, "The trees"),))
    record.close()
    again = Record(tmp_path / "data", DAY, DAY)
    try:
        files = Files(again, bringer, DEFAULT_LIMITS)
        one_less = files.uncorrect_lecture(ANNA, file)
        assert lecture_of(one_less).chapters == lecture_of(before).chapters
        assert "a cherry" in said(one_less) and lecture_of(one_less).speech.cues[0].speaker == "Ida"
        none = files.uncorrect_lecture(ANNA, file)  # what was saved together goes together
        assert lecture_of(none) == lecture_of(before)
        assert (none.placings, said(none)) == (before.placings, said(before))
        with pytest.raises(InputError, match="Nothing in this lecture was changed by hand"):
            files.uncorrect_lecture(ANNA, file)
        files.correct_lecture(ANNA, file, (CHERRY,))
        files.correct_lecture(ANNA, file, (CueEdit(0, ""),))
        assert lecture_of(files.restore_lecture(ANNA, file)) == lecture_of(before)
        assert lecture_of(files.restore_lecture(ANNA, file)) == lecture_of(before)
        stored = again.files.stored(ANNA, file)
        assert lecture_of(stored.read) == lecture_of(before)
        expected = encoder.encode_passages([encoded_text(chunk) for chunk in stored.chunks])
        assert np.allclose(stored.vectors, expected, atol=1e-5)
    finally:
        again.close()


def test_nobody_else_takes_a_change_back_and_only_recordings_have_them(
    record: Record, files: Files, encoder: MiniLM
) -> None:
    file = kept(record, encoder)
    files.correct_lecture(ANNA, file, (CHERRY,))
    text = files.inbox() / "text"
    text.write_bytes(b"# Minutes\n\nThe pump is mended on Tuesday by those who broke it.\n")
    minutes = files.add(ANNA, "minutes.md", text, lambda *_: None, lambda: False)
    assert minutes is not None
    for act in (files.uncorrect_lecture, files.restore_lecture, files.lecture_touches):
        with pytest.raises(InputError, match="no such file"):
            act(BERT, file)
        with pytest.raises(InputError, match="is no recording"):
            act(ANNA, minutes.id)
    assert "a cherry" in said(files.read(ANNA, file))


def test_what_was_said_before_goes_with_the_file(tmp_path: Path, record: Record, files: Files, encoder: MiniLM) -> None:
    file = kept(record, encoder)
    files.correct_lecture(ANNA, file, (CHERRY,))
    assert found_words(tmp_path / "data", ("Household draws a week",))
    files.remove(ANNA, file)
    record.close()
    assert found_words(tmp_path / "data", ("household draws", "a cherry")) == set()


def test_a_record_from_before_changes_were_kept_is_opened_and_changes_from_then_on_are_taken_back(
    tmp_path: Path, record: Record, files: Files, encoder: MiniLM
) -> None:
    file = kept(record, encoder)
    with sqlite3.connect(tmp_path / "data" / "record.sqlite") as connection:
        ((data,),) = connection.execute("SELECT read FROM files").fetchall()
        plain = json.loads(zlib.decompress(data))
        assert plain["lecture"].pop("changes", "none") is None
        connection.execute("UPDATE files SET read = ?", (zlib.compress(json.dumps(plain).encode()),))
    connection.close()
    assert lecture_of(files.read(ANNA, file)) == orchard(speakers=("Ada", "Lev"))
    files.correct_lecture(ANNA, file, (CHERRY,))
    assert lecture_of(files.uncorrect_lecture(ANNA, file)) == orchard(speakers=("Ada", "Lev"))


def test_captions_that_come_later_begin_anew(record: Record, files: Files, bringer: Bringer, encoder: MiniLM) -> None:
    file = kept(record, encoder, orchard("weak recogniser"))
    files.correct_lecture(ANNA, file, (CHERRY,))
    Beside(record.files, bringer).join(ANNA, file, Speech((Cue(1.0, 4.0, "The heron pays."),), "captions"))
    joined = lecture_of(files.restore_lecture(ANNA, file))
    assert [cue.text for cue in joined.speech.cues] == ["The heron pays."]
    with pytest.raises(InputError, match="Nothing in this lecture"):
        files.uncorrect_lecture(ANNA, file)


# --- what it touches -------------------------------------------------------------------------------


def test_the_patterns_that_are_touched_are_those_of_the_words_as_they_now_stand(
    record: Record, files: Files, encoder: MiniLM
) -> None:
    file = kept(record, encoder, orchard(shown=False))
    before = files.lecture_touches(ANNA, file)
    one = next(one for one in before.patterns if one.slug == SANCTIONS)
    assert (one.title, one.words[:2], one.origin) == ("Graduated Sanctions", ("Graduated", "sanctions"), "captions")
    assert (one.start_seconds, one.end_seconds) == (42.0, 66.0)
    assert ("Graduated sanctions", 56.0, 1) in [(one.said, one.start_seconds, one.times) for one in before.first_said]
    files.correct_lecture(ANNA, file, (CueEdit(LAST_SANCTION, "We never expel anybody at once."),))
    after = files.lecture_touches(ANNA, file)
    assert not any("Graduated" in one.words for one in after.patterns)
    assert "Graduated sanctions" not in [one.said for one in after.first_said]
    files.uncorrect_lecture(ANNA, file)
    assert files.lecture_touches(ANNA, file) == before


def test_what_is_held_ready_to_be_asked_says_the_same(
    record: Record, files: Files, opened: Opened, encoder: MiniLM
) -> None:
    file = kept(record, encoder)
    alone = files.lecture_touches(ANNA, file)
    assert alone.patterns and files.ready.keys == ()  # a file is opened without making all of them ready
    assert files.source(Scope("files", ANNA), opened) is not None
    assert files.ready.keys and files.lecture_touches(ANNA, file) == alone


def test_words_of_a_weak_recogniser_are_marked_and_without_a_library_there_is_nothing(
    record: Record, files: Files, bringer: Bringer, encoder: MiniLM
) -> None:
    file = kept(record, encoder, orchard("weak recogniser", shown=False))
    assert {one.origin for one in files.lecture_touches(ANNA, file).patterns} == {"weak speech"}
    alone = Files(record, bringer, DEFAULT_LIMITS).lecture_touches(ANNA, file)
    assert (alone.patterns, alone.first_said) == ((), ())


# --- too large -------------------------------------------------------------------------------------


def test_a_recording_that_is_too_large_is_not_told_of_smaller_pictures(record: Record, bringer: Bringer) -> None:
    data = film("webm", "vp8")
    files = Files(record, bringer, replace(DEFAULT_LIMITS, file_bytes=100, recording_bytes=len(data) - 1))
    hints = {}
    for name in ("talk.webm", "rules.pdf"):
        content = files.inbox() / "arriving"
        content.write_bytes(data)
        with pytest.raises(LimitExceeded, match="larger than") as raised:
            files.add(ANNA, name, content, lambda *_: None, lambda: False)
        hints[name] = raised.value.hint
    assert "bit rate" in hints["talk.webm"] and "pictures" not in hints["talk.webm"]
    assert "smaller pictures" in hints["rules.pdf"]

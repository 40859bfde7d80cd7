"""The line of files: who is read next, how many may wait, and how long a failure is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.web.reading_line import Job, LineFull, ReadingLine
from tests.support.gated_desk import GatedDesk


@pytest.fixture
def desk(tmp_path: Path) -> GatedDesk:
    return GatedDesk(tmp_path)


def _bring(line: ReadingLine, desk: GatedDesk, visitor: str, name: str) -> Job:
    job = line.arrive(visitor, name, 5)
    content = desk.inbox() / job.id
    content.write_bytes(b"words")
    line.enter(job, desk, content)
    return job


def _words(line: ReadingLine, job: Job) -> str:
    return line.progress(job).words


def test_whoever_has_none_being_read_goes_first(desk: GatedDesk) -> None:
    line = ReadingLine(at_once=1)
    first, second = _bring(line, desk, "a", "a1"), _bring(line, desk, "a", "a2")
    assert _words(line, second) == "1 file before yours"
    other = _bring(line, desk, "b", "b1")
    assert (_words(line, other), _words(line, second)) == ("1 file before yours", "2 files before yours")
    desk.gate.set()
    assert all(job.over.wait(20) for job in (first, second, other))
    assert desk.begun == ["a1", "b1", "a2"]
    assert [job.card.name for job in (first, second, other) if job.card] == ["a1", "a2", "b1"]
    assert line.jobs("a") == ()


def test_the_line_has_an_end_for_one_and_for_all(desk: GatedDesk) -> None:
    line = ReadingLine(per_visitor=2, in_all=3)
    first = line.arrive("a", "a1", 0)
    line.arrive("a", "a2", 0)
    with pytest.raises(LineFull, match="2 of your files are being read or wait for it"):
        line.arrive("a", "a3", 0)
    line.arrive("b", "b1", 0)
    with pytest.raises(LineFull, match="the line is full"):
        line.arrive("c", "c1", 0)
    line.drop(first)
    assert line.arrive("c", "c1", 0).name == "c1"


def test_a_failure_is_shown_for_its_time_and_takes_no_place(desk: GatedDesk) -> None:
    desk.gate.set()
    for seconds, shown in ((60.0, 1), (0.0, 0)):
        line = ReadingLine(per_visitor=1, failed_seconds=seconds)
        assert _bring(line, desk, "a", "broken").over.wait(20)
        assert len(line.jobs("a")) == shown
        assert line.jobs("b") == ()
        line.arrive("a", "a2", 0)


def test_a_file_that_was_there_before_is_not_taken_back(desk: GatedDesk) -> None:
    """Bringing it again and stopping that does not delete the first."""
    desk.gate.set()
    line = ReadingLine()
    first = _bring(line, desk, "a", "a1")
    assert first.over.wait(20) and first.card
    desk.again = first.card
    desk.gate.clear()
    desk.ignores_cancel = True
    again = _bring(line, desk, "a", "a1")
    assert line.stop("a", again.id) is again
    desk.gate.set()
    assert again.over.wait(20)
    assert again.card is None
    assert desk.files("a") == (first.card,)


def test_stopping_captions_leaves_the_recording_that_they_were_joined_to(desk: GatedDesk) -> None:
    """It may have been kept after their own reading began."""
    desk.gate.set()
    line = ReadingLine()
    first = _bring(line, desk, "a", "talk.mp4")
    assert first.over.wait(20) and first.card
    desk.again = replace(first.card, format="film", added=first.card.added + 3600)
    desk.gate.clear()
    desk.ignores_cancel = True
    captions = _bring(line, desk, "a", "talk.srt")
    line.stop("a", captions.id)
    desk.gate.set()
    assert captions.over.wait(20)
    assert desk.files("a") == (first.card,)

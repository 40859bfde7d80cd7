"""Every bad file gets a clear word, harms nothing and leaves nothing behind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cml_mm.errors import InputError
from cml_mm.media.intake import clean_name
from cml_mm.media.sandbox import SandboxedReader
from cml_mm.visits import DEFAULT_LIMITS, ReadFile
from tests.support.bad_files import BadFile, bad_files, doubtful_files
from tests.support.made_files import WORDS, pdf_file

BAD = bad_files()
DOUBTFUL = doubtful_files()
ROOT = Path(__file__).resolve().parent.parent.parent
OURS = re.compile(rf"Error|Traceback|Exception|cml_mm|site-packages|<class|{re.escape(str(ROOT))}|/tmp")
LIMITS = replace(DEFAULT_LIMITS, cpu_seconds=20, wall_seconds=60)


@dataclass(frozen=True)
class Outcome:
    error: Exception | None
    read: ReadFile | None


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Outcome]]:
    """All of them, two at a time, each in a process of its own."""
    folder = tmp_path_factory.mktemp("bad")
    before = children()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda pair: take(folder / f"{pair[0]}", pair[1]), enumerate((*BAD, *DOUBTFUL))))
    assert children() == before
    assert sorted(folder.iterdir()) == []
    yield found


def take(place: Path, bad: BadFile) -> Outcome:
    place.write_bytes(bad.data)
    try:
        read = SandboxedReader(LIMITS).read(place, bad.name, "file-1", lambda *_: None, lambda: False)
    except Exception as exc:
        return Outcome(exc, None)
    finally:
        place.unlink()
    return Outcome(None, read)


def children() -> set[int]:
    """The processes that this one started and that still are."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[1]) == os.getpid():
            found.add(int(place.parent.name))
    return found


def label(bad: BadFile) -> str:
    return ascii(f"{bad.name[:24]}-{bad.message[:24]}")


def in_kind_words(error: Exception | None, bad: BadFile) -> None:
    assert isinstance(error, InputError), repr(error)
    assert error.message.startswith(clean_name(bad.name)), error.message
    said = f"{error.message} {error.hint}".replace(clean_name(bad.name), "")
    assert not OURS.search(said), said
    assert error.message.endswith(".") and error.hint.endswith("."), said
    assert re.search(bad.message, error.message), said
    assert re.search(bad.hint, error.hint), said


@pytest.mark.parametrize("number", range(len(BAD)), ids=[label(bad) for bad in BAD])
def test_a_bad_file_is_refused_with_the_problem_and_the_way_out(outcomes: list[Outcome], number: int) -> None:
    assert outcomes[number].read is None, outcomes[number].read
    in_kind_words(outcomes[number].error, BAD[number])


@pytest.mark.parametrize("number", range(len(DOUBTFUL)), ids=[label(bad) for bad in DOUBTFUL])
def test_an_odd_file_is_read_for_what_it_is_or_refused(outcomes: list[Outcome], number: int) -> None:
    outcome = outcomes[len(BAD) + number]
    if outcome.read is None:
        in_kind_words(outcome.error, DOUBTFUL[number])
    else:
        assert outcome.read.document.sections or outcome.read.notices


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len({(bad.name, bad.data) for bad in BAD}) == len(BAD) >= 170


def test_a_file_is_read_for_what_it_is_and_its_wrong_name_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(pdf_file())
    read = SandboxedReader(LIMITS).read(tmp_path / "x", "photo.png", "file-1", lambda *_: None, lambda: False)
    assert read is not None and read.document.format == "pdf"
    assert read.notices[0] == "photo.png is a PDF, whatever its name says, and was read as one."


def test_a_good_file_is_read_after_all_of_them(outcomes: list[Outcome], tmp_path: Path) -> None:
    (tmp_path / "x").write_text(WORDS, "utf-8")
    read = SandboxedReader(LIMITS).read(tmp_path / "x", "rules.txt", "file-1", lambda *_: None, lambda: False)
    assert read is not None and read.document.sections[0].text == WORDS
    assert read.document.title == "rules" and read.notices == ()


@pytest.mark.parametrize("kind", ["missing", "link", "folder", "pipe", "device", "dead link", "socket"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "x"
    target = tmp_path / "target"
    target.write_text(WORDS, "utf-8")
    if kind == "link":
        place.symlink_to(target)
    elif kind == "dead link":
        place.symlink_to(tmp_path / "nothing")
    elif kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place = Path("/dev/zero")
    elif kind == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(place))
    with pytest.raises(InputError, match=r"x\.txt is no file that can be opened\."):
        SandboxedReader(LIMITS).read(place, "x.txt", "file-1", lambda *_: None, lambda: False)


def test_a_file_over_the_limit_is_not_even_looked_at(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        file.truncate(LIMITS.file_bytes + 1)
    with pytest.raises(InputError, match=r"x\.txt is larger than 50 MB\."):
        SandboxedReader(LIMITS, python="/no/such/python").read(
            tmp_path / "x", "x.txt", "file-1", lambda *_: None, lambda: False
        )

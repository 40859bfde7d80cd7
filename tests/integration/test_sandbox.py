"""The process that opens strangers' files: its limits, its walls, its answers, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.errors import CmlError, InputError, LimitExceeded, MediaUnreadable, ServeError
from cml_mm.media.kernel_walls import walls_here
from cml_mm.media.sandbox import SandboxedReader
from cml_mm.visits import DEFAULT_LIMITS, Limits, ReadFile, Recorded
from tests.support.made_files import WORDS, pdf_file, picture

STAND_IN = "tests.support.child_readers"
ROOT = Path(__file__).resolve().parent.parent.parent
LIMITS = replace(DEFAULT_LIMITS, cpu_seconds=20, wall_seconds=60)
needs_calls = pytest.mark.skipif("calls" not in walls_here(), reason="this kernel filters no calls (seccomp)")
needs_places = pytest.mark.skipif("places" not in walls_here(), reason="this kernel has no landlock")


class Told(list[tuple[str, int, int]]):
    def __call__(self, words: str, done: int, of: int) -> None:
        self.append((words, done, of))


def read(tmp_path: Path, task: str, limits: Limits = LIMITS, told: Told | None = None) -> ReadFile | None:
    (tmp_path / "x").write_text(f"{task}\n\n{WORDS}\n", "utf-8")
    reader = SandboxedReader(limits, reader=STAND_IN)
    return reader.read(tmp_path / "x", "x.txt", "file-1", told if told is not None else Told(), lambda: False)


def said(tmp_path: Path, task: str) -> str:
    found = read(tmp_path, task)
    assert found is not None
    return found.notices[0]


# --- limits --------------------------------------------------------------------------------------


def test_the_limit_on_computing_ends_it(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match=r"x\.txt takes more than 1 second of computing to read\.") as caught:
        read(tmp_path, "burn", replace(LIMITS, cpu_seconds=1))
    assert caught.value.hint == "Split it, and add the parts one by one."


def test_the_limit_on_time_ends_it(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match=r"could not be read within 3 seconds\."):
        read(tmp_path, "sleep", replace(LIMITS, wall_seconds=3))


def test_the_limit_on_memory_ends_it(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match=r"needs more memory to read than a file may take \(1 GB\)\."):
        read(tmp_path, "eat", replace(LIMITS, memory_bytes=2**30))


@pytest.mark.parametrize("task", ["crash", "leave"])
def test_a_crash_is_told_in_words(tmp_path: Path, task: str) -> None:
    with pytest.raises(MediaUnreadable, match=r"x\.txt is damaged: the program that reads it gave up on it\."):
        read(tmp_path, task)


def test_a_foreign_error_and_endless_nesting_become_ours(tmp_path: Path) -> None:
    with pytest.raises(MediaUnreadable, match=r"x\.txt is damaged: something in it could not be made out\.") as caught:
        read(tmp_path, "raise")
    assert ".py" not in str(caught.value)
    with pytest.raises(LimitExceeded, match="nested too deeply"):
        read(tmp_path, "sink")


@pytest.mark.parametrize("task", ["flood", "swell"])
def test_an_answer_without_end_is_not_taken(tmp_path: Path, task: str) -> None:
    with pytest.raises(LimitExceeded, match=r"x\.txt holds more text than is read\."):
        read(tmp_path, task)


def test_small_answers_without_end_are_not_taken(tmp_path: Path) -> None:
    told = Told()
    with pytest.raises(LimitExceeded, match=r"x\.txt holds more text than is read\."):
        read(tmp_path, "patter", told=told)
    assert len(told) < 150_000


def test_samples_without_end_are_not_taken_and_none_where_nobody_listens(tmp_path: Path) -> None:
    reader = SandboxedReader(replace(LIMITS, recording_seconds=100), reader=STAND_IN)  # of 3.2 MB

    def sung(pieces: int) -> ReadFile | Recorded | None:
        (tmp_path / "x").write_text(f"sing {pieces}\n\n{WORDS}\n", "utf-8")
        return reader.read_or_hear(tmp_path / "x", "x.txt", "file-1", Told(), lambda: False)

    with pytest.raises(LimitExceeded, match=r"x\.txt holds more text than is read\."):
        sung(4)
    taken = sung(3)
    assert isinstance(taken, Recorded) and len(taken.samples) == 3 * 2**19
    silent = sung(0)
    assert isinstance(silent, Recorded) and len(silent.samples) == 0 and silent.notices == ("Sung.",)
    for pieces in (0, 1):
        with pytest.raises((MediaUnreadable, LimitExceeded), match=r"made no sense|more text than is read"):
            read(tmp_path, f"sing {pieces}")


# --- answers -------------------------------------------------------------------------------------


def test_what_libraries_print_is_no_answer(tmp_path: Path) -> None:
    assert said(tmp_path, "chatter") == "said"


def test_progress_comes_through(tmp_path: Path) -> None:
    told = Told()
    read(tmp_path, "tell", told=told)
    assert told[0] == ("Reading page", 0, 3) and told[-1] == ("Reading page", 3, 3)


@pytest.mark.parametrize("claim", ["slug", "owner", "run", "face", "unknown", "size", "format", "placings"])
def test_a_forged_answer_is_refused(tmp_path: Path, claim: str) -> None:
    with pytest.raises(MediaUnreadable, match="made no sense"):
        read(tmp_path, f"forge {claim}")


def test_a_drawing_is_an_image_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(pdf_file())
    with pytest.raises(MediaUnreadable, match="made no sense"):
        SandboxedReader(LIMITS, reader=STAND_IN).draw(tmp_path / "x", "x.pdf", "page-1", 300)
    drawn = SandboxedReader(LIMITS).draw(tmp_path / "x", "x.pdf", "page-1", 300)
    assert drawn.media_type in {"image/png", "image/webp"} and max(drawn.width_px, drawn.height_px) <= 300
    for face in ("page-2", "picture-1", "../x", ""):
        with pytest.raises(InputError):
            SandboxedReader(LIMITS).draw(tmp_path / "x", "x.pdf", face, 300)


def test_a_picture_is_read_and_drawn_behind_the_walls(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(picture("PNG", 200, 120))
    found = SandboxedReader(LIMITS).read(tmp_path / "x", "x.png", "file-1", Told(), lambda: False)
    assert found is not None and [face.key for face in found.faces] == ["picture-1"]
    drawn = SandboxedReader(LIMITS).draw(tmp_path / "x", "x.png", "picture-1", 100)
    assert max(drawn.width_px, drawn.height_px) == 100


def test_words_on_a_picture_are_recognised_behind_the_walls(tmp_path: Path) -> None:
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (900, 160), "white")
    ImageDraw.Draw(page).text((20, 40), "The pool keeps a ledger", fill="black", font_size=60)
    page.save(tmp_path / "x", "PNG")
    reader = SandboxedReader(replace(LIMITS, cpu_seconds=120, wall_seconds=300), "cml_mm.models.rapid_ocr:RapidOcr")
    found = reader.read(tmp_path / "x", "notice.png", "file-1", Told(), lambda: False)
    assert found is not None and "ledger" in found.document.sections[0].text
    assert found.placings[0].origin == "ocr" and found.placings[0].runs


def test_without_a_process_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(WORDS, "utf-8")
    with pytest.raises(ServeError, match="cannot be read here just now"):
        SandboxedReader(LIMITS, python=str(tmp_path / "none")).read(
            tmp_path / "x", "x.txt", "file-1", Told(), lambda: False
        )


# --- walls ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "task",
    ["write", "create", "append", "read", "open", "remove", "rename", "mkdir"],
)
def test_no_file_is_touched(tmp_path: Path, task: str) -> None:
    place = tmp_path / "secret"
    if task in {"read", "open", "remove", "rename", "append"}:
        place.write_text("secret", "utf-8")
    before = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert said(tmp_path, f"try {task} {place}") == "refused by Python"
    after = {path.name: path.stat().st_size for path in tmp_path.iterdir() if path.name != "x"}
    assert after == before


def test_not_one_byte_is_written_even_by_machine_code(tmp_path: Path) -> None:
    assert said(tmp_path, f"try plant {tmp_path / 'made'}") == "refused by the system"
    assert sum(path.stat().st_size for path in tmp_path.iterdir() if path.name != "x") == 0


@pytest.mark.parametrize("task", ["socket", "look-up", "run", "system", "fork", "exec", "kill", "connect 9"])
def test_no_network_and_no_process(tmp_path: Path, task: str) -> None:
    assert said(tmp_path, f"try {task}") == "refused by Python"


@needs_calls
@pytest.mark.parametrize("task", ["socket", "fork", "kill", "create", "run", "limit", "slow", "share"])
def test_machine_code_finds_the_calls_shut(tmp_path: Path, task: str) -> None:
    assert said(tmp_path, f"try native-{task} {tmp_path / 'made'}") == "refused by the system"
    assert said(tmp_path, "try own-limit").startswith("did")
    assert {path.name for path in tmp_path.iterdir()} == {"x"}


@needs_places
def test_machine_code_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    for place in (tmp_path / "secret", tmp_path / "x", Path("/etc/passwd"), ROOT / "README.md"):
        assert said(tmp_path, f"try native-read {place}") == "refused by the system"
    assert said(tmp_path, f"try native-read {ROOT / 'cml_mm' / 'types.py'}").startswith("did")


def test_it_knows_nothing_of_this_process(tmp_path: Path) -> None:
    os.environ["CML_TEST_SECRET"] = "secret"
    try:
        with (tmp_path / "open").open("wb"):
            known = said(tmp_path, "try environment")
            descriptors = said(tmp_path, "try descriptors")
    finally:
        del os.environ["CML_TEST_SECRET"]
    assert "SECRET" not in known and "HOME" not in known
    assert descriptors == "did ['0', '1', '2', '3', '4']"  # the file, the two outputs, the answers, and this listing


# --- its end -------------------------------------------------------------------------------------


def test_cancelling_ends_it(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(f"sleep\n\n{WORDS}\n", "utf-8")
    told = Told()
    found = SandboxedReader(LIMITS, reader=STAND_IN).read(tmp_path / "x", "x.txt", "file-1", told, lambda: bool(told))
    assert found is None
    assert not alive(int(told[0][0].split()[-1]))


def test_whoever_listens_may_fail_and_nothing_is_left(tmp_path: Path) -> None:
    seen: list[int] = []

    def fail(words: str, done: int, of: int) -> None:
        seen.append(int(words.split()[-1]))
        raise KeyError("a fault of ours")

    (tmp_path / "x").write_text(f"sleep\n\n{WORDS}\n", "utf-8")
    with pytest.raises(KeyError):
        SandboxedReader(LIMITS, reader=STAND_IN).read(tmp_path / "x", "x.txt", "file-1", fail, lambda: False)
    assert not alive(seen[0])


PARENT = """
import sys
from pathlib import Path
from cml_mm.media.sandbox import SandboxedReader
reader = SandboxedReader(reader="tests.support.child_readers")
reader.read(Path(sys.argv[1]), "x.txt", "file-1", lambda words, *_: print(words, flush=True), lambda: False)
"""


def test_no_child_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(f"sleep\n\n{WORDS}\n", "utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "x")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline().split()[-1])
        assert alive(child)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    ends = time.monotonic() + 60  # far more than it takes; a machine may be busy
    while alive(child) and time.monotonic() < ends:
        os.sched_yield() if hasattr(os, "sched_yield") else None
    assert not alive(child)


def test_threads_of_ours_end_with_the_reading(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(CmlError):
        read(tmp_path, "crash")
    said(tmp_path, "tell")
    assert threading.active_count() == before


def alive(process: int) -> bool:
    """Whether it still runs; one that has ended and was not yet fetched by its parent does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"

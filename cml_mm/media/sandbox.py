"""Opening files that nobody vouches for, in another process that can do nothing but read this one."""

from __future__ import annotations

import logging
import os
import queue
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from cml_mm.errors import CmlError, LimitExceeded, MediaUnreadable, ServeError
from cml_mm.lectures.values import Speech
from cml_mm.media import child, file_wire
from cml_mm.media.intake import clean_name
from cml_mm.media.lecture_wire import decode_recorded
from cml_mm.media.sniffing import most_bytes
from cml_mm.media.sound import SAMPLES_A_SECOND
from cml_mm.ports import Cancelled, Picture, Told
from cml_mm.visits import DEFAULT_LIMITS, DrawnFace, Limits, ReadFile, Recorded

log = logging.getLogger("cml")

READER = "cml_mm.media.file_reading"
_ROOT = Path(__file__).resolve().parent.parent.parent
# Isolated, Python looks neither at its environment nor into the user's own packages: what is needed is named.
_START = (
    "import sys; root, *more = sys.argv[1:]; sys.path[:0] = [root] * (root not in sys.path); "
    "sys.path += [place for place in more if place not in sys.path]; "
    "from cml_mm.media.child import main; main()"
)
_INSTALLED = frozenset({"site-packages", "dist-packages"})
# Libraries that start a thread for every core would take the memory that the file may have.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")  # without these some systems start no Python
_POLL_SECONDS = 0.1
_DRAW_SECONDS = 60.0
_ERROR_TAIL_BYTES = 2_000
_MOST_STEPS = 10**9
_MOST_FRAMES = 100_000  # of one child: small ones would take more memory here than their bytes say
_ANEW = "Open it in its own program, save it anew or as a PDF, then add that."
_SPLIT = "Split it, and add the parts one by one."

_MORE_TO_COME = frozenset({child.TOLD, child.PIECE})
_SOUND_BYTES_A_SECOND = 2 * SAMPLES_A_SECOND

_Frame = tuple[bytes, bytes]
_END = (b"", b"")  # the child has closed its answers
_OVER = (b"!", b"")  # it has answered more than is taken from it


class SandboxedReader:
    """A `ports.FileReader` that starts a process for every file.

    Args:
        limits: what reading may cost.
        ocr: "module:Class" of the recogniser, loaded in that process when a picture asks for
            it; "" for none.
        python: the interpreter.
        reader: the module whose `read_file` and `draw_face` are called there.
    """

    def __init__(
        self, limits: Limits = DEFAULT_LIMITS, ocr: str = "", python: str = sys.executable, reader: str = READER
    ) -> None:
        self._limits = limits
        self._ocr = ocr
        self._python = python
        self._reader = reader

    def read(self, content: Path, name: str, file: str, told: Told, cancelled: Cancelled) -> ReadFile | None:
        """See `ports.FileReader`.

        Raises:
            ServeError: no process could be started.
        """
        request = self._request("read", name, self._limits, file=file)
        with _opened(content, request) as descriptor:
            answer = self._answer(descriptor, request, told, cancelled)
        return None if answer is None else self._read(answer, request)

    def read_or_hear(
        self,
        content: Path,
        name: str,
        file: str,
        told: Told,
        cancelled: Cancelled,
        looks: bool = True,
        hears: bool = True,
    ) -> ReadFile | Recorded | None:
        """See `ports.FileReader`."""
        asked = self._request("read", name, self._limits, file=file)
        request = replace(asked, records=True, looks=looks, hears=hears)
        samples = bytearray()
        with _opened(content, request) as descriptor:
            answer = self._answer(descriptor, request, told, cancelled, samples)
        if answer is None:
            return None
        return self._recorded(answer, samples, request) if answer[0] == child.HEARD else self._read(answer, request)

    def read_captions(self, content: Path, name: str) -> Speech:
        """See `ports.FileReader`."""
        request = self._request("captions", name, self._limits)
        with _opened(content, request) as descriptor:
            answer = self._answer(descriptor, request, _tell_nobody, _never)
        if answer is None or answer[0] != child.HEARD:  # never None, since nobody cancels
            raise _nonsense(request, None)
        tracks = self._recorded(answer, b"", request).tracks
        if not tracks:
            raise _nonsense(request, None)
        return tracks[0]

    def _recorded(self, answer: _Frame, samples: bytes | bytearray, request: child.Request) -> Recorded:
        try:
            return decode_recorded(answer[1], samples, self._limits)
        except ValueError as exc:
            raise _nonsense(request, exc) from exc

    def _read(self, answer: _Frame, request: child.Request) -> ReadFile:
        try:
            return file_wire.decode_read(_of_kind(child.READ, answer), request.file, self._limits)
        except file_wire.WireFault as exc:
            raise _nonsense(request, exc) from exc

    def draw(self, content: Path, name: str, face: str, longest_px: int) -> DrawnFace:
        """See `ports.FileReader`."""
        limits = replace(
            self._limits,
            cpu_seconds=min(_DRAW_SECONDS, self._limits.cpu_seconds),
            wall_seconds=min(_DRAW_SECONDS, self._limits.wall_seconds),
        )
        request = self._request("draw", name, limits, face=face, longest_px=longest_px)
        with _opened(content, request) as descriptor:
            answer = self._answer(descriptor, request, _tell_nobody, _never)
        if answer is None:  # never, since nobody cancels
            raise _nonsense(request, None)
        try:
            return file_wire.decode_drawn(_of_kind(child.DRAWN, answer))
        except file_wire.WireFault as exc:
            raise _nonsense(request, exc) from exc

    def look(
        self, content: Path, name: str, faces: Sequence[str], longest_px: int, told: Told, cancelled: Cancelled
    ) -> tuple[tuple[str, Picture], ...] | None:
        """See `ports.FileReader`."""
        request = self._request("look", name, self._limits, faces=tuple(faces), longest_px=longest_px)
        with _opened(content, request) as descriptor:
            answer = self._answer(descriptor, request, told, cancelled)
        if answer is None:
            return None
        try:
            return file_wire.decode_looks(_of_kind(child.LOOKED, answer), request.faces, longest_px)
        except file_wire.WireFault as exc:
            raise _nonsense(request, exc) from exc

    def _request(
        self,
        task: str,
        name: str,
        limits: Limits,
        file: str = "",
        face: str = "",
        longest_px: int = 0,
        faces: tuple[str, ...] = (),
    ) -> child.Request:
        return child.Request(
            task=task,
            name=clean_name(name),
            limits=limits,
            parent=os.getpid(),
            reader=self._reader,
            ocr=self._ocr,
            file=file,
            face=face,
            longest_px=longest_px,
            faces=faces,
        )

    def _answer(
        self,
        descriptor: int,
        request: child.Request,
        told: Told,
        cancelled: Cancelled,
        samples: bytearray | None = None,
    ) -> _Frame | None:
        """The last frame of a child's, or None where it was cancelled; the child is gone then.

        Args:
            samples: takes the pieces of a recording.
        """
        with _started(self._python, descriptor, request) as process:
            ends = time.monotonic() + request.limits.wall_seconds
            while True:
                if cancelled():
                    return None
                if time.monotonic() > ends:
                    raise _too_slow(request)
                try:
                    frame = process.frames.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    continue
                if frame == _END:
                    process.stop()
                    raise _ended(process, request)
                if frame == _OVER:
                    raise LimitExceeded(f"{request.name} holds more text than is read.", _SPLIT)
                if frame[0] == child.PIECE and samples is not None:
                    samples += frame[1]
                elif frame[0] == child.TOLD:
                    _pass_on(frame[1], told, request)
                else:
                    return _raised(frame, request)


@dataclass
class _Process:
    """A child, and the two threads that take what it says."""

    popen: subprocess.Popen[bytes]
    frames: queue.SimpleQueue[_Frame]
    said: bytearray  # the end of what it printed
    pumps: tuple[threading.Thread, ...] = ()

    def stop(self) -> None:
        """Ends it and everything that it started. Its group is ended before it is waited for: until then no other
        process can have its number."""
        if self.popen.returncode is None:
            _kill(self.popen)
            self.popen.wait()
        for pump in self.pumps:
            pump.join()


@contextmanager
def _started(python: str, descriptor: int, request: child.Request) -> Iterator[_Process]:
    environment = {**_ENVIRONMENT, **{name: os.environ[name] for name in _KEPT if name in os.environ}}
    environment[child.REQUEST] = request.to_text()
    bytecode = ["-B"] if sys.dont_write_bytecode else []
    installed = [place for place in sys.path if Path(place).name in _INSTALLED]
    try:
        # Not through a shell, and with no function of ours between fork and exec: threads run here.
        popen = subprocess.Popen(
            [python, "-I", *bytecode, "-X", "utf8", "-c", _START, str(_ROOT), *installed],
            stdin=descriptor,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=_ROOT.anchor,
            start_new_session=True,
        )
    except OSError as exc:
        raise ServeError("Files cannot be read here just now.", "Try again in a minute.") from exc
    process = _Process(popen, queue.SimpleQueue(), bytearray())
    with popen:
        try:
            process.pumps = _pump(process, _most_of_sound(request))
            yield process
        finally:
            process.stop()


def _most_of_sound(request: child.Request) -> int:
    """How many bytes of samples a child may send."""
    return int(request.limits.recording_seconds * _SOUND_BYTES_A_SECOND) if request.hears else 0


def _pump(process: _Process, sound_bytes: int) -> tuple[threading.Thread, ...]:
    answers, said = process.popen.stdout, process.popen.stderr
    if answers is None or said is None:  # both are pipes, as asked for
        raise ServeError("Files cannot be read here just now.", "Try again in a minute.")
    pumps = (
        threading.Thread(target=_take_frames, args=(answers, process.frames, sound_bytes), daemon=True),
        threading.Thread(target=_keep_tail, args=(said, process.said), daemon=True),
    )
    for pump in pumps:
        pump.start()
    return pumps


def _take_frames(answers: IO[bytes], frames: queue.SimpleQueue[_Frame], sound_bytes: int) -> None:
    left = {True: sound_bytes, False: file_wire.LARGEST_BYTES + 2**20}  # of samples, and of all else
    for _ in range(_MOST_FRAMES):
        head = answers.read(child.HEADER.size)
        if len(head) < child.HEADER.size:
            return frames.put(_END)
        kind, length = child.HEADER.unpack(head)
        left[kind == child.PIECE] -= length + len(head) * (kind != child.PIECE)
        if min(left.values()) < 0:
            return frames.put(_OVER)
        content = answers.read(length)
        if len(content) < length:
            return frames.put(_END)
        frames.put((kind, content))
        if kind not in _MORE_TO_COME:
            return None
    return frames.put(_OVER)


def _keep_tail(said: IO[bytes], kept: bytearray) -> None:
    while piece := said.read1(_ERROR_TAIL_BYTES):  # type: ignore[attr-defined]
        kept += piece
        del kept[:-_ERROR_TAIL_BYTES]


def _kill(popen: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        popen.kill()
        return
    try:
        os.killpg(popen.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # it has not made its group yet, or its group has ended
        popen.kill()


@contextmanager
def _opened(content: Path, request: child.Request) -> Iterator[int]:
    """The file, where it is one: no link, no device, no pipe that would be waited for.

    Raises:
        MediaUnreadable, LimitExceeded.
    """
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(content, flags)
    except (OSError, ValueError) as exc:
        raise _no_file(request.name) from exc
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise _no_file(request.name)
        if state.st_size > (most := most_bytes(request.name, request.limits)):
            raise child.too_large(request.name, most)
        yield descriptor
    finally:
        os.close(descriptor)


def _no_file(name: str) -> MediaUnreadable:
    return MediaUnreadable(f"{name} is no file that can be opened.", "Choose the file itself, not a link or a folder.")


def _pass_on(content: bytes, told: Told, request: child.Request) -> None:
    try:
        words, done, of = file_wire.from_json(content)
        words, done, of = str(words)[:200], _count(done), _count(of)
    except (file_wire.WireFault, ValueError, TypeError, OverflowError) as exc:
        raise _nonsense(request, exc) from exc
    told(words, done, of)


def _count(told: float) -> int:
    """A number of steps, however large the one that was sent."""
    return int(min(max(told, 0), _MOST_STEPS))


def _raised(frame: _Frame, request: child.Request) -> _Frame:
    if frame[0] != child.FAILED:
        return frame
    try:
        error = file_wire.decode_error(frame[1])
    except file_wire.WireFault as exc:
        raise _nonsense(request, exc) from exc
    raise error


def _of_kind(kind: bytes, frame: _Frame) -> bytes:
    if frame[0] != kind:
        raise file_wire.WireFault("another kind of answer")
    return frame[1]


def _nonsense(request: child.Request, cause: Exception | None) -> MediaUnreadable:
    log.warning("What came back from reading a file made no sense: %r", cause)
    return MediaUnreadable(f"{request.name} could not be read: what came out of it made no sense.", _ANEW)


def _too_slow(request: child.Request) -> LimitExceeded:
    return LimitExceeded(f"{request.name} could not be read within {_time(request.limits.wall_seconds)}.", _SPLIT)


def _ended(process: _Process, request: child.Request) -> CmlError:
    """Why a child is gone without an answer."""
    code = process.popen.returncode
    said = bytes(process.said)
    log.warning("Reading a file ended with code %s: %r", code, said.decode("utf-8", "replace"))
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        words = f"{request.name} takes more than {_time(request.limits.cpu_seconds)} of computing to read."
        return LimitExceeded(words, _SPLIT)
    if b"MemoryError" in said or b"bad_alloc" in said or (sys.platform != "win32" and code == -signal.SIGKILL):
        return child.too_much_memory(request.name, request.limits)
    if b"ModuleNotFoundError" in said:
        return ServeError("Files cannot be read here: a part of the program is missing.", "Run `cml doctor`.")
    return MediaUnreadable(f"{request.name} is damaged: the program that reads it gave up on it.", _ANEW)


def _time(seconds: float) -> str:
    if seconds >= 120:
        return f"{seconds / 60:g} minutes"
    return f"{seconds:g} second{'s' * (seconds != 1)}"


def _tell_nobody(words: str, done: int, of: int) -> None:
    """Drawing a page has no steps worth telling."""


def _never() -> bool:
    return False

"""The line of files that wait to be read: who is next, how far each one is, how it ended.

A reading belongs to the server, not to the connection that brought the file: a phone on a
train loses that, and finds its file when it is back.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from cml_mm.errors import InputError, LimitExceeded
from cml_mm.ports import FileDesk
from cml_mm.visits import FileCard
from cml_mm.web.trouble import Trouble, trouble_of

_CAPTION_ENDINGS = (".srt", ".vtt", ".ass", ".ssa", ".sbv", ".txt", ".text")
AT_ONCE = 2
PER_VISITOR = 4  # of one visitor: arriving, waiting or being read
IN_ALL = 24  # of everybody; as many times the largest file is what the inbox may take of the disk
FAILED_SECONDS = 600.0  # how long a failure is shown
FAILED_IN_ALL = 500

_Phase = Literal["arriving", "waiting", "reading", "failed", "over"]


class LineFull(LimitExceeded):
    """Too many files are on their way."""


@dataclass(frozen=True)
class Progress:
    """What is being done, and how much of how much (0: unknown)."""

    words: str
    done: int = 0
    of: int = 0


@dataclass
class Job:
    """One file on its way in. Only its line changes it, under the line's lock."""

    id: str
    visitor: str
    name: str
    size_bytes: int
    added: float  # seconds since 1970
    phase: _Phase = "arriving"
    progress: Progress = Progress("Arriving")
    ended: float = 0.0  # on the monotonic clock
    card: FileCard | None = None
    trouble: Trouble | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


class ReadingLine:
    """Reads files, some at once, the others in turn.

    Visitors take turns: nobody's second file is read before somebody else's first.

    Args:
        at_once: files that are read at the same time.
        per_visitor: files of one visitor that may be on their way.
        in_all: files of everybody that may be on their way.
        failed_seconds: how long a failure is shown.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        per_visitor: int = PER_VISITOR,
        in_all: int = IN_ALL,
        failed_seconds: float = FAILED_SECONDS,
    ) -> None:
        self._at_once = at_once
        self._per_visitor = per_visitor
        self._in_all = in_all
        self._failed_seconds = failed_seconds
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}  # oldest first
        self._work: dict[str, tuple[FileDesk, Path]] = {}  # of the jobs that wait
        self._begun = 0  # readings so far
        self._turns: dict[str, int] = {}  # visitor → their last one of these

    def arrive(self, visitor: str, name: str, size_bytes: int) -> Job:
        """A place for a file whose bytes begin to arrive.

        Raises: LineFull: this visitor, or everybody, has too many on their way.
        """
        with self._lock:
            self._forget_failures()
            moving = [job for job in self._jobs.values() if job.phase != "failed"]
            if sum(job.visitor == visitor for job in moving) >= self._per_visitor:
                raise LineFull(
                    f"{self._per_visitor} of your files are being read or wait for it.",
                    "Wait until one of them is ready, then bring the next.",
                )
            if len(moving) >= self._in_all:
                raise LineFull(
                    "Many people are bringing files just now, and the line is full.", "Try again in a few minutes."
                )
            job = Job(f"job-{secrets.token_hex(12)}", visitor, name, size_bytes, time.time())
            self._jobs[job.id] = job
            return job

    def enter(self, job: Job, desk: FileDesk, content: Path) -> None:
        """Its bytes are all here: it is read as soon as it is its turn.

        Args:
            content: in the desk's inbox; the desk's from now on.
        """
        with self._lock:
            if job.stop.is_set():
                content.unlink(missing_ok=True)
                self._end(job)
                return
            job.size_bytes = content.stat().st_size
            job.phase = "waiting"
            self._work[job.id] = (desk, content)
            self._begin()

    def drop(self, job: Job) -> None:
        """Its bytes did not arrive; nothing is kept of it."""
        with self._lock:
            self._end(job)

    def progress(self, job: Job) -> Progress:
        with self._lock:
            return job.progress

    def jobs(self, visitor: str) -> tuple[Job, ...]:
        """Newest first; those that failed lately among them."""
        with self._lock:
            self._forget_failures()
            return tuple(job for job in reversed(self._jobs.values()) if _is_shown(job, visitor))

    def card(self, job: Job) -> FileCard:
        """A job as lists show it."""
        with self._lock:
            progress, trouble = job.progress, job.trouble
            card = FileCard(job.id, job.name, "waiting", job.size_bytes, words=progress.words, added=job.added)
            return _failed(card, trouble) if trouble else _moved(card, job.phase, progress)

    def stop(self, visitor: str, name: str) -> Job | None:
        """Stops a job or dismisses a failure.

        Args:
            name: the job's id.

        Returns: the job, `over` as soon as nothing of it is left; None if this visitor has no such job.
        """
        with self._lock:
            job = self._jobs.get(name)
            if job is None or not _is_shown(job, visitor):
                return None
            self._stop(job)
            return job

    def stop_all(self, visitor: str) -> tuple[Job, ...]:
        """As `stop`, for everything of one visitor; those that are being stopped already are among them."""
        with self._lock:
            mine = tuple(job for job in self._jobs.values() if job.visitor == visitor)
            for job in mine:
                self._stop(job)
            return mine

    def _stop(self, job: Job) -> None:
        job.stop.set()
        if job.phase == "waiting":
            _, content = self._work.pop(job.id)
            content.unlink(missing_ok=True)
        if job.phase in ("waiting", "failed"):
            self._end(job)
            self._tell_places()

    def _end(self, job: Job) -> None:
        self._jobs.pop(job.id, None)
        job.phase = "over"
        job.over.set()

    def _begin(self) -> None:
        """Starts as many as there is room for."""
        here = {job.visitor for job in self._jobs.values()}
        self._turns = {visitor: turn for visitor, turn in self._turns.items() if visitor in here}
        while self._reading() < self._at_once and self._work:
            job = self._in_order()[0]
            desk, content = self._work.pop(job.id)
            job.phase, job.progress = "reading", Progress("Opening it")
            self._begun += 1
            self._turns[job.visitor] = self._begun
            reading = threading.Thread(target=self._read, args=(job, desk, content), name="cml-reading", daemon=True)
            try:
                reading.start()
            except RuntimeError:  # the system has no thread left: it waits on, for the next one that comes or ends
                job.phase = "waiting"
                self._work[job.id] = (desk, content)
                break
        self._tell_places()

    def _in_order(self) -> list[Job]:
        """Those that wait, the next one first: everybody's first before anybody's second, whoever had their turn
        longest ago before the others."""
        behind: dict[str, int] = {}
        order: list[tuple[int, int, int, Job]] = []
        for came, name in enumerate(self._work):
            job = self._jobs[name]
            order.append((behind.get(job.visitor, 0), self._turns.get(job.visitor, 0), came, job))
            behind[job.visitor] = behind.get(job.visitor, 0) + 1
        return [job for *_, job in sorted(order, key=lambda place: place[:3])]

    def _reading(self) -> int:
        return sum(job.phase == "reading" for job in self._jobs.values())

    def _tell_places(self) -> None:
        reading = self._reading()
        for before, job in enumerate(self._in_order(), reading):
            job.progress = Progress("1 file before yours" if before == 1 else f"{before} files before yours")

    def _read(self, job: Job, desk: FileDesk, content: Path) -> None:
        begun = time.time()

        def told(words: str, done: int, of: int) -> None:
            with self._lock:
                job.progress = Progress(words, done, of)

        card: FileCard | None = None
        trouble: Trouble | None = None
        try:
            card = desk.add(job.visitor, job.name, content, told, job.stop.is_set)
            if card and job.stop.is_set():
                _take_back(desk, job, card, begun)
                card = None
        except Exception as error:  # a thread must not die silently: the visitor gets words, the log the details
            trouble = trouble_of(error, "Reading a file")
        finally:
            with contextlib.suppress(OSError):
                content.unlink(missing_ok=True)
            self._settle(job, card, trouble)

    def _settle(self, job: Job, card: FileCard | None, trouble: Trouble | None) -> None:
        with self._lock:
            job.card = card
            job.ended = time.monotonic()
            if trouble and not job.stop.is_set():
                job.phase, job.trouble = "failed", trouble
                job.over.set()
                self._forget_failures()
            else:
                self._end(job)
            self._begin()

    def _forget_failures(self) -> None:
        failed = [job for job in self._jobs.values() if job.phase == "failed"]
        oldest = time.monotonic() - self._failed_seconds
        for number, job in enumerate(failed):
            if job.ended <= oldest or number < len(failed) - FAILED_IN_ALL:
                self._end(job)


def _is_shown(job: Job, visitor: str) -> bool:
    return job.visitor == visitor and not job.stop.is_set()


def _take_back(desk: FileDesk, job: Job, card: FileCard, begun: float) -> None:
    """It was stopped when it was nearly there. A file that was there before, with the same bytes, stays; so does the
    recording that captions were joined to."""
    joined = card.format in ("film", "sound") and job.name.lower().endswith(_CAPTION_ENDINGS)
    if card.added >= begun and not joined:
        with contextlib.suppress(InputError):  # deleted meanwhile
            desk.remove(job.visitor, card.id)


def _moved(card: FileCard, phase: _Phase, progress: Progress) -> FileCard:
    share = progress.done / progress.of if progress.of else 0.0
    return replace(card, state="reading" if phase == "reading" else "waiting", share=min(1.0, max(0.0, share)))


def _failed(card: FileCard, trouble: Trouble) -> FileCard:
    reference = f" The log holds the details under reference {trouble.reference}." if trouble.reference else ""
    return replace(card, state="failed", words=trouble.message, hint=f"{trouble.hint}{reference}".strip())

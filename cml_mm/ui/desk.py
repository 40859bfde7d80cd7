"""Who is being answered, who waits, and who has asked to stop."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_SMOOTHING = 0.3  # weight of the newest answer in the usual time


@dataclass
class _Asked:
    """A session's question: whether somebody answers it, and whether to stop."""

    stop: threading.Event = field(default_factory=threading.Event)
    taken: bool = False


class Desk:
    """A line in front of `seats` answers at once, and one Stop flag a session.

    Our own line rather than Gradio's queue, because a reader who waits must be told the
    place in words, and must be able to leave.
    """

    def __init__(self, seats: int = 2) -> None:
        self._seats = seats
        self._lock = threading.Condition()
        self._line: deque[object] = deque()
        self._seated = 0
        self._usual = 0.0
        self._asked: dict[str, _Asked] = {}

    def expect(self, session: str) -> None:
        """A session has asked: from now on its Stop button works, even before it is answered."""
        with self._lock:
            self._asked[session] = _Asked()

    def expects(self, session: str) -> bool:
        """Whether this session has a question that waits or is being answered."""
        with self._lock:
            return session in self._asked

    def take(self, session: str) -> threading.Event | None:
        """Starts answering what was asked. Returns: its Stop flag; None where there is nothing to start."""
        with self._lock:
            asked = self._asked.get(session)
            if asked is None or asked.taken:
                return None
            asked.taken = True
            return asked.stop

    def stop(self, session: str) -> None:
        """Stops whatever this session is doing."""
        with self._lock:
            if session in self._asked:
                self._asked[session].stop.set()

    def done(self, session: str, stop: threading.Event | None = None) -> None:
        """Stops and forgets what a session asked; with a flag, only that question."""
        with self._lock:
            asked = self._asked.get(session)
            if asked and stop in (None, asked.stop):
                asked.stop.set()
                del self._asked[session]

    @contextmanager
    def seat(self) -> Iterator[Seat]:
        """A place in the line; leaving the block gives it, or the seat, to the next."""
        seat = Seat(self)
        with self._lock:
            self._line.append(seat)
        began = time.monotonic()
        try:
            yield seat
        finally:
            self._leave(seat, time.monotonic() - (seat.since or began))

    def _leave(self, seat: Seat, seconds: float) -> None:
        with self._lock:
            if seat.since is None:
                self._line.remove(seat)
            else:
                self._seated -= 1
                self._usual = seconds if not self._usual else (1 - _SMOOTHING) * self._usual + _SMOOTHING * seconds
            self._lock.notify_all()

    def _place(self, seat: Seat, patience: float) -> int:
        with self._lock:
            if seat.since is None and not self._sit(seat):
                self._lock.wait(patience)
                self._sit(seat)
            return 0 if seat.since is not None else self._line.index(seat) + 1

    def _sit(self, seat: Seat) -> bool:
        if self._seated < self._seats and self._line[0] is seat:
            self._line.popleft()
            self._seated += 1
            seat.since = time.monotonic()
            self._lock.notify_all()
            return True
        return False


class Seat:
    """One question's place."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.since: float | None = None

    def place(self, patience: float = 0.5) -> int:
        """Waits up to `patience` seconds.

        Returns: 0 when it is our turn, else the place in the line, from 1.
        """
        return self._desk._place(self, patience)

    def wait_seconds(self, place: int) -> float:
        """How long that will take, judged by recent answers; 0 where there were none."""
        return place * self._desk._usual / self._desk._seats

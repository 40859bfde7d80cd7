"""A line before a model that can write only so many answers at once: first come, first served."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from cml_mm.ports import Cancelled

_LOOK_SECONDS = 0.05  # how long someone who has left may still stand in the line


class FairQueue:
    """As many callers as there are `places` have their turn; the others wait in the order in which they came."""

    def __init__(self, places: int = 1) -> None:
        self._places = places
        self._line: deque[object] = deque()  # the first, as many as there are places, have their turn
        self._moved = Condition()

    @contextmanager
    def turn(self, cancelled: Cancelled, waiting: Callable[[int], None]) -> Iterator[bool]:
        """Waits for the turn and holds it for the length of a `with`.

        Args:
            cancelled: polled while it waits.
            waiting: told how many must be done before it is this one's turn, whenever that changes.

        Yields: whether it is this caller's turn; False where it was cancelled.
        """
        ticket = object()
        with self._moved:
            self._line.append(ticket)
        try:
            yield self._wait(ticket, cancelled, waiting)
        finally:
            with self._moved:
                self._line.remove(ticket)
                self._moved.notify_all()

    @contextmanager
    def turn_if_free(self) -> Iterator[bool]:
        """As `turn`, without waiting: False where anybody is in the line."""
        ticket = object()
        with self._moved:
            free = len(self._line) < self._places
            if free:
                self._line.append(ticket)
        try:
            yield free
        finally:
            if free:
                with self._moved:
                    self._line.remove(ticket)
                    self._moved.notify_all()

    def _wait(self, ticket: object, cancelled: Cancelled, waiting: Callable[[int], None]) -> bool:
        told = 0
        while True:
            with self._moved:
                before = self._before(ticket)
                if before and before == told:
                    self._moved.wait(_LOOK_SECONDS)
                    before = self._before(ticket)
            if not before:
                return True
            if cancelled():
                return False
            if before != told:
                told = before
                waiting(before)

    def _before(self, ticket: object) -> int:
        return max(0, self._line.index(ticket) + 1 - self._places)

"""How long a step of a reading will still take, by how quickly it has gone so far."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from cml_mm.ports import Told

SURE_SECONDS = 3.0  # a step that has taken less tells nothing yet
_LEAST_LEFT_SECONDS = 5.0  # less is not worth saying
_STEP = re.compile(r"[:\d].*", re.S)  # what changes within the words of one step: "Listening: minute 3 of 12"


class TimeLeft:
    """Passes on what is told, with "about 2 minutes left" where that can be known.

    Args:
        told: who hears it.
        clock: seconds, from any start.
    """

    def __init__(self, told: Told, clock: Callable[[], float] = time.monotonic) -> None:
        self._told = told
        self._clock = clock
        self._step = ""
        self._began = 0.0
        self._first = 0

    def __call__(self, words: str, done: int, of: int) -> None:
        now, step = self._clock(), _STEP.sub("", words)
        if step != self._step:
            self._step, self._began, self._first = step, now, done
        taken, gone = now - self._began, done - self._first
        left = taken / gone * (of - done) if gone > 0 and of > done else 0.0
        if taken >= SURE_SECONDS and left >= _LEAST_LEFT_SECONDS:
            words = f"{words}, about {_rounded(left)} left"
        self._told(words, done, of)


def _rounded(seconds: float) -> str:
    if seconds < 90:
        return f"{max(5, 5 * round(seconds / 5))} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"

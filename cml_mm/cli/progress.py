"""Progress on a terminal or in a log."""

from __future__ import annotations

import time
from typing import ClassVar, TextIO


class ProgressLine:
    """One line a stage with the time left, rewritten in place on a terminal."""

    WORDS: ClassVar = {
        "read": "Reading pages",
        "graph": "Storing the graph",
        "words": "Counting words",
        "patterns": "Encoding pages",
        "sections": "Encoding sections",
        "lint": "Looking through pages",
    }

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stage = ""
        self._began = 0.0
        self._first = 0
        self._shown = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        new = what != self._stage
        if new:
            self._stage, self._began, self._first = what, now, done
        if not new and done < of and now - self._shown < (0.5 if self._out.isatty() else 15):
            return
        self._shown = now
        left = ""
        if done > self._first and done < of:
            seconds = (now - self._began) / (done - self._first) * (of - done)
            left = f", about {_duration(seconds)} left"
        line = f"{self.WORDS.get(what, what)}: {done:,} of {of:,}{left}" if of else what
        end = "" if self._out.isatty() and done < of else "\n"
        print(f"\r{line:70}" if self._out.isatty() else line, end=end, file=self._out, flush=True)


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"

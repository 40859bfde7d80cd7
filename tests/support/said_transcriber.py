"""A transcriber that stands at the port: it hears given words wherever there is sound, whatever that sound is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cml_mm.ports import Cancelled, SpokenWord, Told, Transcript

RATE = 16_000


def words_at(*said: tuple[float, str], confidence: float = 0.95, word_seconds: float = 0.4) -> tuple[SpokenWord, ...]:
    """Words one after the other from given moments on.

    Args:
        said: seconds, and what is said from then on.
    """
    return tuple(
        SpokenWord(word, start + place * word_seconds, start + (place + 1) * word_seconds - 0.05, confidence)
        for start, text in said
        for place, word in enumerate(text.split())
    )


@dataclass
class SaidTranscriber:
    """Says those of its words that fall into the samples which it is given, one piece of a recording after the other.

    `heard` are the lengths in samples of what it was given. It looks at Cancel before every second of sound.
    """

    words: Sequence[SpokenWord]
    language: str = "en"
    name: str = "Said"
    before: Callable[[], None] = lambda: None  # done before it begins
    heard: list[int] = field(default_factory=list)
    looks: int = 0  # at Cancel
    at_once: int = 0
    most_at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def transcribe(self, samples: NDArray[np.float32], told: Told, cancelled: Cancelled) -> Transcript | None:
        """See `ports.Transcriber`."""
        assert samples.dtype == np.float32 and samples.ndim == 1 and np.abs(samples).max(initial=0) <= 1
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            return self._said(samples, told, cancelled)
        finally:
            with self._lock:
                self.at_once -= 1

    def _said(self, samples: NDArray[np.float32], told: Told, cancelled: Cancelled) -> Transcript | None:
        start = sum(self.heard) / RATE
        self.heard.append(len(samples))
        self.before()
        seconds = len(samples) / RATE
        for second in range(int(seconds) + 1):
            self.looks += 1
            if cancelled():
                return None
            told("Hearing", second, int(seconds) + 1)
        found = tuple(
            SpokenWord(word.text, word.start_seconds - start, word.end_seconds - start, word.confidence)
            for word in self.words
            if start <= word.start_seconds < start + seconds
        )
        sure = sum(word.confidence for word in found) / len(found) if found else 0.0
        return Transcript(found, self.language if found else "", self.name, sure)

"""What the recognisers of speech share: what they take, and what they make of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import LimitExceeded, ModelError
from cml_mm.ports import Cancelled, SpokenWord, Transcript

SAMPLES_A_SECOND = 16_000
WINDOW_SECONDS = 30  # what Whisper hears at once
DEFAULT_LONGEST_MINUTES = 240.0
LISTENING = "Listening to the recording"

Samples = NDArray[np.float32]

_POLL_SECONDS = 0.1
_SILENCE = 0.001  # -60 dB: below, there is nothing to hear, though Whisper would make words of it
_STEP = SAMPLES_A_SECOND // 20  # how exactly a quiet moment is looked for
_STEPS_AROUND = 10
# Codes of Whisper's that are not in ISO 639-1: it has an old one for Javanese, and none there is for the others.
_LANGUAGES = {"jw": "jv", "haw": "", "yue": ""}


def checked(samples: Samples, longest_minutes: float) -> Samples:
    """Samples that can be listened to.

    Args:
        samples: mono, 16,000 a second, from -1 to 1; not a path, and not bytes.
        longest_minutes: how long they may play.

    Raises:
        LimitExceeded: they play longer.
        ModelError: they are something else.
    """
    if samples.ndim != 1 or not np.issubdtype(samples.dtype, np.floating) or not np.isfinite(samples).all():
        raise ModelError("The sound is not mono samples of numbers.", "Save the recording anew, and add that.")
    minutes = len(samples) / SAMPLES_A_SECOND / 60
    if minutes > longest_minutes:
        raise LimitExceeded(
            f"The recording plays for {minutes:.0f} minutes; {longest_minutes:g} are listened to at most.",
            "Cut it into parts, or add its transcript as .txt.",
        )
    return np.ascontiguousarray(samples, dtype=np.float32)


@contextmanager
def turn(lock: threading.Lock, cancelled: Cancelled) -> Iterator[bool]:
    """Waits for one's turn with a model. Gives: whether it came; False where it was cancelled before."""
    while not lock.acquire(timeout=_POLL_SECONDS):
        if cancelled():
            yield False
            return
    try:
        yield True
    finally:
        lock.release()


def is_silent(samples: Samples) -> bool:
    """Whether there is nothing to be heard."""
    return len(samples) == 0 or float(np.abs(samples).max()) < _SILENCE


def quietest(samples: NDArray[np.generic], first: int, last: int) -> int:
    """Where sound is best cut: the middle of the quietest half second between two of its samples.

    Args:
        samples: mono, 16,000 a second, in any numbers.
        first, last: half a second apart at least.
    """
    steps = (last - first) // _STEP
    loud = np.abs(samples[first : first + steps * _STEP].astype(np.float32)).reshape(steps, _STEP).mean(axis=1)
    around = np.convolve(loud, np.ones(_STEPS_AROUND), "valid")
    return first + (int(around.argmin()) * 2 + _STEPS_AROUND) * _STEP // 2


def spoken(
    text: str, start_seconds: float, end_seconds: float, probability: float, length_seconds: float
) -> SpokenWord:
    """A word with times that lie in the recording, in order, and a probability from 0 to 1."""
    start = min(max(0.0, float(start_seconds)), length_seconds)
    end = min(max(start, float(end_seconds)), length_seconds)
    sure = float(probability) if np.isfinite(probability) else 0.0
    return SpokenWord(text.strip(), round(start, 3), round(end, 3), min(1.0, max(0.0, sure)))


def transcript(words: Iterable[SpokenWord], language: str, origin: str) -> Transcript:
    """What was heard; where that is nothing, the language is unknown and the confidence 0."""
    kept = _in_order([word for word in words if word.text])
    if not kept:
        return Transcript((), "", origin, 0.0)
    confidence = sum(word.confidence for word in kept) / len(kept)
    return Transcript(kept, _LANGUAGES.get(language, language), origin, confidence)


def _in_order(words: Sequence[SpokenWord]) -> tuple[SpokenWord, ...]:
    """No word begins before the one that it follows: windows may overlap by a little."""
    found: list[SpokenWord] = []
    latest = 0.0
    for word in words:
        latest = max(latest, word.start_seconds)
        end = max(latest, word.end_seconds)
        found.append(SpokenWord(word.text, latest, end, word.confidence))
    return tuple(found)

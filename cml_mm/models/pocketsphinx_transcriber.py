"""Speech to words by Pocketsphinx, whose small model of English comes with its package: nothing is downloaded.

A weak recogniser (Huggins-Daines et al. 2006, "PocketSphinx: a free, real-time continuous speech recognition system
for hand-held devices"): on clear speech about every fourth word is wrong, on noisy speech most are. Its words can be
searched, and are never quoted as what was said. It knows English only, and makes English of anything else. Each word
has its posterior probability in the lattice of what was weighed; where these are low, words are withheld, and only
when somebody speaks is told.

It is given one utterance after the other, as Silero VAD finds them, in a process of its own (`pocketsphinx_child`).
"""

from __future__ import annotations

import importlib.util
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.models.hearing import (
    DEFAULT_LONGEST_MINUTES,
    LISTENING,
    SAMPLES_A_SECOND,
    Samples,
    checked,
    quietest,
    spoken,
    transcript,
    turn,
)
from cml_mm.models.pocketsphinx_child import LENGTH
from cml_mm.models.speech_spans import SETUP_COMMAND, Spans, SpeechSpans
from cml_mm.ports import Cancelled, SpokenWord, Told, Transcript

# Below, the words are withheld: clear speech has 0.4 to 0.7; where noise makes four words of five wrong it is 0.23
# (`python -m benchmarks speech`). Other languages lie around it, and cannot be told apart by it.
LEAST_CONFIDENCE = 0.3
ENGLISH_ONLY = (
    "The recogniser knows English only: where another language is spoken, the words are wrong, and it cannot tell."
)
WITHHELD = "It was heard with so much doubt that its words are left out; only when somebody speaks is known."

_ROOT = Path(__file__).resolve().parents[2]
# Isolated, Python looks neither at its environment nor into the user's own packages: what is needed is named.
_START = (
    "import sys; sys.path[:0] = sys.argv[1:2]; sys.path += [place for place in sys.argv[2:] if place not in sys.path]; "
    "from cml_mm.models.pocketsphinx_child import main; main()"
)
_LONGEST_SECONDS = 15.0  # of an utterance: all of its words are weighed together
_CUT_SECONDS = 5.0  # before that: the quietest moment there is where a longer one is cut
_JOINED_SECONDS = 1.0  # of silence, over which speech is one utterance
_AROUND_SECONDS = 0.25  # of silence, at an utterance's ends: without it, its first word is easily missed
_LOUDEST = 32_767.0
_POLL_SECONDS = 0.1
# An utterance costs less than its own length; a process that takes a hundred times that has come to a stop.
_PATIENCE_SECONDS = 60.0
_PATIENCE_TIMES = 100.0

_Heard = tuple[tuple[str, float, float, float], ...]


@dataclass(frozen=True)
class _Child:
    asked: IO[bytes]
    lines: queue.SimpleQueue[bytes]  # b"" when it has ended


class PocketsphinxTranscriber:
    """A `ports.Transcriber` of English; several threads take turns, recording by recording.

    Args:
        longest_minutes: of a recording.
        least_confidence: mean probability of the words, below which they are withheld.
        python: runs the process that listens; this one without.

    Raises:
        ModelMissing: a package is not there.
    """

    def __init__(
        self,
        longest_minutes: float = DEFAULT_LONGEST_MINUTES,
        least_confidence: float = LEAST_CONFIDENCE,
        python: str = "",
    ) -> None:
        if importlib.util.find_spec("pocketsphinx") is None:
            raise ModelMissing("The weak recogniser of speech (pocketsphinx) is not installed.", SETUP_COMMAND)
        self._ears = SpeechSpans(longest_minutes)
        self._longest_minutes = longest_minutes
        self._least_confidence = least_confidence
        self._python = python or sys.executable
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return "Pocketsphinx"

    def transcribe(self, samples: Samples, told: Told, cancelled: Cancelled) -> Transcript | None:
        """See `ports.Transcriber`. No speech gives a transcript without words and spans.

        Raises:
            LimitExceeded: it plays longer than is listened to.
            ModelError: it could not be run, or came to a stop.
        """
        sound = checked(samples, self._longest_minutes)
        whole = int(len(sound) / SAMPLES_A_SECOND) + 1
        with turn(self._lock, cancelled) as came:
            if not came:
                return None
            spans = self._ears.spans(sound, lambda *_: None, cancelled)
            words = None if spans is None else self._words(sound, spans, told, cancelled)
        if spans is None or words is None:
            return None
        told(LISTENING, whole, whole)
        return self._judged(transcript(words, "", self.name), spans)

    def _judged(self, heard: Transcript, spans: Spans) -> Transcript:
        """The words with what is to be said of them; or the spans alone."""
        if not heard.words:
            return replace(heard, origin_kind="spans", spans=spans)
        if heard.confidence < self._least_confidence:
            return Transcript((), "", self.name, heard.confidence, "spans", spans, (WITHHELD, ENGLISH_ONLY))
        return replace(heard, origin_kind="weak recogniser", spans=spans, notices=(ENGLISH_ONLY,))

    def _words(self, sound: Samples, spans: Spans, told: Told, cancelled: Cancelled) -> list[SpokenWord] | None:
        """Every utterance's words, with times from the recording's start; None where it was cancelled."""
        length = len(sound) / SAMPLES_A_SECOND
        words: list[SpokenWord] = []
        if not spans:
            return words
        with self._started() as child:
            for first, last in utterances_of(sound, spans):
                if cancelled():
                    return None
                told(LISTENING, first // SAMPLES_A_SECOND, int(length) + 1)
                heard = self._heard(child, sound[first:last], cancelled)
                if heard is None:
                    return None
                offset = first / SAMPLES_A_SECOND
                words += [spoken(text, offset + start, offset + end, sure, length) for text, start, end, sure in heard]
        return words

    def _heard(self, child: _Child, utterance: Samples, cancelled: Cancelled) -> _Heard | None:
        """Words with times from the utterance's start; None where it was cancelled."""
        content = np.clip(np.rint(utterance * _LOUDEST), -_LOUDEST, _LOUDEST).astype("<i2").tobytes()
        try:
            child.asked.write(LENGTH.pack(len(content)) + content)
            child.asked.flush()
        except OSError as exc:
            raise self._stopped() from exc
        left = _PATIENCE_SECONDS + _PATIENCE_TIMES * len(utterance) / SAMPLES_A_SECOND
        while left > 0:
            try:
                return self._read(child.lines.get(timeout=_POLL_SECONDS))
            except queue.Empty:
                left -= _POLL_SECONDS
            if cancelled():
                return None
        raise self._stopped()

    def _read(self, line: bytes) -> _Heard:
        try:
            return tuple((str(text), float(start), float(end), float(sure)) for text, start, end, sure in _rows(line))
        except (ValueError, TypeError) as exc:
            raise self._stopped() from exc

    def _stopped(self) -> ModelError:
        return ModelError(f"{self.name} stopped while it listened to a recording.", "Try again.")

    @contextmanager
    def _started(self) -> Iterator[_Child]:
        """A process that listens; it is gone afterwards."""
        places = [place for place in sys.path if place]
        try:
            popen = subprocess.Popen(
                [self._python, "-I", "-X", "utf8", "-c", _START, str(_ROOT), *places],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as exc:
            raise ModelError(f"{self.name} could not be started.", "Try again in a minute.") from exc
        if popen.stdin is None or popen.stdout is None:  # both are pipes, as asked for
            raise ModelError(f"{self.name} could not be started.", "Try again in a minute.")
        with popen:
            lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
            pump = threading.Thread(target=_take, args=(popen.stdout, lines), daemon=True)
            pump.start()
            try:
                yield _Child(popen.stdin, lines)
            finally:
                popen.kill()
                pump.join()
                with suppress(OSError):  # what it no longer takes
                    popen.stdin.close()


def _rows(line: bytes) -> Sequence[Any]:
    rows = json.loads(line)
    if not isinstance(rows, list):
        raise ValueError(rows)
    return rows


def _take(answers: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Passes its answers on as they come."""
    for line in answers:
        lines.put(line)
    lines.put(b"")


def utterances_of(sound: Samples, spans: Spans) -> Iterator[tuple[int, int]]:
    """What is given to the recogniser at once: samples from the first to behind the last.

    Args:
        sound: mono, 16,000 a second.
        spans: seconds in which somebody speaks. Those with little between them go together, as far as they are not
            too long; a longer one is cut where it is quietest, which is seldom within a word.
    """
    longest, cut = int(_LONGEST_SECONDS * SAMPLES_A_SECOND), int(_CUT_SECONDS * SAMPLES_A_SECOND)
    held: tuple[int, int] | None = None
    for start, end in _widened(spans, len(sound)):
        near = held is not None and start - held[1] < _JOINED_SECONDS * SAMPLES_A_SECOND
        if held is not None and near and end - held[0] <= longest:
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        while end - start > longest:
            part = quietest(sound, start + longest - cut, start + longest)
            yield start, part
            start = part
        held = (start, end)
    if held is not None:
        yield held


def _widened(spans: Spans, length: int) -> Iterator[tuple[int, int]]:
    """Samples of the spans with some silence at their ends, none of it twice."""
    for place, (start, end) in enumerate(spans):
        before = spans[place - 1][1] if place else -start
        after = spans[place + 1][0] if place + 1 < len(spans) else end + 2 * _AROUND_SECONDS
        first = max(start - _AROUND_SECONDS, (before + start) / 2)
        last = min(end + _AROUND_SECONDS, (end + after) / 2)
        yield int(first * SAMPLES_A_SECOND), min(length, int(last * SAMPLES_A_SECOND))

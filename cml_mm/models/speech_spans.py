"""When somebody speaks, without any words: the least that can be told of a recording.

The network is Silero VAD (Silero Team 2021, github.com/snakers4/silero-vad, MIT). Its package is installed for the
weights alone, which are read by ONNX Runtime: importing it would load torch. The file for whole sequences gives the
same probabilities as the one for live sound, for 512 frames at a time.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.models.hearing import DEFAULT_LONGEST_MINUTES, LISTENING, SAMPLES_A_SECOND, Samples, checked, is_silent
from cml_mm.ports import Cancelled, Told, Transcript

SETUP_COMMAND = "Run: python3 bootstrap.py setup"

_PACKAGE = "silero_vad"
_WEIGHTS = ("data", "silero_vad_16k_sequence.onnx")
_FRAME = 512  # samples: 32 ms
_CONTEXT = 64  # samples of the frame before, which the network sees too
_STATE = (1, 1, 128)
_BLOCK_FRAMES = 512  # 16 s; between two blocks it can be stopped
_FRAME_SECONDS = _FRAME / SAMPLES_A_SECOND

# Silero's own: speech begins at the one, and goes on until the probability falls below the other.
_BEGINS, _ENDS = 0.5, 0.35
_SHORTEST_SECONDS = 0.25  # shorter is a cough or a click
_BREATH_SECONDS = 0.3  # no end between words
_AROUND_SECONDS = 0.1  # the first and last sounds of words are soft

Spans = tuple[tuple[float, float], ...]


class SpeechSpans:
    """A `ports.Transcriber` that hears no words; for several threads. The network is loaded with the first sound.

    Args:
        longest_minutes: of a recording.

    Raises:
        ModelMissing: the package that holds the weights is not there.
    """

    def __init__(self, longest_minutes: float = DEFAULT_LONGEST_MINUTES) -> None:
        self._weights = find_weights()
        self._longest_minutes = longest_minutes
        self._loading = threading.Lock()
        self._ready: Any = None

    @property
    def name(self) -> str:
        return "Silero VAD"

    def transcribe(self, samples: Samples, told: Told, cancelled: Cancelled) -> Transcript | None:
        """See `ports.Transcriber`. Without words, and so without a language; `spans` say when somebody speaks.

        Raises:
            LimitExceeded: it plays longer than is listened to.
            ModelError.
        """
        sound = checked(samples, self._longest_minutes)
        whole = int(len(sound) / SAMPLES_A_SECOND) + 1
        spans = self.spans(sound, told, cancelled)
        if spans is None:
            return None
        told(LISTENING, whole, whole)
        return Transcript((), "", self.name, 0.0, "spans", spans)

    def spans(self, sound: Samples, told: Told, cancelled: Cancelled) -> Spans | None:
        """When somebody speaks.

        Args:
            sound: mono, 16,000 a second, from -1 to 1.

        Returns: seconds from the start, in order and apart; None where it was cancelled.
        Raises: ModelError.
        """
        found: list[NDArray[np.float32]] = []
        hidden = cell = np.zeros(_STATE, np.float32)
        whole = int(len(sound) / SAMPLES_A_SECOND) + 1
        for start in range(0, len(sound), _BLOCK_FRAMES * _FRAME):
            if cancelled():
                return None
            told(LISTENING, start // SAMPLES_A_SECOND, whole)
            frames = _frames(sound, start)
            if is_silent(sound[start : start + _BLOCK_FRAMES * _FRAME]):
                found.append(np.zeros(len(frames), np.float32))
                hidden = cell = np.zeros(_STATE, np.float32)
                continue
            try:
                sure, hidden, cell = self._loaded().run(
                    ["speech_probs", "hn", "cn"], {"input": frames, "h": hidden, "c": cell}
                )
            except (RuntimeError, ValueError) as exc:
                raise ModelError(f"{self.name} could not listen to a recording.", "Try again.") from exc
            found.append(np.asarray(sure, np.float32).reshape(-1))
        return spans_of(np.concatenate(found) if found else np.zeros(0, np.float32), len(sound) / SAMPLES_A_SECOND)

    def _loaded(self) -> Any:
        with self._loading:
            if self._ready is None:
                self._ready = self._load()
            return self._ready

    def _load(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors
        try:
            return onnxruntime.InferenceSession(
                str(self._weights), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as exc:  # its errors have no common parent
            raise ModelError(f"{self.name} could not be loaded.", SETUP_COMMAND) from exc


def find_weights() -> Path:
    """The network's file in its package, which is not imported for it.

    Raises: ModelMissing.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(place, *_WEIGHTS)
        if path.is_file():
            return path
    raise ModelMissing("What tells when somebody speaks (silero-vad) is not installed.", SETUP_COMMAND)


def spans_of(probabilities: NDArray[np.float32], length_seconds: float) -> Spans:
    """Seconds of speech out of its probability in every frame of 32 ms.

    Args:
        probabilities: shape (frames,).
        length_seconds: of the recording; nothing lies behind it.
    """
    found: list[tuple[float, float]] = []
    for first, last in _runs(probabilities):
        start, end = first * _FRAME_SECONDS, last * _FRAME_SECONDS
        if found and start - found[-1][1] < _BREATH_SECONDS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    spans: list[tuple[float, float]] = []
    for start, end in found:
        if end - start < _SHORTEST_SECONDS:
            continue
        # Breaths are longer than twice what is added, so two spans never meet.
        begin, close = max(0.0, start - _AROUND_SECONDS), min(length_seconds, end + _AROUND_SECONDS)
        spans.append((round(begin, 3), round(close, 3)))
    return tuple(spans)


def _runs(probabilities: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Frames from the first of speech to behind its last."""
    start: int | None = None
    for place, sure in enumerate(probabilities):
        if start is None and sure >= _BEGINS:
            start = place
        elif start is not None and sure < _ENDS:
            yield start, place
            start = None
    if start is not None:
        yield start, len(probabilities)


def _frames(sound: Samples, start: int) -> NDArray[np.float32]:
    """A block as the network takes it: each frame behind the end of the one before.

    Returns: shape (frames, 576); the last frame is filled up with zeros.
    """
    block = sound[start : start + _BLOCK_FRAMES * _FRAME]
    count = -(-len(block) // _FRAME)
    filled = np.zeros(_CONTEXT + count * _FRAME, np.float32)
    before = sound[max(0, start - _CONTEXT) : start]
    filled[_CONTEXT - len(before) : _CONTEXT] = before
    filled[_CONTEXT : _CONTEXT + len(block)] = block
    frames: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(filled, _CONTEXT + _FRAME)[::_FRAME].copy()
    return frames

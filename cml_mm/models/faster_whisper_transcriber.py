"""Speech to words by faster-whisper: the same models in CTranslate2's format, in int8, without torch.

Optional: the package is not among those that set-up installs. It takes a third of the CPU time.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cml_mm.errors import ModelError, ModelMissing, OutOfMemory
from cml_mm.models.hearing import (
    DEFAULT_LONGEST_MINUTES,
    LISTENING,
    SAMPLES_A_SECOND,
    WINDOW_SECONDS,
    Samples,
    checked,
    is_silent,
    quietest,
    spoken,
    transcript,
    turn,
)
from cml_mm.models.weights_here import get_command, model_folder
from cml_mm.ports import Cancelled, SpokenWord, Told, Transcript

DEFAULT_MODEL = "faster-whisper-base"

INSTALL_COMMAND = "Run: pip install faster-whisper"
_FILES = ("model.bin", "config.json", "tokenizer.json")
_STRETCH_SECONDS = 300  # given to the library at once, which holds all of it several times over
_CUT_SECONDS = 20  # at the end of a stretch: the quietest moment there is where it is cut
_WINDOW = WINDOW_SECONDS * SAMPLES_A_SECOND
_MEMORY_WORDS = ("out of memory", "bad_alloc", "cannot allocate")


class FasterWhisperTranscriber:
    """A `ports.Transcriber`; several threads take turns. The model is loaded with the first sound.

    Args:
        model: a folder in CTranslate2's format, a hub id, or the name of a card such as "faster-whisper-base".
        longest_minutes: of a recording.
        device: "cpu" or "cuda".
        precision: as CTranslate2 names it.
        threads: how many one recording is heard with.

    Raises:
        ModelMissing: the weights or the package are not there.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        longest_minutes: float = DEFAULT_LONGEST_MINUTES,
        device: str = "cpu",
        precision: str = "int8",
        threads: int = 1,
    ) -> None:
        if importlib.util.find_spec("faster_whisper") is None:
            raise ModelMissing("The optional package faster-whisper is not installed.", INSTALL_COMMAND)
        self._folder = model_folder(model, "The speech recogniser")
        for name in _FILES:
            if not (self._folder / name).is_file():
                # Without its tokenizer the library would fetch another one.
                raise ModelMissing(f"The speech recogniser {model} is incomplete: no {name}.", get_command(model))
        self._label = Path(model.rstrip("/")).name.removeprefix("faster-whisper-")
        self._longest_minutes = longest_minutes
        self._device = device
        self._precision = precision
        self._threads = threads
        self._lock = threading.Lock()
        self._ready: Any = None

    @property
    def name(self) -> str:
        return f"Whisper {self._label} ({self._precision})"

    def transcribe(self, samples: Samples, told: Told, cancelled: Cancelled) -> Transcript | None:
        """See `ports.Transcriber`. No speech gives a transcript without words.

        Raises:
            LimitExceeded: it plays longer than is listened to.
            ModelError, OutOfMemory.
        """
        sound = checked(samples, self._longest_minutes)
        length = len(sound) / SAMPLES_A_SECOND
        words: list[SpokenWord] = []
        language = ""
        at = 0
        while at < len(sound):
            if cancelled():
                return None
            told(LISTENING, int(at / SAMPLES_A_SECOND), int(length) + 1)
            if is_silent(sound[at : at + _WINDOW]):
                at += _WINDOW
                continue
            stretch = sound[at : at + stretch_of(sound[at:])]
            offset = at / SAMPLES_A_SECOND
            with turn(self._lock, cancelled) as came:
                if not came:
                    return None
                for word, said in self._words(stretch, language):
                    if cancelled():
                        return None
                    language = said
                    start, end = offset + word.start, offset + word.end
                    words.append(spoken(word.word, start, end, word.probability, length))
                    told(LISTENING, min(int(end), int(length)), int(length) + 1)
            at += len(stretch)
        told(LISTENING, int(length) + 1, int(length) + 1)
        return transcript(words, language, self.name)

    def _words(self, stretch: Samples, language: str) -> Iterator[tuple[Any, str]]:
        """Words with times from the stretch's start, as they are heard, and the language."""
        model = self._loaded()
        try:
            segments, about = model.transcribe(
                stretch,
                language=language or None,
                beam_size=1,
                word_timestamps=True,
                # A slip would be carried from window to window, and sound without speech would repeat it.
                condition_on_previous_text=False,
            )
            for segment in segments:
                for word in segment.words or ():
                    yield word, str(about.language)
        except MemoryError as exc:
            raise self._no_memory() from exc
        except (RuntimeError, ValueError, IndexError) as exc:
            if any(sign in str(exc).lower() for sign in _MEMORY_WORDS):
                raise self._no_memory() from exc
            raise ModelError(f"{self.name} could not listen to a recording.", "Try again.") from exc

    def _loaded(self) -> Any:
        if self._ready is None:
            import faster_whisper

            try:
                self._ready = faster_whisper.WhisperModel(
                    str(self._folder),
                    device=self._device,
                    compute_type=self._precision,
                    cpu_threads=self._threads,
                    local_files_only=True,
                )
            except MemoryError as exc:
                raise self._no_memory() from exc
            except Exception as exc:
                raise ModelError(f"{self.name} could not be loaded.", "Bring it anew, or name another one.") from exc
        return self._ready

    def _no_memory(self) -> OutOfMemory:
        return OutOfMemory(f"There is not enough memory for {self.name}.", "Use a smaller one.")


def stretch_of(sound: Samples) -> int:
    """How many samples to hear at once.

    Returns:
        All that are left; or up to a window that is silent; or up to the quietest moment near a stretch's end.
    """
    most = _STRETCH_SECONDS * SAMPLES_A_SECOND
    for start in range(_WINDOW, min(len(sound), most), _WINDOW):
        if is_silent(sound[start : start + _WINDOW]):
            return start
    if len(sound) <= most:
        return len(sound)
    return quietest(sound, most - _CUT_SECONDS * SAMPLES_A_SECOND, most)

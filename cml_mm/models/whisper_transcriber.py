"""Speech to words by OpenAI's Whisper.

The recording is heard window by window, each of 30 seconds, as the paper describes (Radford et al. 2022,
"Robust Speech Recognition via Large-Scale Weak Supervision", section 3.8): the next window begins where the
last finished phrase of this one ends, a window that comes out repetitive or improbable is heard again less
literally, and one that the model takes for silence says nothing. Here, so that memory stays that of one
window, and that between any two of them it can be told how far it is, and be stopped.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cml_mm.errors import ModelError, OutOfMemory
from cml_mm.models.hearing import (
    DEFAULT_LONGEST_MINUTES,
    LISTENING,
    SAMPLES_A_SECOND,
    WINDOW_SECONDS,
    Samples,
    checked,
    is_silent,
    spoken,
    transcript,
    turn,
)
from cml_mm.models.whisper_weights import find_whisper, load_whisper
from cml_mm.ports import Cancelled, SpokenWord, Told, Transcript

DEFAULT_MODEL = "base"

_TEMPERATURES = (0.0, 0.4, 0.8)
# From the paper: above or below these, what was heard is a repetition, or a guess.
_MOST_REPETITIVE = 2.4
_LEAST_LIKELY = -1.0
_NO_SPEECH = 0.6
_TIMESTAMP_SECONDS = 0.02
_LEAST_STEP_SECONDS = 1.0  # from window to window
_KEPT_OPEN_SECONDS = 5.0  # an unfinished phrase that begins before is not heard again


@dataclass
class _Heard:
    """How far it is."""

    words: list[SpokenWord] = field(default_factory=list)
    language: str = ""


@dataclass(frozen=True)
class _Phrase:
    """Tokens between two marks of time, in seconds from the window's start."""

    start: float
    end: float
    tokens: tuple[int, ...]


class WhisperTranscriber:
    """A `ports.Transcriber`; several threads take turns, window by window. The model is loaded with the first sound.

    Args:
        model: a size such as "base", or a .pt file of OpenAI's format.
        longest_minutes: of a recording.
        device: as torch names it.
        folder: where OpenAI's files lie; without one, where openai-whisper keeps them.

    Raises:
        ModelMissing: the weights or the package are not there.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        longest_minutes: float = DEFAULT_LONGEST_MINUTES,
        device: str = "cpu",
        folder: Path | None = None,
    ) -> None:
        self._found = find_whisper(model, folder)
        self._longest_minutes = longest_minutes
        self._device = device
        self._lock = threading.Lock()
        self._ready: Any = None

    @property
    def name(self) -> str:
        return f"Whisper {self._found.label}"

    def transcribe(self, samples: Samples, told: Told, cancelled: Cancelled) -> Transcript | None:
        """See `ports.Transcriber`. No speech gives a transcript without words.

        Raises:
            LimitExceeded: it plays longer than is listened to.
            ModelError, OutOfMemory.
        """
        sound = checked(samples, self._longest_minutes)
        length = len(sound) / SAMPLES_A_SECOND
        heard = _Heard()
        at = 0
        while at < len(sound):
            if cancelled():
                return None
            told(LISTENING, int(at / SAMPLES_A_SECOND), int(length) + 1)
            window = sound[at : at + WINDOW_SECONDS * SAMPLES_A_SECOND]
            if is_silent(window):
                at += len(window)
                continue
            step = self._hear(window, at / SAMPLES_A_SECOND, length, heard, cancelled)
            if step is None:
                return None
            at += max(1, int(step * SAMPLES_A_SECOND))
        told(LISTENING, int(length) + 1, int(length) + 1)
        return transcript(heard.words, heard.language, self.name)

    def _hear(self, window: Samples, offset: float, length: float, heard: _Heard, cancelled: Cancelled) -> float | None:
        """Adds a window's words. Returns: seconds to the next window; None where it was cancelled."""
        import torch

        with turn(self._lock, cancelled) as came:
            if not came:
                return None
            try:
                with torch.inference_mode():
                    return self._hear_loaded(window, offset, length, heard, cancelled)
            except (torch.OutOfMemoryError, MemoryError) as exc:
                raise OutOfMemory(f"There is not enough memory for {self.name}.", "Use a smaller one.") from exc
            except (RuntimeError, IndexError, ValueError) as exc:
                raise ModelError(f"{self.name} could not listen to a recording.", "Try again.") from exc

    def _hear_loaded(
        self, window: Samples, offset: float, length: float, heard: _Heard, cancelled: Cancelled
    ) -> float | None:
        model = self._loaded()
        import whisper
        from whisper.tokenizer import get_tokenizer

        mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(window), model.dims.n_mels).to(self._device)
        if not heard.language:
            heard.language = _language(model, mel)
        tokenizer = get_tokenizer(
            model.is_multilingual, num_languages=model.num_languages, language=heard.language, task="transcribe"
        )
        result, stopped = self._decoded(model, mel, heard.language, cancelled)
        if stopped:
            return None
        seconds = len(window) / SAMPLES_A_SECOND
        if result is None:
            return seconds
        last = offset + seconds >= length
        phrases, step = phrases_of(result.tokens, tokenizer.timestamp_begin, tokenizer.eot, seconds, last)
        before = heard.words[-1].end_seconds if heard.words else 0.0
        for word in _timed(phrases, model, tokenizer, mel, window, before - offset):
            start, end = offset + word["start"], offset + word["end"]
            heard.words.append(spoken(word["word"], start, end, word["probability"], length))
        return step

    def _decoded(self, model: Any, mel: Any, language: str, cancelled: Cancelled) -> tuple[Any, bool]:
        """The best that is heard in a window, None where that is nothing; and whether it was cancelled."""
        import torch
        from whisper import DecodingOptions, decode

        best = None
        for temperature in _TEMPERATURES:
            if cancelled():
                return None, True
            options = DecodingOptions(language=language, temperature=temperature, fp16=self._device != "cpu")
            with torch.random.fork_rng(devices=[]):  # the same sound gives the same words
                torch.manual_seed(0)
                result = decode(model, mel, options)
            unlikely = result.avg_logprob < _LEAST_LIKELY
            if unlikely and result.no_speech_prob > _NO_SPEECH:
                return None, False
            if result.compression_ratio <= _MOST_REPETITIVE:
                best = result
                if not unlikely:
                    break
        return best, False

    def _loaded(self) -> Any:
        if self._ready is None:
            self._ready = load_whisper(self._found, self._device)
            if self._device != "cpu":
                self._ready = self._ready.half()
        return self._ready


def phrases_of(
    tokens: list[int], first_time: int, end_mark: int, seconds: float, last: bool
) -> tuple[list[_Phrase], float]:
    """What was said in a window, and where the next one begins.

    Args:
        tokens: as decoded; those from `first_time` on are times, 0.02 seconds apart.
        first_time: the token for 0 seconds.
        end_mark: the first token that is no text.
        seconds: the window's length.
        last: whether nothing follows; then an unfinished phrase is all there will be of it.

    Returns:
        Phrases, and seconds from this window's start to the next one's.
    """
    phrases: list[_Phrase] = []
    start = 0.0
    text: list[int] = []
    for token in tokens:
        if token >= first_time:
            at = min((token - first_time) * _TIMESTAMP_SECONDS, seconds)
            if text:
                phrases.append(_Phrase(start, max(start, at), tuple(text)))
                text = []
            start = at
        elif token < end_mark:
            text.append(token)
    if text and (last or not phrases or start < _KEPT_OPEN_SECONDS):
        return [*phrases, _Phrase(start, seconds, tuple(text))], seconds
    begins_another = len(tokens) > 1 and min(tokens[-2:]) >= first_time
    if not last and phrases and (text or begins_another):
        return phrases, min(seconds, max(start, _LEAST_STEP_SECONDS))
    return phrases, seconds


def _language(model: Any, mel: Any) -> str:
    if not model.is_multilingual:
        return "en"
    from whisper import detect_language

    _, likely = detect_language(model, mel.to(next(model.parameters()).dtype))
    return str(max(likely, key=likely.__getitem__))


def _timed(
    phrases: list[_Phrase], model: Any, tokenizer: Any, mel: Any, window: Samples, before: float
) -> list[dict[str, Any]]:
    """The words of phrases with their times from the window's start, by how the model's attention wanders."""
    from whisper.audio import HOP_LENGTH
    from whisper.timing import add_word_timestamps

    segments: list[dict[str, Any]] = [
        {"seek": 0, "start": phrase.start, "end": phrase.end, "tokens": list(phrase.tokens)} for phrase in phrases
    ]
    add_word_timestamps(
        segments=segments,
        model=model,
        tokenizer=tokenizer,
        mel=mel.to(next(model.parameters()).dtype),
        num_frames=len(window) // HOP_LENGTH,
        last_speech_timestamp=before,
    )
    return [word for segment in segments for word in segment["words"]]

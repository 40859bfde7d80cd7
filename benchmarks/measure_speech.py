"""Hearing without a download: how well, how surely, and at what cost; and what Whisper of true size costs.

Words and times are held against real human speech in ../shared; without it that is said, and costs alone are measured,
on a voice made by arithmetic.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from rapidfuzz.distance import Levenshtein

from cml_mm.models.hearing import SAMPLES_A_SECOND, WINDOW_SECONDS, Samples
from cml_mm.models.pocketsphinx_transcriber import LEAST_CONFIDENCE, PocketsphinxTranscriber
from cml_mm.models.speech_spans import SpeechSpans
from cml_mm.ports import Transcriber, Transcript
from cml_mm.settings import ROOT
from tests.support.spoken_sound import voice

SPEECH = ROOT.parent / "shared" / "checks" / "speech"
LECTURES = ROOT.parent / "shared" / "checks" / "lectures"
COST_SECONDS = 60
WHISPER_TOKENS = 100  # in a window of 30 s: people say about 75 words in it
STEP_SECONDS = 0.01
# A sentence that everybody knows, for the one recording that comes without its words.
KNOWN = {
    "jfk": "And so, my fellow Americans: ask not what your country can do for you,"
    " ask what you can do for your country."
}
_CUE = re.compile(r"(\d+):(\d+):(\d+)[.,](\d+) --> (\d+):(\d+):(\d+)[.,](\d+)")
# Width, heads and layers of the sizes, from the table of the Whisper paper (Radford et al. 2022).
SIZES = {"tiny": (384, 6, 4), "base": (512, 8, 6), "small": (768, 12, 12)}


@dataclass(frozen=True)
class Clip:
    name: str
    sound: Samples
    words: tuple[str, ...]


def main(library: Path, index: Path) -> None:
    clips = list(_clips())
    if clips:
        _words(clips)
        _spans_among_silence(clips)
    else:
        print(f"SKIPPED: {SPEECH} is missing; no figures for right words and times.", file=sys.stderr)
    if LECTURES.is_dir():
        _spans_of_lectures()
    else:
        print(f"SKIPPED: {LECTURES} is missing; no figures for spans against captions.", file=sys.stderr)
    said = np.concatenate([clip.sound for clip in clips]) if clips else voice(COST_SECONDS)
    _costs(np.resize(said, COST_SECONDS * SAMPLES_A_SECOND))


def _clips() -> Iterator[Clip]:
    for path in sorted((*SPEECH.glob("*.wav"), *SPEECH.glob("*.flac"))):
        beside = path.with_suffix(".txt")
        text = beside.read_text("utf-8") if beside.is_file() else KNOWN.get(path.stem, "")
        if text:
            yield Clip(path.stem, _sound(path), _plain(text.split()))


def _sound(path: Path) -> Samples:
    resampler = av.AudioResampler("s16", "mono", SAMPLES_A_SECOND)
    parts = []
    with av.open(str(path)) as opened:
        for frame in opened.decode(audio=0):
            parts += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return np.concatenate(parts).astype(np.float32) / 32_768


def _plain(words: Sequence[str]) -> tuple[str, ...]:
    bare = (re.sub(r"[^a-z']", "", word.casefold()) for word in words)
    return tuple({"mr": "mister"}.get(word, word) for word in bare if word)


def _hear(ears: Transcriber, sound: Samples) -> Transcript:
    heard = ears.transcribe(sound, lambda *_: None, lambda: False)
    if heard is None:
        raise AssertionError("nobody cancelled it")
    return heard


# --- words ---------------------------------------------------------------------------------------


def _noisy(sound: Samples, decibels: float) -> Samples:
    """With noise that is so much softer than the speech."""
    loud = float(np.sqrt(np.mean(sound**2)))
    noise = np.random.default_rng(1).standard_normal(len(sound)) * loud / 10 ** (decibels / 20)
    return np.clip(sound + noise, -1, 1).astype(np.float32)


SPOILT: dict[str, Callable[[Samples], Samples]] = {
    "as recorded": lambda sound: sound,
    "noise, 20 dB": lambda sound: _noisy(sound, 20),
    "noise, 10 dB": lambda sound: _noisy(sound, 10),
    "noise, 5 dB": lambda sound: _noisy(sound, 5),
    "backwards (as if in another language)": lambda sound: sound[::-1].copy(),
}


def _words(clips: Sequence[Clip]) -> None:
    ears = PocketsphinxTranscriber(least_confidence=0.0)
    print(f"Pocketsphinx, {len(clips)} recordings, {sum(len(clip.words) for clip in clips)} words")
    for how, spoil in SPOILT.items():
        wrong = said = 0
        sure: list[float] = []
        means: list[str] = []
        for clip in clips:
            heard = _hear(ears, spoil(clip.sound))
            wrong += Levenshtein.distance(_plain([word.text for word in heard.words]), clip.words)
            said += len(clip.words)
            sure += [word.confidence for word in heard.words]
            means.append(f"{heard.confidence:.2f}")
        mean = sum(sure) / max(1, len(sure))
        kept = sum(float(one) >= LEAST_CONFIDENCE for one in means)
        print(
            f"{how}: word error rate {wrong / said:.2f}, mean confidence {mean:.2f} (each: {', '.join(means)}); "
            f"words kept of {kept} of {len(clips)}"
        )


# --- when somebody speaks ------------------------------------------------------------------------


def _spans_among_silence(clips: Sequence[Clip]) -> None:
    """Each recording between five seconds of noise of a room, 40 dB softer: how much of that is taken for speech."""
    ears = SpeechSpans()
    for decibels in (40, 20, 10):
        outside = found = 0.0
        starts: list[float] = []
        for clip in clips:
            pause = 5 * SAMPLES_A_SECOND
            sound = _noisy(np.concatenate([np.zeros(pause), clip.sound, np.zeros(pause)]).astype(np.float32), decibels)
            spans = _hear(ears, sound).spans
            end = 5 + len(clip.sound) / SAMPLES_A_SECOND
            outside += 10
            found += sum(max(0.0, min(b, 5) - a) + max(0.0, b - max(a, end)) for a, b in spans)
            starts.append(spans[0][0] - 5 if spans else float("nan"))
        print(
            f"Silero VAD, room {decibels} dB softer: {found:.2f} of {outside:.0f} s without speech taken for speech; "
            f"first span begins {', '.join(f'{start:.2f}' for start in starts)} s into the recordings"
        )


def _spans_of_lectures() -> None:
    """Against the times of the captions: shares of a hundredth of a second each."""
    ears = SpeechSpans()
    both = told = true = 0
    for path in sorted(LECTURES.glob("*.mp4")):
        sound = _sound(path)
        steps = int(len(sound) / SAMPLES_A_SECOND / STEP_SECONDS) + 1
        cues = [_times(found.groups()) for found in _CUE.finditer(path.with_suffix(".srt").read_text("utf-8"))]
        said, heard = _marked(cues, steps), _marked(_hear(ears, sound).spans, steps)
        both, told, true = both + int((said & heard).sum()), told + int(heard.sum()), true + int(said.sum())
    if true:
        print(f"Silero VAD, lectures against their captions: precision {both / told:.3f}, recall {both / true:.3f}")


def _times(digits: Sequence[str]) -> tuple[float, float]:
    """Seconds of a cue's two times, each in hours, minutes, seconds and thousandths."""
    parts = [int(digit) for digit in digits]
    start, end = (3600 * h + 60 * m + s + ms / 1000 for h, m, s, ms in (parts[:4], parts[4:]))
    return start, end


def _marked(spans: Sequence[tuple[float, float]], steps: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    marks = np.zeros(steps, dtype=np.bool_)
    for start, end in spans:
        marks[round(start / STEP_SECONDS) : round(end / STEP_SECONDS)] = True
    return marks


# --- costs ---------------------------------------------------------------------------------------


def _costs(sound: Samples) -> None:
    import torch

    torch.set_num_threads(1)
    for ears in (SpeechSpans(), PocketsphinxTranscriber()):
        _hear(ears, sound[:SAMPLES_A_SECOND])
        print(f"{ears.name}: {_cpu(lambda ears=ears: _hear(ears, sound)) / COST_SECONDS:.4f} CPU-s a second of sound")
    _whisper_cost("tiny", sound[:SAMPLES_A_SECOND], 2)  # what is compiled the first time is not counted
    for name in ("base", "small"):
        for tokens in (WHISPER_TOKENS, None):
            cost = _whisper_cost(name, sound, tokens)
            words = f"{tokens} tokens" if tokens else "as many tokens as it can"
            print(f"Whisper {name}, random weights, float32, {words} a window: {cost:.2f} CPU-s a second of sound")


def _cpu(work: Callable[[], object]) -> float:
    """CPU-seconds here and in the processes that it starts."""

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    before = used()
    work()
    return used() - before


def _whisper_cost(name: str, sound: Samples, tokens: int | None) -> float:
    """Hears windows one after the other as the library does, without a second try, and times every word.

    Args:
        tokens: that are written in each window. Random weights never come to an end by themselves.

    Returns: CPU-seconds for each second of sound.
    """
    import torch
    import whisper
    from whisper.model import ModelDimensions, Whisper
    from whisper.timing import find_alignment
    from whisper.tokenizer import get_tokenizer

    width, heads, layers = SIZES[name]
    torch.manual_seed(1)
    model = Whisper(ModelDimensions(80, 1500, width, heads, layers, 51865, 448, width, heads, layers)).eval()
    tokenizer = get_tokenizer(True, num_languages=99, language="en", task="transcribe")
    options = whisper.DecodingOptions(language="en", fp16=False, sample_len=tokens, without_timestamps=True)
    window = WINDOW_SECONDS * SAMPLES_A_SECOND

    def hear() -> None:
        with torch.inference_mode():
            for start in range(0, len(sound), window):
                mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(sound[start : start + window]), 80)
                result = whisper.decode(model, mel, options)
                text = [token for token in result.tokens if token < tokenizer.eot]
                find_alignment(model, tokenizer, text, mel, mel.shape[-1])

    return _cpu(hear) / (len(sound) / SAMPLES_A_SECOND)

"""Frames and speech as an mp4 file, by PyAV: H.264 and AAC, with a soft babble of noise where somebody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks.lecture_motion import Frame
from benchmarks.lecture_styles import HEIGHT_PX, WIDTH_PX
from cml_mm.lectures.values import Cue

SAMPLES_A_SECOND = 16_000
_BLOCK = 1024  # samples that AAC takes together
_SYLLABLES_A_SECOND = 4.2
_LOUD, _QUIET = 0.11, 0.0008


@dataclass(frozen=True)
class Coding:
    """How a film is coded. `most_kbits` 0: no cap on the rate; `audio_kbits` 0: no sound."""

    fps: Fraction
    crf: int = 27
    most_kbits: int = 0
    preset: str = "ultrafast"
    audio_kbits: int = 24
    gop_seconds: float = 4.0


def write_film(path: Path, frames: Iterable[tuple[Frame, bool]], sound: NDArray[np.float32], coding: Coding) -> None:
    """Code a film; the same input gives the same pictures with the same libraries.

    Args:
        path: where to, its name ends in .mp4.
        frames: RGB of 1280 × 720, and whether each is the same as the one before.
        sound: samples from -1 to 1, `SAMPLES_A_SECOND` of them.
        coding: rate and quality.
    """
    with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        video = container.add_stream("libx264", rate=coding.fps)
        video.width, video.height, video.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        video.options = _x264_options(coding)
        video.codec_context.thread_count = 1
        audio = None
        if coding.audio_kbits:
            audio = container.add_stream("aac", rate=SAMPLES_A_SECOND, layout="mono")
            audio.bit_rate = coding.audio_kbits * 1000
        heard = 0
        coded: av.VideoFrame | None = None
        for number, (frame, is_same) in enumerate(frames):
            if coded is None or not is_same:
                coded = av.VideoFrame.from_ndarray(frame, format="rgb24").reformat(format="yuv420p")
            coded.pts, coded.time_base = number, 1 / coding.fps
            container.mux(video.encode(coded))
            until = min(len(sound), int((number + 1) / coding.fps * SAMPLES_A_SECOND))
            while audio is not None and heard + _BLOCK <= until:
                container.mux(audio.encode(_audio_frame(sound[heard : heard + _BLOCK], heard)))
                heard += _BLOCK
        container.mux(video.encode(None))
        if audio is not None:
            container.mux(audio.encode(None))


def babble(cues: Sequence[Cue], seconds: float, seed: int) -> NDArray[np.float32]:
    """Sound for a lecture: noise that swells as syllables do where something is said, near silence elsewhere.

    Returns:
        `SAMPLES_A_SECOND` samples for each second, -1 to 1.
    """
    chance = np.random.default_rng(seed)
    many = int(seconds * SAMPLES_A_SECOND)
    loudness = np.full(many, _QUIET, np.float32)
    for cue in cues:
        first, last = (int(time * SAMPLES_A_SECOND) for time in (cue.start_seconds, cue.end_seconds))
        clock = np.arange(max(0, min(last, many) - first), dtype=np.float32) / SAMPLES_A_SECOND
        loudness[first : first + len(clock)] = _LOUD * np.abs(np.sin(np.pi * _SYLLABLES_A_SECOND * clock))
    hiss = chance.standard_normal(many, dtype=np.float32)
    soft = (hiss + np.roll(hiss, 1) + np.roll(hiss, 2) + np.roll(hiss, 3)) / 4  # less shrill
    tone = 0.5 * np.sin(2 * np.pi * 140 * np.arange(many, dtype=np.float32) / SAMPLES_A_SECOND)
    return np.clip(loudness * (soft + tone), -1, 1).astype(np.float32)


def _x264_options(coding: Coding) -> dict[str, str]:
    gop = str(max(1, round(coding.gop_seconds * float(coding.fps))))
    options = {"preset": coding.preset, "crf": str(coding.crf), "g": gop, "threads": "1"}
    if coding.most_kbits:
        options |= {"maxrate": f"{coding.most_kbits}k", "bufsize": f"{2 * coding.most_kbits}k"}
    return options


def _audio_frame(samples: NDArray[np.float32], first: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate = SAMPLES_A_SECOND
    frame.pts, frame.time_base = first, Fraction(1, SAMPLES_A_SECOND)
    return frame

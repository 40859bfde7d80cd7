"""What is to be heard in a recording → 16,000 samples a second, piece by piece. Pictures are never decoded.

Runs in the process that opens strangers' files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import MediaUnreadable
from cml_mm.media.recordings import damaged_recording, opened_recording, too_long
from cml_mm.ports import Told
from cml_mm.visits import Limits

SAMPLES_A_SECOND = 16_000
PIECE_SAMPLES = 30 * SAMPLES_A_SECOND

_MICROSECONDS = 1_000_000
_LEAST_GAP_SECONDS = 0.2  # in a track; filled with silence, so that words stand at the time that players show
_SPARE_SECONDS = 1.0  # by which a track may play longer than its container says

Samples = NDArray[np.int16]


class SoundTrack:
    """The first sound track of a recording, decoded once from its start to its end.

    Args:
        data: the whole file.
        reader: the one container format that it may be, by its signature.
        name: for messages.
        limits: on its length, which is counted while it is decoded, whatever the file says.
    """

    def __init__(self, data: bytes, reader: str, name: str, limits: Limits) -> None:
        self._data = data
        self._reader = reader
        self._name = name
        self._limits = limits
        self._written = 0  # samples so far
        self.damaged = False  # whether something could not be played

    def pieces(self, told: Told) -> Iterator[Samples]:
        """Mono samples in order, half a minute at a time.

        Args:
            told: hears how many seconds are done.

        Raises:
            MediaUnreadable: nothing of it can be played.
            LimitExceeded: it plays for longer than is read.
        """
        import av

        kept: list[Samples] = []
        held = 0
        try:
            with opened_recording(self._data, self._reader) as container:
                for samples in self._samples(container):
                    kept.append(samples)
                    held += len(samples)
                    self._count(len(samples))
                    if held >= PIECE_SAMPLES:
                        told("Playing the recording", self._written // SAMPLES_A_SECOND, _seconds(container))
                        yield np.concatenate(kept)
                        kept, held = [], 0
        except (av.error.FFmpegError, OSError, ValueError, LookupError, TypeError) as exc:
            if not self._written:
                raise damaged_recording(self._name) from exc
            self.damaged = True
        if not self._written:
            raise MediaUnreadable(
                f"{self._name} holds no sound that can be played.",
                "Play it through in its own program and save it anew, or add its transcript as .txt.",
            )
        if kept:
            yield np.concatenate(kept)

    def _count(self, samples: int) -> None:
        self._written += samples
        if self._written > self._limits.recording_seconds * SAMPLES_A_SECOND:
            raise too_long(self._name, self._written / SAMPLES_A_SECOND, self._limits)

    def _samples(self, container: Any) -> Iterator[Samples]:
        start = (container.start_time or 0) / _MICROSECONDS
        stream = container.streams.audio[0]
        whole = _seconds(container) or self._limits.recording_seconds
        resampler = _Resampler()
        for frame in self._frames(container, stream):
            if frame.pts is not None and frame.time_base:
                at = float(frame.pts * frame.time_base) - start
                gap = at - self._written / SAMPLES_A_SECOND
                if gap > _LEAST_GAP_SECONDS and at <= whole + _SPARE_SECONDS:
                    yield from _silence(round(gap * SAMPLES_A_SECOND))
            yield from resampler.take(frame)
        yield from resampler.take(None)

    def _frames(self, container: Any, stream: Any) -> Iterator[Any]:
        import av

        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:  # a spoiled stretch; what follows may be whole
                self.damaged = True
                continue
            yield from frames


class _Resampler:
    """To mono at our rate, whatever a track changes to on its way."""

    def __init__(self) -> None:
        self._made: Any = None
        self._of: tuple[object, ...] = ()

    def take(self, frame: Any) -> Iterable[Samples]:
        """The samples that are ready; None as a frame asks for the last ones."""
        found: list[Samples] = []
        kind = self._of if frame is None else (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._of:
            found += self._resampled(None)
            self._made, self._of = None, kind
        return [*found, *self._resampled(frame)]

    def _resampled(self, frame: Any) -> list[Samples]:
        import av

        if self._made is None:
            if frame is None:
                return []
            self._made = av.AudioResampler(format="s16", layout="mono", rate=SAMPLES_A_SECOND)
        if frame is not None:
            frame.pts = None  # times have been seen to; a leap in them is none of the resampler's business
        return [made.to_ndarray().reshape(-1) for made in self._made.resample(frame)]


def _silence(samples: int) -> Iterator[Samples]:
    for start in range(0, samples, PIECE_SAMPLES):
        yield np.zeros(min(PIECE_SAMPLES, samples - start), np.int16)


def _seconds(container: Any) -> int:
    """How long it says it plays; 0 where it does not."""
    return max(0, round((container.duration or 0) / _MICROSECONDS))

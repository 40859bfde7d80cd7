"""A recording's moving pictures as a stream of packets that can be opened anew, and frames out of packets.

Runs in the process that opens strangers' files.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.recordings import damaged_recording, opened_recording, too_long
from cml_mm.visits import Limits

MOST_PIXELS = 36_000_000  # of a frame: a little more than 7680 x 4320; a decoder keeps many of them at once

_COVER = 0x400  # AV_DISPOSITION_ATTACHED_PIC
_MICROSECONDS = 1_000_000
_MOST_STAMPS = 3_000_000  # of a film: four hours at 200 frames a second
_WIDEST_POINT = 2  # of a picture's points, width to height; anything else is a mistake in the file


@dataclass(frozen=True)
class Stamps:
    """The time stamps of a film's frames in order, in its own ticks, and those at which decoding can begin."""

    all: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()

    def shown_at(self, stamp: float) -> int | None:
        """The stamp of the frame that is shown at a time: the first before there is any, None where none is known."""
        place = bisect_right(self.all, stamp)
        return self.all[max(place - 1, 0)] if self.all else None

    def can_begin(self, after: float, until: float) -> bool:
        """Whether decoding can begin behind one stamp, at another or before."""
        place = bisect_right(self.keys, after)
        return place < len(self.keys) and self.keys[place] <= until


class FilmSource:
    """The moving pictures of a recording, without what they show.

    Args:
        data: the whole file.
        reader: the one container format that it may be, by its signature.
        name: for messages.
        limits: on its length.

    Raises:
        MediaUnreadable: it is damaged, or has no moving pictures.
        LimitExceeded: its pictures are larger, or it plays for longer, than is read.
    """

    def __init__(self, data: bytes, reader: str, name: str, limits: Limits) -> None:
        self._data = data
        self._reader = reader
        self.name = name
        self.limits = limits
        self.damaged = False  # whether something could not be decoded
        with self.opened() as (container, stream):
            self._start = Fraction(container.start_time or 0, _MICROSECONDS)
            self._tick = Fraction(stream.time_base or Fraction(1, 1000))
            self.seconds = max(0.0, (container.duration or 0) / _MICROSECONDS - self._before(reader))  # 0: not said
            self.point_shape = _point_shape(stream)
            if self.seconds > limits.recording_seconds:
                raise too_long(name, self.seconds, limits)
            self.stamps = _stamps(container, stream)

    @contextmanager
    def opened(self) -> Iterator[tuple[Any, Any]]:
        """The container and its stream of pictures, from the start."""
        import av

        try:
            with opened_recording(self._data, self._reader) as container:
                yield container, self._stream(container)
        except (av.error.FFmpegError, OSError, ValueError, LookupError, TypeError) as exc:
            raise damaged_recording(self.name) from exc

    def frames_of(self, stream: Any, packet: Any, wanted: frozenset[int] | None) -> list[Any]:
        """The frames that a packet completes; none where it is damaged.

        Args:
            wanted: the stamps that must be decoded; others may be left out where no other frame needs them. None: all.
        """
        import av

        needed = wanted is None or packet.pts is None or packet.pts in wanted
        stream.codec_context.skip_frame = "DEFAULT" if needed else "NONREF"
        try:
            frames = list(packet.decode())
        except av.error.FFmpegError:  # a spoiled stretch; what follows may be whole
            self.damaged = True
            return []
        for frame in frames:
            self._refuse_large(frame.width, frame.height)
            self.damaged = self.damaged or bool(frame.is_corrupt)
        return frames

    def stamp_of(self, seconds: float) -> float:
        """A time as players show it, in the film's ticks; a little late, so that a frame's own time finds it."""
        return float((Fraction(seconds) + Fraction(1, 1000) + self._start) / self._tick)

    def seconds_of(self, stamp: int) -> float:
        return float(stamp * self._tick - self._start)

    def _before(self, reader: str) -> float:
        """What a stated length counts besides the film: Matroska's counts from the zero of its clock."""
        return max(0.0, float(self._start)) if "matroska" in reader else 0.0

    def _stream(self, container: Any) -> Any:
        found = [stream for stream in container.streams.video if not stream.disposition & _COVER]
        if not found:
            raise MediaUnreadable(f"{self.name} has no moving pictures.", "Only what is said in it can be read.")
        context = found[0].codec_context
        self._refuse_large(context.width, context.height)
        context.thread_count = 1  # more would be sooner, and dearer
        context.options = {"max_pixels": str(MOST_PIXELS)}
        return found[0]

    def _refuse_large(self, width: int, height: int) -> None:
        if width * height > MOST_PIXELS:
            raise LimitExceeded(
                f"The pictures of {self.name} are {width} x {height} pixels each; at most "
                f"{MOST_PIXELS // 10**6} million are looked at.",
                "Save the film smaller, in 1920 x 1080 for example, then add it again.",
            )


def _stamps(container: Any, stream: Any) -> Stamps:
    """Reads all packets without decoding any; nothing where one has no stamp, or they do not end."""
    found: list[int] = []
    keys: list[int] = []
    for packet in container.demux(stream):
        if packet.pts is None:
            if packet.size:
                return Stamps()
            continue
        found.append(packet.pts)
        if packet.is_keyframe:
            keys.append(packet.pts)
        if len(found) > _MOST_STAMPS:
            return Stamps()
    return Stamps(tuple(sorted(found)), tuple(sorted(keys)))


def _point_shape(stream: Any) -> Fraction:
    """Width to height of a picture's points, 1 where that is not said or cannot be."""
    shape = stream.sample_aspect_ratio
    if not shape or not 1 / _WIDEST_POINT <= shape <= _WIDEST_POINT:
        return Fraction(1)
    return Fraction(shape)

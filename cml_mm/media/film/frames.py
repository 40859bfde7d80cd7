"""A film's pictures: small grey ones twice a second for comparing, and single ones as people see them.

Times are what players show: by the time stamps of the frames, never by counting them, from the recording's own start.
Frames that no other needs and that are not looked at are not decoded, which halves the cost of common films.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import InputError
from cml_mm.media.film.source import FilmSource
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.recordings import damaged_recording, too_long
from cml_mm.ports import Picture, Told
from cml_mm.visits import Limits

STEP_SECONDS = 0.5
TILE_PX = 5  # side of a tile of a small picture
SMALL_PX = 160  # longer side of a small picture
LONGEST_PX = 1920  # of a single picture, where nobody asks for less

_SPARE_SECONDS = 1.0  # by which the pictures may play longer than the container says
_MINUTE = 60
_LIGHT_FIRST = ("yuv4", "yuvj4", "nv12", "nv21", "gray")  # formats whose first plane is how light the points are

Grey = NDArray[np.uint8]  # shape (height, width) of a small picture, both multiples of TILE_PX


@dataclass(frozen=True)
class Sample:
    """What is shown at a time: `grey` is the same object for as long as the same frame is shown."""

    seconds: float
    grey: Grey


class FilmFrames:
    """The moving pictures of a recording, upright and in the shape in which players show them.

    Args: as of FilmSource.

    Raises:
        MediaUnreadable: it is damaged, or has no moving pictures.
        LimitExceeded: its pictures are larger, or it plays for longer, than is read.
    """

    def __init__(self, data: bytes, reader: str, name: str, limits: Limits) -> None:
        self._source = FilmSource(data, reader, name, limits)
        self._limits = limits
        self.seconds = self._source.seconds  # known for sure when all samples have been taken
        frame = next((frame for frame, _ in self._decoded(None)), None)
        if frame is None:
            raise damaged_recording(name)
        self._turns = round(frame.rotation / 90) % 4  # quarter turns against the clock
        size = (round(frame.width * self._source.point_shape), frame.height)
        self.width_px, self.height_px = reversed(size) if self._turns % 2 else size

    @property
    def damaged(self) -> bool:
        """Whether something could not be decoded so far."""
        return self._source.damaged

    def samples(self, told: Told) -> Iterator[Sample]:
        """What is shown every half second, from the first frame to the end.

        Args:
            told: hears which minute is being looked at.

        Raises: LimitExceeded: it plays for longer than it says, and than is read.
        """
        minutes = max(1, ceil(self.seconds / _MINUTE))
        step, minute, end = -1, 0, 0.0
        shown: _Shown | None = None
        for frame, seconds in self._decoded(self._looked_at()):
            if shown is None:
                step = ceil(seconds / STEP_SECONDS - 1e-3)
            while shown is not None and step * STEP_SECONDS < seconds - 1e-3:
                yield Sample(step * STEP_SECONDS, shown.grey)
                step += 1
            if seconds >= _MINUTE * minute:
                minute = int(seconds // _MINUTE) + 1
                at = min(minute, minutes)
                told(f"Looking at the film: minute {at} of {minutes}", at, minutes)
            shown, end = _Shown(frame, self._grey), seconds
        self.seconds = max(self.seconds, end)
        while shown is not None and step * STEP_SECONDS < max(self.seconds, end + 1e-3):
            yield Sample(step * STEP_SECONDS, shown.grey)
            step += 1

    def at(self, times: Sequence[float], longest_px: int = LONGEST_PX) -> Iterator[Picture | None]:
        """Single frames in colour, of which one at a time is held.

        Args:
            times: seconds, in order.
            longest_px: of a longer side at most; nothing is enlarged.

        Returns: the frame that is shown at each time; None where none can be decoded.
        """
        with self._source.opened() as (container, stream):
            leaping = _Leaping(self._source, container, stream)
            for seconds in times:
                frame = leaping.shown_at(self._source.stamp_of(seconds))
                yield None if frame is None else self._picture(frame, longest_px)

    def _looked_at(self) -> frozenset[int] | None:
        """The stamps of the frames that are sampled; None where the file does not tell its stamps beforehand."""
        stamps = self._source.stamps
        if not stamps.all:
            return None
        whole = min(self._source.seconds_of(stamps.all[-1]), self._limits.recording_seconds)
        steps = range(int(whole / STEP_SECONDS) + 2)
        found = (stamps.shown_at(self._source.stamp_of(step * STEP_SECONDS)) for step in steps)
        return frozenset(stamp for stamp in found if stamp is not None)

    def _decoded(self, wanted: frozenset[int] | None) -> Iterator[tuple[Any, float]]:
        """Frames in the order in which they are shown, with their seconds; those with times that cannot be, are not.

        Args:
            wanted: the stamps that must be among them, others may be left out; None for all.
        """
        source, reached = self._source, 0.0
        latest = source.seconds + _SPARE_SECONDS if source.seconds else float("inf")
        with source.opened() as (container, stream):
            for packet in container.demux(stream):
                for frame in source.frames_of(stream, packet, wanted):
                    seconds = reached if frame.pts is None else source.seconds_of(frame.pts)
                    if not reached <= seconds <= latest:
                        continue
                    if seconds > self._limits.recording_seconds:
                        raise too_long(source.name, seconds, self._limits)
                    reached = seconds
                    yield frame, seconds

    def _grey(self, frame: Any) -> Grey:
        scale = SMALL_PX / max(self.width_px, self.height_px) / TILE_PX
        size = [max(1, round(side * scale)) * TILE_PX for side in (self.width_px, self.height_px)]
        width, height = reversed(size) if self._turns % 2 else size
        small = opencv().resize(_light(frame), (width, height), interpolation=opencv().INTER_AREA)
        return np.ascontiguousarray(np.rot90(small, self._turns))

    def _picture(self, frame: Any, longest_px: int) -> Picture:
        width, height = float(frame.width * self._source.point_shape), float(frame.height)
        scale = min(1.0, longest_px / max(width, height))
        size = {"width": max(2, round(width * scale)), "height": max(2, round(height * scale))}
        shown = frame.reformat(**size, format="rgb24", interpolation="AREA" if scale < 1 else "BICUBIC")
        return np.ascontiguousarray(np.rot90(shown.to_ndarray(), self._turns))


def frame_at(data: bytes, reader: str, name: str, seconds: float, longest_px: int, limits: Limits) -> Picture:
    """The picture that a film shows at a time, upright.

    Args:
        data: the whole file.
        reader: the one container format that it may be, by its signature.
        name: for messages.
        seconds: as players show them.
        longest_px: of a longer side at most; nothing is enlarged.
        limits: on its length.

    Raises:
        MediaUnreadable, LimitExceeded: as of FilmFrames.
        InputError: nothing is shown then.
    """
    film = FilmFrames(data, reader, name, limits)
    for picture in film.at([seconds], longest_px):
        if picture is not None:
            return picture
    raise InputError(f"{name} shows nothing at {seconds:.1f} seconds.", "Play it from another place.")


class _Shown:
    """A frame that is made small when somebody looks, once."""

    def __init__(self, frame: Any, small: Any) -> None:
        self._frame = frame
        self._small = small
        self._made: Grey | None = None

    @property
    def grey(self) -> Grey:
        if self._made is None:
            self._made = self._small(self._frame)
        return self._made


class _Leaping:
    """Decodes single frames in order, and leaps to where decoding can begin when that is shorter than going on."""

    def __init__(self, source: FilmSource, container: Any, stream: Any) -> None:
        self._source = source
        self._container = container
        self._stream = stream
        self._coming: Iterator[Any] = iter(())
        self._reached: Any = None
        self._ahead: list[Any] = []  # decoded, and shown later

    def shown_at(self, stamp: float) -> Any:
        """The frame that is shown at a stamp; None where none can be decoded."""
        wanted = self._source.stamps.shown_at(stamp)
        target = stamp if wanted is None else float(wanted)
        self._leap(target)
        spared = None if wanted is None else frozenset({wanted})
        while self._reached is None or self._reached.pts < target:
            if self._ahead and self._ahead[0].pts > target:
                break
            if self._ahead:
                self._reached = self._ahead.pop(0)
                continue
            packet = next(self._coming, None)
            if packet is None:
                break
            found = self._source.frames_of(self._stream, packet, spared)
            self._ahead += [frame for frame in found if frame.pts is not None]
        return self._reached

    def _leap(self, target: float) -> None:
        here = self._reached.pts if self._reached is not None else float("-inf")
        if self._reached is None or here > target or self._source.stamps.can_begin(here, target):
            self._container.seek(int(target), stream=self._stream, backward=True)
            self._coming, self._reached, self._ahead = self._container.demux(self._stream), None, []


def _light(frame: Any) -> NDArray[np.uint8]:
    """How light its points are, shape (height, width); without a copy where its format holds just that."""
    if not frame.format.name.startswith(_LIGHT_FIRST) or frame.format.components[0].bits != 8:
        return np.asarray(frame.reformat(format="gray").to_ndarray())
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : frame.width]

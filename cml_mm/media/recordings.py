"""Recordings: what they are and how long, by PyAV, which is given bytes and never a name to open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.visits import FileFormat, Limits

# Players' containers only: playlists, captures, devices and pictures stay shut.
_CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,ogg,mp3,wav,flac"
_MICROSECONDS = 1_000_000
_PROBED_BYTES = 8 * 2**20
_COVER = 0x400  # AV_DISPOSITION_ATTACHED_PIC


@dataclass(frozen=True)
class Recording:
    """A film or a sound; `seconds` is 0 where it does not say how long it is."""

    seconds: float
    pictures: bool  # that move: the cover of a record does not count
    sound: bool

    @property
    def format(self) -> FileFormat:
        return "film" if self.pictures else "sound"

    @property
    def words(self) -> str:
        """ "a film of about 3 minutes" and the like."""
        kind = "a film" if self.pictures else "a sound recording"
        if not self.seconds:
            return kind
        minutes = max(1, round(self.seconds / 60))
        return f"{kind} of about {minutes} minute{'s' * (minutes != 1)}"


def opening_options(reader: str) -> dict[str, str]:
    """What keeps PyAV from opening anything but the bytes that it is given.

    Args:
        reader: the one container format that they may be.
    """
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "", "probesize": str(_PROBED_BYTES)}
    if reader == "mov":
        options |= {"enable_drefs": "0", "use_absolute_path": "0"}
    return options


def probe_recording(data: bytes, name: str, reader: str, limits: Limits) -> Recording:
    """Look into a recording without decoding it.

    Args:
        data: the whole file. It is read from memory: no protocol can open another file.
        name: for messages.
        reader: the one container format that it may be, by its signature.
        limits: on its length.

    Raises:
        MediaUnreadable: it is damaged, or holds neither pictures nor sound.
        LimitExceeded: it is longer than is read.
    """
    import av

    try:
        with opened_recording(data, reader) as container:
            length = container.duration
            found = Recording(
                seconds=max(length / _MICROSECONDS, 0.0) if length is not None else 0.0,
                pictures=any(not stream.disposition & _COVER for stream in container.streams.video),
                sound=bool(container.streams.audio),
            )
    except (av.error.FFmpegError, OSError, ValueError, LookupError, TypeError) as exc:
        raise damaged_recording(name) from exc
    if not (found.pictures or found.sound):
        raise MediaUnreadable(
            f"{name} is a recording without pictures and sound.", "Add its captions as .srt or .vtt on their own."
        )
    if found.seconds > limits.recording_seconds:
        raise too_long(name, found.seconds, limits)
    return found


@contextmanager
def opened_recording(data: bytes, reader: str) -> Iterator[Any]:
    """A recording as PyAV's container, which is shut afterwards; what PyAV raises is passed on.

    Args:
        data: the whole file.
        reader: the one container format that it may be, by its signature.
    """
    import av

    with av.open(BytesIO(data), mode="r", format=reader, options=opening_options(reader)) as container:
        yield container


def damaged_recording(name: str) -> MediaUnreadable:
    """The error for a recording that says it is one, yet cannot be played."""
    return MediaUnreadable(
        f"{name} is damaged: it cannot be read as a recording.",
        "Play it through in its own program and save it anew, or add its transcript as .txt.",
    )


def too_long(name: str, seconds: float, limits: Limits) -> LimitExceeded:
    """The error for one that plays, or says that it plays, for longer than is read."""
    return LimitExceeded(
        f"{name} plays for {_hours(seconds)}; {_hours(limits.recording_seconds)} are read at most.",
        "Cut it into parts, or add its transcript as .txt.",
    )


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 5400 else f"{seconds / 60:.3g} minutes"

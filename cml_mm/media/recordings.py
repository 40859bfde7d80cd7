"""Recordings: what they are and how long, by PyAV, which is given bytes and never a name to open."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.visits import Limits

# Players' containers only: playlists, captures, devices and pictures stay shut.
_CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,ogg,mp3,wav,flac"
_MICROSECONDS = 1_000_000
_PROBED_BYTES = 8 * 2**20


@dataclass(frozen=True)
class Recording:
    """A film or a sound; `seconds` is 0 where it does not say how long it is."""

    seconds: float
    pictures: bool
    sound: bool

    @property
    def words(self) -> str:
        """ "a film of about 3 minutes" and the like."""
        kind = "a film" if self.pictures else "a sound recording"
        if not self.seconds:
            return kind
        minutes = max(1, round(self.seconds / 60))
        return f"{kind} of about {minutes} minute{'s' * (minutes != 1)}"


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

    options = {
        "format_whitelist": _CONTAINERS,
        "protocol_whitelist": "",
        "probesize": str(_PROBED_BYTES),
        "enable_drefs": "0",
        "use_absolute_path": "0",
    }
    if reader != "mov":
        del options["enable_drefs"], options["use_absolute_path"]
    try:
        with av.open(BytesIO(data), mode="r", format=reader, options=options) as container:
            length = container.duration
            found = Recording(
                seconds=max(length / _MICROSECONDS, 0.0) if length is not None else 0.0,
                pictures=bool(container.streams.video),
                sound=bool(container.streams.audio),
            )
    except (av.error.FFmpegError, OSError, ValueError, LookupError, TypeError) as exc:
        raise MediaUnreadable(
            f"{name} is damaged: it cannot be read as a recording.",
            "Play it through in its own program and save it anew, or add its transcript as .txt.",
        ) from exc
    if not (found.pictures or found.sound):
        raise MediaUnreadable(
            f"{name} is a recording without pictures and sound.", "Add its transcript or captions as .txt."
        )
    if found.seconds > limits.recording_seconds:
        raise LimitExceeded(
            f"{name} plays for {found.seconds / 3600:.1f} hours; {limits.recording_seconds / 3600:g} are read at most.",
            "Cut it into parts, or add its transcript as .txt.",
        )
    return found

"""Small recordings with text tracks and chapters, muxed by PyAV from nothing but silence."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

_RATE = 48_000
_MS = Fraction(1, 1000)


@dataclass(frozen=True)
class Track:
    """One text track: its codec as PyAV names it, and (start, end, words) in milliseconds."""

    codec: str
    cues: Sequence[tuple[int, int, str]]
    language: str = "und"
    title: str = ""
    disposition: int = 0


def muxed(
    form: str,
    tracks: Sequence[Track] = (),
    chapters: Sequence[tuple[int, int, str]] = (),
    seconds: float = 3.0,
    heard: str = "",
) -> bytes:
    """A recording of silence.

    Args:
        form: PyAV's name of the container to write, such as "mp4" or "matroska".
        tracks: of text.
        chapters: (start, end, title) in milliseconds; "" for one without a title.
        seconds: of sound.
        heard: the language of the sound track.
    """
    kept = io.BytesIO()
    with av.open(kept, "w", format=form) as container:
        sound = container.add_stream("libopus" if form in {"webm", "matroska"} else "aac", rate=_RATE)
        if heard:
            sound.metadata["language"] = heard
        made = [_stream(container, track) for track in tracks]
        if chapters:
            container.set_chapters([_chapter(number, *one) for number, one in enumerate(chapters)])
        container.start_encoding()
        for place in range(0, round(seconds * _RATE), 960):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.float32), format="fltp", layout="mono")
            frame.rate, frame.pts = _RATE, place
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
        events = [
            (start, end, words, one, stream)
            for one, stream in zip(tracks, made, strict=True)
            for start, end, words in one.cues
        ]
        for start, end, words, one, stream in sorted(events, key=lambda event: event[0]):
            container.mux(_packet(start, end, packed(one.codec, words), stream))
    return kept.getvalue()


def packed(codec: str, words: str) -> bytes:
    """A caption as its track keeps it."""
    plain = words.encode()
    return len(plain).to_bytes(2, "big") + plain if codec == "mov_text" else plain


def _stream(container: av.container.OutputContainer, track: Track) -> av.stream.Stream:
    stream = container.add_mux_stream(track.codec)
    stream.time_base = _MS
    stream.metadata["language"] = track.language
    if track.title:
        stream.metadata["title"] = track.title
    if track.disposition:
        stream.disposition = track.disposition
    return stream


def _packet(start: int, end: int, data: bytes, stream: av.stream.Stream) -> av.Packet:
    packet = av.Packet(data)
    packet.stream = stream
    packet.time_base = _MS
    packet.pts = packet.dts = start
    packet.duration = end - start
    return packet


def _chapter(number: int, start: int, end: int, title: str) -> dict[str, object]:
    return {
        "id": number + 1,
        "start": start,
        "end": end,
        "time_base": _MS,
        "metadata": {"title": title} if title else {},
    }

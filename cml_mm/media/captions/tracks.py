"""Text tracks inside a recording → what is said and when. Packets are read as bytes; no subtitle decoder is let near.

Sources: 3GPP TS 26.245 (timed text in MP4), the Matroska specification's "Subtitles" (S_TEXT/UTF8, WEBVTT and ASS).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cml_mm.lectures.values import Speech
from cml_mm.media.captions.ass import event_lines
from cml_mm.media.captions.languages import iso_639_1
from cml_mm.media.captions.markup import lines_of
from cml_mm.media.captions.speech import speech_of, too_many
from cml_mm.media.captions.written import MOST_CUES, Captions, Line, Written
from cml_mm.media.reading import clean
from cml_mm.media.recordings import damaged_recording, opened_recording
from cml_mm.visits import Limits

_MICROSECONDS = 1_000_000
_FORCED = 0x40  # AV_DISPOSITION_FORCED: only what a speaker of the film's language needs, such as signs
_DEFAULT = 0x1
_MOST_TRACKS = 40
_MOST_NAME = 80


def text_tracks(data: bytes, reader: str, name: str, limits: Limits) -> tuple[Speech, ...]:
    """The tracks of words in a recording; those drawn as pictures are none.

    Args:
        data: the whole file.
        reader: the one container format that it may be, by its signature.
        name: for messages.
        limits: on the characters of all tracks together.

    Returns:
        Origin "track", best first: in the language of the first sound track, then of any known language, whole rather
        than forced, the longest. Tracks without a word are left out. Times count from where players start.

    Raises:
        MediaUnreadable: it is damaged.
        LimitExceeded: a track holds more captions than are read.
    """
    import av

    try:
        with opened_recording(data, reader) as container:
            texts = [stream for stream in container.streams.subtitles if _liner(stream)]
            # A forced track holds only what is said in a foreign language: it is no transcript.
            wanted = [stream for stream in texts if not int(stream.disposition) & _FORCED][:_MOST_TRACKS]
            if not wanted:
                return ()
            heard = next((_language(stream) for stream in container.streams.audio), "")
            held, whole = _packets(container, wanted, name, limits)
            found = [(_rank(stream, heard), _speech(stream, held[stream.index], whole)) for stream in wanted]
    except (av.error.FFmpegError, OSError, ValueError, LookupError, TypeError) as exc:
        raise damaged_recording(name) from exc
    kept = [(rank, speech) for rank, speech in found if speech.cues]
    kept.sort(key=lambda one: (one[0], -sum(len(cue.text) for cue in one[1].cues)))
    return tuple(speech for _, speech in kept)


def _packets(container: Any, streams: list[Any], name: str, limits: Limits) -> tuple[dict[int, list[Written]], bool]:
    """The captions of each stream by its index, and whether all of the file could be read."""
    import av

    origin = round((container.start_time or 0) / _MICROSECONDS * 1000)
    held: dict[int, list[Written]] = {stream.index: [] for stream in streams}
    characters = 0
    try:
        for packet in container.demux(streams):
            if packet.pts is None or not packet.size:
                continue
            cue = _cue(packet, origin)
            characters += len(cue.words)
            held[packet.stream.index].append(cue)
            if len(held[packet.stream.index]) > MOST_CUES or characters > limits.characters:
                raise too_many(name, len(held[packet.stream.index]))
    except (av.error.FFmpegError, OSError):
        if not any(held.values()):
            raise
        return held, False
    return held, True


def _cue(packet: Any, origin: int) -> Written:
    start = round(packet.pts * packet.time_base * 1000) - origin
    length = round((packet.duration or 0) * packet.time_base * 1000)
    liner = _liner(packet.stream)
    return Written(start, start + length, liner(bytes(packet)) if liner else ())


def _speech(stream: Any, cues: list[Written], whole: bool) -> Speech:
    title = " ".join(clean(stream.metadata.get("title", "")).split())[:_MOST_NAME]
    by = f"text track “{title}”" if title else "text track"
    speech = speech_of(Captions(tuple(cue for cue in cues if cue.lines)), "track", by, _language(stream))
    if whole:
        return speech
    return replace(speech, notices=(*speech.notices, "The recording is damaged: its captions end before it does."))


def _rank(stream: Any, heard: str) -> tuple[bool, bool, bool, bool]:
    language = _language(stream)
    shown = int(stream.disposition)
    return (
        not language or language != heard,
        not language,
        bool(shown & _FORCED),
        not shown & _DEFAULT,
    )


def _language(stream: Any) -> str:
    return iso_639_1(stream.metadata.get("language", ""))


def _liner(stream: Any) -> Callable[[bytes], tuple[Line, ...]] | None:
    """What turns the bytes of one packet into lines; None for tracks that hold no text."""
    return _LINERS.get(stream.codec_context.name)


def _marked(data: bytes) -> tuple[Line, ...]:
    return lines_of(clean(_text(data)))


def _event(data: bytes) -> tuple[Line, ...]:
    return event_lines(clean(_text(data)))


def _timed_text(data: bytes) -> tuple[Line, ...]:
    """Two bytes of length, the text, then boxes of style (TS 26.245, 5.17)."""
    text = data[2 : 2 + int.from_bytes(data[:2], "big")]
    marked = text.startswith((b"\xfe\xff", b"\xff\xfe"))
    plain = clean(text.decode("utf-16", "replace") if marked else _text(text))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return tuple(Line(line) for line in lines if line)


def _text(data: bytes) -> str:
    return data.rstrip(b"\x00").decode("utf-8", "replace")


_LINERS: dict[str, Callable[[bytes], tuple[Line, ...]]] = {
    "mov_text": _timed_text,
    "srt": _marked,
    "subrip": _marked,
    "text": _marked,
    "webvtt": _marked,
    "ass": _event,
    "ssa": _event,
}

"""What is in a recording, before anybody listens to it: texts and chapters that it holds, the slides that it shows.

Runs in the process that opens strangers' files. Samples are decoded only where somebody will listen to them and no
text in the file says already what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cml_mm.errors import LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.lectures.values import Speech
from cml_mm.media.recordings import probe_recording, too_long
from cml_mm.media.signatures import recording_sign
from cml_mm.media.sound import Samples, SoundTrack
from cml_mm.ports import Ocr, Told
from cml_mm.visits import FileFormat, Limits, Recorded

READING = "Reading the captions and chapters in it"


@dataclass(frozen=True)
class Wanted:
    """What is asked of a recording besides its texts: whether its pictures are looked at, and its sound decoded."""

    looks: bool = True
    hears: bool = False


def read_recorded(
    data: bytes,
    kind: FileFormat,
    name: str,
    wanted: Wanted,
    ocr: Ocr | None,
    limits: Limits,
    told: Told,
    pour: Callable[[Samples], None],
) -> Recorded:
    """Read a film or a sound.

    Args:
        data: the whole file.
        kind: "film" or "sound", as sniffed.
        name: what the visitor calls it, for messages.
        ocr: who recognises words on slides; without one they are left out, which is said.
        limits: on its length and its frames.
        told: hears what is being done.
        pour: takes the samples, piece by piece; the recording that is returned holds none.

    Raises:
        MediaUnreadable: nothing of it can be played.
        LimitExceeded: it plays for longer than is read, or its frames are too large and it has nothing else.
    """
    from cml_mm.media.captions.chapters import file_chapters
    from cml_mm.media.captions.speech import fitted
    from cml_mm.media.captions.tracks import text_tracks

    reader = recording_sign(data) or ""
    probed = probe_recording(data, name, reader, limits)
    told(READING, 0, 0)
    whole = probed.seconds or limits.recording_seconds
    within = (fitted(track, whole) for track in text_tracks(data, reader, name, limits))
    tracks = tuple(track for track in within if track.cues)
    found = Recorded(kind, max(probed.seconds, 0.0, *map(_end, tracks)), tracks=tracks, sound=probed.sound)
    if kind == "film" and wanted.looks:
        found = _shown(found, data, reader, name, ocr, limits, told)
    if wanted.hears and probed.sound and not tracks:
        said = _poured(SoundTrack(data, reader, name, limits), name, told, pour, bool(found.slides))
        found = replace(found, notices=(*found.notices, *said))
    marks = file_chapters(data, reader, name)
    return replace(
        found,
        seconds=min(found.seconds, limits.recording_seconds),
        marks=tuple(mark for mark in marks if mark.end_seconds <= limits.recording_seconds),
    )


def _shown(
    found: Recorded, data: bytes, reader: str, name: str, ocr: Ocr | None, limits: Limits, told: Told
) -> Recorded:
    """The film with its slides; where its pictures are damaged or too large, without."""
    from cml_mm.media.film.slides import read_slides

    try:
        filmed = read_slides(data, reader, name, ocr, limits, told)
    except (MediaUnreadable, LimitExceeded) as exc:
        if not (found.sound or found.tracks):
            raise
        return replace(found, notices=(f"What it shows could not be read. {exc.message} {exc.hint}".rstrip(),))
    return replace(
        found,
        seconds=max(found.seconds, filmed.seconds),
        slides=filmed.slides,
        diagrams=filmed.diagrams,
        width_px=filmed.width_px,
        height_px=filmed.height_px,
        notices=filmed.notices,
    )


def read_caption_file(data: bytes, name: str, limits: Limits) -> Recorded:
    """Read a file of captions as a recording of which nothing else is here.

    Raises:
        MediaUnreadable: it holds no captions.
        LimitExceeded: they reach over the longest recording that is read.
    """
    from cml_mm.media.captions.reading import read_captions

    speech = read_captions(data, name, limits)
    seconds = _end(speech)
    if seconds > limits.recording_seconds:
        raise too_long(name, seconds, limits)
    return Recorded("captions", seconds, tracks=(speech,))


def no_document(data: bytes, kind: FileFormat, name: str, limits: Limits) -> UnsupportedMedia:
    """The error for a recording where only documents and pictures are read."""
    words = "a file of captions"
    if kind != "captions":
        words = probe_recording(data, name, recording_sign(data) or "", limits).words
    return UnsupportedMedia(
        f"{name} is {words}, and only documents and pictures are read here.",
        "Read it with `cml lecture`, or add its transcript or captions as .txt.",
    )


def _poured(track: SoundTrack, name: str, told: Told, pour: Callable[[Samples], None], shown: bool) -> list[str]:
    """Sends the samples on. Returns: what is to be said of them."""
    try:
        for piece in track.pieces(told):
            pour(piece)
    except MediaUnreadable as exc:
        if not shown:
            raise
        return [exc.message]
    return [f"{name} is damaged: parts of it could not be played."] if track.damaged else []


def _end(track: Speech) -> float:
    return max((cue.end_seconds for cue in track.cues), default=0.0)

"""What is in a recording as bytes between two processes: what an untrusted reader says of it is checked, part by part.

JSON of plain values; see `file_wire` for what is said of its words. The samples travel apart, as bare numbers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from cml_mm.lectures.values import Chapter, Slide, Speech
from cml_mm.media.diagram_wire import MOST_DIAGRAMS, diagram_rows, read_rows
from cml_mm.types import Box
from cml_mm.visits import FileFormat, Limits, Recorded

MOST_SLIDES = 5_000
MOST_LINES = 200  # on one slide
MOST_CUES = 100_000  # of one track
MOST_TRACKS = 50
MOST_MARKS = 2_000
MOST_NOTICES = 200
LONGEST_WORDS = 20_000  # of one cue or line
LONGEST_NAME = 1_000
LARGEST_FRAME_PX = 16_384
RECORDED: frozenset[FileFormat] = frozenset({"film", "sound", "captions"})
_SAMPLE_BYTES = 2
_SPARE_SECONDS = 60.0  # by which anything may reach over the longest recording that is read
_LANGUAGE = re.compile(r"[a-z]{0,8}")
_ORIGINS = frozenset({"track", "captions"})


class _Rows(BaseModel):
    """The parts of a recording as they travel, whose kinds pydantic looks at."""

    model_config = ConfigDict(allow_inf_nan=False, strict=False, extra="forbid")

    format: str
    seconds: float
    slides: tuple[Slide, ...]
    tracks: tuple[Speech, ...]
    marks: tuple[Chapter, ...]
    width_px: int
    height_px: int
    sound: bool
    notices: tuple[str, ...]


_ROWS = TypeAdapter(_Rows)


def encode_recorded(found: Recorded) -> bytes:
    """A recording without its samples.

    Halves of surrogate pairs, which no file and no database takes, become question marks.
    """
    bare = {
        "format": found.format,
        "seconds": found.seconds,
        "slides": [asdict(slide) for slide in found.slides],
        "tracks": [asdict(track) for track in found.tracks],
        "marks": [asdict(mark) for mark in found.marks],
        "width_px": found.width_px,
        "height_px": found.height_px,
        "sound": found.sound,
        "notices": list(found.notices),
        "diagrams": diagram_rows(found.diagrams),
    }
    return json.dumps(bare, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def decode_recorded(data: bytes, samples: bytes | bytearray, limits: Limits) -> Recorded:
    """The recording that `encode_recorded` wrote, every part of it checked.

    Args:
        data: what `encode_recorded` wrote.
        samples: all pieces of sound as they came, 16 bits each, little end first; bare numbers need no decoder that a
            file could turn against us.
        limits: on its length and its words.

    Raises:
        ValueError: it is no such recording.
    """
    try:
        bare = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except RecursionError as exc:
        raise ValueError("nested") from exc
    if not isinstance(bare, dict) or _is_heap(bare):
        raise ValueError("no recording")
    diagrams = read_rows(bare.pop("diagrams", None))
    try:
        rows = _ROWS.validate_python(bare)
    except ValidationError as exc:
        raise ValueError("no recording") from exc
    found = Recorded(
        format=_format(rows.format),
        seconds=rows.seconds,
        slides=rows.slides,
        tracks=rows.tracks,
        marks=rows.marks,
        diagrams=diagrams,
        samples=_samples(samples),
        width_px=rows.width_px,
        height_px=rows.height_px,
        sound=rows.sound,
        notices=tuple(notice[:LONGEST_NAME] for notice in rows.notices),
    )
    _check(found, limits)
    return found


def fitted_recorded(found: Recorded) -> Recorded:
    """A recording without what the other process would refuse for its amount; what is left out is said."""
    longest = {"slides": MOST_SLIDES, "tracks": MOST_TRACKS, "marks": MOST_MARKS, "diagrams": MOST_DIAGRAMS}
    said = [
        f"Only the first {most:,} {what} are kept."
        for what, most in longest.items()
        if len(getattr(found, what)) > most
    ]
    tracks = found.tracks[:MOST_TRACKS]
    if any(len(track.cues) > MOST_CUES for track in tracks):
        said.append(f"Only the first {MOST_CUES:,} captions are kept.")
    return replace(
        found,
        slides=tuple(replace(one, lines=one.lines[:MOST_LINES]) for one in found.slides[:MOST_SLIDES]),
        tracks=tuple(replace(track, cues=track.cues[:MOST_CUES]) for track in tracks),
        marks=found.marks[:MOST_MARKS],
        diagrams=found.diagrams[:MOST_DIAGRAMS],
        notices=(*found.notices, *said)[:MOST_NOTICES],
    )


def _format(name: str) -> FileFormat:
    for one in RECORDED:
        if one == name:
            return one
    raise ValueError("format")


def _samples(data: bytes | bytearray) -> np.ndarray[Any, np.dtype[np.int16]]:
    if len(data) % _SAMPLE_BYTES:
        raise ValueError("samples")
    return np.frombuffer(data, "<i2").astype(np.int16, copy=False)


def _is_heap(bare: dict[str, Any]) -> bool:
    """Whether it holds so much that looking at all of it would take long."""

    def count(value: Any) -> int:
        return len(value) if isinstance(value, list) else 0

    slides, tracks = (part if isinstance(part := bare.get(key), list) else [] for key in ("slides", "tracks"))
    return (
        count(slides) > MOST_SLIDES
        or count(tracks) > MOST_TRACKS
        or count(bare.get("marks")) > MOST_MARKS
        or count(bare.get("notices")) > MOST_NOTICES
        or any(isinstance(one, dict) and count(one.get("lines")) > MOST_LINES for one in slides or ())
        or any(isinstance(one, dict) and count(one.get("cues")) > MOST_CUES for one in tracks or ())
    )


def _check(found: Recorded, limits: Limits) -> None:
    longest = limits.recording_seconds + _SPARE_SECONDS
    spans: list[Sequence[float]] = [(0.0, found.seconds), *_spans(found)]
    faces = {slide.face for slide in found.slides}
    frame = 0 <= found.width_px <= LARGEST_FRAME_PX and 0 <= found.height_px <= LARGEST_FRAME_PX
    _must(frame and (not found.slides or min(found.width_px, found.height_px) > 0), "frame")
    _must(all(times[0] >= 0 and times[-1] <= longest and list(times) == sorted(times) for times in spans), "times")
    _must([one.number for one in found.slides] == list(range(1, len(found.slides) + 1)), "slides")
    _must(all(a.start_seconds <= b.start_seconds for a, b in pairwise(found.slides)), "order of slides")
    _must(all(0 <= one.page <= limits.pages for one in found.slides), "pages")
    _must(len(faces) == len(found.slides), "frames")
    _must(all(_is_line(line.box, line.confidence, found) for one in found.slides for line in one.lines), "lines")
    _must(all(map(_is_track, found.tracks)), "tracks")
    _must({one.face for one in found.diagrams} <= faces, "diagrams")
    _must(all(len(words) <= LONGEST_WORDS for words in _words(found)), "words")
    _must(sum(map(len, _words(found))) <= 2 * limits.characters, "text")
    most = (limits.recording_seconds + _SPARE_SECONDS) * 16_000
    _must(len(found.samples) <= most, "sound")
    _must(found.format != "captions" or not (found.slides or found.diagrams or len(found.samples)), "captions")


def _spans(found: Recorded) -> Iterator[Sequence[float]]:
    for slide in found.slides:
        yield slide.start_seconds, slide.shown_seconds, slide.end_seconds
    for track in found.tracks:
        yield from ((cue.start_seconds, cue.end_seconds) for cue in track.cues)
    yield from ((mark.start_seconds, mark.end_seconds) for mark in found.marks)


def _is_line(box: Box, confidence: float, found: Recorded) -> bool:
    """Whether a line stands on a frame of the film's size, to a hand's breadth."""
    sides = (box.x, box.y, box.w, box.h, box.of_w, box.of_h)
    return (
        all(math.isfinite(side) for side in sides)
        and (box.of_w, box.of_h) == (found.width_px, found.height_px)
        and -box.of_w <= box.x <= 2 * box.of_w
        and -box.of_h <= box.y <= 2 * box.of_h
        and 0 <= box.w <= 2 * box.of_w
        and 0 <= box.h <= 2 * box.of_h
        and 0 <= confidence <= 1
    )


def _is_track(track: Speech) -> bool:
    """Whether texts are in the order of time, and of those origins that a file can be of."""
    cues = track.cues
    return (
        track.origin in _ORIGINS
        and 0 <= track.confidence <= 1
        and _LANGUAGE.fullmatch(track.language) is not None
        and all(0 <= cue.confidence <= 1 for cue in cues)
        and all(a.start_seconds <= b.start_seconds for a, b in pairwise(cues))
    )


def _words(found: Recorded) -> Iterator[str]:
    for slide in found.slides:
        yield slide.title
        yield from (line.text for line in slide.lines)
    for track in found.tracks:
        yield from (track.by, *track.notices)
        for cue in track.cues:
            yield cue.text
            yield cue.speaker
    yield from (mark.title for mark in found.marks)


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)


def _no_number(name: str) -> Any:
    raise ValueError(name)

"""What was read from a file, as bytes between two processes.

The process that reads strangers' files is not trusted: what comes from it is JSON and plain
numbers, each part checked for its kind and its size, and no byte of it is ever run.

Layout of a reading: four bytes with the length of the JSON, the JSON (UTF-8), then for every
set of picture features its points (float32, little end first) and its descriptors.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NoReturn, get_args

import numpy as np

from cml_mm import errors
from cml_mm.errors import CmlError, MediaUnreadable
from cml_mm.media.diagram_wire import diagram_rows, read_rows
from cml_mm.ports import Picture
from cml_mm.types import Box, Document, Section, SectionRole, Source
from cml_mm.visits import (
    DrawnFace,
    Face,
    FileFormat,
    Limits,
    PictureFeatures,
    Placing,
    ReadFile,
    Run,
    TextOrigin,
    TimedRun,
)

LARGEST_BYTES = 64 * 2**20  # of one answer, progress and all

_LENGTH = struct.Struct(">I")
_FORMATS = frozenset(get_args(FileFormat))
_ROLES = frozenset(get_args(SectionRole))
_ORIGINS = frozenset(get_args(TextOrigin))
_KEY = re.compile(r"(?:page|slide|picture|drawing)-[1-9][0-9]{0,6}")
_HASH = re.compile(r"[0-9a-f]{64}")
_DESCRIPTOR_BYTES = 32
_LONGEST_LINE = 1_000
_MOST_NOTICES = 200
_IMAGES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}
_ERRORS: dict[str, type[CmlError]] = {
    kind.__name__: kind
    for kind in (
        errors.UnsupportedMedia, errors.MediaUnreadable, errors.LimitExceeded, errors.InputError, errors.ModelMissing,
        errors.ModelError, errors.ModelTimeout, errors.OutOfMemory,
    )
}  # fmt: skip


class WireFault(Exception):
    """Bytes that are no such answer."""


def to_json(value: Any) -> bytes:
    """Halves of surrogate pairs, which no file and no database takes, become question marks; lengths stay."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def from_json(data: bytes) -> Any:
    """Raises: WireFault."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise WireFault("no JSON") from exc


def encode_read(read: ReadFile) -> bytes:
    """A reading as bytes; see the head of this file."""
    document = read.document
    head = to_json(
        {
            "document": [document.slug, document.title, document.summary, document.format],
            "source": asdict(document.source),
            "sections": [[part.role, part.heading, part.text, part.page] for part in document.sections],
            "placings": [
                [
                    part.face,
                    part.origin,
                    part.confidence,
                    [[run.start, run.end, *_box_row(run.box)] for run in part.runs],
                    [[run.start, run.end, run.start_seconds, run.end_seconds] for run in part.times],
                ]
                for part in read.placings
            ],
            "faces": [
                [
                    face.key,
                    face.label,
                    face.number,
                    face.width,
                    face.height,
                    face.drawable,
                    [*map(_box_row, face.outline)],
                ]
                for face in read.faces
            ],
            "notices": list(read.notices),
            "features": [[part.face, len(part.points)] for part in read.features],
            "diagrams": diagram_rows(read.diagrams),
        }
    )
    arrays = [
        piece
        for part in read.features
        for piece in (part.points.astype("<f4").tobytes(), part.descriptors.astype(np.uint8).tobytes())
    ]
    return b"".join((_LENGTH.pack(len(head)), head, *arrays))


def decode_read(data: bytes, file: str, limits: Limits) -> ReadFile:
    """The reading that `encode_read` wrote, every part of it checked.

    Args:
        data: the bytes.
        file: the id that its document must have.
        limits: on its text and pages.

    Raises:
        WireFault: it is no such reading.
    """
    try:
        (length,) = _LENGTH.unpack_from(data)
        head = from_json(data[_LENGTH.size : _LENGTH.size + length])
        sections = tuple(_section(row) for row in _rows(head["sections"]))
        faces = tuple(_face(row) for row in _rows(head["faces"]))
        known = {face.key for face in faces}
        placings = tuple(_placing(*pair) for pair in zip(_rows(head["placings"]), sections, strict=True))
        features, used = _features(data, _LENGTH.size + length, _rows(head["features"]))
        read = ReadFile(
            document=_document(head["document"], head["source"], sections, file),
            placings=placings,
            faces=faces,
            notices=tuple(_text(notice, _LONGEST_LINE) for notice in _rows(head["notices"])[:_MOST_NOTICES]),
            features=features,
            diagrams=read_rows(_rows(head["diagrams"])),
        )
    except (struct.error, KeyError, TypeError, ValueError, IndexError, OverflowError) as exc:
        raise WireFault(str(exc)) from exc
    _must(used == len(data), "length")
    named = {part.face for part in placings} | {part.face for part in features} | {one.face for one in read.diagrams}
    _must(len(known) == len(faces) and named <= known | {""}, "faces")
    _must(sum(len(part.text) for part in sections) <= 2 * limits.characters, "text")
    return read


def encode_drawn(drawn: DrawnFace) -> bytes:
    """A picture as bytes: the length of the JSON, the JSON, the image."""
    head = to_json([drawn.media_type, drawn.width_px, drawn.height_px])
    return b"".join((_LENGTH.pack(len(head)), head, drawn.data))


def decode_drawn(data: bytes) -> DrawnFace:
    """The picture that `encode_drawn` wrote. Only images that browsers show as nothing else come through.

    Raises:
        WireFault: it is no such picture.
    """
    try:
        (length,) = _LENGTH.unpack_from(data)
        kind, width, height = from_json(data[_LENGTH.size : _LENGTH.size + length])
        drawn = DrawnFace(data[_LENGTH.size + length :], _text(kind, 20), _count(width), _count(height))
        _must(drawn.data.startswith(_IMAGES[drawn.media_type]), "image")
    except (struct.error, KeyError, TypeError, ValueError, OverflowError) as exc:
        raise WireFault(str(exc)) from exc
    return drawn


def encode_looks(looks: Sequence[tuple[str, Picture]]) -> bytes:
    """Pictures as their bare pixels: the length of the JSON, the JSON, the pixels one picture after the other."""
    head = to_json([[face, *picture.shape[:2]] for face, picture in looks])
    return b"".join((_LENGTH.pack(len(head)), head, *(np.ascontiguousarray(picture).tobytes() for _, picture in looks)))


def decode_looks(data: bytes, faces: Sequence[str], longest_px: int) -> tuple[tuple[str, Picture], ...]:
    """The pictures that `encode_looks` wrote. Bare pixels need no decoder that a file could turn against us.

    Args:
        faces: those that were asked for; no other comes through, and none twice.
        longest_px: no side is longer.

    Raises:
        WireFault: these are no such pictures.
    """
    found: dict[str, Picture] = {}
    try:
        (length,) = _LENGTH.unpack_from(data)
        place = _LENGTH.size + length
        for face, height, width in _rows(from_json(data[_LENGTH.size : place])):
            _must(face in faces and face not in found, "face")
            _must(0 < _count(height) <= longest_px and 0 < _count(width) <= longest_px, "size")
            end = place + 3 * height * width
            _must(end <= len(data), "pixels")
            found[face] = np.frombuffer(data[place:end], np.uint8).reshape(height, width, 3)
            place = end
        _must(place == len(data), "length")
    except (struct.error, KeyError, TypeError, ValueError, OverflowError) as exc:
        raise WireFault(str(exc)) from exc
    return tuple(found.items())


def encode_error(error: CmlError) -> bytes:
    return to_json([type(error).__name__, error.message, error.hint])


def decode_error(data: bytes) -> CmlError:
    """The error that was raised in the other process; an unknown kind becomes MediaUnreadable.

    Raises:
        WireFault: it is no error.
    """
    row = from_json(data)
    _must(isinstance(row, list) and len(row) == 3, "error")
    name, message, hint = (_text(part, _LONGEST_LINE) for part in row)
    return _ERRORS.get(name, MediaUnreadable)(message, hint)


def _document(row: Any, source: Any, sections: tuple[Section, ...], file: str) -> Document:
    slug, title, summary, kind = (_text(part) for part in row)
    _must(slug == file and kind in _FORMATS, "document")
    fields = {name: _text(source[name]) for name in ("id", "title", "slug", "path", "licence", "attribution", "url")}
    _must(_HASH.fullmatch(fields["id"]) is not None and fields["slug"] == file, "source")
    return Document(
        slug=slug,
        title=title,
        source=Source(kind="document", owner="visitor", **fields),
        summary=summary,
        sections=sections,
        format=kind,
    )


def _section(row: Any) -> Section:
    role, heading, text, page = row
    _must(role in _ROLES, "role")
    return Section(role, _text(heading), _text(text), _count(page))


def _placing(row: Any, section: Section) -> Placing:
    face, origin, confidence, runs, times = row
    _must(origin in _ORIGINS, "origin")
    return Placing(
        face=_text(face),
        runs=tuple(_run(run, len(section.text)) for run in _rows(runs)),
        origin=origin,
        confidence=min(1.0, max(0.0, _number(confidence))),
        times=tuple(_timed(run, len(section.text)) for run in _rows(times)),
    )


def _run(row: Any, length: int) -> Run:
    start, end = _count(row[0]), _count(row[1])
    _must(start <= end <= length, "run")
    return Run(start, end, _box(row[2:]))


def _timed(row: Any, length: int) -> TimedRun:
    start, end, first, last = _count(row[0]), _count(row[1]), _number(row[2]), _number(row[3])
    _must(start <= end <= length and 0 <= first <= last, "times")
    return TimedRun(start, end, first, last)


def _face(row: Any) -> Face:
    key, label, number, width, height, drawable, outline = row
    _must(_KEY.fullmatch(_text(key)) is not None and isinstance(drawable, bool), "face")
    _must(_number(width) > 0 and _number(height) > 0, "face size")
    boxes = tuple(_box(box) for box in _rows(outline))
    return Face(key, _text(label, _LONGEST_LINE), _count(number), _number(width), _number(height), drawable, boxes)


def _features(data: bytes, place: int, rows: list[Any]) -> tuple[tuple[PictureFeatures, ...], int]:
    found = []
    for face, count in rows:
        points_end = place + 8 * _count(count)
        end = points_end + _DESCRIPTOR_BYTES * count
        _must(end <= len(data), "features")
        points = np.frombuffer(data[place:points_end], "<f4").astype(np.float32).reshape(count, 2)
        descriptors = np.frombuffer(data[points_end:end], np.uint8).reshape(count, _DESCRIPTOR_BYTES).copy()
        _must(bool(np.isfinite(points).all()), "points")
        found.append(PictureFeatures(_text(face), points, descriptors))
        place = end
    return tuple(found), place


def _box_row(box: Box) -> list[float]:
    return [box.x, box.y, box.w, box.h, box.of_w, box.of_h]


def _box(row: Any) -> Box:
    x, y, w, h, of_w, of_h = (_number(part) for part in row)
    _must(of_w > 0 and of_h > 0, "box")
    return Box(x, y, w, h, of_w, of_h)


def _rows(value: Any) -> list[Any]:
    _must(isinstance(value, list), "list")
    return list(value)


def _text(value: Any, longest: int | None = None) -> str:
    _must(isinstance(value, str), "text")
    return str(value)[:longest]


def _count(value: Any) -> int:
    _must(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31, "count")
    return int(value)


def _number(value: Any) -> float:
    _must(isinstance(value, (int, float)) and not isinstance(value, bool), "number")
    _must(math.isfinite(value) and abs(value) < 1e9, "number")
    return float(value)


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise WireFault(what)


def _no_number(name: str) -> NoReturn:
    raise WireFault(name)

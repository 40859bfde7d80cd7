"""The process in which a stranger's file is opened: started for one file, ended with it.

The file is its standard input. The request stands in the variable `REQUEST` of its environment
(the only one beside a few settings of libraries); answers go to its standard output as frames:
one letter for the kind, four bytes for the length, the content (see `file_wire`).
"""

from __future__ import annotations

import importlib
import logging
import os
import struct
import sys
import time
import traceback
import warnings
from dataclasses import asdict, dataclass, replace
from typing import Any

from cml_mm.errors import CmlError, InputError, LimitExceeded, MediaUnreadable
from cml_mm.media import file_wire
from cml_mm.media.lecture_wire import RECORDED, encode_recorded, fitted_recorded
from cml_mm.media.picture_heads import refuse_large_picture
from cml_mm.media.recorded_files import Wanted, no_document, read_caption_file, read_recorded
from cml_mm.media.sniffing import misnamed, most_bytes, sniff
from cml_mm.media.sound import Samples
from cml_mm.media.svg import read_svg
from cml_mm.media.walls import code_places, end_with_parent, limit_process, shut_doors
from cml_mm.ports import Ocr, OcrLine, Picture, Told
from cml_mm.visits import FileFormat, Limits, Recorded

REQUEST = "CML_READING"
HEADER = struct.Struct(">cI")
TOLD, READ, DRAWN, LOOKED, FAILED = b"t", b"r", b"d", b"l", b"e"
PIECE, HEARD = b"s", b"h"  # of a recording: some of its samples; all else that is in it

_TOLD_SECONDS = 0.1  # between two tellings of the same step
_SMALLER = "Split it, or save it with smaller pictures, or a recording at a lower bit rate."
_PIECE_BYTES = 2**20
_NICENESS = 5  # people who wait for an answer go first


@dataclass(frozen=True)
class Request:
    """What the child is asked to do with the file that is its standard input."""

    task: str  # "read", "captions", "draw" or "look"
    name: str
    limits: Limits
    parent: int  # process id
    reader: str  # module with `read_file`, `draw_face` and `look_at`
    ocr: str = ""  # "module:Class"
    file: str = ""
    face: str = ""
    longest_px: int = 0
    faces: tuple[str, ...] = ()
    records: bool = False  # whether a recording may be read; else it is refused
    looks: bool = True  # whether its pictures are wanted
    hears: bool = False  # whether its sound is wanted

    def to_text(self) -> str:
        return file_wire.to_json(asdict(self)).decode("utf-8")

    @classmethod
    def from_text(cls, text: str) -> Request:
        fields = file_wire.from_json(text.encode("utf-8"))
        return cls(**{**fields, "limits": Limits(**fields["limits"])})


class LazyOcr:
    """The recogniser, loaded when the first picture asks for it."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._loaded: Ocr | None = None

    @property
    def name(self) -> str:
        return self._ocr().name

    def recognise(self, picture: Picture) -> tuple[OcrLine, ...]:
        return self._ocr().recognise(picture)

    def _ocr(self) -> Ocr:
        if self._loaded is None:
            module, _, name = self._place.partition(":")
            self._loaded = getattr(importlib.import_module(module), name)()
        return self._loaded


def main() -> None:
    """Limit this process, shut its doors, do what was asked, and end."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    request = Request.from_text(os.environ.pop(REQUEST))
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    end_with_parent(request.parent)
    reader = importlib.import_module(request.reader)
    limit_process(request.limits)
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    shut_doors(code_places())
    try:
        kind, content = _do(request, reader, _Teller(answers).tell, answers)
    except CmlError as exc:
        kind, content = FAILED, file_wire.encode_error(exc)
    except BaseException as exc:
        kind, content = FAILED, file_wire.encode_error(_in_our_words(exc, request))
        traceback.print_exc()
    send(answers, kind, content)
    sys.stderr.flush()
    os._exit(0)  # libraries that take their time to end are not waited for


def send(descriptor: int, kind: bytes, content: bytes) -> None:
    """One frame."""
    left = memoryview(HEADER.pack(kind, len(content)) + content)
    while left:
        left = left[os.write(descriptor, left) :]


def _do(request: Request, reader: Any, told: Told, answers: int) -> tuple[bytes, bytes]:
    data = _standard_input(request)
    limits, name = request.limits, request.name
    if request.task == "captions":
        return HEARD, _passed(read_caption_file(data, name, limits), name)
    kind = sniff(data, name, limits)
    if len(data) > limits.file_bytes and kind not in RECORDED:
        raise too_large(name, limits.file_bytes)
    if kind == "picture":
        refuse_large_picture(data, name, limits)
    if request.task == "look":
        looks = [] if kind == "svg" else reader.look_at(data, kind, request.faces, request.longest_px, limits, told)
        return LOOKED, file_wire.encode_looks(list(looks))
    if request.task == "draw":
        if kind == "svg":
            raise InputError(f"No picture can be made of {name}.", "Open the file itself to see it.")
        drawn = reader.draw_face(data, kind, request.face, request.longest_px, limits)
        return DRAWN, file_wire.encode_drawn(drawn)
    if kind in RECORDED:
        if not request.records:
            raise no_document(data, kind, name, limits)
        if kind == "captions":
            return HEARD, _passed(read_caption_file(data, name, limits), name)
        return HEARD, _recorded(data, kind, request, told, answers)
    ocr = LazyOcr(request.ocr) if request.ocr else None
    if kind == "svg":
        read = read_svg(data, name, request.file, limits)
    else:
        read = reader.read_file(data, kind, name, request.file, ocr, limits, told)
    notice = misnamed(kind, name)
    if notice:
        read = replace(read, notices=(notice, *read.notices))
    content = file_wire.encode_read(read)
    if len(content) > file_wire.LARGEST_BYTES:
        raise LimitExceeded(f"{name} holds more text than is read.", "Split it, and add the parts one by one.")
    return READ, content


def _recorded(data: bytes, kind: FileFormat, request: Request, told: Told, answers: int) -> bytes:
    """A film or a sound, whose samples are sent as they are decoded."""

    def pour(piece: Samples) -> None:
        send(answers, PIECE, piece.astype("<i2").tobytes())

    wanted = Wanted(request.looks, request.hears)
    ocr = LazyOcr(request.ocr) if request.ocr else None
    found = read_recorded(data, kind, request.name, wanted, ocr, request.limits, told, pour)
    notice = misnamed(kind, request.name)
    return _passed(replace(found, notices=(notice, *found.notices) if notice else found.notices), request.name)


def _passed(found: Recorded, name: str) -> bytes:
    content = encode_recorded(fitted_recorded(found))
    if len(content) > file_wire.LARGEST_BYTES:
        raise LimitExceeded(f"{name} holds more text than is read.", "Cut it into parts, and add them one by one.")
    return content


def _standard_input(request: Request) -> bytes:
    """The whole file. It is held once: a recording may be large."""
    most = most_bytes(request.name, request.limits)
    at_once = max(_PIECE_BYTES, min(os.fstat(0).st_size, most) + 1)
    pieces: list[bytes] = []
    size = 0
    while size <= most:
        piece = os.read(0, at_once)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    raise too_large(request.name, most)


def too_large(name: str, most: int) -> LimitExceeded:
    return LimitExceeded(f"{name} is larger than {most // 2**20} MB.", _SMALLER)


def too_much_memory(name: str, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"{name} needs more memory to read than a file may take ({limits.memory_bytes / 2**30:g} GB).",
        _SMALLER,
    )


def _in_our_words(exc: BaseException, request: Request) -> CmlError:
    """What a reader let out that it should have named itself."""
    if isinstance(exc, MemoryError):
        return too_much_memory(request.name, request.limits)
    if isinstance(exc, RecursionError):
        return LimitExceeded(f"{request.name} is nested too deeply to be read.", "Flatten it, or save it as a PDF.")
    return MediaUnreadable(
        f"{request.name} is damaged: something in it could not be made out.",
        "Open it in its own program, save it anew or as a PDF, then add that.",
    )


class _Teller:
    """Sends progress, but not every small step of it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._words = ""
        self._next = 0.0

    def tell(self, words: str, done: int, of: int) -> None:
        now = time.monotonic()
        if words == self._words and now < self._next and done != of:
            return
        self._words, self._next = words, now + _TOLD_SECONDS
        send(self._descriptor, TOLD, file_wire.to_json([words, done, of]))

"""Recordings of a visitor over HTTP: their bytes in ranges, as players ask for them, their words and chapters to keep.

As with files, the cookie says whose a recording is, and another's is answered as one that does not exist.
Ranges as in RFC 9110, section 14: one at a time; a request for several gets the whole.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Union

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cml_mm.errors import InputError, StoreFull
from cml_mm.lectures import export
from cml_mm.lectures.values import Lecture
from cml_mm.media.signatures import recording_sign
from cml_mm.ports import FileDesk
from cml_mm.visits import ReadFile
from cml_mm.web.diagrams import TOO_LARGE, small_body
from cml_mm.web.handouts import disposition
from cml_mm.web.lecture_edits import lecture_edits
from cml_mm.web.trouble import NO_STORE, Trouble, error_response, trouble_of
from cml_mm.web.visitor import visitor_of

PIECE_BYTES = 256 * 1024
_HEAD_BYTES = 4096  # of a recording, which say what it is
_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.I)
_STILL = "default-src 'none'; sandbox"  # a recording that is opened by itself runs nothing

NO_RECORDING = Trouble(
    "There is no such recording.", "Its file may have been deleted, or its time is over. Bring it again."
)
NO_WORDS = Trouble("Nobody is heard in this recording.", "Bring it once more together with its captions.")
NOT_THERE = Trouble("This recording is shorter than that.", "Play it from its start.")

# What PyAV calls a container → its media type; those that have two are told apart by their first bytes.
_TYPES: Mapping[str, str] = {
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
}
_FILMS_IN_OGG = b"\x80theora"

_Desk = Callable[[], Awaitable[Union[FileDesk, Response]]]


@dataclass(frozen=True)
class _Form:
    """A way to write a lecture out; `spoken` says whether it needs words."""

    write: Callable[[Lecture, str], str]
    media_type: str
    ending: str
    part: str  # is added to the name
    spoken: bool


_FORMS: Mapping[str, _Form] = {
    "transcript.vtt": _Form(lambda lecture, _: export.to_vtt(lecture), "text/vtt", "vtt", "", True),
    "transcript.srt": _Form(lambda lecture, _: export.to_srt(lecture), "application/x-subrip", "srt", "", True),
    "transcript.md": _Form(export.to_markdown, "text/markdown", "md", "", False),
    "chapters.vtt": _Form(lambda lecture, _: export.chapters_vtt(lecture), "text/vtt", "vtt", " chapters", False),
}


class NotThere(Exception):
    """A range begins behind the end."""


@dataclass(frozen=True)
class Part:
    """Bytes `start` to behind `end`."""

    start: int
    end: int


def wanted_part(header: str | None, size: int) -> Part | None:
    """The bytes that a Range header names; None where the whole is to be sent.

    Args:
        header: as it was sent: "bytes=0-499", "bytes=500-", "bytes=-500". What is no range, or several, is passed over.
        size: of the whole, in bytes.

    Raises: NotThere: no byte of it is there.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0 or size == 0:
            raise NotThere
        return Part(max(0, size - int(last)), size)
    start, end = int(first), min(size, int(last) + 1) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise NotThere
    return Part(start, end)


def media_type_of(head: bytes) -> str:
    """The media type of a recording by its first bytes; "" for anything else, whatever it is called."""
    sign = recording_sign(head)
    if not sign:
        return ""
    if sign == "matroska":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if sign == "mov":
        brand = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
        return "video/quicktime" if brand == b"qt  " else "audio/mp4" if brand[:3] in (b"M4A", b"M4B") else "video/mp4"
    if sign == "ogg" and _FILMS_IN_OGG in head:
        return "video/ogg"
    return _TYPES.get(sign, "")


@dataclass(frozen=True)
class RecordingRoutes:
    """The routes. `desk` gives a visitor's files, or the answer where there are none now."""

    desk: _Desk

    def routes(self) -> list[Route]:
        return [
            Route("/files/{file}/media", self.play, methods=["GET"]),
            Route("/files/{file}/captions.vtt", self.captions, methods=["GET"]),
            Route("/files/{file}/lecture/edits", self.correct, methods=["POST"]),
            Route("/files/{file}/lecture/undo", self.undo, methods=["POST"]),
            Route("/files/{file}/lecture/restore", self.restore, methods=["POST"]),
            Route("/files/{file}/lecture/{kind}", self.give, methods=["GET"]),
        ]

    async def play(self, request: Request) -> Response:
        """The recording itself, or the part of it that is asked for."""
        desk = await self.desk()
        if isinstance(desk, Response):
            return desk
        visitor, file = visitor_of(request), str(request.path_params["file"])
        try:
            path, name = await run_in_threadpool(_content, desk, visitor, file)
            stream = await run_in_threadpool(path.open, "rb")
        except (InputError, OSError):
            return error_response(404, NO_RECORDING)
        except Exception as error:  # the visitor gets words, the log the details
            return error_response(500, trouble_of(error, "Opening a recording"))
        kept = False
        try:
            answer = await _played(request, stream, file, name)
            kept = isinstance(answer, StreamingResponse)
            return answer
        finally:
            if not kept:
                stream.close()

    async def captions(self, request: Request) -> Response:
        """What is said, as the track of a player."""
        found = await self._lecture(request)
        if isinstance(found, Response):
            return found
        text = await run_in_threadpool(export.to_vtt, found[0])
        return Response(text, media_type="text/vtt; charset=utf-8", headers=NO_STORE)

    async def give(self, request: Request) -> Response:
        """Words or chapters as a file to keep."""
        form = _FORMS.get(str(request.path_params["kind"]))
        if form is None:
            return error_response(404, NO_RECORDING)
        found = await self._lecture(request)
        if isinstance(found, Response):
            return found
        lecture, title, name = found
        if form.spoken and not lecture.speech.cues:
            return error_response(404, NO_WORDS)
        try:
            text = await run_in_threadpool(form.write, lecture, title)
        except Exception as error:  # as above
            return error_response(500, trouble_of(error, "Writing a lecture out"))
        headers = {**NO_STORE, "content-disposition": disposition(f"{_stem(name)}{form.part}", form.ending)}
        return Response(text, media_type=f"{form.media_type}; charset=utf-8", headers=headers)

    async def correct(self, request: Request) -> Response:
        """Makes all the changes of the body, or none; see `lecture_edits`."""
        body = await small_body(request)
        if body is None:
            return error_response(413, TOO_LARGE, close=True)
        edits = lecture_edits(body)
        if isinstance(edits, Trouble):
            return error_response(400, edits)
        return await self._changed(request, lambda desk, visitor, file: desk.correct_lecture(visitor, file, edits))

    async def undo(self, request: Request) -> Response:
        """Takes back what was changed together last."""
        return await self._changed(request, lambda desk, visitor, file: desk.uncorrect_lecture(visitor, file))

    async def restore(self, request: Request) -> Response:
        """Takes back every change."""
        return await self._changed(request, lambda desk, visitor, file: desk.restore_lecture(visitor, file))

    async def _changed(self, request: Request, change: Callable[[FileDesk, str, str], ReadFile]) -> Response:
        found = await self._lecture(request)
        desk = found if isinstance(found, Response) else await self.desk()
        if isinstance(desk, Response):
            return desk
        try:
            await run_in_threadpool(change, desk, visitor_of(request), str(request.path_params["file"]))
        except InputError as error:
            return error_response(400, trouble_of(error, "Correcting a lecture"))
        except Exception as error:  # as above
            status = 507 if isinstance(error, StoreFull) else 500
            return error_response(status, trouble_of(error, "Correcting a lecture"))
        return Response(status_code=204, headers=NO_STORE)

    async def _lecture(self, request: Request) -> tuple[Lecture, str, str] | Response:
        """A lecture with its title and its file's name, or why there is none."""
        desk = await self.desk()
        if isinstance(desk, Response):
            return desk
        visitor, file = visitor_of(request), str(request.path_params["file"])
        try:
            read = await run_in_threadpool(desk.read, visitor, file) if visitor else None
        except InputError:
            read = None
        except Exception as error:  # as above
            return error_response(500, trouble_of(error, "Opening a lecture"))
        if read is None or read.lecture is None:
            return error_response(404, NO_RECORDING)
        return read.lecture, read.document.title, read.document.source.path.rsplit("/", 1)[-1]


def _content(desk: FileDesk, visitor: str, file: str) -> tuple[Path, str]:
    """A file's bytes and its name. Raises: InputError: this visitor has no such file."""
    if not visitor:
        raise InputError(NO_RECORDING.message, NO_RECORDING.hint)
    path = desk.content(visitor, file)
    return path, next((card.name for card in desk.files(visitor) if card.id == file), "recording")


async def _played(request: Request, stream: BinaryIO, file: str, name: str) -> Response:
    """The answer to a player. Where it streams, it closes `stream` at its end."""
    head = await run_in_threadpool(stream.read, _HEAD_BYTES)
    size = await run_in_threadpool(stream.seek, 0, 2)
    kind = media_type_of(head)
    if not kind:
        return error_response(404, NO_RECORDING)
    mark = f'"{file}-{size}"'  # the bytes of an id never change
    headers = {
        **NO_STORE,
        "accept-ranges": "bytes",
        "etag": mark,
        "content-disposition": disposition(_stem(name), name.rpartition(".")[2] if _plain_ending(name) else "media"),
        "content-security-policy": _STILL,
        "x-content-type-options": "nosniff",
    }
    try:
        asked = request.headers.get("range") if request.headers.get("if-range", mark) == mark else None
        part = wanted_part(asked, size)
    except NotThere:
        answer = error_response(416, NOT_THERE)
        answer.headers["content-range"] = f"bytes */{size}"
        return answer
    sent = part or Part(0, size)
    if part:
        headers["content-range"] = f"bytes {part.start}-{part.end - 1}/{size}"
    headers["content-length"] = str(sent.end - sent.start)
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(None, status, headers, kind)
    return StreamingResponse(_pieces(stream, sent), status, headers, kind)


async def _pieces(stream: BinaryIO, part: Part) -> AsyncIterator[bytes]:
    try:
        left = part.end - part.start
        await run_in_threadpool(stream.seek, part.start)
        while left > 0 and (piece := await run_in_threadpool(stream.read, min(PIECE_BYTES, left))):
            left -= len(piece)
            yield piece
    finally:
        stream.close()


def _plain_ending(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9]{1,5}", name.rpartition(".")[2]) is not None and "." in name


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] or name

"""A visitor's files over HTTP: bring, list, look at, delete; and delete everything. Diagrams in them: `diagrams.py`;
recordings: `recordings.py`.

Every address says nothing about whose a file is: the cookie does. A file that is somebody
else's is answered exactly as one that does not exist.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from cml_mm.errors import CmlError, InputError, LimitExceeded, StoreFull
from cml_mm.media.intake import clean_name
from cml_mm.media.sniffing import most_bytes
from cml_mm.ports import FileDesk
from cml_mm.visits import DEFAULT_LIMITS, Limits
from cml_mm.web.arrival import Gone, Patience, Stalled, TooLarge, check_announced, drain, take_in
from cml_mm.web.diagrams import DiagramRoutes
from cml_mm.web.reading_line import Job, LineFull, Progress, ReadingLine
from cml_mm.web.recordings import RecordingRoutes
from cml_mm.web.trouble import NO_STORE, OPENING, Trouble, error_response, trouble_of
from cml_mm.web.visitor import set_cookie, visitor_of

LONGEST_NAME = 1000  # characters
LONGEST_STOP_SECONDS = 30.0
DRAWN_AT_ONCE = 2
_TELL_SECONDS = 0.2  # between two lines about a file's progress
_STILL_SECONDS = 10.0  # after which the same words are said again, so that nothing on the way cuts the connection
_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})

NO_COOKIE = Trouble(
    "This browser keeps no cookie for this page, so a file could not stay yours.",
    "Open the app in a tab of its own, or allow it cookies.",
)
NO_FILE = Trouble("There is no such file.", "It may have been deleted, or its time is over. Bring it again.")
NO_FACE = Trouble("There is no such page.", "The file may have been deleted, or its time is over.")


@dataclass(frozen=True)
class FileRoutes:
    """The routes over a desk.

    `desk` gives None while the library is still being opened, and may block. `keep_hours` is told to the page.
    """

    desk: Callable[[], FileDesk | None]
    limits: Limits
    keep_hours: float
    on_space: bool
    line: ReadingLine
    patience: Patience
    drawing: asyncio.Semaphore

    def routes(self) -> list[Route]:
        return [
            Route("/files", self.bring, methods=["POST"]),
            Route("/files", self.show, methods=["GET"]),
            Route("/files/{file}", self.remove, methods=["DELETE"]),
            Route("/files/{file}/faces/{face}", self.draw, methods=["GET"]),
            Route("/me", self.forget, methods=["DELETE"]),
            *DiagramRoutes(self._open).routes(),
            *RecordingRoutes(self._open).routes(),
        ]

    async def bring(self, request: Request) -> Response:
        """Takes a file's bytes in, then tells line by line how its reading goes."""
        visitor, desk = visitor_of(request), await self._open()
        if not visitor:
            return await self._refused(request, error_response(403, NO_COOKIE, close=True))
        if isinstance(desk, Response):
            return await self._refused(request, desk)
        try:
            name = _name(request)
            job = self.line.arrive(visitor, name, check_announced(request, most_bytes(clean_name(name), self.limits)))
        except InputError as error:
            trouble = trouble_of(error, "Bringing a file")
            return await self._refused(request, error_response(_status(error), trouble, close=True))
        try:
            content = desk.inbox() / job.id
            await take_in(request, content, job, most_bytes(clean_name(name), self.limits), self.patience)
            await run_in_threadpool(self.line.enter, job, desk, content)
        except Gone:
            return _cancelled(job)
        except CmlError as error:
            return error_response(_status(error), trouble_of(error, "Taking a file in"), close=True)
        finally:
            if job.phase == "arriving":
                self.line.drop(job)
        headers = {**NO_STORE, "x-accel-buffering": "no"}
        return StreamingResponse(self._told(job), media_type="application/x-ndjson", headers=headers)

    async def show(self, request: Request) -> Response:
        desk = await self._open()
        if isinstance(desk, Response):
            return desk
        visitor = visitor_of(request)
        jobs = self.line.jobs(visitor)
        try:
            files = await run_in_threadpool(desk.files, visitor) if visitor else ()
        except Exception as error:  # the visitor gets words, the log the details
            return error_response(500, trouble_of(error, "Listing files"))
        moving = [self.line.card(job) for job in jobs if job.card is None and job.phase != "over"]
        body = {
            "files": [asdict(card) for card in (*moving, *files)],
            "limits": {
                "file_bytes": self.limits.file_bytes,
                "recording_bytes": self.limits.recording_bytes,
                "visitor_files": self.limits.visitor_files,
                "keep_hours": self.keep_hours,
            },
        }
        return JSONResponse(body, headers=NO_STORE)

    async def remove(self, request: Request) -> Response:
        """Stops a job, dismisses a failure or deletes a file; over when nothing is left of it."""
        desk = await self._open()
        if isinstance(desk, Response):
            return desk
        visitor, name = visitor_of(request), str(request.path_params["file"])
        job = self.line.stop(visitor, name)
        if job is not None:
            await _until_over((job,))
            return Response(status_code=204, headers=NO_STORE)
        try:
            await run_in_threadpool(desk.remove, visitor, name)
        except InputError:
            return error_response(404, NO_FILE)
        except Exception as error:  # as above
            return error_response(500, trouble_of(error, "Deleting a file"))
        return Response(status_code=204, headers=NO_STORE)

    async def draw(self, request: Request) -> Response:
        desk = await self._open()
        if isinstance(desk, Response):
            return desk
        visitor, wanted = visitor_of(request), request.path_params
        try:
            async with self.drawing:
                drawn = await run_in_threadpool(desk.draw, visitor, wanted["file"], wanted["face"])
        except InputError as error:
            own = type(error) is not InputError  # the words of a reader about the visitor's own file
            return error_response(404, trouble_of(error, "Drawing a page") if own else NO_FACE)
        except Exception as error:  # as above
            return error_response(500, trouble_of(error, "Drawing a page"))
        if drawn.media_type not in _PICTURES:
            return error_response(404, NO_FACE)
        return Response(drawn.data, media_type=drawn.media_type, headers={"cache-control": "private, max-age=600"})

    async def forget(self, request: Request) -> Response:
        """Everything of this visitor: what is on its way, files, conversations, the cookie."""
        desk, visitor = await self._open(), visitor_of(request)
        if isinstance(desk, Response):
            return desk
        try:
            if visitor:
                await _until_over(self.line.stop_all(visitor))
                await run_in_threadpool(desk.forget, visitor)
        except Exception as error:  # as above
            return error_response(500, trouble_of(error, "Deleting everything of a visitor"))
        gone = set_cookie("", 0, self.on_space, request.url.scheme == "https")
        return Response(status_code=204, headers={**NO_STORE, "set-cookie": gone})

    async def _open(self) -> FileDesk | Response:
        """The desk, or why there is none now."""
        try:
            desk = await run_in_threadpool(self.desk)
        except Exception as error:  # the visitor gets words, the log the details
            return error_response(500, trouble_of(error, "Opening the record"), close=True)
        return error_response(503, OPENING, close=True) if desk is None else desk

    async def _refused(self, request: Request, answer: Response) -> Response:
        await drain(request, 2 * self.limits.file_bytes, self.patience)
        return answer

    async def _told(self, job: Job) -> AsyncIterator[bytes]:
        yield _line({"job": job.id})
        last, again = Progress(""), 0.0
        while not job.over.is_set():
            now = self.line.progress(job)
            if now != last or time.monotonic() >= again:
                last, again = now, time.monotonic() + _STILL_SECONDS
                yield _line(asdict(now))
            await asyncio.sleep(_TELL_SECONDS)
        yield _line(_end(job))


def file_routes(
    desk: Callable[[], FileDesk | None],
    limits: Limits = DEFAULT_LIMITS,
    keep_hours: float = 24.0,
    on_space: bool = False,
    line: ReadingLine | None = None,
    patience: Patience | None = None,
) -> list[Route]:
    """The routes of a visitor's files.

    Args:
        desk: gives the files, None while the library is being opened.
        limits: the one on a file's bytes is kept here.
        keep_hours: how long files stay, for the page.
        on_space: as the cookie was given.
        line: in which files wait to be read.
        patience: with bytes that arrive.
    """
    drawing = asyncio.Semaphore(DRAWN_AT_ONCE)
    made = FileRoutes(desk, limits, keep_hours, on_space, line or ReadingLine(), patience or Patience(), drawing)
    return made.routes()


def _name(request: Request) -> str:
    """As it is shown, also while the file waits. Raises: InputError, LimitExceeded."""
    name = request.query_params.get("name", "").strip()
    if not name:
        raise InputError("This file came without a name.", "Give it one, and bring it again.")
    if len(name) > LONGEST_NAME:
        raise LimitExceeded(f"This file's name has more than {LONGEST_NAME:,} characters.", "Give it a shorter one.")
    return clean_name(name)


def _status(error: CmlError) -> int:
    kinds = ((Stalled, 408), (TooLarge, 413), (LineFull, 429), (InputError, 400), (StoreFull, 507))
    return next((status for kind, status in kinds if isinstance(error, kind)), 500)


def _end(job: Job) -> dict[str, object]:
    if job.trouble is not None:
        return {"error": asdict(job.trouble)}
    return {"file": asdict(job.card)} if job.card is not None else {"cancelled": True}


def _cancelled(job: Job) -> Response:
    lines = _line({"job": job.id}) + _line({"cancelled": True})
    return Response(lines, media_type="application/x-ndjson", headers={**NO_STORE, "connection": "close"})


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


async def _until_over(jobs: tuple[Job, ...]) -> None:
    """Waits for readings that were stopped: their processes end within moments."""
    end = time.monotonic() + LONGEST_STOP_SECONDS
    while not all(job.over.is_set() for job in jobs) and time.monotonic() < end:
        await asyncio.sleep(0.02)

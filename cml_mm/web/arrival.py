"""The bytes of one file, from a request to the inbox: counted, never in memory as a whole, nothing left of a half."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from cml_mm.errors import InputError, LimitExceeded, StoreError, StoreFull
from cml_mm.web.reading_line import Job

_AT_ONCE = 1 << 20  # bytes gathered before they are written
_LOOK_SECONDS = 0.25  # between two looks at Cancel


class Gone(Exception):
    """Whoever was sending has left, or has cancelled."""


class Stalled(InputError):
    """Nothing came for too long."""


class TooLarge(LimitExceeded):
    """More bytes than a file may have."""


@dataclass(frozen=True)
class Patience:
    """How long a file may take to arrive.

    `stall_seconds` without a byte; `whole_seconds` for all of it; `slowest_bytes_per_second` after the first
    `stall_seconds`, so that a trickle does not hold a place in the line for so long;
    `drain_seconds` for taking in what is refused, so that a browser reads the answer at all.
    """

    stall_seconds: float = 60.0
    whole_seconds: float = 3600.0
    slowest_bytes_per_second: float = 4_000.0
    drain_seconds: float = 20.0


async def take_in(request: Request, content: Path, job: Job, limit: int, patience: Patience) -> None:
    """Writes a request's body to a file that does not exist yet.

    Args:
        limit: bytes.

    Raises: Gone, Stalled, TooLarge, InputError, StoreError, StoreFull; then nothing is left of the file.
    """
    try:
        await _write(request, content, job, limit, patience)
    except OSError as error:
        _discard(content)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(
                "The disk has no room left.", "Delete files that are not needed, or ask again later."
            ) from error
        raise StoreError("The file could not be put down here.", "Try again; if that fails, tell us.") from error
    except BaseException:  # a cancelled request among them
        _discard(content)
        raise


async def drain(request: Request, limit: int, patience: Patience) -> None:
    """Takes in a body that was refused, within limits: a browser that still sends reads no answer.

    Args:
        limit: bytes; of more than that, nothing is taken in.
    """
    if _announced(request) > limit:
        return
    left, end = limit, time.monotonic() + patience.drain_seconds
    with contextlib.suppress(Gone, Stalled):
        while left > 0:
            chunk, more = await _receive(request, None, end)
            left -= len(chunk)
            if not more:
                return


def too_large(limit: int) -> TooLarge:
    """Args:
    limit: bytes.
    """
    return TooLarge(
        f"This file is too large. The limit is {limit / 2**20:.4g} MB.",
        "Split it, or bring the part that matters.",
    )


def check_announced(request: Request, limit: int) -> int:
    """Returns: the bytes that a request says it has; 0 where it does not say.

    Raises: TooLarge.
    """
    announced = _announced(request)
    if announced > limit:
        raise too_large(limit)
    return announced


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 19 else 1 << 62


async def _write(request: Request, content: Path, job: Job, limit: int, patience: Patience) -> None:
    begun = time.monotonic()
    file = await run_in_threadpool(content.open, "xb")
    gathered, size, more = bytearray(), 0, True
    with file:
        while more:
            chunk, more = await _receive(request, job, _until(begun, size, patience))
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            gathered += chunk
            if len(gathered) >= _AT_ONCE or not more:
                await run_in_threadpool(_put, file, bytes(gathered))
                gathered.clear()
    if not size:
        raise InputError("This file is empty.", "Bring one with something in it.")


def _until(begun: float, size: int, patience: Patience) -> float:
    """When the next bytes have to be here, on the monotonic clock.

    Args:
        size: bytes that have come since `begun`.
    """
    stall = patience.stall_seconds
    slow = begun + stall + size / patience.slowest_bytes_per_second
    return min(time.monotonic() + stall, slow, begun + patience.whole_seconds)


def _put(file: BinaryIO, part: bytes) -> None:
    file.write(part)
    file.flush()


async def _receive(request: Request, job: Job | None, end: float) -> tuple[bytes, bool]:
    """Returns: the next bytes, and whether more follow."""
    waiting = asyncio.ensure_future(request.receive())
    try:
        while not waiting.done():
            if job is not None and job.stop.is_set():
                raise Gone
            left = end - time.monotonic()
            if left <= 0:
                raise Stalled("The file stopped arriving.", "Check the connection and bring it again.")
            await asyncio.wait({waiting}, timeout=min(left, _LOOK_SECONDS))
    finally:
        waiting.cancel()
    message = waiting.result()
    if message["type"] == "http.disconnect":
        raise Gone
    return message.get("body", b""), bool(message.get("more_body", False))


def _discard(content: Path) -> None:
    with contextlib.suppress(OSError):
        content.unlink(missing_ok=True)

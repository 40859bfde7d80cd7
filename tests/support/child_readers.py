"""Stand-ins for the module that reads files, each doing something that no reader may. What is done, the file says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from cml_mm.media import child, file_reading
from cml_mm.visits import DrawnFace, ReadFile, Recorded, Run


def read_file(data: bytes, kind: Any, name: str, file: str, ocr: Any, limits: Any, told: Any) -> ReadFile:
    """Does what the first line of the file says, then reads it."""
    task, _, rest = data.decode("utf-8").partition("\n")[0].partition(" ")
    read = file_reading.read_file(data, kind, name, file, ocr, limits, told)
    said = globals()[f"_{task}"](rest, told, read)
    return said if isinstance(said, ReadFile) else replace(read, notices=(str(said),))


def draw_face(data: bytes, kind: Any, face: str, longest_px: int, limits: Any) -> DrawnFace:
    return DrawnFace(b"<svg onload='alert(1)'/>", "image/svg+xml", 1, 1)


def _burn(rest: str, told: Any, read: ReadFile) -> None:
    told("Burning", 0, 0)
    while True:
        pass


def _sleep(rest: str, told: Any, read: ReadFile) -> None:
    told(f"Sleeping as {os.getpid()}", 0, 0)
    time.sleep(600)


def _eat(rest: str, told: Any, read: ReadFile) -> int:
    kept = [bytes(2**26) for _ in range(10_000)]
    return len(kept)


def _crash(rest: str, told: Any, read: ReadFile) -> None:
    import ctypes

    ctypes.string_at(0)


def _leave(rest: str, told: Any, read: ReadFile) -> None:
    os._exit(3)


def _raise(rest: str, told: Any, read: ReadFile) -> None:
    raise ValueError(f"in {__file__}")


def _sink(rest: str, told: Any, read: ReadFile) -> None:
    _sink(rest, told, read)


def _chatter(rest: str, told: Any, read: ReadFile) -> str:
    print("x" * 500_000)
    print("y" * 500_000, file=sys.stderr)
    return "said"


def _flood(rest: str, told: Any, read: ReadFile) -> None:
    number = 0
    while True:
        number += 1
        told(f"{number} " + "w" * 1_000_000, 0, 0)


def _patter(rest: str, told: Any, read: ReadFile) -> None:
    """Small answers without end, faster than they are taken."""
    words = child.HEADER.pack(child.TOLD, 8) + b'["",0,0]'
    while True:
        os.write(3, words * 5_000)  # where answers go


def _sing(rest: str, told: Any, read: ReadFile) -> None:
    """Samples of a recording, of which there is none: so many pieces of a megabyte."""
    piece = child.HEADER.pack(child.PIECE, 2**20) + bytes(2**20)
    for _ in range(int(rest)):
        left = memoryview(piece)
        while left:
            left = left[os.write(3, left) :]
    heard = child.encode_recorded(Recorded("sound", 1.0, sound=True, notices=("Sung.",)))
    os.write(3, child.HEADER.pack(child.HEARD, len(heard)) + heard)
    time.sleep(60)


def _tell(rest: str, told: Any, read: ReadFile) -> str:
    for done in range(3):
        told("Reading page", done, 3)
        time.sleep(0.11)
    told("Reading page", 3, 3)
    return "told"


def _swell(rest: str, told: Any, read: ReadFile) -> ReadFile:
    return replace(read, notices=tuple("n" * 1_000_000 for _ in range(80)))


def _forge(rest: str, told: Any, read: ReadFile) -> ReadFile:
    """An answer that claims something it may not."""
    document, placing = read.document, read.placings[0]
    box = file_reading.Face("page-1", "Page 1", 1, 10, 10)
    forged = {
        "slug": replace(read, document=replace(document, slug="file-of-another")),
        "owner": replace(read, document=replace(document, source=replace(document.source, slug="library"))),
        "run": replace(read, placings=(replace(placing, runs=(Run(0, 10**6, _box()),)),)),
        "face": replace(read, faces=(replace(box, key="../../etc"),)),
        "unknown": replace(read, placings=(replace(placing, face="page-9"),)),
        "size": replace(read, faces=(replace(box, width=-1.0),)),
        "format": replace(read, document=replace(document, format="exe")),
        "placings": replace(read, placings=()),
    }
    return forged[rest]


def _box() -> Any:
    from cml_mm.types import Box

    return Box(0, 0, 1, 1, 1, 1)


def _try(rest: str, told: Any, read: ReadFile) -> str:
    """Something that is shut; says what became of it."""
    task, _, place = rest.partition(" ")
    try:
        return f"did {_TRIED[task](place)!r:.60}"
    except OSError as exc:
        return "refused by Python" if exc.errno is None else "refused by the system"


def _plant(place: str) -> object:
    """Writes beside Python's own doors, as machine code would."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.open(place.encode(), os.O_CREAT | os.O_WRONLY, 0o600)
    written = libc.write(descriptor, b"x" * 10, 10) if descriptor >= 0 else -1
    if written < 0:
        raise OSError(ctypes.get_errno(), "open or write")
    return written


def _native(call: str, *arguments: Any) -> Any:
    """A call of the C library that no door of Python's stands before."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, call)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), call)
    return call


_TRIED: dict[str, Any] = {
    "write": lambda place: Path(place).write_text("x", "utf-8"),
    "create": lambda place: os.open(place, os.O_CREAT | os.O_WRONLY),
    "append": lambda place: open(place, "a"),  # noqa: SIM115
    "read": lambda place: Path(place).read_bytes(),
    "open": lambda place: os.open(place, os.O_RDONLY),
    "remove": lambda place: os.remove(place),
    "rename": lambda place: os.rename(place, f"{place}.moved"),
    "mkdir": lambda place: os.mkdir(place),
    "socket": lambda place: socket.socket(),
    "look-up": lambda place: socket.getaddrinfo("localhost", 80),
    "connect": lambda place: socket.create_connection(("127.0.0.1", int(place)), timeout=5),
    "run": lambda place: subprocess.run(["true"], check=True),
    "system": lambda place: os.system("true"),
    "fork": lambda place: os.fork(),
    "exec": lambda place: os.execv("/bin/true", ["true"]),
    "kill": lambda place: os.kill(os.getppid(), 0),
    "plant": _plant,
    "native-read": lambda place: _native("open", place.encode(), os.O_RDONLY),
    "native-create": lambda place: _native("open", place.encode(), os.O_RDWR | os.O_CREAT, 0o600),
    "native-run": lambda place: _native("execve", b"/bin/true", None, None),
    "native-socket": lambda place: _native("socket", 2, 1, 0),
    "native-fork": lambda place: _native("fork"),
    "native-kill": lambda place: _native("kill", os.getppid(), 0),
    "native-limit": lambda place: _native("prlimit", os.getppid(), 0, None, None),
    "native-slow": lambda place: _native("setpriority", 0, os.getppid(), 19),
    "native-share": lambda place: _native("shmget", 0, 4096, 0o1600),
    "own-limit": lambda place: _native("prlimit", 0, 0, None, None),
    "environment": lambda place: sorted(os.environ),
    "descriptors": lambda place: sorted(os.listdir("/proc/self/fd")),
}

"""What a process that opens strangers' files may not do: its limits, and the doors that are shut.

Several walls, each for itself. Resource limits hold on every system that has them. The audit
hook (PEP 578) stops Python code. On Linux the kernel kills the process when its parent ends,
gives it no privileges again, and stops machine code too (see `kernel_walls`).
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cml_mm.media.kernel_walls import refuse_calls, refuse_places
from cml_mm.visits import Limits

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SIGKILL = 9
_OPEN_FILES = 128
_GRACE_SECONDS = 5  # between the signal that ends a process at its limit and the one that it cannot outlive
_WATCH_SECONDS = 0.5
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_WRITING_MODES = frozenset("wax+")
_SHUT = frozenset(
    """subprocess.Popen os.system os.exec os.posix_spawn os.spawn os.fork os.forkpty os.startfile os.startfile/2
    os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown os.utime os.kill os.killpg
    os.chflags os.setxattr os.removexattr pty.spawn sqlite3.connect sqlite3.connect/handle webbrowser.open
    urllib.Request signal.pthread_kill cpython.remote_debugger_script sys.remote_exec""".split()
)
_SHUT_FAMILIES = tuple("socket. ftplib. http.client. imaplib. smtplib. poplib. telnetlib. tempfile. shutil.".split())
# Where libraries look for fonts, time zones, kinds of files, and the processor they run on.
_SYSTEM_PLACES = tuple(
    """/usr/share/fonts /usr/local/share/fonts /usr/share/zoneinfo /usr/share/mime /usr/lib /usr/lib64 /lib /lib64
    /System/Library /Library/Fonts /proc/cpuinfo /proc/meminfo /proc/stat /proc/self /sys/devices/system /sys/fs/cgroup
    /etc/mime.types /etc/ld.so.cache /etc/localtime /etc/os-release /dev/urandom /nix/store /gnu/store
    C:/Windows""".split()
)


def limit_process(limits: Limits) -> None:
    """Limit CPU time, memory and open files; not one byte may be written to a file.

    Where the system has no such limits (Windows), the parent's clock is the only one.
    """
    if sys.platform == "win32":
        return
    import resource

    cpu = max(1, int(limits.cpu_seconds + 0.999))
    wanted = [
        (resource.RLIMIT_CPU, cpu, cpu + _GRACE_SECONDS),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES),
    ]
    if hasattr(resource, "RLIMIT_AS"):
        wanted.append((resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes))
    for what, soft, hard in wanted:
        ceiling = resource.getrlimit(what)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        with contextlib.suppress(OSError, ValueError):  # macOS knows some of them by name only
            resource.setrlimit(what, (soft, hard))


def end_with_parent(parent: int) -> None:
    """See to it that this process ends when its parent does, however that ends.

    Args:
        parent: the parent's process id, as it knew it itself.
    """
    if sys.platform.startswith("linux"):
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)
    elif sys.platform != "win32":
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def shut_doors(places: Iterable[Path]) -> None:
    """Refuse from now on what reading a file never needs. There is no way back.

    Args:
        places: folders with code and models, the only ones beside the system's that may be read.
    """
    libraries = [place for name in _LIBRARIES for place in os.environ.get(name, "").split(os.pathsep) if place]
    known = map(_real, (*places, *_SYSTEM_PLACES, *libraries))
    allowed = tuple(sorted({place for place in known if place != os.sep}))
    refuse_places(map(Path, allowed))
    refuse_calls()
    sys.addaudithook(_Doors(allowed).pass_)


def code_places() -> tuple[Path, ...]:
    """The folders that Python and this package are loaded from."""
    package = Path(__file__).resolve().parent.parent
    installed = [Path(place) for place in sys.path if place and Path(place) != package.parent]
    return (package, Path(sys.prefix), Path(sys.base_prefix), *installed)


class _Doors:
    """The audit hook: a few look-ups for every event."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed
        self._inside = tuple(place.rstrip(os.sep) + os.sep for place in allowed)

    def pass_(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raises: PermissionError: this door is shut."""
        if event == "open":
            self._opened(*arguments[:3])
        elif event in _SHUT or event.startswith(_SHUT_FAMILIES):
            raise PermissionError(f"{event} is shut in this process")

    def _opened(self, path: Any, mode: Any = None, flags: Any = 0) -> None:
        if path == os.devnull:
            return
        if isinstance(mode, str):
            writes = not _WRITING_MODES.isdisjoint(mode)
        else:
            writes = isinstance(flags, int) and bool(flags & _WRITING)
        if writes:
            raise PermissionError("nothing is written in this process")
        if not isinstance(path, (str, bytes, os.PathLike)):
            return  # a descriptor that is open already
        real = _real(path)
        if real not in self._allowed and not real.startswith(self._inside):
            raise PermissionError("this place is not read in this process")


def _real(path: Any) -> str:
    return os.path.realpath(os.fsdecode(path))


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)

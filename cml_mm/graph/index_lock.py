"""The writer's lock of an index; a full disk and a missing right become our errors."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from cml_mm.errors import StoreBusy, StoreError, StoreFull


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Holds the writer's lock; a full disk and a missing right become our errors."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "writer.lock")
        lock.acquire(timeout=0)
    except Timeout as exc:
        raise StoreBusy(
            f"Another process is building the index at {index}.",
            "Wait until it is done, or choose another place with --index.",
        ) from exc
    except OSError as exc:
        raise _disk_error(index, exc) from exc
    try:
        yield
    except OSError as exc:
        raise _disk_error(index, exc) from exc
    finally:
        lock.release()


def _disk_error(index: Path, exc: OSError) -> StoreError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(
            f"The disk that holds {index} is full.",
            "Free some room and run the same command again; the index in use is unchanged.",
        )
    return StoreError(
        f"The index at {index} cannot be written ({exc.strerror or exc}).",
        "Check the folder's rights, or choose another place with --index.",
    )

"""A folder of one's own for bytes that are still arriving; those of processes that are gone are emptied."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from cml_mm.record.places import Places, disk_errors, lock_at, private_folder

_LOCK = ".lock"


class Inbox:
    """DATA/inbox/<process>, alive as long as its lock is held. Opened and swept under `Places.lock()`.

    Args:
        places: where; the folders are there.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self.folder = places.inbox / f"{os.getpid()}-{secrets.token_hex(6)}"
        with disk_errors():
            self._lock = _lock(self.folder)
            self._lock.acquire()
            private_folder(self.folder)

    def close(self) -> None:
        """Empties it and gives it up."""
        _give_up(self.folder, self._lock)


def sweep_inboxes(places: Places) -> int:
    """Removes the inboxes of processes that are gone.

    Returns: how many.
    """
    swept = 0
    for folder, lock in _dead(places):
        _give_up(folder, lock)
        swept += 1
    return swept


def others_alive(places: Places) -> bool:
    """Whether another process, or another opening in this one, uses this data folder."""
    dead = _dead(places)
    for _, lock in dead:
        lock.release()
    return len(_names(places)) > len(dead)


def _dead(places: Places) -> list[tuple[Path, FileLock]]:
    """Inboxes whose lock was free; it is held now."""
    found = []
    for name in _names(places):
        folder = places.inbox / name
        lock = _lock(folder)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        found.append((folder, lock))
    return found


def _names(places: Places) -> set[str]:
    return {place.name.removesuffix(_LOCK) for place in places.inbox.iterdir()}


def _lock(folder: Path) -> FileLock:
    return lock_at(folder.with_name(folder.name + _LOCK))


def _give_up(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_name(folder.name + _LOCK).unlink(missing_ok=True)
    lock.release()

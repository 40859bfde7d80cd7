"""Where the record keeps things on disk, and what goes wrong with disks.

DATA/record.sqlite                              the rows, which alone say what is there
DATA/sessions/<visitor>/<file>/original         the bytes of a visitor's file
DATA/inbox/<process>/                           bytes that are still arriving
DATA/trash/<random>/                            on its way out

Only the app's own user may look into any of it.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from cml_mm.errors import StoreError, StoreFull

_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
DAMAGED = "record.sqlite.damaged-"


@dataclass(frozen=True)
class Places:
    """The layout of one data folder."""

    data: Path

    @property
    def database(self) -> Path:
        return self.data / "record.sqlite"

    @property
    def sessions(self) -> Path:
        return self.data / "sessions"

    @property
    def inbox(self) -> Path:
        return self.data / "inbox"

    @property
    def trash(self) -> Path:
        return self.data / "trash"

    def lock(self) -> FileLock:
        """To be held while the record is opened or swept, so that two processes do not do it at once."""
        return lock_at(self.data / "record.lock")

    def prepare(self) -> None:
        """Makes the folders.

        Raises:
            StoreError: they cannot be made or written.
            StoreFull: there is no room for them.
        """
        with disk_errors():
            for folder in (self.data, self.sessions, self.inbox, self.trash):
                folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            touch_private(self.database)

    def session(self, visitor: str) -> Path:
        """The folder of one visitor's files."""
        return self.sessions / _checked(visitor)

    def folder(self, visitor: str, file: str) -> Path:
        """The folder of one file."""
        return self.session(visitor) / _checked(file)

    def original(self, visitor: str, file: str) -> Path:
        return self.folder(visitor, file) / "original"

    def take_in(self, content: Path, visitor: str, file: str) -> None:
        """Moves bytes into a file's place; they are on the disk for good when this returns."""
        folder = self.folder(visitor, file)
        folder.parent.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        folder.mkdir(mode=_PRIVATE_FOLDER)
        content.chmod(_PRIVATE_FILE)
        _sync(content)
        os.replace(content, folder / "original")
        for place in (folder, folder.parent, self.sessions):
            _sync(place)

    def discard(self, folder: Path) -> Path | None:
        """Moves a folder into the trash, which takes no time however much is in it.

        Returns: where it is now; None where there was none.
        """
        target = self.trash / secrets.token_hex(8)
        try:
            os.replace(folder, target)
        except FileNotFoundError:
            return None
        return target

    def throw_away(self, folder: Path) -> None:
        """Removes a folder: out of its place at once, then off the disk."""
        if target := self.discard(folder):
            shutil.rmtree(target, ignore_errors=True)  # what is left of it goes with the next `empty_trash`

    def empty_trash(self) -> None:
        """Removes what was discarded, or left by a removal that did not come to its end."""
        for place in list(self.trash.iterdir()):
            _remove(place)

    def forget_damaged(self, before: float | None = None) -> int:
        """Deletes databases that were put aside because they could not be read: contents stand in them, too.

        Args:
            before: seconds since 1970; only those that were put aside until then.

        Returns: how many files.
        """
        old = [path for path in self.data.glob(f"{DAMAGED}*") if before is None or path.stat().st_ctime <= before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _checked(name: str) -> str:
    """A visitor's key or a file's id: nothing else becomes part of a path."""
    if not _NAME.fullmatch(name):
        raise ValueError("neither a visitor's key nor a file's id")
    return name


def touch_private(path: Path) -> None:
    """Makes an empty file that only its owner may read, where there is none."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE))


def lock_at(path: Path) -> FileLock:
    """A lock that any thread may give back: the one that closes the app need not have opened it."""
    return FileLock(path, mode=_PRIVATE_FILE, thread_local=False)


def private_folder(path: Path) -> None:
    path.mkdir(mode=_PRIVATE_FOLDER)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def disk_errors() -> Iterator[None]:
    """A full disk and a missing right become our errors. Visitors read them: they name no place on this machine,
    which the error that they come from does."""
    try:
        yield
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full() from exc
        raise not_writable(exc.strerror or type(exc).__name__) from exc


def disk_full() -> StoreFull:
    return StoreFull(
        "The disk that holds files and conversations is full.",
        "Delete some that you no longer need and try again; what was kept before is still there.",
    )


def not_writable(why: str) -> StoreError:
    return StoreError(
        f"Files and conversations cannot be kept here ({why}).",
        "Whoever runs the app can check the folder's rights, or choose another place with CML_DATA.",
    )

"""Visitors' files made ready to be asked: held in memory for a while, never longer than the files are there."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cml_mm.answering.file_source import FileSource

READY_VISITORS = 12
READY_CHUNKS = 10_000  # of all visitors together, 30 kB each: `python -m benchmarks uploads`
_MAKING = 64  # visitors that are never mistaken for each other while theirs is made ready


@dataclass(frozen=True)
class ReadyKey:
    """What a source was made of: whose files, in their order, over which snapshot of the library.

    `revisions` counts for each file how often it was changed by hand.
    """

    visitor: str
    library: Path  # the folder of the snapshot
    files: tuple[str, ...]
    revisions: tuple[int, ...] = ()


class ReadySources:
    """The sources that were asked last; one a visitor.

    Args:
        most_visitors: whose sources are held.
        most_chunks: of all sources that are held; a single larger one is held alone.
    """

    def __init__(self, most_visitors: int = READY_VISITORS, most_chunks: int = READY_CHUNKS) -> None:
        self._most_visitors = most_visitors
        self._most_chunks = most_chunks
        self._lock = threading.Lock()
        self._held: OrderedDict[ReadyKey, FileSource] = OrderedDict()
        self._library: Path | None = None  # the snapshot in use; None until it changes for the first time
        self._making = tuple(threading.Lock() for _ in range(_MAKING))

    @property
    def keys(self) -> tuple[ReadyKey, ...]:
        """Of what is held, that which was asked longest ago first."""
        with self._lock:
            return tuple(self._held)

    def get(self, key: ReadyKey) -> FileSource | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    @contextmanager
    def making(self, visitor: str) -> Iterator[None]:
        """One at a time of a visitor: a second question waits for what the first makes ready."""
        with self._making[hash(visitor) % _MAKING]:
            yield

    def hold(self, key: ReadyKey, source: FileSource, is_there: Callable[[], bool]) -> None:
        """Holds a source, in the place of the visitor's earlier one, unless it is out of date by now.

        Args:
            is_there: whether all of its files are still kept, as they were; asked while `drop` has to wait, so
                that whoever deletes or changes a file and then drops finds what was held.
        """
        with self._lock:
            if self._library not in (None, key.library) or not is_there():
                return
            self._take_out(lambda other: other.visitor == key.visitor)
            self._held[key] = source
            while len(self._held) > 1 and self._too_much():
                self._held.popitem(last=False)

    def drop(self, visitor: str) -> None:
        """Lets go of everything of a visitor."""
        with self._lock:
            self._take_out(lambda key: key.visitor == visitor)

    def turn_to(self, library: Path) -> None:
        """Lets go of all that was made over another snapshot, which would be held in memory with it."""
        with self._lock:
            self._library = library
            self._take_out(lambda key: key.library != library)

    def _take_out(self, is_out: Callable[[ReadyKey], bool]) -> None:
        for key in [key for key in self._held if is_out(key)]:
            del self._held[key]

    def _too_much(self) -> bool:
        chunks = sum(len(file.chunks) for source in self._held.values() for file in source.files)
        return len(self._held) > self._most_visitors or chunks > self._most_chunks

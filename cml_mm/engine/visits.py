"""What visitors bring and keep, opened when it is first needed: commands that bring nothing write nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.errors import CmlError, StoreError
from cml_mm.ports import Cancelled, FileDesk, ImageEncoder, TalkDesk, TextEncoder, Told, Transcriber
from cml_mm.profiles import file_reader
from cml_mm.record.record import Record
from cml_mm.settings import Settings
from cml_mm.visits import StoredFile, new_file_id

if TYPE_CHECKING:
    from cml_mm.engine.opened import Opened

log = logging.getLogger("cml")


class Visits:
    """Files and conversations over one durable record."""

    def __init__(
        self,
        settings: Settings,
        encoder: TextEncoder,
        image_encoder: ImageEncoder | None = None,
        transcriber: Transcriber | None = None,
        opened: Callable[[], Opened] | None = None,
    ) -> None:
        """Args: opened: gives the library in use; without it diagrams are linked with no pattern."""
        self._settings = settings
        self._encoder = encoder
        self._image_encoder = image_encoder
        self._transcriber = transcriber
        self._library = opened
        self._lock = threading.Lock()
        self._opened: tuple[Record, Files] | None = None
        self._closed = False

    @cached_property
    def bringer(self) -> Bringer:
        return Bringer(file_reader(self._settings), self._encoder, self._image_encoder, self._transcriber)

    @property
    def files(self) -> FileDesk:
        """Raises: StoreError and its kinds: the record cannot be opened."""
        return self._open()[1]

    @property
    def own_files(self) -> Files:
        """The same, with what only the engine asks of it."""
        return self._open()[1]

    @property
    def talks(self) -> TalkDesk:
        """Raises: StoreError and its kinds: the record cannot be opened."""
        return self._open()[0].talks

    def bring(self, paths: Sequence[Path], told: Told, cancelled: Cancelled) -> tuple[StoredFile, ...]:
        """Reads files that nobody keeps, for one question of a command; nothing is written.

        Raises: InputError: a file cannot be read.
        """
        found = (self.bringer.bring(path, path.name, new_file_id(), told, cancelled) for path in paths)
        return tuple(file for file in found if file is not None)

    def sweep(self) -> None:
        """Deletes what has expired; what fails is logged and tried again the next time."""
        try:
            self._open()[1].sweep()
        except CmlError as error:
            log.warning("What has expired could not be deleted now. %s", error)

    def turn_to(self, library: Path) -> None:
        """Another snapshot of the library is in use: nothing made over the one before is held any longer.

        Args:
            library: the snapshot's folder.
        """
        with self._lock:
            if self._opened:
                self._opened[1].ready.turn_to(library)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._opened:
                self._opened[0].close()
                self._opened = None

    def _open(self) -> tuple[Record, Files]:
        with self._lock:
            if self._closed:
                raise StoreError("The record is closed.", "Start the app again.")
            if self._opened is None:
                settings = self._settings
                record = Record(
                    settings.data, settings.keep_files_seconds, settings.keep_talks_seconds, settings.limits
                )
                if record.notice:
                    log.warning("%s", record.notice)
                self._opened = record, Files(record, self.bringer, settings.limits, opened=self._library)
            return self._opened

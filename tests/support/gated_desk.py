"""Private files whose reading waits for the test: kept on disk, nothing of them understood.

It stands at `ports.FileDesk`, so that routes are tried with readings that last exactly as long as wanted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from cml_mm.diagrams.values import DiagramEdit
from cml_mm.errors import InputError, MediaUnreadable, StoreFull
from cml_mm.lectures.values import LectureEdit
from cml_mm.ports import Cancelled, FileDesk, Told
from cml_mm.types import Document, Source
from cml_mm.visits import (
    DEFAULT_LIMITS,
    DiagramLink,
    DrawnFace,
    FileCard,
    LectureTouches,
    Limits,
    ReadFile,
    new_file_id,
)
from cml_mm.web import Guard, Sessions, VisitorCookie
from cml_mm.web.arrival import Patience
from cml_mm.web.files import file_routes
from cml_mm.web.reading_line import ReadingLine

PICTURE = b"\x89PNG\r\n\x1a\n-a-picture"


class GatedDesk:
    """Implements `ports.FileDesk`. A name with "broken", "full" or "fault" in it fails in that way.

    Args:
        place: a folder for everything.
    """

    def __init__(self, place: Path) -> None:
        self.gate = threading.Event()  # readings end when it is set
        self.begun: list[str] = []  # names, as their readings began
        self.ignores_cancel = False  # as a reading that was nearly over
        self.again: FileCard | None = None  # what the next file is found to be, brought before
        self._place = place
        self._cards: dict[tuple[str, str], FileCard] = {}
        (place / "inbox").mkdir()

    def inbox(self) -> Path:
        return self._place / "inbox"

    def add(
        self,
        visitor: str,
        name: str,
        content: Path,
        told: Told,
        cancelled: Cancelled,
        captions: Path | None = None,
        captions_name: str = "",
    ) -> FileCard | None:
        self.begun.append(name)
        told("Reading page 1 of 2", 1, 2)
        while not self.gate.wait(0.01):
            if cancelled() and not self.ignores_cancel:
                content.unlink()
                return None
        if "broken" in name:
            raise MediaUnreadable(f"{name} ends in the middle.", "Export it again.")
        if "full" in name:
            raise StoreFull("The disk has no room left.", "Delete files.")
        if "fault" in name:
            raise RuntimeError("an inner secret")
        if self.again:
            return self.again
        file = new_file_id()
        card = FileCard(file, name, "ready", content.stat().st_size, share=1.0, added=time.time())
        content.rename(self._place / file)
        self._cards[visitor, file] = card
        return card

    def files(self, visitor: str) -> tuple[FileCard, ...]:
        return tuple(card for (owner, _), card in reversed(self._cards.items()) if owner == visitor)

    def read(self, visitor: str, file: str) -> ReadFile:
        card = self._card(visitor, file)
        source = Source(file, card.name, "document", file, card.name, "", "", owner="visitor")
        return ReadFile(Document(file, card.name, source), ())

    def content(self, visitor: str, file: str) -> Path:
        self._card(visitor, file)
        return self._place / file

    def draw(self, visitor: str, file: str, face: str) -> DrawnFace:
        self._card(visitor, file)
        if face not in ("page-1", "svg"):
            raise InputError("There is no such page.", "Look at another.")
        return DrawnFace(PICTURE, "image/png" if face == "page-1" else "image/svg+xml", 1, 1)

    def correct(self, visitor: str, file: str, diagram: int, edits: Sequence[DiagramEdit]) -> ReadFile:
        return self._no_diagram(visitor, file)

    def uncorrect(self, visitor: str, file: str, diagram: int) -> ReadFile:
        return self._no_diagram(visitor, file)

    def restore(self, visitor: str, file: str, diagram: int) -> ReadFile:
        return self._no_diagram(visitor, file)

    def correct_lecture(self, visitor: str, file: str, edits: Sequence[LectureEdit]) -> ReadFile:
        return self._no_recording(visitor, file)

    def uncorrect_lecture(self, visitor: str, file: str) -> ReadFile:
        return self._no_recording(visitor, file)

    def restore_lecture(self, visitor: str, file: str) -> ReadFile:
        return self._no_recording(visitor, file)

    def lecture_touches(self, visitor: str, file: str) -> LectureTouches:
        return self._no_recording(visitor, file)

    def _no_recording(self, visitor: str, file: str) -> NoReturn:
        self._card(visitor, file)
        raise InputError("This is no recording.", "Look at the file again.")

    def diagram_links(self, visitor: str, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        return self._no_diagram(visitor, file)

    def _no_diagram(self, visitor: str, file: str) -> NoReturn:
        self._card(visitor, file)
        raise InputError("There is no such diagram in this file.", "Look at the file again.")

    def remove(self, visitor: str, file: str) -> None:
        self._card(visitor, file)
        del self._cards[visitor, file]
        (self._place / file).unlink()

    def forget(self, visitor: str) -> None:
        for card in self.files(visitor):
            self.remove(visitor, card.id)

    def on_disk(self) -> list[Path]:
        """Every file that is there, arriving ones too."""
        return [path for path in self._place.rglob("*") if path.is_file()]

    def _card(self, visitor: str, file: str) -> FileCard:
        card = self._cards.get((visitor, file))
        if card is None:
            raise InputError("There is no such file.", "Bring it again.")
        return card


@contextmanager
def serving_files(
    desk: FileDesk | Exception | None,
    limits: Limits = DEFAULT_LIMITS,
    line: ReadingLine | None = None,
    patience: Patience | None = None,
) -> Iterator[str]:
    """The routes of files and all middleware over a desk, on a port of this machine.

    Args:
        desk: None while the library is being opened; an error, if it cannot be.

    Yields: the address, with a slash at its end.
    """

    def opened() -> FileDesk | None:
        if isinstance(desk, Exception):
            raise desk
        return desk

    routes = file_routes(opened, limits, line=line, patience=patience)
    app = Starlette(routes=routes, middleware=[Middleware(Guard), Middleware(VisitorCookie), Middleware(Sessions)])
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("The server did not start.")
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        server.force_exit = True  # open streams do not hold the tests up
        thread.join(10)

"""A visitor's file on its way in: measured, read, joined with the captions that belong to it, kept, linked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cml_mm.engine.beside import Beside
from cml_mm.engine.bringing import Bringer
from cml_mm.engine.decks import Decks
from cml_mm.engine.resuming import KeptSteps
from cml_mm.engine.sights import recognised
from cml_mm.errors import InputError, LimitExceeded, StoreError, StoreFull
from cml_mm.lectures.values import Speech
from cml_mm.media.intake import clean_name, hash_file
from cml_mm.media.sniffing import most_bytes
from cml_mm.ports import Cancelled, Told
from cml_mm.record.record import Record
from cml_mm.visits import FileCard, Limits, StoredFile, new_file_id

_SPLIT = "Split it, or save it with smaller pictures."
_SHORTEN = "Shorten it, or save it at a lower resolution or bit rate."


@dataclass(frozen=True)
class TakingIn:
    """Takes files in, one call a file.

    Args:
        record: open.
        bringer: reads and encodes.
        beside: finds and joins captions and recordings.
        decks: links recordings with the documents whose pages their slides are.
        limits: the one on a file's bytes is kept here, those on all files of a visitor by the record.
        room_left_bytes: of the disk, which files never take.
        visitor_chunks: of all files of one visitor.
        changed: called with the visitor of whom a file that was kept is another now.
    """

    record: Record
    bringer: Bringer
    beside: Beside
    decks: Decks
    limits: Limits
    room_left_bytes: int
    visitor_chunks: int
    changed: Callable[[str], None]

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
        """See `ports.FileDesk`. The same bytes cost a hash."""
        try:
            size, sha256 = _measured(content)
            self._check(name, size)
            earlier = self.record.files.find(visitor, sha256)
            if earlier and captions is not None:
                card = self.beside.join_file(visitor, earlier, captions, captions_name)
                self.changed(visitor)
                return card
            if earlier:
                return earlier.card
            self.record.files.check_room(visitor, size)
            known = None if captions is not None else self.beside.captions_of(visitor, name)
            stored = self.bringer.bring(
                content, name, new_file_id(), told, cancelled, self._room(visitor), captions, captions_name,
                known[1] if known else None, KeptSteps(self.record.unfinished, visitor, sha256, self.limits),
            )  # fmt: skip
            if stored is None or cancelled():
                return None
            told("Keeping it", 0, 0)
            card = self._kept(visitor, stored, content, known, captions is not None)
            if self.decks.settle(visitor, card):
                self.changed(visitor)
            return next((one for one in self.record.files.cards(visitor) if one.id == card.id), card)
        finally:
            for place in (content, captions):
                if place is not None:
                    with suppress(OSError):
                        place.unlink(missing_ok=True)

    def _kept(
        self, visitor: str, stored: StoredFile, content: Path, known: tuple[str, Speech] | None, captioned: bool
    ) -> FileCard:
        """Keeps what was read; of a recording and its captions, one file.

        Args:
            known: captions of the visitor's that it was read with.
            captioned: whether captions came with it.
        """
        lecture, name = stored.read.lecture, stored.card.name
        if lecture is not None and stored.read.document.format == "captions":
            if recording := self.beside.recording_of(visitor, name):
                with suppress(InputError):  # deleted meanwhile: the captions are kept by themselves
                    card = self.beside.join(visitor, recording.id, lecture.speech)
                    self.changed(visitor)
                    return card
            known = None
        elif lecture is not None and known is None and not captioned:
            known = self.beside.captions_of(visitor, name)  # they came while it was read
            stored = self.beside.said(stored, known[1]) if known else stored
        elif lecture is not None and known is not None:
            now = self.beside.captions_of(visitor, name)
            if now is None:
                raise InputError(
                    "The captions of this recording were deleted while it was read.",
                    "Add the recording once more, with the captions that you want or without.",
                )
            stored = stored if now == known else self.beside.said(stored, now[1])
            known = now
        stored = recognised(stored, lambda: self.record.files.load(visitor))
        card = self.record.files.keep(visitor, stored, content)
        if lecture is not None:
            self.record.unfinished.drop(visitor, stored.sha256)
            if known is not None:
                with suppress(InputError):  # deleted meanwhile
                    self.record.files.remove(visitor, known[0])
                self.changed(visitor)
        return card

    def _room(self, visitor: str) -> int:
        """How many chunks a visitor's next file may have."""
        taken = self.record.files.vector_bytes(visitor) // (4 * self.bringer.encoder.dimension)
        return self.visitor_chunks - taken

    def _check(self, name: str, size_bytes: int) -> None:
        if size_bytes > (most := most_bytes(clean_name(name), self.limits)):
            recorded = most > self.limits.file_bytes  # only recordings may be larger
            raise LimitExceeded(f"This file is larger than {most // 2**20} MB.", _SHORTEN if recorded else _SPLIT)
        if shutil.disk_usage(self.record.inbox).free < self.room_left_bytes + 3 * size_bytes:
            raise StoreFull("There is no room left here for more files.", "Try again later; nothing of yours is lost.")


def _measured(content: Path) -> tuple[int, str]:
    """The size of a file in bytes, and its sha256."""
    try:
        return content.stat().st_size, hash_file(content)
    except OSError as exc:
        raise StoreError("The file did not stay where it had arrived.", "Add it once more.") from exc

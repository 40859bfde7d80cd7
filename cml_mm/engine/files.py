"""A visitor's private files: taken in, kept, made ready to be asked, drawn, deleted."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cml_mm.diagrams.editing import MOST_EDITS, too_many_edits
from cml_mm.diagrams.values import DiagramEdit
from cml_mm.engine.beside import Beside, lecture_in
from cml_mm.engine.bringing import VISITOR_CHUNKS, Bringer
from cml_mm.engine.correcting import Edits, added, all_taken_back, edited, last_taken_back, no_such_diagram
from cml_mm.engine.decks import Decks, named_deck, without_gone
from cml_mm.engine.lecture_patterns import first_said, pattern_moments
from cml_mm.engine.ready import ReadyKey, ReadySources
from cml_mm.engine.sights import named
from cml_mm.engine.taking_in import TakingIn
from cml_mm.errors import InputError
from cml_mm.lectures import corrections
from cml_mm.lectures.values import Lecture, LectureEdit
from cml_mm.ports import Cancelled, Picture, Told
from cml_mm.record.record import Record
from cml_mm.talk import Scope
from cml_mm.visits import Correction, DiagramLink, DrawnFace, FileCard, LectureTouches, Limits, ReadFile, StoredFile

if TYPE_CHECKING:
    from cml_mm.answering.file_source import FileSource
    from cml_mm.engine.opened import Opened

LONGEST_DRAWN_PX = 1_800
LONGEST_SEEN_PX = 1_280  # what models that see take at most, or make smaller
KEPT_DRAWINGS = 60
ROOM_LEFT_BYTES = 500 * 2**20  # on the disk, which other things need too


class Files:
    """Implements `ports.FileDesk` over the record; also gives the engine what a question may read.

    Args:
        record: open.
        bringer: reads and encodes.
        limits: the one on a file's bytes is kept here, those on all files of a visitor by the record.
        room_left_bytes: of the disk, which files never take.
        ready: where sources are held between questions.
        visitor_chunks: of all files of one visitor.
        opened: gives the library in use, which diagrams are linked with; without it they are linked with nothing.
    """

    def __init__(
        self,
        record: Record,
        bringer: Bringer,
        limits: Limits,
        room_left_bytes: int = ROOM_LEFT_BYTES,
        ready: ReadySources | None = None,
        visitor_chunks: int = VISITOR_CHUNKS,
        opened: Callable[[], Opened] | None = None,
    ) -> None:
        self._record = record
        self._bringer = bringer
        self._opened = opened
        self._beside = Beside(record.files, bringer)
        self._decks = Decks(record.files)
        self._taking_in = TakingIn(
            record, bringer, self._beside, self._decks, limits, room_left_bytes, visitor_chunks, self._changed_for
        )
        self._lock = threading.Lock()
        self._drawn: OrderedDict[tuple[str, str, str], DrawnFace] = OrderedDict()
        self.ready = ready or ReadySources()

    @property
    def drawings(self) -> int:
        """How many drawn pages are held in memory."""
        with self._lock:
            return len(self._drawn)

    def inbox(self) -> Path:
        return self._record.inbox

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
        card = self._taking_in.add(visitor, name, content, told, cancelled, captions, captions_name)
        return None if card is None else self._named(visitor, card)

    def files(self, visitor: str) -> tuple[FileCard, ...]:
        cards = self._record.files.cards(visitor) if visitor else ()
        names = {card.id: card.name for card in cards}
        return tuple(named_deck(named(card, names), names) for card in cards)

    def read(self, visitor: str, file: str) -> ReadFile:
        read = self._record.files.stored(visitor, file).read
        if read.lecture is None or not read.lecture.deck:
            return read
        present = [card.id for card in self._record.files.cards(visitor)]
        return replace(read, lecture=without_gone(read.lecture, present))

    def content(self, visitor: str, file: str) -> Path:
        return self._record.files.content(visitor, file)

    def correct(self, visitor: str, file: str, diagram: int, edits: Sequence[DiagramEdit]) -> ReadFile:
        if len(edits) > MOST_EDITS:
            raise too_many_edits(len(edits))
        return self._changed(visitor, file, diagram, added(edits))

    def uncorrect(self, visitor: str, file: str, diagram: int) -> ReadFile:
        return self._changed(visitor, file, diagram, last_taken_back)

    def restore(self, visitor: str, file: str, diagram: int) -> ReadFile:
        return self._changed(visitor, file, diagram, all_taken_back)

    def correct_lecture(self, visitor: str, file: str, edits: Sequence[LectureEdit]) -> ReadFile:
        return self._amended(visitor, file, lambda lecture: corrections.amended(lecture, edits))

    def uncorrect_lecture(self, visitor: str, file: str) -> ReadFile:
        return self._amended(visitor, file, corrections.last_taken_back)

    def restore_lecture(self, visitor: str, file: str) -> ReadFile:
        return self._amended(visitor, file, corrections.all_taken_back)

    def _amended(self, visitor: str, file: str, amend: Callable[[Lecture], Lecture]) -> ReadFile:
        try:
            return self._beside.correct(visitor, file, amend)
        finally:
            self.ready.drop(visitor)

    def lecture_touches(self, visitor: str, file: str) -> LectureTouches:
        """See `ports.FileDesk`. Links are those that are held ready to be asked, or are made for this file alone."""
        stored = self._record.files.stored(visitor, file)
        lecture = lecture_in(stored)
        opened = self._opened() if self._opened else None
        if opened is None:
            return LectureTouches()
        held = self.ready.get(self._key(visitor, opened))
        if held:
            links = tuple(link for chunk in stored.chunks for link in held.patterns_of(chunk.id))
        else:
            stored = self._bringer.again(stored)
            links = opened.linker.link(stored.chunks, stored.vectors)
        return LectureTouches(pattern_moments(stored.read, stored.chunks, links), first_said(lecture, opened.called))

    def _changed(self, visitor: str, file: str, diagram: int, change: Callable[[Edits], Edits]) -> ReadFile:
        def revised(stored: StoredFile, kept: tuple[Correction, ...]) -> tuple[StoredFile, tuple[Correction, ...]]:
            return edited(self._bringer.again(stored), kept, diagram, change, self._bringer.encoded)

        try:
            return self._record.files.revise(visitor, file, revised).read
        finally:
            self.ready.drop(visitor)

    def diagram_links(self, visitor: str, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        diagrams = self.read(visitor, file).diagrams
        if not 0 <= diagram < len(diagrams):
            raise no_such_diagram()
        opened = self._opened() if self._opened else None
        if opened is None:
            return ()
        held = self.ready.get(self._key(visitor, opened))
        return held.diagram_links(file, diagram) if held else opened.labels.link(diagrams[diagram])

    def draw(self, visitor: str, file: str, face: str) -> DrawnFace:
        """A picture of a page; the last ones drawn are held in memory, none is written."""
        content = self._record.files.content(visitor, file)  # before what is held: it may be deleted by now
        key = (visitor, file, face)
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return self._drawn[key]
        name = next((card.name for card in self.files(visitor) if card.id == file), "This file")
        try:
            drawn = self._bringer.reader.draw(content, name, face, LONGEST_DRAWN_PX)
        except InputError:
            self._record.files.content(visitor, file)  # deleted meanwhile, which is then the reason
            raise
        with self._lock:  # whoever deletes drops afterwards, and then waits for this
            self._record.files.content(visitor, file)
            self._drawn[key] = drawn
            while len(self._drawn) > KEPT_DRAWINGS:
                self._drawn.popitem(last=False)
        return drawn

    def remove(self, visitor: str, file: str) -> None:
        try:
            self._record.files.remove(visitor, file)
            self._decks.part(visitor, file)
        finally:
            self._drop(visitor)

    def forget(self, visitor: str) -> None:
        try:
            self._record.forget(visitor)
        finally:
            self._drop(visitor)

    def sweep(self) -> None:
        """Removes what has expired, from the disk and from memory."""
        try:
            for visitor, file in self._record.sweep().files:
                self._decks.part(visitor, file)
        finally:
            with self._lock:
                held = [(visitor, {file}) for visitor, file, _ in self._drawn]
            held += [(key.visitor, set(key.files)) for key in self.ready.keys]
            for visitor in {visitor for visitor, _ in held}:
                kept = {card.id for card in self.files(visitor)}
                if any(whose == visitor and not files <= kept for whose, files in held):
                    self._drop(visitor)

    def source(self, scope: Scope, opened: Opened) -> FileSource | None:
        """What a question of this scope may read of the visitor's files; None where there is nothing.

        Raises: InputError: the scope names a file that this visitor does not have.
        """
        if scope.where == "library" or not scope.visitor:
            return None
        found = self._ready(scope.visitor, opened)
        there = {file.card.id for file in found.files} if found else set()
        if not set(scope.files) <= there:
            raise InputError(
                "A file that you asked about is not here any more.", "Choose among those that are, or add it once more."
            )
        return found

    def _ready(self, visitor: str, opened: Opened) -> FileSource | None:
        if not (key := self._key(visitor, opened)).files:
            return None
        if (found := self.ready.get(key)) is not None:
            return found
        with self.ready.making(visitor):
            key = self._key(visitor, opened)  # before the files are read: what is changed meanwhile is not held
            if (found := self.ready.get(key)) is not None:
                return found
            stored = tuple(map(self._bringer.again, map(_light, self._record.files.load(visitor))))
            if not stored:
                return None
            found = opened.source(stored, lambda file: self._looked(visitor, file))
            revisions = dict(zip(key.files, key.revisions, strict=True))
            ids = tuple(file.card.id for file in stored)
            key = replace(key, files=ids, revisions=tuple(revisions.get(file, -1) for file in ids))
            self.ready.hold(key, found, lambda: self._are_there(key))
            return found

    def _key(self, visitor: str, opened: Opened) -> ReadyKey:
        """What is to be ready: the files that can be asked, newest first, as they now are."""
        revisions = self._record.files.revisions(visitor)
        ids = tuple(card.id for card in self._record.files.cards(visitor) if card.state == "ready")
        return ReadyKey(visitor, opened.snapshot.folder, ids, tuple(revisions.get(file, -1) for file in ids))

    def _are_there(self, key: ReadyKey) -> bool:
        now = self._record.files.revisions(key.visitor)
        return all(now.get(file) == revision for file, revision in zip(key.files, key.revisions, strict=True))

    def see(self, visitor: str, file: str, face: str) -> Picture | None:
        """How a page or picture looks, for a model that sees; None where it cannot be drawn."""
        content = self._record.files.content(visitor, file)
        try:
            drawn = self._bringer.reader.look(content, "This file", (face,), LONGEST_SEEN_PX, _quiet, _never)
        except InputError:
            self._record.files.content(visitor, file)  # deleted meanwhile, which is then the reason
            return None
        return drawn[0][1] if drawn else None

    def _looked(self, visitor: str, stored: StoredFile) -> StoredFile:
        """The file with its looks by the encoder in use, made now and kept where another made them or none."""
        looker = self._bringer.looker
        if looker is None or not looker.is_due(stored):
            return stored
        content = self._record.files.content(visitor, stored.card.id)
        looks = looker.look(content, stored.card.name, stored.read, _quiet, _never)
        if looks is None:
            return stored
        self._record.files.keep_looks(visitor, stored.card.id, looks)
        return replace(stored, looks=looks)

    def _changed_for(self, visitor: str) -> None:
        """What was made ready of a visitor's files is out of date."""
        self.ready.drop(visitor)

    def _named(self, visitor: str, card: FileCard) -> FileCard:
        if not card.sights and not card.deck.file:
            return card
        names = {other.id: other.name for other in self._record.files.cards(visitor)}
        return named_deck(named(card, names), names)

    def _drop(self, visitor: str) -> None:
        self.ready.drop(visitor)
        with self._lock:
            for key in [key for key in self._drawn if key[0] == visitor]:
                del self._drawn[key]


def _quiet(words: str, done: int, of: int) -> None:
    """Nobody waits for this to be told."""


def _never() -> bool:
    return False


def _light(stored: StoredFile) -> StoredFile:
    """A file without what only pictures are compared by."""
    return replace(stored, read=replace(stored.read, features=()))

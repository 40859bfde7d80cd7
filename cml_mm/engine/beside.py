"""Captions and the recording that they belong to, among one visitor's files: joined by their names, whichever is first.

"talk.srt" and "talk.en.vtt" belong to "talk.mp4". Captions that are joined to a recording are no file of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cml_mm.engine.bringing import Bringer, no_recording
from cml_mm.engine.lectures import lectured_anew, said_anew
from cml_mm.errors import InputError, StoreCorrupt
from cml_mm.lectures.values import Lecture, Speech
from cml_mm.media.intake import clean_name
from cml_mm.record.files import FileRecord
from cml_mm.visits import Correction, FileCard, ReadFile, StoredFile

_RECORDINGS = frozenset({"film", "sound"})
_LANGUAGE = re.compile(r"[._-][a-z]{2,3}(?:-[a-z]{2,4})?\Z")


@dataclass(frozen=True)
class Beside:
    """Finds what belongs together, and joins it.

    Args:
        files: as they are kept.
        bringer: reads captions, and encodes what is joined.
    """

    files: FileRecord
    bringer: Bringer

    def captions_of(self, visitor: str, name: str) -> tuple[str, Speech] | None:
        """The captions that a visitor brought before their recording: the id of their file, and what they say.

        Args:
            name: of the recording.
        """
        stem = _stem(name)
        for card in self.files.cards(visitor):
            if card.state == "ready" and card.format == "captions" and stem in _stems(card.name):
                with suppress(InputError, StoreCorrupt):  # deleted meanwhile, or spoiled: then it is of no help here
                    lecture = self.files.stored(visitor, card.id).read.lecture
                    if lecture is not None:
                        return card.id, lecture.speech
        return None

    def recording_of(self, visitor: str, name: str) -> FileCard | None:
        """The recording of a visitor's that captions of this name belong to, the newest first."""
        stems = _stems(name)
        cards = (card for card in self.files.cards(visitor) if card.state == "ready" and card.format in _RECORDINGS)
        return next((card for card in cards if _stem(card.name) in stems), None)

    def join_file(self, visitor: str, earlier: StoredFile, captions: Path, name: str) -> FileCard:
        """Gives a recording that is kept the words of a caption file.

        Raises: InputError: it is no recording, or there are no captions in the file.
        """
        if earlier.read.document.format not in _RECORDINGS:
            raise no_recording(earlier.card.name)
        return self.join(visitor, earlier.card.id, self.bringer.reader.read_captions(captions, clean_name(name)))

    def join(self, visitor: str, file: str, speech: Speech) -> FileCard:
        """Gives a recording that is kept other words; its slides stay.

        Raises: InputError: this visitor has no such file.
        """

        def change(
            stored: StoredFile, corrections: tuple[Correction, ...]
        ) -> tuple[StoredFile, tuple[Correction, ...]]:
            return self.said(stored, speech), corrections

        return self.files.revise(visitor, file, change).card

    def said(self, stored: StoredFile, speech: Speech) -> StoredFile:
        """A recording with other words, cut and encoded anew."""
        return self.bringer.revised(stored, said_anew(stored.read, speech))

    def correct(self, visitor: str, file: str, amend: Callable[[Lecture], Lecture]) -> ReadFile:
        """Changes what was heard, who speaks, or what a chapter is called, or takes changes back.

        Args:
            amend: gives the lecture as it shall be for how it is; see `lectures.corrections`.

        Raises: InputError: this visitor has no such file, it is no recording, or `amend` refuses.
        """

        def change(
            stored: StoredFile, corrections: tuple[Correction, ...]
        ) -> tuple[StoredFile, tuple[Correction, ...]]:
            lecture = amend(lecture_in(stored))
            return self.bringer.revised(stored, lectured_anew(stored.read, lecture)), corrections

        return self.files.revise(visitor, file, change).read


def lecture_in(stored: StoredFile) -> Lecture:
    """The lecture of a file. Raises: InputError: it is no recording."""
    if stored.read.lecture is None:
        raise InputError(f"{stored.card.name} is no recording.", "Choose a film, a sound or a file of captions.")
    return stored.read.lecture


def _stem(name: str) -> str:
    return PurePosixPath(clean_name(name)).stem.casefold()


def _stems(name: str) -> frozenset[str]:
    """What a recording may be called whose captions have this name: "talk.en.srt" → "talk.en", "talk"."""
    stem = _stem(name)
    return frozenset({stem, _LANGUAGE.sub("", stem)})

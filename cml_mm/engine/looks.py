"""How visitors' pictures look, as vectors: made when a file is brought, or anew where another encoder made them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cml_mm.ports import Cancelled, FileReader, ImageEncoder, Told
from cml_mm.retrieval.picture_index import PictureIndex
from cml_mm.retrieval.picture_patterns import PatternLooks
from cml_mm.visits import FoundPicture, PictureLooks, ReadFile, StoredFile

MOST_FACES = 200  # of one document
MOST_FRAMES = 600  # of one film, as many as its slides that are read
LOOKED_PX = 448  # longest side; image encoders take 224 to 384
FACES_AT_ONCE = 32  # drawn by one process, before the encoder looks at them
_DRAWING = "Looking at the pictures"


@dataclass(frozen=True)
class Looker:
    """Has the pages and pictures of a file drawn in a process of its own, and encodes them here."""

    reader: FileReader
    encoder: ImageEncoder

    def look(self, content: Path, name: str, read: ReadFile, told: Told, cancelled: Cancelled) -> PictureLooks | None:
        """How a file looks.

        Args:
            content: the file's bytes.
            name: as its owner calls it.
            read: what was read from it.
            told: hears how many pictures are done.

        Returns: None where it was cancelled.
        Raises: MediaUnreadable, LimitExceeded, ModelError.
        """
        most = MOST_FACES if read.lecture is None else MOST_FRAMES
        wanted = [face.key for face in read.faces if face.drawable][:most]
        found: list[str] = []
        vectors = [np.zeros((0, self.encoder.dimension), np.float32)]
        for start in range(0, len(wanted), FACES_AT_ONCE):
            told(_DRAWING, start, len(wanted))
            some = wanted[start : start + FACES_AT_ONCE]
            drawn = self.reader.look(content, name, some, LOOKED_PX, _quiet, cancelled)
            if drawn is None or cancelled():
                return None
            if drawn:
                found += [face for face, _ in drawn]
                vectors.append(self.encoder.encode_pictures([picture for _, picture in drawn]))
        return PictureLooks(self.encoder.name, tuple(found), np.concatenate(vectors))

    def is_due(self, stored: StoredFile) -> bool:
        """Whether a file has to be looked at, or looked at again with the encoder in use."""
        return stored.looks is None or stored.looks.encoder != self.encoder.name


class VisitorPictures:
    """One visitor's pictures by their looks; implements `answering.file_source.Pictures`.

    Files that no encoder, or another one, has looked at are looked at when the first question comes
    that asks for looks: no other question waits for it.

    Args:
        files: of one visitor.
        encoder: of pictures and texts.
        patterns: of the library that is open.
        looked: gives a file with its looks by this encoder; what it already has is not made again.
    """

    def __init__(
        self,
        files: Sequence[StoredFile],
        encoder: ImageEncoder,
        patterns: PatternLooks,
        looked: Callable[[StoredFile], StoredFile],
    ) -> None:
        self._files = tuple(files)
        self._encoder = encoder
        self._patterns = patterns
        self._looked = looked
        self._lock = threading.Lock()
        self._made: PictureIndex | None = None

    def of_text(self, text: str, limit: int = 3, files: frozenset[str] = frozenset()) -> tuple[FoundPicture, ...]:
        return self._index().of_text(text, limit, files)

    def like(
        self, file: str, face: str, limit: int = 3, files: frozenset[str] = frozenset()
    ) -> tuple[FoundPicture, ...]:
        vector = self._index().vector(file, face)
        return () if vector is None else self._index().like(vector, limit, files, (file, face))

    def patterns(self, file: str, face: str, limit: int = 3) -> tuple[tuple[str, float], ...]:
        vector = self._index().vector(file, face)
        return () if vector is None else self._patterns.nearest(vector, limit)

    def _index(self) -> PictureIndex:
        with self._lock:
            if self._made is None:
                self._made = PictureIndex.build([self._looked(file) for file in self._files], self._encoder)
            return self._made


def _quiet(words: str, done: int, of: int) -> None:
    """The faces are counted here."""

"""One file, from bytes to something that can be asked: read in another process, cut into chunks, encoded."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from cml_mm.engine.listening import Listener
from cml_mm.engine.looks import Looker
from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.intake import clean_name, hash_file
from cml_mm.ports import Cancelled, FileReader, ImageEncoder, TextEncoder, Told, Transcriber, Vectors
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.visits import Chunk, FileCard, ReadFile, Sound, StoredFile, count_parts

ENCODED_AT_ONCE = 8  # texts between two looks at Cancel
VISITOR_CHUNKS = 12_000  # some 2,000 printed pages; each takes 30 kB of memory while it can be asked


@dataclass(frozen=True)
class Bringer:
    """Reads and encodes; keeps nothing.

    Where the profile has them, `image_encoder` looks at pages and pictures, and `transcriber` listens to
    recordings, which are refused without one.
    """

    reader: FileReader
    encoder: TextEncoder
    image_encoder: ImageEncoder | None = None
    transcriber: Transcriber | None = None

    def bring(
        self,
        content: Path,
        name: str,
        file: str,
        told: Told,
        cancelled: Cancelled,
        most_chunks: int = VISITOR_CHUNKS,
    ) -> StoredFile | None:
        """Everything that asking a file needs.

        Args:
            content: the file's bytes.
            name: as its owner calls it.
            file: the id that it gets.
            told: progress in words.
            most_chunks: how many its text may make.

        Returns: None where it was cancelled.
        Raises: UnsupportedMedia, MediaUnreadable, LimitExceeded.
        """
        name = clean_name(name)
        try:
            size, sha256 = content.stat().st_size, hash_file(content)
        except OSError as exc:
            hint = "Check that it is there and may be read."
            raise MediaUnreadable(f"{name} cannot be read ({exc.strerror}).", hint) from exc
        read = self._read(content, name, file, sha256, told, cancelled)
        if read is None:
            return None
        chunks = chunk_document(read.document, file)
        if len(chunks) > most_chunks:
            raise LimitExceeded(
                f"With {name} your files would hold more text than can be asked at a time.",
                "Delete files that you no longer need, or add the part of this one that matters.",
            )
        vectors = self._encoded(chunks, told, cancelled)
        if vectors is None:
            return None
        looks = self.looker.look(content, name, read, told, cancelled) if self.looker else None
        if self.looker and looks is None:
            return None
        card = FileCard(
            id=file,
            name=name,
            state="ready",
            size_bytes=size,
            title=read.document.title,
            format=read.document.format,
            pages=sum(face.number > 0 for face in read.faces),
            seconds=max((run.end_seconds for placing in read.placings for run in placing.times), default=0.0),
            share=1.0,
            added=time.time(),
            notices=read.notices,
            diagrams=count_parts(read.diagrams),
        )
        return StoredFile(card, sha256, read, chunks, vectors, self.encoder.name, looks)

    def _read(
        self, content: Path, name: str, file: str, sha256: str, told: Told, cancelled: Cancelled
    ) -> ReadFile | None:
        if self._listener is None:
            return self.reader.read(content, name, file, told, cancelled)
        found = self.reader.read_or_hear(content, name, file, told, cancelled)
        if isinstance(found, Sound):
            return self._listener.listen(found, name, file, sha256, told, cancelled)
        return found

    @cached_property
    def _listener(self) -> Listener | None:
        return Listener(self.transcriber) if self.transcriber else None

    @property
    def looker(self) -> Looker | None:
        """Looks at pictures; None where nothing does."""
        return Looker(self.reader, self.image_encoder) if self.image_encoder else None

    def again(self, stored: StoredFile) -> StoredFile:
        """The file with vectors of the encoder in use, where another made them."""
        if stored.encoder == self.encoder.name:
            return stored
        vectors = self._encoded(stored.chunks, lambda *_: None, lambda: False)
        return stored if vectors is None else replace(stored, vectors=vectors, encoder=self.encoder.name)

    def encoded(self, chunks: tuple[Chunk, ...]) -> Vectors:
        """Vectors by the encoder in use, shape (len(chunks), dimension)."""
        return self.encoder.encode_passages([encoded_text(chunk) for chunk in chunks])

    def _encoded(self, chunks: tuple[Chunk, ...], told: Told, cancelled: Cancelled) -> Vectors | None:
        """Returns: shape (len(chunks), dimension); None where it was cancelled."""
        texts = [encoded_text(chunk) for chunk in chunks]
        found = [np.zeros((0, self.encoder.dimension), dtype=np.float32)]
        for start in range(0, len(texts), ENCODED_AT_ONCE):
            if cancelled():
                return None
            told("Reading for meaning", start, len(texts))
            found.append(self.encoder.encode_passages(texts[start : start + ENCODED_AT_ONCE]))
        return np.concatenate(found)

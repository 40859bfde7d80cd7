"""One file, from bytes to something that can be asked: read in another process, cut into chunks, encoded."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Union

import numpy as np

from cml_mm.engine.lectures import Lecturer, Named
from cml_mm.engine.listening import Listener
from cml_mm.engine.looks import Looker
from cml_mm.engine.resuming import KeptSteps, NothingKept
from cml_mm.engine.time_left import TimeLeft
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable
from cml_mm.lectures.values import Speech
from cml_mm.media.intake import clean_name, hash_file
from cml_mm.ports import Cancelled, FileReader, ImageEncoder, TextEncoder, Told, Transcriber, Vectors
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.visits import Chunk, FileCard, ReadFile, Recorded, StoredFile, count_parts

Steps = Union[KeptSteps, NothingKept]
ENCODED_AT_ONCE = 8  # texts between two looks at Cancel
VISITOR_CHUNKS = 12_000  # some 2,000 printed pages; each takes 30 kB of memory while it can be asked


@dataclass(frozen=True)
class Bringer:
    """Reads and encodes; keeps nothing.

    Where the profile has them, `image_encoder` looks at pages and pictures, and `transcriber` listens to
    recordings; without one these are read for their slides and captions alone.
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
        captions: Path | None = None,
        captions_name: str = "",
        said: Speech | None = None,
        kept: Steps | None = None,
    ) -> StoredFile | None:
        """Everything that asking a file needs.

        Args:
            content: the file's bytes.
            name: as its owner calls it.
            file: the id that it gets.
            told: progress in words.
            most_chunks: how many its text may make.
            captions: of a recording, in a file beside it.
            captions_name: what its owner calls that.
            said: the same, where it has been read before.
            kept: steps of a reading of the same bytes that was cut.

        Returns: None where it was cancelled.
        Raises: UnsupportedMedia, MediaUnreadable, LimitExceeded.
        """
        name, told = clean_name(name), TimeLeft(told)
        size, sha256 = measured(content, name)
        of = Named(name, file, sha256)
        read = self.read(content, of, told, cancelled, captions, captions_name, said, kept or NothingKept())
        if read is None:
            return None
        card = FileCard(file, name, "ready", size, share=1.0, added=time.time())
        made = self.stored(read, card, sha256, told, cancelled, most_chunks)
        if made is None or self.looker is None:
            return made
        looks = self.looker.look(content, name, read, told, cancelled)
        return None if looks is None else replace(made, looks=looks)

    def stored(
        self,
        read: ReadFile,
        card: FileCard,
        sha256: str,
        told: Told,
        cancelled: Cancelled,
        most_chunks: int = VISITOR_CHUNKS,
    ) -> StoredFile | None:
        """What was read of a file, cut and encoded; without looks.

        Args:
            card: with all of it that no reading tells.

        Returns: None where it was cancelled.
        Raises: LimitExceeded: its text makes more than `most_chunks`.
        """
        chunks = chunk_document(read.document, card.id)
        if len(chunks) > most_chunks:
            raise LimitExceeded(
                f"With {card.name} your files would hold more text than can be asked at a time.",
                "Delete files that you no longer need, or add the part of this one that matters.",
            )
        vectors = self._encoded(chunks, told, cancelled)
        if vectors is None:
            return None
        return StoredFile(_told_of(card, read), sha256, read, chunks, vectors, self.encoder.name)

    def revised(self, stored: StoredFile, read: ReadFile) -> StoredFile:
        """The file with another reading; what is still worded as before is not encoded again."""
        stored = self.again(stored)
        chunks = chunk_document(read.document, stored.card.id)
        if len(chunks) > max(VISITOR_CHUNKS, len(stored.chunks)):
            raise LimitExceeded("With these changes the file would hold more text than can be asked.", "Shorten them.")
        known = {encoded_text(chunk): row for row, chunk in enumerate(stored.chunks)}
        rows = [known.get(encoded_text(chunk), -1) for chunk in chunks]
        vectors = np.zeros((len(chunks), self.encoder.dimension), np.float32)
        fresh = [place for place, row in enumerate(rows) if row < 0]
        old = [place for place, row in enumerate(rows) if row >= 0]
        if old:
            vectors[old] = stored.vectors[[rows[place] for place in old]]
        if fresh:
            vectors[fresh] = self.encoded(tuple(chunks[place] for place in fresh))
        return replace(stored, card=_told_of(stored.card, read), read=read, chunks=chunks, vectors=vectors)

    def read(
        self,
        content: Path,
        of: Named,
        told: Told,
        cancelled: Cancelled,
        captions: Path | None = None,
        captions_name: str = "",
        said: Speech | None = None,
        kept: Steps | None = None,
    ) -> ReadFile | None:
        """What is in a file; see `bring` for what is given."""
        kept = kept or NothingKept()
        if captions is not None:
            said = self.reader.read_captions(captions, clean_name(captions_name))
        read = self._recording(content, of, said, told, cancelled, kept)
        if read is not None and captions is not None and (read.lecture is None or read.document.format == "captions"):
            raise no_recording(of.name)
        return read

    def _recording(
        self, content: Path, of: Named, said: Speech | None, told: Told, cancelled: Cancelled, kept: Steps
    ) -> ReadFile | None:
        """What is in a file; of a recording joined, with the steps of a reading that was cut."""
        hears = self.lecturer.listener is not None and said is None
        before = kept.recorded()
        if before is not None and (not hears or before.tracks or not before.sound):
            return self.lecturer.read(before, of, said, told, cancelled, kept)
        found = self.reader.read_or_hear(content, of.name, of.file, told, cancelled, looks=before is None, hears=hears)
        if not isinstance(found, Recorded):
            return found
        if before is not None:
            found = replace(before, samples=found.samples)
        elif found.format != "captions":
            kept.keep_recorded(found)
        return self.lecturer.read(found, of, said, told, cancelled, kept)

    @cached_property
    def lecturer(self) -> Lecturer:
        """Joins what recordings show with what is said in them."""
        return Lecturer(Listener(self.transcriber) if self.transcriber else None)

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


def _told_of(card: FileCard, read: ReadFile) -> FileCard:
    """A card with what lists show of a reading."""
    return replace(
        card,
        title=read.document.title,
        format=read.document.format,
        pages=sum(face.number > 0 for face in read.faces),
        seconds=read.lecture.seconds if read.lecture else 0.0,
        notices=read.notices,
        diagrams=count_parts(read.diagrams),
    )


def measured(content: Path, name: str) -> tuple[int, str]:
    """The size of a file in bytes, and its sha256.

    Raises: MediaUnreadable: it cannot be read.
    """
    try:
        return content.stat().st_size, hash_file(content)
    except OSError as exc:
        hint = "Check that it is there and may be read."
        raise MediaUnreadable(f"{name} cannot be read ({exc.strerror}).", hint) from exc


def no_recording(name: str) -> InputError:
    """The words for captions that came with something which is no recording."""
    return InputError(
        f"{name} is no recording, so it can have no captions.", "Add the captions as a file of their own."
    )

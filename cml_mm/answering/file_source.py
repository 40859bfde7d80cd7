"""A visitor's files as answers see them: which there are, what is found in them, which patterns they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from cml_mm.ports import Vectors
from cml_mm.retrieval.file_view import FileView
from cml_mm.visits import Chunk, DiagramLink, FoundChunk, FoundPicture, PatternLink, StoredFile


class Pictures(Protocol):
    """The looks of one visitor's pages and pictures. Each call raises ModelError where the encoder cannot work."""

    def of_text(self, text: str, limit: int = 3, files: frozenset[str] = frozenset()) -> tuple[FoundPicture, ...]:
        """Those that look most like what a text describes, best first; `files` are ids, empty for all."""

    def like(
        self, file: str, face: str, limit: int = 3, files: frozenset[str] = frozenset()
    ) -> tuple[FoundPicture, ...]:
        """Those that look most like one of them, without itself."""

    def patterns(self, file: str, face: str, limit: int = 3) -> tuple[tuple[str, float], ...]:
        """Slug and cosine of the library's patterns that come nearest to one of them."""


class FileSource(Protocol):
    """What answering needs of one visitor's searchable files."""

    @property
    def files(self) -> tuple[StoredFile, ...]: ...

    @property
    def pictures(self) -> Pictures | None:
        """How their pictures look; None where the profile has no image encoder."""

    def search(self, question: str, limit: int = 12, files: frozenset[str] = frozenset()) -> tuple[FoundChunk, ...]:
        """Best first; `files` are ids, empty for all."""

    def patterns_of(self, chunk: str) -> tuple[PatternLink, ...]: ...

    def links_to(self, slug: str) -> tuple[PatternLink, ...]: ...

    def diagram_links(self, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        """Which patterns the boxes and lanes of a file's diagram stand for, in their order, the surest first.

        Args:
            file: id.
            diagram: its place among `ReadFile.diagrams`, from 0; none of one that is not there.
        """

    def answers(self, found: Sequence[FoundChunk]) -> bool:
        """Whether what was found says something about what was asked."""

    def nearest_patterns(
        self, vector: Vectors, limit: int, slugs: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, float], ...]:
        """Slug and cosine of the library's patterns nearest in meaning; of these slugs only, where some are given."""

    def says(self, question: str, sentences: Sequence[tuple[str, float]]) -> bool:
        """Whether one of these sentences, each with its cosine to the question, does so by itself."""


class Search(Protocol):
    """A search among some files' chunks; `files` are ids, empty for all."""

    def __call__(
        self, question: str, limit: int = 12, files: frozenset[str] = frozenset()
    ) -> tuple[FoundChunk, ...]: ...


@dataclass(frozen=True)
class ViewSource:
    """A `FileView` as answers read it; `found` searches in the place of its index, with the graph's help."""

    view: FileView
    found: Search | None = None
    pictures: Pictures | None = None

    @property
    def files(self) -> tuple[StoredFile, ...]:
        return tuple(self.view.index.files)

    def search(self, question: str, limit: int = 12, files: frozenset[str] = frozenset()) -> tuple[FoundChunk, ...]:
        return (self.found or self.view.index.search)(question, limit, files)

    def patterns_of(self, chunk: str) -> tuple[PatternLink, ...]:
        return self.view.patterns_of(chunk)

    def links_to(self, slug: str) -> tuple[PatternLink, ...]:
        return self.view.links_to(slug)

    def diagram_links(self, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        return self.view.diagram_links(file, diagram)

    def answers(self, found: Sequence[FoundChunk]) -> bool:
        return self.view.index.answers(found)

    def says(self, question: str, sentences: Sequence[tuple[str, float]]) -> bool:
        return self.view.index.says(question, sentences)

    def nearest_patterns(
        self, vector: Vectors, limit: int, slugs: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, float], ...]:
        return self.view.nearest_patterns(vector, limit, slugs)


@dataclass(frozen=True)
class Shelf:
    """The files that one question may read, newest first."""

    source: FileSource
    files: tuple[StoredFile, ...]

    @classmethod
    def of(cls, source: FileSource, chosen: Sequence[str] = ()) -> Shelf:
        """Args: chosen: ids, empty for all; one that is not there is passed over."""
        kept = (file for file in source.files if not chosen or file.card.id in chosen)
        return cls(source, tuple(sorted(kept, key=lambda file: -file.card.added)))

    @classmethod
    def empty(cls) -> Shelf:
        """No files at all."""
        return cls(_NoFiles(), ())

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(file.card.id for file in self.files)

    @cached_property
    def by_id(self) -> dict[str, StoredFile]:
        return {file.card.id: file for file in self.files}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Id to the name that answers call it by; files with the same title are told apart by their names."""
        said = [file.read.document.title.strip() or file.card.name for file in self.files]
        return {
            file.card.id: title if said.count(title) == 1 else f"{title} ({file.card.name})"
            for file, title in zip(self.files, said, strict=True)
        }

    @cached_property
    def chunks(self) -> dict[str, Chunk]:
        return {chunk.id: chunk for file in self.files for chunk in file.chunks}

    def only(self, chosen: Sequence[str]) -> Shelf:
        """The same with some of its files; with all of them where none is chosen."""
        return Shelf(self.source, tuple(file for file in self.files if not chosen or file.card.id in chosen))

    def search(self, question: str, limit: int = 12) -> tuple[FoundChunk, ...]:
        """The chunks of these files that are nearest to a question, best first."""
        if not self.files:
            return ()
        every = {file.card.id for file in self.source.files} == self.ids
        return self.source.search(question, limit, frozenset() if every else self.ids)

    def links(self, chunks: Sequence[Chunk] = ()) -> tuple[PatternLink, ...]:
        """Which patterns these chunks, or all of these files, speak about."""
        wanted = chunks or tuple(self.chunks.values())
        return tuple(link for chunk in wanted for link in self.source.patterns_of(chunk.id))

    def about(self, slug: str) -> tuple[PatternLink, ...]:
        """The links of these files to one pattern, best first."""
        found = (link for link in self.source.links_to(slug) if link.chunk in self.chunks)
        return tuple(sorted(found, key=lambda link: -link.score))


@dataclass(frozen=True)
class _NoFiles:
    """A visitor who has brought nothing."""

    files: tuple[StoredFile, ...] = ()
    pictures: Pictures | None = None

    def search(self, question: str, limit: int = 12, files: frozenset[str] = frozenset()) -> tuple[FoundChunk, ...]:
        return ()

    def patterns_of(self, chunk: str) -> tuple[PatternLink, ...]:
        return ()

    def links_to(self, slug: str) -> tuple[PatternLink, ...]:
        return ()

    def diagram_links(self, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        return ()

    def answers(self, found: Sequence[FoundChunk]) -> bool:
        return False

    def nearest_patterns(
        self, vector: Vectors, limit: int, slugs: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, float], ...]:
        return ()

    def says(self, question: str, sentences: Sequence[tuple[str, float]]) -> bool:
        return False

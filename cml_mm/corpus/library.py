"""One or more library folders → Library, whole or file by file as it is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cml_mm.corpus.folders import Folder, find_folder, read_bytes
from cml_mm.corpus.reading import read_file
from cml_mm.corpus.records import FileKind, Record, RecordCache
from cml_mm.corpus.settling import Settled, settle
from cml_mm.errors import LibraryUnreadable, UnsupportedMedia
from cml_mm.ports import DocumentReader
from cml_mm.types import AnyPage, Document, Library, Lighthouse, Pattern, Problem, Section

Progress = Callable[[int, int], None]


def no_documents(data: bytes, path: str, slug: str) -> Document:
    """Stands where no reader of documents is given.

    Raises:
        UnsupportedMedia: always.
    """
    raise UnsupportedMedia("Only patterns and lighthouses are read here.", "Read it with `cml index`.")


class Shelf:
    """Libraries as they stand on disk now: everything but the text, which is read page by page.

    Args:
        paths: library folders (`_patterns/`, `_lighthouses/`, `documents/`, `relationships_approved.json`,
            `archetypes.json`, each optional), folders of loose files, or single files.
        progress: is told after each file how many of how many are read.
        cache: records of earlier readings; a file whose bytes it knows costs a hash.
        read_document: for files that are neither pattern nor lighthouse.

    Raises:
        LibraryUnreadable: a path cannot be read or is no library, or no page was found.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        cache: RecordCache | None = None,
        read_document: DocumentReader = no_documents,
    ) -> None:
        if not paths:
            raise LibraryUnreadable("No library was given.", "Name at least one library folder.")
        self._read_document = read_document
        self._fresh: dict[tuple[Path, str], tuple[Section, ...]] = {}
        folders = [find_folder(Path(path)) for path in paths]
        self._settled = self._read(folders, progress, cache or RecordCache(None))
        if not (self.library.patterns or self.library.documents):
            raise _nothing(paths, self.library.problems)

    @property
    def library(self) -> Library:
        """The library; its pages have no sections."""
        return self._settled.library

    def read(self, pages: Iterable[AnyPage]) -> Iterator[AnyPage]:
        """Pages of this library with their sections.

        Raises:
            LibraryUnreadable: a file has changed since the library was looked at.
        """
        for page in pages:
            folder, record = self._settled.origin[page.slug]
            sections = self._fresh.get((folder.root, record.path))
            if sections is None:
                sections = self._sections(folder, record)
            yield replace(page, sections=sections)

    def whole(self) -> Library:
        """The library with all its text."""
        library = self.library
        return replace(
            library,
            patterns=tuple(page for page in self.read(library.patterns) if isinstance(page, Pattern)),
            lighthouses=tuple(page for page in self.read(library.lighthouses) if isinstance(page, Lighthouse)),
            documents=tuple(page for page in self.read(library.documents) if isinstance(page, Document)),
        )

    def _read(self, folders: Sequence[Folder], progress: Progress | None, cache: RecordCache) -> Settled:
        files = [(folder, path, kind) for folder in folders for path, kind in folder.files()]
        read: list[tuple[Folder, Record]] = []
        for done, (folder, path, kind) in enumerate(files, start=1):
            read.append((folder, self._record(folder, path, kind, cache)))
            if progress is not None:
                progress(done, len(files))
        cache.save()
        return settle(folders, read)

    def _record(self, folder: Folder, path: Path, kind: FileKind, cache: RecordCache) -> Record:
        name = folder.name(path)
        if folder.root / name != path:
            return Record(name, "", None, problem="The file's name is not UTF-8; rename the file.")
        try:
            data = read_bytes(path)
        except OSError as exc:
            return Record(name, "", None, problem=f"The file cannot be read: {exc.strerror or 'unknown reason'}.")
        except ValueError as exc:
            return Record(name, "", None, problem=str(exc))
        known = cache.find(kind, name, hashlib.sha256(data).hexdigest())
        if known is not None:
            return known
        record, sections = read_file(data, name, kind, self._read_document)
        cache.keep(kind, record)
        self._fresh[folder.root, name] = sections
        return record

    def _sections(self, folder: Folder, record: Record) -> tuple[Section, ...]:
        path = folder.root / record.path
        try:
            again, sections = read_file(read_bytes(path), record.path, _kind(record), self._read_document)
        except (OSError, ValueError):
            again, sections = Record(record.path, "", None), ()
        if again.sha256 != record.sha256:
            raise LibraryUnreadable(
                f"{record.path} was changed while the library was being read.", "Run the same command again."
            )
        return sections


def load_library(
    paths: Sequence[Path], progress: Progress | None = None, read_document: DocumentReader = no_documents
) -> Library:
    """Read library folders into one library, with all their text.

    Args:
        paths, progress, read_document: see `Shelf`. Where two libraries hold the same slug, the first wins.

    Returns:
        The library, everything in it in an order that depends on the files alone. Files that
        cannot be read, and what had to be mended, are its problems.

    Raises:
        LibraryUnreadable: a path cannot be read or is no library, or no page was found.
    """
    return Shelf(paths, progress, read_document=read_document).whole()


def _kind(record: Record) -> FileKind:
    if isinstance(record.page, Pattern):
        return "pattern"
    return "lighthouse" if isinstance(record.page, Lighthouse) else "document"


def _nothing(paths: Sequence[Path], problems: Sequence[Problem]) -> LibraryUnreadable:
    names = ", ".join(map(str, paths))
    why = f" The first of {len(problems)} problems: {problems[0].path}: {problems[0].message}" if problems else ""
    return LibraryUnreadable(f"No pattern could be read in {names}.{why}", "Mend the files, or name another folder.")

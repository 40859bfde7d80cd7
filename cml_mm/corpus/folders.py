"""What a library path holds: which files to read, and reading them without being hurt."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cml_mm.corpus.records import FileKind
from cml_mm.errors import LibraryUnreadable
from cml_mm.ports import DOCUMENT_ENDINGS

_LARGEST = 20 * 2**20  # bytes; the largest real page has 337 kB
_NO_PATTERNS = frozenset(
    {"readme", "index", "license", "licence", "changelog", "contributing", "code_of_conduct", "security"}
)
_HINT = (
    "Give a folder with `_patterns/` or `patterns/`, a folder of files (.md, .txt, .html, .pdf, .docx, .pptx),"
    " or one such file."
)


@dataclass(frozen=True)
class Folder:
    """One library: its root and its files, in order of their names."""

    root: Path
    patterns: tuple[Path, ...] = ()
    lighthouses: tuple[Path, ...] = ()
    documents: tuple[Path, ...] = ()
    mixed: tuple[Path, ...] = ()  # loose files, told apart by what stands in them
    approved: Path | None = None
    archetypes: Path | None = None

    def name(self, path: Path) -> str:
        """A file's path relative to the library, with forward slashes; "?" for bytes that are no UTF-8."""
        return path.relative_to(self.root).as_posix().encode("utf-8", "replace").decode("utf-8")

    def files(self) -> Iterator[tuple[Path, FileKind]]:
        """Every page with what its place says it is."""
        for path in self.patterns:
            yield path, "pattern"
        for path in self.lighthouses:
            yield path, "lighthouse"
        for path in self.documents:
            yield path, "document"
        for path in self.mixed:
            yield path, "either"


def find_folder(path: Path) -> Folder:
    """See what a library path holds, without reading the files.

    Args:
        path: a library folder, a folder of markdown files, or one markdown file.

    Returns:
        Its files.

    Raises:
        LibraryUnreadable: nothing is there, it may not be read, or nothing in it is of a library.
    """
    try:
        if path.is_file():
            return _single(path)
        if not path.exists():
            raise LibraryUnreadable(f"There is no library at {path}.", _HINT)
        if not path.is_dir():
            raise LibraryUnreadable(f"{path} is neither a folder nor a file.", _HINT)
        return _whole(path)
    except OSError as exc:
        reason = exc.strerror or "unknown reason"
        hint = "Check that you may read the folder, then try again."
        raise LibraryUnreadable(f"The library {path} cannot be read: {reason}.", hint) from exc


def read_bytes(path: Path) -> bytes:
    """A page's bytes.

    Args:
        path: the file.

    Returns:
        Its bytes.

    Raises:
        OSError: the file is missing or may not be read.
        ValueError: it is no file, empty or larger than any page.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        raise ValueError("This is no file.")
    if status.st_size > _LARGEST:
        raise ValueError(f"The file is larger than {_LARGEST // 2**20} MB.")
    data = path.read_bytes()
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ValueError("The file is empty.")
    return data


def read_json(path: Path) -> object:
    """The contents of a JSON file.

    Args:
        path: the file.

    Returns:
        What it holds.

    Raises:
        OSError: the file is missing or may not be read.
        ValueError: it is no JSON in UTF-8, or nested without end.
    """
    text = read_bytes(path).decode("utf-8-sig")
    try:
        value: object = json.loads(text)
        if "\\ud" in text.lower():  # perhaps half an emoji, cut off somewhere: no file can hold it
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError as exc:
        raise ValueError("The file is nested too deeply.") from exc
    return value


def _single(path: Path) -> Folder:
    if path.suffix.lower() not in DOCUMENT_ENDINGS:
        raise LibraryUnreadable(f"{path} is of a kind that cannot be read.", _HINT)
    return Folder(path.parent, mixed=(path,))


def _whole(path: Path) -> Folder:
    def first(*names: str) -> Path | None:
        return next((path / name for name in names if (path / name).exists()), None)

    patterns, lighthouses = first("_patterns", "patterns"), first("_lighthouses", "lighthouses")
    approved, archetypes = first("relationships_approved.json"), first("archetypes.json")
    documents = first("_documents", "documents")
    if patterns is None and lighthouses is None:
        mixed = tuple(page for page in _loose(path) if page.stem.lower() not in _NO_PATTERNS)
        if not (mixed or approved or archetypes):
            state = "holds no file that can be read" if any(path.iterdir()) else "is empty"
            raise LibraryUnreadable(f"The folder {path} {state}.", _HINT)
        return Folder(path, mixed=mixed, approved=approved, archetypes=archetypes)
    return Folder(
        path,
        patterns=_pages(patterns.iterdir()) if patterns else (),
        lighthouses=_pages(lighthouses.iterdir()) if lighthouses else (),
        documents=_loose(documents) if documents else (),
        approved=approved,
        archetypes=archetypes,
    )


def _loose(folder: Path) -> tuple[Path, ...]:
    """Every file of a kind that can be read, in all sub-folders but hidden ones."""
    found: list[Path] = []
    for place, inner, names in os.walk(folder, onerror=_raise):
        inner[:] = [name for name in inner if not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    files = (path for path in found if path.suffix.lower() in DOCUMENT_ENDINGS)
    return tuple(sorted(files, key=lambda path: path.relative_to(folder).parts))


def _raise(error: OSError) -> None:
    raise error


def _pages(entries: Iterable[Path]) -> tuple[Path, ...]:
    """Everything named like a page, broken links and folders too: they are reported, not overlooked."""
    pages = (entry for entry in entries if entry.suffix.lower() == ".md" and not entry.name.startswith("."))
    return tuple(sorted(pages, key=lambda page: page.name))

"""One or more library folders → Library. Patterns first, then relations over all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cml_mm.corpus.approved import read_approved
from cml_mm.corpus.archetypes import Archetype, apply_archetypes, read_archetypes
from cml_mm.corpus.folders import Folder, find_folder, read_bytes, read_json
from cml_mm.corpus.lighthouse import LighthousePage, is_lighthouse, read_lighthouse, rename
from cml_mm.corpus.links import Declared
from cml_mm.corpus.names import NameBook
from cml_mm.corpus.pattern import PatternPage, read_pattern
from cml_mm.corpus.relations import merge, resolve, sort_dangling
from cml_mm.errors import LibraryUnreadable
from cml_mm.types import Library, Pattern, Problem

Progress = Callable[[int, int], None]


def load_library(paths: Sequence[Path], progress: Progress | None = None) -> Library:
    """Read library folders into one library.

    Args:
        paths: library folders (`_patterns/`, `_lighthouses/`, `relationships_approved.json`,
            `archetypes.json`, each optional), folders of markdown files, or single files. Where
            two hold the same slug, the first wins.
        progress: is told after each file how many of how many are read.

    Returns:
        The library, everything in it in an order that depends on the files alone. Files that
        cannot be read, and what had to be mended, are its problems.

    Raises:
        LibraryUnreadable: a path cannot be read or is no library, or no pattern was found.
    """
    if not paths:
        raise LibraryUnreadable("No library was given.", "Name at least one library folder.")
    folders = [find_folder(Path(path)) for path in paths]
    reader = _Reader(progress, sum(map(_count, folders)))
    for folder in folders:
        reader.read_pages(folder)
    if not reader.patterns:
        raise _nothing(folders, reader.problems)
    reader.settle_lighthouses()
    return _assemble(folders, reader)


@dataclass
class _Reader:
    """Reads page after page; the only thing here that changes."""

    progress: Progress | None
    total: int
    done: int = 0
    patterns: dict[str, PatternPage] = field(default_factory=dict)
    lighthouses: dict[str, LighthousePage] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _waiting: list[tuple[Folder, LighthousePage]] = field(default_factory=list)

    def read_pages(self, folder: Folder) -> None:
        for path in folder.patterns:
            self._page(folder, path, "pattern")
        for path in folder.lighthouses:
            self._page(folder, path, "lighthouse")
        for path in folder.mixed:
            self._page(folder, path, "either")

    def settle_lighthouses(self) -> None:
        """Lighthouses share their slugs with the patterns of all folders, so they wait for them."""
        for folder, page in self._waiting:
            slug = page.lighthouse.slug
            if slug in self.patterns:
                slug = f"lighthouse-{slug}"
                page = rename(page, slug)
            path = page.lighthouse.source.path
            if slug in self.lighthouses or slug in self.patterns:
                self._report(path, _twice(slug, folder), skipped=True)
            else:
                self.lighthouses[slug] = page
        self._waiting.clear()

    def _page(self, folder: Folder, path: Path, kind: str) -> None:
        name = folder.name(path)
        try:
            data = read_bytes(path)
            if kind == "lighthouse" or (kind == "either" and is_lighthouse(data, name)):
                lighthouse = read_lighthouse(data, name)
                self._waiting.append((folder, lighthouse))
                repairs = lighthouse.repairs
            else:
                repairs = self._pattern(folder, read_pattern(data, name))
        except UnicodeDecodeError:
            self._report(name, "The file is not UTF-8 text.", skipped=True)
        except OSError as exc:
            self._report(name, f"The file cannot be read: {exc.strerror or 'unknown reason'}.", skipped=True)
        except ValueError as exc:
            self._report(name, str(exc), skipped=True)
        else:
            for repair in repairs:
                self._report(name, repair, skipped=False)
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)

    def _pattern(self, folder: Folder, page: PatternPage) -> tuple[str, ...]:
        slug = page.pattern.slug
        if slug in self.patterns:
            self._report(page.pattern.source.path, _twice(slug, folder), skipped=True)
            return ()
        self.patterns[slug] = page
        return page.repairs

    def _report(self, path: str, message: str, skipped: bool) -> None:
        self.problems.append(Problem(path, message, skipped))


def _count(folder: Folder) -> int:
    return len(folder.patterns) + len(folder.lighthouses) + len(folder.mixed)


def _twice(slug: str, folder: Folder) -> str:
    return f"The slug {slug} is taken already; the file of this name in {folder.root} was left out."


def _assemble(folders: Sequence[Folder], reader: _Reader) -> Library:
    pages = [reader.patterns[slug] for slug in sorted(reader.patterns)]
    lighthouses = [reader.lighthouses[slug] for slug in sorted(reader.lighthouses)]
    problems = list(reader.problems)
    book = NameBook(page.pattern for page in pages)
    patterns = _with_archetypes([page.pattern for page in pages], folders, book, problems)
    declared: list[Declared] = [link for page in pages for link in page.links]
    declared += [link for page in lighthouses for link in page.links]
    declared += _approved(folders, book, {pattern.slug: pattern for pattern in patterns}, problems)
    titles = {pattern.slug: pattern.title for pattern in patterns}
    titles |= {page.lighthouse.slug: page.lighthouse.title for page in lighthouses}
    relations, dangling = resolve(declared, book, titles)
    return Library(
        patterns=tuple(patterns),
        lighthouses=tuple(page.lighthouse for page in lighthouses),
        relations=merge(relations),
        dangling=sort_dangling(dangling),
        problems=tuple(problems),
    )


def _with_archetypes(
    patterns: list[Pattern], folders: Sequence[Folder], book: NameBook, problems: list[Problem]
) -> list[Pattern]:
    entries: list[Archetype] = []
    for folder in folders:
        data = _json(folder, folder.archetypes, problems)
        if folder.archetypes is not None and data is not None:
            read, found = read_archetypes(data, folder.name(folder.archetypes))
            entries += read
            problems += found
    patterns, strange = apply_archetypes(patterns, entries, book)
    if strange:
        problems.append(Problem("archetypes.json", f"{strange} entries name no pattern of the library.", False))
    return patterns


def _approved(
    folders: Sequence[Folder], book: NameBook, patterns: dict[str, Pattern], problems: list[Problem]
) -> list[Declared]:
    declared: list[Declared] = []
    for folder in folders:
        data = _json(folder, folder.approved, problems)
        if folder.approved is not None and data is not None:
            read, found = read_approved(data, folder.name(folder.approved), book, patterns)
            declared += read
            problems += found
    return declared


def _json(folder: Folder, path: Path | None, problems: list[Problem]) -> object:
    """A JSON file's contents, or None with a problem: a broken one costs its own contents only."""
    if path is None:
        return None
    try:
        return read_json(path)
    except (OSError, ValueError) as exc:
        problems.append(Problem(folder.name(path), f"The file cannot be read: {exc}", True))
        return None


def _nothing(folders: Sequence[Folder], problems: Sequence[Problem]) -> LibraryUnreadable:
    names = ", ".join(str(folder.root) for folder in folders)
    why = f" The first of {len(problems)} problems: {problems[0].path}: {problems[0].message}" if problems else ""
    return LibraryUnreadable(f"No pattern could be read in {names}.{why}", "Mend the files, or name another folder.")

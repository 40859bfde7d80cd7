"""From the records of all files to one library: slugs, relations, personas, in a fixed order.

Nothing here reads a page: what a library is follows from its records and its two tables
(approved relations, archetypes), so that one changed file costs one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from cml_mm.corpus.adoption import NamedAdoption, settle_adopters
from cml_mm.corpus.approved import read_approved
from cml_mm.corpus.archetypes import Archetype, apply_archetypes, read_archetypes
from cml_mm.corpus.folders import Folder, read_json
from cml_mm.corpus.links import Declared
from cml_mm.corpus.names import NameBook, name_key, slug_of
from cml_mm.corpus.records import Record
from cml_mm.corpus.relations import merge, resolve, sort_dangling
from cml_mm.types import Adoption, AnyPage, Document, Library, Lighthouse, Pattern, Problem


@dataclass
class Settled:
    """The library without its text, and which record each of its pages came from."""

    library: Library = field(default_factory=lambda: Library(()))
    origin: dict[str, tuple[Folder, Record]] = field(default_factory=dict)


def settle(folders: Sequence[Folder], read: Sequence[tuple[Folder, Record]]) -> Settled:
    """Make one library of many files.

    Args:
        folders: the libraries, in the order of their precedence.
        read: every file's record with its library, in the order of libraries and file names.
            Where two hold the same slug, the first pattern wins; a lighthouse or document
            gives way to it under a longer slug.
    """
    settled = Settled()
    problems: list[Problem] = []
    pages: dict[str, AnyPage] = {}
    declared: list[Declared] = []
    adoptions: list[NamedAdoption] = []
    for kind in (Pattern, Lighthouse, Document):  # patterns choose their slugs first
        for folder, record in read:
            if not isinstance(record.page, kind):
                continue
            page = _with_free_slug(record.page, pages)
            if page is None:
                problems.append(Problem(record.path, _twice(record.page.slug, folder), True))
                continue
            pages[page.slug] = page
            settled.origin[page.slug] = (folder, record)
            adoptions += record.adoptions
            problems += [Problem(record.path, repair, False) for repair in record.repairs]
            declared += [
                link if link.subject == page.slug else replace(link, subject=page.slug) for link in record.links
            ]
    problems += [Problem(record.path, record.problem, True) for _, record in read if record.problem]
    library = _joined(pages, declared, folders, problems)
    settled.library = replace(library, adoptions=_adoptions(library, adoptions))
    return settled


def _adoptions(library: Library, found: Sequence[NamedAdoption]) -> tuple[Adoption, ...]:
    """Adopters joined over all pages; a name that is a pattern's is no adopter."""
    titles = {page.slug: page.title for page in library.lighthouses}
    names = {name_key(name) for pattern in library.patterns for name in (pattern.title, *pattern.aliases)}
    return settle_adopters(found, titles, names)


def _with_free_slug(page: AnyPage, taken: Mapping[str, AnyPage]) -> AnyPage | None:
    """The page under a slug of its own, or None where even the longest is taken."""
    slug = next((slug for slug in _possible_slugs(page) if slug not in taken), None)
    if slug is None or slug == page.slug:
        return page if slug else None
    return replace(page, slug=slug, source=replace(page.source, slug=slug))


def _possible_slugs(page: AnyPage) -> Iterator[str]:
    """The slug that a page would have, then longer ones. A pattern has its own or none: relations name it."""
    yield page.slug
    if isinstance(page, Lighthouse):
        yield f"lighthouse-{page.slug}"
    elif isinstance(page, Document):  # every year's folder may hold an "agenda"
        place = PurePosixPath(page.source.path)
        ending = place.suffix.lstrip(".").lower() or "document"
        for slug in (page.slug, slug_of(str(place.with_suffix("")))):
            yield slug
            yield f"{slug}-{ending}"


def _twice(slug: str, folder: Folder) -> str:
    return f"The slug {slug} is taken already; the file of this name in {folder.root.name} was left out."


def _joined(
    pages: Mapping[str, AnyPage],
    declared: list[Declared],
    folders: Sequence[Folder],
    problems: list[Problem],
) -> Library:
    patterns = [page for _, page in sorted(pages.items()) if isinstance(page, Pattern)]
    book = NameBook(patterns)
    patterns = _with_archetypes(patterns, folders, book, problems)
    declared = declared + _approved(folders, book, {pattern.slug: pattern for pattern in patterns}, problems)
    titles = {slug: page.title for slug, page in pages.items()}
    relations, dangling = resolve(declared, book, titles)
    return Library(
        patterns=tuple(patterns),
        lighthouses=tuple(page for _, page in sorted(pages.items()) if isinstance(page, Lighthouse)),
        relations=merge(relations),
        dangling=sort_dangling(dangling),
        problems=tuple(sorted(problems, key=lambda problem: (problem.path, problem.message))),
        documents=tuple(page for _, page in sorted(pages.items()) if isinstance(page, Document)),
    )


def _with_archetypes(
    patterns: list[Pattern], folders: Sequence[Folder], book: NameBook, problems: list[Problem]
) -> list[Pattern]:
    entries: list[Archetype] = []
    for name, data in _tables(((folder, folder.archetypes) for folder in folders), problems):
        read, found = read_archetypes(data, name)
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
    for name, data in _tables(((folder, folder.approved) for folder in folders), problems):
        read, found = read_approved(data, name, book, patterns)
        declared += read
        problems += found
    return declared


def _tables(places: Iterable[tuple[Folder, Path | None]], problems: list[Problem]) -> Iterator[tuple[str, object]]:
    """Names and contents of those JSON files that are there: a broken one costs its own contents only."""
    for folder, path in places:
        data = None if path is None else _json(path, folder.name(path), problems)
        if path is not None and data is not None:
            yield folder.name(path), data


def _json(path: Path, name: str, problems: list[Problem]) -> object:
    """A JSON file's contents, or None with a problem."""
    try:
        return read_json(path)
    except (OSError, ValueError) as exc:
        problems.append(Problem(name, f"The file cannot be read: {exc}", True))
        return None

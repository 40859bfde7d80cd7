"""`lint`: reads libraries as written and says what in them should be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cml_mm.corpus.folders import Folder, find_folder
from cml_mm.corpus.library import load_library
from cml_mm.corpus.lint.body_checks import BODY_CHECKS, link_check
from cml_mm.corpus.lint.field_checks import FIELD_CHECKS
from cml_mm.corpus.lint.file_checks import FILE_CHECKS
from cml_mm.corpus.lint.formats import conversions, format_table
from cml_mm.corpus.lint.graph_checks import GRAPH_CHECKS
from cml_mm.corpus.lint.kinds import KINDS, found, some
from cml_mm.corpus.lint.pages import LintPage, View, read_pages
from cml_mm.corpus.lint.relation_checks import relation_checks, wanted
from cml_mm.corpus.lint.report import SEVERITIES, Finding, LintReport
from cml_mm.corpus.lint.sidecar_checks import SIDECAR_CHECKS
from cml_mm.corpus.lint.twin_checks import twins
from cml_mm.corpus.names import NameBook, is_placeholder
from cml_mm.errors import LibraryUnreadable
from cml_mm.types import Library

Progress = Callable[[int, int], None]
_KIND_ORDER = {kind.id: number for number, kind in enumerate(KINDS)}
_LIBRARY_CHECKS = (*GRAPH_CHECKS, twins, *SIDECAR_CHECKS)


def lint(paths: Sequence[Path], progress: Progress | None = None) -> LintReport:
    """Look through libraries for what a curator must, should or may mend.

    Args:
        paths: library folders, folders of pages or single files, as for `load_library`; relations
            are looked up in all of them together.
        progress: is told how many of how many files have been looked at; each is looked at twice.

    Returns:
        The report. Nothing is changed.

    Raises:
        LibraryUnreadable: a path is not there or is no library.
    """
    if not paths:
        raise LibraryUnreadable("No library was given.", "Name at least one library folder.")
    folders = tuple(find_folder(Path(path)) for path in paths)
    number = sum(1 for folder in folders for _ in folder.files())
    library, failure = _load(paths, progress, number)
    seen = iter(range(number + 1, 2 * number + 1))
    pages, unreadable = read_pages(folders, library, lambda: progress(next(seen), 2 * number) if progress else None)
    # Where no file can be read, each is a finding; where patterns can, the reason lies elsewhere.
    if failure is not None and any(page.kind == "pattern" for page in pages):
        raise failure
    view = _view(folders, pages, library)
    findings = [*unreadable, *_findings(view)]
    ordered = tuple(sorted(findings, key=_order))
    groups, rows = format_table(pages, ordered, len(unreadable))
    return LintReport(
        libraries=tuple(str(path) for path in paths),
        patterns=sum(page.kind == "pattern" for page in pages),
        lighthouses=sum(page.kind == "lighthouse" for page in pages),
        findings=ordered,
        wanted=wanted(pages, view.book),
        groups=groups,
        formats=rows,
        conversions=conversions(pages),
    )


def _load(paths: Sequence[Path], progress: Progress | None, number: int) -> tuple[Library, LibraryUnreadable | None]:
    """The library, or an empty one with the reason why nothing was read."""
    try:
        return load_library(paths, (lambda done, _: progress(done, 2 * number)) if progress else None), None
    except LibraryUnreadable as exc:
        return Library(()), exc


def _view(folders: tuple[Folder, ...], pages: Sequence[LintPage], library: Library) -> View:
    known = {pattern.slug: pattern.source.path for pattern in library.patterns}
    known |= {house.slug: house.source.path for house in library.lighthouses}
    return View(folders, tuple(pages), library, NameBook(library.patterns), known)


def _findings(view: View) -> Iterator[Finding]:
    slugs = {page.slug for page in view.pages}
    page_checks = (*FILE_CHECKS, *FIELD_CHECKS, *BODY_CHECKS, link_check(slugs.__contains__))
    for page in view.pages:
        for check in page_checks:
            yield from check(page)
        yield from relation_checks(page, view.book)
    yield from duplicates(view)
    for look in _LIBRARY_CHECKS:
        yield from look(view)


def duplicates(view: View) -> Iterator[Finding]:
    """Slugs and ids that several pages claim: one finding for each page after the first, or for all of an id."""
    first: dict[tuple[str, str], str] = {}
    ids: dict[str, list[str]] = {}
    for page in view.pages:
        key = (page.kind, page.slug)
        if key in first:
            yield found("slug_duplicate", page.path, f"{first[key]} has the slug {page.slug} already.")
        else:
            first[key] = page.path
        identifier = page.field("id")
        if isinstance(identifier, str) and identifier.strip() and not is_placeholder(identifier.strip()):
            ids.setdefault(identifier.strip(), []).append(page.path)
    for identifier, paths in ids.items():
        for path in paths if len(paths) > 1 else ():
            others = [other for other in paths if other != path]
            yield found("id_duplicate", path, f"{some(others)} has the id {identifier} too.")


def _order(finding: Finding) -> tuple[int, int, str, str]:
    return SEVERITIES.index(finding.severity), _KIND_ORDER[finding.kind], finding.path, finding.message

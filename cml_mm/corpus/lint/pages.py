"""Pages as written, beside what the library makes of them: the linter compares the two."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cml_mm.corpus.folders import Folder, read_bytes
from cml_mm.corpus.frontmatter import Meta, as_fields, split_page
from cml_mm.corpus.lighthouse import read_lighthouse
from cml_mm.corpus.links import Declared, declared_links
from cml_mm.corpus.lint.kinds import found
from cml_mm.corpus.lint.markdown import Scan, scan
from cml_mm.corpus.lint.report import Finding, PageFormat
from cml_mm.corpus.names import NameBook
from cml_mm.corpus.pattern import identify, read_pattern
from cml_mm.corpus.reading import kind_of
from cml_mm.types import Library, Pattern, PatternFormat, Section

# Any of these, and the reader's judgement of the format stands; without, there is nothing to judge by.
_V71_FIELDS = frozenset({"ontology", "relationships", "lifecycle", "context_labels", "graph_garden"})


@dataclass(frozen=True)
class LintPage:
    """One file, as written and taken apart."""

    path: str  # relative to its library
    file: Path
    kind: Literal["pattern", "lighthouse"]
    text: str
    meta: Meta
    body: str
    repairs: tuple[str, ...]
    slug: str
    title: str
    format: PageFormat
    scan: Scan
    sections: tuple[Section, ...]
    links: tuple[Declared, ...]

    def field(self, dotted: str) -> object:
        """A field of the front matter, e.g. "ontology.domain"."""
        value: object = self.meta
        for name in dotted.split("."):
            value = as_fields(value).get(name)
        return value


@dataclass(frozen=True)
class View:
    """Everything that checks over the whole library look at."""

    folders: tuple[Folder, ...]
    pages: tuple[LintPage, ...]
    library: Library
    book: NameBook
    paths: Mapping[str, str]  # slug to file, as findings name it

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return self.library.patterns

    def path(self, slug: str) -> str:
        return self.paths.get(slug, slug)


def read_pages(
    folders: Sequence[Folder], library: Library, tell: Callable[[], None]
) -> tuple[list[LintPage], list[Finding]]:
    """Read every pattern and lighthouse page as written.

    Args:
        folders: the libraries.
        library: what was read from them; sections are taken from it.
        tell: is called after each file.

    Returns:
        The pages, and a finding for every file that is none.
    """
    known = {(page.source.path, page.source.id): page for page in library.patterns}
    pages: list[LintPage] = []
    findings: list[Finding] = []
    for folder in folders:
        for file, kind in folder.files():
            tell()
            name = folder.name(file)
            if kind == "document" or (kind == "either" and file.suffix.lower() != ".md"):
                continue
            try:
                data = read_bytes(file)
                kind = kind_of(data, name) if kind == "either" else kind
                if kind != "document":
                    pages.append(_read(data, name, file, kind == "lighthouse", known))
            except UnicodeDecodeError:
                findings.append(found("file_unreadable", name, "The file is not UTF-8 text."))
            except OSError as exc:
                why = exc.strerror or "unknown reason"
                findings.append(found("file_unreadable", name, f"The file cannot be read: {why}."))
            except ValueError as exc:
                findings.append(found("file_unreadable", name, str(exc)))
    return pages, findings


def format_of(meta: Meta, read: PatternFormat) -> PageFormat:
    """The generation of a front matter as the library reads it; "none" where it only fell back to v7.1."""
    return "none" if read == "v7.1" and not _V71_FIELDS & meta.keys() else read


def _read(data: bytes, name: str, file: Path, lighthouse: bool, known: Mapping[tuple[str, str], Pattern]) -> LintPage:
    """Raises: UnicodeDecodeError where it is no UTF-8; ValueError where it is no page."""
    text = data.decode("utf-8")
    page = split_page(text)
    who = identify(page, name)
    form: PageFormat = "none"
    if lighthouse:
        read = read_lighthouse(data, name)
        slug, sections, links = read.lighthouse.slug, read.lighthouse.sections, read.links
    else:
        # A page whose slug is taken is in no library; it is read here.
        pattern = known.get((name, hashlib.sha256(data).hexdigest())) or read_pattern(data, name).pattern
        slug, sections = pattern.slug, pattern.sections
        form = format_of(page.meta, pattern.format)
        links = declared_links(page.meta, slug, name, form == "v1")
    return LintPage(
        path=name,
        file=file,
        kind="lighthouse" if lighthouse else "pattern",
        text=text,
        meta=page.meta,
        body=page.body,
        repairs=page.repairs,
        slug=slug,
        title=who.title,
        format=form,
        scan=scan(page.body),
        sections=sections,
        links=links,
    )

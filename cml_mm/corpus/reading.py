"""One file of a library → its record and its whole page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from cml_mm.corpus.adoption import read_adoptions
from cml_mm.corpus.frontmatter import split_page
from cml_mm.corpus.lighthouse import is_lighthouse, read_lighthouse
from cml_mm.corpus.names import slug_of
from cml_mm.corpus.pattern import read_pattern
from cml_mm.corpus.records import FileKind, Record
from cml_mm.corpus.sections import read_body
from cml_mm.errors import InputError
from cml_mm.ports import DocumentReader
from cml_mm.types import AnyPage, Pattern, Section

_PATTERN_FIELDS = frozenset({"slug", "id", "aliases", "summary", "ontology", "relationships", "classification"})
_PATTERN_ROLES = frozenset({"context", "problem", "solution", "implementation", "consequences"})
_LEAST_ROLES = 2  # headings like a pattern's that a file without front matter must have


def read_file(
    data: bytes, path: str, kind: FileKind, read_document: DocumentReader
) -> tuple[Record, tuple[Section, ...]]:
    """Read one file as what it is.

    Args:
        data: its bytes.
        path: the file, relative to its library, with forward slashes.
        kind: what its folder says it is; "either" is decided by what stands in it.
        read_document: for files that are neither pattern nor lighthouse.

    Returns:
        The record, and the sections that its page leaves out. A file that cannot be read has a
        record too, which says why.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        if kind == "either":
            kind = kind_of(data, path)
        if kind == "document":
            page: AnyPage = read_document(data, path, slug_of(PurePosixPath(path).stem) or "untitled")
            return Record(path, sha256, replace(page, sections=())), page.sections
        if kind == "lighthouse":
            lighthouse = read_lighthouse(data, path)
            page, links, repairs = lighthouse.lighthouse, lighthouse.links, lighthouse.repairs
        else:
            pattern = read_pattern(data, path)
            page, links, repairs = pattern.pattern, pattern.links, pattern.repairs
    except UnicodeDecodeError:
        return Record(path, sha256, None, problem="The file is not UTF-8 text."), ()
    except InputError as exc:
        return Record(path, sha256, None, problem=f"{exc.message} {exc.hint}".strip()), ()
    except ValueError as exc:
        return Record(path, sha256, None, problem=str(exc)), ()
    adoptions = read_adoptions(page.slug, "pattern", page.sections) if isinstance(page, Pattern) else ()
    return Record(path, sha256, replace(page, sections=()), links, repairs, adoptions=adoptions), page.sections


def kind_of(data: bytes, path: str) -> FileKind:
    """What a loose file is: a lighthouse or a pattern by its fields or headings, else a document.

    Raises:
        UnicodeDecodeError: a markdown file that is no UTF-8.
    """
    if not path.lower().endswith(".md"):
        return "document"
    if is_lighthouse(data, path):
        return "lighthouse"
    page = split_page(data.decode("utf-8"))
    if _PATTERN_FIELDS & set(page.meta) or _has_pattern_roles(page.body):
        return "pattern"
    return "document"


def _has_pattern_roles(body: str) -> bool:
    sections: Sequence[Section] = read_body(body, "").sections
    return len(_PATTERN_ROLES & {section.role for section in sections}) >= _LEAST_ROLES

"""The formats side by side: how many pages of each meet what their format asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm.corpus.frontmatter import as_fields, as_text
from cml_mm.corpus.lint.demands import DEMANDS, missing_fields, missing_roles, role_words, states
from cml_mm.corpus.lint.field_checks import judge_labels, tension_of_title
from cml_mm.corpus.lint.pages import LintPage
from cml_mm.corpus.lint.relation_checks import own_links
from cml_mm.corpus.lint.report import (
    PAGE_FORMATS,
    Conversion,
    Finding,
    FormatGroup,
    FormatRow,
    PageFormat,
    Share,
)

Test = Callable[[LintPage], bool]
_TENSION = "ontology.search_hints.primary_tension"
# Where the first format says what v7.1 wants in another field.
_SAID_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "summary": ("description",),
    "ontology.domain": ("classification.domain", "classification.commons_domain", "commons_domain"),
    "ontology.search_hints.vector_keywords": ("tags",),
    "lifecycle": ("classification.status", "version"),
    "relationships": ("related", "generalizes_from", "specializes_to", "enables", "requires"),
}
_MADE_EMPTY = frozenset({"graph_garden"})


def format_table(
    pages: Sequence[LintPage], findings: Sequence[Finding], unreadable: int
) -> tuple[tuple[FormatGroup, ...], tuple[FormatRow, ...]]:
    """Groups with their verdicts, and a row for every demand.

    Args:
        pages: every page read; lighthouses are left out.
        findings: of all pages; an error keeps a page from being ready.
        unreadable: how many pattern files could not be read; they have no format.

    Returns:
        Groups and rows, both over the formats in the order of PAGE_FORMATS.
    """
    patterns = [page for page in pages if page.kind == "pattern"]
    broken = {finding.path for finding in findings if finding.severity == "error"}
    by_format = {form: [page for page in patterns if page.format == form] for form in PAGE_FORMATS}
    rows = tuple(
        FormatRow(
            row.words, tuple(_share(by_format[form], row.test) if row.asks(form) else None for form in PAGE_FORMATS)
        )
        for row in _ROWS
    )
    groups = []
    for form in PAGE_FORMATS:
        group = by_format[form]
        empty = sum(not page.sections for page in group)
        ready = sum(_is_ready(page) and page.path not in broken for page in group)
        lost = empty + (unreadable if form == "none" else 0)
        total = len(group) + (unreadable if form == "none" else 0)
        groups.append(FormatGroup(form, total, ready, total - ready - lost, lost))
    return tuple(groups), rows


def conversions(pages: Sequence[LintPage]) -> tuple[Conversion, ...]:
    """What each page of the first format lacks to become v7.1."""
    return tuple(_conversion(page) for page in pages if page.kind == "pattern" and page.format == "v1")


def _conversion(page: LintPage) -> Conversion:
    target = DEMANDS["v7.1"]
    absent = [name for name in target.fields if not states(page, name)]
    carried = [
        name
        for name in absent
        if name in _MADE_EMPTY or any(states(page, old) for old in _SAID_ELSEWHERE.get(name, ()))
    ]
    roles = {section.role for section in page.sections}
    return Conversion(
        path=page.path,
        slug=page.slug,
        fields_to_write=tuple(name for name in absent if name not in carried),
        fields_to_carry=tuple(carried),
        sections_to_write=tuple(role_words(role) for role in target.roles if role not in roles),
    )


def _share(pages: Sequence[LintPage], test: Test) -> Share | None:
    return Share(sum(map(test, pages)), len(pages)) if pages else None


def _is_ready(page: LintPage) -> bool:
    return bool(page.sections) and all(row.test(page) for row in _ROWS if row.needed and row.asks(page.format))


def _well_formed(page: LintPage) -> bool:
    return bool(page.meta) and not page.repairs


def _fields(page: LintPage) -> bool:
    return not missing_fields(page)


def _sections(page: LintPage) -> bool:
    return bool(page.sections) and not missing_roles(page)


def _rights(page: LintPage) -> bool:
    return states(page, "license") and states(page, "attribution")


def _summary(page: LintPage) -> bool:
    return bool(as_text(page.meta.get("summary")) or as_text(page.meta.get("description")))


def _labels(page: LintPage) -> bool:
    stated = len(as_fields(page.meta.get("context_labels")))
    worthless, template = judge_labels(page)
    return stated > 0 and not worthless and not template


def _tension(page: LintPage) -> bool:
    stated = as_text(page.field(_TENSION))
    return bool(stated) and not tension_of_title(stated, page.title)


def _one_reason(page: LintPage) -> bool:
    return any(link.reason for link in own_links(page))


def _all_reasons(page: LintPage) -> bool:
    return _one_reason(page) and all(link.reason for link in own_links(page))


def _always(_: PageFormat) -> bool:
    return True


@dataclass(frozen=True)
class _Row:
    """One demand: the formats that make it, how a page meets it, whether a page needs it to be ready."""

    words: str
    asks: Callable[[PageFormat], bool]
    test: Test
    needed: bool = True


_ROWS = (
    _Row("Front matter valid as written", _always, _well_formed),
    _Row("All fields present", _always, _fields),
    _Row("A summary", lambda form: DEMANDS[form].summary, _summary),
    _Row("All sections present, with text", lambda form: bool(DEMANDS[form].roles), _sections),
    _Row("A relation that gives its reason", lambda form: DEMANDS[form].reasons, _one_reason),
    _Row("Every relation gives its reason", lambda form: DEMANDS[form].reasons, _all_reasons, needed=False),
    _Row("Context labels that all say something", lambda form: DEMANDS[form].labels, _labels),
    _Row("A tension that is not the title again", lambda form: DEMANDS[form].tension, _tension),
    _Row("Licence and attribution", _always, _rights),
)

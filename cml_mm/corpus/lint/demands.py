"""What each generation of the pattern format asks of a page.

v7.1 and v8.2 from their published specifications; v1 from the fields and headings that
nearly all of its pages share, because its own text was superseded.
"""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.corpus.frontmatter import as_text
from cml_mm.corpus.lint.pages import LintPage
from cml_mm.corpus.lint.report import PageFormat
from cml_mm.types import SectionRole

_RIGHTS = ("license", "attribution")
_EIGHT: tuple[SectionRole, ...] = (
    "context",
    "problem",
    "solution",
    "implementation",
    "consequences",
    "known_uses",
    "cognitive_era",
    "vitality",
)
_V71 = (
    "id",
    "slug",
    "title",
    "aliases",
    "summary",
    "context_labels",
    "ontology.domain",
    "ontology.search_hints.primary_tension",
    "ontology.search_hints.vector_keywords",
    "ontology.commons_assessment",
    "lifecycle",
    "relationships",
    "graph_garden",
    "contributors",
    "sources",
    *_RIGHTS,
)


@dataclass(frozen=True)
class Demands:
    """The fields (dotted) and section roles of one format, and whether it has labels, tension and reasons."""

    fields: tuple[str, ...]
    roles: tuple[SectionRole, ...]
    summary: bool = True
    labels: bool = False
    tension: bool = False
    reasons: bool = False


DEMANDS: dict[PageFormat, Demands] = {
    "v1": Demands(
        fields=("id", "slug", "title", "aliases", "classification", "related", "sources", "contributors", *_RIGHTS),
        roles=("overview", "principles", "practices", "implementation", "when_to_use", "assessment", "references"),
        summary=False,
    ),
    "v7.1": Demands(_V71, _EIGHT, labels=True, tension=True, reasons=True),
    "v8.2": Demands(
        ("orbital_layer", "sector", "gravitational_hubs", *_V71), _EIGHT, labels=True, tension=True, reasons=True
    ),
    "none": Demands(("title", "summary", *_RIGHTS), ()),
}


def states(page: LintPage, field: str) -> bool:
    """Whether the front matter has a field; an empty list or table counts, an empty value does not."""
    value = page.field(field)
    if field == "license" and value is None:
        value = page.field("licence")
    return isinstance(value, (list, dict)) or bool(as_text(value))


def missing_fields(page: LintPage) -> tuple[str, ...]:
    """Fields that the page's format asks for and the page lacks."""
    return tuple(name for name in DEMANDS[page.format].fields if not states(page, name))


def missing_roles(page: LintPage) -> tuple[SectionRole, ...]:
    """Sections with text that the page's format asks for and the page lacks."""
    roles = {section.role for section in page.sections}
    return tuple(role for role in DEMANDS[page.format].roles if role not in roles)


def role_words(role: str) -> str:
    """A role as a reader calls it."""
    return role.replace("_", " ")

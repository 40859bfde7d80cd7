"""Domain values as nodes and links of the property graph.

Pages are entity nodes named by slug, sections are chunk nodes `slug#00`, names that the
library does not hold are `name:…` nodes, and every relation keeps its layer, reason,
weight and declaring file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, astuple
from typing import Any

from llama_index.core.graph_stores.types import ChunkNode, EntityNode, LabelledNode

from cml_mm.graph.graph_reading import LinkKey
from cml_mm.graph.graph_rows import LinkRow, to_json
from cml_mm.types import Adoption, AnyPage, Dangling, Document, Library, Lighthouse, Pattern, Relation, SourceKind

PATTERN = "Pattern"
LIGHTHOUSE = "Lighthouse"
DOCUMENT = "Document"
SECTION = "Section"
UNKNOWN_NAME = "UnknownName"
HAS_SECTION = "HAS_SECTION"
ADOPTER = "Adopter"  # somebody who has no page of their own
USES = "USES"  # read from prose; a declared adoption is the relation ADOPTS
NAME_PREFIX = "name:"  # of the ids of names that the library does not hold
PAGE_LABELS = {Pattern: PATTERN, Lighthouse: LIGHTHOUSE, Document: DOCUMENT}
PAGE_ORDER: tuple[SourceKind, ...] = ("pattern", "lighthouse", "document")  # of an index's rows
PAGE_KINDS: dict[str, SourceKind] = {PATTERN: "pattern", LIGHTHOUSE: "lighthouse", DOCUMENT: "document"}


def section_id(slug: str, position: int) -> str:
    return f"{slug}#{position:02d}"


def section_place(node_id: str) -> tuple[str, int]:
    """The slug and position that a section's node id names."""
    slug, _, position = node_id.rpartition("#")
    return slug, int(position)


def name_id(name: str) -> str:
    """The node id of a name that the library does not hold. An entity's id cannot hold a double quote."""
    return NAME_PREFIX + name.replace("%", "%25").replace('"', "%22")


def named_by(node_id: str) -> str:
    """The name that `name_id` made a node id of."""
    return node_id[len(NAME_PREFIX) :].replace("%22", '"').replace("%25", "%")


def all_pages(library: Library) -> list[AnyPage]:
    """Every page in the order of an index's rows: patterns, lighthouses, documents, each by slug."""
    return [*library.patterns, *library.lighthouses, *library.documents]


def page_nodes(page: AnyPage) -> Iterator[LabelledNode]:
    """The node of a page and those of its sections."""
    yield EntityNode(name=page.slug, label=PAGE_LABELS[type(page)], properties=_page_properties(page))
    for position, section in enumerate(page.sections):
        yield ChunkNode(
            id_=section_id(page.slug, position),
            text=section.text,
            label=SECTION,
            properties={
                "title": page.title,
                "role": section.role,
                "heading": section.heading,
                "page": section.page,
                "ref_doc_id": page.slug,
            },
        )


def name_nodes(library: Library) -> Iterator[LabelledNode]:
    """The nodes of adopters without a page, and of names that the library does not hold."""
    pages = {page.slug for page in all_pages(library)}
    adopters = {item.adopter_slug: item.adopter for item in library.adoptions if item.adopter_slug not in pages}
    for slug, name in sorted(adopters.items()):
        yield EntityNode(name=slug, label=ADOPTER, properties={"title": name})
    for name in sorted({edge.name for edge in library.dangling}):
        yield EntityNode(name=name_id(name), label=UNKNOWN_NAME, properties={"title": name})


def section_links(slug: str, sections: int) -> Iterator[LinkRow]:
    """The edges from a page to its sections."""
    for position in range(sections):
        yield LinkRow(slug, section_id(slug, position), HAS_SECTION, "{}")


def library_links(library: Library) -> dict[LinkKey, Relation | Dangling | Adoption]:
    """Every edge between pages, names and adopters, by its ends and label."""
    found: dict[LinkKey, Relation | Dangling | Adoption] = {}
    for relation in library.relations:
        found[relation.subject, relation.kind, relation.object] = relation
    for edge in library.dangling:
        found[edge.subject, edge.kind, name_id(edge.name)] = edge
    for item in library.adoptions:
        found[item.adopter_slug, USES, item.pattern] = item
    return found


def link_row(key: LinkKey, edge: Relation | Dangling | Adoption) -> LinkRow:
    """An edge as the graph stores it."""
    properties: dict[str, Any]
    if isinstance(edge, Relation):
        properties = {
            "layer": edge.layer,
            "reason": edge.reason,
            "weight": edge.weight,
            "declared_by": edge.declared_by,
        }
    elif isinstance(edge, Dangling):
        properties = {"declared_by": edge.declared_by}
    else:
        properties = {"quote": edge.quote, "page": edge.page, "span": asdict(edge.span)}
    source, label, target = key
    return LinkRow(source, target, label, to_json(properties))


def _page_properties(page: AnyPage) -> dict[str, Any]:
    properties = {key: value for key, value in asdict(page).items() if key not in ("slug", "sections")}
    properties["sections"] = len(page.sections)
    if isinstance(page, Pattern):  # their text stands in the sections already
        properties["diagrams"] = [[diagram.language, *astuple(diagram.span)] for diagram in page.diagrams]
    return properties

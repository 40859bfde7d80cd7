"""The library in the property graph: domain values to nodes and back.

Patterns and lighthouses are entity nodes named by slug, sections are chunk nodes
`slug#00`, names that the library does not hold are `name:…` nodes, and every
relation keeps its layer, reason, weight and declaring file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, cast

from llama_index.core.graph_stores.types import ChunkNode, EntityNode, LabelledNode
from llama_index.core.graph_stores.types import Relation as Link

from cml_mm.graph.property_store import CommonsGraphStore
from cml_mm.types import (
    TRUST_LAYERS,
    Dangling,
    Library,
    Lighthouse,
    Pattern,
    Relation,
    RelationKind,
    Section,
    SectionRole,
    Source,
    SourceKind,
)

PATTERN = "Pattern"
LIGHTHOUSE = "Lighthouse"
SECTION = "Section"
UNKNOWN_NAME = "UnknownName"
HAS_SECTION = "HAS_SECTION"


@dataclass(frozen=True)
class Entry:
    """One page of the catalogue: all of a pattern or lighthouse but its sections."""

    slug: str
    title: str
    kind: SourceKind
    summary: str
    source: Source
    aliases: tuple[str, ...]
    context_labels: tuple[tuple[str, str], ...]
    tension: str
    curated: bool
    sections: int


def section_id(slug: str, position: int) -> str:
    return f"{slug}#{position:02d}"


def section_place(node_id: str) -> tuple[str, int]:
    """The slug and position that a section's node id names."""
    slug, _, position = node_id.rpartition("#")
    return slug, int(position)


def library_nodes(library: Library) -> Iterator[LabelledNode]:
    """Every node of a library: pages, then their sections, then unknown names."""
    pages: list[Pattern | Lighthouse] = [*library.patterns, *library.lighthouses]
    for page in pages:
        label = PATTERN if isinstance(page, Pattern) else LIGHTHOUSE
        yield EntityNode(name=page.slug, label=label, properties=_page_properties(page))
        for position, section in enumerate(page.sections):
            yield ChunkNode(
                id_=section_id(page.slug, position),
                text=section.text,
                label=SECTION,
                properties={
                    "title": page.title,
                    "role": section.role,
                    "heading": section.heading,
                    "ref_doc_id": page.slug,
                },
            )
    for name in sorted({edge.name for edge in library.dangling}):
        yield EntityNode(name=f"name:{name}", label=UNKNOWN_NAME, properties={"title": name})


def library_links(library: Library) -> Iterator[Link]:
    """Every edge of a library."""
    for relation in library.relations:
        yield Link(
            label=relation.kind,
            source_id=relation.subject,
            target_id=relation.object,
            properties={
                "layer": relation.layer,
                "reason": relation.reason,
                "weight": relation.weight,
                "declared_by": relation.declared_by,
            },
        )
    for edge in {(e.kind, e.subject, e.name): e for e in library.dangling}.values():
        yield Link(
            label=edge.kind,
            source_id=edge.subject,
            target_id=f"name:{edge.name}",
            properties={"declared_by": edge.declared_by},
        )
    pages: list[Pattern | Lighthouse] = [*library.patterns, *library.lighthouses]
    for page in pages:
        for position in range(len(page.sections)):
            yield Link(label=HAS_SECTION, source_id=page.slug, target_id=section_id(page.slug, position))


class LibraryGraph:
    """Reads the library back from a graph store."""

    def __init__(self, store: CommonsGraphStore) -> None:
        self.store = store
        self._entries = {entry.slug: entry for entry in self._read_entries()}

    @property
    def entries(self) -> dict[str, Entry]:
        """Slug to page, in slug order."""
        return self._entries

    def sections(self, slug: str) -> tuple[Section, ...]:
        """The sections of one page, in order."""
        entry = self._entries.get(slug)
        if entry is None:
            return ()
        nodes = self.store.nodes_by_id([section_id(slug, i) for i in range(entry.sections)])
        return tuple(
            Section(
                role=cast(SectionRole, node.properties["role"]),
                heading=str(node.properties["heading"]),
                text=node.text,
            )
            for node in nodes
            if isinstance(node, ChunkNode)
        )

    def relations(self, slug: str) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
        """Outgoing and incoming relations of one page, most trusted first."""
        return self._one_way(slug, outgoing=True), self._one_way(slug, outgoing=False)

    def dangling(self, slug: str) -> tuple[Dangling, ...]:
        """Relations of one page to names that the library does not hold."""
        rows = self.store.client.execute(
            "MATCH (a:Node {id: $id})-[l:Link]->(b:Node) WHERE b.label = $label"
            " RETURN l.label, b.id, l.properties ORDER BY l.label, b.id",
            {"id": slug, "label": UNKNOWN_NAME},
        )
        return tuple(
            Dangling(cast(RelationKind, kind), slug, str(name)[5:], str(_read(properties).get("declared_by", "")))
            for kind, name, properties in rows
        )

    def _one_way(self, slug: str, outgoing: bool) -> tuple[Relation, ...]:
        pattern = "(a)-[l:Link]->(b:Node)" if outgoing else "(a)<-[l:Link]-(b:Node)"
        rows = self.store.client.execute(
            f"MATCH (a:Node {{id: $id}}) MATCH {pattern} WHERE l.label <> $skip"
            " RETURN l.label, b.id, l.properties ORDER BY l.label, b.id",
            {"id": slug, "skip": HAS_SECTION},
        )
        found = []
        for kind, other, raw in rows:
            if other not in self._entries:
                continue
            subject, object_ = (slug, other) if outgoing else (other, slug)
            properties = _read(raw)
            found.append(
                Relation(
                    kind=cast(RelationKind, kind),
                    subject=subject,
                    object=object_,
                    layer=properties["layer"],
                    reason=properties["reason"],
                    weight=float(properties["weight"]),
                    declared_by=properties["declared_by"],
                    subject_title=self._entries[subject].title,
                    object_title=self._entries[object_].title,
                )
            )
        return tuple(sorted(found, key=lambda r: (TRUST_LAYERS.index(r.layer), -r.weight, r.subject, r.object)))

    def _read_entries(self) -> Iterator[Entry]:
        rows = self.store.client.execute(
            "MATCH (n:Node) WHERE n.label = $a OR n.label = $b RETURN n.id, n.label, n.properties ORDER BY n.id",
            {"a": PATTERN, "b": LIGHTHOUSE},
        )
        for slug, label, raw in rows:
            properties = _read(raw)
            yield Entry(
                slug=slug,
                title=properties["title"],
                kind="pattern" if label == PATTERN else "lighthouse",
                summary=properties["summary"],
                source=Source(**properties["source"]),
                aliases=tuple(properties.get("aliases", ())),
                context_labels=tuple((persona, name) for persona, name in properties.get("context_labels", ())),
                tension=properties.get("tension", ""),
                curated=bool(properties.get("curated", False)),
                sections=int(properties["sections"]),
            )

    def pattern(self, slug: str) -> Pattern:
        """One whole pattern.

        Raises:
            KeyError: no pattern of this slug.
        """
        entry = self._entries[slug]
        node = self.store.nodes_by_id([slug])[0]
        more = node.properties
        return Pattern(
            slug=slug,
            id=more.get("id", ""),
            title=entry.title,
            source=entry.source,
            aliases=entry.aliases,
            summary=entry.summary,
            sections=self.sections(slug),
            tension=entry.tension,
            keywords=tuple(more.get("keywords", ())),
            context_labels=entry.context_labels,
            personas=tuple(more.get("personas", ())),
            stages=tuple(more.get("stages", ())),
            scales=tuple(more.get("scales", ())),
            domains=tuple(more.get("domains", ())),
            format=more.get("format", "v7.1"),
            curated=entry.curated,
        )


def _read(raw: str) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(raw))


def _page_properties(page: Pattern | Lighthouse) -> dict[str, Any]:
    properties = {key: value for key, value in asdict(page).items() if key not in ("slug", "sections")}
    properties["sections"] = len(page.sections)
    return properties

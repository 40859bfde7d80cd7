"""The library as the graph holds it: pages, sections, relations, adoptions, read back as domain values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from llama_index.core.graph_stores.types import ChunkNode

from cml_mm.graph.graph_rows import LinkRow
from cml_mm.graph.graph_store_reader import GraphStoreReader
from cml_mm.graph.library_rows import ADOPTER, NAME_PREFIX, PAGE_KINDS, USES, named_by, section_id
from cml_mm.types import (
    RELATION_KINDS,
    TRUST_LAYERS,
    Adoption,
    AnyPage,
    Dangling,
    DiagramText,
    Document,
    Lighthouse,
    Pattern,
    Relation,
    RelationKind,
    Section,
    SectionRole,
    Source,
    SourceKind,
    TextSpan,
)


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
    domains: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class LibraryGraph:
    """Reads the library back from a graph store."""

    def __init__(self, store: GraphStoreReader) -> None:
        self.store = store
        self._adopters: dict[str, str] = {}
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
                page=int(node.properties.get("page", 0)),
            )
            for node in nodes
            if isinstance(node, ChunkNode)
        )

    def relations(self, slug: str) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
        """Outgoing and incoming relations of one page, most trusted first."""
        return self._one_way(slug, outgoing=True), self._one_way(slug, outgoing=False)

    @cached_property
    def all_relations(self) -> tuple[Relation, ...]:
        """Every relation between two pages, by its ends and kind; read in bulk when it is first asked for."""
        found = (self._relation(row) for row in self.store.reader.links())
        kept = (relation for relation in found if relation is not None)
        return tuple(sorted(kept, key=lambda r: (r.subject, r.object, r.kind)))

    def adoptions(self, slug: str) -> tuple[Adoption, ...]:
        """Who uses this pattern, or what this adopter uses, in the library's own sentences."""
        links = [row for out in (True, False) for row in self.store.reader.links_of(slug, out) if row.label == USES]
        return tuple(self._adoption(row) for row in links)

    def adopters(self) -> dict[str, str]:
        """Slug to name of everybody who uses a pattern but has no page."""
        return dict(self._adopters)

    def _adoption(self, row: LinkRow) -> Adoption:
        properties = _read(row.properties)
        entry = self._entries.get(row.source)
        return Adoption(
            adopter=entry.title if entry else self._adopters[row.source],
            adopter_slug=row.source,
            pattern=row.target,
            quote=properties["quote"],
            page=properties["page"],
            span=TextSpan(**properties["span"]),
        )

    def dangling(self, slug: str) -> tuple[Dangling, ...]:
        """Relations of one page to names that the library does not hold."""
        links = self.store.reader.links_of(slug, outgoing=True)
        return tuple(
            Dangling(
                cast(RelationKind, row.label),
                slug,
                named_by(row.target),
                str(_read(row.properties).get("declared_by", "")),
            )
            for row in links
            if row.target.startswith(NAME_PREFIX)
        )

    def _one_way(self, slug: str, outgoing: bool) -> tuple[Relation, ...]:
        found = (self._relation(row) for row in self.store.reader.links_of(slug, outgoing))
        kept = (relation for relation in found if relation is not None)
        return tuple(sorted(kept, key=lambda r: (TRUST_LAYERS.index(r.layer), -r.weight, r.subject, r.object)))

    def _relation(self, row: LinkRow) -> Relation | None:
        """A link as a relation; None where it is not one between two pages."""
        if row.label not in RELATION_KINDS or row.source not in self._entries or row.target not in self._entries:
            return None
        properties = _read(row.properties)
        return Relation(
            kind=row.label,
            subject=row.source,
            object=row.target,
            layer=properties["layer"],
            reason=properties["reason"],
            weight=float(properties["weight"]),
            declared_by=properties["declared_by"],
            subject_title=self._entries[row.source].title,
            object_title=self._entries[row.target].title,
        )

    def _read_entries(self) -> Iterator[Entry]:
        for slug, label, raw in sorted(self.store.reader.properties()):
            if label == ADOPTER:
                self._adopters[slug] = _read(raw)["title"]
            if label not in PAGE_KINDS:
                continue
            properties = _read(raw)
            yield Entry(
                slug=slug,
                title=properties["title"],
                kind=PAGE_KINDS[label],
                summary=properties["summary"],
                source=Source(**properties["source"]),
                aliases=tuple(properties.get("aliases", ())),
                context_labels=tuple((persona, name) for persona, name in properties.get("context_labels", ())),
                tension=properties.get("tension", ""),
                curated=bool(properties.get("curated", False)),
                sections=int(properties["sections"]),
                domains=tuple(properties.get("domains", ())),
                personas=tuple(properties.get("personas", ())),
                stages=tuple(properties.get("stages", ())),
                scales=tuple(properties.get("scales", ())),
                keywords=tuple(properties.get("keywords", ())),
            )

    def page(self, slug: str) -> AnyPage:
        """One whole page.

        Raises:
            KeyError: no page of this slug.
        """
        entry = self._entries[slug]
        more = self.store.nodes_by_id([slug])[0].properties
        sections = self.sections(slug)
        if entry.kind == "pattern":
            return _pattern(entry, more, sections)
        if entry.kind == "lighthouse":
            return Lighthouse(
                slug=slug,
                title=entry.title,
                source=entry.source,
                summary=entry.summary,
                sections=sections,
                country=more["country"],
                sector=more["sector"],
                adopts=tuple(more["adopts"]),
            )
        return Document(slug, entry.title, entry.source, entry.summary, sections, more["format"])


def _pattern(entry: Entry, more: dict[str, Any], sections: tuple[Section, ...]) -> Pattern:
    return Pattern(
        slug=entry.slug,
        id=more.get("id", ""),
        title=entry.title,
        source=entry.source,
        aliases=entry.aliases,
        summary=entry.summary,
        sections=sections,
        tension=entry.tension,
        keywords=tuple(more.get("keywords", ())),
        context_labels=entry.context_labels,
        personas=tuple(more.get("personas", ())),
        stages=tuple(more.get("stages", ())),
        scales=tuple(more.get("scales", ())),
        domains=tuple(more.get("domains", ())),
        format=more.get("format", "v7.1"),
        curated=entry.curated,
        diagrams=tuple(_diagram(language, TextSpan(*span), sections) for language, *span in more["diagrams"]),
    )


def _diagram(language: str, span: TextSpan, sections: tuple[Section, ...]) -> DiagramText:
    text = next(section.text for section in sections if section.heading == span.section)
    return DiagramText(language, text[span.start : span.end], span)


def _read(raw: str) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(raw))

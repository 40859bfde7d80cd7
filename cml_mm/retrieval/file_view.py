"""A visitor's files beside the library: the index over them, and what they say about its patterns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cml_mm.ports import Vectors
from cml_mm.retrieval.diagram_links import DiagramLinker
from cml_mm.retrieval.file_index import FileIndex
from cml_mm.retrieval.file_links import PatternLinker
from cml_mm.visits import DiagramLink, PatternLink


@dataclass(frozen=True)
class FileView:
    """`links` are in the order of the chunks, of one chunk the surest first.

    `of_diagrams` are the links of every diagram, by the file's id and its place in that file.
    """

    index: FileIndex
    links: tuple[PatternLink, ...]
    linker: PatternLinker | None = None
    of_diagrams: Mapping[tuple[str, int], tuple[DiagramLink, ...]] = field(default_factory=dict)

    @classmethod
    def over(cls, index: FileIndex, linker: PatternLinker, labels: DiagramLinker | None = None) -> FileView:
        """Joins the chunks and diagrams of an index with the patterns of an opened library.

        Args:
            labels: joins diagrams; without it none is joined.
        """
        joined = {
            (file.card.id, number): labels.link(diagram)
            for file in (index.files if labels else ())
            for number, diagram in enumerate(file.read.diagrams)
            if labels is not None
        }
        return cls(index, linker.link(index.chunks, index.vectors), linker, joined)

    def nearest_patterns(
        self, vector: Vectors, limit: int, slugs: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, float], ...]:
        """Slug and cosine of the patterns nearest in meaning to a vector; see `PatternLinker.nearest`."""
        return self.linker.nearest(vector, limit, slugs) if self.linker else ()

    @cached_property
    def _by_chunk(self) -> dict[str, tuple[PatternLink, ...]]:
        found: defaultdict[str, list[PatternLink]] = defaultdict(list)
        for link in self.links:
            found[link.chunk].append(link)
        return {chunk: tuple(links) for chunk, links in found.items()}

    @cached_property
    def _by_pattern(self) -> dict[str, tuple[PatternLink, ...]]:
        found: defaultdict[str, list[PatternLink]] = defaultdict(list)
        for link in self.links:
            found[link.slug].append(link)
        return {slug: tuple(sorted(links, key=lambda link: -link.score)) for slug, links in found.items()}

    @property
    def patterns(self) -> tuple[str, ...]:
        """The slugs of all patterns that the files speak about, those with the most links first."""
        return tuple(sorted(self._by_pattern, key=lambda slug: (-len(self._by_pattern[slug]), slug)))

    def patterns_of(self, chunk: str) -> tuple[PatternLink, ...]:
        """The links of one chunk, the surest first."""
        return self._by_chunk.get(chunk, ())

    def links_to(self, slug: str) -> tuple[PatternLink, ...]:
        """The links to one pattern, the surest first."""
        return self._by_pattern.get(slug, ())

    def diagram_links(self, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        """The links of one diagram; none of one that is not there."""
        return self.of_diagrams.get((file, diagram), ())

    def restricted(self, files: frozenset[str]) -> FileView:
        """The same over some of the files only; all of them where none is named."""
        index = self.index.restricted(files)
        if index is self.index:
            return self
        kept = {chunk.id for chunk in index.chunks}
        joined = {place: links for place, links in self.of_diagrams.items() if place[0] in files}
        return FileView(index, tuple(link for link in self.links if link.chunk in kept), self.linker, joined)

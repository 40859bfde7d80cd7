"""An immutable snapshot of an indexed library: opened read-only, checked first.

    <index>/CURRENT                 name of the snapshot in use, swapped atomically
    <index>/writer.lock             held by the one process that builds
    <index>/<fingerprint>/          manifest.json, graph.kuzu, bm25/, pages.json, outline.json,
                                    diagrams.json, patterns.{npy,json}, sections/ (vectors, may still grow)

A snapshot is whole, or a segment of changes over a whole one: then it holds the changed
pages only, its folder's name ends in "-changes", and hidden.json says what of its base no
longer counts. Kuzu is never the only
copy: a snapshot can always be built again from its files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cml_mm.errors import SchemaMismatch, StoreCorrupt
from cml_mm.graph.bm25 import Bm25, Postings
from cml_mm.graph.graph_reading import LinkKey
from cml_mm.graph.graph_store_reader import GraphStoreReader
from cml_mm.graph.library_graph import LibraryGraph
from cml_mm.graph.library_rows import PAGE_ORDER, section_place
from cml_mm.graph.manifest import GRAPH, REBUILD, Manifest, base_folder, current_folder, verify
from cml_mm.graph.property_store import CommonsGraphStore
from cml_mm.graph.section_vectors import planned, read_vectors
from cml_mm.graph.segmented_store import SegmentedStore
from cml_mm.graph.vectors import VectorIndex
from cml_mm.types import IndexStatus


@dataclass(frozen=True)
class Part:
    """The files of one snapshot folder, opened."""

    folder: Path
    store: CommonsGraphStore
    pages: tuple[str, ...]
    postings: Postings
    pattern_vectors: VectorIndex

    @classmethod
    def open(cls, folder: Path, buffer_bytes: int) -> Part:
        return cls(
            folder=folder,
            store=CommonsGraphStore.open(folder / GRAPH, buffer_bytes=buffer_bytes),
            pages=tuple(json.loads((folder / "pages.json").read_text(encoding="utf-8"))),
            postings=Postings.load(folder / "bm25"),
            pattern_vectors=VectorIndex.load(folder, "patterns"),
        )


@dataclass(frozen=True)
class Hidden:
    """What of a base a segment replaces or takes away."""

    pages: tuple[str, ...]
    nodes: tuple[str, ...]
    links: tuple[LinkKey, ...]

    def write(self, folder: Path) -> None:
        (folder / "hidden.json").write_text(json.dumps(vars(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Hidden:
        raw = json.loads((folder / "hidden.json").read_text(encoding="utf-8"))
        links = tuple((source, label, target) for source, label, target in raw["links"])
        return cls(tuple(raw["pages"]), tuple(raw["nodes"]), links)


@dataclass(frozen=True)
class Snapshot:
    """Everything that retrieval reads, opened."""

    folder: Path
    manifest: Manifest
    base: Part
    store: GraphStoreReader
    library: LibraryGraph
    pages: tuple[str, ...]  # slug of each BM25 row
    bm25: Bm25
    pattern_vectors: VectorIndex
    hidden: frozenset[str] = frozenset()  # slugs of the base's pages that no longer count

    def section_vectors(self) -> VectorIndex:
        """As many section vectors as are ready, in the order of their pages."""
        vectors = read_vectors(self.base.folder / "sections")
        if self.folder == self.base.folder:
            return vectors
        added = read_vectors(self.folder / "sections")
        row = {slug: number for number, slug in enumerate(self.pages)}
        placed = [
            (row[slug], position, matrix, at)
            for matrix, index, hidden in ((0, vectors, self.hidden), (1, added, frozenset[str]()))
            for at, (slug, position) in enumerate(map(section_place, index.ids))
            if slug not in hidden
        ]
        placed.sort()
        both = (vectors.matrix, added.matrix)
        ids = tuple((vectors, added)[which].ids[at] for _, _, which, at in placed)
        gathered = [both[which][at] for _, _, which, at in placed]
        return VectorIndex(ids, np.stack(gathered) if gathered else np.zeros((0, 0), dtype=np.float32))

    def close(self) -> None:
        """Closes its files, those of its base too."""
        if isinstance(self.store, SegmentedStore):
            self.store.close()
        self.base.store.close()


def open_snapshot(
    index: Path, encoder: str, dimension: int, buffer_bytes: int, before: Snapshot | None = None
) -> Snapshot:
    """Checks every file, then opens read-only.

    Args:
        index: folder that holds CURRENT.
        encoder, dimension: of the text encoder that will ask; must be the one that indexed.
        buffer_bytes: Kuzu's buffer pool.
        before: a snapshot that is open already; if the new one lies over the same base, that is used again.
    Raises:
        StoreMissing, StoreCorrupt, SchemaMismatch.
    """
    folder = current_folder(index)
    manifest = Manifest.read(folder)
    if (manifest.encoder, manifest.dimension) != (encoder, dimension):
        raise SchemaMismatch(
            f"The index was made with the encoder {manifest.encoder} ({manifest.dimension} dimensions);"
            f" this app uses {encoder} ({dimension}).",
            REBUILD,
        )
    below = base_folder(folder, manifest)
    same = before is not None and before.base.folder == below
    verify(folder, manifest, base=not same)
    try:
        base = before.base if before is not None and same else Part.open(below, buffer_bytes)
        return _segmented(folder, manifest, base, buffer_bytes) if manifest.base else _whole(folder, manifest, base)
    except (OSError, ValueError, KeyError) as exc:
        raise StoreCorrupt("The index cannot be read.", REBUILD) from exc


def encoded_sections(folder: Path, manifest: Manifest) -> int:
    """How many of a snapshot's sections have their vector, without opening it.

    Raises: StoreCorrupt.
    """
    below = base_folder(folder, manifest)
    try:
        ready = read_vectors(below / "sections").ids
        if below == folder:
            return len(ready)
        hidden = set(Hidden.read(folder).pages)
        return sum(section_place(i)[0] not in hidden for i in ready) + len(read_vectors(folder / "sections").ids)
    except (OSError, ValueError, KeyError) as exc:
        raise StoreCorrupt("The index cannot be read.", REBUILD) from exc


def status_of(folder: Path, manifest: Manifest, section_vectors: int) -> IndexStatus:
    """How an index stands, in the words of screens and commands."""
    return IndexStatus(
        fingerprint=manifest.fingerprint,
        patterns=manifest.patterns,
        lighthouses=manifest.lighthouses,
        relations=manifest.relations,
        sections=manifest.sections,
        section_vectors=section_vectors,
        encoder=manifest.encoder,
        schema=manifest.schema,
        path=str(folder),
        licences=manifest.licences,
        documents=manifest.documents,
        adopters=manifest.adopters,
        dangling=manifest.dangling,
        sources=manifest.sources,
        built=manifest.built,
        problems=manifest.problems,
    )


def planned_sections(folder: Path, hidden: frozenset[str]) -> int:
    """How many sections of a whole snapshot get a vector, those of hidden pages left out."""
    return sum(section_place(i)[0] not in hidden for i in planned(folder / "sections"))


def _whole(folder: Path, manifest: Manifest, base: Part) -> Snapshot:
    bm25 = Bm25.of_pages(base.postings)
    library = LibraryGraph(base.store)
    return Snapshot(folder, manifest, base, base.store, library, base.pages, bm25, base.pattern_vectors)


def _segmented(folder: Path, manifest: Manifest, base: Part, buffer_bytes: int) -> Snapshot:
    change = Part.open(folder, buffer_bytes)
    hidden = Hidden.read(folder)
    store = SegmentedStore(base.store, change.store, hidden.nodes, hidden.links)
    library = LibraryGraph(store)
    order = sorted(library.entries.values(), key=lambda entry: (PAGE_ORDER.index(entry.kind), entry.slug))
    pages = tuple(entry.slug for entry in order)
    row = {slug: number for number, slug in enumerate(pages)}
    gone = frozenset(hidden.pages)
    below = np.array([-1 if slug in gone else row[slug] for slug in base.pages], dtype=np.int64)
    above = np.array([row[slug] for slug in change.pages], dtype=np.int64)
    matrix = np.empty((len(pages), manifest.dimension), dtype=np.float32)
    matrix[below[below >= 0]] = base.pattern_vectors.matrix[below >= 0]
    matrix[above] = change.pattern_vectors.matrix
    return Snapshot(
        folder=folder,
        manifest=manifest,
        base=base,
        store=store,
        library=library,
        pages=pages,
        bm25=Bm25([(base.postings, below), (change.postings, above)]),
        pattern_vectors=VectorIndex(pages, matrix),
        hidden=gone,
    )

"""Builds a snapshot beside the one in use, verifies it, swaps it in.

Where little has changed since the last whole snapshot, only a segment of changes is
built; both ways give the same content. Two stages: `update_snapshot` makes it usable
(graph, BM25 over everything, one vector a page); `deepen_snapshot` adds section vectors
in shards and can be interrupted and resumed at any moment.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path

import numpy as np
from llama_index.core.graph_stores.types import EntityNode, LabelledNode

from cml_mm.errors import StoreError, StoreFull
from cml_mm.graph.bm25 import Postings
from cml_mm.graph.graph_reading import STAND_IN
from cml_mm.graph.graph_rows import LinkRow
from cml_mm.graph.index_lock import writing
from cml_mm.graph.library_rows import (
    all_pages,
    library_links,
    link_row,
    name_nodes,
    page_nodes,
    section_id,
    section_links,
)
from cml_mm.graph.manifest import CURRENT, GRAPH, SCHEMA, Manifest, base_folder, current_folder, sha256_of, verify
from cml_mm.graph.outline import Outline, outline_of
from cml_mm.graph.page_diagrams import DrawnIds, DrawnPage, drawn_pages, read_ids, write_ids
from cml_mm.graph.property_store import CommonsGraphStore
from cml_mm.graph.section_vectors import (
    SHARD_ROWS,
    Progress,
    RememberingEncoder,
    encode_missing,
    write_plan,
)
from cml_mm.graph.snapshot import Hidden, planned_sections
from cml_mm.graph.vectors import VectorIndex, text_key
from cml_mm.ports import Cancelled, TextEncoder, Vectors
from cml_mm.types import AnyPage, Library, LibrarySource, Lighthouse, Pattern, Problem

EMPTY_GRAPH_BYTES = 10_000_000
BYTES_PER_TEXT_BYTE = 10  # graph, words and vectors took 7.5 (`python -m benchmarks build`); the rest is reserve
LARGEST_SEGMENT_SHARE = 0.05  # of the pages; more changes are built into a new whole snapshot
LARGEST_SMALL_SEGMENT = 32  # pages, for small libraries
SEGMENT_ENDING = "-changes"
KEEP_WHOLE_SECONDS = 24 * 3600
KEEP_SEGMENT_SECONDS = 600


@dataclass(frozen=True)
class Sources:
    """What is to be indexed.

    `library` may lack the sections of its pages; `read` gives pages with them. `code` names
    the code that prepares text: an index made by other code is made again.
    """

    library: Library
    read: Callable[[Iterable[AnyPage]], Iterator[AnyPage]]
    code: str
    origins: tuple[LibrarySource, ...] = ()


@dataclass(frozen=True)
class Base:
    """A whole snapshot: what it holds, how many sections each of its pages has, and what their diagrams added."""

    folder: Path
    outline: Outline
    sections: dict[str, int]
    drawn: dict[str, DrawnIds]


def update_snapshot(
    index: Path, sources: Sources, encoder: TextEncoder, progress: Progress, merge: bool = False
) -> Path:
    """The usable stage; returns soon where this very snapshot already stands.

    Args:
        index: folder for snapshots, made if missing.
        sources: what to index.
        encoder: for one vector a page.
        progress: called with what is being done, how many are done, of how many.
        merge: build a whole snapshot, even where a segment would do.
    Returns: the snapshot's folder, now in use.
    Raises: StoreBusy, StoreFull, StoreError.
    """
    with writing(index):
        outline = outline_of(sources.library)
        name = _fingerprint(outline, sources, encoder)
        there = [index / one for one in (name, name + SEGMENT_ENDING) if (index / one).is_dir()]
        for folder in there:
            if _stands(folder, merge):
                _swap(index, folder.name)
                return folder
        _sweep(index)
        work = _Build(index, name, sources, outline, RememberingEncoder(encoder, index), progress)
        base = None if merge or there else work.base()  # what is there is damaged, perhaps in its base
        # A segment has a name of its own, so that it stays whole for its readers while it is merged.
        folder = index / (name if base is None else name + SEGMENT_ENDING)
        beside = index / f".building-{folder.name}"
        beside.mkdir()
        manifest = work.whole(beside) if base is None else work.segment(beside, base)
        verify(beside, manifest, base=False)
        if folder.is_dir():
            shutil.rmtree(folder)  # damaged
        os.replace(beside, folder)
        keep = {folder.name, manifest.base, *_in_use(index)}
        _swap(index, folder.name)
        _drop_old(index, keep)
        return folder


def deepen_snapshot(index: Path, encoder: TextEncoder, progress: Progress, cancelled: Cancelled) -> None:
    """Adds the section vectors that are not there yet, a shard at a time.

    Raises: StoreBusy, StoreFull, StoreMissing, StoreCorrupt.
    """
    with writing(index):
        folder = current_folder(index)
        remembering = RememberingEncoder(encoder, index)
        for place in dict.fromkeys((folder, base_folder(folder, Manifest.read(folder)))):
            encode_missing(place / "sections", remembering, progress, cancelled)


def _fingerprint(outline: Outline, sources: Sources, encoder: TextEncoder) -> str:
    """Names the snapshot of this very content, its origins, encoder, code and schema."""
    said = [str(SCHEMA), sources.code, encoder.name, outline.content]
    said += [f"{origin.name} {origin.url} {origin.commit} {origin.notice}" for origin in sources.origins]
    said += [f"{problem.path} {problem.message}" for problem in sources.library.problems]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _in_use(index: Path) -> tuple[str, ...]:
    """The snapshot that CURRENT names and the one below it: somebody may be opening them at this moment."""
    try:
        folder = current_folder(index)
        return folder.name, Manifest.read(folder).base
    except StoreError:
        return ()


def _stands(folder: Path, merge: bool) -> bool:
    """Whether a snapshot is undamaged, and whole where that is wanted."""
    try:
        manifest = Manifest.read(folder)
        verify(folder, manifest)
    except StoreError:
        return False  # derived, so it is made again
    return not (merge and manifest.base)


@dataclass(frozen=True)
class _Build:
    """One build: what goes into it, and the two ways to do it."""

    index: Path
    name: str
    sources: Sources
    outline: Outline
    encoder: TextEncoder
    progress: Progress

    def base(self) -> Base | None:
        """The whole snapshot that a segment can lie over, or None where a whole one is to be built."""
        try:
            folder = current_folder(self.index)
            manifest = Manifest.read(folder)
            below = base_folder(folder, manifest)
            same = (manifest.code, manifest.encoder) == (self.sources.code, self.encoder.name)
            if not same or not _complete(below, Manifest.read(below)):
                return None
            before, sections = Outline.read(below)
            drawn = read_ids(below)
        except (StoreError, OSError, ValueError, KeyError, TypeError):
            return None
        changed = sum(before.pages.get(slug) != digest for slug, digest in self.outline.pages.items())
        gone = len(before.pages.keys() - self.outline.pages.keys())
        few = max(LARGEST_SMALL_SEGMENT, LARGEST_SEGMENT_SHARE * len(before.pages))
        return Base(below, before, sections, drawn) if changed + gone <= few else None

    def whole(self, folder: Path) -> Manifest:
        """Everything anew; vectors of texts that some snapshot knows are taken from there."""
        pages = list(self.sources.read(all_pages(self.sources.library)))
        _require_room(self.index, pages)
        nodes = (node for page in pages for node in page_nodes(page))
        edges = (row for page in pages for row in section_links(page.slug, len(page.sections)))
        links = (link_row(key, edge) for key, edge in library_links(self.sources.library).items())
        drawn = drawn_pages(pages)
        self._fill(folder, pages, drawn, [*name_nodes(self.sources.library)], nodes, [*links, *edges])
        self.outline.write(folder, {page.slug: len(page.sections) for page in pages})
        write_ids(folder, drawn)
        problems = [problem for page in drawn.values() for problem in page.problems]
        return self._manifest(folder, "", write_plan(folder / "sections", pages), problems)

    def segment(self, folder: Path, base: Base) -> Manifest:
        """What differs from a base, and what of the base no longer counts."""
        before, now, sections = base.outline, self.outline, base.sections
        stale = [slug for slug, digest in before.pages.items() if now.pages.get(slug) != digest]
        changed = [p for p in all_pages(self.sources.library) if before.pages.get(p.slug) != now.pages[p.slug]]
        pages = list(self.sources.read(changed))
        names = [n for n in name_nodes(self.sources.library) if before.names.get(n.id) != now.names[n.id]]
        links = library_links(self.sources.library)
        added = [link_row(key, links[key]) for key, digest in now.links.items() if before.links.get(key) != digest]
        edges = [row for page in pages for row in section_links(page.slug, len(page.sections))]
        nodes = [node for page in pages for node in page_nodes(page)]
        ends = {end for row in added for end in (row.source, row.target)} - {node.id for node in (*nodes, *names)}
        stand_ins = [EntityNode(name=end, label=STAND_IN) for end in sorted(ends)]
        drawn = drawn_pages(pages)
        self._fill(folder, pages, drawn, [*names, *stand_ins], nodes, [*added, *edges])
        old = [row.key for slug in stale for row in section_links(slug, sections[slug])]
        undrawn = [base.drawn[slug] for slug in stale if slug in base.drawn]
        problems = [one for slug in base.drawn.keys() - set(stale) for one in base.drawn[slug].problems]
        problems += [one for page in drawn.values() for one in page.problems]
        Hidden(
            pages=tuple(stale),
            nodes=(
                *stale,
                *(section_id(slug, position) for slug in stale for position in range(sections[slug])),
                *(name for name, digest in before.names.items() if now.names.get(name) != digest),
                *(node for page in undrawn for node in page.nodes),
            ),
            links=(
                *old,
                *(key for page in undrawn for key in page.links),
                *(key for key, digest in before.links.items() if now.links.get(key) != digest),
            ),
        ).write(folder)
        kept = planned_sections(base.folder, frozenset(stale))
        return self._manifest(folder, base.folder.name, kept + write_plan(folder / "sections", pages), problems)

    def _fill(
        self,
        folder: Path,
        pages: Sequence[AnyPage],
        drawn: Mapping[str, DrawnPage],
        others: Sequence[LabelledNode],
        nodes: Iterable[LabelledNode],
        links: Iterable[LinkRow],
    ) -> None:
        self.progress("graph", 0, len(pages))
        parts = (node for page in drawn.values() for node in page.nodes)
        arrows = (row for page in drawn.values() for row in page.links)
        with CommonsGraphStore.create(folder / GRAPH, dimension=self.encoder.dimension) as store:
            store.bulk_load(chain(nodes, others, parts), chain(links, arrows))
            self.progress("words", 0, len(pages))
            Postings.build(page_text(page) for page in pages).save(folder / "bm25")
            (folder / "pages.json").write_text(json.dumps([page.slug for page in pages]), encoding="utf-8")
            vectors = self._page_vectors(folder, pages)
            vectors.save(folder, "patterns")
            store.bulk_vectors(list(vectors.ids), vectors.matrix)

    def _page_vectors(self, folder: Path, pages: Sequence[AnyPage]) -> VectorIndex:
        texts = [page_card(page) for page in pages]
        rows: list[Vectors] = [np.zeros((0, self.encoder.dimension), dtype=np.float32)]
        for start in range(0, len(texts), SHARD_ROWS):
            rows.append(self.encoder.encode_passages(texts[start : start + SHARD_ROWS]))
            self.progress("patterns", min(start + SHARD_ROWS, len(texts)), len(texts))
        keys = np.array([text_key(text) for text in texts], dtype=np.uint64)
        np.save(folder / "patterns.keys.npy", keys, allow_pickle=False)
        return VectorIndex(tuple(page.slug for page in pages), np.concatenate(rows))

    def _manifest(self, folder: Path, base: str, sections: int, problems: Iterable[Problem]) -> Manifest:
        """Args: problems: those that came up while the index was built, beside those of the library."""
        library = self.sources.library
        undrawn = sorted(problems, key=lambda problem: (problem.path, problem.message))
        files = {
            str(path.relative_to(folder).as_posix()): sha256_of(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        manifest = Manifest(
            schema=SCHEMA,
            code=self.sources.code,
            encoder=self.encoder.name,
            dimension=self.encoder.dimension,
            fingerprint=self.name,
            content=self.outline.content,
            base=base,
            patterns=len(library.patterns),
            lighthouses=len(library.lighthouses),
            documents=len(library.documents),
            relations=len(library.relations),
            dangling=len(library.dangling),
            adopters=len({item.adopter_slug for item in library.adoptions}),
            sections=sections,
            licences=tuple(sorted({page.source.licence for page in all_pages(library)})),
            sources=self.sources.origins,
            problems=(*library.problems, *undrawn),
            built=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            files=files,
        )
        manifest.write(folder)
        return manifest


def page_card(page: AnyPage) -> str:
    """What the one vector of a page is made from: title, summary and keywords, where lay words often stand."""
    card = f"{page.title}. {page.summary}"
    return f"{card} {', '.join(page.keywords)}." if isinstance(page, Pattern) and page.keywords else card


def page_text(page: AnyPage) -> str:
    """Everything of a page that BM25 counts; its names twice, since they say what it is about."""
    parts = [page.title, page.title, page.summary]
    if isinstance(page, Pattern):
        parts += [*page.aliases, *page.aliases, *page.keywords, *(label for _, label in page.context_labels)]
        parts.append(page.tension)
    elif isinstance(page, Lighthouse):
        parts += [page.country, page.sector, *page.adopts]
    return "\n".join(parts + [f"{section.heading}\n{section.text}" for section in page.sections])


def _complete(folder: Path, manifest: Manifest) -> bool:
    """Whether a snapshot's files are all there; whether they are undamaged is checked when it is opened."""
    return all((folder / name).is_file() for name in manifest.files)


def _require_room(index: Path, pages: Sequence[AnyPage]) -> None:
    """Refuses before the graph is begun: Kuzu aborts the whole process when a disk fills while it writes."""
    text_bytes = sum(len(section.text.encode()) for page in pages for section in page.sections)
    needed_bytes = EMPTY_GRAPH_BYTES + BYTES_PER_TEXT_BYTE * text_bytes
    free_bytes = shutil.disk_usage(index).free
    if free_bytes < needed_bytes:
        raise StoreFull(
            f"The disk that holds {index} has {free_bytes / 1e6:.0f} MB left; this index needs about"
            f" {needed_bytes / 1e6:.0f} MB.",
            "Free some room, or choose another place with --index; the index in use is unchanged.",
        )


def _swap(index: Path, name: str) -> None:
    beside = index / f"{CURRENT}.part"
    with beside.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, index / CURRENT)


def _sweep(index: Path) -> None:
    for left in index.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)


def _drop_old(index: Path, keep: set[str]) -> None:
    """Removes snapshots that nobody opens any more; readers may still hold the last ones."""
    for folder in index.iterdir():
        if folder.name in keep or not (folder / "manifest.json").exists():
            continue
        segment = (folder / "hidden.json").exists()
        age_seconds = time.time() - (folder / "manifest.json").stat().st_mtime
        if age_seconds > (KEEP_SEGMENT_SECONDS if segment else KEEP_WHOLE_SECONDS):
            shutil.rmtree(folder, ignore_errors=True)

"""Builds a snapshot beside the one in use, verifies it, swaps it in.

Two stages: `build_snapshot` makes it usable (graph, BM25 over everything, one vector
a pattern); `deepen_snapshot` adds section vectors in shards and can be interrupted
and resumed at any moment, because a shard appears whole or not at all.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from cml_mm import prose
from cml_mm.errors import StoreBusy, StoreError, StoreFull
from cml_mm.graph.bm25 import Bm25
from cml_mm.graph.library_graph import library_links, library_nodes, section_id
from cml_mm.graph.property_store import CommonsGraphStore
from cml_mm.graph.snapshot import (
    CURRENT,
    GRAPH,
    SCHEMA,
    Manifest,
    current_folder,
    section_shards,
    sha256_of,
    verify,
)
from cml_mm.graph.vectors import VectorIndex, write_array
from cml_mm.ports import Cancelled, TextEncoder
from cml_mm.types import Library, Lighthouse, Pattern

SHARD_ROWS = 128
EMPTY_GRAPH_BYTES = 10_000_000
BYTES_PER_TEXT_BYTE = 10  # graph, words and vectors took 7.8 (`python -m benchmarks build`); the rest is reserve
OPENING_CHARS = 1100  # about what the encoder's 256 tokens hold
NARRATIVE_ROLES = frozenset(
    {
        "overview",
        "context",
        "problem",
        "solution",
        "principles",
        "practices",
        "implementation",
        "consequences",
        "when_to_use",
    }
)
Progress = Callable[[str, int, int], None]  # what, done, of


def fingerprint(library: Library, encoder: str) -> str:
    """Names the snapshot of these very files, encoder and schema."""
    digest = hashlib.sha256(f"{SCHEMA}\n{encoder}\n".encode())
    pages: list[Pattern | Lighthouse] = [*library.patterns, *library.lighthouses]
    for page in sorted(pages, key=lambda page: page.slug):
        digest.update(f"{page.slug} {page.source.id}\n".encode())
    for relation in library.relations:
        digest.update(
            f"{relation.kind}|{relation.subject}|{relation.object}|{relation.layer}|{relation.reason}\n".encode()
        )
    return digest.hexdigest()[:16]


def build_snapshot(
    index: Path, library: Library, library_names: tuple[str, ...], encoder: TextEncoder, progress: Progress
) -> Path:
    """The usable stage; returns at once where this very snapshot already stands.

    Args:
        index: folder for snapshots, made if missing.
        library: what to index.
        library_names: folder names, for the manifest.
        encoder: for one vector a pattern.
        progress: called with what is being done, how many are done, of how many.
    Returns: the snapshot's folder, now in use.
    Raises: StoreBusy, StoreFull, StoreError.
    """
    with writing(index):
        name = fingerprint(library, encoder.name)
        folder = index / name
        if folder.is_dir():
            try:
                verify(folder, Manifest.read(folder))
                _swap(index, name)
                return folder
            except StoreError:
                shutil.rmtree(folder)  # damaged: derived, so it is made again
        _sweep(index)
        _require_room(index, library)
        beside = index / f".building-{name}"
        beside.mkdir()
        manifest = _fill(beside, library, library_names, encoder, name, progress)
        verify(beside, manifest)
        os.replace(beside, folder)
        _swap(index, name)
        _drop_old(index, keep=name)
        return folder


def deepen_snapshot(index: Path, encoder: TextEncoder, progress: Progress, cancelled: Cancelled) -> None:
    """Adds the section vectors that are not there yet, a shard at a time.

    Raises: StoreBusy, StoreFull, StoreMissing, StoreCorrupt.
    """
    with writing(index):
        folder = current_folder(index) / "sections"
        ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        done = 0
        for expected, shard in enumerate(section_shards(folder.parent)):
            rows = _shard_rows(shard) if shard.stem == f"{expected:05d}" else 0
            if rows != min(SHARD_ROWS, len(ids) - done):
                shard.unlink()
                break
            done += rows
        texts = _section_texts(folder, done)
        while done < len(ids):
            if cancelled():
                return
            batch = [next(texts) for _ in range(min(SHARD_ROWS, len(ids) - done))]
            write_array(folder / f"{done // SHARD_ROWS:05d}.npy", encoder.encode_passages(batch))
            done += len(batch)
            progress("sections", done, len(ids))


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Holds the writer's lock; a full disk and a missing right become our errors."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "writer.lock")
        lock.acquire(timeout=0)
    except Timeout as exc:
        raise StoreBusy(
            f"Another process is building the index at {index}.",
            "Wait until it is done, or choose another place with --index.",
        ) from exc
    except OSError as exc:
        raise _disk_error(index, exc) from exc
    try:
        yield
    except OSError as exc:
        raise _disk_error(index, exc) from exc
    finally:
        lock.release()


def _disk_error(index: Path, exc: OSError) -> StoreError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(
            f"The disk that holds {index} is full.",
            "Free some room and run the same command again; the index in use is unchanged.",
        )
    return StoreError(
        f"The index at {index} cannot be written ({exc.strerror or exc}).",
        "Check the folder's rights, or choose another place with --index.",
    )


def _require_room(index: Path, library: Library) -> None:
    """Refuses before the graph is begun: Kuzu aborts the whole process when a disk fills while it writes."""
    pages: list[Pattern | Lighthouse] = [*library.patterns, *library.lighthouses]
    text_bytes = sum(len(section.text.encode()) for page in pages for section in page.sections)
    needed_bytes = EMPTY_GRAPH_BYTES + BYTES_PER_TEXT_BYTE * text_bytes
    free_bytes = shutil.disk_usage(index).free
    if free_bytes < needed_bytes:
        raise StoreFull(
            f"The disk that holds {index} has {free_bytes / 1e6:.0f} MB left; this index needs about"
            f" {needed_bytes / 1e6:.0f} MB.",
            "Free some room, or choose another place with --index; the index in use is unchanged.",
        )


def _fill(
    folder: Path,
    library: Library,
    library_names: tuple[str, ...],
    encoder: TextEncoder,
    name: str,
    progress: Progress,
) -> Manifest:
    pages: list[Pattern | Lighthouse] = [*library.patterns, *library.lighthouses]
    progress("graph", 0, len(pages))
    with CommonsGraphStore.create(folder / GRAPH, dimension=encoder.dimension) as store:
        store.bulk_load(library_nodes(library), library_links(library))
        content_hash = store.content_hash()
        progress("words", 0, len(pages))
        Bm25.build([page_text(page) for page in pages]).save(folder / "bm25")
        (folder / "pages.json").write_text(json.dumps([page.slug for page in pages]), encoding="utf-8")
        vectors = _pattern_vectors(library, encoder, progress)
        vectors.save(folder, "patterns")
        store.bulk_vectors(list(vectors.ids), vectors.matrix)
    sections = _write_section_plan(folder / "sections", library)
    files = {
        str(path.relative_to(folder).as_posix()): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = Manifest(
        schema=SCHEMA,
        encoder=encoder.name,
        dimension=encoder.dimension,
        fingerprint=name,
        content_hash=content_hash,
        patterns=len(library.patterns),
        lighthouses=len(library.lighthouses),
        relations=len(library.relations),
        sections=sections,
        licences=tuple(sorted({page.source.licence for page in pages})),
        libraries=library_names,
        problems=tuple(f"{p.path}: {p.message}" for p in library.problems),
        files=files,
    )
    manifest.write(folder)
    return manifest


def page_text(page: Pattern | Lighthouse) -> str:
    """Everything of a page that BM25 counts; its names twice, since they say what it is about."""
    parts = [page.title, page.title, page.summary]
    if isinstance(page, Pattern):
        parts += [*page.aliases, *page.aliases, *page.keywords, *(label for _, label in page.context_labels)]
        parts.append(page.tension)
    else:
        parts += [page.country, page.sector, *page.adopts]
    return "\n".join(parts + [f"{section.heading}\n{section.text}" for section in page.sections])


def _pattern_vectors(library: Library, encoder: TextEncoder, progress: Progress) -> VectorIndex:
    ids: list[str] = []
    rows = []
    pages: list[Pattern | Lighthouse] = [*library.patterns, *library.lighthouses]
    for start in range(0, len(pages), SHARD_ROWS):
        batch = pages[start : start + SHARD_ROWS]
        rows.append(encoder.encode_passages([f"{page.title}. {page.summary}" for page in batch]))
        ids += [page.slug for page in batch]
        progress("patterns", len(ids), len(pages))
    return VectorIndex(tuple(ids), np.concatenate(rows))


def _write_section_plan(folder: Path, library: Library) -> int:
    """Writes which sections get a vector and from which words; returns how many."""
    folder.mkdir()
    ids: list[str] = []
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as file:
        pages: list[Pattern | Lighthouse] = [*library.patterns, *library.lighthouses]
        for page in pages:
            for position, section in enumerate(page.sections):
                if section.role in NARRATIVE_ROLES and section.text.strip():
                    ids.append(section_id(page.slug, position))
                    opening = prose.plain(section.text[: 2 * OPENING_CHARS])[:OPENING_CHARS]
                    file.write(json.dumps(f"{page.title}. {opening}") + "\n")
    (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    return len(ids)


def _section_texts(folder: Path, skip: int) -> Iterator[str]:
    with (folder / "texts.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number >= skip:
                yield json.loads(line)


def _shard_rows(path: Path) -> int:
    try:
        return len(np.load(path, allow_pickle=False, mmap_mode="r"))
    except (OSError, ValueError, EOFError):
        return 0


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


def _drop_old(index: Path, keep: str) -> None:
    """Removes snapshots that nobody has opened for a day; readers may still hold the last one."""
    for folder in index.iterdir():
        stale = folder.is_dir() and folder.name != keep and (folder / "manifest.json").exists()
        if stale and time.time() - (folder / "manifest.json").stat().st_mtime > 24 * 3600:
            shutil.rmtree(folder, ignore_errors=True)

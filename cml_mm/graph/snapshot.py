"""An immutable snapshot of an indexed library: opened read-only, checked first.

    <index>/CURRENT                 name of the snapshot in use, swapped atomically
    <index>/writer.lock             held by the one process that builds
    <index>/<fingerprint>/          manifest.json, graph.kuzu, bm25/, pages.json,
                                    patterns.{npy,json}, sections/ (vectors, may still grow)

Kuzu is never the only copy: a snapshot can always be built again from its files.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from cml_mm.errors import SchemaMismatch, StoreCorrupt, StoreMissing
from cml_mm.graph.bm25 import Bm25
from cml_mm.graph.library_graph import LibraryGraph
from cml_mm.graph.property_store import CommonsGraphStore
from cml_mm.graph.vectors import VectorIndex

SCHEMA = 1
CURRENT = "CURRENT"
GRAPH = "graph.kuzu"
REBUILD = "Build it again: `cml index` (your library's files are untouched)."


@dataclass(frozen=True)
class Manifest:
    """What a snapshot was made from and what it must contain."""

    schema: int
    encoder: str
    dimension: int
    fingerprint: str
    content_hash: str
    patterns: int
    lighthouses: int
    relations: int
    sections: int  # those that get a vector
    licences: tuple[str, ...]
    libraries: tuple[str, ...]  # folder names only: no machine paths
    problems: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)  # relative path → sha256

    def write(self, folder: Path) -> None:
        (folder / "manifest.json").write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises: StoreCorrupt when missing or unreadable, SchemaMismatch when of another schema."""
        try:
            raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            schema = raw["schema"]
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise StoreCorrupt("The index has no readable manifest.", REBUILD) from exc
        if schema != SCHEMA:
            raise SchemaMismatch(f"The index has schema {schema}; this version reads schema {SCHEMA}.", REBUILD)
        try:
            for name in ("licences", "libraries", "problems"):
                raw[name] = tuple(raw[name])
            return cls(**raw)
        except (KeyError, TypeError) as exc:
            raise StoreCorrupt("The index's manifest is damaged.", REBUILD) from exc


@dataclass(frozen=True)
class Snapshot:
    """Everything that retrieval reads, opened."""

    folder: Path
    manifest: Manifest
    store: CommonsGraphStore
    library: LibraryGraph
    pages: tuple[str, ...]  # slug of each BM25 row
    bm25: Bm25
    pattern_vectors: VectorIndex

    def section_vectors(self) -> VectorIndex:
        """As many section vectors as are ready, in row order."""
        return read_section_vectors(self.folder)

    def close(self) -> None:
        self.store.close()


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def current_folder(index: Path) -> Path:
    """The snapshot in use.

    Raises:
        StoreMissing: nothing was indexed here.
        StoreCorrupt: CURRENT names a snapshot that is not there.
    """
    pointer = index / CURRENT
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError as exc:
        raise StoreMissing(f"There is no index at {index}.", "Make one: `cml index`.") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise StoreCorrupt(f"The index at {index} cannot be read.", REBUILD) from exc
    folder = index / name
    if not name or "/" in name or not folder.is_dir():
        raise StoreCorrupt(f"The index at {index} points to a snapshot that is not there.", REBUILD)
    return folder


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises: StoreCorrupt when a file is missing, cut short or changed."""
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise StoreCorrupt(f"The index has lost its file {name}.", REBUILD)
        if sha256_of(path) != expected:
            raise StoreCorrupt(f"The index's file {name} is damaged.", REBUILD)


def open_snapshot(index: Path, encoder: str, dimension: int, buffer_bytes: int) -> Snapshot:
    """Checks every file, then opens read-only.

    Args:
        index: folder that holds CURRENT.
        encoder, dimension: of the text encoder that will ask; must be the one that indexed.
        buffer_bytes: Kuzu's buffer pool.
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
    verify(folder, manifest)
    store = CommonsGraphStore.open(folder / GRAPH, buffer_bytes=buffer_bytes)
    return Snapshot(
        folder=folder,
        manifest=manifest,
        store=store,
        library=LibraryGraph(store),
        pages=tuple(json.loads((folder / "pages.json").read_text(encoding="utf-8"))),
        bm25=Bm25.load(folder / "bm25"),
        pattern_vectors=VectorIndex.load(folder, "patterns"),
    )


def section_shards(folder: Path) -> list[Path]:
    return sorted((folder / "sections").glob("[0-9]*.npy"))


def read_section_vectors(folder: Path) -> VectorIndex:
    """The vectors of as many leading sections as have been encoded.

    Raises: StoreCorrupt when a shard cannot be read.
    """
    ids = tuple(json.loads((folder / "sections" / "ids.json").read_text(encoding="utf-8")))
    shards = []
    for expected, path in enumerate(section_shards(folder)):
        if path.stem != f"{expected:05d}":
            break
        try:
            shards.append(np.load(path, allow_pickle=False))
        except (OSError, ValueError, EOFError) as exc:
            raise StoreCorrupt(f"The index's file sections/{path.name} is damaged.", REBUILD) from exc
    if not shards:
        return VectorIndex((), np.zeros((0, 0), dtype=np.float32))
    matrix = np.concatenate(shards)
    return VectorIndex(ids[: len(matrix)], matrix)

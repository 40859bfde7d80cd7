"""What a snapshot was made from and what it must contain; where it lies and which one is in use."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cml_mm.errors import SchemaMismatch, StoreCorrupt, StoreMissing
from cml_mm.types import LibrarySource, Problem

SCHEMA = 3  # since 3, pages' diagrams stand in the graph
CURRENT = "CURRENT"
GRAPH = "graph.kuzu"
REBUILD = "Build it again: `cml index` (your library's files are untouched)."


@dataclass(frozen=True)
class Manifest:
    """What a snapshot was made from and what it must contain.

    `base` names the snapshot that this one's changes lie over; empty for a whole one. The
    counts are those of both together.
    """

    schema: int
    code: str  # names the code that prepared the text
    encoder: str
    dimension: int
    fingerprint: str
    content: str  # sha256 over everything that was indexed
    base: str
    patterns: int
    lighthouses: int
    documents: int
    relations: int
    dangling: int
    adopters: int
    sections: int  # those that get a vector
    licences: tuple[str, ...]
    sources: tuple[LibrarySource, ...]  # names only: no machine paths
    problems: tuple[Problem, ...]
    built: str  # ISO 8601, UTC
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
            raw["licences"] = tuple(raw["licences"])
            raw["sources"] = tuple(LibrarySource(**source) for source in raw["sources"])
            raw["problems"] = tuple(Problem(**problem) for problem in raw["problems"])
            return cls(**raw)
        except (KeyError, TypeError) as exc:
            raise StoreCorrupt("The index's manifest is damaged.", REBUILD) from exc


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


def base_folder(folder: Path, manifest: Manifest) -> Path:
    """The whole snapshot under one: itself, or the one that its changes lie over.

    Raises: StoreCorrupt when that one is gone.
    """
    below = folder.parent / manifest.base if manifest.base else folder
    if not below.is_dir():
        raise StoreCorrupt("The index has lost the snapshot that its changes lie over.", REBUILD)
    return below


def verify(folder: Path, manifest: Manifest, base: bool = True) -> None:
    """Compares every file with its hash.

    Args:
        folder, manifest: of one snapshot.
        base: check the snapshot below it too.
    Raises: StoreCorrupt when a file is missing, cut short or changed.
    """
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise StoreCorrupt(f"The index has lost its file {name}.", REBUILD)
        if sha256_of(path) != expected:
            raise StoreCorrupt(f"The index's file {name} is damaged.", REBUILD)
    below = base_folder(folder, manifest)
    if below != folder and base:
        verify(below, Manifest.read(below))

"""Section vectors: which sections get one, in shards that appear whole or not at all, remembered by text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cml_mm import prose
from cml_mm.errors import StoreCorrupt, StoreError
from cml_mm.graph.library_rows import section_id
from cml_mm.graph.manifest import REBUILD, Manifest
from cml_mm.graph.vectors import VectorIndex, text_key, write_array
from cml_mm.ports import Cancelled, TextEncoder, Vectors
from cml_mm.types import AnyPage

Progress = Callable[[str, int, int], None]  # what, done, of
SHARD_ROWS = 128
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


def write_plan(folder: Path, pages: Iterable[AnyPage]) -> int:
    """Writes which sections get a vector and from which words; returns how many."""
    folder.mkdir()
    ids: list[str] = []
    keys: list[int] = []
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as file:
        for page in pages:
            for position, section in enumerate(page.sections):
                of_document = page.source.kind == "document"
                if (of_document or section.role in NARRATIVE_ROLES) and section.text.strip():
                    ids.append(section_id(page.slug, position))
                    opening = prose.plain(section.text[: 2 * OPENING_CHARS])[:OPENING_CHARS]
                    text = f"{page.title}. {opening}"
                    keys.append(text_key(text))
                    file.write(json.dumps(text) + "\n")
    (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    np.save(folder / "keys.npy", np.array(keys, dtype=np.uint64), allow_pickle=False)
    return len(ids)


def planned(folder: Path) -> list[str]:
    """The ids of all sections that get a vector, in row order."""
    ids: list[str] = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
    return ids


def encode_missing(folder: Path, encoder: TextEncoder, progress: Progress, cancelled: Cancelled) -> None:
    """Adds the vectors that are not there yet, a shard at a time; what is there is checked first."""
    total = len(planned(folder))
    done = 0
    for expected, shard in enumerate(_shards(folder)):
        rows = _shard_rows(shard) if shard.stem == f"{expected:05d}" else 0
        if rows != min(SHARD_ROWS, total - done):
            shard.unlink()
            break
        done += rows
    texts = _texts(folder, done)
    while done < total:
        if cancelled():
            return
        batch = [next(texts) for _ in range(min(SHARD_ROWS, total - done))]
        write_array(folder / f"{done // SHARD_ROWS:05d}.npy", encoder.encode_passages(batch))
        done += len(batch)
        progress("sections", done, total)


def read_vectors(folder: Path) -> VectorIndex:
    """The vectors of as many leading sections as have been encoded.

    Raises: StoreCorrupt when a shard cannot be read.
    """
    shards = []
    for expected, path in enumerate(_shards(folder)):
        if path.stem != f"{expected:05d}":
            break
        try:
            shards.append(np.load(path, allow_pickle=False))
        except (OSError, ValueError, EOFError) as exc:
            raise StoreCorrupt(f"The index's file sections/{path.name} is damaged.", REBUILD) from exc
    if not shards:
        return VectorIndex((), np.zeros((0, 0), dtype=np.float32))
    matrix = np.concatenate(shards)
    return VectorIndex(tuple(planned(folder)[: len(matrix)]), matrix)


class RememberingEncoder:
    """An encoder that looks a text up in the snapshots that are there before it encodes it."""

    def __init__(self, encoder: TextEncoder, index: Path) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.english_only = encoder.english_only
        self._folders = [(folder, keys, np.argsort(keys)) for folder, keys in _remembered(index, encoder.name)]
        self._open: dict[Path, Vectors] = {}

    def encode_query(self, text: str) -> Vectors:
        return self._encoder.encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            known = self._known(np.uint64(text_key(text)))
            vectors[row] = self._encoder.encode_passages([text])[0] if known is None else known
        return vectors

    def _known(self, key: np.uint64) -> Vectors | None:
        for folder, keys, order in self._folders:
            place = int(np.searchsorted(keys, key, sorter=order))
            if place < len(keys) and keys[order[place]] == key:
                vector = self._vector(folder, int(order[place]))
                if vector is not None:
                    return vector
        return None

    def _vector(self, folder: Path, row: int) -> Vectors | None:
        """A remembered vector; None where it is damaged, so that the text is encoded again."""
        if folder.name == "sections":
            path, row = folder / f"{row // SHARD_ROWS:05d}.npy", row % SHARD_ROWS
        else:
            path = folder / "patterns.npy"
        try:
            if path not in self._open:
                self._open[path] = np.load(path, allow_pickle=False, mmap_mode="r")
            vector: Vectors = np.array(self._open[path][row], dtype=np.float32)
        except (OSError, ValueError, EOFError, IndexError):
            return None
        return vector if abs(float(vector @ vector) - 1.0) < 1e-3 else None


def _remembered(index: Path, encoder: str) -> Iterator[tuple[Path, NDArray[np.uint64]]]:
    for path in sorted(index.glob("[0-9a-f]*/manifest.json")):
        try:
            if Manifest.read(path.parent).encoder != encoder:
                continue
            yield path.parent, np.load(path.parent / "patterns.keys.npy", allow_pickle=False)
            sections = path.parent / "sections"
            encoded = SHARD_ROWS * len(_shards(sections))  # its last shard may be shorter
            yield sections, np.load(sections / "keys.npy", allow_pickle=False)[:encoded]
        except (StoreError, OSError, ValueError, EOFError):
            continue  # of another version, or damaged: nothing is remembered from it


def _shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*.npy"))


def _texts(folder: Path, skip: int) -> Iterator[str]:
    with (folder / "texts.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number >= skip:
                yield json.loads(line)


def _shard_rows(path: Path) -> int:
    try:
        return len(np.load(path, allow_pickle=False, mmap_mode="r"))
    except (OSError, ValueError, EOFError):
        return 0

"""The library's patterns in the space of an image encoder, so that a picture can lead to the nearest of them.

Vectors lie in a folder beside the snapshots, in shards that appear whole or not at all, one for each
text by its hash: a pattern that did not change is encoded once, whatever snapshot it stands in.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cml_mm.graph.vectors import cosines, text_key, write_array
from cml_mm.ports import Cancelled, ImageEncoder, Vectors

if TYPE_CHECKING:
    from cml_mm.graph.library_graph import Entry

FOLDER = "looks"
SHARD_ROWS = 64


class PatternLooks:
    """What each pattern would look like: the vectors of its title with its summary.

    Args:
        entries: of an opened library; only its patterns count.
        encoder: of pictures and texts.
        index: the folder of snapshots; vectors of each encoder lie in a folder of their own there.
    """

    def __init__(self, entries: Iterable[Entry], encoder: ImageEncoder, index: Path) -> None:
        self._entries = tuple(entry for entry in entries if entry.kind == "pattern")
        self.encoder = encoder
        self._folder = index / FOLDER / hashlib.sha256(encoder.name.encode()).hexdigest()[:16]
        self._lock = threading.Lock()
        self._ready: Vectors | None = None

    def nearest(self, vector: Vectors, limit: int = 3) -> tuple[tuple[str, float], ...]:
        """Slug and cosine of the patterns nearest to a picture, the nearest first; missing vectors are made first.

        Args:
            vector: of the picture.
            limit: how many at most.
        """
        self.make(lambda: False)
        if self._ready is None or not self._entries:
            return ()
        near = cosines(self._ready, vector)
        return tuple((self._entries[row].slug, float(near[row])) for row in np.argsort(-near, kind="stable")[:limit])

    def make(self, cancelled: Cancelled) -> bool:
        """Encodes what has no vector yet, shard by shard.

        Returns: whether every pattern has one now.
        """
        with self._lock:
            if self._ready is not None:
                return True
            texts = [f"{entry.title}. {entry.summary}".strip() for entry in self._entries]
            keys = [text_key(text) for text in texts]
            known = self._read()
            missing = list(dict.fromkeys(row for row, key in enumerate(keys) if key not in known))
            for start in range(0, len(missing), SHARD_ROWS):
                if cancelled():
                    return False
                rows = missing[start : start + SHARD_ROWS]
                vectors = self.encoder.encode_texts([texts[row] for row in rows])
                self._write([keys[row] for row in rows], vectors)
                known.update(zip((keys[row] for row in rows), vectors, strict=True))
            empty = np.zeros((0, self.encoder.dimension), np.float32)
            self._ready = np.stack([known[key] for key in keys]) if keys else empty
            return True

    def _read(self) -> dict[int, Vectors]:
        """What is there, by text; a damaged shard is passed over and made again."""
        found: dict[int, Vectors] = {}
        for path in sorted(self._folder.glob("*.keys.npy")):
            try:
                keys: NDArray[np.uint64] = np.load(path, allow_pickle=False)
                vectors = np.load(path.with_name(path.name.replace(".keys.npy", ".npy")), allow_pickle=False)
            except (OSError, ValueError, EOFError):
                continue
            if vectors.shape == (len(keys), self.encoder.dimension):
                found.update(zip(map(int, keys), vectors, strict=True))
        return found

    def _write(self, keys: Sequence[int], vectors: Vectors) -> None:
        """The keys are written last: a shard without them is none."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{keys[0]:016x}"
        write_array(self._folder / f"{name}.npy", vectors)
        beside = self._folder / f"{name}.keys.part"
        with beside.open("wb") as file:
            np.save(file, np.array(keys, dtype=np.uint64), allow_pickle=False)
        beside.replace(self._folder / f"{name}.keys.npy")

"""An encoder that keeps what it has encoded, in memory and, if wanted, in a folder between runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cml_mm.graph.vectors import text_key, write_array
from cml_mm.ports import TextEncoder, Vectors

SHARD_ROWS = 1024


class CachedEncoder:
    """A text is encoded once; its vector is that of the encoder underneath, letter for letter.

    Args:
        encoder: what encodes a text that is not known yet.
        folder: where vectors are kept between runs; of several encoders each has its own part.
    """

    def __init__(self, encoder: TextEncoder, folder: Path | None = None) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.english_only = encoder.english_only
        self._known: dict[int, Vectors] = {}
        self._fresh: list[int] = []
        self._folder = folder / f"{text_key(encoder.name):016x}" if folder else None
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(self._folder.glob("*.json")):
                keys = json.loads(path.read_text("utf-8"))
                self._known.update(zip(keys, np.load(path.with_suffix(".npy"), allow_pickle=False), strict=True))

    def learn(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Takes in vectors that have been made elsewhere, shape (len(texts), dimension)."""
        self._known.update((text_key(text), vector) for text, vector in zip(texts, vectors, strict=True))

    def encode_query(self, text: str) -> Vectors:
        """Questions are not kept, so that their time is measured as it is."""
        return self._encoder.encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            key = text_key(text)
            if key not in self._known:
                self._known[key] = self._encoder.encode_passages([text])[0]
                self._fresh.append(key)
                if len(self._fresh) >= SHARD_ROWS:
                    self.save()
            vectors[row] = self._known[key]
        return vectors

    def save(self) -> None:
        """Writes what is new; of a run that was stopped at most the last thousand are lost."""
        if self._folder and self._fresh:
            path = self._folder / f"{self._fresh[0]:016x}.npy"
            write_array(path, np.stack([self._known[key] for key in self._fresh]))
            path.with_suffix(".json").write_text(json.dumps(self._fresh), "utf-8")
        self._fresh = []

"""A text encoder without a model: how often each letter stands in a text. Equal texts, equal vectors; no more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cml_mm.ports import Vectors

DIMENSION = 32


class Lettered:
    """Implements `ports.TextEncoder`."""

    name = "letters/1"
    dimension = DIMENSION
    english_only = False

    def encode_query(self, text: str) -> Vectors:
        vector = np.ones(DIMENSION, dtype=np.float32)
        for place, letter in enumerate(text.encode()):
            vector[letter % DIMENSION] += 1 + place / 1_000
        return vector / np.float32(np.linalg.norm(vector))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.encode_query(text) for text in texts]) if texts else np.zeros((0, DIMENSION), np.float32)

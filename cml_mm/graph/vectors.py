"""Exact cosine search over a matrix of unit vectors, kept as plain NumPy files.

No approximate index: at this size exact search costs milliseconds, while HNSW in
Kuzu took 123 CPU-seconds to build and forbids updates.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cml_mm.ports import Vectors


def text_key(text: str) -> int:
    """64 bits that stand for a text that was encoded."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class VectorIndex:
    """Row i of `matrix` (unit length, float32) belongs to `ids[i]`."""

    ids: tuple[str, ...]
    matrix: Vectors

    def scores(self, query: Vectors) -> Vectors:
        """Cosine of every row with a unit query vector.

        Args:
            query: shape (dimension,).
        Returns: shape (len(ids),).
        """
        if not self.ids:
            return np.zeros(0, dtype=np.float32)
        return cosines(self.matrix, query)

    def save(self, folder: Path, name: str) -> None:
        """Writes NAME.npy and NAME.json."""
        write_array(folder / f"{name}.npy", self.matrix)
        (folder / f"{name}.json").write_text(json.dumps(list(self.ids)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> VectorIndex:
        ids = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return cls(tuple(ids), np.load(folder / f"{name}.npy", allow_pickle=False))


def cosines(matrix: Vectors, query: Vectors) -> Vectors:
    """Cosine of every row, of unit length, with a unit query vector.

    Not `@`: one question's product is bound by memory, and the threads that BLAS wakes for it burn
    up to seven times the time in waiting. One thread is about as fast up to 40,000 rows.

    Args:
        matrix: shape (rows, dimension).
        query: shape (dimension,).
    Returns: shape (rows,).
    """
    return np.asarray(np.einsum("ij,j->i", matrix, query), dtype=np.float32)


def write_array(path: Path, array: Vectors) -> None:
    """Writes beside, then swaps: a reader sees the whole file or none."""
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        np.save(file, np.ascontiguousarray(array, dtype=np.float32), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)

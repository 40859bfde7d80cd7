"""Exact vector search through our index against the bare NumPy product; limit: 2 times."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cml_mm.graph.vectors import VectorIndex

ROWS = 40_000
DIMENSION = 384
ROUNDS = 50


def main(library: Path, index: Path) -> None:
    matrix = np.random.default_rng(1).standard_normal((ROWS, DIMENSION)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    ours = VectorIndex(tuple(str(row) for row in range(ROWS)), matrix)
    query = matrix[0]
    # In turn, so that a slower moment of the machine meets both.
    pairs = [(_cpu(lambda: ours.scores(query)), _cpu(lambda: matrix @ query)) for _ in range(ROUNDS)]
    ratio = float(np.median([a / b for a, b in pairs]))
    milliseconds = 1000 * float(np.median([a for a, _ in pairs]))
    print(f"{ROWS:,} x {DIMENSION}: {milliseconds:.1f} CPU-ms, {ratio:.2f} times bare NumPy (limit 2)")


def _cpu(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began

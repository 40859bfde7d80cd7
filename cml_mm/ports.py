"""Interfaces between layers: what the engine needs, never how it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cml_mm.types import Answer, AskEvent, Hit, IndexStatus, Neighbourhood, Pattern

Vectors = NDArray[np.float32]
Cancelled = Callable[[], bool]


class TextEncoder(Protocol):
    """Texts to vectors of length 1."""

    @property
    def name(self) -> str:
        """Model, precision and hash, as the index records it."""

    @property
    def dimension(self) -> int: ...

    def encode_query(self, text: str) -> Vectors:
        """Returns: shape (dimension,)."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Returns: shape (len(texts), dimension), each row independent of its neighbours."""


class Asker(Protocol):
    """What screens see of the engine."""

    def ask(self, question: str, cancelled: Cancelled | None = None) -> Iterator[AskEvent]: ...

    def answer(self, question: str) -> Answer: ...

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]: ...

    def related(self, slug: str) -> Neighbourhood: ...

    def pattern(self, slug: str) -> Pattern: ...

    def status(self) -> IndexStatus: ...

    def examples(self) -> tuple[str, ...]:
        """Questions that this library can answer, for the empty state."""

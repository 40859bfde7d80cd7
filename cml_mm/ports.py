"""Interfaces between layers: what the engine needs, never how it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cml_mm.talk import NO_TALK, Facet, FacetKind, Lens, Talk
from cml_mm.types import Answer, AskEvent, Card, Document, Hit, IndexStatus, Neighbourhood, Pattern, Reading

Vectors = NDArray[np.float32]
Cancelled = Callable[[], bool]

# A file's bytes, its path as readers know it, its slug → the document. Raises InputError where it cannot be read.
DOCUMENT_ENDINGS = frozenset({".md", ".txt", ".html", ".htm", ".pdf", ".docx", ".pptx"})
DocumentReader = Callable[[bytes, str, str], Document]


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


class Librarian(Protocol):
    """What the library's page sees of the engine."""

    def cards(self) -> tuple[Card, ...]:
        """Every page, by title; the same tuple until the index changes."""

    def find(self, typed: str, limit: int = 20) -> tuple[Card, ...]:
        """Pages for what has been typed so far: by name, then by words. Quick enough for every key."""

    def read(self, slug: str) -> Reading:
        """Raises: InputError: no such page."""

    def status(self) -> IndexStatus: ...


class Asker(Protocol):
    """What screens see of the engine."""

    def ask(self, question: str, cancelled: Cancelled | None = None, talk: Talk = NO_TALK) -> Iterator[AskEvent]:
        """Args: talk: the conversation so far; a follow-up and the lens are read from it."""

    def answer(self, question: str, talk: Talk = NO_TALK) -> Answer: ...

    def lens(self, talk: Talk) -> Lens:
        """Whose eyes the next question is seen with, as far as the conversation tells."""

    def lens_choices(self) -> tuple[Facet, ...]:
        """What an asker can say of themselves: only what the library knows, kind by kind."""

    def facet(self, kind: FacetKind, name: str) -> Facet:
        """Raises: InputError: the library knows no such persona, scale, stage or domain."""

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]: ...

    def related(self, slug: str) -> Neighbourhood: ...

    def pattern(self, slug: str) -> Pattern: ...

    def status(self) -> IndexStatus: ...

    def examples(self) -> tuple[str, ...]:
        """Questions that this library can answer, for the empty state."""


class Desk(Asker, Librarian, Protocol):
    """What the whole page sees of the engine: one that answers and shows its library."""

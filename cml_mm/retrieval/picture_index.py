"""Pictures found by how they look: a visitor's pages and pictures in the space of an image encoder.

That space is its own: its vectors are never compared with a text encoder's. How near a text
and a picture lie says little by itself, since every picture lies at some middling distance from
every text. So a picture counts as what was asked for where the question's words fit it better
than plain descriptions of other things do (zero-shot classification as in Radford et al. 2021,
arXiv 2103.00020, section 3.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from cml_mm import prose
from cml_mm.errors import SchemaMismatch
from cml_mm.graph.vectors import cosines
from cml_mm.ports import ImageEncoder, Vectors
from cml_mm.visits import FoundPicture, StoredFile

LEAST_SURE = 0.5
SCALE = 100.0  # by which CLIP's training ends up multiplying cosines
AS_PICTURE = "a picture of {}"
# What pictures that people bring may show as well; those that the question speaks of are left out.
OTHERS = (
    "a page of printed text",
    "a handwritten note",
    "a table of numbers",
    "a chart with bars and lines",
    "a diagram of boxes and arrows",
    "a map",
    "a group of people",
    "a room",
    "a street with houses",
    "trees and fields",
    "an animal",
    "food",
    "a tool",
    "a logo",
    "an empty sheet",
)


class PictureIndex:
    """One visitor's pages and pictures by their looks; nothing is encoded but what is asked."""

    def __init__(self, files: Sequence[StoredFile], encoder: ImageEncoder) -> None:
        """Use `build`."""
        self._encoder = encoder
        looks = [(file.card.id, file.looks) for file in files if file.looks is not None]
        self.faces = tuple((file, face) for file, look in looks for face in look.faces)
        self.vectors: Vectors = np.concatenate(
            [np.zeros((0, encoder.dimension), np.float32), *(look.vectors for _, look in looks if look.faces)]
        )

    @classmethod
    def build(cls, files: Sequence[StoredFile], encoder: ImageEncoder) -> PictureIndex:
        """Joins what is kept of every file.

        Args:
            files: of one visitor; those that were never looked at take no part.
            encoder: the one that made the vectors.

        Raises:
            SchemaMismatch: another encoder made them, or they are not one a picture.
        """
        for file in files:
            look = file.looks
            if look is None:
                continue
            if look.encoder != encoder.name or look.vectors.shape != (len(look.faces), encoder.dimension):
                raise SchemaMismatch(
                    f"The pictures of {file.card.name} were looked at by another model.",
                    "Delete the file and add it again.",
                )
        return cls(files, encoder)

    def __len__(self) -> int:
        return len(self.faces)

    def of_text(self, text: str, limit: int = 3, files: frozenset[str] = frozenset()) -> tuple[FoundPicture, ...]:
        """The pictures that look most like what a text describes, best first.

        Args:
            text: what is to be seen on it.
            limit: how many at most.
            files: ids of those that are asked; empty for all.
        """
        if not self.faces or not text.strip():
            return ()
        near = cosines(self.vectors, self._encoder.encode_texts([AS_PICTURE.format(text)])[0])
        said = set(prose.terms(text))
        others = [row for row, other in enumerate(OTHERS) if not said & set(prose.terms(other))]
        beside = self.vectors @ self._others[others].T
        gains = np.exp(np.minimum(SCALE * (beside - near[:, None]), 80.0))  # e to the 80 is sure enough
        return self._best(near, 1.0 / (1.0 + gains.sum(axis=1)), limit, files)

    def like(
        self, vector: Vectors, limit: int = 3, files: frozenset[str] = frozenset(), but: tuple[str, str] = ("", "")
    ) -> tuple[FoundPicture, ...]:
        """The pictures that look most like another one, best first.

        Args:
            vector: of that one.
            limit: how many at most.
            files: ids of those that are asked; empty for all.
            but: file and face of the one itself.
        """
        near = cosines(self.vectors, vector) if self.faces else np.zeros(0, np.float32)
        found = self._best(near, np.ones_like(near), limit + 1, files)
        return tuple(one for one in found if (one.file, one.face) != but)[:limit]

    def vector(self, file: str, face: str) -> Vectors | None:
        """The vector of one page or picture; None where it was not looked at."""
        where = (file, face)
        return self.vectors[self.faces.index(where)] if where in self.faces else None

    @cached_property
    def _others(self) -> Vectors:
        return self._encoder.encode_texts([AS_PICTURE.format(other) for other in OTHERS])

    def _best(self, near: Vectors, sure: Vectors, limit: int, files: frozenset[str]) -> tuple[FoundPicture, ...]:
        kept = (row for row in np.argsort(-near, kind="stable") if not files or self.faces[row][0] in files)
        rows = [row for row, _ in zip(kept, range(max(limit, 0)), strict=False)]
        places = [(self.faces[row], float(near[row]), float(sure[row])) for row in rows]
        return tuple(FoundPicture(file, face, cosine, surely) for (file, face), cosine, surely in places)

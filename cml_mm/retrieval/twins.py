"""Near-twins: two pages that say the same thing under nearly the same title. One is shown and links to the other."""

from __future__ import annotations

from collections.abc import Sequence

from cml_mm import prose
from cml_mm.ports import Vectors

# Read off the real library's pairs: at this cosine of title-and-summary vectors and above they are doubles,
# but for neighbours in one field, whose titles share little.
LEAST_COSINE = 0.88
LEAST_SHARED = 0.5


def find_twins(titles: Sequence[str], vectors: Vectors, named: Sequence[bool]) -> dict[int, int]:
    """Which pages of a ranking repeat a better one.

    Args:
        titles: of the pages, best first.
        vectors: shape (pages, dimension), unit length, in the same order.
        named: whether the question names the page; such a page is nobody's lesser twin.

    Returns:
        Place of a lesser twin to the place of its better one, which is no lesser twin itself.
    """
    cosines = vectors @ vectors.T
    stems = [frozenset(prose.terms(title)) for title in titles]
    lesser: dict[int, int] = {}
    for place in range(1, len(titles)):
        if named[place]:
            continue
        for better in range(place):
            close = better not in lesser and cosines[place, better] >= LEAST_COSINE
            if close and _shared(stems[place], stems[better]) >= LEAST_SHARED:
                lesser[place] = better
                break
    return lesser


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the shorter title's words that stand in the longer one."""
    return len(one & other) / max(1, min(len(one), len(other)))

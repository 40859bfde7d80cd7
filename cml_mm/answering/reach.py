"""What a relation question asks for, as an expression over the typed edges of the graph.

"What does the pattern that X enables require?" is Hop(Hop(Named(X), ENABLES), REQUIRES).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Union

from cml_mm.types import SYMMETRIC_KINDS, RelationKind


@dataclass(frozen=True)
class Named:
    """A page that the question names."""

    slug: str


@dataclass(frozen=True)
class Hop:
    """The pages that one relation away from others.

    `outgoing`: the others are its subjects, what is asked for its objects; symmetric kinds go
    both ways. `described` are stemmed words that the question says of what is reached.
    """

    of: Reach
    kind: RelationKind
    outgoing: bool = True
    described: tuple[str, ...] = ()


@dataclass(frozen=True)
class Joined:
    """The pages that every part reaches ("all"), or any of them."""

    parts: tuple[Reach, ...]
    how: Literal["all", "any"] = "all"


@dataclass(frozen=True)
class Less:
    """The pages that one part reaches and the other does not; without a first part, all patterns but those."""

    of: Reach | None
    but: Reach


Reach = Union[Named, Hop, Joined, Less]


def hop(of: Reach, kind: RelationKind, outgoing: bool) -> Reach:
    """One relation further; of several names each makes its own step, what all parts reach makes one."""
    met = isinstance(of, Joined) and of.how == "all" and all(isinstance(part, Hop) for part in of.parts)
    if isinstance(of, Joined) and not met:
        return Joined(tuple(hop(part, kind, outgoing) for part in of.parts), of.how)
    return Hop(of, kind, outgoing or kind in SYMMETRIC_KINDS)


def names_in(reach: Reach) -> tuple[str, ...]:
    """The slugs that an expression starts from, in order, each once."""
    return tuple(dict.fromkeys(_names(reach)))


def _names(reach: Reach) -> Iterator[str]:
    if isinstance(reach, Named):
        yield reach.slug
    elif isinstance(reach, Hop):
        yield from _names(reach.of)
    elif isinstance(reach, Less):
        for side in (reach.of, reach.but):
            yield from _names(side) if side is not None else ()
    else:
        for part in reach.parts:
            yield from _names(part)


def hops_in(reach: Reach) -> tuple[Hop, ...]:
    """Its hops, those nearest to the names first."""
    if isinstance(reach, Hop):
        return (*hops_in(reach.of), reach)
    if isinstance(reach, Less):
        return (*(hops_in(reach.of) if reach.of is not None else ()), *hops_in(reach.but))
    return () if isinstance(reach, Named) else tuple(found for part in reach.parts for found in hops_in(part))


def written(reach: Reach) -> str:
    """In one line, for logs and tests: "x > ENABLES < REQUIRES", parts joined by "&" or "|"."""
    if isinstance(reach, Named):
        return reach.slug
    if isinstance(reach, Hop):
        return f"{written(reach.of)} {'>' if reach.outgoing else '<'} {reach.kind}"
    if isinstance(reach, Less):
        return f"({written(reach.of) if reach.of is not None else 'all'} - {written(reach.but)})"
    return "(" + (" & " if reach.how == "all" else " | ").join(written(part) for part in reach.parts) + ")"

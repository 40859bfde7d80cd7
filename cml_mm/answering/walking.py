"""Walks the typed edges of the graph, exactly as a question's expression says.

Each page that is reached keeps the relations that led there, so that an answer can cite every
step. Relations that a person stands behind come first; a step uses others only where none of
its starting pages has any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from cml_mm import prose
from cml_mm.answering.reach import Hop, Less, Named, Reach, names_in
from cml_mm.graph.library_graph import Entry, LibraryGraph
from cml_mm.types import SYMMETRIC_KINDS, TRUSTED_LAYERS, Relation

Proof = tuple[Relation, ...]
MOST_UNCHECKED = 5  # machine-made relations of one step that are followed


@dataclass(frozen=True)
class Reached:
    """A page that an expression reaches, with each way there, nearest relation to the name first."""

    slug: str
    proofs: tuple[Proof, ...]

    @property
    def relations(self) -> tuple[Relation, ...]:
        """All relations of all ways, each once."""
        return tuple(dict.fromkeys(relation for proof in self.proofs for relation in proof))


@dataclass(frozen=True)
class Walk:
    """Where an expression leads.

    `reached` are its answers; `stopped` is what was reached before the step that led nowhere,
    `stuck` that step, None where all went well; `middles` are the pages on the way, in order.
    """

    reached: tuple[Reached, ...]
    stopped: tuple[Reached, ...] = ()
    stuck: Hop | None = None

    @property
    def middles(self) -> tuple[str, ...]:
        """Pages between the names and the answers, each once."""
        ends = {page.slug for page in self.reached}
        on_the_way = (end for page in self.reached for proof in page.proofs for end in _inner(proof))
        return tuple(dict.fromkeys(slug for slug in on_the_way if slug not in ends))


def walk(library: LibraryGraph, reach: Reach, excepted: Iterable[str] = ()) -> Walk:
    """Follows an expression.

    Args:
        reach: what is asked for.
        excepted: slugs that are no answer.
    """
    if isinstance(reach, Named):
        return Walk((Reached(reach.slug, ((),)),))
    left_out = frozenset(excepted)
    if isinstance(reach, Hop):
        found = _step(library, reach)
    elif isinstance(reach, Less):
        found = _less(library, reach)
    else:
        parts = [walk(library, part) for part in reach.parts]
        join = _in_all if reach.how == "all" else _in_any
        found = Walk(join([part.reached for part in parts]), tuple(end for part in parts for end in part.reached))
    kept, stopped = (
        tuple(page for page in pages if page.slug not in left_out) for pages in (found.reached, found.stopped)
    )
    return Walk(kept, stopped, found.stuck)


def _step(library: LibraryGraph, hop: Hop) -> Walk:
    before = walk(library, hop.of)
    if not before.reached:
        return before
    if isinstance(hop.of, Hop) and hop.of.described:
        before = _described_only(before, hop.of, library.entries)
    last = not isinstance(hop.of, Named)
    edges = [(page, relation) for page in before.reached for relation in _edges(library, page.slug, hop)]
    trusted = [pair for pair in edges if pair[1].layer in TRUSTED_LAYERS]
    chosen = trusted or edges[:MOST_UNCHECKED]
    onward = [pair for pair in chosen if _other(*pair) not in _passed(pair[0])]  # back to the start only where no
    ways: dict[str, list[Proof]] = {}  # other way leads
    for page, relation in onward or chosen:
        proofs = ways.setdefault(_other(page, relation), [])
        proofs += [(*proof, relation) for proof in page.proofs if relation not in proof or not onward]
    reached = tuple(Reached(slug, tuple(proofs)) for slug, proofs in ways.items())
    if not reached:
        return Walk((), before.reached if last else (), hop)
    return Walk(_fitting(reached, hop, library.entries))


def _less(library: LibraryGraph, less: Less) -> Walk:
    """Everything that the first part reaches, or every pattern, but what the second part reaches or starts from."""
    taken = {page.slug for page in walk(library, less.but).reached} | set(names_in(less.but))
    if less.of is not None:
        kept = walk(library, less.of)
        return Walk(tuple(page for page in kept.reached if page.slug not in taken), kept.stopped, kept.stuck)
    patterns = (slug for slug, entry in library.entries.items() if entry.kind == "pattern")
    return Walk(tuple(Reached(slug, ((),)) for slug in patterns if slug not in taken))


def _edges(library: LibraryGraph, slug: str, hop: Hop) -> list[Relation]:
    outgoing, incoming = library.relations(slug)
    if hop.kind in SYMMETRIC_KINDS:
        return [relation for relation in (*outgoing, *incoming) if relation.kind == hop.kind]
    return [relation for relation in (outgoing if hop.outgoing else incoming) if relation.kind == hop.kind]


def _other(page: Reached, relation: Relation) -> str:
    return relation.object if relation.subject == page.slug else relation.subject


def _passed(page: Reached) -> set[str]:
    return {page.slug, *(end for relation in page.relations for end in (relation.subject, relation.object))}


def _fitting(reached: tuple[Reached, ...], hop: Hop, entries: dict[str, Entry]) -> tuple[Reached, ...]:
    """Those that the question describes first ("needs an operational rhythm")."""
    if not hop.described:
        return reached
    scores = {page.slug: _described(page, hop, entries) for page in reached}
    return tuple(sorted(reached, key=lambda page: -scores[page.slug]))


def _described(page: Reached, hop: Hop, entries: dict[str, Entry]) -> int:
    """How many of the question's own words of a page stand in its title, summary or the relation's reason."""
    entry = entries[page.slug]
    reasons = " ".join(proof[-1].reason for proof in page.proofs if proof)
    known = set(prose.terms(f"{entry.title} {' '.join(entry.aliases)} {entry.summary} {reasons}"))
    return len(known & set(hop.described))


def _described_only(walked: Walk, hop: Hop, entries: dict[str, Entry]) -> Walk:
    """Only the pages that the question's own words describe, where any are."""
    fit = tuple(page for page in walked.reached if _described(page, hop, entries))
    return Walk(fit or walked.reached, walked.stopped, walked.stuck)


def _in_all(parts: list[tuple[Reached, ...]]) -> tuple[Reached, ...]:
    """Pages that every part reaches, in the order of the first, with the ways of all."""
    rest = [{page.slug: page for page in part} for part in parts[1:]]
    return tuple(
        Reached(page.slug, (*page.proofs, *(proof for part in rest for proof in part[page.slug].proofs)))
        for page in parts[0]
        if all(page.slug in part for part in rest)
    )


def _in_any(parts: list[tuple[Reached, ...]]) -> tuple[Reached, ...]:
    """Pages that any part reaches: those of several parts first."""
    found: dict[str, list[Proof]] = {}
    for page in (page for part in parts for page in part):
        found.setdefault(page.slug, []).extend(page.proofs)
    times = Counter(page.slug for part in parts for page in part)
    return tuple(Reached(slug, tuple(found[slug])) for slug in sorted(found, key=lambda slug: -times[slug]))


def _inner(proof: Proof) -> tuple[str, ...]:
    """The pages between the first and the last of a way."""
    inner = []
    for one, following in pairwise(proof):
        shared = {one.subject, one.object} & {following.subject, following.object}
        inner += sorted(shared)
    return tuple(inner)

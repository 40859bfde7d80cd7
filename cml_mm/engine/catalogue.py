"""The library's shelves: every page as a card, found by what is being typed, read with what stands around it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import numpy as np

from cml_mm import prose
from cml_mm.graph.library_graph import Entry
from cml_mm.graph.library_rows import USES
from cml_mm.graph.snapshot import Snapshot
from cml_mm.retrieval.ranking import Ranker
from cml_mm.types import RELATION_KINDS, TRUSTED_LAYERS, Card, Reading, RelationKind

_WHOLE, _START, _WORD_START, _ALIAS, _INSIDE = 5.0, 4.0, 3.0, 2.0, 1.0  # how well a name fits what was typed


class Catalogue:
    """Built from the graph when it is first asked for; one for each opened index."""

    def __init__(self, snapshot: Snapshot, ranker: Ranker) -> None:
        self._snapshot = snapshot
        self._ranker = ranker

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """Every page, by title."""
        kinds = self._trusted_kinds()
        entries = self._snapshot.library.entries.values()
        return tuple(sorted((_card(entry, kinds[entry.slug]) for entry in entries), key=_by_title))

    def find(self, typed: str, limit: int) -> tuple[Card, ...]:
        """Pages by name first, then by the words on them.

        Args:
            typed: perhaps only the beginning of a word.
            limit: cards at most.
        """
        wanted = " ".join(prose.words(typed))
        if not wanted:
            return self.cards[:limit]
        named = [(fit, card) for card in self.cards if (fit := _fit(card, wanted))]
        found = [card for _, card in sorted(named, key=lambda pair: -pair[0])][:limit]
        return tuple(dict.fromkeys((*found, *self._by_words(typed, limit - len(found)))))[:limit]

    def read(self, slug: str) -> Reading:
        """One page with its relations, most trusted first.

        Raises:
            KeyError: no such page.
        """
        library = self._snapshot.library
        outgoing, incoming = library.relations(slug)
        return Reading(library.page(slug), outgoing, incoming, library.adoptions(slug), library.dangling(slug))

    def _by_words(self, typed: str, limit: int) -> list[Card]:
        scores = self._snapshot.bm25.scores(prose.terms(typed))
        best = [row for row in np.argsort(-scores, kind="stable")[: max(limit, 0)] if scores[row] > 0]
        return [self._by_slug[self._snapshot.pages[row]] for row in best]

    @cached_property
    def _by_slug(self) -> dict[str, Card]:
        return {card.slug: card for card in self.cards}

    def _trusted_kinds(self) -> dict[str, list[RelationKind]]:
        """The kinds of every trusted relation of each page, once for each relation."""
        kinds: dict[str, list[RelationKind]] = defaultdict(list)
        for row in self._snapshot.store.reader.links():
            if row.label == USES:
                kinds[row.target].append("ADOPTS")
                continue
            trusted = any(f'"layer": "{layer}"' in row.properties for layer in TRUSTED_LAYERS)
            if trusted and row.label in RELATION_KINDS:
                for end in (row.source, row.target):
                    kinds[end].append(row.label)
        return kinds


def _card(entry: Entry, kinds: list[RelationKind]) -> Card:
    return Card(
        slug=entry.slug,
        title=entry.title,
        kind=entry.kind,
        summary=entry.summary,
        domains=entry.domains,
        personas=entry.personas,
        aliases=entry.aliases,
        related=len(kinds),
        relation_kinds=tuple(kind for kind in RELATION_KINDS if kind in kinds),
        curated=entry.curated,
    )


def _by_title(card: Card) -> tuple[str, str]:
    return prose.fold(card.title), card.slug


def _fit(card: Card, wanted: str) -> float:
    """How well a page's names fit what was typed; 0 where they do not."""
    title = " ".join(prose.words(card.title))
    if title == wanted:
        return _WHOLE
    if title.startswith(wanted):
        return _START
    if f" {wanted}" in title:
        return _WORD_START
    aliases = (" ".join(prose.words(alias)) for alias in card.aliases)
    if any(alias.startswith(wanted) or f" {wanted}" in alias for alias in aliases):
        return _ALIAS
    return _INSIDE if len(wanted) > 3 and wanted in title else 0.0

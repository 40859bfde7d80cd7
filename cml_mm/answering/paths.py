"""The best path between two pages of the graph.

Breadth-first, so that no shorter way exists; among equally short ways the best by hubs, trust
and weight, found by carrying the least cost from level to level (all parts of the cost add up,
so this is exact).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Union

from cml_mm.graph.library_graph import LibraryGraph
from cml_mm.types import TRUST_LAYERS, TRUSTED_LAYERS, PathDirection, PathFound, Relation

CAUSAL = frozenset({"ENABLES", "REQUIRES", "SPECIALIZES_TO", "USES_TOOL"})
HUB_DEGREE = 100  # relations of one page; with more, a way through it says little
MOST_ALTERNATIVES = 2
_LAYER_COST = {layer: 0 if place == 0 else 1000 ** (place - 1) for place, layer in enumerate(TRUST_LAYERS)}

_Cost = tuple[float, int, float]  # hubs, trust, weight: less is better, compared in this order
_FREE: _Cost = (0.0, 0, 0.0)
_Came = tuple[_Cost, str, Union[Relation, None]]  # what it costs to be here, from where, by which relation


@dataclass(frozen=True)
class _Arc:
    """A relation as it is walked: from one end to the other."""

    to: str
    relation: Relation


class _Web:
    """Relations as arcs: the best one only between two pages, in a fixed order."""

    def __init__(self, relations: Iterable[Relation], any_direction: bool, degrees: Mapping[str, int]) -> None:
        """Args:
        relations: those that may be walked.
        any_direction: also from object to subject.
        degrees: how many relations each page has, of all kinds.
        """
        best: dict[tuple[str, str], Relation] = {}
        for relation in relations:
            ends = relation.subject, relation.object
            for start, to in (ends, ends[::-1]) if any_direction else (ends,):
                other = best.get((start, to))
                if start != to and (other is None or _preference(relation) < _preference(other)):
                    best[start, to] = relation
        self._arcs: dict[str, list[_Arc]] = {}
        for (start, to), relation in sorted(best.items(), key=lambda item: item[0]):
            self._arcs.setdefault(start, []).append(_Arc(to, relation))
        self._next = {slug: tuple(arc.to for arc in arcs) for slug, arcs in self._arcs.items()}
        self._hubs = {slug: math.log2(count / HUB_DEGREE) for slug, count in degrees.items() if count > HUB_DEGREE}

    def levels(self, first: str) -> Iterator[tuple[str, ...]]:
        """Slugs by their distance from one page, that page alone first."""
        seen = {first}
        level: tuple[str, ...] = (first,)
        while level:
            yield level
            following = dict.fromkeys(chain.from_iterable(self._next.get(slug, ()) for slug in level))
            level = tuple(slug for slug in following if slug not in seen)
            seen.update(level)

    def best(self, first: str, last: str, without: frozenset[Relation] = frozenset()) -> tuple[Relation, ...]:
        """The best of the shortest paths, leaving out some relations; empty where there is none."""
        web = self._without(without) if without else self
        came: dict[str, _Came] = {first: (_FREE, first, None)}
        for level, following in pairwise(web._on_the_way(first, last)):
            for slug in sorted(level):
                cost = came[slug][0] if slug == first else self._through(slug, came[slug][0])
                for arc in web._arcs[slug]:
                    if arc.to in following:
                        reached = _along(cost, arc.relation), slug, arc.relation
                        if arc.to not in came or reached[0] < came[arc.to][0]:
                            came[arc.to] = reached
        return _unwound(came, last) if last in came else ()

    def _on_the_way(self, first: str, last: str) -> list[set[str]]:
        """The pages on any shortest path, by their distance from the first; empty where there is no path."""
        levels: list[tuple[str, ...]] = []
        for level in self.levels(first):
            levels.append(level)
            if last in level:
                break
        else:
            return []
        ways = [{last}]
        for level in reversed(levels[:-1]):
            ways.append({slug for slug in level if not ways[-1].isdisjoint(self._next.get(slug, ()))})
        return ways[::-1]

    def _without(self, relations: frozenset[Relation]) -> _Web:
        """The same web less some relations; a lesser one between the same pages does not step in."""
        web = copy(self)
        pages = {end for relation in relations for end in (relation.subject, relation.object)}
        kept = {slug: [arc for arc in self._arcs.get(slug, ()) if arc.relation not in relations] for slug in pages}
        web._arcs = {**self._arcs, **kept}
        web._next = {**self._next, **{slug: tuple(arc.to for arc in arcs) for slug, arcs in kept.items()}}
        return web

    def _through(self, slug: str, cost: _Cost) -> _Cost:
        return cost[0] + self._hubs.get(slug, 0.0), cost[1], cost[2]


@dataclass(frozen=True)
class Paths:
    """Finds paths among the relations of one library; the webs are built when first needed.

    `titles` are those of all pages, by slug.
    """

    relations: tuple[Relation, ...]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, library: LibraryGraph) -> Paths:
        return cls(library.all_relations, {slug: entry.title for slug, entry in library.entries.items()})

    def find(self, first: str, last: str, all_layers: bool = False, any_direction: bool = False) -> PathFound:
        """The best path between two pages.

        In order: along trusted causal relations as declared; along trusted ones in any
        direction; then, only with `all_layers`, the same two ways along every relation.
        Fewest steps come first, then few hubs, trust and weight.

        Args:
            first, last: slugs.
            all_layers: use relations that no person stands behind where there is no trusted path.
            any_direction: do not look for a causal path first.
        """
        if first == last:
            return PathFound((first,), self._titles((first,)))
        found: tuple[Relation, ...] = ()
        for make_web in self._ways(all_layers)[int(any_direction) :: 1 + int(any_direction)]:
            found = make_web().best(first, last)
            if found:
                break
        if not found:
            return self._no_path(first, last)
        stops = _stops(first, found)
        others = self._alternatives(first, last, found)
        used = {relation for way in (found, *others) for relation in way}
        return PathFound(
            stops=stops,
            titles=self._titles(stops),
            relations=found,
            direction=_direction(stops, found),
            trusted=all(relation.layer in TRUSTED_LAYERS for relation in found),
            alternatives=others,
            direct=tuple(r for r in self.between(first, last) if r not in used),
            tensions=self.tensions(stops, frozenset(used)),
        )

    def tensions(self, stops: Iterable[str], but: frozenset[Relation] = frozenset()) -> tuple[Relation, ...]:
        """Trusted tensions between any two of some pages."""
        among = frozenset(stops)
        return tuple(
            relation
            for relation in self._tense
            if relation.subject in among and relation.object in among and relation not in but
        )

    def between(self, first: str, last: str) -> tuple[Relation, ...]:
        """Trusted relations that join two pages directly, either way, best first."""
        ends = {first, last}
        return tuple(sorted((r for r in self._trusted if {r.subject, r.object} == ends), key=_preference))

    def reach(self, slug: str) -> tuple[str, ...]:
        """Pages that trusted relations join to one page in any direction, nearest first."""
        return tuple(found for level in self._joined.levels(slug) for found in level)[1:]

    def _ways(self, all_layers: bool) -> tuple[Callable[[], _Web], ...]:
        trusted = (lambda: self._causal, lambda: self._joined)
        return (*trusted, lambda: self._all_causal, lambda: self._all_joined) if all_layers else trusted

    def _alternatives(self, first: str, last: str, found: tuple[Relation, ...]) -> tuple[tuple[Relation, ...], ...]:
        """A shorter way that ignores direction, and others of the same length."""
        if any(relation.layer not in TRUSTED_LAYERS for relation in found):
            return ()
        ways: list[tuple[Relation, ...]] = []
        straight = self._joined.best(first, last)
        if len(straight) < len(found):
            ways.append(straight)
        forward = _direction(_stops(first, found), found) == "forward"
        web = self._causal if forward else self._joined
        used = frozenset(found)
        while len(ways) < MOST_ALTERNATIVES:
            other = web.best(first, last, used)
            if len(other) != len(found):
                break
            used |= frozenset(other)
            if other not in ways:
                ways.append(other)
        return tuple(ways)

    def _no_path(self, first: str, last: str) -> PathFound:
        unchecked = self._all_causal.best(first, last) or self._all_joined.best(first, last)
        reached = frozenset(self.reach(first))
        nearest = next((s for level in self._all_joined.levels(last) for s in level if s in reached), "")
        stops = (first, last)
        return PathFound(stops, self._titles(stops), trusted=False, nearest=nearest, unchecked=unchecked)

    def _titles(self, slugs: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.titles[slug] for slug in slugs)

    def warm(self) -> None:
        """Makes the webs now, not with the first question for a path."""
        for make_web in self._ways(all_layers=True):
            make_web()
        self._tense  # noqa: B018 (made when it is first read, and kept)

    @cached_property
    def _trusted(self) -> tuple[Relation, ...]:
        return tuple(relation for relation in self.relations if relation.layer in TRUSTED_LAYERS)

    @cached_property
    def _tense(self) -> tuple[Relation, ...]:
        return tuple(relation for relation in self._trusted if relation.kind == "TENSIONS_WITH")

    @cached_property
    def _causal(self) -> _Web:
        return _Web((r for r in self._trusted if r.kind in CAUSAL), False, _degrees(self._trusted))

    @cached_property
    def _joined(self) -> _Web:
        return _Web(self._trusted, True, _degrees(self._trusted))

    @cached_property
    def _all_causal(self) -> _Web:
        return _Web((r for r in self.relations if r.kind in CAUSAL), False, _degrees(self.relations))

    @cached_property
    def _all_joined(self) -> _Web:
        return _Web(self.relations, True, _degrees(self.relations))


def _degrees(relations: Iterable[Relation]) -> Counter[str]:
    return Counter(end for relation in relations for end in (relation.subject, relation.object))


def _preference(relation: Relation) -> tuple[int, float, bool, str, str]:
    """Which of several relations between two pages is told: trust, weight, one with a reason, then by name."""
    place = TRUST_LAYERS.index(relation.layer)
    return place, -relation.weight, not relation.reason, relation.kind, relation.subject


def _along(cost: _Cost, relation: Relation) -> _Cost:
    return cost[0], cost[1] + _LAYER_COST[relation.layer], cost[2] + 1.0 - relation.weight


def _unwound(came: Mapping[str, _Came], last: str) -> tuple[Relation, ...]:
    path: list[Relation] = []
    _, before, relation = came[last]
    while relation is not None:
        path.append(relation)
        _, before, relation = came[before]
    return tuple(reversed(path))


def _stops(first: str, path: Iterable[Relation]) -> tuple[str, ...]:
    """The slugs on the way, from the first."""
    stops = [first]
    for relation in path:
        stops.append(relation.object if relation.subject == stops[-1] else relation.subject)
    return tuple(stops)


def _direction(stops: tuple[str, ...], path: tuple[Relation, ...]) -> PathDirection:
    if all(relation.kind in CAUSAL for relation in path):
        if all(relation.subject == stop for stop, relation in zip(stops, path, strict=False)):
            return "forward"
        if all(relation.object == stop for stop, relation in zip(stops, path, strict=False)):
            return "backward"
    return "mixed"

"""Paths must be the shortest, and the best of the shortest: networkx says which those are."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable

import networkx as nx
import pytest

from cml_mm.answering.paths import CAUSAL, HUB_DEGREE, Paths
from cml_mm.types import RELATION_KINDS, TRUST_LAYERS, TRUSTED_LAYERS, PathFound, Relation, RelationKind, TrustLayer


def relation(
    subject: str,
    object_: str,
    kind: RelationKind = "ENABLES",
    layer: TrustLayer = "curated",
    weight: float = 0.5,
) -> Relation:
    return Relation(kind, subject, object_, layer, "Because.", weight, "a.md", subject.upper(), object_.upper())


def paths(*relations: Relation, more: Iterable[str] = ()) -> Paths:
    slugs = {end for r in relations for end in (r.subject, r.object)} | set(more)
    return Paths(relations, {slug: slug.upper() for slug in slugs})


def random_relations(seed: int, pages: int, edges: int) -> tuple[Relation, ...]:
    rng = random.Random(seed)
    slugs = [f"p{number:02d}" for number in range(pages)]
    kinds = [kind for kind in RELATION_KINDS if kind != "ADOPTS"]
    made = (
        relation(*rng.sample(slugs, 2), rng.choice(kinds), rng.choice(TRUST_LAYERS), rng.randrange(1, 9) / 8)
        for _ in range(edges)
    )
    return tuple({(r.subject, r.kind, r.object): r for r in made}.values())


def reference(relations: Iterable[Relation], first: str, last: str, directed: bool) -> tuple[int, tuple[int, float]]:
    """Steps and the least cost of a path, by listing all shortest paths; -1 where there is none."""
    places = {layer: place for place, layer in enumerate(TRUST_LAYERS)}
    best: dict[tuple[str, str], tuple[int, float]] = {}
    for r in relations:
        for ends in [(r.subject, r.object)] if directed else [(r.subject, r.object), (r.object, r.subject)]:
            best[ends] = min(best.get(ends, (99, 0.0)), (places[r.layer], 1 - r.weight))
    graph = nx.DiGraph(list(best))
    if first not in graph or last not in graph or not nx.has_path(graph, first, last):
        return -1, (0, 0.0)
    costs = []
    for way in nx.all_shortest_paths(graph, first, last):
        steps = [best[ends] for ends in itertools.pairwise(way)]
        trust = sum(1000 ** (place - 1) for place, _ in steps if place)
        costs.append((trust, sum(weight for _, weight in steps)))
    return nx.shortest_path_length(graph, first, last), min(costs)


def cost(found: PathFound) -> tuple[int, float]:
    places = [TRUST_LAYERS.index(r.layer) for r in found.relations]
    return sum(1000 ** (place - 1) for place in places if place), sum(1 - r.weight for r in found.relations)


def joined(found: PathFound) -> bool:
    """Whether each relation leads from one stop to the next."""
    ends = itertools.pairwise(found.stops)
    return all({r.subject, r.object} == set(pair) for pair, r in zip(ends, found.relations, strict=True))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("all_layers", [False, True])
def test_the_path_is_the_best_of_the_shortest(seed: int, all_layers: bool) -> None:
    relations = random_relations(seed, pages=24, edges=45)
    trusted = [r for r in relations if r.layer in TRUSTED_LAYERS]
    slugs = sorted({end for r in relations for end in (r.subject, r.object)})
    finder = paths(*relations)
    pools = (trusted, relations) if all_layers else (trusted,)
    for first, last in itertools.permutations(slugs[:10], 2):
        found = finder.find(first, last, all_layers)
        tried = [
            (reference([r for r in pool if r.kind in CAUSAL or not directed], first, last, directed), directed)
            for pool in pools
            for directed in (True, False)
        ]
        (steps, least), directed = next((item for item in tried if item[0][0] > 0), ((-1, (0, 0.0)), False))
        assert found.steps == max(steps, 0), (first, last)
        if steps > 0:
            assert joined(found)
            assert cost(found) == pytest.approx(least)
            assert found.direction == "forward" or not directed
            assert found.trusted == all(r.layer in TRUSTED_LAYERS for r in found.relations)


def test_causal_relations_as_declared_come_before_a_shorter_way_that_ignores_direction() -> None:
    found = paths(relation("a", "b"), relation("b", "c", "REQUIRES"), relation("a", "c", "COMPLEMENTS")).find("a", "c")
    assert found.stops == ("a", "b", "c")
    assert found.titles == ("A", "B", "C")
    assert found.direction == "forward"
    assert [[r.kind for r in way] for way in found.alternatives] == [["COMPLEMENTS"]]


def test_where_direction_does_not_matter_the_shortest_way_is_taken() -> None:
    finder = paths(relation("a", "b"), relation("b", "c"), relation("c", "a", "REQUIRES"))
    assert finder.find("a", "c", any_direction=True).stops == ("a", "c")
    unchecked = paths(relation("a", "b", layer="machine"), relation("c", "b", layer="machine"))
    assert unchecked.find("a", "c", all_layers=True, any_direction=True).stops == ("a", "b", "c")


def test_a_way_against_the_arrows_says_so() -> None:
    backward = paths(relation("b", "a"), relation("c", "b", "REQUIRES")).find("a", "c")
    mixed = paths(relation("b", "a"), relation("b", "c")).find("a", "c")
    assert (backward.direction, mixed.direction) == ("backward", "mixed")


def test_machine_made_relations_are_walked_only_on_request() -> None:
    finder = paths(relation("a", "b", layer="machine"), relation("b", "c"))
    without = finder.find("a", "c")
    assert without.relations == () and without.stops == ("a", "c")
    assert [r.subject for r in without.unchecked] == ["a", "b"]
    found = finder.find("a", "c", all_layers=True)
    assert found.steps == 2 and not found.trusted


def test_a_trusted_path_is_kept_even_where_a_machine_made_one_is_shorter() -> None:
    finder = paths(relation("a", "b"), relation("b", "c"), relation("a", "c", layer="machine"))
    assert finder.find("a", "c", all_layers=True).steps == 2


def test_trust_goes_before_weight() -> None:
    finder = paths(
        *(relation("a", "x", layer="approved", weight=1.0), relation("x", "d", layer="curated", weight=1.0)),
        *(relation("a", "y", layer="curated", weight=0.1), relation("y", "d", layer="curated", weight=0.1)),
    )
    assert finder.find("a", "d").stops == ("a", "y", "d")


def test_of_equally_short_ways_one_through_a_hub_is_the_last_choice() -> None:
    crowd = [relation(f"c{number}", "hub", "COMPLEMENTS", "machine") for number in range(HUB_DEGREE + 1)]
    ways = [
        *(relation("a", "hub", layer="machine", weight=1.0), relation("hub", "d", layer="machine", weight=1.0)),
        *(relation("a", "small", layer="inferred", weight=0.1), relation("small", "d", layer="inferred", weight=0.1)),
    ]
    assert paths(*ways).find("a", "d", all_layers=True).stops == ("a", "hub", "d")
    assert paths(*ways, *crowd).find("a", "d", all_layers=True).stops == ("a", "small", "d")


def test_without_a_path_the_nearest_page_within_reach_is_named() -> None:
    finder = paths(
        *(relation("a", "b"), relation("b", "c")),
        *(relation("c", "m", "COMPLEMENTS", "machine"), relation("m", "z", "COMPLEMENTS", "inferred")),
    )
    assert finder.find("a", "z").nearest == "c"
    assert paths(relation("a", "b"), relation("y", "z")).find("a", "z").nearest == ""
    assert finder.reach("a") == ("b", "c")


def test_tensions_between_stops_and_other_direct_relations_stand_beside_the_path() -> None:
    found = paths(
        *(relation("a", "b"), relation("b", "c")),
        relation("c", "b", "TENSIONS_WITH"),
        relation("b", "elsewhere", "TENSIONS_WITH"),
        relation("a", "b", "COMPLEMENTS"),
    ).find("a", "c")
    assert [(r.subject, r.object) for r in found.tensions] == [("c", "b")]
    assert paths(relation("a", "b", "TENSIONS_WITH")).find("a", "b").tensions == ()  # it is the path
    direct = paths(relation("a", "b"), relation("b", "a", "COMPLEMENTS")).find("a", "b")
    assert [r.kind for r in direct.direct] == ["COMPLEMENTS"]


def test_other_ways_of_the_same_length_share_no_relation_with_the_first() -> None:
    found = paths(relation("a", "x"), relation("x", "d"), relation("a", "y"), relation("y", "d")).find("a", "d")
    assert len(found.alternatives) == 1
    assert not set(found.alternatives[0]) & set(found.relations)


def test_a_page_is_no_way_from_itself() -> None:
    assert paths(relation("a", "b")).find("a", "a").stops == ("a",)

"""Personalised PageRank: against its closed form, and what links of habit may do."""

from __future__ import annotations

import numpy as np
import pytest

from cml_mm.retrieval.pagerank import Arcs, damped, personalised, walk


def arcs(*joins: tuple[int, int, float]) -> Arcs:
    return Arcs(
        np.array([source for source, _, _ in joins], dtype=np.int64),
        np.array([target for _, target, _ in joins], dtype=np.int64),
        np.array([weight for _, _, weight in joins], dtype=np.float64),
    )


RING = arcs((0, 1, 1.0), (1, 2, 2.0), (2, 3, 1.0), (3, 0, 0.5))


def test_ranks_are_those_of_the_closed_form() -> None:
    graph = walk(4, [RING])
    seeds = np.array([3.0, 0.0, 1.0, 0.0])
    dense = graph.matrix.toarray()
    wanted = 0.5 * np.linalg.inv(np.eye(4) - 0.5 * dense) @ (seeds / 4)
    assert np.allclose(personalised(graph, seeds, restart=0.5, iterations=60), wanted)


def test_weights_of_the_same_two_nodes_add_up_and_both_ways_are_open() -> None:
    dense = walk(3, [arcs((0, 1, 1.0)), arcs((1, 0, 2.0), (2, 1, 1.0))]).matrix.toarray()
    assert dense[1, 0] == pytest.approx(1.0)
    assert dense[0, 1] == pytest.approx(0.75)
    assert dense[2, 1] == pytest.approx(0.25)


def test_a_join_of_no_weight_or_to_itself_is_none() -> None:
    graph = walk(3, [arcs((0, 0, 5.0), (0, 1, 0.0), (0, 2, 1.0))])
    assert graph.matrix.nnz == 2


def test_rank_that_reaches_nothing_returns_to_the_seeds() -> None:
    graph = walk(3, [arcs((0, 1, 1.0))])
    ranks = personalised(graph, np.array([0.0, 0.0, 1.0]))
    assert ranks == pytest.approx([0.0, 0.0, 1.0])


def test_more_restart_keeps_more_at_the_seed() -> None:
    graph = walk(4, [RING])
    seeds = np.array([1.0, 0.0, 0.0, 0.0])
    kept = [personalised(graph, seeds, restart)[0] for restart in (0.2, 0.5, 0.9)]
    assert kept == sorted(kept)
    assert kept[0] < kept[2]


def test_no_seeds_no_ranks_and_no_nodes_no_fault() -> None:
    assert not personalised(walk(4, [RING]), np.zeros(4)).any()
    assert len(personalised(walk(0, [Arcs.none()]), np.zeros(0))) == 0


def test_the_strongest_neighbours_come_first_with_their_shares() -> None:
    graph = walk(4, [arcs((0, 3, 3.0), (1, 3, 1.0), (2, 3, 1.0), (2, 1, 9.0))])
    ranks = personalised(graph, np.array([1.0, 0.0, 0.2, 0.0]))
    into = graph.strongest_into(ranks, 3)
    assert next(node for node, _ in into) == 0
    assert sum(share for _, share in into) == pytest.approx(1.0)
    assert len(graph.strongest_into(ranks, 3, limit=1)) == 1
    assert graph.strongest_into(np.zeros(4), 3) == ()


def test_a_page_that_thousands_name_is_damped_and_the_others_are_not() -> None:
    habit = arcs(*((source, 0, 1.0) for source in range(2, 202)), (2, 1, 1.0))
    weaker = damped(habit, 202, most=50)
    assert weaker.weights[:200] == pytest.approx(0.5)  # 200 is four times too many
    assert weaker.weights[200] == 1.0
    before = walk(202, [habit]).matrix.toarray()
    after = walk(202, [weaker]).matrix.toarray()
    assert after[1, 2] > before[1, 2] == pytest.approx(0.5)

"""An order must agree with every trusted relation between its steps, unless they run in a circle."""

from __future__ import annotations

import random

import pytest

from cml_mm.answering.order import MOST_STEPS, Order, before_after, find_order, is_order_question, with_earlier
from cml_mm.types import TRUST_LAYERS, Relation, RelationKind, TrustLayer


def relation(
    subject: str, object_: str, kind: RelationKind = "REQUIRES", layer: TrustLayer = "curated", weight: float = 0.5
) -> Relation:
    return Relation(kind, subject, object_, layer, "Because.", weight, "a.md", subject.upper(), object_.upper())


def agrees(order: Order, stated: Relation) -> bool:
    first, after = before_after(stated)
    return order.steps.index(first) < order.steps.index(after)


def random_orders(seed: int, acyclic: bool) -> tuple[list[str], list[Relation]]:
    """Steps in a shuffled order, and relations that (acyclic) all agree with a hidden one."""
    rng = random.Random(seed)
    hidden = [f"p{number}" for number in range(rng.randrange(3, 10))]
    relations = []
    for _ in range(rng.randrange(2, 20)):
        first, after = sorted(rng.sample(range(len(hidden)), 2)) if acyclic else rng.sample(range(len(hidden)), 2)
        layer, weight = rng.choice(TRUST_LAYERS[:3]), rng.randrange(1, 9) / 8
        if rng.random() < 0.5:
            relations.append(relation(hidden[after], hidden[first], "REQUIRES", layer, weight))
        else:
            relations.append(relation(hidden[first], hidden[after], "ENABLES", layer, weight))
    steps = list(hidden)
    rng.shuffle(steps)
    return steps, list(dict.fromkeys(relations))


@pytest.mark.parametrize("seed", range(60))
def test_the_order_agrees_with_every_relation(seed: int) -> None:
    steps, relations = random_orders(seed, acyclic=True)
    order = find_order(steps, relations)
    assert sorted(order.steps) == sorted(steps)
    assert not order.set_aside
    assert set(order.reasons) == set(relations)
    assert all(agrees(order, stated) for stated in relations)


@pytest.mark.parametrize("seed", range(60))
def test_in_a_circle_only_what_the_order_goes_against_is_set_aside(seed: int) -> None:
    steps, relations = random_orders(seed, acyclic=False)
    order = find_order(steps, relations)
    assert sorted(order.steps) == sorted(steps)
    assert {*order.reasons, *order.set_aside} == set(relations)
    assert all(agrees(order, stated) for stated in order.reasons)
    assert not any(agrees(order, stated) for stated in order.set_aside)


def test_a_circle_is_broken_at_its_least_trusted_relation() -> None:
    weak = relation("c", "a", layer="approved")
    order = find_order("abc", [relation("a", "b"), relation("b", "c"), weak])
    assert order.steps == ("c", "b", "a")
    assert order.set_aside == (weak,)


def test_what_nothing_orders_stays_in_the_order_asked_for() -> None:
    assert find_order("cab", [relation("b", "z"), relation("a", "b", "COMPLEMENTS")]) == Order(("c", "a", "b"))


def test_the_nearest_to_the_question_comes_as_soon_as_it_can() -> None:
    assert find_order("abcd", [relation("a", "d"), relation("b", "c", "ENABLES")]).steps == ("b", "c", "d", "a")


@pytest.mark.parametrize("layer", ["machine", "inferred"])
def test_unchecked_relations_order_nothing(layer: TrustLayer) -> None:
    assert find_order("ab", [relation("a", "b", layer=layer)]).reasons == ()
    assert with_earlier("a", [relation("a", "b", layer=layer)], "REQUIRES", 2) == ("a",)


def test_what_is_required_is_brought_in_level_by_level_and_never_too_much() -> None:
    chain = [relation("a", "b"), relation("b", "c"), relation("c", "d"), relation("e", "a", "ENABLES")]
    assert with_earlier("a", chain, "REQUIRES", levels=2) == ("a", "b", "c")
    assert with_earlier("a", chain, "ENABLES", levels=2) == ("a", "e")
    many = [relation("a", f"n{number}", weight=number / 20) for number in range(12)]
    assert with_earlier("a", many, "REQUIRES", levels=1) == ("a", *(f"n{n}" for n in range(11, 12 - MOST_STEPS, -1)))


@pytest.mark.parametrize(
    "question",
    [
        "What should we try first?",
        "There are nine of us and no money. Where do we start?",
        "In which order should we introduce these?",
        "How do we get to Consent Decision-Making?",
        "Give us a plan for a housing co-op.",
        "Where should a new co-op begin?",
        "Is there a roadmap for sharing a forest?",
        "What is a good first step towards Open Books?",
        "How can we bring in Role Rotation step by step?",
        "Which of these should we do first, Open Books or Role Rotation?",
    ],
)
def test_questions_about_an_order(question: str) -> None:
    assert is_order_question(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What does Role Rotation require?",
        "How do we get from Open Books to Asset Lock?",
        "Which steps lead from Open Books to Asset Lock?",
        "What was the first cooperative?",
        "Which film came out first, The Miller or The Mill?",
        "How do we get people to come to meetings?",
        "We have no plan for when the founder leaves. What helps?",
        "Who speaks first in a circle?",
        "Our board keeps things in order. How do others?",
    ],
)
def test_questions_about_something_else(question: str) -> None:
    assert not is_order_question(question)

"""Questions whose answer stands in the graph: exact, whole, with every step cited."""

from __future__ import annotations

from itertools import combinations

import pytest

from cml_mm.engine import Engine
from cml_mm.types import Answer, Edge


def edges(answer: Answer) -> set[tuple[str, str, str]]:
    """The relations that sentences of an answer cite."""
    cited = {number for sentence in answer.sentences for number in sentence.cites}
    found = (item.locator for item in answer.evidence if item.number in cited)
    return {(edge.subject, edge.relation, edge.object) for edge in found if isinstance(edge, Edge)}


def declared(engine: Engine, slug: str, kind: str, outgoing: bool = True) -> set[str]:
    """What the pages themselves say: the other ends of one kind of relation."""
    around = engine.related(slug)
    found = around.outgoing if outgoing else around.incoming
    return {r.object if outgoing else r.subject for r in found if r.kind == kind}


def test_a_chain_reaches_every_page_and_cites_every_step(engine: Engine) -> None:
    answer = engine.answer("What does the pattern that Role Rotation requires enable?")
    expected = {
        (first, "ENABLES", last)
        for first in declared(engine, "role-rotation", "REQUIRES")
        for last in declared(engine, first, "ENABLES")
        if last != "role-rotation"
    }
    steps = {("role-rotation", "REQUIRES", first) for first, _, _ in expected}
    assert expected
    assert edges(answer) == expected | steps
    assert set(answer.ranked[: len({last for _, _, last in expected})]) == {last for _, _, last in expected}
    assert set(answer.subjects) >= {last for _, _, last in expected}


def test_a_chain_may_turn_round(engine: Engine) -> None:
    answer = engine.answer("Which patterns require something that Role Rotation enables?")
    wanted = {
        (last, "REQUIRES", first)
        for first in declared(engine, "role-rotation", "ENABLES")
        for last in declared(engine, first, "REQUIRES", outgoing=False)
    }
    assert {edge for edge in edges(answer) if edge[1] == "REQUIRES"} <= wanted
    assert len(edges(answer)) > 5


def test_three_questions_in_a_row_are_one_chain(engine: Engine) -> None:
    answer = engine.answer("Unscalable Things First requires something. What does that require?")
    assert answer.ranked[0] == "problem-interviews"
    assert ("narrow-first-market", "REQUIRES", "problem-interviews") in edges(answer)


def test_what_two_share_is_the_intersection(engine: Engine) -> None:
    titles = {card.slug: card.title for card in engine.cards() if card.kind == "pattern"}
    needs = {slug: declared(engine, slug, "REQUIRES") for slug in titles}
    one, other = next(pair for pair in combinations(titles, 2) if len(needs[pair[0]] & needs[pair[1]]) > 1)
    shared = needs[one] & needs[other]
    answer = engine.answer(f"What do {titles[one]} and {titles[other]} both require?")
    assert edges(answer) == {(slug, "REQUIRES", end) for slug in (one, other) for end in shared}
    assert set(answer.ranked[: len(shared)]) == shared
    left_out = min(shared)
    rest = engine.answer(f"What do {titles[one]} and {titles[other]} both require, besides {titles[left_out]}?")
    assert {end for _, _, end in edges(rest)} == shared - {left_out}


def test_a_chain_that_ends_early_is_told_as_far_as_it_goes(engine: Engine) -> None:
    answer = engine.answer("What are the alternatives to what Role Rotation requires?")
    assert "does not hold the last step" in answer.sentences[0].text
    assert edges(answer) == {
        ("role-rotation", "REQUIRES", last) for last in declared(engine, "role-rotation", "REQUIRES")
    }


def test_yes_has_its_relation_and_no_says_what_there_is(engine: Engine) -> None:
    yes = engine.answer("Does Role Rotation enable Open Books?")
    assert yes.sentences[0].text.startswith("Yes: Role Rotation enables Open Books")
    assert yes.sentences[0].verdict == "supported"
    no = engine.answer("Does Role Rotation require Open Books?")
    assert no.sentences[0].text.startswith("The library does not say that Role Rotation requires Open Books.")
    assert edges(no) == {("role-rotation", "ENABLES", "open-books")}
    turned = engine.answer("Does Open Books enable Role Rotation?")
    assert turned.sentences[0].text.startswith("The library does not say")


def test_a_number_is_exact_and_says_how_many_are_not_listed(engine: Engine) -> None:
    answer = engine.answer("How many patterns require Clear Boundaries?")
    count = len(declared(engine, "clear-boundaries", "REQUIRES", outgoing=False))
    assert answer.sentences[0].text == f"What requires Clear Boundaries: {count} patterns."
    assert len(edges(answer)) == 10
    assert any(f"{count - 10} more" in notice.text for notice in answer.notices)


def test_totals_are_those_of_the_library(engine: Engine) -> None:
    status = engine.status()
    assert f"{status.patterns} patterns" in engine.answer("How many patterns are there?").sentences[0].text
    assert f"{status.lighthouses} lighthouses" in engine.answer("How many lighthouses are there?").sentences[0].text
    assert f"{status.relations} relations" in engine.answer("How many relations are there?").sentences[0].text


def test_a_list_by_domain_has_every_page_of_it(engine: Engine) -> None:
    answer = engine.answer("Which patterns are there about conflict?")
    filed = {card.slug for card in engine.cards() if "conflict" in card.domains}
    assert filed
    assert set(answer.ranked[: len(filed)]) == filed
    assert answer.sentences[0].text.startswith(f"{len(filed)} patterns are filed under “conflict”")
    assert all(sentence.cites for sentence in answer.sentences[1:])


def test_what_most_others_require(engine: Engine) -> None:
    answer = engine.answer("Which pattern is required by most others?")
    counts = {
        card.slug: len(declared(engine, card.slug, "REQUIRES", outgoing=False))
        for card in engine.cards()
        if card.kind == "pattern"
    }
    best = max(counts, key=lambda slug: counts[slug])
    assert answer.ranked[0] == best
    assert f"({counts[best]})" in answer.sentences[0].text


def test_around_a_pattern_every_kind_of_relation_is_seen(engine: Engine) -> None:
    around = engine.related("time-bank")
    kinds = {relation.kind for relation in (*around.outgoing, *around.incoming)}
    answer = engine.answer("What is around Time Bank?")
    assert {kind for _, kind, _ in edges(answer)} == kinds
    assert answer.subjects[0] == "time-bank"


def test_similar_patterns_are_its_kin_first(engine: Engine) -> None:
    answer = engine.answer("Which patterns are similar to Time Bank?")
    assert answer.ranked[0] in declared(engine, "time-bank", "ALTERNATIVE_TO") | declared(
        engine, "time-bank", "ALTERNATIVE_TO", outgoing=False
    )
    assert all(sentence.cites for sentence in answer.sentences)


def test_who_uses_both_uses_each(engine: Engine) -> None:
    answer = engine.answer("Who uses both Clear Boundaries and Graduated Sanctions?")
    users = [declared(engine, slug, "ADOPTS", outgoing=False) for slug in ("clear-boundaries", "graduated-sanctions")]
    assert users[0] & users[1]
    assert {subject for subject, _, _ in edges(answer)} == users[0] & users[1]


def test_of_what_an_adopter_uses_what_requires_a_pattern(engine: Engine) -> None:
    answer = engine.answer("Which patterns that Mondragon has adopted require Clear Boundaries?")
    adopted = declared(engine, "mondragon-corporation", "ADOPTS")
    requiring = declared(engine, "clear-boundaries", "REQUIRES", outgoing=False)
    found = {subject for subject, kind, _ in edges(answer) if kind == "REQUIRES"}
    assert found == adopted & requiring


def test_a_small_misspelling_is_read_and_told(engine: Engine) -> None:
    answer = engine.answer("What does Concent Decison Making require?")
    assert ("consent-decision-making", "REQUIRES", "clear-boundaries") in edges(answer)
    assert any("as Consent Decision-Making" in notice.text for notice in answer.notices)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What does the pattern 'Restorative Cake Circle' require?", "Restorative Cake Circle"),
        ("What is the Restorative Cake Circle?", "Restorative Cake Circle"),
        ("What are the alternatives to Nested Cake Councils?", "Nested Cake Councils"),
    ],
)
def test_an_unknown_name_is_told_with_those_near_it(engine: Engine, question: str, name: str) -> None:
    answer = engine.answer(question)
    assert answer.status == "not_in_library"
    assert answer.sentences[0].text.startswith(f"The library holds nothing called “{name}”. The nearest name")
    assert answer.followups
    for ask in answer.followups:
        assert name not in ask
        assert engine.answer(ask).status == "answered"


def test_of_two_names_one_unknown_the_known_one_is_still_told(engine: Engine) -> None:
    answer = engine.answer("What is the difference between Role Rotation and the Lunar Cake Council?")
    assert "nothing called “Lunar Cake Council”" in answer.sentences[0].text
    assert answer.status == "answered"
    assert any("Role Rotation" in sentence.text and sentence.cites for sentence in answer.sentences)


def test_what_does_not_require_a_pattern_is_all_the_others(engine: Engine) -> None:
    answer = engine.answer("Which patterns do not require Open Books?")
    having = declared(engine, "open-books", "REQUIRES", outgoing=False)
    patterns = {card.slug for card in engine.cards() if card.kind == "pattern"}
    left = patterns - having - {"open-books"}
    assert answer.sentences[0].text.startswith(f"{len(left)} patterns: ")
    assert set(answer.subjects[: len(left)]) == left
    assert edges(answer) <= {(slug, "REQUIRES", "open-books") for slug in having}


def test_but_not_takes_away(engine: Engine) -> None:
    answer = engine.answer("Which patterns require Clear Mandate but not Open Books?")
    wanted = declared(engine, "clear-mandate", "REQUIRES", outgoing=False)
    wanted -= declared(engine, "open-books", "REQUIRES", outgoing=False)
    assert {subject for subject, _, _ in edges(answer)} <= wanted
    assert set(answer.subjects[: len(wanted)]) == wanted


def test_without_is_answered_with_no_and_a_why_with_its_reason(engine: Engine) -> None:
    without = engine.answer("Can Community Shares work without Open Books?")
    assert without.sentences[0].text.startswith("No: Community Shares requires Open Books")
    assert without.sentences[0].verdict == "supported"
    free = engine.answer("Is a Seed Library possible without Open Books?")
    assert free.sentences[0].text.startswith("The library does not say that Seed Library requires Open Books.")
    why = engine.answer("Why does Water Turns require Shared Repair Days?")
    assert why.sentences[0].text.startswith("Water Turns requires Shared Repair Days: ")


def test_two_that_are_far_apart_are_not_joined_by_a_long_chain(engine: Engine) -> None:
    answer = engine.answer("Does Time Bank need Open Books?")
    assert len(edges(answer)) < 4
    used = engine.answer("Does Debian use Time Bank?")
    assert {(subject, kind) for subject, kind, _ in edges(used)} == {("debian-project", "ADOPTS")}


def test_a_list_for_people_has_the_pages_meant_for_them(engine: Engine) -> None:
    meant = {card.slug for card in engine.cards() if "Activist" in card.personas}
    counted = engine.answer("How many patterns are there for activists?")
    assert counted.sentences[0].text == f"{len(meant)} patterns are filed under “Activist”."
    official = {card.slug for card in engine.cards() if "City Official" in card.personas}
    assert engine.answer("Which patterns are for government?").sentences[0].text.startswith(f"{len(official)} patterns")
    assert set(engine.answer("Which patterns are for government?").ranked[: len(official)]) == official


def test_patterns_that_have_no_relation_of_a_kind(engine: Engine) -> None:
    patterns = {card.slug for card in engine.cards() if card.kind == "pattern"}
    free = {slug for slug in patterns if not declared(engine, slug, "REQUIRES")}
    answer = engine.answer("Which patterns have no prerequisites?")
    assert answer.sentences[0].text.startswith(f"Patterns that require no other: {len(free)},")
    assert set(answer.ranked[: len(free)]) == free


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what is the zorblax method", "zorblax method"),
        ("explain tragedy of the commons", "tragedy of the commons"),
        ("compare time bank and holacracy", "holacracy"),
        ("does time bank need holacracy?", "holacracy"),
        ("Can Time Bank work without Open Value Accounting?", "Open Value Accounting"),
    ],
)
def test_a_name_that_nobody_here_writes_is_unknown_in_small_letters_too(
    engine: Engine, question: str, name: str
) -> None:
    assert f"The library holds nothing called “{name}”." in engine.answer(question).sentences[0].text


def test_a_name_with_its_aim_is_no_unknown_name(engine: Engine) -> None:
    for question in ("What is Time Bank for pensioners?", "What is burnout?", "What is mutual aid?"):
        assert "holds nothing called" not in engine.answer(question).sentences[0].text, question


def test_a_need_that_is_not_held_is_said_in_the_title(engine: Engine) -> None:
    answer = engine.answer("How do we welcome newcomers? And how do we cook a chocolate cake?")
    assert answer.title.endswith("; 1 not in the library")
    assert any(sentence.text == "On “How do we cook a chocolate cake?”" for sentence in answer.sentences)


def test_what_the_library_does_not_say_is_told_in_a_whole_sentence(engine: Engine) -> None:
    assert engine.related("visible-work-inventory").outgoing
    answer = engine.answer("What does Visible Work Inventory require?")
    assert answer.sentences[0].text == "The library does not say what Visible Work Inventory requires."
    answer = engine.answer("Alternatives to Visible Work Inventory?")
    assert answer.sentences[0].text == "The library names nothing here: alternatives to Visible Work Inventory."


@pytest.mark.parametrize(
    "question",
    [
        "In which order do the gardens get water?",
        "Nobody outside the board has any idea what things cost. Where do we begin?",
        "What should we do first when resources are overused?",
    ],
)
def test_the_places_of_an_order_are_no_numbers_to_be_borne_out(engine: Engine, question: str) -> None:
    answer = engine.answer(question)
    assert any(sentence.text.startswith("Third: ") for sentence in answer.sentences)
    assert not any("withheld" in notice.text for notice in answer.notices)

"""Questions with several needs are taken apart; stories about one trouble are not."""

from __future__ import annotations

import pytest

from cml_mm.answering.book import Draft
from cml_mm.answering.needs import MOST_NEEDS, MOST_SAID, needs_plan, round_robin, split
from cml_mm.answering.plan import Plan

SEVERAL = (
    (
        "We quarrel about chores, our treasurer left and nobody comes to meetings. How do we decide quicker?",
        ("chores", "treasurer", "meetings", "decide quicker"),
    ),
    (
        "How do we share tools, and how do we deal with somebody who never gives them back?",
        ("share tools", "never gives them back"),
    ),
    ("How do we find new members? And how do we pay for the roof?", ("new members", "roof")),
    (
        "The roof leaks, the account is empty and half of the members have left. What should we do first?",
        ("roof", "account", "members"),
    ),
    ("1) How do we choose a chair? 2) Who may see the books?", ("choose a chair", "see the books")),
    ("Our meetings last for ever. Besides, nobody pays their dues on time.", ("meetings", "dues")),
    ("How can quarrels be settled early? We also need a way to share the heating bill.", ("quarrels", "heating")),
    (
        "The goats eat the hedge and I am tired of it. Who may graze where? On top of that, our well runs dry in July.",
        ("graze", "well"),
    ),
    ("Please help with:\n- writing down who may vote\n- repairing the path each spring", ("vote", "path")),
)
ONE = (
    "How do we share tools?",
    "The choir has sung for ten years. Lately only five people come. The hall costs the same. What can we do?",
    "Our baker works at night, sleeps by day and never meets the others. How do we include him?",
    "The lamp broke, I wrote to the office and three weeks later somebody sent a bulb.",
    "What does that make possible, and what does the next one enable?",
    "How do we welcome new people and how do we keep them?",
    "How do we pay a mediator? Is it expensive?",
    "Who pays for the mediator? What does a mediator cost? When does the mediator come?",
    "We have apples, pears and plums. Who may pick them?",
    "",
)


@pytest.mark.parametrize(("question", "pieces"), SEVERAL)
def test_several_needs(question: str, pieces: tuple[str, ...]) -> None:
    needs = split(question)
    assert len(needs) == len(pieces), needs
    assert all(piece in need for piece, need in zip(pieces, needs, strict=True)), needs


@pytest.mark.parametrize("question", ONE)
def test_one_need_stays_as_asked(question: str) -> None:
    assert split(question) == (question,)


def test_the_needs_are_not_without_end() -> None:
    asked = " ".join(f"How do we mend the {thing}?" for thing in "roof path well fence boat ditch".split())
    assert len(split(asked)) <= MOST_NEEDS


def test_rankings_take_turns() -> None:
    assert round_robin([("a", "b", "c"), ("d", "a"), ()]) == ("a", "d", "b", "c")


def _plan(name: str, sentences: int = 6) -> Plan:
    drafts = iter([Draft(f"{name} {number}", (), number // 3) for number in range(sentences)])
    return Plan(f"Start with {name}", drafts, (name, "shared"))


def test_each_need_is_answered_under_its_own_words() -> None:
    plan = needs_plan([("how do we share?", _plan("A")), ("Who pays?", _plan("B"))])
    drafts = list(plan.drafts)
    assert [draft.text for draft in drafts if not draft.text[-1].isdigit()] == [
        "On “How do we share?”",
        "On “Who pays?”",
    ]
    assert len(drafts) == 2 * (1 + MOST_SAID)
    paragraphs = [draft.paragraph for draft in drafts]
    assert paragraphs == sorted(paragraphs) and len(set(paragraphs)) == 6
    assert plan.ranked == ("A", "B", "shared")
    assert plan.subjects == ("A", "B")
    assert plan.title == "2 questions: A; B"


def test_a_need_that_is_not_in_the_library_leaves_the_ranking_to_the_others() -> None:
    refused = Plan("That is not in the library", iter([Draft("None.", (), 0)]), ("Z",), status="not_in_library")
    plan = needs_plan([("Who won?", refused), ("Who pays?", _plan("B"))])
    assert plan.status == "answered" and plan.ranked == ("B", "shared")
    assert "None." in [draft.text for draft in plan.drafts]
    assert needs_plan([("Who won?", refused), ("Who lost?", refused)]).status == "not_in_library"

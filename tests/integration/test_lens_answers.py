"""The same question from different people: other pages first, under other names, all of them to the point."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from cml_mm.cli import main
from cml_mm.engine import Engine
from cml_mm.retrieval.lens import agreements
from cml_mm.settings import Settings
from cml_mm.talk import Lens, PastTurn, Talk

PERSONAS = ("Founder", "City official", "Activist", "Co-op member")
# General troubles of groups, none of them from a question file.
TROUBLES = (
    "Meetings take for ever and nothing is decided in them.",
    "A few loud people decide everything before the others know of it.",
    "We never know how much money is left.",
    "People promise to help and then do not come.",
    "Somebody broke our rules again and nothing happened.",
    "How do we hear those who never say anything?",
)


def _fitting(engine: Engine, slugs: tuple[str, ...], lens: Lens) -> int:
    """How many of these patterns say that they are for such people."""
    return sum(bool(agreements(engine.pattern(slug), lens)) for slug in slugs)


def _as(engine: Engine, name: str) -> Talk:
    return Talk(chosen=(engine.facet("persona", name),))


@pytest.mark.parametrize("trouble", TROUBLES)
def test_two_personas_get_different_answers_that_fit_the_question(engine: Engine, trouble: str) -> None:
    plain = engine.answer(trouble).ranked[:12]
    answers = {name: engine.answer(trouble, _as(engine, name)) for name in PERSONAS}
    wordings = {" ".join(sentence.text for sentence in answer.sentences) for answer in answers.values()}
    assert len(wordings) == len(PERSONAS)
    for answer in answers.values():
        # What comes first for somebody is never far from what comes first for all.
        assert answer.ranked[0] in plain
    assert any(one.ranked[:5] != other.ranked[:5] for one, other in combinations(answers.values(), 2))


@pytest.mark.parametrize("trouble", TROUBLES[:3])
def test_who_asks_is_not_what_is_looked_for(engine: Engine, trouble: str) -> None:
    """Saying that one is a co-op must find no pages about co-ops, but the same pages seen by one."""
    chosen = Talk(chosen=(engine.facet("persona", "Co-op member"), engine.facet("scale", "Team")))
    said = engine.answer(f"We are a housing co-op of twelve people. {trouble}")
    assert [facet.kind for facet in said.lens.facets] == ["persona", "scale"]
    assert said.ranked[:5] == engine.answer(trouble, chosen).ranked[:5]


def test_pages_for_such_people_come_forward(engine: Engine) -> None:
    before = after = 0
    for trouble in TROUBLES:
        for name in PERSONAS:
            talk = _as(engine, name)
            lens = Lens(talk.chosen)
            before += _fitting(engine, engine.answer(trouble).ranked[:5], lens)
            after += _fitting(engine, engine.answer(trouble, talk).ranked[:5], lens)
    assert after > 1.2 * before


def test_a_pattern_is_named_as_such_people_name_it(engine: Engine) -> None:
    answer = engine.answer("What is Role Rotation?", _as(engine, "City official"))
    assert "Fixed Terms of Office" in " ".join(sentence.text for sentence in answer.sentences)
    assert "Fixed Terms of Office" not in " ".join(s.text for s in engine.answer("What is Role Rotation?").sentences)


def test_a_relation_is_the_same_for_everybody(engine: Engine) -> None:
    said = [engine.answer("What does Role Rotation require?", _as(engine, name)).ranked[:3] for name in PERSONAS]
    assert len(set(said)) == 1


def test_the_lens_is_read_remembered_and_told(engine: Engine) -> None:
    first = engine.answer("In our housing co-op of twelve nobody takes minutes. What helps?")
    assert [facet.label for facet in first.lens.facets] == ["Co-op member", "Team"]
    talk = Talk((PastTurn(first.question, first.understood, first.subjects),))
    assert [facet.label for facet in engine.lens(talk).facets] == ["Co-op member", "Team"]
    second = engine.answer("How do we share out dull work?", talk)
    assert {facet.origin for facet in second.lens.facets} == {"conversation"}


def test_the_command_asks_as_somebody(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CML_INDEX", str(settings.index))
    monkeypatch.setenv("CML_MODELS", str(settings.models))
    assert main(["ask", TROUBLES[0], "--as", "city official", "--scale", "city", "--json"]) == 0
    facets = json.loads(capsys.readouterr().out)["lens"]["facets"]
    assert [(facet["value"], facet["origin"]) for facet in facets] == [("City Official", "chosen"), ("City", "chosen")]
    assert main(["ask", TROUBLES[0], "--as", "founder"]) == 0
    assert "(Read as Founder.)" in capsys.readouterr().out
    assert main(["ask", TROUBLES[0], "--as", "wizard"]) == 2
    assert "It knows: Co-op member, City official, Founder" in capsys.readouterr().err

"""The questions that come with the starter library say what the library says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cml_mm import prose
from cml_mm.corpus import load_library
from cml_mm.evaluation.facts import RelationFact, relation_fact
from cml_mm.evaluation.questions import QUESTION_KINDS, SPLITS, Question, read_questions
from cml_mm.types import SYMMETRIC_KINDS, Library, Relation

ENOUGH = {"problem": 30, "persona": 12, "relation": 12, "multihop": 8, "compare": 8, "lookup": 8, "unanswerable": 10}
LAY_KINDS = ("problem", "persona", "multilingual")
NAMING_KINDS = ("compare", "adopter", "tension")  # they speak the names that they ask about
LANGUAGES = {"es", "de", "fr", "pt", "it", "ca"}


@pytest.fixture(scope="module")
def questions(starter_library: Path) -> tuple[Question, ...]:
    return read_questions(starter_library / "questions.jsonl")


@pytest.fixture(scope="module")
def library(starter_library: Path) -> Library:
    return load_library([starter_library])


@pytest.fixture(scope="module")
def titles(library: Library) -> dict[str, str]:
    return {page.slug: page.title for page in (*library.patterns, *library.lighthouses)}


def test_there_are_enough_of_every_kind(questions: tuple[Question, ...]) -> None:
    counted = Counter(question.kind for question in questions)
    assert len(questions) >= 90
    assert set(counted) == set(QUESTION_KINDS)
    assert not {kind: counted[kind] for kind, least in ENOUGH.items() if counted[kind] < least}
    assert min(counted.values()) >= 6


def test_ids_and_questions_are_unique_and_explained(questions: tuple[Question, ...]) -> None:
    assert len({question.id for question in questions}) == len(questions)
    assert len({prose.fold(question.question) for question in questions}) == len(questions)
    assert [question.id for question in questions if not question.note] == []


def test_every_page_named_exists_and_no_pattern_is_forgotten(
    questions: tuple[Question, ...], titles: dict[str, str], library: Library
) -> None:
    named = {slug for q in questions for slug in (*q.gold, *q.also_ok, *q.subject)}
    assert named <= set(titles)
    assert [q.id for q in questions if set(q.gold) & set(q.also_ok) or set(q.gold) & set(q.subject)] == []
    patterns = {pattern.slug for pattern in library.patterns}
    assert len(patterns & named) >= 0.9 * len(patterns)


def test_splits_are_balanced_in_every_kind(questions: tuple[Question, ...]) -> None:
    counted = Counter((question.kind, question.split) for question in questions)
    assert {split for _, split in counted} == set(SPLITS)
    assert {kind for kind in QUESTION_KINDS if abs(counted[kind, "dev"] - counted[kind, "held-out"]) > 1} == set()


def test_personas_and_languages_are_said(questions: tuple[Question, ...]) -> None:
    assert [q.id for q in questions if bool(q.persona) != (q.kind == "persona")] == []
    assert [q.id for q in questions if bool(q.lang) != (q.kind == "multilingual")] == []
    assert {q.lang for q in questions if q.lang} == LANGUAGES
    assert len({q.persona for q in questions if q.persona}) >= 5


def test_no_question_gives_its_answer_away(questions: tuple[Question, ...], titles: dict[str, str]) -> None:
    held = [
        question.id
        for question in questions
        for slug in question.gold
        if question.kind not in NAMING_KINDS and prose.fold(titles[slug]) in prose.fold(question.question)
    ]
    assert held == []


def test_lay_questions_share_no_word_with_the_title(questions: tuple[Question, ...], titles: dict[str, str]) -> None:
    shared = {
        question.id: words
        for question in questions
        for slug in question.gold
        if question.kind in LAY_KINDS
        and (words := set(prose.terms(titles[slug])) & set(prose.terms(question.question)))
    }
    assert shared == {}


def test_relation_facts_are_edges_of_the_library(
    questions: tuple[Question, ...], library: Library, titles: dict[str, str]
) -> None:
    edges = {_fact(edge, titles) for edge in library.relations}
    stated = {(q.id, fact) for q in questions for text in q.must_mention if (fact := relation_fact(text))}
    assert len(stated) > 60
    assert {(name, fact) for name, fact in stated if fact not in edges} == set()


def test_relation_questions_list_every_edge_that_they_ask_for(
    questions: tuple[Question, ...], library: Library, titles: dict[str, str]
) -> None:
    asked = [question for question in questions if question.asks]
    assert {q.id for q in questions if q.kind == "relation"} <= {q.id for q in asked}
    for question in asked:
        wanted = _wanted(question, library)
        assert {relation_fact(text) for text in question.must_mention} == {_fact(e, titles) for e in wanted}, question
        (subject,) = question.subject
        ends = {end for edge in wanted for end in (edge.subject, edge.object)} - {subject}
        assert set(question.gold) == ends, question


def test_facts_of_several_hops_hang_together(questions: tuple[Question, ...], titles: dict[str, str]) -> None:
    for question in questions:
        if question.kind != "multihop":
            continue
        facts = [fact for text in question.must_mention if (fact := relation_fact(text))]
        assert len(facts) == len(question.must_mention) >= 2, question
        named = {titles[slug] for slug in (*question.subject, *question.gold)}
        assert named == {end for fact in facts for end in (fact.subject, fact.object)}, question
        reached = {facts[0].subject}
        for _ in facts:
            reached |= {end for f in facts if {f.subject, f.object} & reached for end in (f.subject, f.object)}
        assert reached == named, question


def test_questions_that_compare_have_two_golds_and_facts(questions: tuple[Question, ...]) -> None:
    compared = [question for question in questions if question.kind == "compare"]
    assert [q.id for q in compared if len(q.gold) != 2 or not 2 <= len(q.must_mention) <= 3] == []


def test_unanswerable_questions_have_no_answer(questions: tuple[Question, ...], library: Library) -> None:
    without = [question for question in questions if not question.answerable]
    assert [q.id for q in without if q.gold or q.also_ok or q.must_mention] == []
    pages = (*library.patterns, *library.lighthouses)
    written = {word for page in pages for section in page.sections for word in prose.words(section.text)}
    assert {"kestrel", "halvorsen", "triodos", "tesla", "sourdough", "polo"} & written == set()


def _wanted(question: Question, library: Library) -> list[Relation]:
    assert question.asks is not None
    (subject,) = question.subject
    side = question.asks.side
    assert side != "both" or question.asks.relation in SYMMETRIC_KINDS
    return [
        edge
        for edge in library.relations
        if edge.kind == question.asks.relation
        and ((side != "in" and edge.subject == subject) or (side != "out" and edge.object == subject))
    ]


def _fact(edge: Relation, titles: dict[str, str]) -> RelationFact:
    return RelationFact(titles[edge.subject], edge.kind, titles[edge.object])

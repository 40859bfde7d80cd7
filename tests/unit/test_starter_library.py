"""The shipped library keeps what it promises: enough relations, each with a reason, none to nowhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from cml_mm.corpus.library import load_library
from cml_mm.corpus.names import name_key
from cml_mm.types import SYMMETRIC_KINDS, Relation

ROLES = {
    "context",
    "problem",
    "solution",
    "implementation",
    "consequences",
    "known_uses",
    "cognitive_era",
    "vitality",
}
READERS = {"corporate", "government", "activist", "tech"}


def test_starter_library(starter_library: Path) -> None:
    library = load_library([starter_library])
    assert len(library.patterns) >= 64
    assert len(library.lighthouses) >= 10
    assert not library.problems
    assert not library.dangling
    assert all(relation.reason and relation.layer == "curated" for relation in library.relations)
    for page in (*library.patterns, *library.lighthouses):
        assert (page.source.licence, bool(page.source.attribution)) == ("CC-BY-SA-4.0", True)


def test_relations_are_many_and_each_has_a_reason_of_its_own(starter_library: Path) -> None:
    between = relations_between_patterns(starter_library)
    assert len(between) >= 280
    assert Counter(relation.kind for relation in between)["TENSIONS_WITH"] >= 30
    assert [relation for relation in between if len(relation.reason.split()) < 8] == []
    repeated = Counter(name_key(relation.reason) for relation in between)
    assert [reason for reason, times in repeated.items() if times > 1] == []


def test_no_pattern_stands_alone_and_none_is_a_hub(starter_library: Path) -> None:
    between = relations_between_patterns(starter_library)
    slugs = {pattern.slug for pattern in load_library([starter_library]).patterns}
    arriving = Counter(relation.object for relation in between)
    assert slugs - {relation.subject for relation in between} == set()
    assert slugs - set(arriving) == set()
    assert max(arriving.values()) <= 22


def test_no_two_patterns_bear_kinds_that_contradict(starter_library: Path) -> None:
    kinds: dict[frozenset[str], list[str]] = {}
    for relation in relations_between_patterns(starter_library):
        kinds.setdefault(frozenset((relation.subject, relation.object)), []).append(relation.kind)
    for pair, borne in kinds.items():
        assert len(pair) == 2, f"{pair} points to itself"
        assert not {"ALTERNATIVE_TO", "REQUIRES"} <= set(borne), f"{sorted(pair)}: instead of, and not without"
        assert all(borne.count(kind) == 1 for kind in SYMMETRIC_KINDS & set(borne)), f"{sorted(pair)} twice"


def test_every_pattern_says_everything_that_a_page_must_say(starter_library: Path) -> None:
    for pattern in load_library([starter_library]).patterns:
        assert {section.role for section in pattern.sections} == ROLES, pattern.slug
        assert " vs. " in pattern.tension
        assert f"**The core conflict is {pattern.tension}.**" in " ".join(part.text for part in pattern.sections)
        assert pattern.summary and pattern.aliases
        labels = dict(pattern.context_labels)
        assert set(labels) == READERS and all(labels.values()), pattern.slug
        words = sum(len(f"{section.heading} {section.text}".split()) for section in pattern.sections)
        assert 350 <= words <= 700, f"{pattern.slug} has {words} words"


def test_no_two_patterns_answer_to_the_same_name(starter_library: Path) -> None:
    owners: dict[str, set[str]] = {}
    for pattern in load_library([starter_library]).patterns:
        for name in (pattern.title, *pattern.aliases):
            owners.setdefault(name_key(name), set()).add(pattern.slug)
    assert [name for name, slugs in owners.items() if len(slugs) > 1] == []


def test_no_page_names_an_address_that_nobody_has_read(starter_library: Path) -> None:
    pages = sorted(starter_library.glob("*/*.md"))
    assert len(pages) >= 74
    for page in pages:
        text = page.read_text(encoding="utf-8").lower()
        assert [mark for mark in ("://", "www.", "url:") if mark in text] == [], page.name


def test_requires_has_no_circle(starter_library: Path) -> None:
    needs: dict[str, set[str]] = {}
    for relation in load_library([starter_library]).relations:
        if relation.kind == "REQUIRES":
            needs.setdefault(relation.subject, set()).add(relation.object)
    while needs:
        free = {slug for slug, wanted in needs.items() if not wanted & set(needs)}
        assert free, f"a circle among {sorted(needs)}"
        for slug in free:
            del needs[slug]


def relations_between_patterns(starter_library: Path) -> list[Relation]:
    """The relations that join two patterns; those of lighthouses left out."""
    return [relation for relation in load_library([starter_library]).relations if relation.kind != "ADOPTS"]


def test_every_pattern_says_for_whom_it_is_how_large_and_when(starter_library: Path) -> None:
    patterns = load_library([starter_library]).patterns
    for pattern in patterns:
        assert set(pattern.personas) - set(pattern.scales), pattern.slug
        assert pattern.scales and pattern.stages, pattern.slug
    assert len({persona for pattern in patterns for persona in pattern.personas}) >= 8

"""The shipped library keeps what it promises: enough relations, each with a reason, none to nowhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from cml_mm.corpus.library import load_library


def test_starter_library(starter_library: Path) -> None:
    library = load_library([starter_library])
    assert len(library.patterns) >= 20
    assert len(library.lighthouses) >= 4
    assert not library.problems
    assert not library.dangling
    between = [relation for relation in library.relations if relation.kind != "ADOPTS"]
    kinds = Counter(relation.kind for relation in between)
    assert len(between) >= 60
    assert kinds["TENSIONS_WITH"] >= 8
    assert all(relation.reason and relation.layer == "curated" for relation in library.relations)
    for page in (*library.patterns, *library.lighthouses):
        assert (page.source.licence, bool(page.source.attribution)) == ("CC-BY-SA-4.0", True)


def test_every_pattern_says_context_problem_solution_and_what_it_balances(starter_library: Path) -> None:
    for pattern in load_library([starter_library]).patterns:
        roles = {section.role for section in pattern.sections}
        assert {"context", "problem", "solution", "implementation", "consequences", "known_uses"} <= roles
        assert " vs. " in pattern.tension
        assert pattern.summary and pattern.aliases and pattern.context_labels


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

"""Defects of relations and of the whole graph: each in a small library that has it, and not in one that is good."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cml_mm.corpus.lint import Finding, LintReport, lint
from cml_mm.corpus.lint.circles import find_circles
from cml_mm.corpus.lint.graph_checks import hub_bound


def page(folder: Path, slug: str, *relations: str, fields: str = "", text: str = "") -> None:
    """A page of v7.1; a relation is written "kind target reason", the reason may be left out."""
    kinds: dict[str, list[str]] = {}
    for relation in relations:
        kind, target, *reason = relation.split(" ", 2)
        why = f", description: {reason[0]}" if reason else ""
        kinds.setdefault(kind, []).append(f"    - {{slug: {target}, weight: 0.5{why}}}")
    stated = "\n".join(f"  {kind}:\n" + "\n".join(entries) for kind, entries in kinds.items())
    title = slug.replace("-", " ").title()
    place = folder / "patterns"
    place.mkdir(parents=True, exist_ok=True)
    head = f"id: pat_{slug}\nslug: {slug}\ntitle: {title}\n{fields}relationships:\n{stated}\n"
    words = text or f"{title} is about {slug} alone."
    (place / f"{slug}.md").write_text(f"---\n{head}---\n\n## Context\n\n{words}\n", encoding="utf-8")


def of(report: LintReport, kind: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.kind == kind]


def seen(report: LintReport, kind: str) -> list[tuple[str, str]]:
    return [(finding.path, finding.severity) for finding in of(report, kind)]


def test_a_relation_to_itself(tmp_path: Path) -> None:
    page(tmp_path, "oven", "enables oven It warms.", "enables bread It bakes.")
    page(tmp_path, "bread")
    assert seen(lint([tmp_path]), "relation_to_itself") == [("patterns/oven.md", "warning")]


def test_a_relation_twice_under_one_kind_only(tmp_path: Path) -> None:
    page(tmp_path, "oven", "enables bread It bakes.", "enables Bread Heat.", "requires bread Why not.")
    page(tmp_path, "bread", "enables oven Smell.", "generalizes_from oven Odd.", "specializes_to oven Odd too.")
    report = lint([tmp_path])
    assert seen(report, "relation_twice") == [("patterns/oven.md", "warning")]
    assert of(report, "relation_twice")[0].places == 1


def test_what_a_machine_inferred_twice_is_a_note_and_inferred_once_more_nothing(tmp_path: Path) -> None:
    link = "{target: bread, type: enables, reason: Guess}"
    page(tmp_path, "oven", fields=f"graph_garden: {{inferred_links: [{link}, {link}]}}\n")
    page(tmp_path, "bread", "enables oven Smell.", fields=f"graph_garden: {{inferred_links: [{link[:-1]}}}]}}\n")
    page(tmp_path, "mill", "enables bread Flour.", fields=f"graph_garden: {{inferred_links: [{link}]}}\n")
    assert seen(lint([tmp_path]), "relation_twice") == [("patterns/oven.md", "note")]


def test_names_without_a_page_are_ranked_by_how_many_pages_want_them(tmp_path: Path) -> None:
    page(tmp_path, "oven", "enables Slow-Dough Rises.", "requires yeast Needs it.")
    page(tmp_path, "bread", "requires slow-dough Rises.", "enables oven Smell.")
    page(tmp_path, "mill", "enables bread Flour.")
    report = lint([tmp_path])
    assert seen(report, "relation_dangling") == [("patterns/bread.md", "warning"), ("patterns/oven.md", "warning")]
    assert [(name.name, len(name.paths)) for name in report.wanted] == [("Slow-Dough", 2), ("yeast", 1)]


def test_a_lighthouse_that_uses_an_unknown_pattern(tmp_path: Path) -> None:
    page(tmp_path, "oven", "enables bread It bakes.")
    page(tmp_path, "bread")
    house = tmp_path / "lighthouses"
    house.mkdir()
    (house / "town.md").write_text(
        "---\ntitle: Town\npatterns_used: [Oven, Moon Base]\nlicense: X\nattribution: Y\ndescription: A town.\n---\n"
        "## Overview\n\nIt bakes.\n",
        encoding="utf-8",
    )
    report = lint([tmp_path])
    assert [finding.kind for finding in report.findings if finding.path.startswith("light")] == ["relation_dangling"]
    assert "ADOPTS Moon Base" in of(report, "relation_dangling")[0].message


def test_relations_without_a_reason(tmp_path: Path) -> None:
    page(tmp_path, "oven", "enables bread", "requires mill Flour.")
    page(tmp_path, "bread", "enables oven Smell.")
    page(tmp_path, "mill")
    report = lint([tmp_path])
    assert seen(report, "relation_no_reason") == [("patterns/oven.md", "warning")]
    assert of(report, "relation_no_reason")[0].message == "1 of 2: ENABLES bread."


def test_circles_of_requires_are_errors_where_people_stand_behind_them(tmp_path: Path) -> None:
    page(tmp_path, "oven", "requires mill Flour first.")
    page(tmp_path, "mill", "requires field Grain first.")
    page(tmp_path, "field", "requires oven Bread for the harvesters.")
    page(tmp_path, "well", "requires rope")
    page(tmp_path, "rope", "requires well")
    report = lint([tmp_path])
    assert seen(report, "requires_circle") == [("patterns/field.md", "error"), ("patterns/rope.md", "warning")]
    assert of(report, "requires_circle")[0].message.startswith("Field → Oven → Mill → Field, each requiring")


def test_a_chain_of_requires_is_no_circle(tmp_path: Path) -> None:
    page(tmp_path, "oven", "requires mill Flour first.")
    page(tmp_path, "mill", "requires field Grain first.")
    page(tmp_path, "field", "enables oven Grain.")
    assert seen(lint([tmp_path]), "requires_circle") == []


def test_each_a_special_case_of_the_other(tmp_path: Path) -> None:
    page(tmp_path, "oven", "specializes_to hearth It is wider.")
    page(tmp_path, "hearth", "specializes_to oven No, this is.")
    assert seen(lint([tmp_path]), "specialises_circle") == [("patterns/hearth.md", "error")]
    page(tmp_path, "hearth", "generalizes_from oven The same again.")
    assert seen(lint([tmp_path]), "specialises_circle") == []


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("requires hearth Heat.", "alternatives oven Either.", "requires_alternative"),
        ("complementary hearth Both.", "alternatives oven Either.", "complement_alternative"),
        ("enables hearth Heat.", "tensions_with oven Room.", ""),
        ("enables hearth Heat.", "alternatives oven Either.", ""),
    ],
)
def test_pairs_that_contradict_each_other(tmp_path: Path, first: str, second: str, kind: str) -> None:
    page(tmp_path, "oven", first)
    page(tmp_path, "hearth", second)
    found = [finding for finding in lint([tmp_path]).findings if finding.kind.endswith("_alternative")]
    assert [(finding.kind, finding.severity) for finding in found] == ([(kind, "error")] if kind else [])


def test_a_pattern_that_nothing_joins(tmp_path: Path) -> None:
    page(tmp_path, "oven", "enables bread It bakes.")
    page(tmp_path, "bread")
    page(tmp_path, "moon", "enables moonlight Far away.")
    assert seen(lint([tmp_path]), "isolated") == [("patterns/moon.md", "warning")]


def test_a_single_page_is_not_called_isolated(tmp_path: Path) -> None:
    page(tmp_path, "moon")
    assert seen(lint([tmp_path / "patterns" / "moon.md"]), "isolated") == []


def test_hubs_and_crowding_on_one_letter(tmp_path: Path) -> None:
    page(tmp_path, "anvil")
    for number in range(110):
        page(tmp_path, f"z{number:03}", "enables anvil", f"complementary z{(number + 1) % 110:03}")
    report = lint([tmp_path])
    assert seen(report, "hub") == [("patterns/anvil.md", "warning")]
    assert of(report, "hub")[0].message.startswith("110 relations point here, 110 of them machine-made")
    assert seen(report, "hub_alphabet") == []  # half of them lead back among the many


def test_a_hub_made_by_hand_is_a_note(tmp_path: Path) -> None:
    page(tmp_path, "anvil")
    for number in range(40):
        page(tmp_path, f"z{number:03}", f"enables anvil Reason {number}.")
    assert seen(lint([tmp_path]), "hub") == []  # all relations lead there: it is no outlier
    for number in range(40):
        page(tmp_path, f"z{number:03}", f"enables anvil Reason {number}.", f"requires z{(number + 1) % 40:03} Next.")
    assert seen(lint([tmp_path]), "hub") == [("patterns/anvil.md", "note")]


def test_relations_that_crowd_on_one_letter(tmp_path: Path) -> None:
    names = ("anvil", "apron", "axle")
    for name in names:
        page(tmp_path, name)
    for number in range(40):
        page(tmp_path, f"z{number:03}", *(f"enables {name}" for name in names))
    found = of(lint([tmp_path]), "hub_alphabet")
    assert len(found) == 1 and "100.0% of 120" in found[0].message and "“a”" in found[0].message


def test_the_bound_for_hubs_knows_how_even_a_library_is() -> None:
    assert hub_bound([]) == 20
    assert hub_bound([1, 1, 2, 2, 3]) == 20
    assert hub_bound([4, 8, 15, 16, 23, 42]) > 42


TEXT = "Dough is mixed at dusk, rests under linen, and the baker folds it thrice before the embers settle. "


def test_twins_by_title_alias_or_text(tmp_path: Path) -> None:
    page(tmp_path, "village-oven", text=TEXT * 3)
    page(tmp_path, "village-oven-house", text=TEXT * 3)
    page(tmp_path, "hearth", fields="aliases: [Village Oven]\n")
    page(tmp_path, "village-well", text="Water is drawn by turns, and the rope is mended each spring by its users.")
    for number in range(8):
        page(tmp_path, f"z{number}", text=f"Something else about lot {number} and its fence {number * 7}.")
    found = of(lint([tmp_path]), "twins")
    assert [finding.path for finding in found] == ["patterns/hearth.md", "patterns/village-oven.md"]
    assert "alias" in found[0].message and "titles 67% alike, texts 1.00" in found[1].message


def test_like_titles_alone_make_no_twins(tmp_path: Path) -> None:
    page(tmp_path, "village-oven", text=TEXT * 3)
    page(tmp_path, "village-oven-house", text="Water is drawn by turns; the rope is mended each spring.")
    for number in range(8):
        page(tmp_path, f"z{number}", text=f"Something else about lot {number} and its fence {number * 7}.")
    assert of(lint([tmp_path]), "twins") == []


def test_approved_relations_and_archetypes(tmp_path: Path) -> None:
    page(tmp_path, "oven", "enables bread It bakes.")
    page(tmp_path, "bread")

    def entry(target: str, evidence: str) -> dict[str, str]:
        return {
            "source_id": "pat_oven",
            "target_id": target,
            "relationship_type": "ENABLES",
            "evidence": evidence,
            "status": "approved",
        }

    entries = [
        entry("pat_bread", "A warm oven makes the bread."),
        entry("pat_bread", "A warm oven makes all well."),
        entry("pat_moon", "The oven lights the moon."),
    ]
    (tmp_path / "relationships_approved.json").write_text(json.dumps({"relationships": entries}))
    people = [{"name": "Team"}]
    named = [{"pattern_id": "pat_oven", "archetypes": people}, {"pattern_id": "pat_moon", "archetypes": people}]
    (tmp_path / "archetypes.json").write_text(json.dumps(named))
    report = lint([tmp_path])
    assert [finding.message[:8] for finding in of(report, "approved_unnamed")] == ["Entry 2:"]
    assert "“Bread”" in of(report, "approved_unnamed")[0].message
    assert [finding.message for finding in of(report, "approved_unknown")] == ["Entry 3: ENABLES with pat_moon."]
    assert [finding.message for finding in of(report, "archetype_unknown")] == ["Entry 2 is for pat_moon."]


def test_a_broken_file_of_relations_is_an_error_and_no_failure(tmp_path: Path) -> None:
    page(tmp_path, "oven")
    (tmp_path / "relationships_approved.json").write_text("{")
    assert seen(lint([tmp_path]), "file_unreadable") == [("relationships_approved.json", "error")]


def test_circles_are_found_whole_and_shortest_first() -> None:
    assert find_circles([]) == []
    assert find_circles([("a", "b"), ("b", "c"), ("a", "a")]) == []
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "b"), ("x", "y"), ("y", "x"), ("c", "x")]
    assert find_circles(edges) == [(("a", "b", "c"), frozenset("abc")), (("x", "y"), frozenset("xy"))]
    long = [(f"{number:05}", f"{number + 1:05}") for number in range(5000)]
    assert len(find_circles([*long, ("05000", "00000")])[0][0]) == 5001

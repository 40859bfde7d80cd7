"""Whole libraries on disk: merging, relations, files that cannot be read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cml_mm.corpus import load_library
from cml_mm.errors import LibraryUnreadable
from cml_mm.profiles import document_reader
from cml_mm.types import Library


def write(folder: Path, slug: str, title: str, relations: str = "", **fields: str) -> None:
    lines = [f"{key}: {value}" for key, value in {"id": f"pat_{slug}", **fields}.items()]
    head = "\n".join([f"slug: {slug}", f"title: {title}", *lines, *([relations] if relations else [])])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{slug}.md").write_text(f"---\n{head}\n---\n## Solution\n\nDo it.\n", encoding="utf-8")


def edges(library: Library) -> list[tuple[str, str, str, str]]:
    return [(r.subject, r.kind, r.object, r.layer) for r in library.relations]


def relation(kind: str, target: str, reason: str = "", weight: str = "0.5") -> str:
    note = f", description: {reason}" if reason else ""
    return f"relationships:\n  {kind}:\n    - {{slug: {target}, weight: {weight}{note}}}"


def test_generalizes_from_points_from_the_parent(tmp_path: Path) -> None:
    write(tmp_path / "_patterns", "child", "Child", relation("generalizes_from", "parent", "It is one."))
    write(tmp_path / "_patterns", "parent", "Parent", relation("specializes_to", "child"))
    library = load_library([tmp_path])
    assert edges(library) == [("parent", "SPECIALIZES_TO", "child", "curated")]
    found = library.relations[0]
    assert (found.reason, found.declared_by) == ("It is one.", "_patterns/child.md")
    assert (found.subject_title, found.object_title) == ("Parent", "Child")


def test_symmetric_relations_are_stated_once_or_by_both_hands(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    write(folder, "a", "A", relation("complementary", "b", "A says so."))
    write(folder, "b", "B", relation("complementary", "a", "B says so too."))
    write(folder, "c", "C", relation("alternatives", "d"))
    write(folder, "d", "D", relation("alternatives", "c", "By hand."))
    library = load_library([tmp_path])
    assert edges(library) == [
        ("a", "COMPLEMENTS", "b", "curated"),
        ("b", "COMPLEMENTS", "a", "curated"),
        ("d", "ALTERNATIVE_TO", "c", "curated"),
    ]
    assert [r.reason for r in library.relations] == ["A says so.", "B says so too.", "By hand."]


def test_best_layer_wins_and_self_relations_go(tmp_path: Path) -> None:
    guesses = "{target: b, type: enables, reason: Guess}, {target: a, type: enables}"
    garden = f"graph_garden: {{inferred_links: [{guesses}]}}"
    write(tmp_path, "a", "A", relation("enables", "b") + "\n" + garden)
    write(tmp_path, "b", "B")
    assert edges(load_library([tmp_path])) == [("a", "ENABLES", "b", "machine")]


def test_unknown_and_ambiguous_targets_dangle(tmp_path: Path) -> None:
    write(tmp_path, "a", "A", "related: [pat_twice, stress-management, pat_placeholder, pat_b, pat_b]")
    write(tmp_path, "b", "B")
    write(tmp_path, "c", "C", id="pat_twice")
    write(tmp_path, "d", "D", id="pat_twice")
    write(tmp_path, "secrets-management", "Secrets Management")
    library = load_library([tmp_path])
    assert edges(library) == [("a", "RELATED", "b", "earlier")]
    assert [(d.subject, d.kind, d.name, d.declared_by) for d in library.dangling] == [
        ("a", "RELATED", "pat_twice", "a.md"),
        ("a", "RELATED", "stress-management", "a.md"),
    ]


def test_relations_reach_across_libraries_and_first_slug_wins(tmp_path: Path) -> None:
    write(tmp_path / "one" / "patterns", "a", "First", relation("requires", "z", "Needs it."))
    write(tmp_path / "two" / "patterns", "z", "Far", relation("requires", "a"))
    write(tmp_path / "two" / "patterns", "a", "Second")
    library = load_library([tmp_path / "one", tmp_path / "two"])
    assert [(p.slug, p.title) for p in library.patterns] == [("a", "First"), ("z", "Far")]
    assert edges(library) == [("a", "REQUIRES", "z", "curated"), ("z", "REQUIRES", "a", "machine")]
    assert [(p.path, p.skipped) for p in library.problems] == [("patterns/a.md", True)]
    swapped = load_library([tmp_path / "two", tmp_path / "one"])
    assert swapped.patterns[0].title == "Second"


def test_lighthouses_adopt_patterns_and_share_one_space_of_slugs(tmp_path: Path) -> None:
    write(tmp_path / "patterns", "shed", "Tool Shed", aliases="[Lending Room]")
    write(tmp_path / "lighthouses", "shed", "Shed Town", "patterns_used: [lending room, Moon Base]")
    library = load_library([tmp_path])
    assert [house.slug for house in library.lighthouses] == ["lighthouse-shed"]
    assert library.lighthouses[0].source.slug == "lighthouse-shed"
    assert edges(library) == [("lighthouse-shed", "ADOPTS", "shed", "curated")]
    assert library.relations[0].subject_title == "Shed Town"
    assert [(d.kind, d.name) for d in library.dangling] == [("ADOPTS", "Moon Base")]
    assert library.lighthouses[0].adopts == ("lending room", "Moon Base")


def test_approved_and_archetypes_apply_over_all_folders(tmp_path: Path) -> None:
    write(tmp_path / "one", "a", "Alpha Way")
    write(tmp_path / "one", "b", "Beta Way")
    other = tmp_path / "two"
    other.mkdir()
    entry = {
        "source_id": "pat_b",
        "target_id": "pat_a",
        "relationship_type": "TENSIONS_WITH",
        "evidence": "The beta way strains the alpha way.",
        "confidence": 0.7,
        "status": "approved",
    }
    (other / "relationships_approved.json").write_text(json.dumps({"relationships": [entry]}))
    (other / "archetypes.json").write_text(json.dumps([{"pattern_id": "pat_a", "archetypes": [{"name": "City"}]}]))
    library = load_library([tmp_path / "one", other])
    assert edges(library) == [("b", "TENSIONS_WITH", "a", "approved")]
    assert library.relations[0].declared_by == "relationships_approved.json"
    assert library.patterns[0].scales == ("City",)


def test_half_an_emoji_in_a_table_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, "a", "Alpha Way")
    write(tmp_path, "b", "Beta Way")
    entry = {"source_id": "pat_b", "target_id": "pat_a", "relationship_type": "ENABLES", "status": "approved"}
    entry["evidence"] = "The beta way \U0001f33b opens \ud83d the alpha way."
    (tmp_path / "relationships_approved.json").write_text(json.dumps({"relationships": [entry]}))
    [found] = load_library([tmp_path]).relations
    assert found.reason == "The beta way \U0001f33b opens ? the alpha way."


def test_files_that_cannot_be_read_are_problems_and_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "_patterns"
    write(folder, "good", "Good")
    (folder / "latin.md").write_bytes(b"---\ntitle: Caf\xe9\n---\nText\n")
    (folder / "empty.md").write_bytes(b"")
    (folder / "blank.md").write_bytes(b"\xef\xbb\xbf \n\n")
    (folder / "folder.md").mkdir()
    (folder / "gone.md").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.md")
    (folder / "nothing.md").write_text("---\n---\n")
    (folder / "mended.md").write_text("---\ntitle: a: b\n---\n## Solution\n\nText.\n")
    (folder / "notes.txt").write_text("no page")
    (folder / ".hidden.md").write_text("no page")
    (tmp_path / "archetypes.json").write_text("{broken")
    (tmp_path / "relationships_approved.json").write_text("[" * 100_000)
    library = load_library([tmp_path])
    assert [p.slug for p in library.patterns] == ["good", "mended"]
    skipped = {p.path for p in library.problems if p.skipped}
    names = ("latin", "empty", "blank", "folder", "gone", "pipe", "nothing")
    expected = {f"_patterns/{name}.md" for name in names}
    assert skipped == expected | {"archetypes.json", "relationships_approved.json"}
    assert [p.path for p in library.problems if not p.skipped] == ["_patterns/mended.md"]
    assert all(p.message for p in library.problems)


def test_a_file_name_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "shed", "Shed")
    name = os.fsdecode(b"caf\xe9.md")  # as an archive from another system leaves it
    try:
        (tmp_path / name).write_bytes((tmp_path / "shed.md").read_bytes())
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    library = load_library([tmp_path])
    assert [pattern.slug for pattern in library.patterns] == ["shed"]
    assert [(p.path, p.skipped, "not UTF-8" in p.message) for p in library.problems] == [("caf?.md", True, True)]


def test_documents_of_one_name_are_all_read(tmp_path: Path) -> None:
    for year in ("2023", "2024", "2025"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "agenda.txt").write_text(f"In {year} the roof was talked about.", "utf-8")
    library = load_library([tmp_path], read_document=document_reader())
    assert [document.slug for document in library.documents] == ["2025-agenda", "agenda", "agenda-txt"]
    assert all(document.source.slug == document.slug for document in library.documents)
    assert not library.problems


def test_a_slug_taken_already_is_told_without_the_machines_folders(tmp_path: Path) -> None:
    write(tmp_path / "one" / "patterns", "shed", "Shed")
    write(tmp_path / "two" / "patterns", "shed", "Other Shed")
    [problem] = load_library([tmp_path / "one", tmp_path / "two"]).problems
    assert "shed" in problem.message and "two" in problem.message and str(tmp_path) not in problem.message


def test_file_without_permission_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a", "A")
    write(tmp_path, "b", "B")
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "b.md":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    library = load_library([tmp_path])
    assert [p.slug for p in library.patterns] == ["a"]
    assert "Permission denied" in library.problems[0].message


@pytest.mark.parametrize("state", ["missing", "empty", "no pages", "only broken", "no markdown file", "only houses"])
def test_folders_without_patterns_are_refused_by_name(tmp_path: Path, state: str) -> None:
    place = tmp_path / "place"
    if state != "missing":
        place.mkdir()
    if state == "no pages":
        (place / "README.md").write_text("# Read me\n")
        (place / "data.csv").write_text("a")
    if state == "only broken":
        (place / "a.md").write_bytes(b"\xff\xfe")
    if state == "no markdown file":
        place = place / "a.txt"
        place.write_text("a")
    if state == "only houses":
        write(place / "lighthouses", "a", "A")
    with pytest.raises(LibraryUnreadable) as caught:
        load_library([place])
    assert str(place) in caught.value.message and caught.value.hint
    with pytest.raises(LibraryUnreadable):
        load_library([])


def test_a_folder_that_may_not_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(LibraryUnreadable, match="Permission denied"):
        load_library([tmp_path])


def test_single_files_and_loose_folders(tmp_path: Path) -> None:
    write(tmp_path, "a", "A")
    write(tmp_path, "house", "House", "patterns_used: [A]")
    (tmp_path / "README.md").write_text("# Read me\n\nNo pattern.\n")
    assert [p.slug for p in load_library([tmp_path / "a.md"]).patterns] == ["a"]
    library = load_library([tmp_path])
    assert [p.slug for p in library.patterns] == ["a"]
    assert [house.slug for house in library.lighthouses] == ["house"]


def test_progress_counts_every_file_and_order_is_stable(tmp_path: Path) -> None:
    for slug in ("c", "a", "b"):
        write(tmp_path / "patterns", slug, slug.upper(), relation("enables", "a"))
    write(tmp_path / "lighthouses", "h", "H")
    seen: list[tuple[int, int]] = []
    library = load_library([tmp_path], lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [p.slug for p in library.patterns] == ["a", "b", "c"]
    assert library == load_library([tmp_path])

"""An index that is kept up: changed files only, the same content as a full build, swapped while it serves."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from cml_mm import prose
from cml_mm.engine import Engine, read_status
from cml_mm.engine.engine import quiet
from cml_mm.engine.keeping import keep_up
from cml_mm.errors import InputError, LibraryUnreadable, StoreCorrupt, StoreError
from cml_mm.graph.manifest import Manifest, base_folder, current_folder
from cml_mm.graph.snapshot import Snapshot, open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import ROOT, Settings
from cml_mm.types import Document

QUESTIONS = (
    "What does Role Rotation require?",
    "The same people do all the invisible work. What helps?",
    "Which tension does Open Books hold?",
    "Who has adopted Solidarity Fund?",
)


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """A library and an index of one's own, to change."""
    library, index = tmp_path / "library", tmp_path / "index"
    shutil.copytree(settings.libraries[0], library)
    shutil.copytree(settings.index, index)
    made = replace(settings, index=index, libraries=(library,))
    Engine.build(made)
    return made


def pages(settings: Settings) -> list[Path]:
    return sorted((Path(settings.libraries[0]) / "patterns").glob("*.md"))


def opened(settings: Settings, encoder: MiniLM) -> Snapshot:
    return open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)


def assert_same_content(one: Settings, other: Settings, encoder: MiniLM) -> None:
    """Compares what is read back, not only what the manifests say."""
    first, second = opened(one, encoder), opened(other, encoder)
    assert first.manifest.content == second.manifest.content
    assert first.store.content_hash() == second.store.content_hash()
    assert first.pages == second.pages
    assert first.library.entries == second.library.entries
    for question in QUESTIONS:
        assert np.array_equal(first.bm25.scores(prose.terms(question)), second.bm25.scores(prose.terms(question)))
    for a, b in (
        (first.pattern_vectors, second.pattern_vectors),
        (first.section_vectors(), second.section_vectors()),
    ):
        assert a.ids == b.ids
        assert np.array_equal(a.matrix, b.matrix)
    for count in ("patterns", "lighthouses", "documents", "relations", "dangling", "sections", "problems", "licences"):
        assert getattr(first.manifest, count) == getattr(second.manifest, count)
    first.close()
    second.close()
    with Engine.open(one) as left, Engine.open(other) as right:
        for question in QUESTIONS:
            said, again = left.answer(question), right.answer(question)
            assert (said.sentences, said.ranked) == (again.sentences, again.ranked)
            assert [item.quote for item in said.evidence] == [item.quote for item in again.evidence]


def edit_once(chance: random.Random, library: Path, number: int) -> str:
    """One random edit, as a curator would make it."""
    folder = library / "patterns"
    page = chance.choice(sorted(folder.glob("*.md")))
    text = page.read_text("utf-8", errors="replace")
    kind = chance.choice(["change", "change", "retitle", "add", "delete", "rename", "unrelate", "break"])
    if kind == "change":
        page.write_text(text + f"\nNoted in round {number}: the cellar floods in March.\n", encoding="utf-8")
    elif kind == "retitle":
        lines = [f"title: Page of Round {number}" if line.startswith("title:") else line for line in text.split("\n")]
        page.write_text("\n".join(lines), encoding="utf-8")
    elif kind == "add":
        fresh = text.replace(f"slug: {page.stem}", f"slug: added-{number}").replace("id: pat_", f"id: pat_{number}")
        (folder / f"added-{number}.md").write_text(fresh, encoding="utf-8")
    elif kind == "delete":
        page.unlink()
    elif kind == "rename":
        page.rename(folder / f"moved-{number}.md")
    elif kind == "unrelate":
        page.write_text(text.replace("- id: open-books", "- id: a-name-to-nowhere"), encoding="utf-8")
    else:
        page.write_bytes(b"\xff\xfe" + text.encode())
    return kind


def test_a_hundred_random_edits_leave_what_a_full_build_gives(own: Settings, encoder: MiniLM, tmp_path: Path) -> None:
    chance = random.Random(11)
    library = Path(own.libraries[0])
    segments = 0
    for number in range(100):
        edit_once(chance, library, number)
        Engine.build(own)
        manifest = Manifest.read(current_folder(own.index))
        segments += bool(manifest.base)
        if number % 20 == 19:
            whole = replace(own, index=tmp_path / f"whole-{number}")
            shutil.copytree(own.index, whole.index)  # its vectors are remembered there
            Engine.build(whole, merge=True)
            assert not Manifest.read(current_folder(whole.index)).base
            assert_same_content(own, whole, encoder)
            shutil.rmtree(whole.index)
        if len(pages(own)) < 40:  # so many deletions that little would be left to change
            shutil.copytree(ROOT / "indexes" / "starter" / "patterns", library / "patterns", dirs_exist_ok=True)
    assert segments > 60
    fresh = replace(own, index=tmp_path / "fresh")
    Engine.build(fresh)
    assert_same_content(own, fresh, encoder)


def test_one_changed_file_is_a_segment_of_one_page(own: Settings) -> None:
    before = current_folder(own.index)
    base = base_folder(before, Manifest.read(before))
    page = pages(own)[3]
    page.write_text(page.read_text("utf-8") + "\nThe heron nests by the third sluice.\n", encoding="utf-8")
    status = Engine.build(own)
    after = current_folder(own.index)
    manifest = Manifest.read(after)
    assert base_folder(after, manifest) == base
    assert json.loads((after / "pages.json").read_text()) == [page.stem]
    assert status.complete
    with Engine.open(own) as engine:
        assert engine.search("heron third sluice")[0].slug == page.stem


def test_a_name_that_appears_gives_others_their_relation(own: Settings) -> None:
    first, second = pages(own)[0], pages(own)[1]
    text = first.read_text("utf-8")
    first.write_text(text.replace("  enables:", "  enables:\n    - id: page-to-come\n      weight: 0.5", 1), "utf-8")
    Engine.build(own)
    with Engine.open(own) as engine:
        assert [edge.name for edge in engine.related(first.stem).dangling] == ["page-to-come"]
        fresh = second.read_text("utf-8").replace(f"slug: {second.stem}", "slug: page-to-come")
        (second.parent / "page-to-come.md").write_text(fresh.replace("id: pat_", "id: pat_x"), encoding="utf-8")
        Engine.build(own)
        assert engine.refresh()
        around = engine.related(first.stem)
        assert not around.dangling
        assert "page-to-come" in [relation.object for relation in around.outgoing]
        assert not engine.refresh()


def test_an_engine_that_is_warm_stays_so_over_a_swap_and_one_that_is_closed_stays_closed(own: Settings) -> None:
    def has_read_relations(engine: Engine) -> bool:
        return "all_relations" in vars(engine._opened.snapshot.library)

    page = pages(own)[0]
    with Engine.open(own) as engine:
        for warm in (False, True):
            if warm:
                engine.warm()
                assert has_read_relations(engine)
            page.write_text(page.read_text("utf-8") + "\nOne line more.\n", encoding="utf-8")
            Engine.build(own)
            assert engine.refresh()
            assert has_read_relations(engine) == warm
    late = Engine.open(own)
    late.close()
    late.warm()
    assert not has_read_relations(late)


def test_many_changes_make_a_new_whole_snapshot(own: Settings) -> None:
    for page in pages(own)[:40]:
        page.write_text(page.read_text("utf-8") + "\nAll of them changed.\n", encoding="utf-8")
    Engine.build(own)
    assert not Manifest.read(current_folder(own.index)).base


def test_cypher_is_refused_until_changes_are_merged(own: Settings, encoder: MiniLM) -> None:
    pages(own)[0].unlink()
    Engine.build(own)
    snapshot = opened(own, encoder)
    with pytest.raises(StoreError, match="not merged"):
        snapshot.store.structured_query("MATCH (n) RETURN count(n)")
    with pytest.raises(StoreError):
        snapshot.store.delete(ids=["open-books"])
    snapshot.close()
    Engine.build(own, merge=True)
    snapshot = opened(own, encoder)
    assert snapshot.store.structured_query("MATCH (n:Node) WHERE n.label = 'Pattern' RETURN count(*) AS n") == [
        {"n": len(pages(own))}
    ]
    snapshot.close()


def test_a_damaged_base_is_noticed_and_made_again(own: Settings) -> None:
    page = pages(own)[0]
    page.write_text(page.read_text("utf-8") + "\nOne more.\n", encoding="utf-8")
    Engine.build(own)
    folder = current_folder(own.index)
    graph = base_folder(folder, Manifest.read(folder)) / "graph.kuzu"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 0xFF
    graph.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Engine.open(own)
    Engine.build(own)
    with Engine.open(own) as engine:
        assert engine.answer("What is Open Books?").sentences


@pytest.mark.parametrize("content", ["", "[]", '{"pages": {}, "names": {}}'])
def test_a_damaged_outline_costs_a_whole_build(own: Settings, content: str) -> None:
    folder = current_folder(own.index)
    base = base_folder(folder, Manifest.read(folder))
    (base / "outline.json").write_text(content, encoding="utf-8")
    pages(own)[0].unlink()
    assert Engine.build(own).complete
    assert not Manifest.read(current_folder(own.index)).base


def test_a_torn_cache_of_records_costs_nothing_but_time(own: Settings) -> None:
    cache = own.index / "records.jsonl"
    before = current_folder(own.index)
    for content in (cache.read_text("utf-8")[: cache.stat().st_size // 3], "", "nonsense\tmore\t{}\n", None):
        if content is None:
            cache.unlink()
        else:
            cache.write_text(content, encoding="utf-8")
        Engine.build(own)
        assert current_folder(own.index) == before


def test_a_running_app_takes_a_merged_index_into_use(own: Settings) -> None:
    page = pages(own)[0]
    page.write_text(page.read_text("utf-8") + "\nOne more.\n", encoding="utf-8")
    Engine.build(own)
    segment = current_folder(own.index)
    with Engine.open(own) as engine:
        Engine.build(own, merge=True)
        assert segment.is_dir()  # whole until nobody can be opening it
        assert engine.refresh()
        engine.deepen()
        status = engine.status()
        assert status.section_vectors == status.sections


def test_the_snapshot_that_was_in_use_outlives_the_swap_however_old_it_is(own: Settings, encoder: MiniLM) -> None:
    folder = current_folder(own.index)
    os.utime(folder / "manifest.json", (0, 0))
    with Engine.open(own) as engine:
        page = pages(own)[0]
        page.write_text(page.read_text("utf-8") + "\nOne more.\n", encoding="utf-8")
        Engine.build(own, merge=True)
        assert folder.is_dir()
        engine.deepen()  # looks at its files again
        assert engine.status().complete
        page.write_text(page.read_text("utf-8") + "\nAnd one more.\n", encoding="utf-8")
        Engine.build(own, merge=True)
        assert not folder.is_dir()


def test_a_name_with_quotes_is_kept_as_written(own: Settings, encoder: MiniLM, tmp_path: Path) -> None:
    names = ['The "Village" Council', "The  Village  Council", "100% %22 Reserve"]
    for page, entries in ((pages(own)[0], names[:1]), (pages(own)[1], names)):
        listed = "".join(f"\n    - id: {json.dumps(name)}\n      weight: 0.5" for name in entries)
        page.write_text(page.read_text("utf-8").replace("  enables:", f"  enables:{listed}", 1), encoding="utf-8")
        Engine.build(own)
        with Engine.open(own) as engine:
            dangling = {edge.name for edge in engine.related(page.stem).dangling}
            assert dangling == {" ".join(name.split()) for name in entries}
    whole = replace(own, index=tmp_path / "whole")
    Engine.build(whole)
    assert_same_content(own, whole, encoder)


def test_a_page_that_becomes_another_kind_of_page_is_indexed_anew(
    settings: Settings, encoder: MiniLM, tmp_path: Path
) -> None:
    """The same bytes at the same place are a lighthouse among loose files, and a document beside `patterns/`."""
    library = tmp_path / "library"
    (library / "documents").mkdir(parents=True)
    story = "---\nslug: harbour\ntitle: Harbour\npatterns_used:\n  - open-books\n---\n\nThey wash for the port.\n"
    (library / "documents" / "harbour.md").write_text(story, encoding="utf-8")
    source = Path(settings.libraries[0]) / "patterns" / "open-books.md"
    shutil.copy(source, library / "open-books.md")
    made = replace(settings, index=tmp_path / "index", libraries=(library,))
    first = Engine.build(made)
    assert (first.lighthouses, first.documents) == (1, 0)
    (library / "patterns").mkdir()
    (library / "open-books.md").rename(library / "patterns" / "open-books.md")
    second = Engine.build(made)
    assert (second.lighthouses, second.documents) == (0, 1)
    assert Manifest.read(current_folder(made.index)).base
    with Engine.open(made) as engine:
        assert isinstance(engine.read("harbour").page, Document)
    whole = replace(made, index=tmp_path / "whole")
    Engine.build(whole)
    assert opened(made, encoder).store.content_hash() == opened(whole, encoder).store.content_hash()


@pytest.mark.parametrize("damage", ["hidden", "ids", "base"])
def test_the_state_of_a_damaged_segment_is_an_error_of_ours(own: Settings, damage: str) -> None:
    page = pages(own)[0]
    page.write_text(page.read_text("utf-8") + "\nOne more.\n", encoding="utf-8")
    Engine.build(own)
    folder = current_folder(own.index)
    if damage == "hidden":
        (folder / "hidden.json").unlink()
    elif damage == "ids":
        (folder / "sections" / "ids.json").write_text("[", encoding="utf-8")
    else:
        shutil.rmtree(base_folder(folder, Manifest.read(folder)))
    with pytest.raises(StoreCorrupt):
        read_status(own)
    assert Engine.build(own).complete


def test_a_keeper_that_found_another_process_writing_looks_again(own: Settings) -> None:
    page = pages(own)[0]
    page.write_text(page.read_text("utf-8") + "\n## Practices\n\nThe stork counts the pots.\n", encoding="utf-8")
    Engine.build(own, deep=False)
    closing = threading.Event()
    told: list[str] = []
    with Engine.open(own) as engine:
        assert not engine.status().complete
        lock = FileLock(own.index / "writer.lock")
        with lock:
            keeper = threading.Thread(target=keep_up, args=(engine, quiet, told.append, closing))
            keeper.start()
            assert _comes_true(lambda: bool(told))  # about to be refused
            time.sleep(1)
        try:
            assert _comes_true(lambda: engine.status().complete)
        finally:
            closing.set()
            keeper.join()


def test_no_question_is_dropped_while_snapshots_change(own: Settings) -> None:
    """Readers ask without pause while a curator changes the library five times."""
    stop = threading.Event()
    failures: list[BaseException] = []
    answered: list[str] = []

    with Engine.open(own) as engine:

        def reader(question: str) -> None:
            while not stop.is_set():
                try:
                    answer = engine.answer(question)
                    assert answer.sentences and all(s.verdict != "unsupported" for s in answer.sentences)
                    answered.append(answer.fingerprint)
                except BaseException as exc:
                    failures.append(exc)
                    return

        threads = [threading.Thread(target=reader, args=(question,)) for question in QUESTIONS[:3]]
        for thread in threads:
            thread.start()
        page = next(path for path in pages(own) if path.stem == "open-books")
        for number in range(5):
            page.write_text(page.read_text("utf-8") + f"\nRound {number} was kept.\n", encoding="utf-8")
            Engine.build(own)
            assert engine.refresh()
            seen = len(answered)
            while len(answered) < seen + 4 and not failures:
                stop.wait(0.02)
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert len(set(answered)) >= 5


def test_a_serving_engine_keeps_up_with_its_library_and_with_other_builders(own: Settings) -> None:
    """As in the running app: the library changed while it was off, then somebody runs `cml index` beside it."""
    page = next(path for path in pages(own) if path.stem == "open-books")
    page.write_text(page.read_text("utf-8") + "\nThe otter keeps the ledger.\n", encoding="utf-8")
    closing = threading.Event()
    told: list[str] = []
    with Engine.open(own) as engine:

        def says(words: str) -> bool:
            return any(words in section.text for section in engine.read("open-books").page.sections)

        keeper = threading.Thread(target=keep_up, args=(engine, quiet, told.append, closing))
        keeper.start()
        try:
            assert _comes_true(lambda: says("otter keeps the ledger"))
            page.write_text(page.read_text("utf-8") + "\nThe badger hums beside the safe.\n", encoding="utf-8")
            command = [sys.executable, "-m", "cml_mm", "index", "--library", str(own.libraries[0])]
            environment = {**os.environ, "CML_INDEX": str(own.index), "CML_MODELS": str(own.models)}
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            assert _comes_true(lambda: says("badger hums beside the safe"))
            assert engine.status().complete
        finally:
            closing.set()
            keeper.join()


def _comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_a_library_that_has_gone_leaves_the_index_in_use(own: Settings) -> None:
    with Engine.open(own) as engine:
        shutil.rmtree(own.libraries[0])
        with pytest.raises(LibraryUnreadable):
            engine.update()
        assert engine.answer("What is Open Books?").sentences
        with pytest.raises(InputError):
            engine.read("no-such-page")


def test_thirty_kills_lose_nothing(settings: Settings, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.integration.kill_worker", str(settings.models)]
    command += [str(settings.libraries[0]), str(tmp_path), "30"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["kills"] == 30
    assert counts["opened"] >= 20
    assert len(set(counts["stages"])) >= 3  # not always the same moment
    assert counts["equal"]

"""Snapshots: built beside, checked, swapped; damaged, foreign, full and busy ones say so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.engine import Engine, read_status
from cml_mm.errors import SchemaMismatch, StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreMissing
from cml_mm.graph.index_lock import writing
from cml_mm.graph.manifest import Manifest, current_folder
from cml_mm.settings import Settings


@pytest.fixture
def copied(settings: Settings, tmp_path: Path) -> Settings:
    """An index of one's own, to damage."""
    index = tmp_path / "index"
    shutil.copytree(settings.index, index)
    return replace(settings, index=index)


def test_the_same_sources_give_the_same_content(settings: Settings, tmp_path: Path) -> None:
    again = replace(settings, index=tmp_path / "again")
    Engine.build(again)
    one, two = (Manifest.read(current_folder(s.index)) for s in (settings, again))
    assert (one.content, one.fingerprint) == (two.content, two.fingerprint)
    shard = Path("sections") / "00000.npy"
    first, second = (np.load(current_folder(s.index) / shard) for s in (settings, again))
    assert np.array_equal(first, second)


def test_indexing_again_changes_nothing(copied: Settings) -> None:
    folder = current_folder(copied.index)
    before = (folder / "graph.kuzu").stat().st_mtime_ns
    Engine.build(copied)
    assert current_folder(copied.index) == folder
    assert (folder / "graph.kuzu").stat().st_mtime_ns == before


def test_a_changed_library_is_swapped_in_while_the_old_one_serves(copied: Settings, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(copied.libraries[0], library)
    page = library / "patterns" / "open-books.md"
    page.write_text(page.read_text("utf-8").replace("Open Books", "Glass Books"), encoding="utf-8")
    with Engine.open(copied) as old:
        Engine.build(replace(copied, libraries=(library,)))
        assert old.answer("What is Open Books?").title == "Open Books"
        with Engine.open(copied) as new:
            assert new.answer("What is Glass Books?").title == "Glass Books"


def test_section_vectors_are_resumed_where_they_stopped(copied: Settings) -> None:
    sections = current_folder(copied.index) / "sections"
    whole = [np.load(path) for path in sorted(sections.glob("[0-9]*.npy"))]
    (sections / "00001.npy").unlink()
    assert not read_status(copied).complete
    with Engine.open(copied) as engine:
        assert engine.answer("What is Open Books?").sentences  # usable before it is complete
        engine.deepen()
        assert engine.status().complete
    again = [np.load(path) for path in sorted(sections.glob("[0-9]*.npy"))]
    assert all(np.array_equal(a, b) for a, b in zip(whole, again, strict=True))


def test_a_missing_index_names_the_command(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="cml index"):
        Engine.open(replace(settings, index=tmp_path / "nowhere"))


def _truncate(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return damage


def _empty(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"")


def _flip(folder: Path) -> None:
    path = folder / "graph.kuzu"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        *(_truncate(name) for name in ("graph.kuzu", "patterns.npy", "pages.json", "manifest.json")),
        *(_empty(name) for name in ("graph.kuzu", "patterns.npy", "manifest.json", "sections/00000.npy")),
        _flip,
        lambda folder: (folder / "graph.kuzu").unlink(),
        lambda folder: shutil.rmtree(folder),
        lambda folder: (folder.parent / "CURRENT").write_bytes(b""),
        lambda folder: (folder.parent / "CURRENT").write_bytes(b"\xff\xfe\x00"),
        lambda folder: (folder.parent / "CURRENT").write_text("../elsewhere"),
    ],
)
def test_damage_is_said_and_mended_by_building_again(copied: Settings, damage: Callable[[Path], None]) -> None:
    damage(current_folder(copied.index))
    with pytest.raises(StoreCorrupt) as caught:
        Engine.open(copied)
    assert "cml index" in caught.value.hint
    Engine.build(copied)
    with Engine.open(copied) as engine:
        assert engine.answer("What is Open Books?").title == "Open Books"
        assert engine.status().complete


@pytest.mark.parametrize(("field", "value"), [("schema", 99), ("encoder", "another/encoder"), ("dimension", 768)])
def test_an_index_of_another_make_is_refused(copied: Settings, field: str, value: object) -> None:
    path = current_folder(copied.index) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), field: value}), encoding="utf-8")
    with pytest.raises(SchemaMismatch, match="cml index"):
        Engine.open(copied)


def test_a_second_builder_is_told_to_wait(copied: Settings) -> None:
    with writing(copied.index), pytest.raises(StoreBusy, match="Another process"):
        Engine.build(copied)


def test_readers_share_an_index_with_a_builder(copied: Settings) -> None:
    with writing(copied.index), Engine.open(copied) as one, Engine.open(copied) as two:
        assert one.answer("What is Open Books?").title == two.answer("What is Open Books?").title


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 1.5 MB, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_leaves_the_index_in_use(settings: Settings, small_disk: Path) -> None:
    full = replace(settings, index=small_disk / "index")
    with pytest.raises(StoreFull, match=r"has [12] MB left.*Free some room"):
        Engine.build(full)
    with pytest.raises(StoreMissing):  # nothing half-made was swapped in
        Engine.open(full)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_place_is_said(settings: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="rights"):
        Engine.build(replace(settings, index=tmp_path / "index"))


def test_a_file_where_the_index_should_be_is_said(settings: Settings, tmp_path: Path) -> None:
    place = tmp_path / "index"
    place.write_text("not a folder")
    with pytest.raises(StoreError, match="--index"):
        Engine.build(replace(settings, index=place))

"""`python benchmarks/multihop.py` as it is started from the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cml_mm.models.minilm import MiniLM
from cml_mm.settings import ROOT, Settings

PASSAGES = (
    ("heron", "Blue Heron", "The Blue Heron is a sailing boat built by Marta Oduya."),
    ("oduya", "Marta Oduya", "She has her workshop in the port of Tarnsund."),
    ("bread", "Bread", "Bread is baked from flour, water and salt."),
    ("lantern", "Lantern", "A lantern keeps a candle from the wind."),
)
QUESTION = "In which port does the builder of the Blue Heron work?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("set")
    rows = [json.dumps({"id": key, "title": title, "text": text}) for key, title, text in PASSAGES]
    (made / "corpus.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    asked = json.dumps({"id": 7, "question": QUESTION, "gold": ["heron", "oduya"]})
    (made / "queries.jsonl").write_text(asked + "\n", "utf-8")
    return made


def started(folder: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "benchmarks/multihop.py", str(folder), "--out", str(out), *more]
    environ = {**os.environ, "CML_MODELS": str(Settings.load().models)}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False)


def test_it_writes_a_run_and_prints_the_scores(encoder: MiniLM, folder: Path, tmp_path: Path) -> None:
    done = started(folder, tmp_path / "run.jsonl")
    assert done.returncode == 0, done.stderr
    row = json.loads((tmp_path / "run.jsonl").read_text("utf-8"))
    assert str(row["id"]) == "7"
    assert set(row["ranked"][:2]) == {"heron", "oduya"}
    assert "R@5=100.0" in done.stdout
    assert "CPU-s for 10,000 passages" in done.stdout


def test_stages_weights_and_baselines_can_be_chosen(encoder: MiniLM, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    assert started(folder, out, "--without", "graph", "--weight", "hop=0").returncode == 0
    alone = json.loads(out.read_text("utf-8"))["ranked"]
    assert alone[0] == "heron"
    assert started(folder, out, "--baseline", "llamaindex-vector").returncode == 0
    assert len(json.loads(out.read_text("utf-8"))["ranked"]) == len(PASSAGES)


def test_passages_of_another_set_can_join_the_pool(encoder: MiniLM, folder: Path, tmp_path: Path) -> None:
    done = started(folder, tmp_path / "run.jsonl", "--pool", str(folder))
    assert done.returncode == 0, done.stderr
    assert "n=1 of 8 passages" in done.stdout
    ranked = json.loads((tmp_path / "run.jsonl").read_text("utf-8"))["ranked"]
    assert {"heron", f"{folder.name}/heron"} <= set(ranked)


def test_a_wrong_weight_is_told_with_the_choices(encoder: MiniLM, folder: Path, tmp_path: Path) -> None:
    done = started(folder, tmp_path / "run.jsonl", "--weight", "speed=2")
    assert done.returncode == 1
    assert "'speed=2' is no weight." in done.stderr
    assert "hop_pages" in done.stderr

"""The whole Commons OS library, indexed and asked: `make acceptance` (some 11 CPU-minutes).

CML_ACCEPTANCE_INDEX names a folder in which the index is kept between runs.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm import prose
from cml_mm.cli import main
from cml_mm.engine import Engine
from cml_mm.graph.manifest import Manifest, current_folder
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def real(encoder: MiniLM, shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    kept = os.environ.get("CML_ACCEPTANCE_INDEX")
    index = Path(kept) if kept else tmp_path_factory.mktemp("real") / "index"
    settings = replace(Settings.load(), index=index, libraries=(shared_dir / "commons-library",))
    Engine.build(settings)
    return settings


@pytest.fixture(scope="module")
def engine(real: Settings) -> Iterator[Engine]:
    with Engine.open(real) as opened:
        yield opened


def _scored(real: Settings, shared_dir: Path, command: str, scorer: str, out: Path) -> str:
    questions = shared_dir / "eval" / "patterns_dev.jsonl"
    assert main([command, "--index", str(real.index), "--questions", str(questions), "--out", str(out)]) == 0
    script = shared_dir / "eval" / scorer
    ran = subprocess.run(
        [sys.executable, str(script), str(questions), str(out)], capture_output=True, text=True, check=True
    )
    return ran.stdout


def test_all_patterns_are_in(engine: Engine) -> None:
    status = engine.status()
    assert (status.patterns, status.lighthouses) == (3616, 6)
    assert status.complete


def test_ranking_and_refusing(real: Settings, shared_dir: Path, tmp_path: Path) -> None:
    said = _scored(real, shared_dir, "rank", "score_patterns.py", tmp_path / "run.jsonl")
    rows = {line.split()[0]: line for line in said.splitlines()}
    lenient = {kind: float(re.findall(r"hit@5 lenient ([\d.]+)", rows[kind])[0]) for kind in ("ALL", "lookup")}
    assert lenient["ALL"] >= 0.52
    assert lenient["lookup"] == 1.0
    refused, wrongly = (int(number) for number in re.findall(r"(\d+)/", said.splitlines()[-1]))
    assert refused >= 4
    assert wrongly <= 2


def test_every_sentence_is_cited_or_marked(real: Settings, engine: Engine, shared_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    _scored(real, shared_dir, "ask", "score_answers.py", out)
    for line in out.read_text("utf-8").splitlines():
        for sentence in json.loads(line)["sentences"]:
            assert sentence["cites"] or sentence["verdict"] == "not_checked"
            assert sentence["verdict"] in ("supported", "partly", "not_checked")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does Adaptive Learning require?", "Adaptive Learning requires Transformation Sequencing"),
        ("Which patterns lead to Vitality Diagnosis?", "Collective Sensing enables Vitality Diagnosis"),
        ("What is in tension with Context Diagnosis?", "Prescription before Diagnosis vs. Deep Inquiry"),
    ],
)
def test_the_graph_answers_exactly(engine: Engine, question: str, said: str) -> None:
    assert any(said in sentence.text for sentence in engine.answer(question).sentences)


ADOPTERS = (
    *("Buurtzorg", "Mondragon", "Patagonia", "Vienna", "Barcelona"),  # lighthouses of the library
    *("Toyota", "Spotify", "Wikipedia", "Zappos", "Porto Alegre"),
)


@pytest.mark.parametrize("adopter", ADOPTERS)
def test_adopters_named_beforehand_are_answered_with_sentences_that_name_them(engine: Engine, adopter: str) -> None:
    """Whether each sentence is right was judged by reading: benchmarks/LOG.md."""
    answer = engine.answer(f"What patterns does {adopter} use?")
    quoted = [item for item in answer.evidence if not item.path]
    assert answer.status == "answered" and quoted
    assert all(prose.fold(adopter) in prose.fold(item.quote) for item in quoted)
    assert all(sentence.verdict == "supported" for sentence in answer.sentences)


def test_edits_leave_what_a_full_build_gives(real: Settings, shared_dir: Path, tmp_path: Path) -> None:
    library = tmp_path / "commons-library"
    shutil.copytree(shared_dir / "commons-library", library)
    own = replace(real, index=tmp_path / "index", libraries=(str(library),))
    shutil.copytree(real.index, own.index)
    chance = random.Random(5)
    pages = sorted((library / "_patterns").glob("*.md"))
    for number in range(12):
        page = chance.choice(pages)
        text = page.read_text("utf-8")
        if number % 3 == 0:
            page.write_text(f"{text}\nNoted in round {number}.\n", encoding="utf-8")
        elif number % 3 == 1:
            pages.remove(page)
            page.unlink()
        else:
            fresh = text.replace(f"slug: {page.stem}", f"slug: added-{number}")
            (page.parent / f"added-{number}.md").write_text(fresh, encoding="utf-8")
        Engine.build(own)
    assert Manifest.read(current_folder(own.index)).base
    whole = replace(own, index=tmp_path / "whole")
    shutil.copytree(own.index, whole.index)
    Engine.build(whole, merge=True)
    with Engine.open(own) as one, Engine.open(whole) as other:
        assert not Manifest.read(current_folder(whole.index)).base
        first, second = one.status(), other.status()
        counts = ("patterns", "lighthouses", "relations", "dangling", "adopters", "sections", "section_vectors")
        assert [getattr(first, name) for name in counts] == [getattr(second, name) for name in counts]
        for line in (shared_dir / "eval" / "patterns_dev.jsonl").read_text("utf-8").splitlines():
            question = json.loads(line)["question"]
            said, again = one.answer(question), other.answer(question)
            assert (said.sentences, said.ranked) == (again.sentences, again.ranked)

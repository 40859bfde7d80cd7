"""The `cml` command as people and scripts use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cml_mm.cli import answer_json, answer_text, main
from cml_mm.corpus import load_library
from cml_mm.engine import Engine
from cml_mm.settings import ROOT, Settings


@pytest.fixture(autouse=True)
def _places(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CML_INDEX", str(settings.index))
    monkeypatch.setenv("CML_MODELS", str(settings.models))


def test_ask_prints_cited_sentences_and_their_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What does Role Rotation require?"]) == 0
    out = capsys.readouterr().out
    assert "Role Rotation requires Visible Work Inventory" in out
    assert "[1] Role Rotation, relation; Written by hand (patterns/role-rotation.md;" in out
    assert "CC-BY-SA-4.0" in out
    assert "no language model" in out


def test_ask_json_holds_locators(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--json", "What is Open Books?"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "answered"
    assert {item["locator"]["type"] for item in answer["evidence"]} == {"TextSpan", "Edge"}
    assert all(item["fragment"] for item in answer["evidence"])


def test_the_forms_of_an_answer_can_be_imported(engine: Engine) -> None:
    answer = engine.answer("What is Open Books?")
    assert answer_json(answer)["evidence"][0]["fragment"] == answer.evidence[0].locator.fragment()
    assert answer_text(answer).startswith(answer.title)


def test_a_file_of_questions_is_answered_and_ranked(tmp_path: Path) -> None:
    questions, run = tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    rows = [{"id": "a", "question": "What is Open Books?"}, {"id": "b", "question": "💧"}]
    questions.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    assert main(["ask", "--questions", str(questions), "--out", str(run)]) == 0
    first, second = (json.loads(line) for line in run.read_text("utf-8").splitlines())
    assert set(first["sentences"][0]) == {"text", "cites", "verdict"}
    assert first["status"] == "answered" and first["seconds"] > 0
    assert second["status"] == "advice" and second["sentences"] == []
    assert main(["rank", "--questions", str(questions), "--out", str(run)]) == 0
    ranked = [json.loads(line) for line in run.read_text("utf-8").splitlines()]
    assert ranked[0]["ranked"][0] == "open-books" and ranked[0]["abstain"] is False
    assert ranked[1]["abstain"] is True


def test_search_and_related(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "rotating duties", "--limit", "2"]) == 0
    assert "Role Rotation  (role-rotation;" in capsys.readouterr().out
    assert main(["related", "role-rotation"]) == 0
    assert "Role Rotation REQUIRES Visible Work Inventory" in capsys.readouterr().out


def test_doctor_looks_at_everything(starter_library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    findings = {row["part"]: row for row in json.loads(capsys.readouterr().out)}
    assert {"kuzu", "gradio", "text encoder", "index", "disk", "files", "visitors' data"} <= set(findings)
    assert "process of its own" in findings["files"]["state"]
    patterns = len(load_library([starter_library]).patterns)
    assert f"{patterns} patterns" in findings["index"]["state"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["ask", ""], 2, "no question yet"),
        (["ask", "x" * 50_000], 2, "50,000 characters"),
        (["ask", "🌱🌱"], 2, "no words"),
        (["ask"], 2, "no question yet"),
        (["related", "moon-ledger"], 2, "holds nothing called"),
        (["ask", "--questions", "{tmp}/none.jsonl", "--out", "{tmp}/o"], 2, "cannot be read"),
        (["ask", "--questions", "{tmp}/broken.jsonl", "--out", "{tmp}/o"], 2, "Line 1 of"),
        (["ask", "--questions", "{tmp}/broken.jsonl"], 2, "--out"),
        (["rank", "--questions", "{tmp}/broken.jsonl", "--out", "{tmp}/no/such"], 2, "cannot be written"),
        (["ask", "--index", "{tmp}/nowhere", "Why?"], 1, "There is no index"),
        (["index", "--library", "{tmp}/nowhere", "--index", "{tmp}/i"], 2, "nowhere"),
        (["index", "--library", "{tmp}/empty", "--index", "{tmp}/i"], 2, "empty"),
        (["index", "--library", "{tmp}/broken.jsonl", "--index", "{tmp}/i"], 2, "broken.jsonl"),
    ],
)
def test_bad_input_gets_a_sentence_and_a_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    (tmp_path / "broken.jsonl").write_text("not json\n")
    (tmp_path / "empty").mkdir()
    given = [part.replace("{tmp}", str(tmp_path)) for part in arguments]
    assert main(given) == status
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 2, told  # what happened, what to do
    assert "Traceback" not in told


@pytest.mark.parametrize(("name", "value"), [("CML_PORT", "seven"), ("CML_PORT", "99999"), ("CML_PROFILE", "huge")])
def test_a_wrong_setting_names_the_choices(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["ask", "Why?"]) == 2
    assert value in capsys.readouterr().err


def test_several_libraries_make_one_index(
    tmp_path: Path, starter_library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = ["--library", str(starter_library / "patterns"), "--library", str(starter_library / "lighthouses")]
    index = tmp_path / "index"
    assert main(["index", *parts, "--index", str(index)]) == 0
    whole = load_library([starter_library])
    pages = f"{len(whole.patterns)} patterns, {len(whole.lighthouses)} lighthouses, 0 documents"
    said = f"{pages}, {len(whole.relations)} relations"
    assert said in capsys.readouterr().out


def test_a_half_written_library_is_indexed_with_its_problems_named(
    tmp_path: Path, starter_library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    patterns = tmp_path / "library" / "patterns"
    patterns.mkdir(parents=True)
    (patterns / "open-books.md").write_bytes((starter_library / "patterns" / "open-books.md").read_bytes())
    (patterns / "cut.md").write_bytes(b"---\ntitle: \xff\xfe half a pa")
    (patterns / "void.md").write_bytes(b"")
    index = tmp_path / "index"
    assert main(["index", "--library", str(tmp_path / "library"), "--index", str(index)]) == 0
    streams = capsys.readouterr()
    assert "1 patterns" in streams.out
    assert "cut.md" in streams.err and "void.md" in streams.err


def test_the_module_runs_as_a_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "cml_mm", "--version"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.startswith("cml 0.")

"""`cml verify` as people and scripts use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cml_mm.cli import main
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings

EVIDENCE = "The ferry co-op in Sund has 14 members. Passengers may bring a bicycle, because the old bridge is closed."
PAIRS = (
    {"id": "a", "evidence": EVIDENCE, "sentence": "Fourteen members belong to the ferry co-op in Sund."},
    {"id": 2, "evidence": ["The sky was grey.", EVIDENCE], "sentence": "The ferry co-op in Sund has 41 members."},
    {"id": "c", "evidence": EVIDENCE, "sentence": "Passengers may bring a bicycle and get a cup of soup on board."},
    {"id": "d", "evidence": [], "sentence": "Passengers may bring a bicycle."},
    {"id": "e", "evidence": EVIDENCE, "sentence": " "},
)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch, encoder: MiniLM) -> None:
    monkeypatch.setenv("CML_MODELS", str(Settings.load().models))


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize("more", [(), ("--words-only",)])
def test_every_pair_gets_its_verdict_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    pairs, out = written(tmp_path / "pairs.jsonl", *PAIRS, ""), tmp_path / "run.jsonl"
    assert main(["verify", "--pairs", str(pairs), "--out", str(out), *more]) == 0
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [
        {"id": "a", "verdict": "supported"},
        {"id": 2, "verdict": "unsupported"},
        {"id": "c", "verdict": "partly"},
        {"id": "d", "verdict": "not_checked"},
        {"id": "e", "verdict": "not_checked"},
    ]
    assert "5 pairs: 2 not checked, 1 partly, 1 supported, 1 unsupported." in capsys.readouterr().out


def test_why_names_what_is_not_borne_out(tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    assert main(["verify", "--pairs", str(written(tmp_path / "p.jsonl", PAIRS[1])), "--out", str(out), "--why"]) == 0
    assert "41" in json.loads(out.read_text("utf-8"))["why"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{not json", "Line 2 of"),
        ("[1, 2]", "is no pair"),
        ({"id": "b", "sentence": "x"}, "has no evidence"),
        ({"sentence": "x", "evidence": "y"}, "has no id"),
        ({"id": "b", "evidence": [1], "sentence": "x"}, "no text and no list of texts"),
        ({"id": "b", "evidence": "y", "sentence": 3}, "is no text"),
        ({"id": ["b"], "evidence": "y", "sentence": "x"}, "The id in"),
        ({"id": "a", "evidence": "y", "sentence": "x"}, "repeats the id"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: object, said: str
) -> None:
    pairs, out = written(tmp_path / "pairs.jsonl", PAIRS[0], row), tmp_path / "run.jsonl"
    assert main(["verify", "--pairs", str(pairs), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert said in told and "ine 2 of" in told
    assert not out.exists()


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--pairs", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "o.jsonl")]) == 2
    assert "cannot be read" in capsys.readouterr().err

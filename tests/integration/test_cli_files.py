"""`cml ask … --file`: a file is read for one question, cited to its page, and nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cml_mm.cli import main
from cml_mm.settings import Settings
from tests.support.pdf import Line, flow, write_pdf

RULES = write_pdf(
    [
        [Line("Rules of the Boathouse", 760, size=20), *flow("Every member may take a boat out on two days a week.")],
        [
            Line("Keys", 760, size=16),
            *flow("The keeper of the keys is chosen by lot each spring.", "", "A lost key costs its finder 40 francs."),
        ],
    ],
    title="Rules of the Boathouse",
)


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CML_INDEX", str(settings.index))
    monkeypatch.setenv("CML_MODELS", str(settings.models))
    monkeypatch.setenv("CML_DATA", str(tmp_path / "data"))
    yield tmp_path / "data"
    assert not (tmp_path / "data").exists(), "a command that keeps nothing has written"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.pdf"
    path.write_bytes(RULES)
    return path


def test_a_sentence_of_the_file_is_cited_to_its_page_and_box(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "How is the keeper of the keys chosen?", "--file", str(rules), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    first = answer["evidence"][0]
    assert "chosen by lot each spring" in answer["sentences"][0]["text"]
    assert answer["sentences"][0]["verdict"] == "supported"
    assert (first["locator"]["type"], first["locator"]["number"], first["fragment"]) == ("Page", 2, "page=2")
    assert first["source"]["owner"] == "visitor" and first["source"]["path"] == "rules.pdf"
    (box,) = first["locator"]["boxes"]
    assert (box["of_w"], box["of_h"]) == (612, 792)
    assert 60 < box["x"] < 80 and 60 < box["y"] < 75  # the line stands 720 points above the foot of the page


def test_the_text_form_names_file_and_page(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What does a lost key cost?", "--file", str(rules), "--only-files"]) == 0
    said = capsys.readouterr()
    assert "40 francs" in said.out and "page 2" in said.out and "rules.pdf" in said.out
    assert "Reading" in said.err


def test_rows_may_name_files_relative_to_them(rules: Path, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "question": "How is the keeper of the keys chosen?", "file": "rules.pdf"},
        {"id": "b", "question": "What does Role Rotation require?"},
        {"id": "c", "question": "What is in it?", "file": "missing.pdf"},
        {"id": "d", "question": "What does a lost key cost?", "file": ["rules.pdf"]},
    ]
    questions, run = tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["ask", "--questions", str(questions), "--out", str(run)]) == 0
    found = {row["id"]: row for row in map(json.loads, run.read_text("utf-8").splitlines())}
    assert "by lot" in found["a"]["sentences"][0]["text"] and "40 francs" in found["d"]["sentences"][0]["text"]
    assert "Visible Work Inventory" in found["b"]["sentences"][0]["text"]
    assert found["c"]["status"] == "advice" and "missing.pdf" in found["c"]["advice"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"\x7fELF" + bytes(200), "program"), (b"%PDF-1.7\nbroken", "damaged"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
) -> None:
    path = tmp_path / "thing.pdf"
    if content is not None:
        path.write_bytes(content)
    assert main(["ask", "What is in it?", "--file", str(path)]) == 2
    said = capsys.readouterr().err
    assert "thing.pdf" in said and words in said.lower() and "Traceback" not in said


def test_an_answer_that_the_file_does_not_hold_is_refused(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["ask", "Who won the football match on Sunday?", "--file", str(rules), "--only-files", "--json"]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "not_in_library"

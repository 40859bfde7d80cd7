"""`cml eval` on the starter library, with the real engine."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cml_mm.cli import main
from cml_mm.engine import Engine
from cml_mm.settings import Settings

PAGE = "---\nslug: key-list\ntitle: Key List\nsummary: Who holds which key.\n---\n\nA shed and its keys.\n"
ROW = {"id": "a", "question": "What is Open Books?", "kind": "lookup", "gold": ["open-books"], "split": "dev"}
EMPTY = {"id": "e", "question": "What is the Quorzel Protocol?", "kind": "unanswerable", "gold": [], "split": "dev"}
LAY = {
    "id": "p",
    "question": "The same two people always wash up. What helps?",
    "kind": "persona",
    "gold": ["role-rotation"],
    "persona": "activist",
    "split": "dev",
}
# Whoever looks for the harbour must first find who built the boat.
CORPUS = [
    {"id": 0, "title": "Blue Heron", "text": "The Blue Heron is a sailing boat built by Marta Oduya."},
    {"id": 1, "title": "Marta Oduya", "text": "Marta Oduya has her workshop in the harbour of Tarnsund."},
    {"id": 2, "title": "Tarnsund", "text": "Tarnsund is a town known for its salted fish."},
    {"id": 3, "title": "Bread", "text": "Bread is baked from flour, water and salt."},
    {"id": 4, "title": "Bicycle", "text": "A bicycle has two wheels and no motor."},
    {"id": 5, "title": "Lantern", "text": "A lantern keeps a candle from the wind."},
    {"id": 6, "title": "Orchard", "text": "An orchard is a garden of fruit trees."},
]
QUERIES = [{"id": "h", "question": "In which harbour does the builder of the Blue Heron work?", "gold": [0, 1]}]


@pytest.fixture(autouse=True)
def _places(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CML_INDEX", str(settings.index))
    monkeypatch.setenv("CML_MODELS", str(settings.models))


def _write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def test_the_dev_split_of_the_starter_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The bounds leave room below what was measured; a fall through one of them is a defect of the engine."""
    page = tmp_path / "eval.md"
    assert main(["eval", "--json", "--out", str(page)]) == 0
    run = json.loads(capsys.readouterr().out)
    kinds = {row["kind"]: row for row in run["kinds"]}
    assert run["questions"] >= 45
    assert kinds["problem"]["answer"]["hit5_lenient"] >= 0.6
    assert kinds["persona"]["answer"]["hit5_lenient"] >= 0.6
    assert min(kinds[kind]["answer"]["hit5_lenient"] for kind in ("compare", "lookup")) >= 0.8
    assert kinds["relation"]["facts"]["count"] >= 0.75 * kinds["relation"]["facts"]["of"]
    assert kinds["tension"]["facts"]["count"] >= 0.8 * kinds["tension"]["facts"]["of"]
    assert kinds["ALL"]["answer"]["recall10"] > kinds["ALL"]["baseline"]["recall10"]
    assert run["refused"]["count"] >= 0.5 * run["refused"]["of"]
    assert run["wrongly_refused"]["count"] <= 0.25 * run["wrongly_refused"]["of"]
    assert run["cited"]["count"] >= 0.9 * run["cited"]["of"]
    assert run["verdicts"]["unsupported"] == 0
    text = page.read_text("utf-8")
    assert text.startswith("# questions.jsonl, split dev, index ")
    assert all(f"| {kind} |" in text for kind in kinds)


def test_a_file_of_ones_own_is_asked_whole_or_by_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = {"id": "b", "question": "What is Role Rotation?", "kind": "lookup", "gold": ["role-rotation"]}
    advised = {"id": "c", "question": "?!", "kind": "problem", "gold": ["open-books"], "split": "held-out"}
    path = _write(tmp_path / "own.jsonl", ROW, other, advised)
    assert main(["eval", "--questions", str(path), "--split", "all"]) == 0
    out = capsys.readouterr().out
    assert "own.jsonl, split all, index" in out and "questions asked: 3\n" in out
    assert "lookup   2  1.00 / 1.00" in out
    assert "c: refused: wanted open-books (not ranked); sent back with advice" in out
    assert main(["eval", "--questions", str(path)]) == 0
    assert "questions asked: 1\n" in capsys.readouterr().out


def test_questions_that_cannot_be_used_are_refused_with_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "--questions", str(_write(tmp_path / "q.jsonl", {"id": "a"}))]) == 2
    assert "Line 1 of" in capsys.readouterr().err
    stranger = _write(tmp_path / "stranger.jsonl", {**ROW, "gold": ["no-such-page"]})
    assert main(["eval", "--questions", str(stranger)]) == 2
    assert "lacks 1 of 1 pages that the questions name, such as 'no-such-page'" in capsys.readouterr().err


def test_another_index_asks_for_questions_of_its_own(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "patterns"
    library.mkdir()
    (library / "key-list.md").write_text(PAGE, "utf-8")
    Engine.build(replace(settings, index=tmp_path / "index", libraries=(library,)))
    assert main(["eval", "--index", str(tmp_path / "index")]) == 2
    assert "--questions FILE" in capsys.readouterr().err


def test_a_report_with_its_plots_and_a_set_of_passages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "boats"
    folder.mkdir()
    _write(folder / "corpus.jsonl", *CORPUS)
    _write(folder / "queries.jsonl", *QUERIES)
    own = _write(tmp_path / "own.jsonl", ROW, EMPTY, LAY)
    page = tmp_path / "a report.md"
    assert main(["eval", "--questions", str(own), "--multihop", str(folder), "--out", str(page), "--json"]) == 0
    run = json.loads(capsys.readouterr().out)
    text = page.read_text("utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(pictures) == 4  # kinds, refusals, stages, and the set's
    for picture in pictures:
        root = ElementTree.parse(tmp_path / picture.replace("%20", " ")).getroot()
        assert root.tag.endswith("}svg") and "".join(root.itertext()).strip()
    assert {path.name for path in tmp_path.glob("*.svg")} == {picture.replace("%20", " ") for picture in pictures}
    assert (run["refusals"]["answerable"], run["refusals"]["unanswerable"]) == (2, 1)
    (pair,) = run["personas"]["pairs"]
    assert pair["personas"][0] == "Activist" and len(set(pair["personas"])) == 2  # its own, then one of the library's
    assert run["stages"]["whole"]["questions"] == 2
    assert not all(row["unchanged"] for row in run["stages"]["rows"])
    (boats,) = run["sets"]
    assert (boats["name"], boats["whole"]["recall5"], boats["whole"]["recall2"]) == ("boats", 1.0, 1.0)
    assert "| boats | 1 | 100.0 | 100.0 ± 0.0 | 100.0 | 100.0 |" in text
    for heading in ("Saying that it is not in the library", "The same question as two people", "Retrieval sets"):
        assert f"\n## {heading}\n" in text


def test_what_cannot_be_evaluated_is_said_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = str(_write(tmp_path / "own.jsonl", ROW))
    assert main(["eval", "--questions", own, "--profile", "no-such"]) == 2
    assert "There is no profile 'no-such'" in capsys.readouterr().err
    assert main(["eval", "--questions", own, "--multihop", str(tmp_path / "none")]) == 2
    assert "corpus.jsonl cannot be read" in capsys.readouterr().err
    assert main(["eval", "--questions", own, "--out", str(tmp_path / "none" / "report.md")]) == 2
    shown = capsys.readouterr().err
    assert "cannot be written" in shown and "Questions" not in shown

"""What no diagram can be read from gets a clear word or an honest "no structure found"; nothing is left behind."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cml_mm.cli import main
from tests.integration.test_bad_files import OURS, children
from tests.support.bad_diagrams import BadDiagram, bad_diagrams, boxes, saved

BAD = tuple(bad_diagrams())


@pytest.mark.parametrize("bad", BAD, ids=[f"{bad.name}-{bad.said[:20]}" for bad in BAD])
def test_a_bad_file_gets_a_clear_word(tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: BadDiagram) -> None:
    place = tmp_path / bad.name
    place.write_bytes(bad.data)
    before = children()
    code = main(["diagram", str(place), "--json"])
    said = capsys.readouterr()
    assert children() == before and [path.name for path in tmp_path.iterdir()] == [bad.name]
    if bad.refused:
        assert code == 2 and said.out == ""
        message, hint, rest = said.err.split("\n")
        assert bad.name in message and message.endswith(".") and hint.endswith(".") and rest == ""
        words = said.err.replace(bad.name, "")
    else:
        assert code == 0 and said.err == ""
        found = json.loads(said.out)
        assert found["edges"] == []
        words = " ".join(found["notices"]).replace(bad.name, "")
        assert "No structure was found" in words
    assert re.search(bad.said, words), words
    assert not OURS.search(words), words


def test_five_hundred_boxes_are_read_from_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "many.dot"
    place.write_text("digraph {" + "".join(f"b{n} -> b{(7 * n + 1) % 500};" for n in range(500)) + "}", "utf-8")
    assert main(["diagram", str(place), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["nodes"]), len(found["edges"])) == (500, 500)
    assert all(node["box"] for node in found["nodes"])


def test_five_hundred_drawn_boxes_are_read_or_it_is_said_that_they_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "many.png"
    place.write_bytes(saved(boxes(500)))
    assert main(["diagram", str(place), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    if found["edges"]:
        assert 450 <= len(found["nodes"]) <= 550 and 430 <= len(found["edges"]) <= 530
    else:
        assert any("No structure" in notice for notice in found["notices"])

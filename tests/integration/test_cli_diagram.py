"""`cml diagram` as people and scripts use it: every kind of file and form, read in the process that reads uploads."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pptx
import pytest
from PIL import Image, ImageDraw, ImageFont
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.util import Inches

from cml_mm.cli import main
from cml_mm.diagrams.sources import read_diagram_text
from tests.support.bad_diagrams import saved

MERMAID = """flowchart LR
  A[Assembly] -->|appoints| B(Board)
  B --> C{Agreed?}
  subgraph S[Members]
    A
  end
  C -- no --> A
  C <--> D[(Repair fund)]
  D --- B
"""
DOT = 'digraph { a [label="Spring"]; b [label="Mill", shape=ellipse]; a -> b [label="drives"]; a -> b [dir=both] }'
PLANTUML = "@startuml\n[Spring] --> [Mill] : drives\n@enduml\n"
DRAWIO = (
    '<mxfile><diagram name="Flow"><mxGraphModel><root><mxCell id="0"/><mxCell id="1" parent="0"/>'
    '<mxCell id="a" value="Spring" vertex="1" parent="1"><mxGeometry x="10" y="10" width="80" height="40"/></mxCell>'
    '<mxCell id="b" value="Mill" vertex="1" parent="1"><mxGeometry x="10" y="150" width="80" height="40"/></mxCell>'
    '<mxCell id="e" value="drives" style="endArrow=classic" edge="1" source="a" target="b" parent="1">'
    '<mxGeometry relative="1"/></mxCell></root></mxGraphModel></diagram></mxfile>'
)


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No index and no models: it needs neither."""
    monkeypatch.setenv("CML_INDEX", str(tmp_path / "no index"))
    monkeypatch.setenv("CML_MODELS", str(tmp_path / "no models"))


def written(folder: Path, name: str, data: str | bytes) -> str:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def drawn() -> Image.Image:
    """Two boxes, an arrow from the upper to the lower, words on it; the sheet is transparent."""
    picture = Image.new("RGBA", (420, 420), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(26)
    for top, words in ((30, "Spring"), (310, "Mill")):
        pen.rectangle((110, top, 310, top + 80), outline="black", width=3)
        pen.text((210, top + 40), words, fill="black", font=font, anchor="mm")
    pen.line((210, 112, 210, 300), fill="black", width=3)
    pen.polygon([(210, 308), (200, 286), (220, 286)], fill="black")
    return picture


def test_the_list_says_how_much_there_is_and_every_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagram", written(tmp_path, "rules.mmd", MERMAID)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    lines = said.out.split("\n")
    assert lines[:2] == ["rules", "4 boxes, 5 arrows, 1 lane, 0 unclear"]
    assert "   3  Agreed? (diamond)" in lines
    assert "      in the lane Members: Assembly" in lines
    assert [line.strip() for line in lines if any(sign in line for sign in "→↔—")] == [
        "Assembly → Board: appoints",
        "Board → Agreed?",
        "Agreed? → Assembly: no",
        "Agreed? ↔ Repair fund",
        "Repair fund — Board",
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.dot", DOT), ("a.txt", DOT), ("a.puml", PLANTUML), ("a", PLANTUML), ("a.drawio", DRAWIO), ("a.xml", DRAWIO)],
)
def test_sources_are_known_by_what_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: str
) -> None:
    assert main(["diagram", written(tmp_path, name, data), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [node["label"] for node in found["nodes"]] == ["Spring", "Mill"]
    first = found["edges"][0]
    ids = [node["id"] for node in found["nodes"]]
    assert (first["source"], first["target"], first["label"], first["directed"]) == (*ids, "drives", True)
    assert len(first["polyline"]) >= 2 and found["nodes"][0]["box"][2] > 0
    assert [edge["directed"] for edge in found["edges"][1:]] == (["both"] if data == DOT else [])
    assert found["notices"] == []


def test_a_picture_is_read_and_drawn_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "over.png"
    assert main(["diagram", written(tmp_path, "mill.png", saved(drawn())), "--json", "--overlay", str(out)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    found = json.loads(said.out)
    assert {node["label"] for node in found["nodes"]} == {"Spring", "Mill"}
    (edge,) = found["edges"]
    labels = {node["id"]: node["label"] for node in found["nodes"]}
    assert (labels[edge["source"]], labels[edge["target"]], edge["directed"]) == ("Spring", "Mill", True)
    spring = next(node["box"] for node in found["nodes"] if node["label"] == "Spring")
    assert all(abs(read - true) <= 6 for read, true in zip(spring, (110, 30, 200, 80), strict=True))
    with Image.open(out) as over:
        assert over.format == "PNG" and over.size == (420, 420)
        colours = {colour for _, colour in over.convert("RGB").getcolors(420 * 420) or []}
    assert (11, 110, 79) in colours and (29, 78, 216) in colours  # its boxes and its arrow


def test_forms_read_back_and_an_overlay_needs_no_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "rules.mmd", MERMAID)
    out = tmp_path / "over.png"
    assert main(["diagram", path, "--mermaid", "--overlay", str(out)]) == 0
    back = read_diagram_text(capsys.readouterr().out, "mermaid")
    assert (len(back.nodes), len(back.edges), len(back.containers)) == (4, 5, 1)
    assert Image.open(io.BytesIO(out.read_bytes())).width > 300
    assert main(["diagram", path, "--dot"]) == 0
    assert len(read_diagram_text(capsys.readouterr().out, "dot").edges) == 5
    assert main(["diagram", path, "--svg"]) == 0
    assert capsys.readouterr().out.startswith("<svg ")


def test_several_diagrams_of_a_text_are_kept_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "# Water\n\nHow it comes.\n\n```mermaid\nflowchart TD\n a[Spring] --> b[Mill]\n```\n\n## Money\n\n"
        '```mermaid\ngraph LR\n a[Dues] --> b[Fund]\n```\n\n```mermaid\npie\n "a" : 3\n```\n'
    )
    path = written(tmp_path, "notes.md", text)
    assert main(["diagram", path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(node["id"], node["diagram"]) for node in found["nodes"]] == [
        ("1/a", 1),
        ("1/b", 1),
        ("2/a", 2),
        ("2/b", 2),
    ]
    assert [one["title"] for one in found["diagrams"]] == ["Water", "Money"]
    assert any("left as text" in notice for notice in found["notices"])
    assert main(["diagram", path, "--number", "2", "--mermaid"]) == 0
    assert "Dues" in capsys.readouterr().out
    assert main(["diagram", path, "--mermaid"]) == 2
    assert "Choose one with --number" in capsys.readouterr().err
    assert main(["diagram", path, "--number", "3"]) == 2
    assert "There is no diagram 3 in notes.md; 2 found." in capsys.readouterr().err


def test_what_holds_none_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "notes.txt", "The mill is closed on Mondays.")
    assert main(["diagram", path]) == 0
    assert "No structure was found in notes.txt" in capsys.readouterr().out
    assert main(["diagram", path, "--dot"]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing.png", "no file that can be opened"), ("", "no file that can be opened")],
)
def test_no_file_is_said_on_the_error_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    assert main(["diagram", str(tmp_path / name), "--json"]) == 2
    caught = capsys.readouterr()
    assert caught.out == "" and said in caught.err


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "a.dot", DOT)
    assert main(["diagram", path, "--overlay", str(tmp_path / "nowhere" / "o.png")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_slides_and_drawings_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "How we grind"
    spring, mill = (
        slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(x), Inches(3), Inches(2), Inches(1)) for x in (1, 6)
    )
    spring.text_frame.text, mill.text_frame.text = "Spring", "Mill"
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, 0, 0, 0, 0)
    line.begin_connect(spring, 3)
    line.end_connect(mill, 1)
    kept = io.BytesIO()
    deck.save(kept)
    assert main(["diagram", written(tmp_path, "mill.pptx", kept.getvalue()), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert ([node["label"] for node in found["nodes"]], len(found["edges"])) == (["Spring", "Mill"], 1)
    assert (found["face"], found["title"]) == ("slide-1", "How we grind")
    assert main(["diagram", written(tmp_path, "a.dot", DOT), "--svg"]) == 0
    svg = capsys.readouterr().out
    assert main(["diagram", written(tmp_path, "a.svg", svg), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    labels = {node["id"]: node["label"] for node in found["nodes"]}
    assert [(labels[edge["source"]], labels[edge["target"]]) for edge in found["edges"]] == [("Spring", "Mill")] * 2
    assert found["face"] == "picture-1" and found["origin"] == "svg"

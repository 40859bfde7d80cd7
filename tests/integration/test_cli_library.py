"""`cml lint` and `cml export graph` as people and scripts use them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cml_mm.cli import main
from cml_mm.corpus.lint import counts, lint
from cml_mm.settings import ROOT

VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})
FAULTY = """---
id: pat_gate
slug: gate
title: Gate & <Hours>
classification: {domain: water}
related: [<b>moon</b>]
---

### Overview

The gate is opened by turns.
"""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CML_INDEX", str(tmp_path / "no-index"))
    monkeypatch.delenv("CML_LIBRARY", raising=False)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    folder = tmp_path / "library" / "patterns"
    folder.mkdir(parents=True)
    (folder / "gate.md").write_text(FAULTY, encoding="utf-8")
    return tmp_path / "library"


@pytest.fixture
def untidy(faulty: Path) -> Path:
    """A library with warnings, but no error."""
    text = FAULTY.replace("related:", "license: X\nattribution: Y\nrelated:")
    (faulty / "patterns" / "gate.md").write_text(text, encoding="utf-8")
    return faulty


class Page(HTMLParser):
    """What a test asks of a page: that its tags close in order, its anchors, its links, its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag == "a":
            self.links.append(values.get("href") or "")
        assert not [name for name, _ in attrs if name.startswith("on")]
        assert "src" not in values
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_text_begins_with_the_summary_and_errors_fail(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(faulty)]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"1 patterns and 0 lighthouses in {faulty}\n1 errors, ")
    assert "No licence (licence_missing)" in out
    assert "Formats side by side" in out and "v1, 1 pages" in out
    assert "patterns/gate.md: Not in the library: RELATED <b>moon</b>." in out
    assert out.index("1 errors") < out.index("Formats side by side") < out.index("→ State it, or nobody may")


def test_warnings_fail_only_when_strict(untidy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(untidy)]) == 0
    assert "\n0 errors, " in capsys.readouterr().out
    assert main(["lint", "--strict", str(untidy)]) == 1


def test_examples_are_few_unless_all_are_asked_for(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(9):
        (faulty / "patterns" / f"void{number}.md").write_bytes(b"")
    main(["lint", str(faulty)])
    out = capsys.readouterr().out
    assert out.count("The file is empty.") == 5 and "and 4 more; --all shows them" in out
    main(["lint", "--all", str(faulty)])
    assert capsys.readouterr().out.count("The file is empty.") == 9


def test_json_holds_everything(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--json", str(faulty)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["version"] == 1 and report["patterns"] == 1
    assert report["counts"]["errors"] == sum(row["severity"] == "error" for row in report["findings"])
    assert {row["kind"] for row in report["findings"]} == {row["id"] for row in report["kinds"]}
    assert report["wanted"] == [{"name": "<b>moon</b>", "paths": ["patterns/gate.md"]}]
    assert report["formats"][0]["shares"]["v1"] == {"met": 1, "asked": 1}
    assert [group["verdict"] for group in report["groups"]] == ["needs work", "no pages", "no pages", "no pages"]
    assert "summary" in report["conversions"][0]["fields_to_write"]


def test_html_is_well_formed_escaped_and_needs_nothing_from_elsewhere(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert main(["lint", str(faulty), "--html", str(out)]) == 1
    text = out.read_text("utf-8")
    page = Page(text)
    assert not {"script", "img", "link", "iframe", "form"} & page.tags
    assert "<b>moon</b>" not in text and "<b>moon</b>" in page.words
    assert not re.search(r"https?://|url\(|@import", text)
    assert len(page.ids) == len(set(page.ids))
    assert page.links and all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert {"formats", "kinds", "wanted", "conversion", "files", "kind-licence_missing-error"} <= set(page.ids)
    assert any(anchor.startswith("file-patterns-gate.md") for anchor in page.ids)


def test_html_takes_light_and_dark_from_our_own_tokens(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    main(["lint", str(faulty), "--html", str(out)])
    text = out.read_text("utf-8")
    style = text[text.index("<style>") : text.index("</style>")]
    light, dark = style.split("prefers-color-scheme: dark", 1)
    for part in (light, dark):
        assert all(re.search(rf"--{token}:\s*#", part) for token in ("canvas", "ink", "pine", "rust", "line"))
    used = set(re.findall(r"var\(--([a-z0-9]+)\)", style))
    assert used <= set(re.findall(r"--([a-z0-9]+):", style))
    assert 'name="viewport"' in text


def test_the_same_files_give_the_same_report(faulty: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    main(["lint", str(faulty), "--html", str(first)])
    main(["lint", str(faulty), "--html", str(second)])
    assert first.read_bytes() == second.read_bytes()


def test_the_doctor_counts_what_the_linter_finds(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CML_LIBRARY", str(faulty))
    main(["doctor", "--library", "--json"])  # it fails, since there is no index here; that is another line
    said = {row["part"]: row for row in json.loads(capsys.readouterr().out)}
    number = counts(lint([faulty]))
    assert said["library"]["state"].startswith("1 patterns (1 of format v1), 0 lighthouses:")
    assert f"{number.errors} errors, {number.warnings} warnings" in said["library"]["state"]
    assert {count.kind for count in number.by_kind} <= set(said)
    assert said["licence_missing"]["state"] == "No licence: 1" and said["library"]["ok"]
    main(["doctor", "--json"])
    assert "library" not in {row["part"] for row in json.loads(capsys.readouterr().out)}


def test_the_starter_library_is_clean(starter_library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--strict", "--all", str(starter_library)]) == 0, capsys.readouterr().out
    assert main(["lint"]) == 0  # it is the default


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lint", "{tmp}/nowhere"], "nowhere"),
        (["lint", "{tmp}/library", "--html", "{tmp}/no/such/file.html"], "cannot be written"),
        (["export", "graph", "--library", "{tmp}/nowhere"], "nowhere"),
        (["export", "graph", "--library", "{tmp}/library", "--out", "{tmp}/no/such"], "cannot be written"),
    ],
)
def test_bad_places_get_a_sentence_and_a_way_out(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main([part.replace("{tmp}", str(tmp_path)) for part in arguments]) == 2
    told = capsys.readouterr().err
    assert said in told and "Traceback" not in told


def schema_faults(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "$") -> list[str]:
    """Faults of a value by the keywords that docs/graph.schema.json uses; an unknown keyword is one too."""
    if "$ref" in schema:
        return schema_faults(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, at)
    faults: list[str] = []
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    for word, wanted in schema.items():
        if word == "type":
            good = isinstance(value, types[wanted]) and not (wanted != "boolean" and isinstance(value, bool))
        elif word == "const":
            good = value == wanted
        elif word == "enum":
            good = value in wanted
        elif word == "minLength":
            good = not isinstance(value, str) or len(value) >= wanted
        elif word == "minimum":
            good = not isinstance(value, (int, float)) or value >= wanted
        elif word == "maximum":
            good = not isinstance(value, (int, float)) or value <= wanted
        elif word == "required":
            good = set(wanted) <= set(value)
        elif word == "items":
            good = True
            for number, item in enumerate(value):
                faults += schema_faults(item, wanted, root, f"{at}[{number}]")
        elif word == "propertyNames":
            good = True
            for name in value:
                faults += schema_faults(name, wanted, root, f"{at}.{name} (name)")
        elif word in ("properties", "additionalProperties"):
            good = True
            if word == "properties":
                for name in set(wanted) & set(value):
                    faults += schema_faults(value[name], wanted[name], root, f"{at}.{name}")
            else:
                for name in set(value) - set(schema.get("properties", {})):
                    if wanted is False:
                        faults.append(f"{at}.{name} is not described")
                    else:
                        faults += schema_faults(value[name], wanted, root, f"{at}.{name}")
        else:
            good = word in ("$schema", "$defs", "title", "description")
        if not good:
            faults.append(f"{at}: {word}")
    return faults


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / "docs" / "graph.schema.json").read_text("utf-8"))
    return read


def test_an_export_is_as_its_schema_says(starter_library: Path, tmp_path: Path, schema: dict[str, Any]) -> None:
    out = tmp_path / "graph.json"
    assert main(["export", "graph", "--library", str(starter_library), "--out", str(out)]) == 0
    graph = json.loads(out.read_text("utf-8"))
    assert schema_faults(graph, schema, schema) == []
    counts = graph["counts"]
    assert counts["edges"] == len(graph["edges"]) == sum(counts["by_kind"].values()) == sum(counts["by_layer"].values())
    assert counts["nodes"] == len(graph["nodes"]) and counts["by_kind"]["REQUIRES"] > 10
    titles = {node["slug"]: node["title"] for node in graph["nodes"]}
    for edge in graph["edges"]:
        assert all(titles[edge[end]["slug"]] == edge[end]["title"] for end in ("subject", "object"))
        assert edge["reason"] and edge["layer"] == "curated"
    assert all(node["licence"] == "CC-BY-SA-4.0" and node["attribution"] for node in graph["nodes"])
    order = [(edge["subject"]["slug"], edge["kind"], edge["object"]["slug"]) for edge in graph["edges"]]
    assert order == sorted(order)


def test_an_export_names_what_dangles_and_is_the_same_each_time(
    faulty: Path, capsys: pytest.CaptureFixture[str], schema: dict[str, Any]
) -> None:
    assert main(["export", "graph", "--library", str(faulty)]) == 0
    first = capsys.readouterr().out
    graph = json.loads(first)
    assert schema_faults(graph, schema, schema) == []
    assert graph["dangling"] == [
        {"kind": "RELATED", "subject": "gate", "name": "<b>moon</b>", "declared_by": "patterns/gate.md"}
    ]
    assert graph["licences"] == ["unknown licence"]
    assert main(["export", "graph", "--library", str(faulty)]) == 0
    assert capsys.readouterr().out == first


def test_the_schema_refuses_what_is_wrong(
    faulty: Path, capsys: pytest.CaptureFixture[str], schema: dict[str, Any]
) -> None:
    main(["export", "graph", "--library", str(faulty)])
    text = capsys.readouterr().out
    for change in (
        lambda graph: graph.pop("licence_notice"),
        lambda graph: graph.update(extra=1),
        lambda graph: graph.update(version=2),
        lambda graph: graph["dangling"][0].update(kind="LIKES"),
        lambda graph: graph["counts"].update(nodes=-1),
    ):
        graph = json.loads(text)
        change(graph)
        assert schema_faults(graph, schema, schema)

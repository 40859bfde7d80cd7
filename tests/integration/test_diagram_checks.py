"""Sources with structure are read exactly: every known graph of the shared checks, where these lie here."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Literal, cast
from xml.etree import ElementTree

import pytest

from cml_mm.diagrams.sources import read_diagram_text
from cml_mm.diagrams.values import Diagram
from cml_mm.media.svg_diagram import read_svg_diagram

CHECKS = Path(__file__).parents[3] / "shared" / "checks" / "diagrams"
LANGUAGES = {"dot": "dot", "mmd": "mermaid", "puml": "plantuml"}


def read(path: Path) -> Diagram:
    if path.suffix == ".svg":
        found = read_svg_diagram(ElementTree.parse(path).getroot(), path.name)
        assert found is not None, path.name
        return found
    kind = cast(Literal["dot", "mermaid", "plantuml"], LANGUAGES[path.suffix[1:]])
    return read_diagram_text(path.read_text(encoding="utf-8"), kind)


def plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def known(truth: dict[str, Any]) -> Counter[tuple[str, str, str, str]]:
    names = {node["id"]: plain(node["label"]) for node in truth["nodes"]}
    heads = {True: "target", False: "none", "both": "both"}
    return Counter(
        (names[edge["source"]], names[edge["target"]], plain(edge["label"]), heads[edge.get("directed", True)])
        for edge in truth["edges"]
    )


@pytest.mark.parametrize("ending", ["svg", "dot", "mmd", "puml"])
def test_every_source_is_read_exactly(ending: str) -> None:
    paths = sorted(CHECKS.glob(f"*.{ending}"))
    if not paths:
        pytest.skip(f"{CHECKS} is not here: the exact readers were not checked against it")
    for path in paths:
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = read(path)
        names = {node.id: plain(node.label) for node in found.nodes}
        drawn = Counter((names[edge.source], names[edge.target], plain(edge.label), edge.heads) for edge in found.edges)
        assert Counter(names.values()) == Counter(plain(node["label"]) for node in truth["nodes"]), path.name
        assert drawn == known(truth), path.name
        assert all(part.confidence == 1 for part in found.parts), path.name
        assert all(node.box is not None for node in found.nodes), path.name

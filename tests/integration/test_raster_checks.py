"""A few pictures of known graphs beside the repository, with the real recogniser; the full figures are benchmarks'."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cml_mm.diagrams.values import Diagram
from cml_mm.media.raster.reader import read_picture_diagram
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import Picture

PICTURES = ("gv000", "gv010", "mmd010", "mpl000", "pil000", "pil002")
FLOOR = 0.85  # of all directed edges of these pictures, found and right


@pytest.fixture(scope="module")
def folder(shared_dir: Path) -> Path:
    found = shared_dir / "checks" / "diagrams"
    if not found.is_dir():
        pytest.skip("../shared/checks/diagrams is not here")
    return found


def opened(path: Path) -> Picture:
    picture = Image.open(path).convert("RGBA")
    flat = Image.new("RGBA", picture.size, "white")
    flat.alpha_composite(picture)
    return np.asarray(flat.convert("RGB"))


def pairs(diagram: Diagram) -> set[tuple[str, str]]:
    labels = {node.id: node.label.lower().replace(" ", "") for node in diagram.nodes}
    return {(labels[edge.source], labels[edge.target]) for edge in diagram.edges if edge.heads == "target"}


def test_known_graphs_are_read(folder: Path) -> None:
    ocr = RapidOcr()
    right = drawn = told = 0
    for name in PICTURES:
        picture = opened(folder / f"{name}.png")
        truth = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        labels = {node["id"]: node["label"].lower().replace(" ", "") for node in truth["nodes"]}
        edges = {(labels[edge["source"]], labels[edge["target"]]) for edge in truth["edges"]}
        found = pairs(read_picture_diagram(picture, ocr.recognise(picture), ocr, name))
        right, drawn, told = right + len(found & edges), drawn + len(edges), told + len(found)
    assert 2 * right / (drawn + told) >= FLOOR

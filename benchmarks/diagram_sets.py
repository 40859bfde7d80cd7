"""Diagrams to measure a reader on: made by a seed, written as sources, and those beside the repository."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.diagram_drawing import drawn, flat
from benchmarks.diagram_making import made_diagram
from benchmarks.diagram_slides import written_pptx
from benchmarks.diagram_sources import written_dot, written_drawio, written_mermaid, written_plantuml
from benchmarks.diagram_spoiling import kind_in_turn, spoilt
from benchmarks.diagram_styles import LAYOUTS
from benchmarks.diagram_truth import read_truth, style_told
from benchmarks.hand_layout import laid_by_hand
from benchmarks.make_starter_diagrams import STARTER_DIAGRAMS
from benchmarks.starter_diagrams import SKETCHES
from cml_mm.diagrams.values import Diagram
from cml_mm.settings import ROOT
from cml_mm.visits import FileFormat

CHECKS = ROOT.parent / "shared" / "checks"
_HALVED = ("made by", "lines", "spoilt by")  # told for each half of ../shared apart
_ENDINGS: dict[str, FileFormat] = {"svg": "svg", "dot": "dot", "mmd": "mermaid", "puml": "plantuml"}
_TOLD = {
    "gen": "made by",
    "mode": "layout",
    "engine": "engine",
    "splines": "lines",
    "theme": "theme",
    "edgestyle": "strokes",
    "arrowhead": "heads",
    "varied": "spoilt by",
}


@dataclass(frozen=True)
class Item:
    """One file whose diagram is known; `groups` are what it is counted under, as ("layout", "grid")."""

    name: str
    kind: FileFormat
    data: bytes
    truth: Diagram
    groups: tuple[tuple[str, str], ...] = ()


def made_pictures(seed: int, count: int, spoil: bool) -> Iterator[Item]:
    """Pictures by our own generator, each layout in turn, clean or each kind of damage in turn."""
    for number in range(count):
        made = made_diagram(10_000 * seed + number)
        image, truth, kind = drawn(made), made.diagram, ""
        if spoil:
            kind = kind_in_turn(number, len(LAYOUTS))
            picture, truth = spoilt(np.asarray(flat(image)), truth, kind, random.Random(made.seed))
            image = Image.fromarray(picture)
        kept = io.BytesIO()
        image.save(kept, "PNG")
        yield Item(made.name, "picture", kept.getvalue(), truth, _groups(style_told(made, kind)))


def made_sources(seed: int, count: int) -> Iterator[Item]:
    """The same graphs as sources with structure."""
    for number in range(count):
        made = made_diagram(10_000 * seed + number)
        diagram = made.diagram
        texts: tuple[tuple[str, FileFormat, str], ...] = (
            ("dot", "dot", written_dot(diagram)),
            ("mmd", "mermaid", written_mermaid(diagram)),
            ("puml", "plantuml", written_plantuml(diagram)),
            ("drawio", "drawio", written_drawio(diagram)),
            ("packed.drawio", "drawio", written_drawio(diagram, packed=True)),
        )
        for ending, kind, text in texts:
            yield Item(f"{made.name}.{ending}", kind, text.encode(), _placeless(diagram), (("source", ending),))
        yield Item(f"{made.name}.pptx", "pptx", written_pptx(diagram), _placeless(diagram), (("source", "pptx"),))


def starter_files() -> Iterator[Item]:
    """The diagrams that are shipped."""
    kinds: dict[str, FileFormat] = {".png": "picture", ".jpg": "picture", ".drawio": "drawio", ".pptx": "pptx"}
    for sketch in SKETCHES:
        path = STARTER_DIAGRAMS / sketch.name
        kind = kinds.get(path.suffix) or _ENDINGS[path.suffix[1:]]
        truth = laid_by_hand(sketch) if kind == "picture" and not sketch.photo else _placeless(laid_by_hand(sketch))
        yield Item(sketch.name, kind, path.read_bytes(), truth, (("file", sketch.name),))


def checks_pictures(stride: int = 1) -> Iterator[Item]:
    """The pictures of ../shared, every so many; none where it is missing."""
    yield from _pictures(CHECKS / "diagrams", stride)


def checks_sources(stride: int = 1) -> Iterator[Item]:
    """The sources of ../shared."""
    for path in sorted((CHECKS / "diagrams").glob("*.json"))[::stride]:
        truth, _ = read_truth(path)
        for ending, kind in _ENDINGS.items():
            source = path.with_suffix(f".{ending}")
            if source.is_file():
                yield Item(
                    source.name, kind, source.read_bytes(), _placeless(truth), (("source", f"../shared .{ending}"),)
                )


def varied_pictures(scratch: Path, stride: int) -> Iterator[Item]:
    """Damaged copies of the pictures of ../shared, made by its own script."""
    if not (CHECKS / "vary_diagrams.py").is_file():
        return
    subprocess.run(
        [
            sys.executable,
            str(CHECKS / "vary_diagrams.py"),
            str(CHECKS / "diagrams"),
            str(scratch),
            "--stride",
            str(stride),
        ],
        check=True,
    )
    yield from _pictures(scratch, 1)


def _pictures(folder: Path, stride: int) -> Iterator[Item]:
    order = [path.stem for path in sorted((CHECKS / "diagrams").glob("*.json"))]
    for path in sorted(folder.glob("*.json"))[::stride]:
        truth, style = read_truth(path)
        half = "odd" if order.index(path.stem) % 2 else "even, tuned on"
        told = _groups(style)
        parts = tuple((f"half by {heading}", f"{half}: {value}") for heading, value in told if heading in _HALVED)
        groups = (*told, ("half", half), *parts)
        yield Item(path.stem, "picture", path.with_suffix(".png").read_bytes(), truth, groups)


def _placeless(diagram: Diagram) -> Diagram:
    """Without places, which a source leaves open or counts from elsewhere."""
    return replace(diagram, nodes=tuple(replace(node, box=None) for node in diagram.nodes))


def _groups(style: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """By the words of a style; what is "graphviz+blur" was made by graphviz, and blurred."""
    told = {**style, "gen": str(style.get("gen", "")).partition("+")[0]}
    return tuple((heading, str(told[key])) for key, heading in _TOLD.items() if told.get(key))

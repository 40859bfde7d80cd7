"""The twenty questions to the shipped diagrams: read by the real readers, answered by walking, cited by part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.hand_layout import laid_by_hand
from benchmarks.starter_diagrams import SKETCHES
from cml_mm.diagrams.labels import SURE, likeness
from cml_mm.diagrams.values import Diagram, DiagramEdge
from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.media.file_reading import read_file
from cml_mm.media.sniffing import sniff
from cml_mm.media.svg import read_svg
from cml_mm.models.minilm import MiniLM
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, Scope
from cml_mm.types import Answer, AnswerReady, PictureArea
from cml_mm.visits import DEFAULT_LIMITS, FileCard, StoredFile
from tests.support.drawn_files import stored

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "indexes" / "starter" / "diagrams"
LINES = (ROOT / "benchmarks" / "diagram_questions.jsonl").read_text("utf-8").splitlines()
QUESTIONS = tuple(json.loads(line) for line in LINES if line)
ADDED = {"decision-v1.png": 1.0, "decision-v2.mmd": 2.0}


@dataclass(frozen=True)
class Reader:
    """Reads shipped diagrams as uploads are read, each once."""

    encoder: MiniLM
    ocr: RapidOcr
    kept: dict[str, StoredFile]

    def __call__(self, name: str) -> StoredFile:
        if name not in self.kept:
            data = (FOLDER / name).read_bytes()
            file = f"file-{len(self.kept) + 1:024d}"
            kind = sniff(data, name)
            read = (
                read_svg(data, name, file, DEFAULT_LIMITS)
                if kind == "svg"
                else read_file(data, kind, name, file, self.ocr, DEFAULT_LIMITS, lambda *_: None)
            )
            chunks = chunk_document(read.document, file)
            vectors = (
                self.encoder.encode_passages([encoded_text(chunk) for chunk in chunks])
                if chunks
                else np.zeros((0, self.encoder.dimension), np.float32)
            )
            card = FileCard(
                file, name, "ready", len(data), read.document.title, read.document.format, added=ADDED.get(name, 1.0)
            )
            self.kept[name] = StoredFile(card, read.document.source.id, read, chunks, vectors, self.encoder.name)
        return self.kept[name]


@pytest.fixture(scope="module")
def read(encoder: MiniLM) -> Reader:
    return Reader(encoder, RapidOcr(), {})


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM, engine: Engine) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


def asked(opened: Opened, question: str, files: tuple[StoredFile, ...]) -> Answer:
    scope = Scope("files", "visitor", ())
    for event in opened.answerer.ask(question, lambda: False, NO_TALK, scope, opened.source(files)):
        if isinstance(event, AnswerReady):
            return event.answer
    raise AssertionError("no answer")


def same(one: str, other: str) -> bool:
    """Whether two labels are the same but for what a recogniser may misread."""
    return likeness(one, other) >= SURE


def cited_parts(answer: Answer, file: StoredFile) -> list[list[str]]:
    """Every box as [label] and every arrow as [from, to] that the sentences cite of a file."""
    used = {number for sentence in answer.sentences for number in sentence.cites}
    ids = [
        part
        for item in answer.evidence
        if item.number in used and item.source.slug == file.card.id and isinstance(item.locator, PictureArea)
        for part in item.locator.parts
    ]
    found = []
    for diagram in file.read.diagrams:
        parts = {part.id: part for part in diagram.parts}
        for part in (parts[id] for id in ids if id in parts):
            ends = [part.source, part.target] if isinstance(part, DiagramEdge) else [part.id]
            found.append([parts[end].label for end in ends])
    return found


def is_cited(part: list[str], cited: list[list[str]]) -> bool:
    return any(len(one) == len(part) and all(map(same, one, part)) for one in cited)


def says(answer: Answer, value: object) -> bool:
    text = "\n".join([answer.title, *(sentence.text for sentence in answer.sentences)])
    if value in ("yes", "no"):
        return text.lower().startswith(str(value))
    if isinstance(value, int):
        return str(value) in text.split("“")[0]
    names = [part.split("”")[0] for part in text.split("“")[1:]]
    return str(value).lower() in text.lower() or any(same(str(value), name) for name in names)


def as_drawn(encoder: MiniLM, name: str, number: int) -> StoredFile:
    """The file as a reader that makes no mistake would give it."""
    sketch = next(one for one in SKETCHES if one.name == name)
    return stored(encoder, number, name, replace(laid_by_hand(sketch), face="picture-1"))


def judge(asking: dict[str, Any], answer: Answer, files: tuple[StoredFile, ...]) -> None:
    """Raises AssertionError unless it says the right boxes, numbers or yes, and cites the right parts."""
    assert answer.status == "answered", answer
    assert answer.withheld == 0
    assert all(sentence.verdict in ("supported", "not_checked") for sentence in answer.sentences), answer.sentences
    told = [(sentence.text, sentence.verdict) for sentence in answer.sentences]
    for value in asking["answer"]:
        assert says(answer, value), (value, told)
    cited = [part for file in files for part in cited_parts(answer, file)]
    for part in asking["parts"]:
        assert is_cited(part, cited), (part, cited, told)


def names_of(asking: dict[str, Any]) -> list[str]:
    return [name for name in (asking.get("beside"), asking["file"]) if name]


@pytest.mark.parametrize("asking", QUESTIONS, ids=[one["id"] for one in QUESTIONS])
def test_a_question_to_a_diagram_that_was_read_without_a_mistake(
    encoder: MiniLM, opened: Opened, asking: dict[str, Any]
) -> None:
    files = tuple(as_drawn(encoder, name, number) for number, name in enumerate(names_of(asking), 1))
    judge(asking, asked(opened, asking["question"], files), files)


@pytest.mark.parametrize("asking", QUESTIONS, ids=[one["id"] for one in QUESTIONS])
def test_a_question_to_a_diagram_as_it_is_really_read(read: Reader, opened: Opened, asking: dict[str, Any]) -> None:
    files = tuple(read(name) for name in names_of(asking))
    judge(asking, asked(opened, asking["question"], files), files)


def boxes_at(diagram: Diagram) -> Callable[[str], bool]:
    placed = {part.id for part in (*diagram.nodes, *diagram.containers) if part.box is not None}
    return lambda part: part in placed


def test_every_citation_of_a_box_opens_its_box_and_every_one_of_an_arrow_its_line(read: Reader, opened: Opened) -> None:
    for name in ("maintenance-fund.puml", "plot-handover.drawio"):
        file = read(name)
        answer = asked(opened, "Where does it end, and which box has the most arrows?", (file,))
        diagram = file.read.diagrams[0]
        has_box = boxes_at(diagram)
        for item in answer.evidence:
            assert isinstance(item.locator, PictureArea)
            nodes = [part for part in item.locator.parts if has_box(part)]
            edges = [edge for edge in diagram.edges if edge.id in item.locator.parts]
            assert len(item.locator.boxes) == len(nodes) + sum(edge.label_box is not None for edge in edges)
            assert item.locator.lines == tuple(edge.polyline for edge in edges if edge.polyline)

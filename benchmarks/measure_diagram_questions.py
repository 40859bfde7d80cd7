"""Questions to diagrams: rightly answered, and the right boxes and arrows cited, by set and by kind.

python -m benchmarks diagram-questions
python -m benchmarks.measure_diagram_questions --only dev --faults   what goes wrong on the set that may be read

Three sets, all of our own, over the starter library: "starter" is benchmarks/diagram_questions.jsonl over the
shipped diagrams; "dev" and "held_out" are benchmarks/diagram_asking/, eight more diagrams as text with questions
by another hand than the rules'. Mistakes are shown of "dev" and "starter" only.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.diagram_judging import DiagramAsked, Judged, judged
from benchmarks.libraries import STARTER, open_or_build
from benchmarks.make_starter_diagrams import STARTER_DIAGRAMS
from cml_mm.engine.opened import Opened
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.media.file_reading import read_file
from cml_mm.media.sniffing import sniff
from cml_mm.media.svg import read_svg
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import TextEncoder
from cml_mm.profiles import parts_of
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.settings import ROOT, Settings
from cml_mm.talk import PastTurn, Scope, Talk
from cml_mm.types import Answer, AnswerReady
from cml_mm.visits import DEFAULT_LIMITS, FileCard, ReadFile, StoredFile

ASKING = ROOT / "benchmarks" / "diagram_asking"
OF_STARTER = ROOT / "benchmarks" / "diagram_questions.jsonl"
SETS = ("starter", "dev", "held_out")
SHOWN = frozenset({"starter", "dev"})  # sets whose mistakes may be looked at


@dataclass
class Shelved:
    """Reads diagrams as uploads are read, each once."""

    encoder: TextEncoder
    ocr: RapidOcr = field(default_factory=RapidOcr)
    kept: dict[str, StoredFile] = field(default_factory=dict)

    def file(self, name: str) -> StoredFile:
        if name not in self.kept:
            place = next(folder / name for folder in (ASKING, STARTER_DIAGRAMS) if (folder / name).is_file())
            data, number = place.read_bytes(), len(self.kept) + 1
            id = f"file-{number:024d}"
            read = self._read(data, name, id)
            chunks = chunk_document(read.document, id)
            vectors = (
                self.encoder.encode_passages([encoded_text(chunk) for chunk in chunks])
                if chunks
                else np.zeros((0, self.encoder.dimension), np.float32)
            )
            document = read.document
            card = FileCard(id, name, "ready", len(data), document.title, document.format, added=float(number))
            self.kept[name] = StoredFile(card, document.source.id, read, chunks, vectors, self.encoder.name)
        return self.kept[name]

    def _read(self, data: bytes, name: str, id: str) -> ReadFile:
        kind = sniff(data, name)
        if kind == "svg":
            return read_svg(data, name, id, DEFAULT_LIMITS)
        return read_file(data, kind, name, id, self.ocr, DEFAULT_LIMITS, lambda *_: None)


def main(library: Path, index: Path) -> None:
    """The starter library is asked, whatever `library` is."""
    place = index if library.resolve() == STARTER.resolve() else None
    measure(SETS, place, faults=True)


def measure(sets: Sequence[str], index: Path | None, faults: bool) -> list[Judged]:
    """Asks and prints the tables.

    Args:
        index: where the starter library's index is kept, None for a temporary place.
        faults: whether to print the answers that are wrong, of the sets that may be looked at.
    """
    settings = Settings.load()
    encoder = parts_of(settings).text_encoder()
    with tempfile.TemporaryDirectory() as scratch:
        place = index or Path(scratch) / "starter"
        starter = replace(settings, index=place, libraries=(STARTER,))
        open_or_build(starter).close()
        snapshot = open_snapshot(place, encoder.name, encoder.dimension, starter.graph_buffer_bytes)
        opened, shelf = Opened.over(snapshot, encoder), Shelved(encoder)
        found = [_judge(opened, shelf, asked) for asked in read_asked() if asked.set in sets]
        snapshot.close()
    for name in sets:
        _print_set(name, [one for one in found if one.asked.set == name], faults and name in SHOWN)
    return found


def read_asked() -> Iterator[DiagramAsked]:
    """All questions, set by set."""
    for file, name in ((OF_STARTER, "starter"), (ASKING / "questions.jsonl", "")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield _asked(json.loads(line), name)


def _asked(row: dict[str, Any], name: str) -> DiagramAsked:
    return DiagramAsked(
        row["id"],
        name or row["set"],
        row["kind"],
        row["file"],
        row.get("beside", ""),
        row["question"],
        tuple(row.get("after", ())),
        tuple(str(value) for value in row["answer"]),
        tuple(tuple(part) for part in row["parts"]),
    )


def _judge(opened: Opened, shelf: Shelved, asked: DiagramAsked) -> Judged:
    files = tuple(shelf.file(name) for name in (asked.beside, asked.file) if name)
    scope = Scope("both" if asked.kind == "beside" else "files", "visitor", ())
    turns: list[PastTurn] = []
    for question in (*asked.after, asked.question):
        answer = _answer(opened, question, Talk(tuple(turns)), scope, files)
        refused = answer.status == "not_in_library"
        turns.append(PastTurn(answer.question, answer.understood, answer.subjects, answer.relation, refused))
    return judged(asked, answer, files)


def _answer(opened: Opened, question: str, talk: Talk, scope: Scope, files: tuple[StoredFile, ...]) -> Answer:
    for event in opened.answerer.ask(question, lambda: False, talk, scope, opened.source(files)):
        if isinstance(event, AnswerReady):
            return event.answer
    raise RuntimeError("The question was not answered.")


def _print_set(name: str, found: Sequence[Judged], faults: bool) -> None:
    print(f"\n{name}: {_row(found)}")
    order = sorted(found, key=lambda one: one.asked.kind)
    for kind, group in groupby(order, key=lambda one: one.asked.kind):
        print(f"  {kind:14} {_row(list(group))}")
    for one in found if faults else ():
        if one.fault or one.met < one.wanted:
            print(f"  - {one.asked.id} {one.asked.question!r}: {one.fault or 'cites too little'}")
            print(f"      {one.told[:300]}")


def _row(found: Sequence[Judged]) -> str:
    right = sum(one.right for one in found)
    wanted, met = sum(one.wanted for one in found), sum(one.met for one in found)
    cited, fitting = sum(one.cited for one in found), sum(one.fitting for one in found)
    row = f"{right:3} of {len(found):3} right ({right / max(1, len(found)):.2f})"
    if not wanted:
        return row
    return f"{row}, {met}/{wanted} parts cited ({met / wanted:.2f}), {fitting}/{cited} of those cited belong"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=SETS, nargs="+", default=SETS)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    measure(options.only, options.index, options.faults)

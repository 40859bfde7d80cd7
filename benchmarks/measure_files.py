"""Private files: what a question and an index cost, links to patterns, refusals, and made titles.

python -m benchmarks files

The passages of benchmarks/file_links.jsonl are one file of our own without headings, each with the
patterns of the starter library that it speaks about; benchmarks/file_questions.jsonl asks about it,
half of the questions without an answer. Weights were fitted on the split "dev" only.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.libraries import STARTER, open_or_build
from cml_mm import prose
from cml_mm.graph.snapshot import Snapshot, open_snapshot
from cml_mm.ports import TextEncoder, Vectors
from cml_mm.profiles import parts_of
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import FileIndex, encoded_text
from cml_mm.retrieval.file_links import PatternLinker
from cml_mm.retrieval.stages import ALL_STAGES
from cml_mm.settings import ROOT, Settings
from cml_mm.types import Document, Section, Source
from cml_mm.visits import Chunk, FileCard, FoundChunk, ReadFile, StoredFile

LINKS = ROOT / "benchmarks" / "file_links.jsonl"
QUESTIONS = ROOT / "benchmarks" / "file_questions.jsonl"
SPLITS = ("dev", "held-out")
SIZES = (1_000, 5_000)  # chunks
ROUNDS = 3
QUESTION_LIMIT = 20.0  # times what its embedding costs, at the larger size
LINK_SECONDS = 1.0  # CPU, of 2,000 chunks


@dataclass(frozen=True)
class Gold:
    """A passage with the slugs that it may be linked to, the main one first."""

    id: str
    split: str
    text: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class FileQuestion:
    """A question about the passages; `chunks` are the ids of those that answer it, none where nothing does."""

    question: str
    split: str
    chunks: tuple[str, ...]


def main(library: Path, index: Path) -> None:
    settings = Settings.load()
    encoder = parts_of(settings).text_encoder()
    with tempfile.TemporaryDirectory() as scratch:
        given = replace(settings, index=index, libraries=(library,))
        starter = replace(settings, index=Path(scratch) / "starter", libraries=(STARTER,))
        same = library.resolve() == STARTER.resolve()
        for one in [given] if same else [given, starter]:
            open_or_build(one).close()
        snapshot = open_snapshot(given.index, encoder.name, encoder.dimension, given.graph_buffer_bytes)
        _measure_speed(snapshot, encoder)
        if not same:
            snapshot.close()
            snapshot = open_snapshot(starter.index, encoder.name, encoder.dimension, starter.graph_buffer_bytes)
        _measure_links(snapshot, encoder)
        _measure_answers(encoder, snapshot)
        snapshot.close()


def read_gold() -> list[Gold]:
    rows = map(json.loads, LINKS.read_text("utf-8").splitlines())
    return [Gold(row["id"], row["split"], row["text"], tuple(row["links"])) for row in rows]


def read_questions() -> list[FileQuestion]:
    rows = map(json.loads, QUESTIONS.read_text("utf-8").splitlines())
    return [FileQuestion(row["question"], row["split"], tuple(row["chunks"])) for row in rows]


def own_file(gold: Sequence[Gold], encoder: TextEncoder, made_titles: bool = True) -> StoredFile:
    """The passages as one file, a page each, so that no section bears a heading of its own.

    Args:
        gold: the passages.
        encoder: of its vectors.
        made_titles: whether chunks are given titles that are made from their words.
    """
    sections = tuple(Section("other", f"Page {number}", one.text, number) for number, one in enumerate(gold, 1))
    document = _document("own", sections)
    chunks = chunk_document(document, "own")
    if not made_titles:
        chunks = tuple(replace(chunk, title="") for chunk in chunks)
    return _stored(document, chunks, encoder.encode_passages([encoded_text(chunk) for chunk in chunks]), encoder)


def _document(slug: str, sections: tuple[Section, ...]) -> Document:
    title = "House rules and minutes of Weir Mill"
    source = Source("0" * 64, title, "document", slug, "weir-mill.pdf", "", "", owner="visitor")
    return Document(slug, title, source, sections=sections)


def _stored(document: Document, chunks: tuple[Chunk, ...], vectors: Vectors, encoder: TextEncoder) -> StoredFile:
    card = FileCard(document.slug, "weir-mill.pdf", "ready", title=document.title)
    return StoredFile(card, "0" * 64, ReadFile(document, ()), chunks, vectors, encoder.name)


def _measure_speed(snapshot: Snapshot, encoder: TextEncoder) -> None:
    """On chunks put together at random from the library's paragraphs, with random vectors."""
    dice = random.Random(5)
    pool = [
        span.of(section.text)
        for slug in dice.sample(snapshot.pages, min(300, len(snapshot.pages)))
        for section in snapshot.library.sections(slug)
        for span in prose.paragraphs(section.text)
        if 20 < len(prose.words(span.of(section.text))) < 80
    ]
    asked = [one.question for one in read_questions()][:40]
    alone = _best(lambda: [encoder.encode_query(one) for one in asked]) / len(asked)
    for size in SIZES:
        texts = ["\n\n".join(dice.sample(pool, 2)) for _ in range(size)]
        document = _document("speed", tuple(Section("other", f"Page {n}", text, n) for n, text in enumerate(texts, 1)))
        began = time.process_time()
        chunks = chunk_document(document, "speed")[:size]
        cut = time.process_time() - began
        vectors = np.random.default_rng(5).standard_normal((len(chunks), encoder.dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        file = _stored(document, chunks, vectors, encoder)
        began = time.process_time()
        index = FileIndex.build([file], encoder, snapshot.bm25.document_frequency)
        built = time.process_time() - began
        index.search("warm")  # what is loaded once is no question's time
        each = _best(partial(_ask_all, index, asked)) / len(asked)
        print(
            f"{len(chunks):,} chunks: cut {cut:.2f} CPU-s, index {built:.2f} CPU-s,"
            f" {1000 * each:.1f} CPU-ms a question, {each / alone:.1f} times its embedding (limit {QUESTION_LIMIT:.0f})"
        )
    linker = PatternLinker(snapshot)
    seconds = _best(lambda: linker.link(chunks[:2_000], vectors[:2_000]))
    print(f"2,000 chunks x {len(snapshot.pages):,} pages: linked in {seconds:.2f} CPU-s (limit {LINK_SECONDS:.0f})")


def _measure_links(snapshot: Snapshot, encoder: TextEncoder) -> None:
    gold = read_gold()
    file = own_file(gold, encoder)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for link in PatternLinker(snapshot).link(file.chunks, file.vectors):
        found[gold[int(link.chunk.split("/")[1])].id].append(link.slug)
    for split in SPLITS:
        rows = [one for one in gold if one.split == split]
        made = [(one, slug) for one in rows for slug in found[one.id]]
        right = sum(slug in one.links for one, slug in made)
        speaking = [one for one in rows if one.links]
        hit = sum(one.links[0] in found[one.id] for one in speaking)
        print(
            f"links, {split}: {right} of {len(made)} right; {hit} of {len(speaking)} passages linked to their pattern"
        )


def _measure_answers(encoder: TextEncoder, snapshot: Snapshot) -> None:
    gold, questions = read_gold(), read_questions()
    known = snapshot.bm25.document_frequency
    index = FileIndex.build([own_file(gold, encoder)], encoder, known)
    found = [index.search(one.question, 5) for one in questions]
    for split in SPLITS:
        rows = [
            (one, _says(index, encoder, one, best))
            for one, best in zip(questions, found, strict=True)
            if one.split == split
        ]
        refused = [one for one, answered in rows if one.chunks and not answered]
        wrongly = [one for one, answered in rows if not one.chunks and answered]
        with_answer = sum(bool(one.chunks) for one, _ in rows)
        print(
            f"the files say nothing, {split}: wrongly said of {len(refused)} of {with_answer},"
            f" wrongly answered {len(wrongly)} of {len(rows) - with_answer}"
        )
    plain = FileIndex.build([own_file(gold, encoder, made_titles=False)], encoder, known)
    stages = ALL_STAGES.without("made_titles")
    asked = [one for one in questions if one.chunks]
    for name, among, which in (("with", index, ALL_STAGES), ("without", plain, stages)):
        answers = [among.search(one.question, 5, stages=which) for one in asked]
        print(f"untitled text {name} made titles: recall@1 {_recall(asked, answers, gold, 1)}", end=", ")
        print(f"recall@5 {_recall(asked, answers, gold, 5)} of {len(asked)}")


def _says(index: FileIndex, encoder: TextEncoder, asked: FileQuestion, found: Sequence[FoundChunk]) -> bool:
    """Whether the best chunks, or one of their sentences alone, say something about a question."""
    vector = encoder.encode_query(asked.question)
    texts = [
        prose.plain(span.of(one.chunk.text))
        for one in found
        for paragraph in prose.paragraphs(one.chunk.text)
        for span in prose.sentences(one.chunk.text, paragraph)
    ]
    cosines = encoder.encode_passages(texts) @ vector if texts else []
    return index.answers(found) or index.says(asked.question, list(zip(texts, map(float, cosines), strict=True)))


def _recall(
    asked: Sequence[FileQuestion], found: Sequence[Sequence[FoundChunk]], gold: Sequence[Gold], first: int
) -> int:
    return sum(
        any(gold[one.chunk.section].id in question.chunks for one in best[:first])
        for question, best in zip(asked, found, strict=True)
    )


def _ask_all(index: FileIndex, asked: Sequence[str]) -> None:
    """Asks each question as if for the first time: an index keeps the vectors of the last ones."""
    for one in asked:
        index.search(one)


def _best(run: Callable[[], object]) -> float:
    """CPU seconds of the quickest of some rounds."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return min(seconds)

"""Values for tests of the record: files that are all different, and answers that quote them."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cml_mm.record import Record
from cml_mm.types import Answer, Box, Document, Evidence, Page, Section, Sentence, Source, TextSpan
from cml_mm.visits import Chunk, Face, FileCard, PictureFeatures, Placing, ReadFile, Run, StoredFile, new_file_id

ANNA, BERT = "a" * 40, "b" * 40  # visitors' keys
DAY = 24 * 3600.0


@dataclass
class Clock:
    """Time that passes when the test says so."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def content_of(seed: int, size: int = 20_000) -> bytes:
    """Bytes that belong to this seed alone."""
    return random.Random(seed).randbytes(size)


def stored_file(seed: int, name: str = "", file: str = "") -> StoredFile:
    """A file with text, places, picture features and vectors that belong to this seed alone."""
    chance = random.Random(seed)
    array = np.random.default_rng(seed)
    file = file or new_file_id()
    digest = hashlib.sha256(content_of(seed)).hexdigest()
    text = " ".join(f"{chance.getrandbits(40):x}" for _ in range(80))
    source = Source(digest, f"Statutes {seed}", "document", file, name, "private", "you", owner="visitor")
    box = Box(chance.random(), chance.random(), 10.5, 2.25, 595.0, 842.0)
    read = ReadFile(
        document=Document(file, f"Statutes {seed}", source, "", (Section("other", "§ 1", text, 1),), "pdf"),
        placings=(Placing("page-1", (Run(0, 40, box), Run(41, 80, box))),),
        faces=(Face("page-1", "Page 1", 1, 595.0, 842.0),),
        notices=("Page 2 is empty.",),
        features=(
            PictureFeatures(
                "page-1",
                array.random((30, 2), dtype=np.float32),
                array.integers(0, 256, (30, 32), dtype=np.uint8),
            ),
        ),
    )
    chunks = tuple(Chunk(f"{file}/0/{n}", file, 0, n, n + 100, "§ 1", text[n : n + 100]) for n in range(0, 300, 100))
    return StoredFile(
        card=FileCard(file, name or f"statutes-{seed}.pdf", "reading", title=f"Statutes {seed}", format="pdf", pages=1),
        sha256=digest,
        read=read,
        chunks=chunks,
        vectors=array.random((3, 384), dtype=np.float32),
        encoder="minilm/int8",
    )


def same(one: StoredFile, other: StoredFile) -> bool:
    """Whether two files hold the same, but for the cards, whose times are set when they are kept."""
    return (
        (one.card.id, one.card.name, one.sha256, one.encoder, one.chunks)
        == (other.card.id, other.card.name, other.sha256, other.encoder, other.chunks)
        and (one.read.document, one.read.placings, one.read.faces, one.read.notices)
        == (other.read.document, other.read.placings, other.read.faces, other.read.notices)
        and _same_array(one.vectors, other.vectors)
        and len(one.read.features) == len(other.read.features)
        and all(
            mine.face == theirs.face
            and _same_array(mine.points, theirs.points)
            and _same_array(mine.descriptors, theirs.descriptors)
            for mine, theirs in zip(one.read.features, other.read.features, strict=True)
        )
    )


def _same_array(one: np.ndarray, other: np.ndarray) -> bool:
    return one.dtype == other.dtype and one.shape == other.shape and bool((one == other).all())


def arrived(inbox: Path, seed: int) -> Path:
    """A file in the inbox."""
    path = inbox / f"{seed}.part"
    path.write_bytes(content_of(seed))
    return path


def answer_quoting(*files: str, words: str = "Members decide together.") -> Answer:
    """An answer with evidence from the library and from these files."""
    library = Source("0" * 64, "Open Books", "pattern", "open-books", "open-books.md", "CC BY-SA 4.0", "the authors")
    evidence = [Evidence(1, library, TextSpan("Solution", 0, 24), "Solution", words, words)]
    for number, file in enumerate(files, 2):
        own = Source("1" * 64, "Statutes", "document", file, "statutes.pdf", "private", "you", owner="visitor")
        box = Box(1.0, 2.0, 3.0, 4.0, 595.0, 842.0)
        evidence.append(Evidence(number, own, Page(3, "§ 1", 0, 24, (box,), "page-3"), "§ 1", words, words))
    sentence = Sentence(words, tuple(item.number for item in evidence), "supported")
    return Answer("Who decides?", "Who decides", (sentence,), tuple(evidence), "answered", "the library's words", 0.25)


def keep(record: Record, visitor: str, seed: int, name: str = "") -> StoredFile:
    """Keeps the file of a seed."""
    stored = stored_file(seed, name)
    record.files.keep(visitor, stored, arrived(record.inbox, seed))
    return stored


def everything_under(folder: Path) -> bytes:
    """All bytes of all files, with their names."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(str(path).encode())
        if path.is_file():
            parts.append(path.read_bytes())
    return b"\n".join(parts)

"""A visitor's recordings, stored as reading them leaves them: a small talk of our own, in several conditions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Cue, Lecture, Slide, SlideLine, Speech, SpeechOrigin
from cml_mm.lectures.wording import SectionOfMoment, worded
from cml_mm.ports import TextEncoder
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.types import Box, Document, Section, Source, clock
from cml_mm.visits import Face, FileCard, FileFormat, Placing, ReadFile, Run, StoredFile, TextOrigin, TimedRun

WIDTH, HEIGHT = 1280.0, 720.0
# Title, lines, from, until, and what is said meanwhile: from, until, words.
Part = tuple[str, tuple[str, ...], float, float, tuple[tuple[float, float, str], ...]]
ORCHARD: tuple[Part, ...] = (
    (
        "The Village Orchard",
        ("Forty trees", "Nineteen households"),
        0.0,
        14.0,
        (
            (1.0, 6.5, "Welcome. Our orchard has forty trees, and nineteen households look after them."),
            (7.0, 12.5, "Later I will come back to sanctions and to the press."),
        ),
    ),
    (
        "Picking Rota",
        ("Draw a week in March", "Swap by notice on the shed", "Leave a tenth for the birds"),
        14.0,
        41.0,
        (
            (15.2, 20.0, "Every household draws a week for picking in March."),
            (20.5, 26.0, "Whoever cannot come swaps the week with a neighbour"),
            (26.0, 30.5, "by pinning a note on the door of the shed."),
            (31.0, 38.0, "A tenth of the fruit stays on the branches for the birds."),
        ),
    ),
    (
        "Graduated Sanctions",
        ("A friendly word", "A week without picking", "A talk with the circle"),
        41.0,
        70.0,
        (
            (42.0, 48.0, "If somebody breaks a rule, a neighbour first has a friendly word with them."),
            (48.5, 55.0, "Only the second time do they lose a week of picking."),
            (56.0, 66.0, "Graduated sanctions keep people inside, so we never expel anybody at once."),
        ),
    ),
    (
        "The Cider Press",
        ("Bought with a loan from members",),
        70.0,
        96.0,
        (
            (71.5, 77.0, "The cider press was paid for by a loan from the members."),
            (78.0, 86.0, "It goes around from yard to yard and costs three euros an hour."),
            (87.0, 93.0, "Thank you, and bring your own bottles."),
        ),
    ),
)


def orchard(origin: SpeechOrigin = "captions", speakers: Sequence[str] = (), shown: bool = True) -> Lecture:
    """The talk about an orchard. `speakers` take turns, slide by slide; not `shown`: it is a sound alone."""
    slides = tuple(
        Slide(number, start, end, end - 1.0, title, tuple(_line(at, text) for at, text in enumerate((title, *lines))))
        for number, (title, lines, start, end, _) in enumerate(ORCHARD, 1)
    )
    cues = tuple(
        Cue(start, end, text, speakers[at % len(speakers)] if speakers else "")
        for at, part in enumerate(ORCHARD)
        for start, end, text in part[4]
    )
    heard = Speech(() if origin in ("none", "spans") else cues, origin, "en", "talk.srt")
    return lecture_of(96.0, slides if shown else (), heard)


def _line(at: int, text: str) -> SlideLine:
    return SlideLine(text, Box(80.0, 60.0 + 110.0 * at, 900.0, 50.0, WIDTH, HEIGHT), 0.97)


def stored_lecture(
    encoder: TextEncoder, number: int, name: str, lecture: Lecture, kind: FileFormat = "film"
) -> StoredFile:
    """A recording as it is kept, with the sections, placings and faces that its intake makes."""
    file, title = f"file-{number:024d}", name.rsplit(".", 1)[0]
    source = Source(hashlib.sha256(name.encode()).hexdigest(), title, "document", file, name, "", "", owner="visitor")
    parts = worded(lecture)
    sections = tuple(Section("other", part.heading, part.text) for part in parts)
    origin: TextOrigin = "captions" if lecture.speech.quotable else "weak speech"
    placings = tuple(_placing(part, origin) for part in parts)
    faces = tuple(Face(one.face, f"Slide at {clock(one.start_seconds)}", 0, WIDTH, HEIGHT) for one in lecture.slides)
    document = Document(file, title, source, "", sections, kind)
    chunks = chunk_document(document, file)
    texts = [encoded_text(chunk) for chunk in chunks]
    vectors = encoder.encode_passages(texts) if texts else np.zeros((0, encoder.dimension), np.float32)
    card = FileCard(file, name, "ready", 1000, title, kind, seconds=lecture.seconds, added=float(number))
    return StoredFile(
        card, source.id, ReadFile(document, placings, faces, lecture=lecture), chunks, vectors, encoder.name
    )


def _placing(part: SectionOfMoment, origin: TextOrigin) -> Placing:
    if part.kind == "speech":
        times = tuple(TimedRun(one.start, one.end, one.start_seconds, one.end_seconds) for one in part.times)
        return Placing(origin=origin, confidence=part.confidence, times=times)
    runs = tuple(Run(one.start, one.end, one.box) for one in part.runs)
    times = (TimedRun(0, len(part.text), part.start_seconds, part.end_seconds),)
    return Placing(part.face, runs, "ocr", part.confidence, times)

"""Recordings for the private files without a reader: whichever is brought, it is the one talk that we know."""

from __future__ import annotations

import time

from cml_mm.lectures.values import Lecture, SpeechOrigin
from cml_mm.types import Evidence, Source, TimeSpan
from cml_mm.visits import FileCard, FirstSaid, LectureTouches, PatternMoment, ReadFile, TextOrigin, new_file_id
from tests.support.drawn_lecture import CUES, SECONDS, STEPS, lecture, read_lecture

KEPT_SECONDS = 86_400.0


def said_evidence(card: FileCard, number: int, source: Source) -> Evidence:
    """A sentence of a recording, with those around it."""
    start, quote = CUES[STEPS]
    passage = " ".join(text for _, text in CUES[STEPS - 2 : STEPS + 2])
    at = passage.index(quote)
    place = TimeSpan("Small steps first", at, at + len(quote), start, start + 7)
    return Evidence(number, source, place, "Small steps first", passage, quote, 0.8, ("your words",))


def talk_touches(talk: Lecture) -> LectureTouches:
    """Two pages of the fake library: one named once, one by its words in speech and on a slide."""
    origins: dict[SpeechOrigin, TextOrigin] = {"recogniser": "speech", "weak recogniser": "weak speech"}
    heard = origins.get(talk.speech.origin, "captions")
    if not talk.speech.cues:
        return LectureTouches()
    steps = ("visible-work", "Visible Work")
    patterns = (
        PatternMoment(*steps, 16.0, 31.0, ("book", "writes"), False, heard),
        PatternMoment("role-rotation", "Role Rotation", CUES[STEPS][0], 55.0, ("third time",), True, heard),
        PatternMoment(*steps, 60.0, 90.0, ("book", "repairs"), False, "ocr"),
    )
    return LectureTouches(patterns, (FirstSaid("well house", 1.0, 1), FirstSaid("Small steps", 55.0, 1)))


def read_recording(name: str, data: bytes) -> tuple[FileCard, ReadFile] | None:
    """A recording, whichever it is, is the one talk that we know; its name says how it was heard. None for others."""
    kind = {"webm": "film", "mp4": "film", "wav": "sound"}.get(name.rsplit(".", 1)[-1].lower())
    if kind is None:
        return None
    origins: dict[str, SpeechOrigin] = {"heard": "recogniser", "weak": "weak recogniser", "spans": "spans"}
    heard = [origin for word, origin in origins.items() if word in name]
    file, now = new_file_id(), time.time()
    read = read_lecture(file, name, lecture(kind == "film", heard[0] if heard else "track"))
    return (
        FileCard(
            file,
            name,
            "ready",
            len(data),
            read.document.title,
            kind,
            seconds=SECONDS,
            share=1.0,
            added=now,
            expires=now + KEPT_SECONDS,
        ),
        read,
    )

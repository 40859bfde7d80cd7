"""`cml lecture`: what a recording shows and what is said in it, by the second, for people or for other programs."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from cml_mm.cli.progress import ProgressLine
from cml_mm.engine.lecture_reading import LectureRead, read_lecture
from cml_mm.errors import MediaUnreadable
from cml_mm.lectures.values import Lecture
from cml_mm.settings import Settings
from cml_mm.types import clock


def lecture(options: argparse.Namespace, settings: Settings) -> int:
    """Reads one recording in a process of its own, as uploads are read, and prints what is in it.

    Raises: InputError: it is no recording, or cannot be read. ModelMissing, ModelError.
    """
    told = ProgressLine(sys.stderr) if sys.stderr.isatty() else _tell_nobody
    found = read_lecture(settings, options.file, options.captions, told, lambda: False, options.deck)
    if found is None:  # never, since nobody cancels
        raise MediaUnreadable(f"{options.file.name} could not be read.", "Try again.")
    for notice in (*found.read.notices, _deck_words(found), found.without):
        if notice:
            print(notice, file=sys.stderr)
    if options.json:
        print(json.dumps(lecture_values(found), ensure_ascii=False, indent=1))
    else:
        print(_summary(found))
    return 0


def lecture_values(found: LectureRead) -> dict[str, Any]:
    """A recording as plain values for JSON; times are seconds from its start."""
    read, speech = found.lecture, found.lecture.speech
    return {
        "slides": [
            {**_span(one.start_seconds, one.end_seconds), "text": one.text, **({"page": one.page} if one.page else {})}
            for one in read.slides
        ],
        "transcript": [
            {
                **_span(cue.start_seconds, cue.end_seconds),
                "text": cue.text,
                "origin": speech.origin,
                "confidence": round(cue.confidence, 3),
            }
            for cue in speech.cues
        ],
        "chapters": [
            {**_span(one.start_seconds, one.end_seconds), "title": one.title, "titled_by": one.titled_by}
            for one in read.chapters
        ],
        "patterns": [
            {
                **_span(one.start_seconds, one.end_seconds),
                "pattern": one.slug,
                "title": one.title,
                "words": list(one.words),
                "named": one.named,
                "origin": one.origin,
            }
            for one in found.patterns
        ],
    }


def _deck_words(found: LectureRead) -> str:
    """How many slides are pages of the document that was given; "" where none was."""
    deck = found.deck
    return f"{deck.found:,} of {deck.of:,} slides are pages of {deck.name}." if deck.file else ""


def _span(start: float, end: float) -> dict[str, float]:
    return {"start": round(start, 3), "end": round(end, 3)}


def _summary(found: LectureRead) -> str:
    """A recording for a terminal: how long it is, its chapters with their slides, the patterns that it touches."""
    read = found.lecture
    lines = [f"{found.read.document.title}: {clock(read.seconds)}, {_counted(read)}", ""]
    for chapter in read.chapters:
        lines.append(f"{clock(chapter.start_seconds):>8}  {chapter.title}")
        for slide in read.slides:
            if chapter.start_seconds <= slide.start_seconds < chapter.end_seconds and slide.title:
                same = f" (page {slide.page:,} of {found.deck.name})" if slide.page else ""
                lines.append(f"{clock(slide.start_seconds):>12}  {slide.title}{same}")
    if found.patterns:
        lines += ["", "Patterns of the library:"]
    for one in found.patterns:
        how = "named" if one.named else f"by {', '.join(one.words)}"
        lines.append(f"{clock(one.start_seconds):>8}  {one.title} ({how})")
    return "\n".join(lines)


def _counted(read: Lecture) -> str:
    counts = ((len(read.slides), "slide"), (len(read.speech.cues), "caption"), (len(read.chapters), "chapter"))
    words = [f"{count} {name}{'s' * (count != 1)}" for count, name in counts]
    return f"{', '.join(words)}; said by: {read.speech.by or 'nobody that was heard'}"


def _tell_nobody(words: str, done: int, of: int) -> None:
    """Nobody watches."""

"""Which patterns of a library the moments of a recording speak about, with the words that justify it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.answering.file_evidence import seconds_of
from cml_mm.visits import Chunk, PatternLink, ReadFile, TextOrigin


@dataclass(frozen=True)
class PatternMoment:
    """A pattern at one place of a recording. `origin` tells who wrote or heard the words that justify it."""

    slug: str
    title: str
    start_seconds: float
    end_seconds: float
    words: tuple[str, ...]
    named: bool
    origin: TextOrigin


def pattern_moments(read: ReadFile, chunks: Sequence[Chunk], links: Sequence[PatternLink]) -> tuple[PatternMoment, ...]:
    """Links of a recording's chunks with their seconds, in the order of time.

    A pattern that a slide and what is said beside it both lead to stands there once, with the words of both.

    Args:
        read: a recording.
        chunks: its chunks.
        links: of these, of one chunk the surest first.
    """
    places = {chunk.id: chunk for chunk in chunks}
    found: dict[tuple[str, int], PatternMoment] = {}
    for link in links:
        chunk = places[link.chunk]
        placing = read.placings[chunk.section]
        said = seconds_of(placing.times, chunk.start, chunk.end)
        if said is None or read.lecture is None:
            continue
        moment = read.lecture.moment_at(said[0])
        at = (link.slug, moment.number if moment else -round(said[0]))
        one = PatternMoment(link.slug, link.title, *said, link.words, link.named, placing.origin)
        found[at] = _both(found[at], one) if at in found else one
    return tuple(sorted(found.values(), key=lambda one: (one.start_seconds, one.slug)))


def _both(one: PatternMoment, other: PatternMoment) -> PatternMoment:
    """Of two places of one moment the one that says it more surely: what is said, before what is shown."""
    first, second = (
        (one, other) if (one.named, one.origin != "ocr") >= (other.named, other.origin != "ocr") else (other, one)
    )
    words = tuple(dict.fromkeys((*first.words, *second.words)))
    return PatternMoment(
        first.slug, first.title, first.start_seconds, first.end_seconds, words, first.named, first.origin
    )

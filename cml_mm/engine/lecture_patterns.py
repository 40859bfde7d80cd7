"""What a recording has to do with a library: the patterns that its moments speak about, and its names as first said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from cml_mm.graph.lecture_mentions import seconds_saying
from cml_mm.lectures.concepts import Mention, mentions_of
from cml_mm.lectures.terms import words
from cml_mm.lectures.values import Lecture
from cml_mm.visits import Chunk, FirstSaid, PatternLink, PatternMoment, ReadFile

MOST_FIRST_SAID = 12


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
        said = seconds_saying(read, chunk, link.words)
        if said is None or read.lecture is None:
            continue
        moment = read.lecture.moment_at(said[0])
        at = (link.slug, moment.number if moment else -round(said[0]))
        one = PatternMoment(link.slug, link.title, *said, link.words, link.named, placing.origin)
        found[at] = _both(found[at], one) if at in found else one
    return tuple(sorted(found.values(), key=lambda one: (one.start_seconds, one.slug)))


def first_said(lecture: Lecture, names: Mapping[str, Sequence[str]]) -> tuple[FirstSaid, ...]:
    """When names are first said, in the order of time; of too many those that tell most.

    Names of several words tell more than single ones, which are often words like any other, and
    what is said often tells more than what is said once.

    Args:
        lecture: as it now stands.
        names: by slug, what the pages of a library may be called.
    """
    said: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions_of(lecture, names):
        if mention.where == "speech":
            said[mention.key].append(mention)
    found = [FirstSaid(all_of[0].said, all_of[0].start_seconds, len(all_of)) for all_of in said.values()]
    told = sorted(set(found), key=lambda one: (len(words(one.said)) < 2, -one.times, one.start_seconds, one.said))
    return tuple(sorted(told[:MOST_FIRST_SAID], key=lambda one: (one.start_seconds, one.said)))


def _both(one: PatternMoment, other: PatternMoment) -> PatternMoment:
    """Of two places of one moment the one that says it more surely: what is said, before what is shown."""
    first, second = (
        (one, other) if (one.named, one.origin != "ocr") >= (other.named, other.origin != "ocr") else (other, one)
    )
    words = tuple(dict.fromkeys((*first.words, *second.words)))
    return PatternMoment(
        first.slug, first.title, first.start_seconds, first.end_seconds, words, first.named, first.origin
    )

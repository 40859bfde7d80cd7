"""Captions into the order of their times; times that make no sense are mended, and what was mended is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from cml_mm.media.captions.written import Written, many

# How long words without an end are shown: at the pace that subtitlers reckon with, within their usual bounds.
_MS_A_SIGN = 60
_SHORTEST_MS = 1_000
_LONGEST_MS = 7_000


def in_order(cues: Sequence[Written]) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    """Sort captions and mend their times.

    Args:
        cues: in the order of the file.

    Returns:
        The captions by their start, and notices. A start before zero becomes zero. An end that is not behind its start
        becomes the next caption's start, or what reading the words takes where that is sooner. Whatever else the file
        says stands to the millisecond, captions that overlap too; one that says the same at the same time is left out.
    """
    begun = [replace(cue, start_ms=max(cue.start_ms, 0)) for cue in cues if cue.start_ms >= 0 or cue.end_ms > 0]
    early = sum(cue.start_ms < 0 for cue in cues)
    late = sum(after.start_ms < before.start_ms for before, after in pairwise(begun))
    ordered = list(dict.fromkeys(sorted(begun, key=lambda cue: cue.start_ms)))
    ended = [_ended(cue, after) for cue, after in zip(ordered, _next_starts(ordered), strict=True)]
    mended = sum(one is not cue for one, cue in zip(ended, ordered, strict=True))
    notices = (
        (early, "{} began before the recording; only what comes after its start was kept."),
        (late, "{} stood out of order; all are sorted by their times now."),
        (len(begun) - len(ordered), "{} stood there twice and was taken once."),
        (mended, "{} did not end after the start; the end was set by what follows and by the length of the words."),
    )
    return tuple(ended), tuple(words.format(many(count)) for count, words in notices if count)


def overlap_notice(cues: Sequence[Written]) -> tuple[str, ...]:
    """What to say of captions that begin before the one before has ended; those of the same time belong together."""
    count = sum(
        after.start_ms < before.end_ms and (after.start_ms, after.end_ms) != (before.start_ms, before.end_ms)
        for before, after in pairwise(cues)
    )
    return (f"{many(count)} overlapped the one before; all times are kept as written.",) if count else ()


def _next_starts(cues: Sequence[Written]) -> list[int | None]:
    """For each caption, when the next begins that does not begin at the same time."""
    found: list[int | None] = []
    later: int | None = None
    for place in range(len(cues) - 1, -1, -1):
        if place + 1 < len(cues) and cues[place + 1].start_ms > cues[place].start_ms:
            later = cues[place + 1].start_ms
        found.append(later)
    return found[::-1]


def _ended(cue: Written, next_start: int | None) -> Written:
    if cue.end_ms > cue.start_ms:
        return cue
    read = min(max(len(cue.words) * _MS_A_SIGN, _SHORTEST_MS), _LONGEST_MS)
    end = cue.start_ms + read
    return replace(cue, end_ms=end if next_start is None else min(end, next_start))

"""Chapters that a recording itself names, as podcasts and films for discs do."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from cml_mm.lectures.values import Chapter
from cml_mm.media.reading import clean
from cml_mm.media.recordings import damaged_recording, opened_recording

_MICROSECONDS = 1_000_000
_MOST = 1_000
_LONGEST_TITLE = 200


def file_chapters(data: bytes, reader: str, name: str) -> tuple[Chapter, ...]:
    """The chapters in a recording's container, in the order of their times.

    Args:
        data: the whole file.
        reader: the one container format that it may be, by its signature.
        name: for messages.

    Returns: none where no chapter has a title; one without a title among others is called by its number. A thousand at
        most. Times count from where players start, to the millisecond.

    Raises:
        MediaUnreadable: it is damaged.
    """
    import av

    try:
        with opened_recording(data, reader) as container:
            origin = Fraction(container.start_time or 0, _MICROSECONDS)
            length = Fraction(container.duration or 0, _MICROSECONDS)
            marks = sorted((_mark(one, origin) for one in container.chapters()[:_MOST]), key=lambda mark: mark[0])
    except (av.error.FFmpegError, OSError, ValueError, LookupError, TypeError) as exc:
        raise damaged_recording(name) from exc
    if not any(title for _, _, title in marks):
        return ()
    starts = [start for start, _, _ in marks]
    ends = [*starts[1:], max(length, *(end for _, end, _ in marks))]
    found: list[Chapter] = []
    for (start, end, title), after in zip(marks, ends, strict=True):
        last = end if start < end <= after else after  # until the next begins, whatever the file says
        if last > start:
            number = len(found) + 1
            found.append(Chapter(number, title or f"Chapter {number}", _seconds(start), _seconds(last), "file"))
    return tuple(found)


def _mark(chapter: Any, origin: Fraction) -> tuple[Fraction, Fraction, str]:
    """Start and end in seconds, and the title, "" without one."""
    base = Fraction(chapter["time_base"])
    title = " ".join(clean(chapter["metadata"].get("title", "")).split())
    return max(chapter["start"] * base - origin, Fraction(0)), chapter["end"] * base - origin, title[:_LONGEST_TITLE]


def _seconds(exact: Fraction) -> float:
    return round(float(exact), 3)

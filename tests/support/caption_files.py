"""Captions for tests: what a file says, as short tuples."""

from __future__ import annotations

from cml_mm.lectures.values import Speech
from cml_mm.media.captions.reading import read_captions
from cml_mm.visits import DEFAULT_LIMITS


def read(content: str | bytes, name: str = "talk.srt") -> Speech:
    return read_captions(content if isinstance(content, bytes) else content.encode(), name, DEFAULT_LIMITS)


def cues(content: str | bytes, name: str = "talk.srt") -> list[tuple[float, float, str]]:
    """(start, end, words) of each caption."""
    return [(cue.start_seconds, cue.end_seconds, cue.text) for cue in read(content, name).cues]


def said(content: str | bytes, name: str = "talk.srt") -> list[tuple[str, str]]:
    """(speaker, words) of each caption."""
    return [(cue.speaker, cue.text) for cue in read(content, name).cues]


def srt(*texts: str) -> str:
    """A whole .srt file, a caption a second."""
    return "\n".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\n{text}\n" for number, text in enumerate(texts, 1)
    )

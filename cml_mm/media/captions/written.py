"""What every reader of captions gives: lines and their times, before speakers, sounds and repetitions are seen to."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CUES = 50_000  # a recording of four hours with a caption every second has 14,400


@dataclass(frozen=True)
class Line:
    """One line without markup. `speaker` only where markup names one."""

    text: str
    speaker: str = ""


@dataclass(frozen=True)
class Written:
    """A caption as it stands in its file; times are milliseconds, and may make no sense yet."""

    start_ms: int
    end_ms: int
    lines: tuple[Line, ...]

    @property
    def words(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Captions:
    """A file or a track, captions in the order in which they stand there; `language` is ISO 639-1, "" if unsaid."""

    cues: tuple[Written, ...]
    language: str = ""
    notices: tuple[str, ...] = ()


def many(count: int, one: str = "caption") -> str:
    """ "1 caption", "2,300 captions"."""
    return f"{count:,} {one}{'s' * (count != 1)}"

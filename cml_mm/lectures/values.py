"""A recorded lecture as it was read: slides, speech, moments and chapters. Standard library and `types` only.

All times are seconds from the recording's own start, as players show them. A slide's picture is not kept: `face` names
the frame, and whoever shows it has that frame decoded anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Union

from cml_mm.types import Box

# Who says what was said, best first: a text track in the file, a caption file beside it, a recogniser of speech, a weak
# recogniser whose words can be searched and are never quoted as fact, or nobody (only when somebody speaks is known).
SpeechOrigin = Literal["track", "captions", "recogniser", "weak recogniser", "spans", "none"]
QUOTABLE: frozenset[SpeechOrigin] = frozenset({"track", "captions", "recogniser"})

_FACE = re.compile(r"frame-(\d{1,9})")


def frame_face(seconds: float) -> str:
    """The key of the frame that is shown at a time: 83.5 → "frame-83500"."""
    return f"frame-{round(seconds * 1000)}"


def frame_seconds(face: str) -> float | None:
    """The time of a frame by its key; None for the key of anything else."""
    found = _FACE.fullmatch(face)
    return int(found.group(1)) / 1000 if found else None


@dataclass(frozen=True)
class SlideLine:
    """One line of words on a slide, and where it stands on its frame. `confidence` is the recogniser's, 0 to 1."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True)
class Slide:
    """One slide, from when it is first seen until the next; a list that grows line by line is one slide.

    `shown_seconds` is a time at which it stands whole and still. `title` is its most prominent line, "" without one.
    `page` is the page of the lecture's `deck` that shows the same, from 1; 0 where none does.
    """

    number: int  # from 1
    start_seconds: float
    end_seconds: float
    shown_seconds: float
    title: str = ""
    lines: tuple[SlideLine, ...] = ()
    page: int = 0

    @property
    def face(self) -> str:
        return frame_face(self.shown_seconds)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Cue:
    """Words that are said together: a caption, or a sentence that was heard.

    `confidence` is 1 for captions, which somebody wrote. `speaker` is "" where nobody is named.
    """

    start_seconds: float
    end_seconds: float
    text: str
    speaker: str = ""
    confidence: float = 1.0


@dataclass(frozen=True)
class Speech:
    """Everything that is said. `language` is an ISO 639-1 code, "" where unknown; `by` names the recogniser or file."""

    cues: tuple[Cue, ...] = ()
    origin: SpeechOrigin = "none"
    language: str = ""
    by: str = ""
    confidence: float = 1.0
    notices: tuple[str, ...] = ()

    @property
    def quotable(self) -> bool:
        return self.origin in QUOTABLE


@dataclass(frozen=True)
class Moment:
    """A stretch about one thing: at most a minute or so, never across a change of slide.

    `cues` are places in `Speech.cues`, from the first to behind the last; `slide` and `chapter` are numbers, 0: none.
    """

    number: int  # from 1
    start_seconds: float
    end_seconds: float
    cues: tuple[int, int] = (0, 0)
    slide: int = 0
    chapter: int = 0


@dataclass(frozen=True)
class Chapter:
    """Several moments under one title, which is taken from a slide or from what is said: `titled_by` says which.

    "file": the recording itself names it; "hand": somebody corrected it.
    """

    number: int  # from 1
    title: str
    start_seconds: float
    end_seconds: float
    titled_by: Literal["slide", "speech", "file", "hand"] = "slide"


@dataclass(frozen=True)
class ChangesByHand:
    """How a lecture stood before somebody changed it, and what they changed since; `steps` are edits saved together."""

    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    steps: tuple[tuple[LectureEdit, ...], ...]


@dataclass(frozen=True)
class Lecture:
    """A recording as it was read. `slides` is empty for a sound, or a film without any.

    `changes` is None where nothing was changed by hand, or all of it was taken back. `deck` is the id of the document
    whose pages the slides are, "" where none is known.
    """

    seconds: float
    slides: tuple[Slide, ...] = ()
    speech: Speech = Speech()
    moments: tuple[Moment, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    changes: ChangesByHand | None = None
    deck: str = ""

    def words_of(self, moment: Moment) -> str:
        """What is said in a moment."""
        return " ".join(cue.text for cue in self.speech.cues[slice(*moment.cues)])

    def slide_at(self, seconds: float) -> Slide | None:
        return next((one for one in self.slides if one.start_seconds <= seconds < one.end_seconds), None)

    def moment_at(self, seconds: float) -> Moment | None:
        return next((one for one in self.moments if one.start_seconds <= seconds < one.end_seconds), None)


@dataclass(frozen=True)
class CueEdit:
    """Other words for one cue, by its place in `Speech.cues`; none where nothing is said.

    `old` is what it said when it was opened: other captions may have come meanwhile. None where nobody looked.
    """

    cue: int
    text: str
    old: str | None = None


@dataclass(frozen=True)
class SpeakerEdit:
    """Who speaks: in the cues from the first to behind the last of `cues`, or, without any, wherever `old` does.

    `name` is "" to take a name away; `old` is "" for the cues of nobody named.
    """

    name: str
    old: str = ""
    cues: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class ChapterEdit:
    """Another title for a chapter, by its number."""

    number: int
    title: str


LectureEdit = Union[CueEdit, SpeakerEdit, ChapterEdit]

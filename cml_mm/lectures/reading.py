"""A recording's slides and speech, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cml_mm.lectures.chapters import with_chapters
from cml_mm.lectures.moments import length_of, moments_of
from cml_mm.lectures.values import Chapter, Lecture, Slide, Speech
from cml_mm.types import clock

_BEYOND_SECONDS = 1.0  # captions may end a little after the last frame


def lecture_of(seconds: float, slides: Sequence[Slide], speech: Speech, marks: Sequence[Chapter] = ()) -> Lecture:
    """Cut a recording into moments and chapters.

    Args:
        seconds: its length, 0 where the file does not tell.
        slides: as they were seen, may be none.
        speech: as it was heard or captioned, may be empty. Cue times stay exactly as they are.
        marks: chapters that the file itself names.

    Returns: the lecture, its slides and cues in order of time; what is odd stands in `speech.notices`.
    """
    slides = tuple(sorted(slides, key=lambda slide: slide.start_seconds))
    speech = _in_order(speech)
    length = length_of(seconds, slides, speech)
    speech = replace(speech, notices=(*speech.notices, *_beyond(speech, length)))
    moments, chapters = with_chapters(slides, speech, moments_of(slides, speech, length), marks)
    return Lecture(length, slides, speech, moments, chapters)


def _in_order(speech: Speech) -> Speech:
    cues = tuple(sorted(speech.cues, key=lambda cue: (cue.start_seconds, cue.end_seconds)))
    return speech if cues == speech.cues else replace(speech, cues=cues)


def _beyond(speech: Speech, length: float) -> list[str]:
    late = [cue for cue in speech.cues if cue.start_seconds >= length + _BEYOND_SECONDS]
    if not late:
        return []
    words = "One caption lies" if len(late) == 1 else f"{len(late)} captions lie"
    return [f"{words} beyond the recording's end at {clock(length)}; perhaps they belong to another recording."]

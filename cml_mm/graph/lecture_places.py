"""Where the sections of a recording's document stand in time: which moment says each, or which slide shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cml_mm.lectures.terms import flat
from cml_mm.lectures.titles import slide_titles
from cml_mm.lectures.values import Lecture, Moment, Slide
from cml_mm.visits import ReadFile, StoredFile

_APART = " · "  # in a heading, between its time and what it is about


@dataclass(frozen=True)
class Places:
    """The sections of one recording by their places in the document.

    `spoken` holds those of speech, `shown` those of slides and of diagrams on them. `titles` and `words` are what each
    moment is about and what is said in it, by its number: as their sections have it, which is how they are cited.
    """

    file: StoredFile
    lecture: Lecture
    spoken: Mapping[int, Moment]
    shown: Mapping[int, Slide]
    titles: Mapping[int, str]
    words: Mapping[int, str]

    @classmethod
    def of(cls, file: StoredFile) -> Places:
        """Args: file: a recording."""
        read, lecture = file.read, file.read.lecture or Lecture(0.0)
        faces = {slide.face: slide for slide in reversed(lecture.slides)}
        shown = {place: faces[placing.face] for place, placing in enumerate(read.placings) if placing.face in faces}
        spoken = dict(_spoken(read, lecture))
        sections = read.document.sections
        headings = {moment.number: sections[place].heading for place, moment in spoken.items()}
        words = {moment.number: sections[place].text for place, moment in spoken.items()}
        return cls(file, lecture, spoken, shown, _titles(lecture, headings), words)


def _spoken(read: ReadFile, lecture: Lecture) -> Iterator[tuple[int, Moment]]:
    """The sections of speech, known by when their first words are said."""
    cues = lecture.speech.cues
    begins: dict[float, Moment] = {}
    for moment in lecture.moments:
        first = next((cue for cue in cues[slice(*moment.cues)] if flat(cue.text)), None)
        if first is not None:
            begins.setdefault(first.start_seconds, moment)
    for place, placing in enumerate(read.placings):
        if not placing.face and placing.times and placing.times[0].start_seconds in begins:
            yield place, begins[placing.times[0].start_seconds]


def _titles(lecture: Lecture, headings: Mapping[int, str]) -> dict[int, str]:
    """What each moment is about. A moment without words has no section: its slide's title, else its chapter's."""
    shown = slide_titles(lecture.slides)
    chapters = {chapter.number: chapter.title for chapter in lecture.chapters}
    return {
        moment.number: headings[moment.number].partition(_APART)[2]
        if moment.number in headings
        else shown.get(moment.slide) or chapters.get(moment.chapter, "")
        for moment in lecture.moments
    }

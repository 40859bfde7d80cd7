"""The recordings among a visitor's files: what is said and shown in each, in time order, ready to be quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.file_evidence import FileQuote, cite, evidence_of, private_source, shown_then, whole_face
from cml_mm.answering.file_sentences import quotes_in
from cml_mm.answering.file_source import Shelf
from cml_mm.lectures.values import Chapter, Lecture, Slide
from cml_mm.prose import Span
from cml_mm.types import Evidence, TimeSpan
from cml_mm.visits import StoredFile

BY_TIME = ("the recording's clock",)


@dataclass(frozen=True, eq=False)
class Spoken:
    """Something that is said in one go, and by whom, where that is known. Each is only like itself."""

    quote: FileQuote
    start_seconds: float
    end_seconds: float
    speaker: str = ""

    @property
    def text(self) -> str:
        return self.quote.text


@dataclass(frozen=True, eq=False)
class OneLecture:
    """A recording of a visitor; `title` is what it is called."""

    file: StoredFile
    title: str

    @property
    def lecture(self) -> Lecture:
        found = self.file.read.lecture
        return found if found is not None else Lecture(0.0)

    @cached_property
    def spoken(self) -> tuple[Spoken, ...]:
        """All that is said, in time order."""
        found = []
        for number, section in enumerate(self.file.read.document.sections):
            whole = Span(0, len(section.text))
            for quote in quotes_in(self.file, self.title, number, whole):
                if not quote.on_slide and (said := quote.seconds) is not None:
                    found.append(Spoken(quote, *said, self.speaker_at(said[0])))
        return tuple(sorted(found, key=lambda one: one.start_seconds))

    @cached_property
    def lines(self) -> dict[str, tuple[FileQuote, ...]]:
        """The lines of each slide, by its face; a diagram's words on it are none."""
        found: dict[str, tuple[FileQuote, ...]] = {}
        for number, section in enumerate(self.file.read.document.sections):
            quotes = tuple(quotes_in(self.file, self.title, number, Span(0, len(section.text))))
            if quotes and quotes[0].on_slide:
                found.setdefault(quotes[0].placing.face, quotes)
        return found

    @property
    def quotable(self) -> bool:
        """Whether what is said in it may be quoted."""
        return all(one.quote.quotable for one in self.spoken)

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """Who is named as speaking, in the order of their first words."""
        return tuple(dict.fromkeys(cue.speaker for cue in self.lecture.speech.cues if cue.speaker.strip()))

    def speaker_at(self, seconds: float) -> str:
        """Who speaks at a time; "" where nobody is named."""
        if not self.speakers:
            return ""
        cues = [cue for cue in self.lecture.speech.cues if cue.start_seconds - 0.05 <= seconds < cue.end_seconds]
        return cues[-1].speaker if cues else ""

    def between(self, start: float, end: float) -> tuple[Spoken, ...]:
        """What begins to be said from one time up to another."""
        return tuple(one for one in self.spoken if start <= one.start_seconds < end)

    def touching(self, start: float, end: float) -> tuple[Spoken, ...]:
        """What is being said at some time between two."""
        return tuple(one for one in self.spoken if one.start_seconds <= end and start < one.end_seconds)

    def slide_near(self, seconds: float) -> Slide | None:
        """The slide that is shown at a time, at the very end of a recording the last."""
        slides = self.lecture.slides
        last = slides[-1] if slides and seconds >= slides[-1].end_seconds else None
        return self.lecture.slide_at(seconds) or last

    def chapter_at(self, seconds: float) -> Chapter | None:
        chapters = self.lecture.chapters
        return next((one for one in chapters if one.start_seconds <= seconds < one.end_seconds), None)


def lectures_of(shelf: Shelf) -> tuple[OneLecture, ...]:
    """The recordings of a shelf, the newest first."""
    return tuple(OneLecture(file, shelf.titles[file.card.id]) for file in shelf.files if file.read.lecture is not None)


def cite_stretch(one: OneLecture, heading: str, title: str, start: float, end: float, book: EvidenceBook) -> int:
    """The number of a stretch of a recording, such as a chapter, that its title stands for."""
    named = " ".join(title.split()) or heading
    place = TimeSpan(heading, 0, len(named), start, end, shown_then(one.file, start))
    source = private_source(one.file, one.title)
    return book.private(Evidence(0, source, place, heading, named, named, 1.0, BY_TIME))


def cite_slide(lines: Sequence[FileQuote], book: EvidenceBook) -> int:
    """The number of several lines of one slide together, the first to the last."""
    first, last = lines[0], lines[-1]
    whole = Span(0, len(first.of.text))
    return cite(replace(first, block=whole, span=Span(first.span.start, last.span.end), found_by=BY_TIME), book)


def cite_frame(one: OneLecture, slide: Slide, told: str, book: EvidenceBook) -> int:
    """The number of a slide without words, as a picture; `told` is what is said of it."""
    face = next(face for face in one.file.read.faces if face.key == slide.face)
    place, source = whole_face(one.file, face), private_source(one.file, one.title)
    return book.private(Evidence(0, source, place, face.label, told, told, 1.0, BY_TIME))


def cite_spoken(one: Spoken, book: EvidenceBook) -> int:
    """The number of something said, under the name of who says it, where that is known."""
    evidence = evidence_of(one.quote)
    heading = f"{evidence.heading}, {one.speaker}" if one.speaker else evidence.heading
    return book.private(replace(evidence, heading=heading))

"""A recording → a file that can be asked: its slides and what is said, joined into moments that know their seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cml_mm.answering.language import LANGUAGE_NAMES
from cml_mm.engine.listening import Kept, Listener
from cml_mm.errors import MediaUnreadable, UnsupportedMedia
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Lecture, Speech, SpeechOrigin
from cml_mm.lectures.wording import SectionOfMoment, worded
from cml_mm.media.diagram_sections import DiagramPart, Part, placed_with_diagrams
from cml_mm.media.reading import summary_of
from cml_mm.media.recordings import Recording
from cml_mm.ports import Cancelled, Told
from cml_mm.types import Document, Section, Source, clock
from cml_mm.visits import Face, FileFormat, Placing, ReadFile, Recorded, Run, TextOrigin, TimedRun

JOINING = "Joining words and slides"
_LIBRARY_LANGUAGES = frozenset({"", "en"})
_ORIGINS: dict[SpeechOrigin, TextOrigin] = {
    "track": "captions",
    "captions": "captions",
    "recogniser": "speech",
    "weak recogniser": "weak speech",
    "spans": "weak speech",
    "none": "weak speech",
}
_CAPTIONS = "Add its captions as .srt or .vtt, or its transcript as .txt"
_NOBODY_LISTENS = "What is said in it was not heard: there is nobody here to listen, and no captions came with it."
_NO_SPEECH = "No speech could be made out in it; only its slides were read."
_NO_SOUND = "It has no sound; only its slides were read."
_OTHER_LANGUAGE = "It seems to be in "
_LISTENS = f"{_CAPTIONS}; a profile that listens, such as laptop, would hear it by itself."


@dataclass(frozen=True)
class Named:
    """A file that is being read: its name for readers, its id, and the sha256 of its bytes."""

    name: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Lecturer:
    """Joins what a recording shows with what is said in it. Without a listener only captions say that."""

    listener: Listener | None = None

    def read(
        self, found: Recorded, of: Named, captions: Speech | None, told: Told, cancelled: Cancelled, kept: Kept
    ) -> ReadFile | None:
        """Everything that asking a recording needs.

        Args:
            found: what is in it.
            captions: of a file beside it, which count more than those in it; None where there is none.
            told: progress in words.
            kept: what was heard in a reading that was cut.

        Returns: None where it was cancelled.
        Raises:
            UnsupportedMedia: it shows nothing, and nobody here can listen to it.
            MediaUnreadable: it shows nothing, and nothing is said in it.
            ModelMissing, ModelError, OutOfMemory.
        """
        speech = self._speech(found, captions, told, cancelled, kept)
        if speech is None or cancelled():
            return None
        told(JOINING, 0, 0)
        if not speech.cues and not found.slides and speech.origin != "spans":
            raise self._nothing(found, of.name)
        lecture = lecture_of(found.seconds, found.slides, speech, found.marks)
        notices = (*found.notices, *_said_of(found, captions, speech, self.listener is not None))
        drawn = tuple(one for one in found.diagrams if one.has_structure)
        return read_of(lecture, replace(found, diagrams=drawn), of, notices)

    def _speech(
        self, found: Recorded, captions: Speech | None, told: Told, cancelled: Cancelled, kept: Kept
    ) -> Speech | None:
        if captions is not None and found.format != "captions":
            return captions
        if found.tracks:
            return found.tracks[0]
        if self.listener is None or not len(found.samples):
            return Speech()
        return self.listener.listen(found.samples, told, cancelled, kept)

    def _nothing(self, found: Recorded, name: str) -> MediaUnreadable | UnsupportedMedia:
        """The error for a recording without a word."""
        kind = Recording(found.seconds, found.format == "film", found.sound).words
        film = found.format == "film"
        if not found.sound:
            words = f"{name} is {kind} without sound, and shows no slide with words."
            return MediaUnreadable(words, f"{_CAPTIONS}.")
        if self.listener is None:
            shows = "It shows no slide with words, and there" if film else "There"
            return UnsupportedMedia(f"{name} is {kind}. {shows} is nobody here to listen to it.", _LISTENS)
        return MediaUnreadable(
            f"{name} holds no speech that could be made out{', and shows no slide with words' if film else ''}.",
            f"{_CAPTIONS}, or a recording in which people are closer to the microphone.",
        )


def read_of(lecture: Lecture, found: Recorded, of: Named, notices: tuple[str, ...]) -> ReadFile:
    """A lecture as a document: a section for every moment in which something is said, for every slide with words, and
    for every diagram on one.

    Args:
        lecture: joined.
        found: the recording that it was made of; all of its diagrams are kept, since corrections go by their places.
        notices: to be said of it besides those of its speech.
    """
    parts: list[Part] = [(Section("other", one.heading, one.text), _placing(one, lecture)) for one in worded(lecture)]
    titles = {slide.face: slide.title for slide in lecture.slides}
    drawn = (replace(one, title=one.title or titles.get(one.face, "")) for one in found.diagrams)
    placed = placed_with_diagrams([*parts, *(DiagramPart(one, origin="ocr") for one in drawn)])
    sections = placed.sections
    source = Source(of.sha256, of.name, "document", of.file, of.name, "", "", owner="visitor")
    said = tuple(one for one, placing in zip(sections, placed.placings, strict=True) if not placing.face)
    document = Document(of.file, of.name, source, summary_of(said or sections), sections, found.format)
    return ReadFile(
        document=document,
        placings=tuple(_timed(*pair, lecture) for pair in zip(sections, placed.placings, strict=True)),
        faces=tuple(_faces(lecture, found)),
        notices=tuple(dict.fromkeys((*notices, *lecture.speech.notices))),
        diagrams=placed.diagrams,
        lecture=lecture,
    )


def said_anew(read: ReadFile, speech: Speech) -> ReadFile:
    """A recording that was read before, with other words: slides and diagrams stay as they are.

    Args:
        read: with a lecture.
        speech: what is said in it from now on.
    """
    before = read.lecture or Lecture(0.0)
    gone = {*before.speech.notices, _NOBODY_LISTENS, _NO_SPEECH}
    kept = (notice for notice in read.notices if notice not in gone and not notice.startswith(_OTHER_LANGUAGE))
    first = before.changes.chapters if before.changes else before.chapters
    own = any(one.titled_by == "file" for one in first)
    marks = [one for one in before.chapters if own and one.titled_by in ("file", "hand")]
    marks = [replace(mark, number=number) for number, mark in enumerate(marks, 1)]
    lecture = replace(lecture_of(before.seconds, before.slides, speech, marks), deck=before.deck)
    return lectured_anew(replace(read, notices=(*kept, *_other_language(speech))), lecture)


def lectured_anew(read: ReadFile, lecture: Lecture) -> ReadFile:
    """A recording that was read before, of which something is known better now.

    Args:
        read: with a lecture of the same slides.
        lecture: as it is from now on.
    """
    document, face = read.document, next(iter(read.faces), None)
    found = Recorded(
        format=_format(document.format),
        seconds=lecture.seconds,
        diagrams=read.diagrams,
        width_px=round(face.width) if face else 0,
        height_px=round(face.height) if face else 0,
    )
    of = Named(document.source.title, document.slug, document.source.id)
    return replace(read_of(lecture, found, of, read.notices), features=read.features)


def _format(name: str) -> FileFormat:
    return "film" if name == "film" else "captions" if name == "captions" else "sound"


def _placing(section: SectionOfMoment, lecture: Lecture) -> Placing:
    if section.kind == "slide":
        return Placing(
            face=section.face,
            runs=tuple(Run(run.start, run.end, run.box) for run in section.runs),
            origin="ocr",
            confidence=section.confidence,
            times=(TimedRun(0, len(section.text), section.start_seconds, section.end_seconds),),
        )
    times = tuple(TimedRun(run.start, run.end, run.start_seconds, run.end_seconds) for run in section.times)
    return Placing(origin=_ORIGINS[lecture.speech.origin], confidence=section.confidence, times=times)


def _timed(section: Section, placing: Placing, lecture: Lecture) -> Placing:
    """A placing on a slide with the seconds in which that is shown."""
    slide = next((one for one in lecture.slides if one.face == placing.face), None)
    if slide is None or placing.times:
        return placing
    return replace(placing, times=(TimedRun(0, len(section.text), slide.start_seconds, slide.end_seconds),))


def _faces(lecture: Lecture, found: Recorded) -> Iterator[Face]:
    for slide in lecture.slides:
        label = f"Slide at {clock(slide.start_seconds)}"
        yield Face(slide.face, label, 0, float(found.width_px), float(found.height_px))


def _said_of(found: Recorded, captions: Speech | None, speech: Speech, listens: bool) -> Iterator[str]:
    if captions is not None and found.tracks and found.format != "captions":
        yield f"It holds captions of its own; those of {captions.by} were read in their place."
    if speech.origin == "none" and found.format == "film":
        yield _NO_SOUND if not found.sound else _NO_SPEECH if listens else _NOBODY_LISTENS
    yield from _other_language(speech)


def _other_language(speech: Speech) -> Iterator[str]:
    if speech.language not in _LIBRARY_LANGUAGES:
        language = LANGUAGE_NAMES.get(speech.language, "a language other than English")
        yield f"{_OTHER_LANGUAGE}{language}, and the library is in English: what the two share may be missed."

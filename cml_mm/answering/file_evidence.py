"""Evidence out of a visitor's file: a quote with the very lines that it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.file_places import place_words
from cml_mm.lectures.values import frame_seconds
from cml_mm.prose import Span
from cml_mm.types import Box, Evidence, Locator, Page, PictureArea, Section, Source, TextSpan, TimeSpan, clock
from cml_mm.visits import Face, Placing, Run, StoredFile, TextOrigin, TimedRun

# Mean confidence of the recogniser below which words are quoted with doubt. Letters are surer than sounds.
DOUBTFUL: dict[TextOrigin, float] = {"file": 0.0, "ocr": 0.8, "speech": 0.6, "captions": 0.0, "weak speech": 0.0}
UNQUOTED: frozenset[TextOrigin] = frozenset({"weak speech"})  # is found, and never quoted as fact
LETTER_WIDTH = 0.42  # of a line's height, on average
MOST_OF_ONE_LINE = 2.2  # times as long as its box is wide: letters that cannot stand in one line


@dataclass(frozen=True)
class FileQuote:
    """A sentence of a file (`span`) inside its paragraph (`block`), as offsets into one section's text."""

    file: StoredFile
    title: str  # what the file is called in this answer
    section: int
    block: Span
    span: Span
    score: float = 0.0
    found_by: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.span.of(self.of.text)

    @property
    def of(self) -> Section:
        return self.file.read.document.sections[self.section]

    @property
    def placing(self) -> Placing:
        placings = self.file.read.placings
        return placings[self.section] if self.section < len(placings) else Placing()

    @property
    def face(self) -> Face | None:
        return next((face for face in self.file.read.faces if face.key == self.placing.face), None)

    @property
    def doubtful(self) -> bool:
        """Whether the words were recognised on a picture or heard, and not surely."""
        return self.placing.confidence < DOUBTFUL[self.placing.origin]

    @property
    def quotable(self) -> bool:
        """Whether its words may be told as what was said."""
        return self.placing.origin not in UNQUOTED

    @property
    def on_slide(self) -> bool:
        """Whether it stands on a slide of a film."""
        return frame_seconds(self.placing.face) is not None

    @property
    def seconds(self) -> tuple[float, float] | None:
        """From when to when it is said, or shown on a slide of a film; None where it is written."""
        if self.on_slide and self.placing.times:
            return self.placing.times[0].start_seconds, self.placing.times[-1].end_seconds
        return seconds_of(self.placing.times, self.span.start, self.span.end)

    @property
    def place(self) -> str:
        """Where it stands, in words; "" where the file has no places to name."""
        face, said = self.face, self.seconds
        if said:
            return f"{'on the slide ' if self.on_slide else ''}at {clock(said[0])}"
        if face and face.key.startswith("picture") and len(self.file.read.faces) == 1:
            return ""
        return place_words(self.of, self.span.start, face.label if face else "", self.title)


def evidence_of(quote: FileQuote) -> Evidence:
    """The quote as evidence, not numbered yet. Words that may not be quoted do not stand in it."""
    unquoted = "" if quote.quotable else unquoted_words(quote.seconds)
    return Evidence(
        number=0,
        source=private_source(quote.file, quote.title),
        locator=locate_quote(quote),
        heading=quote.place[:1].upper() + quote.place[1:],
        passage=unquoted or quote.block.of(quote.of.text),
        quote=unquoted or quote.text,
        score=quote.score,
        found_by=quote.found_by or ("your words",),
    )


def unquoted_words(seconds: tuple[float, float] | None) -> str:
    """What is told in the place of words that were recognised too uncertainly."""
    near = f" near {clock(seconds[0])}" if seconds else ""
    return f"Somebody speaks of this{near}; the transcript is too uncertain to quote."


def cite(quote: FileQuote, book: EvidenceBook) -> int:
    """The number of a quote in the answer's book."""
    return book.private(evidence_of(quote))


def private_source(file: StoredFile, title: str) -> Source:
    """The file as a source: it belongs to the visitor, its slug is the file's id."""
    source = file.read.document.source
    return replace(source, id=file.sha256, title=title, kind="document", slug=file.card.id, owner="visitor")


def locate_quote(quote: FileQuote) -> Locator:
    """Where a quote stands: on a page or slide, on a picture, in a recording, or in running text."""
    heading, start, end = quote.of.heading, quote.span.start, quote.span.end
    placing, face = quote.placing, quote.face
    boxes = boxes_of(placing.runs, start, end)
    if said := quote.seconds:
        if quote.on_slide:
            return PictureArea(heading, start, end, boxes, placing.face, start_seconds=said[0], end_seconds=said[1])
        return TimeSpan(heading, start, end, *said, face=shown_then(quote.file, said[0]))
    if placing.face.startswith("picture"):
        return PictureArea(heading, start, end, boxes, placing.face)
    if quote.of.page:
        return Page(quote.of.page, heading, start, end, boxes, placing.face)
    if placing.face and face is not None and face.number:
        return Page(face.number, heading, start, end, boxes, placing.face)
    return TextSpan(heading, start, end)


def shown_then(file: StoredFile, seconds: float) -> str:
    """The key of the frame of the slide that a film shows at a time; "" where it shows none."""
    lecture = file.read.lecture
    slide = lecture.slide_at(seconds) if lecture else None
    return slide.face if slide else ""


def whole_face(file: StoredFile, face: Face) -> Locator:
    """All of a page, slide, picture or frame as a place to be cited; of a frame with the time that it is shown."""
    boxes = (Box(0.0, 0.0, face.width, face.height, face.width, face.height),)
    if face.number:
        return Page(face.number, face.label, 0, 0, boxes, face.key)
    lecture = file.read.lecture
    slide = next((one for one in lecture.slides if one.face == face.key), None) if lecture else None
    if slide is None:
        return PictureArea(face.label, 0, 0, boxes, face.key)
    start, end = slide.start_seconds, slide.end_seconds
    return PictureArea(face.label, 0, 0, boxes, face.key, start_seconds=start, end_seconds=end)


def boxes_of(runs: Iterable[Run], start: int, end: int) -> tuple[Box, ...]:
    """The boxes of the lines that characters `start` to `end` touch, each cut to its part.

    Letters are taken to be equally wide within a line, so a cut may be off by a letter or two.
    A box that is too high for one line of its letters (a text frame, upright writing) is kept whole.
    """
    return tuple(_cut(run, start, end) for run in runs if run.start < end and start < run.end)


def seconds_of(times: Iterable[TimedRun], start: int, end: int) -> tuple[float, float] | None:
    """From when to when characters `start` to `end` are said; a part of a run is taken to be spoken evenly."""
    touched = [run for run in times if run.start < end and start < run.end]
    if not touched:
        return None
    first, last = touched[0], touched[-1]
    begins, ends = _moment(first, max(start, first.start)), _moment(last, min(end, last.end))
    return round(begins, 3), round(ends, 3)  # as finely as captions tell it


def _moment(run: TimedRun, character: int) -> float:
    share = (character - run.start) / max(1, run.end - run.start)
    return run.start_seconds + share * (run.end_seconds - run.start_seconds)


def _cut(run: Run, start: int, end: int) -> Box:
    length, box = run.end - run.start, run.box
    frame = length * LETTER_WIDTH * box.h > MOST_OF_ONE_LINE * box.w
    if (start <= run.start and run.end <= end) or length < 1 or frame:
        return box
    left = max(0, start - run.start) / length
    right = min(length, end - run.start) / length
    return replace(box, x=box.x + box.w * left, w=box.w * (right - left))

"""How answers tell what is said and shown in a recording: each sentence with its second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.file_reply import FileReply, in_marks, said
from cml_mm.answering.lecture_shelf import OneLecture, Spoken, cite_frame, cite_slide, cite_spoken
from cml_mm.lectures.values import Slide
from cml_mm.types import clock

MOST_LINES = 12  # of one slide


@dataclass(frozen=True)
class LectureTeller:
    """Tells of one answer; `several` says that more than one recording is asked, so that each is named."""

    book: EvidenceBook
    several: bool = False

    def spoken(self, one: Spoken, paragraph: int = 0, before: str = "At") -> Draft:
        """ "At 2:10: “…”"; what may not be quoted is only pointed at."""
        number = cite_spoken(one, self.book)
        if not one.quote.quotable:
            return said(one.quote, self.book, paragraph, None if self.several else "")
        who = f", {one.speaker}" if one.speaker else ""
        of = f" of {one.quote.title}" if self.several else ""
        doubt = " (heard with doubt)" if one.quote.doubtful else ""
        text = f"{before} {clock(one.start_seconds)}{of}{who}{doubt}: {in_marks(one.quote)}"
        return Draft(text, (number,), paragraph, (one.quote.title,) if of else ())

    def slide(self, lecture: OneLecture, slide: Slide, paragraph: int = 0, before: str = "On the slide at") -> Draft:
        """ "On the slide at 2:00: “Title”; “first line”."; says so where no words were read on it."""
        of = f" of {lecture.title}" if self.several else ""
        lines = lecture.lines.get(slide.face, ())
        if not lines:
            text = (
                f"A slide without words is shown from {clock(slide.start_seconds)} to {clock(slide.end_seconds)}{of}."
            )
            number = cite_frame(lecture, slide, text, self.book)
            return Draft(text, (number,), paragraph, (lecture.title,) if of else ())
        return self.lines(lines[:MOST_LINES], slide.start_seconds, of, paragraph, before, len(lines) - MOST_LINES)

    def lines(
        self,
        lines: Sequence[FileQuote],
        seconds: float,
        of: str = "",
        paragraph: int = 0,
        before: str = "On the slide at",
        left: int = 0,
    ) -> Draft:
        """Lines of one slide, one citation for all of them."""
        doubt = " (recognised with doubt)" if any(line.doubtful for line in lines) else ""
        words = "; ".join(f"“{_inner(line.text)}”" for line in lines)
        more = " …" if left > 0 else ""
        text = f"{before} {clock(seconds)}{of}{doubt}: {words}{more}"
        return Draft(text, (cite_slide(lines, self.book),), paragraph, (lines[0].title,) if of else ())

    def of(self, lecture: OneLecture) -> str:
        """ " of …", where more than one recording is asked."""
        return f" of {lecture.title}" if self.several else ""


def _inner(text: str) -> str:
    return prose.plain(text).replace("“", "‘").replace("”", "’").strip('"').strip()


def next_paragraph(drafts: Sequence[Draft]) -> int:
    return drafts[-1].paragraph + 1 if drafts else 0


def ids(lectures: Iterable[OneLecture]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.file.card.id for one in lectures))


def plainly(title: str, words: str, lectures: Iterable[OneLecture], followups: tuple[str, ...] = ()) -> FileReply:
    """A reply that only says something about recordings, and has nothing to cite."""
    return FileReply(title, (Draft(words, (), 0),), sure=False, held=0.0, subjects=ids(lectures), followups=followups)

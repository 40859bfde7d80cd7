"""Answers to what is shown, and to what comes before and after: slides and moments in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.file_reply import FileReply, doubts
from cml_mm.answering.lecture_questions import LectureQuestion
from cml_mm.answering.lecture_shelf import OneLecture, Spoken
from cml_mm.answering.lecture_telling import ids, plainly
from cml_mm.answering.lecture_words import WordAnswers
from cml_mm.lectures.values import Slide
from cml_mm.types import clock

MOST_LISTED = 30
MOST_NEXT = 2  # sentences of what comes after or before


@dataclass(frozen=True)
class SlideAnswers:
    """Of some recordings."""

    words: WordAnswers

    @property
    def kinds(self) -> dict[str, Callable[[LectureQuestion], FileReply]]:
        return {
            "slide_when": self.shown_when,
            "slide_about": self.about,
            "slide": self.numbered,
            "slides": self.every,
            "after": self.flow,
            "before": self.flow,
        }

    def shown_when(self, asked: LectureQuestion) -> FileReply:
        """The slide that is shown at a time, or while something is said."""
        if asked.time is not None:
            one = self.words.finder.lectures[0]
            start, end = asked.time.within(one.lecture.seconds)
            slides = [slide for slide in one.lecture.slides if slide.start_seconds < end and start < slide.end_seconds]
            at = one.slide_near(start)
            return self._shown(one, [at] if asked.time.point and at else slides, start, None)
        found = self.words.finder.find(asked.topic, asked.speaker)
        hits = self.words.finder.chosen(found, 1)
        if not hits and (seen := self._by_eye(asked)):
            return seen
        near = None if hits else self.words.finder.nearest(found)
        hits = hits or ((near,) if near else ())
        if not hits:
            return self.words.not_heard(asked, found)
        one = self.words.of(hits[0])
        slide = one.slide_near(hits[0].start_seconds)
        return self._shown(one, [slide] if slide else [], hits[0].start_seconds, hits[0])

    def about(self, asked: LectureQuestion) -> FileReply:
        """The slide that speaks of something itself, else the one that is shown while that is said."""
        return self._by_eye(asked) or self.shown_when(asked)

    def _by_eye(self, asked: LectureQuestion) -> FileReply | None:
        finder = self.words.finder
        found = finder.find(asked.topic)
        if not found.is_seen:
            return None
        best = found.seen[0].quote
        one = finder.by_id[best.file.card.id]
        slides = [slide for slide in one.lecture.slides if slide.face == best.placing.face]
        return self._shown(one, slides[:1], slides[0].start_seconds, None) if slides else None

    def _shown(self, one: OneLecture, slides: list[Slide], seconds: float, said: Spoken | None) -> FileReply:
        tell = self.words.tell
        if not one.lecture.slides:
            return plainly("No slides", f"No slides were found in {one.title}.", (one,))
        if not slides:
            return plainly("No slide then", f"No slide is shown at {clock(seconds)} in {one.title}.", (one,))
        drafts = [tell.slide(one, slide) for slide in slides[:MOST_LISTED]]
        if said is not None:
            drafts.append(tell.spoken(said, 1))
        quotes = [line for slide in slides for line in one.lines.get(slide.face, ())]
        heard = [said.quote] if said else []
        return FileReply(
            f"The slide at {clock(slides[0].start_seconds)}",
            tuple(drafts),
            subjects=ids((one,)),
            notices=doubts([*quotes, *heard]),
            followups=(f"What is said at {clock(slides[0].start_seconds)}?", "List the slides"),
            in_sight=True,
        )

    def numbered(self, asked: LectureQuestion) -> FileReply:
        """One slide by its number."""
        one = self.words.finder.lectures[0]
        slides = one.lecture.slides
        slide = numbered(slides, asked.number)
        if slide is None:
            count = f"{len(slides)} slide{'' if len(slides) == 1 else 's'}"
            words = f"{one.title} has {count}." if slides else f"No slides were found in {one.title}."
            return plainly("No such slide", words, (one,))
        said = one.between(slide.start_seconds, slide.end_seconds)
        return self._shown(one, [slide], slide.start_seconds, said[0] if said else None)

    def every(self, asked: LectureQuestion) -> FileReply:
        """All slides with their titles."""
        one = self.words.finder.lectures[0]
        slides = one.lecture.slides
        if not slides:
            return plainly("No slides", f"No slides were found in {one.title}.", (one,))
        count = f"{len(slides)} slide{'' if len(slides) == 1 else 's'}"
        drafts = [Draft(f"{one.title} shows {count}.", (), 0, (one.title,))]
        for slide in slides[:MOST_LISTED]:
            lines = one.lines.get(slide.face, ())
            titled = [line for line in lines if line.text.strip() == slide.title.strip()][:1] or lines[:1]
            if titled:
                drafts.append(self.words.tell.lines(titled, slide.start_seconds, paragraph=1))
            else:
                drafts.append(self.words.tell.slide(one, slide, 1))
        if len(slides) > MOST_LISTED:
            drafts.append(Draft(f"{len(slides) - MOST_LISTED} more slides follow.", (), 1))
        return FileReply(count, tuple(drafts), subjects=ids((one,)))

    def flow(self, asked: LectureQuestion) -> FileReply:
        """What comes after, or before, the part about something."""
        finder, later = self.words.finder, asked.kind == "after"
        if asked.time is not None:
            one, at = finder.lectures[0], asked.time.start_seconds
        else:
            found = finder.find(asked.topic, asked.speaker)
            near = finder.nearest(found)
            hits = finder.chosen(found, 1) or ((near,) if near else ())
            if not hits:
                return self.words.not_heard(asked, found)
            one, at = self.words.of(hits[0]), hits[0].start_seconds
        start, end = part_around(one, at)
        beside = part_around(one, end) if later else part_around(one, start - 0.01)
        none = end >= one.lecture.seconds - 0.5 if later else start <= 0.5
        told = () if none else one.between(*beside)
        word = "after" if later else "before"
        if not told:
            where = "ends" if later else "begins"
            return plainly(f"Nothing {word} it", f"{one.title} {where} with this part.", (one,))
        drafts = [self.words.tell.spoken(said) for said in (told[:MOST_NEXT] if later else told[-MOST_NEXT:])]
        slide = one.slide_near(beside[0] + 0.01)
        if slide is not None and one.lines.get(slide.face):
            drafts.append(self.words.tell.slide(one, slide, 1))
        return FileReply(
            f"{word.capitalize()} {clock(start)}–{clock(end)} in {one.title}",
            tuple(drafts),
            subjects=ids((one,)),
            notices=doubts(said.quote for said in told[:MOST_NEXT]),
            followups=(f"What is said at {clock(beside[1])}?",),
            in_sight=True,
        )


def numbered(slides: tuple[Slide, ...], number: int) -> Slide | None:
    """A slide by its number from 1, or from the end by a negative one."""
    place = number - 1 if number > 0 else len(slides) + number
    return slides[place] if slides and 0 <= place < len(slides) else None


def part_around(one: OneLecture, seconds: float) -> tuple[float, float]:
    """From when to when the part lasts in which a time lies: its slide, else its chapter, else its moment."""
    if slide := one.lecture.slide_at(seconds):
        return slide.start_seconds, slide.end_seconds
    if chapter := one.chapter_at(seconds):
        return chapter.start_seconds, chapter.end_seconds
    if moment := one.lecture.moment_at(seconds):
        return moment.start_seconds, moment.end_seconds
    return max(0.0, seconds - 30), min(one.lecture.seconds, seconds + 30)

"""Answers about a recording as a whole and its chapters: what they are, what is said in them, points, speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.file_reply import FileReply, doubts
from cml_mm.answering.lecture_finding import content
from cml_mm.answering.lecture_questions import LectureQuestion
from cml_mm.answering.lecture_shelf import OneLecture, Spoken, cite_slide, cite_spoken, cite_stretch
from cml_mm.answering.lecture_slides import part_around
from cml_mm.answering.lecture_telling import ids, plainly
from cml_mm.answering.lecture_words import WordAnswers
from cml_mm.lectures.values import Chapter, Slide
from cml_mm.types import clock

MOST_CHAPTERS = 30
MOST_SUMMED = 6  # sentences of a part
MOST_POINTS = 12
LEAST_TERMS = 3  # content words of a sentence that tells something
SHARED_POINT = 0.5  # of a point's words, for a sentence to be the one that says it
HONEST = "No language model runs here, so these are sentences as they are said, not a summary in new words."


@dataclass(frozen=True)
class WholeLectureAnswers:
    """Of some recordings."""

    words: WordAnswers

    @property
    def kinds(self) -> dict[str, Callable[[LectureQuestion], FileReply]]:
        return {
            "chapters": self.chapters,
            "chapter": self.chapter,
            "part": self.part,
            "summary": self.summary,
            "steps": self.steps,
            "speakers": self.speakers,
            "length": self.length,
        }

    def chapters(self, asked: LectureQuestion) -> FileReply:
        """The chapters of each recording, each with its times."""
        drafts: list[Draft] = []
        for place, one in enumerate(self.words.finder.lectures):
            if not one.lecture.chapters:
                drafts.append(Draft(f"{one.title} is not divided into chapters.", (), place, (one.title,)))
                continue
            if self.words.tell.several:
                drafts.append(Draft(f"{one.title}:", (), place, (one.title,)))
            drafts += [self._chapter_line(one, chapter, place) for chapter in one.lecture.chapters[:MOST_CHAPTERS]]
        first = self.words.finder.lectures[0]
        count = len(first.lecture.chapters)
        return FileReply(
            f"{count} chapter{'' if count == 1 else 's'} in {first.title}",
            tuple(drafts),
            subjects=ids(self.words.finder.lectures),
            followups=("Summarise chapter 1", "What is the talk about?") if count else (),
        )

    def _chapter_line(self, one: OneLecture, chapter: Chapter, paragraph: int) -> Draft:
        heading = f"Chapter {chapter.number}, {clock(chapter.start_seconds)}–{clock(chapter.end_seconds)}"
        own = one.quotable or chapter.titled_by != "speech"  # else it is made of words that may not be quoted
        title = " ".join(chapter.title.split()).replace("“", "‘").replace("”", "’") if own else ""
        book = self.words.tell.book
        cited = cite_stretch(one, heading, title, chapter.start_seconds, chapter.end_seconds, book)
        return Draft(f"{heading}: “{title}”" if title else f"{heading}.", (cited,), paragraph)

    def chapter(self, asked: LectureQuestion) -> FileReply:
        """What is said in one chapter."""
        one = self.words.finder.lectures[0]
        chapters = one.lecture.chapters
        place = asked.number - 1 if asked.number > 0 else len(chapters) + asked.number
        if not 0 <= place < len(chapters):
            count = f"{len(chapters)} chapter{'' if len(chapters) == 1 else 's'}" if chapters else "no chapters"
            return plainly("No such chapter", f"{one.title} has {count}.", (one,), ("List the chapters",))
        chapter = chapters[place]
        lead = self._chapter_line(one, chapter, 0)
        return self._summed(one, f"Chapter {chapter.number}", lead, chapter.start_seconds, chapter.end_seconds)

    def part(self, asked: LectureQuestion) -> FileReply:
        """What is said in the part about something."""
        found = self.words.finder.find(asked.topic, asked.speaker)
        near = self.words.finder.nearest(found)
        hits = self.words.finder.chosen(found, 1) or ((near,) if near else ())
        if not hits and not found.is_seen:
            return self.words.not_heard(asked, found)
        one = self.words.of(hits[0]) if hits else self.words.finder.by_id[found.seen[0].quote.file.card.id]
        at = hits[0].start_seconds if hits else (found.seen[0].quote.seconds or (0.0, 0.0))[0]
        wanted = content(asked.topic)
        chapter = one.chapter_at(at)
        of_title = frozenset(prose.terms(chapter.title)) if chapter else frozenset[str]()
        titled = wanted <= of_title and len(of_title) <= len(wanted) + 1  # a chapter of several matters is no part
        start, end = (chapter.start_seconds, chapter.end_seconds) if chapter and titled else part_around(one, at)
        return self._summed(one, f"The part about {asked.topic}", None, start, end)

    def summary(self, asked: LectureQuestion) -> FileReply:
        """A recording chapter by chapter, with the sentence of each that says most."""
        one = self.words.finder.lectures[0]
        chapters = one.lecture.chapters
        if len(chapters) < 2:
            return self._summed(one, f"What {one.title} says", None, 0.0, one.lecture.seconds + 1)
        drafts: list[Draft] = []
        told: list[Spoken] = []
        for chapter in chapters[:MOST_CHAPTERS]:
            drafts.append(self._chapter_line(one, chapter, chapter.number - 1))
            best = telling(one.between(chapter.start_seconds, chapter.end_seconds), 1)
            drafts += [self.words.tell.spoken(said, chapter.number - 1) for said in best]
            told += best
        if one.quotable:
            drafts.append(Draft(HONEST, (), drafts[-1].paragraph + 1))
        return FileReply(
            f"What {one.title} says",
            tuple(drafts),
            subjects=ids((one,)),
            notices=doubts(said.quote for said in told),
            followups=("List the chapters", "Which patterns does the talk touch on?"),
            in_words=one.quotable,
        )

    def _summed(self, one: OneLecture, title: str, lead: Draft | None, start: float, end: float) -> FileReply:
        """The sentences of a stretch that say most, in time order, and its slides."""
        said = telling(one.between(start, end), MOST_SUMMED)
        slides = [slide for slide in one.lecture.slides if start <= slide.start_seconds < end]
        drafts = [lead] if lead else []
        drafts += [self.words.tell.spoken(each, 1) for each in said]
        drafts += [self.words.tell.slide(one, slide, 2) for slide in slides[:MOST_SUMMED] if one.lines.get(slide.face)]
        if not said and not slides:
            return plainly(title, f"Nothing is said or shown between {clock(start)} and {clock(end)}.", (one,))
        if said and one.quotable:
            drafts.append(Draft(HONEST, (), 3))
        return FileReply(
            f"{title} in {one.title}" if one.title not in title else title,
            tuple(drafts),
            subjects=ids((one,)),
            notices=doubts(each.quote for each in said),
            followups=(f"What is said at {clock(end)}?",) if end < one.lecture.seconds else ("List the chapters",),
            in_words=one.quotable,
            in_sight=one.quotable,
        )

    def steps(self, asked: LectureQuestion) -> FileReply:
        """The points of a list: the lines of the slide about it, each with the moment at which it is said."""
        found = self.words.finder.find(asked.topic, asked.speaker)
        listed = self._listing(asked.topic, found.seen[0].quote if found.is_seen else None, found.is_heard)
        if listed is None:
            hits = self.words.finder.chosen(found, 1)
            if hits:
                one = self.words.of(hits[0])
                slide = one.slide_near(hits[0].start_seconds)
                points = points_of(one, slide) if slide else ()
                listed = (one, slide, points) if slide and len(points) > 1 else None
        if listed is None:
            return self.words.about(asked)
        one, slide, points = listed
        said = one.between(slide.start_seconds, slide.end_seconds)
        drafts = [self._point(point, said) for point in points[:MOST_POINTS]]
        told = telling(said, MOST_SUMMED)
        drafts += [self.words.tell.spoken(each, 1) for each in told]
        return FileReply(
            f"{len(points)} points on the slide at {clock(slide.start_seconds)}{self.words.tell.of(one)}",
            tuple(drafts),
            subjects=ids((one,)),
            notices=doubts([*points, *(each.quote for each in told)]),
            followups=(f"What comes after {clock(slide.start_seconds)}?",),
            in_sight=True,
        )

    def _listing(
        self, topic: str, seen: FileQuote | None, heard: bool
    ) -> tuple[OneLecture, Slide, tuple[FileQuote, ...]] | None:
        """The slide whose title or lines speak of a topic, with its points."""
        if seen is None:
            return None
        one = self.words.finder.by_id[seen.file.card.id]
        slide = next((slide for slide in one.lecture.slides if slide.face == seen.placing.face), None)
        if slide is None:
            return None
        points = points_of(one, slide)
        held = content(topic) & frozenset(prose.terms(slide.text))
        return (one, slide, points) if len(points) > 1 and (held or not heard) else None

    def _point(self, point: FileQuote, said: Sequence[Spoken]) -> Draft:
        """A line of a slide, with the sentence that says it where one shares half its words."""
        wanted = frozenset(prose.terms(point.text))
        best = max(said, key=lambda one: len(wanted & frozenset(prose.terms(one.text))), default=None)
        cites = [cite_slide([point], self.words.tell.book)]
        near = len(wanted & frozenset(prose.terms(best.text))) if best else 0
        if best is not None and best.quote.quotable and near >= SHARED_POINT * max(1, len(wanted)):
            cites.append(cite_spoken(best, self.words.tell.book))
        return Draft(f"“{prose.plain(point.text)}”", tuple(cites), 0)

    def speakers(self, asked: LectureQuestion) -> FileReply:
        """Who is named as speaking, each with their first words."""
        drafts: list[Draft] = []
        named = [one for one in self.words.finder.lectures if one.speakers]
        for place, one in enumerate(named):
            for name in one.speakers[:MOST_POINTS]:
                first = next((said for said in one.spoken if said.speaker == name), None)
                drafts += [self.words.tell.spoken(first, place)] if first else []
        if drafts:
            title = f"{len(named[0].speakers)} speaker{'' if len(named[0].speakers) == 1 else 's'} named"
            return FileReply(title, tuple(drafts), subjects=ids(named))
        one = self.words.finder.lectures[0]
        drafts = [Draft(f"The transcript of {one.title} does not name who speaks.", (), 0)]
        if one.lecture.slides and one.lines.get(one.lecture.slides[0].face):
            drafts += [self.words.tell.slide(one, one.lecture.slides[0], 1)]
        return FileReply("No speaker is named", tuple(drafts), sure=False, held=0.0, subjects=ids((one,)))

    def length(self, asked: LectureQuestion) -> FileReply:
        """How long each recording is."""
        lectures = self.words.finder.lectures
        texts = [f"{one.title} is {clock(one.lecture.seconds)} long." for one in lectures]
        drafts = tuple(Draft(text, (), 0, (one.title,)) for text, one in zip(texts, lectures, strict=True))
        return FileReply(texts[0].rstrip("."), drafts, subjects=ids(lectures))


def points_of(one: OneLecture, slide: Slide) -> tuple[FileQuote, ...]:
    """The lines of a slide without its title."""
    title = prose.words(slide.title)
    return tuple(line for line in one.lines.get(slide.face, ()) if prose.words(line.text) != title)


def telling(said: Sequence[Spoken], most: int) -> list[Spoken]:
    """The sentences that say most of what a part says again and again (SumBasic, Nenkova and Vanderwende 2005)."""
    told = [one for one in said if len(prose.terms(one.text)) >= LEAST_TERMS] or list(said)
    if len(told) <= most:
        return told
    counts = Counter(term for one in said for term in set(prose.terms(one.text)))
    chosen: list[Spoken] = []
    while len(chosen) < most:
        left = [one for one in told if one not in chosen]
        best = max(left, key=lambda one: _weight(one.text, counts))
        chosen.append(best)
        for term in set(prose.terms(best.text)):
            counts[term] = 0
    return sorted(chosen, key=lambda one: one.start_seconds)


def _weight(text: str, counts: Counter[str]) -> float:
    terms = set(prose.terms(text))
    return sum(counts[term] for term in terms) / (len(terms) + 2)

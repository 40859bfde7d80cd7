"""Answers to where and what is said: the moments, each with its second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.file_reply import FileReply, doubts, unsaid
from cml_mm.answering.lecture_finding import LEAST_ANSWER, Finding, LectureFinder, content
from cml_mm.answering.lecture_questions import LectureQuestion
from cml_mm.answering.lecture_shelf import OneLecture, Spoken
from cml_mm.answering.lecture_telling import LectureTeller, ids, next_paragraph, plainly
from cml_mm.lectures.values import Slide
from cml_mm.types import clock

MOST_TOLD = 6
MOST_MENTIONS = 8
MOST_AT_ONCE = 8  # sentences of a stretch of time
AFTERWARDS_SECONDS = 12.0  # what is told after the sentence at a time
MOST_SLIDES = 4  # of a stretch of time
LEAST_SHOWN_SECONDS = 2.0  # within a stretch, for a slide to be told
NEAR_SECONDS = 30.0  # how far the nearest words may be from a time at which nobody speaks


@dataclass(frozen=True)
class WordAnswers:
    """Of some recordings."""

    finder: LectureFinder
    tell: LectureTeller

    @property
    def kinds(self) -> dict[str, Callable[[LectureQuestion], FileReply]]:
        return {
            "ask": self.about,
            "where": self.where,
            "first": self.first,
            "about": self.about,
            "who_said": self.about,
            "at": self.at,
        }

    def where(self, asked: LectureQuestion) -> FileReply:
        """The moment that says it best, then the others at which it comes up."""
        found = self.found(asked)
        hits = self.finder.chosen(found, MOST_TOLD)
        if not hits:
            return self.not_heard(asked, found)
        more = [one for one in self.finder.every(asked.topic, asked.speaker) if one not in hits]
        rest = in_time([*hits[1:], *more[: MOST_MENTIONS - len(hits)]])
        drafts = [self.tell.spoken(hits[0])]
        drafts += [self.tell.spoken(one, 1, "Also at") for one in rest]
        left = len(more) - (MOST_MENTIONS - len(hits))
        if left > 0 and all(one.quote.quotable for one in (*hits, *more)):
            drafts.append(Draft(f"It comes up {left} more times.", (), 1))
        drafts += self._slides(found, hits[:1], next_paragraph(drafts))
        drafts += self._stranger(asked, next_paragraph(drafts))
        title = f"At {clock(hits[0].start_seconds)}{self.tell.of(self.of(hits[0]))}"
        return self.reply(title, drafts, (hits[0], *rest), found)

    def first(self, asked: LectureQuestion) -> FileReply:
        """The earliest moment with all the words of the topic, or the earliest that speaks of it in others."""
        found = self.finder.find(asked.topic, asked.speaker)
        every = self.finder.every(asked.topic, asked.speaker)
        hits = every or in_time(self.finder.chosen(found, MOST_TOLD))
        if not hits:
            return self.not_heard(asked, found)
        firsts = list({one.quote.file.card.id: one for one in reversed(hits)}.values())[::-1]
        drafts = [self.tell.spoken(one, 0, "First at") for one in firsts]
        if len(every) > len(firsts) and all(one.quote.quotable for one in every):
            drafts.append(Draft(f"In all it comes up {len(every)} times.", (), 1))
        if not every:
            drafts.append(
                Draft("The very words are not said; this is the earliest moment that is near to them.", (), 1)
            )
        return self.reply(f"First at {clock(firsts[0].start_seconds)}", drafts, firsts, found)

    def about(self, asked: LectureQuestion) -> FileReply:
        """What is said about something: the best sentence, then the others in time order."""
        found = self.found(asked)
        hits = self.finder.chosen(found, MOST_TOLD)
        if not hits:
            return self.not_heard(asked, found)
        drafts = [self.tell.spoken(one) for one in (hits[0], *in_time(hits[1:]))]
        drafts += self._slides(found, hits[:1], 1)
        drafts += self._stranger(asked, 2)
        who = f"{asked.speaker} on" if asked.speaker else "What is said about"
        if asked.kind == "who_said":
            named = list(dict.fromkeys(one.speaker for one in hits if one.speaker))
            if not named:
                drafts.append(Draft("The transcript does not name who speaks.", (), 2))
            who = f"{named[0]} on" if named else "Who speaks of"
        title = self._in(hits) if asked.kind == "ask" else f"{who} {asked.topic}"
        return self.reply(title, drafts, hits, found, in_words=True)

    def found(self, asked: LectureQuestion) -> Finding:
        """What is found for a question; a name that nobody bears may be one that is spoken of."""
        spoken_of = asked.stranger and self.finder.every(asked.stranger)
        return self.finder.find(f"{asked.stranger} {asked.topic}" if spoken_of else asked.topic, asked.speaker)

    def _stranger(self, asked: LectureQuestion, paragraph: int) -> list[Draft]:
        """Says that it cannot be told whether somebody of that name says it."""
        if not asked.stranger:
            return []
        names = list(dict.fromkeys(name for one in self.finder.lectures for name in one.speakers))
        named = f"the speakers that it names are {', '.join(names)}" if names else "it does not name who speaks"
        return [Draft(f"The transcript does not give these words to {asked.stranger}: {named}.", (), paragraph)]

    def _in(self, hits: Sequence[Spoken]) -> str:
        names = list(dict.fromkeys(one.quote.title for one in hits))
        return f"In {names[0]}" if len(names) == 1 else f"In {', '.join(names[:-1])} and {names[-1]}"

    def at(self, asked: LectureQuestion) -> FileReply:
        """What is said at a time, or between two."""
        one = self.finder.lectures[0]
        length = one.lecture.seconds
        assert asked.time is not None
        start, end = asked.time.within(length)
        if start > length:
            words = f"{one.title} is only {clock(length)} long."
            return plainly("After its end", words, (one,))
        drafts = self._at_point(one, start) if asked.time.point else self._stretch(one, start, end)
        shown = [one.slide_near(start)] if asked.time.point else shown_between(one, start, end)
        drafts += [self.tell.slide(one, slide, 1) for slide in shown[:MOST_SLIDES] if slide is not None and drafts]
        place = f"at {clock(start)}" if asked.time.point else f"from {clock(start)} to {clock(end)}"
        if not drafts:
            return plainly("Nobody speaks then", f"No words were heard {place}{of_lecture(one)}.", (one,))
        told = one.touching(start, end)
        return FileReply(
            f"{place[:1].upper()}{place[1:]}",
            tuple(drafts),
            subjects=ids((one,)),
            notices=doubts(s.quote for s in told),
        )

    def _at_point(self, one: OneLecture, seconds: float) -> list[Draft]:
        """The sentence that is being said, and the next; the nearest where nobody speaks just then."""
        now = one.touching(seconds, seconds)
        if now:
            after = one.between(now[-1].end_seconds - 0.01, seconds + AFTERWARDS_SECONDS)[:1]
            return [self.tell.spoken(said) for said in (*now[-1:], *(said for said in after if said not in now))]
        near = sorted(
            one.spoken, key=lambda said: min(abs(said.start_seconds - seconds), abs(said.end_seconds - seconds))
        )
        near = [
            said for said in near[:1]
            if min(abs(said.start_seconds - seconds), abs(said.end_seconds - seconds)) <= NEAR_SECONDS
        ]  # fmt: skip
        drafts = [Draft(f"Nobody speaks at {clock(seconds)} itself; this is the nearest.", (), 0)] if near else []
        return [*drafts, *(self.tell.spoken(said) for said in near)]

    def _stretch(self, one: OneLecture, start: float, end: float) -> list[Draft]:
        told = one.between(start, end) or one.touching(start, end)
        drafts = [self.tell.spoken(said) for said in told[:MOST_AT_ONCE]]
        if len(told) > MOST_AT_ONCE:
            words = f"{len(told) - MOST_AT_ONCE} further sentences of that time are not quoted here."
            drafts.append(Draft(words, (), 0))
        return drafts

    def not_heard(self, asked: LectureQuestion, found: Finding) -> FileReply:
        """Nobody is heard speaking of it: what slides show of it, or that there is nothing."""
        where = self.finder.lectures[0].title if len(self.finder.lectures) == 1 else "your recordings"
        near = self.finder.nearest(found)
        if near is not None and found.near is not None:
            reply = self._nearest(near, found)
            return reply if asked.kind != "ask" or found.near.cosine >= LEAST_ANSWER else replace(reply, sure=False)
        mute = not any(one.spoken for one in self.finder.lectures)
        lead = f"No words were heard in {where}" if mute else f"Nobody is heard speaking of it in {where}"
        who = f" by {asked.speaker}" if asked.speaker and not mute else ""
        if found.is_seen:
            return self._on_slide(f"{lead}{who}", found)
        what = "says enough about this" if asked.kind == "ask" else f"speaks of “{asked.topic}”"
        words = f"{lead}{who}." if mute else f"Nothing that is said{who} in {where} {what}."
        return unsaid(self.finder.shelf, found.chunks, asked.topic, words)

    def _nearest(self, near: Spoken, found: Finding) -> FileReply:
        """What comes nearest in meaning, told as that."""
        drafts = [
            Draft("Nobody is heard saying it in these words; this is nearest in meaning.", (), 0),
            self.tell.spoken(near),
            *self._slides(found, (near,), 1),
        ]
        return self.reply(f"Nearest at {clock(near.start_seconds)}", drafts, (near,), found)

    def _on_slide(self, lead: str, found: Finding) -> FileReply:
        """It stands on a slide: what is said while that is shown comes first, since that is what can be heard."""
        quote = found.seen[0].quote
        one = self.finder.by_id[quote.file.card.id]
        shown = quote.seconds or (0.0, 0.0)
        said = one.between(*shown) or one.touching(*shown)
        here = {
            one.quote.span.start: one.cosine
            for one in found.heard
            if said and one.quote.section == said[0].quote.section
        }
        best = max(said, key=lambda each: here.get(each.quote.span.start, -1.0), default=None)
        words = "it stands on a slide, while this is said" if best else "it stands on a slide"
        drafts = [Draft(f"{lead} in these words; {words}.", (), 0)]
        drafts += [self.tell.spoken(best)] if best else []
        drafts += self._slides(found, (), 1)
        heard = [best.quote] if best else []
        title = f"On the slide at {clock(shown[0])}"
        return FileReply(title, tuple(drafts), subjects=ids((one,)), notices=doubts([quote, *heard]), in_sight=True)

    def _slides(self, found: Finding, hits: Sequence[Spoken], paragraph: int) -> list[Draft]:
        """The slide that is shown meanwhile, where it speaks of the topic; else the best slide of those found."""
        told: list[tuple[OneLecture, Slide]] = []
        for hit in hits:
            lecture = self.of(hit)
            slide = lecture.slide_near(hit.start_seconds)
            if slide and content(found.topic) & frozenset(prose.terms(slide.text)):
                told.append((lecture, slide))
        if not told and not hits:
            quote = found.seen[0].quote
            lecture = self.finder.by_id[quote.file.card.id]
            told = [(lecture, one) for one in lecture.lecture.slides if one.face == quote.placing.face][:1]
        return [self.tell.slide(lecture, slide, paragraph) for lecture, slide in told]

    def of(self, one: Spoken) -> OneLecture:
        return self.finder.by_id[one.quote.file.card.id]

    def reply(
        self, title: str, drafts: Sequence[Draft], hits: Sequence[Spoken], found: Finding, in_words: bool = False
    ) -> FileReply:
        lectures = tuple(dict.fromkeys(one.quote.file.card.id for one in hits))
        held = max((one.held for one in found.chunks[:3]), default=0.0)
        quotable = all(one.quote.quotable for one in hits)
        return FileReply(
            title,
            tuple(drafts),
            held=max(held, max((one.said for one in found.heard[:3]), default=0.0)),
            subjects=lectures,
            notices=doubts(one.quote for one in hits),
            followups=followups(found.topic),
            in_words=in_words and quotable,
            in_sight=quotable,
        )


def in_time(found: Sequence[Spoken]) -> tuple[Spoken, ...]:
    """In time order, file by file."""
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.quote.file.card.id, one.start_seconds)))


def shown_between(one: OneLecture, start: float, end: float) -> list[Slide]:
    """The slides that are shown for some of a time, but for one that only ends as it begins."""
    return [
        slide
        for slide in one.lecture.slides
        if min(end, slide.end_seconds) - max(start, slide.start_seconds) > LEAST_SHOWN_SECONDS
    ]


def of_lecture(one: OneLecture) -> str:
    return f" in {one.title}"


def followups(topic: str) -> tuple[str, ...]:
    """What can be asked of a moment next."""
    said = topic.rstrip("?!. ")
    return (
        f"What was on the slide when {said} was mentioned?",
        f"What comes after the part about {said}?",
        "Which patterns does the talk touch on?",
    )

"""A lecture in words: the sections under which it is found, cited and quoted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from cml_mm.lectures.phrases import key_phrase
from cml_mm.lectures.sentences import ends_whole, sentences_of
from cml_mm.lectures.terms import UNSPACED, flat
from cml_mm.lectures.titles import slide_titles
from cml_mm.lectures.values import Cue, Lecture, Moment, Slide, SlideLine
from cml_mm.types import Box, clock

PARAGRAPH_SECONDS = 2.0  # a rest that ends a paragraph
_APART = "\n\n"
_WRAPPED_GAP = 0.9  # of a line's height: the next line goes on with the sentence, if it looks so
_LIST_SIGNS = "•●▪■►*·–—-"


@dataclass(frozen=True)
class SaidRun:
    """Characters `start` to `end` of a section's text, when they are said, and the place of their cue."""

    start: int
    end: int
    start_seconds: float
    end_seconds: float
    cue: int


@dataclass(frozen=True)
class WrittenRun:
    """Characters `start` to `end` of a section's text, where they stand on the frame, and the place of their line."""

    start: int
    end: int
    box: Box
    line: int


@dataclass(frozen=True)
class SectionOfMoment:
    """What becomes one section of the document: a moment's speech, or a slide's words.

    `start_seconds` and `end_seconds` are the moment's or slide's. Speech has `times`, a run for each cue with words;
    slides have `runs`, one for each line, and a `face`. `moment`, `slide` and `chapter` are numbers, 0: none; a
    slide's moment is the first that shows it. What is not `quotable` can be found, and is never quoted as fact.
    """

    kind: Literal["speech", "slide"]
    heading: str
    text: str
    start_seconds: float
    end_seconds: float
    times: tuple[SaidRun, ...] = ()
    runs: tuple[WrittenRun, ...] = ()
    face: str = ""
    confidence: float = 1.0
    quotable: bool = True
    moment: int = 0
    slide: int = 0
    chapter: int = 0


def worded(lecture: Lecture) -> tuple[SectionOfMoment, ...]:
    """Say a lecture in sections; the same lecture gives the same sections.

    Returns:
        In order of time: for each slide with words one section, "Slide at 2:00 · Title", before its first moment; for
        each moment in which something is said one section, "2:00–3:04 · Title". A run's characters are its cue's or
        line's text, set on one line. Sentences that end without a mark, rests, other speakers and lines of a slide
        begin a paragraph.
    """
    titles = moment_titles(lecture)
    shown = slide_titles(lecture.slides)
    first = {moment.slide: moment for moment in reversed(lecture.moments)}
    ends = frozenset(sentence.cues[1] - 1 for sentence in sentences_of(lecture.speech))
    found = [_said(lecture, moment, titles[moment.number], ends) for moment in lecture.moments]
    found += [_written(slide, shown[slide.number], first.get(slide.number)) for slide in lecture.slides]
    kept = [section for section in found if section is not None]
    return tuple(sorted(kept, key=lambda section: (section.start_seconds, section.kind == "speech", section.moment)))


def moment_titles(lecture: Lecture) -> dict[int, str]:
    """What each moment is about, by its number: its slide's title, else what it says most, else its chapter's title."""
    shown = slide_titles(lecture.slides)
    chapters = {chapter.number: chapter.title for chapter in lecture.chapters}
    said = {moment.number: lecture.words_of(moment) for moment in lecture.moments}
    titles = {}
    for moment in lecture.moments:
        title = shown.get(moment.slide, "")
        if not title and said[moment.number] and lecture.speech.quotable:
            beside = (said.get(number, "") for number in range(moment.number - 8, moment.number + 9))
            title = key_phrase(said[moment.number], (text for text in beside if text != said[moment.number]))
        titles[moment.number] = title or chapters.get(moment.chapter, "")
    return titles


def headed(place: str, title: str) -> str:
    """ "2:00–3:04 · Title", or the place alone."""
    return f"{place} · {title}" if title else place


def _said(lecture: Lecture, moment: Moment, title: str, ends: Collection[int]) -> SectionOfMoment | None:
    speech = lecture.speech
    places = [place for place in range(*moment.cues) if flat(speech.cues[place].text)]
    if not places:
        return None
    blank = "" if speech.language in UNSPACED else " "
    text, times = "", []
    for before, place in zip([None, *places], places, strict=False):
        cue = speech.cues[place]
        if before is not None:
            text += _APART if _parted(speech.cues[before], cue, before in ends) else blank
        words = flat(cue.text)
        times.append(SaidRun(len(text), len(text) + len(words), cue.start_seconds, cue.end_seconds, place))
        text += words
    sure = [(len(flat(speech.cues[place].text)), speech.cues[place].confidence) for place in places]
    return SectionOfMoment(
        kind="speech",
        heading=headed(f"{clock(moment.start_seconds)}–{clock(moment.end_seconds)}", title),
        text=text,
        start_seconds=moment.start_seconds,
        end_seconds=moment.end_seconds,
        times=tuple(times),
        confidence=_mean(sure),
        quotable=speech.quotable,
        moment=moment.number,
        slide=moment.slide,
        chapter=moment.chapter,
    )


def _parted(one: Cue, other: Cue, ended: bool) -> bool:
    """Whether a paragraph ends between two cues: without a full stop, only that keeps sentences apart."""
    rests = other.start_seconds - one.end_seconds >= PARAGRAPH_SECONDS
    return one.speaker != other.speaker or (ended and (rests or not ends_whole(flat(one.text))))


def _written(slide: Slide, title: str, moment: Moment | None) -> SectionOfMoment | None:
    text, runs = "", []
    before: SlideLine | None = None
    for place, line in enumerate(slide.lines):
        words = flat(line.text)
        if not words:
            continue
        if before is not None:
            text += "\n" if _goes_on(before, line) else _APART
        runs.append(WrittenRun(len(text), len(text) + len(words), line.box, place))
        text += words
        before = line
    if not runs:
        return None
    return SectionOfMoment(
        kind="slide",
        heading=headed(f"Slide at {clock(slide.start_seconds)}", title),
        text=text,
        start_seconds=slide.start_seconds,
        end_seconds=slide.end_seconds,
        runs=tuple(runs),
        face=slide.face,
        confidence=_mean([(len(flat(line.text)), line.confidence) for line in slide.lines]),
        moment=moment.number if moment else 0,
        slide=slide.number,
        chapter=moment.chapter if moment else 0,
    )


def _goes_on(before: SlideLine, line: SlideLine) -> bool:
    """Whether a line is the rest of the one above, which had no more room."""
    above, below = flat(before.text), flat(line.text)
    gap = line.box.y - (before.box.y + before.box.h)
    near = -0.5 * line.box.h <= gap <= _WRAPPED_GAP * min(line.box.h, before.box.h)
    inside = line.box.x >= before.box.x - 0.5 * line.box.h and line.box.x < before.box.x + before.box.w / 2
    return below[0].islower() and below[0] not in _LIST_SIGNS and near and inside and not ends_whole(above)


def _mean(parts: Sequence[tuple[int, float]]) -> float:
    """The mean of confidences by the letters that they are about."""
    letters = sum(length for length, _ in parts)
    return sum(length * sure for length, sure in parts) / letters if letters else 1.0

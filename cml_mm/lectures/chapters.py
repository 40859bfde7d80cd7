"""Chapters: several moments under one title, as the file names them, the slides tell, or the talk turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from cml_mm.lectures.cutting import Lengths, Part, alike, best_cuts, turns
from cml_mm.lectures.phrases import key_phrase
from cml_mm.lectures.terms import flat
from cml_mm.lectures.titles import (
    LONGEST,
    begins_section,
    is_agenda,
    same_topic,
    shortened,
    slide_titles,
)
from cml_mm.lectures.values import Chapter, Moment, Slide, Speech

LEAST_SECONDS = 18.0  # of a chapter in a short recording; in one of an hour and more, …
_LEAST_LONG_SECONDS = 60.0  # … where a strip of a hundred chapters would help nobody
_MOST_CHAPTERS = 60  # about so many of the least length fill a recording between these
MOST_SECONDS = 600.0
_TARGETS = 45.0, 300.0  # seconds of a chapter in a short and in a long recording without slides
_MANY = 12  # about so many chapters has a recording without slides, between these targets
_BLOCK = 3  # moments that are compared on either side of a gap
_JOINED_TITLES = 3
_EMPTY = re.compile(r"(?:chapter|track|part|untitled|mark(?:er)?)?[\W\d_]*", re.IGNORECASE)

TitledBy = Literal["slide", "speech", "file", "hand"]


@dataclass(frozen=True)
class _Group:
    """Moments of one chapter. `heads` says that its first slide announces what follows."""

    moments: tuple[Moment, ...]
    slides: tuple[Slide, ...] = ()
    heads: bool = False

    @property
    def seconds(self) -> float:
        return self.moments[-1].end_seconds - self.moments[0].start_seconds


def with_chapters(
    slides: Sequence[Slide], speech: Speech, moments: Sequence[Moment], marks: Sequence[Chapter] = ()
) -> tuple[tuple[Moment, ...], tuple[Chapter, ...]]:
    """Put moments together to chapters.

    Args:
        slides: in order of time, may be none.
        speech: whose cues the moments name.
        moments: as `moments_of` cuts them.
        marks: chapters that the file itself names; a single one says nothing and is passed over.

    Returns:
        The moments, each with its chapter's number, and the chapters. These follow each other from the first moment's
        start to the last one's end; of the file's own, the first is widened to the start.
    """
    if not moments:
        return (), ()
    own = _own_marks(marks, moments)
    if len(own) > 1:
        return _by_marks(own, slides, speech, moments)
    groups = _by_slides(slides, moments, speech) if slides else _by_turns([_Group(tuple(moments))], speech, True)
    groups = _by_turns(groups, speech, False)
    return _chaptered(groups, _titles_of(groups, slides, speech))


def _by_slides(slides: Sequence[Slide], moments: Sequence[Moment], speech: Speech) -> list[_Group]:
    """A group for every topic of the slides; short ones joined to what stands beside them."""
    titles = slide_titles(slides)
    numbered = {slide.number: slide for slide in slides}
    groups: list[_Group] = []
    for number, run in groupby(moments, key=lambda moment: moment.slide):
        held = tuple(run)
        slide = numbered.get(number)
        if slide is None:
            groups.append(_Group(held))
            continue
        last = next((one.slides[-1] for one in reversed(groups) if one.slides), None)
        title = titles[number]
        if groups and groups[-1].slides and last is not None and same_topic(titles[last.number], title):
            groups[-1] = replace(groups[-1], moments=groups[-1].moments + held, slides=(*groups[-1].slides, slide))
        else:
            groups.append(_Group(held, (slide,), begins_section(slide, title)))
    return _long_enough(groups, speech)


def _long_enough(groups: list[_Group], speech: Speech) -> list[_Group]:
    """Groups with those that are too short joined to the one before or behind."""
    least = min(max(sum(group.seconds for group in groups) / _MOST_CHAPTERS, LEAST_SECONDS), _LEAST_LONG_SECONDS)
    while len(groups) > 1:
        at = min(range(len(groups)), key=lambda place: groups[place].seconds)
        if groups[at].seconds >= least:
            break
        first = at - 1 if _joins_before(groups, at, speech) else at
        one, other = groups[first], groups[first + 1]
        groups[first : first + 2] = [_Group(one.moments + other.moments, one.slides + other.slides, one.heads)]
    return groups


def _joins_before(groups: Sequence[_Group], at: int, speech: Speech) -> bool:
    """Whether a group that is too short belongs to the one before, rather than to the one behind."""
    if at in (0, len(groups) - 1):
        return at > 0
    if groups[at].heads or groups[at + 1].heads:
        return not groups[at].heads
    text, before, after = (_all_words(groups[place], speech) for place in (at, at - 1, at + 1))
    nearer = alike(text, before) - alike(text, after)
    if abs(nearer) > 0.1:
        return nearer > 0
    return groups[at - 1].seconds <= groups[at + 1].seconds


def _by_turns(groups: Sequence[_Group], speech: Speech, always: bool) -> list[_Group]:
    """Groups that are too long, or `always` all, cut where the talk turns to something else."""
    found: list[_Group] = []
    for group in groups:
        if len(group.moments) < 2 or not (always or group.seconds > MOST_SECONDS):
            found.append(group)
            continue
        short, long = _TARGETS
        target = min(max(group.seconds / _MANY, short), long)
        texts = [_words(moment, speech) for moment in group.moments]
        parts = [
            Part(moment.start_seconds, _said_until(moment, speech), text)
            for moment, text in zip(group.moments, texts, strict=True)
        ]
        cuts = [0, *best_cuts(parts, turns(texts, _BLOCK), Lengths(target, MOST_SECONDS)), len(parts)]
        pieces = [group.moments[first:behind] for first, behind in pairwise(cuts)]
        found += _long_enough([_piece(group, piece) for piece in pieces], speech)
    return found


def _piece(group: _Group, moments: tuple[Moment, ...]) -> _Group:
    numbers = {moment.slide for moment in moments}
    return _Group(moments, tuple(slide for slide in group.slides if slide.number in numbers))


def _by_marks(
    marks: Sequence[Chapter], slides: Sequence[Slide], speech: Speech, moments: Sequence[Moment]
) -> tuple[tuple[Moment, ...], tuple[Chapter, ...]]:
    """The file's own chapters; a moment belongs to that in which most of it lies."""
    ends = [mark.start_seconds for mark in marks[1:]] + [moments[-1].end_seconds]

    def home(moment: Moment) -> int:
        shares = [
            min(end, moment.end_seconds) - max(mark.start_seconds, moment.start_seconds)
            for mark, end in zip(marks, ends, strict=True)
        ]
        return max(range(len(marks)), key=lambda place: (shares[place], -place))

    placed = tuple(replace(moment, chapter=home(moment) + 1) for moment in moments)
    inside = [tuple(moment for moment in placed if moment.chapter == number) for number in range(1, len(marks) + 1)]
    shown = [tuple(slide for slide in slides if slide.number in {one.slide for one in held}) for held in inside]
    groups = [_Group(held, seen) for held, seen in zip(inside, shown, strict=True)]
    made = _titles_of(groups, slides, speech)
    chapters: list[Chapter] = []
    for number, (mark, end) in enumerate(zip(marks, ends, strict=True), 1):
        title, by = made[number - 1]
        own = flat(mark.title)
        if not _EMPTY.fullmatch(own):
            title, by = shortened(own), "file"
        chapters.append(Chapter(number, title, mark.start_seconds, end, by))
    return placed, tuple(chapters)


def _own_marks(marks: Sequence[Chapter], moments: Sequence[Moment]) -> list[Chapter]:
    """Chapters of the file in order, those that begin beyond the end or together with the next left out."""
    begin, end = moments[0].start_seconds, moments[-1].end_seconds
    inside = sorted((mark for mark in marks if mark.start_seconds < end), key=lambda mark: mark.start_seconds)
    kept = [
        mark
        for mark, after in zip(inside, [*inside[1:], None], strict=False)
        if after is None or after.start_seconds - mark.start_seconds >= 1
    ]
    return [replace(mark, start_seconds=mark.start_seconds if place else begin) for place, mark in enumerate(kept)]


def _titles_of(groups: Sequence[_Group], slides: Sequence[Slide], speech: Speech) -> list[tuple[str, TitledBy]]:
    titles = slide_titles(slides)
    said = [" ".join(_words(moment, speech) for moment in group.moments) for group in groups]
    found: list[tuple[str, TitledBy]] = []
    taken: Counter[str] = Counter()
    for place, group in enumerate(groups):
        shown = _slides_title(group, titles)
        by: TitledBy = "slide" if shown else "speech"
        # A weak recogniser's words are no title: a title is read as fact.
        heard = key_phrase(said[place], said[:place] + said[place + 1 :]) if speech.quotable else ""
        title = shown or heard or f"Chapter {place + 1}"
        taken[title] += 1
        found.append((f"{title} ({taken[title]})" if taken[title] > 1 else title, by))
    return found


def _slides_title(group: _Group, titles: Mapping[int, str]) -> str:
    """A group's title out of those of its slides; "" where they have none."""
    named = [slide for slide in group.slides if titles[slide.number]]
    if group.heads and named and named[0] is group.slides[0] and not is_agenda(named[0].title):
        return titles[named[0].number]
    kept = [slide for slide in named if not is_agenda(slide.title)] or named
    once: list[str] = []
    for slide in kept:
        if not any(same_topic(titles[slide.number], title) for title in once):
            once.append(titles[slide.number])
    joined = " · ".join(once)
    if len(once) <= _JOINED_TITLES and len(joined) <= LONGEST:
        return joined
    return titles[max(kept, key=lambda slide: slide.end_seconds - slide.start_seconds).number]


def _chaptered(
    groups: Sequence[_Group], named: Sequence[tuple[str, TitledBy]]
) -> tuple[tuple[Moment, ...], tuple[Chapter, ...]]:
    chapters = tuple(
        Chapter(number, title, group.moments[0].start_seconds, group.moments[-1].end_seconds, by)
        for number, (group, (title, by)) in enumerate(zip(groups, named, strict=True), 1)
    )
    placed = (replace(one, chapter=number) for number, group in enumerate(groups, 1) for one in group.moments)
    return tuple(placed), chapters


def _words(moment: Moment, speech: Speech) -> str:
    return " ".join(cue.text for cue in speech.cues[slice(*moment.cues)])


def _all_words(group: _Group, speech: Speech) -> str:
    """What is said and shown."""
    said = [_words(moment, speech) for moment in group.moments]
    return " ".join([*said, *(slide.text for slide in group.slides)])


def _said_until(moment: Moment, speech: Speech) -> float:
    """When the last word of a moment is said."""
    ends = [cue.end_seconds for cue in speech.cues[slice(*moment.cues)]]
    return min(moment.end_seconds, max(ends, default=moment.end_seconds))

"""Corrections by hand: what a person changes in a transcript and its chapters, and takes back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from cml_mm.errors import InputError, LimitExceeded
from cml_mm.lectures.terms import flat
from cml_mm.lectures.values import ChangesByHand, ChapterEdit, Cue, CueEdit, Lecture, LectureEdit, SpeakerEdit

LONGEST_TEXT = 2_000  # characters of a cue
LONGEST_NAME = 80
LONGEST_TITLE = 120
MOST_EDITS = 200  # at a time
MOST_KEPT = 2_000  # edits of one lecture


def corrected(lecture: Lecture, edits: Sequence[LectureEdit]) -> Lecture:
    """A lecture as somebody says that it is: all edits, or none where one of them cannot be made.

    A cue that somebody rewrote counts as surely heard. Times, moments and the borders of chapters stay.

    Args:
        lecture: as it was read, or as it was corrected before.
        edits: in the order in which they are made; each sees what those before it did.

    Raises:
        InputError: an edit names a cue, speaker or chapter that is not there, or leaves a chapter without a title.
        LimitExceeded: too many edits, or words that are too long.
    """
    if len(edits) > MOST_EDITS:
        raise LimitExceeded(f"These are {len(edits)} changes at a time.", f"Make up to {MOST_EDITS} and save them.")
    for edit in edits:
        lecture = _made(lecture, edit)
    return lecture


def amended(lecture: Lecture, edits: Sequence[LectureEdit]) -> Lecture:
    """As `corrected`, and kept as one step that can be taken back.

    Raises:
        InputError: an edit cannot be made.
        LimitExceeded: too many edits, at a time or with those that are kept, or words that are too long.
    """
    if not edits:
        return lecture
    before = lecture.changes or ChangesByHand(lecture.speech.cues, lecture.chapters, ())
    kept = sum(len(step) for step in before.steps)
    if kept + len(edits) > MOST_KEPT:
        raise LimitExceeded(
            f"This lecture has been changed {kept:,} times; {MOST_KEPT:,} changes are kept.",
            "Take some back, or bring its captions, corrected, as a file beside it.",
        )
    return replace(corrected(lecture, edits), changes=replace(before, steps=(*before.steps, tuple(edits))))


def last_taken_back(lecture: Lecture) -> Lecture:
    """A lecture without the step that was made last.

    Raises: InputError: there is none.
    """
    changes = lecture.changes
    if changes is None:
        raise InputError("Nothing in this lecture was changed by hand.", "There is nothing to take back.")
    now = all_taken_back(lecture)
    for step in changes.steps[:-1]:
        now = amended(now, step)
    return now


def all_taken_back(lecture: Lecture) -> Lecture:
    """A lecture as it was read: its slides, times and moments were never changed by hand, and stay."""
    changes = lecture.changes
    if changes is None:
        return lecture
    return replace(_with_cues(lecture, changes.cues), chapters=changes.chapters, changes=None)


def _made(lecture: Lecture, edit: LectureEdit) -> Lecture:
    if isinstance(edit, CueEdit):
        return _rewritten(lecture, edit)
    if isinstance(edit, SpeakerEdit):
        return _named(lecture, edit)
    return _titled(lecture, edit)


def _rewritten(lecture: Lecture, edit: CueEdit) -> Lecture:
    cues = lecture.speech.cues
    if not 0 <= edit.cue < len(cues):
        _no_cue(edit.cue, len(cues))
    if edit.old is not None and flat(cues[edit.cue].text) != flat(edit.old):
        raise InputError(
            "This sentence says something else by now, so it was left as it is.",
            "Copy what you wrote, open the lecture again, and look where it belongs.",
        )
    text = _line(edit.text, LONGEST_TEXT, "The words of one caption")
    cue = replace(cues[edit.cue], text=text, confidence=1.0)
    return _with_cues(lecture, [*cues[: edit.cue], cue, *cues[edit.cue + 1 :]])


def _named(lecture: Lecture, edit: SpeakerEdit) -> Lecture:
    cues = lecture.speech.cues
    first, behind = edit.cues
    name, old = _line(edit.name, LONGEST_NAME, "A speaker's name"), flat(edit.old)
    if first == behind == 0:
        meant = [place for place, cue in enumerate(cues) if flat(cue.speaker) == old]
        if not meant:
            whom = f"speaker called {old[:60]!r}" if old else "caption without a speaker's name"
            raise InputError(
                f"The recording has no {whom} (any more).",
                "The name may have been changed meanwhile; look at the transcript again.",
            )
    elif not 0 <= first < behind <= len(cues):
        _no_cue(first if not 0 <= first < len(cues) else behind - 1, len(cues))
    else:
        meant = list(range(first, behind))
    changed = set(meant)
    return _with_cues(
        lecture, [replace(cue, speaker=name) if place in changed else cue for place, cue in enumerate(cues)]
    )


def _titled(lecture: Lecture, edit: ChapterEdit) -> Lecture:
    title = _line(edit.title, LONGEST_TITLE, "A chapter's title")
    if not title:
        raise InputError("A chapter needs a title.", "Write what it is about.")
    if all(chapter.number != edit.number for chapter in lecture.chapters):
        raise InputError(
            f"The recording has no chapter {edit.number}; it has {len(lecture.chapters)}.",
            "Choose one of those that are listed.",
        )
    chapters = tuple(
        replace(chapter, title=title, titled_by="hand") if chapter.number == edit.number else chapter
        for chapter in lecture.chapters
    )
    return replace(lecture, chapters=chapters)


def _with_cues(lecture: Lecture, cues: Sequence[Cue]) -> Lecture:
    return replace(lecture, speech=replace(lecture.speech, cues=tuple(cues)))


def _line(written: str, longest: int, what: str) -> str:
    """Words on one line, without signs that cannot be seen."""
    text = flat("".join(char if char.isprintable() else " " for char in written))
    if len(text) > longest:
        raise LimitExceeded(f"{what} may have up to {longest} characters; these are {len(text)}.", "Shorten them.")
    return text


def _no_cue(place: int, count: int) -> NoReturn:
    raise InputError(
        f"The transcript has no caption number {place + 1}; it has {count}.",
        "It may have been read anew meanwhile; look at the transcript again.",
    )

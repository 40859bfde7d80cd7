"""Questions about a visitor's recordings: recognised, answered from their moments and slides, cited to the second."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_pictures import frame_reply
from cml_mm.answering.file_quotes import QuoteFinder
from cml_mm.answering.file_reply import FileReply
from cml_mm.answering.file_source import Shelf
from cml_mm.answering.lecture_finding import LectureFinder
from cml_mm.answering.lecture_patterns import LecturePatternAnswers
from cml_mm.answering.lecture_questions import LectureQuestion, read_lecture_question
from cml_mm.answering.lecture_shelf import OneLecture, lectures_of
from cml_mm.answering.lecture_slides import SlideAnswers
from cml_mm.answering.lecture_telling import LectureTeller
from cml_mm.answering.lecture_wholes import WholeLectureAnswers
from cml_mm.answering.lecture_words import WordAnswers

_SEEN_KINDS = frozenset({"where", "first", "slide_about", "slide_when"})
_SEEN = re.compile(
    r"\b(?:slides?|shown?|shows|showing|sees?|seen|visible|appears?|screen|film(?:ed)?)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class AskedOfLecture:
    """A question with the recordings that it is asked of; `slugs` are the patterns that it names."""

    question: LectureQuestion
    lectures: tuple[OneLecture, ...]
    slugs: tuple[str, ...] = ()


def asked_of_lecture(
    question: str,
    shelf: Shelf,
    files: Sequence[str] = (),
    alone: bool = True,
    patterns: Sequence[str] = (),
    slugs: Sequence[str] = (),
    latest: Sequence[str] = (),
    plain: bool = False,
) -> AskedOfLecture | None:
    """The question as one about recordings; None where it is none.

    It is one where it speaks of somebody's talk, or where nothing but recordings is asked.

    Args:
        question: made whole, in English.
        shelf: the files that may be asked.
        files: ids of those that the question names.
        alone: whether nothing but files is asked.
        patterns: names of the library's pages in the question, as written; `slugs` are theirs.
        latest: ids of the files that the last answer was about.
        plain: whether it asks files for nothing in particular, and so of recordings for what they say.
    """
    every = lectures_of(shelf)
    named = tuple(one for one in every if one.file.card.id in files)
    if not every or (files and not named):
        return None
    before = tuple(one for one in every if one.file.card.id in latest)
    chosen = named or (before if _pointed(question) else ()) or every
    bare = _without_names(question, chosen)
    only = bool(named) or (alone and len(every) == len(shelf.files))
    read = read_lecture_question(bare, [name for one in chosen for name in one.speakers], patterns)
    if read is None and only and plain and prose.terms(bare):
        read = LectureQuestion(question, "ask", bare)
    if read is None:
        return None
    return AskedOfLecture(read, chosen, tuple(slugs)) if read.spoken or only else None


_POINTS = re.compile(
    r"\b(?:s?he|her|his|him|they|it|this|that|the (?:speaker|lecturer|talk|lecture|video|recording))\b", re.IGNORECASE
)


def _pointed(question: str) -> bool:
    return _POINTS.search(question) is not None


def _without_names(question: str, lectures: Sequence[OneLecture]) -> str:
    """The question with "the lecture" where it names a recording."""
    for one in lectures:
        for name in (one.file.card.name, one.title):
            if len(name) > 3:
                question = re.sub(
                    rf"(?:\bthe\s+)?[“\"']?{re.escape(name)}[”\"']?", "the lecture", question, flags=re.IGNORECASE
                )
    return question


@dataclass(frozen=True)
class LectureAnswers:
    """Tells what was asked of recordings."""

    shelf: Shelf
    book: EvidenceBook
    composer: Composer

    def reply(self, asked: AskedOfLecture) -> FileReply:
        """The answer, every sentence with its second."""
        shelf = self.shelf.only([one.file.card.id for one in asked.lectures])
        finder = LectureFinder(QuoteFinder(self.composer.bm25, self.composer.encoder), shelf, asked.lectures)
        if seen := self._by_look(asked.question, finder):
            return seen
        words = WordAnswers(finder, LectureTeller(self.book, several=len(asked.lectures) > 1))
        kinds = {
            **words.kinds,
            **SlideAnswers(words).kinds,
            **WholeLectureAnswers(words).kinds,
            **LecturePatternAnswers(words, self.composer, asked.slugs).kinds,
        }
        return kinds[asked.question.kind](asked.question)

    def _by_look(self, asked: LectureQuestion, finder: LectureFinder) -> FileReply | None:
        """Frames that look like what is to be seen, where no words speak of it and an image encoder sees."""
        if finder.shelf.source.pictures is None or asked.kind not in _SEEN_KINDS or not _SEEN.search(asked.question):
            return None
        found = finder.find(asked.topic, asked.speaker) if asked.topic else None
        if found is None or found.is_heard or found.is_seen:
            return None
        return frame_reply(asked.topic, finder.shelf, self.book)

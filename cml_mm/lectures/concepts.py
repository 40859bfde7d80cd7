"""Where a recording mentions names, such as those of the library's patterns, in speech and on slides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cml_mm.lectures.sentences import sentences_of
from cml_mm.lectures.terms import WORD, flat, singular, words
from cml_mm.lectures.values import Lecture

_ACRONYM = 5  # letters; so short a name in capitals is not meant by the same word in small letters: "IT", "WHO"


@dataclass(frozen=True)
class Mention:
    """A name that is said or stands on a slide.

    `key` is the caller's, `said` the words as they stand. Of speech, `cues` are the places from the first to behind the
    last cue that say it, and the times theirs; of a slide, the times are the slide's.
    """

    key: str
    said: str
    where: Literal["speech", "slide"]
    start_seconds: float
    end_seconds: float
    moment: int = 0
    slide: int = 0
    cues: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class _Token:
    word: str  # folded
    written: str
    start: int  # characters of the text
    end: int


@dataclass(frozen=True)
class _Name:
    key: str
    words: tuple[str, ...]
    capitals: bool  # must stand in capitals


def first_mentions(lecture: Lecture, names: Mapping[str, Sequence[str]]) -> tuple[Mention, ...]:
    """The first mention of each key by any of its names, in order of time.

    Args:
        lecture: as it was read.
        names: by key, such as a pattern's slug, the names by which it may be called.
    """
    once: dict[str, Mention] = {}
    for mention in mentions_of(lecture, names):
        once.setdefault(mention.key, mention)
    return tuple(once.values())


def mentions_of(lecture: Lecture, names: Mapping[str, Sequence[str]]) -> tuple[Mention, ...]:
    """Every mention, in order of time; what is on a slide before what is said meanwhile.

    Whole words count, in any case, as plural or singular; a name of one word is not found by its singular, as "Commons"
    is not meant by "common". Where names overlap, the longest is meant. A name may run over cues, not over sentences.
    """
    known = _indexed(names)
    found = [*_on_slides(lecture, known), *_in_speech(lecture, known)]
    return tuple(sorted(found, key=lambda one: (one.start_seconds, one.where == "speech", one.cues)))


def _indexed(names: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[_Name]]:
    """Names by the singular of their first word, the longest first."""
    found: dict[str, list[_Name]] = {}
    for key, called in names.items():
        for name in called:
            parts = tuple(words(name))
            if parts:
                capitals = len(parts) == 1 and len(name) <= _ACRONYM and name.isupper()
                found.setdefault(singular(parts[0]), []).append(_Name(key, parts, capitals))
    return {first: sorted(held, key=lambda name: -len(name.words)) for first, held in found.items()}


def _on_slides(lecture: Lecture, known: Mapping[str, Sequence[_Name]]) -> Iterator[Mention]:
    first = {moment.slide: moment.number for moment in reversed(lecture.moments)}
    for slide in lecture.slides:
        for line in slide.lines:
            text = flat(line.text)
            for name, start, end in _matches(text, known):
                yield Mention(
                    name.key,
                    text[start:end],
                    "slide",
                    slide.start_seconds,
                    slide.end_seconds,
                    first.get(slide.number, 0),
                    slide.number,
                )


def _in_speech(lecture: Lecture, known: Mapping[str, Sequence[_Name]]) -> Iterator[Mention]:
    cues = lecture.speech.cues
    home = {place: moment for moment in lecture.moments for place in range(*moment.cues)}
    for sentence in sentences_of(lecture.speech):
        for name, start, end in _matches(sentence.text, known):
            first, behind = sentence.cues_of(start, end)
            moment = home.get(first)
            yield Mention(
                name.key,
                sentence.text[start:end],
                "speech",
                cues[first].start_seconds,
                max(cue.end_seconds for cue in cues[first:behind]),
                moment.number if moment else 0,
                moment.slide if moment else 0,
                (first, behind),
            )


def _matches(text: str, known: Mapping[str, Sequence[_Name]]) -> Iterator[tuple[_Name, int, int]]:
    """Names in a text with their characters; names of the same words are all meant."""
    tokens = list(_tokens(text))
    at = 0
    while at < len(tokens):
        fitting = [name for name in known.get(singular(tokens[at].word), ()) if _fits(name, tokens, at)]
        longest = max((len(name.words) for name in fitting), default=0)
        for name in fitting:
            if len(name.words) == longest:
                yield name, tokens[at].start, tokens[at + longest - 1].end
        at += max(1, longest)


def _fits(name: _Name, tokens: Sequence[_Token], at: int) -> bool:
    held = tokens[at : at + len(name.words)]
    if len(held) < len(name.words):
        return False
    if len(held) == 1:
        word = held[0].word
        fits = name.words[0] in (word, singular(word))
        return fits and (not name.capitals or held[0].written.isupper())
    return all(singular(token.word) == singular(word) for token, word in zip(held, name.words, strict=True))


def _tokens(text: str) -> Iterator[_Token]:
    for found in WORD.finditer(text):
        parts = words(found.group())
        for number, word in enumerate(parts):
            if len(parts) == 1:
                bare = re.split("['’]", found.group())[0]
                yield _Token(word, bare, found.start(), found.start() + len(bare))
            else:  # pairs of characters
                start = found.start() + number
                yield _Token(word, text[start : start + 2], start, start + 2)

"""What the moments of a recording mention: patterns of the library, and concepts that the recording itself names.

Patterns come from the links of its chunks (`PatternLink`). Concepts are what slides and chapters are called, and what
moments say most; each is looked for in all that is said and shown. What a weak recogniser heard names no concept, and
what it mentions is marked: it can be found, and is never quoted as fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cml_mm.graph.lecture_places import Places
from cml_mm.lectures.concepts import mentions_of
from cml_mm.lectures.terms import STOP_WORDS, singular, words
from cml_mm.lectures.titles import clean_title, is_agenda, slide_titles
from cml_mm.visits import Chunk, PatternLink, ReadFile

MOST_WORDS = 6  # of a concept's name: what is longer is a sentence
# Words that tell where in a talk one is, and not what it is about.
_PARTS = frozenset(
    """answer appendix chapter conclusion content end introduction outlook part question recap reference section slide
    summary title track""".split()
)
_ARTICLE = re.compile(r"\A(?:an?|the)\s+", re.IGNORECASE)

Where = Literal["speech", "slide"]


@dataclass(frozen=True)
class Mentioned:
    """A moment mentions something: `target` is a pattern's slug or a concept's key, `words` those that justify it.

    The seconds are those of the words. `first` tells the first moment of the recording that mentions it, `named`
    whether it is named or only spoken of, `score` how surely. Where one part is `quotable` and another is not, the
    words are those of the first part alone.
    """

    target: str
    moment: int
    title: str
    words: tuple[str, ...]
    where: tuple[Where, ...]
    start_seconds: float
    end_seconds: float
    quotable: bool
    named: bool = True
    score: float = 1.0
    first: bool = False


@dataclass(frozen=True)
class Concept:
    """Something that a recording names; `first` is its first mention."""

    key: str
    title: str
    first: Mentioned


@dataclass(frozen=True)
class Mentions:
    """Everything that is mentioned: once a moment, in the order of time."""

    patterns: tuple[Mentioned, ...] = ()
    concepts: tuple[Concept, ...] = ()
    of_concepts: tuple[Mentioned, ...] = ()


def mentions_in(places: Places, links: Sequence[PatternLink]) -> Mentions:
    """Args:
    places: of a recording.
    links: of chunks to patterns; those of other files are passed over.
    """
    of_concepts = _once_a_moment(_named_concepts(places))
    concepts = tuple(Concept(one.target, one.title, one) for one in of_concepts if one.first)
    return Mentions(_once_a_moment(_linked(places, links)), concepts, of_concepts)


def concept_names(places: Places) -> dict[str, str]:
    """What a recording itself names, by a key that is the same for "Rules" and "The rules (continued)"."""
    lecture = places.lecture
    chapters = (
        chapter.title
        for chapter in lecture.chapters
        if chapter.titled_by in ("file", "hand") or (chapter.titled_by == "speech" and lecture.speech.quotable)
    )
    found: dict[str, str] = {}
    passed = STOP_WORDS | _PARTS
    for title in (*slide_titles(lecture.slides).values(), *chapters, *places.titles.values()):
        name = clean_title(title)
        parts = [singular(word) for word in words(_bare(name))]
        telling = (part for part in parts if part not in passed and not part.isdecimal())
        if len(parts) <= MOST_WORDS and any(len(part) > 1 for part in telling) and not is_agenda(name):
            found.setdefault(" ".join(parts), name)
    return found


def _bare(name: str) -> str:
    """A name without its article: "our cider press" is what a slide calls "The Cider Press"."""
    return _ARTICLE.sub("", name)


def _named_concepts(places: Places) -> Iterator[Mentioned]:
    names = concept_names(places)
    quotable = places.lecture.speech.quotable
    for one in mentions_of(places.lecture, {key: (_bare(name),) for key, name in names.items()}):
        if one.moment:
            yield Mentioned(
                target=one.key,
                moment=one.moment,
                title=names[one.key],
                words=(one.said,),
                where=(one.where,),
                start_seconds=one.start_seconds,
                end_seconds=one.end_seconds,
                quotable=quotable or one.where == "slide",
            )


def _linked(places: Places, links: Sequence[PatternLink]) -> Iterator[Mentioned]:
    """The links of chunks as mentions; what a slide shows belongs to the first moment that shows it."""
    chunks = {chunk.id: chunk for chunk in places.file.chunks}
    by_slide = {moment.slide: moment for moment in reversed(places.lecture.moments)}
    for link in links:
        chunk = chunks.get(link.chunk)
        if chunk is None:
            continue
        said, shown = places.spoken.get(chunk.section), places.shown.get(chunk.section)
        moment = said or (by_slide.get(shown.number) if shown else None)
        if moment is None:
            continue
        read = places.file.read
        start, end = seconds_saying(read, chunk, link.words) or (moment.start_seconds, moment.end_seconds)
        yield Mentioned(
            target=link.slug,
            moment=moment.number,
            title=link.title,
            words=link.words,
            where=("speech",) if said else ("slide",),
            start_seconds=start,
            end_seconds=end,
            quotable=said is None or places.lecture.speech.quotable,
            named=link.named,
            score=round(link.score, 3),
        )


def seconds_saying(read: ReadFile, chunk: Chunk, said: Sequence[str]) -> tuple[float, float] | None:
    """From the first to the last of the words; of the whole chunk where they run over captions, of a slide as long as
    it is shown."""
    text = read.document.sections[chunk.section].text
    times = read.placings[chunk.section].times
    runs = [run for run in times if run.start < chunk.end and chunk.start < run.end]
    saying = [run for run in runs if any(word in text[run.start : run.end] for word in said)] or runs
    return (saying[0].start_seconds, saying[-1].end_seconds) if saying else None


def _once_a_moment(found: Iterable[Mentioned]) -> tuple[Mentioned, ...]:
    """Mentions joined by what and where they mention, the first of each marked."""
    held: dict[tuple[str, int], Mentioned] = {}
    for one in found:
        key = (one.target, one.moment)
        held[key] = _joined(held[key], one) if key in held else one
    ordered = sorted(held.values(), key=lambda one: (one.start_seconds, one.moment, one.target))
    seen: set[str] = set()
    marked = []
    for one in ordered:
        marked.append(one if one.target in seen else replace(one, first=True))
        seen.add(one.target)
    return tuple(marked)


def _joined(one: Mentioned, other: Mentioned) -> Mentioned:
    if one.quotable != other.quotable:
        sure, doubted = (one, other) if one.quotable else (other, one)
        return replace(sure, where=tuple(dict.fromkeys((*sure.where, *doubted.where))))
    return replace(
        one,
        words=tuple(dict.fromkeys((*one.words, *other.words))),
        where=tuple(dict.fromkeys((*one.where, *other.where))),
        start_seconds=min(one.start_seconds, other.start_seconds),
        end_seconds=max(one.end_seconds, other.end_seconds),
        named=one.named or other.named,
        score=max(one.score, other.score),
    )

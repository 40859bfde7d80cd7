"""Recordings as nodes and links of the property graph, beside the chunks that quote them.

    file -HAS_RECORDING-> Recording; Chapter -PART_OF-> Recording; Moment -PART_OF-> its chapter
    Moment -NEXT-> the moment behind it; Moment -SHOWS-> Slide -SHOWS-> the diagrams on it (`diagram_rows`)
    Moment -MENTIONS-> pattern or Concept, with the words that justify it (`lecture_mentions`)
    chunk -PART_OF-> the moment that says it, or the slide that shows it

So one walk goes from a pattern to the moments that mention it, to what is said and shown there, and on to what
follows. All times are seconds from the recording's start.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from llama_index.core.graph_stores.types import EntityNode

from cml_mm.graph.diagram_rows import PART_OF, diagram_id
from cml_mm.graph.graph_rows import LinkRow, to_json
from cml_mm.graph.lecture_mentions import Concept, Mentioned, Mentions, Where, mentions_in
from cml_mm.graph.lecture_places import Places
from cml_mm.lectures.terms import flat
from cml_mm.lectures.titles import slide_titles
from cml_mm.lectures.values import Chapter, Lecture, Moment, Slide
from cml_mm.lectures.wording import headed
from cml_mm.types import clock
from cml_mm.visits import PatternLink, StoredFile

RECORDING = "Recording"
CHAPTER = "Chapter"
MOMENT = "Moment"
SLIDE = "Slide"
CONCEPT = "Concept"
HAS_RECORDING = "HAS_RECORDING"
NEXT = "NEXT"
SHOWS = "SHOWS"
MENTIONS = "MENTIONS"


def recording_id(owner: str) -> str:
    """The node id of a recording. Args: owner: the file's id, as everywhere here."""
    return f"{owner}/recording"


def chapter_id(owner: str, number: int) -> str:
    return f"{owner}/chapter-{number}"


def moment_id(owner: str, number: int) -> str:
    return f"{owner}/moment-{number}"


def slide_id(owner: str, number: int) -> str:
    return f"{owner}/slide-{number}"


def concept_id(owner: str, key: str) -> str:
    return f"{owner}/concept/{key}"


def number_of(moment: str) -> int:
    """The number of a moment by its node id."""
    return int(moment.rpartition("-")[2])


@dataclass(frozen=True)
class MentionLink:
    """A moment that mentions a pattern or concept, as the graph holds it; see `Mentioned`."""

    moment: str  # node id
    file: str
    title: str  # of what is mentioned
    words: tuple[str, ...]
    where: tuple[Where, ...]
    start_seconds: float
    end_seconds: float
    first: bool
    named: bool
    quotable: bool
    score: float


def read_mention(row: LinkRow) -> MentionLink:
    """A MENTIONS link from its row."""
    held = json.loads(row.properties)
    held |= {"words": tuple(held["words"]), "where": tuple(held["where"])}
    return MentionLink(moment=row.source, file=row.source.rpartition("/")[0], **held)


@dataclass(frozen=True)
class LectureGraph:
    """What one recording adds to the graph."""

    file: StoredFile
    places: Places
    mentions: Mentions

    @classmethod
    def of(cls, file: StoredFile, links: Sequence[PatternLink]) -> LectureGraph:
        """Args:
        file: a recording of a visitor.
        links: of chunks, to patterns that the library holds; those of other files are passed over.
        """
        places = Places.of(file)
        return cls(file, places, mentions_in(places, links))

    @property
    def owner(self) -> str:
        return self.file.card.id

    @property
    def lecture(self) -> Lecture:
        return self.places.lecture

    def nodes(self) -> Iterator[EntityNode]:
        """The recording, its chapters, moments and slides, and the concepts that it mentions."""
        lecture = self.lecture
        yield self._recording()
        for chapter in lecture.chapters:
            yield self._chapter(chapter)
        for moment in lecture.moments:
            yield self._moment(moment)
        titles = slide_titles(lecture.slides)
        for slide in lecture.slides:
            yield self._slide(slide, titles[slide.number])
        for concept in self.mentions.concepts:
            yield self._concept(concept)

    def rows(self) -> Iterator[LinkRow]:
        """The links between these, to the file's chunks and diagrams, and to patterns."""
        owner, lecture = self.owner, self.lecture
        yield LinkRow(owner, recording_id(owner), HAS_RECORDING, "{}")
        for chapter in lecture.chapters:
            yield LinkRow(chapter_id(owner, chapter.number), recording_id(owner), PART_OF, "{}")
        for moment in lecture.moments:
            this = moment_id(owner, moment.number)
            within = chapter_id(owner, moment.chapter) if moment.chapter else recording_id(owner)
            yield LinkRow(this, within, PART_OF, "{}")
            if moment.slide:
                yield LinkRow(this, slide_id(owner, moment.slide), SHOWS, "{}")
        for one, after in pairwise(lecture.moments):
            yield LinkRow(moment_id(owner, one.number), moment_id(owner, after.number), NEXT, "{}")
        yield from self._of_file()
        for mentioned in self.mentions.patterns:
            yield self._mention(mentioned, mentioned.target)
        for mentioned in self.mentions.of_concepts:
            yield self._mention(mentioned, concept_id(owner, mentioned.target))

    def _of_file(self) -> Iterator[LinkRow]:
        """What leads from chunks to moments and slides, and from slides to diagrams."""
        owner, places = self.owner, self.places
        for chunk in self.file.chunks:
            if (moment := places.spoken.get(chunk.section)) is not None:
                yield LinkRow(chunk.id, moment_id(owner, moment.number), PART_OF, "{}")
            elif (slide := places.shown.get(chunk.section)) is not None:
                yield LinkRow(chunk.id, slide_id(owner, slide.number), PART_OF, "{}")
        faces = {slide.face: slide.number for slide in reversed(self.lecture.slides)}
        for number, diagram in enumerate(self.file.read.diagrams):
            if diagram.face in faces:
                yield LinkRow(slide_id(owner, faces[diagram.face]), diagram_id(owner, number), SHOWS, "{}")

    def _recording(self) -> EntityNode:
        speech, document = self.lecture.speech, self.file.read.document
        properties = {
            "title": document.title,
            "name": self.file.card.name,
            "format": document.format,
            "start_seconds": 0.0,
            "end_seconds": self.lecture.seconds,
            "speech": speech.origin,
            "language": speech.language,
            "quotable": speech.quotable,
        }
        return self._entity(recording_id(self.owner), RECORDING, properties)

    def _chapter(self, chapter: Chapter) -> EntityNode:
        properties = {
            "title": chapter.title,
            "number": chapter.number,
            "start_seconds": chapter.start_seconds,
            "end_seconds": chapter.end_seconds,
            "titled_by": chapter.titled_by,
        }
        return self._entity(chapter_id(self.owner, chapter.number), CHAPTER, properties)

    def _moment(self, moment: Moment) -> EntityNode:
        speech, title = self.lecture.speech, self.places.titles[moment.number]
        cues = speech.cues[slice(*moment.cues)]
        properties = {
            "title": f"{clock(moment.start_seconds)} {title}".strip(),
            "about": title,
            "number": moment.number,
            "start_seconds": moment.start_seconds,
            "end_seconds": moment.end_seconds,
            "words": self.places.words.get(moment.number, ""),
            "speakers": list(dict.fromkeys(flat(cue.speaker) for cue in cues if flat(cue.speaker))),
            "speech": speech.origin,
            "quotable": speech.quotable,
        }
        return self._entity(moment_id(self.owner, moment.number), MOMENT, properties)

    def _slide(self, slide: Slide, title: str) -> EntityNode:
        properties = {
            "title": headed(f"Slide at {clock(slide.start_seconds)}", title),
            "number": slide.number,
            "start_seconds": slide.start_seconds,
            "end_seconds": slide.end_seconds,
            "words": slide.text,
            "face": slide.face,
        }
        return self._entity(slide_id(self.owner, slide.number), SLIDE, properties)

    def _concept(self, concept: Concept) -> EntityNode:
        first = concept.first
        properties = {
            "title": concept.title,
            "start_seconds": first.start_seconds,
            "end_seconds": first.end_seconds,
            "first_moment": moment_id(self.owner, first.moment),
        }
        return self._entity(concept_id(self.owner, concept.key), CONCEPT, properties)

    def _entity(self, node_id: str, label: str, properties: Mapping[str, Any]) -> EntityNode:
        place = {"of": self.owner, "ref_doc_id": self.owner}
        return EntityNode(name=node_id, label=label, properties={**properties, **place})

    def _mention(self, one: Mentioned, target: str) -> LinkRow:
        properties = {
            "title": one.title,
            "words": list(one.words),
            "where": list(one.where),
            "start_seconds": one.start_seconds,
            "end_seconds": one.end_seconds,
            "first": one.first,
            "named": one.named,
            "quotable": one.quotable,
            "score": one.score,
        }
        return LinkRow(moment_id(self.owner, one.moment), target, MENTIONS, to_json(properties))

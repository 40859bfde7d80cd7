"""Recordings as nodes and links, whatever is said and shown: every end is there, every moment in its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cml_mm.engine.lectures import Named, read_of
from cml_mm.graph.diagram_rows import PART_OF
from cml_mm.graph.lecture_mentions import concept_names
from cml_mm.graph.lecture_places import Places
from cml_mm.graph.lecture_rows import (
    CONCEPT,
    HAS_RECORDING,
    MENTIONS,
    MOMENT,
    NEXT,
    SHOWS,
    LectureGraph,
    moment_id,
    read_mention,
    slide_id,
)
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Chapter, Cue, Lecture, Moment, Slide, Speech, SpeechOrigin
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.types import clock
from cml_mm.visits import FileCard, PatternLink, Recorded, StoredFile
from tests.support.made_lecture import made_lecture, slide

FILE = "file-" + "7" * 24


def stored(lecture: Lecture) -> StoredFile:
    read = read_of(lecture, Recorded("film", lecture.seconds), Named("talk.mp4", FILE, "0" * 64), ())
    chunks = chunk_document(read.document, FILE)
    vectors = np.zeros((len(chunks), 4), np.float32)
    return StoredFile(FileCard(FILE, "talk.mp4", "ready"), "0" * 64, read, chunks, vectors, "none")


def heard(*cues: tuple[float, str], slides: tuple[Slide, ...] = (), origin: SpeechOrigin = "captions") -> Lecture:
    speech = Speech(tuple(Cue(at, at + 4.0, text) for at, text in cues), origin, "en", "talk.srt")
    return lecture_of(60.0, slides, speech)


def links_of(file: StoredFile) -> list[PatternLink]:
    """Every chunk speaks of one of three patterns, every other of a second one too."""
    found = [
        PatternLink(chunk.id, f"p-{n % 3}", "P", ("word",), n % 2 == 0, 0.5) for n, chunk in enumerate(file.chunks)
    ]
    return found + [PatternLink(chunk.id, "p-9", "Q", ("word",), False, 0.4) for chunk in file.chunks[::2]]


@pytest.mark.parametrize("origin", ["captions", "weak recogniser"])
@pytest.mark.parametrize("seed", range(12))
def test_every_end_is_there_and_every_moment_stands_once(seed: int, origin: SpeechOrigin) -> None:
    made = made_lecture(seed, origin)
    lecture = lecture_of(made.seconds, made.slides, made.speech)
    file = stored(lecture)
    graph = LectureGraph.of(file, links_of(file))
    nodes, rows = list(graph.nodes()), list(graph.rows())
    ids = [node.id for node in nodes]
    assert len(set(ids)) == len(ids) and len({row.key for row in rows}) == len(rows)
    there = {*ids, FILE, *(chunk.id for chunk in file.chunks), "p-0", "p-1", "p-2", "p-9"}
    assert all(row.source in there and row.target in there for row in rows)
    assert all(node.properties["ref_doc_id"] == node.properties["of"] == FILE for node in nodes)
    assert all(node.properties["title"] for node in nodes if node.label != "Chapter")
    assert [row.target for row in rows if row.label == HAS_RECORDING] == [f"{FILE}/recording"]
    moments = [moment_id(FILE, moment.number) for moment in lecture.moments]
    assert [(row.source, row.target) for row in rows if row.label == NEXT] == list(pairwise(moments))
    homes = Counter(row.source for row in rows if row.label == PART_OF)
    assert all(homes[moment] == 1 for moment in moments)
    assert all(homes[chunk.id] == 1 for chunk in file.chunks)
    shown = {(row.source, row.target) for row in rows if row.label == SHOWS}
    assert shown == {(moment_id(FILE, one.number), slide_id(FILE, one.slide)) for one in lecture.moments if one.slide}
    mentions = [(row.target, read_mention(row)) for row in rows if row.label == MENTIONS]
    first = Counter(target for target, one in mentions if one.first)
    assert first == Counter({target for target, _ in mentions})
    assert all(one.words and one.start_seconds <= one.end_seconds for _, one in mentions)
    assert all(one.quotable for _, one in mentions if one.where == ("slide",))
    assert origin == "captions" or not any(one.quotable for _, one in mentions if one.where == ("speech",))
    # What is said in a moment stands there in the words of the section that is cited.
    sections = file.read.document.sections
    said = {node.properties["words"] for node in nodes if node.label == MOMENT and node.properties["words"]}
    spoken = (section for section, placing in zip(sections, file.read.placings, strict=True) if not placing.face)
    assert said == {section.text for section in spoken}


def test_a_moment_in_which_nothing_is_said_is_titled_by_its_slide_or_its_time() -> None:
    slides = (slide(1, 0.0, 20.0, "The weir"), slide(2, 20.0, 40.0))
    lecture = lecture_of(60.0, slides, Speech())
    titles = [node.properties["title"] for node in LectureGraph.of(stored(lecture), ()).nodes() if node.label == MOMENT]
    assert titles[0] == "0:00 The weir"
    bare = Lecture(10.0, moments=(Moment(1, 0.0, 10.0),))
    graph = LectureGraph.of(stored(bare), ())
    (alone,) = (node for node in graph.nodes() if node.label == MOMENT)
    assert [row.target for row in graph.rows() if row.source == alone.id] == [f"{FILE}/recording"]
    assert alone.properties["title"] == clock(0.0) and alone.properties["words"] == ""


def test_concepts_are_what_a_talk_names_and_no_parts_of_it() -> None:
    titles = ("The Water Turns (continued)", "Agenda", "Questions", "Thank you!", "Part 2", "2024", "Water turns")
    slides = tuple(slide(n, 8.0 * n, 8.0 * (n + 1), title) for n, title in enumerate(titles, 1))
    long = slide(8, 64.0, 72.0, "Why everybody on the hill waters at night and nobody complains")
    lecture = lecture_of(72.0, (*slides, long), Speech())
    lecture = Lecture(
        72.0, lecture.slides, lecture.speech, lecture.moments, (Chapter(1, "Chapter 1", 0.0, 72.0, "speech"),)
    )
    assert concept_names(Places.of(stored(lecture))) == {"water turn": "The Water Turns"}


def test_a_chapter_named_by_hand_is_a_concept_and_one_that_a_weak_recogniser_would_name_is_none() -> None:
    weak = heard((0.0, "The mill pond is full."), (6.0, "We open the mill pond."), origin="weak recogniser")
    assert concept_names(Places.of(stored(weak))) == {}
    pond = (Chapter(1, "Mill pond", 0.0, 60.0, "speech"),)
    for origin, found in (("captions", "Mill pond"), ("weak recogniser", None)):
        speech = replace(weak.speech, origin=origin)
        unsaid = Lecture(60.0, (), speech, (), pond)
        assert concept_names(Places.of(stored(unsaid))).get("mill pond") == found
    named = Lecture(60.0, (), weak.speech, weak.moments, (Chapter(1, "Mill pond", 0.0, 60.0, "hand"),))
    graph = LectureGraph.of(stored(named), ())
    (concept,) = (node for node in graph.nodes() if node.label == CONCEPT)
    assert concept.properties["title"] == "Mill pond"
    (mention,) = (read_mention(row) for row in graph.rows() if row.label == MENTIONS)
    assert (mention.quotable, mention.start_seconds, mention.end_seconds) == (False, 0.0, 10.0)
    assert mention.words == ("mill pond",)


def test_the_seconds_of_a_mention_are_those_of_its_words() -> None:
    lecture = heard((0.0, "Nobody speaks of it yet."), (10.0, "Here the rota comes up."), (20.0, "And on it goes."))
    file = stored(lecture)
    (chunk,) = file.chunks
    links = [
        PatternLink(chunk.id, "rota", "Rota", ("rota",), True, 1.2),
        PatternLink(chunk.id, "over", "Over captions", ("comes up And on",), True, 1.2),
        PatternLink("file-of-others/0/0", "rota", "Rota", ("rota",), True, 1.2),
    ]
    rows = (row for row in LectureGraph.of(file, links).rows() if row.label == MENTIONS)
    found = {row.target: read_mention(row) for row in rows}
    assert (found["rota"].start_seconds, found["rota"].end_seconds) == (10.0, 14.0)
    assert (found["over"].start_seconds, found["over"].end_seconds) == (0.0, 24.0)

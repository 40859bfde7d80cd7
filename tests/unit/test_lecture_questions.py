"""Questions about recordings as they are read: what is wanted, of what, at what time; and what is no such question."""

from __future__ import annotations

import pytest

from cml_mm.answering.lecture_questions import LectureKind, read_lecture_question
from cml_mm.answering.lecture_times import seconds_in, time_in
from cml_mm.answering.lecture_utterances import utterances
from cml_mm.visits import TimedRun

TOPICS: tuple[tuple[str, LectureKind, str], ...] = (
    ("Where does she explain graduated sanctions?", "where", "graduated sanctions"),
    ("when does the speaker talk about the cider press", "where", "cider press"),
    ("At what point is the picking rota mentioned?", "where", "picking rota"),
    ("Where is it said that a tenth stays for the birds?", "where", "tenth stays for the birds"),
    ("Where in the lecture does he mention bottles?", "where", "bottles"),
    ("Find the part where she explains the loan", "where", "loan"),
    ("jump to the moment about the birds", "where", "birds"),
    ("In which minute does she bring up the shed?", "where", "shed"),
    ("Does she mention carbon taxes?", "where", "carbon taxes"),
    ("Where can I find the explanation of the rota?", "where", "rota"),
    ("Where does she first mention the press?", "first", "press"),
    ("When is the word rota used for the first time?", "first", "rota"),
    ("What was said about the birds?", "about", "birds"),
    ("What does the lecturer say about swapping weeks?", "about", "swapping weeks"),
    ("how does she define an orchard?", "about", "orchard"),
    ("What is her view on expelling people?", "about", "expelling people"),
    ("Who says that the press was paid by a loan?", "who_said", "press was paid by a loan"),
    ("What was on the slide when she talked about birds?", "slide_when", "birds"),
    ("Which slide is shown while the loan is explained?", "slide_when", "loan"),
    ("Show me the slide about cider", "slide_about", "cider"),
    ("Which slide mentions a friendly word?", "slide_about", "friendly word"),
    ("Summarise the part about sanctions", "part", "sanctions"),
    ("List the steps of graduated sanctions", "steps", "graduated sanctions"),
    ("List the points she makes about the rota", "steps", "rota"),
    ("What comes after the part about the rota?", "after", "rota"),
    ("What does she say before she talks about the press?", "before", "press"),
)


@pytest.mark.parametrize(("question", "kind", "topic"), TOPICS)
def test_a_question_is_read_with_its_bare_topic(question: str, kind: LectureKind, topic: str) -> None:
    read = read_lecture_question(question)
    assert read is not None and (read.kind, read.topic) == (kind, topic)


WHOLES: tuple[tuple[str, LectureKind], ...] = (
    ("List the chapters", "chapters"),
    ("What topics does the talk cover?", "chapters"),
    ("Summarise the lecture", "summary"),
    ("What is this talk about?", "summary"),
    ("Who speaks?", "speakers"),
    ("Who is the lecturer?", "speakers"),
    ("How long is it?", "length"),
    ("How long does the talk last?", "length"),
    ("How many slides are there?", "slides"),
)


@pytest.mark.parametrize(("question", "kind"), WHOLES)
def test_a_question_of_the_whole_recording_is_known(question: str, kind: LectureKind) -> None:
    read = read_lecture_question(question)
    assert read is not None and read.kind == kind


@pytest.mark.parametrize(
    ("question", "kind", "number"),
    [
        ("Summarise chapter 3", "chapter", 3),
        ("What happens in the second chapter?", "chapter", 2),
        ("Sum up the last chapter", "chapter", -1),
        ("What is on slide 4?", "slide", 4),
        ("What does the last slide say?", "slide", -1),
    ],
)
def test_chapters_and_slides_are_numbered(question: str, kind: LectureKind, number: int) -> None:
    read = read_lecture_question(question)
    assert read is not None and (read.kind, read.number) == (kind, number)


def test_patterns_are_compared_only_where_the_question_speaks_of_them() -> None:
    kinds = {
        "Which library patterns does she touch on?": "patterns",
        "Where does she disagree with our patterns?": "against",
        "Compare what she says with the pattern Clear Boundaries": "compare",
    }
    for question, kind in kinds.items():
        read = read_lecture_question(question, patterns=("Clear Boundaries",) if "Clear" in question else ())
        assert read is not None and read.kind == kind
    away = read_lecture_question("Where does she disagree with her neighbours?")
    assert away is None or away.kind != "against"


@pytest.mark.parametrize(
    "question",
    [
        "Who owns the press?",
        "What is the quorum?",
        "How are rules broken?",
        "How long does it take to press a ton of apples?",
        "What is a seed library?",
        "Which member waters the trees?",
        "Where are the barriers stored?",
    ],
)
def test_a_question_for_a_fact_is_no_question_about_a_recording(question: str) -> None:
    assert read_lecture_question(question) is None


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What does she say about ideas in meetings?", "ideas in meetings"),
        ("What does she say about the team in charge?", "team in charge"),
        ("What does she say about voting at a meeting?", "voting at a meeting"),
        ("What does she say about dues at the end of the year?", "dues at the end of the year"),
    ],
)
def test_words_that_hold_letters_of_a_time_are_none(question: str, topic: str) -> None:
    read = read_lecture_question(question)
    assert read is not None and (read.kind, read.topic) == ("about", topic)


@pytest.mark.parametrize(
    "question",
    [
        "How many people borrowed tools?",
        "Which people decide?",
        "What are the parts of a proposal?",
        "What topics does the board decide?",
        "How long are the weekly meetings?",
    ],
)
def test_questions_about_a_matter_are_none_about_the_whole_recording(question: str) -> None:
    read = read_lecture_question(question)
    assert read is None or read.kind not in ("speakers", "chapters", "length")


def test_patterns_that_talk_are_those_of_the_library() -> None:
    read = read_lecture_question("Which patterns talk about consent?", patterns=("consent",))
    assert read is None or not read.spoken
    assert read_lecture_question("Does the talk mention consent?").spoken  # type: ignore[union-attr]


def test_the_name_of_a_pattern_asks_for_no_conflict() -> None:
    name = "Low-Cost Conflict Resolution"
    read = read_lecture_question(f"What does she say about {name.lower()}?", patterns=(name,))
    assert read is not None and read.kind == "about"
    read = read_lecture_question(f"Where does she disagree with {name}?", patterns=(name,))
    assert read is not None and read.kind == "against"


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Find where Anna Berg talks about fees", "Anna Berg"),
        ("What does Fuchs say about fees?", "Anna Fuchs"),
        ("What does Speaker 2 say about fees?", "Speaker 2"),
    ],
)
def test_of_speakers_who_share_a_name_the_one_named_is_meant(question: str, speaker: str) -> None:
    read = read_lecture_question(question, ("Anna Fuchs", "Anna Berg", "Speaker 1", "Speaker 2"))
    assert read is not None and read.speaker == speaker and "fees" in read.topic


def test_a_matter_that_comes_up_is_no_speaker() -> None:
    read = read_lecture_question("Where in the talk does Ostrom come up?")
    assert read is not None and (read.kind, read.topic, read.stranger) == ("where", "Ostrom", "")


def test_a_named_speaker_is_told_from_a_name_that_nobody_bears() -> None:
    read = read_lecture_question("What did Anna say about the roof?", ("Anna Berg", "Tom"))
    assert read is not None and (read.kind, read.topic, read.speaker, read.stranger) == (
        "about", "roof", "Anna Berg", "",
    )  # fmt: skip
    read = read_lecture_question("What did Paula say about the roof?", ("Anna Berg", "Tom"))
    assert read is not None and (read.speaker, read.stranger, read.topic) == ("", "Paula", "roof")


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("What did she say at 12:30?", 750, 750),
        ("What was said between 2:00 and 3:00?", 120, 180),
        ("what is said from minute 2 to minute 3", 120, 180),
        ("What does she say in the first five minutes?", 0, 300),
        ("and in the last 30 seconds?", -30, None),
        ("What happens 90 seconds in?", 90, 90),
        ("What is said at 1 minute 20?", 80, 80),
        ("What does she say in minute 5?", 240, 300),
        ("What is said at the beginning?", 0, 15),
        ("What is said at 1:02:03?", 3723, 3723),
        ("What is said after 10 minutes?", 600, 660),
    ],
)
def test_times_are_read_as_people_say_them(question: str, start: float, end: float | None) -> None:
    found = time_in(question)
    assert found is not None and (found.start_seconds, found.end_seconds) == (start, end)


def test_what_is_no_time_of_a_recording_is_left_alone() -> None:
    for question in ("How many steps are there?", "What does she say about the two rules?", "Who came first?"):
        assert time_in(question) is None
    assert seconds_in("half an hour") == 1800 and seconds_in("2 minutes 10") == 130


def spoken(*cues: tuple[float, float, str], apart: str = " ") -> tuple[str, tuple[TimedRun, ...]]:
    text, runs = "", []
    for start, end, words in cues:
        text += apart if text else ""
        runs.append(TimedRun(len(text), len(text) + len(words), start, end))
        text += words
    return text, tuple(runs)


def said(text: str, runs: tuple[TimedRun, ...]) -> list[str]:
    return [span.of(text) for span in utterances(text, runs)]


def test_a_sentence_that_runs_over_captions_is_one() -> None:
    text, runs = spoken(
        (0, 3, "Whoever cannot come swaps the"), (3, 5, "week with a neighbour. Then"), (5, 9, "we eat.")
    )
    assert said(text, runs) == ["Whoever cannot come swaps the week with a neighbour.", "Then we eat."]


def test_a_short_caption_of_whole_sentences_is_quoted_whole_and_a_long_one_is_not() -> None:
    words = "the press goes round. it costs three euros."
    text, runs = spoken((10, 17, words))
    assert said(text, runs) == [words]
    text, runs = spoken((10, 40, words))
    assert said(text, runs) == ["the press goes round.", "it costs three euros."]


def test_words_without_full_stops_are_cut_at_pauses_paragraphs_and_lengths() -> None:
    text, runs = spoken((0, 4, "so we began"), (4, 8, "with forty trees"), (12, 15, "and then rain"))
    assert said(text, runs) == ["so we began with forty trees", "and then rain"]
    text, runs = spoken((0, 4, "so we began"), (4, 8, "with forty trees"), apart="\n\n")
    assert said(text, runs) == ["so we began", "with forty trees"]
    text, runs = spoken(*((4.0 * at, 4.0 * at + 4, "apples and pears and plums") for at in range(12)))
    assert all(len(one) < 130 for one in said(text, runs)) and len(said(text, runs)) == 4


def test_abbreviations_and_empty_captions_end_nothing() -> None:
    text, runs = spoken((0, 4, "It costs approx. three euros"), (4, 5, "…"), (5, 7, "an hour."))
    assert said(text, runs) == ["It costs approx. three euros … an hour."]

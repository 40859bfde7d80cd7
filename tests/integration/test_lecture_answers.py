"""Answers about recordings, through the engine's own answerer: every kind, with the very seconds that are cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from cml_mm.answering.generating import Writer
from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Picture
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, PastTurn, Scope, ScopeKind, Talk
from cml_mm.types import Answer, AnswerReady, Evidence, PictureArea, TimeSpan
from cml_mm.visits import StoredFile
from tests.support import own_files
from tests.support.lecture_files import orchard, stored_lecture
from tests.support.said_generator import SaidGenerator, in_pieces


class Asked:
    """One opened library, asked of some files."""

    def __init__(self, opened: Opened, *files: StoredFile) -> None:
        self.opened, self.source = opened, opened.source(files)

    def __call__(self, question: str, where: ScopeKind = "files", talk: Talk = NO_TALK) -> Answer:
        scope = Scope(where, "visitor", ())
        for event in self.opened.answerer.ask(question, lambda: False, talk, scope, self.source):
            if isinstance(event, AnswerReady):
                return event.answer
        raise AssertionError("no answer")


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM, engine: Engine) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture(scope="module")
def talk(encoder: MiniLM) -> StoredFile:
    return stored_lecture(encoder, 1, "orchard.mp4", orchard())


@pytest.fixture(scope="module")
def ask(opened: Opened, talk: StoredFile) -> Asked:
    return Asked(opened, talk)


def told(answer: Answer) -> str:
    return "\n".join(sentence.text for sentence in answer.sentences)


def cited(answer: Answer) -> list[Evidence]:
    """In the order in which the sentences cite them."""
    by_number = {item.number: item for item in answer.evidence}
    numbers = dict.fromkeys(number for sentence in answer.sentences for number in sentence.cites)
    return [by_number[number] for number in numbers]


def moments(answer: Answer) -> list[TimeSpan]:
    return [item.locator for item in cited(answer) if isinstance(item.locator, TimeSpan)]


def slides(answer: Answer) -> list[PictureArea]:
    return [item.locator for item in cited(answer) if isinstance(item.locator, PictureArea)]


def seconds(place: TimeSpan) -> tuple[float, float]:
    return place.start_seconds, place.end_seconds


WHERE = (
    ("Where does she explain graduated sanctions?", (56.0, 66.0)),
    ("When does the speaker talk about the cider press?", (71.5, 77.0)),
    ("Where is it said that some fruit is left for the birds?", (31.0, 38.0)),
    ("At what point is a friendly word mentioned?", (42.0, 48.0)),
    ("In which minute does she bring up how many trees there are?", (1.0, 6.5)),
    ("Find the part where a note is pinned on the shed", (20.5, 30.5)),
    ("Where does she talk about the price of an hour?", (78.0, 86.0)),
)


@pytest.mark.parametrize(("question", "said"), WHERE)
def test_where_something_is_said_begins_with_the_second_of_that_sentence(
    ask: Asked, question: str, said: tuple[float, float]
) -> None:
    answer = ask(question)
    first = cited(answer)[0]
    assert isinstance(first.locator, TimeSpan) and seconds(first.locator) == said
    assert answer.status == "answered" and answer.withheld == 0
    assert all(sentence.verdict == "supported" for sentence in answer.sentences if sentence.cites)


def test_a_sentence_over_two_captions_is_quoted_whole_with_both_their_times(ask: Asked, talk: StoredFile) -> None:
    first = cited(ask("Where does she explain swapping the week with a neighbour?"))[0]
    assert (
        first.quote == "Whoever cannot come swaps the week with a neighbour by pinning a note on the door of the shed."
    )
    assert isinstance(first.locator, TimeSpan) and seconds(first.locator) == (20.5, 30.5)
    sections = {section.heading: section.text for section in talk.read.document.sections}
    assert sections[first.locator.section][first.locator.start : first.locator.end] == first.quote


def test_the_moment_names_the_frame_that_is_shown_as_it_begins(ask: Asked, talk: StoredFile) -> None:
    lecture = talk.read.lecture
    assert lecture is not None
    place = moments(ask("Where does she explain graduated sanctions?"))[0]
    assert place.face == lecture.slides[2].face == "frame-69000"


def test_what_comes_up_first_is_the_earliest_and_not_the_best(ask: Asked) -> None:
    answer = ask("Where does she first mention the press?")
    assert seconds(moments(answer)[0]) == (7.0, 12.5)
    assert "First at 0:07" in told(answer)
    assert seconds(moments(ask("Where does she talk about the cider press?"))[0]) == (71.5, 77.0)


def test_what_nobody_says_is_told_plainly(ask: Asked) -> None:
    for question in ("Where does she mention carbon taxes?", "What was said about the quorum of parliament?"):
        answer = ask(question)
        assert answer.status == "not_in_library" and not cited(answer)
        assert "Nothing that is said in orchard speaks of" in told(answer)


def test_what_is_said_in_other_words_is_told_as_the_nearest_and_not_as_said(ask: Asked) -> None:
    answer = ask("Where does she explain how the juicing machine was financed?")
    assert seconds(moments(answer)[0]) == (71.5, 77.0)
    assert "Nobody is heard saying it in these words" in told(answer)


def test_the_slide_at_a_time_and_while_something_is_said(ask: Asked) -> None:
    for question in ("What was on the slide at 0:33?", "What was on the slide when she talked about the birds?"):
        answer = ask(question)
        first = cited(answer)[0]
        assert isinstance(first.locator, PictureArea)
        assert (first.locator.start_seconds, first.locator.end_seconds) == (14.0, 41.0)
        assert first.locator.face == "frame-40000" and len(first.locator.boxes) == 4
        assert "“Picking Rota”; “Draw a week in March”" in told(answer)
    assert seconds(moments(answer)[0]) == (31.0, 38.0)


def test_a_slide_by_its_number_and_by_its_words(ask: Asked) -> None:
    for question in ("What does the last slide say?", "What is on slide 4?", "Show me the slide about the loan"):
        answer = ask(question)
        assert slides(answer)[0].start_seconds == 70.0 and "“Bought with a loan from members”" in told(answer)
    assert "orchard has 4 slides" in told(ask("What is on slide 9?"))


def test_what_is_said_at_a_time_and_between_two(ask: Asked) -> None:
    assert seconds(moments(ask("What did she say at 0:50?"))[0]) == (48.5, 55.0)
    between = moments(ask("What did she say between 0:42 and 1:06?"))
    assert [seconds(place) for place in between] == [(42.0, 48.0), (48.5, 55.0), (56.0, 66.0)]
    assert "only 1:36 long" in told(ask("What did she say at 12:30?"))
    assert "Nobody speaks at 1:35 itself" in told(ask("What did she say at 1:35?"))


def test_what_comes_after_and_before_a_part(ask: Asked) -> None:
    after = ask("What comes after the part about the picking rota?")
    assert seconds(moments(after)[0]) == (42.0, 48.0) and slides(after)[0].start_seconds == 41.0
    before = ask("What does she say before she talks about the cider press?")
    assert all(41.0 <= place.start_seconds < 70.0 for place in moments(before))
    assert "ends with this part" in told(ask("What comes after the part about the loan of the members?"))


def test_a_question_that_leans_on_the_moment_before_is_made_whole(ask: Asked) -> None:
    first = ask("Where does she explain graduated sanctions?")
    past = Talk((PastTurn(first.question, first.understood, first.subjects, first.relation),))
    slide = ask("And what was on the slide then?", talk=past)
    assert slides(slide)[0].start_seconds == 41.0
    assert seconds(moments(ask("What comes after that?", talk=past))[0]) == (71.5, 77.0)
    assert all(14.0 <= place.start_seconds < 41.0 for place in moments(ask("And before that?", talk=past)))


def test_the_library_beside_does_not_keep_a_talk_from_being_asked(ask: Asked) -> None:
    answer = ask("Where does she explain graduated sanctions?", where="both")
    assert seconds(moments(answer)[0]) == (56.0, 66.0)
    library = ask("What does Graduated Sanctions require?", where="both")
    assert not moments(library)


def test_points_of_a_list_come_from_its_slide_with_the_moment_that_says_each(ask: Asked) -> None:
    answer = ask("List the steps of graduated sanctions")
    quoted = [sentence for sentence in answer.sentences if sentence.text.startswith("“")]
    assert [one.text for one in quoted] == ["“A friendly word”", "“A week without picking”", "“A talk with the circle”"]
    by_number = {item.number: item.locator for item in answer.evidence}
    first = [by_number[number] for number in quoted[0].cites]
    assert isinstance(first[0], PictureArea) and isinstance(first[1], TimeSpan) and seconds(first[1]) == (42.0, 48.0)
    third = [by_number[number] for number in quoted[2].cites]
    assert len(third) == 1  # nobody says it


def test_chapters_a_chapter_and_the_whole_are_told_in_time_order(ask: Asked, talk: StoredFile) -> None:
    lecture = talk.read.lecture
    assert lecture is not None and lecture.chapters
    listed = moments(ask("List the chapters"))
    assert [seconds(place) for place in listed] == [(one.start_seconds, one.end_seconds) for one in lecture.chapters]
    last = lecture.chapters[-1]
    answer = ask(f"Summarise chapter {last.number}")
    starts = [place.start_seconds for place in moments(answer)[1:]]
    assert starts and starts == sorted(starts) and all(last.start_seconds <= one < last.end_seconds for one in starts)
    assert f"orchard has {len(lecture.chapters)} chapter" in told(ask("Summarise chapter 40"))
    whole = [place.start_seconds for place in moments(ask("Summarise the lecture"))]
    assert len(whole) > 3 and whole == sorted(whole)


def test_a_part_is_summed_up_without_its_neighbours(ask: Asked) -> None:
    starts = [place.start_seconds for place in moments(ask("Summarise the part about the picking rota"))]
    assert starts == [15.2, 20.5, 31.0]


def test_how_long_it_is_and_who_speaks(ask: Asked, opened: Opened, encoder: MiniLM) -> None:
    assert "orchard is 1:36 long" in told(ask("How long is the talk?"))
    assert "does not name who speaks" in told(ask("Who is the speaker?"))
    named = Asked(opened, stored_lecture(encoder, 5, "orchard.mp4", orchard(speakers=("Mara Lind", "Tom"))))
    answer = named("Who speaks?")
    assert "At 0:01, Mara Lind: “Welcome." in told(answer) and ", Tom: “" in told(answer)
    assert all(sentence.verdict == "supported" for sentence in answer.sentences)


def test_what_one_speaker_says_is_not_another_s(opened: Opened, encoder: MiniLM) -> None:
    named = Asked(opened, stored_lecture(encoder, 5, "orchard.mp4", orchard(speakers=("Mara Lind", "Tom"))))
    assert seconds(moments(named("What did Mara say about sanctions?"))[0]) == (56.0, 66.0)
    answer = named("What did Tom say about graduated sanctions?")
    assert (56.0, 66.0) not in [seconds(place) for place in moments(answer)]
    assert "does not give these words to Paula" in told(named("What did Paula say about graduated sanctions?"))


def test_patterns_that_are_touched_stand_beside_the_words_that_touch_them(ask: Asked) -> None:
    answer = ask("Which library patterns does she touch on?")
    assert "graduated-sanctions" in answer.ranked
    places = [seconds(place)[0] for place in moments(answer)]
    assert places == sorted(places)
    assert "people to decide" in told(answer)


def test_disagreement_is_claimed_only_where_words_deny_a_shared_matter(
    ask: Asked, opened: Opened, encoder: MiniLM
) -> None:
    calm = ask("Where does she disagree with our patterns?")
    assert "cannot be told from the words" in told(calm) and "pull against" not in told(calm)
    lecture = orchard()
    cues = list(lecture.speech.cues)
    cues[8] = replace(cues[8], text="But graduated sanctions are a mistake, they do not work and nobody needs them.")
    harsh = replace(lecture, speech=replace(lecture.speech, cues=tuple(cues)))
    answer = Asked(opened, stored_lecture(encoder, 6, "orchard.mp4", harsh))(
        "Where does she disagree with our patterns?"
    )
    assert "may pull against Graduated Sanctions" in told(answer)
    assert (56.0, 66.0) in [seconds(place) for place in moments(answer)]


def test_a_weak_transcript_is_searched_and_never_quoted(opened: Opened, encoder: MiniLM) -> None:
    lecture = orchard("weak recogniser", shown=False)
    weak = Asked(opened, stored_lecture(encoder, 7, "orchard.mp3", lecture, "sound"))
    words = {word for cue in lecture.speech.cues for word in ("friendly", "branches", "bottles", "expel")}
    for question in (
        "Where does she explain graduated sanctions?",
        "What was said about the birds?",
        "What did she say at 0:50?",
        "Summarise the lecture",
        "Who first has a friendly word with somebody who breaks a rule?",
        "Which library patterns does she touch on?",
        "Which of my files mention sanctions?",
    ):
        answer = weak(question)
        shown = " ".join(
            [told(answer), *(f"{one.quote} {one.passage}" for one in (*answer.evidence, *answer.considered))]
        )
        assert "patterns" in question or "“" not in told(answer), question
        assert not words & set(shown.lower().replace(".", " ").replace(",", " ").split()), question
    answer = weak("Where does she explain graduated sanctions?")
    assert seconds(moments(answer)[0]) == (56.0, 66.0)
    assert "Somebody speaks of this near 0:56; the transcript is too uncertain to quote." in told(answer)


def test_a_film_without_a_word_heard_answers_from_its_slides(opened: Opened, encoder: MiniLM) -> None:
    mute = Asked(opened, stored_lecture(encoder, 8, "orchard.mp4", orchard("none")))
    answer = mute("Where does she explain the picking rota?")
    assert "No words were heard in orchard" in told(answer) and slides(answer)[0].start_seconds == 14.0


def test_several_recordings_are_named(opened: Opened, encoder: MiniLM, talk: StoredFile) -> None:
    other = stored_lecture(encoder, 9, "choir.mp3", orchard(shown=False), "sound")
    both = Asked(opened, talk, other)
    answer = both("Where is the cider press explained?")
    assert "At 1:11 of" in told(answer)
    alone = both("Where is the cider press explained in orchard.mp4?")
    assert {item.source.slug for item in cited(alone)} == {talk.card.id}


def test_beside_other_files_only_what_speaks_of_a_talk_is_taken_for_one(opened: Opened, encoder: MiniLM) -> None:
    other = stored_lecture(encoder, 31, "orchard.mp4", orchard())
    mixed = Asked(opened, other, *own_files.household(encoder))
    answer = mixed("Where does she explain graduated sanctions?")
    assert seconds(moments(answer)[0]) == (56.0, 66.0)
    quorum = mixed("What is the quorum?")
    assert quorum.status == "answered" and not moments(quorum)


def test_a_plain_question_is_answered_from_what_is_said(ask: Asked) -> None:
    answer = ask("How much does the press cost an hour?")
    assert seconds(moments(answer)[0]) == (78.0, 86.0)
    assert ask("Who is the mayor of Lisbon?").status == "not_in_library"


@dataclass
class Frames:
    """The frames of the film, and which of them were asked for."""

    asked: list[str] = field(default_factory=list)

    def __call__(self, file: str, face: str) -> Picture:
        self.asked.append(face)
        return np.full((48, 64, 3), 120, dtype=np.uint8)


def test_a_model_that_sees_gets_the_frames_with_their_times(opened: Opened, talk: StoredFile) -> None:
    model = SaidGenerator(in_pieces("Graduated sanctions keep people inside [1]."), pictures=4)
    frames = Frames()
    answerer = replace(opened.answerer, writer=Writer(model))
    scope = Scope("files", "visitor", (), "model")
    events = list(answerer.ask("Summarise the lecture", lambda: False, NO_TALK, scope, opened.source((talk,)), frames))
    answer = events[-1]
    assert isinstance(answer, AnswerReady) and answer.answer.model == "Said 1"
    times = [still.seconds for still in model.asked[0].stills]
    assert len(times) > 1 and times == sorted(times, key=lambda one: one or 0.0)
    assert set(frames.asked) == {f"frame-{round((one or 0.0) * 1000)}" for one in times}
    lecture = talk.read.lecture
    assert lecture is not None and {one.face for one in lecture.slides} >= set(frames.asked)

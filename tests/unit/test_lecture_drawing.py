"""The maker of lectures: what it writes down must be what it draws."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from benchmarks.lecture_drawing import write_lecture
from benchmarks.lecture_film import SAMPLES_A_SECOND, Coding, babble, write_film
from benchmarks.lecture_frames import Frames, looks_of
from benchmarks.lecture_motion import Frame, turned
from benchmarks.lecture_planning import Plan, planned
from benchmarks.lecture_sets import LECTURES, QUESTIONS, checks_lectures, questions_to
from benchmarks.lecture_slides import look_of, slide_picture
from benchmarks.lecture_styles import HEIGHT_PX, STYLES, WIDTH_PX
from benchmarks.lecture_truth import read_truth
from benchmarks.lecture_words import drawn_topics, read_topics, topics
from benchmarks.starter_lecture import LARGEST_BYTES, NAME, STARTER_LECTURES, starter_plan
from cml_mm.lectures.values import Cue
from cml_mm.media.captions.reading import read_captions
from cml_mm.visits import DEFAULT_LIMITS

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lecture(planned("static", 7, slides=2), tmp_path_factory.mktemp("lectures"))


def test_topics_are_many_and_none_is_wanting() -> None:
    assert len(topics()) >= 30
    assert len({topic.title for topic in topics()}) == len(topics())
    for topic in topics():
        assert 3 <= len(topic.bullets) <= 5, topic.title
        assert len(topic.sentences) >= 2, topic.title
        assert all(len(said.wordings) == 2 and said.questions for said in topic.sentences), topic.title


def test_questions_are_in_other_words_than_their_answers() -> None:
    for topic in topics():
        for said in topic.sentences:
            for question in said.questions:
                asked = _long_words(question)
                for wording in said.wordings:
                    assert len(asked & _long_words(wording)) < 0.6 * len(asked), (question, wording)


def test_the_same_topic_never_comes_twice_in_a_row() -> None:
    drawn = drawn_topics(5 * len(topics()), random.Random(1))
    assert all(one != other for one, other in pairwise(drawn))
    assert set(drawn[: len(topics())]) == set(topics())


def test_the_first_turn_through_the_topics_is_read_from_their_text() -> None:
    (topic,) = read_topics("# A Well\n- Dig deep\n\n> It is dry. | There is no water.\n? Is there water?\nnothing\n")
    assert (topic.title, topic.bullets) == ("A Well", ("Dig deep",))
    assert topic.sentences[0].wordings == ("It is dry.", "There is no water.")
    assert topic.sentences[0].questions == ("Is there water?",)


@pytest.mark.parametrize("style", STYLES)
def test_a_plan_is_in_order_and_the_same_for_its_seed(style: str) -> None:
    plan = planned(style, 1)
    assert plan == planned(style, 1) != planned(style, 2)
    assert plan.slides[0].start_seconds == 0.0
    assert plan.slides[-1].end_seconds == plan.seconds
    for one, other in pairwise(plan.slides):
        assert one.end_seconds == other.start_seconds
        assert one.cues[-1].end_seconds < other.start_seconds - other.turn_seconds
    for slide in plan.slides:
        assert slide.start_seconds < slide.cues[0].start_seconds
        assert list(slide.steps) == sorted(slide.steps)
        assert len(slide.steps) in (0, len(slide.topic.bullets))
        assert all(slide.start_seconds <= step < slide.end_seconds - 1 for step in slide.steps)
    for one_cue, other_cue in pairwise(plan.cues):
        assert one_cue.end_seconds <= other_cue.start_seconds


def test_a_question_is_answered_within_the_words_of_its_slide() -> None:
    plan = planned("static", 3)
    assert len(plan.questions) >= 20
    for asked in plan.questions:
        slide = plan.slides[asked.slide - 1]
        assert (asked.start_seconds, asked.end_seconds) in {(c.start_seconds, c.end_seconds) for c in slide.cues}
        cue = next(cue for cue in slide.cues if cue.start_seconds == asked.start_seconds)
        said = next(said for said in slide.topic.sentences if cue.text in said.wordings)
        assert asked.question in said.questions


def test_every_word_of_every_slide_has_room() -> None:
    """Lines must end before the figure, the talker and the frame's edge: nothing is drawn there without them."""
    for seed in range(12):
        look = look_of(random.Random(seed))
        for topic in topics()[seed::12]:
            picture = np.asarray(slide_picture(topic, look, len(topic.bullets), (1, 1)))
            for free in (picture[130:, 880:], picture[:104, WIDTH_PX - 40 :]):
                assert int(np.ptp(free, axis=1).max()) <= 2, topic.title  # every row is of one colour


@pytest.mark.parametrize("kind", ["fade", "wipe", "curtain", "slide-in", "push"])
def test_a_turn_begins_with_the_old_slide_and_ends_with_the_new(kind: str) -> None:
    chance = np.random.default_rng(1)
    old, new = (chance.integers(0, 255, (40, 60, 3), dtype=np.uint8) for _ in range(2))
    assert np.array_equal(turned(old, new, kind, 0.0), old)
    assert np.array_equal(turned(old, new, kind, 1.0), new)
    between = turned(old, new, kind, 0.5)
    assert not np.array_equal(between, old)
    assert not np.array_equal(between, new)


def test_a_turn_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="twirl"):
        turned(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 3), np.uint8), "twirl", 0.5)


def test_lines_of_a_build_come_when_they_are_said_to() -> None:
    plan = planned("build", 1, slides=1)
    frames = _frames(plan)
    step = plan.slides[0].steps[1]
    rate = float(plan.style.fps)
    changed = [number / rate for number, (_, is_same) in enumerate(frames) if not is_same][1:]
    assert len(changed) == len(plan.slides[0].topic.bullets)
    assert 0 <= changed[1] - step < 1 / rate


@pytest.mark.parametrize("style", ["talking", "low-bitrate"])
def test_what_moves_moves_from_frame_to_frame(style: str) -> None:
    plan = planned(style, 2, slides=1)
    rest = 3  # pictures of the room change six times a second
    frames = [frame.copy() for (frame, is_same), _ in zip(_frames(plan), range(rest), strict=False) if not is_same]
    assert len(frames) == rest
    assert not np.array_equal(frames[0], frames[-1])


def test_a_cursor_changes_nothing_but_where_it_is() -> None:
    plan = planned("cursor", 2, slides=1)
    with_cursor, _ = next(_frames(plan))
    without, _ = next(_frames(replace(plan, style=replace(plan.style, cursor=False))))
    rows, columns = np.nonzero((with_cursor != without).any(axis=2))
    assert 0 < np.ptp(rows) < 30
    assert 0 < np.ptp(columns) < 20


def test_a_film_plays_what_its_truth_tells(film: Path) -> None:
    truth = read_truth(film.with_suffix(".json"))
    with av.open(str(film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", WIDTH_PX, HEIGHT_PX)
        assert audio.codec_context.name == "aac"
        greys = [
            (float(one.time), one.to_ndarray(format="gray")[::4, ::4].astype(int)) for one in container.decode(video)
        ]
    assert abs(greys[-1][0] - truth.seconds) < 0.2
    jumps = [later[0] for one, later in pairwise(greys) if np.abs(later[1] - one[1]).mean() > 0.5]
    assert len(jumps) == len(truth.changes) == 1
    assert abs(jumps[0] - truth.changes[0]) < 0.1


def test_captions_are_written_as_they_are_known(film: Path) -> None:
    truth = read_truth(film.with_suffix(".json"))
    for ending in (".srt", ".vtt"):
        path = film.with_suffix(ending)
        read = read_captions(path.read_bytes(), path.name, DEFAULT_LIMITS)
        assert [(c.start_seconds, c.end_seconds, c.text) for c in read.cues] == [
            (c.start_seconds, c.end_seconds, c.text) for c in truth.cues
        ]


def test_the_truth_is_read_back_as_it_was_planned(film: Path) -> None:
    plan, truth = planned("static", 7, slides=2), read_truth(film.with_suffix(".json"))
    assert (truth.style, truth.seconds, truth.changes) == ("static", plan.seconds, plan.changes)
    assert truth.cues == plan.cues
    assert questions_to(truth) == plan.questions
    assert [one.lines for one in truth.slides] == [(s.topic.title, *s.topic.bullets) for s in plan.slides]


def test_it_sounds_where_somebody_speaks_and_nowhere_else() -> None:
    sound = babble((Cue(1.0, 2.0, "a"),), 3.0, 1)
    loud = [float(np.abs(part).mean()) for part in np.split(sound, 3)]
    assert len(sound) == 3 * SAMPLES_A_SECOND
    assert loud[1] > 20 * max(loud[0], loud[2]) > 0


def test_a_film_without_sound_has_no_sound(tmp_path: Path) -> None:
    blank = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    write_film(
        tmp_path / "x.mp4", [(blank, False), (blank, True)], np.zeros(0, np.float32), Coding(Fraction(5), audio_kbits=0)
    )
    with av.open(str(tmp_path / "x.mp4")) as container:
        assert len(container.streams.audio) == 0
        assert sum(1 for _ in container.decode(video=0)) == 2


def test_the_starter_lecture_is_the_one_that_its_script_draws() -> None:
    """Coding differs between versions of the libraries; what is said when does not."""
    plan, film = starter_plan(), STARTER_LECTURES / f"{NAME}.mp4"
    captions = film.with_suffix(".vtt")
    read = read_captions(captions.read_bytes(), captions.name, DEFAULT_LIMITS)
    assert [(c.start_seconds, c.end_seconds, c.text) for c in read.cues] == [
        (c.start_seconds, c.end_seconds, c.text) for c in plan.cues
    ]
    assert film.stat().st_size < LARGEST_BYTES
    assert 6 <= len(plan.slides) <= 8
    with av.open(str(film)) as container:
        assert abs(container.duration / 1_000_000 - plan.seconds) < 0.5


def test_forty_questions_go_to_the_lectures_beside_the_repository() -> None:
    told = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len({one["id"] for one in told}) == len({one["question"] for one in told}) == len(told) == 40


@pytest.mark.skipif(not LECTURES.is_dir(), reason="../shared/checks/lectures is missing")
def test_each_of_these_questions_finds_its_slide() -> None:
    found = [one for _, truth in checks_lectures() for one in questions_to(truth)]
    assert len(found) == 40
    assert all(one.start_seconds < one.end_seconds for one in found)


@pytest.mark.skipif(not LECTURES.is_dir(), reason="../shared/checks/lectures is missing")
def test_nothing_of_the_lectures_beside_the_repository_is_in_ours() -> None:
    theirs = {words.casefold() for _, truth in checks_lectures() for one in truth.slides for words in one.lines}
    said = {part.strip() for _, truth in checks_lectures() for one in truth.slides for part in one.spoken.split(".")}
    ours = [line for topic in topics() for line in (topic.title, *topic.bullets)]
    assert not theirs & {line.casefold() for line in ours}
    spoken = " ".join(wording for topic in topics() for one in topic.sentences for wording in one.wordings).casefold()
    assert not [part for part in said if part and part.casefold() in spoken]


def _frames(plan: Plan) -> Iterator[tuple[Frame, bool]]:
    return iter(Frames(plan, looks_of(plan)))


def _long_words(sentence: str) -> set[str]:
    return {word.strip(".,?").casefold() for word in sentence.split() if len(word.strip(".,?")) > 4}

"""Keyframes of a film that is really decoded: shown to a model that sees, with their times; found by how they look."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cml_mm.answering.answer import Answerer
from cml_mm.answering.generating import Writer
from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.models.chat_loading import find_chat, load_reader
from cml_mm.models.chat_reader import ChatReader
from cml_mm.models.local_chat import LocalChat, LocalChatOptions
from cml_mm.models.openai_server import OpenAIServer, ServerOptions
from cml_mm.ports import Cancelled, Generator, Lessened, Prompt
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, Scope
from cml_mm.types import Answer, AnswerReady, AskEvent, Evidence, PictureArea, Step, clock
from cml_mm.visits import FileCard, StoredFile
from tests.integration.test_picture_answers import ANNA, ask, kept, with_clip
from tests.support.odd_server import KEY, odd_server
from tests.support.painted_film import SECONDS_EACH, painted_film
from tests.support.said_generator import SaidGenerator, in_pieces
from tests.support.seeing_clip import seeing_clip
from tests.support.tiny_models import build_speaking

SLIDES = (("red", "Mend the rope"), ("green", ""), ("blue", "Two keys"))
CAPTIONS = (
    b"1\n00:00:01,000 --> 00:00:06,000\nThe rope of the well is mended in autumn.\n\n"
    b"2\n00:00:17,000 --> 00:00:22,000\nTwo neighbours hold a key each.\n"
)
BETWEEN = "What was on the slides between 0:01 and 0:23?"


@dataclass
class Talk:
    """An engine that sees, and a visitor who has brought the film."""

    engine: Engine
    settings: Settings
    card: FileCard

    @property
    def opened(self) -> Opened:
        return self.engine._opened

    @property
    def stored(self) -> StoredFile:
        return kept(self.settings)[0]

    def stamp(self, number: int) -> str:
        """What is said before the frame of a slide, where the first evidence is of the first slide and so on."""
        lecture = self.stored.read.lecture
        assert lecture is not None
        slide, title = lecture.slides[number - 1], SLIDES[number - 1][1]
        times = f"shown from {clock(slide.start_seconds)} to {clock(slide.end_seconds)}"
        named = f", “{title}”" if title else ""
        return f"Frame at {clock(slide.shown_seconds)}, slide {number}, {times}{named} [{number}]"

    def events(self, question: str, model: Generator) -> list[AskEvent]:
        """What this model answers, out of the film as it is kept and decoded again."""
        scope = Scope("files", ANNA, (), "model")
        answerer: Answerer = replace(self.opened.answerer, writer=Writer(model))
        files = self.engine._visits.own_files
        source, see = files.source(scope, self.opened), partial(files.see, ANNA)
        return list(answerer.ask(question, lambda: False, NO_TALK, scope, source, see))

    def asked(self, question: str, model: Generator) -> Answer:
        return next(event.answer for event in self.events(question, model) if isinstance(event, AnswerReady))


@pytest.fixture(scope="module")
def talk(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    folder = tmp_path_factory.mktemp("talk")
    made = with_clip(settings, seeing_clip(folder / "clip"), folder / "seen")
    with Engine.open(made) as engine:
        yield Talk(engine, made, brought(engine))


def brought(engine: Engine) -> FileCard:
    film, words = engine.files.inbox() / "arriving", engine.files.inbox() / "beside"
    film.write_bytes(painted_film(SLIDES))
    words.write_bytes(CAPTIONS)
    card = engine.files.add(ANNA, "well.webm", film, lambda *_: None, lambda: False, words, "well.en.srt")
    assert card is not None
    return card


class Listened(LocalChat):
    """The local model, with the prompts that it was given kept."""

    def __init__(self, options: LocalChatOptions) -> None:
        super().__init__(options)
        self.asked: list[Prompt] = []

    def generate(self, prompt: Prompt, cancelled: Cancelled, waiting: Any) -> Iterator[str | Lessened]:
        self.asked.append(prompt)
        return super().generate(prompt, cancelled, waiting)


def cited(answer: Answer) -> list[Evidence]:
    by_number = {item.number: item for item in answer.evidence}
    return [by_number[number] for sentence in answer.sentences for number in sentence.cites]


def shown(item: Evidence) -> tuple[float | None, float | None]:
    assert isinstance(item.locator, PictureArea)
    return item.locator.start_seconds, item.locator.end_seconds


def reader_of(folder: Path) -> ChatReader:
    options = LocalChatOptions(str(folder), device_map="cpu")
    return load_reader(find_chat(options), options)


# --- a model that sees ---------------------------------------------------------------------------


def test_a_checkpoint_that_sees_is_shown_the_frame_with_time_and_title_and_cites_its_second(
    talk: Talk, tmp_path: Path
) -> None:
    says = "The slide says mend the rope [1]."
    model = Listened(
        LocalChatOptions(
            model=str(build_speaking("qwen2.5-vl", tmp_path / "speaker", says)),
            device_map="cpu",
            idle_seconds=0,
            max_pictures=2,
        )
    )
    try:
        answer = talk.asked("What does the chart on the slide show at 0:03?", model)
    finally:
        model.close()
    (prompt,) = model.asked
    (still,) = prompt.stills
    assert still.picture.mean(axis=(0, 1)).argmax() == 0  # the red one
    assert still.label == talk.stamp(1)
    assert answer.model == model.name and "speaker" in answer.model
    assert [sentence.verdict for sentence in answer.sentences] == ["supported"]
    (frame,) = cited(answer)
    assert frame.source.slug == talk.card.id and frame.locator.fragment().startswith("t=0,7.75&xywh=")


def prompt_between(talk: Talk) -> Prompt:
    model = SaidGenerator(in_pieces("Two keys [1]."), pictures=4)
    talk.asked(BETWEEN, model)
    return model.asked[0]


def test_frames_stand_in_the_order_of_time_each_with_the_number_of_its_evidence(talk: Talk) -> None:
    prompt = prompt_between(talk)
    assert [still.label for still in prompt.stills] == [talk.stamp(number) for number in (1, 2, 3)]
    assert [still.picture.mean(axis=(0, 1)).argmax() for still in prompt.stills] == [0, 1, 2]
    lines = prompt.user.splitlines()
    assert next(line for line in lines if line.startswith("[3]")).endswith("Two keys")
    before, behind = prompt.around
    assert before.splitlines()[-1].replace("BEGIN", "END") == behind.strip()  # what is on pictures is data


@pytest.mark.parametrize("family", ["qwen2.5-vl", "qwen3-vl"])
def test_a_processor_that_takes_films_gets_one_in_which_every_frame_is_a_step_of_its_own(
    talk: Talk, tiny: Callable[[str], Path], family: str
) -> None:
    prompt, reader = prompt_between(talk), reader_of(tiny(family))
    read = reader.inputs(prompt, 40_000)
    text = reader.tokenizer.decode(read["input_ids"][0])
    (grid,) = read["video_grid_thw"].tolist()
    assert grid[0] == 3 and "image_grid_thw" not in read
    merge = reader._processor.video_processor.merge_size**2  # type: ignore[union-attr]
    assert text.count("<|video_pad|>") == 3 * grid[1] * grid[2] // merge
    before = text[: text.index("<|video_pad|>")]
    places = [before.index(still.label) for still in prompt.stills]
    assert places == sorted(places)
    if family == "qwen3-vl":  # it writes the time of each step
        starts = [text.index(f"<{still.seconds:.1f} seconds>") for still in prompt.stills]
        assert starts == sorted(starts)


def test_a_processor_without_films_gets_each_frame_behind_its_stamp(talk: Talk, tiny: Callable[[str], Path]) -> None:
    prompt, reader = prompt_between(talk), reader_of(tiny("gemma3"))
    text = reader.tokenizer.decode(reader.inputs(prompt, 40_000)["input_ids"][0])
    parts = text.split("<start_of_image>")
    assert len(parts) == 4 and text.count("<image_soft_token>") == 3 * 4
    for part, still in zip(parts, prompt.stills, strict=False):
        assert part.rstrip().endswith(f"{still.label}:")
    assert text.index(prompt.around[0]) < text.index(prompt.stills[0].label)
    assert text.rindex("<image_soft_token>") < text.index(prompt.around[1].strip()) < text.index("Evidence.")


def test_the_frames_that_answer_come_first_and_what_does_not_fit_is_said(talk: Talk) -> None:
    model = SaidGenerator(in_pieces("Two keys [1]."), pictures=1)
    answer = talk.asked("Where does she talk about the key each neighbour holds?", model)
    assert answer.model == model.name
    assert [", slide 3, " in still.label for still in model.asked[0].stills] == [True]
    model = SaidGenerator(in_pieces("Two keys [1]."), pictures=2)
    steps = [event.name for event in talk.events(BETWEEN, model) if isinstance(event, Step)]
    assert [still.label for still in model.asked[0].stills] == [talk.stamp(1), talk.stamp(2)]
    assert "Fitted to what the model can read: 1 picture left out" in steps


def test_a_model_that_takes_no_pictures_is_not_asked_what_is_shown_and_that_is_said(talk: Talk) -> None:
    blind = SaidGenerator(in_pieces("Two keys [1]."))
    answer = talk.asked("What was on the slide at 0:03?", blind)
    assert not blind.asked and answer.model != blind.name and "Mend the rope" in answer.sentences[0].text
    assert any("Said 1 takes no pictures here, so this is told without it" in one.text for one in answer.notices)
    answer = talk.asked("What is said about the rope?", blind)
    assert answer.model == blind.name and not blind.asked[-1].stills
    assert any("takes no pictures here, so it wrote from what was read and heard" in one.text for one in answer.notices)


def test_a_server_gets_the_frames_as_pictures_each_behind_its_stamp(talk: Talk) -> None:
    with odd_server() as odd:
        server = OpenAIServer(ServerOptions(odd.url, KEY, "good", 8192, pictures=4))
        try:
            answer = talk.asked(BETWEEN, server)
        finally:
            server.close()
        (asked,) = odd.asked
    assert answer.model == server.name
    parts = asked.body["messages"][-1]["content"]
    assert [part["type"] for part in parts] == ["text", "image_url"] * 3 + ["text"]
    labels = [part["text"].splitlines()[-1] for part in parts[:-1] if part["type"] == "text"]
    assert labels == [f"{talk.stamp(number)}:" for number in (1, 2, 3)]
    assert all(part["image_url"]["url"].startswith("data:image/png;base64,") for part in parts[1:-1:2])


def test_a_slide_without_words_is_cited_as_a_picture_at_its_second(talk: Talk) -> None:
    answer = ask(talk.engine, "What was on the slide at 0:12?")
    assert answer.sentences[0].text == "A slide without words is shown from 0:07 to 0:15."
    assert answer.sentences[0].verdict == "supported"
    assert shown(cited(answer)[0]) == (7.75, 15.75)


# --- how frames look -----------------------------------------------------------------------------


def test_every_keyframe_has_a_vector(talk: Talk) -> None:
    looks, lecture = talk.stored.looks, talk.stored.read.lecture
    assert looks is not None and lecture is not None
    assert looks.faces == tuple(slide.face for slide in lecture.slides) and len(looks.faces) == len(SLIDES)
    np.testing.assert_allclose(np.linalg.norm(looks.vectors, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Which frame shows a blue sheet?", 2),
        ("Find the frame with a red sheet", 0),
        ("Which picture shows a green sheet?", 1),
        ("Which slide shows a green sheet?", 1),
        ("When is a blue sheet shown?", 2),
    ],
)
def test_a_moment_is_found_by_how_its_frame_looks(talk: Talk, question: str, number: int) -> None:
    answer = ask(talk.engine, question)
    assert answer.status == "answered" and answer.sentences[0].verdict == "supported"
    first = cited(answer)[0]
    start, end = shown(first)
    assert start is not None and end is not None and abs(start - number * SECONDS_EACH) < 0.5 < end - start
    assert first.found_by == ("how it looks",) and first.locator.fragment().startswith(f"t={start:g},{end:g}&")
    assert any("nobody judged them" in notice.text for notice in answer.notices)


def test_words_lead_where_they_say_it_and_what_is_not_shown_is_not_found(talk: Talk) -> None:
    for question in ("Which slide is about the two keys?", "Where does she talk about the rope?"):
        assert not any(item.found_by == ("how it looks",) for item in ask(talk.engine, question).evidence)
    for question in ("Which frame shows a yellow sheet?", "Where does she mention a blue sheet?"):
        assert not any(item.found_by == ("how it looks",) for item in ask(talk.engine, question).evidence), question


def test_vectors_go_with_their_film(talk: Talk, tmp_path: Path) -> None:
    made, stored = replace(talk.settings, data=tmp_path / "kept"), talk.stored
    shutil.copytree(talk.settings.data, made.data)
    assert stored.looks is not None
    vector = stored.looks.vectors[0].tobytes()[:16]
    assert vector in left_in(made)
    with Engine.open(made) as engine:
        assert ask(engine, "Which frame shows a blue sheet?").status == "answered"
        engine.files.remove(ANNA, talk.card.id)
        assert kept(made) == ()
        gone = ask(engine, "Which frame shows a blue sheet?")
    assert not any(item.found_by == ("how it looks",) for item in gone.evidence)
    assert vector not in left_in(made)


def left_in(settings: Settings) -> bytes:
    """Every byte that is kept of visitors."""
    return b"".join(path.read_bytes() for path in settings.data.rglob("*") if path.is_file())

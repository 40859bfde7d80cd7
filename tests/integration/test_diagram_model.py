"""A model that sees, asked about a diagram: it gets picture and structure, and is held to the structure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.answering.generating import Writer
from cml_mm.diagrams.values import Diagram, FreeText
from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.local_chat import LocalChat, LocalChatOptions
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Cancelled, Generator, Lessened, Picture, Prompt
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, Scope
from cml_mm.types import Answer, AnswerReady, PictureArea
from cml_mm.visits import StoredFile
from tests.support.drawn_files import edge, laid_out, node, stored
from tests.support.said_generator import SaidGenerator, in_pieces
from tests.support.tiny_models import build_speaking

GARDEN = laid_out(
    Diagram(
        "Who waters",
        "picture",
        (
            node("g", "Garden meeting"),
            node("r", "Rota keeper"),
            node("w", "Watering team"),
            node("c", "Compost team"),
            node("t", "Tool shed"),
            node("s", "Seed swap"),
            node("f", "Film evening"),
        ),
        (
            edge("gr", "g", "r", "elects"),
            edge("tr", "t", "r"),
            edge("rw", "r", "w", "calls"),
            edge("rc", "r", "c"),
            edge("sf", "s", "f", heads="none"),
        ),
        face="picture-1",
    )
)
QUESTION = "Who comes after the garden meeting?"


class Listened(LocalChat):
    """The local model, with the prompts that it was given kept."""

    def __init__(self, options: LocalChatOptions) -> None:
        super().__init__(options)
        self.asked: list[Prompt] = []

    def generate(self, prompt: Prompt, cancelled: Cancelled, waiting: object) -> Iterator[str | Lessened]:
        self.asked.append(prompt)
        return super().generate(prompt, cancelled, waiting)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM, engine: Engine) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@dataclass
class Shown:
    """The picture of the file, and who asked for it."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, file: str, face: str) -> Picture:
        self.asked.append((file, face))
        return np.full((48, 64, 3), (10, 120, 60), dtype=np.uint8)


def answered(
    opened: Opened,
    question: str,
    *files: StoredFile,
    model: Generator | None = None,
    shown: Shown | None = None,
    withhold: bool = False,
) -> Answer:
    answerer = replace(opened.answerer, writer=Writer(model, withhold=withhold)) if model else opened.answerer
    scope = Scope("files", "visitor", (), "model") if model else Scope("files", "visitor", ())
    for event in answerer.ask(question, lambda: False, NO_TALK, scope, opened.source(files), shown):
        if isinstance(event, AnswerReady):
            return event.answer
    raise AssertionError("no answer")


def told(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences)


def test_a_checkpoint_that_sees_is_shown_picture_and_structure_and_held_to_the_structure(
    opened: Opened, encoder: MiniLM, tmp_path: Path
) -> None:
    says = "After the garden meeting comes the rota keeper [1]. The rota keeper leads to the garden meeting [1]."
    folder = build_speaking("qwen2.5-vl", tmp_path / "speaker", says)
    model = Listened(LocalChatOptions(model=str(folder), device_map="cpu", idle_seconds=0, max_pictures=1))
    file, shown = stored(encoder, 1, "watering.png", GARDEN), Shown()
    try:
        answer = answered(opened, QUESTION, file, model=model, shown=shown)
        strict = answered(opened, QUESTION, file, model=model, shown=shown, withhold=True)
    finally:
        model.close()
    prompt = model.asked[0]
    assert shown.asked[0] == (file.card.id, "picture-1")
    assert len(prompt.stills) == 1 and prompt.stills[0].picture[0, 0].tolist() == [10, 120, 60]
    for line in (
        "Garden meeting → Rota keeper: elects",
        "Rota keeper → Watering team: calls",
        "Tool shed → Rota keeper",
    ):
        assert line in prompt.user
    assert [sentence.verdict for sentence in answer.sentences] == ["supported", "unsupported"]
    assert isinstance(answer.evidence[0].locator, PictureArea) and "gr" in answer.evidence[0].locator.parts
    assert "leads to the garden meeting" not in told(strict) and strict.withheld == 1


def test_what_a_model_denies_is_looked_for_in_the_whole_diagram(opened: Opened, encoder: MiniLM) -> None:
    """The arrow that it denies is not among those that it cites."""
    says = "The tool shed does not lead to the rota keeper [1]."
    model = SaidGenerator(in_pieces(says), pictures=1)
    answer = answered(opened, QUESTION, stored(encoder, 1, "watering.png", GARDEN), model=model, shown=Shown())
    assert isinstance(answer.evidence[0].locator, PictureArea) and "tr" not in answer.evidence[0].locator.parts
    assert [sentence.verdict for sentence in answer.sentences] == ["unsupported"]


@pytest.mark.parametrize(
    "question", ["What comes after the garden meeting?", "Is there a loop?", "How do you get from A to B?"]
)
def test_of_a_drawing_without_arrows_it_is_said_that_none_could_be_followed(
    opened: Opened, encoder: MiniLM, question: str
) -> None:
    bare = replace(GARDEN, edges=(), unplaced=(FreeText("The garden meeting elects the rota keeper each May."),))
    answer = answered(opened, question, stored(encoder, 1, "watering.png", bare))
    assert "No boxes joined by arrows could be read in watering" in told(answer)
    plain = answered(opened, "What does it cost to rent a plot?", stored(encoder, 1, "watering.png", bare))
    assert "arrows" not in told(plain)


def test_of_a_drawing_with_arrows_it_is_not(opened: Opened, encoder: MiniLM) -> None:
    assert "could be read" not in told(answered(opened, QUESTION, stored(encoder, 1, "watering.png", GARDEN)))


def test_pieces_bottlenecks_and_heads_are_told_and_borne_out(opened: Opened, encoder: MiniLM) -> None:
    file = stored(encoder, 1, "watering.png", GARDEN)
    for question, words in (
        ("Is something cut off from the rest?", "“Seed swap” and “Film evening” stand apart from all other boxes."),
        ("Is there a bottleneck?", "4 of 4 ways from a beginning to an end go through “Rota keeper”."),
    ):
        answer = answered(opened, question, file)
        assert words in told(answer)
        assert {sentence.verdict for sentence in answer.sentences} == {"supported"}
    assert "4 of its 5 lines have a head" in told(answered(opened, "Are there arrows, who leads to whom?", file))


def test_two_versions(opened: Opened, encoder: MiniLM) -> None:
    later = replace(
        GARDEN,
        nodes=tuple(one for one in GARDEN.nodes if one.id != "t"),
        edges=(*(one for one in GARDEN.edges if one.id != "tr"), edge("wg", "w", "g", "reports")),
    )
    files = stored(encoder, 1, "watering v1.png", GARDEN), stored(encoder, 2, "watering v2.png", later)
    assert "“Tool shed” was removed" in told(answered(opened, "Which boxes did we drop from v1?", *files))
    assert "No: the box “Tool shed” was removed." in told(
        answered(opened, "Is the tool shed still in the new version?", *files)
    )
    assert "Yes: “Rota keeper” is in the diagram still." in told(
        answered(opened, "Is the rota keeper still there in the newer version?", *files)
    )
    both = told(answered(opened, "Is there a loop in both versions?", *files))
    assert "No loop is in the diagram" in both and "back to “Garden meeting”" in both

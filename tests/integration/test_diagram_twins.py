"""Boxes of a diagram with the same words: questions about them are answered of whichever is meant."""

from __future__ import annotations

import pytest

from cml_mm.diagrams.layout import laid_out
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode
from cml_mm.engine import Engine
from cml_mm.models.minilm import MiniLM
from cml_mm.types import Answer
from tests.support.drawn_files import stored

NAMES = (("r1", "Review"), ("m", "Middle"), ("s", "Second"), ("e", "End"), ("r2", "Review"))
ARROWS = (("r1", "m"), ("m", "s"), ("s", "e"), ("r2", "e"))
TWINS = laid_out(
    Diagram(
        "Twins",
        "picture",
        tuple(DiagramNode(one, label) for one, label in NAMES),
        tuple(DiagramEdge(source + target, source, target) for source, target in ARROWS),
        face="picture-1",
    )
)


def asked(engine: Engine, encoder: MiniLM, question: str) -> Answer:
    return engine.answer_over(question, (stored(encoder, 1, "twins.png", TWINS),), where="files")


def test_the_shorter_of_two_ways_is_told_where_a_name_stands_for_two_boxes(engine: Engine, encoder: MiniLM) -> None:
    answer = asked(engine, encoder, "How do you get from Review to End?")
    text = " ".join(sentence.text for sentence in answer.sentences)
    assert "End" in text and "Middle" not in text


@pytest.mark.parametrize("question", ["Is Review connected to it?", "Are Review and everything connected?"])
def test_a_name_for_two_boxes_and_nothing_else_is_answered(engine: Engine, encoder: MiniLM, question: str) -> None:
    assert asked(engine, encoder, question).sentences

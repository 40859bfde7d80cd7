"""Which questions are taken for English."""

from __future__ import annotations

import pytest

from cml_mm.answering.language import foreign_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Quién decide?", "Spanish"),
        ("¿Cómo repartimos el agua?", "Spanish"),
        ("Wie teilen wir das Wasser gerecht?", "German"),
        ("Comment partager l'eau entre nous ?", "French"),
        ("Кто решает, как делить воду?", "Russian"),
        ("Who decides?", None),
        ("How do we share the water in our valley?", None),
        ("Mondragon, Buurtzorg, Enspiral", None),
    ],
)
def test_the_language_is_named_where_it_is_not_english(question: str, language: str | None) -> None:
    assert foreign_language(question) == language

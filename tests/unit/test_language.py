"""Which questions are taken for English."""

from __future__ import annotations

import pytest

from cml_mm.answering.language import foreign_language, language_words


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


@pytest.mark.parametrize("of_files", [False, True])
def test_only_an_encoder_that_reads_english_alone_is_said_to(of_files: bool) -> None:
    alone = language_words("Spanish", english_only=True, of_files=of_files)
    many = language_words("Spanish", english_only=False, of_files=of_files)
    assert "reads English only" in alone and "English only" not in many
    assert "Spanish" in alone and "Spanish" in many
    assert ("This library is in English" in many) is not of_files

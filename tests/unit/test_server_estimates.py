"""What is guessed about a model on another machine, held against real vocabularies."""

from __future__ import annotations

import base64
import importlib.util
from pathlib import Path

import pytest
import tiktoken

from cml_mm.models.server_estimates import estimated_picture_tokens, estimated_tokens

_LIBRARY = Path(__file__).resolve().parents[2] / "indexes" / "starter"
# How GPT-2 cuts text into words before it looks for pieces.
_WORDS = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def vocabulary(name: str) -> tiktoken.Encoding:
    """One of the two of 50,000 pieces that come with Whisper, whose torch is not needed for it."""
    spec = importlib.util.find_spec("whisper")
    assert spec is not None and spec.origin is not None
    lines = (Path(spec.origin).parent / "assets" / f"{name}.tiktoken").read_text().splitlines()
    ranks = {base64.b64decode(piece): int(rank) for piece, rank in (line.split() for line in lines if line)}
    return tiktoken.Encoding(name=name, pat_str=_WORDS, mergeable_ranks=ranks, special_tokens={})


@pytest.mark.parametrize("name", ["gpt2", "multilingual"])
def test_the_library_is_never_taken_for_shorter_than_it_is(name: str) -> None:
    real, pages = vocabulary(name), sorted(_LIBRARY.rglob("*.md"))
    counted = [
        (estimated_tokens(part), len(real.encode_ordinary(part)))
        for page in pages
        for part in page.read_text(encoding="utf-8").split("\n\n")
        if part.strip()
    ]

    assert len(counted) > 1000
    assert not [pair for pair in counted if pair[0] < pair[1]]
    assert sum(guess for guess, _ in counted) < 1.7 * sum(true for _, true in counted)


@pytest.mark.parametrize(
    "text",
    [
        "Wie kann eine Genossenschaft ihre Mitglieder an Entscheidungen beteiligen, ohne sie zu überfordern?",
        "¿Cómo puede una cooperativa tomar decisiones sin que unos pocos lo decidan todo?",
        "协同组织如何在没有老板的情况下做出决定？每个成员都有一票。",
        "共有地のルールは誰が決めるのですか。会議で話し合います。",
        "Как кооператив принимает решения без начальника?",
        "कोऑपरेटिव कैसे निर्णय लेता है?",
        "كيف تتخذ التعاونية قراراتها",
        "🙂🙃🎉🌍",
        "| 2021 | 48,312 | 7.5 % |\n|---|---|---|\n",
        "def f(x):\n\t\treturn x ** 2\n",
    ],
)
def test_other_writing_is_not_taken_for_shorter(text: str) -> None:
    assert estimated_tokens(text) >= len(vocabulary("multilingual").encode_ordinary(text))


def test_lone_halves_of_letters_are_counted_too() -> None:
    assert estimated_tokens("\ud83d") > 0


def test_no_text_is_next_to_nothing() -> None:
    assert estimated_tokens("") <= 1


def test_pictures_count_by_their_area() -> None:
    assert estimated_picture_tokens(280, 560, 28) >= 10 * 20 + 10
    assert estimated_picture_tokens(10, 10, 28) == 256
    assert estimated_picture_tokens(1024, 1024, 16) > 3 * estimated_picture_tokens(1024, 1024, 28) / 1.1

"""What every Generator must do, whoever writes: a model on this machine that sees, one that does not, a server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.models.local_chat import LocalChat, LocalChatOptions
from cml_mm.models.openai_server import OpenAIServer
from cml_mm.models.server_options import ServerOptions
from cml_mm.ports import Generator, Prompt, Still
from tests.support.odd_server import KEY, WORDS, odd_server
from tests.support.tiny_models import build_speaking

SAYS = "".join(WORDS)
PROMPT = Prompt("Answer from the evidence.", "When are the keys handed on?")
Speaks = Callable[[], Generator]


@pytest.fixture(scope="module", params=["local-seeing", "local-text", "server"])
def speaks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaks]:
    """Opens a generator that answers SAYS, whatever it is asked."""
    if request.param == "server":
        with odd_server() as odd:
            yield lambda: OpenAIServer(ServerOptions(odd.url, KEY, "good", 4096, pictures=2))
        return
    family = {"local-seeing": "qwen3-vl", "local-text": "llama3.1"}[request.param]
    folder: Path = build_speaking(family, tmp_path_factory.mktemp("speaking") / family, SAYS)
    yield lambda: LocalChat(LocalChatOptions(model=str(folder), device_map="cpu", idle_seconds=0, max_pictures=2))


@pytest.fixture
def generator(speaks: Speaks) -> Iterator[Generator]:
    made = speaks()
    yield made
    made.close()


def never() -> bool:
    return False


def unheard(before: int) -> None:
    """Does not mind waiting."""


def said(generator: Generator, prompt: Prompt = PROMPT) -> str:
    return "".join(generator.generate(prompt, never, unheard))


def pictures(count: int) -> tuple[Still, ...]:
    return tuple(Still(np.full((50, 70, 3), 40 * number, np.uint8)) for number in range(count))


def test_it_writes_in_pieces_and_says_who_it_is(generator: Generator) -> None:
    pieces = list(generator.generate(PROMPT, never, unheard))
    assert "".join(pieces) == SAYS
    assert len(pieces) > 1 and all(pieces)
    assert generator.name and "\n" not in generator.name


def test_it_asks_nothing_before_it_is_iterated(generator: Generator) -> None:
    generator.generate(PROMPT, never, unheard)
    assert said(generator) == SAYS  # an answer that nobody began to read holds no turn


def test_longer_texts_count_more_and_control_tokens_come_longest_first(generator: Generator) -> None:
    assert generator.count_tokens("") <= 1
    counts = [generator.count_tokens("seeds and keys " * times) for times in (1, 10, 100)]
    assert counts == sorted(set(counts))
    tokens = generator.control_tokens()
    assert tokens and len(set(tokens)) == len(tokens)
    assert [len(token) for token in tokens] == sorted((len(token) for token in tokens), reverse=True)


def test_a_picture_costs_context_where_it_can_be_seen(generator: Generator) -> None:
    assert generator.capabilities.context_tokens > 0
    if generator.capabilities.pictures:
        assert 0 < generator.picture_tokens(pictures(1)[0].picture) < generator.capabilities.context_tokens


@pytest.mark.parametrize("count", [1, 2, 5])
def test_pictures_are_taken_and_those_beyond_its_limit_do_no_harm(generator: Generator, count: int) -> None:
    assert said(generator, replace(PROMPT, stills=pictures(count))) == SAYS


def test_frames_of_a_recording_are_taken(generator: Generator) -> None:
    frames = tuple(replace(still, seconds=10.0 * place) for place, still in enumerate(pictures(2)))
    assert said(generator, replace(PROMPT, stills=frames)) == SAYS


def test_cancelled_before_it_begins_it_says_nothing(generator: Generator) -> None:
    assert list(generator.generate(PROMPT, lambda: True, unheard)) == []
    assert said(generator) == SAYS


def test_cancelled_while_it_writes_it_ends(generator: Generator) -> None:
    heard: list[str] = []
    for piece in generator.generate(PROMPT, lambda: bool(heard), unheard):
        heard.append(piece)
    assert len(heard) == 1 and SAYS.startswith(heard[0])
    assert said(generator) == SAYS


def test_whoever_leaves_holds_nobody_up(generator: Generator) -> None:
    pieces = generator.generate(PROMPT, never, unheard)
    assert SAYS.startswith(next(pieces))
    pieces.close()  # type: ignore[attr-defined]
    assert said(generator) == SAYS


def test_several_at_once_each_get_their_answer(generator: Generator) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(said(generator))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [SAYS] * 3


def test_closed_it_opens_again_when_asked(generator: Generator) -> None:
    assert said(generator) == SAYS
    generator.close()
    generator.close()
    assert said(generator) == SAYS

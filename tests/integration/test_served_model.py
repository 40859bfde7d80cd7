"""Remote generation against a real server: `transformers serve` with a tiny checkpoint that sees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cml_mm.errors import ModelMissing
from cml_mm.models.openai_server import OpenAIServer, ServerOptions
from cml_mm.ports import Picture, Prompt, Still
from tests.support.tiny_models import build
from tests.support.transformers_server import transformers_server

PROMPT = Prompt("Answer from the evidence.", "When are the keys handed on?", max_new_tokens=24)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerOptions]:
    folder = tmp_path_factory.mktemp("served")
    checkpoint = build("qwen2.5-vl", folder / "tiny-qwen")
    with transformers_server(checkpoint, folder / "serve.log") as url:
        yield ServerOptions(url, "", str(checkpoint), 8192, pictures=2, timeout_seconds=200)


@pytest.fixture
def server(served: ServerOptions) -> Iterator[OpenAIServer]:
    opened = OpenAIServer(served)
    yield opened
    opened.close()


def said(server: OpenAIServer, prompt: Prompt = PROMPT) -> str:
    return "".join(server.generate(prompt, lambda: False, lambda before: None))


def plain(*colour: int) -> Picture:
    return np.broadcast_to(np.array(colour, dtype=np.uint8), (84, 112, 3)).copy()


def stripes() -> Picture:
    return np.repeat((np.indices((84, 112)).sum(0) // 14 % 2 * 255).astype(np.uint8)[:, :, None], 3, axis=2)


def test_a_served_model_answers_in_pieces_and_alike(server: OpenAIServer) -> None:
    pieces = list(server.generate(PROMPT, lambda: False, lambda before: None))

    assert len(pieces) > 1
    assert said(server) == "".join(pieces)
    assert server.name.startswith("tiny-qwen at 127.0.0.1:")


def test_a_served_model_sees(server: OpenAIServer) -> None:
    shown = [said(server, replace(PROMPT, stills=(Still(picture),))) for picture in (plain(9, 9, 9), stripes())]

    assert shown[0] != shown[1]
    both = replace(PROMPT, stills=(Still(plain(9, 9, 9)), Still(stripes(), seconds=4.0)))
    assert said(server, both) not in shown


def test_a_picture_is_kept_from_a_model_that_is_declared_blind(served: ServerOptions) -> None:
    blind = OpenAIServer(replace(served, pictures=0))
    try:
        assert said(blind, replace(PROMPT, stills=(Still(stripes()),))) == said(blind)
    finally:
        blind.close()


def test_cancelling_stops_it_and_the_next_is_answered(server: OpenAIServer) -> None:
    whole = said(server)
    stop = threading.Event()
    pieces = server.generate(replace(PROMPT, max_new_tokens=6000), stop.is_set, lambda before: None)
    next(pieces)
    stop.set()

    assert list(pieces) == []
    assert said(server) == whole


def test_two_at_once_get_their_own_answers(server: OpenAIServer) -> None:
    prompts = [PROMPT, replace(PROMPT, user="Who decides about the garden?")]
    alone = [said(server, prompt) for prompt in prompts]
    together: dict[int, str] = {}
    threads = [
        threading.Thread(target=lambda n=number: together.update({n: said(server, prompts[n])}))  # type: ignore[misc]
        for number in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert alone[0] != alone[1]
    assert [together[0], together[1]] == alone


def test_another_model_than_the_served_one_is_an_error(served: ServerOptions) -> None:
    other = OpenAIServer(replace(served, model="no-such/model", retries=0))
    try:
        with pytest.raises(ModelMissing, match="no model 'no-such/model'"):
            said(other)
    finally:
        other.close()

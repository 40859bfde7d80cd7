"""Remote generation against a server that misbehaves to order."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import threading
import time
import traceback
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cml_mm.errors import InputError, ModelError, ModelMissing, ModelTimeout, OutOfMemory
from cml_mm.models.openai_server import OpenAIServer, ServerOptions
from cml_mm.ports import Generator, Picture, Prompt, Still
from tests.support.odd_server import KEY, WORDS, OddServer, odd_server
from tests.support.server import free_port

PROMPT = Prompt("Answer from the evidence.", "When are the keys handed on?")
Opens = Callable[..., OpenAIServer]


@pytest.fixture(scope="module")
def _shared() -> Iterator[OddServer]:
    with odd_server() as odd:
        first = OpenAIServer(ServerOptions(odd.url, KEY, "good", 4096))
        said(first)  # imports what no time-out of a test may have to wait for
        first.close()
        yield odd


@pytest.fixture
def odd(_shared: OddServer) -> OddServer:
    """One server for all, with nothing remembered."""
    _shared.asked.clear()
    _shared.gone.clear()
    _shared.released.clear()
    _shared.most_at_once = 0
    return _shared


@pytest.fixture
def opens(odd: OddServer) -> Iterator[Opens]:
    opened: list[OpenAIServer] = []

    def make(model: str, **options: object) -> OpenAIServer:
        made = ServerOptions(odd.url, KEY, model, 4096)
        opened.append(OpenAIServer(replace(made, **options)))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for server in opened:
        server.close()


def never() -> bool:
    return False


def unheard(before: int) -> None:
    """Does not mind waiting."""


def said(server: OpenAIServer, prompt: Prompt = PROMPT) -> list[str]:
    return list(server.generate(prompt, never, unheard))


def picture(height: int = 60, width: int = 90) -> Picture:
    grey = np.linspace(0, 255, width, dtype=np.uint8)
    return np.repeat(np.tile(grey, (height, 1))[:, :, None], 3, axis=2)


# Well behaved


def test_pieces_come_as_they_are_written(odd: OddServer, opens: Opens) -> None:
    server = opens("good")

    assert said(server) == list(WORDS)
    body = odd.asked[0].body
    assert body["messages"][0] == {"role": "system", "content": PROMPT.system}
    assert (body["stream"], body["max_tokens"], body["temperature"]) == (True, PROMPT.max_new_tokens, 0.0)
    assert odd.asked[0].headers["Authorization"] == f"Bearer {KEY}"


def test_it_is_a_generator_with_what_was_declared(odd: OddServer, opens: Opens) -> None:
    server: Generator = opens("org/good", pictures=3, video=True)

    assert server.name == f"org/good at {odd.url.split('/')[2]}"
    assert (server.capabilities.context_tokens, server.capabilities.pictures, server.capabilities.video) == (
        4096,
        3,
        True,
    )


def test_a_first_word_is_there_before_the_last_is_written(odd: OddServer, opens: Opens) -> None:
    pieces = opens("held").generate(PROMPT, never, unheard)

    assert next(pieces) == WORDS[0]
    odd.released.set()
    assert list(pieces) == list(WORDS[1:])


def test_letters_split_over_packets_come_whole(opens: Opens) -> None:
    assert "".join(said(opens("split-unicode"))) == "Größe ≥ 3 🙂 共有地"


def test_an_answer_at_its_full_length_is_an_answer(opens: Opens) -> None:
    assert said(opens("long")) == list(WORDS)


def test_thoughts_are_no_words(opens: Opens) -> None:
    assert said(opens("thinking")) == list(WORDS)


def test_without_a_key_none_is_sent(odd: OddServer, opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-meant-for-another-server")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-server")
    said(opens("good", api_key=""))

    assert "Authorization" not in odd.asked[0].headers
    assert not [value for value in odd.asked[0].headers.values() if "another-server" in value]


def test_a_base_address_without_a_path_is_that_of_v1(odd: OddServer, opens: Opens) -> None:
    said(opens("good", base_url=odd.url.removesuffix("/v1") + "/"))

    assert odd.asked[0].path == "/v1/chat/completions"


def test_it_opens_again_after_it_was_closed(opens: Opens) -> None:
    server = opens("good")
    said(server)
    server.close()
    server.close()

    assert said(server) == list(WORDS)


def test_one_thread_serves_several_answers(odd: OddServer, opens: Opens) -> None:
    server = opens("good")
    before = len([thread for thread in threading.enumerate() if thread.name == "cml-model-server"])
    for _ in range(3):
        said(server)

    assert len([thread for thread in threading.enumerate() if thread.name == "cml-model-server"]) == before + 1


# Pictures


def test_pictures_go_as_data_and_frames_with_their_time(odd: OddServer, opens: Opens) -> None:
    stills = (Still(picture()), Still(picture(), seconds=72.4))
    told = "".join(said(opens("echo", pictures=2), replace(PROMPT, stills=stills)))

    assert (
        "(user: picture 1:)(user: data:image/png;base64,)(user: frame at 01:12:)(user: data:image/png;base64,)" in told
    )
    url = odd.asked[0].body["messages"][1]["content"][1]["image_url"]["url"]
    with Image.open(BytesIO(b64decode(url.partition(",")[2]))) as sent:
        assert np.array_equal(np.asarray(sent), picture())


def test_a_model_that_cannot_see_is_sent_no_picture(odd: OddServer, opens: Opens) -> None:
    server = opens("echo", pictures=0)
    told = "".join(said(server, replace(PROMPT, stills=(Still(picture()),))))

    assert server.capabilities.pictures == 0
    assert "data:" not in told and "data:image" not in str(odd.asked[0].body)


def test_pictures_beyond_the_declared_number_stay_here(opens: Opens) -> None:
    stills = (Still(picture()),) * 3
    told = "".join(said(opens("echo", pictures=1), replace(PROMPT, stills=stills)))

    assert told.count("data:image/png") == 1


@pytest.mark.parametrize(
    ("height", "width", "sent"),
    [(3000, 1500, (1280, 640)), (4, 3000, (80, 1280)), (2, 2, (32, 32)), (40, 50, (40, 50))],
)
def test_pictures_are_bounded(odd: OddServer, opens: Opens, height: int, width: int, sent: tuple[int, int]) -> None:
    server = opens("echo", pictures=1)
    shown = picture(height, width)
    said(server, replace(PROMPT, stills=(Still(shown),)))

    url = odd.asked[0].body["messages"][1]["content"][1]["image_url"]["url"]
    with Image.open(BytesIO(b64decode(url.partition(",")[2]))) as opened:
        assert (opened.height, opened.width) == sent
    cells = -(-sent[0] // 28) * -(-sent[1] // 28)
    assert server.picture_tokens(shown) >= max(cells, 256)


def test_a_photograph_goes_as_a_jpeg(odd: OddServer, opens: Opens) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (900, 900, 3), dtype=np.uint8)
    told = "".join(said(opens("echo", pictures=1), replace(PROMPT, stills=(Still(noise),))))

    assert "data:image/jpeg;base64" in told
    assert len(str(odd.asked[0].body)) < 2_000_000


def test_a_model_without_a_system_role_is_told_once_and_for_all(odd: OddServer, opens: Opens) -> None:
    server = opens("no-system", retries=0)

    for _ in range(2):
        assert "".join(said(server)) == f"(user: {PROMPT.system}\n\n{PROMPT.user})"
    assert len(odd.asked) == 3


# Stopping


def test_cancelling_closes_the_connection_while_it_writes(odd: OddServer, opens: Opens) -> None:
    stop = threading.Event()
    pieces = opens("held").generate(PROMPT, stop.is_set, unheard)
    first = next(pieces)
    stop.set()

    assert [first, *pieces] == [WORDS[0]]
    assert odd.gone.wait(30)


@pytest.mark.parametrize("model", ["silent", "slow-first"])
def test_cancelling_closes_the_connection_before_it_writes(odd: OddServer, opens: Opens, model: str) -> None:
    def asked() -> bool:
        return bool(odd.asked)

    assert list(opens(model).generate(PROMPT, asked, unheard)) == []
    assert odd.gone.wait(30)


def test_closing_the_iterator_closes_the_connection(odd: OddServer, opens: Opens) -> None:
    pieces = opens("held").generate(PROMPT, never, unheard)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]

    assert odd.gone.wait(30)


def test_dropping_the_iterator_closes_the_connection(odd: OddServer, opens: Opens) -> None:
    pieces = opens("held").generate(PROMPT, never, unheard)
    next(pieces)
    del pieces
    gc.collect()

    assert odd.gone.wait(30)


def test_closing_the_server_ends_what_is_under_way(odd: OddServer, opens: Opens) -> None:
    server = opens("held")
    pieces = server.generate(PROMPT, never, unheard)
    next(pieces)
    server.close()

    with pytest.raises(ModelError, match="closed here"):
        next(pieces)
    assert odd.gone.wait(30)


def test_nothing_is_sent_for_who_does_not_want_it_any_more(odd: OddServer, opens: Opens) -> None:
    assert list(opens("good").generate(PROMPT, lambda: True, unheard)) == []
    assert odd.asked == []


def test_cancelling_ends_a_pause_before_the_next_try(odd: OddServer, opens: Opens) -> None:
    def refused() -> bool:
        return bool(odd.asked)

    assert list(opens("busy", retries=9).generate(PROMPT, refused, unheard)) == []
    assert len(odd.asked) == 1


# Several at once


def test_so_many_at_once_and_the_others_in_line(odd: OddServer, opens: Opens) -> None:
    server = opens("held", at_once=2)
    told: dict[int, list[int]] = {number: [] for number in range(4)}
    answers: dict[int, list[str]] = {}

    def ask(number: int) -> None:
        answers[number] = list(server.generate(PROMPT, never, told[number].append))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for under_way, thread in enumerate(threads[:2], 1):
        thread.start()
        odd.wait_for(under_way)
    for number in (2, 3):
        threads[number].start()
        _until(lambda number=number: bool(told[number]))  # type: ignore[misc]
    odd.released.set()
    for thread in threads:
        thread.join()

    assert all(answer == list(WORDS) for answer in answers.values()) and len(answers) == 4
    assert odd.most_at_once == 2
    assert (told[0], told[1], told[2]) == ([], [], [1])
    assert told[3][0] == 2


def test_who_leaves_the_line_holds_nobody_up(odd: OddServer, opens: Opens) -> None:
    server = opens("held", at_once=1)
    first = server.generate(PROMPT, never, unheard)
    next(first)
    tired = threading.Event()

    assert list(server.generate(PROMPT, tired.is_set, lambda before: tired.set())) == []
    odd.released.set()
    assert list(first) == list(WORDS[1:])
    assert said(server) == list(WORDS)


def test_an_error_gives_its_place_back(opens: Opens) -> None:
    server = opens("locked", at_once=1)
    for _ in range(3):
        with pytest.raises(ModelError, match="key"):
            said(server)


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


# Late


@pytest.mark.parametrize("model", ["slow-first", "silent", "keeps-alive"])
def test_a_first_word_that_never_comes(odd: OddServer, opens: Opens, model: str) -> None:
    with pytest.raises(ModelTimeout, match="nothing within 1 seconds"):
        said(opens(model, first_piece_seconds=1.0))
    assert odd.gone.wait(30)
    assert len(odd.asked) == 1


def test_a_word_that_never_follows(odd: OddServer, opens: Opens) -> None:
    got, error = _until_error(opens("slow-pieces", between_seconds=0.3))

    assert got == [WORDS[0]]
    assert isinstance(error, ModelTimeout) and "fell silent" in error.message
    assert odd.gone.wait(30)


def test_an_answer_that_takes_too_long(odd: OddServer, opens: Opens) -> None:
    got, error = _until_error(opens("slow-endless", timeout_seconds=2.0))

    assert got and set(got) == {"a"}
    assert isinstance(error, ModelTimeout) and "not done after 2 seconds" in error.message
    assert odd.gone.wait(30)


def test_a_reader_who_takes_his_time_is_no_time_out(odd: OddServer, opens: Opens) -> None:
    looks: list[bool] = []

    def looked() -> bool:
        """Lets the server go on after the reader has been back for a while."""
        looks.append(True)
        if len(looks) > 2:
            odd.released.set()
        return False

    pieces = opens("held", between_seconds=2.0).generate(PROMPT, looked, unheard)
    next(pieces)
    threading.Event().wait(2.2)
    looks.clear()

    assert list(pieces) == list(WORDS[1:])


def _until_error(server: OpenAIServer, prompt: Prompt = PROMPT) -> tuple[list[str], ModelError]:
    got: list[str] = []
    with pytest.raises(ModelError) as caught:
        got.extend(server.generate(prompt, never, unheard))
        raise AssertionError("it ended well")
    return got, caught.value


# Broken off, endless, refused, nonsense


@pytest.mark.parametrize(
    ("model", "got", "message"),
    [
        ("cut", list(WORDS[:2]), "broke off in the middle"),
        ("cut-clean", list(WORDS[:2]), "broke off in the middle"),
        ("cut-inside", [WORDS[0]], "broke off in the middle"),
        ("broken-later", [WORDS[0]], "stopped with an error of its own"),
        ("filtered", [WORDS[0]], "filter"),
    ],
)
def test_what_was_written_is_kept(odd: OddServer, opens: Opens, model: str, got: list[str], message: str) -> None:
    pieces = opens(model).generate(PROMPT, never, unheard)
    kept = [next(pieces) for _ in got]

    with pytest.raises(ModelError, match=message):
        next(pieces)
    assert kept == got
    assert len(odd.asked) == 1  # nothing is tried again after the first word


@pytest.mark.parametrize("model", ["endless", "endless-line"])
def test_an_endless_answer_is_stopped(odd: OddServer, opens: Opens, model: str) -> None:
    pieces = opens(model).generate(replace(PROMPT, max_new_tokens=20), never, unheard)
    length = 0

    with pytest.raises(ModelError, match=r"kept writing|without end"):
        for piece in pieces:
            length += len(piece)
    assert length < 5000
    assert odd.gone.wait(30)


@pytest.mark.parametrize(
    ("model", "kind", "message", "hint"),
    [
        ("locked", ModelError, "does not accept the key", "CML_API_KEY"),
        ("forbidden", ModelError, "does not let this key use forbidden", "leave"),
        ("mistyped", ModelMissing, "no model 'mistyped'", "It serves: good, other."),
        ("not-served", ModelMissing, "no model 'not-served'", "It serves: good, other."),
        ("too-long", ModelError, "longer than too-long can read", "declares 4096 tokens"),
        ("blind", ModelError, "did not take the pictures", "not a multimodal model"),
        ("tells-key", ModelError, r"refused the question \(400\)", "nothing works here"),
        ("no-memory", OutOfMemory, "ran out of memory", "smaller model"),
        ("no-quota", ModelError, "used up", "another key"),
        ("busy-an-hour", ModelError, "no more questions", "in 3600 seconds"),
        ("busy-until-2099", ModelError, "overloaded or still loading", "seconds"),
        ("moved", ModelError, "another address", "CML_BASE_URL"),
        ("html", ModelError, "no OpenAI-compatible API: it sent a web page", "/v1"),
        ("whole", ModelError, "instead of a stream", "/v1"),
        ("zipped", ModelError, "compressed", "/v1"),
        ("garbage", ModelError, "cannot be read as an answer", "CML_BASE_URL"),
        ("garbage-bytes", ModelError, "cannot be read as an answer", "CML_BASE_URL"),
        ("garbage-deep", ModelError, "cannot be read as an answer", "CML_BASE_URL"),
        ("garbage-shape", ModelError, "cannot be read as an answer", "CML_BASE_URL"),
        ("garbage-words", ModelError, "cannot be read as an answer", "CML_BASE_URL"),
        ("garbage-list", ModelError, "cannot be read as an answer", "CML_BASE_URL"),
        ("empty", ModelError, "without a word", "chat template"),
        ("nothing", ModelError, "without a word", "chat template"),
        ("only-thinks", ModelError, "only thought", "thinking"),
    ],
)
def test_what_is_not_tried_again(
    odd: OddServer, opens: Opens, model: str, kind: type[ModelError], message: str, hint: str
) -> None:
    with pytest.raises(kind, match=message) as caught:
        said(opens(model, pictures=1))

    assert type(caught.value) is kind
    assert hint in caught.value.hint
    assert caught.value.message.isprintable() and caught.value.hint.isprintable()
    assert len(caught.value.hint) < 400
    assert len(odd.asked_of(model)) == 1


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("busy", "no more questions"),
        ("broken", r"error of its own \(500\)"),
        ("hangs-up", "broke off before"),
        ("not-http", "broke off before"),
    ],
)
def test_what_is_tried_again_is_so_a_bounded_number_of_times(
    odd: OddServer, opens: Opens, model: str, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        said(opens(model, retries=1))
    assert len(odd.asked_of(model)) == 2


@pytest.mark.parametrize("model", ["broken-once", "cut-then-good"])
def test_a_second_try_can_go_well(odd: OddServer, opens: Opens, model: str) -> None:
    assert said(opens(model)) == list(WORDS)
    assert len(odd.asked_of(model)) == 2


def test_a_busy_server_is_left_alone_as_long_as_it_asks(odd: OddServer, opens: Opens) -> None:
    assert said(opens("busy-a-second")) == list(WORDS)
    first, second = odd.asked_of("busy-a-second")
    assert second.at_seconds - first.at_seconds >= 1.0


def test_a_wrong_path_is_said(odd: OddServer, opens: Opens) -> None:
    with pytest.raises(ModelMissing, match="no model 'good'") as caught:
        said(opens("good", base_url=odd.url.removesuffix("/v1") + "/api"))
    assert "/api is where its API begins" in caught.value.hint


def test_a_server_that_is_not_there(opens: Opens) -> None:
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        said(opens("good", base_url=f"http://127.0.0.1:{free_port()}/v1", retries=1))
    assert isinstance(caught.value.__cause__, Exception)


def test_a_server_that_does_not_speak_tls(odd: OddServer, opens: Opens) -> None:
    with pytest.raises(ModelError, match="certificate"):
        said(opens("good", base_url=odd.url.replace("http://", "https://")))


def test_a_model_that_llama_index_knows_to_take_no_chat(opens: Opens) -> None:
    with pytest.raises(ModelError, match="only through another API"):
        said(opens("gpt-5.4-pro"))


def test_settings_of_the_environment_that_cannot_be_used(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "carrier-pigeon://127.0.0.1:1")
    with pytest.raises(ModelError, match="can be prepared"):
        said(opens("good", base_url="https://models.example.org/v1"))


# The key


@pytest.mark.parametrize("model", ["locked", "tells-key", "forbidden", "broken-later", "good"])
def test_the_key_is_told_to_nobody(odd: OddServer, opens: Opens, model: str, caplog: pytest.LogCaptureFixture) -> None:
    server = opens(model)
    texts = [repr(server), repr(server.options), str(server.options), server.name]
    with caplog.at_level(logging.DEBUG):
        try:
            said(server)
        except ModelError as error:
            texts += [str(error), repr(error), "".join(traceback.format_exception(error))]
    texts += [record.getMessage() + str(record.exc_text) for record in caplog.records]

    assert odd.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert not [text for text in texts if KEY in text]


# The address


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("", "no address"),
        ("localhost:8000", "no address"),
        ("ftp://127.0.0.1/v1", "no address"),
        ("http://", "no address"),
        ("http://127.0.0.1:99999/v1", "no address"),
        ("http://127.0.0.1:0/v1", "no address"),
        ("http://127.0.0.1 :8000/v1", "no address"),
        ("http://127.0.0.1\\@models.example.org/v1", "a name or a password"),
        ("http://anna:secret-word@127.0.0.1/v1", "a name or a password"),
        ("https://models.example.org/v1?key=secret-word", "after \\? or #"),
        ("http://models.example.org/v1", "anyone on the way can read"),
        ("http://192.168.1.20:8000/v1", "anyone on the way can read"),
        ("http://localhost.example.org/v1", "anyone on the way can read"),
    ],
)
def test_an_address_that_is_refused(base_url: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        ServerOptions(base_url, "", "good", 4096)
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:11434",
        "http://127.0.0.9:8000/v1/",
        "http://[::1]:8000/v1",
        "http://models.localhost/v1",
        "https://models.example.org/openai/v1",
    ],
)
def test_an_address_that_is_taken(base_url: str) -> None:
    assert ServerOptions(base_url, "", "good", 4096).api_url.endswith("/v1")


def test_plain_http_to_another_machine_can_be_allowed() -> None:
    made = ServerOptions("http://models.example.org", "", "good", 4096, plain_http=True)

    assert (made.api_url, made.here) == ("http://models.example.org/v1", False)


@pytest.mark.parametrize(
    "options",
    [
        {"model": " "},
        {"model": "a\nb"},
        {"api_key": "with blank"},
        {"api_key": "with\r\nHost: elsewhere"},
        {"context_tokens": 0},
        {"pictures": -1},
        {"retries": -1},
        {"at_once": 0},
        {"timeout_seconds": 0.0},
        {"first_piece_seconds": float("nan")},
        {"longest_px": 1},
        {"picture_cell_px": 0},
    ],
)
def test_options_that_are_refused(options: dict[str, object]) -> None:
    made = ServerOptions("http://127.0.0.1:8000/v1", "", "good", 4096)
    with pytest.raises(InputError):
        replace(made, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model", "name"),
    [("org/model", "org/model"), ("/srv/weights/qwen", "qwen"), ("C:\\weights\\qwen\\", "qwen"), ("~/qwen", "qwen")],
)
def test_a_folder_on_the_server_is_not_shown(model: str, name: str) -> None:
    assert OpenAIServer(ServerOptions("http://127.0.0.1:8000", "", model, 4096)).name == f"{name} at 127.0.0.1:8000"


def test_the_environments_proxy_is_not_used_for_this_machine(
    odd: OddServer, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert said(opens("good")) == list(WORDS)


# Estimates


def test_control_tokens_are_those_of_all_families_longest_first(opens: Opens) -> None:
    tokens = opens("good").control_tokens()

    assert list(tokens) == sorted(tokens, key=len, reverse=True) and len(set(tokens)) == len(tokens)
    assert {"<|im_start|>", "<|eot_id|>", "<|header_start|>", "[INST]", "<start_of_turn>", "<|assistant|>"} <= set(
        tokens
    )
    assert {"<｜User｜>", "<|image_pad|>", "</s>", "<think>"} <= set(tokens)


def test_nothing_heavy_is_loaded_before_the_first_question() -> None:
    program = (
        "import sys; from cml_mm.models.openai_server import *; "
        "OpenAIServer(ServerOptions('http://127.0.0.1:1/v1', '', 'm', 4096)).count_tokens('words'); "
        "print([name for name in ('openai', 'httpx', 'llama_index', 'torch', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

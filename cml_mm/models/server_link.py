"""The wire to a model server: requests run on a loop of their own, so that each can be ended at any moment.

A blocking read cannot be ended from outside; a task that waits can. What the server writes comes
to the asking thread through a queue. Imported only when a question is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TooLate  # not the built-in one before Python 3.11
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpx
import openai
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, ImageBlock, MessageRole, TextBlock
from llama_index.llms.openai_like import OpenAILike

from cml_mm.errors import ModelError
from cml_mm.models.chat_pictures import label_of
from cml_mm.models.server_options import ServerOptions
from cml_mm.models.server_pictures import encoded
from cml_mm.ports import Prompt, Still

_CONNECT_SECONDS = 10.0
_LIST_SECONDS = 5.0  # for the names of a server's models
_DRAIN_SECONDS = 2.0  # for what follows the last word, so that the connection can serve again
_LARGEST_ANSWER_BYTES = 16 * 1024 * 1024  # of one response, wrappings included


class NotTheApi(Exception):
    """A response that is none of an OpenAI-compatible API; its text says what it is."""


@dataclass(frozen=True)
class Piece:
    """What one event of an answer brings. `finish` is why it ends there, else empty."""

    text: str = ""
    thought: bool = False
    finish: str = ""


@dataclass(frozen=True)
class End:
    """Nothing more comes; `error` says why where it is not well."""

    error: BaseException | None = None


class Running:
    """One request under way."""

    def __init__(self) -> None:
        self._came: SimpleQueue[Piece | End] = SimpleQueue()
        self._task: Future[None] | None = None

    def next(self, wait_seconds: float) -> Piece | End | None:
        """Returns: None where nothing came in this time."""
        try:
            return self._came.get(timeout=wait_seconds)
        except Empty:
            return None

    def put(self, piece: Piece) -> None:
        self._came.put(piece)

    def follow(self, task: Future[None]) -> None:
        """Ends with this task."""
        self._task = task
        task.add_done_callback(self._ended)

    def stop(self, drained: bool = False) -> None:
        """Closes the connection, unless the answer is `drained`: then its last bytes may still come."""
        if self._task is not None and not drained:
            self._task.cancel()

    def _ended(self, task: Future[None]) -> None:
        self._came.put(End(CancelledError() if task.cancelled() else task.exception()))


class ServerLink:
    """Connections to one server, and the thread that serves them.

    Raises: ModelError: none can be made with this model or in this environment.
    """

    def __init__(self, options: ServerOptions) -> None:
        try:
            self._client = _client(options)
        except (ValueError, OSError, ImportError, httpx.InvalidURL) as exc:
            raise ModelError(
                f"No connection to the model server at {options.host} can be prepared.",
                "Check its address and the environment's proxy and certificate settings (HTTPS_PROXY, SSL_CERT_FILE).",
            ) from exc
        try:
            self._llm = _spoken_to(self._client, options)
        except ValueError as exc:
            raise ModelError(
                f"{options.spoken_model} answers only through another API than chat completions.",
                "Set CML_SERVED_MODEL to a model that takes them.",
            ) from exc
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._serve, name="cml-model-server", daemon=True)
        self._thread.start()

    def ask(self, messages: Sequence[ChatMessage], max_new_tokens: int) -> Running:
        """Sends a question off."""
        running = Running()
        running.follow(self._run(self._pump(messages, max_new_tokens, running)))
        return running

    def model_names(self) -> tuple[str, ...]:
        """What the server says it serves; empty where it does not say."""
        try:
            names: tuple[str, ...] = self._run(self._names()).result(2 * _LIST_SECONDS)
            return names
        except (openai.OpenAIError, httpx.HTTPError, NotTheApi, ValueError, TypeError, AttributeError):
            return ()
        except (TooLate, CancelledError):
            return ()

    def close(self) -> None:
        """Ends every request and connection."""
        if self._loop.is_closed():
            return
        self._run(self._end_all()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError as exc:  # the loop was closed meanwhile
            work.close()
            raise CancelledError from exc

    async def _pump(self, messages: Sequence[ChatMessage], max_new_tokens: int, running: Running) -> None:
        limits = httpx.Timeout(None, connect=_CONNECT_SECONDS)  # the asking thread watches all others
        answer = await self._llm.astream_chat(messages, max_tokens=max_new_tokens, timeout=limits)
        task = asyncio.current_task()
        async for step in answer:
            piece = _piece(step)
            running.put(piece)
            if piece.finish and task is not None:
                self._loop.call_later(_DRAIN_SECONDS, task.cancel)

    async def _names(self) -> tuple[str, ...]:
        page = await self._client.models.list(timeout=_LIST_SECONDS)
        return tuple(model.id for model in page.data if isinstance(model.id, str) and model.id.isprintable())

    async def _end_all(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.close()
        await self._loop.shutdown_asyncgens()


def _spoken_to(client: openai.AsyncOpenAI, options: ServerOptions) -> OpenAILike:
    """LlamaIndex is handed a client that is ready, so that it needs neither key nor address."""
    return OpenAILike(
        model=options.model,
        api_base=options.api_url,
        api_key="held by the client",
        is_chat_model=True,
        context_window=options.context_tokens,
        temperature=0.0,
        max_retries=0,
        timeout=options.timeout_seconds,
        async_openai_client=client,
    )


def _client(options: ServerOptions) -> openai.AsyncOpenAI:
    # Redirections would carry questions and pictures to where nobody looked; an environment's proxy
    # cannot reach this machine; its names of an OpenAI organisation are nothing to another server.
    wire = httpx.AsyncClient(
        follow_redirects=False,
        trust_env=not options.here,
        event_hooks={"request": [] if options.api_key else [_without_key], "response": [_check]},
        limits=httpx.Limits(max_connections=2 * options.at_once, max_keepalive_connections=options.at_once),
    )
    nothing: Any = openai.Omit()  # typed as no header's value
    return openai.AsyncOpenAI(
        api_key=options.api_key or "none",
        base_url=options.api_url,
        max_retries=0,
        default_headers={
            "Accept-Encoding": "identity",
            "OpenAI-Organization": nothing,
            "OpenAI-Project": nothing,
        },
        http_client=wire,
    )


async def _without_key(request: httpx.Request) -> None:
    request.headers.pop("Authorization", None)


async def _check(response: httpx.Response) -> None:
    """Raises: NotTheApi."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise NotTheApi("a compressed response that was not asked for")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == 200 and kind == "text/html":
        raise NotTheApi("a web page")
    asks_stream = response.request.method == "POST"
    if response.status_code == 200 and asks_stream and kind not in ("text/event-stream", ""):
        raise NotTheApi(f"a response of the kind {kind[:60]} instead of a stream of events")
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise NotTheApi("a response without a body")
    response.stream = _Bounded(response.stream)


class _Bounded(httpx.AsyncByteStream):
    """A response's bytes, up to a limit."""

    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = _LARGEST_ANSWER_BYTES
        async for part in self._inner:
            left -= len(part)
            if left < 0:
                raise NotTheApi("a response without end")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


def messages_for(prompt: Prompt, options: ServerOptions, fold_system: bool) -> list[ChatMessage]:
    """A prompt as LlamaIndex has it.

    Args:
        fold_system: for templates without a system role: it goes before the user's words.
    """
    system = prompt.system.strip()
    user = f"{system}\n\n{prompt.user}" if fold_system and system else prompt.user
    blocks: list[TextBlock | ImageBlock] = []
    before, behind = (f"{words}\n" if words else "" for words in prompt.around)
    for number, still in enumerate(prompt.stills[: options.pictures], start=1):
        blocks.extend(_shown(before if number == 1 else "", number, still, options.longest_px))
    asked = ChatMessage(role=MessageRole.USER, blocks=[*blocks, TextBlock(text=f"{behind}{user}" if blocks else user)])
    return [asked] if fold_system or not system else [ChatMessage(role=MessageRole.SYSTEM, content=system), asked]


def _shown(before: str, number: int, still: Still, longest_px: int) -> list[TextBlock | ImageBlock]:
    """A picture, after a line that says what it is. Its bytes go along: a server is never made to fetch."""
    data, media_type = encoded(still.picture, longest_px)
    return [TextBlock(text=f"{before}{label_of(number, still)}:"), ImageBlock(image=data, image_mimetype=media_type)]


def _piece(step: ChatResponse) -> Piece:
    choices = getattr(step.raw, "choices", None) or ()
    finish = getattr(choices[0], "finish_reason", None) if choices else None
    text = step.delta or ""
    if not isinstance(text, str):
        raise NotTheApi("words that are no text")
    return Piece(text, bool(step.additional_kwargs.get("thinking_delta")), str(finish or ""))

"""A model server that misbehaves to order: real HTTP on this machine, the fault chosen by the model's name."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any, cast

KEY = "sk-a-key-of-our-own-42"
WORDS = ("The keys ", "are handed on ", "at the first meeting [1].")
_LONGEST_SECONDS = 60.0  # nothing here waits longer for a client that stays


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    at_seconds: float


@dataclass
class OddServer:
    """What the tests see of it."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    gone: Event = field(default_factory=Event)  # a client hung up before the answer was whole
    released: Event = field(default_factory=Event)  # lets `held` answers go on
    begun: Condition = field(default_factory=Condition)
    under_way: int = 0
    most_at_once: int = 0

    def asked_of(self, model: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.body.get("model") == model]

    def wait_for(self, under_way: int) -> None:
        """Until so many `held` questions are here."""
        with self.begun:
            if not self.begun.wait_for(lambda: self.under_way >= under_way, _LONGEST_SECONDS):
                raise AssertionError(f"{under_way} questions never came")


@contextmanager
def odd_server() -> Iterator[OddServer]:
    """Answers `POST /v1/chat/completions` and `GET /v1/models`."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.odd = OddServer(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.odd
    finally:
        server.odd.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    odd: OddServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what is tested here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    @property
    def odd(self) -> OddServer:
        return cast(_Server, self.server).odd

    def do_GET(self) -> None:
        models = {"object": "list", "data": [{"id": "good", "object": "model"}, {"id": "other", "object": "model"}]}
        if self.path == "/v1/models":
            self._json(200, models)
        else:
            self._json(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, dict(self.headers.items()), body, time.monotonic())
        self.odd.asked.append(asked)
        if self.path != "/v1/chat/completions":
            self._json(404, {"detail": "Not Found"})
            return
        behaviour = getattr(self, "_" + str(body["model"]).split("/")[-1].replace("-", "_"), None)
        if behaviour is None:
            message = f"The model `{body['model']}` does not exist."
            self._json(404, {"error": {"message": message, "code": "model_not_found"}})
            return
        behaviour(asked)

    # Well behaved

    def _good(self, asked: Asked) -> None:
        with self._stream():
            self._say(*WORDS)
            self._finish()

    def _echo(self, asked: Asked) -> None:
        """Says what it was told, part by part."""
        with self._stream():
            for message in asked.body["messages"]:
                content = message["content"]
                parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
                for part in parts:
                    said = part["text"] if part["type"] == "text" else part["image_url"]["url"][:22]
                    self._say(f"({message['role']}: {said})")
            self._finish()

    def _thinking(self, asked: Asked) -> None:
        with self._stream():
            self._event({"choices": [{"index": 0, "delta": {"content": "", "reasoning_content": "Hm. "}}]})
            self._say(*WORDS)
            self._finish()

    def _long(self, asked: Asked) -> None:
        with self._stream():
            self._say(*WORDS)
            self._finish("length")

    def _split_unicode(self, asked: Asked) -> None:
        """Events cut anywhere, inside letters too."""
        event = self._as_event({"choices": [{"index": 0, "delta": {"content": "Größe ≥ 3 🙂 共有地"}}]})
        with self._stream():
            for byte in event:
                self._chunk(bytes([byte]))
            self._finish()

    def _held(self, asked: Asked) -> None:
        """Says one word, then waits to be released."""
        with self._counted(), self._stream():
            self._say(WORDS[0])
            while not self.odd.released.wait(0.01):
                if self._hung_up(0):
                    return
            self._say(*WORDS[1:])
            self._finish()

    # Late

    def _slow_first(self, asked: Asked) -> None:
        with self._stream():
            self._hung_up(_LONGEST_SECONDS)

    def _silent(self, asked: Asked) -> None:
        """Not even headers."""
        self._hung_up(_LONGEST_SECONDS)

    def _slow_pieces(self, asked: Asked) -> None:
        with self._stream():
            self._say(WORDS[0])
            self._hung_up(_LONGEST_SECONDS)

    def _keeps_alive(self, asked: Asked) -> None:
        """Signs of life without a word."""
        with self._stream():
            while not self._hung_up(0.01):
                self._chunk(b": still here\n\n" + self._as_event({"choices": [{"index": 0, "delta": {"content": ""}}]}))

    # Without end

    def _endless(self, asked: Asked) -> None:
        with self._stream():
            while not self._hung_up(0):
                self._say("again and " * 50)

    def _endless_line(self, asked: Asked) -> None:
        with self._stream():
            self._chunk(b"data: ")
            while not self._hung_up(0):
                self._chunk(b"x" * 65_536)

    def _slow_endless(self, asked: Asked) -> None:
        with self._stream():
            while not self._hung_up(0.01):
                self._say("a")

    # Cut

    def _cut(self, asked: Asked) -> None:
        self._stream_head()
        self._say(*WORDS[:2])
        self._drop()

    def _cut_clean(self, asked: Asked) -> None:
        """The stream ends as if it were whole, but nothing says why."""
        with self._stream():
            self._say(*WORDS[:2])

    def _cut_inside(self, asked: Asked) -> None:
        self._stream_head()
        self._say(WORDS[0])
        self._chunk(b'data: {"choices": [{"ind')
        self._drop()

    def _cut_then_good(self, asked: Asked) -> None:
        if len(self.odd.asked_of(asked.body["model"])) == 1:
            self._stream_head()
            self._drop()
        else:
            self._good(asked)

    def _hangs_up(self, asked: Asked) -> None:
        self._drop()

    # Refusing

    def _busy(self, asked: Asked) -> None:
        self._json(429, {"error": {"message": "Slow down."}})

    def _busy_an_hour(self, asked: Asked) -> None:
        self._json(429, {"error": {"message": "Slow down."}}, {"Retry-After": "3600"})

    def _busy_a_second(self, asked: Asked) -> None:
        if len(self.odd.asked_of(asked.body["model"])) == 1:
            self._json(429, {"error": {"message": "Slow down."}}, {"Retry-After": "1"})
        else:
            self._good(asked)

    def _busy_until_2099(self, asked: Asked) -> None:
        self._json(503, {"error": {"message": "Loading model"}}, {"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"})

    def _no_quota(self, asked: Asked) -> None:
        self._json(429, {"error": {"message": "You are out.", "code": "insufficient_quota"}})

    def _broken(self, asked: Asked) -> None:
        self._json(500, {"error": {"message": "Internal"}})

    def _broken_once(self, asked: Asked) -> None:
        if len(self.odd.asked_of(asked.body["model"])) == 1:
            self._json(500, {"error": {"message": "Internal"}})
        else:
            self._good(asked)

    def _broken_later(self, asked: Asked) -> None:
        with self._stream():
            self._say(WORDS[0])
            self._chunk(b'data: {"error": {"message": "the engine died", "code": 500}}\n\n')

    def _no_memory(self, asked: Asked) -> None:
        self._json(500, {"error": {"message": "CUDA out of memory. Tried to allocate 2 GiB."}})

    def _locked(self, asked: Asked) -> None:
        self._json(401, {"error": {"message": f"Incorrect API key provided: {KEY}."}})

    def _forbidden(self, asked: Asked) -> None:
        self._json(403, {"error": {"message": "Not for you."}})

    def _too_long(self, asked: Asked) -> None:
        message = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."
        self._json(400, {"object": "error", "message": message, "type": "BadRequestError", "code": 400})

    def _not_served(self, asked: Asked) -> None:
        self._json(400, {"detail": "Server is pinned to 'good'; requested 'not-served'."})

    def _blind(self, asked: Asked) -> None:
        self._json(400, {"error": {"message": "blind is not a multimodal model"}})

    def _tells_key(self, asked: Asked) -> None:
        self._json(400, {"error": {"message": f"With the key {KEY}\x1b[31m\nnothing works " + "here " * 200}})

    def _no_system(self, asked: Asked) -> None:
        if any(message["role"] == "system" for message in asked.body["messages"]):
            self._json(400, {"error": {"message": "System role not supported"}})
        else:
            self._echo(asked)

    def _moved(self, asked: Asked) -> None:
        self._json(307, {}, {"Location": "http://127.0.0.1:9/v1/chat/completions"})

    # Nonsense

    def _html(self, asked: Asked) -> None:
        self._body(200, b"<!doctype html><title>Welcome</title>", "text/html; charset=utf-8")

    def _whole(self, asked: Asked) -> None:
        self._json(200, {"choices": [{"message": {"content": "In one piece."}}]})

    def _zipped(self, asked: Asked) -> None:
        self._body(200, b"\x1f\x8b\x08", "text/event-stream", {"Content-Encoding": "gzip"})

    def _not_http(self, asked: Asked) -> None:
        self.wfile.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
        self._drop()

    def _garbage(self, asked: Asked) -> None:
        with self._stream():
            self._chunk(b"data: {not json\n\n")

    def _garbage_bytes(self, asked: Asked) -> None:
        with self._stream():
            self._chunk(b"data: \xff\xfe\xfd\n\n")

    def _garbage_deep(self, asked: Asked) -> None:
        with self._stream():
            self._chunk(b"data: " + b"[" * 200_000 + b"\n\n")

    def _garbage_shape(self, asked: Asked) -> None:
        with self._stream():
            self._event({"choices": 5})

    def _garbage_words(self, asked: Asked) -> None:
        with self._stream():
            self._event({"choices": [{"index": 0, "delta": {"content": {"a": [1]}}}]})

    def _garbage_list(self, asked: Asked) -> None:
        with self._stream():
            self._chunk(b"data: [1, 2]\n\n")

    def _empty(self, asked: Asked) -> None:
        with self._stream():
            self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
            self._finish()

    def _nothing(self, asked: Asked) -> None:
        with self._stream():
            pass

    def _only_thinks(self, asked: Asked) -> None:
        with self._stream():
            self._event({"choices": [{"index": 0, "delta": {"content": "", "reasoning_content": "Hm. "}}]})
            self._finish("length")

    def _filtered(self, asked: Asked) -> None:
        with self._stream():
            self._say(WORDS[0])
            self._finish("content_filter")

    # How it is written

    @contextmanager
    def _counted(self) -> Iterator[None]:
        odd = self.odd
        with odd.begun:
            odd.under_way += 1
            odd.most_at_once = max(odd.most_at_once, odd.under_way)
            odd.begun.notify_all()
        try:
            yield
        finally:
            with odd.begun:
                odd.under_way -= 1

    @contextmanager
    def _stream(self) -> Iterator[None]:
        self._stream_head()
        try:
            yield
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True
            self.odd.gone.set()

    def _stream_head(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _say(self, *pieces: str) -> None:
        for piece in pieces:
            self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}]})

    def _finish(self, why: str = "stop") -> None:
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": why}]})
        self._chunk(b"data: [DONE]\n\n")

    def _event(self, value: dict[str, Any]) -> None:
        self._chunk(self._as_event(value))

    def _as_event(self, value: dict[str, Any]) -> bytes:
        whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "odd", **value}
        return b"data: " + json.dumps(whole, ensure_ascii=False).encode() + b"\n\n"

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _json(self, status: int, value: object, headers: Mapping[str, str] | None = None) -> None:
        self._body(status, json.dumps(value).encode(), "application/json", headers)

    def _body(self, status: int, data: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _drop(self) -> None:
        """Ends the connection without a word."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _hung_up(self, wait_seconds: float) -> bool:
        """Whether the client closes the connection within this time."""
        readable, _, _ = select.select([self.connection], [], [], wait_seconds)
        gone = bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        if gone:
            self.close_connection = True
            self.odd.gone.set()
        return gone

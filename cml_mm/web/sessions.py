"""Keeps one visitor's Gradio sessions apart from every other's.

Gradio knows a session by a name that the page makes up, and an event by an id; whoever says
them gets the session's values and the event's answer (gradio 6.31, routes.py). Here a
session's name is mixed with the visitor's key and a secret of this process before Gradio
sees it, so that the same name from somebody else is another, empty session: nothing is
kept for it, so nothing can be pushed out. An event's id is open only to the visitor who
began it; one that is not known here is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import threading
from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cml_mm.web.trouble import NO_STORE
from cml_mm.web.visitor import visitor_in

EVENTS = 50_000  # whose beginners are remembered, the oldest forgotten first
NOT_YOURS = "There is no such answer here, or it is not yours."
_API = "/gradio_api/"
_BEGINS = re.compile(r"/gradio_api/(?:queue/join|call/(?:v2/)?[^/]+)/?")
_EVENT = re.compile(r"/gradio_api/call/(?:v2/)?[^/]+/(?P<event>[^/]+)/?")
_HEARTBEAT = re.compile(r"/gradio_api/heartbeat/(?P<session>[^/]+)/?")


class Sessions:
    """ASGI middleware over Gradio; stands behind `VisitorCookie`."""

    def __init__(self, app: ASGIApp, events: int = EVENTS) -> None:
        self._app = app
        self._secret = secrets.token_bytes(32)
        self._events = events
        self._begun: OrderedDict[str, str] = OrderedDict()  # event → visitor
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
        elif scope["method"] == "POST":
            await self._post(scope, receive, send)
        else:
            await self._get(scope, receive, send)

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor, path = visitor_in(scope), str(scope["path"])
        event, heartbeat = _EVENT.fullmatch(path), _HEARTBEAT.fullmatch(path)
        if event and not self._is_own(event["event"], visitor):
            await _refuse(404, NOT_YOURS)(scope, receive, send)
            return
        if heartbeat:
            path = f"{_API}heartbeat/{self._session(heartbeat['session'], visitor)}"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if any(name == "session_hash" for name, _ in pairs):
            mixed = [(n, self._session(value, visitor) if n == "session_hash" else value) for n, value in pairs]
            scope = {**scope, "query_string": urlencode(mixed).encode()}
        await self._app(scope, receive, send)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = visitor_in(scope)
        body = await _whole(receive)
        if body is None:
            return
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            await _refuse(400, "This request is not understood: its body has to be a JSON object.")(
                scope, receive, send
            )
            return
        event, session = told.get("event_id"), told.get("session_hash")
        if event is not None and not self._is_own(str(event), visitor):
            await _refuse(404, NOT_YOURS)(scope, receive, send)
            return
        if session is not None:
            told["session_hash"] = self._session(str(session), visitor)
        body = json.dumps(told).encode()
        if _BEGINS.fullmatch(str(scope["path"])):
            send = _Begun(send, self, visitor)
        await self._app(_with_length(scope, len(body)), _Replayed(body, receive), send)

    def remember(self, event: str, visitor: str) -> None:
        """An event that this visitor began."""
        with self._lock:
            self._begun[event] = visitor
            while len(self._begun) > self._events:
                self._begun.popitem(last=False)

    def _is_own(self, event: str, visitor: str) -> bool:
        with self._lock:
            return self._begun.get(event) == visitor

    def _session(self, name: str, visitor: str) -> str:
        """What Gradio knows a visitor's session by."""
        told = f"{visitor}\n{name}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, told, hashlib.sha256).hexdigest()


class _Begun:
    """Reads the id of a begun event from its answer before anybody else has it."""

    def __init__(self, send: Send, sessions: Sessions, visitor: str) -> None:
        self._send = send
        self._sessions = sessions
        self._visitor = visitor
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                self._read()
        await self._send(message)

    def _read(self) -> None:
        try:
            told: Any = json.loads(self._body)
        except ValueError:
            return  # an error's page: no event has begun
        if isinstance(told, dict) and isinstance(told.get("event_id"), str):
            self._sessions.remember(told["event_id"], self._visitor)


class _Replayed:
    """Gives a body that has been read once more, then whatever follows."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _whole(receive: Receive) -> bytes | None:
    """A request's body, whose length the guard has limited; None if its sender has left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _with_length(scope: Scope, length: int) -> Scope:
    kept = [pair for pair in scope["headers"] if pair[0].lower() not in (b"content-length", b"transfer-encoding")]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


def _refuse(status: int, words: str) -> JSONResponse:
    return JSONResponse({"detail": words, "error": words}, status, headers=NO_STORE)

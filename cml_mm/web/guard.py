"""What every request passes first: safe headers, refused doors, origin and size of posts.

Gradio 6.31 leaves some doors open that this app does not use: `file=https://…` makes the
server fetch any public address, `proxy=` relays requests, deep links dump every
component's value, uploads fill the disk. They are refused here, by path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000  # bytes; a question of 50,000 characters is 200 kB at most
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; "
    "frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "
)
_SPACE_FRAMES = "'self' https://huggingface.co https://*.hf.space"
_REFUSED = (
    (
        re.compile(r"/file=\s*[a-z][a-z0-9+.-]*:", re.I),
        "This server does not fetch files from other addresses.",
    ),
    (re.compile(r"/file=\s*[/\\]{2}"), "This server does not fetch files from other addresses."),
    (re.compile(r"/proxy=", re.I), "This server does not relay requests."),
    (re.compile(r"/deep_link(/|$)", re.I), "This server does not make deep links."),
    (re.compile(r"/gradio_api/upload(/|$)", re.I), "This server takes no files yet."),
    (re.compile(r"/(vibe-edit|undo-vibe-edit|vibe-code|vibe-starter-queries|dev/reload)(/|$)"), "Not here."),
)
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class _Refusal:
    status: int
    words: str


class Guard:
    """ASGI middleware.

    Args:
        app: what is guarded.
        on_space: whether a Hugging Face page may frame this app.
        space_host: the Space's public name, an origin of ours behind its proxy.
        max_body: bytes of a request's body.
    """

    def __init__(self, app: ASGIApp, on_space: bool = False, space_host: str = "", max_body: int = MAX_BODY) -> None:
        self._app = app
        self._policy = _POLICY + (_SPACE_FRAMES if on_space else "'self'")
        self._space_host = space_host.lower()
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _Answer(send, self._policy)
        refusal = self._refusal(scope)
        if refusal:
            await PlainTextResponse(refusal.words, refusal.status)(scope, receive, guarded)
            return
        try:
            await self._app(_without_page(scope), _Counted(receive, self._max_body), guarded)
        except _TooLarge:
            if guarded.begun:
                raise
            await PlainTextResponse("This request is too large.", 413)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> _Refusal | None:
        path = unquote(str(scope["path"]))  # once more than the server: a doubly encoded path is refused too
        for pattern, words in _REFUSED:
            if pattern.search(path):
                return _Refusal(403, words)
        headers = Headers(scope=scope)
        if scope["method"] in _UNSAFE and not self._own_origin(headers):
            return _Refusal(403, "This request comes from another page. Open the app itself and ask there.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._max_body:
            return _Refusal(413, f"This request is too large. The limit is {self._max_body:,} bytes.")
        return None

    def _own_origin(self, headers: Headers) -> bool:
        """A browser always names the page that posts; programs name none."""
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
        host = urlsplit(origin).netloc.lower()
        return bool(host) and host in {headers.get("host", "").lower(), self._space_host}


def _without_page(scope: Scope) -> Scope:
    """Gradio takes `/?page=…` for one of its own pages and fails where there is none: ours has no such parameter."""
    pairs = [pair for pair in bytes(scope["query_string"]).split(b"&") if not pair.startswith(b"page=")]
    return {**scope, "query_string": b"&".join(pairs)} if scope["path"] == "/" else scope


class _Answer:
    """Sends the response with our headers on it."""

    def __init__(self, send: Send, policy: str) -> None:
        self._send = send
        self._policy = policy
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = self._policy
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"
            headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"
        await self._send(message)


class _TooLarge(Exception):
    """More bytes came than were announced or allowed."""


class _Counted:
    """Counts the bytes of a body whose length was not announced."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _TooLarge
        return message

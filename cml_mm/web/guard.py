"""What every request passes first: safe headers, refused doors, origin and size of posts.

Gradio 6.31 leaves many doors open that this app does not use: `file=https://…` makes the
server fetch any public address, `file=` serves what other visitors' sessions put into its
cache, `proxy=` relays requests, deep links dump every component's value, uploads fill the
disk. Those with words of their own are refused here by name, and of everything else under
its API only what the page and programs need is let through (`sessions.py` reads all of it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, unquote_to_bytes, urlsplit

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
    (re.compile(r"/file=", re.I), "This server gives out no files by their place."),
    (re.compile(r"/proxy=", re.I), "This server does not relay requests."),
    (re.compile(r"/deep_link(/|$)", re.I), "This server does not make deep links."),
    (re.compile(r"/gradio_api/upload(/|$)", re.I), "Bring files through the page."),
    (re.compile(r"^/+(monitoring|login|logout)(/|$)", re.I), "Not here."),
    (re.compile(r"/(vibe-edit|undo-vibe-edit|vibe-code|vibe-starter-queries|dev/reload)(/|$)"), "Not here."),
)
_API = re.compile(r"^/+gradio_api(/|$)", re.I)
_USED = re.compile(
    r"/gradio_api/(?:component_server|queue/join|queue/data|queue/status|cancel|reset|info|openapi\.json"
    r"|startup-events|theme\.css|app_id|user|login_check|heartbeat/[\w-]+|(?:run|api)/\w+"
    r"|call/(?:v2/)?\w+|call/(?:v2/)?\w+/\w+)/?",
    re.ASCII,
)
_PRIVATE = re.compile(r"^/+(files|talks|me|gradio_api)(/|$)", re.I)  # what is read there is the visitor's own
_UPLOAD = "/files"
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
        max_body: bytes of a request's body; that of a file is counted where it is taken in (`arrival.py`).
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
            limited = receive if _is_upload(scope) else _Counted(receive, self._max_body)
            await self._app(_without_theirs(scope), limited, guarded)
        except _TooLarge:
            if guarded.begun:
                raise
            await PlainTextResponse("This request is too large.", 413)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> _Refusal | None:
        path = unquote(str(scope["path"]))  # once more than the server: a doubly encoded path is refused too
        for pattern, words in _REFUSED:
            if pattern.search(path):
                return _Refusal(403, words)
        if _API.search(path) and not _USED.fullmatch(str(scope["path"])):
            return _Refusal(403, "Not here.")
        headers = Headers(scope=scope)
        # Off localhost Gradio lets any page read any answer, with the visitor's cookies: so reading is checked too.
        if (scope["method"] in _UNSAFE or _PRIVATE.search(path)) and not self._own_origin(headers):
            return _Refusal(403, "This request comes from another page. Open the app itself and ask there.")
        if _is_upload(scope):
            return None
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 18 or int(length) > self._max_body:
            return _Refusal(413, f"This request is too large. The limit is {self._max_body:,} bytes.")
        return None

    def _own_origin(self, headers: Headers) -> bool:
        """A browser always names the page that posts; programs name none."""
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
        host = urlsplit(origin).netloc.lower()
        return bool(host) and host in {headers.get("host", "").lower(), self._space_host}


def _is_upload(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == _UPLOAD)


def _without_theirs(scope: Scope) -> Scope:
    """Takes out what only Gradio reads: `page` names one of its own pages, and it fails where there is none;
    `deep_link` names values that somebody's session had."""
    if scope["path"] not in ("/", "/config", "/config/"):
        return scope
    theirs = (b"page=", b"deep_link=")
    pairs = [pair for pair in bytes(scope["query_string"]).split(b"&") if not unquote_to_bytes(pair).startswith(theirs)]
    return {**scope, "query_string": b"&".join(pairs)}


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
            headers.setdefault("content-security-policy", self._policy)  # a handout has a stricter one
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

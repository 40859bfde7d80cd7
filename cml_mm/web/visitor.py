"""Who asks: a random token in a cookie that only the browser keeps, and the key made from it.

Scripts cannot read the cookie. Nothing behind this middleware sees anything but one
well-formed cookie or none, so that every handler comes to the same visitor.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cml_mm.visits import COOKIE, new_token, visitor_key

_KEY = "cml.visitor"  # where the key stands in a request's scope


class VisitorCookie:
    """ASGI middleware: gives the cookie with the page, and tells everything behind it who asks.

    Args:
        app: what stands behind it.
        on_space: whether the page stands in a frame of another site.
        keep_seconds: how long the browser keeps the cookie; each opening of the page begins it anew.
    """

    def __init__(self, app: ASGIApp, on_space: bool = False, keep_seconds: float = 30 * 24 * 3600.0) -> None:
        self._app = app
        self._on_space = on_space
        self._keep_seconds = keep_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, token = _read_cookies(scope["headers"])
        known = {**scope, "headers": headers, _KEY: visitor_key(token)}
        if scope["method"] != "GET" or scope["path"] != "/":
            await self._app(known, receive, send)
            return
        given = set_cookie(token or new_token(), self._keep_seconds, self._on_space, scope["scheme"] == "https")

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"cache-control"]
                # No store between here and the browser may hand one visitor's cookie to another.
                extra = [(b"set-cookie", given.encode()), (b"cache-control", b"private, no-cache")]
                message = {**message, "headers": [*kept, *extra]}
            await send(message)

        await self._app(known, receive, with_cookie)


def visitor_of(request: Request) -> str:
    """The key of the visitor who sent a request; "" where the browser keeps no cookie."""
    return str(request.scope.get(_KEY, ""))


def visitor_in(scope: Scope) -> str:
    """As `visitor_of`, for middleware."""
    return str(scope.get(_KEY, ""))


def set_cookie(token: str, keep_seconds: float, on_space: bool, secure: bool) -> str:
    """The header that makes a browser keep a token; with "" and 0 seconds, forget it.

    Inside another site's frame only a partitioned cookie is kept; it stays apart for every such site.
    """
    parts = [f"{COOKIE}={token}", "Path=/", f"Max-Age={int(keep_seconds)}", "HttpOnly"]
    if on_space:
        parts += ["SameSite=None", "Secure", "Partitioned"]
    else:
        parts += ["SameSite=Lax", *(["Secure"] if secure else [])]
    return "; ".join(parts)


def _read_cookies(headers: list[tuple[bytes, bytes]]) -> tuple[list[tuple[bytes, bytes]], str]:
    """Takes our cookie out of a request's headers.

    Two of the name may come from somebody who can set cookies beside us: then it is nobody.

    Returns: headers with our cookie in them once and well-formed, or not at all; its token.
    """
    others: list[str] = []
    tokens: list[str] = []
    for name, value in headers:
        if name.lower() != b"cookie":
            continue
        for chunk in value.decode("latin-1").split(";"):
            key, equals, token = chunk.partition("=")
            if key.strip() == COOKIE and equals:
                tokens.append(token.strip())
            elif chunk.strip():
                others.append(chunk.strip())
    token = tokens[0] if len(tokens) == 1 and visitor_key(tokens[0]) else ""
    cookies = "; ".join([*others, *([f"{COOKIE}={token}"] if token else [])])
    kept = [pair for pair in headers if pair[0].lower() != b"cookie"]
    return [*kept, *([(b"cookie", cookies.encode("latin-1"))] if cookies else [])], token

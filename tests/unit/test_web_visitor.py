"""The cookie: whom a request comes from, and what a browser is given."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from cml_mm.visits import COOKIE, new_token, visitor_key
from cml_mm.web.visitor import VisitorCookie, set_cookie, visitor_of

TOKEN, OTHER = new_token(), new_token()


async def _who(request: Request) -> JSONResponse:
    return JSONResponse([visitor_of(request), request.cookies])


def _call(
    cookies: list[str], method: str = "GET", path: str = "/", on_space: bool = False, scheme: str = "http"
) -> tuple[str, str, dict[str, str]]:
    """Returns: body, the cookie that is set, headers."""
    middleware = [Middleware(VisitorCookie, on_space=on_space, keep_seconds=60.0)]
    app = Starlette(routes=[Route("/{path:path}", _who, methods=["GET", "POST"])], middleware=middleware)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "scheme": scheme,
        "query_string": b"",
        "headers": [(b"host", b"x"), *((b"cookie", cookie.encode("latin-1")) for cookie in cookies)],
    }
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[1]["body"].decode(), headers.get("set-cookie", ""), headers


def _body(visitor: str, cookies: str) -> str:
    return f'["{visitor}",{{{cookies}}}]'


@pytest.mark.parametrize(
    "cookies",
    [
        [f"{COOKIE}={TOKEN}"],
        [f"theme=dark; {COOKIE}={TOKEN} ;a=b"],
        ["theme=dark", f"{COOKIE}={TOKEN}"],
    ],
)
def test_one_good_cookie_is_a_visitor(cookies: list[str]) -> None:
    body, _, _ = _call(cookies)
    assert body.startswith(f'["{visitor_key(TOKEN)}",')
    assert f'"{COOKIE}":"{TOKEN}"' in body  # as handlers of the page read it


@pytest.mark.parametrize(
    "cookies",
    [
        [],
        ["theme=dark"],
        [f"{COOKIE}="],
        [COOKIE],
        [f"{COOKIE}={TOKEN[:-1]}"],
        [f"{COOKIE}={TOKEN}x"],
        [f'{COOKIE}="{TOKEN}"'],
        [f"{COOKIE}={TOKEN}; {COOKIE}={OTHER}"],
        [f"{COOKIE}={TOKEN}; {COOKIE}={TOKEN}"],
        [f"{COOKIE}={TOKEN}", f"{COOKIE}={OTHER}"],
        [f"{COOKIE}={TOKEN}; \xa0{COOKIE}\xa0={OTHER}"],
        [f"{COOKIE.upper()}={TOKEN}"],
        [f"{COOKIE}={visitor_key(TOKEN)}"],
    ],
)
def test_anything_else_is_nobody_for_routes_and_for_handlers(cookies: list[str]) -> None:
    body, given, _ = _call(cookies)
    assert body.startswith('["",')
    assert f'"{COOKIE}":' not in body
    token = given.partition("=")[2].partition(";")[0]
    assert visitor_key(token)
    assert token not in (TOKEN, OTHER)


def test_only_the_page_gives_a_cookie_and_the_same_one_again() -> None:
    _, given, headers = _call([f"{COOKIE}={TOKEN}"])
    assert given == f"{COOKIE}={TOKEN}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
    assert headers["cache-control"] == "private, no-cache"
    for method, path in (("POST", "/"), ("GET", "/files"), ("GET", "//")):
        _, given, headers = _call([], method, path)
        assert given == ""
        assert "cache-control" not in headers


def test_inside_another_sites_frame_and_over_https() -> None:
    assert _call([], on_space=True)[1].endswith("; HttpOnly; SameSite=None; Secure; Partitioned")
    assert _call([], scheme="https")[1].endswith("; HttpOnly; SameSite=Lax; Secure")
    assert set_cookie("", 0, True, True).startswith(f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=None")

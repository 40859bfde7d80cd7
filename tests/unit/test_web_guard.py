"""The guard and /healthz over a small app, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from cml_mm.web import Behind, Guard, Sessions, VisitorCookie, app_kwargs, health_route


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.url.query or str(len(await request.body())))


def _call(
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    chunks: Sequence[bytes] = (b"",),
    on_space: bool = False,
    space_host: str = "",
    query: bytes = b"",
) -> tuple[int, dict[str, str], str]:
    """One request through the guard. Returns: status, headers, body."""
    routes = [
        health_route(lambda: True, "1.2.3"),
        Route("/{path:path}", _echo, methods=["GET", "POST"]),
    ]
    guard = Middleware(Guard, on_space=on_space, space_host=space_host, max_body=100)
    app = Starlette(routes=routes, middleware=[guard])
    sent: list[Message] = []
    waiting = list(chunks)

    async def receive() -> Message:
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = {"host": "cml.local:7860", **(headers or {})}
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(k.encode(), v.encode()) for k, v in pairs.items()],
    }
    asyncio.run(app(scope, receive, send))
    start = sent[0]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=https://example.org/x",
        "/gradio_api/file=HTTP://127.0.0.1/x",
        "/gradio_api/file=https%3A//example.org/x",
        "/gradio_api/file=//example.org/x",
        "/gradio_api/proxy=https://x.hf.space/a",
        "/gradio_api/deep_link",
        "/gradio_api/upload",
        "/gradio_api/vibe-edit/",
        "/gradio_api/file=/tmp/gradio/a.png",
        "/gradio_api/file%3D/tmp/gradio/a.png",
        "/gradio_api/file/tmp/gradio/a.png",
        "/gradio_api/stream/abc/1/2/playlist.m3u8",
        "/gradio_api/upload_progress",
        "/gradio_api/process_recording",
        "/gradio_api/run-history/records",
        "/gradio_api/custom_component/a/client/b/c.js",
        "/gradio_api/call/ask/../../upload",
        "/gradio_api/call/a/b/c",
        "/gradio_api/heartbeat/a%2Fb",
        "//gradio_api/queue/join",
        "/GRADIO_API/queue/join",
        "/gradio_api",
        "/monitoring",
        "/monitoring/summary",
        "/login",
    ],
)
def test_doors_that_are_not_used_are_shut(path: str) -> None:
    status, headers, body = _call("GET", path)
    assert status == 403
    assert body.endswith(".")
    assert "content-security-policy" in headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/theme.css",
        "/assets/index.js",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/heartbeat/a1b2c3",
        "/gradio_api/run/predict",
        "/gradio_api/call/ask",
        "/gradio_api/call/ask/0123abcd",
        "/gradio_api/call/v2/ask/0123abcd",
        "/gradio_api/cancel",
        "/gradio_api/component_server",
        "/gradio_api/reset/",
        "/gradio_api/info",
    ],
)
def test_what_the_page_and_programs_use_passes(path: str) -> None:
    assert _call("GET", path)[0] == 200


@pytest.mark.parametrize("path", ["/files", "/files/a/faces/b", "/talks/a/handout", "/gradio_api/queue/data"])
@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}])
def test_other_pages_read_nothing_of_a_visitor(path: str, headers: dict[str, str]) -> None:
    assert _call("GET", path)[0] == 200
    assert _call("GET", path, headers)[0] == 403
    assert _call("GET", "/", headers)[0] == 200  # a link from elsewhere leads here


def test_every_answer_carries_the_safe_headers() -> None:
    _, headers, _ = _call("GET", "/")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'self'")
    _, headers, _ = _call("GET", "/", on_space=True)
    assert headers["content-security-policy"].endswith(
        "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://cml.local:7860"}, 200),
        ({"origin": "https://CML.local:7860"}, 200),
        ({"origin": "http://cml.local"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example", "x-forwarded-host": "evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_posts_come_from_the_app_itself_or_from_a_program(headers: dict[str, str], status: int) -> None:
    assert _call("POST", "/gradio_api/queue/join", headers)[0] == status


def test_a_space_knows_its_public_name() -> None:
    headers = {"origin": "https://me-cml.hf.space"}
    assert _call("POST", "/a", headers, on_space=True, space_host="me-cml.hf.space")[0] == 200
    assert _call("POST", "/a", headers)[0] == 403


def test_bodies_have_a_limit_announced_or_not() -> None:
    assert _call("POST", "/a", {"content-length": "100"}, [b"x" * 100])[2] == "100"
    assert _call("POST", "/a", {"content-length": "101"})[0] == 413
    for length in ("many", "²", "9" * 5_000):
        assert _call("POST", "/a", {"content-length": length})[0] == 413
    assert _call("POST", "/a", {}, [b"x" * 60, b"x" * 60])[0] == 413


def test_a_file_is_counted_where_it_is_taken_in() -> None:
    assert _call("POST", "/files", {"content-length": "120"}, [b"x" * 60, b"x" * 60])[2] == "120"
    assert _call("POST", "/files/", {"content-length": "120"})[0] == 413
    assert _call("POST", "/me", {"content-length": "120"})[0] == 413


def test_the_pages_parameter_of_gradio_is_taken_out() -> None:
    """Left in, Gradio answers 500 for a page that it does not have."""
    assert _call("GET", "/", query=b"page=x&view=library&page=")[2] == "view=library"
    assert _call("GET", "/assets/a.js", query=b"page=x")[2] == "page=x"
    assert _call("GET", "/config", query=b"deep_link=x&pag%65=y&%64eep_link=z&a=b")[2] == "a=b"


def test_health_says_that_it_is_alive_and_ready() -> None:
    status, headers, body = _call("GET", "/healthz")
    assert status == 200
    assert body == '{"status":"ok","ready":true,"version":"1.2.3"}'
    assert headers["cache-control"] == "no-store"


def test_what_launch_is_given() -> None:
    given = app_kwargs(Behind(lambda: False, lambda: None, lambda *_: None, "1"), True, "x.hf.space")
    assert [(route.path, *sorted(route.methods - {"HEAD"})) for route in given["routes"]] == [
        ("/healthz", "GET"),
        ("/files", "POST"),
        ("/files", "GET"),
        ("/files/{file}", "DELETE"),
        ("/files/{file}/faces/{face}", "GET"),
        ("/me", "DELETE"),
        ("/files/{file}/diagrams/{diagram}/edits", "POST"),
        ("/files/{file}/diagrams/{diagram}/undo", "POST"),
        ("/files/{file}/diagrams/{diagram}/{kind}", "GET"),
        ("/files/{file}/media", "GET"),
        ("/files/{file}/captions.vtt", "GET"),
        ("/files/{file}/lecture/edits", "POST"),
        ("/files/{file}/lecture/undo", "POST"),
        ("/files/{file}/lecture/restore", "POST"),
        ("/files/{file}/lecture/{kind}", "GET"),
        ("/talks/{talk}/handout.md", "GET"),
        ("/talks/{talk}/handout", "GET"),
        ("/starter/lectures", "GET"),
        ("/starter/lectures/{name}", "GET"),
    ]
    assert [middleware.cls for middleware in given["middleware"]] == [Guard, VisitorCookie, Sessions]

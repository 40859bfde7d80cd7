"""Names of sessions and ids of events, as Gradio gets to see them: never another visitor's."""

from __future__ import annotations

import asyncio
import json

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Scope

from cml_mm.web.sessions import NOT_YOURS, Sessions


async def _gradio(scope: Scope, receive: object, send: object) -> None:
    """Answers with what it got, and begins an event wherever Gradio would."""
    request = Request(scope, receive)  # type: ignore[arg-type]
    body = (await request.body()).decode()
    told = {"path": request.url.path, "query": dict(request.query_params), "body": body, "event_id": "e-" + body[:0]}
    if body:
        told["event_id"] = f"event-of-{json.loads(body).get('data', [''])[0]}"
    told["length"] = request.headers.get("content-length", "")
    await JSONResponse(told)(scope, receive, send)  # type: ignore[arg-type]


def _call(
    app: ASGIApp, visitor: str, path: str, body: object = None, query: str = "", raw: bytes = b""
) -> tuple[int, dict[str, object]]:
    """A POST if it has a body. Returns: status, answer."""
    sent: list[Message] = []
    whole = raw or (json.dumps(body).encode() if body is not None else b"")
    parts = [whole[:3], whole[3:]]

    async def receive() -> Message:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST" if whole else "GET",
        "path": path,
        "raw_path": path.encode(),
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(b"host", b"x"), (b"content-length", str(len(whole)).encode())],
        "cml.visitor": visitor,
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], json.loads(b"".join(message.get("body", b"") for message in sent[1:]))


@pytest.fixture
def app() -> Sessions:
    return Sessions(_gradio, events=3)


def _joined(app: Sessions, visitor: str, session: str) -> str:
    """The session's name, as Gradio got it."""
    _, told = _call(app, visitor, "/gradio_api/queue/join", {"session_hash": session, "data": ["x"]})
    body = str(told["body"])
    assert told["length"] == str(len(body))
    return str(json.loads(body)["session_hash"])


def test_a_session_is_the_same_by_every_way_and_another_for_everybody_else(app: Sessions) -> None:
    mine = _joined(app, "a", "s1")
    assert mine == _joined(app, "a", "s1")
    assert len({mine, _joined(app, "a", "s2"), _joined(app, "b", "s1"), _joined(app, "", "s1"), "s1"}) == 5
    assert _call(app, "a", "/gradio_api/queue/data", query="session_hash=s1")[1]["query"] == {"session_hash": mine}
    assert _call(app, "a", "/gradio_api/heartbeat/s1")[1]["path"] == f"/gradio_api/heartbeat/{mine}"
    theirs = _call(app, "b", "/gradio_api/queue/data", query="session_hash=s1&session_hash=" + mine)[1]["query"]
    assert mine not in str(theirs) and "s1" not in str(theirs)
    assert mine != _joined(Sessions(_gradio), "a", "s1")  # a secret of each process's own


def test_a_name_that_is_no_text_is_a_name_too(app: Sessions) -> None:
    assert _joined(app, "a", "\ud800") == _joined(app, "a", "\ud800")


def test_the_last_of_two_names_in_a_body_is_mixed_as_well(app: Sessions) -> None:
    raw = b'{"session_hash": "s1", "data": ["x"], "session_hash": "s2"}'
    _, told = _call(app, "a", "/gradio_api/run/predict", raw=raw)
    assert json.loads(str(told["body"]))["session_hash"] == _joined(app, "a", "s2")
    assert "s1" not in str(told["body"])


@pytest.mark.parametrize("begin", ["/gradio_api/queue/join", "/gradio_api/call/ask", "/gradio_api/call/v2/ask/"])
def test_an_event_is_open_to_who_began_it(app: Sessions, begin: str) -> None:
    assert _call(app, "a", begin, {"data": ["1"]})[1]["event_id"] == "event-of-1"
    for look in ("/gradio_api/call/ask/event-of-1", "/gradio_api/call/v2/ask/event-of-1/"):
        assert _call(app, "a", look)[0] == 200
        for visitor in ("b", ""):
            status, told = _call(app, visitor, look)
            assert (status, told["detail"]) == (404, NOT_YOURS)
            assert (status, told) == _call(app, visitor, "/gradio_api/call/ask/event-of-nobody")
    cancel = {"session_hash": "s1", "fn_index": 1, "event_id": "event-of-1"}
    assert _call(app, "a", "/gradio_api/cancel", cancel)[0] == 200
    assert _call(app, "b", "/gradio_api/cancel", cancel)[0] == 404
    assert _call(app, "b", "/gradio_api/reset", {"event_id": "event-of-1"})[0] == 404


def test_what_is_not_remembered_any_more_is_shut(app: Sessions) -> None:
    for number in range(4):
        _call(app, "a", "/gradio_api/call/ask", {"data": [str(number)]})
    assert _call(app, "a", "/gradio_api/call/ask/event-of-0")[0] == 404
    assert _call(app, "a", "/gradio_api/call/ask/event-of-3")[0] == 200


@pytest.mark.parametrize("raw", [b"no json", b"[1]", b'"s"', b"[" * 200_000, b"1" * 5000])
def test_a_body_that_is_not_understood_goes_no_further(app: Sessions, raw: bytes) -> None:
    assert _call(app, "a", "/gradio_api/queue/join", raw=raw)[0] == 400


def test_other_addresses_are_left_alone(app: Sessions) -> None:
    status, told = _call(app, "a", "/files", query="session_hash=s1")
    assert (status, told["query"]) == (200, {"session_hash": "s1"})

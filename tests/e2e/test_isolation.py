"""Two visitors of one running app: by no address, no name and no id does one see anything of the other.

Alice brings a file and asks about it, in a browser and as a program. Every test is Bob, who
knows all that Alice's browser knows except her cookie.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect

from cml_mm.visits import COOKIE, new_token, visitor_key
from tests.e2e.journey import ask, finished, open_page
from tests.support.browser import DESKTOP, watched_page
from tests.support.server import Served

pytestmark = pytest.mark.e2e

NAME = "Quillfeather statutes.md"
TEXT = """# Statutes of the Quillfeather workshop

## Keys

The zanzipurple keys are handed on at the first meeting of every quarter. Whoever has them
writes down who borrowed what and until when.

## Money

Dues of the Quillfeather workshop are eleven florins a year, paid before midsummer.
"""
MARKS = (b"zanzipurple", b"quillfeather", b"florins")
QUESTION = "Who has the zanzipurple keys of the Quillfeather workshop?"
PATIENCE_SECONDS = 3.0  # for a stream that says nothing and does not end

Send = Callable[[httpx.Client, str], tuple[int, bytes]]


@dataclass
class Alice:
    """Everything that Alice's browser and her program know; only `token` does Bob not learn."""

    url: str
    data: Path  # where the app keeps things
    token: str
    file: str
    page: Page
    session: str = ""  # as her page calls it
    events: list[str] = field(default_factory=list)
    talk: str = ""
    job: str = "job-" + "0" * 24
    api_session: str = "aliceprogram"
    api_event: str = ""
    config: dict[str, Any] = field(default_factory=dict)

    def client(self) -> httpx.Client:
        return _client(self.url, self.token)


def _client(url: str, token: str | None) -> httpx.Client:
    headers = {"cookie": f"{COOKIE}={token}"} if token else {}
    return httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False)


@pytest.fixture(scope="module")
def alice(browser: Browser, starter_app: Served) -> Iterator[Alice]:
    """She has a file, a conversation in an open page, and an answer that waits for her program."""
    with watched_page(browser, starter_app.url, DESKTOP) as (page, _):
        asked: list[Request] = []
        answered: list[Response] = []
        page.on("request", lambda one: asked.append(one))
        page.on("response", lambda one: answered.append(one))
        open_page(page, starter_app.url)
        token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE)
        assert page.evaluate("document.cookie") == ""
        with _client(starter_app.url, token) as client:
            told = client.post("files", params={"name": NAME}, content=TEXT.encode()).text.splitlines()
            job, file = json.loads(told[0])["job"], json.loads(told[-1])["file"]["id"]
            page.reload()
            open_page(page, starter_app.url)
            asked.clear()
            answered.clear()
            ask(page, QUESTION)
            assert QUESTION in finished(page).inner_text()
            sessions = [
                json.loads(one.post_data or "{}").get("session_hash")
                for one in asked
                if "/gradio_api/queue/join" in one.url
            ]
            one = Alice(starter_app.url, starter_app.log.parent, token, file, page, sessions[-1], job=job)
            one.events = [r.json()["event_id"] for r in answered if "/gradio_api/queue/join" in r.url and r.ok]
            one.config = client.get("config").json()
            begun = client.post("gradio_api/call/ask", json=_question(one, one.api_session)).json()
            one.api_event = begun["event_id"]
            one.talk = _talk(one)
        assert one.session and one.events
        yield one
        _still_hers(one)


def _question(alice: Alice, session: str) -> dict[str, object]:
    names = [len(one["inputs"]) for one in alice.config["dependencies"] if one["api_name"] == "ask"]
    return {"data": [QUESTION, *[None] * (names[0] - 1)], "session_hash": session}


def _talk(alice: Alice) -> str:
    """The id of her kept conversation."""
    now = alice.page.locator("#cml-talk-now")
    expect(now).to_have_attribute("data-talk", re.compile("^talk-"))
    return str(now.get_attribute("data-talk"))


def _still_hers(alice: Alice) -> None:
    """After all that Bob tried: her file, her conversation and her waiting answer are as they were."""
    with alice.client() as client:
        assert [card["name"] for card in client.get("files").json()["files"]] == [NAME]
        answer = client.get(f"gradio_api/call/ask/{alice.api_event}").text
        assert "event: complete" in answer and "zanzipurple" in answer
    ask(alice.page, "And when are the zanzipurple keys handed on?")
    assert finished(alice.page)
    expect(alice.page.locator("#cml-past")).to_contain_text("zanzipurple keys of the Quillfeather")


@pytest.fixture(scope="module", params=["own cookie", "no cookie", "her key as cookie"])
def bob(request: pytest.FixtureRequest, alice: Alice) -> Iterator[httpx.Client]:
    tokens = {"own cookie": new_token(), "no cookie": None, "her key as cookie": visitor_key(alice.token)}
    with _client(alice.url, tokens[request.param]) as client:
        yield client


def _seen(client: httpx.Client, method: str, path: str, **options: Any) -> tuple[int, bytes]:
    """Status, and every byte that comes: headers and body, of a stream what comes within our patience."""
    got = b""
    with client.stream(method, path, **options) as answer:
        got += str(answer.headers).encode()
        end = time.monotonic() + PATIENCE_SECONDS
        try:
            for part in answer.iter_raw():
                got += part
                if time.monotonic() > end:
                    break
        except (httpx.TimeoutException, httpx.RemoteProtocolError):  # Gradio breaks off after its last word
            pass
    return answer.status_code, got


def _nothing_of_alice(got: bytes) -> None:
    low = got.lower()
    assert not [mark for mark in MARKS if mark in low], got[:2000]


def test_alice_herself_sees_it_all(alice: Alice) -> None:
    """What the other tests look for is there to be found."""
    with alice.client() as client:
        assert all(mark in client.get("files").content.lower() for mark in MARKS[1:2])
        assert client.get("files").json()["files"][0]["id"] == alice.file
    panel = alice.page.inner_text("body").lower()
    assert "zanzipurple" in panel and "quillfeather" in panel


def test_lists_and_everything_that_is_the_same_for_all(bob: httpx.Client) -> None:
    for path in (
        "",
        "config",
        "files",
        "healthz",
        "gradio_api/info",
        "gradio_api/openapi.json",
        "gradio_api/queue/status",
        "gradio_api/startup-events",
        "gradio_api/app_id",
        "gradio_api/user",
        "gradio_api/token",
        "theme.css",
        "monitoring",
        "monitoring/summary",
        "gradio_api/profiling/traces",
        "gradio_api/run-history/records",
        "manifest.json",
        "robots.txt",
    ):
        _nothing_of_alice(_seen(bob, "GET", path)[1])
    assert bob.get("files").json()["files"] == []


NEW = "0" * 24


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "files/{file}/faces/page-1"),
        ("GET", "files/{file}/faces/picture-1"),
        ("DELETE", "files/{file}"),
        ("DELETE", "files/{job}"),
        ("GET", "files/{file}"),
        ("GET", "files/{file}/original"),
        ("GET", "talks/{talk}/handout"),
        ("GET", "talks/{talk}/handout.md"),
        ("GET", "talks/{talk}/handout.md?turn=1"),
        ("GET", "gradio_api/call/ask/{api_event}"),
        ("GET", "gradio_api/call/v2/ask/{api_event}"),
        ("GET", "gradio_api/call/ask/{event}"),
        ("GET", "gradio_api/call/ask/{api_session}"),
        ("GET", "gradio_api/call/ask/{session}"),
        ("GET", "gradio_api/stream/{session}/1/1/playlist.m3u8"),
        ("GET", "gradio_api/stream/{session}/1/1/playlist-file"),
    ],
)
def test_hers_is_answered_as_what_does_not_exist(alice: Alice, bob: httpx.Client, method: str, path: str) -> None:
    known = {
        "file": alice.file,
        "job": alice.job,
        "talk": alice.talk,
        "api_event": alice.api_event,
        "event": alice.events[-1],
        "session": alice.session,
        "api_session": alice.api_session,
    }
    made_up = {**{name: NEW for name in known}, "file": f"file-{NEW}", "job": f"job-{NEW}", "talk": f"talk-{NEW}"}
    hers = bob.request(method, path.format(**known))
    nobodys = bob.request(method, path.format(**made_up))
    _nothing_of_alice(hers.content)
    assert (hers.status_code, hers.content) == (nobodys.status_code, nobodys.content)
    assert hers.status_code in (403, 404, 405)
    assert {k: v for k, v in hers.headers.items() if k != "date"} == {
        k: v for k, v in nobodys.headers.items() if k != "date"
    }


@pytest.mark.parametrize("name", ["session", "api_session", "file", "api_event"])
def test_her_streams_are_silent(alice: Alice, bob: httpx.Client, name: str) -> None:
    session = str(getattr(alice, name))
    for path in (
        f"gradio_api/queue/data?session_hash={session}",
        f"gradio_api/queue/data?session_hash=x&session_hash={session}",
    ):
        status, got = _seen(bob, "GET", path)
        _nothing_of_alice(got)
        assert status == 200 and b"session_not_found" in got
    bob_timeout = httpx.Timeout(20, read=1.0)
    _nothing_of_alice(_seen(bob, "GET", f"gradio_api/heartbeat/{session}", timeout=bob_timeout)[1])


def test_every_handler_of_the_page_with_her_session(alice: Alice, bob: httpx.Client) -> None:
    """Its values are Bob's own empty ones, whichever handler is called and in whichever way."""
    told = {"talk": alice.talk, "file": alice.file, "scope": {"where": "files", "files": [alice.file]}}
    for one in alice.config["dependencies"]:
        body = {
            "fn_index": one["id"],
            "session_hash": alice.session,
            "data": [None] * len(one["inputs"]),
            "event_data": told,
        }
        for way in ("run/predict", "api/predict"):
            _nothing_of_alice(_seen(bob, "POST", f"gradio_api/{way}", json=body)[1])
        joined = bob.post("gradio_api/queue/join", json=body)
        _nothing_of_alice(joined.content)
        if joined.status_code == 200:
            _nothing_of_alice(_seen(bob, "GET", f"gradio_api/queue/data?session_hash={alice.session}")[1])


def test_every_function_of_its_components_with_her_ids(alice: Alice, bob: httpx.Client) -> None:
    asked = 0
    for component in alice.config["components"]:
        for name in component["props"].get("server_fns") or ():
            for value in (
                {"file": alice.file, "face": "page-1", "talk": alice.talk, "id": alice.talk},
                alice.file,
                alice.talk,
                "",
                "zanzi",
            ):
                body = {"component_id": component["id"], "session_hash": alice.session, "fn_name": name, "data": value}
                _nothing_of_alice(_seen(bob, "POST", "gradio_api/component_server", json=body)[1])
                asked += 1
    assert asked
    form = {"component_id": "1", "session_hash": alice.session, "fn_name": "look", "data": "{}"}
    assert bob.post("gradio_api/component_server", files={"a": b"b"}, data=form).status_code == 400


def test_her_events_cannot_be_ended(alice: Alice, bob: httpx.Client) -> None:
    for session, event in ((alice.session, alice.events[-1]), (alice.api_session, alice.api_event)):
        for path in ("cancel", "reset"):
            body = {"session_hash": session, "fn_index": 0, "event_id": event}
            made_up = {**body, "event_id": "0" * 32}
            hers, nobodys = (bob.post(f"gradio_api/{path}", json=value) for value in (body, made_up))
            assert (hers.status_code, hers.content) == (nobodys.status_code, nobodys.content)
            assert hers.status_code == 404
        for path in (f"stream/{event}", f"stream/{event}/close"):
            assert bob.post(f"gradio_api/{path}", json={"data": []}).status_code == 403


def test_her_file_is_not_asked(alice: Alice, bob: httpx.Client) -> None:
    """Not by a program, not with her session, not with her file's id as a name of anything."""
    body = _question(alice, alice.api_session)
    body["data"] = ["Who hands on the keys at the first meeting of every quarter?", *list(body["data"])[1:]]  # type: ignore[call-overload]
    event = bob.post("gradio_api/call/ask", json=body).json()["event_id"]
    status, got = _seen(bob, "GET", f"gradio_api/call/ask/{event}", timeout=60)
    assert status == 200 and b"event: complete" in got
    _nothing_of_alice(got)


def test_no_file_is_given_out_by_its_place(alice: Alice, bob: httpx.Client) -> None:
    kept = [path for path in alice.data.rglob("*") if path.is_file() and b"zanzipurple" in path.read_bytes()]
    assert kept, "her file is kept somewhere"
    for path in kept:
        there = str(path)
        forms = (
            there,
            quote(there, safe=""),
            quote(quote(there, safe=""), safe=""),
            f"../../../../../../../..{there}",
            f"%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{there}",
            f"/{there}",
            f"file://{there}",
        )
        for form in forms:
            for door in (
                "gradio_api/file=",
                "file=",
                "gradio_api/file/",
                "static/",
                "assets/",
                "svelte/",
                "gradio_api/",
                "files/",
            ):
                request = bob.build_request("GET", alice.url)
                request.url = request.url.copy_with(raw_path=f"/{door}{form}".encode())
                answer = bob.send(request)
                _nothing_of_alice(answer.content)
                assert answer.status_code in (400, 403, 404, 405, 422)


def test_deep_links_and_uploads_are_shut(alice: Alice, bob: httpx.Client) -> None:
    assert bob.get(f"gradio_api/deep_link?session_hash={alice.session}").status_code == 403
    assert bob.post("gradio_api/upload", files={"files": b"x"}).status_code == 403
    assert bob.get("gradio_api/upload_progress?upload_id=x").status_code == 403
    for path in ("?deep_link=../../files", "config?deep_link=..%2F..%2Ffiles"):
        _nothing_of_alice(_seen(bob, "GET", path)[1])


def test_forgetting_bob_does_not_forget_alice(alice: Alice, bob: httpx.Client) -> None:
    assert bob.delete("me").status_code == 204
    with alice.client() as client:
        assert len(client.get("files").json()["files"]) == 1


def test_other_pages_in_her_browser_read_nothing(alice: Alice) -> None:
    """Her cookie goes along, but the request names the page that it comes from."""
    for path in (
        "files",
        f"gradio_api/queue/data?session_hash={alice.session}",
        f"gradio_api/call/ask/{alice.api_event}",
    ):
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}):
            with alice.client() as client:
                answer = client.get(path, headers=headers)
            assert answer.status_code == 403
            _nothing_of_alice(answer.content)


def test_nothing_of_her_stands_in_the_log(alice: Alice, starter_app: Served) -> None:
    _nothing_of_alice(starter_app.log.read_bytes())
    assert alice.token.encode() not in starter_app.log.read_bytes()
    everything = [path for path in alice.data.rglob("*") if path.is_file()]
    assert not [path for path in everything if alice.token.encode() in path.read_bytes()]

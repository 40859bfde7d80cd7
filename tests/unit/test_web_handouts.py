"""The addresses of handouts: whose, in which form, under which name, and with no script."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from cml_mm.errors import InputError
from cml_mm.visits import COOKIE, new_token, visitor_key
from cml_mm.web import Guard, VisitorCookie
from cml_mm.web.handouts import POLICY, disposition, handout_routes

TOKEN = new_token()


@dataclass(frozen=True)
class _Written:
    title: str
    markdown: str
    html: str


def _hand_out(visitor: str, talk: str, turn: int) -> _Written | None:
    if talk == "talk-opening":
        return None
    if talk == "talk-fault":
        raise RuntimeError("an inner secret")
    if visitor != visitor_key(TOKEN) or talk != "talk-1" or turn > 3:
        raise InputError("There is no such thing.", "Look elsewhere.")
    return _Written("Who has the keys?", f"# Keys {turn}", f"<!doctype html><p>Keys {turn}</p>")


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=handout_routes(_hand_out), middleware=[Middleware(Guard), Middleware(VisitorCookie)])
    return TestClient(app, base_url="http://cml.local", headers={"cookie": f"{COOKIE}={TOKEN}"})


def test_the_page_and_the_markdown(client: TestClient) -> None:
    page = client.get("/talks/talk-1/handout")
    assert (page.status_code, page.text) == (200, "<!doctype html><p>Keys 0</p>")
    assert page.headers["content-security-policy"] == POLICY
    assert "script" not in POLICY
    assert page.headers["cache-control"] == "no-store"
    text = client.get("/talks/talk-1/handout.md?turn=3")
    assert text.text == "# Keys 3"
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.headers["content-disposition"].startswith('attachment; filename="who-has-the-keys.md"')


@pytest.mark.parametrize(
    "path",
    [
        "talk-2/handout",
        "talk-1/handout?turn=4",
        "talk-1/handout?turn=x",
        "talk-1/handout?turn=-1",
        "talk-1/handout.md?turn=",
    ],
)
def test_what_is_not_there_and_what_is_somebody_elses_read_the_same(client: TestClient, path: str) -> None:
    missing = client.get(f"/talks/{path}")
    assert missing.status_code == 404
    for cookie in ("", f"{COOKIE}={new_token()}"):
        theirs = client.get("/talks/talk-1/handout", headers={"cookie": cookie})
        assert (theirs.status_code, theirs.content) == (404, missing.content)


def test_opening_and_failing(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/talks/talk-opening/handout").status_code == 503
    failed = client.get("/talks/talk-fault/handout.md")
    assert failed.status_code == 500
    assert "secret" not in failed.text
    assert failed.text.rsplit(" ", 1)[1].rstrip(".") in caplog.text


@pytest.mark.parametrize(
    ("title", "plain", "full"),
    [
        ("Who has the keys?", "who-has-the-keys.md", "Who has the keys.md"),
        ('../../etc/passwd"; x=\r\nSet-Cookie: a=b', "etc-passwd-x-set-cookie-a-b.md", "etcpasswd xSet-Cookie ab.md"),
        ("Žluťoučký kůň", "zlutoucky-kun.md", "Žluťoučký kůň.md"),
        ("合作社", "conversation.md", "合作社.md"),
        ("…", "conversation.md", "conversation.md"),
        ("a" * 300, "a" * 60 + ".md", "a" * 80 + ".md"),
    ],
)
def test_a_download_is_named_by_its_title(title: str, plain: str, full: str) -> None:
    header = disposition(title, "md")
    assert header.isascii() and header.isprintable()
    assert f'filename="{plain}"' in header
    assert unquote(header.rpartition("''")[2]) == full
    message = Message()
    message["content-disposition"] = header
    assert message.get_content_disposition() == "attachment"

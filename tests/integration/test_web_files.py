"""The routes of files over real HTTP: what arrives, what is told meanwhile, and what is left of what did not."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from PIL import Image

from cml_mm.engine.visits import Visits
from cml_mm.errors import StoreCorrupt
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings
from cml_mm.visits import COOKIE, DEFAULT_LIMITS, new_token
from cml_mm.web.arrival import Patience
from cml_mm.web.reading_line import ReadingLine
from tests.support.gated_desk import PICTURE, GatedDesk, serving_files

LIMITS = replace(DEFAULT_LIMITS, file_bytes=3_000_000)
SOON = Patience(stall_seconds=0.5, whole_seconds=20, drain_seconds=5)


@pytest.fixture
def desk(tmp_path: Path) -> GatedDesk:
    return GatedDesk(tmp_path)


@pytest.fixture
def url(desk: GatedDesk) -> Iterator[str]:
    with serving_files(desk, LIMITS, ReadingLine(failed_seconds=60), SOON) as address:
        yield address


@contextmanager
def _visitor(url: str, token: str | None = None) -> Iterator[httpx.Client]:
    cookie = {"cookie": f"{COOKIE}={token or new_token()}"}
    with httpx.Client(base_url=url, headers=cookie, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def visitor(url: str) -> Iterator[httpx.Client]:
    with _visitor(url) as client:
        yield client


def _until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def _bring(client: httpx.Client, name: str = "minutes.txt", data: bytes = b"words") -> list[dict[str, object]]:
    """All lines of an upload that is read to its end."""
    answer = client.post("files", params={"name": name}, content=data)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def _begin(url: str, token: str, name: str, length: int, body: bytes = b"") -> socket.socket:
    """A request whose body is sent as far as `body` goes."""
    place = urlsplit(url)
    sock = socket.create_connection((place.hostname or "", place.port or 0), timeout=20)
    head = f"POST /files?name={quote(name)} HTTP/1.1\r\nhost: x\r\ncookie: {COOKIE}={token}\r\n"
    sock.sendall(f"{head}content-length: {length}\r\n\r\n".encode() + body)
    return sock


def _cards(client: httpx.Client) -> list[dict[str, object]]:
    return list(client.get("files").raise_for_status().json()["files"])


def test_a_file_is_taken_in_told_line_by_line_and_listed(visitor: httpx.Client, desk: GatedDesk) -> None:
    name, data = "Žluťoučký 60 % & co?.pdf", bytes(range(256)) * 8000
    with visitor.stream("POST", "files", params={"name": name}, content=data) as answer:
        lines = answer.iter_lines()
        job = json.loads(next(lines))["job"]
        told = json.loads(next(lines))
        while told["words"] != "Reading page 1 of 2":  # it arrives while the file is still being read
            told = json.loads(next(lines))
        assert told == {"words": "Reading page 1 of 2", "done": 1, "of": 2}
        (card,) = _cards(visitor)
        assert (card["id"], card["name"], card["state"], card["share"]) == (job, name, "reading", 0.5)
        desk.gate.set()
        card = [json.loads(line) for line in lines][-1]["file"]
    assert (card["name"], card["state"], card["size_bytes"]) == (name, "ready", len(data))
    assert _cards(visitor) == [card]
    (kept,) = desk.on_disk()
    assert kept.read_bytes() == data
    listed = visitor.get("files")
    assert listed.headers["cache-control"] == "no-store"
    assert listed.json()["limits"] == {
        "file_bytes": 3_000_000,
        "recording_bytes": LIMITS.recording_bytes,
        "visitor_files": 60,
        "keep_hours": 24.0,
    }


def test_a_picture_of_a_page(visitor: httpx.Client, desk: GatedDesk) -> None:
    desk.gate.set()
    file = _bring(visitor)[-1]["file"]["id"]  # type: ignore[index]
    answer = visitor.get(f"files/{file}/faces/page-1")
    assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/png")
    assert answer.headers["cache-control"] == "private, max-age=600"
    assert visitor.get(f"files/{file}/faces/svg").status_code == 404  # what could hold a script is not served
    unknown = visitor.get(f"files/{file}/faces/page-9")
    assert (unknown.status_code, unknown.json()["error"]["message"]) == (404, "There is no such page.")


def test_deleting_a_file_and_what_is_not_there(visitor: httpx.Client, desk: GatedDesk, url: str) -> None:
    desk.gate.set()
    file = _bring(visitor)[-1]["file"]["id"]  # type: ignore[index]
    with _visitor(url) as other:
        theirs, nowhere = other.delete(f"files/{file}"), other.delete("files/file-000")
        assert (theirs.status_code, theirs.content) == (nowhere.status_code, nowhere.content)
        assert theirs.status_code == 404
    assert len(desk.on_disk()) == 1
    assert visitor.delete(f"files/{file}").status_code == 204
    assert desk.on_disk() == []
    assert visitor.delete(f"files/{file}").content == nowhere.content


@pytest.mark.parametrize("cookie", [None, "short", f"{new_token()}; {COOKIE}={new_token()}"])
def test_without_one_good_cookie_nothing_is_kept(url: str, desk: GatedDesk, cookie: str | None) -> None:
    headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
    answer = httpx.post(url + "files?name=a.txt", content=b"x" * 2_000_000, headers=headers, trust_env=False)
    assert answer.status_code == 403
    assert "Open the app in a tab of its own" in answer.json()["error"]["hint"]
    assert httpx.get(url + "files", headers=headers, trust_env=False).json()["files"] == []
    assert desk.on_disk() == []


def test_too_large_by_what_is_announced_and_by_what_comes(visitor: httpx.Client, desk: GatedDesk) -> None:
    announced = visitor.post("files?name=a.pdf", content=b"x" * 3_000_001)
    assert announced.status_code == 413
    assert announced.json()["error"]["message"] == "This file is too large. The limit is 2.861 MB."
    counted = visitor.post("files?name=a.pdf", content=iter([b"x" * 1_500_000] * 3))
    assert counted.json() == announced.json()
    assert desk.on_disk() == [] and _cards(visitor) == []


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("", b"x", "This file came without a name."),
        ("n" * 1001, b"x", "This file's name has more than 1,000 characters."),
        ("a.txt", b"", "This file is empty."),
    ],
)
def test_names_and_emptiness(visitor: httpx.Client, desk: GatedDesk, name: str, data: bytes, message: str) -> None:
    answer = visitor.post("files", params={"name": name}, content=data)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)
    assert desk.on_disk() == [] and _cards(visitor) == []


def test_a_body_that_stalls_ends(url: str, desk: GatedDesk) -> None:
    token = new_token()
    with _begin(url, token, "a.pdf", 1000, b"x" * 10) as sock, _visitor(url, token) as client:
        _until(lambda: [card["words"] for card in _cards(client)] == ["Arriving"])
        answer = sock.makefile("rb").read()  # to the end: the connection is closed
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"The file stopped arriving." in answer
        assert _cards(client) == [] and desk.on_disk() == []


@pytest.mark.parametrize(
    "patience",
    [Patience(stall_seconds=10, whole_seconds=0.5), Patience(stall_seconds=0.5, slowest_bytes_per_second=1_000)],
)
def test_a_trickle_ends_too(tmp_path: Path, patience: Patience) -> None:
    serving = serving_files(GatedDesk(tmp_path), LIMITS, patience=patience)
    with serving as url, _begin(url, new_token(), "a.pdf", 1_000_000) as sock:
        sock.settimeout(0.05)
        answer = b""
        while not answer:
            sock.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                answer = sock.recv(100)
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_connection_lost_while_the_file_arrives_leaves_nothing(url: str, desk: GatedDesk) -> None:
    token = new_token()
    with _visitor(url, token) as client:
        with _begin(url, token, "a.pdf", 2_500_000, b"x" * 2_000_000):
            _until(desk.on_disk)
        _until(lambda: not desk.on_disk() and not _cards(client))
        assert desk.begun == []


def test_a_connection_lost_while_the_file_is_read_changes_nothing(url: str, desk: GatedDesk) -> None:
    token = new_token()
    with _visitor(url, token) as client:
        with _begin(url, token, "a.pdf", 5, b"words") as sock:
            _until(lambda: b'"job"' in sock.recv(4096))
            _until(lambda: desk.begun)
        assert [card["state"] for card in _cards(client)] == ["reading"]
        desk.gate.set()
        _until(lambda: [card["state"] for card in _cards(client)] == ["ready"])


@pytest.mark.parametrize("late", [False, True])
def test_a_reading_is_stopped_by_delete(url: str, desk: GatedDesk, late: bool) -> None:
    """Also one that was over before it could be told: what it kept is deleted again."""
    desk.ignores_cancel = late
    token = new_token()
    with _visitor(url, token) as client, _begin(url, token, "a.pdf", 5, b"words") as sock:
        _until(lambda: desk.begun)
        (card,) = _cards(client)
        with _visitor(url) as other:
            assert other.delete(f"files/{card['id']}").status_code == 404
        if late:
            with _begin_delete(url, token, str(card["id"])) as deleting:
                _until(lambda: not _cards(client))
                desk.gate.set()
                assert deleting.recv(100).startswith(b"HTTP/1.1 204 ")
        else:
            assert client.delete(f"files/{card['id']}").status_code == 204
        assert _cards(client) == [] and desk.on_disk() == []
        _until(lambda: b'{"cancelled": true}' in sock.recv(4096))


def _begin_delete(url: str, token: str, file: str) -> socket.socket:
    place = urlsplit(url)
    sock = socket.create_connection((place.hostname or "", place.port or 0), timeout=20)
    sock.sendall(f"DELETE /files/{file} HTTP/1.1\r\nhost: x\r\ncookie: {COOKIE}={token}\r\n\r\n".encode())
    return sock


def test_an_arriving_file_is_stopped_by_delete(url: str, desk: GatedDesk) -> None:
    token = new_token()
    with _visitor(url, token) as client, _begin(url, token, "a.pdf", 100, b"words") as sock:
        _until(lambda: _cards(client))
        assert client.delete(f"files/{_cards(client)[0]['id']}").status_code == 204
        assert desk.on_disk() == [] and _cards(client) == []
        assert b'{"cancelled": true}' in sock.makefile("rb").read()


@pytest.mark.parametrize(
    ("name", "message", "logged"),
    [
        ("broken.pdf", "broken.pdf ends in the middle.", False),
        ("full.pdf", "The disk has no room left.", True),
        ("fault.pdf", "Something went wrong here, not with you.", True),
    ],
)
def test_a_failure_has_words_and_stays_until_it_is_dismissed(
    visitor: httpx.Client, desk: GatedDesk, caplog: pytest.LogCaptureFixture, name: str, message: str, logged: bool
) -> None:
    desk.gate.set()
    error = _bring(visitor, name)[-1]["error"]
    assert isinstance(error, dict)
    assert error["message"] == message
    assert bool(error["reference"]) is logged
    assert (f"reference {error['reference']}" in caplog.text) is logged
    assert "secret" not in json.dumps(error)
    (card,) = _cards(visitor)
    assert (card["state"], card["words"]) == ("failed", message)
    assert str(error["reference"]) in str(card["hint"])
    assert visitor.delete(f"files/{card['id']}").status_code == 204
    assert _cards(visitor) == [] and desk.on_disk() == []


def test_the_line_tells_places_and_is_full_at_some_time(url: str, desk: GatedDesk) -> None:
    token, later = new_token(), new_token()
    sent: list[socket.socket] = []
    try:
        with _visitor(url, token) as client, _visitor(url, later) as other:
            for number in range(4):
                sent.append(_begin(url, token, f"{number}.txt", 5, b"words"))
                _until(lambda n=number: len(_cards(client)) == n + 1 and "Arriving" not in str(_cards(client)))
            _until(lambda: len(desk.begun) == 2)
            assert [card["words"] for card in _cards(client)][:2] == ["3 files before yours", "2 files before yours"]
            full = client.post("files?name=5.txt", content=b"words")
            assert full.status_code == 429
            assert full.json()["error"]["message"] == "4 of your files are being read or wait for it."
            sent.append(_begin(url, later, "other.txt", 5, b"words"))  # whose first file is theirs goes first
            _until(lambda: [card["words"] for card in _cards(other)] == ["2 files before yours"])
            assert [card["words"] for card in _cards(client)][:2] == ["4 files before yours", "3 files before yours"]
            assert client.delete(f"files/{_cards(client)[1]['id']}").status_code == 204  # out of the line, at once
            assert _cards(client)[0]["words"] == "3 files before yours"
            desk.gate.set()
            _until(lambda: len(client.get("files").json()["files"]) == 3 and "reading" not in client.get("files").text)
            _until(lambda: [card["state"] for card in _cards(other)] == ["ready"])
            assert desk.begun[2] == "other.txt"
    finally:
        for sock in sent:
            sock.close()


def test_everything_about_a_visitor_goes_at_once(url: str, desk: GatedDesk) -> None:
    token = new_token()
    with _visitor(url, token) as client, _visitor(url) as other:
        desk.gate.set()
        _bring(client, "a.txt")
        _bring(other, "b.txt")
        _bring(client, "broken.txt")
        desk.gate.clear()
        with _begin(url, token, "c.txt", 5, b"words"), _begin(url, token, "d.txt", 50, b"words"):
            _until(lambda: len(_cards(client)) == 4 and len(desk.begun) == 4)
            answer = client.delete("me")
        assert answer.status_code == 204
        assert answer.headers["set-cookie"].startswith(f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly")
        assert _cards(client) == []
        assert [card["name"] for card in _cards(other)] == ["b.txt"]
        assert len(desk.on_disk()) == 1


@pytest.mark.parametrize(
    ("desk", "status", "message"),
    [
        (None, 503, "The library is still being opened."),
        (StoreCorrupt("The record is damaged.", "Put it back."), 500, "The record is damaged."),
    ],
)
def test_without_a_desk(desk: Exception | None, status: int, message: str) -> None:
    with serving_files(desk) as url, _visitor(url) as client:
        answers = (
            client.get("files"),
            client.post("files?name=a", content=b"x"),
            client.delete("files/a"),
            client.get("files/a/faces/b"),
            client.delete("me"),
        )
        for answer in answers:
            assert answer.status_code == status
            assert answer.json()["error"]["message"] == message
            assert bool(answer.json()["error"]["reference"]) is (status == 500)


def test_other_pages_can_neither_bring_nor_read(visitor: httpx.Client, desk: GatedDesk) -> None:
    desk.gate.set()
    file = _bring(visitor)[-1]["file"]["id"]  # type: ignore[index]
    theirs = {"origin": "https://evil.example"}
    assert visitor.get("files", headers=theirs).status_code == 403
    assert visitor.get(f"files/{file}/faces/page-1", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert visitor.delete("me", headers=theirs).status_code == 403
    assert visitor.post("files?name=a", content=b"x", headers=theirs).status_code == 403
    assert len(_cards(visitor)) == 1


def _children() -> set[str]:
    """Processes that this one has started and not yet seen end."""
    lists = Path("/proc/self/task").glob("*/children")
    return {number for one in lists for number in one.read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are counted in /proc")
def test_a_real_reading_is_stopped_with_its_process(tmp_path: Path, encoder: MiniLM) -> None:
    """Over the desk of the engine: when DELETE is answered, the process is gone and nothing is on disk."""
    picture = tmp_path / "notice.png"
    Image.effect_noise((2400, 3200), 80).save(picture)
    visits = Visits(replace(Settings.load({}), data=tmp_path / "data", models=Settings.load().models), encoder)
    before, token = _children(), new_token()
    serving = serving_files(visits.files)
    with contextlib.closing(visits), serving as url, _visitor(url, token) as client:
        body = picture.read_bytes()
        with _begin(url, token, "notice.png", len(body), body):
            _until(lambda: _children() - before)
            (card,) = _cards(client)
            assert card["state"] == "reading"
            assert client.delete(f"files/{card['id']}").status_code == 204
        assert _children() <= before
        assert _cards(client) == []
        assert not [
            path for path in (tmp_path / "data").rglob("*") if path.is_file() and path.stat().st_size == len(body)
        ]
        assert list(visits.files.inbox().iterdir()) == []

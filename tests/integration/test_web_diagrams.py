"""Diagrams over real HTTP: corrected, taken back, written out; and everything that is refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from cml_mm.diagrams.sources import read_diagram_text
from cml_mm.visits import COOKIE, new_token
from tests.support.fake_files import FakeFiles
from tests.support.gated_desk import serving_files

RENAME = {"kind": "rename", "part": "n3", "label": "Assembly decides"}
BOX = {"x": 5, "y": 40, "w": 20, "h": 10, "of_w": 100, "of_h": 100}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def desk() -> FakeFiles:
    return FakeFiles(pace=0)


@pytest.fixture(scope="module")
def url(desk: FakeFiles) -> Iterator[str]:
    with serving_files(desk) as address:
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


@pytest.fixture
def chart(visitor: httpx.Client) -> str:
    """The address of a diagram that this visitor brought."""
    answer = visitor.post("files", params={"name": "leak-chart.png"}, content=new_token().encode())
    return f"files/{json.loads(answer.text.splitlines()[-1])['file']['id']}/diagrams/0"


def _edit(client: httpx.Client, chart: str, *edits: dict[str, Any]) -> httpx.Response:
    return client.post(f"{chart}/edits", json={"edits": list(edits)})


def _read(client: httpx.Client, chart: str) -> dict[str, Any]:
    return dict(client.get(f"{chart}/json").raise_for_status().json())


def _labels(client: httpx.Client, chart: str) -> dict[str, str]:
    return {node["id"]: node["label"] for node in _read(client, chart)["nodes"]}


def _arrow(client: httpx.Client, chart: str, part: str) -> dict[str, Any]:
    return next(edge for edge in _read(client, chart)["edges"] if edge["id"] == part)


def test_a_correction_is_made_kept_and_taken_back(visitor: httpx.Client, chart: str) -> None:
    answer = _edit(visitor, chart, RENAME)
    assert (answer.status_code, answer.json()) == (200, {"corrections": 1})
    assert answer.headers["cache-control"] == "no-store"
    assert _labels(visitor, chart)["n3"] == "Assembly decides"
    undone = visitor.post(f"{chart}/undo", json={})
    assert (undone.status_code, undone.json()) == (200, {"corrections": 0})
    assert _labels(visitor, chart)["n3"] == "House meeting decides"


def test_every_kind_of_correction_reaches_the_diagram(visitor: httpx.Client, chart: str) -> None:
    answer = _edit(
        visitor,
        chart,
        {"kind": "add-node", "label": "Insurer pays", "shape": "ellipse", "box": BOX},
        {"kind": "add-edge", "source": "n6", "target": "added-1", "label": "claim", "heads": "both"},
        {"kind": "reverse", "edge": "e7"},
        {"kind": "set-heads", "edge": "e1", "heads": "none"},
        {"kind": "confirm", "part": "n2"},
        {"kind": "delete", "part": "n7"},
    )
    assert (answer.status_code, answer.json()) == (200, {"corrections": 6})
    found = _read(visitor, chart)
    nodes = {node["id"]: node for node in found["nodes"]}
    edges = {edge["id"]: edge for edge in found["edges"]}
    assert (nodes["added-1"]["label"], nodes["added-1"]["shape"]) == ("Insurer pays", "ellipse")
    assert nodes["added-1"]["box"] == [76.0, 368.0, 304.0, 92.0]  # percent of 1520 by 920
    assert (edges["added-2"]["directed"], edges["added-2"]["label"]) == ("both", "claim")
    assert (edges["e7"]["source"], edges["e7"]["target"], edges["e7"]["confidence"]) == ("n2", "n5", 1.0)
    assert edges["e1"]["directed"] is False
    assert nodes["n2"]["confidence"] == 1.0
    assert "n7" not in nodes
    assert "e6" not in edges


def test_one_bad_change_among_good_ones_changes_nothing(visitor: httpx.Client, chart: str) -> None:
    answer = _edit(visitor, chart, RENAME, {"kind": "delete", "part": "nobody"})
    assert answer.status_code == 400
    assert "nobody" in answer.json()["error"]["message"]
    assert answer.json()["error"]["hint"]
    assert _labels(visitor, chart)["n3"] == "House meeting decides"


def _new_box(sides: str) -> bytes:
    return f'{{"edits": [{{"kind": "add-node", "label": "x", "box": {{{sides}}}}}]}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"edits": []}',
        b'{"edits": "all"}',
        b'{"edits": [{"kind": "explode", "part": "n1"}]}',
        b'{"edits": [{"kind": "rename", "part": "n1"}]}',
        b'{"edits": [{"kind": "rename", "part": 7, "label": "x"}]}',
        b'{"edits": [{"kind": "rename", "part": "n1", "label": "x", "visitor": "me"}]}',
        b'{"edits": [{"kind": "set-heads", "edge": "e1", "heads": "three"}]}',
        _new_box('"x": NaN, "y": 0, "w": 1, "h": 1, "of_w": 1, "of_h": 1'),
        _new_box('"x": 0, "y": 0, "w": 1, "h": 1, "of_w": 0, "of_h": 1'),
        _new_box('"x": 0, "y": 0, "w": -1, "h": 1, "of_w": 1, "of_h": 1'),
        b'{"edits": ' + b"[" * 5000 + b"}",
    ],
)
def test_what_is_no_correction_is_refused_in_a_sentence(visitor: httpx.Client, chart: str, body: bytes) -> None:
    answer = visitor.post(f"{chart}/edits", content=body, headers=JSON)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["message"] == "These changes could not be understood, so nothing was changed."
    assert error["hint"].endswith(".")
    assert not error["reference"]


def test_too_much_at_a_time_is_refused_in_its_own_words(visitor: httpx.Client, chart: str) -> None:
    many = _edit(visitor, chart, *[{**RENAME, "label": str(n)} for n in range(51)])
    assert (many.status_code, many.json()["error"]["message"]) == (400, "These are more than 50 changes at a time.")
    assert _edit(visitor, chart, *[{**RENAME, "label": str(n)} for n in range(50)]).status_code == 200
    long = _edit(visitor, chart, {**RENAME, "label": "x" * 301})
    assert (long.status_code, long.json()["error"]["message"]) == (400, "Words in a diagram have up to 300 characters.")
    large = visitor.post(f"{chart}/edits", content=b" " * 300_000, headers=JSON)
    assert large.status_code == 413
    assert large.json()["error"]["hint"]


def test_nothing_to_undo_is_told(visitor: httpx.Client, chart: str) -> None:
    answer = visitor.post(f"{chart}/undo", json={})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Nothing was changed in this diagram."


@pytest.mark.parametrize("method", ["edits", "undo", "json", "svg"])
def test_anothers_diagram_is_one_that_never_was(url: str, visitor: httpx.Client, chart: str, method: str) -> None:
    def asked(client: httpx.Client, place: str) -> httpx.Response:
        if method in ("edits", "undo"):
            return client.post(f"{place}/{method}", json={"edits": [RENAME]})
        return client.get(f"{place}/{method}")

    with _visitor(url) as other:
        theirs = asked(other, chart)
        never = asked(other, "files/file-000000000000000000000000/diagrams/0")
    assert (theirs.status_code, theirs.json()) == (404, never.json())
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as nobody:
        assert asked(nobody, chart).status_code == 404
    for place in ("1", "-1", "x", "00000009", "%D9%A3"):
        assert asked(visitor, f"{chart[:-1]}{place}").status_code == 404
    assert _labels(visitor, chart)["n3"] == "House meeting decides"


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_another_page_can_neither_change_nor_read(visitor: httpx.Client, chart: str, headers: dict[str, str]) -> None:
    posted = visitor.post(f"{chart}/edits", json={"edits": [RENAME]}, headers=headers)
    assert (posted.status_code, "another page" in posted.text) == (403, True)
    assert visitor.post(f"{chart}/undo", headers=headers).status_code == 403
    assert visitor.get(f"{chart}/json", headers=headers).status_code == 403
    assert _labels(visitor, chart)["n3"] == "House meeting decides"


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [
        ("mermaid", "text/plain", "mmd"),
        ("dot", "text/plain", "dot"),
        ("json", "application/json", "json"),
        ("svg", "image/svg+xml", "svg"),
    ],
)
def test_a_diagram_is_taken_along(visitor: httpx.Client, chart: str, kind: str, media_type: str, ending: str) -> None:
    _edit(visitor, chart, RENAME)
    answer = visitor.get(f"{chart}/{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="leak-chart.{ending}"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "Assembly decides" in answer.text
    if kind in ("mermaid", "dot"):
        again = read_diagram_text(answer.text, "mermaid" if kind == "mermaid" else "dot")
        assert (len(again.nodes), len(again.edges)) == (7, 7)
    if kind == "svg":
        ElementTree.fromstring(answer.text)


def test_other_forms_are_not_given(visitor: httpx.Client, chart: str) -> None:
    assert visitor.get(f"{chart}/html").status_code == 404
    assert visitor.get(f"{chart}/edits").status_code in (404, 405)
    assert visitor.delete(f"{chart}/json").status_code == 405


def test_while_the_library_is_opened_nothing_is_lost() -> None:
    with serving_files(None) as closed, _visitor(closed) as client:
        answer = client.post("files/f/diagrams/0/edits", json={"edits": [RENAME]})
        assert answer.status_code == 503
        assert "still being opened" in answer.json()["error"]["message"]
        assert client.get("files/f/diagrams/0/json").status_code == 503

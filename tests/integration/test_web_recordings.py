"""Recordings over real HTTP: their bytes in ranges for their owner only, their words and chapters to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cml_mm.visits import COOKIE, new_token
from cml_mm.web.recordings import NotThere, Part, media_type_of, wanted_part
from cml_mm.web.starter import starter_routes
from tests.support.drawn_lecture import CUES, SLIDES, lecture_sound
from tests.support.fake_files import FakeFiles
from tests.support.gated_desk import serving_files
from tests.support.made_files import film, tones

SOUND = lecture_sound()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving_files(FakeFiles(pace=0)) as address:
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


def _brought(client: httpx.Client, name: str = "talk.wav", data: bytes = SOUND) -> str:
    """The address of a file that this visitor brought."""
    answer = client.post("files", params={"name": name}, content=data)
    return f"files/{json.loads(answer.text.splitlines()[-1])['file']['id']}"


def _part(client: httpx.Client, file: str, wanted: str, **more: str) -> httpx.Response:
    return client.get(f"{file}/media", headers={"range": wanted, **more})


def test_the_whole_recording_comes_with_its_own_type_and_nothing_runs_in_it(visitor: httpx.Client) -> None:
    file = _brought(visitor, "A “talk” <b>.html.wav")
    got = visitor.get(f"{file}/media")
    assert got.status_code == 200
    assert got.content == SOUND
    assert got.headers["content-type"] == "audio/wav"
    assert got.headers["content-length"] == str(len(SOUND))
    assert got.headers["accept-ranges"] == "bytes"
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["content-disposition"].startswith('attachment; filename="a-talk-b-html.wav"')


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=5-12", 5, 12),
        ("bytes=700000-", 700_000, len(SOUND) - 1),
        ("bytes=-44", len(SOUND) - 44, len(SOUND) - 1),
        ("bytes=10-99999999999", 10, len(SOUND) - 1),
        ("bytes=-99999999999", 0, len(SOUND) - 1),
    ],
)
def test_a_part_is_exactly_what_was_asked_for(visitor: httpx.Client, wanted: str, first: int, last: int) -> None:
    got = _part(visitor, _brought(visitor), wanted)
    assert got.status_code == 206
    assert got.headers["content-range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert got.headers["content-length"] == str(last + 1 - first)
    assert got.content == SOUND[first : last + 1]


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,5-6", "bytes=9-5", "bytes=-", "bytes=x-3", "chars=0-5", "bytes=0x1-2", ""]
)
def test_what_is_no_single_range_gets_the_whole(visitor: httpx.Client, wanted: str) -> None:
    got = _part(visitor, _brought(visitor), wanted)
    assert got.status_code == 200
    assert "content-range" not in got.headers
    assert len(got.content) == len(SOUND)


@pytest.mark.parametrize("wanted", [f"bytes={len(SOUND)}-", "bytes=99999999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_told_so(visitor: httpx.Client, wanted: str) -> None:
    got = _part(visitor, _brought(visitor), wanted)
    assert got.status_code == 416
    assert got.headers["content-range"] == f"bytes */{len(SOUND)}"
    assert got.json()["error"]["message"] == "This recording is shorter than that."


def test_if_range_gives_the_part_of_the_same_file_only(visitor: httpx.Client) -> None:
    file = _brought(visitor)
    mark = visitor.head(f"{file}/media").headers["etag"]
    assert _part(visitor, file, "bytes=0-9", **{"if-range": mark}).status_code == 206
    for other in ('"something-else"', f"W/{mark}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert _part(visitor, file, "bytes=0-9", **{"if-range": other}).status_code == 200


def test_head_tells_the_size_without_a_byte(visitor: httpx.Client) -> None:
    file = _brought(visitor)
    got = visitor.head(f"{file}/media", headers={"range": "bytes=100-199"})
    assert (got.status_code, got.headers["content-length"], got.content) == (206, "100", b"")


def test_nobody_else_can_play_or_read_it(url: str, visitor: httpx.Client) -> None:
    file = _brought(visitor)
    places = ("media", "captions.vtt", "lecture/transcript.vtt", "lecture/transcript.md", "lecture/chapters.vtt")
    with _visitor(url) as other, httpx.Client(base_url=url, timeout=30, trust_env=False) as nobody:
        for place in places:
            assert visitor.get(f"{file}/{place}").status_code == 200
            for client in (other, nobody):
                got = client.get(f"{file}/{place}")
                assert got.status_code == 404
                assert got.json()["error"]["message"] == "There is no such recording."
    crossed = visitor.get(f"{file}/media", headers={"origin": "https://example.org"})
    assert crossed.status_code == 403
    assert visitor.get(f"{file}/media", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    visitor.delete(file)
    assert [visitor.get(f"{file}/{place}").status_code for place in places] == [404] * len(places)


def test_what_is_no_recording_is_never_given_out(visitor: httpx.Client) -> None:
    for name, data in (("talk.wav", b"<!doctype html><script>alert(1)</script>"), ("talk.webm", b"<svg/>")):
        got = visitor.get(f"{_brought(visitor, name, data)}/media")
        assert (got.status_code, got.headers["content-type"]) == (404, "application/json"), name


def test_words_and_chapters_can_be_taken_along(visitor: httpx.Client) -> None:
    file = _brought(visitor, "An evening.webm")
    track = visitor.get(f"{file}/captions.vtt")
    assert track.headers["content-type"] == "text/vtt; charset=utf-8"
    assert track.text.startswith("WEBVTT")
    assert "00:00:47.250 --> 00:00:54.250" in track.text
    said = " ".join(track.text.split())
    assert all(text in said for _, text in CUES)
    given = {
        kind: visitor.get(f"{file}/lecture/{kind}") for kind in ("transcript.vtt", "transcript.srt", "transcript.md")
    }
    assert [got.headers["content-disposition"].split(";")[1] for got in given.values()] == [
        ' filename="an-evening.vtt"',
        ' filename="an-evening.srt"',
        ' filename="an-evening.md"',
    ]
    assert "00:00:47,250 --> 00:00:54,250" in given["transcript.srt"].text
    assert given["transcript.md"].headers["content-type"] == "text/markdown; charset=utf-8"
    assert CUES[4][1] in given["transcript.md"].text
    chapters = visitor.get(f"{file}/lecture/chapters.vtt")
    assert 'filename="an-evening-chapters.vtt"' in chapters.headers["content-disposition"]
    assert all(title in chapters.text for _, title, _ in SLIDES)
    assert visitor.get(f"{file}/lecture/secrets").status_code == 404


def test_without_words_there_is_no_transcript_to_keep(visitor: httpx.Client) -> None:
    file = _brought(visitor, "spans.wav")
    got = visitor.get(f"{file}/lecture/transcript.vtt")
    assert (got.status_code, got.json()["error"]["message"]) == (404, "Nobody is heard in this recording.")
    assert visitor.get(f"{file}/captions.vtt").text.startswith("WEBVTT")
    assert visitor.get(f"{file}/lecture/chapters.vtt").status_code == 200


def test_a_file_without_a_lecture_has_none_to_give(visitor: httpx.Client) -> None:
    file = _brought(visitor, "minutes.md", b"# Minutes")
    assert visitor.get(f"{file}/media").status_code == 404
    assert visitor.get(f"{file}/captions.vtt").status_code == 404


@pytest.mark.parametrize(
    ("container", "codec", "kind"),
    [
        ("webm", "vp8", "video/webm"),
        ("matroska", "vp8", "video/x-matroska"),
        ("mp4", "mpeg4", "video/mp4"),
        ("mov", "mpeg4", "video/quicktime"),
        ("mp3", "libmp3lame", "audio/mpeg"),
        ("ogg", "libopus", "audio/ogg"),
        ("flac", "flac", "audio/flac"),
        ("avi", "mpeg4", "video/x-msvideo"),
    ],
)
def test_the_type_is_told_by_the_bytes(container: str, codec: str, kind: str) -> None:
    assert media_type_of(film(container, codec)[:4096]) == kind


def test_sound_in_mp4_is_told_from_films() -> None:
    assert media_type_of(tones("ipod", "aac", seconds=0.5)[:4096]) == "audio/mp4"


def test_bytes_that_are_no_recording_have_no_type() -> None:
    for data in (b"", b"%PDF-1.7", b"<html>", b"PK\x03\x04", b"GIF89a", b"#EXTM3U\n"):
        assert media_type_of(data) == ""


def test_ranges_of_nothing() -> None:
    assert wanted_part(None, 0) is None
    assert wanted_part("BYTES=0-", 5) == Part(0, 5)
    for header in ("bytes=0-", "bytes=-5"):
        with pytest.raises(NotThere):
            wanted_part(header, 0)


def test_the_starter_lecture_can_be_fetched_and_nothing_else_of_its_folder(tmp_path: Path) -> None:
    for name, data in (("a.vtt", b"WEBVTT\n"), ("b.webm", film("webm", "vp8")), ("c.html", b"<b>"), ("d.mp4", b"<b>")):
        (tmp_path / name).write_bytes(data)
    (tmp_path.parent / "secret.vtt").write_bytes(b"WEBVTT\n\nSecret")
    client = TestClient(Starlette(routes=starter_routes(tmp_path)))
    assert client.get("/starter/lectures").json() == {"names": ["b.webm", "d.mp4", "a.vtt"]}
    assert client.get("/starter/lectures/b.webm").headers["content-type"] == "video/webm"
    assert client.get("/starter/lectures/a.vtt").headers["content-type"].startswith("text/vtt")
    for name in ("c.html", "d.mp4", "..%2Fsecret.vtt", "none.vtt"):
        assert client.get(f"/starter/lectures/{name}").status_code == 404, name


def _edit(client: httpx.Client, file: str, *edits: dict[str, object]) -> httpx.Response:
    return client.post(f"{file}/lecture/edits", json={"edits": list(edits)})


def test_words_speakers_and_titles_are_corrected_together_or_not_at_all(visitor: httpx.Client) -> None:
    file = _brought(visitor)
    words: dict[str, object] = {"kind": "words", "cue": 6, "text": "Only the fourth time."}
    answer = _edit(
        visitor,
        file,
        words,
        {"kind": "speaker", "name": "Ida Brook", "old": "Ada Brook"},
        {"kind": "speaker", "name": "A guest", "first": 10, "behind": 11},
        {"kind": "chapter", "number": 2, "title": "Four small steps"},
    )
    assert (answer.status_code, answer.content) == (204, b"")
    text = visitor.get(f"{file}/lecture/transcript.srt").text
    assert "Only the fourth time." in text
    assert [text.count(name) for name in ("Ada Brook", "Ida Brook", "Lev Sand", "A guest")] == [0, 8, 2, 1]
    assert "Four small steps" in visitor.get(f"{file}/lecture/chapters.vtt").text
    refused = _edit(visitor, file, {**words, "text": "Not this."}, {"kind": "chapter", "number": 9, "title": "None"})
    assert (refused.status_code, refused.json()["error"]["message"][:29]) == (400, "The recording has no chapter ")
    assert "Not this." not in visitor.get(f"{file}/lecture/transcript.srt").text


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "These changes could not be understood"),
        (b'{"edits": []}', 400, "These changes could not be understood"),
        (b'{"edits": [{"kind": "words", "cue": -1, "text": "a"}]}', 400, "These changes could not be understood"),
        (b'{"edits": [{"kind": "words", "cue": true, "text": "a"}]}', 400, "These changes could not be understood"),
        (b'{"edits": [{"kind": "drop", "cue": 1}]}', 400, "These changes could not be understood"),
        (b'{"edits": [{"kind": "words", "cue": 999, "text": "a"}]}', 400, "The transcript has no caption number 1000"),
        (b'{"edits": [{"kind": "chapter", "number": 1, "title": " "}]}', 400, "A chapter needs a title"),
        (
            json.dumps({"edits": [{"kind": "words", "cue": 1, "text": "a" * 2001}]}).encode(),
            400,
            "A sentence has up to",
        ),
        (
            json.dumps({"edits": [{"kind": "words", "cue": 1, "text": "a"}] * 51}).encode(),
            400,
            "These are more than 50",
        ),
        (b" " * 300_000, 413, "These changes are too large"),
    ],
)
def test_corrections_that_cannot_be_made_are_refused_in_words(
    visitor: httpx.Client, body: bytes, status: int, words: str
) -> None:
    file = _brought(visitor)
    before = visitor.get(f"{file}/lecture/transcript.vtt").text
    answer = visitor.post(f"{file}/lecture/edits", content=body)
    assert (answer.status_code, answer.json()["error"]["message"][: len(words)]) == (status, words)
    assert visitor.get(f"{file}/lecture/transcript.vtt").text == before


def test_nobody_else_can_correct_it(url: str, visitor: httpx.Client) -> None:
    file = _brought(visitor)
    words: dict[str, object] = {"kind": "words", "cue": 0, "text": "Mine now."}
    with _visitor(url) as other:
        assert _edit(other, file, words).status_code == 404
    assert _edit(visitor, _brought(visitor, "minutes.md", b"# Minutes two"), words).status_code == 404
    crossed = {"edits": [words]}
    answer = visitor.post(f"{file}/lecture/edits", json=crossed, headers={"origin": "https://example.org"})
    assert answer.status_code == 403
    assert "Mine now." not in visitor.get(f"{file}/lecture/transcript.vtt").text


def test_changes_are_taken_back_one_step_at_a_time_or_all(url: str, visitor: httpx.Client) -> None:
    file = _brought(visitor)
    before = visitor.get(f"{file}/lecture/transcript.vtt").text

    def text() -> str:
        return visitor.get(f"{file}/lecture/transcript.vtt").text

    for cue in (0, 1):
        _edit(visitor, file, {"kind": "words", "cue": cue, "text": f"Mine {cue}."})
    with _visitor(url) as other:
        for path in ("undo", "restore"):
            assert other.post(f"{file}/lecture/{path}").status_code == 404
            crossed = visitor.post(f"{file}/lecture/{path}", headers={"origin": "https://example.org"})
            assert crossed.status_code == 403
    assert "Mine 0." in text() and "Mine 1." in text()
    answer = visitor.post(f"{file}/lecture/undo")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Mine 0." in text() and "Mine 1." not in text()
    _edit(visitor, file, {"kind": "chapter", "number": 1, "title": "Mine"})
    assert visitor.post(f"{file}/lecture/restore").status_code == 204
    assert text() == before
    refused = visitor.post(f"{file}/lecture/undo")
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        400,
        "Nothing in this lecture was changed by hand.",
    )
    assert visitor.get(f"{file}/lecture/undo").status_code == 404

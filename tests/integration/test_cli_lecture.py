"""`cml lecture`: a recording on a terminal, for people and for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cml_mm.cli import main
from cml_mm.settings import Settings
from tests.support import made_files as made
from tests.support.drawn_lecture import CUES, SLIDES, lecture_film
from tests.support.made_decks import deck_pdf
from tests.support.made_files import pdf_file

SRT = (
    "1\n00:00:01,500 --> 00:00:06,250\nIn a community land trust the land is held in common by the members.\n\n"
    "2\n00:00:07,000 --> 00:00:12,000\nA community land trust keeps homes affordable with a resale formula.\n"
)


@pytest.fixture
def place(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and an environment in which the command finds library and models."""
    monkeypatch.setenv("CML_INDEX", str(settings.index))
    monkeypatch.setenv("CML_MODELS", str(settings.models))
    monkeypatch.setenv("CML_DATA", str(tmp_path / "data"))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[Any, str]:
    assert main(["lecture", *map(str, arguments), "--json"]) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err


def test_a_film_with_captions_as_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "well.webm").write_bytes(lecture_film())
    vtt = "WEBVTT\n\n" + "\n".join(f"00:{int(s) // 60:02}:{s % 60:06.3f} --> 00:01:30.000\n{t}\n" for s, t in CUES)
    (place / "words.vtt").write_text(vtt, "utf-8")
    (place / "slides.pdf").write_bytes(deck_pdf())
    given = ("--captions", place / "words.vtt", "--deck", place / "slides.pdf")
    found, said = told(capsys, place / "well.webm", *given)
    assert list(found) == ["slides", "transcript", "chapters", "patterns"]
    assert [set(one) for one in found["slides"]] == [{"start", "end", "text", "page"}] * 3
    assert [one["page"] for one in found["slides"]] == [2, 3, 5] and "3 of 3 slides are pages of slides.pdf." in said
    assert [one["text"].split("\n") for one in found["slides"]] == [[title, *lines] for _, title, lines in SLIDES]
    assert [one["start"] for one in found["slides"]] == pytest.approx([start for start, _, _ in SLIDES], abs=1.0)
    assert [(one["start"], one["text"]) for one in found["transcript"]] == list(CUES)
    assert {(one["end"], one["origin"], one["confidence"]) for one in found["transcript"]} == {(90.0, "captions", 1.0)}
    assert {"start", "end", "title"} <= set(found["chapters"][0])
    assert not (place / "data").exists()  # nothing of it is kept
    assert sorted(one.name for one in place.iterdir()) == ["slides.pdf", "well.webm", "words.vtt"]


def test_patterns_come_with_their_seconds_and_the_words_that_justify_them(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "talk.srt").write_text(SRT, "utf-8")
    found, said = told(capsys, place / "talk.srt")
    (one,) = [one for one in found["patterns"] if one["named"]]
    assert one["title"] == "Community Land Trust" and one["origin"] == "captions"
    assert 1.5 <= one["start"] < one["end"] <= 12.0
    assert {word.casefold() for word in one["words"]} & {"community", "land", "trust", "community land trust"}
    assert found["slides"] == [] and "patterns" not in said


def test_without_an_index_there_are_no_patterns_and_that_is_said(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CML_INDEX", str(place / "no-index"))
    (place / "talk.srt").write_text(SRT, "utf-8")
    found, said = told(capsys, place / "talk.srt")
    assert found["patterns"] == [] and len(found["transcript"]) == 2
    assert "No patterns were looked up." in said and not (place / "no-index").exists()


def test_for_people_it_is_a_table_of_chapters(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "talk.wav").write_bytes(made.sound(14))
    (place / "talk.srt").write_text(SRT, "utf-8")
    assert main(["lecture", str(place / "talk.wav"), "--captions", str(place / "talk.srt")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("talk.wav: 0:14, 0 slides, 2 captions, 1 chapter; said by: talk.srt\n")
    assert "Community Land Trust (named)" in out and "    0:00  " in out


@pytest.mark.parametrize(
    ("name", "data", "captions", "words"),
    [
        ("rules.pdf", pdf_file(), None, "rules.pdf is no recording."),
        ("talk.mp4", b"Only words, called a film.\n", None, "talk.mp4 is text of a kind that is not read (.mp4)."),
        ("talk.wav", made.sound(1), b"Nothing here says when.\n", "words.srt holds no captions"),
        ("talk.wav", None, None, "talk.wav cannot be read (No such file or directory)."),
    ],
)
def test_what_cannot_be_read_ends_with_the_way_out(
    place: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes | None, captions: bytes | None, words: str
) -> None:
    if data is not None:
        (place / name).write_bytes(data)
    more = []
    if captions is not None:
        (place / "words.srt").write_bytes(captions)
        more = ["--captions", str(place / "words.srt")]
    assert main(["lecture", str(place / name), *more, "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and words in said.err and said.err.strip().count("\n") == 1

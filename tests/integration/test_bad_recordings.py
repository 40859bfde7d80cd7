"""Recordings that are bad or odd: each gets a clear word, opens nothing beside it and leaves nothing behind."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.errors import CmlError, InputError, LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.media.sandbox import SandboxedReader
from cml_mm.models.minilm import MiniLM
from cml_mm.profiles.wiring import OCR
from cml_mm.record import Record
from cml_mm.visits import DEFAULT_LIMITS, FileCard, Recorded
from tests.integration.test_bad_files import children
from tests.support import made_files as made
from tests.support.odd_films import TITLES, huge_frame, written_film
from tests.support.record_values import DAY, Clock
from tests.support.said_transcriber import SaidTranscriber, words_at

ANNA = "a" * 40
LIMITS = replace(DEFAULT_LIMITS, cpu_seconds=60, wall_seconds=120)
SRT = "1\n00:00:01,000 --> 00:00:03,500\nWelcome to the weir.\n\n2\n00:00:04,000 --> 00:00:06,250\nIt leaks.\n"


def silent(words: str, done: int, of: int) -> None:
    """Nobody listens."""


def never() -> bool:
    return False


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = Record(tmp_path / "data", DAY, 30 * DAY, DEFAULT_LIMITS, Clock())
    yield opened
    opened.close()


@pytest.fixture
def files(record: Record, encoder: MiniLM) -> Files:
    heard = SaidTranscriber(words_at((0.5, "The weir is mended in autumn.")))
    return Files(record, Bringer(SandboxedReader(LIMITS), encoder, transcriber=heard), LIMITS)


def add(files: Files, name: str, data: bytes, captions: bytes | None = None) -> FileCard:
    """Brings a file, whatever becomes of it nothing stays in the inbox and no process runs on."""
    content, beside = files.inbox() / "arriving", files.inbox() / "beside"
    content.write_bytes(data)
    if captions is not None:
        beside.write_bytes(captions)
    before = children()
    try:
        card = files.add(ANNA, name, content, silent, never, beside if captions is not None else None, "words.srt")
    finally:
        assert list(files.inbox().iterdir()) == [] and children() == before
    assert card is not None
    return card


def refused(files: Files, name: str, data: bytes, captions: bytes | None = None) -> CmlError:
    with pytest.raises(InputError) as caught:
        add(files, name, data, captions)
    error = caught.value
    assert error.message.endswith(".") and error.hint.endswith(".")
    assert not re.search(r"Error|Traceback|cml_mm|/tmp|site-packages", str(error)), error
    assert files.files(ANNA) == ()
    assert add(files, "after.md", b"# Still here\n\nThe app reads on.\n").state == "ready"
    return error


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"Only words, called a film.\n",
        b"ffconcat version 1.0\nfile 'neighbour.mp4'\n",
        b"#EXTM3U\n#EXTINF:1,\nneighbour.mp4\n",
        b"file 'neighbour.mp4'\n",
        b"neighbour.mp4\n",
    ],
)
def test_text_called_a_film_opens_no_file_beside_it(files: Files, text: bytes) -> None:
    (files.inbox() / "neighbour.mp4").write_bytes(made.tones("mp4", "aac", pictures=True))
    (files.inbox() / "arriving").write_bytes(text)
    with pytest.raises((UnsupportedMedia, MediaUnreadable), match=r"lecture\.mp4 is (a playlist|text of a kind)"):
        files.add(ANNA, "lecture.mp4", files.inbox() / "arriving", silent, never)
    assert [place.name for place in files.inbox().iterdir()] == ["neighbour.mp4"]


def test_a_film_that_names_another_file_gets_nothing_of_it(tmp_path: Path) -> None:
    """A QuickTime track may say that its samples lie in another file (dref); nothing there is opened."""
    beside = made.tones("mp4", "aac", moments=(0.0, 1.0, 2.0))
    (tmp_path / "beside.mp4").write_bytes(beside)
    url = str(tmp_path / "beside.mp4").encode()
    for place in (b"file://" + url, url):
        entry = struct.pack(">I4sI", 12 + len(place) + 1, b"url ", 0) + place + b"\x00"
        old = struct.pack(">I4sI", 12, b"url ", 1)
        data = beside.replace(old, entry)
        assert data != beside
        (tmp_path / "x").write_bytes(data)
        try:
            found = SandboxedReader(LIMITS).read_or_hear(tmp_path / "x", "a.mp4", "file-1", silent, never)
        except InputError:
            continue
        assert isinstance(found, Recorded) and not found.samples.any()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_film_that_ends_early_is_read_as_far_as_it_goes_or_refused(files: Files, share: float) -> None:
    whole = written_film()
    error = refused(files, "talk.mp4", whole[: int(share * len(whole))])
    assert error.message.startswith("talk.mp4 is damaged")


def test_silence_without_slides_says_what_is_missing(files: Files) -> None:
    error = refused(files, "black.mp4", made.film("mp4", "mpeg4"))
    assert error.message == "black.mp4 is a film of about 1 minute without sound, and shows no slide with words."
    assert ".srt or .vtt" in error.hint


def test_too_long_is_said_with_both_lengths(record: Record, encoder: MiniLM) -> None:
    short = replace(LIMITS, recording_seconds=2 * 3600)
    files = Files(record, Bringer(SandboxedReader(short), encoder), short)
    error = refused(files, "marathon.wav", made.sound(3 * 3600, rate=100))
    assert isinstance(error, LimitExceeded)
    assert error.message == "marathon.wav plays for 3.0 hours; 2.0 hours are read at most."
    assert "Cut it into parts" in error.hint


def test_frames_beyond_any_screen_are_refused_unopened(files: Files) -> None:
    data = huge_frame()
    assert len(data) < 2_000_000
    error = refused(files, "wall.mkv", data)
    assert isinstance(error, LimitExceeded) and "8192" in error.message.replace(",", "")
    (notice,) = [one for one in add(files, "heard.mkv", huge_frame(heard=True)).notices if "8192" in one]
    assert notice.startswith("What it shows could not be read.")


@pytest.mark.parametrize(
    ("captions", "words"),
    [
        (b"Nothing here says when.\n", r"words\.srt holds no captions"),
        (b"\x00\x01\x02" * 90, r"words\.srt"),
        (b"", r"words\.srt"),
        (b'{"captions": []}', r"words\.srt holds no captions"),
    ],
)
def test_captions_that_are_none_are_refused_with_the_recording(files: Files, captions: bytes, words: str) -> None:
    assert re.match(words, refused(files, "talk.wav", made.sound(2), captions).message)


def test_captions_for_a_document_are_refused(files: Files) -> None:
    error = refused(files, "rules.md", b"# Rules\n\nThe weir is mended.\n", SRT.encode())
    assert error.message == "rules.md is no recording, so it can have no captions."


# --- odd, and read -------------------------------------------------------------------------------


def test_captions_out_of_order_and_in_another_encoding_are_mended_and_that_is_said(files: Files) -> None:
    odd = "2\n00:00:04,000 --> 00:00:06,250\nDie Müller zählen.\n\n1\n00:00:01,000 --> 00:00:03,500\nÜber das Wehr.\n"
    card = add(files, "talk.wav", made.sound(8), odd.encode("cp1252"))
    lecture = files.read(ANNA, card.id).lecture
    assert lecture is not None
    assert [(cue.start_seconds, cue.end_seconds, cue.text) for cue in lecture.speech.cues] == [
        (1.0, 3.5, "Über das Wehr."),
        (4.0, 6.25, "Die Müller zählen."),
    ]
    assert len(card.notices) >= 2 and lecture.speech.origin == "captions"


def test_captions_of_another_recording_are_doubted(files: Files) -> None:
    late = "1\n01:00:01,000 --> 01:00:03,500\nWelcome.\n"
    card = add(files, "talk.wav", made.sound(4), late.encode())
    assert any("beyond the recording's end" in notice for notice in card.notices)


def test_film_without_sound_and_sound_without_film_are_both_read(files: Files) -> None:
    sound = add(files, "talk.wav", made.sound(4))
    assert (sound.format, sound.seconds) == ("sound", 4.0)
    reader = SandboxedReader(LIMITS, OCR)
    (files.inbox() / "x").write_bytes(written_film())
    found = reader.read_or_hear(files.inbox() / "x", "talk.mp4", "file-1", silent, never)
    assert isinstance(found, Recorded) and not found.sound and len(found.samples) == 0
    assert [slide.title for slide in found.slides] == list(TITLES)


def test_uneven_pace_and_turned_frames_keep_times_and_words(tmp_path: Path) -> None:
    uneven = [0.0, 0.04, 0.08, 3.0, 7.9, *(8.0 + 0.1 * step for step in range(20)), 14.0, 15.9]
    reader = SandboxedReader(LIMITS, OCR)
    for data, size in ((written_film(times=uneven), (640, 360)), (written_film(turned=1, size=(360, 640)), (360, 640))):
        (tmp_path / "x").write_bytes(data)
        found = reader.read_or_hear(tmp_path / "x", "talk.mp4", "file-1", silent, never)
        assert isinstance(found, Recorded) and (found.width_px, found.height_px) == size
        assert [slide.title for slide in found.slides] == list(TITLES)
        assert found.slides[1].start_seconds == pytest.approx(8.0, abs=0.5)
        drawn = reader.draw(tmp_path / "x", "talk.mp4", found.slides[1].face, 320)
        assert (drawn.width_px > drawn.height_px) == (size[0] > size[1])

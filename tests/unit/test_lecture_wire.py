"""Recordings on their way between two processes: whole there and back, and nothing but recordings."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cml_mm.diagrams.values import Diagram, DiagramNode
from cml_mm.lectures.values import Chapter, Cue, Slide, SlideLine, Speech
from cml_mm.media.lecture_wire import (
    MOST_CUES,
    MOST_LINES,
    MOST_SLIDES,
    decode_recorded,
    encode_recorded,
    fitted_recorded,
)
from cml_mm.types import Box
from cml_mm.visits import DEFAULT_LIMITS, Recorded


def line(text: str, y: float = 20.0) -> SlideLine:
    return SlideLine(text, Box(10.5, y, 300, 24, 640, 360), 0.75)


FILM = Recorded(
    format="film",
    seconds=61.25,
    slides=(
        Slide(1, 0.0, 20.5, 4.125, "Wer pflegt den Zaun?", (line("Wer pflegt den Zaun?"), line("会议", 60))),
        Slide(2, 20.5, 61.25, 44.0, "", (), 3),
    ),
    tracks=(Speech((Cue(0.5, 3.25, "Welcome.", "Anna"), Cue(3.25, 9.0, "To the meadow.")), "track", "en", "Track 1"),),
    marks=(Chapter(1, "Opening", 0.0, 20.0, "file"),),
    diagrams=(
        Diagram("", "picture", (DiagramNode("a", "Rat", "box", Box(1, 2, 3, 4, 640, 360)),), face="frame-44000"),
    ),
    samples=np.array([0, 1, -2, 32_767, -32_768], np.int16),
    width_px=640,
    height_px=360,
    sound=True,
    notices=("It flickers.",),
)
SOUND = FILM.samples.astype("<i2").tobytes()


def test_a_recording_comes_back_whole() -> None:
    back = decode_recorded(encode_recorded(FILM), SOUND, DEFAULT_LIMITS)
    assert back.samples.dtype == np.int16 and np.array_equal(back.samples, FILM.samples)
    assert replace(back, samples=FILM.samples) == FILM
    captions = Recorded("captions", 9.0, tracks=(replace(FILM.tracks[0], origin="captions"),))
    assert decode_recorded(encode_recorded(captions), b"", DEFAULT_LIMITS).tracks == captions.tracks


def test_halves_of_pairs_are_replaced() -> None:
    odd = replace(FILM, tracks=(replace(FILM.tracks[0], cues=(Cue(0.0, 1.0, "a\ud800b"),)),))
    assert decode_recorded(encode_recorded(odd), SOUND, DEFAULT_LIMITS).tracks[0].cues[0].text == "a?b"


def at(*path: Any, value: Any) -> bytes:
    """The film's rows with one of them replaced."""
    rows: Any = json.loads(encode_recorded(FILM))
    place = rows
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(rows).encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "pdf"),
        (("seconds",), -1),
        (("seconds",), 1e9),
        (("seconds",), None),
        (("seconds",), float("nan")),
        (("seconds",), float("inf")),
        (("width_px",), 0),
        (("width_px",), -640),
        (("height_px",), 10**6),
        (("width_px",), 641),  # not the frame that the boxes are of
        (("sound",), 7),
        (("slides", 0, "number"), 2),
        (("slides", 1, "number"), -1),
        (("slides", 0, "start_seconds"), 30.0),
        (("slides", 0, "shown_seconds"), 21.0),
        (("slides", 0, "end_seconds"), 1e7),
        (("slides", 1, "start_seconds"), -0.5),
        (("slides", 1, "page"), 10**6),
        (("slides", 1, "page"), -1),
        (("slides", 0, "lines", 0, "confidence"), 1.5),
        (("slides", 0, "lines", 0, "confidence"), float("nan")),
        (("slides", 0, "lines", 0, "box", "w"), -3),
        (("slides", 0, "lines", 0, "box", "x"), 1e6),
        (("slides", 0, "lines", 0, "box", "of_w"), 0),
        (("slides", 0, "lines", 0, "box"), None),
        (("slides", 0, "lines", 0, "text"), "x" * 30_000),
        (("slides", 0, "lines"), [3]),
        (("slides", 0, "title"), 4),
        (("slides",), {}),
        (("tracks", 0, "origin"), "recogniser"),  # nobody has listened in there
        (("tracks", 0, "origin"), "none"),
        (("tracks", 0, "confidence"), 2),
        (("tracks", 0, "language"), "<b>"),
        (("tracks", 0, "cues", 0, "start_seconds"), 5.0),
        (("tracks", 0, "cues", 1, "end_seconds"), 1e7),
        (("tracks", 0, "cues", 1, "start_seconds"), 0.25),  # before the cue before it
        (("tracks", 0, "cues", 0, "confidence"), -0.5),
        (("tracks", 0, "cues", 0, "text"), ["x"]),
        (("marks", 0, "start_seconds"), 21.0),
        (("marks", 0, "titled_by"), "nobody"),
        (("diagrams", 0, "face"), "frame-1"),
        (("diagrams", 0, "nodes", 0, "confidence"), 7),
        (("diagrams",), None),
        (("notices",), [3]),
        (("more",), 1),
    ],
)
def test_whatever_does_not_fit_is_refused(path: tuple[Any, ...], value: Any) -> None:
    decode_recorded(at("seconds", value=61.5), SOUND, DEFAULT_LIMITS)
    with pytest.raises(ValueError):
        decode_recorded(at(*path, value=value), SOUND, DEFAULT_LIMITS)


def test_heaps_are_refused_before_they_are_looked_at_and_fitted_by_whoever_sends_them() -> None:
    cue, slide = FILM.tracks[0].cues[0], FILM.slides[1]
    many = tuple(
        replace(slide, number=number, start_seconds=number / 1_000, shown_seconds=number / 1_000 + 10)
        for number in range(1, MOST_SLIDES + 9)
    )
    lines = replace(FILM.slides[0], lines=(FILM.slides[0].lines[0],) * (MOST_LINES + 1))
    heaps = (
        replace(FILM, slides=many, diagrams=()),
        replace(FILM, slides=(lines, FILM.slides[1])),
        replace(FILM, tracks=(replace(FILM.tracks[0], cues=(cue,) * (MOST_CUES + 1)),)),
        replace(FILM, tracks=FILM.tracks * 60),
        replace(FILM, marks=FILM.marks * 3_000),
    )
    for heap in heaps:
        with pytest.raises(ValueError):
            decode_recorded(encode_recorded(heap), SOUND, DEFAULT_LIMITS)
        fitted = decode_recorded(encode_recorded(fitted_recorded(heap)), SOUND, DEFAULT_LIMITS)
        assert len(fitted.notices) > 1 or heap.slides[0] is lines
    with pytest.raises(ValueError):
        decode_recorded(encode_recorded(replace(FILM, notices=("n",) * 300)), SOUND, DEFAULT_LIMITS)


def test_samples_are_whole_numbers_and_no_longer_than_a_recording_may_be() -> None:
    with pytest.raises(ValueError):
        decode_recorded(encode_recorded(FILM), b"\x00" * 3, DEFAULT_LIMITS)
    short = replace(DEFAULT_LIMITS, recording_seconds=70.0)
    decode_recorded(encode_recorded(FILM), bytes(2 * 16_000 * 100), short)
    with pytest.raises(ValueError):
        decode_recorded(encode_recorded(FILM), bytes(2 * 16_000 * 131), short)


def test_spoiled_bytes_are_a_recording_or_refused() -> None:
    good, chance, refused = encode_recorded(FILM), random.Random(1), 0
    for _ in range(600):
        spoiled = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            spoiled[chance.randrange(len(good))] = chance.randrange(256)
        try:
            decode_recorded(
                bytes(spoiled[: chance.choice((len(good), chance.randrange(len(good))))]), b"", DEFAULT_LIMITS
            )
        except ValueError:
            refused += 1
    assert refused > 300
    for data in (b"", b"[]", b"null", b"{}", b"[" * 200_000, b"\xff\xff"):
        with pytest.raises(ValueError):
            decode_recorded(data, b"", DEFAULT_LIMITS)

"""Readings on their way between two processes: whole there and back, and nothing but readings."""

from __future__ import annotations

import random
import struct
from dataclasses import replace

import numpy as np
import pytest

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.file_wire import (
    WireFault,
    decode_drawn,
    decode_error,
    decode_read,
    decode_sound,
    encode_drawn,
    encode_error,
    encode_heard,
    encode_read,
)
from cml_mm.types import Box, Document, Section, Source
from cml_mm.visits import DEFAULT_LIMITS, DrawnFace, Face, PictureFeatures, Placing, ReadFile, Run, TimedRun

BOX = Box(1, 2.5, 3, 4, 90, 60)
READ = ReadFile(
    Document(
        "file-1",
        "Regeln für alle",
        Source("a" * 64, "Regeln", "document", "file-1", "regeln.pdf", "", "", owner="visitor"),
        "Kurz.",
        (Section("other", "Kosten", "Wasser: 3 €", 1), Section("other", "Zeit", "会议", 2)),
        "pdf",
    ),
    (
        Placing("page-1", (Run(0, 6, BOX), Run(6, 11, BOX)), "ocr", 0.75),
        Placing("", (), "speech", 0.5, (TimedRun(0, 1, 2.5, 3.75), TimedRun(1, 2, 3.75, 4.0))),
    ),
    (Face("page-1", "Page 1", 1, 90, 60.5, True, (BOX,)),),
    ("One page was blank.",),
    (PictureFeatures("page-1", np.array([[0.25, 0.5]], np.float32), np.arange(32, dtype=np.uint8).reshape(1, 32)),),
)


def test_a_reading_comes_back_whole() -> None:
    back = decode_read(encode_read(READ), "file-1", DEFAULT_LIMITS)
    assert (back.document, back.placings, back.faces, back.notices) == (
        READ.document, READ.placings, READ.faces, READ.notices,
    )  # fmt: skip
    assert back.features[0].face == "page-1"
    assert np.array_equal(back.features[0].points, READ.features[0].points)
    assert np.array_equal(back.features[0].descriptors, READ.features[0].descriptors)


def test_halves_of_pairs_are_replaced_and_places_hold() -> None:
    section = Section("other", "Text", "a\ud800b")
    document = Document("file-1", "T", READ.document.source, "", (section,), "txt")
    back = decode_read(encode_read(ReadFile(document, (Placing(),))), "file-1", DEFAULT_LIMITS)
    assert back.document.sections[0].text == "a?b"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1" * 400, '"3"', "true", "null", "-1"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    good = encode_read(READ)
    (length,) = struct.unpack_from(">I", good)
    head = good[4 : 4 + length].replace(b"60.5", number.encode())
    with pytest.raises(WireFault):
        decode_read(struct.pack(">I", len(head)) + head + good[4 + length :], "file-1", DEFAULT_LIMITS)


def test_spoiled_bytes_are_a_reading_or_a_fault_of_the_wire() -> None:
    good, chance, faults = encode_read(READ), random.Random(1), 0
    for _ in range(2_000):
        spoiled = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            spoiled[chance.randrange(len(good))] = chance.randrange(256)
        try:
            decode_read(
                bytes(spoiled[: chance.choice((len(good), chance.randrange(len(good))))]), "file-1", DEFAULT_LIMITS
            )
        except WireFault:
            faults += 1
    assert faults > 1_000
    for data in (b"", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x04null", b"\xff\xff\xff\xff{}", b"\x00\x00\x00\x02{}"):
        with pytest.raises(WireFault):
            decode_read(data, "file-1", DEFAULT_LIMITS)
    with pytest.raises(WireFault):
        decode_read(struct.pack(">I", 200_000) + b"[" * 200_000, "file-1", DEFAULT_LIMITS)


def test_a_drawing_comes_back_and_nothing_else_does() -> None:
    drawn = DrawnFace(b"\x89PNG\r\n\x1a\n...", "image/png", 3, 4)
    assert decode_drawn(encode_drawn(drawn)) == drawn
    for other in (
        DrawnFace(b"<svg/>", "image/svg+xml", 3, 4),
        DrawnFace(b"<html>", "image/png", 3, 4),
        DrawnFace(b"RIFF", "text/html", 3, 4),
        DrawnFace(drawn.data, "image/png", -3, 4),
    ):
        with pytest.raises(WireFault):
            decode_drawn(encode_drawn(other))


def test_errors_come_back_as_what_they_were() -> None:
    back = decode_error(encode_error(LimitExceeded("Too long.", "Split it.")))
    assert type(back) is LimitExceeded and (back.message, back.hint) == ("Too long.", "Split it.")
    assert type(decode_error(b'["SystemExit","a","b"]')) is MediaUnreadable
    for data in (b"", b"[]", b'["a","b"]', b"{}", b'["a",1,"b"]'):
        with pytest.raises(WireFault):
            decode_error(data)


def test_sound_comes_back_whole_and_nothing_else_is_sound() -> None:
    samples = np.array([0, 1, -2, 32_767, -32_768], "<i2")
    back = decode_sound(samples.tobytes(), encode_heard("film", ["It hums."]))
    assert back.samples.dtype == np.int16 and np.array_equal(back.samples, samples)
    assert (back.format, back.notices) == ("film", ("It hums.",))
    good = encode_heard("sound", [])
    for data, said in (
        (b"", good), (b"\x00", good), (b"\x00" * 3, good), (b"\x00" * 2, encode_heard("pdf", [])), (b"\x00" * 2, b"[]"),
        (b"\x00" * 2, b'["sound", [3]]'), (b"\x00" * 2, b'["sound", "x"]'), (b"\x00" * 2, b"\xff"),
        (b"\x00" * 2, b"[[], []]"),
    ):  # fmt: skip
        with pytest.raises(WireFault):
            decode_sound(data, said)


@pytest.mark.parametrize("times", [(0, 99, 0.0, 1.0), (2, 1, 0.0, 1.0), (0, 1, 2.0, 1.0), (0, 1, -1.0, 1.0)])
def test_times_that_are_none_are_refused(times: tuple[int, int, float, float]) -> None:
    placings = (READ.placings[0], replace(READ.placings[1], times=(TimedRun(*times),)))
    with pytest.raises(WireFault):
        decode_read(encode_read(replace(READ, placings=placings)), "file-1", DEFAULT_LIMITS)

"""Readings on their way between two processes: whole there and back, and nothing but readings."""

from __future__ import annotations

import random
import struct
from dataclasses import replace

import numpy as np
import pytest

from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode, FreeText, LegendEntry
from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.diagram_wire import diagram_rows, is_passable, read_rows
from cml_mm.media.file_wire import (
    WireFault,
    decode_drawn,
    decode_error,
    decode_read,
    encode_drawn,
    encode_error,
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


@pytest.mark.parametrize("times", [(0, 99, 0.0, 1.0), (2, 1, 0.0, 1.0), (0, 1, 2.0, 1.0), (0, 1, -1.0, 1.0)])
def test_times_that_are_none_are_refused(times: tuple[int, int, float, float]) -> None:
    placings = (READ.placings[0], replace(READ.placings[1], times=(TimedRun(*times),)))
    with pytest.raises(WireFault):
        decode_read(encode_read(replace(READ, placings=placings)), "file-1", DEFAULT_LIMITS)


def box(x: float = 1.0) -> Box:
    return Box(x, 2, 30, 20, 90, 60)


DIAGRAM = Diagram(
    "Wer entscheidet?",
    "picture",
    (DiagramNode("a", "Rat", "diamond", box(), 0.75, "l", "#10aa44"), DiagramNode("b", "会议", "text", None, 1.0)),
    (DiagramEdge("e", "a", "l", "ja", "both", ((1.5, 2.0), (3.0, 4.25)), 0.5, "dashed", box(5)),),
    (DiagramContainer("l", "Mitglieder", box(0), "k"), DiagramContainer("k", "Alle", None)),
    (LegendEntry("#10aa44", "offen"),),
    (FreeText("Stand 2024", box(), 0.25),),
    90,
    60,
    "page-1",
    ("One arrow is faint.",),
    2,
)
DRAWN = replace(READ, diagrams=(DIAGRAM, Diagram("", "mermaid")))


def test_a_diagram_comes_back_whole() -> None:
    assert decode_read(encode_read(DRAWN), "file-1", DEFAULT_LIMITS).diagrams == DRAWN.diagrams


def _with(**changed: object) -> Diagram:
    return replace(DIAGRAM, **changed)  # type: ignore[arg-type]


NODE, EDGE, LANE = DIAGRAM.nodes[1], DIAGRAM.edges[0], DIAGRAM.containers[1]
HOSTILE = {
    "two nodes of one id": _with(nodes=(*DIAGRAM.nodes, NODE)),
    "a node and a lane of one id": _with(nodes=(*DIAGRAM.nodes, replace(NODE, id="l"))),
    "an arrow and a node of one id": _with(edges=(replace(EDGE, id="a"),)),
    "an arrow from nowhere": _with(edges=(replace(EDGE, source="nobody"),)),
    "an arrow to an arrow": _with(edges=(EDGE, replace(EDGE, id="f", target="e"))),
    "an unknown lane": _with(nodes=(*DIAGRAM.nodes, replace(NODE, id="c", container="a"))),
    "an unknown outer lane": _with(containers=(*DIAGRAM.containers, replace(LANE, id="m", parent="gone"))),
    "an unknown face": _with(face="page-9"),
    "a point too far away": _with(edges=(replace(EDGE, polyline=((0.0, 1e10),)),)),
    "a box on no sheet": _with(nodes=(*DIAGRAM.nodes, replace(NODE, id="c", box=Box(0, 0, 1, 1, 0, 5)))),
    "a box too far away": _with(unplaced=(FreeText("x", Box(-1e12, 0, 1, 1, 9, 9)),)),
    "more than sure": _with(nodes=(*DIAGRAM.nodes, replace(NODE, id="c", confidence=1.5))),
    "a label like a book": _with(nodes=(*DIAGRAM.nodes, replace(NODE, id="c", label="x" * 2_001))),
    "a heap of words": _with(unplaced=(FreeText("x"),) * 5_001),
    "a colour like a book": _with(nodes=(*DIAGRAM.nodes, replace(NODE, id="c", colour="#10aa44" * 999))),
    "a colour of two lines": _with(legend=(LegendEntry("#10aa44\n", "open"),)),
    "lanes inside each other": _with(containers=(DIAGRAM.containers[0], replace(LANE, parent="l"))),
    "a line like wool": _with(edges=(replace(EDGE, polyline=((0.0, 1.0),) * 100_001),)),
}


@pytest.mark.parametrize("diagram", HOSTILE.values(), ids=HOSTILE)
def test_diagrams_that_are_none_are_refused(diagram: Diagram) -> None:
    with pytest.raises(WireFault):
        decode_read(encode_read(replace(READ, diagrams=(diagram,))), "file-1", DEFAULT_LIMITS)


def test_a_million_parts_and_a_heap_of_diagrams_are_refused() -> None:
    row = diagram_rows((_with(nodes=(NODE,), edges=(), containers=()),))[0]
    with pytest.raises(ValueError, match="no diagrams"):
        read_rows([{**row, "nodes": row["nodes"] * 1_000_000}])
    assert is_passable(DIAGRAM)
    assert not is_passable(_with(unplaced=(FreeText("x"),) * 5_001))
    with pytest.raises(WireFault):
        decode_read(encode_read(replace(READ, diagrams=(Diagram("", "dot"),) * 201)), "file-1", DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"0.75,\"container\"", b"NaN,\"container\""), (b'"diamond"', b'"dragon"'), (b'"both"', b'"tail"'),
        (b'"heads":"both"', b'"heads":["both"]'), (b'"corrections":2', b'"corrections":"two"'),
        (b'"polyline":[[1.5,2.0]', b'"polyline":[[1.5,2.0,3.0]'), (b'"title":"Wer entscheidet?"', b'"title":7'),
        (b'"origin":"picture"', b'"origin":"hearsay"'), (b'"legend":[{', b'"legend":[3,{'),
        (b'"style":"dashed"', b'"style":null'), (b'"of_w":90', b'"of_w":Infinity'),
        (b'"edges":[{', b'"edges":[[],{'),
    ],
)  # fmt: skip
def test_rows_of_other_kinds_are_refused(right: bytes, wrong: bytes) -> None:
    good = encode_read(DRAWN)
    (length,) = struct.unpack_from(">I", good)
    assert right in good[4 : 4 + length]
    head = good[4 : 4 + length].replace(right, wrong, 1)
    with pytest.raises(WireFault):
        decode_read(struct.pack(">I", len(head)) + head + good[4 + length :], "file-1", DEFAULT_LIMITS)

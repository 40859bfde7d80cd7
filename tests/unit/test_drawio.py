"""draw.io drawings are read to the letter, plain, packed and inside pictures."""

from __future__ import annotations

import base64
import urllib.parse
import zlib
from dataclasses import replace
from html import escape

import pytest

from cml_mm.diagrams.values import UNCLEAR
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable
from cml_mm.media.drawio import embedded_drawio, fitted, read_drawio
from cml_mm.visits import DEFAULT_LIMITS
from tests.support.diagram_samples import (
    GARDEN,
    GARDEN_ARROWS,
    arrow,
    arrows,
    drawing,
    labels,
    lanes,
    page,
    png_with,
    vertex,
)


@pytest.mark.parametrize("pack", [False, True])
def test_boxes_arrows_lanes_and_words(pack: bool) -> None:
    (found,) = read_drawio(drawing(GARDEN, pack=pack), "garden.drawio")
    assert arrows(found) == GARDEN_ARROWS
    assert lanes(found) == {"Gardeners": ["All agree?", "Plan the beds"]}
    assert [(node.shape, node.colour) for node in found.nodes] == [
        ("cylinder", ""), ("rounded", "#ffe6cc"), ("diamond", ""),
    ]  # fmt: skip
    assert [text.text for text in found.unplaced] == ["Drawn in spring"]
    assert [edge.style for edge in found.edges] == ["solid", "dashed", "solid"]
    assert all(part.confidence == 1 for part in found.parts) and found.face == "drawing-1"


def test_boxes_stand_where_they_are_drawn() -> None:
    (found,) = read_drawio(drawing(GARDEN), "garden.drawio")
    at = {part.label: part.box for part in (*found.nodes, *found.containers)}
    lane, plan, shed = at["Gardeners"], at["Plan the beds"], at["Tool shed"]
    assert lane is not None and plan is not None and shed is not None
    assert (plan.x - lane.x, plan.y - lane.y, plan.w, plan.h) == (20, 60, 120, 50)
    assert (shed.x - lane.x, shed.y - lane.y) == (500, 40)
    assert all(box.x >= 0 and box.x + box.w <= found.width for box in at.values() if box is not None)


def test_a_page_each() -> None:
    found = read_drawio(drawing(GARDEN, page(vertex("a", "A", "", (0, 0, 9, 9))), pack=True), "two.drawio")
    assert [(one.title, one.face) for one in found] == [("Sheet 1", "drawing-1"), ("Sheet 2", "drawing-2")]


@pytest.mark.parametrize(
    ("style", "heads", "turned"),
    [
        ("", "target", False), ("endArrow=none", "none", False), ("startArrow=classic;endArrow=none", "target", True),
        ("startArrow=open;endArrow=open", "both", False), ("startArrow=oval;endArrow=classic", "target", False),
        ("startArrow=diamond;endArrow=none", "target", True), ("endArrow=ERmany;startArrow=ERone", "none", False),
    ],
)  # fmt: skip
def test_heads(style: str, heads: str, turned: bool) -> None:
    held = page(
        vertex("a", "A", "", (0, 0, 60, 30)), vertex("b", "B", "", (200, 0, 60, 30)), arrow("e", "a", "b", "", style)
    )
    (edge,) = read_drawio(drawing(held), "x")[0].edges
    assert (edge.source, edge.heads) == ("b" if turned else "a", heads)
    assert (edge.polyline[0][0] > edge.polyline[-1][0]) == turned


def test_loose_ends_belong_to_what_they_touch_less_surely() -> None:
    near = '<mxPoint x="66" y="15" as="sourcePoint"/><mxPoint x="199" y="15" as="targetPoint"/>'
    far = '<mxPoint x="66" y="15" as="sourcePoint"/><mxPoint x="900" y="700" as="targetPoint"/>'
    held = page(
        vertex("a", "A", "", (0, 0, 60, 30)), vertex("b", "B", "", (200, 0, 60, 30)),
        arrow("e", "", "", "rent", inside=near), arrow("f", "", "", "lost", inside=far),
    )  # fmt: skip
    (found,) = read_drawio(drawing(held), "x")
    assert arrows(found) == [("A", "B", "rent", "target")]
    assert UNCLEAR < found.edges[0].confidence < 1
    assert "1 arrow" in found.notices[0] or found.notices[0].startswith("An arrow ends")
    assert [text.text for text in found.unplaced] == ["lost"]


def test_wrapped_cells_groups_rows_and_layers() -> None:
    wrapped = (
        '<UserObject label="Owner: %who%" placeholders="1" who="Ada &amp; co" id="u">'
        '<mxCell style="ellipse" vertex="1" '
        'parent="g"><mxGeometry x="10" y="10" width="80" height="40" as="geometry"/></mxCell></UserObject>'
    )
    held = page(
        '<mxCell id="layer" value="Notes" parent="0" visible="0"/>',
        vertex("hidden", "Hidden", "", (0, 0, 9, 9), "layer"),
        vertex("g", "", "group", (100, 100, 300, 200)), wrapped,
        vertex("t", "Member", "swimlane;childLayout=stackLayout", (500, 0, 120, 90)),
        vertex("r1", "name", "text;html=1", (0, 26, 120, 26), "t"),
        vertex("r2", "share", "text", (0, 52, 120, 26), "t"),
        arrow("e", "u", "r2"), arrow("e2", "t", "g", "joins"),
    )  # fmt: skip
    (found,) = read_drawio(drawing(held), "x")
    assert labels(found) == ["Member; name; share", "Owner: Ada & co"]
    assert arrows(found) == [
        ("Member; name; share", "", "joins", "target"), ("Owner: Ada & co", "Member; name; share", "", "target"),
    ]  # fmt: skip
    assert [node.container for node in found.nodes if node.shape == "ellipse"] == ["g"]


def test_pictures_carry_their_source() -> None:
    data = drawing(GARDEN, pack=True)
    quoted = urllib.parse.quote(data.decode(), safe="").encode()
    for keyword in (b"mxfile", b"mxGraphModel"):
        for squeeze in (False, True):
            held = embedded_drawio(png_with(keyword, quoted, squeeze))
            assert held is not None and arrows(read_drawio(held, "x")[0]) == GARDEN_ARROWS
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" content="{escape(data.decode())}"><g/></svg>'.encode()
    assert embedded_drawio(svg) == data
    for other in (
        b"",
        b"\x89PNG\r\n\x1a\n",
        png_with(b"Comment", b"hello", False),
        b"<svg/>",
        b"<svg content='words'/>",
    ):
        assert embedded_drawio(other) is None


def test_a_picture_of_the_drawing_gets_the_same_boxes() -> None:
    (found,) = read_drawio(drawing(GARDEN), "x")
    inner = found.width - 40, found.height - 40
    doubled = fitted(found, 2 * inner[0], 2 * inner[1], "picture-1")
    first, again = found.nodes[0].box, doubled.nodes[0].box
    assert first is not None and again is not None
    assert (again.x, again.w) == (2 * (first.x - 20), 2 * first.w) and doubled.face == "picture-1"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"not xml", b"<mxfile/>", b"<mxfile><diagram>!!!</diagram></mxfile>", b"<svg/>",
        b"<mxfile><diagram>" + base64.b64encode(b"not deflated at all") + b"</diagram></mxfile>",
        b'<!DOCTYPE mxfile [<!ENTITY a "aaaa">]><mxfile><diagram>&a;</diagram></mxfile>',
        b'<!DOCTYPE mxfile SYSTEM "https://example.org/x.dtd"><mxfile/>', drawing(GARDEN)[:-40],
    ],
)  # fmt: skip
def test_damaged_and_hostile_files(data: bytes) -> None:
    with pytest.raises(MediaUnreadable) as refused:
        read_drawio(data, "bad.drawio")
    assert "bad.drawio" in refused.value.message


def test_bombs_and_floods() -> None:
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = base64.b64encode(press.compress(b"a" * 40_000_000) + press.flush()).decode()
    with pytest.raises(LimitExceeded, match="MiB"):
        read_drawio(f"<mxfile><diagram>{bomb}</diagram></mxfile>".encode(), "bomb", DEFAULT_LIMITS)
    with pytest.raises(LimitExceeded, match="deep"):
        read_drawio(b"<a>" * 500, "deep", DEFAULT_LIMITS)
    chain = "".join(vertex(f"c{at}", "x", "", (0, 0, 9, 9), f"c{at - 1}" if at else "1") for at in range(200))
    with pytest.raises(LimitExceeded, match="deep"):
        read_drawio(drawing(page(chain)), "nested")
    many = "".join(vertex(f"c{at}", f"x{at}", "", (at, 0, 9, 9)) for at in range(2_001))
    with pytest.raises(LimitExceeded, match="2,000"):
        read_drawio(drawing(page(many)), "many", replace(DEFAULT_LIMITS))
    ring = vertex("a", "A", "", (0, 0, 9, 9), "b") + vertex("b", "B", "", (0, 0, 9, 9), "a")
    try:
        read_drawio(drawing(page(ring, arrow("e", "a", "b"), arrow("e", "nowhere", "a"))), "ring")
    except InputError as refused:
        raise AssertionError("cells that hold each other must not stop the reading") from refused

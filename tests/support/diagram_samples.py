"""Drawings of our own with known graphs, as programs would have written them."""

from __future__ import annotations

import base64
import struct
import urllib.parse
import zlib
from html import escape
from io import BytesIO
from typing import Any

from cml_mm.diagrams.values import Diagram

Arrow = tuple[str, str, str, str]  # source's words, target's words, words on it, heads


def arrows(diagram: Diagram) -> list[Arrow]:
    """The arrows of a diagram by the words of their ends, in order."""
    names = {part.id: part.label for part in (*diagram.nodes, *diagram.containers)}
    return sorted((names[edge.source], names[edge.target], edge.label, edge.heads) for edge in diagram.edges)


def labels(diagram: Diagram) -> list[str]:
    """The words of its boxes, in order."""
    return sorted(node.label for node in diagram.nodes)


def lanes(diagram: Diagram) -> dict[str, list[str]]:
    """What stands in each container, by words."""
    names = {group.id: group.label for group in diagram.containers}
    found: dict[str, list[str]] = {group.label: [] for group in diagram.containers}
    for node in diagram.nodes:
        if node.container:
            found[names[node.container]].append(node.label)
    return {name: sorted(held) for name, held in found.items()}


def vertex(own: str, words: str, style: str, place: tuple[float, float, float, float], parent: str = "1") -> str:
    """A box of a draw.io page."""
    x, y, w, h = place
    return (
        f'<mxCell id="{own}" value="{escape(words)}" style="{style}" vertex="1" parent="{parent}">'
        f'<mxGeometry x="{x}" y="{y}" width="{w}" height="{h}" as="geometry"/></mxCell>'
    )


def arrow(
    own: str, source: str, target: str, words: str = "", style: str = "", inside: str = "", parent: str = "1"
) -> str:
    """An arrow of a draw.io page; `inside` is what its geometry holds."""
    ends = (f' source="{source}"' if source else "") + (f' target="{target}"' if target else "")
    return (
        f'<mxCell id="{own}" value="{escape(words)}" style="{style}" edge="1" parent="{parent}"{ends}>'
        f'<mxGeometry relative="1" as="geometry">{inside}</mxGeometry></mxCell>'
    )


def page(*cells: str) -> str:
    """The model of a draw.io page."""
    return f'<mxGraphModel><root><mxCell id="0"/><mxCell id="1" parent="0"/>{"".join(cells)}</root></mxGraphModel>'


def packed(model: str) -> str:
    """A model as draw.io packs it."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(press.compress(urllib.parse.quote(model, safe="").encode()) + press.flush()).decode()


def drawing(*pages: str, pack: bool = False) -> bytes:
    """A draw.io file."""
    inner = "".join(
        f'<diagram id="p{number}" name="Sheet {number}">{packed(one) if pack else one}</diagram>'
        for number, one in enumerate(pages, 1)
    )
    return f'<mxfile host="test">{inner}</mxfile>'.encode()


GARDEN = page(
    vertex("lane", "Gardeners", "swimlane;startSize=24;html=1", (40, 40, 420, 200)),
    vertex("plan", "Plan the <b>beds</b>", "rounded=1;html=1;fillColor=#FFE6CC", (20, 60, 120, 50), "lane"),
    vertex("vote", "All agree?", "rhombus;html=1", (220, 50, 120, 80), "lane"),
    vertex("shed", "Tool shed", "shape=cylinder3", (540, 80, 90, 80)),
    vertex("note", "Drawn in spring", "text;html=1", (40, 300, 160, 24)),
    arrow("e1", "plan", "vote", "is put to", "endArrow=block;html=1"),
    arrow("e2", "vote", "shed", "", "startArrow=classic;endArrow=classic;dashed=1"),
    '<mxCell id="e2words" value="fetch &amp;amp; return" style="edgeLabel;html=1" vertex="1" parent="e2">'
    '<mxGeometry relative="1" as="geometry"/></mxCell>',
    arrow("e3", "shed", "plan", "", "endArrow=none"),
)
GARDEN_ARROWS: list[Arrow] = [
    ("All agree?", "Tool shed", "fetch & return", "both"),
    ("Plan the beds", "All agree?", "is put to", "target"),
    ("Tool shed", "Plan the beds", "", "none"),
]


def png_with(keyword: bytes, text: bytes, squeeze: bool) -> bytes:
    """A PNG of one pixel that carries a text."""

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    said = keyword + b"\0" + (b"\0" + zlib.compress(text) if squeeze else text)
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"zTXt" if squeeze else b"tEXt", said)
        + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )  # fmt: skip


class Slide:
    """A deck of one slide that is drawn step by step."""

    def __init__(self) -> None:
        import pptx

        self.deck = pptx.Presentation()
        self.slide = self.deck.slides.add_slide(self.deck.slide_layouts[6])
        self.shapes = self.slide.shapes

    def box(
        self, words: str, x: float, y: float, w: float = 1.6, h: float = 0.8, kind: str = "RECTANGLE", on: Any = None
    ) -> Any:
        """A shape with words, in inches."""
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Inches

        shapes = on.shapes if on is not None else self.shapes
        shape = shapes.add_shape(getattr(MSO_SHAPE, kind), Inches(x), Inches(y), Inches(w), Inches(h))
        shape.text_frame.text = words
        return shape

    def line(
        self, source: Any, target: Any, ends: str = "tail", sites: tuple[int, int] = (3, 1), kind: str = "STRAIGHT"
    ) -> Any:
        """A connector that knows its shapes; `ends`: tail, head, both or none."""
        from pptx.enum.shapes import MSO_CONNECTOR

        line = self.shapes.add_connector(getattr(MSO_CONNECTOR, kind), 0, 0, 0, 0)
        line.begin_connect(source, sites[0])
        line.end_connect(target, sites[1])
        self.heads(line, ends)
        return line

    def loose(self, x: float, y: float, to_x: float, to_y: float, ends: str = "tail") -> Any:
        """A line that knows nothing, in inches."""
        from pptx.enum.shapes import MSO_CONNECTOR
        from pptx.util import Inches

        line = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *(Inches(side) for side in (x, y, to_x, to_y)))
        self.heads(line, ends)
        return line

    def heads(self, line: Any, ends: str) -> None:
        from pptx.oxml.ns import qn

        drawn = line.line._get_or_add_ln()
        for name in {"tail": ("tailEnd",), "head": ("headEnd",), "both": ("headEnd", "tailEnd")}.get(ends, ()):
            drawn.append(drawn.makeelement(qn(f"a:{name}"), {"type": "triangle"}))

    def words(self, text: str, x: float, y: float, w: float = 1.2, h: float = 0.35) -> Any:
        """A text box, in inches."""
        from pptx.util import Inches

        box = self.shapes.add_textbox(Inches(x), Inches(y), Inches(w), Inches(h))
        box.text_frame.text = text
        return box

    def saved(self) -> Any:
        """The deck, written and opened anew."""
        import pptx

        held = BytesIO()
        self.deck.save(held)
        return pptx.Presentation(BytesIO(held.getvalue()))

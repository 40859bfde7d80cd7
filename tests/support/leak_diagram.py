"""A diagram of our own and its picture: seven boxes, one arrow unclear, one lane, a note beside it all."""

from __future__ import annotations

import io

from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode, FreeText
from cml_mm.types import Box, PictureArea

WIDTH, HEIGHT = 1520, 920
UNCLEAR_ARROW = "e7"
_BOXES = (
    ("n1", "Leak reported", 80, 120),
    ("n2", "Caretaker looks", 540, 120),
    ("n3", "House meeting decides", 1000, 120),
    ("n4", "Plumber is called", 1000, 420),
    ("n5", "Neighbours complain", 540, 420),
    ("n6", "Repair is paid", 1000, 720),
    ("n7", "Walls dry", 540, 720),
)
_ARROWS = (
    ("e1", "n1", "n2", "", ((440, 176), (540, 176))),
    ("e2", "n2", "n3", "", ((900, 176), (1000, 176))),
    ("e3", "n3", "n4", "agreed", ((1180, 232), (1180, 420))),
    ("e4", "n4", "n5", "", ((1000, 476), (900, 476))),
    ("e5", "n4", "n6", "", ((1180, 532), (1180, 720))),
    ("e6", "n6", "n7", "", ((1000, 776), (900, 776))),
    (UNCLEAR_ARROW, "n5", "n2", "", ((720, 420), (720, 232))),
)


def leak_diagram(face: str = "", lane: bool = True) -> Diagram:
    """Args: face: the picture that it stands on, "" where it is known from a text."""
    nodes = tuple(
        DiagramNode(part, label, "box", _box(x, y, 360, 112), 0.97, "l1" if lane and part in ("n6", "n7") else "")
        for part, label, x, y in _BOXES
    )
    edges = tuple(
        DiagramEdge(part, source, target, label, "target", points, 0.4 if part == UNCLEAR_ARROW else 0.95)
        for part, source, target, label, points in _ARROWS
    )
    return Diagram(
        "How a leak is mended",
        "picture" if face else "mermaid",
        nodes,
        edges,
        (DiagramContainer("l1", "Afterwards", _box(500, 680, 920, 200)),) if lane else (),
        unplaced=(FreeText("Since 2021", _box(80, 820, 160, 40)),),
        width=float(WIDTH),
        height=float(HEIGHT),
        face=face,
    )


def leak_arrow(face: str, section: str, characters: int) -> PictureArea:
    """The place of the arrow that is labelled "agreed"."""
    return PictureArea(section, 0, characters, (_box(1190, 300, 100, 40),), face, (_ARROWS[2][4],), ("e3",))


def leak_picture() -> bytes:
    """The same as a PNG."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((500, 680, 1420, 880), 8, outline="#99a", width=2)
    for _, label, x, y in _BOXES:
        pen.rounded_rectangle((x, y, x + 360, y + 112), 10, outline="black", width=3)
        pen.text((x + 180, y + 56), label, fill="black", font_size=30, anchor="mm")
    for _, _, _, label, ((x1, y1), (x2, y2)) in _ARROWS:
        pen.line((x1, y1, x2, y2), fill="black", width=4)
        across, down = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
        back, side = (x2 - 22 * across, y2 - 22 * down), (11 * down, 11 * across)
        wings = ((back[0] - side[0], back[1] - side[1]), (back[0] + side[0], back[1] + side[1]))
        pen.polygon(((x2, y2), *wings), fill="black")
        if label:
            pen.text(((x1 + x2) / 2 + 60, (y1 + y2) / 2), label, fill="black", font_size=26, anchor="mm")
    pen.text((80, 820), "Since 2021", fill="#555", font_size=28)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _box(x: float, y: float, w: float, h: float) -> Box:
    return Box(x, y, w, h, float(WIDTH), float(HEIGHT))

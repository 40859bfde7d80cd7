"""What was read of a diagram, drawn over its picture: boxes with numbers, arrows, and what is unclear."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cml_mm.diagrams.values import UNCLEAR, Diagram, DiagramEdge, Point
from cml_mm.ports import Picture
from cml_mm.types import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_LARGEST_PX = 4_000
_SKETCH_PX = 1_600  # longer side of a drawing that has no picture
_BOX, _ARROW, _LANE, _UNSURE = "#0b6e4f", "#1d4ed8", "#8a8a8a", "#c2410c"
_DIMMED = 0.45  # how much of the picture shows through


def overlaid(diagram: Diagram, picture: Picture | None) -> bytes:
    """A PNG of the picture with everything on it that was read.

    Args:
        diagram: with places.
        picture: what it was read from, of any size; None draws on white.

    Returns: the file's bytes. Boxes are numbered in their order, as the list of `cml diagram` has
        them; what was read with doubt is dashed, orange and marked with "?".
    """
    from PIL import Image, ImageDraw

    canvas = _dimmed(picture) if picture is not None else None
    if canvas is None:
        longest = max(diagram.width, diagram.height, 1.0)
        scale = _SKETCH_PX / longest
        size = (max(1, round(diagram.width * scale)), max(1, round(diagram.height * scale)))
        canvas = Image.new("RGB", size, "white")
    pen = _Pen(ImageDraw.Draw(canvas), diagram, canvas.width, canvas.height)
    pen.draw(with_words=picture is None)
    kept = BytesIO()
    canvas.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _dimmed(picture: Picture) -> Image:
    from PIL import Image

    pale = 255 - _DIMMED * (255.0 - picture.astype(np.float32))
    image = Image.fromarray(np.clip(pale, 0, 255).astype(np.uint8))
    image.thumbnail((_LARGEST_PX, _LARGEST_PX))
    return image


class _Pen:
    """Draws in the picture's pixels what is placed in the diagram's unit."""

    def __init__(self, pen: ImageDraw, diagram: Diagram, width: int, height: int) -> None:
        from PIL import ImageFont

        self._pen = pen
        self._diagram = diagram
        self._across = width / max(diagram.width, 1e-9)
        self._down = height / max(diagram.height, 1e-9)
        self._line = max(2, round(max(width, height) / 600))
        self._letters_px = max(11, round(max(width, height) / 75))
        self._font = ImageFont.load_default(self._letters_px)

    def draw(self, with_words: bool) -> None:
        """Args: with_words: labels too, where no picture shows them."""
        for one in self._diagram.containers:
            if one.box is not None:
                self._rectangle(one.box, _LANE, one.confidence < UNCLEAR)
                self._tag(one.box.x, one.box.y, one.label if with_words else "", _LANE)
        for edge in self._diagram.edges:
            self._arrow(edge)
            if with_words and edge.label and edge.label_box is not None:
                self._tag(edge.label_box.x, edge.label_box.y, edge.label, _ARROW)
        for number, node in enumerate(self._diagram.nodes, 1):
            if node.box is None:
                continue
            unsure = node.confidence < UNCLEAR
            self._rectangle(node.box, _UNSURE if unsure else _BOX, unsure)
            words = f"{number}{'?' if unsure else ''}{f' {node.label}' if with_words else ''}"
            self._tag(node.box.x, node.box.y, words, _UNSURE if unsure else _BOX, above=not with_words)

    def _at(self, x: float, y: float) -> Point:
        return x * self._across, y * self._down

    def _rectangle(self, box: Box, colour: str, dashed: bool) -> None:
        left, top = self._at(box.x, box.y)
        right, foot = self._at(box.x + box.w, box.y + box.h)
        corners = [(left, top), (right, top), (right, foot), (left, foot), (left, top)]
        self._path(corners, colour, dashed)

    def _path(self, points: Sequence[Point], colour: str, dashed: bool) -> None:
        if not dashed:
            self._pen.line(list(points), fill=colour, width=self._line, joint="curve")
            return
        for start, end in _dashes(points, 6.0 * self._line, 4.0 * self._line):
            self._pen.line([start, end], fill=colour, width=self._line)

    def _arrow(self, edge: DiagramEdge) -> None:
        points = [self._at(x, y) for x, y in edge.polyline]
        if len(points) < 2:
            return
        unsure = edge.confidence < UNCLEAR
        colour = _UNSURE if unsure else _ARROW
        self._path(points, colour, unsure)
        if edge.heads != "none":
            self._head(points, colour)
        if edge.heads == "both":
            self._head(points[::-1], colour)
        if unsure:
            x, y = points[len(points) // 2]
            self._tag(x / self._across, y / self._down, "?", colour)

    def _head(self, points: Sequence[Point], colour: str) -> None:
        """At the last point, along the way that leads there: a hook at the very end is no direction."""
        tip, size = points[-1], 6.0 * self._line
        far = (point for point in reversed(points[:-1]) if math.dist(point, tip) >= size)
        tail = next(far, points[0])
        turn = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
        sides = [(tip[0] - size * math.cos(turn + a), tip[1] - size * math.sin(turn + a)) for a in (-0.45, 0.45)]
        self._pen.polygon([tip, *sides], fill=colour)

    def _tag(self, x: float, y: float, words: str, colour: str, above: bool = False) -> None:
        """Words on a patch of colour, their upper left at a place, or their foot where there is room `above` it."""
        if not words.strip():
            return
        left, top = self._at(x, y)
        if above:
            top = max(0.0, top - self._letters_px - 4)
        box = self._pen.textbbox((left + 2, top + 1), words[:80], font=self._font)
        self._pen.rectangle((left, top, box[2] + 2, box[3] + 2), fill=colour)
        self._pen.text((left + 2, top + 1), words[:80], fill="white", font=self._font)


def _dashes(points: Sequence[Point], on: float, off: float) -> list[tuple[Point, Point]]:
    """A line cut into strokes; of a very long one the first thousands."""
    found: list[tuple[Point, Point]] = []
    for (x, y), (u, v) in pairwise(points):
        length = math.hypot(u - x, v - y)
        steps = min(int(length / (on + off)) + 1, 5_000)
        for step in range(steps):
            first, last = step * (on + off), min(step * (on + off) + on, length)
            if length and first < length:
                a, b = first / length, last / length
                found.append(((x + a * (u - x), y + a * (v - y)), (x + b * (u - x), y + b * (v - y))))
    return found

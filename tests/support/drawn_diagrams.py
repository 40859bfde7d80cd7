"""Small diagrams drawn for tests, with the lines of text that a recogniser would find on them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import cv2
import numpy as np

from cml_mm.diagrams.values import Diagram
from cml_mm.media.raster.reader import read_picture_diagram
from cml_mm.ports import OcrLine, Picture
from cml_mm.types import Box

Colour = tuple[int, int, int]
Spot = tuple[int, int]
BLACK: Colour = (0, 0, 0)


@dataclass
class Drawing:
    """A picture to draw on."""

    width: int = 900
    height: int = 500
    paper: Colour = (255, 255, 255)
    ink: Colour = BLACK
    words: list[tuple[str, int, int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pixels = np.full((self.height, self.width, 3), self.paper, dtype=np.uint8)

    def write(self, text: str, x: int, y: int) -> None:
        """Words around a middle."""
        (w, h), low = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.6, 1)
        left, foot = x - w // 2, y + h // 2
        cv2.putText(self.pixels, text, (left, foot), cv2.FONT_HERSHEY_SIMPLEX, 0.6, self.ink, 1, cv2.LINE_AA)
        self.words.append((text, left - 2, foot - h - 3, w + 4, h + low + 3))

    def box(self, text: str, x: int, y: int, fill: Colour | None = None, w: int = 150, h: int = 60) -> None:
        corners = (x - w // 2, y - h // 2), (x + w // 2, y + h // 2)
        if fill:
            cv2.rectangle(self.pixels, *corners, fill, cv2.FILLED)
        cv2.rectangle(self.pixels, *corners, self.ink, 1)
        for number, line in enumerate(text.split("\n")):
            self.write(line, x, y + 22 * number - 11 * text.count("\n"))

    def ellipse(self, text: str, x: int, y: int) -> None:
        cv2.ellipse(self.pixels, (x, y), (85, 35), 0, 0, 360, self.ink, 1, cv2.LINE_AA)
        self.write(text, x, y)

    def diamond(self, text: str, x: int, y: int) -> None:
        around = np.array([[x, y - 60], [x + 100, y], [x, y + 60], [x - 100, y]])
        cv2.polylines(self.pixels, [around], True, self.ink, 1, cv2.LINE_AA)
        self.write(text, x, y)

    def line(self, *spots: Spot, head: bool = True, tail: bool = False, dash: int = 0, thick: int = 1) -> None:
        """A way over some spots, with filled heads."""
        for one, other in itertools.pairwise(spots):
            self._stroke(one, other, dash, thick)
        if head:
            self._head(spots[-2], spots[-1])
        if tail:
            self._head(spots[1], spots[0])

    def curve(self, start: Spot, bend: Spot, stop: Spot) -> None:
        share = np.linspace(0, 1, 40)[:, None]
        ways = (1 - share) ** 2 * np.array(start) + 2 * share * (1 - share) * np.array(bend) + share**2 * np.array(stop)
        self.line(*(tuple(int(v) for v in spot) for spot in np.rint(ways[:-1:4])), stop)  # type: ignore[arg-type]

    def _stroke(self, one: Spot, other: Spot, dash: int, thick: int) -> None:
        if not dash:
            cv2.line(self.pixels, one, other, self.ink, thick, cv2.LINE_AA)
            return
        a, b = np.array(one, float), np.array(other, float)
        long = float(np.linalg.norm(b - a))
        for at in np.arange(0, long, 2 * dash):
            ends = [a + (b - a) * min(place, long) / long for place in (at, at + dash)]
            first, last = (tuple(int(v) for v in np.rint(end)) for end in ends)
            cv2.line(self.pixels, first, last, self.ink, thick, cv2.LINE_AA)

    def _head(self, before: Spot, tip: Spot) -> None:
        way = np.array(tip, float) - np.array(before, float)
        way /= np.linalg.norm(way)
        side = np.array([-way[1], way[0]])
        base = np.array(tip) - 12 * way
        corners = np.rint([tip, base + 5 * side, base - 5 * side]).astype(np.int32)
        cv2.fillPoly(self.pixels, [corners], self.ink, cv2.LINE_AA)

    def lines(self) -> tuple[OcrLine, ...]:
        return tuple(OcrLine(t, Box(x, y, w, h, self.width, self.height), 0.99) for t, x, y, w, h in self.words)

    def read(self) -> Diagram:
        return read_picture_diagram(self.pixels, self.lines(), None, "page-1")

    def moved(self, matrix: np.ndarray, width: int, height: int, paper: Colour) -> tuple[Picture, tuple[OcrLine, ...]]:
        """The picture through a homography, with upright boxes around where its lines of text come to lie."""
        pixels = cv2.warpPerspective(self.pixels, matrix, (width, height), borderValue=paper)
        lines = []
        for text, x, y, w, h in self.words:
            corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], dtype=np.float32)
            around = cv2.perspectiveTransform(corners[None], matrix)[0]
            (left, top), (right, foot) = around.min(axis=0), around.max(axis=0)
            box = Box(float(left), float(top), float(right - left), float(foot - top), width, height)
            lines.append(OcrLine(text, box, 0.95))
        return pixels, tuple(lines)


def arrows(diagram: Diagram) -> set[str]:
    """Each line in words: "A > B", "A - B" in the alphabet's order, "A <> B" likewise."""
    labels = {node.id: node.label for node in diagram.nodes}
    told = set()
    for edge in diagram.edges:
        ends = [labels[edge.source], labels[edge.target]]
        if edge.heads != "target":
            ends.sort()
        told.add({"target": " > ", "none": " - ", "both": " <> "}[edge.heads].join(ends))
    return told


def labels(diagram: Diagram) -> set[str]:
    return {node.label for node in diagram.nodes}

"""Draws made-up diagrams whose graph is known, and writes them with their truth.

python -m benchmarks.diagram_drawing OUT [--count 60] [--seed 1] [--spoil none|all|KIND] [--layout LAYOUT]

For each picture OUT/NAME.png there is OUT/NAME.json: nodes (id, label, shape, bbox), edges (source, target,
label, directed: true, false or "both"), containers, and the style. Drawn three times as large and reduced.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.diagram_lettering import FINER, font_name
from benchmarks.diagram_making import Made, icon_rect, legend_places, made_diagram
from benchmarks.diagram_shapes import Rect, details, outline, rect_of
from benchmarks.diagram_spoiling import SPOILS, kind_in_turn, spoilt
from benchmarks.diagram_strokes import ICONS, fill, head, icon, stroke, wobbled
from benchmarks.diagram_styles import LAYOUTS, Style
from benchmarks.diagram_truth import truth_json
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Point

_LANE_PX = 15.0
_ICON_WORDS = {
    "roof": "sun",
    "house": "house",
    "battery": "battery",
    "meter": "meter",
    "grid": "mast",
    "inverter": "bolt",
}


def drawn(made: Made, icons: dict[str, str] | None = None) -> Image.Image:
    """The picture of a diagram: RGB, or RGBA where its paper is transparent.

    Args:
        made: the diagram with all its places.
        icons: which icon a node has, by its id; else by its words, else by chance.
    """
    chance = random.Random(f"drawn {made.seed}")
    size = (round(made.diagram.width) * FINER, round(made.diagram.height) * FINER)
    style = made.style
    see_through = style.transparent and style.theme.pale
    image = Image.new("RGBA", size, (0, 0, 0, 0) if see_through else style.theme.paper)
    drawing = _Drawing(image, made.diagram, style, chance, "#00000000" if see_through else style.theme.paper)
    drawing.lanes()
    drawing.edges()
    drawing.nodes(icons or {})
    for text in made.diagram.unplaced:
        rect = rect_of(text.box)
        drawing.write(rect, text.text, (rect[3] - rect[1]) / 1.3, style.theme.words)
    drawing.legend()
    smaller = image.resize((size[0] // FINER, size[1] // FINER), Image.Resampling.LANCZOS)
    return smaller if see_through else smaller.convert("RGB")


class _Drawing:
    def __init__(self, image: Image.Image, diagram: Diagram, style: Style, chance: random.Random, paper: str) -> None:
        self.image, self.diagram, self.style, self.chance, self.paper = image, diagram, style, chance, paper
        self.draw = ImageDraw.Draw(image)

    def write(self, rect: Rect, text: str, px: float, ink: str, longest: int = 99) -> None:
        """Words around the middle of a rectangle."""
        middle = ((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2)
        lettering = replace(self.style.lettering, px=px)
        lettering.write(self.image, middle, lettering.lines(text, longest), ink, self.chance)

    def line(self, points: list[Point], ink: str, edge: DiagramEdge | None = None) -> list[Point]:
        drawn_points = wobbled(points, self.chance, self.style.wobble_px)
        stroke(self.draw, drawn_points, self.style.pen_px, ink, edge.style if edge else "solid")
        return drawn_points

    def lanes(self) -> None:
        for lane in self.diagram.containers:
            rect = rect_of(lane.box)
            border = self.style.theme.border or self.style.theme.lines[0]
            fill(self.draw, outline("box", rect), self.style.theme.band)
            self.line(outline("box", rect), border)
            wide, _ = self.style.lettering.size((lane.label,))
            title = (rect[0] + 10, rect[1] + 6, rect[0] + 10 + wide * _LANE_PX / self.style.lettering.px, rect[1] + 28)
            self.write(title, lane.label, _LANE_PX, self.style.theme.words)

    def edges(self) -> None:
        inks = self.style.theme.lines
        for number, edge in enumerate(self.diagram.edges):
            ink = inks[number % len(inks)]
            points = self.line(list(edge.polyline), ink, edge)
            pen = self.style.pen_px
            if edge.heads in ("target", "both"):
                head(self.draw, points, self.style.head_px, self.style.heads, pen, ink, self.paper)
            if edge.heads == "both":
                head(self.draw, points[::-1], self.style.head_px, self.style.heads, pen, ink, self.paper)
        for edge in self.diagram.edges:
            if edge.label_box is not None:
                rect = rect_of(edge.label_box)
                if self.style.label_place == "on":
                    fill(self.draw, outline("box", rect), self.paper)
                said = "–" if edge.label == "-" else edge.label  # as long as a minus sign, and in every font
                self.write(rect, said, self.style.label_px, self.style.theme.words)

    def nodes(self, icons: dict[str, str]) -> None:
        for node in self.diagram.nodes:
            rect = rect_of(node.box)
            if node.shape == "icon":
                self._icon(node, rect, icons.get(node.id, ""))
            elif node.shape == "text":
                self.write(rect, node.label, self.style.lettering.px, self.style.theme.words, 15)
            else:
                self._shape(node, rect)

    def legend(self) -> None:
        for entry, (patch, words) in zip(self.diagram.legend, legend_places(self.diagram), strict=True):
            fill(self.draw, outline("box", patch), entry.colour)
            if self.style.theme.border:
                stroke(self.draw, outline("box", patch), 1.0, self.style.theme.border)
            self.write(words, entry.label, 0.85 * (words[3] - words[1]), self.style.theme.words)

    def _shape(self, node: DiagramNode, rect: Rect) -> None:
        if not self.style.outlined:
            fill(self.draw, outline(node.shape, rect), node.colour)
        if self.style.theme.border:
            for line in (outline(node.shape, rect), *details(node.shape, rect)):
                self.line(line, self.style.theme.border)
        else:
            for line in details(node.shape, rect):
                self.line(line, self.style.theme.paper)
        drop = (rect[3] - rect[1]) / 9 if node.shape == "cylinder" else 0.0
        place = (rect[0], rect[1] + drop, rect[2], rect[3])
        self.write(place, node.label, self.style.lettering.px, self.style.theme.ink, 15)

    def _icon(self, node: DiagramNode, rect: Rect, name: str) -> None:
        square = icon_rect(rect)
        known = [kind for word, kind in _ICON_WORDS.items() if word in node.label.lower()]
        name = name or (known or [self.chance.choice(sorted(ICONS))])[0]
        ink = self.style.theme.border or self.style.theme.lines[0]
        icon(self.draw, name, square, ink, node.colour)
        self.write(
            (rect[0], square[3] + 4, rect[2], rect[3]), node.label, self.style.lettering.px, self.style.theme.words, 15
        )


def flat(image: Image.Image) -> Image.Image:
    """On white where it is transparent."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diagram_drawing", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1, help="other seeds give other diagrams")
    parser.add_argument("--spoil", default="none", choices=("none", "all", *SPOILS), help="all: each kind in turn")
    parser.add_argument("--layout", choices=LAYOUTS, help="only this one")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for number in range(options.count):
        made = made_diagram(10_000 * options.seed + number, options.layout)
        image = drawn(made)
        kind = kind_in_turn(number, len(LAYOUTS)) if options.spoil == "all" else options.spoil
        diagram = made.diagram
        if kind != "none":
            picture, diagram = spoilt(np.asarray(flat(image)), diagram, kind, random.Random(made.seed))
            image = Image.fromarray(picture)
        image.save(options.out / f"{made.name}.png")
        truth = truth_json(made, diagram, "" if kind == "none" else kind)
        (options.out / f"{made.name}.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
    print(f"{options.count} diagrams in {options.out}; letters: {font_name(made.style.lettering.font)} and others")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

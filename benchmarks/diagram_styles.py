"""How a made-up diagram looks: colours, lines, heads, letters, all by a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.diagram_lettering import Lettering, fonts
from benchmarks.diagram_strokes import HeadKind
from cml_mm.diagrams.values import LineStyle, NodeShape

Layout = Literal[
    "layered", "sideways", "grid", "circle", "hub", "free", "lanes", "groups", "causal", "slide", "icons", "whiteboard"
]
LAYOUTS: tuple[Layout, ...] = (
    "layered",
    "sideways",
    "grid",
    "circle",
    "hub",
    "free",
    "lanes",
    "groups",
    "causal",
    "slide",
    "icons",
    "whiteboard",
)
Lines = Literal["line", "curve", "ortho"]
LabelPlace = Literal["on", "beside"]


@dataclass(frozen=True)
class Theme:
    """The colours of a drawing. `fills` and `lines` are taken in turn; `border` "" draws none."""

    name: str
    paper: str
    ink: str  # of the words in boxes
    fills: tuple[str, ...]
    border: str
    lines: tuple[str, ...]
    words: str  # at arrows, titles
    band: str  # lanes and groups
    pale: bool = True  # its words in boxes are dark


THEMES = (
    Theme("light", "#ffffff", "#1a1a1a", ("#ffffff",), "#222222", ("#222222",), "#222222", "#f4f4f2"),
    Theme(
        "pastel",
        "#ffffff",
        "#222222",
        ("#dcebf7", "#fbe6d0", "#dff0dd", "#f3dfef"),
        "#5a6b7b",
        ("#444444",),
        "#333333",
        "#f7f7fb",
    ),
    Theme("no-border", "#ffffff", "#20302a", ("#cfe8df", "#f6e3b4", "#d9def5"), "", ("#55605c",), "#333333", "#f3f6f4"),
    Theme(
        "filled",
        "#fdfcf8",
        "#ffffff",
        ("#1d5b4c", "#24406e", "#7a2f22", "#5a4b12"),
        "",
        ("#3a3a3a",),
        "#2b2b2b",
        "#eeeae0",
        False,
    ),
    Theme("dark", "#1e2228", "#f0f0f0", ("#343b46", "#3d4a3f"), "#9aa7b8", ("#c9d1dc",), "#e6e6e6", "#272c34", False),
    Theme("blueprint", "#12355b", "#eaf2fb", ("#12355b",), "#cfe0f2", ("#cfe0f2",), "#eaf2fb", "#174472", False),
    Theme(
        "coloured-lines",
        "#ffffff",
        "#1a1a1a",
        ("#ffffff",),
        "#555555",
        ("#c0392b", "#2471a3", "#1e8449", "#7d3c98"),
        "#333333",
        "#f6f6f6",
    ),
    Theme("cream", "#f7f1e3", "#3b2f20", ("#fffaf0", "#efe0c2"), "#6b543a", ("#6b543a",), "#4a3a28", "#efe6d2"),
)
MARKERS = Theme(
    "marker", "#f5f5f1", "#20242c", ("#f5f5f1",), "#20242c", ("#20242c", "#1c4fa0", "#b3261e"), "#1c4fa0", "#ececE6"
)
_SHAPES: tuple[NodeShape, ...] = (
    "box",
    "rounded",
    "ellipse",
    "circle",
    "diamond",
    "cylinder",
    "hexagon",
    "parallelogram",
    "note",
)


@dataclass(frozen=True)
class Style:
    """One way to draw. Sizes are in pixels of the finished picture."""

    layout: Layout
    theme: Theme
    lettering: Lettering
    shapes: tuple[NodeShape, ...] = ("box",)
    lines: Lines = "line"
    dashes: tuple[LineStyle, ...] = ("solid",)
    heads: HeadKind = "filled"
    head_px: float = 11.0
    pen_px: float = 1.6
    wobble_px: float = 0.0
    label_place: LabelPlace = "on"
    label_px: float = 12.0
    said: float = 0.35  # share of the arrows with words
    outlined: bool = False  # boxes are not filled
    transparent: bool = False
    titled: bool = False
    legend: bool = False  # says what the fills stand for
    noted: bool = False  # a remark at the foot

    @property
    def by_hand(self) -> bool:
        return self.wobble_px > 0


def made_style(chance: random.Random, layout: Layout) -> Style:
    """A look that suits the layout; everything else by chance."""
    px = chance.choice((13.0, 14.0, 15.0, 16.0, 18.0))
    pen = chance.choice((1.2, 1.6, 2.0, 2.6))
    style = Style(
        layout,
        chance.choice(THEMES),
        Lettering(chance.choice(fonts()), px),
        shapes=_made_shapes(chance),
        lines=_made_lines(chance, layout),
        dashes=chance.choice((("solid",),) * 6 + (("dashed",), ("dotted",), ("thick",), ("solid", "dashed"))),
        heads=chance.choice(("filled", "filled", "filled", "open", "vee", "hollow")),
        pen_px=pen,
        label_place=chance.choice(("on", "on", "beside")),
        label_px=max(11.0, px - 2),
        said=chance.choice((0.0, 0.3, 0.3, 0.6)),
        outlined=chance.random() < 0.2,
        transparent=chance.random() < 0.08,
        titled=chance.random() < 0.25,
        legend=chance.random() < 0.2,
        noted=chance.random() < 0.12,
    )
    heavy = 2.2 if "thick" in style.dashes else 1.0
    style = replace(style, head_px=chance.choice((9.0, 11.0, 13.0)) + 1.5 * heavy * pen)
    return _suited(style, chance)


def _suited(style: Style, chance: random.Random) -> Style:
    """What a layout asks for: a causal loop has words without boxes, a whiteboard is drawn by hand."""
    if style.layout == "causal":
        return replace(
            style,
            shapes=("text",),
            lines="curve",
            said=1.0,
            label_place="beside",
            label_px=18.0,
            dashes=("solid",),
            legend=False,
        )
    if style.layout == "icons":
        return replace(style, shapes=("icon",), outlined=False, legend=False)
    if style.layout == "slide":
        return replace(style, titled=True, lettering=replace(style.lettering, px=18.0), transparent=False, noted=True)
    if style.layout == "whiteboard":
        return replace(
            style,
            theme=MARKERS,
            lettering=replace(style.lettering, px=19.0, by_hand=True),
            label_px=16.0,
            pen_px=3.0,
            head_px=17.0,
            wobble_px=chance.choice((1.5, 2.5)),
            heads=chance.choice(("open", "open", "filled")),
            dashes=("solid",),
            transparent=False,
            outlined=True,
            legend=False,
        )
    outlined = style.outlined and bool(style.theme.border) and style.theme.pale
    coloured = not outlined and len(style.theme.fills) > 1 and style.shapes != ("text",)
    return replace(style, outlined=outlined, legend=style.legend and coloured)


def _made_shapes(chance: random.Random) -> tuple[NodeShape, ...]:
    form = chance.random()
    if form < 0.45:
        return (chance.choice(("box", "rounded", "rounded", "ellipse")),)
    if form < 0.55:
        return (chance.choice(_SHAPES),)
    return tuple(chance.sample(_SHAPES, 3)) if form < 0.95 else ("text",)


def _made_lines(chance: random.Random, layout: Layout) -> Lines:
    if layout == "grid":
        return "ortho"
    if layout in ("circle", "hub", "free", "whiteboard"):
        return chance.choice(("line", "line", "curve"))
    return chance.choice(("line", "curve", "ortho"))

"""What the styles of draw.io's cells mean: shapes, heads, lines, rows, words."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from cml_mm.diagrams.label_text import html_words, one_line
from cml_mm.diagrams.values import Heads, LineStyle, NodeShape, Point
from cml_mm.types import Box

_SHAPES: tuple[tuple[str, NodeShape], ...] = (
    ("umlactor", "actor"),
    ("actor", "actor"),
    ("cylinder", "cylinder"),
    ("datastore", "cylinder"),
    ("rhombus", "diamond"),
    ("decision", "diamond"),
    ("hexagon", "hexagon"),
    ("parallelogram", "parallelogram"),
    ("trapezoid", "trapezium"),
    ("manualinput", "trapezium"),
    ("triangle", "triangle"),
    ("note", "note"),
    ("document", "note"),
    ("doubleellipse", "ellipse"),
    ("ellipse", "ellipse"),
    ("cloud", "other"),
    ("image", "icon"),
    ("icon", "icon"),
    ("mxgraph.aws", "icon"),
    ("mxgraph.azure", "icon"),
    ("mxgraph.gcp", "icon"),
    ("mxgraph.cisco", "icon"),
    ("mxgraph.kubernetes", "icon"),
)


_MARKS = frozenset("oval diamond diamondthin box halfcircle circle circleplus cross dash".split())


_PLACEHOLDER = re.compile(r"%([\w.-]{1,60})%")


@dataclass
class Cell:
    """A cell of the page, with what a wrapper around it says."""

    id: str
    parent: str
    kind: str  # "vertex", "edge", or "" for layers
    value: str
    style: Mapping[str, str]
    source: str = ""
    target: str = ""
    x: float = 0.0
    y: float = 0.0
    w: float = 0.0
    h: float = 0.0
    relative: bool = False
    points: tuple[Point, ...] = ()
    begins: Point | None = None
    ends: Point | None = None
    offset: Point = (0.0, 0.0)
    held: list[Cell] = field(default_factory=list)


def read_cells(root: ElementTree.Element) -> Iterator[Cell]:
    for count, element in enumerate(root):
        tag = str(element.tag)
        inner = element if tag == "mxCell" else element.find("mxCell")
        if inner is None:
            continue
        wrapped = inner is not element
        value = (element.get("label") if wrapped else inner.get("value")) or ""
        if wrapped and element.get("placeholders") == "1":
            value = _filled(value, element)
        style = _style(inner.get("style") or "")
        if inner.get("visible") == "0" or element.get("visible") == "0":
            style["visible"] = "0"
        kind = "vertex" if inner.get("vertex") == "1" else "edge" if inner.get("edge") == "1" else ""
        cell = Cell(
            element.get("id") or inner.get("id") or f"cell-{count}", inner.get("parent") or "", kind, value, style
        )
        cell.source, cell.target = inner.get("source") or "", inner.get("target") or ""
        geometry = inner.find("mxGeometry")
        if geometry is not None:
            _geometry(cell, geometry)
        yield cell


def _filled(value: str, holder: ElementTree.Element) -> str:
    """A label with what its placeholders (%name%) stand for."""

    def stands_for(found: re.Match[str]) -> str:
        return holder.get(found.group(1)) or found.group()

    return _PLACEHOLDER.sub(stands_for, value)


def _geometry(cell: Cell, geometry: ElementTree.Element) -> None:
    cell.x, cell.y, cell.w, cell.h = (_number(geometry.get(key)) for key in ("x", "y", "width", "height"))
    cell.relative = geometry.get("relative") == "1"
    for inner in geometry:
        role = inner.get("as")
        if inner.tag == "Array" and role == "points":
            cell.points = tuple(_point(one) for one in inner if one.tag == "mxPoint")[:500]
        elif role == "sourcePoint":
            cell.begins = _point(inner)
        elif role == "targetPoint":
            cell.ends = _point(inner)
        elif role == "offset":
            cell.offset = _point(inner)


def _point(element: ElementTree.Element) -> Point:
    return _number(element.get("x")), _number(element.get("y"))


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return max(-1e7, min(1e7, value)) if math.isfinite(value) else 0.0


def _style(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in text.split(";"):
        key, _, value = piece.partition("=")
        if key.strip():
            found[key.strip().casefold()] = value.strip()
    return found


def words_of(cell: Cell) -> str:
    if cell.style.get("html") == "1":
        return html_words(cell.value)
    return one_line(html.unescape(cell.value)) if "&#" in cell.value else one_line(cell.value)


def is_lane(cell: Cell) -> bool:
    return "swimlane" in cell.style or cell.style.get("shape") == "swimlane"


def is_text(cell: Cell) -> bool:
    return "text" in cell.style or "edgelabel" in cell.style or cell.style.get("shape") == "text"


def is_table(cell: Cell, inside: list[Cell]) -> bool:
    """Whether a box's parts are the rows of its own text, as in classes and entities."""
    if cell.style.get("shape") in {"table", "tablerow"}:
        return True
    rows = cell.style.get("childlayout") == "stackLayout"
    return rows and all("text" in one.style or "line" in one.style or not one.value for one in inside)


def is_line(cell: Cell, begins: Point | None, ends: Point | None) -> bool:
    """Whether an arrow is only a stroke that someone drew: no heads, nothing that it knows."""
    return heads_of(cell.style)[0] == "none" and not cell.source and not cell.target and None not in (begins, ends)


def shape_of(cell: Cell) -> NodeShape:
    if is_text(cell):
        return "text"
    named = cell.style.get("shape", "").casefold()
    for sign, shape in _SHAPES:
        if sign in named or sign in cell.style:
            return "circle" if shape == "ellipse" and cell.w == cell.h and "aspect" in cell.style else shape
    return "rounded" if cell.style.get("rounded") == "1" else "box" if not named or "rect" in named else _other(named)


def _other(named: str) -> NodeShape:
    return (
        "box"
        if named.startswith(("process", "card", "cube", "ext", "folder", "module", "component", "label"))
        else "other"
    )


def heads_of(style: Mapping[str, str]) -> tuple[Heads, bool]:
    """Where the heads are, and whether the only one is at the beginning. A knob counts where no arrowhead is."""
    start, end = style.get("startarrow", "none").casefold(), style.get("endarrow", "classic").casefold()
    arrows = [mark not in _MARKS and not mark.startswith("er") and mark not in {"none", ""} for mark in (start, end)]
    if not any(arrows):
        arrows = [mark in _MARKS and mark != "dash" for mark in (start, end)]
    if all(arrows):
        return "both", False
    return ("target", arrows[0]) if any(arrows) else ("none", False)


def line_of(style: Mapping[str, str]) -> LineStyle:
    if style.get("dashed") == "1":
        short = style.get("dashpattern", "").split()
        return "dotted" if short and _number(short[0]) <= 2 else "dashed"
    return "thick" if _number(style.get("strokewidth", "1")) >= 3 else "solid"


def leaves(style: Mapping[str, str], which: str, box: Box) -> Point | None:
    """Where a line is tied to a box: shares of its width and height, and an offset."""
    if f"{which}x" not in style or f"{which}y" not in style:
        return None
    x, y = _number(style[f"{which}x"]), _number(style[f"{which}y"])
    return (
        box.x + x * box.w + _number(style.get(f"{which}dx")),
        box.y + y * box.h + _number(style.get(f"{which}dy")),
    )

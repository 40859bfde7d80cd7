"""Where the shapes and words of an SVG drawing stand. Nothing is drawn; widths of letters are estimated."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from cml_mm.media.reading import clean

SILENT = frozenset("script style metadata defs symbol clipPath mask marker pattern title desc".split())
FONT_PX = 16.0
_LETTER_SHARE = 0.55  # of the font's size, the mean width of a letter
_ASCENT_SHARE = 0.8  # of the font's size, above the base line
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_FUNCTION = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]{0,200})\)")
_FONT_SIZE = re.compile(r"font-size\s*:\s*([\d.]{1,8})")
Matrix = tuple[float, float, float, float, float, float]  # a b c d e f, as SVG writes them
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Label:
    """Words of a drawing, and the box that they roughly stand in."""

    text: str
    box: tuple[float, float, float, float]  # left, top, width, height


def walk_shown(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, Matrix, float]]:
    """Every element that is shown, with the matrix and the font size that hold there."""
    stack: list[tuple[ElementTree.Element, Matrix, float]] = [(root, SAME, FONT_PX)]
    while stack:
        element, matrix, size = stack.pop()
        tag = local_name(element.tag)
        if tag in SILENT or element.get("display") == "none":
            continue
        matrix = times(matrix, transform(element.get("transform", "")))
        size = font_size(element, size)
        yield element, matrix, size
        if tag not in {"text", "foreignObject"}:
            stack.extend((child, matrix, size) for child in reversed(element))


def label_of(element: ElementTree.Element, matrix: Matrix, size: float) -> Label | None:
    """The words of a text element with their place; None for other elements and for those without words."""
    tag = local_name(element.tag)
    if tag not in {"text", "foreignObject"}:
        return None
    text = " ".join(clean(" ".join(words_in(element))).split())
    if not text:
        return None
    if tag == "foreignObject":
        return Label(text, moved(matrix, *(length_of(element, key) for key in ("x", "y", "width", "height"))))
    first = next((part for part in element.iter() if part.get("x") is not None), element)
    inner = next((part for part in element.iter() if font_size(part, 0.0)), element)
    size = font_size(inner, size)
    lines = sum(1 for part in element.iter() if local_name(part.tag) == "tspan" and part.get("x") is not None) or 1
    width = _LETTER_SHARE * size * math.ceil(len(text) / lines)
    anchor = element.get("text-anchor") or first.get("text-anchor") or ""
    if not anchor and "text-anchor:middle" in element.get("style", "").replace(" ", ""):
        anchor = "middle"
    x = length_of(first, "x") - width * {"middle": 0.5, "end": 1.0}.get(anchor, 0.0)
    y = length_of(first, "y") - _ASCENT_SHARE * size
    return Label(text, moved(matrix, x, y, width, 1.2 * size * lines))


def words_in(element: ElementTree.Element) -> Iterator[str]:
    """The text of a label; parts that begin at a place of their own are words of their own."""
    held = element.text or ""
    for part in element.iter():
        if part is element or not isinstance(part.tag, str) or local_name(part.tag) in SILENT:
            continue
        if part.get("x") is not None or part.get("dy") is not None or local_name(part.tag) in {"p", "div", "br", "li"}:
            yield held
            held = ""
        held += (part.text or "") + (part.tail or "")
    yield held


def shape_box(element: ElementTree.Element, matrix: Matrix) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of a rectangle, circle, ellipse or polygon; None for what is none."""
    tag = local_name(element.tag)
    if tag == "rect":
        box = tuple(length_of(element, key) for key in ("x", "y", "width", "height"))
    elif tag in {"circle", "ellipse"}:
        rx = length_of(element, "r") or length_of(element, "rx")
        ry = length_of(element, "r") or length_of(element, "ry")
        box = (length_of(element, "cx") - rx, length_of(element, "cy") - ry, 2 * rx, 2 * ry)
    elif tag == "polygon":
        numbers = numbers_in(element.get("points", ""))
        xs, ys = numbers[0::2], numbers[1::2]
        if not ys:
            return None
        box = (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    else:
        return None
    return moved(matrix, *box) if box[2] > 0 and box[3] > 0 else None


def view_of(root: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, width and height of what the drawing shows."""
    box = numbers_in(root.get("viewBox", ""))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        return box[0], box[1], box[2], box[3]
    return 0.0, 0.0, length_of(root, "width") or 300.0, length_of(root, "height") or 150.0  # as browsers take it


def transform(text: str) -> Matrix:
    """The matrix of a `transform` attribute."""
    matrix = SAME
    for name, inside in _FUNCTION.findall(text[:2_000]):
        given = numbers_in(inside)
        if name == "matrix" and len(given) == 6:
            step: Matrix = (given[0], given[1], given[2], given[3], given[4], given[5])
        elif name == "translate" and given:
            step = (1.0, 0.0, 0.0, 1.0, given[0], given[1] if len(given) > 1 else 0.0)
        elif name == "scale" and given:
            step = (given[0], 0.0, 0.0, given[1] if len(given) > 1 else given[0], 0.0, 0.0)
        elif name == "rotate" and given:
            turn = math.radians(given[0] % 360)
            x, y = (given[1], given[2]) if len(given) > 2 else (0.0, 0.0)
            cos, sin = math.cos(turn), math.sin(turn)
            step = (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
        else:
            continue
        matrix = times(matrix, step)
    return matrix


def times(one: Matrix, other: Matrix) -> Matrix:
    """Both movements, the other first."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def moved(matrix: Matrix, x: float, y: float, w: float, h: float) -> tuple[float, float, float, float]:
    """The upright box around a box that a matrix moves."""
    a, b, c, d, e, f = matrix
    corners = [(a * px + c * py + e, b * px + d * py + f) for px in (x, x + w) for py in (y, y + h)]
    xs, ys = [_sane(corner[0]) for corner in corners], [_sane(corner[1]) for corner in corners]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def font_size(element: ElementTree.Element, otherwise: float) -> float:
    """The size of letters that an element states, in the drawing's unit."""
    found = _FONT_SIZE.search(element.get("style", "")[:2_000])
    stated = numbers_in(found[1] if found is not None else element.get("font-size", "")[:40])
    return stated[0] if stated and 0 < stated[0] < 1e4 else otherwise


def length_of(element: ElementTree.Element, key: str) -> float:
    """A number that an attribute states, its unit left away; 0 for none and for shares."""
    stated = element.get(key, "")[:200]
    found = [] if stated.strip().endswith("%") else numbers_in(stated)
    return found[0] if found else 0.0


def numbers_in(text: str) -> list[float]:
    """All numbers in a text."""
    return [_sane(float(number)) for number in _NUMBER.findall(text[:20_000])]


def _sane(value: float) -> float:
    """Finite and no larger than any drawing is."""
    return max(-1e8, min(1e8, value)) if math.isfinite(value) else 0.0


def local_name(tag: object) -> str:
    """A tag without its namespace; "" for comments."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""

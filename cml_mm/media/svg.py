"""SVG drawings: their labels with their places, read exactly. Nothing is drawn, run or fetched.

A drawing that brings in other files (pictures, parts, scripts) is refused. Its styles may name
fonts elsewhere, as those of Mermaid and Excalidraw do: styles are not looked at.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.reading import clean, summary_of
from cml_mm.media.xml_checks import check_xml
from cml_mm.types import Box, Document, Section, Source
from cml_mm.visits import Face, Limits, Placing, ReadFile, Run

FACE = "picture-1"
_LINKS = frozenset({"a"})  # lead readers elsewhere, bring nothing in
_SILENT = frozenset("script style metadata defs symbol clipPath mask marker pattern title desc".split())
_MOST_SHAPES = 500
_FONT_PX = 16.0
_LETTER_SHARE = 0.55  # of the font's size, the mean width of a letter
_ASCENT_SHARE = 0.8  # of the font's size, above the base line
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_FUNCTION = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]{0,200})\)")
_FONT_SIZE = re.compile(r"font-size\s*:\s*([\d.]{1,8})")

_Matrix = tuple[float, float, float, float, float, float]  # a b c d e f, as SVG writes them
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class _Label:
    text: str
    box: tuple[float, float, float, float]  # left, top, width, height


def read_svg(data: bytes, name: str, file: str, limits: Limits) -> ReadFile:
    """Read the words of a drawing.

    Args:
        data: the file's bytes.
        name: what the visitor calls it, for messages and the title.
        file: the id that its document gets as slug.
        limits: on depth and characters.

    Returns:
        The reading: every label a paragraph, in the order of the file, with the box that it
        roughly stands in (letters are not measured), in the units of the drawing.

    Raises:
        MediaUnreadable: it is damaged, declares entities or brings in other files.
        LimitExceeded: it is nested too deeply or holds too many words.
    """
    root = _parsed(data, name, limits)
    left, top, width, height = _view(root)
    labels: list[_Label] = []
    shapes: list[Box] = []
    for element, matrix, size in _walk(root):
        box = _shape(element, matrix)
        if box is not None and len(shapes) < _MOST_SHAPES:
            shapes.append(Box(box[0] - left, box[1] - top, box[2], box[3], width, height))
        label = _label(element, matrix, size)
        if label is not None:
            labels.append(label)
    runs: list[Run] = []
    text = ""
    for label in labels:
        text += "\n\n" if text else ""
        x, y, w, h = label.box
        runs.append(Run(len(text), len(text) + len(label.text), Box(x - left, y - top, w, h, width, height)))
        text += label.text
        if len(text) > limits.characters:
            raise LimitExceeded(f"{name} holds more than {limits.characters:,} characters.", "Split it into parts.")
    title = _title(root, name)
    sections = (Section("other", "Text", text),) if text else ()
    return ReadFile(
        document=Document(
            slug=file,
            title=title,
            source=Source(hashlib.sha256(data).hexdigest(), title, "document", file, name, "", "", owner="visitor"),
            summary=summary_of(sections),
            sections=sections,
            format="svg",
        ),
        placings=(Placing(FACE, tuple(runs)),) if text else (),
        faces=(Face(FACE, "Drawing", 0, width, height, drawable=False, outline=tuple(shapes)),),
        notices=() if text else ("No words were found in this drawing.",),
    )


def _parsed(data: bytes, name: str, limits: Limits) -> ElementTree.Element:
    damaged = MediaUnreadable(
        f"{name} is damaged: it cannot be read as an SVG drawing.", "Export it anew as SVG or PNG, and add that."
    )
    try:
        check_xml((data,), name, limits.depth, lambda tag, values: _refuse_outside(tag, values, name))
        root = ElementTree.fromstring(data)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as exc:
        raise damaged from exc
    if _local(root.tag) != "svg":
        raise damaged
    return root


def _refuse_outside(tag: str, values: dict[str, str], name: str) -> None:
    kind = tag.rpartition(":")[2]
    for key, value in values.items():
        if key.rpartition(":")[2] not in {"href", "src", "data"} or kind in _LINKS:
            continue
        target = value.strip().casefold()
        if target and not target.startswith(("#", "data:")) and not (key == "data" and kind != "object"):
            raise MediaUnreadable(
                f"{name} brings in another file (<{kind[:40]}>), which is not fetched.",
                "Export it with everything inside, or as PNG, and add that.",
            )


def _walk(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, _Matrix, float]]:
    """Every element that is shown, with the matrix and the font size that hold there."""
    stack: list[tuple[ElementTree.Element, _Matrix, float]] = [(root, _SAME, _FONT_PX)]
    while stack:
        element, matrix, size = stack.pop()
        tag = _local(element.tag)
        if tag in _SILENT or element.get("display") == "none":
            continue
        matrix = _times(matrix, _transform(element.get("transform", "")))
        size = _font_size(element, size)
        yield element, matrix, size
        if tag not in {"text", "foreignObject"}:
            stack.extend((child, matrix, size) for child in reversed(element))


def _label(element: ElementTree.Element, matrix: _Matrix, size: float) -> _Label | None:
    tag = _local(element.tag)
    if tag not in {"text", "foreignObject"}:
        return None
    text = " ".join(clean(" ".join(_words(element))).split())
    if not text:
        return None
    if tag == "foreignObject":
        return _Label(text, _moved(matrix, *(_length(element, key) for key in ("x", "y", "width", "height"))))
    first = next((part for part in element.iter() if part.get("x") is not None), element)
    inner = next((part for part in element.iter() if _font_size(part, 0.0)), element)
    size = _font_size(inner, size)
    lines = sum(1 for part in element.iter() if _local(part.tag) == "tspan" and part.get("x") is not None) or 1
    width = _LETTER_SHARE * size * math.ceil(len(text) / lines)
    anchor = element.get("text-anchor") or first.get("text-anchor") or ""
    if not anchor and "text-anchor:middle" in element.get("style", "").replace(" ", ""):
        anchor = "middle"
    x = _length(first, "x") - width * {"middle": 0.5, "end": 1.0}.get(anchor, 0.0)
    y = _length(first, "y") - _ASCENT_SHARE * size
    return _Label(text, _moved(matrix, x, y, width, 1.2 * size * lines))


def _words(element: ElementTree.Element) -> Iterator[str]:
    """The text of a label; parts that begin at a place of their own are words of their own."""
    held = element.text or ""
    for part in element.iter():
        if part is element or not isinstance(part.tag, str) or _local(part.tag) in _SILENT:
            continue
        if part.get("x") is not None or part.get("dy") is not None or _local(part.tag) in {"p", "div", "br", "li"}:
            yield held
            held = ""
        held += (part.text or "") + (part.tail or "")
    yield held


def _shape(element: ElementTree.Element, matrix: _Matrix) -> tuple[float, float, float, float] | None:
    tag = _local(element.tag)
    if tag == "rect":
        box = tuple(_length(element, key) for key in ("x", "y", "width", "height"))
    elif tag in {"circle", "ellipse"}:
        rx = _length(element, "r") or _length(element, "rx")
        ry = _length(element, "r") or _length(element, "ry")
        box = (_length(element, "cx") - rx, _length(element, "cy") - ry, 2 * rx, 2 * ry)
    elif tag == "polygon":
        numbers = _numbers(element.get("points", ""))
        xs, ys = numbers[0::2], numbers[1::2]
        if not ys:
            return None
        box = (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    else:
        return None
    return _moved(matrix, *box) if box[2] > 0 and box[3] > 0 else None


def _view(root: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, width and height of what the drawing shows."""
    box = _numbers(root.get("viewBox", ""))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        return box[0], box[1], box[2], box[3]
    return 0.0, 0.0, _length(root, "width") or 300.0, _length(root, "height") or 150.0  # as browsers take it


def _title(root: ElementTree.Element, name: str) -> str:
    stated = next((child.text or "" for child in root if _local(child.tag) == "title"), "")
    from_name = re.sub(r"[-_]+", " ", PurePosixPath(name).stem)
    return " ".join(clean(stated).split())[:200] or " ".join(from_name.split()) or name


def _transform(text: str) -> _Matrix:
    matrix = _SAME
    for name, inside in _FUNCTION.findall(text[:2_000]):
        given = _numbers(inside)
        if name == "matrix" and len(given) == 6:
            step: _Matrix = (given[0], given[1], given[2], given[3], given[4], given[5])
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
        matrix = _times(matrix, step)
    return matrix


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def _moved(matrix: _Matrix, x: float, y: float, w: float, h: float) -> tuple[float, float, float, float]:
    """The upright box around a box that a matrix moves."""
    a, b, c, d, e, f = matrix
    corners = [(a * px + c * py + e, b * px + d * py + f) for px in (x, x + w) for py in (y, y + h)]
    xs, ys = [_sane(corner[0]) for corner in corners], [_sane(corner[1]) for corner in corners]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _font_size(element: ElementTree.Element, otherwise: float) -> float:
    found = _FONT_SIZE.search(element.get("style", "")[:2_000])
    stated = _numbers(found[1] if found is not None else element.get("font-size", "")[:40])
    return stated[0] if stated and 0 < stated[0] < 1e4 else otherwise


def _length(element: ElementTree.Element, key: str) -> float:
    stated = element.get(key, "")[:200]
    found = [] if stated.strip().endswith("%") else _numbers(stated)
    return found[0] if found else 0.0


def _numbers(text: str) -> list[float]:
    return [_sane(float(number)) for number in _NUMBER.findall(text[:20_000])]


def _sane(value: float) -> float:
    """Finite and no larger than any drawing is."""
    return max(-1e8, min(1e8, value)) if math.isfinite(value) else 0.0


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""

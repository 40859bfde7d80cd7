"""A diagram in words: a line for every box, lane, arrow and free text, so that each can be found and quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cml_mm.diagrams.colours import colour_name
from cml_mm.diagrams.values import Diagram, DiagramEdge, Heads, NodeShape

_APART = "\n\n"  # each line is a paragraph of its own: without full stops, sentences end there
_SIGNS: Mapping[Heads, str] = {"target": "→", "both": "↔", "none": "—"}
_SHAPES: Mapping[NodeShape, str] = {
    "box": "Box", "rounded": "Rounded box", "ellipse": "Oval", "circle": "Circle", "diamond": "Diamond",
    "cylinder": "Cylinder", "hexagon": "Hexagon", "parallelogram": "Parallelogram", "trapezium": "Trapezium",
    "triangle": "Triangle", "note": "Note", "actor": "Person", "icon": "Icon", "text": "Words", "other": "Box",
}  # fmt: skip
_SIDES = {
    "page": "Diagram on page {}", "slide": "Diagram on slide {}", "picture": "Diagram on picture {}",
    "drawing": "Diagram {}",
}  # fmt: skip

_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufeff\ufffe\uffff]")

PartSpan = tuple[str, int, int]  # a part's id, and the characters of the text that say it


@dataclass(frozen=True)
class Worded:
    """A diagram as the text of one section.

    `spans` has an entry for every node, container and arrow, `free` for every text that belongs to
    none of them: its place in `Diagram.unplaced`, and its characters.
    """

    heading: str
    text: str
    spans: tuple[PartSpan, ...]
    free: tuple[tuple[int, int, int], ...] = ()


def worded(diagram: Diagram) -> Worded:
    """Say a diagram in words; the same diagram gives the same words.

    Args:
        diagram: with or without places.

    Returns:
        Lines such as "Diamond: Agreed?", "In the lane Members: Assembly, Board",
        "Assembly → Board: appoints" (— for a line without heads, ↔ for one with two), each a
        paragraph. The heading names its title, else the side of the file that it stands on.
    """
    names = part_names(diagram)
    text = ""
    spans: list[PartSpan] = []
    free: list[tuple[int, int, int]] = []
    for part, line in _lines(diagram, names):
        text += _APART if text else ""
        end = len(text) + len(line)
        if isinstance(part, str) and part:
            spans.append((part, len(text), end))
        elif isinstance(part, int):
            free.append((part, len(text), end))
        text += line
    return Worded(heading_of(diagram), text, tuple(spans), tuple(free))


def heading_of(diagram: Diagram) -> str:
    """What the section with a diagram's words is called."""
    if diagram.title.strip():
        return f"Diagram: {_flat(diagram.title)}"
    sort, _, number = diagram.face.partition("-")
    return _SIDES[sort].format(number) if sort in _SIDES and number else "Diagram"


def part_names(diagram: Diagram) -> dict[str, str]:
    """What each box and lane is called where it has to be told from the others, by its id.

    Equal labels are told apart by their lanes where these differ, else by numbers.
    """
    boxes = {node.id: _flat(node.label) or "box without words" for node in diagram.nodes}
    lanes = {one.id: _flat(one.label) for one in diagram.containers}
    inside = {node.id: lanes.get(node.container, "") for node in diagram.nodes}
    counts = Counter(name.casefold() for name in boxes.values())
    pairs = Counter((boxes[part].casefold(), inside[part].casefold()) for part in boxes)
    named = {}
    for part, name in boxes.items():
        alone = pairs[name.casefold(), inside[part].casefold()] == 1
        repeated = counts[name.casefold()] > 1
        named[part] = f"{name} (in {inside[part]})" if repeated and alone and inside[part] else name
    called = {
        one.id: f"the lane {lanes[one.id]}" if lanes[one.id] else "a lane without a name" for one in diagram.containers
    }
    return {**_numbered(named), **_numbered(called)}


def _numbered(names: Mapping[str, str]) -> dict[str, str]:
    """Names that stand more than once, with numbers behind them that make them unique."""
    counts = Counter(name.casefold() for name in names.values())
    taken = {name for name, count in counts.items() if count == 1}
    found: dict[str, str] = {}
    last: Counter[str] = Counter()
    for part, name in names.items():
        given, key = name, name.casefold()
        while counts[key] > 1:
            last[key] += 1
            given = f"{name} ({last[key]})"
            if given.casefold() not in taken:
                break
        taken.add(given.casefold())
        found[part] = given
    return found


def _lines(diagram: Diagram, names: Mapping[str, str]) -> Iterator[tuple[str | int | None, str]]:
    """Every line with what it says: a part's id, a free text's place, or None for the legend."""
    for node in diagram.nodes:
        yield node.id, f"{_SHAPES[node.shape]}: {names[node.id]}"
    inside = _members(diagram, names)
    for one in diagram.containers:
        yield one.id, f"In {names[one.id]}: {', '.join(inside.get(one.id, ())) or 'nothing'}"
    for edge in diagram.edges:
        yield edge.id, arrow_words(edge, names)
    for entry in diagram.legend:
        yield None, f"The colour {colour_name(entry.colour)} stands for {_flat(entry.label)}"
    for place, text in enumerate(diagram.unplaced):
        if _flat(text.text):
            yield place, f"Also written: {_flat(text.text)}"


def arrow_words(edge: DiagramEdge, names: Mapping[str, str]) -> str:
    """ "Assembly → Board: appoints"; `names` as `part_names` gives them."""
    label = _flat(edge.label)
    return f"{names[edge.source]} {_SIGNS[edge.heads]} {names[edge.target]}{f': {label}' if label else ''}"


def _members(diagram: Diagram, names: Mapping[str, str]) -> dict[str, list[str]]:
    """What stands directly in each lane: boxes first, then lanes."""
    found: dict[str, list[str]] = {}
    for node in diagram.nodes:
        found.setdefault(node.container, []).append(names[node.id])
    for one in diagram.containers:
        found.setdefault(one.parent, []).append(names[one.id])
    return found


def _flat(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())

"""Diagrams among the sections of a document: each said in words, every line in the box of what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Union

from cml_mm.diagrams.values import Diagram, FreeText
from cml_mm.diagrams.wording import heading_of, worded
from cml_mm.media.placed_diagram import placed_words
from cml_mm.media.reading import placed_once
from cml_mm.types import Box, Section
from cml_mm.visits import Face, Placing, TextOrigin

NO_STRUCTURE = "No boxes joined by arrows were found on {}."
MOSTLY = 0.5  # share of a picture's letters that its diagram must hold to stand for all its words
_SIGN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class DiagramPart:
    """A diagram where its section will stand; `page` is the page or slide, 0 where there are none."""

    diagram: Diagram
    page: int = 0
    origin: TextOrigin = "file"
    confidence: float = 1.0


Part = Union[tuple[Section, Placing], DiagramPart]


@dataclass(frozen=True)
class Placed:
    """Sections under names of their own, a placing for each, and the diagrams that are said in them."""

    sections: tuple[Section, ...]
    placings: tuple[Placing, ...]
    diagrams: tuple[Diagram, ...]


def placed_with_diagrams(parts: Iterable[Part]) -> Placed:
    """Like `reading.placed_once`, for documents that hold diagrams.

    Returns:
        A diagram whose section would have the name of another gets a number behind its title, so
        that its face and its heading lead to its section.
    """
    given = list(parts)
    taken = {part[0].heading.casefold() for part in given if not isinstance(part, DiagramPart)}
    written: list[tuple[Section, Placing]] = []
    diagrams: list[Diagram] = []
    for part in given:
        if isinstance(part, DiagramPart):
            diagram = _named_apart(part.diagram, taken)
            diagrams.append(diagram)
            section, placing = _said(replace(part, diagram=diagram))
            if section.text:
                written.append((section, placing))
        else:
            written.append(part)
    sections, placings = placed_once(written)
    return Placed(sections, placings, tuple(diagrams))


def drawing_face(diagram: Diagram, number: int, label: str = "Drawing") -> Face:
    """The side of a file that only says what is drawn: it can be sketched, not shown."""
    outline = tuple(node.box for node in diagram.nodes if node.box is not None)
    key = f"drawing-{number}"
    return Face(key, label, 0, max(diagram.width, 1.0), max(diagram.height, 1.0), drawable=False, outline=outline)


def without_losses(diagram: Diagram, texts: Iterable[FreeText]) -> Diagram:
    """A diagram that says every text of its picture: those that it left out are free texts of it.

    Args:
        texts: everything that was read there, with boxes in the diagram's unit.
    """
    words = worded(diagram)
    said = _bare(f"{words.heading} {words.text}")
    places = [node.box for node in diagram.nodes] + [edge.label_box for edge in diagram.edges]
    places += [text.box for text in diagram.unplaced]
    held = [box for box in places if box is not None]
    lost = tuple(
        text
        for text in texts
        if (bare := _bare(text.text)) != " " and bare not in said and not any(_holds(box, text.box) for box in held)
    )
    return replace(diagram, unplaced=(*diagram.unplaced, *lost)) if lost else diagram


def structured_share(diagram: Diagram) -> float:
    """The share of a diagram's letters that stand in its boxes, lanes and arrows, 0 to 1."""
    inside = sum(len(part.label) for part in diagram.parts) + sum(len(entry.label) for entry in diagram.legend)
    beside = sum(len(text.text) for text in diagram.unplaced)
    return inside / max(inside + beside, 1)


def notice_of(diagram: Diagram, name: str) -> Iterator[str]:
    """What is to be said of a picture: parts read with doubt, or that what looked like a diagram gave none."""
    if diagram.has_structure:
        doubtful = len(diagram.unclear)
        if doubtful:
            parts = "One part" if doubtful == 1 else f"{doubtful} parts"
            yield f"{parts} of the diagram on {name} {'was' if doubtful == 1 else 'were'} read with doubt."
    elif not (diagram.width and diagram.height):  # it could not be looked at as a diagram
        yield from diagram.notices
    elif diagram.nodes:
        yield NO_STRUCTURE.format(name)


def _named_apart(diagram: Diagram, taken: set[str]) -> Diagram:
    heading = heading_of(diagram)
    base = diagram.title or heading
    found, number = diagram, 1
    while heading.casefold() in taken:
        number += 1
        found = replace(diagram, title=f"{base} ({number})")
        heading = heading_of(found)
    taken.add(heading.casefold())
    return found


def _said(part: DiagramPart) -> tuple[Section, Placing]:
    diagram = part.diagram
    said = worded(diagram)
    placing = placed_words(diagram, said, part.origin)
    section = Section("other", said.heading, said.text, page=part.page)
    return section, replace(placing, confidence=min(placing.confidence, part.confidence))


def _bare(text: str) -> str:
    """The words with one blank around each, so that no word is found inside another."""
    return f" {_SIGN.sub(' ', text).strip().casefold()} ".replace("  ", " ")


def _holds(box: Box, other: Box | None) -> bool:
    if other is None:
        return False
    x, y = other.x + other.w / 2, other.y + other.h / 2
    return box.x <= x <= box.x + box.w and box.y <= y <= box.y + box.h

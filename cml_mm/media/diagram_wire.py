"""Diagrams as rows between two processes: what an untrusted reader says of one is checked, part by part."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from cml_mm.diagrams.values import Diagram
from cml_mm.types import Box

MOST_DIAGRAMS = 200  # in one file
MOST_PARTS = 5_000  # nodes, arrows, containers and words of one diagram together
MOST_POINTS = 100_000  # of all its arrows together
LONGEST_WORDS = 2_000
_FURTHEST = 1e9
_COLOUR = re.compile(r"(?:#[0-9a-fA-F]{6})?")

_DIAGRAMS: TypeAdapter[tuple[Diagram, ...]] = TypeAdapter(tuple[Diagram, ...], config=ConfigDict(allow_inf_nan=False))


def diagram_rows(diagrams: Sequence[Diagram]) -> list[dict[str, Any]]:
    """Diagrams as plain values for JSON."""
    return [asdict(diagram) for diagram in diagrams]


def is_passable(diagram: Diagram) -> bool:
    """Whether the other process will take it: it has no more parts than a diagram can sensibly hold, and sound ones."""
    return _is_sound(diagram)


def read_rows(rows: Any) -> tuple[Diagram, ...]:
    """The diagrams that `diagram_rows` wrote.

    Raises:
        ValueError: these are none, or more than a diagram can sensibly hold.
    """
    if not isinstance(rows, (list, tuple)) or len(rows) > MOST_DIAGRAMS or any(map(_is_heap, rows)):
        raise ValueError("no diagrams")
    try:
        found = _DIAGRAMS.validate_python(rows)
    except ValidationError as exc:
        raise ValueError("no diagrams") from exc
    if not all(map(_is_sound, found)):
        raise ValueError("not a diagram")
    return found


def _is_heap(row: Any) -> bool:
    """Whether a row holds so much that looking at all of it would take long."""
    if not isinstance(row, dict):
        return True
    held = [row.get(name) for name in ("nodes", "edges", "containers", "legend", "unplaced")]
    return sum(len(part) for part in held if isinstance(part, (list, tuple))) > MOST_PARTS


def _is_sound(diagram: Diagram) -> bool:
    ids = [part.id for part in diagram.parts]
    ends = {end for edge in diagram.edges for end in (edge.source, edge.target)}
    inside = {part.container for part in diagram.nodes} | {part.parent for part in diagram.containers}
    placed = {part.id for part in diagram.nodes} | {part.id for part in diagram.containers}
    points = [number for edge in diagram.edges for point in edge.polyline for number in point]
    numbers = [diagram.width, diagram.height, *points]
    return (
        len(ids) + len(diagram.unplaced) + len(diagram.legend) <= MOST_PARTS
        and len(points) <= 2 * MOST_POINTS
        and len(set(ids)) == len(ids)
        and ends <= placed
        and inside <= {part.id for part in diagram.containers} | {""}
        and all(map(_is_number, numbers))
        and all(map(_is_box, _boxes(diagram)))
        and all(0 <= part.confidence <= 1 for part in diagram.parts)
        and all(len(words) <= LONGEST_WORDS for words in _words(diagram))
        and all(map(_COLOUR.fullmatch, _colours(diagram)))
        and not _is_inside_itself(diagram)
    )


def _is_inside_itself(diagram: Diagram) -> bool:
    """Whether a container is, over others, its own parent."""
    parents = {part.id: part.parent for part in diagram.containers}
    clear: set[str] = set()
    for start in parents:
        way: dict[str, None] = {}
        while start and start not in clear:
            if start in way:
                return True
            way[start] = None
            start = parents[start]
        clear.update(way)
    return False


def _colours(diagram: Diagram) -> Iterator[str]:
    yield from (part.colour for part in diagram.nodes)
    yield from (entry.colour for entry in diagram.legend)


def _boxes(diagram: Diagram) -> Iterator[Box]:
    held: list[Box | None] = [part.box for part in diagram.nodes]
    held += [part.box for part in diagram.containers]
    held += [text.box for text in diagram.unplaced]
    held += [edge.label_box for edge in diagram.edges]
    return (box for box in held if box is not None)


def _words(diagram: Diagram) -> Iterator[str]:
    yield from (diagram.title, diagram.face, *diagram.notices)
    for part in diagram.parts:
        yield from (part.id, part.label)
    yield from (text.text for text in diagram.unplaced)
    yield from (entry.label for entry in diagram.legend)


def _is_box(box: Box) -> bool:
    return all(map(_is_number, (box.x, box.y, box.w, box.h))) and 0 < box.of_w < _FURTHEST and 0 < box.of_h < _FURTHEST


def _is_number(number: float) -> bool:
    return math.isfinite(number) and abs(number) < _FURTHEST

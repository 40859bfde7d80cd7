"""Corrections by hand: what a person changes in a diagram that was read, one edit after the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NoReturn, TypeVar

from cml_mm.diagrams.values import (
    AddEdge,
    AddNode,
    Confirm,
    Delete,
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramEdit,
    DiagramNode,
    Point,
    Rename,
    Reverse,
    SetHeads,
)
from cml_mm.errors import InputError, LimitExceeded
from cml_mm.types import Box

LONGEST_LABEL = 300  # characters
MOST_EDITS = 200  # at a time
MOST_PARTS = 2_000  # of a diagram that somebody adds to

Part = TypeVar("Part", DiagramNode, DiagramEdge, DiagramContainer)


def corrected(diagram: Diagram, edits: Sequence[DiagramEdit]) -> Diagram:
    """A diagram as somebody says that it is: all edits, or none where one of them cannot be made.

    A part that somebody touched counts as surely read. New parts are called "added-1", "added-2" and
    so on, whatever number is free (`new_id`), so that a later edit of the same call can name them.

    Args:
        diagram: as it was read, or as it was corrected before.
        edits: in the order in which they are made; each sees what those before it did.

    Returns: the diagram with `corrections` grown by the number of edits.
    Raises:
        InputError: an edit names a part that is not there, or says something that cannot be.
        LimitExceeded: too many edits or parts, or a label that is too long.
    """
    if len(edits) > MOST_EDITS:
        raise too_many_edits(len(edits))
    for edit in edits:
        diagram = _made(diagram, edit)
    return replace(diagram, corrections=diagram.corrections + len(edits))


def too_many_edits(count: int) -> LimitExceeded:
    """The words for more edits than can be made at a time."""
    return LimitExceeded(f"These are {count} changes at a time.", f"Make up to {MOST_EDITS} and save them.")


def new_id(diagram: Diagram) -> str:
    """What the next part that somebody adds is called."""
    taken = {part.id for part in diagram.parts}
    return next(name for number in range(1, len(taken) + 2) if (name := f"added-{number}") not in taken)


def _made(diagram: Diagram, edit: DiagramEdit) -> Diagram:
    if isinstance(edit, AddNode):
        return _with_node(diagram, edit)
    if isinstance(edit, AddEdge):
        return _with_edge(diagram, edit)
    if isinstance(edit, Delete):
        return _without(diagram, edit.part)
    if isinstance(edit, Rename):
        return _renamed(diagram, edit)
    if isinstance(edit, Confirm):
        _must_have(diagram, edit.part)
        return _changed(diagram, edit.part, _sure, _sure, _sure)
    return _turned(diagram, edit)


def _renamed(diagram: Diagram, edit: Rename) -> Diagram:
    _must_have(diagram, edit.part)
    arrow = any(edge.id == edit.part for edge in diagram.edges)
    label = _label(edit.label) if edit.label.strip() or not arrow else ""  # an arrow may say nothing
    return _changed(
        diagram,
        edit.part,
        lambda node: replace(_sure(node), label=label),
        lambda edge: replace(_sure(edge), label=label, label_box=edge.label_box if label else None),
        lambda container: replace(_sure(container), label=label),
    )


def _with_node(diagram: Diagram, edit: AddNode) -> Diagram:
    _must_have_room(diagram)
    box = _box(edit.box, diagram)
    lane = _innermost(diagram, box)
    node = DiagramNode(new_id(diagram), _label(edit.label), edit.shape, box, 1.0, lane)
    return replace(diagram, nodes=(*diagram.nodes, node))


def _with_edge(diagram: Diagram, edit: AddEdge) -> Diagram:
    _must_have_room(diagram)
    ends: dict[str, DiagramNode | DiagramContainer] = {lane.id: lane for lane in diagram.containers}
    ends |= {node.id: node for node in diagram.nodes}
    for end in (edit.source, edit.target):
        if end not in ends:
            _no_part(end)
    label = _label(edit.label) if edit.label.strip() else ""
    same = (edit.source, edit.target, edit.heads, label)
    if any((edge.source, edge.target, edge.heads, edge.label) == same for edge in diagram.edges):
        raise InputError(
            f"There is such an arrow already, from {_called(ends[edit.source])} to {_called(ends[edit.target])}.",
            "Choose other boxes, or write other words on the arrow.",
        )
    line = _straight(ends[edit.source].box, ends[edit.target].box) if edit.source != edit.target else ()
    edge = DiagramEdge(new_id(diagram), edit.source, edit.target, label, edit.heads, line)
    return replace(diagram, edges=(*diagram.edges, edge))


def _without(diagram: Diagram, part: str) -> Diagram:
    """Without a part; arrows that end there go with it, and what a lane held stands in the lane around it."""
    _must_have(diagram, part)
    around = next((lane.parent for lane in diagram.containers if lane.id == part), "")
    return replace(
        diagram,
        nodes=tuple(
            replace(node, container=around) if node.container == part else node
            for node in diagram.nodes
            if node.id != part
        ),
        edges=tuple(edge for edge in diagram.edges if part not in (edge.id, edge.source, edge.target)),
        containers=tuple(
            replace(lane, parent=around) if lane.parent == part else lane
            for lane in diagram.containers
            if lane.id != part
        ),
    )


def _turned(diagram: Diagram, edit: Reverse | SetHeads) -> Diagram:
    if all(edge.id != edit.edge for edge in diagram.edges):
        if any(part.id == edit.edge for part in diagram.parts):
            raise InputError("Only an arrow leads anywhere.", "Choose an arrow of the diagram.")
        _no_part(edit.edge)

    def turned(edge: DiagramEdge) -> DiagramEdge:
        if isinstance(edit, SetHeads):
            return replace(_sure(edge), heads=edit.heads)
        line = tuple(reversed(edge.polyline))
        return replace(_sure(edge), source=edge.target, target=edge.source, polyline=line)

    return replace(diagram, edges=_each(diagram.edges, edit.edge, turned))


def _changed(
    diagram: Diagram,
    part: str,
    node: Callable[[DiagramNode], DiagramNode],
    edge: Callable[[DiagramEdge], DiagramEdge],
    container: Callable[[DiagramContainer], DiagramContainer],
) -> Diagram:
    """The diagram with the one part that bears an id changed, whatever it is."""
    return replace(
        diagram,
        nodes=_each(diagram.nodes, part, node),
        edges=_each(diagram.edges, part, edge),
        containers=_each(diagram.containers, part, container),
    )


def _each(parts: Iterable[Part], wanted: str, change: Callable[[Part], Part]) -> tuple[Part, ...]:
    return tuple(change(part) if part.id == wanted else part for part in parts)


def _sure(part: Part) -> Part:
    return replace(part, confidence=1.0)


def _label(written: str) -> str:
    """Words for a part, on one line."""
    label = " ".join("".join(char if char.isprintable() else " " for char in written).split())
    if not label:
        raise InputError("A box or lane needs some words.", "Write what stands in it.")
    if len(label) > LONGEST_LABEL:
        raise LimitExceeded(
            f"These words are {len(label)} characters long; a label has up to {LONGEST_LABEL}.", "Shorten them."
        )
    return label


def _box(given: Box, diagram: Diagram) -> Box:
    """A new box in the diagram's own unit, the part of it that lies on the diagram."""
    numbers = (given.x, given.y, given.w, given.h, given.of_w, given.of_h)
    if not all(map(math.isfinite, numbers)) or min(given.w, given.h, given.of_w, given.of_h) <= 0:
        _no_place()
    width, height = diagram.width or given.of_w, diagram.height or given.of_h
    across, down = width / given.of_w, height / given.of_h
    left, top = max(0.0, given.x * across), max(0.0, given.y * down)
    right, foot = min(width, (given.x + given.w) * across), min(height, (given.y + given.h) * down)
    if right <= left or foot <= top:
        _no_place()
    return Box(left, top, right - left, foot - top, width, height)


def _innermost(diagram: Diagram, box: Box) -> str:
    """The smallest lane that the middle of a box lies in; "" where there is none."""
    x, y = _middle(box)
    around = [
        (lane.box.w * lane.box.h, lane.id)
        for lane in diagram.containers
        if lane.box and lane.box.x <= x <= lane.box.x + lane.box.w and lane.box.y <= y <= lane.box.y + lane.box.h
    ]
    return min(around)[1] if around else ""


def _straight(one: Box | None, other: Box | None) -> tuple[Point, ...]:
    """A line from border to border of two boxes, along the line between their middles."""
    if one is None or other is None:
        return ()
    first, last = _middle(one), _middle(other)
    return _border(one, first, last), _border(other, last, first)


def _middle(box: Box) -> Point:
    return box.x + box.w / 2, box.y + box.h / 2


def _border(box: Box, middle: Point, towards: Point) -> Point:
    """Where the way from a box's middle to a point leaves the box; the point itself where it lies within."""
    across, down = towards[0] - middle[0], towards[1] - middle[1]
    shares = [half / abs(way) for half, way in ((box.w / 2, across), (box.h / 2, down)) if way]
    share = min(1.0, *shares) if shares else 0.0
    return middle[0] + share * across, middle[1] + share * down


def _must_have(diagram: Diagram, part: str) -> None:
    if all(one.id != part for one in diagram.parts):
        _no_part(part)


def _must_have_room(diagram: Diagram) -> None:
    if len(diagram.parts) >= MOST_PARTS:
        raise LimitExceeded(
            f"This diagram has {len(diagram.parts)} boxes and arrows, which is as many as can be changed by hand.",
            "Delete some that are none, or split the diagram.",
        )


def _called(part: DiagramNode | DiagramContainer) -> str:
    return f"“{part.label}”" if part.label else "a box without words"


def _no_part(part: str) -> NoReturn:
    raise InputError(
        f"The diagram has no part {part[:60]!r} (any more).",
        "It may have been deleted meanwhile; look at the diagram again.",
    )


def _no_place() -> NoReturn:
    raise InputError("The new box has no place on the diagram.", "Draw it within the picture.")

"""What a diagram holds: boxes, arrows, lanes, a legend, and the words that belong to none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Union

from cml_mm.types import Box

Point = tuple[float, float]
DiagramOrigin = Literal["dot", "mermaid", "plantuml", "drawio", "svg", "pptx", "picture"]
NodeShape = Literal[
    "box",
    "rounded",
    "ellipse",
    "circle",
    "diamond",
    "cylinder",
    "hexagon",
    "parallelogram",
    "trapezium",
    "triangle",
    "note",
    "actor",
    "icon",
    "text",
    "other",
]
# At which ends a line has an arrowhead: at its target, at both, at none.
Heads = Literal["target", "both", "none"]
LineStyle = Literal["solid", "dashed", "dotted", "thick"]

UNCLEAR = 0.6  # a part that was read with less confidence is shown as unclear


@dataclass(frozen=True)
class DiagramNode:
    """A box, whatever its shape. `box` is None only until a diagram without places is laid out.

    `container` is the id of the innermost lane or group that holds it, "" for none; `colour` is
    its fill as "#rrggbb", "" where unknown; `confidence` is how surely it was read, 0 to 1.
    """

    id: str
    label: str
    shape: NodeShape = "box"
    box: Box | None = None
    confidence: float = 1.0
    container: str = ""
    colour: str = ""


@dataclass(frozen=True)
class DiagramEdge:
    """A line between two nodes, or between containers where the source says so.

    `polyline` runs from `source` to `target` in the unit of the diagram's boxes; `label_box` is
    where its words stand.
    """

    id: str
    source: str
    target: str
    label: str = ""
    heads: Heads = "target"
    polyline: tuple[Point, ...] = ()
    confidence: float = 1.0
    style: LineStyle = "solid"
    label_box: Box | None = None


@dataclass(frozen=True)
class DiagramContainer:
    """A lane, a group, a frame; `parent` is the id of the container around it, "" for none."""

    id: str
    label: str
    box: Box | None = None
    parent: str = ""
    confidence: float = 1.0


DiagramPart = Union[DiagramNode, DiagramEdge, DiagramContainer]


@dataclass(frozen=True)
class LegendEntry:
    """What a colour stands for, by the diagram's own legend."""

    colour: str  # "#rrggbb"
    label: str


@dataclass(frozen=True)
class FreeText:
    """Words that belong to no box and no arrow: a title, a note, a caption."""

    text: str
    box: Box | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Diagram:
    """One diagram. `width` and `height` span its boxes' unit: the pixels of a picture, or the source's own.

    `face` is the page or picture of the file that it stands on (`visits.Face.key`), "" in running
    text; `notices` say in sentences what could not be read or only with doubt; `corrections` counts
    what people changed by hand. Ids of nodes, containers and edges are unique among all three.
    """

    title: str
    origin: DiagramOrigin
    nodes: tuple[DiagramNode, ...] = ()
    edges: tuple[DiagramEdge, ...] = ()
    containers: tuple[DiagramContainer, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    unplaced: tuple[FreeText, ...] = ()
    width: float = 0.0
    height: float = 0.0
    face: str = ""
    notices: tuple[str, ...] = ()
    corrections: int = 0

    @property
    def has_structure(self) -> bool:
        """Whether anything is joined: boxes without a single arrow say no more than their words."""
        return bool(self.nodes and self.edges)

    @property
    def parts(self) -> tuple[DiagramPart, ...]:
        """Everything that has an id."""
        return (*self.nodes, *self.edges, *self.containers)

    @property
    def unclear(self) -> tuple[str, ...]:
        """Ids of the parts that were read with doubt."""
        return tuple(part.id for part in self.parts if part.confidence < UNCLEAR)


@dataclass(frozen=True)
class Rename:
    """Other words for a node, an arrow or a container."""

    part: str
    label: str


@dataclass(frozen=True)
class AddNode:
    """A box that was not read."""

    label: str
    box: Box
    shape: NodeShape = "box"


@dataclass(frozen=True)
class AddEdge:
    """An arrow that was not read."""

    source: str
    target: str
    label: str = ""
    heads: Heads = "target"


@dataclass(frozen=True)
class Delete:
    """A part that is none; with a node go its arrows."""

    part: str


@dataclass(frozen=True)
class Reverse:
    """An arrow that leads the other way."""

    edge: str


@dataclass(frozen=True)
class SetHeads:
    """At which ends an arrow has a head."""

    edge: str
    heads: Heads


@dataclass(frozen=True)
class Confirm:
    """A part that was read with doubt, and rightly."""

    part: str


DiagramEdit = Union[Rename, AddNode, AddEdge, Delete, Reverse, SetHeads, Confirm]

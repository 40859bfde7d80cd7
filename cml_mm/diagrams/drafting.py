"""A diagram while its source is read: parts are met in any order, named first and described later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cml_mm.diagrams.label_text import LONGEST
from cml_mm.diagrams.values import (
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramNode,
    DiagramOrigin,
    FreeText,
    Heads,
    LineStyle,
    NodeShape,
    Point,
)
from cml_mm.errors import LimitExceeded
from cml_mm.types import Box

MOST_NODES = 2_000
MOST_EDGES = 5_000
MOST_CONTAINERS = 500
MOST_PARTS = 5_000  # of all kinds together: what may pass between two processes
MOST_MENTIONS = 50_000  # of nodes, again and again
MOST_POINTS = 80_000  # of all arrows together; those that come later are drawn from end to end
_SPLIT = "Split it into several diagrams, and add those."


@dataclass
class DraftNode:
    """A box so far; `label` is None until the source gives one."""

    label: str | None = None
    shape: NodeShape | None = None
    colour: str = ""
    container: str = ""
    box: Box | None = None
    confidence: float = 1.0


@dataclass
class DraftContainer:
    """A lane or group so far."""

    label: str
    parent: str = ""
    box: Box | None = None
    members: dict[str, None] = field(default_factory=dict)  # nodes named inside it, in order


@dataclass
class DraftEdge:
    """A line so far."""

    source: str
    target: str
    label: str = ""
    heads: Heads = "target"
    style: LineStyle = "solid"
    polyline: tuple[Point, ...] = ()
    label_box: Box | None = None
    confidence: float = 1.0


class Draft:
    """Collects the parts of one diagram, by the names that its source gives them."""

    def __init__(self, origin: DiagramOrigin, title: str = "") -> None:
        self.origin: DiagramOrigin = origin
        self.title = title
        self.nodes: dict[str, DraftNode] = {}
        self.containers: dict[str, DraftContainer] = {}
        self.edges: list[DraftEdge] = []
        self.unplaced: list[FreeText] = []
        self.notices: list[str] = []
        self._mentions = 0
        self._points = 0

    def node(self, name: str) -> DraftNode:
        """The box of this name, made when it is new.

        Raises:
            LimitExceeded: there are too many.
        """
        self._mentions += 1
        if self._mentions > MOST_MENTIONS:
            raise LimitExceeded(f"This diagram names its boxes more than {MOST_MENTIONS:,} times.", _SPLIT)
        found = self.nodes.get(name)
        if found is None:
            self._count()
            if len(self.nodes) >= MOST_NODES:
                raise LimitExceeded(f"This diagram has more than {MOST_NODES:,} boxes.", _SPLIT)
            found = self.nodes[name] = DraftNode()
        return found

    def container(self, name: str, label: str, parent: str = "") -> DraftContainer:
        """The group of this name, made when it is new.

        Raises:
            LimitExceeded: there are too many.
        """
        found = self.containers.get(name)
        if found is None:
            self._count()
            if len(self.containers) >= MOST_CONTAINERS:
                raise LimitExceeded(f"This diagram has more than {MOST_CONTAINERS:,} groups.", _SPLIT)
            found = self.containers[name] = DraftContainer(label, parent)
        return found

    def edge(self, edge: DraftEdge) -> None:
        """One more line.

        Raises:
            LimitExceeded: there are too many.
        """
        self._count()
        if len(self.edges) >= MOST_EDGES:
            raise LimitExceeded(f"This diagram has more than {MOST_EDGES:,} arrows.", _SPLIT)
        self._points += len(edge.polyline)
        if self._points > MOST_POINTS:
            edge.polyline = edge.polyline[:: max(1, len(edge.polyline) - 1)]
        self.edges.append(edge)

    def words(self, text: str, box: Box | None = None) -> None:
        """Words that belong to no part.

        Raises:
            LimitExceeded: there are too many.
        """
        if text:
            self._count()
            self.unplaced.append(FreeText(_shortened(text), box))

    def close(self, container: str) -> None:
        """Everything was read that stands inside a group: what it named first belongs to it."""
        for name in self.containers[container].members:
            node = self.nodes.get(name)
            if node is not None and not node.container:
                node.container = container

    def _count(self) -> None:
        if len(self.nodes) + len(self.edges) + len(self.containers) + len(self.unplaced) >= MOST_PARTS:
            raise LimitExceeded(f"This diagram has more than {MOST_PARTS:,} parts.", _SPLIT)

    def finished(self, width: float = 0.0, height: float = 0.0, face: str = "") -> Diagram:
        """The diagram. Ids are the source's names, made different where two parts share one."""
        # A name that was only ever an arrow's end, and turns out to be a group's, is that group.
        for name in [name for name, node in self.nodes.items() if name in self.containers and node.label is None]:
            del self.nodes[name]
        ids = _ids((("node", self.nodes), ("group", self.containers)))
        taken = set(ids.values())
        edges, used = [], 0
        for edge in self.edges:
            used += 1
            while f"edge-{used}" in taken:
                used += 1
            edges.append(self._edge(edge, f"edge-{used}", ids))
        texts = [node.label or "" for node in self.nodes.values()] + [edge.label for edge in self.edges]
        texts += [group.label for group in self.containers.values()]
        long = sum(len(text) > LONGEST for text in texts)
        notices = [*self.notices]
        if long:
            notices.append(f"{long} {'label is' if long == 1 else 'labels are'} shortened to {LONGEST:,} characters.")
        return Diagram(
            title=_shortened(self.title),
            origin=self.origin,
            nodes=tuple(self._node(name, node, ids) for name, node in self.nodes.items()),
            edges=tuple(edges),
            containers=tuple(
                DiagramContainer(
                    ids["group", name], _shortened(group.label), group.box, ids.get(("group", group.parent), "")
                )
                for name, group in self.containers.items()
            ),
            unplaced=tuple(self.unplaced),
            width=width,
            height=height,
            face=face,
            notices=tuple(notices),
        )

    def _node(self, name: str, node: DraftNode, ids: dict[tuple[str, str], str]) -> DiagramNode:
        label = _shortened(name if node.label is None else node.label)
        container = ids.get(("group", node.container), "")
        return DiagramNode(
            ids["node", name], label, node.shape or "box", node.box, node.confidence, container, node.colour
        )

    def _edge(self, edge: DraftEdge, own: str, ids: dict[tuple[str, str], str]) -> DiagramEdge:
        source, target = (ids.get(("node", end)) or ids["group", end] for end in (edge.source, edge.target))
        return DiagramEdge(
            own,
            source,
            target,
            _shortened(edge.label),
            edge.heads,
            edge.polyline,
            edge.confidence,
            edge.style,
            edge.label_box,
        )


def _ids(kinds: Iterable[tuple[str, Iterable[str]]]) -> dict[tuple[str, str], str]:
    """An id of its own for every name, by kind and name."""
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for kind, names in kinds:
        for count, name in enumerate(names, 1):
            first = own = name if name and len(name) <= 200 and name.isprintable() else f"{kind}-{count}"
            number = 2
            while own in taken:
                own, number = f"{first}-{kind}-{number}", number + 1
            taken.add(own)
            found[kind, name] = own
    return found


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

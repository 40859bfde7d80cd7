"""What changed between two versions of a diagram.

Boxes are the same where their labels are, small slips forgiven. Of the others, two are one box with a
new name where they stand between the same boxes and their names are not wholly apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cml_mm.diagrams.labels import SURE, folded, likeness
from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import DiagramContainer, DiagramEdge, DiagramNode

_SAME_AROUND = 0.5  # of the neighbours, where names are alike
_ALIKE = 0.35  # of two names for one box


@dataclass(frozen=True)
class ChangedNode:
    """A box in both versions that was renamed, or stands in another lane."""

    old: DiagramNode
    new: DiagramNode
    renamed: bool = False
    old_lane: str = ""  # labels; both empty where it has not moved
    new_lane: str = ""

    @property
    def moved(self) -> bool:
        return self.old_lane != self.new_lane


@dataclass(frozen=True)
class ChangedEdge:
    """An arrow in both versions that leads the other way, has other heads, or says something else."""

    old: DiagramEdge
    new: DiagramEdge
    reversed: bool = False
    headed: bool = False
    relabelled: bool = False


@dataclass(frozen=True)
class DiagramChanges:
    """From an older version to a newer one. `same` pairs the ids of boxes and lanes that are in both."""

    same: tuple[tuple[str, str], ...]
    added: tuple[DiagramNode, ...] = ()
    removed: tuple[DiagramNode, ...] = ()
    changed: tuple[ChangedNode, ...] = ()
    added_edges: tuple[DiagramEdge, ...] = ()
    removed_edges: tuple[DiagramEdge, ...] = ()
    changed_edges: tuple[ChangedEdge, ...] = ()
    added_lanes: tuple[DiagramContainer, ...] = ()
    removed_lanes: tuple[DiagramContainer, ...] = ()

    @property
    def none(self) -> bool:
        """Whether both say the same."""
        nodes = (*self.added, *self.removed, *self.changed, *self.added_lanes, *self.removed_lanes)
        return not nodes and not (self.added_edges or self.removed_edges or self.changed_edges)


def changes(old: DiagramGraph, new: DiagramGraph) -> DiagramChanges:
    """What was added, removed, renamed, moved, turned round and relabelled."""
    lanes = _by_label(old.diagram.containers, new.diagram.containers)
    nodes = _by_label(old.diagram.nodes, new.diagram.nodes)
    _add_renamed(nodes, old, new)
    same = {**lanes, **nodes}
    back = set(same.values())
    kept_edges, added_edges, removed_edges = _edges(old, new, same)
    return DiagramChanges(
        tuple(same.items()),
        tuple(node for node in new.diagram.nodes if node.id not in back),
        tuple(node for node in old.diagram.nodes if node.id not in same),
        tuple(_changed_nodes(nodes, old, new, lanes)),
        added_edges,
        removed_edges,
        kept_edges,
        tuple(lane for lane in new.diagram.containers if lane.id not in back),
        tuple(lane for lane in old.diagram.containers if lane.id not in same),
    )


def _by_label(
    old: Sequence[DiagramNode | DiagramContainer], new: Sequence[DiagramNode | DiagramContainer]
) -> dict[str, str]:
    """Pairs with the same label, then those with nearly the same, each part once."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    words: dict[str, list[str]] = {}
    for part in new:
        words.setdefault(folded(part.label), []).append(part.id)
    for part in old:
        for other in words.get(folded(part.label), []):
            if other not in taken:
                found[part.id] = other
                taken.add(other)
                break
    left = [part for part in new if part.id not in taken]
    pairs = [
        (score, part.id, other.id)
        for part in old
        if part.id not in found
        for other in left
        if (score := likeness(part.label, other.label)) >= SURE
    ]
    _take(sorted(pairs, key=lambda pair: -pair[0]), found, taken)
    return found


def _take(pairs: Iterable[tuple[float, str, str]], found: dict[str, str], taken: set[str]) -> None:
    """The best pairs, each part once."""
    for _, one, other in pairs:
        if one not in found and other not in taken:
            found[one] = other
            taken.add(other)


def _add_renamed(found: dict[str, str], old: DiagramGraph, new: DiagramGraph) -> None:
    taken = set(found.values())
    around_new = {
        node.id: {step.end for step in new.joined(node.id)} for node in new.diagram.nodes if node.id not in taken
    }
    labels = {node.id: node.label for node in new.diagram.nodes}
    pairs = []
    for node in old.diagram.nodes:
        if node.id in found:
            continue
        around = {found.get(step.end, step.end) for step in old.joined(node.id)}
        for other, others in around_new.items():
            shared = len(around & others) / max(1, len(around | others))
            alike = likeness(node.label, labels[other])
            if shared >= _SAME_AROUND and alike >= _ALIKE:
                pairs.append((shared + alike, node.id, other))
    _take(sorted(pairs, key=lambda pair: -pair[0]), found, taken)


def _changed_nodes(
    pairs: dict[str, str], old: DiagramGraph, new: DiagramGraph, lanes: dict[str, str]
) -> Iterable[ChangedNode]:
    for one, other in pairs.items():
        before, after = old.nodes[one], new.nodes[other]
        renamed = folded(before.label) != folded(after.label)
        if lanes.get(before.container, before.container) == after.container:
            moved = ("", "")
        else:
            moved = (_lane(before, old), _lane(after, new))
        if renamed or moved[0] != moved[1]:
            yield ChangedNode(before, after, renamed, *moved)


def _lane(node: DiagramNode, graph: DiagramGraph) -> str:
    return graph.label(node.container) if node.container else ""


def _edges(
    old: DiagramGraph, new: DiagramGraph, same: dict[str, str]
) -> tuple[tuple[ChangedEdge, ...], tuple[DiagramEdge, ...], tuple[DiagramEdge, ...]]:
    """Those that changed, those that were added, those that were removed."""
    left = list(new.diagram.edges)
    changed: list[ChangedEdge] = []
    removed: list[DiagramEdge] = []
    waiting: list[DiagramEdge] = []
    for edge in old.diagram.edges:
        ends = same.get(edge.source), same.get(edge.target)
        twins = [other for other in left if (other.source, other.target) == ends]
        twin = min(twins, key=lambda other: folded(other.label) != folded(edge.label), default=None)
        if twin is None:
            waiting.append(edge)
            continue
        left.remove(twin)
        headed, relabelled = edge.heads != twin.heads, folded(edge.label) != folded(twin.label)
        if headed or relabelled:
            changed.append(ChangedEdge(edge, twin, False, headed, relabelled))
    for edge in waiting:
        ends = same.get(edge.target), same.get(edge.source)
        twin = next((other for other in left if (other.source, other.target) == ends), None)
        if twin is None:
            removed.append(edge)
            continue
        left.remove(twin)
        turned = edge.heads == "target" and twin.heads == "target"
        headed, relabelled = edge.heads != twin.heads, folded(edge.label) != folded(twin.label)
        if turned or headed or relabelled:
            changed.append(ChangedEdge(edge, twin, turned, headed, relabelled))
    return tuple(changed), tuple(left), tuple(removed)

"""How much of a known diagram was read: boxes by their words, arrows with and without direction, words at arrows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode
from cml_mm.types import Box

ALIKE = 0.8  # labels at least so similar are the same
COVERED = 0.5  # boxes whose common part is so much of both together are at the same place
_DASHES = "–—−"


@dataclass(frozen=True)
class Tally:
    """Parts that were read rightly, that there are, and that were read at all; tallies add up."""

    hits: int = 0
    known: int = 0
    read: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.hits + other.hits, self.known + other.known, self.read + other.read)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where there was nothing and nothing was read."""
        return 2 * self.hits / (self.known + self.read) if self.known + self.read else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.known if self.known else 1.0


@dataclass(frozen=True)
class Score:
    """One diagram's tallies, or the sum of many.

    A directed arrow is a pair of ends in order, one with two heads is two of them, and a line
    without heads only itself; undirected is a pair of ends whatever the heads. `words`, `boxes`
    and `shapes` count only recall: `read` is of no meaning there.
    """

    nodes: Tally = field(default_factory=Tally)
    directed: Tally = field(default_factory=Tally)
    undirected: Tally = field(default_factory=Tally)
    words: Tally = field(default_factory=Tally)
    boxes: Tally = field(default_factory=Tally)
    shapes: Tally = field(default_factory=Tally)

    def __add__(self, other: Score) -> Score:
        return Score(
            self.nodes + other.nodes,
            self.directed + other.directed,
            self.undirected + other.undirected,
            self.words + other.words,
            self.boxes + other.boxes,
            self.shapes + other.shapes,
        )

    @property
    def is_perfect(self) -> bool:
        return self.nodes.f1 == self.directed.f1 == 1.0


def scored(truth: Diagram, read: Diagram) -> Score:
    """Compare what was read with what is there.

    Args:
        truth: every part.
        read: with ids of its own; its boxes' unit may differ, what counts is their share of the whole.
    """
    pairs = matched(truth.nodes, read.nodes)
    names = {there.id: here.id for here, there in pairs}
    known = _directed(truth.edges, {node.id: node.id for node in truth.nodes})
    found = _directed(read.edges, names)
    bare_known, bare_found = ({frozenset(arrow[:2]) for arrow in arrows} for arrows in (known, found))
    placed = [(here, there) for here, there in pairs if here.box is not None and there.box is not None]
    shaped = [(here, there) for here, there in pairs if here.shape != "other"]
    return Score(
        Tally(len(pairs), len(truth.nodes), len(read.nodes)),
        Tally(len(known & found), len(known), len(found)),
        Tally(len(bare_known & bare_found), len(bare_known), len(bare_found)),
        _words(truth.edges, read.edges, names),
        Tally(
            sum(_common(here.box, there.box) >= COVERED for here, there in placed),
            sum(node.box is not None for node in truth.nodes),
        ),
        Tally(sum(here.shape == there.shape for here, there in shaped), len(shaped)),
    )


def matched(truth: Iterable[DiagramNode], read: Iterable[DiagramNode]) -> list[tuple[DiagramNode, DiagramNode]]:
    """Boxes with the same words, one to one, so that all together are as alike as can be."""
    here, there = list(truth), list(read)
    if not here or not there:
        return []
    alike = np.array([[likeness(a.label, b.label) for b in there] for a in here])
    rows, columns = linear_sum_assignment(-alike)
    return [(here[a], there[b]) for a, b in zip(rows, columns, strict=True) if alike[a, b] >= ALIKE]


def likeness(one: str, other: str) -> float:
    """How alike two labels are, 0 to 1; case, spaces and marks do not count, unless there is nothing else."""
    return float(Levenshtein.normalized_similarity(_bare(one), _bare(other)))


def _bare(label: str) -> str:
    letters = re.sub(r"[\W_]", "", label.casefold())
    return letters or "".join("-" if sign in _DASHES else sign for sign in label.split())


def _directed(edges: Iterable[DiagramEdge], names: dict[str, str]) -> set[tuple[str, str, str]]:
    """Arrows as pairs of the truth's ids; an end that is no known box keeps a name that matches none."""
    arrows = set()
    for edge in edges:
        a, b = (names.get(end, f"? {end}") for end in (edge.source, edge.target))
        if edge.heads == "none":
            arrows.add((*sorted((a, b)), "none"))
        else:
            arrows.add((a, b, "to"))
            arrows |= {(b, a, "to")} if edge.heads == "both" else set()
    return arrows


def _words(truth: Iterable[DiagramEdge], read: Iterable[DiagramEdge], names: dict[str, str]) -> Tally:
    """Words at arrows, found at the same two ends; at a line with one head also in its direction."""
    said: dict[tuple[str, str], list[str]] = {}
    for edge in read:
        a, b = (names.get(end, f"? {end}") for end in (edge.source, edge.target))
        for ends in ((a, b),) if edge.heads == "target" else ((a, b), (b, a)):
            said.setdefault(ends, []).append(edge.label)
    wanted = [edge for edge in truth if edge.label]
    hits = 0
    for edge in wanted:
        there = said.get((edge.source, edge.target), [])
        hits += any(likeness(edge.label, label) >= ALIKE for label in there if label)
    return Tally(hits, len(wanted))


def _common(one: Box | None, other: Box | None) -> float:
    """Intersection over union, each box as shares of its picture."""
    if one is None or other is None:
        return 0.0
    a, b = (
        (box.x / box.of_w, box.y / box.of_h, (box.x + box.w) / box.of_w, (box.y + box.h) / box.of_h)
        for box in (one, other)
    )
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return wide * high / (areas - wide * high)

"""The graph that cited lines of a diagram say, read back from their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cml_mm.diagrams.labels import folded, stems_of
from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Heads
from cml_mm.types import Evidence, PictureArea

_SIGNS: dict[str, Heads] = {" → ": "target", " ↔ ": "both", " — ": "none"}
_SIGN = re.compile("( → | ↔ | — )")
_BOX = re.compile(
    r"^(?:Box|Rounded box|Oval|Circle|Diamond|Cylinder|Hexagon|Parallelogram|Trapezium|Triangle|Note|Person|Icon"
    r"|Words): (?P<name>.+)$"
)
_LANE = re.compile(r"^In (?P<name>the lane .+?|a lane without a name(?: \(\d+\))?): (?P<inside>.+)$")


@dataclass(frozen=True)
class SaidArrow:
    """An arrow as a line says it; `heads` as in `DiagramEdge`."""

    start: str
    end: str
    label: str
    heads: Heads


@dataclass(frozen=True)
class SaidGraph:
    """What the cited lines of diagrams say: names of boxes and lanes, arrows, what stands in which lane.

    `counts` are the numbers of boxes, of arrows and of lanes that each piece of evidence shows, and
    of all together.
    """

    boxes: tuple[str, ...] = ()
    lanes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    arrows: tuple[SaidArrow, ...] = ()
    counts: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Everything that can be named, longest first."""
        ends = (end for arrow in self.arrows for end in (arrow.start, arrow.end))
        inside = (name for names in self.lanes.values() for name in names)
        found = dict.fromkeys((*self.boxes, *self.lanes, *ends, *inside))
        return tuple(sorted(found, key=lambda name: -len(name)))

    @cached_property
    def drawn(self) -> DiagramGraph:
        """The same as a diagram without places; names are its ids."""
        ends = dict.fromkeys(end for arrow in self.arrows for end in (arrow.start, arrow.end))
        nodes = (DiagramNode(name, name) for name in dict.fromkeys((*self.boxes, *ends)))
        edges = (
            DiagramEdge(f"arrow {at}", one.start, one.end, one.label, one.heads) for at, one in enumerate(self.arrows)
        )
        return DiagramGraph(Diagram("", "picture", tuple(nodes), tuple(edges)))

    @cached_property
    def _next(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for arrow in self.arrows:
            if arrow.heads in ("target", "both"):
                found.setdefault(arrow.start, set()).add(arrow.end)
            if arrow.heads == "both":
                found.setdefault(arrow.end, set()).add(arrow.start)
        return found

    def directly(self, start: str, end: str) -> bool:
        """Whether one arrow leads from one to the other."""
        return end in self._next.get(start, ())

    def leads(self, start: str, end: str) -> bool:
        """Whether arrows lead there, however many."""
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for name in self._next.get(waiting.pop(), ()):
                if name == end:
                    return True
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return False

    def joined(self, one: str, other: str) -> bool:
        """Whether a line joins both, whichever way."""
        return any({arrow.start, arrow.end} == {one, other} for arrow in self.arrows)

    def meets(self, one: str, other: str) -> bool:
        """Whether a line joins both, or arrows lead from one to the other."""
        return self.joined(one, other) or self.leads(one, other) or self.leads(other, one)

    def entered(self, name: str) -> bool:
        return any(name in ends for start, ends in self._next.items() if start != name)

    def left(self, name: str) -> bool:
        return bool(self._next.get(name, set()) - {name})

    def labelled(self, verb: str) -> tuple[SaidArrow, ...]:
        """The arrows whose words hold all words of a verb."""
        said = set(stems_of(verb))
        return tuple(arrow for arrow in self.arrows if said and said <= set(stems_of(arrow.label)))


def said_graph(cited: Iterable[Evidence]) -> SaidGraph | None:
    """Reads what cited evidence says of diagrams; None where none of it is of a diagram's parts."""
    boxes: dict[str, None] = {}
    lanes: dict[str, tuple[str, ...]] = {}
    drawn: dict[str, None] = {}
    counts: dict[str, set[int]] = {"boxes": set(), "arrows": set(), "lanes": set(), "parts": set()}
    items = [(one, one.locator) for one in cited if isinstance(one.locator, PictureArea) and one.locator.parts]
    if not items:
        return None
    every: dict[str, dict[str, None]] = {"boxes": {}, "arrows": {}, "lanes": {}}
    for item, place in items:
        own: dict[str, list[str]] = {"boxes": [], "arrows": [], "lanes": []}
        for line in (line.strip() for line in item.passage.split("\n") if line.strip()):
            if found := _LANE.match(line):
                lanes[found["name"]] = tuple(found["inside"].split(", "))
                own["lanes"].append(line)
            elif found := _BOX.match(line):
                boxes[found["name"]] = None
                own["boxes"].append(line)
            elif _SIGN.search(line):
                drawn[line] = None
                own["arrows"].append(line)
        for kind, lines in own.items():
            counts[kind].add(len(lines))
            every[kind].update(dict.fromkeys(f"{item.source.slug}/{place.section}/{line}" for line in lines))
    for kind, lines_of_all in every.items():
        counts[kind].add(len(lines_of_all))
    counts["parts"].add(sum(len(lines_of_all) for lines_of_all in every.values()))
    arrows = tuple(arrow for line in drawn if (arrow := _arrow(line, boxes)) is not None)
    return SaidGraph(tuple(boxes), lanes, arrows, {kind: frozenset(found) for kind, found in counts.items()})


def of_same_diagrams(shown: Iterable[Evidence], cited: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence that is of the same diagrams as what is cited."""
    places = {_place(one) for one in cited} - {None}
    return tuple(one for one in shown if _place(one) in places)


def _place(one: Evidence) -> tuple[str, str, str] | None:
    """Where a piece of a diagram is from: file, section, face; None for any other evidence."""
    place = one.locator
    return (one.source.slug, place.section, place.face) if isinstance(place, PictureArea) and place.parts else None


def _arrow(line: str, boxes: Mapping[str, None]) -> SaidArrow | None:
    """An arrow's line taken apart; where names hold a sign themselves, the cut between known names is taken."""
    cuts = [(line[: hit.start()], hit[0], line[hit.end() :]) for hit in _SIGN.finditer(line)]
    known = [cut for cut in cuts if cut[0] in boxes]
    for start, sign, rest in known or cuts[:1]:
        end, label = _end_and_label(rest, boxes)
        return SaidArrow(start, end, label, _SIGNS[sign])
    return None


def _end_and_label(rest: str, boxes: Mapping[str, None]) -> tuple[str, str]:
    if rest in boxes:
        return rest, ""
    at = [found.start() for found in re.finditer(": ", rest)]
    known = [place for place in at if rest[:place] in boxes]
    for place in known or at[:1]:
        return rest[:place], rest[place + 2 :]
    return rest, ""


def same(one: str, other: str) -> bool:
    """Whether two names are the same words."""
    return folded(one).split() == folded(other).split()


def lane_name(name: str) -> str:
    """The name of a lane without the words that mark it as one."""
    return name.removeprefix("the lane ")


def stems_in(texts: Sequence[str]) -> frozenset[str]:
    """The stems of all words of some texts."""
    return frozenset(stem for text in texts for stem in stems_of(text))

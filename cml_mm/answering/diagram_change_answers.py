"""Answers to what changed between two versions of a diagram."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_mentions import Mentions
from cml_mm.answering.diagram_questions import DiagramQuestion
from cml_mm.answering.diagram_shelf import OneDiagram
from cml_mm.answering.diagram_telling import DiagramFinding, Teller
from cml_mm.diagrams.changes import ChangedEdge, ChangedNode, DiagramChanges, changes
from cml_mm.diagrams.values import DiagramEdge

MOST_TOLD = 30
_NUMBER = re.compile(r"(?:v|version|draft|rev)[ ._-]?(\d{1,4})\b|(\d{1,4})(?=\D*$)", re.IGNORECASE)


@dataclass(frozen=True)
class ChangeAnswers:
    """Of an older and a newer version."""

    old: Teller
    new: Teller

    def told(self, asked: DiagramQuestion) -> DiagramFinding:
        """Every change as a sentence that cites it where it can be seen: what is gone, in the older one.

        Only what went or came, or whether a box is still there, where that is asked.
        """
        found = changes(self.old.graph, self.new.graph)
        if asked.words == "still" and (kept := self._still(asked.question, found)):
            return kept
        if asked.words in ("removed", "added"):
            return self._one_way(asked.words, found)
        title = f"From {self.old.one.place} to {self.new.one.place}"
        if found.none:
            cites = (self.old.cite.whole(), self.new.cite.whole())
            return DiagramFinding(title, (Draft("Both have the same boxes and the same arrows.", cites, 0),))
        drafts = [*self._of_nodes(found), *self._of_lanes(found), *self._of_edges(found)]
        left = len(drafts) - MOST_TOLD
        more = [Draft(f"{left} more changes are not told here.", (), 1)] if left > 0 else []
        parts = (*(node.id for node in found.added), *(pair.new.id for pair in found.changed))
        return DiagramFinding(title, (*drafts[:MOST_TOLD], *more), parts)

    def _still(self, question: str, found: DiagramChanges) -> DiagramFinding | None:
        """Whether boxes of the older version are in the newer one; None where the question names none."""
        nodes = self.old.graph.diagram.nodes
        meant = Mentions.of(question, [(node.id, node.label) for node in nodes]).found
        same, changed = dict(found.same), {pair.old.id: pair for pair in found.changed if pair.renamed}
        drafts = []
        for part in (one.part for one in meant):
            if part in changed:
                before, after = self.old.name(part), self.new.name(changed[part].new.id)
                cites = (self.old.cite.part(part), self.new.cite.part(changed[part].new.id))
                drafts.append(Draft(f"No: the box {before} is now called {after}.", cites, 0))
            elif part in same:
                cites = (self.old.cite.part(part), self.new.cite.part(same[part]))
                drafts.append(Draft(f"Yes: {self.new.name(same[part])} is in the diagram still.", cites, 0))
            else:
                drafts.append(self.old.draft(f"No: the box {self.old.name(part)} was removed.", [part]))
        title = f"From {self.old.one.place} to {self.new.one.place}"
        return DiagramFinding(title, tuple(drafts), tuple(one.part for one in meant)) if meant else None

    def _one_way(self, kind: str, found: DiagramChanges) -> DiagramFinding:
        """What went, or what came: boxes and lanes; a new name counts as neither and is said."""
        side, nodes = (self.old, found.removed) if kind == "removed" else (self.new, found.added)
        lanes = found.removed_lanes if kind == "removed" else found.added_lanes
        drafts = [side.draft(f"The box {side.name(node.id)} was {kind}.", [node.id]) for node in nodes]
        drafts += [side.draft(f"{_upper(side.name(lane.id))} was {kind}.", [lane.id]) for lane in lanes]
        if not drafts:
            drafts = [Draft(f"No box was {kind}.", (self.old.cite.whole(), self.new.cite.whole()), 0)]
        drafts += [draft for pair in found.changed if pair.renamed for draft in self._of_pair(pair)]
        title = f"From {self.old.one.place} to {self.new.one.place}"
        parts = tuple(node.id for node in nodes) if kind == "added" else ()
        return DiagramFinding(title, tuple(drafts[:MOST_TOLD]), parts)

    def _of_nodes(self, found: DiagramChanges) -> Iterator[Draft]:
        for node in found.added:
            yield self.new.draft(f"The box {self.new.name(node.id)} was added.", [node.id])
        for node in found.removed:
            yield self.old.draft(f"The box {self.old.name(node.id)} was removed.", [node.id])
        for pair in found.changed:
            yield from self._of_pair(pair)

    def _of_pair(self, pair: ChangedNode) -> Iterator[Draft]:
        before, after = self.old.name(pair.old.id), self.new.name(pair.new.id)
        cites = (self.old.cite.part(pair.old.id), self.new.cite.part(pair.new.id))
        if pair.renamed:
            yield Draft(f"The box {before} is now called {after}.", cites, 0)
        if pair.moved:
            lanes = [f"the lane “{lane}”" if lane else "no lane" for lane in (pair.old_lane, pair.new_lane)]
            yield Draft(f"The box {after} moved from {lanes[0]} to {lanes[1]}.", self._moved(pair), 0)

    def _moved(self, pair: ChangedNode) -> tuple[int, ...]:
        """The box in both versions, and the lanes that held it."""
        sides = ((self.old, pair.old), (self.new, pair.new))
        return tuple(
            number
            for side, node in sides
            for number in side.cite.parts([node.id, *([node.container] if node.container else [])])
        )

    def _of_lanes(self, found: DiagramChanges) -> Iterator[Draft]:
        for lane in found.added_lanes:
            yield self.new.draft(f"{_upper(self.new.name(lane.id))} was added.", [lane.id])
        for lane in found.removed_lanes:
            yield self.old.draft(f"{_upper(self.old.name(lane.id))} was removed.", [lane.id])

    def _of_edges(self, found: DiagramChanges) -> Iterator[Draft]:
        for pair in found.changed_edges:
            yield from self._of_edge(pair)
        for edge in found.added_edges:
            yield self.new.draft(f"The arrow from {_ends(self.new, edge)} was added.", [edge.id])
        for edge in found.removed_edges:
            yield self.old.draft(f"The arrow from {_ends(self.old, edge)} was removed.", [edge.id])

    def _of_edge(self, pair: ChangedEdge) -> Iterator[Draft]:
        cites = (self.old.cite.part(pair.old.id), self.new.cite.part(pair.new.id))
        ends = _ends(self.new, pair.new)
        if pair.reversed:
            yield Draft(f"The arrow was turned round and now leads from {ends}.", cites, 0)
        if pair.headed:
            heads = {"target": "one head", "both": "a head at both ends", "none": "no head"}
            now, was = heads[pair.new.heads], heads[pair.old.heads]
            yield Draft(f"The arrow from {ends} now has {now}, and had {was}.", cites, 0)
        if pair.relabelled:
            now, was = (
                f"says “{_flat(edge.label)}”" if edge.label else "says nothing" for edge in (pair.new, pair.old)
            )
            yield Draft(f"The arrow from {ends} now {now}; before, it {was.replace('says', 'said')}.", cites, 0)


def in_order(pair: Sequence[OneDiagram], question: str) -> tuple[OneDiagram, OneDiagram]:
    """The older version and the newer one: by the numbers in their names, else as named, else as they were added."""
    first, second = pair
    numbers = [_number(one.file.card.name) or _number(one.title) for one in pair]
    if numbers[0] != numbers[1] and all(number is not None for number in numbers):
        return (first, second) if (numbers[0] or 0) < (numbers[1] or 0) else (second, first)
    places = [question.lower().find(one.title.lower()) for one in pair]
    if all(place >= 0 for place in places) and places[0] != places[1]:
        return (first, second) if places[0] < places[1] else (second, first)
    if first.file is second.file:
        return (first, second) if first.number < second.number else (second, first)
    return (first, second) if first.file.card.added <= second.file.card.added else (second, first)


def _number(name: str) -> int | None:
    bare = name.rsplit(".", 1)[0]
    found = _NUMBER.search(bare)
    return int(found[1] or found[2]) if found else None


def _ends(tell: Teller, edge: DiagramEdge) -> str:
    doubt = " (read with doubt)" if tell.one.doubtful(edge.id) else ""
    return f"{tell.one.name(edge.source)} to {tell.one.name(edge.target)}{doubt}"


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("“", "‘").replace("”", "’")


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

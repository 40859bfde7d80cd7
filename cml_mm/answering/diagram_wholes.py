"""Answers about a diagram as a whole: beginnings and ends, counts, hubs, lanes, colours, what is unclear."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_counting import CountAnswers
from cml_mm.answering.diagram_questions import DiagramQuestion, all_parts
from cml_mm.answering.diagram_shelf import lanes_of
from cml_mm.answering.diagram_telling import JOINS, MOST_NAMED, DiagramFinding, Teller, by, listed
from cml_mm.diagrams.colours import colour_name
from cml_mm.diagrams.labels import is_marker
from cml_mm.diagrams.loops import loops
from cml_mm.diagrams.structure import Step
from cml_mm.diagrams.values import DiagramEdge, DiagramNode

MOST_LISTED = 24  # arrows, a sentence each


@dataclass(frozen=True)
class WholeAnswers:
    """Of one diagram."""

    tell: Teller

    @property
    def kinds(self) -> dict[str, Callable[[DiagramQuestion], DiagramFinding]]:
        return {
            "roots": self.roots,
            "leaves": self.leaves,
            "count": CountAnswers(self.tell).count,
            "hub": self.hub,
            "unjoined": self.unjoined,
            "unclear": self.unclear,
            "in_lane": self.in_lane,
            "lane_of": self.lane_of,
            "lanes": self.lanes,
            "boxes": self.boxes,
            "arrows": self.arrows,
            "colour": self.colour,
            "legend": self.legend,
            "is_there": self.is_there,
            "describe": self.describe,
        }

    def roots(self, asked: DiagramQuestion) -> DiagramFinding:
        """Where the diagram begins."""
        return self._ends(self.tell.graph.roots, "starts", "every box has an arrow to it")

    def leaves(self, asked: DiagramQuestion) -> DiagramFinding:
        """Where the diagram ends."""
        return self._ends(self.tell.graph.leaves, "ends", "every box has an arrow from it")

    def _ends(self, nodes: Sequence[DiagramNode], verb: str, none: str) -> DiagramFinding:
        if not nodes:
            edges = [edge.id for edge in self.tell.graph.diagram.edges]
            headed = any(edge.heads != "none" for edge in self.tell.graph.diagram.edges)
            text = f"It {verb} nowhere: {none if headed else 'no arrow has a head'}."
            return DiagramFinding(f"It {verb} nowhere", (Draft(text, self.tell.cite.together(edges), 0),))
        drafts = []
        for at in range(0, len(nodes), MOST_NAMED):
            ids = [node.id for node in nodes[at : at + MOST_NAMED]]
            lines = [step.edge.id for part in ids for step in self.tell.graph.joined(part)]
            cites = (*self.tell.cite.parts(ids), *self.tell.cite.together(lines))
            drafts.append(Draft(f"It {verb} at {self.tell.names(ids)}.", cites, 0))
            marks = [part for part in ids if is_marker(self.tell.graph.label(part))]
            at_marks = [step.edge for part in marks for step in self.tell.graph.joined(part)]
            drafts += [self.arrow(edge) for edge in at_marks[:MOST_NAMED]]
        found = tuple(node.id for node in nodes)
        title = f"It {verb} at {listed([self._bare(part) for part in found[:3]])}"
        return DiagramFinding(title, tuple(drafts), found, followups=self._next(found, verb == "ends"))

    def hub(self, asked: DiagramQuestion) -> DiagramFinding:
        """The box with the most arrows."""
        hubs = self.tell.graph.hubs
        drafts = []
        for node in hubs[:MOST_NAMED]:
            lines = [step.edge.id for step in self.tell.graph.joined(node.id)]
            count = self.tell.graph.degrees[node.id]
            cites = (self.tell.cite.part(node.id), *self.tell.cite.together(lines))
            drafts.append(Draft(f"{self.tell.name(node.id)} has the most arrows: {count}.", cites, 0))
        names = listed([self._bare(node.id) for node in hubs[:3]])
        verb = "has" if len(hubs) == 1 else "have"
        return DiagramFinding(f"{names} {verb} the most arrows", tuple(drafts), tuple(node.id for node in hubs))

    def unjoined(self, asked: DiagramQuestion) -> DiagramFinding:
        """Boxes without any line."""
        nodes = self.tell.graph.unjoined
        if not nodes:
            diagram = self.tell.graph.diagram
            every = [*(node.id for node in diagram.nodes), *(edge.id for edge in diagram.edges)]
            text = "Every box has an arrow or a line."
            return DiagramFinding("Every box is joined", (Draft(text, self.tell.cite.together(every), 0),))
        ids = [node.id for node in nodes]
        verb = "has" if len(ids) == 1 else "have"
        lines = self.tell.cite.together(edge.id for edge in self.tell.graph.diagram.edges)
        cites = (*self.tell.cite.parts(ids[:MOST_NAMED]), *lines)
        text = f"{self.tell.names(ids[:MOST_NAMED])} {verb} no arrow."
        return DiagramFinding("Boxes that are not joined", (Draft(text, cites, 0),), tuple(ids))

    def unclear(self, asked: DiagramQuestion) -> DiagramFinding:
        """Parts that were read with doubt."""
        graph = self.tell.graph
        wanted = re.findall(r"\b(arrow|line|box|node|lane)", asked.question.lower())
        parts = [part for part in graph.diagram.unclear if not wanted or self._is_one_of(part, wanted)]
        if not parts:
            text = "Nothing in it was read with doubt."
            return DiagramFinding("Nothing is unclear", (Draft(text, (self.tell.cite.whole(),), 0),))
        drafts = []
        for part in parts[:MOST_LISTED]:
            found = graph.parts[part]
            if isinstance(found, DiagramEdge):
                ends = f"{self.tell.one.name(found.source)} to {self.tell.one.name(found.target)}"
                text = f"The arrow from {ends} was read with doubt."
            else:
                text = f"{_upper(self.tell.one.name(part))} was read with doubt."
            drafts.append(self.tell.draft(text, [part]))
        if len(parts) > MOST_LISTED:
            drafts.append(Draft(f"{len(parts) - MOST_LISTED} more parts were read with doubt.", (), 0))
        title = f"{by(len(parts), 'part')} {'is' if len(parts) == 1 else 'are'} unclear"
        return DiagramFinding(title, tuple(drafts), tuple(parts))

    def _is_one_of(self, part: str, wanted: Sequence[str]) -> bool:
        graph = self.tell.graph
        kind = "arrow" if part in graph.edges else "box" if part in graph.nodes else "lane"
        return any({"line": "arrow", "node": "box"}.get(word, word) == kind for word in wanted)

    def in_lane(self, asked: DiagramQuestion) -> DiagramFinding:
        """What stands in a lane or group."""
        drafts: list[Draft] = []
        found: list[str] = []
        for lane in all_parts(asked.subjects):
            ids = [node.id for node in self.tell.graph.inside(lane)]
            found += ids
            if not ids:
                drafts.append(self.tell.draft(f"In {self.tell.name(lane)} there is no box.", [lane]))
            for at in range(0, len(ids), MOST_NAMED):
                group = ids[at : at + MOST_NAMED]
                verb = "is" if len(group) == 1 else "are"
                text = f"In {self.tell.name(lane)} {verb} {self.tell.names(group)}."
                drafts.append(self.tell.draft(text, [*group, lane]))
        title = listed([self.tell.graph.label(lane) for lane in all_parts(asked.subjects)])
        return DiagramFinding(f"In {title}", tuple(drafts), tuple(found), followups=self._next(found))

    def lane_of(self, asked: DiagramQuestion) -> DiagramFinding:
        """In which lane a box stands."""
        drafts, found = [], []
        for part in all_parts(asked.subjects):
            lane = self.tell.graph.nodes[part].container
            if lane:
                text = f"{self.tell.name(part)} is in {self.tell.name(lane)}."
                drafts.append(self.tell.draft(text, [part, lane]))
                found.append(lane)
            else:
                lanes = [one.id for one in self.tell.graph.diagram.containers]
                cites = (self.tell.cite.part(part), *self.tell.cite.together(lanes)) if lanes else ()
                drafts.append(Draft(f"{self.tell.name(part)} is in no lane.", cites, 0))
        name = listed([self._bare(part) for part in all_parts(asked.subjects)])
        return DiagramFinding(f"The lane of {name}", tuple(drafts), tuple(found))

    def lanes(self, asked: DiagramQuestion) -> DiagramFinding:
        """All lanes, with what stands in each."""
        named = lanes_of(self.tell.one)
        if not named:
            return DiagramFinding("No lanes", (Draft("No lanes were found in the diagram.", (), 0),))
        drafts = []
        for lane in named[:MOST_LISTED]:
            ids = [node.id for node in self.tell.graph.inside(lane.id)][:MOST_NAMED]
            verb = "is" if len(ids) == 1 else "are"
            text = f"In {self.tell.name(lane.id)} {verb} {self.tell.names(ids) or 'no boxes'}."
            drafts.append(self.tell.draft(text, [lane.id, *ids]))
        return DiagramFinding(by(len(named), "lane"), tuple(drafts), tuple(lane.id for lane in named))

    def boxes(self, asked: DiagramQuestion) -> DiagramFinding:
        """All boxes."""
        return self._list([node.id for node in self.tell.graph.diagram.nodes])

    def _list(self, ids: Sequence[str]) -> DiagramFinding:
        drafts = []
        for at in range(0, min(len(ids), 4 * MOST_NAMED), MOST_NAMED):
            group = ids[at : at + MOST_NAMED]
            lead = "Then there" if at else "There"
            verb = "is" if len(group) == 1 else "are"
            drafts.append(Draft(f"{lead} {verb} {self.tell.names(group)}.", self.tell.cite.together(group), 0))
        left = len(ids) - 4 * MOST_NAMED
        if left > 0:
            drafts.append(Draft(f"{by(left, 'more box')} are in the list beside the picture.", (), 0))
        return DiagramFinding(by(len(ids), "box"), tuple(drafts), tuple(ids))

    def arrows(self, asked: DiagramQuestion) -> DiagramFinding:
        """All arrows, a sentence each."""
        edges = self.tell.graph.diagram.edges
        drafts = [self.arrow(edge) for edge in edges[:MOST_LISTED]]
        if len(edges) > MOST_LISTED:
            words = f"{by(len(edges) - MOST_LISTED, 'more arrow')} are in the list beside the picture."
            drafts.append(Draft(words, (), 0))
        return DiagramFinding(by(len(edges), "arrow"), tuple(drafts))

    def arrow(self, edge: DiagramEdge) -> Draft:
        """One arrow as a sentence."""
        words = JOINS[edge.heads]
        end = self.tell.end(Step(edge.source, edge.target, edge))
        return self.tell.draft(f"{_upper(self.tell.name(edge.source))} {words} {end}.", [edge.id])

    def colour(self, asked: DiagramQuestion) -> DiagramFinding:
        """Boxes of a colour, and what the legend says of it."""
        graph = self.tell.graph
        wanted = re.sub(r"gray", "grey", asked.words.lower()).replace("violet", "purple")
        meant = [entry for entry in graph.diagram.legend if wanted in colour_name(entry.colour)]
        fills = {node.colour for node in graph.diagram.nodes if node.colour and wanted in colour_name(node.colour)}
        nodes = [node.id for node in graph.of_colour([entry.colour for entry in meant] or sorted(fills))]
        drafts = [Draft(f"By its legend, {wanted} stands for “{entry.label}”.", (), 0) for entry in meant]
        if nodes and (meant or fills):
            drafts = drafts or [Draft(f"The colour {wanted} is used, and no legend says what for.", (), 0)]
            verb = "is" if len(nodes) == 1 else "are"
            group = nodes[:MOST_NAMED]
            text = f"Of that colour {verb} {self.tell.names(group)}."
            drafts.append(Draft(text, self.tell.cite.parts(group), 0))
        if not drafts:
            drafts.append(Draft(f"No box in it is {wanted}, and no legend names that colour.", (), 0))
        return DiagramFinding(f"What is {wanted}", tuple(drafts), tuple(nodes))

    def legend(self, asked: DiagramQuestion) -> DiagramFinding:
        """What the colours stand for."""
        entries = self.tell.graph.diagram.legend
        if not entries:
            return DiagramFinding("No legend", (Draft("No legend was found in the diagram.", (), 0),))
        drafts = tuple(Draft(f"The colour {colour_name(e.colour)} stands for “{e.label}”.", (), 0) for e in entries)
        return DiagramFinding("What the colours stand for", drafts)

    def is_there(self, asked: DiagramQuestion) -> DiagramFinding:
        """Whether a box or lane of that name is there."""
        parts = all_parts(asked.subjects)
        text = f"Yes: {self.tell.names(parts)} {'is' if len(parts) == 1 else 'are'} in the diagram."
        return DiagramFinding("Yes, it is there", (self.tell.draft(text, parts),), parts, followups=self._next(parts))

    def describe(self, asked: DiagramQuestion) -> DiagramFinding:
        """What kind of diagram it is, where it begins and ends, what stands in its middle, its arrows."""
        graph = self.tell.graph
        counting = CountAnswers(self.tell)
        drafts = [counting.sizes()]
        drafts += [draft for finding in (self.roots(asked), self.leaves(asked)) for draft in finding.drafts[:1]]
        if lanes_of(self.tell.one):
            drafts += self.lanes(asked).drafts[:4]
        if len(graph.hubs) == 1:
            drafts += self.hub(asked).drafts
        found = loops(graph)
        if found.found:
            nodes = found.found[0].nodes
            text = f"A loop goes through {self.tell.names(nodes[:MOST_NAMED])}."
            drafts.append(Draft(text, self.tell.of_steps(found.found[0].steps[:MOST_NAMED]), 0))
        arrows = [self.arrow(edge) for edge in graph.diagram.edges[:MOST_NAMED]]
        drafts += [Draft(draft.text, draft.cites, 1) for draft in arrows]
        left = len(graph.diagram.edges) - MOST_NAMED
        if left > 0:
            drafts.append(Draft(f"{by(left, 'more arrow')} are in the list beside the picture.", (), 1))
        first = [node.id for node in graph.roots[:1]]
        title = f"What {self.tell.one.place} shows"
        return DiagramFinding(title, tuple(drafts), in_words=True, followups=self._next(first))

    def _bare(self, part: str) -> str:
        return self.tell.one.name(part).strip("“”")

    def _next(self, parts: Sequence[str], before: bool = False) -> tuple[str, ...]:
        return tuple(f"What comes {'before' if before else 'after'} {self._bare(part)}?" for part in parts[:1])


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

"""Answers about how a diagram hangs together: separate pieces, bottlenecks, decisions, whether lines have heads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_questions import DiagramQuestion
from cml_mm.answering.diagram_telling import MOST_NAMED, DiagramFinding, Teller, by, listed
from cml_mm.diagrams.pieces import narrows, pieces

MOST_TOLD = 6


@dataclass(frozen=True)
class ShapeAnswers:
    """Of one diagram."""

    tell: Teller

    @property
    def kinds(self) -> dict[str, Callable[[DiagramQuestion], DiagramFinding]]:
        return {"apart": self.apart, "bottleneck": self.bottleneck, "decisions": self.decisions, "heads": self.heads}

    def apart(self, asked: DiagramQuestion) -> DiagramFinding:
        """The pieces that no line joins with the largest one."""
        found = pieces(self.tell.graph)
        if len(found) == 1:
            text = "Every box has an arrow or a line, and all of them hang together."
            return DiagramFinding("No, all of it hangs together", (Draft(text, (self.tell.cite.whole(),), 0),))
        drafts, parts = [], []
        for piece in found[1 : 1 + MOST_TOLD]:
            ids = [node.id for node in piece]
            parts += ids
            lines = [step.edge.id for part in ids for step in self.tell.graph.joined(part)]
            cites = (*self.tell.cite.parts(ids[:MOST_NAMED]), *self.tell.cite.together(lines or self._every_line()))
            names = self.tell.names(ids[:MOST_NAMED])
            if len(ids) == 1:
                drafts.append(Draft(f"{names} has no arrow.", cites, 0))
            else:
                drafts.append(Draft(f"{_upper(names)} stand apart from all other boxes.", cites, 0))
        left = len(found) - 1 - MOST_TOLD
        if left > 0:
            drafts.append(Draft(f"{by(left, 'more piece')} stand apart as well.", (), 0))
        return DiagramFinding(f"Yes, in {by(len(found), 'piece')}", tuple(drafts), tuple(parts))

    def _every_line(self) -> list[str]:
        return [edge.id for edge in self.tell.graph.diagram.edges]

    def bottleneck(self, asked: DiagramQuestion) -> DiagramFinding:
        """The box that most ways from a beginning to an end must pass."""
        found = narrows(self.tell.graph)
        if not found:
            text = "No box in it is one that several ways from a beginning to an end must pass."
            return DiagramFinding("No bottleneck", (Draft(text, (self.tell.cite.whole(),), 0),))
        drafts = []
        for one in found[:MOST_TOLD]:
            name = self.tell.name(one.node.id)
            text = f"{one.held} of {one.ways} ways from a beginning to an end go through {name}."
            lines = self.tell.cite.together(self._every_line())
            drafts.append(Draft(text, (self.tell.cite.part(one.node.id), *lines), 0))
        names = listed([self.tell.one.name(one.node.id).strip("“”") for one in found[:3]])
        return DiagramFinding(f"The bottleneck: {names}", tuple(drafts), tuple(one.node.id for one in found))

    def decisions(self, asked: DiagramQuestion) -> DiagramFinding:
        """The boxes at which the ways part by an answer: diamonds, else those with several arrows that have words."""
        graph = self.tell.graph
        ids = [node.id for node in graph.diagram.nodes if node.shape == "diamond"] or [
            node.id
            for node in graph.diagram.nodes
            if sum(bool(step.edge.label.strip()) for step in graph.out_of(node.id)) > 1
        ]
        if not ids:
            text = "No box in it has the shape of a decision, and no arrows part by an answer."
            return DiagramFinding("No decisions", (Draft(text, (self.tell.cite.whole(),), 0),))
        group = ids[:MOST_NAMED]
        verb = "is" if len(group) == 1 else "are"
        text = f"There {verb} {self.tell.names(group)}."
        return DiagramFinding(by(len(ids), "decision"), (self.tell.draft(text, group),), tuple(ids))

    def heads(self, asked: DiagramQuestion) -> DiagramFinding:
        """Whether lines have heads, so that they say who leads to whom."""
        edges = self.tell.graph.diagram.edges
        headed = sum(edge.heads != "none" for edge in edges)
        cites = (self.tell.cite.whole(),)
        if not headed:
            text = f"None of its {by(len(edges), 'line')} has a head, so it does not say which way they lead."
            return DiagramFinding("No, its lines have no heads", (Draft(text, cites, 0),))
        text = f"{headed} of its {by(len(edges), 'line')} have a head, so these say which way they lead."
        return DiagramFinding("Yes, its lines have heads", (Draft(text, cites, 0),))


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

"""Answers that count what is in a diagram, and cite what they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_counts import CountWish
from cml_mm.answering.diagram_questions import DiagramQuestion, all_parts
from cml_mm.answering.diagram_shelf import lanes_of
from cml_mm.answering.diagram_telling import DiagramFinding, Teller, by, listed
from cml_mm.diagrams.loops import loops, polarity

MOST_CITED = 8  # pieces of evidence that one count cites


@dataclass(frozen=True)
class CountAnswers:
    """Of one diagram."""

    tell: Teller

    def count(self, asked: DiagramQuestion) -> DiagramFinding:
        """What "how many …" asks for."""
        wish = asked.count or CountWish("boxes")
        if wish.what == "arrows":
            return self._arrows(asked, wish)
        if wish.what == "boxes" and wish.way != "all":
            return self._boxes_of(asked, wish)
        if wish.what == "steps":
            return self._steps(asked)
        return self._of_all(wish)

    def sizes(self) -> Draft:
        """How many boxes and arrows there are, as one sentence."""
        diagram = self.tell.graph.diagram
        parts = [*(node.id for node in diagram.nodes), *(edge.id for edge in diagram.edges)]
        text = f"It has {by(len(diagram.nodes), 'box')} and {by(len(diagram.edges), 'arrow')}."
        return Draft(text, self.tell.cite.together(parts)[:MOST_CITED], 0)

    def _of_all(self, wish: CountWish) -> DiagramFinding:
        graph = self.tell.graph
        if wish.what == "loops":
            found = loops(graph)
            edges = [step.edge.id for loop in found.found for step in loop.steps]
            least = "at least " if found.more else ""
            text = f"It has {least}{by(len(found.found), 'loop')}."
            cites = self.tell.cite.together(edges or [edge.id for edge in graph.diagram.edges])[:MOST_CITED]
            return DiagramFinding(by(len(found.found), "loop"), (Draft(text, cites, 0),))
        ids, noun = {
            "boxes": ([node.id for node in graph.diagram.nodes], "box"),
            "lanes": ([lane.id for lane in lanes_of(self.tell.one)], "lane"),
            "starts": ([node.id for node in graph.roots], "box without an arrow to it"),
            "ends": ([node.id for node in graph.leaves], "box without an arrow from it"),
            "shape": ([node.id for node in graph.diagram.nodes if node.shape in wish.shapes], "box"),
            "unclear": (list(graph.diagram.unclear), "part"),
        }[wish.what]
        if wish.what == "shape":
            noun = wish.shapes[0]
        return self._told(ids, noun, "It has {}")

    def _arrows(self, asked: DiagramQuestion, wish: CountWish) -> DiagramFinding:
        graph = self.tell.graph
        parts, others = all_parts(asked.subjects), all_parts(asked.others)
        name = self.tell.names(parts)
        if wish.way == "out":
            ids = [step.edge.id for part in parts for step in graph.out_of(part)]
            return self._told(ids, "arrow", "{} " + f"{'leaves' if len(ids) == 1 else 'leave'} {name}")
        if wish.way == "in":
            ids = [step.edge.id for part in parts for step in graph.into(part)]
            return self._told(ids, "arrow", "{} " + f"{'leads' if len(ids) == 1 else 'lead'} to {name}")
        if wish.way == "at":
            ids = list(dict.fromkeys(step.edge.id for part in parts for step in graph.joined(part)))
            return self._told(ids, "arrow", f"{name} has " + "{}")
        if wish.way == "kind":
            ids = [edge.id for edge in graph.diagram.edges if polarity(edge) == wish.subject]
            sign = {"-": "a minus sign", "+": "a plus sign"}[wish.subject]
            return self._told(ids, "arrow", "{} " + f"{'has' if len(ids) == 1 else 'have'} {sign}")
        if wish.way == "between":
            ids = [step.edge.id for part in parts for step in graph.joined(part) if step.end in others]
            pair = f"{name} and {self.tell.names(others)}"
            return self._told(ids, "arrow", "{} " + f"{'joins' if len(ids) == 1 else 'join'} {pair}")
        return self._told([edge.id for edge in graph.diagram.edges], "arrow", "It has {}")

    def _boxes_of(self, asked: DiagramQuestion, wish: CountWish) -> DiagramFinding:
        graph = self.tell.graph
        parts = all_parts(asked.subjects)
        name = self.tell.names(parts)
        if wish.way in ("after", "before"):
            steps = [step for part in parts for step in (graph.after if wish.way == "after" else graph.before)(part)]
            ids = list(dict.fromkeys(step.end if wish.way == "after" else step.start for step in steps))
            verb = "comes" if len(ids) == 1 else "come"
            return self._told(ids, "box", "{} " + f"{verb} {wish.way} {name}, near or far")
        ids = [node.id for part in parts if part in graph.containers for node in graph.inside(part)]
        return self._told(ids, "box", f"In {name} " + f"{'is' if len(ids) == 1 else 'are'} " + "{}", parts)

    def _steps(self, asked: DiagramQuestion) -> DiagramFinding:
        pairs = [(start, end) for start in all_parts(asked.subjects) for end in all_parts(asked.others)]
        found = [self.tell.graph.ways(start, end, directed_only=True).steps for start, end in pairs]
        short = min((ways[0] for ways in found if ways), key=len, default=())
        if not short:
            text = f"No arrows lead from {self.tell.name(pairs[0][0])} to {self.tell.name(pairs[0][1])}."
            return DiagramFinding("No way", (Draft(text, self.tell.cite.parts(pairs[0]), 0),))
        drafts = (
            Draft(f"{self.tell.way(short)}.", self.tell.of_steps(short), 0),
            Draft(f"The shortest way has {by(len(short), 'arrow')}.", self.tell.of_steps(short), 0),
        )
        return DiagramFinding(by(len(short), "arrow"), drafts, tuple(step.end for step in short))

    def _told(self, ids: Sequence[str], noun: str, frame: str, around: Sequence[str] = ()) -> DiagramFinding:
        """Args: frame: where "{}" is the number with its noun; around: cited as well."""
        number = _several(len(ids), noun)
        shown = [part for part in ids if part not in self.tell.graph.edges]
        names = f": {listed([self.tell.name(part) for part in shown])}" if 0 < len(shown) <= 24 else ""
        text = frame.replace("{}", number) + names
        cites = self.tell.cite.together((*ids, *around))[:MOST_CITED] or (self.tell.cite.whole(),)
        return DiagramFinding(number, (Draft(f"{text[:1].upper()}{text[1:]}.", cites, 0),), tuple(ids))


def _several(count: int, noun: str) -> str:
    """ "2 boxes without an arrow to it"."""
    first, _, rest = noun.partition(" ")
    return f"{by(count, first)}{' ' if rest else ''}{rest.replace(' it', ' them') if count != 1 else rest}"

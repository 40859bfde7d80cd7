"""Answers about loops: whether there are any, which go through a box, whether they reinforce or balance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_questions import DiagramQuestion, all_parts
from cml_mm.answering.diagram_telling import DiagramFinding, Teller, by, listed
from cml_mm.diagrams.loops import Loop, is_causal, loops, polarity
from cml_mm.diagrams.structure import Step

MOST_TOLD = 6
_KINDS = (("reinforcing", r"reinforc|vicious|virtuous|positive"), ("balancing", r"balanc|self-correct|negative"))
_SIGN = {"+": "+", "-": "−"}


@dataclass(frozen=True)
class LoopAnswers:
    """Of one diagram."""

    tell: Teller

    def loops(self, asked: DiagramQuestion) -> DiagramFinding:
        """All loops, those through the boxes that are named, or those of the kind that is asked for."""
        through = all_parts(asked.subjects)
        every = loops(self.tell.graph, through)
        found = every.found
        wanted = [kind for kind, words in _KINDS if re.search(words, asked.question.lower())]
        if asked.kind == "loop_sign" and len(wanted) == 1 and found:
            fitting = [loop for loop in found if loop.kind == wanted[0]]
            if fitting or all(loop.kind for loop in found):
                return self._told(fitting, f"{wanted[0]} loop", every.more, through)
        return self._told(found, "loop", every.more, through)

    def _told(self, found: Sequence[Loop], noun: str, more: bool, through: Sequence[str]) -> DiagramFinding:
        names = listed([self.tell.name(part) for part in through])
        where = f" through {names}" if names else ""
        if not found and more:
            text = f"No {noun}{where} was met, but not all loops of the diagram could be followed: there are too many."
            return DiagramFinding(f"Not all {noun}s were followed", (Draft(text, (), 0),), sure=False)
        if not found:
            edges = [edge.id for edge in self.tell.graph.diagram.edges]
            text = f"No {noun} is in the diagram{where}: its arrows never come back to where they began."
            if noun != "loop":
                text = f"No {noun} is in the diagram{where}."
            cites = self.tell.cite.together((*through, *edges))
            return DiagramFinding(f"No {noun}", (Draft(text, cites, 0),))
        drafts = []
        if len(found) > 1:
            least = "at least " if more else ""
            drafts.append(Draft(f"Here are {least}{by(len(found), noun)}{where}.", (), 0))
        if more:
            drafts.append(Draft("Not all loops could be followed: there are too many.", (), 0))
        for loop in found[:MOST_TOLD]:
            drafts.append(Draft(f"{self._way(loop)}.", self.tell.of_steps(loop.steps), 0))
            if said := self._kind(loop):
                drafts.append(Draft(said, self.tell.of_steps(loop.steps), 0))
        if len(found) > MOST_TOLD:
            drafts.append(Draft(f"{len(found) - MOST_TOLD} more are longer; ask for those through one box.", (), 1))
        nodes = tuple(dict.fromkeys(part for loop in found for part in loop.nodes))
        kind = f"A {found[0].kind} loop" if len(found) == 1 and found[0].kind else "Yes, there is a loop"
        title = kind if len(found) == 1 else f"{'At least ' if more else ''}{by(len(found), noun)}"
        return DiagramFinding(title, tuple(drafts), nodes)

    def _way(self, loop: Loop) -> str:
        """ "“A” leads to “B” (+), “B” to “C” (−), and “C” back to “A” (+)"."""
        signed = is_causal(self.tell.graph)
        parts = []
        for place, step in enumerate(loop.steps):
            verb = "leads " if not place else ""
            back = "back " if place == len(loop.steps) - 1 else ""
            end = self._signed(step) if signed and polarity(step.edge) else self.tell.end(step)
            parts.append(f"{self.tell.one.name(step.start)} {verb}{back}to {end}")
        return f"{', '.join(parts[:-1])}, and {parts[-1]}" if len(parts) > 1 else parts[0]

    def _signed(self, step: Step) -> str:
        sign = _SIGN[polarity(step.edge)]
        doubt = self.tell.one.doubtful(step.end) or self.tell.one.doubtful(step.edge.id)
        return f"{self.tell.one.name(step.end)} ({sign}{', read with doubt' if doubt else ''})"

    def _kind(self, loop: Loop) -> str:
        """Whether it reinforces or balances, and why; "" where the diagram has no signs."""
        if loop.kind:
            minus = sum(polarity(step.edge) == "-" for step in loop.steps)
            parity = "an odd number" if minus % 2 else "an even number"
            why = f"{by(minus, 'minus sign')}, {parity}" if minus else "all its signs are plus"
            return f"This loop is {loop.kind}: {why}."
        if is_causal(self.tell.graph):
            steps = [step for step in loop.steps if step.edge.id in loop.unsigned]
            pairs = listed([f"{self.tell.one.name(s.start)} to {self.tell.one.name(s.end)}" for s in steps])
            words = "so whether the loop reinforces or balances stays open"
            return f"A sign is missing on the arrow from {pairs}, {words}."
        return ""

    def unsigned_words(self) -> str:
        """Why no loop can be called reinforcing or balancing here; "" where signs are read."""
        if is_causal(self.tell.graph):
            return ""
        return "Its arrows have no plus or minus signs, so no loop can be called reinforcing or balancing."

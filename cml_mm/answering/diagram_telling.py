"""How answers say what was found in a diagram: names in quotation marks, lists, arrows, doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_shelf import Citing, OneDiagram
from cml_mm.diagrams.structure import DiagramGraph, Step

MOST_NAMED = 12  # boxes in one sentence
IN_DOUBT = "read with doubt"
JOINS = {"target": "leads to", "both": "leads to and comes from", "none": "is joined with"}  # by heads
_SIGNS = {"+": "+", "-": "−", "−": "−", "–": "−"}


@dataclass(frozen=True)
class DiagramFinding:
    """What was found: sentences, and the ids of the boxes that are the answer.

    `sure` says that the diagram answers at all; `in_words` that it describes, so that a language
    model may write it.
    """

    title: str
    drafts: tuple[Draft, ...]
    parts: tuple[str, ...] = ()
    sure: bool = True
    in_words: bool = False
    followups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Teller:
    """Says what is in one diagram."""

    one: OneDiagram
    cite: Citing

    @property
    def graph(self) -> DiagramGraph:
        return self.one.graph

    def name(self, part: str, *arrows: str) -> str:
        """A box in quotation marks, with a word where it, or an arrow to it, was read with doubt."""
        doubt = any(self.one.doubtful(one) for one in (part, *arrows))
        return f"{self.one.name(part)} ({IN_DOUBT})" if doubt else self.one.name(part)

    def names(self, parts: Iterable[str]) -> str:
        return listed([self.name(part) for part in parts])

    def end(self, step: Step, start: bool = False) -> str:
        """The box that a step leads to (or comes from), with what the arrow says: “Board” (“appoints”)."""
        part = step.start if start else step.end
        said = " ".join(step.edge.label.split()).replace("“", "‘").replace("”", "’")
        sign = _SIGNS.get(said, "")
        words = [sign or f"“{said}”"] if said else []
        if self.one.doubtful(part) or self.one.doubtful(step.edge.id):
            words.append(IN_DOUBT)
        return f"{self.one.name(part)} ({', '.join(words)})" if words else self.one.name(part)

    def ends(self, steps: Sequence[Step], start: bool = False) -> str:
        return listed([self.end(step, start) for step in steps])

    def of_steps(self, steps: Sequence[Step]) -> tuple[int, ...]:
        """The numbers of the arrows that steps take."""
        return self.cite.parts(step.edge.id for step in steps)

    def draft(self, text: str, parts: Iterable[str], paragraph: int = 0) -> Draft:
        """A sentence that cites each of these parts by itself."""
        return Draft(text, self.cite.parts(parts), paragraph)

    def way(self, steps: Sequence[Step]) -> str:
        """ "From “A” the way leads to “B”, then to “C”, and then to “D”"."""
        names = [self.end(step) for step in steps]
        first = self.one.name(steps[0].start)
        if len(names) == 1:
            return f"{first} leads to {names[0]} directly"
        middle = "".join(f", then to {name}" for name in names[1:-1])
        return f"From {first} the way leads to {names[0]}{middle}, and then to {names[-1]}"


def listed(names: Sequence[str]) -> str:
    """ "A, B and C"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def by(count: int, noun: str) -> str:
    """ "1 box", "3 boxes"."""
    plural = f"{noun}es" if noun.endswith(("x", "s")) else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"


def in_turns(steps: Sequence[Step]) -> tuple[tuple[Step, ...], ...]:
    """Steps in groups that one sentence can name."""
    return tuple(tuple(steps[at : at + MOST_NAMED]) for at in range(0, len(steps), MOST_NAMED))


def once(steps: Iterable[Step], start: bool = False) -> tuple[Step, ...]:
    """Steps without those to (or from) a box that an earlier one leads to under the same words."""
    found: dict[tuple[str, str], Step] = {}
    for step in steps:
        found.setdefault((step.start if start else step.end, step.edge.label), step)
    return tuple(found.values())

"""Answers that follow a diagram's arrows: what comes after and before, ways, what connects, conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_loose import HOWEVER_FAR
from cml_mm.answering.diagram_questions import DiagramQuestion, all_parts
from cml_mm.answering.diagram_telling import JOINS, DiagramFinding, Teller, in_turns, listed, once
from cml_mm.diagrams.structure import Step, Ways


@dataclass(frozen=True)
class FlowAnswers:
    """Of one diagram."""

    tell: Teller

    @property
    def kinds(self) -> dict[str, Callable[[DiagramQuestion], DiagramFinding]]:
        return {
            "about": self.about,
            "after": self.after,
            "before": self.before,
            "all_after": self.all_after,
            "all_before": self.all_before,
            "path": self.path,
            "leads": self.leads,
            "joined": self.joined,
            "connects": self.connects,
            "between": self.connects,
            "arrow_label": self.arrow_label,
            "condition": self.of_arrows,
            "verb_of": self.of_arrows,
            "verb_by": self.of_arrows,
        }

    def after(self, asked: DiagramQuestion) -> DiagramFinding:
        """The boxes that arrows from these lead to."""
        drafts: list[Draft] = []
        found: list[str] = []
        for part in all_parts(asked.subjects):
            steps = once(self.tell.graph.out_of(part))
            found += [step.end for step in steps]
            for group in in_turns(steps):
                verb = "comes" if len(group) == 1 else "come"
                text = f"After {self.tell.name(part)} {verb} {self.tell.ends(group)}."
                drafts.append(Draft(text, self.tell.of_steps(group), 0))
            if not steps:
                drafts += self._nothing(part, "Nothing comes after", "no arrow leaves it")
        return self._told(asked, f"After {self._subjects(asked)}", drafts, found)

    def before(self, asked: DiagramQuestion) -> DiagramFinding:
        """The boxes from which arrows lead to these."""
        drafts: list[Draft] = []
        found: list[str] = []
        for part in all_parts(asked.subjects):
            steps = once(self.tell.graph.into(part), start=True)
            found += [step.start for step in steps]
            for group in in_turns(steps):
                verb = "leads" if len(group) == 1 else "lead"
                text = f"{_upper(self.tell.ends(group, start=True))} {verb} to {self.tell.name(part)}."
                drafts.append(Draft(text, self.tell.of_steps(group), 0))
            if not steps:
                drafts += self._nothing(part, "Nothing comes before", "no arrow leads to it")
        return self._told(asked, f"Before {self._subjects(asked)}", drafts, found)

    def about(self, asked: DiagramQuestion) -> DiagramFinding:
        """A box with everything that is joined with it."""
        parts = all_parts(asked.subjects)
        drafts = [
            self._line(step) for part in parts for step in self.tell.graph.joined(part) if step.edge.heads != "target"
        ]
        sides = [side(asked) for side in (self.before, self.after)]
        told = [draft for side in sides for draft in side.drafts if draft not in drafts]
        found = [part for side in sides for part in side.parts]
        return self._told(asked, self._subjects(asked), [*told, *drafts], found)

    def all_after(self, asked: DiagramQuestion) -> DiagramFinding:
        """Everything that arrows lead to, however far."""
        return self._all(asked, self.tell.graph.after, False)

    def all_before(self, asked: DiagramQuestion) -> DiagramFinding:
        """Everything from which arrows lead here, however far."""
        return self._all(asked, self.tell.graph.before, True)

    def _all(self, asked: DiagramQuestion, reached: Callable[[str], tuple[Step, ...]], back: bool) -> DiagramFinding:
        drafts: list[Draft] = []
        found: list[str] = []
        for part in all_parts(asked.subjects):
            steps = reached(part)
            direct = tuple(step for step in steps if part == (step.end if back else step.start))
            further = tuple(step for step in steps if step not in direct)
            found += [step.start if back else step.end for step in steps]
            for group, lead in ((direct, "Directly "), (further, "Further ")):
                for turn in in_turns(group):
                    verb = "comes" if len(turn) == 1 else "come"
                    where = f"{'before' if back else 'after'} {self.tell.name(part)}"
                    text = f"{lead}{where} {verb} {self.tell.ends(turn, start=back)}."
                    drafts.append(Draft(text, self.tell.of_steps(_with_ways(turn, steps, back)), 0))
            if not steps:
                words = ("Nothing comes before", "no arrow leads to it") if back else (
                    "Nothing comes after", "no arrow leaves it")  # fmt: skip
                drafts += self._nothing(part, *words)
        title = f"Everything {'before' if back else 'after'} {self._subjects(asked)}"
        return self._told(asked, title, drafts, found)

    def path(self, asked: DiagramQuestion) -> DiagramFinding:
        """The shortest ways from one box to another."""
        start, end, ways = self._ways(asked)
        title = f"From {self._bare(start)} to {self._bare(end)}"
        if not ways.steps or not ways.directed:
            return (
                self._against(asked, start, end, ways, title) if ways.steps else self._apart(asked, start, end, title)
            )
        drafts = [Draft(f"{self.tell.way(ways.steps[0])}.", self.tell.of_steps(ways.steps[0]), 0)]
        for steps in ways.steps[1:]:
            drafts.append(Draft(f"{self.tell.way(steps)}: as short a way.", self.tell.of_steps(steps), 0))
        if ways.more:
            drafts.append(Draft("There are more ways that are as short.", (), 0))
        return self._told(asked, title, drafts, [step.end for step in ways.steps[0]])

    def leads(self, asked: DiagramQuestion) -> DiagramFinding:
        """Whether arrows lead from one box to another."""
        start, end, ways = self._ways(asked)
        if ways.steps and ways.directed:
            steps = ways.steps[0]
            drafts = [Draft(f"Yes: {_lower(self.tell.way(steps))}.", self.tell.of_steps(steps), 0)]
            title = f"Yes, {self._bare(start)} leads to {self._bare(end)}"
            return self._told(asked, title, drafts, [step.end for step in steps[:-1]])
        title = f"No, {self._bare(start)} does not lead to {self._bare(end)}"
        text = f"No: no arrows lead from {self.tell.name(start)} to {self.tell.name(end)}."
        drafts = [Draft(text, self._around(start, end), 0)]
        back = self.tell.graph.ways(end, start, directed_only=True)
        if back.steps:
            steps = back.steps[0]
            text = f"It is the other way round: {_lower(self.tell.way(steps))}."
            drafts.append(Draft(text, self.tell.of_steps(steps), 0))
        elif ways.steps and len(ways.steps[0]) == 1:
            drafts.append(self._line(ways.steps[0][0]))
        return self._told(asked, title, drafts)

    def joined(self, asked: DiagramQuestion) -> DiagramFinding:
        """Whether a line joins two boxes."""
        start, end, _ = self._ways(asked)
        steps = [step for step in self.tell.graph.joined(start) if step.end == end]
        if steps:
            title = f"Yes, {self._bare(start)} and {self._bare(end)} are joined"
            return self._told(asked, title, [self._line(step) for step in steps])
        title = f"Not directly: {self._bare(start)} and {self._bare(end)}"
        ways = self.tell.graph.ways(start, end)
        if ways.steps and asked.words == HOWEVER_FAR:
            return self._told(asked, "Yes, by way of others", [self._chain(ways.steps[0], ways.directed)])
        far = " directly" if ways.steps else ", not even by way of others"
        text = f"No line joins {self.tell.name(start)} with {self.tell.name(end)}{far}."
        drafts = [Draft(text, self._around(start, end), 0)]
        drafts += [self._chain(way, ways.directed) for way in ways.steps[:1]]
        return self._told(asked, title, drafts)

    def connects(self, asked: DiagramQuestion) -> DiagramFinding:
        """The boxes that stand between two: first those on a way along the arrows, else any joined with both."""
        start, end, _ = self._ways(asked)
        graph = self.tell.graph
        along = [way for ways in (graph.ways(start, end, True), graph.ways(end, start, True)) for way in ways.steps]
        short = [way for way in along if len(way) == min(map(len, along))]
        if any(len(way) == 1 for way in short):
            return self.joined(asked)
        drafts: list[Draft] = []
        found: list[str] = []
        for way in short:
            inner = [step.end for step in way[:-1]]
            verb = "connects" if len(inner) == 1 else "connect"
            ends = f"{self.tell.name(way[0].start)} and {self.tell.name(way[-1].end)}"
            drafts.append(Draft(f"{_upper(self.tell.names(inner))} {verb} {ends}.", self.tell.of_steps(way), 0))
            found += inner
        for part, first, second in () if short else graph.between(start, end):
            text = f"{_upper(self.tell.name(part))} connects {self.tell.name(start)} and {self.tell.name(end)}."
            drafts.append(Draft(text, self.tell.of_steps((first, second)), 0))
            found.append(part)
        if not drafts:
            return self.joined(asked)
        title = (
            f"{listed(list(dict.fromkeys(map(self._bare, found))))} between {self._bare(start)} and {self._bare(end)}"
        )
        return self._told(asked, title, drafts, found)

    def arrow_label(self, asked: DiagramQuestion) -> DiagramFinding:
        """What the line between two boxes says."""
        start, end, _ = self._ways(asked)
        steps = [step for step in self.tell.graph.joined(start) if step.end == end]
        if not steps:
            return self.joined(asked)
        drafts = [self._line(step) for step in steps]
        if not any(step.edge.label.strip() for step in steps):
            drafts.append(Draft("No words stand on it.", (), 0))
        return self._told(asked, f"{self._bare(start)} and {self._bare(end)}", drafts, (end,))

    def of_arrows(self, asked: DiagramQuestion) -> DiagramFinding:
        """What certain arrows lead to: those that a condition or a verb names."""
        drafts: list[Draft] = []
        found: list[str] = []
        for edge in asked.edges:
            line = self.tell.graph.edges[edge]
            step = Step(line.source, line.target, line)
            drafts.append(self._line(step))
            found.append(step.start if asked.kind == "verb_by" else step.end)
        names = listed([self._bare(part) for part in dict.fromkeys(found)])
        title = f"If {asked.words}: {names}" if asked.kind == "condition" else names
        return self._told(asked, title, drafts, found)

    def _line(self, step: Step) -> Draft:
        """One line in words, as it is drawn."""
        edge = step.edge
        drawn = Step(edge.source, edge.target, edge)
        words = f"{_upper(self.tell.name(edge.source))} {JOINS[edge.heads]} {self.tell.end(drawn)}."
        return Draft(words, (self.tell.cite.part(edge.id),), 0)

    def _chain(self, steps: Sequence[Step], directed: bool) -> Draft:
        if directed:
            return Draft(f"{self.tell.way(steps)}.", self.tell.of_steps(steps), 0)
        names = listed([self.tell.name(steps[0].start), *(self.tell.end(step) for step in steps)])
        return Draft(f"Lines join {names} in turn.", self.tell.of_steps(steps), 0)

    def _ways(self, asked: DiagramQuestion) -> tuple[str, str, Ways]:
        """The best pair of boxes where names stand for several, and the ways between them."""
        starts = all_parts(asked.subjects)
        ends = all_parts(asked.others)
        if not ends:
            starts, ends = starts[:1], starts[1:]
        if asked.turned:
            starts, ends = ends, starts
        pairs = [(start, end, self.tell.graph.ways(start, end)) for start in starts for end in ends if start != end]
        if not pairs:  # the same box twice: what it says of itself is that it is joined with nothing
            return starts[0], ends[0], self.tell.graph.ways(starts[0], ends[0])
        return min(
            pairs, key=lambda pair: (not pair[2].steps, not pair[2].directed, len(next(iter(pair[2].steps), ())))
        )

    def _apart(self, asked: DiagramQuestion, start: str, end: str, title: str) -> DiagramFinding:
        text = f"No line leads from {self.tell.name(start)} to {self.tell.name(end)}, not even by way of others."
        return self._told(asked, title, [Draft(text, self._around(start, end), 0)])

    def _against(self, asked: DiagramQuestion, start: str, end: str, ways: Ways, title: str) -> DiagramFinding:
        """There is a way only where arrows are walked against their direction."""
        text = f"No arrows lead from {self.tell.name(start)} to {self.tell.name(end)}."
        drafts = [Draft(text, self._around(start, end), 0)]
        back = self.tell.graph.ways(end, start, directed_only=True)
        if back.steps:
            words = f"It is the other way round: {_lower(self.tell.way(back.steps[0]))}."
            drafts.append(Draft(words, self.tell.of_steps(back.steps[0]), 0))
        else:
            words = "With the direction of the arrows passed over there is a way."
            drafts += [Draft(words, (), 0), self._chain(ways.steps[0], False)]
        return self._told(asked, title, drafts, [step.end for step in ways.steps[0]])

    def _nothing(self, part: str, words: str, why: str) -> list[Draft]:
        """Said of a box at which the arrows end or begin; lines without heads are named."""
        lines = [step.edge.id for step in self.tell.graph.joined(part)]
        lines = lines or [edge.id for edge in self.tell.graph.diagram.edges]
        cites = (self.tell.cite.part(part), *self.tell.cite.together(lines))
        drafts = [Draft(f"{words} {self.tell.name(part)}: {why}.", cites, 0)]
        return drafts + [self._line(step) for step in self.tell.graph.joined(part) if step.edge.heads == "none"]

    def _around(self, *parts: str) -> tuple[int, ...]:
        """The numbers of boxes, and of every line at the first; of all lines where there is none."""
        lines = [step.edge.id for step in self.tell.graph.joined(parts[0])]
        lines = lines or [edge.id for edge in self.tell.graph.diagram.edges]
        return tuple(dict.fromkeys((*self.tell.cite.parts(parts), *self.tell.cite.together(lines))))

    def _bare(self, part: str) -> str:
        return self.tell.one.name(part).strip("“”")

    def _subjects(self, asked: DiagramQuestion) -> str:
        return listed([self._bare(part) for part in all_parts(asked.subjects)])

    def _told(
        self, asked: DiagramQuestion, title: str, drafts: Sequence[Draft], found: Sequence[str] = ()
    ) -> DiagramFinding:
        where = "before" if asked.kind == "before" else "after"
        more = tuple(f"What comes {where} {self._bare(part)}?" for part in found[:1])
        return DiagramFinding(title, tuple(drafts), tuple(dict.fromkeys(found)), followups=more)


def _with_ways(group: Sequence[Step], steps: Sequence[Step], back: bool) -> tuple[Step, ...]:
    """Steps with those by which each of them was reached."""
    reached = {step.start if back else step.end: step for step in steps}
    found: dict[Step, None] = {}
    for step in group:
        here: Step | None = step
        while here is not None and here not in found:
            found[here] = None
            here = reached.get(here.end if back else here.start)
    return tuple(found)


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"

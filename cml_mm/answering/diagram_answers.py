"""Questions about the structure of a visitor's diagrams: recognised, answered by walking the graph, cited by part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.diagram_change_answers import ChangeAnswers, in_order
from cml_mm.answering.diagram_flow import FlowAnswers
from cml_mm.answering.diagram_forms import OF_WORLD
from cml_mm.answering.diagram_loop_answers import LoopAnswers
from cml_mm.answering.diagram_patterns import PatternAnswers
from cml_mm.answering.diagram_questions import DiagramQuestion, read_diagram_question, speaks_of_diagrams
from cml_mm.answering.diagram_shape_answers import ShapeAnswers
from cml_mm.answering.diagram_shelf import Citing, OneDiagram, diagrams_of
from cml_mm.answering.diagram_telling import DiagramFinding, Teller, by, listed
from cml_mm.answering.diagram_versions import narrowed, without_names
from cml_mm.answering.diagram_wholes import WholeAnswers
from cml_mm.answering.file_places import places_in
from cml_mm.answering.file_reply import FileReply
from cml_mm.answering.file_source import Shelf
from cml_mm.diagrams.changes import changes
from cml_mm.diagrams.labels import folded
from cml_mm.types import Evidence, Notice

# Formats that hold a drawing and little else, so that a question to such a file alone is one about the drawing.
DRAWN = frozenset({"picture", "svg", "dot", "mermaid", "plantuml", "drawio"})
PATTERN_KINDS = frozenset({"patterns", "pattern_of", "pattern_asks"})
LEAST_SHARED = 1 / 3  # of the boxes of two diagrams, below which they hardly are versions of one
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]+)[”\"»]|(?<!\w)['‘]([^'‘’]+)['’](?!\w)")
MOST_AROUND = 8  # arrows near the answer that a model is shown as well


@dataclass(frozen=True)
class AskedOfDiagram:
    """A question with the diagram that it is asked of; `other` is the second one of a comparison.

    `named` says that the question or the choice of files names its file; `several` counts the
    diagrams among which it was chosen. `paired` says that the question names both of a comparison.
    """

    question: DiagramQuestion
    one: OneDiagram
    other: OneDiagram | None = None
    named: bool = True
    several: int = 1
    paired: bool = False


def asked_of_diagram(
    question: str, shelf: Shelf, files: Sequence[str] = (), alone: bool = True
) -> AskedOfDiagram | None:
    """The question as one about a diagram's structure; None where it is none.

    It is one where it says so, or where nothing but drawings is asked. Beside other sources it must
    name boxes that are there, and in words that are about arrows rather than about the world.

    Args:
        question: made whole, in English.
        shelf: the files that may be asked.
        files: ids of those that the question names.
        alone: whether nothing but files is asked.
    """
    every = diagrams_of(shelf)
    chosen = tuple(one for one in every if not files or one.file.card.id in files)
    if not chosen:
        return None
    chosen = _at_place(question, chosen)
    drawn = all(file.card.format in DRAWN and file.read.diagrams for file in shelf.only(files).files)
    meant = _says_diagram(question, chosen)
    spoken = meant or (drawn and (alone or bool(files)))
    loosely = alone or bool(files)
    bare = without_names(question, _file_names(shelf, chosen))
    found = [
        (read, one)
        for one in chosen
        if (read := read_diagram_question(bare or question, one.graph, spoken, loosely))
        and (spoken or bool(files) or not (read.missing or _of_world(read)))
    ]
    kind = narrowed(question) if len(every) > 1 and spoken and loosely else ""
    if kind and all(read.missing or read.kind != "changed" for read, _ in found):
        found = [(DiagramQuestion(question, "changed", words=kind), chosen[0])]
    if not found:
        return None
    read, one = min(found, key=lambda pair: bool(pair[0].missing))
    holding = len({one.file.card.id for one in chosen})
    asked = AskedOfDiagram(read, one, None, bool(files) or holding == 1, len(chosen))
    if read.kind != "changed":
        return asked
    pair = _two(chosen if len(chosen) > 1 else every, one)
    if pair is None or (not files and not meant and not drawn):
        return None
    old, new = in_order(pair, question)
    both = {old.file.card.id, new.file.card.id}
    paired = both <= set(files) if len(both) == 2 else len({place.number for place in places_in(question)}) > 1
    return replace(asked, one=old, other=new, named=True, paired=paired)


def _says_diagram(question: str, chosen: Sequence[OneDiagram]) -> bool:
    """Whether it speaks of a diagram, or quotes a box or lane of one."""
    quoted = {folded(found[1] or found[2]) for found in _QUOTED.finditer(question)}
    return speaks_of_diagrams(question) or any(
        folded(part.label) in quoted for one in chosen for part in one.graph.places if part.label.strip()
    )


def _of_world(read: DiagramQuestion) -> bool:
    """Whether, apart from the boxes that it names, it asks in words that are rarely about arrows."""
    rest = read.question
    for subject in sorted((*read.subjects, *read.others), key=lambda one: -len(one.said)):
        rest = rest.replace(subject.said, " ")
    return bool(OF_WORLD.search(rest))


def _file_names(shelf: Shelf, chosen: Sequence[OneDiagram]) -> list[str]:
    """What files are called, but for names that a box of the diagrams has as well."""
    labels = {tuple(prose.words(part.label)) for one in chosen for part in one.graph.places}
    names = [name for file in shelf.files for name in (file.card.name.rsplit(".", 1)[0], shelf.titles[file.card.id])]
    return [name for name in names if tuple(prose.words(name)) not in labels]


def _at_place(question: str, chosen: tuple[OneDiagram, ...]) -> tuple[OneDiagram, ...]:
    """Those on the page or slide that a question names; all where it names none that holds a diagram."""
    numbers = {place.number for place in places_in(question) if place.number}
    there = tuple(one for one in chosen if one.face and str(one.face.number) in numbers)
    return there or chosen


def _two(chosen: Sequence[OneDiagram], one: OneDiagram) -> tuple[OneDiagram, OneDiagram] | None:
    """The two to compare: of two files where there are two, else the first two of one."""
    first = chosen[0] if one not in chosen else one
    others = [other for other in chosen if other.file is not first.file] or [
        other for other in chosen if other is not first
    ]
    return (first, others[0]) if others else None


@dataclass(frozen=True)
class DiagramAnswers:
    """Tells what was asked of a diagram."""

    shelf: Shelf
    book: EvidenceBook
    composer: Composer

    def reply(self, asked: AskedOfDiagram) -> FileReply:
        """The answer, every sentence with the box or arrow that it says."""
        tell = Teller(asked.one, Citing(asked.one, self.book))
        question = asked.question
        if question.missing:
            return self._missing(asked, tell)
        finding = self._found(asked, tell)
        patterns = PatternAnswers(tell, self.shelf, self.composer)
        notices = self._doubts(asked, finding)
        slugs: tuple[str, ...] = ()
        if question.patterns:
            beside = patterns.beside(finding.parts, question.relation, 1)
            names = tell.names(part for part in finding.parts if part in tell.graph.parts)
            none = Draft(f"No pattern of the library is near enough to {names or 'them'}.", (), 1)
            finding = replace(finding, drafts=(*finding.drafts, *(beside or (none,))))
            slugs = patterns.slugs(finding.parts)
        if question.kind in PATTERN_KINDS:
            slugs = tuple(part for part in finding.parts if part in self.composer.library.entries)
        if question.patterns or question.kind in PATTERN_KINDS:
            notices += patterns.notices("missing" in question.question.lower())
        return FileReply(
            finding.title,
            (*finding.drafts, *self._which(asked, finding)),
            sure=finding.sure,
            held=1.0 if finding.sure else 0.0,
            subjects=(*self._files(asked), *slugs),
            ranked=slugs,
            notices=notices,
            considered=self._around(tell),
            followups=finding.followups,
            in_words=finding.in_words,
            in_sight=True,
        )

    def found_parts(self, asked: AskedOfDiagram) -> tuple[str, ...]:
        """The ids of what an answer is made of."""
        if asked.question.missing:
            return ()
        return self._found(asked, Teller(asked.one, Citing(asked.one, self.book))).parts

    def _found(self, asked: AskedOfDiagram, tell: Teller) -> DiagramFinding:
        question = asked.question
        if question.kind == "changed" and asked.other is not None:
            other = Teller(asked.other, Citing(asked.other, self.book))
            apart = None if asked.paired else _no_versions(tell, other)
            return apart or ChangeAnswers(tell, other).told(question)
        if question.kind in ("loops", "loop_of", "loop_sign"):
            return self._loops(question, tell)
        if question.kind == "patterns":
            return PatternAnswers(tell, self.shelf, self.composer).patterns(question)
        if question.kind in PATTERN_KINDS:
            return PatternAnswers(tell, self.shelf, self.composer).of_boxes(question)
        kinds = {**FlowAnswers(tell).kinds, **WholeAnswers(tell).kinds, **ShapeAnswers(tell).kinds}
        return kinds[question.kind](question)

    def _loops(self, question: DiagramQuestion, tell: Teller) -> DiagramFinding:
        answers = LoopAnswers(tell)
        finding = answers.loops(question)
        unsigned = answers.unsigned_words() if question.kind == "loop_sign" else ""
        if not unsigned:
            return finding
        return replace(finding, drafts=(Draft(unsigned, (), 0), *finding.drafts))

    def _missing(self, asked: AskedOfDiagram, tell: Teller) -> FileReply:
        """A box is asked about that the diagram does not have."""
        drafts = []
        for subject in asked.question.missing:
            said = subject.said.replace("“", "‘").replace("”", "’")
            near = listed([f"“{label}”" for label in subject.near])
            verb = "is" if len(subject.near) == 1 else "are"
            nearest = f" Nearest in its words {verb} {near}." if near else ""
            drafts.append(Draft(f"“{said}” is not in the diagram {asked.one.place}.{nearest}", (), 0))
        return FileReply(
            "Not in the diagram",
            (*drafts, *self._which(asked, None)),
            sure=False,
            held=0.0,
            subjects=self._files(asked),
            considered=self._around(tell),
            followups=("Which boxes are there?", "Describe this diagram"),
        )

    def _files(self, asked: AskedOfDiagram) -> tuple[str, ...]:
        both = (asked.one, asked.other) if asked.other else (asked.one,)
        return tuple(dict.fromkeys(one.file.card.id for one in both if one))

    def _which(self, asked: AskedOfDiagram, finding: DiagramFinding | None) -> tuple[Draft, ...]:
        """Says which diagram was read, where the question left that open."""
        if (asked.named and asked.several == 1) or asked.other:
            return ()
        last = finding.drafts[-1].paragraph + 1 if finding and finding.drafts else 1
        count = by(asked.several, "diagram")
        return (
            Draft(f"This was read from {asked.one.place}, one of {count}; name another to ask about it.", (), last),
        )

    def _doubts(self, asked: AskedOfDiagram, finding: DiagramFinding) -> tuple[Notice, ...]:
        unclear = len(asked.one.graph.diagram.unclear)
        if not unclear or asked.question.kind == "unclear":
            return ()
        was = "was" if unclear == 1 else "were"
        words = f"{by(unclear, 'part')} of {asked.one.place} {was} read with doubt; look at the picture."
        return (Notice("confidence", words),)

    def _around(self, tell: Teller) -> tuple[Evidence, ...]:
        """The diagram as a whole and its first arrows, for a model that is to see more than the answer cites."""
        aside = Citing(tell.one, EvidenceBook(entries=self.book.entries))
        aside.whole()
        for edge in tell.graph.diagram.edges[:MOST_AROUND]:
            aside.part(edge.id)
        return tuple(aside.book.items.values())


def _no_versions(old: Teller, new: Teller) -> DiagramFinding | None:
    """That two diagrams have too little in common to be versions of one; None where they may be."""
    same = sum(part in old.graph.nodes for part, _ in changes(old.graph, new.graph).same)
    boxes = len(old.graph.nodes) + len(new.graph.nodes)
    if 2 * same >= LEAST_SHARED * boxes:
        return None
    shared = f"only {by(same, 'box')} {'is' if same == 1 else 'are'} in both" if same else "no box is in both"
    text = f"{old.one.place} and {new.one.place} do not look like versions of one diagram: {shared}."
    way = Draft("To compare them all the same, name both in the question.", (), 1)
    title = "Not two versions of one diagram"
    return DiagramFinding(title, (Draft(f"{text[:1].upper()}{text[1:]}", (), 0), way), sure=False)

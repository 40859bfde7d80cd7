"""The diagrams among a visitor's files, and their parts as evidence that opens the very box or arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.file_evidence import private_source
from cml_mm.answering.file_source import Shelf
from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import UNCLEAR, DiagramContainer, DiagramEdge
from cml_mm.diagrams.wording import Worded, part_names, worded
from cml_mm.types import Box, Evidence, PictureArea
from cml_mm.visits import Face, StoredFile

MOST_PARTS = 60  # that one piece of evidence holds
BY_ARROWS = ("the diagram's arrows",)


@dataclass(frozen=True)
class OneDiagram:
    """A diagram of a file. `number` is its place among the file's diagrams, `title` what the file is called."""

    file: StoredFile
    title: str
    number: int

    @cached_property
    def graph(self) -> DiagramGraph:
        return DiagramGraph(self.file.read.diagrams[self.number])

    @cached_property
    def names(self) -> dict[str, str]:
        """What each box and lane is called, equal labels told apart."""
        return part_names(self.graph.diagram)

    @cached_property
    def words(self) -> Worded:
        return worded(self.graph.diagram)

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """Where each part is said in the section's text."""
        return {part: (start + self._place[1], end + self._place[1]) for part, start, end in self.words.spans}

    @cached_property
    def _place(self) -> tuple[str, int, str]:
        """The heading of the section that says it, where in its text the words begin, and that text."""
        sections = self.file.read.document.sections
        for section, placing in zip(sections, self.file.read.placings, strict=False):
            if placing.face == self.graph.diagram.face and (at := section.text.find(self.words.text)) >= 0:
                return section.heading, at, section.text
        for section in sections:
            if (at := section.text.find(self.words.text)) >= 0:
                return section.heading, at, section.text
        return self.words.heading, 0, self.words.text

    @property
    def heading(self) -> str:
        return self._place[0]

    @property
    def text(self) -> str:
        return self._place[2]

    @property
    def face(self) -> Face | None:
        return next((face for face in self.file.read.faces if face.key == self.graph.diagram.face), None)

    @property
    def place(self) -> str:
        """ "Slide 3 of Open day"; of a file that is one diagram only its title."""
        face = self.face
        several = len(self.file.read.diagrams) > 1
        return f"{face.label} of {self.title}" if face and face.number and several else self.title

    def name(self, part: str) -> str:
        """A box or lane in quotation marks, as sentences call it."""
        lane = part in self.graph.containers
        label = self.graph.label(part) if lane else self.names[part]
        text = " ".join(label.split()).replace("“", "‘").replace("”", "’")
        if lane:
            return f"the lane “{text}”" if text else self.names[part]
        return f"“{text}”"

    def doubtful(self, part: str) -> bool:
        return self.graph.parts[part].confidence < UNCLEAR


def diagrams_of(shelf: Shelf) -> tuple[OneDiagram, ...]:
    """The diagrams with structure, those of the newest file first."""
    return tuple(
        OneDiagram(file, shelf.titles[file.card.id], number)
        for file in shelf.files
        for number, diagram in enumerate(file.read.diagrams)
        if diagram.has_structure
    )


@dataclass(frozen=True)
class Citing:
    """Numbers the parts of one diagram in an answer's book."""

    one: OneDiagram
    book: EvidenceBook

    def part(self, part: str) -> int:
        """The number of a box, a lane or an arrow."""
        return self._evidence((part,))

    def parts(self, parts: Iterable[str]) -> tuple[int, ...]:
        """The numbers of several, each by itself, each once."""
        return tuple(dict.fromkeys(self.part(part) for part in parts))

    def together(self, parts: Iterable[str]) -> tuple[int, ...]:
        """The numbers of several as few pieces of evidence: those whose lines follow each other are one."""
        return tuple(self._evidence(run) for run in self._runs(frozenset(parts)))

    def whole(self) -> int:
        """The number of the diagram as a whole: all its lines, up to what one piece of evidence holds."""
        return self._evidence(tuple(part for part, _, _ in self.one.words.spans)[:MOST_PARTS])

    def _runs(self, parts: frozenset[str]) -> Iterator[tuple[str, ...]]:
        run: list[str] = []
        for part, _, _ in self.one.words.spans:
            if part in parts and len(run) < MOST_PARTS:
                run.append(part)
            elif run:
                yield tuple(run)
                run = [part] if part in parts else []
        if run:
            yield tuple(run)

    def _evidence(self, parts: Sequence[str]) -> int:
        one, file = self.one, self.one.file
        start, end = one.spans[parts[0]][0], one.spans[parts[-1]][1]
        quote = one.text[start:end]
        face = one.face
        return self.book.private(
            Evidence(
                number=0,
                source=private_source(file, one.title),
                locator=PictureArea(
                    one.heading,
                    start,
                    end,
                    tuple(box for part in parts for box in self._boxes(part)),
                    one.graph.diagram.face,
                    tuple(edge.polyline for edge in self._edges(parts) if edge.polyline),
                    tuple(parts),
                ),
                heading=face.label if face and face.number else one.heading,
                passage=quote,
                quote=quote,
                score=1.0,
                found_by=BY_ARROWS,
            )
        )

    def _boxes(self, part: str) -> Iterator[Box]:
        found = self.one.graph.parts[part]
        box = found.label_box if isinstance(found, DiagramEdge) else found.box
        if box is not None:
            yield box

    def _edges(self, parts: Iterable[str]) -> Iterator[DiagramEdge]:
        edges = self.one.graph.edges
        return (edges[part] for part in parts if part in edges)


def lanes_of(one: OneDiagram) -> tuple[DiagramContainer, ...]:
    """Its lanes and groups that have a name."""
    return tuple(lane for lane in one.graph.diagram.containers if lane.label.strip())

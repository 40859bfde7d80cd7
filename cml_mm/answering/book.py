"""Numbers the evidence of one answer; the same evidence keeps its number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cml_mm.answering.passages import Passage
from cml_mm.answering.verify import statement
from cml_mm.graph.library_graph import Entry
from cml_mm.types import Edge, Evidence, Locator, Page, Relation, Source, TextSpan


@dataclass(frozen=True)
class Draft:
    """A sentence before it is verified."""

    text: str
    cites: tuple[int, ...]
    paragraph: int
    strong: tuple[str, ...] = ()


def locate(heading: str, page: int, start: int, end: int) -> Locator:
    """Where characters of a section stand: on a numbered page, or in a headed text."""
    return Page(page, heading, start, end) if page else TextSpan(heading, start, end)


@dataclass
class EvidenceBook:
    """The only mutable value of composing: it lives as long as one answer."""

    entries: dict[str, Entry]
    found_by: dict[str, tuple[str, ...]] = field(default_factory=dict)  # slug → stages
    scores: dict[str, float] = field(default_factory=dict)
    items: dict[int, Evidence] = field(default_factory=dict)
    _numbers: dict[Locator | tuple[str, Locator], int] = field(default_factory=dict)

    def learn(self, other: EvidenceBook) -> None:
        """Takes over how another question found its pages, where this one did not find them."""
        self.found_by.update({slug: stages for slug, stages in other.found_by.items() if slug not in self.found_by})
        self.scores.update({slug: score for slug, score in other.scores.items() if slug not in self.scores})

    def passage(self, passage: Passage, found_by: tuple[str, ...] = ()) -> int:
        """The number of a quoted sentence.

        Args:
            passage: the sentence in its paragraph.
            found_by: the stage that found it, where it was not the ranking.
        """
        locator = locate(passage.heading, passage.page_number, passage.quote.start, passage.quote.end)
        key = (passage.slug, locator)
        if key not in self._numbers:
            self._add(
                key,
                source=self.entries[passage.slug].source,
                slug=passage.slug,
                locator=locator,
                heading=passage.heading,
                text=passage.paragraph.of(passage.text),
                quote=passage.quoted,
                found_by=found_by,
            )
        return self._numbers[key]

    def relation(self, relation: Relation) -> int:
        """The number of an edge of the graph."""
        locator = Edge(relation.subject, relation.kind, relation.object)
        if locator not in self._numbers:
            said = statement(relation.subject_title, relation.kind, relation.object_title) + "."
            self._add(
                locator,
                source=self.entries[relation.subject].source,
                slug=relation.subject,
                locator=locator,
                heading="Relation",
                text=f"{said} {relation.reason}".strip(),
                quote=relation.reason or said,
                path=(relation,),
            )
        return self._numbers[locator]

    def tension(self, entry: Entry) -> int:
        """The number of a page's own statement of the forces that it balances."""
        locator = TextSpan("Primary tension", 0, len(entry.tension))
        key = (entry.slug, locator)
        if key not in self._numbers:
            self._add(
                key,
                source=entry.source,
                slug=entry.slug,
                locator=locator,
                heading="Primary tension",
                text=entry.tension,
                quote=entry.tension,
            )
        return self._numbers[key]

    def label(self, entry: Entry, context: str, name: str) -> int:
        """The number of a page's own statement of the name that some people know it by.

        Args:
            context: who they are, as its front matter says.
            name: what they call it.
        """
        heading = f"Context label, {context}"
        locator = TextSpan(heading, 0, len(name))
        key = (entry.slug, locator)
        if key not in self._numbers:
            self._add(key, entry.source, entry.slug, locator, heading, name, name)
        return self._numbers[key]

    def private(self, evidence: Evidence) -> int:
        """The number of a quote out of a visitor's file; its own number does not count."""
        key = (evidence.source.slug, evidence.locator)
        if key not in self._numbers:
            number = len(self.items) + 1
            self._numbers[key] = number
            self.items[number] = replace(evidence, number=number)
        return self._numbers[key]

    def _add(
        self,
        key: Locator | tuple[str, Locator],
        source: Source,
        slug: str,
        locator: Locator,
        heading: str,
        text: str,
        quote: str,
        path: tuple[Relation, ...] = (),
        found_by: tuple[str, ...] = (),
    ) -> None:
        number = len(self.items) + 1
        self._numbers[key] = number
        self.items[number] = Evidence(
            number=number,
            source=source,
            locator=locator,
            heading=heading,
            passage=text,
            quote=quote,
            score=self.scores.get(slug, 0.0),
            found_by=found_by or (("relation",) if path else self.found_by.get(slug, ("meaning",))),
            path=path,
        )

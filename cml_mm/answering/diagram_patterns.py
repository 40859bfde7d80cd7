"""Answers that go from a diagram's boxes into the library: their patterns, what these require, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.diagram_questions import DiagramQuestion, all_parts
from cml_mm.answering.diagram_telling import DiagramFinding, Teller
from cml_mm.answering.file_source import Shelf
from cml_mm.answering.passages import core_instruction, definition
from cml_mm.answering.plan import trusted_first
from cml_mm.answering.verify import statement
from cml_mm.types import TRUSTED_LAYERS, Notice, Relation
from cml_mm.visits import DiagramLink

MOST_PATTERNS = 8
MOST_MISSING = 5
_TIES = ("REQUIRES", "ENABLES")
COMPARED = (
    "A box and a pattern were joined because the box says the pattern's name, or is near to it in meaning by a"
    " model; nobody judged whether the box works as the pattern says."
)
SUGGESTED = "What is missing is a suggestion by the library's relations, not a judgement of your diagram."


@dataclass(frozen=True)
class PatternAnswers:
    """Of one diagram, beside the library."""

    tell: Teller
    shelf: Shelf
    composer: Composer

    @property
    def links(self) -> tuple[DiagramLink, ...]:
        """The best pattern of each box and lane, surest first."""
        one = self.tell.one
        found = self.shelf.source.diagram_links(one.file.card.id, one.number)
        known = [link for link in found if link.node in one.graph.parts and link.slug in self.composer.library.entries]
        best: dict[str, DiagramLink] = {}
        for link in sorted(known, key=lambda link: (not link.named, -link.score)):
            best.setdefault(link.node, link)
        return tuple(best.values())

    def patterns(self, asked: DiagramQuestion) -> DiagramFinding:
        """The patterns that boxes name or come near, and what is missing beside them where that is asked."""
        links = self.links
        missing = "missing" in asked.question.lower() or "lack" in asked.question.lower()
        only = missing and "pattern" not in asked.question.lower().split("missing")[0]
        if not links:
            text = "No box in it says the name of a pattern of the library, or comes near enough to one in meaning."
            return DiagramFinding("No patterns found", (Draft(text, (), 0),), sure=False)
        drafts = [] if only else [draft for link in links[:MOST_PATTERNS] for draft in self._link(link, 0)]
        if len(links) > MOST_PATTERNS and not only:
            drafts.append(Draft(f"{len(links) - MOST_PATTERNS} more boxes come near a pattern.", (), 0))
        if missing:
            drafts += self._missing(links, 1)
        first = links[0].title
        title = "What may be missing" if only else f"{first} and others" if len(links) > 1 else first
        slugs = tuple(dict.fromkeys(link.slug for link in links))
        return DiagramFinding(
            title, tuple(drafts), slugs, in_words=not missing, followups=(f"What does {first} require?",)
        )

    def of_boxes(self, asked: DiagramQuestion) -> DiagramFinding:
        """The patterns of the boxes that are named, with what they require or enable where that is asked."""
        parts = all_parts(asked.subjects)
        drafts = self.beside(parts, asked.relation)
        names = self.tell.names(parts)
        if not drafts:
            text = f"{names[:1].upper()}{names[1:]} is not near enough to any pattern of the library."
            return DiagramFinding("No pattern", (Draft(text, (), 0),), sure=False)
        return DiagramFinding(f"{names} in the library", tuple(drafts), self.slugs(parts))

    def slugs(self, parts: Iterable[str]) -> tuple[str, ...]:
        wanted = set(parts)
        return tuple(dict.fromkeys(link.slug for link in self.links if link.node in wanted))

    def beside(self, parts: Sequence[str], relation: str = "", paragraph: int = 0) -> list[Draft]:
        """What the library has for some boxes: one traversal from box to pattern, and on along its relations."""
        wanted = {link.node: link for link in self.links}
        drafts: list[Draft] = []
        for part in parts:
            if part not in wanted:
                continue
            link = wanted[part]
            drafts += self._link(link, paragraph)
            if relation:
                drafts += self._related(link.slug, relation, paragraph)
        return drafts

    def notices(self, missing: bool) -> tuple[Notice, ...]:
        words = (COMPARED, SUGGESTED) if missing else (COMPARED,)
        return tuple(Notice("confidence", one) for one in words)

    def _link(self, link: DiagramLink, paragraph: int) -> Iterator[Draft]:
        """The box and the pattern, then what the pattern says."""
        page = self.composer.page(link.slug)
        passage = core_instruction(page) or definition(page)
        name = self.tell.name(link.node)
        if passage is None:
            return
        number = self.tell.cite.book.passage(passage, ("a box of the diagram",))
        cites = (self.tell.cite.part(link.node), number)
        text = f"{name[:1].upper()}{name[1:]} fits the pattern {link.title}"
        text += "." if link.named else " best."
        yield Draft(text, cites, paragraph, (link.title,))

    def _related(self, slug: str, kind: str, paragraph: int) -> Iterator[Draft]:
        outgoing, incoming = self.composer.library.relations(slug)
        found = trusted_first(one for one in (*outgoing, *incoming) if one.kind == kind and one.subject == slug)
        for one in found:
            yield self._stated(one, paragraph)
        if not found:
            title = self.composer.library.entries[slug].title
            verb = {"REQUIRES": "requires", "ENABLES": "enables"}.get(kind, "is tied to")
            yield Draft(f"The library does not say what {title} {verb}.", (), paragraph)

    def _missing(self, links: Sequence[DiagramLink], paragraph: int) -> Iterator[Draft]:
        """Patterns that those in the diagram require or enable, or that enable them, and that it does not hold."""
        held = {link.slug for link in links}
        ties: dict[str, list[Relation]] = {}
        for slug in held:
            outgoing, incoming = self.composer.library.relations(slug)
            for one in (*outgoing, *incoming):
                other = one.object if one.subject == slug else one.subject
                wanted = one.kind in _TIES and one.layer in TRUSTED_LAYERS and other not in held
                if wanted and not (one.kind == "REQUIRES" and other == one.subject):
                    ties.setdefault(other, []).append(one)
        order = sorted(ties, key=lambda slug: (*_weight(ties[slug]), self.composer.library.entries[slug].title))
        if not order:
            yield Draft(
                "No trusted relation of the library leads from these to a pattern that is not here.", (), paragraph
            )
            return
        yield Draft("Suggestions: these are tied to the patterns above and are not in the diagram.", (), paragraph)
        for slug in order[:MOST_MISSING]:
            for one in sorted(ties[slug], key=lambda one: _TIES.index(one.kind))[:2]:
                yield self._stated(one, paragraph)

    def _stated(self, relation: Relation, paragraph: int) -> Draft:
        text = f"{statement(relation.subject_title, relation.kind, relation.object_title)}."
        number = self.tell.cite.book.relation(relation)
        return Draft(text, (number,), paragraph, (relation.subject_title, relation.object_title))


def _weight(relations: Sequence[Relation]) -> tuple[int, int]:
    """Less is better: what is required goes first, then what more relations lead to."""
    return -sum(one.kind == "REQUIRES" for one in relations), -len(relations)

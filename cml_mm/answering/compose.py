"""Writes an answer out of the library's own sentences, with no language model.

Each function yields drafts one by one, so that the screen can show and the verifier can
check each as soon as it is written. What a page says is quoted; what CML adds are the
few words around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.passages import Page, Passage, best_fit, core_instruction, definition, first_step
from cml_mm.answering.verify import statement
from cml_mm.graph.bm25 import Bm25
from cml_mm.graph.library_graph import Entry, LibraryGraph
from cml_mm.ports import TextEncoder
from cml_mm.retrieval.lens import label_for
from cml_mm.retrieval.ranking import Ranking
from cml_mm.talk import NO_LENS, Lens
from cml_mm.types import TRUST_LAYERS, TRUSTED_LAYERS, Relation

MOST_PAGES = 3
SHORTEST_LABEL = 4  # characters: "Med" is no name
LEAST_SHARE = 0.72  # of the best page's score: a further page must come this close to be offered
_TORN = re.compile(
    r"\b(tensions?|tug.of.war|clash\w*|conflicts? between|torn between|caught between|pull\w* (against|between|apart)"
    r"|at odds|contradict\w*|trade.?offs?|dilemmas?|opposing|balanc\w* between|versus|vs)\b"
)


@dataclass(frozen=True)
class Composer:
    """The extractive composer: names itself in every answer."""

    library: LibraryGraph
    bm25: Bm25
    encoder: TextEncoder
    name: str = "built-in composer, no language model"

    def page(self, slug: str) -> Page:
        return Page(self.library.entries[slug], self.library.sections(slug))

    def help(
        self,
        ranking: Ranking,
        slugs: tuple[str, ...],
        book: EvidenceBook,
        unsure: bool = False,
        lens: Lens = NO_LENS,
    ) -> Iterator[Draft]:
        """For "what helps with …": the best patterns, the first one in full.

        Args:
            unsure: say "may fit", because little of the question was recognised.
            lens: whose name for a pattern is told beside its title.
        """
        paragraph = 0
        close = close_pages(ranking, slugs)
        torn = asks_for_tension(ranking.question)
        for place, slug in enumerate(close):
            page = self.page(slug)
            lead = "may fit" if unsure else "also fits" if place else "fits best"
            yield from self.fit(page, ranking, book, paragraph, lead, lens)
            if torn:
                yield from self.own_tension(page, book, paragraph)
            yield from self.advice(page, book, paragraph)
            if place == 0:
                yield from self._step(page, book, paragraph)
                yield from self.surroundings(page, book, paragraph + 1)
                paragraph += 1
            else:
                yield from self._one_relation(page, book, paragraph)
            paragraph += 1
        if len(close) == 1 and not unsure:
            yield from self._next(close[0], book, paragraph)

    def define(self, slug: str, book: EvidenceBook, paragraph: int = 0, lens: Lens = NO_LENS) -> Iterator[Draft]:
        """For a name: what it is, what to do, what it balances, what stands around it."""
        page = self.page(slug)
        yield from self.definition(page, book, paragraph, lens)
        yield from self.advice(page, book, paragraph)
        yield from self.own_tension(page, book, paragraph)
        yield from self.surroundings(page, book, paragraph + 1)

    def relations(self, relations: tuple[Relation, ...], book: EvidenceBook, paragraph: int = 0) -> Iterator[Draft]:
        """Each relation with its reason, one paragraph each."""
        for place, relation in enumerate(relations):
            yield self.relation(relation, book, paragraph + place)

    def relation(self, relation: Relation, book: EvidenceBook, paragraph: int, lead: str = "") -> Draft:
        """A relation as a sentence, with its reason."""
        said = statement(relation.subject_title, relation.kind, relation.object_title)
        return self.said(f"{lead}{said}", relation, book, paragraph)

    def said(self, text: str, relation: Relation, book: EvidenceBook, paragraph: int) -> Draft:
        """A relation in given words, with its reason."""
        reason = relation.reason.strip()
        return Draft(
            _ended(f"{text}: {reason}" if reason else text),
            (book.relation(relation),),
            paragraph,
            (relation.subject_title, relation.object_title),
        )

    def own_tension(self, page: Page, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        """The forces that a pattern balances, as its own page names them."""
        if page.entry.tension:
            text = f"The tension that {page.entry.title} holds is {page.entry.tension}."
            yield Draft(text, (book.tension(page.entry),), paragraph, (page.entry.title,))

    def surroundings(self, page: Page, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        """What it requires and enables, what requires it, a tension, an adopter: one of each, trusted only."""
        outgoing, incoming = self.trusted(page.entry.slug)
        for kind in ("REQUIRES", "ENABLES"):
            found = next((r for r in outgoing if r.kind == kind), None)
            if found:
                yield self.relation(found, book, paragraph)
        later = next((r for r in incoming if r.kind == "REQUIRES"), None)
        if later:
            yield self.relation(later, book, paragraph)
        tension = next((r for r in (*outgoing, *incoming) if r.kind == "TENSIONS_WITH"), None)
        if tension:
            yield self.relation(tension, book, paragraph)
        adopter = next((r for r in incoming if r.kind == "ADOPTS"), None)
        if adopter:
            yield self.relation(adopter, book, paragraph)

    def trusted(self, slug: str) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
        """Relations in the layers that a person stands behind."""
        outgoing, incoming = self.library.relations(slug)
        return (
            tuple(r for r in outgoing if r.layer in TRUSTED_LAYERS),
            tuple(r for r in incoming if r.layer in TRUSTED_LAYERS),
        )

    def between(self, first: str, last: str) -> tuple[Relation, ...]:
        """Every relation that joins two pages, in either direction."""
        outgoing, incoming = self.library.relations(first)
        joined = [r for r in (*outgoing, *incoming) if last in (r.subject, r.object)]
        return tuple(sorted(joined, key=lambda r: TRUST_LAYERS.index(r.layer)))

    def fit(
        self,
        page: Page,
        ranking: Ranking,
        book: EvidenceBook,
        paragraph: int,
        lead: str,
        lens: Lens = NO_LENS,
    ) -> Iterator[Draft]:
        """The page by name, and its sentence that speaks most to the question.

        Args:
            lead: what is said between them, "fits best" or the like.
        """
        passage = best_fit(page, ranking, self.bm25, self.encoder) or definition(page)
        if passage is None:
            return
        name, cites = self._named(page.entry, lens, book, (book.passage(passage),))
        yield Draft(f"{name} {lead}: {quoted(passage)}", cites, paragraph, (page.entry.title,))

    def definition(
        self, page: Page, book: EvidenceBook, paragraph: int, lens: Lens = NO_LENS, lead: str = ""
    ) -> Iterator[Draft]:
        """What the page is about, by name.

        Args:
            lead: set before it, "First: " or the like.
        """
        passage = definition(page)
        if passage:
            name, cites = self._named(page.entry, lens, book, (book.passage(passage),))
            text = passage.said
            if len(cites) > 1 or not prose_holds(text, page.entry.title):
                text = f"{name}: {text}"
            yield Draft(_ended(f"{lead}{text}"), cites, paragraph, (page.entry.title,))

    def advice(self, page: Page, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        """What the page says to do, in one sentence."""
        passage = core_instruction(page) if page.entry.kind != "document" else None
        if passage:
            lead = "Its core advice" if passage.role == "solution" else "A core practice"
            yield Draft(_ended(f"{lead}: {_instruction(passage)}"), (book.passage(passage),), paragraph)

    def _named(
        self, entry: Entry, lens: Lens, book: EvidenceBook, cites: tuple[int, ...]
    ) -> tuple[str, tuple[int, ...]]:
        """A title, with the name that the asker's own people have for it, and what bears both out."""
        found = label_for(entry, lens)
        if not found or _is_template(found[1], entry.title):
            return entry.title, cites
        who = next((facet.label for facet in lens.facets if facet.kind == "persona"), found[0])
        said = f"{entry.title} (for {_with_article(who)}: {found[1]})"
        return said, (*cites, book.label(entry, *found))

    def _step(self, page: Page, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        passage = first_step(page)
        if passage:
            yield Draft(_ended(f"First step: {passage.said}"), (book.passage(passage),), paragraph)

    def _next(self, slug: str, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        """Where only one page came close: the pattern that builds on it, with its advice and its warning."""
        _, incoming = self.trusted(slug)
        later = next((r for r in incoming if r.kind == "REQUIRES"), None)
        passage = core_instruction(self.page(later.subject)) if later else None
        if not later or not passage:
            return
        text = _ended(f"After that, {later.subject_title}: {_instruction(passage)}")
        yield Draft(text, (book.passage(passage),), paragraph, (later.subject_title,))
        tension = next((r for r in self.trusted(later.subject)[0] if r.kind == "TENSIONS_WITH"), None)
        if tension:
            yield self.relation(tension, book, paragraph)

    def _one_relation(self, page: Page, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        outgoing, _ = self.trusted(page.entry.slug)
        wanted = ("REQUIRES", "TENSIONS_WITH", "ENABLES")
        found = next((r for kind in wanted for r in outgoing if r.kind == kind), None)
        if found:
            yield self.relation(found, book, paragraph)


def close_pages(ranking: Ranking, slugs: tuple[str, ...]) -> tuple[str, ...]:
    """The best page and at most two more that come close to it and do not say nearly the same."""
    scores = {page.slug: page.score for page in ranking.pages}
    repeating = {page.slug for page in ranking.pages if page.twin_of}
    least = LEAST_SHARE * max(scores.get(slugs[0], 0.0), 0.0)
    further = [slug for slug in slugs[1:] if slug not in repeating][: MOST_PAGES - 1]
    return (*slugs[:1], *(slug for slug in further if scores.get(slug, 0.0) >= least))


def asks_for_tension(question: str) -> bool:
    """Whether forces that pull against each other are asked about."""
    return bool(_TORN.search(prose.fold(question)))


def _is_template(label: str, title: str) -> bool:
    """Whether a label only repeats the title with words added, or is too short for a name."""
    key = " ".join(prose.words(label))
    return len(key) < SHORTEST_LABEL or f" {' '.join(prose.words(title))} " in f" {key} "


def _with_article(who: str) -> str:
    return f"{'an' if who[:1].lower() in 'aeio' else 'a'} {who[:1].lower()}{who[1:]}"


def prose_holds(text: str, title: str) -> bool:
    """Whether the text begins by naming the page."""
    return text.lower()[: len(title) + 24].find(title.lower()) >= 0


def _instruction(passage: Passage) -> str:
    return re.sub(r"^therefore,?\s*", "", passage.said, flags=re.IGNORECASE)


def quoted(passage: Passage) -> str:
    """A sentence of the library in quotation marks; those inside it become single."""
    said = passage.said
    inner = said.replace("“", "‘").replace("”", "’").strip('"')
    return f"“{inner}”"


def _ended(text: str) -> str:
    return text if text.rstrip()[-1:] in '.!?”"' else f"{text.rstrip().rstrip(':;,')}."

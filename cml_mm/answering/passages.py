"""Finds the sentences of a page worth quoting: what it is, why it fits, what to do first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from cml_mm import prose
from cml_mm.graph.bm25 import Bm25
from cml_mm.graph.library_graph import Entry
from cml_mm.ports import TextEncoder
from cml_mm.prose import Span
from cml_mm.retrieval.ranking import Ranking
from cml_mm.types import Section

SHORTEST_CHARS = 40
LONGEST_CHARS = 340
ENCODED_SENTENCES = 10  # a page: encoding is most of what a question costs
SITUATION_ROLES = ("problem", "context", "overview", "when_to_use")
OTHER_ROLES = ("solution", "consequences", "practices")
_FOR_ONE_SETTING = re.compile(r"^(for |in )?(an? |the )?(corporate|government|activist|tech|product|business)\b", re.I)
_BOILERPLATE = re.compile(r"^(confidence rating|this rating reflects|the core conflict is|therefore\b)", re.IGNORECASE)
_LIST_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s")
_FIRST_ITEM = re.compile(r"\s*1[.)]\s")
_NO_STEP = re.compile(r"\b(prerequisites?|challenges?|resistance|pitfalls?|risks?|lack of|success factors?)\b", re.I)
_INTRODUCTION = re.compile(
    r"\b(following|set of|key practices|core principles|several|these (practices|principles))\b", re.I
)
_TO_BE_WRITTEN = re.compile(
    r"\W*(please (add|write|insert)|to be (added|written)|tbd\b|todo\b|lorem ipsum|placeholder)", re.I
)
_LABEL = re.compile(r"^[^.!?]{1,80}:$")


@dataclass(frozen=True)
class Passage:
    """A sentence (`quote`) inside its paragraph, as offsets into one section's text."""

    slug: str
    role: str
    heading: str
    text: str  # the section's whole text
    paragraph: Span
    quote: Span
    page_number: int = 0  # of a document that has pages

    @property
    def quoted(self) -> str:
        return self.quote.of(self.text)

    @property
    def said(self) -> str:
        """The quote without Markdown marks."""
        return prose.plain(self.quoted)


@dataclass(frozen=True)
class Page:
    """One page with its sections, read once an answer."""

    entry: Entry
    sections: tuple[Section, ...]


def page_passages(page: Page, roles: Iterable[str]) -> Iterator[Passage]:
    """Every quotable sentence in sections of these roles; a document has no roles, so all of it counts."""
    wanted = frozenset(roles)
    for section in page.sections:
        if section.role in wanted or page.entry.kind == "document":
            yield from _section_passages(page.entry.slug, section)


def _section_passages(slug: str, section: Section) -> Iterator[Passage]:
    for paragraph in prose.paragraphs(section.text):
        for span in prose.sentences(section.text, paragraph):
            passage = Passage(slug, section.role, section.heading, section.text, paragraph, span, section.page)
            said = passage.said
            long_enough = SHORTEST_CHARS <= len(said) <= LONGEST_CHARS
            if long_enough and said[-1] in ".!?”\"')" and not _BOILERPLATE.match(said):
                yield passage


def best_fit(page: Page, ranking: Ranking, bm25: Bm25, encoder: TextEncoder) -> Passage | None:
    """The sentence that speaks most to the question: rare words in common first, then meaning.

    Only the sentences with the most shared weight are encoded, so that a question stays
    well under a second.
    """
    wanted = set(ranking.terms)

    def shared(passage: Passage) -> float:
        return sum(bm25.idf(term) for term in wanted & set(prose.terms(passage.said)))

    situations = list(page_passages(page, SITUATION_ROLES)) or page_passages(page, OTHER_ROLES)
    candidates = sorted(situations, key=shared, reverse=True)[:ENCODED_SENTENCES]
    if not candidates:
        return None
    most = max(shared(candidates[0]), 1e-9)
    cosines = encoder.encode_passages([passage.said for passage in candidates]) @ ranking.query_vector
    scores = [0.3 * shared(p) / most + float(c) for p, c in zip(candidates, cosines, strict=True)]
    return candidates[int(np.argmax(scores))]


def core_instruction(page: Page) -> Passage | None:
    """The bold "Therefore, …" of a solution; else the first sentence that says what is done."""
    for section in page.sections:
        if section.role == "solution":
            for paragraph in prose.paragraphs(section.text):
                for span in prose.sentences(section.text, paragraph):
                    if prose.plain(span.of(section.text)).lower().startswith("therefore"):
                        return Passage(page.entry.slug, section.role, section.heading, section.text, paragraph, span)
    first = next(page_passages(page, ("solution",)), None)
    practices = [p for p in page_passages(page, ("practices", "principles")) if not _INTRODUCTION.search(p.said)]
    listed = [p for p in practices if _LIST_ITEM.match(p.paragraph.of(p.text))]
    return first or next(iter(listed or practices), None)


def first_step(page: Page) -> Passage | None:
    """The first item of a numbered list under Implementation; prose and bullets there are no order."""
    for section in page.sections:
        if section.role != "implementation":
            continue
        for paragraph in prose.paragraphs(section.text):
            raw = paragraph.of(section.text)
            if not _FIRST_ITEM.match(raw):
                continue
            spans = prose.sentences(section.text, paragraph)
            if spans:
                end = spans[0].end
                if len(spans) > 1 and len(prose.plain(spans[0].of(section.text))) < SHORTEST_CHARS:
                    end = spans[1].end  # "**Name it.** Write down …": the label alone says too little
                span = Span(spans[0].start, end)
                step = Passage(page.entry.slug, section.role, section.heading, section.text, paragraph, span)
                no_step = step.said.endswith("?") or any(
                    form.search(step.said[:60]) for form in (_LABEL, _FOR_ONE_SETTING, _NO_STEP)
                )
                if not no_step and len(step.said) <= LONGEST_CHARS:
                    return step
    return None


def definition(page: Page) -> Passage | None:
    """What the page is about: its summary, else the first sentence of its overview."""
    summary = page.entry.summary
    if summary and not _TO_BE_WRITTEN.match(summary):
        whole = Span(0, len(summary))
        return Passage(page.entry.slug, "overview", "Summary", summary, whole, whole)
    return next(page_passages(page, ("overview", "context", "solution", "other")), None)

"""What stands beside an answer: pages that were considered, and questions to ask next."""

from __future__ import annotations

from collections.abc import Iterator

from cml_mm import prose
from cml_mm.answering.book import EvidenceBook, locate
from cml_mm.answering.compose import Composer
from cml_mm.answering.passages import definition
from cml_mm.answering.plan import Plan
from cml_mm.retrieval.retriever import Retrieved
from cml_mm.types import Evidence

_ASKS = (("REQUIRES", "require"), ("ENABLES", "enable"))


def considered(composer: Composer, found: Retrieved, book: EvidenceBook) -> tuple[Evidence, ...]:
    """The best pages that no sentence cites: near-twins of cited ones, then others with their nearest section."""
    cited = {item.source.slug for item in book.items.values()}
    left = list(_twins(composer, found, cited))
    for scored in found.nodes:
        slug = scored.node.metadata["slug"]
        if slug in cited:
            continue
        text = scored.node.get_content()
        opening = next((span for p in prose.paragraphs(text) for span in prose.sentences(text, p)), None)
        if opening:
            heading = str(scored.node.metadata["heading"])
            left.append(
                Evidence(
                    number=0,
                    source=composer.library.entries[slug].source,
                    locator=locate(heading, int(scored.node.metadata["page"]), opening.start, opening.end),
                    heading=heading,
                    passage=opening.of(text),
                    quote=opening.of(text),
                    score=float(scored.score or 0.0),
                    found_by=tuple(scored.node.metadata["found_by"]),
                )
            )
    return tuple(left)


def _twins(composer: Composer, found: Retrieved, cited: set[str]) -> Iterator[Evidence]:
    """Pages that say nearly the same as a cited one: not repeated in the answer, but to be found."""
    for page in found.ranking.pages:
        if page.slug in cited or page.twin_of not in cited:
            continue
        passage = definition(composer.page(page.slug))
        if passage:
            better = composer.library.entries[page.twin_of].title
            yield Evidence(
                number=0,
                source=composer.library.entries[page.slug].source,
                locator=locate(passage.heading, passage.page_number, passage.quote.start, passage.quote.end),
                heading=passage.heading,
                passage=passage.paragraph.of(passage.text),
                quote=passage.quoted,
                score=page.score,
                found_by=(f"nearly the same as {better}",),
            )


def followups(composer: Composer, plan: Plan) -> tuple[str, ...]:
    """Questions that the graph can answer about the first page."""
    if plan.followups:
        return plan.followups
    if not plan.ranked or plan.status == "not_in_library":
        return ()
    slug = plan.ranked[0]
    title = composer.library.entries[slug].title
    outgoing, incoming = composer.trusted(slug)
    asks = {r.kind: f"What does {title} {verb}?" for r in outgoing for kind, verb in _ASKS if r.kind == kind}
    if any(r.kind == "TENSIONS_WITH" for r in (*outgoing, *incoming)):
        asks["TENSIONS_WITH"] = f"What is in tension with {title}?"
    if any(r.kind == "ADOPTS" for r in incoming):
        asks["ADOPTS"] = f"Who has adopted {title}?"
    told = plan.title
    return tuple(ask for ask in asks.values() if told not in ask)[:3] or (f"What is {title}?",)

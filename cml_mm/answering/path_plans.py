"""Answers about how names stand to each other: a path, a tension, a comparison, an order to try them in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.comparison import MOST_COMPARED, Comparison
from cml_mm.answering.compose import Composer, asks_for_tension
from cml_mm.answering.order import asks_outright
from cml_mm.answering.order_plans import OrderPlans
from cml_mm.answering.paths import Paths
from cml_mm.answering.plan import Asked, Plan, ends_of, first_then, layer_notice, trusted_first
from cml_mm.answering.sides import compared_pages
from cml_mm.retrieval.fuzzy_titles import TitleIndex
from cml_mm.types import Notice, PathFound, Relation

MOST_WEIGHED = 20  # patterns found whose stated tension is held against the question
MOST_HOLDING = 3
LONGEST_UNCHECKED = 2  # machine-made relations in a row that are still told, labelled
_STEPWISE = re.compile(r"\b(steps?|leads?|path|chain|route|get from|way from)\b")
_HOLDS = re.compile(
    r"\b(which|what|any|is there an?|find|show)( \w+)? (patterns?|pages?|practices?|one)\b[^.?!]*"
    r"\b(deals?|dealing|about|holds?|balances?|handles?|address\w*|resolves?|names?|with|for|between|on)\b"
)
# Kinds of questions that may ask for an order: in so many words, or by naming a goal.
_ORDERED_OUTRIGHT = frozenset({"help", "define", "relations", "compare", "path"})
_ORDERED_GOAL = frozenset({"help", "define"})
_COMPARED_UNNAMED = frozenset({"help", "define"})


@dataclass(frozen=True)
class PathPlans:
    """Plans from the typed edges between named pages."""

    composer: Composer

    @cached_property
    def paths(self) -> Paths:
        """Over all relations, read in bulk when first needed."""
        return Paths.of(self.composer.library)

    @cached_property
    def comparison(self) -> Comparison:
        return Comparison(self.composer, self.paths)

    @cached_property
    def _titles(self) -> TitleIndex[str]:
        """Every title and alias, for names with small mistakes in them."""
        entries = self.composer.library.entries.values()
        return TitleIndex.build([(entry.slug, name) for entry in entries for name in (entry.title, *entry.aliases)])

    def misspelt(self, name: str) -> str | None:
        """The slug of the one page whose title or alias this nearly is; None where there is none, or several."""
        size = len(prose.words(name))
        whole = [match for match in self._titles.find(name) if match.words == size]
        return whole[0].ids[0] if whole and len(whole[0].ids) == 1 else None

    def order(self, asked: Asked) -> Plan | None:
        """What to try first; None where no goal is named and no order is asked for outright."""
        outright = asks_outright(asked.question)
        kinds = _ORDERED_OUTRIGHT if outright else _ORDERED_GOAL
        if not asked.patterns or asked.intent.kind not in kinds or not (asked.intent.subjects or outright):
            return None
        return OrderPlans(self.composer, self.paths).plan(asked)

    def compare(self, asked: Asked) -> Plan:
        """Two or three names side by side."""
        return self._side_by_side(asked, asked.intent.subjects[:MOST_COMPARED])

    def compare_unnamed(self, asked: Asked) -> Plan | None:
        """Two pages side by side that a question compares in words near their titles; None where it does not."""
        if asked.intent.kind not in _COMPARED_UNNAMED or len(asked.intent.subjects) > 1:
            return None
        entries = self.composer.library.entries
        slugs = compared_pages(asked.question, (entries[slug] for slug in asked.patterns))
        return self._side_by_side(asked, slugs) if slugs else None

    def _side_by_side(self, asked: Asked, slugs: tuple[str, ...]) -> Plan:
        heading = _listed(tuple(self._title(slug) for slug in slugs))
        drafts = self.comparison.drafts(slugs, asked.book, asked.ranking)
        ranked = first_then((*slugs, *asked.intent.subjects), asked.patterns)
        return Plan(heading, drafts, ranked, subjects=slugs, in_words=True)

    def tension(self, asked: Asked) -> Plan:
        """Where one pattern pulls, by its own page and against others; of two, what lies between them."""
        if len(asked.intent.subjects) > 1:
            return self._tension_between(asked)
        page = self.composer.page(asked.intent.subjects[0])
        outgoing, incoming = self.composer.library.relations(asked.intent.subjects[0])
        shown = trusted_first(r for r in (*outgoing, *incoming) if r.kind == "TENSIONS_WITH")

        def drafts() -> Iterator[Draft]:
            yield from self.composer.own_tension(page, asked.book, 0)
            yield from self.composer.relations(shown, asked.book, paragraph=1)
            if not shown and not page.entry.tension:
                yield Draft(f"The library names no tension for {page.entry.title}.", (), 0)
                yield from self.composer.define(page.entry.slug, asked.book, paragraph=1)

        ranked = first_then((*asked.intent.subjects, *ends_of(shown)), asked.patterns)
        return Plan(f"Where {page.entry.title} pulls", drafts(), ranked, notices=layer_notice(shown))

    def holding_tension(self, asked: Asked) -> Plan | None:
        """Which pattern holds a tension that is described: of those found, the ones whose own comes nearest."""
        if asked.intent.subjects or not _HOLDS.search(prose.fold(asked.question)):
            return None
        if not asks_for_tension(asked.question):
            return None
        entries = self.composer.library.entries
        stated = tuple(slug for slug in asked.patterns[:MOST_WEIGHED] if entries[slug].tension)
        if not stated:
            return None
        vectors = self.composer.encoder.encode_passages([entries[slug].tension for slug in stated])
        scores = {page.slug: page.score for page in asked.ranking.pages}
        most = max(scores[slug] for slug in stated)
        nearness = {
            slug: scores[slug] / most + float(cosine)
            for slug, cosine in zip(stated, vectors @ asked.ranking.query_vector, strict=True)
        }
        best = tuple(sorted(stated, key=lambda slug: -nearness[slug]))[:MOST_HOLDING]

        def drafts() -> Iterator[Draft]:
            for paragraph, slug in enumerate(best):
                page = self.composer.page(slug)
                yield from self.composer.own_tension(page, asked.book, paragraph)
                yield from self.composer.definition(page, asked.book, paragraph)
                yield from self.composer.advice(page, asked.book, paragraph)

        return Plan(f"The tension of {self._title(best[0])}", drafts(), first_then(best, asked.patterns), subjects=best)

    def path(self, asked: Asked) -> Plan:
        """How one name leads to the other, or how they are joined."""
        if asks_for_tension(asked.question):
            return self._tension_between(asked)
        first, last = asked.intent.subjects[:2]
        direct = self.paths.between(first, last)
        stepwise = bool(_STEPWISE.search(prose.fold(asked.question)))
        if direct and not stepwise:
            return self._told(asked, direct, ())
        found = self._joined(first, last, stepwise)
        if found.relations:
            return self._told(asked, found.relations, self._direction_notice(found), found.tensions)
        return self._no_path(asked, found)

    def _joined(self, first: str, last: str, stepwise: bool) -> PathFound:
        """The causal path; where only a link is asked for, the shortest of any direction unless that is no shorter."""
        causal = self.paths.find(first, last)
        if stepwise or not causal.relations:
            return causal
        shortest = self.paths.find(first, last, any_direction=True)
        return shortest if shortest.steps < causal.steps else causal

    def _told(
        self,
        asked: Asked,
        path: tuple[Relation, ...],
        notices: tuple[Notice, ...],
        tensions: tuple[Relation, ...] = (),
    ) -> Plan:
        """Each relation on the way in order, then the tensions between its stops."""
        first, last = asked.intent.subjects[:2]
        inner = tuple(end for end in ends_of(path) if end not in (first, last))
        heading = f"{'From ' if inner else ''}{self._title(first)} {'to' if inner else 'and'} {self._title(last)}"
        ranked = first_then((*inner, first, last), asked.patterns)
        drafts = self.composer.relations((*path, *tensions), asked.book)
        return Plan(heading, drafts, ranked, notices=(*notices, *layer_notice(path)))

    def _no_path(self, asked: Asked, found: PathFound) -> Plan:
        """Says so; then what nobody has checked but is near, else both side by side."""
        first, last = found.stops
        one, two = found.titles
        near = self._unchecked(found)
        inner = tuple(end for end in ends_of(near) if end not in (first, last))
        said = [Draft(f"No path of relations that a person stands behind joins {one} and {two}.", (), 0)]
        if found.nearest and not near:
            words = f"The nearest to {two} that such relations reach from {one} is {self._title(found.nearest)}."
            said.append(Draft(words, (), 0, (self._title(found.nearest),)))

        def drafts() -> Iterator[Draft]:
            yield from said
            yield from self.composer.relations(near, asked.book, paragraph=1)
            if not near:
                for draft in self.comparison.drafts((first, last), asked.book, asked.ranking):
                    yield replace(draft, paragraph=draft.paragraph + 1)

        ranked = first_then((*inner, first, last), asked.patterns)
        return Plan(f"{one} and {two}", drafts(), ranked, notices=layer_notice(near))

    def _unchecked(self, found: PathFound) -> tuple[Relation, ...]:
        """A short way that machine-made relations would offer."""
        return found.unchecked if len(found.unchecked) <= LONGEST_UNCHECKED else ()

    def _tension_between(self, asked: Asked) -> Plan:
        """The tension between two names, what each of them holds by itself, and how they are joined otherwise."""
        first, last = asked.intent.subjects[:2]
        one, two = self._title(first), self._title(last)
        between = self.composer.between(first, last)
        pulling = trusted_first(relation for relation in between if relation.kind == "TENSIONS_WITH")
        other = () if pulling else self.paths.between(first, last) or self.paths.find(first, last).relations

        def drafts() -> Iterator[Draft]:
            if not pulling:
                yield Draft(f"The library names no tension between {one} and {two}.", (), 0)
            yield from self.composer.relations(pulling, asked.book)
            for slug in (first, last):
                yield from self.composer.own_tension(self.composer.page(slug), asked.book, len(pulling) or 1)
            yield from self.composer.relations(other, asked.book, paragraph=2)

        inner = tuple(end for end in ends_of(other) if end not in (first, last))
        ranked = first_then((first, last, *inner), asked.patterns)
        heading = f"Between {one} and {two}"
        return Plan(heading, drafts(), ranked, notices=layer_notice(pulling), subjects=(first, last))

    def _direction_notice(self, found: PathFound) -> tuple[Notice, ...]:
        one, two = found.titles[0], found.titles[-1]
        if found.direction == "backward":
            return (Notice("input", f"The library states this the other way round: {two} leads to {one}."),)
        if found.direction == "mixed" and found.steps > 1:
            return (Notice("input", f"These relations join {one} and {two}, but do not all point the same way."),)
        return ()

    def _title(self, slug: str) -> str:
        return self.composer.library.entries[slug].title


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]

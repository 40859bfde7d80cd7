"""Writes an order to try things in: each step with why it comes then, and the tensions on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.order import MOST_STEPS, Order, before_after, find_order, with_earlier
from cml_mm.answering.paths import Paths
from cml_mm.answering.plan import Asked, Plan, first_then
from cml_mm.answering.verify import RELATION_VERBS
from cml_mm.types import Notice, Relation

PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")
CLOSE_SHARE = 0.8  # of the best page's score: pages that belong to a situation
MOST_CLOSE = 4
MOST_NEEDED = 2  # prerequisites that the best of them brings in
MOST_ENABLED = 5  # steps, when what only helps is counted in
MOST_TENSIONS = 3
_UNORDERED = "The library sets no order between these; the first is the nearest to your question."
_PARTLY = "The library orders only some of these; the others stand by how near they are to your question."
_ALONE = "The library names nothing that has to come before this."
_CIRCLE = "Some of these relations run in a circle; the least trusted ones were left out of the order."


@dataclass(frozen=True)
class OrderPlans:
    """Plans for questions about what to do first."""

    composer: Composer
    paths: Paths

    def plan(self, asked: Asked) -> Plan:
        """An order for the patterns that are named, else for those that fit the situation best."""
        named = tuple(slug for slug in asked.intent.subjects if slug in set(asked.patterns) or self._is_pattern(slug))
        goals = named or self._close(asked)
        order = find_order(self._steps(goals, bool(named)), self.paths.relations)
        heading = f"On the way to {self._title(named[0])}" if len(named) == 1 else "An order to try these in"
        ranked = first_then(order.steps, asked.patterns) if named else asked.patterns
        drafts = self._drafts(order, asked, goals, "" if named else goals[0])
        return Plan(heading, drafts, ranked, notices=_notices(order), subjects=order.steps)

    def _steps(self, goals: tuple[str, ...], named: bool) -> tuple[str, ...]:
        """Goals with what they need; for a single named one also what helps it along."""
        relations = self.paths.relations
        if not named:  # a situation: only what its best pattern itself needs
            needed = with_earlier(goals[:1], relations, "REQUIRES", levels=1, most=1 + MOST_NEEDED)
            return first_then(goals, needed)[:MOST_STEPS]
        steps = with_earlier(goals, relations, "REQUIRES", levels=3)
        if len(goals) > 1:
            return steps
        return with_earlier(
            steps, (r for r in relations if r.object in goals), "ENABLES", 1, max(MOST_ENABLED, len(steps))
        )

    def _close(self, asked: Asked) -> tuple[str, ...]:
        """The patterns that a situation calls for, best first."""
        scores = {page.slug: page.score for page in asked.ranking.pages}
        least = CLOSE_SHARE * scores.get(asked.patterns[0], 0.0)
        close = (slug for slug in asked.patterns[:MOST_CLOSE] if scores.get(slug, 0.0) >= least)
        return tuple(slug for slug in close if self._is_pattern(slug)) or asked.patterns[:1]

    def _drafts(self, order: Order, asked: Asked, goals: tuple[str, ...], nearest: str) -> Iterator[Draft]:
        """A paragraph a step: why then, what it is or advises, and what it pulls against."""
        tensions = self._tensions(order)
        alone = len(order.steps) == 1
        for paragraph, slug in enumerate(order.steps):
            page = self.composer.page(slug)
            lead = "" if alone else f"{PLACES[paragraph]}: "
            reasons = order.reasons_for(slug)
            if reasons:
                yield self._because(reasons[0], slug, lead, asked, paragraph)
            if slug == nearest:
                name = "" if reasons else lead
                for draft in self.composer.fit(page, asked.ranking, asked.book, paragraph, "fits best"):
                    yield Draft(f"{name}{draft.text}", draft.cites, paragraph, draft.strong)
            elif not reasons:
                yield from self.composer.definition(page, asked.book, paragraph, lead=lead)
            yield from (
                self.composer.relation(r, asked.book, paragraph)
                for r in reasons[1 : MOST_STEPS if slug in goals else 2]
            )
            yield from self.composer.advice(page, asked.book, paragraph)
            for relation in tensions.get(slug, ()):
                yield self.composer.relation(relation, asked.book, paragraph)
        for relation in order.set_aside:
            yield self.composer.relation(relation, asked.book, len(order.steps), lead="Left out: ")
        if alone:
            yield from self.composer.surroundings(self.composer.page(order.steps[0]), asked.book, 1)

    def _because(self, relation: Relation, slug: str, lead: str, asked: Asked, paragraph: int) -> Draft:
        """A step by the relation that puts it after an earlier one."""
        if relation.subject != slug:
            return self.composer.relation(relation, asked.book, paragraph, lead)
        said = f"{lead}{relation.subject_title}. It {RELATION_VERBS[relation.kind]} {relation.object_title}"
        return self.composer.said(said, relation, asked.book, paragraph)

    def _tensions(self, order: Order) -> dict[str, list[Relation]]:
        """Trusted tensions by the step at which they are met: between steps first, then against other patterns."""
        place = {slug: number for number, slug in enumerate(order.steps)}
        between = self.paths.tensions(order.steps)
        outside = [
            next((r for r in (*out, *into) if r.kind == "TENSIONS_WITH" and r not in between), None)
            for out, into in map(self.composer.trusted, order.steps)
        ]
        shown = (*between, *(relation for relation in outside if relation))[:MOST_TENSIONS]
        met: dict[str, list[Relation]] = {}
        for relation in dict.fromkeys(shown):
            later = max((relation.subject, relation.object), key=lambda slug: place.get(slug, -1))
            met.setdefault(later, []).append(relation)
        return met

    def _is_pattern(self, slug: str) -> bool:
        return self.composer.library.entries[slug].kind == "pattern"

    def _title(self, slug: str) -> str:
        return self.composer.library.entries[slug].title


def _notices(order: Order) -> tuple[Notice, ...]:
    """Says where the library sets no order, and where its relations contradict each other."""
    ordered = {end for relation in order.reasons for end in before_after(relation)}
    if len(order.steps) == 1:
        words = [_ALONE]
    elif not ordered:
        words = [_UNORDERED]
    else:
        words = [_PARTLY] if ordered < set(order.steps) else []
    words += [_CIRCLE] if order.set_aside else []
    return tuple(Notice("input", text) for text in words)

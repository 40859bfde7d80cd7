"""Answers about how two names stand to each other: a path, a tension, a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.paths import shortest_path
from cml_mm.answering.plan import Asked, Plan, ends_of, first_then, layer_notice, trusted_first
from cml_mm.types import TRUSTED_LAYERS

_STEPWISE = re.compile(r"\b(steps?|leads?|path|chain|route|get from|way from)\b")


@dataclass(frozen=True)
class PathPlans:
    """Plans from the typed edges between named pages."""

    composer: Composer

    def compare(self, asked: Asked) -> Plan:
        """Two names side by side."""
        first, other = (self._title(slug) for slug in asked.intent.subjects[:2])
        drafts = self.composer.compare(asked.intent.subjects, asked.book)
        return Plan(f"{first} and {other}", drafts, first_then(asked.intent.subjects, asked.patterns))

    def tension(self, asked: Asked) -> Plan:
        """Where one pattern pulls: by its own page, and against others."""
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

    def path(self, asked: Asked) -> Plan:
        """How one name leads to the other, or how they are joined."""
        first, last = asked.intent.subjects[:2]
        one, two = self._title(first), self._title(last)
        direct = self.composer.between(first, last)
        trusted = tuple(r for r in direct if r.layer in TRUSTED_LAYERS)
        stepwise = bool(_STEPWISE.search(prose.fold(asked.question)))
        walked = shortest_path(self.composer.library, first, last) if stepwise or not trusted else ()
        path = walked or trusted or direct
        inner = tuple(end for end in ends_of(path) if end not in (first, last))
        ranked = first_then((*inner, first, last), asked.patterns)
        heading = f"From {one} to {two}" if inner else f"{one} and {two}"
        if not path:
            missing = Draft(f"The library knows no trusted path between {one} and {two}.", (), 0)
            drafts: Iterator[Draft] = iter((missing, *self.composer.compare((first, last), asked.book)))
            return Plan(heading, drafts, ranked)
        return Plan(heading, self.composer.relations(path, asked.book), ranked, notices=layer_notice(path))

    def _title(self, slug: str) -> str:
        return self.composer.library.entries[slug].title

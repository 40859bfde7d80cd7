"""Answers from the graph, exactly: what a page requires, enables, is a special case of, …"""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.plan import Asked, Plan, ends_of, first_then, layer_notice, trusted_first
from cml_mm.types import Notice, Relation

RELATION_TITLES = {
    ("REQUIRES", True): "What {} requires",
    ("REQUIRES", False): "What requires {}",
    ("ENABLES", True): "What {} enables",
    ("ENABLES", False): "What enables {}",
    ("COMPLEMENTS", True): "What goes well with {}",
    ("ALTERNATIVE_TO", True): "Alternatives to {}",
    ("SPECIALIZES_TO", True): "Special cases of {}",
    ("SPECIALIZES_TO", False): "What {} is a special case of",
    ("USES_TOOL", True): "Tools that {} uses",
    ("RELATED", True): "What is related to {}",
}
BOTH_WAYS = frozenset({"COMPLEMENTS", "ALTERNATIVE_TO", "RELATED"})


@dataclass(frozen=True)
class GraphPlans:
    """Plans from the typed edges around one named page."""

    composer: Composer

    def relations(self, asked: Asked) -> Plan:
        """The relations of one kind, each with its reason."""
        subjects = asked.intent.subjects
        heading = self._heading(asked)
        found = self._asked_relations(asked)
        shown = trusted_first(found)
        ends = tuple(end for end in ends_of(shown) if end not in subjects)
        ranked = first_then((*ends, *subjects), asked.patterns)
        if not shown:
            missing = Draft(f"The library names nothing here: {heading[0].lower()}{heading[1:]}.", (), 0)
            drafts = iter((missing, *self.composer.define(subjects[0], asked.book, paragraph=1)))
            return Plan(heading, drafts, ranked)
        notices = layer_notice(shown)
        if len(found) > len(shown):
            more = len(found) - len(shown)
            words = f"{more} more, of less trusted layers or lower weight, are not listed."
            notices = (*notices, Notice("confidence", words))
        return Plan(heading, self.composer.relations(shown, asked.book), ranked, notices=notices)

    def declared(self, slug: str, outgoing: bool) -> tuple[Relation, ...]:
        """The ADOPTS relations of an adopter (outgoing) or of a pattern."""
        out, into = self.composer.library.relations(slug)
        return tuple(r for r in (out if outgoing else into) if r.kind == "ADOPTS")

    def _asked_relations(self, asked: Asked) -> tuple[Relation, ...]:
        outgoing, incoming = self.composer.library.relations(asked.intent.subjects[0])
        if asked.intent.relation in BOTH_WAYS:
            return tuple(r for r in (*outgoing, *incoming) if r.kind == asked.intent.relation)
        side = outgoing if asked.intent.outgoing else incoming
        return tuple(r for r in side if r.kind == asked.intent.relation)

    def _heading(self, asked: Asked) -> str:
        intent = asked.intent
        key = (intent.relation or "RELATED", intent.outgoing or intent.relation in BOTH_WAYS)
        title = self.composer.library.entries[intent.subjects[0]].title
        return RELATION_TITLES.get(key, "Relations of {}").format(title)

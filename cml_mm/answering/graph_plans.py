"""Answers from the graph, exactly: what a page requires, chains of relations, whether a relation holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.grammar import Fact
from cml_mm.answering.passages import definition
from cml_mm.answering.path_plans import PathPlans
from cml_mm.answering.plan import MOST_LISTED, Asked, Plan, ends_of, first_then, layer_notice, trusted_first
from cml_mm.answering.reach import Hop, Joined, Less, Named, Reach, hops_in, names_in
from cml_mm.answering.reach_words import BOTH_WAYS, in_words, nothing_said, one_relation
from cml_mm.answering.verify import statement
from cml_mm.answering.walking import Reached, Walk, walk
from cml_mm.types import TRUSTED_LAYERS, Notice, Relation, RelationKind

MOST_STEPS_TOLD = 24  # relations of chains in one answer
MOST_DEFINED = 3  # answers of a chain that are told with what they are
LONGEST_WAY = 3  # relations between two names that have none of the kind asked for
_WHY = re.compile(r"^\W*(?:(?:and|so|but) )*(?:why|how come)\b")
MOST_FIRST = 6  # answers before the pages on the way, in the ranking
_KIN: tuple[RelationKind, ...] = ("ALTERNATIVE_TO", "SPECIALIZES_TO", "RELATED", "COMPLEMENTS")
_AROUND_ORDER: tuple[RelationKind, ...] = (
    "REQUIRES", "ENABLES", "SPECIALIZES_TO", "ALTERNATIVE_TO", "COMPLEMENTS", "TENSIONS_WITH", "ADOPTS", "USES_TOOL",
    "RELATED",
)  # fmt: skip


@dataclass(frozen=True)
class GraphPlans:
    """Plans from the typed edges around named pages."""

    composer: Composer
    paths: PathPlans

    def relations(self, asked: Asked) -> Plan:
        """The relations of one kind of one page, each with its reason."""
        subjects = asked.intent.subjects
        heading = self._heading(asked)
        found = self._asked_relations(asked)
        shown = trusted_first(found)
        ends = tuple(end for end in ends_of(shown) if end not in subjects)
        ranked = first_then((*ends, *subjects), asked.patterns)
        if not shown:
            missing = Draft(nothing_said(heading), (), 0)
            drafts = iter((missing, *self.composer.define(subjects[0], asked.book, paragraph=1)))
            return Plan(heading, drafts, ranked, subjects=subjects)
        notices = (*layer_notice(shown), *_left_out(len(found) - len(shown)))
        drafts = self.composer.relations(shown, asked.book)
        return Plan(heading, drafts, ranked, notices=notices, subjects=first_then(subjects[:1], ends))

    def hops(self, asked: Asked) -> Plan:
        """Chains, joint questions and several relations at once, every step cited; counted where asked."""
        intent = asked.intent
        walks = tuple(_nearest_first(walk(self.composer.library, ask, intent.excepted), asked) for ask in intent.asks)
        titles = self._titles()
        heading = "; ".join(in_words(ask, titles) for ask in intent.asks)
        told = tuple(self._steps_told(ask, found) for ask, found in zip(intent.asks, walks, strict=True))
        answers = tuple(page.slug for found in walks for page in found.reached)
        middles = tuple(slug for found in walks for slug in found.middles)
        stopped = tuple(page.slug for found in walks if not found.reached for page in found.stopped)
        leading = (*answers[:MOST_FIRST], *middles, *answers[MOST_FIRST:], *stopped, *intent.subjects)
        shown = tuple(relation for steps in told for relation in steps)
        every = {relation for found in walks for page in found.reached for relation in page.relations}
        return Plan(
            heading,
            self._hop_drafts(asked, walks, told),
            first_then(leading, asked.patterns),
            notices=(*layer_notice(shown), *_left_out(len(every - set(shown)))),
            subjects=first_then(intent.subjects if intent.counted else answers, (*answers, *intent.subjects)),
        )

    def whether(self, asked: Asked) -> Plan:
        """Yes with the relation that says so; else what the library says of the two instead."""
        fact = asked.intent.facts[-1]
        titles = self._titles()
        said = statement(titles[fact.subject], fact.kind, titles[fact.object])
        between = self.composer.between(fact.subject, fact.object)
        same = [
            relation
            for relation in between
            if relation.kind == fact.kind and (relation.subject == fact.subject or fact.kind in BOTH_WAYS)
        ]
        ends = (fact.subject, fact.object)
        heading = f"{titles[fact.subject]} and {titles[fact.object]}"
        if same:
            sure = same[0].layer in TRUSTED_LAYERS
            lead = _lead_of_yes(asked, sure)
            others = tuple(r for r in between if r not in same and r.layer in TRUSTED_LAYERS)
            yes = self.composer.relation(same[0], asked.book, 0, lead)
            drafts = (yes, *self.composer.relations(others, asked.book, paragraph=1))
            return Plan(
                heading, iter(drafts), first_then(ends, asked.patterns), notices=layer_notice(same[:1]), subjects=ends
            )
        other = tuple(r for r in between if r.layer in TRUSTED_LAYERS)
        way = () if other else self._way(fact)
        no = f"The library does not say that {said}."
        named = f" It names these for {titles[fact.subject]}:" if fact.kind == "ADOPTS" else ""
        joined = named or " This is how its relations join the two:"
        more = " It says this of the two:" if other else joined if way else ""
        said_no = Draft(no + more, (), 0, (titles[fact.subject], titles[fact.object]))

        def drafts_of_no() -> Iterator[Draft]:
            yield said_no
            yield from self.composer.relations(other or way, asked.book, paragraph=1)
            if not (other or way):
                yield from self.paths.comparison.drafts(ends, asked.book, asked.ranking)

        inner = tuple(end for end in ends_of(way) if end not in ends)
        return Plan(heading, drafts_of_no(), first_then((*ends, *inner), asked.patterns), subjects=ends)

    def _way(self, fact: Fact) -> tuple[Relation, ...]:
        """What is told where two names have no relation: a short way between them, or what an adopter does use."""
        if fact.kind == "ADOPTS":
            return self.declared(fact.subject, outgoing=True)[:MOST_LISTED]
        way = self.paths.paths.find(fact.subject, fact.object).relations
        return way if len(way) <= LONGEST_WAY else ()

    def around(self, asked: Asked) -> Plan:
        """The trusted relations of one page, those of a kind taking turns so that every kind is seen."""
        slug = asked.intent.subjects[0]
        outgoing, incoming = self.composer.library.relations(slug)
        found = [r for r in (*outgoing, *incoming) if r.layer in TRUSTED_LAYERS] or [*outgoing, *incoming]
        shown = _in_turns(found)[:MOST_LISTED]
        title = self.composer.library.entries[slug].title
        ends = tuple(end for end in ends_of(shown) if end != slug)
        notices = (*layer_notice(shown), *_left_out(len(found) - len(shown)))
        ranked = first_then((*ends, slug), asked.patterns)
        if not shown:
            drafts: Iterator[Draft] = iter(
                (
                    Draft(f"The library names no relation of {title}.", (), 0, (title,)),
                    *self.composer.define(slug, asked.book, paragraph=1),
                )
            )
        else:
            drafts = self.composer.relations(shown, asked.book)
        return Plan(f"Around {title}", drafts, ranked, notices=notices, subjects=first_then((slug,), ends))

    def similar(self, asked: Asked) -> Plan:
        """Pages of its kin in the graph (alternatives, special cases, the same parent), then the nearest in meaning."""
        slug = asked.intent.subjects[0]
        library = self.composer.library
        title = library.entries[slug].title
        outgoing, incoming = library.relations(slug)
        kin = [r for kind in _KIN for r in (*outgoing, *incoming) if r.kind == kind and r.layer in TRUSTED_LAYERS]
        parent = Hop(Hop(Named(slug), "SPECIALIZES_TO", False), "SPECIALIZES_TO", True)
        siblings = [r for page in walk(library, parent).reached if page.slug != slug for r in page.relations]
        shown = tuple(dict.fromkeys((*kin, *(r for r in siblings if r.layer in TRUSTED_LAYERS))))[:MOST_LISTED]
        ends = tuple(end for end in ends_of(shown) if end != slug)
        near = [
            page.slug
            for page in sorted(asked.ranking.pages, key=lambda page: -page.cosine)
            if page.slug not in (slug, *ends) and library.entries[page.slug].kind == "pattern"
        ][: max(3, MOST_LISTED // 2 - len(shown))]

        def drafts() -> Iterator[Draft]:
            yield from self.composer.relations(shown, asked.book)
            for place, other in enumerate(near, start=len(shown)):
                entry = library.entries[other]
                passage = definition(self.composer.page(other))
                if passage is not None:
                    words = f"{entry.title}: {passage.said}"
                    yield Draft(words, (asked.book.passage(passage),), place, (entry.title,))

        ranked = first_then((*ends, *near, slug), asked.patterns)
        words = (
            f"{_listed([library.entries[other].title for other in near])}: near in meaning, joined by no such relation."
        )
        notices = (Notice("confidence", words),) if near else ()
        subjects = first_then((slug,), (*ends, *near))
        return Plan(f"Patterns like {title}", drafts(), ranked, notices=notices, subjects=subjects)

    def declared(self, slug: str, outgoing: bool) -> tuple[Relation, ...]:
        """The ADOPTS relations of an adopter (outgoing) or of a pattern."""
        out, into = self.composer.library.relations(slug)
        return tuple(r for r in (out if outgoing else into) if r.kind == "ADOPTS")

    def _hop_drafts(
        self, asked: Asked, walks: tuple[Walk, ...], told: tuple[tuple[Relation, ...], ...]
    ) -> Iterator[Draft]:
        titles = self._titles()
        paragraph = 0
        for fact in asked.intent.facts:
            for relation in self._stated(fact.subject, fact.kind, fact.object):
                yield self.composer.relation(relation, asked.book, paragraph)
                paragraph += 1
        for ask, found, steps in zip(asked.intent.asks, walks, told, strict=True):
            lead = self._lead(ask, found, asked, titles)
            if lead:
                yield Draft(lead, (), paragraph)
                paragraph += 1
            elif len(hops_in(ask)) > 1 and len(found.reached) <= MOST_DEFINED:
                yield from self._answers(found, asked, paragraph)
                paragraph += 1
            for relation in steps:
                yield self.composer.relation(relation, asked.book, paragraph)
                paragraph += 1
            if not steps and not found.reached:
                yield from self.composer.define(names_in(ask)[0], asked.book, paragraph)
                paragraph += 2

    def _answers(self, found: Walk, asked: Asked, paragraph: int) -> Iterator[Draft]:
        """The few pages at the end of a chain, each with what it is, before the steps that lead there."""
        for page in found.reached:
            yield from self.composer.definition(self.composer.page(page.slug), asked.book, paragraph)

    def _lead(self, ask: Reach, found: Walk, asked: Asked, titles: dict[str, str]) -> str:
        """The number that is the answer, or what is missing, before the relations that show it."""
        words = in_words(ask, titles)
        if not found.reached:
            if found.stopped and isinstance(ask, Hop):
                return f"The library does not hold the last step of this: {words}."
            nothing = in_words(found.stuck, titles) if found.stuck is not None else words
            return nothing_said(nothing)
        names = [titles[page.slug] for page in found.reached]
        if isinstance(ask, Less) and ask.of is None:
            more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
            left = f"{len(names)} pattern{'' if len(names) == 1 else 's'}"
            return f"{left}: {', '.join(names[:MOST_LISTED])}{more}. These are left out:"
        if asked.intent.counted:
            noun = "page" if any(self._kind(page) != "pattern" for page in found.reached) else "pattern"
            return f"{words}: {len(names)} {noun}{'' if len(names) == 1 else 's'}."
        return ""

    def _steps_told(self, ask: Reach, found: Walk) -> tuple[Relation, ...]:
        """The relations behind the answers, way by way, or as far as the way goes."""
        if isinstance(ask, Less) and ask.of is None:  # those that are left have no relation to show: the others do
            return self._steps_told(ask.but, walk(self.composer.library, ask.but))
        pages = found.reached or found.stopped
        most = MOST_LISTED if len(hops_in(ask)) < 2 else MOST_STEPS_TOLD
        told: dict[Relation, None] = {}
        ways = [proof for page in pages for proof in page.proofs]
        if not isinstance(ask, Joined):  # ways that begin alike stand together
            first = {proof[0]: place for place, proof in reversed(list(enumerate(ways))) if proof}
            shown_first = [way for page in pages for way in page.proofs[:1]]
            ways = sorted((*shown_first, *ways), key=lambda way: first[way[0]] if way else 0)
        for way in ways:
            if len(told) + len([relation for relation in way if relation not in told]) <= most:
                told.update(dict.fromkeys(way))
        return tuple(told)

    def _stated(self, subject: str, kind: RelationKind, object_: str) -> tuple[Relation, ...]:
        """The relation that a question states, where the library holds it."""
        between = self.composer.between(subject, object_)
        same = (r for r in between if r.kind == kind and (r.subject == subject or kind in BOTH_WAYS))
        return tuple(same)[:1]

    def _asked_relations(self, asked: Asked) -> tuple[Relation, ...]:
        outgoing, incoming = self.composer.library.relations(asked.intent.subjects[0])
        if asked.intent.relation in BOTH_WAYS:
            return tuple(r for r in (*outgoing, *incoming) if r.kind == asked.intent.relation)
        side = outgoing if asked.intent.outgoing else incoming
        return tuple(r for r in side if r.kind == asked.intent.relation)

    def _heading(self, asked: Asked) -> str:
        intent = asked.intent
        title = self.composer.library.entries[intent.subjects[0]].title
        return one_relation(intent.relation or "RELATED", intent.outgoing, title)

    def _titles(self) -> dict[str, str]:
        return {slug: entry.title for slug, entry in self.composer.library.entries.items()}

    def _kind(self, page: Reached) -> str:
        return self.composer.library.entries[page.slug].kind


def _lead_of_yes(asked: Asked, sure: bool) -> str:
    """The answer in a word, before the relation that gives it; a "why" wants the reason alone."""
    if _WHY.search(prose.fold(asked.question)):
        return ""
    if asked.intent.denied:
        return "No: " if sure else "Perhaps not: "
    return "Yes: " if sure else "Perhaps: "


def _nearest_first(found: Walk, asked: Asked) -> Walk:
    """Pages that no relation leads to, in the order in which the question's words find them."""
    if any(page.relations for page in found.reached):
        return found
    place = {slug: number for number, slug in enumerate(asked.patterns)}
    reached = sorted(found.reached, key=lambda page: (place.get(page.slug, len(place)), page.slug))
    return Walk(tuple(reached), found.stopped, found.stuck)


def _in_turns(relations: list[Relation]) -> tuple[Relation, ...]:
    """One relation of each kind, then the second of each, …, told kind by kind."""
    seen: Counter[str] = Counter()
    turns = []
    for relation in relations:
        turns.append((seen[relation.kind], _AROUND_ORDER.index(relation.kind), relation))
        seen[relation.kind] += 1
    kept = sorted(turns, key=lambda turn: turn[:2])[:MOST_LISTED]
    return tuple(turn[2] for turn in sorted(kept, key=lambda turn: (turn[1], turn[0])))


def _left_out(count: int) -> tuple[Notice, ...]:
    if count <= 0:
        return ()
    return (Notice("confidence", f"{count} more, of less trusted layers or lower weight, are not listed."),)


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]

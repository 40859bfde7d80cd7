"""Lists and numbers over the whole library: patterns of a domain or for somebody, totals, what has the most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.listing_words import Listing, Most
from cml_mm.answering.passages import definition
from cml_mm.answering.plan import MOST_LISTED, Asked, Plan, first_then
from cml_mm.answering.verify import RELATION_VERBS
from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.lens_senses import SENSES
from cml_mm.types import SYMMETRIC_KINDS, TRUSTED_LAYERS, Notice, Relation, SourceKind

MOST_LEADERS = 5  # pages told for "which has the most"
_KINDS: dict[str, SourceKind] = {"patterns": "pattern", "lighthouses": "lighthouse", "documents": "document"}
_COUNTED: dict[tuple[str, bool], str] = {
    ("REQUIRES", True): "Requiring others",
    ("REQUIRES", False): "Required by others",
    ("ENABLES", True): "Enabling others",
    ("ENABLES", False): "Enabled by others",
    ("SPECIALIZES_TO", True): "With special cases",
    ("SPECIALIZES_TO", False): "Special cases of others",
    ("ALTERNATIVE_TO", True): "With alternatives",
    ("COMPLEMENTS", True): "Going well with others",
    ("TENSIONS_WITH", True): "Pulling against others",
    ("ADOPTS", True): "With adopted patterns",
    ("ADOPTS", False): "With adopters that have a page",
    ("USES_TOOL", True): "Using tools",
    ("USES_TOOL", False): "Used as tools",
}

_WITH_NONE: dict[tuple[str, bool], str] = {
    ("REQUIRES", True): "require no other",
    ("REQUIRES", False): "no other requires",
    ("ENABLES", True): "enable no other",
    ("ENABLES", False): "no other enables",
    ("SPECIALIZES_TO", True): "have no special case",
    ("SPECIALIZES_TO", False): "are no special case of another",
    ("ALTERNATIVE_TO", True): "have no alternative",
    ("COMPLEMENTS", True): "name no other that they go well with",
    ("TENSIONS_WITH", True): "pull against no other",
    ("ADOPTS", False): "no adopter with a page has adopted",
}


@dataclass(frozen=True)
class _Topic:
    """What a topic means here: the pages, and by which rule they were chosen, said of one or of many."""

    slugs: tuple[str, ...]
    one: str
    many: str


@dataclass(frozen=True)
class ListPlans:
    """Plans from the catalogue of pages and the table of relations."""

    composer: Composer

    def listing(self, asked: Asked, listing: Listing) -> Plan | None:
        """The exact number and the first ten; None where nothing of the library bears the topic."""
        if listing.what in ("relations", "tensions"):
            return self._relations(asked, listing)
        if listing.what == "domains":
            return self._domains(asked)
        entries = [entry for entry in self._entries() if _KINDS.get(listing.what, entry.kind) == entry.kind]
        if not listing.topic:
            return self._total(asked, listing, entries)
        topic = self._topic(listing.topic, entries)
        if not topic.slugs:
            return None
        rank = {slug: place for place, slug in enumerate(asked.patterns)}
        slugs = sorted(topic.slugs, key=lambda slug: rank.get(slug, len(rank)))
        lead = f"{_number(len(slugs), listing.what)} {topic.one if len(slugs) == 1 else topic.many}."
        heading = f"{listing.what.capitalize()}: {listing.topic}"
        return self._plan(asked, heading, lead, tuple(slugs), len(slugs))

    def most(self, asked: Asked, most: Most) -> Plan:
        """The pages that take part in the most trusted relations of a kind, each with its number."""
        pages = self.composer.library.entries
        found: dict[str, list[Relation]] = {}
        for relation in self._trusted():
            if most.relation is None or relation.kind == most.relation:
                for slug in self._ends(relation, most):
                    found.setdefault(slug, []).append(relation)
        if most.none:
            return self._without(asked, most, frozenset(found))
        if most.fewest:
            found = {s: found.get(s, []) for s, entry in pages.items() if entry.kind == "pattern"}
        order = sorted(found, key=lambda slug: (len(found[slug]) * (1 if most.fewest else -1), slug))
        leaders = tuple(order[:MOST_LEADERS])
        verb = _counted_words(most)
        numbers = ", ".join(f"{pages[slug].title} ({len(found[slug])})" for slug in leaders)
        heading = f"{verb}: the {'fewest' if most.fewest else 'most'}"

        def drafts() -> Iterator[Draft]:
            yield Draft(f"{heading}, counted over relations that people stand behind: {numbers}.", (), 0)
            if leaders:
                yield from self.composer.relations(tuple(found[leaders[0]][:MOST_LISTED]), asked.book, paragraph=1)

        more = len(found[leaders[0]]) - MOST_LISTED if leaders else 0
        notices = (Notice("confidence", f"{more} more relations of the first are not listed."),) if more > 0 else ()
        return Plan(heading, drafts(), first_then(leaders, asked.patterns), notices=notices, subjects=leaders)

    def _without(self, asked: Asked, most: Most, having: frozenset[str]) -> Plan:
        """The patterns that have no such relation, those written by hand first."""
        rank = {slug: place for place, slug in enumerate(asked.patterns)}
        left = [entry for entry in self._entries() if entry.kind == "pattern" and entry.slug not in having]
        left.sort(key=lambda entry: (not entry.curated, rank.get(entry.slug, len(rank)), entry.slug))
        slugs = tuple(entry.slug for entry in left)
        outgoing = most.outgoing or most.relation in SYMMETRIC_KINDS
        heading = f"Patterns that {_WITH_NONE.get((most.relation or '', outgoing), 'have no such relation')}"
        lead = f"{heading}: {len(slugs):,}, by the relations that people stand behind."
        return self._plan(asked, heading, lead, slugs, len(slugs))

    def _plan(self, asked: Asked, heading: str, lead: str, slugs: tuple[str, ...], count: int) -> Plan:
        """A sentence with the number, then each page with its summary."""

        def drafts() -> Iterator[Draft]:
            yield Draft(lead, (), 0)
            for place, slug in enumerate(slugs[:MOST_LISTED], start=1):
                entry = self.composer.library.entries[slug]
                passage = definition(self.composer.page(slug))
                if passage is not None:
                    text = f"{entry.title}: {passage.said}"
                    yield Draft(text, (asked.book.passage(passage, ("listed",)),), place, (entry.title,))

        more = count - MOST_LISTED
        notices = (Notice("confidence", f"{more} more are not listed."),) if more > 0 else ()
        ranked = first_then(slugs, asked.patterns)
        return Plan(heading, drafts(), ranked, notices=notices, subjects=slugs[:MOST_LISTED])

    def _total(self, asked: Asked, listing: Listing, entries: list[Entry]) -> Plan:
        order = sorted(entries, key=lambda entry: (not entry.curated, entry.slug))
        lead = f"The library holds {_number(len(entries), listing.what)}"
        domains = Counter(entry.domains[0] for entry in entries if entry.domains)
        if domains:
            largest = ", ".join(f"{_plain(domain)} ({count})" for domain, count in domains.most_common(MOST_LEADERS))
            lead += f"; the largest of {len(domains)} domains are {largest}"
        slugs = tuple(entry.slug for entry in order)
        return self._plan(asked, f"All {listing.what}", f"{lead}.", slugs, len(slugs))

    def _relations(self, asked: Asked, listing: Listing) -> Plan:
        """How many relations or tensions there are, by whom they were made, and some that fit the question."""
        kept = [
            r for r in self.composer.library.all_relations if listing.what == "relations" or r.kind == "TENSIONS_WITH"
        ]
        trusted = [relation for relation in kept if relation.layer in TRUSTED_LAYERS]
        behind = "all of them" if len(trusted) == len(kept) else f"{len(trusted):,} of them"
        lead = f"The library holds {_number(len(kept), listing.what)}; people stand behind {behind}"
        if listing.what == "relations":
            kinds = Counter(relation.kind for relation in trusted)
            words = ", ".join(f"“{RELATION_VERBS[kind]}” ({count})" for kind, count in kinds.most_common())
            lead += f": {words}" if words else ""
        shown = tuple(trusted[:MOST_LISTED])

        def drafts() -> Iterator[Draft]:
            yield Draft(f"{lead}.", (), 0)
            yield from self.composer.relations(shown, asked.book, paragraph=1)

        notices = (
            (Notice("confidence", f"{len(kept) - len(shown)} more are not listed."),) if len(kept) > len(shown) else ()
        )
        ends = tuple(end for relation in shown for end in (relation.subject, relation.object))
        return Plan(f"All {listing.what}", drafts(), first_then(ends, asked.patterns), notices=notices)

    def _domains(self, asked: Asked) -> Plan:
        found = Counter(domain for entry in self._entries() for domain in entry.domains)
        shown = ", ".join(f"{_plain(domain)} ({count})" for domain, count in found.most_common(4 * MOST_LISTED))
        lead = f"The library files its patterns under {len(found)} domains: {shown}."
        return Plan("All domains", iter((Draft(lead, (), 0),)), asked.patterns)

    def _topic(self, topic: str, entries: list[Entry]) -> _Topic:
        """The pages of a topic: filed under it, meant for such people, else naming it."""
        wanted = set(prose.terms(topic)) or {prose.stem(word) for word in prose.words(topic)}
        filings = {value for entry in entries for value in _filings(entry)}
        values = filings | {value for entry in entries for value in _facets(entry)}
        # Being meant for somebody says more than having a name of their own for it, which most pages may have.
        for meant in (
            _called(topic, filings),
            self._of_people(topic, filings),
            _of_stems(topic, filings),
            _called(topic, values) or _of_stems(topic, values) or self._of_people(topic, values),
        ):
            slugs = tuple(entry.slug for entry in entries if meant & set(_facets(entry)))
            if slugs:
                return _filed(tuple(e.slug for e in entries if meant & set(_filings(e))) or slugs, meant)
        near = {value for value in values if wanted & set(prose.terms(_plain(value)))}
        filed = tuple(entry.slug for entry in entries if near & set(_facets(entry)))
        naming = tuple(entry.slug for entry in entries if wanted <= _own_terms(entry))
        if filed and not naming:
            return _filed(filed, near)
        where = f"“{topic}” in title, aliases or summary"
        if not filed:
            return _Topic(naming, f"names {where}", f"name {where}")
        under = f"filed under {_either(sorted(map(_plain, near)))}"
        slugs = tuple(dict.fromkeys((*filed, *naming)))
        return _Topic(slugs, f"is {under} or names {where}", f"are {under} or name {where}")

    def _of_people(self, topic: str, values: set[str]) -> set[str]:
        """The library's own words for such people, scales or stages: "city officials" are its government."""
        single = re.sub(r"(?<=\w)s$", "", topic)
        said = (f"i am a {single}", f"i am an {single}", f"our {single}", f"we are {topic}", f"in our {single}")
        contexts = {who for entry in self._entries() for who, _ in entry.context_labels}
        fit: set[str] = set()
        for sense in SENSES:
            label = set(prose.terms(sense.label)) == set(prose.terms(topic))
            named = _singular(topic) in {_singular(name) for name in (*sense.names, *sense.contexts)}
            if label or named or any(sense.cue.search(words) for words in said):
                kin = {name.casefold() for name in (*sense.names, *sense.contexts[:1])}
                fit |= {value for value in values if value.casefold() in kin}
        return fit - contexts or fit  # a name of one's own says less than being meant

    def _entries(self) -> list[Entry]:
        return list(self.composer.library.entries.values())

    def _trusted(self) -> Iterator[Relation]:
        return (r for r in self.composer.library.all_relations if r.layer in TRUSTED_LAYERS)

    def _ends(self, relation: Relation, most: Most) -> tuple[str, ...]:
        if most.relation is None or relation.kind in SYMMETRIC_KINDS:
            return relation.subject, relation.object
        return (relation.subject,) if most.outgoing else (relation.object,)


def _counted_words(most: Most) -> str:
    """What is counted, before a list of titles with their numbers."""
    if most.relation is None:
        return "With relations to others"
    outgoing = most.outgoing or most.relation in SYMMETRIC_KINDS
    return _COUNTED.get((most.relation, outgoing), "With such relations")


def _filed(slugs: tuple[str, ...], values: set[str]) -> _Topic:
    shown = {_plain(value).casefold(): _plain(value) for value in sorted(values)}
    under = f"filed under {_either(sorted(shown.values()))}"
    return _Topic(slugs, f"is {under}", f"are {under}")


def _facets(entry: Entry) -> tuple[str, ...]:
    """All that a page is filed under: domains, people, stages, scales, and who has a name of their own for it."""
    return (*_filings(entry), *(who for who, _ in entry.context_labels))


def _filings(entry: Entry) -> tuple[str, ...]:
    """What its page says that it is about, and for whom."""
    return (*entry.domains, *entry.personas, *entry.stages, *entry.scales)


def _called(topic: str, values: set[str]) -> set[str]:
    """Those that bear this name, whatever their capitals and plurals."""
    key = _singular(topic)
    return {value for value in values if _singular(_plain(value)) == key}


def _of_stems(topic: str, values: set[str]) -> set[str]:
    wanted = set(prose.terms(topic)) or {prose.stem(word) for word in prose.words(topic)}
    return {value for value in values if set(prose.terms(_plain(value))) == wanted}


def _singular(text: str) -> str:
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in prose.words(text))


def _own_terms(entry: Entry) -> set[str]:
    return set(prose.terms(" ".join((entry.title, *entry.aliases, entry.summary))))


def _plain(value: str) -> str:
    return value.replace("-", " ").replace("_", " ") if value == value.lower() else value


def _either(values: list[str]) -> str:
    shown = [f"“{value}”" for value in values]
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]


def _number(count: int, what: str) -> str:
    """ "1 pattern", "12 patterns"."""
    return f"{count:,} {what.removesuffix('s') if count == 1 else what}"

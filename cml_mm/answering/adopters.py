"""Who uses a pattern, and what somebody uses: declared on lighthouses, or read from the library's prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer, quoted
from cml_mm.answering.passages import Passage
from cml_mm.answering.plan import MOST_LISTED, Plan
from cml_mm.answering.reach_words import nothing_said
from cml_mm.prose import Span
from cml_mm.types import Adoption, Notice, Relation

MOST_OF_EACH = 3  # told of each of several names that share nothing
_CAPITAL = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Adopters:
    """Answers about adoption; each sentence of the library that it gives stands for itself."""

    composer: Composer
    names: dict[tuple[str, ...], str]  # folded words of a name → the adopter's slug

    @classmethod
    def of(cls, composer: Composer) -> Adopters:
        found = composer.library.adopters().items()
        return cls(composer, {tuple(map(_compared, _words(name))): slug for slug, name in found})

    def named_in(self, question: str) -> tuple[str, ...]:
        """The slugs of adopters without a page that a question names, longest name first.

        A name of a single word must be written as one.
        """
        shown = _words(question)
        words = [_compared(word) for word in shown]
        taken: set[int] = set()
        found = []
        for size in range(len(words), 0, -1):
            for start in range(len(words) - size + 1):
                places = set(range(start, start + size))
                slug = self.names.get(tuple(words[start : start + size]))
                if slug and not (places & taken) and (size > 1 or _written_as_name(shown[start])):
                    found.append(slug)
                    taken |= places
        return tuple(dict.fromkeys(found))

    def title(self, slug: str) -> str:
        entry = self.composer.library.entries.get(slug)
        return entry.title if entry else self.composer.library.adopters()[slug]

    def what_uses(
        self, adopter: str, declared: Sequence[Relation], book: EvidenceBook, patterns: tuple[str, ...]
    ) -> Plan:
        """What one adopter uses: declared patterns with their reason, then sentences that say so.

        Args:
            adopter: slug of a lighthouse, or of an adopter without a page.
            declared: its ADOPTS relations.
            book: takes the evidence.
            patterns: the ranking, to order by and to fill up with.
        """
        told = {relation.object for relation in declared}
        rank = {slug: place for place, slug in enumerate(patterns)}
        said = [item for item in self.composer.library.adoptions(adopter) if item.pattern not in told]
        said.sort(key=lambda item: (not self._curated(item.pattern), rank.get(item.pattern, len(rank)), item.pattern))
        ends = (*(relation.object for relation in declared), *(item.pattern for item in said))
        name = self.title(adopter)
        heading = f"What {name} uses" if said else f"What {name} has adopted"
        return self._plan(heading, declared, said, ends, book, patterns, by_pattern=True)

    def who_uses(
        self, pattern: str, declared: Sequence[Relation], book: EvidenceBook, patterns: tuple[str, ...]
    ) -> Plan:
        """Who uses one pattern: those that declare it, then sentences that say so."""
        told = {relation.subject for relation in declared}
        said = [item for item in self.composer.library.adoptions(pattern) if item.adopter_slug not in told]
        title = self.title(pattern)
        heading = f"Who uses {title}" if said else f"Who has adopted {title}"
        adopters = [*(relation.subject for relation in declared), *(item.adopter_slug for item in said)]
        ends = (pattern, *(slug for slug in adopters if slug in self.composer.library.entries))
        return self._plan(heading, declared, said, ends, book, patterns, by_pattern=False)

    def both_use(self, adopters: Sequence[str], book: EvidenceBook, patterns: tuple[str, ...]) -> Plan:
        """The patterns that every one of several adopters uses, each with what says so of each."""
        return self._shared(adopters, self._used_by, f"What {_both(self._titles(adopters))} use", book, patterns)

    def who_uses_all(self, wanted: Sequence[str], book: EvidenceBook, patterns: tuple[str, ...]) -> Plan:
        """The adopters that use every one of several patterns."""
        return self._shared(wanted, self._users_of, f"Who uses {_both(self._titles(wanted))}", book, patterns)

    def count(self, slug: str, uses: bool) -> str:
        """How many patterns an adopter uses, or how many adopters a pattern has, in words."""
        number = len(self._used_by(slug) if uses else self._users_of(slug))
        return f"{number} {'pattern' if uses else 'adopter'}{'' if number == 1 else 's'}"

    def _shared(
        self,
        slugs: Sequence[str],
        used: Callable[[str], dict[str, Relation | Adoption]],
        heading: str,
        book: EvidenceBook,
        patterns: tuple[str, ...],
    ) -> Plan:
        each = [used(slug) for slug in slugs]
        rank = {slug: place for place, slug in enumerate(patterns)}
        shared = sorted(set.intersection(*map(set, each)), key=lambda slug: (rank.get(slug, len(rank)), slug))
        pages = tuple(slug for slug in shared if slug in self.composer.library.entries)
        ranked = tuple(dict.fromkeys((*pages, *(s for s in slugs if s in self.composer.library.entries), *patterns)))
        names = [self.title(slug) for slug in shared[:MOST_LISTED]]

        def drafts() -> Iterator[Draft]:
            if not shared:
                yield Draft(nothing_said(heading), (), 0)
            else:
                yield Draft(f"{heading}: {', '.join(names)}.", (), 0, tuple(names))
            told = [found[slug] for slug in shared[:MOST_LISTED] for found in each]
            told = told or [item for found in each for item in list(found.values())[:MOST_OF_EACH]]
            for place, item in enumerate(told, start=1):
                if isinstance(item, Relation):
                    yield self.composer.relation(item, book, place)
                else:
                    name = f"{item.adopter}, {self.title(item.pattern)}"
                    yield from self._quoting(item, name, book, place)

        items = [item for slug in shared for found in each for item in (found[slug],)]
        said = [item for item in items if isinstance(item, Adoption)]
        notices = _more((), said[:1]) if said else ()
        if len(shared) > MOST_LISTED:
            notices = (*notices, Notice("confidence", f"{len(shared) - MOST_LISTED} more are not listed."))
        subjects = tuple(dict.fromkeys((*pages, *slugs)))
        return Plan(heading, drafts(), ranked, notices=notices, subjects=subjects)

    def _used_by(self, adopter: str) -> dict[str, Relation | Adoption]:
        """Pattern to what says that an adopter uses it."""
        found: dict[str, Relation | Adoption] = {}
        for item in self.composer.library.adoptions(adopter):
            found.setdefault(item.pattern, item)
        outgoing, _ = self.composer.library.relations(adopter)
        found.update({relation.object: relation for relation in outgoing if relation.kind == "ADOPTS"})
        return found

    def _users_of(self, pattern: str) -> dict[str, Relation | Adoption]:
        """Adopter to what says that they use a pattern."""
        found: dict[str, Relation | Adoption] = {}
        for item in self.composer.library.adoptions(pattern):
            found.setdefault(item.adopter_slug, item)
        _, incoming = self.composer.library.relations(pattern)
        found.update({relation.subject: relation for relation in incoming if relation.kind == "ADOPTS"})
        return found

    def _titles(self, slugs: Iterable[str]) -> list[str]:
        return [self.title(slug) for slug in slugs]

    def _plan(
        self,
        heading: str,
        declared: Sequence[Relation],
        said: Sequence[Adoption],
        ends: Iterable[str],
        book: EvidenceBook,
        patterns: tuple[str, ...],
        by_pattern: bool,
    ) -> Plan:
        ranked = tuple(dict.fromkeys((*ends, *patterns)))
        shown = declared[:MOST_LISTED]
        quoted = said[: MOST_LISTED - len(shown)]
        if not shown and not quoted:
            missing = Draft(nothing_said(heading), (), 0)
            return Plan(heading, iter((missing,)), ranked)
        return Plan(heading, self._drafts(shown, quoted, book, by_pattern), ranked, notices=_more(declared, said))

    def _drafts(
        self, declared: Sequence[Relation], said: Sequence[Adoption], book: EvidenceBook, by_pattern: bool
    ) -> Iterator[Draft]:
        yield from self.composer.relations(tuple(declared), book)
        for place, item in enumerate(said, start=len(declared)):
            name = self.title(item.pattern) if by_pattern else item.adopter
            yield from self._quoting(item, name, book, place)

    def _quoting(self, item: Adoption, name: str, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        """A sentence of the library that says so, after a name."""
        passage = self._passage(item)
        if passage is not None:
            text = f"{name}: {quoted(passage)}"
            yield Draft(text, (book.passage(passage, ("known uses",)),), paragraph, (name,))

    def _passage(self, item: Adoption) -> Passage | None:
        """The sentence on its page; None where the page does not hold it any more."""
        for section in self.composer.library.sections(item.page):
            if section.heading == item.span.section:
                quote = Span(item.span.start, item.span.end)
                around = [p for p in prose.paragraphs(section.text) if p.start <= quote.start and quote.end <= p.end]
                paragraph = around[0] if around else quote
                return Passage(item.page, section.role, section.heading, section.text, paragraph, quote)
        return None

    def _curated(self, slug: str) -> bool:
        entry = self.composer.library.entries.get(slug)
        return entry is not None and entry.curated


def _both(names: Sequence[str]) -> str:
    return f"both {names[0]} and {names[1]}" if len(names) == 2 else f"{', '.join(names[:-1])} and {names[-1]}"


def _words(text: str) -> list[str]:
    return [match.group() for match in prose.WORD.finditer(text)]


def _compared(word: str) -> str:
    """A word of a name, in any case and possessive or not; "O'Lakes" stays one word."""
    return prose.fold(word).replace("’", "'").removesuffix("'s")


def _written_as_name(word: str) -> bool:
    first = _CAPITAL.search(word)
    return bool(first and first.group().isupper()) or any(char.isdigit() for char in word)


def _more(declared: Sequence[Relation], said: Sequence[Adoption]) -> tuple[Notice, ...]:
    """What a reader must know: how the list came about, and how much is left out."""
    notices = []
    if said:
        words = "Read by rule from what pages say about known uses; open a sentence to judge it yourself."
        notices.append(Notice("confidence", words))
    left_out = len(declared) + len(said) - MOST_LISTED
    if left_out > 0:
        notices.append(Notice("confidence", f"{left_out} more are not listed."))
    return tuple(notices)

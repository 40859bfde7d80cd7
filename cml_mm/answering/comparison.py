"""Two or three patterns side by side, out of their own pages and the graph.

For each: what it is, what it is for, what it advises, which forces it balances, when to use
it and what it costs; then what joins or separates them. Where a page speaks of the other one,
or of what was asked, that sentence goes before the general ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer, quoted
from cml_mm.answering.passages import Page, Passage, core_instruction, definition, page_passages
from cml_mm.answering.paths import Paths
from cml_mm.answering.verify import statement
from cml_mm.retrieval.ranking import Ranking
from cml_mm.types import Relation, RelationKind

MOST_COMPARED = 3
MOST_SENTENCES = {1: 6, 2: 5, 3: 3}  # of each page, by how many are compared
MOST_JOINTS = 2
MOST_BETWEEN = 2  # relations of a path that is told where nothing joins two pages
_TELLING = ("overview", "context", "problem", "solution", "principles", "practices", "consequences", "when_to_use")
_COST = re.compile(
    r"\b(costs?|costly|expensive|risks?|risky|drawbacks?|downsides?|burdens?|limits?|limited|limitations?|however"
    r"|difficult\w*|hard(er)?|slow(er|s)?|loses?|loss|fails?|failures?|weak(ness\w*)?|trade.?offs?|price|too much"
    r"|demand(s|ing)|takes? time|danger\w*|vulnerable|erodes?|suffers?|resistance)\b"
)
# A sentence that states what is wrong tells more of a problem than one that leads up to it.
_TROUBLE = re.compile(
    r"\b(but|yet|without|cannot|can't|nobody|no one|fails?|too|lacks?|struggl\w+|lost|loses?|never|only|instead)\b"
)
_SHARED: tuple[tuple[RelationKind, bool], ...] = (
    ("REQUIRES", True),
    ("TENSIONS_WITH", True),
    ("SPECIALIZES_TO", False),
    ("ENABLES", False),
    ("ENABLES", True),
)


@dataclass(frozen=True)
class _Point:
    """One thing to say of a page; `place` is where it is read, `rank` how soon it is chosen.

    It is written only when it has been chosen, so that nothing is numbered that nobody cites.
    """

    place: int
    rank: int
    write: Callable[[], Iterable[Draft]]


@dataclass(frozen=True)
class Comparison:
    """Writes comparisons."""

    composer: Composer
    paths: Paths

    def drafts(self, slugs: Sequence[str], book: EvidenceBook, ranking: Ranking) -> Iterator[Draft]:
        """The sentences, one paragraph for each page and one for what joins them."""
        chosen = tuple(slugs[:MOST_COMPARED])
        for paragraph, slug in enumerate(chosen):
            others = tuple(self.composer.library.entries[other].title for other in chosen if other != slug)
            points = self._points(self.composer.page(slug), others, book, ranking, paragraph)
            best = sorted(points, key=lambda point: point.rank)[: MOST_SENTENCES[len(chosen)]]
            for point in sorted(best, key=lambda point: point.place):
                yield from point.write()
        yield from self.joints(chosen, book, len(chosen))

    def joints(self, slugs: Sequence[str], book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        """What joins or separates pages: relations between them, what they share, else a short path."""
        pairs = tuple(combinations(slugs, 2))
        most = MOST_JOINTS if len(pairs) == 1 else len(pairs)
        direct = tuple(chain.from_iterable(self.paths.between(*pair) for pair in pairs))[:most]
        yield from self.composer.relations(direct, book, paragraph)
        shared = [draft for pair in pairs for draft in self._shared(*pair, book, paragraph + len(direct))]
        yield from shared[: most - len(direct)]
        if not direct and not shared and len(pairs) == 1:
            found = self.paths.find(*pairs[0])
            if 0 < found.steps <= MOST_BETWEEN:
                yield from self.composer.relations(found.relations, book, paragraph)

    def _points(
        self, page: Page, others: Iterable[str], book: EvidenceBook, ranking: Ranking, paragraph: int
    ) -> Iterator[_Point]:
        """All that can be said of one page, each sentence once."""
        known = (definition(page), core_instruction(page))
        told = [frozenset(prose.terms(passage.said)) for passage in known if passage]
        if known[0]:
            yield _Point(0, 0, lambda: self.composer.definition(page, book, paragraph))
        if known[1]:
            yield _Point(3, 1, lambda: self.composer.advice(page, book, paragraph))
        if page.entry.tension:
            yield _Point(4, 4, lambda: self.composer.own_tension(page, book, paragraph))
        for place, rank, lead, passages in self._asked(page, others, ranking):
            passage = next((p for p in passages if _is_new(p, told)), None)
            if passage:
                told.append(frozenset(prose.terms(passage.said)))
                yield _Point(place, rank, partial(_quote, lead, passage, book, paragraph))

    def _asked(
        self, page: Page, others: Iterable[str], ranking: Ranking
    ) -> Iterator[tuple[int, int, str, Iterable[Passage]]]:
        """Place, rank, lead and candidates of what is quoted, in the order in which sentences are taken."""
        for other in others:
            yield 7, 2, f"Against {other}", _naming(page, other)
        yield 2, 3, "On this", self._speaking_to(page, ranking)
        yield (
            6,
            5,
            "What it may cost",
            (p for p in page_passages(page, ("consequences",)) if _COST.search(p.said.lower())),
        )
        yield 5, 6, "When to use it", page_passages(page, ("when_to_use",))
        problems = tuple(page_passages(page, ("problem",))) or tuple(page_passages(page, ("context",)))
        yield 1, 7, "It is for this", sorted(problems, key=lambda p: not _TROUBLE.search(p.said.lower()))

    def _speaking_to(self, page: Page, ranking: Ranking) -> Iterator[Passage]:
        """Sentences that hold most of what was asked beside the names, where they hold some of it."""
        named = set(chain.from_iterable(prose.terms(match.name) for match in ranking.names))
        wanted = set(ranking.terms) - named - set(prose.terms(page.entry.title))
        weights = {term: self.composer.bm25.idf(term) for term in wanted}
        scored = [
            (sum(weights[term] for term in wanted & set(prose.terms(passage.said))), passage)
            for passage in page_passages(page, _TELLING)
        ]
        least = sum(weights.values()) / 3
        best = sorted((item for item in scored if item[0] > least), key=lambda item: -item[0])
        return (passage for _, passage in best)

    def _shared(self, first: str, last: str, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
        """Sentences on pages that both are related to in the same way."""
        for kind, outgoing in _SHARED:
            one, two = (self._of_kind(slug, kind, outgoing) for slug in (first, last))
            for slug in one:
                if slug in two and slug not in (first, last):
                    yield _both(one[slug], two[slug], outgoing, book, paragraph)

    def _of_kind(self, slug: str, kind: RelationKind, outgoing: bool) -> dict[str, Relation]:
        """The other ends of trusted relations of one kind, best first."""
        out, into = self.composer.trusted(slug)
        sides = (*out, *into) if kind == "TENSIONS_WITH" else out if outgoing else into
        found: dict[str, Relation] = {}
        for relation in sides:
            if relation.kind == kind:
                found.setdefault(relation.object if relation.subject == slug else relation.subject, relation)
        return found


def _quote(lead: str, passage: Passage, book: EvidenceBook, paragraph: int) -> tuple[Draft, ...]:
    return (Draft(f"{lead}: {quoted(passage)}", (book.passage(passage),), paragraph),)


def _both(one: Relation, two: Relation, outgoing: bool, book: EvidenceBook, paragraph: int) -> Draft:
    """Two relations to the same page in one sentence."""
    said = [statement(relation.subject_title, relation.kind, relation.object_title) for relation in (one, two)]
    cites = book.relation(one), book.relation(two)
    strong = tuple(dict.fromkeys((one.subject_title, one.object_title, two.subject_title, two.object_title)))
    return Draft(f"{said[0]}, and {said[1]}{' too' if outgoing else ''}.", cites, paragraph, strong)


def _naming(page: Page, title: str) -> Iterator[Passage]:
    """Sentences of a page that name another one."""
    name = " ".join(prose.words(title.split(" (")[0]))
    return (p for p in page_passages(page, _TELLING) if f" {name} " in f" {' '.join(prose.words(p.said))} ")


def _is_new(passage: Passage, told: Iterable[frozenset[str]]) -> bool:
    """Whether most of its words have not been said in one sentence before."""
    words = set(prose.terms(passage.said))
    return bool(words) and all(len(words & before) < 0.6 * len(words) for before in told)

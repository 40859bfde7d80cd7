"""One question, end to end: intent, refusal or composing, verifying, the finished answer.

Reads like a table of contents; each step lives in its own file.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.abstain import SURE_CONFIDENCE, Refusal, confidence, is_inside, refuse
from cml_mm.answering.adopters import Adopters
from cml_mm.answering.book import Draft, EvidenceBook, locate
from cml_mm.answering.compose import Composer
from cml_mm.answering.intent import Intent, read_intent
from cml_mm.answering.language import foreign_language
from cml_mm.answering.paths import shortest_path
from cml_mm.answering.plan import Plan
from cml_mm.answering.verify import verify
from cml_mm.ports import Cancelled
from cml_mm.retrieval.names import NameIndex
from cml_mm.retrieval.ranking import Ranking
from cml_mm.retrieval.retriever import LibraryRetriever, Retrieved
from cml_mm.types import (
    TRUSTED_LAYERS,
    Answer,
    AnswerReady,
    AskEvent,
    Evidence,
    Notice,
    Relation,
    Sentence,
    SentenceReady,
    Step,
)

_ADOPTION = re.compile(r"\b(adopt\w*|use[sd]?|using|appl(y|ies|ied)|implement\w*)\b")
_STEPWISE = re.compile(r"\b(steps?|leads?|path|chain|route|get from|way from)\b")
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
UNSURE_WORDS = "The library has nothing that clearly fits; this is the nearest. Other words may find more."
BOTH_WAYS = frozenset({"COMPLEMENTS", "ALTERNATIVE_TO", "RELATED"})
MOST_LISTED = 10
MOST_MACHINE = 5


@dataclass(frozen=True)
class Answerer:
    """Joins retrieval, composer and verifier."""

    retriever: LibraryRetriever
    names: NameIndex
    composer: Composer
    fingerprint: str
    lighthouses: frozenset[str]
    adopters: Adopters

    def ask(self, question: str, cancelled: Cancelled) -> Iterator[AskEvent]:
        """Yields steps, then sentences as they are verified, then the whole answer."""
        began = time.perf_counter()
        language = foreign_language(question)
        yield Step("Understood the question", done=True)
        found = self.retriever.retrieve_ranked(question)
        pages = sum(1 for page in found.ranking.pages if page.score > 0)
        yield Step(f"Found {min(pages, len(found.nodes))} pages that may help", done=True)
        book = self._book(found.ranking)
        plan = self.plan(question, found, language, book)
        yield Step("Writing and checking each sentence")
        sentences: list[Sentence] = []
        withheld = 0
        stopped = False
        for draft in plan.drafts:
            if cancelled():
                stopped = True
                break
            sentence = self._verified(draft, book)
            if sentence.verdict == "unsupported":
                withheld += 1
                continue
            sentences.append(sentence)
            yield SentenceReady(sentence, tuple(book.items[number] for number in sentence.cites))
        yield AnswerReady(
            Answer(
                question=question,
                title=plan.title,
                sentences=tuple(sentences),
                evidence=tuple(book.items.values()),
                status="stopped" if stopped else plan.status,
                model=self.composer.name,
                seconds=time.perf_counter() - began,
                fingerprint=self.fingerprint,
                considered=self._considered(found, book),
                notices=plan.notices + _withheld_notice(withheld),
                followups=self._followups(plan),
                ranked=plan.ranked,
            )
        )

    def plan(self, question: str, found: Retrieved, language: str | None, book: EvidenceBook) -> Plan:
        """Chooses what to write; nothing is written yet."""
        ranking = found.ranking
        intent = read_intent(question, ranking.names, self.lighthouses)
        patterns = tuple(p.slug for p in ranking.pages if p.slug not in self.lighthouses)
        notices: tuple[Notice, ...] = ()
        if language:
            notices = (Notice("language", _language_words(language)),)
        else:
            adoption = bool(_ADOPTION.search(prose.fold(question)))
            adopter = self.adopters.named_in(question) if adoption else None
            if adopter and all(is_inside(match.name, self.adopters.title(adopter)) for match in ranking.names):
                return self.adopters.what_uses(adopter, (), book, patterns)
            refusal = refuse(question, ranking, self.names, self.composer.bm25, adoption)
            if refusal:
                return self._refused(refusal, patterns)
        unsure = bool(language) or (not ranking.names and confidence(ranking) < SURE_CONFIDENCE)
        if unsure and not language:
            notices = (Notice("confidence", UNSURE_WORDS),)
        plan = self._structured(question, intent, book, patterns) or self._help(ranking, patterns, book, unsure)
        return replace(plan, notices=notices + plan.notices)

    def _structured(self, question: str, intent: Intent, book: EvidenceBook, patterns: tuple[str, ...]) -> Plan | None:
        """Answers from the graph, exactly; None where the question is not of that kind."""
        if not intent.subjects or intent.kind == "help":
            return None
        first = intent.subjects[0]
        title = self.composer.library.entries[first].title
        if intent.kind == "define":
            return Plan(title, self.composer.define(first, book), _first(intent.subjects, patterns))
        if intent.kind == "compare":
            other = self.composer.library.entries[intent.subjects[1]].title
            drafts = self.composer.compare(intent.subjects, book)
            return Plan(f"{title} and {other}", drafts, _first(intent.subjects, patterns))
        if intent.kind == "path":
            return self._path(intent, bool(_STEPWISE.search(prose.fold(question))), book, patterns)
        if intent.kind == "tension":
            return self._tension(intent, book, patterns)
        if intent.kind == "adopted":
            return self.adopters.what_uses(first, self._asked_relations(intent), book, patterns)
        if intent.kind == "adopters":
            return self.adopters.who_uses(first, self._asked_relations(intent), book, patterns)
        relations = self._asked_relations(intent)
        heading = _relation_title(intent, title)
        return self._relation_plan(heading, relations, intent.subjects, book, patterns)

    def _asked_relations(self, intent: Intent) -> tuple[Relation, ...]:
        outgoing, incoming = self.composer.library.relations(intent.subjects[0])
        if intent.kind == "adopters":
            return tuple(r for r in incoming if r.kind == "ADOPTS")
        if intent.kind == "adopted":
            return tuple(r for r in outgoing if r.kind == "ADOPTS")
        if intent.relation in BOTH_WAYS:
            return tuple(r for r in (*outgoing, *incoming) if r.kind == intent.relation)
        side = outgoing if intent.outgoing else incoming
        return tuple(r for r in side if r.kind == intent.relation)

    def _relation_plan(
        self,
        heading: str,
        relations: tuple[Relation, ...],
        subjects: tuple[str, ...],
        book: EvidenceBook,
        patterns: tuple[str, ...],
    ) -> Plan:
        trusted = tuple(r for r in relations if r.layer in TRUSTED_LAYERS)
        shown = trusted[:MOST_LISTED] or relations[:MOST_MACHINE]
        ends = tuple(dict.fromkeys(end for r in shown for end in (r.subject, r.object) if end not in subjects))
        ranked = _first((*ends, *subjects), patterns)
        if not shown:
            missing = Draft(f"The library names nothing here: {heading[0].lower()}{heading[1:]}.", (), 0)
            drafts = iter((missing, *self.composer.define(subjects[0], book, paragraph=1)))
            return Plan(heading, drafts, ranked)
        notices = _layer_notice(shown)
        if len(relations) > len(shown):
            more = len(relations) - len(shown)
            words = f"{more} more, of less trusted layers or lower weight, are not listed."
            notices = (*notices, Notice("confidence", words))
        return Plan(heading, self.composer.relations(shown, book), ranked, notices=notices)

    def _tension(self, intent: Intent, book: EvidenceBook, patterns: tuple[str, ...]) -> Plan:
        page = self.composer.page(intent.subjects[0])
        outgoing, incoming = self.composer.library.relations(intent.subjects[0])
        edges = [r for r in (*outgoing, *incoming) if r.kind == "TENSIONS_WITH"]
        shown = tuple([r for r in edges if r.layer in TRUSTED_LAYERS][:MOST_LISTED] or edges[:MOST_MACHINE])

        def drafts() -> Iterator[Draft]:
            yield from self.composer.own_tension(page, book, 0)
            yield from self.composer.relations(shown, book, paragraph=1)
            if not shown and not page.entry.tension:
                yield Draft(f"The library names no tension for {page.entry.title}.", (), 0)
                yield from self.composer.define(page.entry.slug, book, paragraph=1)

        ends = (end for r in shown for end in (r.subject, r.object))
        ranked = _first((*intent.subjects, *ends), patterns)
        return Plan(f"Where {page.entry.title} pulls", drafts(), ranked, notices=_layer_notice(shown))

    def _path(self, intent: Intent, stepwise: bool, book: EvidenceBook, patterns: tuple[str, ...]) -> Plan:
        first, last = intent.subjects[:2]
        one, two = (self.composer.library.entries[slug].title for slug in (first, last))
        direct = self.composer.between(first, last)
        trusted = tuple(r for r in direct if r.layer in TRUSTED_LAYERS)
        walked = shortest_path(self.composer.library, first, last) if stepwise or not trusted else ()
        path = walked or trusted or direct
        inner = tuple(dict.fromkeys(end for r in path for end in (r.subject, r.object) if end not in (first, last)))
        ranked = _first((*inner, first, last), patterns)
        heading = f"From {one} to {two}" if inner else f"{one} and {two}"
        if not path:
            missing = Draft(f"The library knows no trusted path between {one} and {two}.", (), 0)
            drafts: Iterator[Draft] = iter((missing, *self.composer.compare((first, last), book)))
            return Plan(heading, drafts, ranked)
        return Plan(heading, self.composer.relations(path, book), ranked, notices=_layer_notice(path))

    def _help(self, ranking: Ranking, patterns: tuple[str, ...], book: EvidenceBook, unsure: bool) -> Plan:
        best = self.composer.library.entries[patterns[0]].title
        title = f"Perhaps {best}" if unsure else f"Start with {best}"
        return Plan(title, self.composer.help(ranking, patterns, book, unsure), patterns)

    def _refused(self, refusal: Refusal, patterns: tuple[str, ...]) -> Plan:
        entry = self.composer.library.entries[patterns[0]] if patterns else None
        drafts = [Draft(refusal.reason, (), 0)]
        if entry:
            words = f"The nearest is {entry.title}. It does not answer your question."
            drafts.append(Draft(words, (), 0, (entry.title,)))
        return Plan("That is not in the library", iter(drafts), patterns, status="not_in_library")

    def _verified(self, draft: Draft, book: EvidenceBook) -> Sentence:
        sentence = Sentence(draft.text, draft.cites, "not_checked", draft.paragraph, draft.strong)
        return replace(sentence, verdict=verify(sentence, book.items))

    def _book(self, ranking: Ranking) -> EvidenceBook:
        return EvidenceBook(
            entries=self.composer.library.entries,
            found_by={page.slug: page.found_by for page in ranking.pages},
            scores={page.slug: page.score for page in ranking.pages},
        )

    def _considered(self, found: Retrieved, book: EvidenceBook) -> tuple[Evidence, ...]:
        """The best pages that no sentence cites, with the opening of their nearest section."""
        cited = {item.source.slug for item in book.items.values()}
        left = []
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
                        source=self.composer.library.entries[slug].source,
                        locator=locate(heading, int(scored.node.metadata["page"]), opening.start, opening.end),
                        heading=heading,
                        passage=opening.of(text),
                        quote=opening.of(text),
                        score=float(scored.score or 0.0),
                        found_by=tuple(scored.node.metadata["found_by"]),
                    )
                )
        return tuple(left)

    def _followups(self, plan: Plan) -> tuple[str, ...]:
        """Questions that the graph can answer about the first page."""
        if not plan.ranked or plan.status == "not_in_library":
            return ()
        slug = plan.ranked[0]
        title = self.composer.library.entries[slug].title
        outgoing, incoming = self.composer.trusted(slug)
        asks = {r.kind: f"What does {title} {verb}?" for r in outgoing for kind, verb in _ASKS if r.kind == kind}
        if any(r.kind == "TENSIONS_WITH" for r in (*outgoing, *incoming)):
            asks["TENSIONS_WITH"] = f"What is in tension with {title}?"
        if any(r.kind == "ADOPTS" for r in incoming):
            asks["ADOPTS"] = f"Who has adopted {title}?"
        told = plan.title
        return tuple(ask for ask in asks.values() if told not in ask)[:3] or (f"What is {title}?",)


_ASKS = (("REQUIRES", "require"), ("ENABLES", "enable"))


def _first(leading: tuple[str, ...], rest: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*leading, *rest)))


def _relation_title(intent: Intent, title: str) -> str:
    if intent.kind == "adopters":
        return f"Who has adopted {title}"
    if intent.kind == "adopted":
        return f"What {title} has adopted"
    key = (intent.relation or "RELATED", intent.outgoing or intent.relation in BOTH_WAYS)
    return RELATION_TITLES.get(key, "Relations of {}").format(title)


def _language_words(language: str) -> str:
    return (
        f"Your question seems to be in {language}. This library is in English and the built-in encoder reads"
        " English only, so what was found may miss the point. Asking in English works better."
    )


def _layer_notice(shown: Iterable[Relation]) -> tuple[Notice, ...]:
    """Says so where an answer had to use relations that no person stands behind."""
    if all(relation.layer in TRUSTED_LAYERS for relation in shown):
        return ()
    words = "Only machine-made relations answer this; nobody has checked them."
    return (Notice("confidence", words),)


def _withheld_notice(count: int) -> tuple[Notice, ...]:
    if not count:
        return ()
    what = "1 sentence was" if count == 1 else f"{count} sentences were"
    return (Notice("confidence", f"{what} withheld, because the source does not bear it out."),)

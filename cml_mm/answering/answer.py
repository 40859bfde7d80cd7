"""One question, end to end: understanding, retrieval, a plan, verified sentences, the finished answer.

Reads like a table of contents; each step lives in its own file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cml_mm.answering.abstain import confidence
from cml_mm.answering.beside import considered, followups
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.followups import Resolved, resolve
from cml_mm.answering.intent import read_intent
from cml_mm.answering.language import foreign_language
from cml_mm.answering.needs import needs_plan, split
from cml_mm.answering.plan import Asked, Plan
from cml_mm.answering.planning import Planner
from cml_mm.answering.verify import verify
from cml_mm.ports import Cancelled
from cml_mm.retrieval.lens import LensReader
from cml_mm.retrieval.ranking import Ranking
from cml_mm.retrieval.retriever import LibraryRetriever, Retrieved
from cml_mm.talk import NO_TALK, Lens, Talk
from cml_mm.types import Answer, AnswerReady, AskEvent, Notice, Sentence, SentenceReady, Step


@dataclass(frozen=True)
class Answerer:
    """Joins retrieval, planner and verifier."""

    retriever: LibraryRetriever
    composer: Composer
    planner: Planner
    lenses: LensReader
    fingerprint: str
    lighthouses: frozenset[str]

    def ask(self, question: str, cancelled: Cancelled, talk: Talk = NO_TALK) -> Iterator[AskEvent]:
        """Yields steps, then sentences as they are verified, then the whole answer."""
        began = time.perf_counter()
        language = foreign_language(question)
        whole = Resolved(question) if language else resolve(question, talk, self.planner.names, self._titles())
        lens = self.lenses.read(question, talk)
        yield Step("Understood the question", done=True)
        found = self.retriever.retrieve_ranked(self._searched(whole.question), lens=lens)
        pages = sum(1 for page in found.ranking.pages if page.score > 0)
        yield Step(f"Found {min(pages, len(found.nodes))} pages that may help", done=True)
        asked = self._asked(whole.question, found, lens, whole.told)
        plan = self._plan(asked, language)
        yield Step("Writing and checking each sentence")
        sentences: list[Sentence] = []
        withheld = 0
        stopped = False
        for draft in plan.drafts:
            if cancelled():
                stopped = True
                break
            sentence = _verified(draft, asked.book)
            if sentence.verdict == "unsupported":
                withheld += 1
                continue
            sentences.append(sentence)
            yield SentenceReady(sentence, tuple(asked.book.items[number] for number in sentence.cites))
        if stopped:
            plan = replace(plan, status="stopped")
        yield AnswerReady(
            replace(
                self._answer(asked, plan, found),
                question=question,
                sentences=tuple(sentences),
                notices=plan.notices + _withheld_notice(withheld),
                seconds=time.perf_counter() - began,
            )
        )

    def _titles(self) -> dict[str, str]:
        return {slug: entry.title for slug, entry in self.composer.library.entries.items()}

    def _plan(self, asked: Asked, language: str | None) -> Plan:
        """One plan, or where a question holds several needs one of several, with one book."""
        needs = (asked.question,) if language or asked.ranking.names else split(asked.question)
        if len(needs) == 1:
            return self.planner.plan(asked, language)
        parts = []
        for need in needs:
            found = self.retriever.retrieve_ranked(self._searched(need), lens=asked.lens)
            part = self._asked(need, found, asked.lens)
            asked.book.learn(part.book)
            parts.append((need, self.planner.plan(replace(part, book=asked.book), None)))
        return needs_plan(parts)

    def _searched(self, question: str) -> str:
        """What to look for: where help is wanted, without the words that only say who asks."""
        intent = read_intent(question, self.planner.names.find(question), self.lighthouses)
        return self.lenses.need_of(question) if intent.kind == "help" else question

    def _asked(self, question: str, found: Retrieved, lens: Lens, told: tuple[str, ...] = ()) -> Asked:
        """Args: told: slugs that an earlier answer was about, when other ones are asked for."""
        ranking = found.ranking
        patterns = tuple(page.slug for page in ranking.pages if page.slug not in self.lighthouses)
        return Asked(
            question=question,
            ranking=ranking,
            intent=read_intent(question, ranking.names, self.lighthouses),
            patterns=tuple(sorted(patterns, key=lambda slug: slug in told)),
            book=self._book(ranking),
            lens=lens,
        )

    def _answer(self, asked: Asked, plan: Plan, found: Retrieved) -> Answer:
        """The answer but for its sentences."""
        return Answer(
            question=asked.question,
            title=plan.title,
            sentences=(),
            evidence=tuple(asked.book.items.values()),
            status=plan.status,
            model=self.composer.name,
            seconds=0.0,
            fingerprint=self.fingerprint,
            considered=considered(self.composer, found, asked.book),
            followups=followups(self.composer, plan),
            ranked=plan.ranked,
            understood=asked.question,
            lens=asked.lens,
            subjects=plan.subjects or plan.ranked[:3],
            relation=asked.intent.relation or "",
            confidence=confidence(asked.ranking, self.composer.bm25),
        )

    def _book(self, ranking: Ranking) -> EvidenceBook:
        return EvidenceBook(
            entries=self.composer.library.entries,
            found_by={page.slug: page.found_by for page in ranking.pages},
            scores={page.slug: page.score for page in ranking.pages},
        )


def _verified(draft: Draft, book: EvidenceBook) -> Sentence:
    sentence = Sentence(draft.text, draft.cites, "not_checked", draft.paragraph, draft.strong)
    return replace(sentence, verdict=verify(sentence, book.items))


def _withheld_notice(count: int) -> tuple[Notice, ...]:
    if not count:
        return ()
    what = "1 sentence was" if count == 1 else f"{count} sentences were"
    return (Notice("confidence", f"{what} withheld, because the source does not bear it out."),)

"""One question, end to end: understanding, retrieval, a plan, verified sentences, the finished answer.

Reads like a table of contents; each step lives in its own file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cml_mm.answering.abstain import confidence, is_greeting
from cml_mm.answering.beside import considered, followups
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_asking import FileAsking, LookedUp
from cml_mm.answering.file_source import FileSource
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
from cml_mm.talk import LIBRARY_ONLY, NO_TALK, Lens, Scope, Talk
from cml_mm.types import Answer, AnswerReady, AnswerStatus, AskEvent, Notice, Sentence, SentenceReady, Step


@dataclass(frozen=True)
class Answerer:
    """Joins retrieval, planner and verifier."""

    retriever: LibraryRetriever
    composer: Composer
    planner: Planner
    lenses: LensReader
    fingerprint: str
    lighthouses: frozenset[str]

    def ask(
        self,
        question: str,
        cancelled: Cancelled,
        talk: Talk = NO_TALK,
        scope: Scope = LIBRARY_ONLY,
        files: FileSource | None = None,
    ) -> Iterator[AskEvent]:
        """Yields steps, then sentences as they are verified, then the whole answer.

        Args:
            scope: what is asked: the library, a visitor's files, or both.
            files: those files; without any only the library is asked, unless the scope is theirs alone.
        """
        beside = scope.where == "both" and files is not None and files.files
        if (scope.where == "files" or beside) and not is_greeting(question):
            yield from self._ask_of_files(question, cancelled, talk, scope, files)
        else:
            yield from self._ask_library(question, cancelled, talk)

    def _ask_library(self, question: str, cancelled: Cancelled, talk: Talk) -> Iterator[AskEvent]:
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

        def finished(status: AnswerStatus) -> Answer:
            return self._answer(asked, replace(plan, status=status), found)

        yield from _written(question, plan, asked.book, finished, cancelled, began)

    def _ask_of_files(
        self, question: str, cancelled: Cancelled, talk: Talk, scope: Scope, files: FileSource | None
    ) -> Iterator[AskEvent]:
        """The same for files, alone or together with the library."""
        began = time.perf_counter()
        asking = FileAsking(self.composer, self.planner, self._look_up, self._titles())
        heard = asking.hear(question, talk, scope, files, self.lenses.read(question, talk))
        yield Step("Understood the question", done=True)
        count = len(heard.shelf.files)
        yield Step(f"Looked through {'1 file' if count == 1 else f'{count} files'}", done=True)
        told = asking.tell(heard)
        yield Step("Writing and checking each sentence")

        def finished(status: AnswerStatus) -> Answer:
            return replace(asking.answer(heard, told, status), fingerprint=self.fingerprint)

        yield from _written(question, told.plan, told.book, finished, cancelled, began)

    def _look_up(self, question: str, lens: Lens) -> LookedUp:
        """What the library finds for a question by itself."""
        found = self.retriever.retrieve_ranked(self._searched(question), lens=lens)
        return LookedUp(self._asked(question, found, lens), found)

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


def _written(
    question: str,
    plan: Plan,
    book: EvidenceBook,
    finished: Callable[[AnswerStatus], Answer],
    cancelled: Cancelled,
    began: float,
) -> Iterator[AskEvent]:
    """Sentences as they are verified, then the answer with them.

    Args:
        finished: the answer but for its sentences; made last, since its evidence is what they cite.
        began: when the question was asked, by the performance counter.
    """
    sentences: list[Sentence] = []
    withheld = 0
    status = plan.status
    for draft in plan.drafts:
        if cancelled():
            status = "stopped"
            break
        sentence = _verified(draft, book)
        if sentence.verdict == "unsupported":
            withheld += 1
            continue
        sentences.append(sentence)
        yield SentenceReady(sentence, tuple(book.items[number] for number in sentence.cites))
    yield AnswerReady(
        replace(
            finished(status),
            question=question,
            sentences=tuple(sentences),
            notices=plan.notices + _withheld_notice(withheld),
            seconds=time.perf_counter() - began,
        )
    )


def _verified(draft: Draft, book: EvidenceBook) -> Sentence:
    sentence = Sentence(draft.text, draft.cites, "not_checked", draft.paragraph, draft.strong)
    return replace(sentence, verdict=verify(sentence, book.items))


def _withheld_notice(count: int) -> tuple[Notice, ...]:
    if not count:
        return ()
    what = "1 sentence was" if count == 1 else f"{count} sentences were"
    return (Notice("confidence", f"{what} withheld, because the source does not bear it out."),)

"""One question, end to end: understanding, retrieval, a plan, verified sentences, the finished answer.

Reads like a table of contents; each step lives in its own file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cml_mm.answering.abstain import confidence, is_greeting
from cml_mm.answering.beside import considered, followups
from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_asking import FileAsking, LookedUp
from cml_mm.answering.file_source import FileSource
from cml_mm.answering.followups import Resolved, resolve
from cml_mm.answering.generating import Writer
from cml_mm.answering.intent import read_intent
from cml_mm.answering.language import foreign_language
from cml_mm.answering.needs import needs_plan, split
from cml_mm.answering.pictured import Eyes, See
from cml_mm.answering.plan import Asked, Plan
from cml_mm.answering.planning import Planner
from cml_mm.answering.prompting import Told
from cml_mm.answering.writing import Writing, blind_words, composed, generated
from cml_mm.ports import Cancelled
from cml_mm.retrieval.lens import LensReader
from cml_mm.retrieval.ranking import Ranking
from cml_mm.retrieval.retriever import LibraryRetriever, Retrieved
from cml_mm.talk import LIBRARY_ONLY, NO_TALK, Lens, Scope, Talk
from cml_mm.types import Answer, AnswerStatus, AskEvent, Notice, Step


@dataclass(frozen=True)
class Answerer:
    """Joins retrieval, planner and verifier; `writer` has a language model speak, without one it is composed."""

    retriever: LibraryRetriever
    composer: Composer
    planner: Planner
    lenses: LensReader
    fingerprint: str
    lighthouses: frozenset[str]
    writer: Writer | None = None

    def ask(
        self,
        question: str,
        cancelled: Cancelled,
        talk: Talk = NO_TALK,
        scope: Scope = LIBRARY_ONLY,
        files: FileSource | None = None,
        see: See | None = None,
    ) -> Iterator[AskEvent]:
        """Yields steps, then sentences as they are verified, then the whole answer.

        Args:
            scope: what is asked: the library, a visitor's files, or both.
            files: those files; without any only the library is asked, unless the scope is theirs alone.
            see: how a page of one of them looks, for a model that sees.
        """
        beside = scope.where == "both" and files is not None and files.files
        if (scope.where == "files" or beside) and not is_greeting(question):
            yield from self._ask_of_files(question, cancelled, talk, scope, files, see)
        else:
            yield from self._ask_library(question, cancelled, talk, scope)

    def _ask_library(self, question: str, cancelled: Cancelled, talk: Talk, scope: Scope) -> Iterator[AskEvent]:
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

        def finished(status: AnswerStatus) -> Answer:
            return self._answer(asked, replace(plan, status=status), found)

        writing = Writing(question, plan, asked.book, finished, cancelled, began, self.composer.encoder)
        yield from self._written(writing, Told(lens, talk), scope, None)

    def _ask_of_files(
        self,
        question: str,
        cancelled: Cancelled,
        talk: Talk,
        scope: Scope,
        files: FileSource | None,
        see: See | None,
    ) -> Iterator[AskEvent]:
        """The same for files, alone or together with the library."""
        began = time.perf_counter()
        asking = FileAsking(self.composer, self.planner, self._look_up, self._titles())
        heard = asking.hear(question, talk, scope, files, self.lenses.read(question, talk))
        yield Step("Understood the question", done=True)
        count = len(heard.shelf.files)
        yield Step(f"Looked through {'1 file' if count == 1 else f'{count} files'}", done=True)
        told = asking.tell(heard)

        def finished(status: AnswerStatus) -> Answer:
            return replace(asking.answer(heard, told, status), fingerprint=self.fingerprint)

        writing = Writing(question, told.plan, told.book, finished, cancelled, began, self.composer.encoder)
        eyes = Eyes(see, heard.shelf.by_id) if see else None
        yield from self._written(writing, Told(heard.lens, talk), scope, eyes)

    def _written(self, writing: Writing, told: Told, scope: Scope, eyes: Eyes | None) -> Iterator[AskEvent]:
        """By the model where there is one and the plan leaves its words open; what is exact is composed."""
        plan = writing.plan
        model = self.writer if scope.voice == "model" and plan.status == "answered" else None
        seen = plan.in_sight and eyes is not None
        if model and (plan.in_words or (seen and model.pictures > 0)):
            yield from generated(writing, model, told, eyes)
            return
        if model and seen:
            words = blind_words(model.name, "this is told without it, from what was read and heard of them")
            writing = replace(writing, plan=replace(plan, notices=(*plan.notices, Notice("model", words))))
        yield Step("Writing and checking each sentence")
        yield from composed(writing)

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

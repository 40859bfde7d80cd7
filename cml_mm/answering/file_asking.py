"""One question to a visitor's files, or to them and the library together: heard, looked up, planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.abstain import confidence, is_sure
from cml_mm.answering.beside import considered, followups
from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.diagram_answers import DiagramAnswers, asked_of_diagram
from cml_mm.answering.diagram_followups import diagram_followup, diagram_needs
from cml_mm.answering.diagram_unread import unread_words, with_words
from cml_mm.answering.file_followups import ResolvedOfFiles, resolve_of_files
from cml_mm.answering.file_pictures import picture_reply
from cml_mm.answering.file_planner import (
    GRAPH_KINDS,
    FilePlanner,
    LibrarySide,
    all_considered,
    join,
    named_of,
    plan_of,
)
from cml_mm.answering.file_questions import FileQuestion, read_file_question
from cml_mm.answering.file_reply import FileReply
from cml_mm.answering.file_source import FileSource, Shelf
from cml_mm.answering.followups import resolve
from cml_mm.answering.language import foreign_language, language_words
from cml_mm.answering.lecture_answers import LectureAnswers, asked_of_lecture
from cml_mm.answering.lecture_followups import lecture_followup
from cml_mm.answering.needs import needs_plan, split
from cml_mm.answering.plan import Asked, Plan
from cml_mm.answering.planning import Planner
from cml_mm.retrieval.ranking import Ranking
from cml_mm.retrieval.retriever import Retrieved
from cml_mm.talk import Lens, Scope, Talk
from cml_mm.types import Answer, AnswerStatus, Notice

LEAST_FIT = 0.5  # of the weight of a topic's words


@dataclass(frozen=True)
class LookedUp:
    """What the library's retrieval found for a question, and the question as it is understood."""

    asked: Asked
    found: Retrieved


@dataclass(frozen=True)
class Heard:
    """A question made whole, and the files that it may be asked of."""

    question: str
    needs: tuple[str, ...]
    shelf: Shelf
    beside: bool  # whether the library is asked too
    lens: Lens
    language: str | None
    resolved: ResolvedOfFiles


@dataclass(frozen=True)
class ToldOfFiles:
    """A plan with the book that it cites, and what was looked at on the way."""

    plan: Plan
    book: EvidenceBook
    replies: tuple[FileReply, ...]
    looked: tuple[LookedUp, ...]


@dataclass(frozen=True)
class FileAsking:
    """Made for one question.

    `look_up` asks the library's retrieval with a lens; `titles` are those of its pages.
    """

    composer: Composer
    planner: Planner
    look_up: Callable[[str, Lens], LookedUp]
    titles: Mapping[str, str]

    def hear(self, question: str, talk: Talk, scope: Scope, source: FileSource | None, lens: Lens) -> Heard:
        """The question as it is to be answered: a follow-up made whole, several needs apart."""
        shelf = Shelf.of(source, scope.files) if source is not None else Shelf.empty()
        language = foreign_language(question)
        drawn = "" if language else diagram_followup(question, talk, shelf, self.composer)
        drawn = drawn or ("" if language else lecture_followup(question, talk, shelf))
        if drawn:
            whole = ResolvedOfFiles(drawn, True, latest=resolve_of_files(question, talk, named_of(shelf)).latest)
            return Heard(drawn, (drawn,), shelf, scope.where == "both", lens, language, whole)
        whole = ResolvedOfFiles(question) if language else resolve_of_files(question, talk, named_of(shelf))
        needs = diagram_needs(whole.question, shelf, named_of(shelf), scope.where != "both")
        if needs and not language:
            return Heard(whole.question, needs, shelf, scope.where == "both", lens, language, whole)
        if not whole.changed and not language:
            made = resolve(question, talk, self.planner.names, self.titles)
            whole = replace(whole, question=made.question, changed=made.changed)
        needs = (whole.question,) if language or whole.again else split(whole.question)
        return Heard(whole.question, needs, shelf, scope.where == "both", lens, language, whole)

    def tell(self, heard: Heard) -> ToldOfFiles:
        """The plan: of one need, or of several in turn."""
        book = EvidenceBook(entries=self.composer.library.entries)
        replies: list[FileReply] = []
        looked: list[LookedUp] = []
        parts = [(need, self._plan(need, heard, book, replies, looked)) for need in heard.needs]
        if len(parts) == 1:
            plan = parts[0][1]
        else:
            where = "the library or your files" if heard.beside else "your files"
            plan = needs_plan(parts, where)
        if heard.language:
            words = language_words(heard.language, self.composer.encoder.english_only, of_files=True)
            plan = replace(plan, notices=(Notice("language", words), *_other(plan)))
        return ToldOfFiles(plan, book, tuple(replies), tuple(looked))

    def answer(self, heard: Heard, told: ToldOfFiles, status: AnswerStatus) -> Answer:
        """The answer but for its sentences; to be made when the last of them is written."""
        near = all_considered(told.replies, told.book)
        for one in told.looked:
            near += tuple(item for item in considered(self.composer, one.found, told.book) if item not in near)
        plan = replace(told.plan, status=status)
        return Answer(
            question=heard.question,
            title=plan.title,
            sentences=(),
            evidence=tuple(told.book.items.values()),
            status=status,
            model=self.composer.name,
            seconds=0.0,
            considered=near,
            followups=followups(self.composer, plan),
            ranked=plan.ranked,
            understood=heard.question,
            lens=heard.lens,
            subjects=plan.subjects or plan.ranked[:3],
            relation=(told.looked[0].asked.intent.relation or "") if len(told.looked) == 1 else "",
            confidence=self._confidence(told),
        )

    def _confidence(self, told: ToldOfFiles) -> float:
        sides = [confidence(one.asked.ranking, self.composer.bm25) for one in told.looked]
        return max([*sides, *(reply.held for reply in told.replies)], default=0.0)

    def _plan(
        self, need: str, heard: Heard, book: EvidenceBook, replies: list[FileReply], looked: list[LookedUp]
    ) -> Plan:
        """The plan of one need; what was looked at goes into the lists."""
        names = self.planner.names.find(need)
        patterns = tuple(match.slugs[0] for match in names) or tuple(
            slug for slug in heard.resolved.patterns if slug in self.titles
        )
        asked = read_file_question(
            need, named_of(heard.shelf), [match.name for match in names], heard.resolved.latest, not heard.beside
        )
        told = [match.name for match in names]
        latest = heard.resolved.latest
        plain = asked.kind == "ask" and not asked.places and not heard.resolved.again
        played = asked_of_lecture(need, heard.shelf, asked.files, not heard.beside, told, patterns, latest, plain)
        drawn = asked_of_diagram(need, heard.shelf, asked.files, not heard.beside)
        if drawn is not None and not (played and (drawn.question.missing or played.question.spoken)):
            replies.append(DiagramAnswers(heard.shelf, book, self.composer).reply(drawn))
            return plan_of(replies[-1])
        if played is not None:
            looked_like = picture_reply(asked, heard.shelf, book, self.composer)
            replies.append(looked_like or LectureAnswers(heard.shelf, book, self.composer).reply(played))
            return plan_of(replies[-1])
        library = self._library(asked, heard, book, looked) if heard.beside and asked.kind == "ask" else None
        if library and not asked.of_files and library.intent.kind in GRAPH_KINDS and library.plan.status == "answered":
            return library.plan
        reply = FilePlanner.over(self.composer, self._rank(heard)).reply(
            asked, heard.shelf, book, patterns, heard.resolved.again
        )
        reply = with_words(reply, unread_words(need, heard.shelf, asked.files))
        replies.append(reply)
        return join(asked, reply, library) if library else plan_of(reply)

    def _library(self, asked: FileQuestion, heard: Heard, book: EvidenceBook, looked: list[LookedUp]) -> LibrarySide:
        one = self.look_up((asked.topic or asked.question) if asked.of_files else asked.question, heard.lens)
        looked.append(one)
        book.learn(one.asked.book)
        plan = self.planner.plan(replace(one.asked, book=book), heard.language)
        ranking = one.asked.ranking
        sure = plan.status == "answered" and not heard.language and is_sure(ranking, self.composer.bm25)
        surely = confidence(ranking, self.composer.bm25)
        fits = self._fits(asked.topic or asked.question, one.asked.patterns)
        return LibrarySide(plan, one.asked.intent, surely, sure, bool(ranking.names), fits)

    def _fits(self, topic: str, patterns: tuple[str, ...]) -> bool:
        """Whether the best page says in its title, aliases or summary most of what is asked about, by rarity."""
        if not patterns:
            return False
        entry = self.composer.library.entries[patterns[0]]
        held = set(prose.terms(" ".join((entry.title, *entry.aliases, entry.summary))))
        terms = dict.fromkeys(prose.terms(topic))
        weight = {term: self.composer.bm25.idf(term) for term in terms}
        return sum(weight[term] for term in terms if term in held) >= LEAST_FIT * max(sum(weight.values()), 1e-9)

    def _rank(self, heard: Heard) -> Callable[[str], Ranking]:
        return lambda question: self.look_up(question, heard.lens).asked.ranking


def _other(plan: Plan) -> tuple[Notice, ...]:
    return tuple(notice for notice in plan.notices if notice.kind != "language")

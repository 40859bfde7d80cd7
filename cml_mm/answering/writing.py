"""Puts a plan into words, by the composer or by a language model; either way each sentence is verified."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from cml_mm.answering.answer_sentences import Said
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.generating import Briefed, CutShort, Declined, InQueue, Withdrawn, Writer
from cml_mm.answering.pictured import NO_SIGHTS, Eyes
from cml_mm.answering.plan import Plan
from cml_mm.answering.prompting import MOST_EVIDENCE, Told
from cml_mm.answering.verify import verify
from cml_mm.errors import ModelError
from cml_mm.ports import Cancelled, Lessened, TextEncoder
from cml_mm.types import (
    Answer,
    AnswerReady,
    AnswerStatus,
    AskEvent,
    Evidence,
    Notice,
    Sentence,
    SentenceReady,
    Step,
)

MOST_BESIDE = 8  # passages near the question that the plan does not cite
_DECLINED = "The model found nothing in these sources that answers the question."
_NOTHING_HELD = "Nothing that the model wrote is borne out by its sources, so all of it was withheld."


@dataclass(frozen=True)
class Writing:
    """What is to be written, and for whom.

    `question` is as asked, `finished` gives the answer but for its sentences; it is asked last, since
    its evidence is what they cite. `began`: when it was asked, by the performance counter.
    """

    question: str
    plan: Plan
    book: EvidenceBook
    finished: Callable[[AnswerStatus], Answer]
    cancelled: Cancelled
    began: float
    encoder: TextEncoder | None = None  # by which the verifier knows a paraphrase


def composed(writing: Writing) -> Iterator[AskEvent]:
    """The plan's own sentences as they are verified, then the answer with them."""
    plan, book = writing.plan, writing.book
    sentences: list[Sentence] = []
    withheld = 0
    status = plan.status
    for draft in plan.drafts:
        if writing.cancelled():
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
            writing.finished(status),
            question=writing.question,
            sentences=tuple(sentences),
            notices=plan.notices + withheld_notice(withheld),
            seconds=time.perf_counter() - writing.began,
            withheld=withheld,
        )
    )


def generated(writing: Writing, writer: Writer, told: Told, eyes: Eyes | None = None) -> Iterator[AskEvent]:
    """A model's sentences out of the plan's evidence and what stands near it, then the answer with them.

    Args:
        eyes: give the pictures that go along; None where there are none to see.

    Raises: ModelError: before the first sentence; later it ends the answer with a notice. LimitExceeded.
    """
    for _ in writing.plan.drafts:  # they fill the book, and are what the composer would have said
        if writing.cancelled():
            break
    base = writing.finished(writing.plan.status)
    evidence = (*base.evidence, *base.considered[:MOST_BESIDE])[:MOST_EVIDENCE]
    page = _Page(writer, writing.encoder)
    fault: ModelError | None = None
    try:
        yield Step(_queue_words(0, writer.name), topic="model")
        sights = eyes.look(base.evidence, writer.pictures) if eyes else NO_SIGHTS
        page.blind = not writer.pictures and sights.left_out > 0
        for event in writer.write(base.understood or writing.question, evidence, told, writing.cancelled, sights):
            if isinstance(event, Said):
                if not page.any_said:
                    page.any_said = True
                    yield Step(f"{writer.name} is writing, and each sentence is checked", topic="model")
                yield from page.said(event)
            elif isinstance(event, InQueue):
                yield Step(_queue_words(event.before, writer.name), topic="model")
            elif isinstance(event, Briefed):
                page.given = event.briefing.given
                if words := event.briefing.words():
                    yield Step(words, done=True)
                yield Step(_queue_words(0, writer.name), topic="model")
            elif isinstance(event, Withdrawn):
                page.withdraw()
            elif isinstance(event, Declined):
                page.declined = True
            elif isinstance(event, CutShort):
                page.cut_short = True
            elif isinstance(event, Lessened):
                page.lessened = event.words
    except ModelError as error:
        if not page.sentences:
            raise
        fault = error
    if not page.sentences and not page.withheld and not page.declined and not writing.cancelled():
        raise ModelError(f"{writer.name} wrote nothing that can be shown.", "Ask again, or answer without the model.")
    yield AnswerReady(page.answer(base, writing, fault))


@dataclass
class _Page:
    """What a model has written so far. Sources get their numbers in the order in which they are first cited."""

    writer: Writer
    encoder: TextEncoder | None
    given: tuple[Evidence, ...] = ()
    sentences: list[Sentence] = field(default_factory=list)
    cited: dict[int, Evidence] = field(default_factory=dict)  # by the number on the screen
    withheld: int = 0
    removed: int = 0
    any_said: bool = False
    declined: bool = False
    cut_short: bool = False
    lessened: str = ""
    blind: bool = False  # whether pictures are cited that the model cannot take
    _shown: dict[int, int] = field(default_factory=dict)  # the prompt's number → the screen's

    def said(self, said: Said) -> Iterator[SentenceReady]:
        """A sentence, verified; nothing where it is withheld."""
        self.removed += said.removed
        by_prompt = dict(enumerate(self.given, start=1))
        sentence = Sentence(said.text, said.cites, "not_checked", said.paragraph, said.names)
        verdict = "unsupported" if said.removed and not said.cites else verify(sentence, by_prompt, self.encoder)
        if verdict == "unsupported" and self.writer.withhold:
            self.withheld += 1
            return
        cites = tuple(self._number(number) for number in said.cites)
        sentence = replace(sentence, cites=cites, verdict=verdict)
        self.sentences.append(sentence)
        yield SentenceReady(sentence, tuple(self.cited[number] for number in cites))

    def withdraw(self) -> None:
        """Takes back everything."""
        self.sentences.clear()
        self.cited.clear()
        self._shown.clear()
        self.withheld = self.removed = 0

    def answer(self, base: Answer, writing: Writing, fault: ModelError | None) -> Answer:
        """The whole answer."""
        known = {(item.source.slug, item.locator) for item in self.cited.values()}
        made = replace(
            base,
            question=writing.question,
            title=self._title(base),
            sentences=tuple(self.sentences),
            evidence=tuple(self.cited.values()),
            considered=tuple(
                replace(item, number=0)
                for item in (*base.evidence, *base.considered)
                if (item.source.slug, item.locator) not in known
            ),
            status="stopped" if writing.cancelled() else base.status,
            model=self.writer.name,
            notices=writing.plan.notices + self._notices(fault),
            seconds=time.perf_counter() - writing.began,
            withheld=self.withheld,
            removed_citations=self.removed,
        )
        if self.sentences or made.status == "stopped":
            return made
        if self.declined:
            title = "That is not in the library"
            return replace(made, sentences=(_plainly(_DECLINED),), status="not_in_library", title=title)
        return replace(made, sentences=(_plainly(_NOTHING_HELD),), status="advice", title="Nothing held up")

    def _number(self, number: int) -> int:
        if number not in self._shown:
            self._shown[number] = len(self._shown) + 1
            self.cited[self._shown[number]] = replace(self.given[number - 1], number=self._shown[number])
        return self._shown[number]

    def _title(self, base: Answer) -> str:
        """The plan's title where the model wrote about its page; else that of what it cited first."""
        titles = [item.source.title for item in self.cited.values()]
        if not titles or any(title in base.title for title in titles):
            return base.title
        return titles[0]

    def _notices(self, fault: ModelError | None) -> tuple[Notice, ...]:
        found = tuple(replace(notice, kind="model") for notice in withheld_notice(self.withheld))
        if self.removed:
            what = "1 citation" if self.removed == 1 else f"{self.removed} citations"
            verb = "was" if self.removed == 1 else "were"
            words = f"{what} to sources that the model had not been given {verb} removed."
            found += (Notice("confidence", words),)
        if self.blind:
            found += (Notice("model", blind_words(self.writer.name, "it wrote from what was read and heard of them")),)
        if self.lessened:
            found += (Notice("model", self.lessened),)
        if self.cut_short:
            found += (Notice("model", "The model wrote as much as it may, so its last sentence was cut off."),)
        if fault:
            words = f"The answer ends early. {fault.message} {fault.hint}"
            found += (Notice("model", words),)
        return found


def withheld_notice(count: int) -> tuple[Notice, ...]:
    """Says how many sentences are missing from an answer, and why."""
    if not count:
        return ()
    what = "1 sentence was" if count == 1 else f"{count} sentences were"
    return (Notice("confidence", f"{what} withheld, because the source does not bear it out."),)


def blind_words(name: str, then: str) -> str:
    """Says that pictures which were asked about did not reach the model, and what was done instead."""
    return f"{name} takes no pictures here, so {then}."


def _verified(draft: Draft, book: EvidenceBook) -> Sentence:
    sentence = Sentence(draft.text, draft.cites, "not_checked", draft.paragraph, draft.strong)
    return replace(sentence, verdict=verify(sentence, book.items))


def _queue_words(before: int, name: str) -> str:
    if not before:
        return f"{name} reads your question"
    return f"{name} is busy: {'1 question' if before == 1 else f'{before} questions'} before yours"


def _plainly(text: str) -> Sentence:
    return Sentence(text, (), "not_checked")

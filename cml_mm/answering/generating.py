"""A language model writes an answer: sentence by sentence, while whoever waits can still stop it.

The model runs in a thread of its own, because a generator that loads, waits its turn or looks for its
first word says nothing meanwhile, and the reader must be told the place in the queue and must be heard.
"""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Generator as Pieces
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Union

from cml_mm import prose
from cml_mm.answering.answer_sentences import Raw, Said, SentenceStream, ThoughtFilter, is_source_list, read_sentence
from cml_mm.answering.pictured import NO_SIGHTS, Sights
from cml_mm.answering.prompting import Briefing, Told, brief
from cml_mm.ports import Cancelled, Generator, Lessened, Prompt
from cml_mm.types import Evidence

POLL_SECONDS = 0.05  # between two looks at whether the reader has stopped
LONGEST_ANSWER = 12_000  # characters after which a model that does not end is stopped
SPARE_TOKENS = 4  # by which counting a text again may differ from counting it as it was written
_ENDED = re.compile(r"[.!?…。！？][\"'”’)»*_]*(?:\s*[\[【][^\]】]*[\]】]\.?)*\s*\Z|[\]】]\W*\Z")
_REFUSED = re.compile(
    r"\W*(?:(?:that|this|it|the answer) (?:is|was) )?not (?:found )?in (?:the|this) (?:library|evidence|sources?)\b"
    r"|\W*(?:the|this|my|your) (?:library|evidence|sources?|files?|passages?)(?: (?:given|provided|above))? "
    r"(?:does|do|did) not (?:say|answer|contain|mention|hold|cover|include|provide|speak|address)\b"
)


@dataclass(frozen=True)
class InQueue:
    """Others are served first; `before` counts them."""

    before: int


@dataclass(frozen=True)
class Briefed:
    """What the model was given to read."""

    briefing: Briefing


@dataclass(frozen=True)
class Withdrawn:
    """All that was said so far was the model's thought, as only its end has shown."""


@dataclass(frozen=True)
class Declined:
    """The model says that its evidence does not answer the question."""


@dataclass(frozen=True)
class CutShort:
    """The model wrote as much as it may, and its last sentence has no end."""


Heard = Union[Briefing, Lessened, str, int]
WriterEvent = Union[InQueue, Briefed, Said, Withdrawn, Declined, CutShort, Lessened]


@dataclass(frozen=True)
class Writer:
    """Has a generator write from evidence.

    `withhold`: whether sentences that their sources do not bear out are left out, not marked.
    """

    generator: Generator
    withhold: bool = False

    @property
    def name(self) -> str:
        return self.generator.name

    @property
    def pictures(self) -> int:
        """How many can go along with a question."""
        return self.generator.capabilities.pictures

    def write(
        self,
        question: str,
        evidence: Sequence[Evidence],
        told: Told,
        cancelled: Cancelled,
        sights: Sights = NO_SIGHTS,
    ) -> Iterator[WriterEvent]:
        """What was given to read, the place in the queue, then sentences. Closing the iterator stops the model.

        Args:
            question: as it is understood.
            evidence: most useful first; sentences cite it by its place, from 1, in the briefing's `given`.
            told: who asks, and what was said before.
            sights: pictures of the evidence, most useful first.

        Raises: ModelError, also in the middle; LimitExceeded.
        """

        def briefed() -> Briefing:
            return brief(self.generator, question, evidence, told, sights)

        heard = _heard(self.generator, briefed, cancelled)
        with closing(heard):
            yield from _read(self.generator, cancelled, heard)


def _read(generator: Generator, cancelled: Cancelled, heard: Iterator[Heard]) -> Iterator[WriterEvent]:
    """Sentences out of pieces; a number is a place in the queue. The briefing comes first."""
    briefing = Briefing(Prompt("", ""), ())
    thought, stream, written = ThoughtFilter(), SentenceStream(), ""
    first = True
    for piece in heard:
        if isinstance(piece, Briefing):
            briefing = piece
            yield Briefed(briefing)
            continue
        if isinstance(piece, int):
            yield InQueue(piece)
            continue
        if isinstance(piece, Lessened):
            yield piece
            continue
        written += piece
        shown = thought.feed(piece)
        if thought.stray:
            stream, first = SentenceStream(), True
            yield Withdrawn()
        for raw in stream.feed(shown):
            if is_source_list(raw.text):
                return
            for event in _events(raw, briefing.given, first):
                first = False
                yield event
                if isinstance(event, Declined):
                    return
        if len(written) > LONGEST_ANSWER:
            yield CutShort()
            return
    if cancelled():
        return  # what was begun has no end
    rest = [*stream.feed(thought.end()), *stream.end()]
    if rest and not _ENDED.search(rest[-1].text):
        used = generator.count_tokens(written)
        if used >= briefing.prompt.max_new_tokens - SPARE_TOKENS:
            rest.pop()
            yield CutShort()
    for raw in rest:
        if is_source_list(raw.text):
            return
        yield from _events(raw, briefing.given, first)
        first = False


def _events(raw: Raw, given: Sequence[Evidence], first: bool) -> tuple[WriterEvent, ...]:
    said = read_sentence(raw, given)
    if said is None:
        return ()
    if first and not said.cites and _REFUSED.match(prose.fold(said.text)):
        return (Declined(),)
    return (said,)


def _heard(generator: Generator, briefed: Callable[[], Briefing], cancelled: Cancelled) -> Pieces[Heard, None, None]:
    """The briefing, what the model writes, as it writes it, and its place in the queue whenever that changes.

    Args:
        briefed: makes the prompt; it may first have to load the model's tokenizer.
    """
    over = threading.Event()
    mailbox: queue.SimpleQueue[Heard | BaseException | None] = queue.SimpleQueue()

    def stopped() -> bool:
        return over.is_set() or cancelled()

    def work() -> None:
        try:
            briefing = briefed()
            mailbox.put(briefing)
            for piece in () if stopped() else generator.generate(briefing.prompt, stopped, mailbox.put):
                mailbox.put(piece)
                if stopped():
                    break  # dropping the iterator closes it
            mailbox.put(None)
        except BaseException as error:  # it is raised again where the answer is read
            mailbox.put(error)

    worker = threading.Thread(target=work, name="writing", daemon=True)
    worker.start()
    try:
        while not cancelled():
            with suppress(queue.Empty):
                if (heard := mailbox.get(timeout=POLL_SECONDS)) is None:
                    return
                if isinstance(heard, BaseException):
                    raise heard
                yield heard
    finally:
        over.set()

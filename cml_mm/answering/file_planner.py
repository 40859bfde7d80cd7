"""Chooses what to say of files to one question, and joins it with what the library says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_answers import MOST_LISTED, FileAnswers
from cml_mm.answering.file_beside import MOST_PAIRS, FileBeside
from cml_mm.answering.file_overviews import inventory, lengths, summary
from cml_mm.answering.file_pictures import picture_reply, unworded_reply
from cml_mm.answering.file_questions import FileQuestion, NamedFile
from cml_mm.answering.file_quotes import QuoteFinder
from cml_mm.answering.file_reply import NOT_THERE, FileReply
from cml_mm.answering.file_source import Shelf
from cml_mm.answering.intent import Intent
from cml_mm.answering.plan import Plan, first_then
from cml_mm.answering.signs import wants_fact
from cml_mm.retrieval.ranking import Ranking
from cml_mm.types import Evidence, Notice

MUCH_SURER = 0.25  # files lead if they hold so much more of the question
SAYS_IT_ALL = 0.95  # of the question's words stand in what the files say
MOST_ADDED = 3  # sentences of the library after an answer out of files
# The graph of the library is asked: files cannot answer these.
GRAPH_KINDS = frozenset("relations hops whether around similar list count most tension adopters adopted path".split())
EXACT_KINDS = frozenset({"inventory", "pages", "links"})  # counted and listed; no model may tell them in its own words
# One's own facts: "how much is our rent?", "when does our lease end?".
_OWN_FACT = re.compile(
    r"^\W*(?:(?:and|so|but) )*(?:how (?:much|many|old|long|often)|when|who|where|what(?:'s| is| are| was| were)"
    r"|which|is"
    r"|are|do|does|may|can|must)\b.*\b(?:our|my)\b"
)
_SHOULD = re.compile(
    r"\b(?:should|could|ought|how (?:do|does|can|could|might) (?:we|i|one|a|people)|what (?:can|could|would|might)"
    r"|helps?)\b"
)
_FACT = re.compile(r"^\W*(?:(?:and|so|but) )*(?:who|when|where|how (?:much|many|long|often|old)|what time)\b")
NO_FILES = "You have no files here yet. Add one, or ask the library."
NO_WORDS = "holds no words that could be read, so nothing in it could be searched."


@dataclass(frozen=True)
class FilePlanner:
    """From a question about files to sentences."""

    answers: FileAnswers
    beside: FileBeside

    @classmethod
    def over(cls, composer: Composer, rank: Callable[[str], Ranking]) -> FilePlanner:
        """Args: rank: a question to the library's ranking."""
        finder = QuoteFinder(composer.bm25, composer.encoder)
        return cls(FileAnswers(finder), FileBeside(composer, rank))

    def reply(
        self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, patterns: Sequence[str] = (), again: int = 0
    ) -> FileReply:
        """What the files say.

        Args:
            asked: the question as it was read.
            shelf: the files that may be asked; those that the question names are picked here.
            patterns: slugs of the library that it speaks of.
            again: how often it was answered before, and more is wanted.
        """
        if not shelf.files:
            return FileReply("You have no files yet", (Draft(NO_FILES, (), 0),), sure=False, held=0.0)
        chosen = shelf.only(asked.files)
        found = picture_reply(asked, shelf, book, self.beside.composer) or self._reply(
            asked, chosen, book, patterns, again
        )
        if not found.sure:
            found = unworded_reply(asked, chosen, book) or found
        return replace(found, notices=(*_silent(asked, chosen), *found.notices), in_words=asked.kind not in EXACT_KINDS)

    def _reply(
        self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, patterns: Sequence[str], again: int
    ) -> FileReply:
        if asked.kind == "inventory":
            return inventory(shelf, book)
        if asked.kind == "pages":
            return lengths(asked, shelf)
        if asked.kind == "links":
            return self.beside.links(asked, shelf, book, patterns, MOST_PAIRS * again)
        if asked.kind == "place":
            return self.answers.at_place(asked, shelf, book, 6 * again)
        if asked.kind == "decisions":
            return self.answers.decisions(asked, shelf, book, MOST_LISTED * again)
        if asked.kind == "mentions":
            return self.answers.mentions(asked, shelf, book)
        if asked.kind == "compare":
            return self.answers.compare(asked, shelf, book)
        if asked.kind == "summary" and not again:
            return summary(shelf, book)
        return self.answers.ask(asked, shelf, book, 4 * again)


def named_of(shelf: Shelf) -> tuple[NamedFile, ...]:
    """The files of a shelf as a question may name them."""
    return tuple(
        NamedFile(file.card.id, shelf.titles[file.card.id], file.card.name, file.card.format) for file in shelf.files
    )


def plan_of(reply: FileReply) -> Plan:
    """The reply as a plan by itself."""
    return Plan(
        reply.title,
        iter(reply.drafts),
        reply.ranked,
        status="answered" if reply.sure else "not_in_library",
        notices=reply.notices,
        subjects=reply.subjects,
        followups=reply.followups,
        in_words=reply.sure and reply.in_words,
        in_sight=reply.sure and reply.in_sight,
    )


@dataclass(frozen=True)
class LibrarySide:
    """What the library says to the same question: its plan, how surely, and whether that is sure enough to add."""

    plan: Plan
    intent: Intent
    confidence: float
    sure: bool
    named: bool
    fits: bool  # whether its best page says in title or summary what is asked about


def join(asked: FileQuestion, reply: FileReply, library: LibrarySide) -> Plan:
    """One answer out of both: the surer one first, the other after it if it is sure too."""
    plan, answered = library.plan, library.plan.status == "answered"
    if not reply.sure:
        if not answered:
            return _neither(asked, reply, plan)
        return _library_alone(asked, reply, plan)
    if not answered:
        return plan_of(reply)
    if files_first(asked, reply, library):
        if not library.sure or not library.fits or is_own_fact(prose.fold(asked.question).replace("’", "'")):
            return plan_of(reply)
        added = tuple(islice(plan.drafts, MOST_ADDED))
        drafts = (*reply.drafts, *_after(added, reply.drafts, "The library adds:"))
        return Plan(
            reply.title,
            iter(drafts),
            plan.ranked,
            notices=reply.notices + plan.notices,
            subjects=first_then(reply.subjects, plan.subjects or plan.ranked[:2]),
            followups=reply.followups,
            in_words=reply.in_words and plan.in_words,
        )
    return replace(
        plan,
        drafts=_then(plan.drafts, reply.drafts),
        notices=plan.notices + reply.notices,
        subjects=first_then(plan.subjects or plan.ranked[:3], reply.subjects),
        in_words=reply.in_words and plan.in_words,
    )


def files_first(asked: FileQuestion, reply: FileReply, library: LibrarySide) -> bool:
    """Whether files lead: they are spoken of, one's own facts are asked for, or they are surer than the library."""
    if asked.of_files:
        return True
    if library.named:
        return False
    folded = prose.fold(asked.question).replace("’", "'")
    if is_own_fact(folded):
        return True
    if reply.held >= SAYS_IT_ALL and (_FACT.search(folded) or not library.fits) and not _SHOULD.search(folded):
        return True
    return not library.sure or (reply.held > library.confidence + MUCH_SURER and not _SHOULD.search(folded))


def is_own_fact(folded: str) -> bool:
    """Whether a folded question asks for a fact of one's own, for which a library of patterns is no place."""
    return bool(_OWN_FACT.search(folded) or wants_fact(folded)) and not _SHOULD.search(folded)


def _neither(asked: FileQuestion, reply: FileReply, plan: Plan) -> Plan:
    words = "Neither your files nor the library say enough about this."
    rest = tuple(plan.drafts)
    first = reply.drafts[0].text if asked.of_files and reply.drafts else words
    drafts = (
        Draft(first, (), 0),
        *((Draft("The library has no answer to it either.", (), 0),) if first != words else ()),
    )
    nearest = tuple(draft for draft in rest if draft.text.startswith("The nearest"))
    return Plan(
        NOT_THERE if asked.of_files else "Neither your files nor the library say",
        iter((*drafts, *nearest)),
        plan.ranked,
        status="not_in_library",
        notices=reply.notices + plan.notices,
        subjects=first_then(reply.subjects, plan.subjects),
        followups=plan.followups,
    )


def _library_alone(asked: FileQuestion, reply: FileReply, plan: Plan) -> Plan:
    """The library's answer; where files were spoken of, after a word that they do not say."""
    if not asked.of_files:
        return plan
    lead = Draft(f"{reply.drafts[0].text} The library says:", (), 0)
    drafts = (replace(draft, paragraph=draft.paragraph + 1) for draft in plan.drafts)
    return replace(
        plan,
        drafts=chain((lead,), drafts),
        subjects=first_then(reply.subjects, plan.subjects or plan.ranked[:3]),
        in_words=False,
    )


def _then(first: Iterator[Draft], added: tuple[Draft, ...]) -> Iterator[Draft]:
    """The library's drafts as they are written, then those out of files in paragraphs of their own."""
    before: Draft | None = None
    for draft in first:
        before = draft
        yield draft
    several = len({draft.paragraph for draft in added}) > 1  # one file is named by its own sentence
    yield from _after(added, (before,) if before else (), "In your files:" if several else "")


def _after(added: Sequence[Draft], before: Sequence[Draft], lead: str) -> Iterator[Draft]:
    start = before[-1].paragraph + 1 if before else 0
    least = min((draft.paragraph for draft in added), default=0)
    if added and lead:
        yield Draft(lead, (), start)
    for draft in added:
        yield replace(draft, paragraph=start + draft.paragraph - least)


def _silent(asked: FileQuestion, shelf: Shelf) -> tuple[Notice, ...]:
    """Says which of the files that are asked hold no words, where that matters."""
    if asked.kind in ("inventory", "pages") or not (asked.files or len(shelf.files) == 1):
        return ()
    empty = (shelf.titles[file.card.id] for file in shelf.files if not file.chunks)
    return tuple(Notice("input", f"{title} {NO_WORDS}") for title in empty)


def all_considered(replies: Sequence[FileReply], book: EvidenceBook) -> tuple[Evidence, ...]:
    """What the replies looked at and did not quote, each place once."""
    cited = {(item.source.slug, item.locator) for item in book.items.values()}
    found = {(item.source.slug, item.locator): item for reply in replies for item in reply.considered}
    return tuple(item for key, item in found.items() if key not in cited)

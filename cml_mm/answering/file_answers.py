"""Answers out of files: what they say to a question, at a place, file by file, and which of them mention something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering import file_forms as forms
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.file_places import Place, find_place
from cml_mm.answering.file_questions import FileQuestion
from cml_mm.answering.file_quotes import MOST_CHUNKS, QuoteFinder, ScoredQuote, quotes_of
from cml_mm.answering.file_reply import FileReply, doubts, said, unsaid
from cml_mm.answering.file_sentences import quotes_in, shortened
from cml_mm.answering.file_source import Shelf
from cml_mm.prose import Span
from cml_mm.visits import Chunk, FoundChunk

MOST_OF_A_PLACE = 6  # sentences of a page or clause
MOST_LISTED = 8  # files that mention something
BEGINNING = 3  # letters that a word shares with its stem
MOST_A_SIDE = 2  # sentences of each of several files that are compared


@dataclass(frozen=True)
class FileAnswers:
    """The kinds of answers that quote files and nothing else."""

    finder: QuoteFinder

    def ask(self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, skip: int = 0) -> FileReply:
        """The best sentences of the best chunks.

        Args:
            skip: how many sentences were told before, for "what else?".
        """
        question = asked.topic or asked.question
        found = shelf.search(question)
        if asked.places:
            return self._ask_at(asked, shelf, book, found)
        scored = self.finder.scored(question, found[: MOST_CHUNKS + skip], shelf)
        if not self._answers(question, found, scored, shelf):
            whole = asked.question  # the words that name the file may belong to the matter: "to change the statutes"
            found = shelf.search(whole) if whole != question else ()
            scored = self.finder.scored(whole, found[: MOST_CHUNKS + skip], shelf)
            if not self._answers(whole, found, scored, shelf):
                return unsaid(shelf, shelf.search(question), question)
            question = whole
        quotes = self.finder.chosen(question, scored, skip=skip)
        if not quotes:
            return unsaid(shelf, found, question, "Your files say no more about this." if skip else "")
        share = max((one.said for one in scored if one.quote in quotes), default=0.0)
        told = self._told(quotes, found, shelf, book)
        return replace(told, held=max(told.held, share))

    def at_place(self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, skip: int = 0) -> FileReply:
        """What a page, slide or clause says, sentence by sentence."""
        quotes: list[FileQuote] = []
        for place in asked.places:
            for file in shelf.files:
                for stretch in find_place(file, place):
                    title = shelf.titles[file.card.id]
                    made = quotes_in(file, title, stretch.section, stretch.span, leaning=False)
                    quotes += [shortened(replace(quote, found_by=(place.words,)), frozenset()) for quote in made]
        if not quotes:
            return no_place(asked.places, shelf)
        left = quotes[skip:]
        if not left:
            return unsaid(shelf, (), asked.question, "There is nothing more at that place.")
        files = list(dict.fromkeys(quote.file.card.id for quote in left))
        most = max(MOST_A_SIDE, MOST_OF_A_PLACE // len(files))
        shown = [quote for id in files for quote in [q for q in left if q.file.card.id == id][:most]]
        drafts = list(_paragraphs(shown, book))
        if len(shown) < len(left):
            drafts.append(
                Draft(
                    f"There is more of it; {len(left) - len(shown)} further sentences are not quoted here.",
                    (),
                    drafts[-1].paragraph + 1,
                )
            )
        title = f"{shelf.titles[files[0]]}, {asked.places[0].words}" if len(files) == 1 else asked.places[0].words
        return FileReply(
            title[:1].upper() + title[1:],
            tuple(drafts),
            subjects=tuple(files),
            notices=doubts(shown),
            followups=self._next(shelf, files, shown),
        )

    def mentions(self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook) -> FileReply:
        """Which files mention something, with one sentence of each."""
        terms = prose.terms(asked.topic)
        if not terms:
            return unsaid(shelf, (), asked.question, "The question names nothing to look for.")
        quotes = [quote for file in shelf.files if (quote := _mention(file.chunks, shelf, asked.topic))]
        if not quotes:
            found = shelf.search(asked.topic)
            return unsaid(shelf, found, asked.topic, f"None of your files mentions “{asked.topic}”.")
        drafts = [said(quote, book, place) for place, quote in enumerate(quotes[:MOST_LISTED])]
        silent = [shelf.titles[file.card.id] for file in shelf.files if file not in [q.file for q in quotes]]
        more = len(quotes) - MOST_LISTED
        if more > 0:
            drafts.append(Draft(f"{more} further files mention it.", (), len(drafts)))
        if silent:
            drafts.append(Draft(f"Not mentioned in: {', '.join(silent[:MOST_LISTED])}.", (), len(drafts)))
        count = f"{len(quotes)} of your {len(shelf.files)} files" if len(shelf.files) > 1 else "Your file"
        return FileReply(
            f"{count} {'mentions' if len(quotes) == 1 else 'mention'} {asked.topic}",
            tuple(drafts),
            subjects=tuple(quote.file.card.id for quote in quotes),
            notices=doubts(quotes),
        )

    def decisions(self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, skip: int = 0) -> FileReply:
        """The sentences that say that something was decided, in the order of each file."""
        told = (
            shortened(quote, frozenset())
            for file in shelf.files
            for number, section in enumerate(file.read.document.sections)
            for quote in quotes_in(file, shelf.titles[file.card.id], number, Span(0, len(section.text)), leaning=False)
        )
        quotes = [replace(quote, found_by=("your words",)) for quote in told if forms.DECIDED.search(quote.text)][skip:]
        if not quotes:
            words = "No further sentence says that something was decided." if skip else ""
            return unsaid(shelf, shelf.search(asked.question), asked.question, words)
        drafts = list(_paragraphs(quotes[:MOST_LISTED], book))
        more = len(quotes) - MOST_LISTED
        if more > 0:
            drafts.append(Draft(f"{more} further sentences speak of a decision.", (), drafts[-1].paragraph + 1))
        return FileReply(
            "What was decided",
            tuple(drafts),
            subjects=tuple(dict.fromkeys(quote.file.card.id for quote in quotes[:MOST_LISTED])),
            notices=doubts(quotes[:MOST_LISTED]),
        )

    def compare(self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook) -> FileReply:
        """Several files side by side on one thing; a file that does not speak of it is named."""
        drafts: list[Draft] = []
        shown: list[FileQuote] = []
        silent: list[str] = []
        question = asked.topic or asked.question
        for file in shelf.files[:4]:
            one = shelf.only((file.card.id,))
            found = one.search(question)
            answers = bool(found) and (shelf.source.answers(found) or not asked.topic)
            quotes = self.finder.best(question, found, one, MOST_A_SIDE) if answers else ()
            if not quotes:
                silent.append(shelf.titles[file.card.id])
            paragraph = drafts[-1].paragraph + 1 if drafts else 0
            drafts += [said(quote, book, paragraph) for quote in quotes]
            shown += quotes
        if not drafts:
            return unsaid(shelf, shelf.search(question), question)
        paragraph = drafts[-1].paragraph + 1
        drafts += [Draft(f"{title} does not say anything about it.", (), paragraph, (title,)) for title in silent]
        words = "The sentences are set side by side as they stand; what differs is yours to judge."
        drafts.append(Draft(words, (), paragraph))
        return FileReply(
            f"Side by side: {asked.topic.rstrip('?!. ')}" if asked.topic else "Side by side",
            tuple(drafts),
            subjects=tuple(file.card.id for file in shelf.files[:4]),
            notices=doubts(shown),
        )

    def _answers(self, question: str, found: Sequence[FoundChunk], scored: Sequence[ScoredQuote], shelf: Shelf) -> bool:
        """Whether the chunks, or one sentence alone, say something about the question."""
        if not found:
            return False
        alone = [(prose.plain(one.quote.text), one.cosine) for one in scored]
        return shelf.source.answers(found) or shelf.source.says(question, alone)

    def _ask_at(self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, found: Sequence[FoundChunk]) -> FileReply:
        """The best sentences among those that stand at the places the question names."""
        inside = tuple(
            FoundChunk(chunk, 0.0, 0.0, 0.0, (place.words,)) for place in asked.places for chunk in at(place, shelf)
        )
        if not inside:
            return no_place(asked.places, shelf)
        scored = {one.chunk.id: one for one in found}
        quotes = self.finder.best(asked.topic, tuple(scored.get(one.chunk.id, one) for one in inside), shelf)
        terms = set(prose.terms(asked.topic))
        if not any(terms & set(prose.terms(f"{quote.text} {quote.of.heading}")) for quote in quotes):
            return unsaid(shelf, inside, asked.topic, f"What stands on {asked.places[0].words} does not say.")
        return self._told(quotes, inside, shelf, book)

    def _told(
        self, quotes: Sequence[FileQuote], found: Sequence[FoundChunk], shelf: Shelf, book: EvidenceBook
    ) -> FileReply:
        files = tuple(dict.fromkeys(quote.file.card.id for quote in quotes))
        names = [shelf.titles[id] for id in files]
        return FileReply(
            f"In {names[0]}" if len(names) == 1 else f"In {', '.join(names[:-1])} and {names[-1]}",
            tuple(_paragraphs(quotes, book)),
            held=max((one.held for one in found[:3]), default=0.0),
            subjects=files,
            notices=doubts(quotes),
            followups=self._next(shelf, files, quotes),
        )

    def _next(self, shelf: Shelf, files: Sequence[str], quotes: Sequence[FileQuote]) -> tuple[str, ...]:
        """What can be asked of these files next."""
        title = shelf.titles[files[0]]
        asks = []
        if shelf.links(tuple(shelf.by_id[files[0]].chunks)):
            asks.append(f"Which patterns does {title} speak about?")
        pages = sorted({quote.of.page for quote in quotes if quote.of.page})
        if pages:
            unit = "slide" if shelf.by_id[files[0]].card.format == "pptx" else "page"
            asks.append(f"What does {unit} {pages[0]} of {title} say?")
        asks.append(f"What is {title} about?")
        return tuple(asks)


def at(place: Place, shelf: Shelf) -> tuple[Chunk, ...]:
    """The chunks of a shelf's files that touch a place."""
    found = []
    for file in shelf.files:
        for stretch in find_place(file, place):
            found += [
                chunk
                for chunk in file.chunks
                if chunk.section == stretch.section
                and chunk.start < stretch.span.end
                and stretch.span.start < chunk.end
            ]
    return tuple(dict.fromkeys(found))


def no_place(places: Sequence[Place], shelf: Shelf) -> FileReply:
    """None of the files has such a place."""
    what = " or ".join(place.words for place in places)
    where = shelf.titles[shelf.files[0].card.id] if len(shelf.files) == 1 else "your files"
    return unsaid(shelf, (), what, f"There is no {what} in {where}.")


def _paragraphs(quotes: Sequence[FileQuote], book: EvidenceBook) -> Iterator[Draft]:
    """A paragraph for each file; a place that was just named is not named again."""
    paragraph, before = -1, None
    for quote in quotes:
        same_file = before is not None and before.file is quote.file
        if not same_file:
            paragraph += 1
        same_place = same_file and before is not None and (before.place, before.section) == (quote.place, quote.section)
        lead = None
        if same_file and quote.place:
            lead = "" if same_place else f"And {quote.place}"
        elif same_file:
            lead = ""
        yield said(quote, book, paragraph, lead)
        before = quote


def _mention(chunks: Sequence[Chunk], shelf: Shelf, topic: str) -> FileQuote | None:
    """The first sentence that says all the words, one after the other if it can be."""
    terms, whole = frozenset(prose.terms(topic)), prose.fold(topic)
    best: FileQuote | None = None
    beginnings = tuple(term[:BEGINNING] for term in terms)
    for chunk in chunks:
        folded = prose.fold(chunk.text)
        if not all(beginning in folded for beginning in beginnings):
            continue  # cheaper than taking the words of thousands of chunks apart
        if not terms <= frozenset(prose.terms(chunk.text)):
            continue
        for quote in quotes_of(chunk, shelf, terms):
            if whole in prose.fold(quote.text):
                return replace(quote, found_by=("your words",))
            if best is None and terms <= frozenset(prose.terms(quote.text)):
                best = replace(quote, found_by=("your words",))
    return best

"""Finds the sentences of a file worth quoting for a question.

A number is often the whole answer, so what a question wants (a number, a date, somebody) is looked
for. Sentences are weighed by the rarity of the words they share with the question
(Spärck Jones 1972) and by meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.file_sentences import quotes_in, shortened
from cml_mm.answering.file_source import Shelf
from cml_mm.graph.bm25 import Bm25
from cml_mm.ports import TextEncoder
from cml_mm.prose import Span
from cml_mm.retrieval.function_words import function_words
from cml_mm.visits import Chunk, FoundChunk

MOST_CHUNKS = 6
MOST_ENCODED = 16  # sentences a question: encoding is most of what it costs
MOST_QUOTED = 4
LEAST_SHARE = 0.7  # of the best sentence's score: a further one must come this close
LEAST_WORDS_SHARE = 0.25  # of the question's weight: a further sentence must share this much itself
TITLE_WORTH = 0.7  # of a word that stands in the title above a sentence
OTHER_FILE_SHARE = 0.55  # the same for the first of another file, so that several can answer
OTHER_FILE_WORDS_SHARE = 0.35  # of the question's weight that it must share
LEAST_MEANT = 0.35  # cosine to the question of a further sentence that holds none of its words
SAME_WORDS = 0.8  # of the shorter sentence's words: the same once more

_DAY = (
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may \d|june|july"
    r"|august|september|october|november|december"
)
_COUNT = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred"
_NUMBER = rf"\d|\b(?:{_COUNT}|half|third|thirds|quarter|dozen|once|twice|majority|per ?cent)\b"
_ROLE = (
    r"board|assembly|members?|meeting|treasurer|chair\w*|committee|director|secretary|council|auditors?|coordinators?"
    r"|facilitators?|manager|president|group|circle|founders?|delegates?|neighbou?rs?|caretaker|trustees?|staff|team"
)


@dataclass(frozen=True)
class Wanted:
    """What a sentence must hold to answer at all; the words say which questions want it."""

    asks: re.Pattern[str]
    holds: re.Pattern[str]
    as_written: bool = False  # looked for in the text as written, capitals kept


_WANTED = (
    Wanted(
        re.compile(r"\b(?:when|by when|what (?:date|day|time|year)|which (?:date|day|year)|deadline|how soon)\b"),
        re.compile(
            rf"\b(?:{_DAY})\b|\b(?:19|20)\d\d\b|\d{{1,2}}[:.]\d\d|\b(?:{_COUNT}|\d+) (?:\w+ )?"
            r"(?:days?|weeks?|months?|years?|hours?)\b"
            r"|\b(?:every|each|per) (?:day|week|month|quarter|year)\b|\b(?:daily|weekly|monthly|yearly|annually)\b"
        ),
    ),
    Wanted(
        re.compile(
            r"\b(?:how (?:many|much|long|old|often|large|big|high|far)|what (?:amount|price|sum|share"
            r"|percent\w*|number|quorum"
            r"|fee|rent|cost)|cost|costs|price|amount)\b"
        ),
        re.compile(_NUMBER),
    ),
    Wanted(
        re.compile(r"\b(?:who|whom|whose|which (?:person|member|body|organ)|by whom)\b"),
        re.compile(
            rf"(?<=[a-z,;:] )[A-Z][a-z]+|\b(?i:{_ROLE})\b"
            r"|^[A-Z][a-z]+ (?:[A-Z][a-z]+ )?(?:is|was|will|has|asked|said|(?:keep|hold|take|run|call|write|chair)s)\b"
        ),
        as_written=True,
    ),
    Wanted(
        re.compile(r"\b(?:where|which (?:place|room|address)|what address)\b"),
        re.compile(r"\b(?:at|in|on|near|behind) (?:the )?[A-Z]|\b(?i:room|hall|street|road|house|square|address)\b"),
        as_written=True,
    ),
    Wanted(
        re.compile(r"\b(?:why|what reason|for what reason)\b"),
        re.compile(r"\b(?:because|since|so that|in order|due to|reason|therefore|as a result)\b"),
    ),
)


@dataclass(frozen=True)
class ScoredQuote:
    """`own` is the share of the question's weight that a quote holds, its title counting less; `said` without it."""

    quote: FileQuote
    own: float
    cosine: float
    said: float = 1.0


@dataclass(frozen=True)
class QuoteFinder:
    """Picks the sentences of found chunks that say most to a question."""

    bm25: Bm25  # the library's: how rare a word is in writing of this kind
    encoder: TextEncoder

    def best(
        self, question: str, found: Sequence[FoundChunk], shelf: Shelf, most: int = MOST_QUOTED, skip: int = 0
    ) -> tuple[FileQuote, ...]:
        """The best sentences, the best one's file first, in the order of the text within a file.

        Args:
            question: as it was searched for.
            found: chunks of files of the shelf, best first.
            skip: how many of the best were told before.
        """
        return self.chosen(question, self.scored(question, found[: MOST_CHUNKS + skip], shelf), most, skip)

    def chosen(
        self, question: str, scored: Sequence[ScoredQuote], most: int = MOST_QUOTED, skip: int = 0
    ) -> tuple[FileQuote, ...]:
        """The best of scored sentences; arguments as for `best`."""
        numbers = _numbers(question)
        chosen: list[FileQuote] = []
        for one in scored:
            quote = one.quote
            if len(chosen) == most + skip:
                break
            known = {other.file.card.id for other in chosen}
            same = quote.file.card.id in known
            least = LEAST_SHARE if same else OTHER_FILE_SHARE
            words = LEAST_WORDS_SHARE if same else OTHER_FILE_WORDS_SHARE
            if chosen and not skip and (quote.score < least * scored[0].quote.score or one.own < words):
                continue
            if chosen and not one.said and one.cosine < LEAST_MEANT:
                continue  # only the title above it speaks of the matter
            if chosen and numbers & _numbers(chosen[0].text) - _numbers(quote.text):
                continue  # another row or year than the one that was asked about
            if not any(_repeats(quote, other) for other in chosen):
                chosen.append(quote)
        return _in_order(chosen[skip:])

    def weight(self, terms: Iterable[str]) -> float:
        """How rare these stems are, together."""
        return sum(self.bm25.idf(term) for term in terms)

    def scored(self, question: str, found: Sequence[FoundChunk], shelf: Shelf) -> list[ScoredQuote]:
        """Every sentence of these chunks that is worth comparing, best first.

        What the file itself is called says nothing of one of its sentences.
        """
        wanted = frozenset(prose.terms(question)) - {prose.stem(word) for word in function_words(question)}
        total = max(self.weight(wanted), 1e-9)
        kinds = _wanted_by(question)
        rows: list[tuple[FileQuote, float, float, float]] = []
        top = max((one.score for one in found), default=0.0) or 1.0
        for one in found:
            beside = wanted & _title_terms(one.chunk, shelf)
            for quote in chunk_quotes(one, shelf, wanted):
                said = frozenset(prose.terms(quote.text))
                own = self.weight(wanted & said) / total
                near = self.weight((wanted & beside) - said) / total
                score = own + TITLE_WORTH * near + 0.15 * one.score / top + _fit(quote.text, kinds)
                rows.append((quote, own + TITLE_WORTH * near, score, own))
        rows.sort(key=lambda row: -row[2])
        rows = rows[:MOST_ENCODED]
        if not rows:
            return []
        vector = self.encoder.encode_query(question)
        cosines = self.encoder.encode_passages([prose.plain(row[0].text) for row in rows]) @ vector
        scored = [
            ScoredQuote(replace(quote, score=float(score + cosine)), own, float(cosine), said)
            for (quote, own, score, said), cosine in zip(rows, cosines, strict=True)
        ]
        return sorted(scored, key=lambda one: -one.quote.score)


def _title_terms(chunk: Chunk, shelf: Shelf) -> frozenset[str]:
    """Stems of a chunk's title; of its document's only those that no other file bears: "June" of "Minutes of June"."""
    titles = {file.card.id: file.read.document.title for file in shelf.files}
    of = " ".join(re.sub(r"[()]", " ", titles[chunk.file]).split())
    others = {term for id, title in titles.items() if id != chunk.file for term in prose.terms(title)}
    own = set(prose.terms(titles[chunk.file])) - others if len(titles) > 1 else set()
    return frozenset(prose.terms(chunk.title.replace(f"({of})", " ") if of else chunk.title)) | own


def chunk_quotes(found: FoundChunk, shelf: Shelf, terms: frozenset[str]) -> tuple[FileQuote, ...]:
    """The quotable sentences of a found chunk; they carry how it was found."""
    return tuple(replace(quote, found_by=found.found_by) for quote in quotes_of(found.chunk, shelf, terms))


def quotes_of(chunk: Chunk, shelf: Shelf, terms: frozenset[str] = frozenset()) -> tuple[FileQuote, ...]:
    """The quotable sentences of a chunk."""
    file = shelf.by_id.get(chunk.file)
    if file is None:
        return ()
    made = quotes_in(file, shelf.titles[chunk.file], chunk.section, Span(chunk.start, chunk.end))
    return tuple(shortened(quote, terms) for quote in made)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*", text))


def _wanted_by(question: str) -> tuple[Wanted, ...]:
    folded = prose.fold(question)
    return tuple(kind for kind in _WANTED if kind.asks.search(folded))


def _fit(text: str, kinds: Sequence[Wanted]) -> float:
    """A bonus for holding what is wanted, the opposite for not."""
    if not kinds:
        return 0.0
    folded = prose.fold(text)
    return 0.25 if any(kind.holds.search(text if kind.as_written else folded) for kind in kinds) else -0.15


def _repeats(one: FileQuote, other: FileQuote) -> bool:
    """Whether two quotes overlap, or say the same words in the same file."""
    if one.file is not other.file:
        return False
    if one.section == other.section and one.span.start < other.span.end and other.span.start < one.span.end:
        return True
    a, b = set(prose.terms(one.text)), set(prose.terms(other.text))
    return len(a & b) >= SAME_WORDS * max(1, min(len(a), len(b)))


def _in_order(quotes: Sequence[FileQuote]) -> tuple[FileQuote, ...]:
    """The best quote first, then its file, then the others; within a file in the order of its text."""
    files = list(dict.fromkeys(quote.file.card.id for quote in quotes))
    rest = sorted(quotes[1:], key=lambda q: (files.index(q.file.card.id), q.section, q.span.start))
    return (*quotes[:1], *rest)

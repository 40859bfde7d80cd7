"""Finds the sentences of a file worth quoting for a question.

Minutes and statutes are not written like pattern pages: clauses are short or very long, tables
hold what is asked, and a number is often the whole answer. So every line counts, a sentence too
long to quote is cut at a clause's border, and what a question wants (a number, a date, somebody)
is looked for. Sentences are weighed by the rarity of the words they share with the question
(Spärck Jones 1972) and by meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.file_source import Shelf
from cml_mm.graph.bm25 import Bm25
from cml_mm.ports import TextEncoder
from cml_mm.prose import Span
from cml_mm.visits import Chunk, FoundChunk, StoredFile

LONGEST_CHARS = 340
LONGEST_PASSAGE_CHARS = 1_200
MOST_CHUNKS = 6
MOST_ENCODED = 16  # sentences a question: encoding is most of what it costs
MOST_QUOTED = 4
LEAST_SHARE = 0.7  # of the best sentence's score: a further one must come this close
LEAST_WORDS_SHARE = 0.25  # of the question's weight: a further sentence must share this much itself
HEADING_WORDS = 8
ABBREVIATION_CHARS = 20
TITLE_WORTH = 0.7  # of a word that stands in the title above a sentence
OTHER_FILE_SHARE = 0.55  # the same for the first of another file, so that several can answer
OTHER_FILE_WORDS_SHARE = 0.35  # of the question's weight that it must share
SAME_WORDS = 0.8  # of the shorter sentence's words: the same once more

_ROW = re.compile(r"[ \t]*(?:\||[^\n:;]{1,60}: [^\n;]*;)")
_LIST = re.compile(r"[ \t]*(?:[-*+•–]|\(?\d{1,3}(?:\.\d{1,3})*[.)]|\(?[a-z][.)]|§+[ \t]*\d+)[ \t]+\S")
_NUMBERED = re.compile(r"[#*_ \t]*(?:§+|[Aa]rt|[Cc]lause|[Ss]ection|[Rr]ule|\d{1,3}(?:\.\d{1,3})*[.)]?[ \t]|#)")
_RULE = re.compile(r"[|:\s\-_=*+]*")
_UNFINISHED = re.compile(
    r"\b(?:art|sec|para|cl|fig|pp?|ca|approx|incl|abs|nr|no|tel|ref|resp|a\.m|p\.m|art\. ?\d+)\.$", re.IGNORECASE
)
_LEANING = re.compile(r"(?:it|this|that|they|these|those|he|she|such|the same|there|both)\b", re.IGNORECASE)
_BORDER = re.compile(r"(?<=[;:,.])\s+|\s+(?=(?:and|or|but|which|who|unless|provided|except|if)\b)")
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
        re.compile(rf"(?<=[a-z,;:] )[A-Z][a-z]+|\b(?i:{_ROLE})\b"),
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


def blocks(text: str, within: Span) -> Iterator[Span]:
    """Paragraphs, list items and table rows of a stretch of text, one after the other."""
    start: int | None = None
    at = within.start
    for line in within.of(text).splitlines(keepends=True):
        own = bool(_ROW.match(line) or _LIST.match(line))
        if start is not None and (own or not line.strip()):
            yield _trimmed(text, start, at)
            start = None
        if own and _ROW.match(line):
            yield _trimmed(text, at, at + len(line))
        elif start is None and line.strip():
            start = at
        at += len(line)
    if start is not None:
        yield _trimmed(text, start, at)


def sentences(text: str, block: Span) -> tuple[Span, ...]:
    """Sentences of one block; a row of a table is one. Ends that are only abbreviations are no ends."""
    written = block.of(text)
    if _RULE.fullmatch(written):
        return ()
    if _ROW.match(written):
        return (block,)
    joined: list[Span] = []
    for span in prose.sentences(text, block):
        end = text[max(joined[-1].start, joined[-1].end - ABBREVIATION_CHARS) : joined[-1].end] if joined else ""
        if end.endswith(".") and (_UNFINISHED.search(end) or text[span.start].islower()):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(span for span in joined if prose.terms(span.of(text)))


def is_heading(block: str) -> bool:
    """Whether a block only names what follows: "§ 7 Loans"; alone it says nothing."""
    line = block.strip()
    own = "\n" in line or _ROW.match(line) or line[-1:] in '.!?:;,”")'
    return not own and bool(_NUMBERED.match(line)) and len(prose.words(line)) <= HEADING_WORDS


def quotes_in(file: StoredFile, title: str, section: int, within: Span, leaning: bool = True) -> Iterator[FileQuote]:
    """Every quotable sentence of a stretch, in order; headings alone are none.

    Args:
        leaning: take the sentence before with one that begins with "it" or "they".
    """
    text = file.read.document.sections[section].text
    for block in blocks(text, within):
        if is_heading(block.of(text)):
            continue
        before: Span | None = None
        for span in sentences(text, block):
            if leaning and before and _LEANING.match(span.of(text)) and span.end - before.start <= LONGEST_CHARS:
                span = Span(before.start, span.end)
            yield FileQuote(file, title, section, _around(text, block, span), span)
            before = span


def shortened(quote: FileQuote, terms: frozenset[str]) -> FileQuote:
    """The quote, cut at the borders of its clauses to the part that holds most of these stems."""
    if quote.span.end - quote.span.start <= LONGEST_CHARS:
        return quote
    text, span = quote.of.text, quote.span
    cuts = [span.start, *(span.start + match.end() for match in _BORDER.finditer(span.of(text))), span.end]
    best, most = Span(span.start, _last_blank(text, span.start, span.end)), -1
    for first, start in enumerate(cuts[:-1]):
        ends = [end for end in cuts[first + 1 :] if end - start <= LONGEST_CHARS]
        end = ends[-1] if ends else _last_blank(text, start, span.end)
        held = len(terms & frozenset(prose.terms(text[start:end])))
        if held > most:
            best, most = _trimmed(text, start, end), held
    return replace(quote, span=best, block=_around(text, quote.block, best))


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
        scored = self._scored(question, found[: MOST_CHUNKS + skip], shelf)
        numbers = _numbers(question)
        chosen: list[FileQuote] = []
        for quote, own in scored:
            if len(chosen) == most + skip:
                break
            known = {other.file.card.id for other in chosen}
            same = quote.file.card.id in known
            least = LEAST_SHARE if same else OTHER_FILE_SHARE
            words = LEAST_WORDS_SHARE if same else OTHER_FILE_WORDS_SHARE
            if chosen and not skip and (quote.score < least * scored[0][0].score or own < words):
                continue
            if chosen and numbers & _numbers(chosen[0].text) - _numbers(quote.text):
                continue  # another row or year than the one that was asked about
            if not any(_repeats(quote, other) for other in chosen):
                chosen.append(quote)
        return _in_order(chosen[skip:])

    def weight(self, terms: Iterable[str]) -> float:
        """How rare these stems are, together."""
        return sum(self.bm25.idf(term) for term in terms)

    def _scored(self, question: str, found: Sequence[FoundChunk], shelf: Shelf) -> list[tuple[FileQuote, float]]:
        """Quotes, best first, with the share of the question's weight that each holds, a title counting half."""
        wanted = frozenset(prose.terms(question))
        total = max(self.weight(wanted), 1e-9)
        kinds = _wanted_by(question)
        rows: list[tuple[FileQuote, float, float]] = []
        top = max((one.score for one in found), default=0.0) or 1.0
        for one in found:
            beside = wanted & frozenset(prose.terms(one.chunk.title))
            for quote in chunk_quotes(one, shelf, wanted):
                said = frozenset(prose.terms(quote.text))
                own = self.weight(wanted & said) / total
                near = self.weight((wanted & beside) - said) / total
                score = own + TITLE_WORTH * near + 0.15 * one.score / top + _fit(quote.text, kinds)
                rows.append((quote, own + TITLE_WORTH * near, score))
        rows.sort(key=lambda row: -row[2])
        rows = rows[:MOST_ENCODED]
        if not rows:
            return []
        vector = self.encoder.encode_query(question)
        cosines = self.encoder.encode_passages([prose.plain(quote.text) for quote, _, _ in rows]) @ vector
        scored = [
            (replace(quote, score=float(score + cosine)), own)
            for (quote, own, score), cosine in zip(rows, cosines, strict=True)
        ]
        return sorted(scored, key=lambda pair: -pair[0].score)


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


def _around(text: str, block: Span, span: Span) -> Span:
    """The block, or of a very long one the part around the quote."""
    if block.end - block.start <= LONGEST_PASSAGE_CHARS:
        return block
    half = (LONGEST_PASSAGE_CHARS - (span.end - span.start)) // 2
    start = max(block.start, span.start - max(half, 0))
    end = min(block.end, span.end + max(half, 0))
    while start > block.start and not text[start - 1].isspace():
        start -= 1
    while end < block.end and not text[end].isspace():
        end += 1
    return _trimmed(text, start, end)


def _last_blank(text: str, start: int, end: int) -> int:
    """The end of the last whole word within the longest quote."""
    if end - start <= LONGEST_CHARS:
        return end
    blank = text.rfind(" ", start, start + LONGEST_CHARS)
    return blank if blank > start else start + LONGEST_CHARS


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)

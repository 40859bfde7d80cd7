"""Cuts the text of files into quotable sentences.

Minutes and statutes are not written like pattern pages: clauses are short or very long and tables
hold what is asked. So every line counts, and a sentence too long to quote is cut at a clause's border.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cml_mm import prose
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.lecture_utterances import utterances
from cml_mm.prose import Span
from cml_mm.visits import StoredFile

LONGEST_CHARS = 340
LONGEST_PASSAGE_CHARS = 1_200
HEADING_WORDS = 8
ABBREVIATION_CHARS = 20

_ROW = re.compile(r"[ \t]*(?:\||[^\n:;]{1,60}: [^\n;]*;)")
_LIST = re.compile(r"[ \t]*(?:[-*+•–]|\(?\d{1,3}(?:\.\d{1,3})*[.)]|\(?[a-z][.)]|§+[ \t]*\d+)[ \t]+\S")
_NUMBERED = re.compile(r"[#*_ \t]*(?:§+|[Aa]rt|[Cc]lause|[Ss]ection|[Rr]ule|\d{1,3}(?:\.\d{1,3})*[.)]?[ \t]|#)")
_RULE = re.compile(r"[|:\s\-_=*+]*")
_UNFINISHED = re.compile(
    r"\b(?:art|sec|para|cl|fig|pp?|ca|approx|incl|abs|nr|no|tel|ref|resp|a\.m|p\.m|art\. ?\d+)\.$", re.IGNORECASE
)
_DAY_END = re.compile(r"(?<!\d)\d{1,2}\.$")
_MONTH = re.compile(r"(?:jan|feb|mar|apr|mai|maj|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)[a-z]{0,7}\b")
_LEANING = re.compile(r"(?:it|this|that|they|these|those|he|she|such|the same|there|both)\b", re.IGNORECASE)
_BORDER = re.compile(r"(?<=[;:,.])\s+|\s+(?=(?:and|or|but|which|who|unless|provided|except|if)\b)")


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
        if end.endswith(".") and (
            _UNFINISHED.search(end) or text[span.start].islower() or _is_day(end, text[span.start : span.end])
        ):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(span for span in joined if prose.terms(span.of(text)))


def is_row(text: str) -> bool:
    """Whether a block is a row of a table."""
    return _ROW.match(text) is not None


def _is_day(end: str, rest: str) -> bool:
    """Whether a full stop makes an ordinal of a day, as in "31. Dezember"."""
    return _DAY_END.search(end) is not None and _MONTH.match(prose.fold(rest)) is not None


def is_heading(block: str) -> bool:
    """Whether a block only names what follows: "§ 7 Loans"; alone it says nothing."""
    line = block.strip()
    own = "\n" in line or _ROW.match(line) or line[-1:] in '.!?:;,”")'
    return not own and bool(_NUMBERED.match(line)) and len(prose.words(line)) <= HEADING_WORDS


def quotes_in(file: StoredFile, title: str, section: int, within: Span, leaning: bool = True) -> Iterator[FileQuote]:
    """Every quotable sentence of a stretch, in order; headings alone are none. Of a lecture, what is said in one go.

    Args:
        leaning: take the sentence before with one that begins with "it" or "they".
    """
    placings = file.read.placings
    if file.read.lecture is not None and section < len(placings) and placings[section].times:
        yield from _of_lecture(file, title, section, within)
        return
    text = file.read.document.sections[section].text
    for block in blocks(text, within):
        if is_heading(block.of(text)) or prose.words(block.of(text)) == prose.words(title):
            continue
        before: Span | None = None
        for span in sentences(text, block):
            if leaning and before and _LEANING.match(span.of(text)) and span.end - before.start <= LONGEST_CHARS:
                span = Span(before.start, span.end)
            yield FileQuote(file, title, section, _around(text, block, span), span)
            before = span


def _of_lecture(file: StoredFile, title: str, section: int, within: Span) -> Iterator[FileQuote]:
    """What is said in one go, or the lines of a slide."""
    text = file.read.document.sections[section].text
    whole = FileQuote(file, title, section, Span(0, len(text)), Span(0, len(text)))
    spans = list(_lines(text, whole)) if whole.on_slide else utterances(text, whole.placing.times)
    for span in spans:
        if span.start < within.end and within.start < span.end and prose.terms(span.of(text)):
            yield replace(whole, span=span, block=span if whole.on_slide else _around(text, whole.block, span))


def _lines(text: str, whole: FileQuote) -> Iterator[Span]:
    """The lines of a slide, those that go on in the next line together."""
    held: Span | None = None
    for run in whole.placing.runs:
        if held is not None and "\n\n" not in text[held.end : run.start] and whole.placing.origin == "ocr":
            held = Span(held.start, run.end)
            continue
        if held is not None:
            yield held
        held = Span(run.start, run.end)
    if held is not None:
        yield held


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

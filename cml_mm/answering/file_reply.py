"""What files have to say to one question, before it is joined with what the library says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.file_evidence import FileQuote, cite, evidence_of, unquoted_words
from cml_mm.answering.file_quotes import quotes_of
from cml_mm.answering.file_source import Shelf
from cml_mm.types import Evidence, Notice
from cml_mm.visits import FoundChunk

MOST_CONSIDERED = 4
NOT_THERE = "Your files do not say"


@dataclass(frozen=True)
class FileReply:
    """Sentences about files.

    `held` says how surely they answer, 0 to 1; `sure` whether they do at all. `subjects` are
    ids of files and slugs of patterns that it is about, `ranked` slugs of the library only.
    """

    title: str
    drafts: tuple[Draft, ...]
    sure: bool = True
    held: float = 1.0
    subjects: tuple[str, ...] = ()
    ranked: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    considered: tuple[Evidence, ...] = ()
    followups: tuple[str, ...] = ()
    in_words: bool = False  # whether a language model may write it; else it is exact as it stands
    in_sight: bool = False  # whether one that sees the picture may write it, though it is exact


def said(quote: FileQuote, book: EvidenceBook, paragraph: int, lead: str | None = None) -> Draft:
    """A quote as a sentence that names its file and place: 'In Statutes 2024, page 4: “…”'.

    Of a recording it begins "At 2:14 of meeting.wav". What a recogniser was unsure of is told so in the
    sentence itself; what is too uncertain to be quoted is only pointed at.

    Args:
        lead: instead of "In …", where file or place were named just before; "" for the bare quote.
    """
    if not quote.quotable:
        return _pointed(quote, book, paragraph, named=lead is None)
    place = quote.place
    begin = (_opening(quote.title, place) if quote.seconds is None else _moment(quote)) if lead is None else lead
    if quote.doubtful:
        doubt = "heard with doubt" if quote.placing.origin == "speech" else "recognised with doubt"
        begin = f"{begin} ({doubt})" if begin else doubt.capitalize()
    text = f"{begin}: {in_marks(quote)}" if begin else in_marks(quote)
    return Draft(text, (cite(quote, book),), paragraph, (quote.title,) if lead is None else ())


def _pointed(quote: FileQuote, book: EvidenceBook, paragraph: int, named: bool) -> Draft:
    """The moment at which something is said that may not be quoted."""
    text = unquoted_words(quote.seconds)
    if named:
        text = text.replace("; the", f" of {quote.title}; the", 1)
    return Draft(text, (cite(quote, book),), paragraph, (quote.title,) if named else ())


def _opening(title: str, place: str) -> str:
    return f"In {title}{f', {place}' if place else ''}"


def _moment(quote: FileQuote) -> str:
    return f"{quote.place[:1].upper()}{quote.place[1:]} of {quote.title}"


def in_marks(quote: FileQuote) -> str:
    """The words in quotation marks; those inside become single, and a cut is shown by dots."""
    text = prose.plain(quote.text)
    inner = text.replace("“", "‘").replace("”", "’").strip('"').strip()
    start, end = quote.span.start - quote.block.start, quote.block.end - quote.span.end
    before = "… " if start and inner[:1].islower() else ""
    after = " …" if end and inner[-1:] not in '.!?…’)"|;' else ""
    return f"“{before}{inner}{after}”"


def doubts(quotes: Iterable[FileQuote]) -> tuple[Notice, ...]:
    """Says of which files words were recognised or heard with doubt."""
    found: dict[str, FileQuote] = {}
    for quote in quotes:
        if quote.doubtful or not quote.quotable:
            found.setdefault(f"{quote.title} ({quote.face.label})" if quote.face else quote.title, quote)
    return tuple(Notice("confidence", f"The words of {name} were {_doubt(quote)}.") for name, quote in found.items())


def _doubt(quote: FileQuote) -> str:
    if not quote.quotable:
        return "heard too uncertainly to be quoted; listen to the recording"
    if quote.placing.origin != "speech":
        return "recognised with doubt; look at the picture"
    return "heard with doubt; listen to the recording"


def nearest(found: Sequence[FoundChunk], shelf: Shelf, question: str) -> tuple[Evidence, ...]:
    """The best sentence of each of the nearest chunks, as what was considered."""
    terms = frozenset(prose.terms(question))
    best = []
    for one in found[:MOST_CONSIDERED]:
        quotes = quotes_of(one.chunk, shelf, terms)
        if quotes:
            quote = max(quotes, key=lambda quote: len(terms & set(prose.terms(quote.text))))
            best.append(evidence_of(_with(quote, one)))
    return tuple(best)


def unsaid(shelf: Shelf, found: Sequence[FoundChunk], question: str, words: str = "") -> FileReply:
    """Nothing fits: said plainly, with the nearest passages to look at."""
    where = shelf.titles[shelf.files[0].card.id] if len(shelf.files) == 1 else "your files"
    text = words or f"Nothing in {where} says enough about this."
    return FileReply(
        NOT_THERE,
        (Draft(text, (), 0),),
        sure=False,
        held=0.0,
        considered=nearest(found, shelf, question),
        subjects=tuple(file.card.id for file in shelf.files[:1]) if len(shelf.files) == 1 else (),
    )


def _with(quote: FileQuote, found: FoundChunk) -> FileQuote:
    return FileQuote(
        quote.file, quote.title, quote.section, quote.block, quote.span, found.score, found.found_by or quote.found_by
    )

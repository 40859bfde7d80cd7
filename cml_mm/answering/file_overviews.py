"""Answers about files as wholes: which there are, how long they are, what one is about.

A summary is extractive: the opening, the headings, and the sentences of the chunks that stand
nearest to the middle of all chunks in meaning, apart from each other (Carbonell and Goldstein
1998, "The Use of MMR").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from cml_mm import prose
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.file_evidence import FileQuote
from cml_mm.answering.file_places import is_made_heading
from cml_mm.answering.file_questions import FileQuestion
from cml_mm.answering.file_quotes import quotes_of
from cml_mm.answering.file_reply import FileReply, doubts, said, unsaid
from cml_mm.answering.file_sentences import blocks, is_heading, quotes_in, shortened
from cml_mm.answering.file_source import Shelf
from cml_mm.prose import Span
from cml_mm.types import Section
from cml_mm.visits import StoredFile

MOST_FILES = 8
MOST_SUMMARISED = 3
MOST_HEADINGS = 8
MOST_CENTRAL = 3
MOST_COUNTED = 600  # chunks whose words tell what a file says again and again
LEAST_TERMS = 5  # content words of a sentence that tells what a file is about
HONEST = "No language model runs here, so these are sentences of the file itself, not a summary in new words."
_KINDS = {
    "pdf": "a PDF", "docx": "a Word document", "pptx": "a set of slides", "html": "a web page", "md": "a text",
    "txt": "a text", "csv": "a table", "svg": "a drawing", "picture": "a picture",
    "dot": "a Graphviz diagram", "mermaid": "a mermaid diagram", "plantuml": "a PlantUML diagram",
    "drawio": "a draw.io diagram",
    "sound": "a sound recording", "film": "a film",
}  # fmt: skip


def inventory(shelf: Shelf, book: EvidenceBook) -> FileReply:
    """Every file with its kind, its length and how it begins."""
    drafts: list[Draft] = []
    shown: list[FileQuote] = []
    for place, file in enumerate(shelf.files[:MOST_FILES]):
        title = shelf.titles[file.card.id]
        drafts.append(Draft(f"{title} is {_kind(file)}{_length(file)}.", (), place, (title,)))
        quote = next(_tellings(file, title), None)
        if quote:
            drafts.append(said(quote, book, place, "It begins"))
            shown.append(quote)
    rest = [shelf.titles[file.card.id] for file in shelf.files[MOST_FILES:]]
    if rest:
        drafts.append(Draft(f"Then there are {', '.join(rest)}.", (), len(drafts)))
    count = len(shelf.files)
    return FileReply(
        "Your file" if count == 1 else f"Your {count} files",
        tuple(drafts),
        subjects=tuple(file.card.id for file in shelf.files),
        notices=doubts(shown),
        followups=tuple(f"What is {shelf.titles[file.card.id]} about?" for file in shelf.files[:3]),
    )


def summary(shelf: Shelf, book: EvidenceBook) -> FileReply:
    """What files are about, in their own sentences."""
    drafts: list[Draft] = []
    shown: list[FileQuote] = []
    for file in shelf.files[:MOST_SUMMARISED]:
        title = shelf.titles[file.card.id]
        quotes = _summary_of(file, title, shelf)
        if not quotes:
            continue
        paragraph = drafts[-1].paragraph + 1 if drafts else 0
        drafts.append(said(quotes[0], book, paragraph, f"{title} begins"))
        if headings := _headings(file):
            drafts.append(Draft(f"Its headings are: {'; '.join(headings)}.", (), paragraph))
        drafts += [said(quote, book, paragraph + 1, f"{_lead(quote)}") for quote in quotes[1:]]
        shown += quotes
    if not drafts:
        return unsaid(shelf, (), "", "No words were found in it that could be quoted.")
    drafts.append(Draft(HONEST, (), drafts[-1].paragraph + 1))
    left = [shelf.titles[file.card.id] for file in shelf.files[MOST_SUMMARISED:]]
    if left:
        drafts.append(Draft(f"Ask for the others by name: {', '.join(left)}.", (), drafts[-1].paragraph))
    names = [shelf.titles[file.card.id] for file in shelf.files[:MOST_SUMMARISED]]
    return FileReply(
        f"What {names[0]} says" if len(names) == 1 else "What your files say",
        tuple(drafts),
        subjects=tuple(file.card.id for file in shelf.files[:MOST_SUMMARISED]),
        notices=doubts(shown),
        followups=tuple(_asks(shelf.files[0], names[0], shelf)),
    )


def lengths(asked: FileQuestion, shelf: Shelf) -> FileReply:
    """How many pages, slides, rows or words each file has."""
    drafts = []
    for place, file in enumerate(shelf.files):
        title = shelf.titles[file.card.id]
        drafts.append(Draft(f"{title} has {_counted(file, asked.unit)}.", (), place, (title,)))
    title = drafts[0].text.rstrip(".") if len(drafts) == 1 else "How long your files are"
    return FileReply(title, tuple(drafts), subjects=tuple(file.card.id for file in shelf.files))


def _counted(file: StoredFile, unit: str) -> str:
    words = sum(len(prose.WORD.findall(section.text)) for section in file.read.document.sections)
    sides = _sides(file)
    if file.card.seconds and unit not in {"words", "rows"}:
        return f"{_minutes(file)} and {_several(words, 'word')}"
    if unit == "words" or (not sides and unit != "rows"):
        return _several(words, "word") + ("" if unit == "words" else "; its format has no pages")
    if unit == "rows":
        rows = sum(1 for section in file.read.document.sections for line in section.text.splitlines() if line.strip())
        return f"about {_several(rows, 'row')}"
    return _several(sides, "slide" if file.card.format == "pptx" else "page")


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _sides(file: StoredFile) -> int:
    """Pages or slides; 0 where the file has none."""
    numbered = [face.number for face in file.read.faces if face.number]
    pages = [section.page for section in file.read.document.sections]
    return max(file.card.pages if file.card.format != "picture" else 0, len(numbered), *pages, 0)


def _kind(file: StoredFile) -> str:
    return _KINDS.get(file.card.format or file.read.document.format, "a file")


def _length(file: StoredFile) -> str:
    sides = _sides(file)
    if file.card.seconds:
        return f" of {_minutes(file)}"
    return f" of {_several(sides, 'slide' if file.card.format == 'pptx' else 'page')}" if sides else ""


def _minutes(file: StoredFile) -> str:
    minutes = round(file.card.seconds / 60)
    return f"about {_several(minutes, 'minute')}" if minutes else "less than a minute"


def _tellings(file: StoredFile, title: str) -> Iterator[FileQuote]:
    """Sentences that tell something, in the order of the file: no titles, no bare dates."""
    for number, section in enumerate(file.read.document.sections):
        for quote in quotes_in(file, title, number, Span(0, len(section.text))):
            terms = prose.terms(quote.text)
            if sum(not term.isdecimal() for term in terms) >= LEAST_TERMS and set(terms) - set(prose.terms(title)):
                yield shortened(quote, frozenset())


def _summary_of(file: StoredFile, title: str, shelf: Shelf) -> list[FileQuote]:
    """The opening, then the most central sentences in the order of the text."""
    opening = next(_tellings(file, title), None)
    if opening is None:
        section = next((n for n, s in enumerate(file.read.document.sections) if s.text.strip()), None)
        if section is None:
            return []
        text = file.read.document.sections[section].text
        return list(quotes_in(file, title, section, Span(0, len(text))))[:MOST_CENTRAL]
    central: list[FileQuote] = []
    frequency = Counter(term for chunk in file.chunks[:MOST_COUNTED] for term in set(prose.terms(chunk.text)))
    for row in _central_rows(file):
        quotes = [
            quote for quote in quotes_of(file.chunks[row], shelf)
            if len(prose.terms(quote.text)) >= LEAST_TERMS and not _overlap(quote, opening)
        ]  # fmt: skip
        if quotes:
            central.append(max(quotes, key=lambda quote: _weight(quote.text, frequency)))
    return [opening, *sorted(central, key=lambda quote: (quote.section, quote.span.start))]


def _central_rows(file: StoredFile) -> list[int]:
    """The rows of the chunks nearest to the middle of all, each unlike those before it."""
    vectors = file.vectors
    if len(vectors) != len(file.chunks) or not len(vectors):
        return list(range(min(MOST_CENTRAL, len(file.chunks))))
    middle = vectors @ vectors.mean(axis=0)
    chosen: list[int] = []
    while len(chosen) < min(MOST_CENTRAL, len(vectors)):
        like = np.max(vectors @ vectors[chosen].T, axis=1) if chosen else np.zeros(len(vectors))
        score = 0.6 * middle - 0.4 * like
        score[chosen] = -np.inf
        chosen.append(int(np.argmax(score)))
    return chosen


def _weight(text: str, frequency: Counter[str]) -> float:
    """How much a sentence says of what the file says again and again (SumBasic, Nenkova and Vanderwende 2005)."""
    terms = set(prose.terms(text))
    return sum(frequency[term] for term in terms) / len(terms) if terms else 0.0


def _overlap(one: FileQuote, other: FileQuote) -> bool:
    return one.section == other.section and one.span.start < other.span.end and other.span.start < one.span.end


def _headings(file: StoredFile) -> list[str]:
    """The headings that a person wrote, each once: of sections, and of clauses inside them. A recording has none."""
    if file.read.lecture is not None:
        return []
    written = (heading for section in file.read.document.sections for heading in _written(section))
    kept = dict.fromkeys(heading for heading in written if heading and not is_made_heading(heading))
    shown = [heading.rstrip(".:;") for heading in kept if prose.words(heading) != prose.words(file.read.document.title)]
    return shown[:MOST_HEADINGS] + (["…"] if len(shown) > MOST_HEADINGS else [])


def _written(section: Section) -> Iterator[str]:
    yield section.heading.strip().strip("#* ")
    for block in blocks(section.text, Span(0, len(section.text))):
        line = block.of(section.text).strip().strip("#* ")
        if is_heading(line):
            yield line


def _lead(quote: FileQuote) -> str:
    place = quote.place
    return f"{place[:1].upper()}{place[1:]}" if place else "Further"


def _asks(file: StoredFile, title: str, shelf: Shelf) -> Iterator[str]:
    if shelf.links(file.chunks):
        yield f"Which patterns does {title} speak about?"
    if _sides(file) > 1:
        yield f"What does {'slide' if file.card.format == 'pptx' else 'page'} 2 of {title} say?"

"""Cuts the sections of a document into pieces that can be found, cited and linked.

A piece holds whole paragraphs of one section and is cut out of its text letter for letter. A list
or a table stays whole where it fits, and a numbered clause begins a piece of its own, because
clauses are what people ask for and quote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.retrieval.lecture_titles import without_time
from cml_mm.retrieval.made_titles import make_titles
from cml_mm.types import Document, Section
from cml_mm.visits import Chunk

LEAST_WORDS = 60  # a piece that has fewer takes the next paragraph in …
MOST_WORDS = 140  # … and one that has enough takes it only up to here
TOO_MANY_WORDS = 180  # what is longer is cut even inside a paragraph
TOO_MANY_CHARACTERS = 1_600  # the same for scripts that write no blanks
_LEFT_OVER_WORDS = 25  # at a section's end: joined to the piece before
_HEADING_WORDS = 12
_STRETCH = 400  # characters; a sentence that is longer may be cut after so many

CLAUSE = re.compile(
    r"(?:[#*_\s]{0,8})(?P<number>§{1,2}[ \t]?\d{1,4}[a-z]?(?:[ \t]?\(\w{1,3}\)){0,2}"
    r"|(?:article|art\.|section|sec\.|clause|rule|paragraph|para\.|schedule|annex|by-?law)[ \t]"
    r"(?:\d{1,4}[a-z]?(?:\.\d{1,3}){0,4}|[ivxlc]{1,6})(?:[ \t]?\(\w{1,3}\)){0,2}(?!\w)"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}[a-z]?(?=[\s):]|\.\s)"
    r"|\d{1,2}[a-z]?(?=[.)]?[ \t]+(?-i:[A-Z])[^\n.!?;:]{1,70}\n[ \t]*\n(?![ \t]*\d{1,2}[.)])))",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[ \t]{0,20}(?:[-*+•–]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])[ \t]+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"”’)]{0,2}(?=\s)|(?<=[。！？])")
_ENDS = (".", "!", "?", ":", ";", ")", "”", '"')
_SHORT_LINE = 50  # characters; a line that stops so early was not broken by a page's width
_PLACE = re.compile(
    r"(?:(?:pages?|slides?|pictures?|images?|photos?|figures?|tables?|rows?|lines?|sheets?|parts?|frames?|columns?"
    r"|scans?|opening|text|notes?|speaker notes|untitled|transcript|minutes?)\b)?"
    r"(?:[\W\d_]|\b(?:of|to|and|page|slide|[ivxlc]{1,6})\b)*",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"\s\(\d{1,4}\)$")


@dataclass(frozen=True)
class _Piece:
    """A paragraph, list item or table row; `joined` says that it belongs with the one before."""

    start: int
    end: int
    words: int
    clause: bool = False
    joined: bool = False
    heading: bool = False


def chunk_document(document: Document, file: str) -> tuple[Chunk, ...]:
    """The pieces of a document in the order of its text.

    Args:
        document: as it was read.
        file: the id that it is kept under.

    Returns:
        Chunks of mostly 60 to 140 words, none across sections; `text` is `section.text[start:end]`.
        Each has a title: its section's heading with the document's title, else the clause's, else
        one made from its own words; empty only where these give none.
    """
    cut = [
        (number, span) for number, section in enumerate(document.sections) for span in cut_text(section.text) if span
    ]
    texts = [span.of(document.sections[number].text) for number, span in cut]
    counts = Counter(term for text in texts for term in set(prose.terms(text)))
    return tuple(
        Chunk(
            id=f"{file}/{number}/{span.start}",
            file=file,
            section=number,
            start=span.start,
            end=span.end,
            title=_title(document, document.sections[number], span, lambda stem: counts[stem]),
            text=text,
        )
        for (number, span), text in zip(cut, texts, strict=True)
    )


def is_written(heading: str) -> bool:
    """Whether a heading says anything: "Page 7", "2:00–3:04", "Rows 1 to 50" and the like only name a place."""
    said = without_time(heading).strip()
    return bool(said) and _PLACE.fullmatch(said) is None


def clause_number(text: str) -> str:
    """The clause number that a text begins with, as written ("§ 7", "Article 4.2"); "" where there is none."""
    found = CLAUSE.match(text)
    return found["number"] if found is not None else ""


def cut_text(text: str) -> list[prose.Span]:
    """Where one section's text is cut; pieces without a word are left out."""
    groups: list[list[_Piece]] = []
    for unit in _units(text):
        group = groups[-1] if groups else []
        if group and not _begins_anew(group, unit):
            group.append(unit)
        else:
            groups.append([unit])
    if len(groups) > 1 and _left_over(groups[-2], groups[-1]):
        groups[-2].extend(groups.pop())
    return [prose.Span(group[0].start, group[-1].end) for group in groups if any(piece.words for piece in group)]


def _begins_anew(group: Sequence[_Piece], unit: _Piece) -> bool:
    words = sum(piece.words for piece in group)
    if unit.clause or unit.heading:
        return not all(piece.heading for piece in group)
    length = unit.end - group[0].start
    if words + unit.words > TOO_MANY_WORDS or length > TOO_MANY_CHARACTERS:
        return not all(piece.heading for piece in group)
    return words >= LEAST_WORDS and words + unit.words > MOST_WORDS


def _left_over(before: Sequence[_Piece], last: Sequence[_Piece]) -> bool:
    words, length = (sum(piece.words for piece in group) for group in (before, last))
    starts = last[0].clause or last[0].heading
    whole = last[-1].end - before[0].start
    return not starts and length < _LEFT_OVER_WORDS and words + length <= TOO_MANY_WORDS and whole < TOO_MANY_CHARACTERS


def _units(text: str) -> Iterator[_Piece]:
    """Pieces, with lists and tables as one where they fit, and what is too long cut up."""
    run: list[_Piece] = []
    for piece in _pieces(text):
        if run and not piece.joined:
            yield from _together(run, text)
            run = []
        run.append(piece)
    if run:
        yield from _together(run, text)


def _together(run: list[_Piece], text: str) -> Iterator[_Piece]:
    words, first = sum(piece.words for piece in run), run[0]
    if words <= MOST_WORDS and run[-1].end - first.start <= TOO_MANY_CHARACTERS:
        yield _Piece(first.start, run[-1].end, words, first.clause, heading=first.heading and len(run) == 1)
        return
    for piece in run:
        if piece.words <= TOO_MANY_WORDS and piece.end - piece.start <= TOO_MANY_CHARACTERS:
            yield piece
        else:
            yield from _cut_up(piece, text)


def _cut_up(piece: _Piece, text: str) -> Iterator[_Piece]:
    """A long paragraph by its sentences; a long sentence by its words; a long word by its letters."""
    clause, start, end, words = piece.clause, piece.start, piece.start, 0
    for stop in _stops(piece, text):
        more = _count(text[start:stop])
        if words and (more > MOST_WORDS or stop - start > TOO_MANY_CHARACTERS):
            yield _Piece(start, end, words, clause)
            clause, start = False, end
            while start < stop and text[start].isspace():
                start += 1
            more = _count(text[start:stop])
        end, words = stop, more
    if text[start : piece.end].strip():
        yield _Piece(start, piece.end, words, clause)


def _stops(piece: _Piece, text: str) -> Iterator[int]:
    """Where a long paragraph may be cut, in order, the last its end."""
    at = piece.start
    for found in _SENTENCE_END.finditer(text, piece.start, piece.end):
        yield from _inner_stops(text, at, found.end())
        yield found.end()
        at = found.end()
    if at < piece.end:
        yield from _inner_stops(text, at, piece.end)
        yield piece.end


def _inner_stops(text: str, start: int, end: int) -> Iterator[int]:
    """Stops inside a sentence that is too long for one piece."""
    at = start
    while end - at > _STRETCH:
        blank = text.rfind(" ", at + 1, at + _STRETCH)
        at = blank if blank > at else at + _STRETCH
        yield at


def _pieces(text: str) -> Iterator[_Piece]:
    """Paragraphs, list items and table rows with their places, in order."""
    kinds: list[str] = []  # of the pieces so far
    lines: list[tuple[int, int]] = []  # of the piece that grows
    at, blank = 0, True
    for line in text.splitlines(keepends=True):
        start, end = at, at + len(line.rstrip())
        at += len(line)
        if not line.strip():
            blank = True
            continue
        before = text[lines[0][0] : lines[-1][1]] if lines else ""
        clause = CLAUSE.match(text, start) is not None
        kind = _kind(line, clause, before, blank, kinds[-1] if kinds else "")
        if lines and (kind != "more"):
            yield _piece(text, lines, kinds)
            lines = []
        if kind != "more":
            kinds = [*kinds[-1:], kind]
        lines.append((start + len(line) - len(line.lstrip()), end))
        blank = False
    if lines:
        yield _piece(text, lines, kinds)


def _kind(line: str, clause: bool, before: str, blank: bool, last: str) -> str:
    """What a line begins, or "more" where it goes on with the piece before."""
    if line.startswith("|"):
        return "row"
    if line.startswith("#"):
        return "heading"
    open_line = not blank and last != "row" and not before.endswith(_ENDS) and len(before.split("\n")[-1]) > _SHORT_LINE
    if not open_line and clause:
        return "clause"
    if not open_line and _ITEM.match(line):
        return "item"
    if not blank and last != "heading" and last != "row":
        return "more"
    return "inside" if blank and last in ("item", "inside") and line[0] in " \t" else "paragraph"


def _piece(text: str, lines: Sequence[tuple[int, int]], kinds: Sequence[str]) -> _Piece:
    start, end, kind = lines[0][0], lines[-1][1], kinds[-1]
    before = kinds[-2] if len(kinds) > 1 else ""
    words = _count(text[start:end])
    joined = (
        kind == "inside"
        or (kind == "row" and before == "row")
        or (kind == "item" and (before in ("item", "inside") or text[:start].rstrip().endswith(":")))
    )
    title_like = kind == "clause" and words <= _HEADING_WORDS and not text[start:end].endswith((".", "!", "?", ";"))
    return _Piece(start, end, words, kind == "clause", joined, kind == "heading" or title_like)


def _count(text: str) -> int:
    return len(prose.WORD.findall(text))


def _title(document: Document, section: Section, span: prose.Span, frequency: Callable[[str], int]) -> str:
    text = span.of(section.text)
    number = clause_number(text)
    heading = _REPEATED.sub("", prose.plain(without_time(section.heading))) if is_written(section.heading) else ""
    own = _own_heading(text)
    if number and not own:
        bare = text[text.find(number) + len(number) :].lstrip(" .):\t\n")
        own = " ".join((number, heading or next(iter(make_titles(bare, frequency=frequency)), ""))).strip()
    if not (own or heading):
        return next(iter(make_titles(text, frequency=frequency)), "")
    columns = _columns(section.text, span)
    whole = prose.plain(own or heading) + (f": {columns}" if columns else "")
    of = re.sub(r"[()]", " ", document.title)
    same = prose.words(of) == prose.words(whole) or not prose.words(of)
    return whole if same else f"{whole} ({' '.join(of.split())})"


def _own_heading(text: str) -> str:
    """The line of its own that a clause opens with, such as "§ 7 Terms of office"."""
    first = text.split("\n", 1)[0].strip().lstrip("#").strip()
    if text.startswith("#"):
        return first if is_written(first) else ""
    number = clause_number(text)
    said = len(prose.words(first[first.find(number) + len(number) :])) if number else 0
    return first if 0 < said <= _HEADING_WORDS and not first.endswith((".", "!", "?", ";", ":", ",")) else ""


def _columns(text: str, span: prose.Span) -> str:
    """The head of a table that a piece continues; "" where it holds the head itself or is no table."""
    if not text.startswith("|", span.start) or not span.start:
        return ""
    rows = text[: span.start].split("\n")
    head = ""
    for row in reversed(rows[:-1]):
        if not row.startswith("|"):
            break
        head = row
    cells = [cell.strip() for cell in head.strip("| ").split("|")]
    return ", ".join(cell for cell in cells if cell)[:120]

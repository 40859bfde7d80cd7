"""Printed lines → paragraphs: what is repeated on every page goes, words broken at line ends are joined.

Our own method. It looks only at where lines stand and how large they are, so that it is the
same for every program that made the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from cml_mm.types import Box
from cml_mm.visits import Run

_FEWEST_PAGES = 3  # on fewer, a repeated line may be chance
_MOST_PAGES_SHARE = 0.4  # left and right pages may differ, so each of two headers stands on half
_EDGE_LINES = 3  # lines at each end of a page that may be its header or footer
_LARGER = 1.15  # times the size of running text: a heading
_WIDER_GAP = 0.4  # line heights more than usual part paragraphs
_EMPTY_LINE = 0.9  # line heights
_INDENT = 0.8  # line heights
_SHORT_LINE = 0.85  # of the width of the text: a full line is longer
_LONGEST_HEADING = 100
_MOST_HEADING_WORDS = 9  # of a clause, its number counted
_ALIKE = 0.25  # share by which the heights of two recognised lines of one size may differ
_ITEM = re.compile(r"^(?:[-–—•▪●◦‣*]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_BULLET = re.compile(r"^[•▪●◦‣–—]\s+")
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.|Chapter \d+:?|Part \w+:?)\s+[A-Z]")
# What a numbered clause begins with: "§ 4 Deposit", "Article 2", "4.2 The board decides".
_CLAUSE = re.compile(
    r"^(?:§+\s?\d{1,3}[a-z]?|(?:Art(?:icle|\.)|Section|Clause|Chapter|Part)\s\d{1,3}|\d{1,2}(?:\.\d{1,3}){1,3})"
    r"(?=[.:)]?\s+[^\W\d_]|[.:)]?$)"
)
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’)\]]*$")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True)
class Line:
    """One printed line; distances in points, upwards from the foot of the page.

    `box` is where it stands on the page as drawn, for those who ask for places; `row` says that
    its words stand in columns, as in a table.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    bold: bool = False
    box: Box | None = None
    row: bool = False

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 0.1)


@dataclass(frozen=True)
class Paragraph:
    """Lines joined to one; `runs` say which of its characters stand in which line's box."""

    text: str
    height: float  # points, of its first line
    bold: bool
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Measure:
    """What is usual in one document: the height of a line of running text and the gap below it, in points."""

    height: float
    gap: float
    bold: bool


def measure(pages: Sequence[Sequence[Line]]) -> Measure:
    """The usual height, gap and weight, long lines counting more than short ones.

    The gap is that of the lower third, since in short paragraphs half of all gaps part them.
    """
    lines = [line for page in pages for line in page]
    if not lines:
        return Measure(1.0, 0.0, False)
    heights = sorted((line.height, len(line.text)) for line in lines)
    half, passed = sum(length for _, length in heights) / 2, 0
    usual = heights[-1][0]
    for height, length in heights:
        passed += length
        if passed >= half:
            usual = height
            break
    gaps = [one.bottom - two.top for page in pages for one, two in pairwise(page)]
    gaps = sorted(gap for gap in gaps if -usual / 2 < gap < 1.5 * usual)
    bold = sum(len(line.text) for line in lines if line.bold) > half
    return Measure(usual, gaps[len(gaps) // 3] if gaps else 0.35 * usual, bold)


def without_furniture(pages: Sequence[Sequence[Line]], usual: Measure) -> list[list[Line]]:
    """Leave out running headers and footers: what stands at the same end of most pages, numbers apart.

    Args:
        pages: the lines of every page.
        usual: the document's measure; large lines are headings, however often they are repeated.

    Returns:
        The lines that are left. A page that would lose all its lines keeps them.
    """
    if len(pages) < _FEWEST_PAGES:
        return [list(page) for page in pages]
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        counts.update({key for _, key in _edges(page)})
    least = max(_FEWEST_PAGES, _MOST_PAGES_SHARE * sum(bool(page) for page in pages))
    kept = []
    for page in pages:
        gone = {id(line) for line, key in _edges(page) if counts[key] >= least and line.height < _LARGER * usual.height}
        kept.append([line for line in page if id(line) not in gone] or list(page))
    return kept


def _edges(page: Sequence[Line]) -> Iterator[tuple[Line, tuple[str, str]]]:
    """The first and last lines of a page, wherever the file writes them, with what they say."""
    placed = sorted(page, key=lambda line: -line.top)
    for end, lines in (("top", placed[:_EDGE_LINES]), ("foot", placed[-_EDGE_LINES:])):
        for line in lines:
            yield line, (end, re.sub(r"\d+", "#", " ".join(line.text.casefold().split())))


def paragraphs_of(lines: Sequence[Line], usual: Measure, known: Counter[str]) -> list[Paragraph]:
    """Join the lines of one page to paragraphs.

    Args:
        lines: in reading order.
        usual: the document's measure.
        known: how often each word, hyphens kept, stands in the document (`words_in`).

    Returns:
        The paragraphs, each on one line.
    """
    edge = max((line.right for line in lines), default=0.0)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _parts(groups[-1], line, edge, usual):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group, known) for group in groups]


def text_of(paragraphs: Sequence[Paragraph]) -> tuple[str, tuple[Run, ...]]:
    """Paragraphs as one text, an empty line between them, and its runs."""
    runs: list[Run] = []
    start = 0
    for paragraph in paragraphs:
        runs += [replace(run, start=run.start + start, end=run.end + start) for run in paragraph.runs]
        start += len(paragraph.text) + 2
    return "\n\n".join(paragraph.text for paragraph in paragraphs), tuple(runs)


def even_heights(lines: Sequence[Line]) -> list[Line]:
    """Recognised lines of nearly the same height, given the same: boxes around letters vary with the letters.

    Each line keeps its middle. Sizes are gathered from the small to the large, each around the
    median of those that are within a quarter of its smallest.
    """
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.height):
        if groups and line.height <= groups[-1][0].height * (1 + _ALIKE):
            groups[-1].append(line)
        else:
            groups.append([line])
    heights = {id(line): median(one.height for one in group) for group in groups for line in group}
    return [_as_high(line, heights[id(line)]) for line in lines]


def _as_high(line: Line, height: float) -> Line:
    middle = (line.top + line.bottom) / 2
    return replace(line, top=middle + height / 2, bottom=middle - height / 2)


def words_in(pages: Iterable[Iterable[Line]]) -> Counter[str]:
    """How often each word stands in a document, in lower case, words broken at line ends left out."""
    return Counter(word for page in pages for line in page for word in _WORD.findall(line.text.casefold().rstrip("-")))


def looks_like_heading(paragraph: Paragraph, usual: Measure) -> bool:
    """Whether a paragraph is a heading: short, no sentence, and larger, bolder or numbered."""
    text = paragraph.text
    if len(text) > _LONGEST_HEADING or not re.search(r"[^\W\d_]", text) or text[0].islower() or _ITEM.match(text):
        return bool(_NUMBERED.match(text)) and len(text) <= _LONGEST_HEADING and not _SENTENCE_END.search(text)
    if paragraph.height >= _LARGER * usual.height:
        return not text.endswith((".", ",", ";")) or len(text) < 30
    if _SENTENCE_END.search(text) or text.endswith((",", ";")):
        return False
    return (paragraph.bold and not usual.bold) or bool(_NUMBERED.match(text)) or (text.isupper() and " " in text)


def _parts(group: Sequence[Line], line: Line, edge: float, usual: Measure) -> bool:
    """Whether a line begins a new paragraph."""
    last = group[-1]
    ended = _SENTENCE_END.search(last.text) is not None
    if line.row or last.row:
        return not _beside(last, line)
    headed = len(group) == 1 and _heads_clause(last) and line.text[:1].isupper()
    if headed or _begins_clause(last, line, edge):
        return not _beside(last, line)
    if _ITEM.match(line.text) or abs(line.height - last.height) > (_LARGER - 1) * max(line.height, last.height):
        return True
    if _beside(last, line):
        return False  # the same printed line, written in two pieces
    if line.bottom >= last.top:  # the next column
        return ended or not line.text[:1].islower()
    gap = last.bottom - line.top
    if gap > usual.gap + _WIDER_GAP * line.height:
        return True
    if gap > _EMPTY_LINE * line.height and last.right < _SHORT_LINE * edge:
        return True  # where every paragraph is one line, the empty lines between them are the usual gap
    if last.bold and not line.bold and len(last.text) <= _LONGEST_HEADING and not ended and group[0].bold:
        return line.text[:1].isupper() and last.right < _SHORT_LINE * edge
    if not ended:
        return False
    return line.left > last.left + _INDENT * line.height or last.right < _SHORT_LINE * edge


def _beside(one: Line, other: Line) -> bool:
    """Whether two lines stand at the same height."""
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    return overlap > 0.5 * min(one.height, other.height)


def _heads_clause(line: Line) -> bool:
    """Whether a line is the heading of a numbered clause: "3. The board"; its text begins on the next."""
    numbered = _CLAUSE.match(line.text) or _NUMBERED.match(line.text)
    short = len(line.text.split()) <= _MOST_HEADING_WORDS
    return bool(numbered) and short and not re.search(r"[.!?;,]$", line.text)


def _begins_clause(last: Line, line: Line, edge: float) -> bool:
    """Whether a clause begins here: by its number or its bold heading, where the line before has come to an end."""
    ended = _SENTENCE_END.search(last.text) is not None or last.right < _SHORT_LINE * edge
    numbered, bolder = _CLAUSE.match(line.text) is not None, line.bold and not last.bold
    return (numbered and bolder) or (ended and (numbered or bolder))


def _paragraph(group: Sequence[Line], known: Counter[str]) -> Paragraph:
    text = ""
    runs: list[Run] = []
    for line in group:
        words = " ".join(line.text.split())
        broken = _BROKEN_WORD.search(text)
        if broken is None or not words[:1].islower():
            text += " " if text else ""
        elif _is_one_word(broken[1], words, known):
            text = text[:-1]
            runs[-1:] = [replace(run, end=len(text)) for run in runs[-1:]]
        if line.box is not None:
            runs.append(Run(len(text), len(text) + len(words), line.box))
        text += words
    # White space is single by now, so that the Markdown mark is as long as what it stands for.
    return Paragraph(_BULLET.sub("- ", text), group[0].height, all(line.bold for line in group), tuple(runs))


def _is_one_word(start: str, rest: str, known: Counter[str]) -> bool:
    """Whether "informa-" and "tion" are one word: unless the document elsewhere writes the hyphen."""
    found = re.match(r"[^\W\d_]+", rest)
    end = found[0].casefold() if found is not None else ""
    start = start.casefold()
    return known[f"{start}-{end}"] <= known[start + end]

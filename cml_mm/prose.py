"""Plain facts about written English: words, sentences, paragraphs, Markdown marks.

Everything here works on the text as written and returns offsets into it, so that a
quote is always a slice of the page. It knows nothing about patterns or answers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

STOP_WORDS = frozenset(
    """a about above after again against all am an and any are as at be because been before being below between both
    but by can could did do does doing don down during each few for from further get gets got had has have having he
    her here hers herself him himself his how i if in into is it its itself just let like made make makes making may me
    might more most much must my myself no nor not now of off on once one only or other our ours ourselves out over own
    per same shall she should since so some something such than that the their theirs them themselves then there these
    they this those through to too under until up upon us very was way we well were what when where which while who
    whom why will with within without would you your yours yourself yourselves also even ever every thing things want
    wants need needs help helps really lot lots us use used using go goes going put s t d ll m re ve""".split()
)

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+")
_LEAD = re.compile(r"(?:[ \t]*(?:>|#{1,6}|[-*+•]|\d{1,2}[.)])[ \t]+|[ \t]*>|[ \t]+)+")
_END = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s)|\n[ \t]*\n|\Z")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|Dr|Mr|Mrs|Ms|St|Prof|Inc|Ltd|Jr|No|approx|U\.S|U\.K)|\b[A-Z])\.$"
)
_TAG_OR_NOTE = re.compile(
    r"\[\^[^\]]+\]|</?(?:a|b|br|div|em|hr|i|img|mark|p|small|span|strong|sub|sup|u)\b[^>\n]{0,80}>", re.IGNORECASE
)


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def fold(text: str) -> str:
    """Lower case without accents or compatibility forms: the form in which words are compared."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """Folded words, digits kept ("5S", "83b"), possessive endings and hyphens split off."""
    return [word.split("'")[0].split("’")[0] for word in WORD.findall(fold(text))]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Snowball English stem of a folded word."""
    return str(_STEMMER.stemWord(word))


_STEMMER = Stemmer.Stemmer("english")


def terms(text: str) -> list[str]:
    """Stemmed content words, in order: what BM25 counts and the verifier compares."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def plain(markdown: str) -> str:
    """Markdown inline marks, list and quote leads taken off; link text kept; white space joined."""
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = _TAG_OR_NOTE.sub("", text)
    text = re.sub(r"(?m)^[ \t]*(?:>[ \t]?)+", "", text)
    text = re.sub(r"(?m)^[ \t]*(?:#{1,6}|[-*+•]|\d{1,2}[.)])[ \t]+", "", text)
    text = re.sub(r"(\*\*\*|\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = text.replace("**", "").replace("`", "")
    text = re.sub(r"[ \t]?\[\d{1,3}(?:,\s?\d{1,3}){0,9}\]", "", text)  # numbers of the page's own references
    text = re.sub(r"(?<!\w)_(?=\S)|(?<=\S)_(?!\w)", "", text)
    text = re.sub(r"(?<=\S)\*(?=\s|$|[.,;:!?”\"])|(?<![^\s“\"(])\*(?=\w)", "", text)  # one half of a pair that was cut
    return re.sub(r"\s+", " ", text).strip()


def paragraphs(text: str) -> list[Span]:
    """Paragraphs and single list items; code fences, tables, headings and rules left out."""
    masked = _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    spans: list[Span] = []
    start: int | None = None
    position = 0
    for line in masked.splitlines(keepends=True):
        bare = line.strip()
        skip = not bare or bare.startswith(("|", "#", "---", "***", "<"))
        if (skip or _ITEM.match(line)) and start is not None:
            spans.append(_trim(text, start, position))
            start = None
        if not skip and start is None:
            start = position
        position += len(line)
    if start is not None:
        spans.append(_trim(text, start, position))
    return [span for span in spans if span.end > span.start]


def sentences(text: str, within: Span) -> list[Span]:
    """Sentences of one paragraph, list and quote leads left out of the first."""
    spans: list[Span] = []
    part = within.of(text)
    lead = _LEAD.match(part)
    start = lead.end() if lead else 0
    for end in _END.finditer(part, start):
        stop = end.end() if end.group().strip() else end.start()
        if _ABBREVIATION.search(part[start:stop]):
            continue
        span = _trim(text, within.start + start, within.start + stop)
        if span.end > span.start:
            spans.append(span)
        start = end.end()
    return spans


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)

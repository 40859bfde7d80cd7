"""Cuts what is said in a recording into pieces that can be quoted, each beginning and ending where somebody speaks.

Captions are cut by width, not by sense: a sentence runs over several of them, or several stand in one, often without
capitals or full stops. So captions are joined until a sentence ends, and a short caption that holds whole sentences is
quoted whole, since only its own two times are known for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cml_mm import prose
from cml_mm.prose import Span
from cml_mm.visits import TimedRun

LONGEST_SECONDS = 15.0  # of a piece that has no full stop
LONGEST_CHARS = 260
PAUSE_SECONDS = 2.0  # ends a piece, whatever its last word looks like
WHOLE_SECONDS = 12.0  # up to which a caption of several sentences is quoted whole
WHOLE_CHARS = 300
_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？؟][”』」）]?")
_ENDED = re.compile(r"[.!?…。！？؟][\"'”’)\]』」）]*\Z")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|cf|dr|mr|mrs|ms|st|prof|no|approx|nr)\.\Z|(?:\A|\s)\w\.\Z", re.IGNORECASE
)


def utterances(text: str, times: Sequence[TimedRun]) -> tuple[Span, ...]:
    """Where the quotable pieces of one section's speech stand.

    Args:
        text: of the section.
        times: its runs, in the order of the text, none over another.

    Returns: spans in the same order, none over another; words outside of all runs belong to none.
    """
    found: list[list[_Piece]] = []
    for run in times:
        for span in _parts(text, run):
            if found and not _ends(text, found[-1], (run, span)):
                found[-1].append((run, span))
            else:
                found.append([(run, span)])
    return tuple(_wholes(text, found))


_Piece = tuple[TimedRun, Span]  # a run, and what of it belongs here


def _parts(text: str, run: TimedRun) -> Iterator[Span]:
    """The sentences, or parts of sentences, of one run."""
    start = run.start
    for end in _END.finditer(text, run.start, run.end):
        if not _ABBREVIATION.search(text[start : end.end()]):
            yield from _trimmed(text, start, end.end())
            start = end.end()
    yield from _trimmed(text, start, run.end)


def _ends(text: str, held: Sequence[_Piece], after: _Piece) -> bool:
    """Whether a piece is over before this part."""
    (first, begins), (last, ends), (run, span) = held[0], held[-1], after
    said = ends.of(text)
    return (
        (_ENDED.search(said) is not None and _ABBREVIATION.search(said) is None)
        or "\n\n" in text[ends.end : span.start]  # another speaker, or a sentence that has no full stop
        or run.start_seconds - last.end_seconds >= PAUSE_SECONDS
        or run.end_seconds - first.start_seconds > LONGEST_SECONDS
        or span.end - begins.start > LONGEST_CHARS
    )


def _wholes(text: str, found: Sequence[Sequence[_Piece]]) -> Iterator[Span]:
    """The pieces; those that fill one short run together are one."""
    at = 0
    while at < len(found):
        run = found[at][0][0]
        upto = at
        while upto < len(found) and all(of is run for of, _ in found[upto]):
            upto += 1
        fills = upto > at + 1 and not text[run.start : found[at][0][1].start].strip()
        fills = fills and not text[found[upto - 1][-1][1].end : run.end].strip()
        if fills and run.end_seconds - run.start_seconds <= WHOLE_SECONDS and run.end - run.start <= WHOLE_CHARS:
            yield Span(found[at][0][1].start, found[upto - 1][-1][1].end)
            at = upto
        else:
            yield Span(found[at][0][1].start, found[at][-1][1].end)
            at += 1


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """Without blanks around it; nothing where no word is left."""
    part = text[start:end]
    if prose.WORD.search(part):
        lead = len(part) - len(part.lstrip())
        yield Span(start + lead, start + len(part.rstrip()))

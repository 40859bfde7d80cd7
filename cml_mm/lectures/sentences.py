"""Sentences out of cues: captions break a sentence where the screen is full, and put two where there is room.

Nobody knows when within a cue a word is said: a sentence lasts from the start of its first cue to the end of its last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cml_mm.lectures.terms import UNSPACED, flat
from cml_mm.lectures.values import Cue, Speech

PAUSE_SECONDS = 1.2  # ends a sentence, whatever its last word looks like
LONGEST_WORDS = 45  # captions made by machines have no full stops at all …
LONGEST_CHARACTERS = 400  # … nor, in some scripts, blanks
LONGEST_SECONDS = 20.0

_STOP = r"[.!?…。！？।؟]+[\"'”’»)\]]*"
_END = re.compile(_STOP + r"\Z")
_INNER_END = re.compile(_STOP + r"\s+|(?<=[。！？])(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|dr|mr|mrs|ms|st|prof|no|fig|approx)|\b[^\W\d_])\.\s*\Z", re.IGNORECASE
)
_NOISE = re.compile(r"[\[(♪*][^\])]*[\])♪*]")  # "[applause]"
_TURN = re.compile(r">>|[-–—]\s?\S")  # how captions mark that somebody else speaks

Piece = tuple[int, int, int]  # a cue's place, and the characters of its text on one line


@dataclass(frozen=True)
class SpokenSentence:
    """A sentence as it is said.

    `cues` are places in `Speech.cues`, from its first to behind its last; `pieces` say which characters of each cue's
    text, set on one line, are its own.
    """

    text: str
    start_seconds: float
    end_seconds: float
    cues: tuple[int, int]
    pieces: tuple[Piece, ...]
    speaker: str = ""

    def cues_of(self, start: int, end: int) -> tuple[int, int]:
        """The cues, from the first to behind the last, that say characters `start` to `end` of the text."""
        lengths = [last - first for _, first, last in self.pieces]
        blank = (len(self.text) - sum(lengths)) // max(1, len(lengths) - 1)
        said, at = [], 0
        for (cue, _, _), length in zip(self.pieces, lengths, strict=True):
            if start < at + length and end > at:
                said.append(cue)
            at += length + blank
        return (said[0], said[-1] + 1) if said else self.cues


def sentences_of(speech: Speech) -> tuple[SpokenSentence, ...]:
    """The sentences of a speech, in its order.

    Args:
        speech: cues in order of time; those without words give nothing.

    Returns: sentences whose texts, one after the other, are the words of all cues.
    """
    blank = "" if speech.language in UNSPACED else " "
    return tuple(_sentence(pieces, speech.cues, blank) for pieces in _runs(speech.cues))


def ends_whole(text: str) -> bool:
    """Whether a text ends as written sentences do, so that the next can stand behind it."""
    return _END.search(text) is not None


def owners_of(sentences: Sequence[SpokenSentence], cues: int) -> list[int]:
    """For each of so many cues the place of the sentence that has most of its words, -1 for a cue without words."""
    best: list[tuple[int, int]] = [(0, -1)] * cues
    for place, sentence in enumerate(sentences):
        shares: Counter[int] = Counter()
        for cue, start, end in sentence.pieces:
            shares[cue] += end - start
        for cue, share in shares.items():
            if share > best[cue][0]:
                best[cue] = share, place
    return [place for _, place in best]


def _runs(cues: Sequence[Cue]) -> Iterator[list[Piece]]:
    held: list[Piece] = []
    for place, cue in enumerate(cues):
        pieces = list(_pieces(place, flat(cue.text)))
        if held and pieces and _parted(cues, held[-1][0], place):
            yield held
            held = []
        for number, piece in enumerate(pieces):
            held.append(piece)
            if number + 1 < len(pieces) or _finished(cues, held):
                yield held
                held = []
    if held:
        yield held


def _pieces(place: int, text: str) -> Iterator[Piece]:
    """The parts of one cue's text that full stops make, without the blanks between them."""
    start = 0
    for found in _INNER_END.finditer(text):
        if not _ABBREVIATION.search(text[start : found.end()]) and text[found.end() :]:
            yield place, start, start + len(text[start : found.end()].rstrip())
            start = found.end()
    if text[start:]:
        yield place, start, len(text)


def _parted(cues: Sequence[Cue], before: int, after: int) -> bool:
    """Whether a sentence ends between two cues, whatever its words look like."""
    one, other = cues[before], cues[after]
    noise = any(_NOISE.fullmatch(flat(cue.text)) for cue in (one, other))
    turns = one.speaker != other.speaker or _TURN.match(flat(other.text)) is not None
    return noise or turns or other.start_seconds - one.end_seconds >= PAUSE_SECONDS


def _finished(cues: Sequence[Cue], held: Sequence[Piece]) -> bool:
    texts = [flat(cues[cue].text)[start:end] for cue, start, end in held]
    if ends_whole(texts[-1]) and not _ABBREVIATION.search(texts[-1]):
        return True
    lasts = cues[held[-1][0]].end_seconds - cues[held[0][0]].start_seconds
    words, length = sum(len(text.split()) for text in texts), sum(map(len, texts))
    return lasts >= LONGEST_SECONDS or words >= LONGEST_WORDS or length >= LONGEST_CHARACTERS


def _sentence(pieces: Sequence[Piece], cues: Sequence[Cue], blank: str) -> SpokenSentence:
    first, last = pieces[0][0], pieces[-1][0]
    inside = [cues[cue] for cue, _, _ in pieces]
    return SpokenSentence(
        text=blank.join(flat(cues[cue].text)[start:end] for cue, start, end in pieces),
        start_seconds=min(cue.start_seconds for cue in inside),
        end_seconds=max(cue.end_seconds for cue in inside),
        cues=(first, last + 1),
        pieces=tuple(pieces),
        speaker=inside[0].speaker,
    )

"""How much of a known lecture was read: changes of slide, lines to the letter, times of captions and of answers."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.diagram_scoring import Tally
from benchmarks.lecture_truth import TrueLecture, TrueSlide
from cml_mm.lectures.values import Cue, Slide

TOLERANCE_SECONDS = 1.0
_SAME_SECONDS = 0.0015  # captions tell milliseconds, which some programs round and others cut
_MARK = re.compile(r"^[•▪◦●■·–—*-]\s+")


@dataclass(frozen=True)
class LectureScore:
    """One lecture's tallies, or the sum of many. `lines` and `titles` count recall alone."""

    changes: Tally = field(default_factory=Tally)
    lines: Tally = field(default_factory=Tally)
    titles: Tally = field(default_factory=Tally)

    def __add__(self, other: LectureScore) -> LectureScore:
        return LectureScore(self.changes + other.changes, self.lines + other.lines, self.titles + other.titles)


@dataclass(frozen=True)
class Found:
    """Where the first citation of an answer begins, and within which seconds the answer is said; None: no citation."""

    cited_seconds: float | None
    start_seconds: float
    end_seconds: float

    @property
    def is_within(self) -> bool:
        """Whether it begins while the answer is said; a caption's own rounding is forgiven."""
        cited = self.cited_seconds
        return cited is not None and self.start_seconds - _SAME_SECONDS <= cited <= self.end_seconds + _SAME_SECONDS

    @property
    def error_seconds(self) -> float:
        """How far from the beginning of the answer it begins; infinite without a citation."""
        return float("inf") if self.cited_seconds is None else abs(self.cited_seconds - self.start_seconds)


def scored(truth: TrueLecture, slides: Sequence[Slide]) -> LectureScore:
    """Compare the slides that were read with those that there are."""
    pairs = [(one, most_overlapping(one, slides)) for one in truth.slides]
    return LectureScore(
        change_tally(truth.changes, [slide.start_seconds for slide in slides[1:]]),
        sum((line_tally(one.lines, read) for one, read in pairs), Tally()),
        sum((_title_tally(one.lines[0], read) for one, read in pairs), Tally()),
    )


def change_tally(known: Iterable[float], found: Iterable[float], tolerance_seconds: float = TOLERANCE_SECONDS) -> Tally:
    """Changes that were found at their time, each matched with one at most.

    In order of time the first two that are near enough are a pair; with one tolerance for all, no other choice gives
    more pairs.
    """
    here, there = sorted(known), sorted(found)
    hits = left = right = 0
    while left < len(here) and right < len(there):
        apart = there[right] - here[left]
        if abs(apart) <= tolerance_seconds:
            hits, left, right = hits + 1, left + 1, right + 1
        elif apart < 0:
            right += 1
        else:
            left += 1
    return Tally(hits, len(here), len(there))


def most_overlapping(slide: TrueSlide, slides: Sequence[Slide]) -> Slide | None:
    """The slide that was read for the longest while this one stood; None where nothing was read then."""

    def shared_seconds(read: Slide) -> float:
        return min(read.end_seconds, slide.end_seconds) - max(read.start_seconds, slide.start_seconds)

    best = max(slides, key=shared_seconds, default=None)
    return best if best is not None and shared_seconds(best) > 0 else None


def line_tally(lines: Sequence[str], read: Slide | None) -> Tally:
    """Lines of one slide that were read to the letter, up to white space and the mark in front; others do no harm."""
    there = Counter(_bare(line.text) for line in read.lines) if read is not None else Counter[str]()
    return Tally((Counter(map(_bare, lines)) & there).total(), len(lines), there.total())


def _title_tally(title: str, read: Slide | None) -> Tally:
    return Tally(int(read is not None and _bare(read.title) == _bare(title)), 1, 1)


def cue_tally(known: Sequence[Cue], read: Sequence[Cue]) -> Tally:
    """Captions of which words and both times are exact, one with one."""
    rest = list(read)
    hits = 0
    for cue in known:
        same = next((place for place, other in enumerate(rest) if _same_cue(cue, other)), None)
        if same is not None:
            del rest[same]
            hits += 1
    return Tally(hits, len(known), len(read))


def found_share(found: Sequence[Found]) -> float:
    """The share of answers whose first citation lies within what is said; 1 without questions."""
    return sum(one.is_within for one in found) / len(found) if found else 1.0


def median_error_seconds(found: Sequence[Found]) -> float:
    """Half of the answers begin no farther from the truth than this; 0 without questions."""
    return statistics.median(one.error_seconds for one in found) if found else 0.0


def _same_cue(one: Cue, other: Cue) -> bool:
    starts = abs(one.start_seconds - other.start_seconds) <= _SAME_SECONDS
    ends = abs(one.end_seconds - other.end_seconds) <= _SAME_SECONDS
    return starts and ends and one.text.split() == other.text.split()


def _bare(line: str) -> str:
    return _MARK.sub("", " ".join(line.split()))

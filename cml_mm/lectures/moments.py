"""Moments: the stretches that a recording is found, cited and played by, about one thing each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from cml_mm.lectures.cutting import Lengths, Part, best_cuts, turns
from cml_mm.lectures.sentences import SpokenSentence, owners_of, sentences_of
from cml_mm.lectures.values import Cue, Moment, Slide, Speech

LENGTHS = Lengths(target_seconds=40.0, most_seconds=75.0)
WHOLE_SECONDS = 60.0  # what one slide shows for so long is one moment
SILENCE_SECONDS = 30.0  # a rest that is a moment of its own
RUN_OVER_SECONDS = 20.0  # a border leaves its change of slide by no more than that
_LEAST_SECONDS = 0.05  # what is shorter cannot be played
_BLOCK = 4  # sentences that are compared on either side of a gap


@dataclass(frozen=True)
class _Stretch:
    start: float  # seconds
    end: float
    slide: int  # its number, 0 for none


@dataclass(frozen=True)
class _Unit:
    """Cues that are not parted, because one sentence has most of their words."""

    first: int  # cue
    part: Part


def length_of(seconds: float, slides: Sequence[Slide], speech: Speech) -> float:
    """How long a recording is: what the file says, else until when anything is shown or said."""
    shown = [slide.end_seconds for slide in slides] + [cue.end_seconds for cue in speech.cues]
    return seconds if seconds > 0 else max(shown, default=0.0)


def moments_of(slides: Sequence[Slide], speech: Speech, seconds: float) -> tuple[Moment, ...]:
    """Cut a recording into moments.

    A moment ends with its slide; where a sentence runs over the change it belongs where most of it is said, and the
    border moves to its end. What stands longer than a minute is cut at rests and where the topic turns.

    Args:
        slides: in order of time, may be none.
        speech: cues in order of time, may be none.
        seconds: the recording's length, 0 where the file does not tell.

    Returns:
        Moments that follow each other from 0 to the end without a gap, and hold every cue once, in order. Cues beyond
        the end belong to the last. None for a recording without any length.
    """
    length = length_of(seconds, slides, speech)
    if length <= 0:
        return ()
    stretches = list(_stretches(slides, length))
    sentences = sentences_of(speech)
    owners = owners_of(sentences, len(speech.cues))
    places = _places(speech.cues, sentences, owners, stretches)
    borders = _borders(stretches, places, speech.cues)
    found: list[Moment] = []
    first = 0
    for place, stretch in enumerate(stretches):
        behind = bisect_right(places, place)
        whole = Moment(0, borders[place], borders[place + 1], (first, behind), stretch.slide)
        found.extend(_cut(whole, speech, owners))
        first = behind
    return tuple(replace(moment, number=number) for number, moment in enumerate(found, 1))


def _stretches(slides: Sequence[Slide], length: float) -> Iterator[_Stretch]:
    """One for each slide and for each gap between slides, from 0 to the end."""
    at, last = 0.0, 0
    for slide, after in zip(slides, [*slides[1:], None], strict=False):
        start = min(max(slide.start_seconds, at), length)
        end = min(slide.end_seconds, length if after is None else after.start_seconds, length)
        if end - start < _LEAST_SECONDS:
            continue
        if start - at >= _LEAST_SECONDS:
            yield _Stretch(at, start, 0)
            at = start
        end = length if length - end < _LEAST_SECONDS else end
        yield _Stretch(at, end, slide.number)
        at, last = end, slide.number
    if at < length:
        yield _Stretch(at, length, 0 if length - at >= _LEAST_SECONDS else last)


def _places(
    cues: Sequence[Cue], sentences: Sequence[SpokenSentence], owners: Sequence[int], stretches: Sequence[_Stretch]
) -> list[int]:
    """For each cue the place of the stretch that it belongs to: that in which most of its sentence is said."""
    starts = [stretch.start for stretch in stretches]
    of_sentence = [_longest(one.start_seconds, one.end_seconds, starts, stretches) for one in sentences]
    places: list[int] = []
    for cue, owner in zip(cues, owners, strict=True):
        place = of_sentence[owner] if owner >= 0 else _longest(cue.start_seconds, cue.end_seconds, starts, stretches)
        places.append(max(place, places[-1]) if places else place)  # overlapping cues stay in order
    return places


def _longest(start: float, end: float, starts: Sequence[float], stretches: Sequence[_Stretch]) -> int:
    first = max(0, bisect_right(starts, start) - 1)
    last = max(first, bisect_right(starts, end) - 1)

    def share(place: int) -> float:
        return min(end, stretches[place].end) - max(start, stretches[place].start)

    return max(range(first, last + 1), key=lambda place: (share(place), -place))


def _borders(stretches: Sequence[_Stretch], places: Sequence[int], cues: Sequence[Cue]) -> list[float]:
    """Where each stretch's moments begin, and at last the end: at the change, or where a sentence across it ends."""
    borders = [0.0]
    for place, (stretch, after) in enumerate(pairwise(stretches)):
        change, behind = stretch.end, bisect_right(places, place)
        border = change
        if behind < len(cues) and cues[behind].start_seconds < change:
            border = cues[behind].start_seconds
        elif behind and cues[behind - 1].end_seconds > change:
            following = cues[behind].start_seconds if behind < len(cues) else cues[behind - 1].end_seconds
            border = min(cues[behind - 1].end_seconds, following)
        lowest, highest = borders[-1] + _LEAST_SECONDS, after.end - _LEAST_SECONDS
        near = abs(border - change) <= RUN_OVER_SECONDS
        borders.append(border if near and lowest <= border <= highest else max(change, borders[-1]))
    return [*borders, stretches[-1].end]


def _cut(whole: Moment, speech: Speech, owners: Sequence[int]) -> Iterator[Moment]:
    """One stretch as moments, cut between sentences and around long rests."""
    units = list(_units(whole.cues, speech.cues, owners))
    rests = _rests(units, whole)
    silent = [at for at, (before, after) in enumerate(rests) if after - before >= SILENCE_SECONDS]
    runs = [0, *(at for at in silent if 0 < at < len(units)), len(units)]
    cuts = {cut for first, behind in pairwise(runs) for cut in _by_length(units, first, behind)}
    marks = [(whole.start_seconds, whole.cues[0])]
    for at, (before, after) in enumerate(rests):
        cue = units[at].first if at < len(units) else whole.cues[1]
        if at in silent:
            marks += [(before, cue), (after, cue)]
        elif at in cuts:
            marks.append((units[at].part.start_seconds, cue))
    kept = marks[:1]
    for mark in marks[1:]:
        if kept[-1][0] + _LEAST_SECONDS <= mark[0] <= whole.end_seconds - _LEAST_SECONDS:
            kept.append(mark)
    kept.append((whole.end_seconds, whole.cues[1]))
    for (start, first_cue), (end, behind_cue) in pairwise(kept):
        yield replace(whole, start_seconds=start, end_seconds=end, cues=(first_cue, behind_cue))


def _units(within: tuple[int, int], cues: Sequence[Cue], owners: Sequence[int]) -> Iterator[_Unit]:
    for _, run in groupby(range(*within), key=lambda cue: owners[cue] if owners[cue] >= 0 else -1 - cue):
        places = list(run)
        held = [cues[place] for place in places]
        text = " ".join(cue.text for cue in held)
        yield _Unit(places[0], Part(held[0].start_seconds, max(cue.end_seconds for cue in held), text))


def _rests(units: Sequence[_Unit], whole: Moment) -> list[tuple[float, float]]:
    """The time before the first unit, between any two, and behind the last."""
    ends = [whole.start_seconds]
    for unit in units:
        ends.append(max(ends[-1], unit.part.end_seconds))
    starts = [unit.part.start_seconds for unit in units] + [whole.end_seconds]
    return list(zip(ends, starts, strict=True))


def _by_length(units: Sequence[_Unit], first: int, behind: int) -> list[int]:
    """The units that begin a moment because what went before is long enough, or about something else."""
    parts = [unit.part for unit in units[first:behind]]
    if len(parts) < 2 or parts[-1].end_seconds - parts[0].start_seconds <= WHOLE_SECONDS:
        return []
    return [first + cut for cut in best_cuts(parts, turns([part.text for part in parts], _BLOCK), LENGTHS)]

"""Stretches of a film that show the same, by the difference of tiles between small pictures taken twice a second.

A change counts when what stands still before it and what stands still after it differ, in tiles that do not always
move. A fade or an animation lies between the two, and is dated at its middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.film.frames import Grey, Sample
from cml_mm.media.film.tiles import (
    DIFFERENT,
    LIVELY,
    STIRRED,
    UNSURE,
    Mask,
    count_apart,
    differences,
    lively_patches,
    moving,
    shows_another,
    widened,
)

_STIR_TILES = 2  # that move at once, from which on something is going on
_QUIETEST = 2  # samples that something stands for, to be shown at all
_LONGEST_SECONDS = 3.0  # of an animation; two leaps that are further apart have something else between them
_MOST_LATE_SECONDS = 1.0  # by which a change is dated behind the start of a long animation
_LEAP_SHARE = 0.6  # of the tiles that a change changes, which change at once
_COMPARED = 12  # samples of a stretch, among which those are sought that
_APART = 3  # are furthest apart
_MOVING_SHARE = 0.1  # of the samples of a stretch, in which a tile moves that is muted in it
_OTHER_MOVING_SHARE = 0.2  # of the tiles, which move in one and not in the other: a camera's view and a slide
_FILMED_SHARE = 0.85  # of the tiles muted: a camera's view or a film, and no slide


@dataclass(frozen=True)
class Stretch:
    """A time in which the same is shown, but for what always moves.

    `still_seconds` is the last part of it in which nothing stirs; `grey` is shown then. `apart_seconds` are times at
    which a pointer stands at different places. `moves` are the tiles that move, `mute` those and their neighbours.
    """

    start_seconds: float
    end_seconds: float
    still_seconds: tuple[float, float]
    apart_seconds: tuple[float, ...]
    grey: Grey
    moves: Mask
    mute: Mask

    @property
    def is_film(self) -> bool:
        """Whether nearly all of it moves."""
        return float(self.mute.mean()) > _FILMED_SHARE


@dataclass(frozen=True)
class _Run:
    """Samples `first` to `last`, between which nothing stirs."""

    first: int
    last: int


def stretches_of(samples: Iterable[Sample]) -> tuple[Stretch, ...]:
    """What a film shows, one after the other.

    Args:
        samples: what is shown every half second.

    Returns: in order of time, with gaps where nothing stands still; none where nothing stands still for a second.
    """
    times: list[float] = []
    greys: list[Grey] = []
    stirs: list[NDArray[np.bool_]] = []
    leaps: list[NDArray[np.bool_]] = []
    for sample in samples:
        before = greys[-1] if greys else sample.grey
        apart = differences(before, sample.grey)
        greys.append(sample.grey if apart.any() else before)  # a film that stands still takes no room
        times.append(sample.seconds)
        stirs.append(apart > STIRRED)
        leaps.append(apart > LIVELY)
    if not greys:
        return ()
    stirred = np.stack(stirs)
    moves = moving(stirred)
    mutes = np.stack([widened(one) for one in moves])
    film = _Film(times, greys, stirred, np.stack(leaps), moves, mutes)
    runs = [part for run in _quiet_runs(stirred & ~mutes) for part in film.parted(run)]
    return film.stretches(film.joined(runs))


def _quiet_runs(stirred: NDArray[np.bool_]) -> list[_Run]:
    """Where no more than a pointer moves, for long enough."""
    runs: list[_Run] = []
    first = 0
    for place, one in enumerate(stirred):
        if place and count_apart(one) >= _STIR_TILES:
            if place - first >= _QUIETEST:
                runs.append(_Run(first, place - 1))
            first = place
    if len(stirred) - first >= min(_QUIETEST, len(stirred)):
        runs.append(_Run(first, len(stirred) - 1))
    return runs


class _Film:
    """All samples of a film."""

    def __init__(
        self,
        times: Sequence[float],
        greys: Sequence[Grey],
        stirred: NDArray[np.bool_],
        lively: NDArray[np.bool_],
        moves: NDArray[np.bool_],
        mutes: NDArray[np.bool_],
    ) -> None:
        self._times = times
        self._greys = greys
        self._stirred = stirred
        self._lively = lively
        self._always = moves.all(axis=0)
        self._mutes = mutes

    def parted(self, run: _Run) -> list[_Run]:
        """A run, or two where a fade was too slow to be noticed between any two samples."""
        if not self._differ(run.first, run.last):
            return [run]
        places = range(run.first, run.last + 1)
        last = next((place - 1 for place in places if self._differ(run.first, place)), run.last)
        first = next((place + 1 for place in reversed(places) if self._differ(place, run.last)), run.first)
        parts = [_Run(run.first, last), _Run(first, run.last)]
        return [part for part in parts if part.last - part.first + 1 >= _QUIETEST] if last < first else [run]

    def joined(self, runs: Sequence[_Run]) -> list[list[_Run]]:
        """Runs that show the same together."""
        found: list[list[_Run]] = []
        for run in runs:
            if found and not self._show_another(found[-1][-1], run):
                found[-1].append(run)
            else:
                found.append([run])
        return found

    def stretches(self, groups: Sequence[Sequence[_Run]]) -> tuple[Stretch, ...]:
        """The groups, each until the next."""
        if not groups:
            return ()
        step = self._times[1] - self._times[0] if len(self._times) > 1 else 0.0
        dates = [self._dated(before[-1], after[0]) for before, after in pairwise(groups)]
        starts = [self._times[0], *(start for _, start in dates)]
        ends = [*(end for end, _ in dates), self._times[-1] + step]
        found = []
        for group, start, end in zip(groups, starts, ends, strict=True):
            last = group[-1]
            still = (self._times[last.first], self._times[last.last])
            apart = self._apart(group)
            moves = lively_patches(self._moving(last), self._share_of(self._lively, last) > _MOVING_SHARE)
            found.append(Stretch(start, end, still, apart, self._greys[last.last], moves, self._mute(last)))
        return tuple(found)

    def _apart(self, group: Sequence[_Run]) -> tuple[float, ...]:
        """Times at which the same slide looks most unlike, in order; one alone where it always looks the same."""
        places = [place for run in group for place in range(run.first, run.last + 1)]
        places = places[:: max(1, len(places) // _COMPARED)]
        chosen = [places[-1]]
        while len(chosen) < _APART:
            unlike = [min(self._unlike(place, other) for other in chosen) for place in places]
            if max(unlike) == 0:
                break
            chosen.append(places[int(np.argmax(unlike))])
        return tuple(self._times[place] for place in sorted(chosen))

    def _unlike(self, one: int, other: int) -> int:
        apart = differences(self._greys[one], self._greys[other]) > DIFFERENT
        return int((apart & ~(self._mutes[one] | self._mutes[other])).sum())

    def _dated(self, one: _Run, other: _Run) -> tuple[float, float]:
        """When the one ends and the other begins: apart only where something else is shown in between."""
        before, after = one.last, other.first
        start, end = self._times[before], self._times[after]
        leaps = self._leaps(one, other)
        if leaps and (len(leaps) == 1 or leaps[-1] - leaps[0] > _LONGEST_SECONDS):
            return leaps[0], leaps[-1]
        dated = start + min((end - start) / 2, _MOST_LATE_SECONDS)
        return dated, dated

    def _leaps(self, one: _Run, other: _Run) -> list[float]:
        """When most of what changes between them changes at once; of what moves then, its beginning and its end."""
        before, after = one.last, other.first
        middles = [(self._times[place] + self._times[place + 1]) / 2 for place in range(before, after)]
        moves, moves_then = self._moving(one), self._moving(other)
        if float((moves ^ moves_then).mean()) > _OTHER_MOVING_SHARE:
            return middles[:1] if moves_then.sum() > moves.sum() else middles[-1:]
        apart = differences(self._greys[before], self._greys[after]) > DIFFERENT
        changed = apart & ~(self._mute(one) | self._mute(other))
        needed = _LEAP_SHARE * max(1, int(changed.sum()))
        return [at for place, at in enumerate(middles, before + 1) if (self._stirred[place] & changed).sum() >= needed]

    def _moving(self, run: _Run) -> Mask:
        """Tiles that move in it, and those that always do."""
        return np.asarray((self._share_of(self._stirred, run) > _MOVING_SHARE) | self._always)

    @staticmethod
    def _share_of(moved: NDArray[np.bool_], run: _Run) -> NDArray[np.float64]:
        """In which share of its samples each tile moves."""
        return np.asarray(moved[min(run.first + 1, run.last) : run.last + 1].mean(axis=0))

    def _mute(self, run: _Run) -> Mask:
        return widened(self._moving(run)) | self._unsure(run)

    def _show_another(self, before: _Run, after: _Run) -> bool:
        if float((self._moving(before) ^ self._moving(after)).mean()) > _OTHER_MOVING_SHARE:
            return True
        mute = self._mute(before) | self._mute(after)
        return shows_another(self._greys[before.last], self._greys[after.first], mute)

    def _unsure(self, run: _Run) -> Mask:
        """Tiles that differ although nothing stirs: edges of what moves, and where a pointer passed."""
        places = (run.first, (run.first + run.last) // 2, run.last)
        pairs = combinations([self._greys[place] for place in places], 2)
        return np.asarray(np.stack([differences(one, other) > UNSURE for one, other in pairs]).any(axis=0))

    def _differ(self, one: int, other: int) -> bool:
        return shows_another(self._greys[one], self._greys[other], self._mutes[one] | self._mutes[other])

"""Where a stretch of speech turns to something else, and the best places to cut it into lengths that suit.

Turns are found by the words on either side of a gap: Hearst, TextTiling: Segmenting Text into Multi-paragraph Subtopic
Passages, Computational Linguistics 23, 1997. Cuts are chosen together, by dynamic programming over their costs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.lectures.terms import terms

_COMMON_SHARE = 0.6  # words that stand in more of the parts than this tell nothing about any …
_COMMON_FROM = 12  # … where there are parts enough to tell
_A_CUT = 0.35  # what a cut costs, against being a whole target too long or short
_TURN = 0.9  # what a full turn of topic saves, …
_REST = 0.5  # … and a long rest
_LONG_REST_SECONDS = 2.0
_TOO_LONG = 20.0  # for each time that a stretch is too long


@dataclass(frozen=True)
class Part:
    """Something that is not cut: a sentence, or a moment."""

    start_seconds: float
    end_seconds: float
    text: str


@dataclass(frozen=True)
class Lengths:
    """What pieces should be: mostly `target_seconds` long and none longer than `most_seconds`, if it can be helped."""

    target_seconds: float
    most_seconds: float


def turns(texts: Sequence[str], block: int) -> list[float]:
    """How much the topic turns at each gap between texts, from 0, not at all, to 1.

    Args:
        texts: in order.
        block: how many texts on either side are compared.

    Returns: one less than texts: Hearst's depth score, the fall of likeness from the nearest peaks on both sides.
    """
    counted = [Counter(terms(text)) for text in texts]
    common = _common(counted)
    counted = [Counter({term: count for term, count in one.items() if term not in common}) for one in counted]
    like = [_cosine(counted[max(0, gap - block) : gap], counted[gap : gap + block]) for gap in range(1, len(texts))]
    return [min(1.0, (_peak(like, at, -1) - here + _peak(like, at, 1) - here) / 2) for at, here in enumerate(like)]


def alike(one: str, other: str) -> float:
    """The cosine of two texts' content words, 0 to 1."""
    return _cosine([Counter(terms(one))], [Counter(terms(other))])


_MOST_PARTS = 200  # of one piece, and of one climb: thousands of captions may stand at one time


def best_cuts(parts: Sequence[Part], turning: Sequence[float], lengths: Lengths) -> list[int]:
    """The places of the parts that begin a new piece, the first left out.

    Args:
        parts: in order of time.
        turning: of each gap, as `turns` gives it.
        lengths: what suits.
    """
    if not parts:
        return []
    ends = [part.start_seconds for part in parts[1:]] + [parts[-1].end_seconds]
    costs, before = [0.0], [0]  # of the best cut of the first n parts, and where its last piece begins
    for end in range(1, len(parts) + 1):
        best, at = math.inf, end - 1
        for start in range(end - 1, -1, -1):
            seconds = ends[end - 1] - parts[start].start_seconds
            cost = costs[start] + _length_cost(seconds, lengths) + _cut_cost(parts, turning, start)
            if cost < best:
                best, at = cost, start
            if seconds > 2 * lengths.most_seconds or end - start >= _MOST_PARTS:
                break
        costs.append(best)
        before.append(at)
    cuts, at = [], before[-1]
    while at > 0:
        cuts.append(at)
        at = before[at]
    return cuts[::-1]


def _length_cost(seconds: float, lengths: Lengths) -> float:
    off = (seconds - lengths.target_seconds) / lengths.target_seconds
    return off * off + (_TOO_LONG * seconds / lengths.most_seconds if seconds > lengths.most_seconds else 0.0)


def _cut_cost(parts: Sequence[Part], turning: Sequence[float], start: int) -> float:
    if start == 0:
        return 0.0
    rest = max(0.0, parts[start].start_seconds - parts[start - 1].end_seconds)
    return _A_CUT - _TURN * turning[start - 1] - _REST * min(1.0, rest / _LONG_REST_SECONDS)


def _common(counted: Sequence[Counter[str]]) -> set[str]:
    if len(counted) < _COMMON_FROM:
        return set()
    held = Counter(term for one in counted for term in one)
    return {term for term, count in held.items() if count > _COMMON_SHARE * len(counted)}


def _cosine(one: Sequence[Counter[str]], other: Sequence[Counter[str]]) -> float:
    left: Counter[str] = sum(one, Counter())
    right: Counter[str] = sum(other, Counter())
    both = sum(count * right[term] for term, count in left.items())
    size = math.sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return both / size if size else 0.0


def _peak(like: Sequence[float], at: int, step: int) -> float:
    """The height that is climbed from here in one direction, before it falls again."""
    peak = like[at]
    at += step
    left = _MOST_PARTS
    while left and 0 <= at < len(like) and like[at] >= peak:
        peak = like[at]
        at += step
        left -= 1
    return peak

"""Which page of a document each slide of a lecture shows.

Slides and pages are compared by short runs of their letters, weighted by how few pages hold them (Spärck Jones, A
Statistical Interpretation of Term Specificity and Its Application in Retrieval, Journal of Documentation 28, 1972):
most runs survive a letter that was read wrongly, and headers that stand on every page say nothing. The pages of all
slides are then chosen together by dynamic programming, in which going on to the next page is free and jumping costs a
little, after the hidden Markov model of Fan, Barnard, Amir and Efrat (Robust Spatiotemporal Matching of Electronic
Slides to Presentation Videos, IEEE Transactions on Image Processing 20, 2011). A slide for which another page would do
nearly as well gets none.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cml_mm.lectures.terms import fold
from cml_mm.lectures.values import Slide

_RUN = 4  # letters that are compared as one
_FEWEST_RUNS = 2  # a slide with fewer says nothing
_BANNER_SHARE = 0.5  # what stands on more of the slides than this and on no page belongs to the film: a name, a clock …
_BANNER_FROM = 4  # … where there are so many slides
_HELD = 0.45  # share of a slide that its page must hold: letters may be wrong, …
_SHOWN = 0.15  # … and of a page that must be on the slide: points may still be hidden
_HELD_COUNTS, _SHOWN_COUNTS = 0.75, 0.25
_SURE = 0.45  # likeness from which a page is better than none
_AHEAD, _BACK = 0.06, 0.1  # likeness that leaving out pages, and going back, cost
_MARGIN = 0.03  # likeness by which a page must be better than any other
_MOST_LIKELY = 24  # pages that are weighed for one slide
_CONFUSED = str.maketrans({"0": "o", "1": "l", "i": "l"})  # signs that recognisers take for each other

_Likely = Mapping[int, float]  # by page, from 1: how much better it is than none


@dataclass(frozen=True)
class Matched:
    """How many of a lecture's distinct slides with words are pages of a document."""

    found: int
    of: int

    @property
    def belongs(self) -> bool:
        """Whether the document is the lecture's own: at least half of the slides, and two."""
        return self.found >= 2 and 2 * self.found >= self.of


def aligned(slides: Sequence[Slide], pages: Sequence[str]) -> tuple[int, ...]:
    """The page that each slide shows.

    Args:
        slides: in order of time, as they were recognised.
        pages: the words on each page of a document.

    Returns: for each slide a page's number, from 1, or 0 where none surely shows the same.
    """
    shown = [_runs(_text(slide)) for slide in slides]
    written = [_runs(page) for page in pages]
    likely = _likely(shown, written)
    behind = _behind(likely, len(pages))
    best = [0.0] + [-math.inf] * len(pages)  # of all slides so far, by the page that was shown last; 0: none yet
    choices: list[dict[int, float]] = []
    for pages_here, after in zip(likely, behind, strict=True):
        reached = {page: gain + _best_before(best, page) for page, gain in pages_here.items()}
        choices.append({page: value + after[page] for page, value in reached.items()})
        for page, value in reached.items():
            best[page] = max(best[page], value)
    total = max(best)
    return tuple(_surest(values, total) for values in choices)


def matched(slides: Sequence[Slide]) -> Matched:
    """Counts the slides that have a page: those of one page, and those with the same words, are one."""
    pages = {slide.page for slide in slides if slide.page}
    others = {_letters(_text(slide)) for slide in slides if not slide.page} - {""}
    return Matched(len(pages), len(pages) + len(others))


def _text(slide: Slide) -> str:
    return slide.text or slide.title


def _letters(text: str) -> str:
    """Letters and digits alone, so that neither blanks nor bullets that were misread count."""
    bare = "".join(char for char in fold(text) if char.isalnum())
    return bare.translate(_CONFUSED).replace("rn", "m")


def _runs(text: str) -> frozenset[str]:
    letters = _letters(text)
    return frozenset(letters[at : at + _RUN] for at in range(len(letters) - _RUN + 1))


def _likely(shown: Sequence[frozenset[str]], written: Sequence[frozenset[str]]) -> list[_Likely]:
    """For each slide the pages that may show the same."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(written, 1):
        for run in page:
            holders[run].append(number)
    banners = _banners(shown, holders)
    weight = {run: math.log((len(written) + 1) / (len(held) + 0.5)) for run, held in holders.items()}
    rarest = math.log((len(written) + 1) / 1.5)  # of what stands on no page, too
    whole = [sum(weight[run] for run in page) for page in written]
    return [_likely_pages(runs - banners, holders, weight, rarest, whole) for runs in shown]


def _likely_pages(
    runs: frozenset[str],
    holders: Mapping[str, Sequence[int]],
    weight: Mapping[str, float],
    rarest: float,
    whole: Sequence[float],
) -> _Likely:
    if len(runs) < _FEWEST_RUNS:
        return {}
    common: defaultdict[int, float] = defaultdict(float)
    for run in sorted(runs & holders.keys()):  # in order, so that sums do not differ by a last digit
        for page in holders[run]:
            common[page] += weight[run]
    asked = sum(weight.get(run, rarest) for run in sorted(runs))
    found = {}
    for page, both in common.items():
        held, seen = both / asked, both / whole[page - 1]
        gain = _HELD_COUNTS * held + _SHOWN_COUNTS * seen - _SURE
        if held >= _HELD and seen >= _SHOWN and gain > 0:
            found[page] = gain
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_MOST_LIKELY])


def _banners(shown: Sequence[frozenset[str]], written: Iterable[str]) -> frozenset[str]:
    """What stands on most slides and on no page."""
    if len(shown) < _BANNER_FROM:
        return frozenset()
    count = Counter(run for runs in shown for run in runs)
    return frozenset(run for run, slides in count.items() if slides > _BANNER_SHARE * len(shown)) - frozenset(written)


def _best_before(best: Sequence[float], page: int) -> float:
    """The best that can stand before a page is shown."""
    here = max(best[0], best[page], best[page - 1])
    ahead = max(best[1 : page - 1], default=-math.inf) - _AHEAD
    back = max(best[page + 1 :], default=-math.inf) - _BACK
    return max(here, ahead, back)


def _behind(likely: Sequence[_Likely], pages: int) -> list[dict[int, float]]:
    """For each slide and each of its likely pages, the best that can come behind it."""
    best = [0.0] * (pages + 1)  # of all slides behind, by the page that was shown last; 0: none yet
    found: list[dict[int, float]] = []
    for pages_here in reversed(likely):
        found.append({page: best[page] for page in pages_here})
        now = best
        for page, gain in pages_here.items():
            value = gain + best[page]
            now = [max(so_far, value - _cost(last, page)) for last, so_far in enumerate(now)]
        best = now
    return found[::-1]


def _cost(last: int, page: int) -> float:
    """What it costs to show a page after the one that was shown last."""
    if last in (0, page, page - 1):
        return 0.0
    return _AHEAD if last < page else _BACK


def _surest(values: Mapping[int, float], total: float) -> int:
    """The page of the best choice for all slides, if no other comes near; 0 where that choice has none here.

    Args:
        values: for each likely page of a slide, what the best choice with it is worth.
        total: what the best choice of all is worth.
    """
    near = [page for page, value in values.items() if value >= total - _MARGIN]
    return near[0] if len(near) == 1 and values[near[0]] >= total - 1e-9 else 0

"""SubRip (.srt) and YouTube's .sbv, as people and programs really write them.

There is no specification: the form is that of the SubRip program, and leniency that of the common players. A line of
times begins a caption, whatever is missing before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cml_mm.media.captions.markup import lines_of
from cml_mm.media.captions.times import Timing, looks_broken, timing
from cml_mm.media.captions.written import Captions, Written, many


def read_srt(text: str) -> Captions:
    """Every caption that a line of times begins.

    Args:
        text: the whole file, lines parted by `\\n`.

    Returns: captions in the file's order; those whose times cannot be read are left out, and a notice counts them.
    """
    lines = text.split("\n")
    heads = [place for place, line in enumerate(lines) if _begins(line)]
    numbers = _Numbers(lines, heads)
    cues: list[Written] = []
    broken = 0
    for head, after in pairwise([*heads, len(lines)]):
        times = timing(lines[head])
        if times is None:
            broken += 1
            continue
        said = lines[head + 1 : after]
        if after < len(lines):
            said = said[: len(said) - numbers.before(said)]
        cues.append(_cue(times, "\n".join(said)))
    notices = (f"{many(broken)} whose times cannot be read {_is(broken)} left out.",) if broken else ()
    return Captions(tuple(cues), notices=notices)


class _Numbers:
    """Tells the number of the next caption from words that are figures.

    Args:
        lines: of the whole file.
        heads: places of the lines with times.
    """

    def __init__(self, lines: Sequence[str], heads: Sequence[int]) -> None:
        first = "".join(lines[: heads[0]]).strip() if heads else ""
        self._last = int(first[:9]) if first.isdecimal() else 0
        self._usual = 2 * sum(place > 0 and _is_number(lines[place - 1]) for place in heads) > len(heads)

    def before(self, lines: Sequence[str]) -> int:
        """How many lines at the end of these are the number of the caption that follows, and blanks around it."""
        left = len(lines)
        while left and not lines[left - 1].strip():
            left -= 1
        if not left or not _is_number(lines[left - 1]):
            return 0
        number = int(lines[left - 1].strip()[:9])
        apart = left > 1 and not lines[left - 2].strip()
        if number != self._last + 1 and not (left == len(lines) and (self._usual or apart)):
            return 0
        self._last = number
        return len(lines) - left + 1


def _is_number(line: str) -> bool:
    return line.strip().isdecimal()


def _begins(line: str) -> bool:
    return timing(line) is not None or looks_broken(line)


def _cue(times: Timing, said: str) -> Written:
    whole = f"{times.text}\n{said}" if times.text else said
    return Written(times.start_ms, times.end_ms, lines_of(whole.replace("[br]", "\n")))


def _is(count: int) -> str:
    return "is" if count == 1 else "are"

"""Captions that roll: each line is repeated while the next appears below it, as in automatic captions. Taken once.

YouTube's files show a line word by word, hold it for a hundredth of a second, then show it again above the next line;
captions of television roll up in two or three lines. A line counts where it is first seen, and keeps that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from cml_mm.media.captions.written import Line, Written, many

_LONGEST_GAP_MS = 1_000  # a line that comes back after a pause is said again
_MOST_ROWS = 4  # in which television's captions roll (CEA-608)
_FEWEST = 2  # repetitions
_LEAST_SHARE = 0.4  # of the captions that follow closely on another


def unrolled(cues: Sequence[Written]) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    """Leave out lines that only stay on the screen.

    Args:
        cues: in the order of their times.

    Returns:
        The captions with what each adds to the one before, and a notice where something was left out. Files that do
        not roll come back as they are: a speaker, or a choir, may say a thing twice.
    """
    repeated = [0, *(_repeated(before, after) for before, after in pairwise(cues))]
    close = sum(after.start_ms - before.end_ms <= _LONGEST_GAP_MS for before, after in pairwise(cues))
    rolled = sum(signs > 0 for signs in repeated)
    if rolled < _FEWEST or rolled < _LEAST_SHARE * close:
        return tuple(cues), ()
    kept = [_rest(cue, signs) for cue, signs in zip(cues, repeated, strict=True)]
    notice = f"The captions roll: what {many(rolled)} repeated of the one before was left out."
    return tuple(cue for cue in kept if cue.lines), (notice,)


def _repeated(before: Written, after: Written) -> int:
    """How many characters of a caption only repeat the end of the one before; its line ends count as one each."""
    if after.start_ms - before.end_ms > _LONGEST_GAP_MS:
        return 0
    old = before.words.split("\n")
    for first in range(max(0, len(old) - _MOST_ROWS), len(old)):
        shown = "\n".join(old[first:])
        if shown and (after.words == shown or after.words.startswith((shown + "\n", shown + " "))):
            return len(shown)
    same = after.words.split() == before.words.split()  # perhaps broken into lines anew
    return len(after.words) if same else 0


def _rest(cue: Written, signs: int) -> Written:
    """A caption without its first characters."""
    if not signs:
        return cue
    kept: list[Line] = []
    for line in cue.lines:
        left = line.text[signs:].strip() if signs > 0 else line.text
        signs -= len(line.text) + 1
        if left:
            kept.append(replace(line, text=left))
    return replace(cue, lines=tuple(kept))

"""Which words that stand loose on a drawing belong to which line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from cml_mm.diagrams.snapping import distance, middle
from cml_mm.diagrams.values import Point
from cml_mm.types import Box

_HALFWAY = 0.25  # of a line's length, from its middle to words that stand upon it
_LONGEST_SHARE = 0.6  # of it, from its middle to words beside it


def words_of_lines(lines: Sequence[Sequence[Point]], words: Mapping[str, Box], near: float) -> dict[int, str]:
    """Give lines their words, one to one, those that stand nearest to a line first.

    Words count by how far their middle is from a line, and where two lines meet there by how far
    they are from the line's middle; never the first line that comes takes what is another's.

    Args:
        lines: two points or more each, in the unit of the boxes.
        words: boxes of the words, by a key.
        near: how far words may be from a line.

    Returns: keys of the words by the lines' numbers.
    """
    pairs = []
    for number, line in enumerate(lines):
        long = math.dist(line[0], line[-1])
        reach = max(min(near, _LONGEST_SHARE * long), _HALFWAY * long)
        centre = middle(line)
        for key, box in words.items():
            along = distance(centre, box)
            if along > reach:
                continue
            spot = (box.x + box.w / 2, box.y + box.h / 2)
            aside = min((_to_segment(spot, one, other) for one, other in pairwise(line)), default=math.inf)
            if aside <= near:
                pairs.append((aside, along, number, key))
    found: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, number, key in sorted(pairs):
        if number not in found and key not in taken:
            found[number] = key
            taken.add(key)
    return found


def _to_segment(spot: Point, one: Point, other: Point) -> float:
    across, down = other[0] - one[0], other[1] - one[1]
    square = across * across + down * down
    share = ((spot[0] - one[0]) * across + (spot[1] - one[1]) * down) / square if square else 0.0
    share = min(1.0, max(0.0, share))
    return math.dist(spot, (one[0] + share * across, one[1] + share * down))

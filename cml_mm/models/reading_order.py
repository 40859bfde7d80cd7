"""The order in which lines on a page are read: columns one after the other, rows from left to right.

Our own method. A gutter is a place that few lines cross and that parts wide lines on both
sides; the lines that cross it (a title, a wide picture's words) part the page into bands, and
so does a wide gap from side to side, as between columns and a table below them.
Where lines are short, as in tables and diagrams, there are no columns of running text, and
everything is read row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_FEWEST_LINES = 3  # on each side of a gutter
_MOST_CROSSING = 0.25  # share of lines that may cross it
_COLUMN_WIDTH = 7.0  # line heights that half of a column's text is wide at least
_BAND_GAP = 2.0  # line heights without any line, from side to side
_SAME_ROW = 0.5  # share of the lower one's height
_DEEPEST = 6  # columns in columns


@dataclass(frozen=True)
class Placed:
    """A rectangle from the upper left, with the number by which its line is known."""

    number: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 0.1)


def reading_order(lines: Sequence[Placed]) -> list[int]:
    """The numbers of the lines, in the order in which people read them."""
    return [line.number for line in _ordered(list(lines), 0)]


def _ordered(lines: list[Placed], depth: int) -> list[Placed]:
    bands = _bands(lines)
    if len(bands) > 1:
        return [line for band in bands for line in _ordered(band, depth)]
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is None:
        return _by_rows(lines)
    found: list[Placed] = []
    left: list[Placed] = []
    right: list[Placed] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom) / 2):
        if line.right <= gutter:
            left.append(line)
        elif line.left >= gutter:
            right.append(line)
        else:
            found += [*_ordered(left, depth + 1), *_ordered(right, depth + 1), line]
            left, right = [], []
    return [*found, *_ordered(left, depth + 1), *_ordered(right, depth + 1)]


def _gutter(lines: Sequence[Placed]) -> float | None:
    """The place that the fewest lines cross, if it parts columns."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    best: tuple[int, float] | None = None
    for place in sorted({line.left for line in lines}):
        crossing = sum(line.left < place < line.right for line in lines)
        sides = [[line for line in lines if line.right <= place], [line for line in lines if line.left >= place]]
        if crossing <= _MOST_CROSSING * len(lines) and all(map(_is_column, sides)) and (not best or crossing < best[0]):
            best = (crossing, place)
    return best[1] if best is not None else None


def _bands(lines: Sequence[Placed]) -> list[list[Placed]]:
    """The lines above and below every wide gap."""
    heights = sorted(line.height for line in lines)
    bands: list[list[Placed]] = []
    foot = 0.0
    for line in sorted(lines, key=lambda line: line.top):
        if bands and line.top - foot < _BAND_GAP * heights[len(heights) // 2]:
            bands[-1].append(line)
        else:
            bands.append([line])
        foot = max(foot, line.bottom)
    return bands


def _is_column(lines: Sequence[Placed]) -> bool:
    """Whether these are lines of running text: enough of them, and half of the text in wide ones."""
    wide = sum(line.right - line.left for line in lines if line.right - line.left >= _COLUMN_WIDTH * line.height)
    return len(lines) >= _FEWEST_LINES and 2 * wide >= sum(line.right - line.left for line in lines)


def _by_rows(lines: Sequence[Placed]) -> list[Placed]:
    rows: list[list[Placed]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom) / 2):
        last = rows[-1][-1] if rows else None
        shared = min(line.bottom, last.bottom) - max(line.top, last.top) if last is not None else 0.0
        if last is not None and shared > _SAME_ROW * min(line.height, last.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]

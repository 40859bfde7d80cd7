"""Which words belong to which line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from cml_mm.media.raster.boxes import frame_around
from cml_mm.media.raster.lines import Line
from cml_mm.media.raster.sheet import Frame
from cml_mm.media.raster.words import Word

_FURTHEST = 1.4  # lines of text between a line and its words
_FURTHEST_ALONE = 3.6  # the same where no other line comes into question
_CLEARLY = 1.8  # times as near as any other line
_ABOVE = 0.7  # lines of text between two lines of one label


@dataclass(frozen=True)
class Label:
    """Words that go together, in the order in which they are read."""

    text: str
    frame: Frame
    confidence: float

    def holds(self, word: Word) -> bool:
        """Whether a word is one of its own."""
        x, y = word.middle
        return self.frame[0] <= x <= self.frame[2] and self.frame[1] <= y <= self.frame[3]


def labels_of(words: Sequence[Word], unit: float) -> list[Label]:
    """Lines of text right below each other, about the same middle or the same left side, are one label."""
    left = sorted(words, key=lambda word: (word.frame[1], word.frame[0]))
    labels: list[list[Word]] = []
    for word in left:
        for group in labels:
            if _goes_on(group[-1], word, unit):
                group.append(word)
                break
        else:
            labels.append([word])
    return [joined(group) for group in labels]


def joined(words: Sequence[Word]) -> Label:
    """One label out of its lines, from top to bottom and from left to right."""
    rows = in_rows(words)
    return Label(
        " ".join(word.text for word in rows),
        frame_around([word.frame for word in rows]),
        min(word.confidence for word in rows),
    )


def in_rows(words: Sequence[Word]) -> list[Word]:
    """Words by rows: those that overlap in height by half stand in one row."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.middle[1]):
        last = rows[-1] if rows else []
        if last and _is_beside(word, last):
            last.append(word)
        else:
            rows.append([word])
    return [word for row in rows for word in sorted(row, key=lambda one: one.frame[0])]


def _is_beside(word: Word, row: Sequence[Word]) -> bool:
    """Whether a word stands to the left or right of a row, at its height."""
    level = float(np.mean([one.middle[1] for one in row]))
    apart = all(word.frame[0] > one.middle[0] or word.frame[2] < one.middle[0] for one in row)
    return apart and word.middle[1] < level + 0.5 * min(one.height for one in row)


def _goes_on(above: Word, below: Word, unit: float) -> bool:
    gap = below.frame[1] - above.frame[3]
    near = abs(above.middle[0] - below.middle[0]) < 0.8 * unit or abs(above.frame[0] - below.frame[0]) < 0.4 * unit
    alike = 0.7 < above.height / max(1.0, below.height) < 1.4
    return -0.4 * unit < gap < _ABOVE * unit * 0.5 and near and alike


def on_lines(labels: Sequence[Label], lines: Sequence[Line], unit: float) -> dict[int, int]:
    """Gives each line at most one label: the nearest ones, all together (Hungarian method).

    Labels that stand further off come after that, to lines still without one that are clearly nearer than any
    other: curves bend away from words that were placed beside the straight way.

    Returns: number of the line → number of the label.
    """
    if not labels or not lines:
        return {}
    costs = np.array([[_distance(label.frame, line, unit) for line in lines] for label in labels])
    far = 1e6
    rows, columns = linear_sum_assignment(np.where(costs > _FURTHEST, far, costs))
    on = {int(line): int(label) for label, line in zip(rows, columns, strict=True) if costs[label, line] <= _FURTHEST}
    return on | _further_off(costs, on) if on else on


def _further_off(costs: NDArray[np.float64], on: dict[int, int]) -> dict[int, int]:
    """The labels left that stand off the one line that they can belong to."""
    more: dict[int, int] = {}
    left = [label for label in range(len(costs)) if label not in on.values()]
    for label in sorted(left, key=lambda one: float(costs[one].min())):
        order = np.argsort(costs[label])
        line, cost = int(order[0]), float(costs[label, order[0]])
        alone = len(order) < 2 or float(costs[label, order[1]]) > _CLEARLY * cost
        if cost <= _FURTHEST_ALONE and alone and line not in on and line not in more:
            more[line] = label
    return more


def _distance(frame: Frame, line: Line, unit: float) -> float:
    """How far words stand from a line, in lines of text; a little more near its ends."""
    x, y = line.points[:, 0], line.points[:, 1]
    left, top, right, foot = frame
    across = np.maximum(0.0, np.maximum(left - x, x - right))
    down = np.maximum(0.0, np.maximum(top - y, y - foot))
    away = np.hypot(across, down) / unit
    middle = np.hypot((left + right) / 2 - x, (top + foot) / 2 - y) / unit
    nearest = int(np.argmin(away + 0.1 * middle))
    share = nearest / max(1, len(x) - 1)
    return float(away[nearest] + 0.15 * middle[nearest] + 0.5 * abs(share - 0.5))

"""Words without an outline that lines end at: boxes of mere text, as in causal loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.boxes import Boxes
from cml_mm.media.raster.icons import block
from cml_mm.media.raster.lines import Line
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.patches import Patch
from cml_mm.media.raster.placing import Label, labels_of, on_lines
from cml_mm.media.raster.regions import Mask
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.strokes import Ink
from cml_mm.media.raster.words import Word

_BANDS = (0.55, 0.8, 1.15, 1.7)  # lines of text around a label that are looked at, one width after the other
_NEAR = 1.45  # lines of text between words and a line that ends at them
_AHEAD = 1.6  # lines of text that an end may lie from the words that it points at
_BESIDE = 0.3  # lines of text within which it need not point
_TOWARD = 0.3  # cosine between where an end points and where the words are
_GAP = 0.22  # lines of text between dashes, on each side
_APART = 0.6  # lines of text from all lines that were found
_AT_BOX = 0.45  # lines of text from a box within which a line ends at that box
_HEAD = 1.9  # times the line's own width
_FACING = -0.78  # cosine between two ends of a line that words interrupt
_FACING_IF_SMALL = -0.5  # the same for words in smaller letters than the others
_SMALL = 0.87
_AHEAD_COSINE = 0.6
_PASSING = -0.3  # the same where any line among boxes may be bent under the words
_BEHIND = 1.2  # lines of text behind words within which their line goes on
_BEHIND_ASIDE = 0.2  # by which it may be bent until there
_TONE = 60.0  # levels by which two ends of one line may differ in colour
_FEWEST_LETTERS = 2
_MOST_GROWN = 0.6  # lines of text
_FEW_BOXES = 2
_LINE_SIGNS = "-–—_=.·→←▸▶►>< "

Spot = NDArray[np.float64]


@dataclass(frozen=True)
class _Ending:
    """Where a line ends beside a label: its last point, its direction there, whether it has a head."""

    label: int
    tip: Spot
    way: Spot
    gap: float  # to the words, in pixels
    headed: bool
    tone: Spot


def with_text_nodes(sheet: Sheet, found: Boxes, ink: Ink, words: Sequence[Word]) -> Boxes:
    """Adds the words that lines end at as boxes.

    Words that merely interrupt a line, or lie beside it, stay what is said on it.

    Args:
        ink: what is drawn between the boxes found so far.
        words: those outside of boxes.
    """
    labels = labels_of(words, sheet.unit)
    endings = _best(_endings(sheet, ink, labels), labels, sheet.unit)
    heights = [_letter_height(label, words) for label in labels]
    usual = float(np.median(heights)) if heights else 0.0
    chosen = [
        number
        for number, height in enumerate(heights)
        if _is_node([one for one in endings if one.label == number], len(found.boxes), height < _SMALL * usual)
    ]
    if len(chosen) < max(1, len(found.boxes)):
        return found  # among boxes, words on lines are said on them; see with_pointed_words
    gaps = [min(ending.gap for ending in endings if ending.label == number) for number in chosen]
    return _with(sheet, found, words, [labels[number] for number in chosen], gaps)


def with_pointed_words(sheet: Sheet, found: Boxes, ink: Ink, words: Sequence[Word], lines: Sequence[Line]) -> Boxes:
    """Adds, among boxes, the words that are on no line and that ink leads to which no line passes.

    Args:
        words: those outside of boxes.
        lines: those found so far.
    """
    labels = labels_of(words, sheet.unit)
    placed = set(on_lines(labels, lines, sheet.unit).values())
    left = [label for number, label in enumerate(labels) if number not in placed]
    endings = _best(_endings(sheet, ink, left), left, sheet.unit)
    points = np.concatenate([line.points for line in lines]) if lines else np.full((1, 2), np.inf)
    apart = [one for one in endings if np.hypot(*(points - one.tip).T).min() > _APART * sheet.unit]
    passed = {one.label for one in apart if _is_passed([end for end in endings if end.label == one.label], ink, left)}
    apart = [one for one in apart if one.label not in passed]
    gaps = {number: min(one.gap for one in apart if one.label == number) for number in {one.label for one in apart}}
    return _with(sheet, found, words, [left[number] for number in gaps], list(gaps.values())) if gaps else found


def _with(sheet: Sheet, found: Boxes, words: Sequence[Word], labels: Sequence[Label], gaps: Sequence[float]) -> Boxes:
    """The boxes and these labels, each grown by most of the gap that lines leave to it."""
    added: list[Patch] = []
    used: set[Word] = set()
    for label, gap in zip(labels, gaps, strict=True):
        own = tuple(word for word in words if label.holds(word))
        used.update(own)
        frame = _grown(label.frame, float(np.clip(gap - 1, 0, _MOST_GROWN * sheet.unit)))
        added.append(block(sheet, (frame,), tuple(replace(word, text=_bared(word.text)) for word in own)))
    rest = tuple(word for word in words if word not in used)
    return replace(found, boxes=(*found.boxes, *added), bare=len(added), free=rest)


def _letter_height(label: Label, words: Sequence[Word]) -> float:
    return float(np.mean([word.height for word in words if label.holds(word)] or [0.0]))


def _is_node(endings: Sequence[_Ending], boxes: int, small: bool) -> bool:
    if not endings:
        return False
    if len(endings) == 2 and _is_through(endings[0], endings[1], _FACING_IF_SMALL if small else _FACING):
        return False
    if len(endings) == 1 and boxes > _FEW_BOXES:
        return endings[0].headed
    return True


def _is_through(one: _Ending, other: _Ending, facing: float) -> bool:
    """Whether two ends are one line that the words interrupt."""
    if one.headed or other.headed or float(one.way @ other.way) > facing:
        return False
    across = other.tip - one.tip
    size = float(np.linalg.norm(across))
    same = float(np.abs(one.tone - other.tone).max()) < _TONE
    return same and size > 0 and float(one.way @ across) / size > _AHEAD_COSINE


def _is_passed(endings: Sequence[_Ending], ink: Ink, labels: Sequence[Label]) -> bool:
    """Whether the ends at a label are those of a line that it interrupts, even if that line was not followed."""
    if any(ending.headed for ending in endings) or len(endings) > 2:
        return False
    if len(endings) == 2:
        return float(endings[0].way @ endings[1].way) < _PASSING
    return _goes_on_behind(endings[0], ink, labels[endings[0].label].frame)


def _goes_on_behind(ending: _Ending, ink: Ink, frame: Frame) -> bool:
    """Whether there is a box or more ink straight behind the words that a line ends at."""
    height, width = ink.owner.shape
    unit = frame[3] - frame[1]
    across = float(np.hypot(frame[2] - frame[0], frame[3] - frame[1]))
    aside = np.array([-ending.way[1], ending.way[0]])
    for step in np.arange(0.0, across + _BEHIND * unit, 1.0):
        for off in np.arange(-_BEHIND_ASIDE, _BEHIND_ASIDE + 0.01, 0.05) * unit:
            x, y = ending.tip + ending.way * step + aside * off
            outside = not (frame[0] - 2 <= x <= frame[2] + 2 and frame[1] - 2 <= y <= frame[3] + 2)
            if step < ending.gap + 2 or not (outside and 0 <= x < width and 0 <= y < height):
                continue
            if ink.owner[int(y), int(x)] >= 0 or ink.lines[int(y), int(x)]:
                return True
    return False


def _endings(sheet: Sheet, ink: Ink, labels: Sequence[Label]) -> list[_Ending]:
    found: list[_Ending] = []
    usual = _usual_width(ink.lines)
    for number, label in enumerate(labels):
        if sum(sign.isalnum() for sign in label.text) < _FEWEST_LETTERS:
            continue
        best: list[_Ending] = []
        for band in _BANDS:
            seen = _in_band(sheet, ink, label.frame, number, band * sheet.unit, usual)
            if len(seen) > len(best):
                best = seen
        found.extend(best)
    return found


def _in_band(sheet: Sheet, ink: Ink, frame: Frame, number: int, reach: float, usual: float) -> list[_Ending]:
    """The lines that come into a band around words and do not leave it."""
    cv2 = opencv()
    height, width = ink.lines.shape
    left, top = max(0, int(frame[0] - reach)), max(0, int(frame[1] - reach))
    right, foot = min(width, int(np.ceil(frame[2] + reach))), min(height, int(np.ceil(frame[3] + reach)))
    cut = ink.lines[top:foot, left:right]
    if not cut.any():
        return []
    more = max(1, int(_GAP * sheet.unit))
    wide = cv2.dilate(cut.astype(np.uint8), np.ones((2 * more + 1, 2 * more + 1), np.uint8))
    count, pieces = cv2.connectedComponents(wide, connectivity=8)
    beside = 2 * int(_AT_BOX * sheet.unit) + 1
    owned = cv2.dilate((ink.owner[top:foot, left:right] >= 0).astype(np.uint8), np.ones((beside, beside), np.uint8)) > 0
    endings = []
    for piece in range(1, count):
        own = (pieces == piece) & cut
        if not own.any() or (own & owned).any():
            continue
        ending = _ending(sheet, own, frame, (left, top), number, usual)
        if ending is not None and ending.gap < _NEAR * sheet.unit:
            endings.append(ending)
    return endings


def _ending(
    sheet: Sheet, own: Mask, frame: Frame, corner: tuple[int, int], number: int, usual: float
) -> _Ending | None:
    """A piece of line in a band as an end; None where it leaves the band again or never reaches its rim."""
    cv2 = opencv()
    rim = np.zeros(own.shape, dtype=bool)
    rim[:2], rim[-2:], rim[:, :2], rim[:, -2:] = True, True, True, True
    more = max(1, int(_GAP * sheet.unit))
    touching = cv2.dilate((own & rim).astype(np.uint8), np.ones((2 * more + 1, 2 * more + 1), np.uint8))
    runs, _ = cv2.connectedComponents(touching, connectivity=8)
    if runs != 2:
        return None
    ys, xs = np.nonzero(own)
    spots = np.stack([xs + corner[0], ys + corner[1]], axis=1).astype(np.float64)
    across = np.maximum(0.0, np.maximum(frame[0] - spots[:, 0], spots[:, 0] - frame[2]))
    down = np.maximum(0.0, np.maximum(frame[1] - spots[:, 1], spots[:, 1] - frame[3]))
    gaps = np.hypot(across, down)
    tip = spots[int(np.argmin(gaps))]
    rims = np.argwhere(own & rim)[:, ::-1] + np.array(corner)
    start = rims.mean(axis=0)
    way = tip - start
    size = float(np.linalg.norm(way))
    if size < 0.15 * sheet.unit:
        return None
    tone = np.median(sheet.pixels[ys + corner[1], xs + corner[0]].astype(np.float64), axis=0)
    return _Ending(number, tip, way / size, float(gaps.min()), _is_headed(spots, start, tip, usual), tone)


def _is_headed(spots: Spot, start: Spot, tip: Spot, usual: float) -> bool:
    """Whether the line is wider somewhere near its tip than lines are here."""
    way = (tip - start) / max(1e-6, float(np.linalg.norm(tip - start)))
    along = np.rint((spots - start) @ way).astype(int)
    aside = (spots - start) @ np.array([-way[1], way[0]])
    near = [float(np.ptp(aside[along == step])) + 1 for step in np.unique(along) if step > 0.25 * along.max()]
    return bool(near) and max(near) > max(_HEAD * usual, usual + 3)


def _usual_width(lines: Mask) -> float:
    """How wide a line is, in pixels: twice the depth of the ink along its middle."""
    cv2 = opencv()
    depth = cv2.distanceTransform(lines.astype(np.uint8), cv2.DIST_L2, 3)
    ridge = (depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    return 2 * float(np.median(depth[ridge])) if ridge.any() else 1.0


def _best(endings: Sequence[_Ending], labels: Sequence[Label], unit: float) -> list[_Ending]:
    """Each end for the one label that it points at best."""
    pointing = [ending for ending in endings if _miss(ending, labels[ending.label].frame, unit) is not None]
    worse = set()
    for (one, first), (other, second) in combinations(enumerate(pointing), 2):
        if first.label != second.label and np.linalg.norm(first.tip - second.tip) < 0.8 * unit:
            a, b = (_miss(end, labels[end.label].frame, unit) or 0.0 for end in (first, second))
            worse.add(one if (a, first.gap) > (b, second.gap) else other)
    return [ending for number, ending in enumerate(pointing) if number not in worse]


def _miss(ending: _Ending, frame: Frame, unit: float) -> float | None:
    """How far ahead of an end the words begin, in pixels; None where it does not point at them."""
    for step in np.arange(0.0, _AHEAD + 0.05, 0.1) * unit:
        x, y = ending.tip + ending.way * step
        if frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]:
            return float(step)
    nearest = np.array([np.clip(ending.tip[0], frame[0], frame[2]), np.clip(ending.tip[1], frame[1], frame[3])])
    toward = float(ending.way @ (nearest - ending.tip))
    return _AHEAD * unit if ending.gap < _BESIDE * unit and toward >= _TOWARD * ending.gap else None


def _grown(frame: Frame, more: float) -> Frame:
    return frame[0] - more, frame[1] - more, frame[2] + more, frame[3] + more


def _bared(text: str) -> str:
    """Words without the tip of an arrow that was taken for one of their signs."""
    return text.strip(_LINE_SIGNS) or text

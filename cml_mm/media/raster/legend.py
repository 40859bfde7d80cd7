"""A colour legend: patches of colour one below the other or side by side, each with words to its right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cml_mm.media.raster.boxes import Boxes
from cml_mm.media.raster.placing import Label
from cml_mm.media.raster.regions import Regions
from cml_mm.media.raster.sheet import Sheet

_SIDES = (0.3, 2.2)  # lines of text that a patch of colour is wide and high
_GAP = 2.0  # lines of text between a patch and its words
_LEVEL = 0.4
_FEWEST = 2
_FULL = 0.85
_COLOURED = 18  # levels between a patch and the ground


@dataclass(frozen=True)
class Swatch:
    """A patch of colour and the number of the label that says what it stands for."""

    colour: str
    label: int


def legend_of(sheet: Sheet, regions: Regions, found: Boxes, labels: Sequence[Label]) -> list[Swatch]:
    """The entries of a legend, none where there are not at least two that are alike."""
    taken = {number for patch in (*found.boxes, *found.backings) for number in patch.numbers} | regions.ground
    sides = regions.boxes[:, 2:] / sheet.unit
    fits = ((sides > _SIDES[0]) & (sides < _SIDES[1])).all(axis=1)
    fits &= regions.areas > _FULL * regions.boxes[:, 2] * regions.boxes[:, 3]
    ground = _ground(sheet, regions)
    swatches: list[tuple[Swatch, tuple[int, int]]] = []
    for number in np.flatnonzero(fits):
        if int(number) in taken or number == 0:
            continue
        left, top, w, h = (int(value) for value in regions.boxes[number])
        colour = np.median(sheet.pixels[top : top + h, left : left + w].reshape(-1, 3), axis=0)
        label = _label_beside(labels, left + w, top + h / 2, sheet.unit)
        if label is not None and np.abs(colour - ground).max() > _COLOURED:
            red, green, blue = (int(value) for value in colour)
            swatches.append((Swatch(f"#{red:02x}{green:02x}{blue:02x}", label), (w, h)))
    return _alike(swatches)


def _ground(sheet: Sheet, regions: Regions) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    page = np.isin(regions.labels[::8, ::8], sorted(regions.ground))
    seen = sheet.pixels[::8, ::8][page]
    return np.median(seen, axis=0) if len(seen) else np.full(3, 255.0)


def _label_beside(labels: Sequence[Label], right: float, level: float, unit: float) -> int | None:
    for number, label in enumerate(labels):
        left, top, _, foot = label.frame
        if -0.3 * unit < left - right < _GAP * unit and abs((top + foot) / 2 - level) < _LEVEL * unit:
            return number
    return None


def _alike(swatches: Sequence[tuple[Swatch, tuple[int, int]]]) -> list[Swatch]:
    """Those that are as large as the median one; one label belongs to one patch."""
    if len(swatches) < _FEWEST:
        return []
    middle = np.median([size for _, size in swatches], axis=0)
    kept: dict[int, Swatch] = {}
    for swatch, size in swatches:
        if np.abs(np.array(size) - middle).max() < max(4.0, 0.25 * middle.max()):
            kept.setdefault(swatch.label, swatch)
    return list(kept.values()) if len(kept) >= _FEWEST else []

"""Words between boxes that were not found, or only in part: what looks like letters is read again, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cml_mm.media.raster.boxes import Boxes, frame_around
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.rereading import words_in
from cml_mm.media.raster.sheet import Frame, Sheet
from cml_mm.media.raster.strokes import Ink
from cml_mm.media.raster.words import Word
from cml_mm.ports import Ocr

_LETTER_HIGH = (0.22, 1.1)  # lines of text
_LETTER_WIDE = (0.06, 1.6)
_APART = 0.35  # lines of text between two letters of a word
_APART_WORDS = 0.6  # and between a word and what it lacks
_LEVEL = 0.5  # of the lower one's height that two neighbours overlap
_MARGIN = 0.3  # lines of text around what is read
_DOUBTFUL = 0.95
_SURE = 0.9  # from which on what was read anew is believed
_MOST = 24  # places on one picture


@dataclass(frozen=True)
class _Place:
    """A frame to be read; `known` are the words already read in it."""

    frame: Frame
    known: tuple[Word, ...]


def with_missed_words(sheet: Sheet, found: Boxes, ink: Ink, words: Sequence[Word], ocr: Ocr | None) -> Boxes:
    """Reads again, at the height of the sheet's letters, where ink between boxes looks like letters.

    Args:
        ink: without the words that are known, so that letters left over show.
        words: those known, with their frames as trimmed to the ink.

    Returns: the same boxes with words added to `free`, or words there replaced by longer or surer ones.
    """
    if ocr is None:
        return found
    places = _places(_letters(ink, sheet.unit), words, sheet.unit)
    if not places or len(places) > _MOST:
        return found
    more = _MARGIN * sheet.unit
    frames = [(a - more, b - more, c + more, d + more) for a, b, c, d in (place.frame for place in places)]
    free = list(found.free)
    changed = False
    for place, read in zip(places, words_in(sheet, frames, ocr), strict=True):
        good = [word for word in read if word.confidence >= _SURE and sum(sign.isalnum() for sign in word.text) > 1]
        if not good or not _is_better(good, place.known):
            continue
        free = [word for word in free if not any(stands_in(known, word) for known in place.known)]
        free.extend(good)
        changed = True
    return replace(found, free=tuple(free)) if changed else found


def _letters(ink: Ink, unit: float) -> list[Frame]:
    """Pieces of ink as large as letters."""
    cv2 = opencv()
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.lines.astype(np.uint8), connectivity=8)
    frames = []
    for x, y, w, h, area in stats[1:].tolist():
        high = _LETTER_HIGH[0] * unit < h < _LETTER_HIGH[1] * unit
        if high and _LETTER_WIDE[0] * unit < w < _LETTER_WIDE[1] * unit and area > 0.01 * unit * unit:
            frames.append((float(x), float(y), float(x + w), float(y + h)))
    return frames


def _places(letters: Sequence[Frame], words: Sequence[Word], unit: float) -> list[_Place]:
    """Rows of letters that no word was read from, words with letters beside them, and doubtful words."""
    groups: list[tuple[list[Frame], list[Word]]] = [([], [word]) for word in words if len(word.text) > 1]
    for letter in sorted(letters):
        near = [group for group in groups if any(_goes_with(letter, frame, unit) for frame in _frames(group, unit))]
        merged: tuple[list[Frame], list[Word]] = ([letter], [])
        for group in near:
            merged[0].extend(group[0])
            merged[1].extend(group[1])
        groups = [group for group in groups if not any(group is one for one in near)] + [merged]
    places = []
    for pieces, known in groups:
        if known and not pieces and min(word.confidence for word in known) >= _DOUBTFUL:
            continue
        if len(pieces) + 2 * len(known) < 2:
            continue
        places.append(_Place(frame_around([*pieces, *(word.frame for word in known)]), tuple(known)))
    return places


def _frames(group: tuple[list[Frame], list[Word]], unit: float) -> list[Frame]:
    more = (_APART_WORDS - _APART) * unit
    wider = [(a - more, b, c + more, d) for a, b, c, d in (word.frame for word in group[1])]
    return [*group[0], *wider]


def _goes_with(letter: Frame, other: Frame, unit: float) -> bool:
    gap = max(letter[0] - other[2], other[0] - letter[2])
    level = min(letter[3], other[3]) - max(letter[1], other[1])
    return gap < _APART * unit and level > _LEVEL * min(letter[3] - letter[1], other[3] - other[1])


def _is_better(read: Sequence[Word], known: Sequence[Word]) -> bool:
    """Whether new words say at least as much as the ones known, and more of it or more surely."""
    new, old = sum(len(word.text) for word in read), sum(len(word.text) for word in known)
    if not known:
        return True
    if [word.text for word in read] == [word.text for word in known]:
        return False
    surer = min(word.confidence for word in read) > min(word.confidence for word in known)
    return new > old or (new == old and surer)


def stands_in(word: Word, other: Word) -> bool:
    """Whether the middle of a word lies within another's frame."""
    x, y = word.middle
    return other.frame[0] <= x <= other.frame[2] and other.frame[1] <= y <= other.frame[3]

"""A picture of a diagram as a graph.

Even patches that hold words are boxes; what is inked between them is thinned to middle lines,
which are followed from box to box, straight on at crossings; a line's head is where it gets wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cml_mm.diagrams.values import Diagram
from cml_mm.media.raster.boxes import Boxes, boxes_on
from cml_mm.media.raster.composing import composed, without_structure
from cml_mm.media.raster.containers import with_drawn_frames
from cml_mm.media.raster.focusing import in_focus
from cml_mm.media.raster.frames import with_blank_frames
from cml_mm.media.raster.icons import with_icons
from cml_mm.media.raster.lines import Line, lines_on
from cml_mm.media.raster.missed_words import stands_in, with_missed_words
from cml_mm.media.raster.placing import labels_of
from cml_mm.media.raster.regions import Regions, regions_of
from cml_mm.media.raster.rereading import read_again
from cml_mm.media.raster.sheet import Sheet, spread_out
from cml_mm.media.raster.signs import with_signs
from cml_mm.media.raster.strokes import ink_of
from cml_mm.media.raster.text_nodes import with_pointed_words, with_text_nodes
from cml_mm.media.raster.words import Word, words_on
from cml_mm.ports import Ocr, OcrLine, Picture

_SMALLEST_PX = 24
_MOST_INKED = 0.3  # of the picture; more is a photo or a texture and no drawing
_MOST_FREE = 2.0  # labels outside of boxes for each box, from which on the boxes are not what matters
_FREE_ANYWAY = 8
_LINES_ANYWAY = 0.5  # lines for each box from which on they are believed all the same

NOTHING = "No diagram was found on this picture; its words can be searched all the same."
NO_WORDS = "No words were found on this picture, so no diagram could be read."
NO_LINES = "Boxes were found, but no lines between them."
MANY_WORDS = (
    "Most words on this picture stand outside of any box that could be made out, so its structure was not read; "
    "the words are kept as they stand."
)


@dataclass(frozen=True)
class _Seen:
    """What was made out on a sheet."""

    sheet: Sheet
    regions: Regions
    found: Boxes
    lines: list[Line]
    words: tuple[Word, ...]  # outside of boxes


def read_picture_diagram(picture: Picture, lines: Sequence[OcrLine], ocr: Ocr | None, face: str) -> Diagram:
    """Reads boxes, arrows and their words.

    Args:
        picture: shape (height, width, 3), RGB, without transparency.
        lines: the text on it, with boxes in its pixels.
        ocr: reads parts again that were read badly; None for never.
        face: which page or picture of its file it is.

    Returns: a diagram in this picture's pixels. Where no structure can be read it has no edges, its
        notices say why, and the words are in `unplaced`.
    """
    if min(picture.shape[:2]) < _SMALLEST_PX:
        return without_structure(picture, lines, face, NOTHING)
    if not lines:
        return without_structure(picture, lines, face, NO_WORDS)
    picture, lines = in_focus(picture, lines, ocr)
    sheet = spread_out(picture, lines)
    words = words_on(sheet, lines)
    regions = regions_of(sheet)
    found = with_blank_frames(sheet, regions, boxes_on(sheet, regions, words))
    found = with_drawn_frames(sheet, regions, found)
    found = read_again(sheet, regions, with_icons(sheet, regions, found), ocr)
    seen = _followed(sheet, regions, found, ocr)
    if seen is None:
        return without_structure(picture, lines, face, NOTHING)
    doubt = _doubt(seen)
    if doubt in (NOTHING, MANY_WORDS):
        return without_structure(picture, lines, face, doubt)
    return composed(sheet, regions, seen.found, seen.lines, seen.words, face, (doubt,) if doubt else ())


def _followed(sheet: Sheet, regions: Regions, found: Boxes, ocr: Ocr | None) -> _Seen | None:
    """Follows the lines, to words without an outline too; None on a texture."""
    ink, words = ink_of(sheet, regions, found)
    if ink.lines.mean() > _MOST_INKED:
        return None
    known = set(found.free)
    complete = with_missed_words(sheet, found, ink, words, ocr)
    if complete is not found:
        found = complete
        ink, words = ink_of(sheet, regions, found)
    # Words that touch a line are what the first reading misses: they are said on it, and no end of it.
    late = tuple(word for word in found.free if word not in known)
    worded = with_text_nodes(sheet, found, ink, words)
    drawn = lines_on(sheet, found, ink, words) if worded is found else []
    if worded is found:
        early = [word for word in words if not any(stands_in(word, one) for one in late)]
        worded = with_pointed_words(sheet, found, ink, early, drawn)
        if worded is not found:
            worded = replace(worded, free=(*worded.free, *late))
    if worded is not found:
        found = worded
        ink, words = ink_of(sheet, regions, found)
        drawn = lines_on(sheet, found, ink, words)
    return _Seen(sheet, regions, found, drawn, with_signs(sheet, ink, words, drawn))


def _doubt(seen: _Seen) -> str:
    """Why what was made out is not all of it, "" where nothing speaks against it."""
    boxes = len(seen.found.boxes)
    free = len(labels_of(seen.words, seen.sheet.unit)) - len(seen.lines)
    if boxes == 0:
        return NOTHING
    if free > _MOST_FREE * boxes + _FREE_ANYWAY and len(seen.lines) < _LINES_ANYWAY * boxes:
        return MANY_WORDS
    return "" if seen.lines else NO_LINES

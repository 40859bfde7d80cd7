"""The diagram on a slide, if it holds one: looked for only where boxes with words in them stand, and only there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cml_mm.diagrams.moving import moved
from cml_mm.diagrams.values import Diagram
from cml_mm.media.film.condensing import inked_on
from cml_mm.media.film.tiles import Mask
from cml_mm.media.picture_diagrams import diagram_on
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.recognised import Recognised
from cml_mm.ports import OcrLine, Picture
from cml_mm.types import Box

_FEWEST_BOXES = 2
_MOST_LINES = 4  # in one box; more is a text in a frame
_LARGEST = 0.25  # of the picture, that a box may take up
_MARGIN = 30  # part of the picture's longer side around a diagram

_Place = tuple[int, int, int, int]  # left, top, width, height


def diagram_of(
    picture: Picture, lines: Sequence[OcrLine], mute: Mask, face: str, width_px: int, height_px: int
) -> Diagram | None:
    """Reads the diagram on a frame.

    Args:
        picture: shape (height, width, 3), RGB.
        lines: the words on it, in its pixels.
        mute: the tiles that move, over the whole picture.
        face: the key of the frame.
        width_px, height_px: the measure in which its boxes are given.

    Returns: None where no boxes with lines between them can be read.
    """
    region = _region(picture, lines, mute)
    if region is None:
        return None
    left, top, width, height = region
    part = np.ascontiguousarray(picture[top : top + height, left : left + width])
    inside = tuple(
        OcrLine(line.text, Box(line.box.x - left, line.box.y - top, line.box.w, line.box.h, width, height),
                line.confidence, line.turns)
        for line in lines
        if _holds(region, line)
    )  # fmt: skip
    found = diagram_on(part, Recognised(found=inside), None, face).diagram
    if not found.has_structure:
        return None
    across, down = width_px / picture.shape[1], height_px / picture.shape[0]
    return moved(found, across, down, width_px, height_px, left * across, top * down)


def _region(picture: Picture, lines: Sequence[OcrLine], mute: Mask) -> _Place | None:
    """The place of boxes that hold words, and of the lines that are joined to them."""
    cv2 = opencv()
    height, width = picture.shape[:2]
    moves = cv2.resize(mute.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    inked = (inked_on(picture) & ~moves).astype(np.uint8)
    contours, tree = cv2.findContours(inked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return None
    boxes: list[_Place] = []
    around: set[int] = set()
    for contour, (_, _, _, parent) in zip(contours, tree[0], strict=True):
        place: _Place = cv2.boundingRect(contour)
        if parent < 0 or place[2] * place[3] > _LARGEST * width * height:
            continue
        held = sum(_holds(place, line) for line in lines if line.box.h < place[3])
        if 1 <= held <= _MOST_LINES:
            boxes.append(place)
            around.add(parent)
    if len(boxes) < _FEWEST_BOXES:
        return None
    joined = [cv2.boundingRect(contours[number]) for number in around]
    margin = max(width, height) // _MARGIN
    left = max(0, min(one[0] for one in joined) - margin)
    top = max(0, min(one[1] for one in joined) - margin)
    right = min(width, max(one[0] + one[2] for one in joined) + margin)
    foot = min(height, max(one[1] + one[3] for one in joined) + margin)
    return left, top, right - left, foot - top


def _holds(place: _Place, line: OcrLine) -> bool:
    x, y = line.box.x + line.box.w / 2, line.box.y + line.box.h / 2
    return place[0] < x < place[0] + place[2] and place[1] < y < place[1] + place[3]

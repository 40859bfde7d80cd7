"""The picture as it is worked on: straightened, quieted, and enlarged so that letters have one height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.paper import paper_corners
from cml_mm.media.raster.skew import skew_degrees
from cml_mm.ports import OcrLine, Picture
from cml_mm.types import Box

Matrix = NDArray[np.float64]
Frame = tuple[float, float, float, float]  # left, top, right, foot

LETTERS_PX = 48.0  # height of a line of text on the sheet
LONGEST_PX = 3000
MOST_PX = 6_000_000
_MOST_ENLARGED = 3.0
_NOISY = 3.0  # standard deviation of grain, in grey levels
_OF_RINGING = 1.2  # standard deviations of grain that a step of ringing counts as
_CLIPPED = 1.5
CLEAN_GRAIN = 2.0  # with more grain, ringing cannot be told from it
_MOST_RINGING = 7.0
_LEAST_SKEW_DEGREES = 0.4
_USUAL_LINE_PX = 18.0  # where no text tells it


@dataclass(frozen=True)
class Sheet:
    """`pixels` has shape (height, width, 3), RGB; `there` maps points of the picture to it, `back` the other way."""

    pixels: Picture
    there: Matrix
    back: Matrix
    unit: float  # height of a line of text, in pixels of the sheet
    grain: float  # noise that the picture had, standard deviation in grey levels
    straightened: bool
    of_w: int  # the picture's own size
    of_h: int

    def point_back(self, x: float, y: float) -> tuple[float, float]:
        """A point of the sheet on the picture, kept inside it."""
        u, v = mapped(self.back, np.array([[x, y]]))[0]
        return float(np.clip(u, 0, self.of_w)), float(np.clip(v, 0, self.of_h))

    def box_back(self, frame: Frame) -> Box:
        """What a frame on the sheet covers of the picture."""
        left, top, right, foot = frame
        corners = mapped(self.back, np.array([[left, top], [right, top], [right, foot], [left, foot]]))
        low = np.clip(corners.min(axis=0), 0, [self.of_w, self.of_h])
        high = np.clip(corners.max(axis=0), 0, [self.of_w, self.of_h])
        w, h = (float(value) for value in np.maximum(high - low, 1.0))
        return Box(float(low[0]), float(low[1]), w, h, float(self.of_w), float(self.of_h))


def mapped(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of shape (n, 2) through a homography of shape (3, 3)."""
    across = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    result: NDArray[np.float64] = across[:, :2] / across[:, 2:]
    return result


def spread_out(picture: Picture, lines: Sequence[OcrLine]) -> Sheet:
    """Flattens a photographed page, turns a crooked one level, and brings letters to one height.

    Args:
        picture: shape (height, width, 3), RGB.
        lines: the text on it, whose height sets the scale.

    Returns: the sheet. All is done in one step of resampling, which keeps thin lines sharp.
    """
    cv2 = opencv()
    height, width = picture.shape[:2]
    grain = grain_of(picture)
    if grain >= CLEAN_GRAIN:
        grain *= _CLIPPED  # on white paper half of the noise is cut off
    else:
        grain = max(grain, min(_MOST_RINGING, _OF_RINGING * ringing_of(picture)))
    quiet = _quieted(picture, grain)
    corners = paper_corners(quiet)
    there, w, h = _flat(corners, width, height)
    skew = skew_degrees(quiet, there, w, h)
    line_px = _line_height(lines)
    scale = min(_MOST_ENLARGED, LETTERS_PX / line_px, LONGEST_PX / max(w, h), (MOST_PX / (w * h)) ** 0.5)
    turned = abs(skew) >= _LEAST_SKEW_DEGREES
    there, w, h = _turned(there, w, h, skew if turned else 0.0, scale)
    size = (max(1, round(w)), max(1, round(h)))
    way = cv2.INTER_AREA if scale < 0.7 else cv2.INTER_CUBIC
    if corners is None and not turned:
        pixels = cv2.resize(quiet, size, interpolation=way)
    else:
        pixels = cv2.warpPerspective(quiet, there, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    return Sheet(
        pixels,
        there,
        np.asarray(np.linalg.inv(there), dtype=np.float64),
        line_px * scale,
        grain,
        corners is not None or turned,
        width,
        height,
    )


def grain_of(picture: Picture) -> float:
    """How strong the noise is: the median answer of a second difference, which lines hardly move.

    After Immerkær, "Fast noise variance estimation" (CVIU 1996), with a median for its mean.
    """
    cv2 = opencv()
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    return float(np.median(np.abs(cv2.filter2D(grey, -1, kernel)))) / (6 * 0.6745)


def ringing_of(picture: Picture) -> float:
    """How uneven the ground is a few pixels beside strong edges, as strong compression leaves it."""
    cv2 = opencv()
    kernel = np.ones((3, 3), np.uint8)
    step = (cv2.dilate(picture, kernel) - cv2.erode(picture, kernel)).max(axis=2)
    strong = (step > 60).astype(np.uint8)
    near, nearer = cv2.dilate(strong, np.ones((15, 15), np.uint8)), cv2.dilate(strong, np.ones((9, 9), np.uint8))
    beside = step[(near > 0) & (nearer == 0)]
    return float(np.percentile(beside, 80)) if len(beside) > 50 else 0.0


def _quieted(picture: Picture, grain: float) -> Picture:
    if grain < _NOISY:
        return picture
    cv2 = opencv()
    once: Picture = cv2.bilateralFilter(picture, 7, 3.5 * grain, 2.0)
    return np.asarray(cv2.bilateralFilter(once, 5, 2.0 * grain, 1.5), dtype=np.uint8)


def _line_height(lines: Sequence[OcrLine]) -> float:
    heights = [min(line.box.w, line.box.h) for line in lines if len(line.text) > 1] or [_USUAL_LINE_PX]
    return max(6.0, float(np.median(heights)))


def _flat(corners: NDArray[np.float64] | None, width: int, height: int) -> tuple[Matrix, float, float]:
    """The map to a page seen from straight above, and that page's size."""
    if corners is None:
        return np.eye(3), float(width), float(height)
    cv2 = opencv()
    upper, lower = np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[3])
    left, right = np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[2] - corners[1])
    w, h = float(upper + lower) / 2, float(left + right) / 2
    flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), flat), dtype=np.float64), w, h


def _turned(there: Matrix, w: float, h: float, degrees: float, scale: float) -> tuple[Matrix, float, float]:
    """The same map, turned back by so many degrees and enlarged; the sheet grows to hold all of it."""
    angle = np.radians(-degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    around = mapped(turn, np.array([[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]]))
    low, high = around.min(axis=0), around.max(axis=0)
    move: Any = np.array([[scale, 0.0, -scale * low[0]], [0.0, scale, -scale * low[1]], [0.0, 0.0, 1.0]])
    # Pixels are squares around their middle, so enlarging moves them by half of one.
    half = np.array([[1.0, 0.0, (scale - 1) / 2], [0.0, 1.0, (scale - 1) / 2], [0.0, 0.0, 1.0]])
    size = scale * (high - low)
    return half @ move @ turn @ there, float(size[0]), float(size[1])

"""The same picture again: finds an earlier page, slide or picture from a crop, an inset or a photo of it.

Corner points with binary descriptors (ORB; Rublee et al., ICCV 2011) are compared in two steps:
some bits of each are looked up, for a vote on which pictures are worth a closer look; then
those few are compared one by one, where the points that agree on one perspective (RANSAC; Fischler and
Bolles, 1981) are counted. It knows nothing of what a picture shows, so it needs no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.ports import Picture
from cml_mm.types import Box
from cml_mm.visits import PictureFeatures

LONGEST_PX = 900  # of the picture that points are looked for in
MOST_POINTS = 1_000
FEWEST_POINTS = 15  # a picture with fewer, such as an empty page, cannot be told from others
TABLES = 8  # of hashed bits; a descriptor and its like meet in at least one of them, mostly
KEY_BITS = 16  # of 256 that make a key
BLOCK = 50_000  # descriptors whose bits are spread out at once, which takes eight times their memory
CROWD = 800  # descriptors under one key: a rule or a corner of a box, which says nothing
NEAR_BITS = 46  # that may differ between two descriptors of one point
HALF_BITS = 12.0  # so many more, and a pair counts half
LOOKED_AT = 24  # pictures that get a closer look
CERTAIN = 60  # points that agree: nobody else needs to be looked at
RATIO = 0.78  # of the nearest descriptor's distance to the next one's (Lowe, IJCV 2004)
STRAY = 8.0  # thousandths of a side that a point may be off
FEWEST_AGREEING = 14
LEAST_SHARE = 0.18  # of the pairs compared that must agree
LEAST_LEAD = 1.25  # over the next best picture, for it to be named alone


@dataclass(frozen=True)
class Seen:
    """A picture of the shelf that shows what was asked about: how many points agree, and where on it."""

    row: int  # its place on the shelf
    agreeing: int
    x: float  # shares of its width and height
    y: float
    w: float
    h: float

    def box(self, width: float, height: float) -> Box:
        """The place in the picture's own units."""
        return Box(self.x * width, self.y * height, self.w * width, self.h * height, width, height)


def features_of(picture: Picture, face: str) -> PictureFeatures | None:
    """The points that a picture is recognised by.

    Args:
        picture: shape (height, width, 3), RGB.
        face: which page or picture of its file it is.

    Returns: None for a picture with too few of them, such as an empty page.
    """
    cv2 = _opencv()
    height, width = picture.shape[:2]
    scale = min(1.0, LONGEST_PX / max(height, width))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    points, descriptors = _orb(grey)
    if len(points) < FEWEST_POINTS:
        return None
    sides = np.array([grey.shape[1], grey.shape[0]], dtype=np.float32)
    return PictureFeatures(face, points / sides, descriptors)


class PictureShelf:
    """Pictures that can be recognised again; holds about 90 kB a picture."""

    def __init__(self, pictures: Sequence[PictureFeatures]) -> None:
        self.pictures = tuple(pictures)
        sizes = [len(picture.descriptors) for picture in self.pictures]
        self._owners = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        stacked = [picture.descriptors for picture in self.pictures]
        self._descriptors = np.concatenate(stacked) if stacked else np.zeros((0, 32), dtype=np.uint8)
        keys = _keys(self._descriptors)
        self._orders = [np.argsort(table, kind="stable").astype(np.int32) for table in keys]
        self._keys = [table[order] for table, order in zip(keys, self._orders, strict=True)]

    def find(self, picture: PictureFeatures, limit: int = 3) -> tuple[Seen, ...]:
        """Those of the shelf that show the same, most surely first.

        Args:
            picture: what is asked about: the whole, a part, or a photo with more around it.
            limit: how many at most.

        Returns: one where it stands out, several where they are alike, none where nothing agrees.
        """
        seen: list[Seen] = []
        for row in self._worth_a_look(picture):
            found = _compared(picture, self.pictures[row], row)
            if found:
                seen.append(found)
                if found.agreeing >= CERTAIN and len(seen) > 1:
                    break
        seen.sort(key=lambda one: -one.agreeing)
        alike = [one for one in seen if one.agreeing * LEAST_LEAD >= seen[0].agreeing]
        return tuple(alike[:limit])

    def _worth_a_look(self, picture: PictureFeatures) -> list[int]:
        """The pictures that hold most points like those of this one; a point that few hold weighs more."""
        points, candidates = self._candidates(picture)
        wide = picture.descriptors.view(np.uint64), self._descriptors.view(np.uint64)
        bits = np.bitwise_count(wide[0][points] ^ wide[1][candidates]).sum(axis=1, dtype=np.int64)
        near = bits <= NEAR_BITS
        pairs = points[near] * np.int64(len(self.pictures)) + self._owners[candidates[near]]
        order = np.lexsort((bits[near], pairs))
        pairs, firsts = np.unique(pairs[order], return_index=True)
        alike = np.exp2(-bits[near][order][firsts] / HALF_BITS)  # of each point and picture the nearest pair
        asked, rows = np.divmod(pairs, len(self.pictures))
        shared = np.bincount(asked, weights=alike, minlength=len(picture.points))
        votes = np.bincount(rows, weights=alike**2 / shared[asked], minlength=len(self.pictures))
        best = np.argsort(-votes, kind="stable")[:LOOKED_AT]
        return [int(row) for row in best if votes[row] > 0]

    def _candidates(self, picture: PictureFeatures) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Points of the picture and descriptors of the shelf that share a key, pair by pair."""
        points, found = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for known, order, asked in zip(self._keys, self._orders, _keys(picture.descriptors), strict=True):
            starts, ends = np.searchsorted(known, asked, "left"), np.searchsorted(known, asked, "right")
            counts = np.where(ends - starts <= CROWD, ends - starts, 0)
            points.append(np.repeat(np.arange(len(asked)), counts))
            steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            found.append(order[np.repeat(starts, counts) + steps].astype(np.int64))
        return np.concatenate(points), np.concatenate(found)


def _keys(descriptors: NDArray[np.uint8]) -> list[NDArray[np.uint16]]:
    """Of every descriptor one key a table: some of its bits, chosen once for all (Indyk and Motwani, STOC 1998)."""
    chosen = np.random.default_rng(7).permutation(256)[: TABLES * KEY_BITS].reshape(TABLES, KEY_BITS)
    weights = (1 << np.arange(KEY_BITS, dtype=np.uint16)).astype(np.float32)  # a product of floats is the quick one
    keys = [np.empty(len(descriptors), dtype=np.uint16) for _ in chosen]
    for start in range(0, len(descriptors), BLOCK):
        bits = np.unpackbits(descriptors[start : start + BLOCK], axis=1)
        for table, places in zip(keys, chosen, strict=True):
            table[start : start + BLOCK] = bits[:, places].astype(np.float32) @ weights
    return keys


def _opencv() -> Any:
    """OpenCV on one thread; its own type hints lack half of what is used here."""
    import cv2

    cv2.setNumThreads(1)
    return cv2


def _orb(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Points in pixels, shape (n, 2), strongest first, and their descriptors, shape (n, 32)."""
    cv2 = _opencv()
    orb = cv2.ORB_create(nfeatures=MOST_POINTS, scaleFactor=1.2, nlevels=8, fastThreshold=12)
    points, descriptors = orb.detectAndCompute(grey, None)
    if descriptors is None:
        return np.zeros((0, 2), dtype=np.float32), np.zeros((0, 32), dtype=np.uint8)
    order = np.argsort([-point.response for point in points], kind="stable")
    places = np.array([points[at].pt for at in order], dtype=np.float32)
    return places, np.ascontiguousarray(descriptors[order])


def _compared(asked: PictureFeatures, known: PictureFeatures, row: int) -> Seen | None:
    """How many points of two pictures agree on one perspective; None where too few do."""
    cv2 = _opencv()
    found = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(asked.descriptors, known.descriptors, k=2)
    clear = [pair[0] for pair in found if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(clear) < FEWEST_AGREEING:
        return None
    from_ = asked.points[[match.queryIdx for match in clear]]
    to = known.points[[match.trainIdx for match in clear]]
    matrix, mask = cv2.findHomography(1000 * from_, 1000 * to, cv2.USAC_MAGSAC, STRAY, maxIters=2000, confidence=0.999)
    if matrix is None:
        return None
    held = mask.ravel().astype(bool)
    # Many points of the one may meet in a single one of the other: they count once.
    agreeing = min(len({tuple(point) for point in side[held].round(3).tolist()}) for side in (from_, to))
    if agreeing < max(FEWEST_AGREEING, LEAST_SHARE * len(clear)) or not _is_a_view(matrix):
        return None
    place = to[held]
    left, top = place.min(axis=0).clip(0, 1)
    right, foot = place.max(axis=0).clip(0, 1)
    return Seen(row, int(agreeing), float(left), float(top), float(right - left), float(foot - top))


def _is_a_view(matrix: NDArray[np.float64]) -> bool:
    """Whether a perspective could be one of a camera: not turned inside out, not squeezed to a line."""
    square = np.array([[0, 0, 1], [1000, 0, 1], [1000, 1000, 1], [0, 1000, 1]], dtype=np.float64)
    corners = square @ matrix.T
    if (corners[:, 2] <= 1e-6).any():
        return False
    x, y = (corners[:, :2] / corners[:, 2:] / 1000).T
    turns = [
        (x[(i + 1) % 4] - x[i]) * (y[(i + 2) % 4] - y[(i + 1) % 4])
        - (y[(i + 1) % 4] - y[i]) * (x[(i + 2) % 4] - x[(i + 1) % 4])
        for i in range(4)
    ]
    area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
    return bool(min(turns) > 0 and 1e-3 < area < 1e3)

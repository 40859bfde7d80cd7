"""What happens to pictures on their way: compression, blur, grain, a skewed scan, a photo, a smaller copy.

Where the picture is bent, the truth's places are bent with it.
"""

from __future__ import annotations

import io
import math
import random
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cml_mm.diagrams.values import Diagram, Point
from cml_mm.types import Box

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]  # shape (3, 3): from a place on the clean picture to one on the spoilt
SPOILS = ("jpeg", "blur", "grain", "skew", "photo", "shrink")
_TABLE = "#a89f8d"


def kind_in_turn(number: int, layouts: int) -> str:
    """Which damage the picture of a number gets, when every so many layouts come again: each layout gets each."""
    return SPOILS[(number + number // layouts) % len(SPOILS)]


def spoilt(picture: Picture, diagram: Diagram, kind: str, chance: random.Random) -> tuple[Picture, Diagram]:
    """A picture and its diagram after one of `SPOILS`.

    Args:
        picture: shape (height, width, 3), RGB.
        diagram: its places are of this picture.
        chance: how much of it.
    """
    image = Image.fromarray(picture)
    corner = tuple(int(value) for value in picture[2, 2])
    if kind == "jpeg":
        return _jpeg(image, chance.randint(25, 40)), diagram
    if kind == "blur":
        return np.asarray(image.filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 1.3)))), diagram
    if kind == "grain":
        grain = np.random.default_rng(chance.randrange(10**6)).normal(0, chance.uniform(7, 13), picture.shape[:2])
        return np.clip(picture + grain[:, :, None], 0, 255).astype(np.uint8), diagram
    if kind == "skew":
        return _skewed(image, diagram, chance.choice((-1, 1)) * chance.uniform(0.8, 3.5), corner)
    if kind == "shrink":
        share = chance.uniform(0.58, 0.75)
        size = (round(image.width * share), round(image.height * share))
        matrix = np.diag([size[0] / image.width, size[1] / image.height, 1.0])
        return np.asarray(image.resize(size, Image.Resampling.LANCZOS)), moved(diagram, matrix, size)
    return _photo(image, diagram, chance)


def moved(diagram: Diagram, matrix: Matrix, size: tuple[int, int]) -> Diagram:
    """A diagram on a bent picture; boxes stay upright and grow around their bent corners."""

    def point(spot: Point) -> Point:
        x, y, w = matrix @ np.array([spot[0], spot[1], 1.0])
        return float(x / w), float(y / w)

    def box(old: Box | None) -> Box | None:
        if old is None:
            return None
        corners = [point((old.x + dx * old.w, old.y + dy * old.h)) for dx in (0, 1) for dy in (0, 1)]
        left, top = (min(corner[axis] for corner in corners) for axis in (0, 1))
        right, foot = (max(corner[axis] for corner in corners) for axis in (0, 1))
        return Box(left, top, right - left, foot - top, *size)

    return replace(
        diagram,
        nodes=tuple(replace(node, box=box(node.box)) for node in diagram.nodes),
        containers=tuple(replace(one, box=box(one.box)) for one in diagram.containers),
        unplaced=tuple(replace(text, box=box(text.box)) for text in diagram.unplaced),
        edges=tuple(
            replace(edge, polyline=tuple(map(point, edge.polyline)), label_box=box(edge.label_box))
            for edge in diagram.edges
        ),
        width=size[0],
        height=size[1],
    )


def _jpeg(image: Image.Image, quality: int) -> Picture:
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=quality)
    return np.asarray(Image.open(kept).convert("RGB"))


def _skewed(image: Image.Image, diagram: Diagram, degrees: float, paper: tuple[int, ...]) -> tuple[Picture, Diagram]:
    turned = image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=paper)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    to_middle = np.array([[1, 0, -image.width / 2], [0, 1, -image.height / 2], [0, 0, 1.0]])
    around = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1.0]])
    back = np.array([[1, 0, turned.width / 2], [0, 1, turned.height / 2], [0, 0, 1.0]])
    return np.asarray(turned), moved(diagram, back @ around @ to_middle, turned.size)


def _photo(image: Image.Image, diagram: Diagram, chance: random.Random) -> tuple[Picture, Diagram]:
    """The sheet lies on a table, is seen from the side, unevenly lit, and compressed."""
    margin = round(0.07 * min(image.size)) + 10
    table = Image.new("RGB", (image.width + 2 * margin, image.height + 2 * margin), _TABLE)
    table.paste(image, (margin, margin))
    width, height = table.size
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    seen = [(x + chance.uniform(-0.5, 0.5) * margin, y + chance.uniform(-0.5, 0.5) * margin) for x, y in corners]
    onto = _through(corners, seen)
    back = np.linalg.inv(onto)
    back /= back[2, 2]
    bent = table.transform(
        table.size, Image.Transform.PERSPECTIVE, tuple(back.ravel()[:8]), Image.Resampling.BICUBIC, fillcolor=_TABLE
    )
    light = (
        np.linspace(chance.uniform(0.72, 0.92), 1.04, width)[None, :]
        * np.linspace(1.0, chance.uniform(0.85, 1.0), height)[:, None]
    )
    tinted = np.asarray(bent, np.float64) * light[:, :, None] * np.array([1.0, 0.98, 0.94])
    shift = np.array([[1, 0, margin], [0, 1, margin], [0, 0, 1.0]])
    picture = _jpeg(Image.fromarray(np.clip(tinted, 0, 255).astype(np.uint8)), 65)
    return picture, moved(diagram, onto @ shift, table.size)


def _through(here: list[Point], there: list[Point]) -> Matrix:
    """The projection that takes four points to four others (the eight linear equations of a homography)."""
    rows, right = [], []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(right)), 1.0).reshape(3, 3)

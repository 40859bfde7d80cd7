"""What moves in made-up lectures: turns from slide to slide, a cursor, somebody talking, a camera's noise."""

from __future__ import annotations

import math
import random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.lecture_styles import HEIGHT_PX, WIDTH_PX

Frame = NDArray[np.uint8]  # height × width × 3, RGB

_CURSOR = ((0, 0), (0, 22), (5, 17), (9, 26), (13, 24), (9, 16), (16, 16))
_FIELDS = 6  # different grains of noise, taken in turn
_ROOMS = 24  # pictures of a swaying room, six of them a second


def turned(old: Frame, new: Frame, kind: str, done: float) -> Frame:
    """A frame between two slides.

    Args:
        old: the slide that goes.
        new: the slide that comes, of the same size.
        kind: "fade", "wipe" (from the left), "curtain" (from the middle), "slide-in" (over the old one) or "push".
        done: how much of the turn is over, 0 to 1.

    Raises:
        ValueError: there is no such turn.
    """
    high, wide, _ = old.shape
    edge = round(done * wide)
    frame = old.copy()
    if kind == "fade":
        mixed = (1 - done) * old.astype(np.float32) + done * new.astype(np.float32)
        return mixed.astype(np.uint8)
    if kind == "wipe":
        frame[:, :edge] = new[:, :edge]
    elif kind == "curtain":
        half = round(done * high / 2)
        middle = high // 2
        frame[middle - half : middle + half] = new[middle - half : middle + half]
    elif kind in ("slide-in", "push"):
        if kind == "push":
            frame[:, : wide - edge] = old[:, edge:]
        frame[:, wide - edge :] = new[:, :edge]
    else:
        raise ValueError(kind)
    return frame


class Cursor:
    """An arrow that wanders from place to place and rests there for some seconds."""

    def __init__(self, seconds: float, chance: random.Random) -> None:
        self._stops: list[tuple[float, float, float]] = [(0.0, chance.uniform(200, 1000), chance.uniform(200, 600))]
        clock = 0.0
        while clock < seconds:
            clock += chance.uniform(0.8, 4.0)  # it rests
            self._stops.append((clock, *self._stops[-1][1:]))
            clock += chance.uniform(0.3, 1.5)  # it moves
            self._stops.append((clock, chance.uniform(40, 1220), chance.uniform(120, 680)))

    def drawn(self, frame: Frame, seconds: float) -> None:
        """Draw it onto a frame."""
        clocks = [stop[0] for stop in self._stops]
        x, y = (float(np.interp(seconds, clocks, [stop[axis] for stop in self._stops])) for axis in (1, 2))
        left, top = round(x), round(y)
        patch = frame[top : top + 30, left : left + 20]
        image = Image.fromarray(patch)
        ImageDraw.Draw(image).polygon(_CURSOR, fill="white", outline="black")
        patch[:] = np.asarray(image)


class Talker:
    """Somebody who talks before a blurred room that fills a rectangle of the frame; all of it moves, and is grainy."""

    def __init__(self, rect: tuple[int, int, int, int], chance: random.Random, person: float = 0.5) -> None:
        """What stays the same of them.

        Args:
            rect: left, top, width and height in pixels.
            chance: gives room, skin and shirt.
            person: how far to the right of it the person stands, 0 to 1.
        """
        self.rect = rect
        _, _, wide, high = rect
        grain = np.random.default_rng(chance.getrandbits(32))
        blobs = grain.integers(60, 190, (high // 40 + 3, wide // 40 + 3, 3), dtype=np.uint8)
        room = Image.fromarray(blobs).resize((wide + 60, high + 40), Image.Resampling.BICUBIC)
        self._rooms = [self._grainy(np.asarray(room), place / _ROOMS, grain) for place in range(_ROOMS)]
        self._skin = chance.choice(("#8d5a3b", "#d8a47f", "#f0c8a8", "#5e3a26"))
        self._shirt = chance.choice(("#7a2f4d", "#2f5a7a", "#4a6b2f", "#54457a"))
        self._phase = chance.uniform(0, 6)
        self._unit = min(wide, high, 420) / 10
        self._middle = person * wide

    def drawn(self, frame: Frame, seconds: float, talks: bool) -> None:
        """Draw this moment of theirs onto a frame."""
        left, top, wide, high = self.rect
        place = frame[top : top + high, left : left + wide]
        place[:] = self._rooms[int(seconds * 6) % _ROOMS]
        half = 4.5 * self._unit
        edges = slice(max(0, round(self._middle - half)), min(wide, round(self._middle + half)))
        image = Image.fromarray(place[:, edges])
        self._person(ImageDraw.Draw(image), self._middle - edges.start, high, seconds + self._phase, talks)
        place[:, edges] = np.asarray(image)

    def _grainy(self, room: Frame, turn: float, grain: np.random.Generator) -> Frame:
        """The room as the camera sways, with noise."""
        _, _, wide, high = self.rect
        x, y = round(30 + 12 * math.sin(2 * math.pi * turn)), round(20 + 8 * math.cos(2 * math.pi * turn))
        seen = room[y : y + high, x : x + wide] + grain.normal(0, 3, (high, wide, 1))
        return np.clip(seen, 0, 255).astype(np.uint8)

    def _person(self, draw: ImageDraw.ImageDraw, middle: float, high: int, sway: float, talks: bool) -> None:
        unit = self._unit
        x = middle + unit * 0.5 * math.sin(0.9 * sway)
        y = 0.42 * high + unit * 0.25 * math.sin(1.7 * sway)
        draw.ellipse((x - 3.4 * unit, y + 2.4 * unit, x + 3.4 * unit, high + 4 * unit), fill=self._shirt)
        draw.ellipse((x - 1.8 * unit, y - 2.4 * unit, x + 1.8 * unit, y + 2.4 * unit), fill=self._skin)
        for side in (-0.7, 0.7):
            draw.ellipse(_around(x + side * unit, y - 0.4 * unit, 0.2 * unit, 0.2 * unit), fill="#1a1410")
        open_by = 0.45 * unit * abs(math.sin(11 * sway)) if talks else 0.0
        draw.ellipse(_around(x, y + 1.2 * unit, 0.7 * unit, 0.08 * unit + open_by), fill="#7a2020")
        hand = (x + unit * (2.6 + 0.8 * math.sin(2.1 * sway)), y + unit * (3 + 1.2 * math.sin(3.3 * sway)))
        draw.ellipse(_around(*hand, 0.7 * unit, 0.7 * unit), fill=self._skin)


class Noise:
    """A camera's grain over the whole frame."""

    def __init__(self, deviation: float, chance: random.Random) -> None:
        grain = np.random.default_rng(chance.getrandbits(32))
        self._fields = grain.normal(0, deviation, (_FIELDS, HEIGHT_PX, WIDTH_PX, 1)).round().astype(np.int16)

    def drawn(self, frame: Frame, number: int) -> None:
        seen = frame.astype(np.int16) + self._fields[number % _FIELDS]
        frame[:] = np.clip(seen, 0, 255).astype(np.uint8)


def _around(x: float, y: float, half_wide: float, half_high: float) -> tuple[float, float, float, float]:
    return (x - half_wide, y - half_high, x + half_wide, y + half_high)

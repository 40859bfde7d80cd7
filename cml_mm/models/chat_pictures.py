"""Pictures as a model can take them: opaque, of bounded size and shape; frames of a recording as a film."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.ports import Picture, Still

MOST_RATIO = 16  # of the sides; a model's own limit is 200 or less, and thinner strips show nothing
LEAST_SIDE_PX = 32  # no family's patch is larger than that
_WHITE = 255


def fitted(picture: NDArray[np.uint8], most_px: int) -> Picture:
    """A picture on white, shrunk to `most_px` pixels in all and widened where it is a thin strip.

    Args:
        picture: shape (height, width), (height, width, 3) or (height, width, 4).
        most_px: how many pixels it may have; the sides keep their ratio.
    """
    opaque = _on_white(picture)
    height, width = opaque.shape[:2]
    canvas_h = max(height, math.ceil(width / MOST_RATIO))
    canvas_w = max(width, math.ceil(height / MOST_RATIO))
    scale = min(1.0, math.sqrt(most_px / (canvas_h * canvas_w)))
    if scale < 1.0:
        opaque = _resized(opaque, max(1, int(height * scale)), max(1, int(width * scale)))
    return _framed(opaque, max(LEAST_SIDE_PX, int(canvas_h * scale)), max(LEAST_SIDE_PX, int(canvas_w * scale)))


def _on_white(picture: NDArray[np.uint8]) -> Picture:
    """Transparent parts become white; left alone, a model would see them black."""
    if picture.ndim == 2:
        return np.repeat(picture[:, :, None], 3, axis=2)
    if picture.shape[2] == 3:
        return np.require(picture, requirements="W")  # torch takes no other; what another process drew is read-only
    colour = picture[:, :, :3].astype(np.uint16)
    cover = picture[:, :, 3:4].astype(np.uint16)
    return ((colour * cover + _WHITE * (255 - cover) + 127) // 255).astype(np.uint8)


def _resized(picture: Picture, height: int, width: int) -> Picture:
    """Bilinear, each new pixel the mean of all that it covers."""
    import torch

    planes: Any = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float()
    small = torch.nn.functional.interpolate(planes, (height, width), mode="bilinear", antialias=True)
    result: Picture = small[0].round().clamp(0, 255).byte().permute(1, 2, 0).numpy()
    return result


def _framed(picture: Picture, height: int, width: int) -> Picture:
    """In the middle of a white canvas, where that is larger."""
    down, across = max(0, height - picture.shape[0]), max(0, width - picture.shape[1])
    if not down and not across:
        return picture
    edges = ((down // 2, down - down // 2), (across // 2, across - across // 2), (0, 0))
    return np.pad(picture, edges, constant_values=_WHITE)


@dataclass(frozen=True)
class Shown:
    """What a model is shown at one place: a picture or frame, or several frames as a film. `label` goes before it."""

    label: str
    pictures: tuple[Picture, ...]
    seconds: tuple[float, ...] = ()  # of a film's frames

    @property
    def film(self) -> bool:
        return len(self.pictures) > 1


def arranged(stills: Sequence[Still], most_px: int, films: bool) -> tuple[Shown, ...]:
    """Pictures in the order given, each with a line that says what it is.

    Args:
        films: whether frames of one recording, with nothing beside them, become a film; some families
            take pictures and films, but not both at once. A film's frames share the size of its first.
    """
    if films and _is_film(stills):
        first = fitted(stills[0].picture, most_px)
        frames = (first, *(_like(first, still.picture, most_px) for still in stills[1:]))
        times = tuple(still.seconds or 0.0 for still in stills)
        lead = f"frames of a recording, {clock(times[0])} to {clock(times[-1])}"
        labels = "; ".join(still.label for still in stills if still.label)
        return (Shown(f"{lead}, in this order: {labels}" if labels else lead, frames, times),)
    return tuple(
        Shown(label_of(number, still), (fitted(still.picture, most_px),))
        for number, still in enumerate(stills, start=1)
    )


def label_of(number: int, still: Still) -> str:
    """What is said before a picture: its own label, else its number or time."""
    if still.label:
        return still.label
    return f"picture {number}" if still.seconds is None else f"frame at {clock(still.seconds)}"


def _is_film(stills: Sequence[Still]) -> bool:
    """Whether there are several frames of one recording, each later than the one before."""
    times = [still.seconds for still in stills if still.seconds is not None]
    of_one = len({still.recording for still in stills}) == 1
    return of_one and len(times) == len(stills) > 1 and all(one < other for one, other in itertools.pairwise(times))


def _like(first: Picture, picture: Picture, most_px: int) -> Picture:
    made = fitted(picture, most_px)
    return made if made.shape == first.shape else _resized(made, first.shape[0], first.shape[1])


def clock(seconds: float) -> str:
    """Minutes and seconds, "mm:ss"."""
    whole = int(seconds)
    return f"{whole // 60:02d}:{whole % 60:02d}"

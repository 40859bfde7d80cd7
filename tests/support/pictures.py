"""Pictures with words for tests, drawn with the letters that Pillow brings."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from tests.support.pdf import Photo


@dataclass(frozen=True)
class Words:
    """A line of words, its upper left corner in pixels."""

    text: str
    x: int = 60
    y: int = 60
    size: int = 28


def drawn(words: Sequence[Words], width: int = 760, height: int = 360) -> Image.Image:
    """Black words on white."""
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for line in words:
        pen.text((line.x, line.y), line.text, fill="black", font=ImageFont.load_default(line.size))
    return picture


def below(*lines: str, x: int = 50, y: int = 60, size: int = 28) -> list[Words]:
    """Lines one below the other; an empty one leaves a gap."""
    return [Words(text, x, y + row * size * 8 // 5, size) for row, text in enumerate(lines) if text]


def saved(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """The bytes of a picture file."""
    kept = io.BytesIO()
    picture.save(kept, form, **options)
    return kept.getvalue()


def scan(words: Sequence[Words], width: int = 1275, height: int = 1650) -> Photo:
    """A whole page (612 by 792 points) as a scanner gives it, 150 dots to an inch."""
    return Photo(saved(drawn(words, width, height), "JPEG", quality=80), (width, height))

"""Pages and slides drawn by chance, and what people make of them: crops, insets, photos. All by a seed."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = NDArray[np.uint8]
_SYLLABLES = "ba be co da di fe ga hu ka le lo ma mi no pe ra ri so ta te tu va ve wo ze sha gri plo sten mar".split()
_INKS = ("#1b2320", "#1d5b4c", "#7a2f22", "#24406e", "#5a4b12")
_PAPERS = ("#ffffff", "#f6f3ea", "#eef3f7", "#fdfdfd")


def word(chance: random.Random) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 4)))


def made_page(seed: int, width: int = 827, height: int = 1169) -> Picture:
    """A page of text: a running head that all share, headings, paragraphs."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.text((70, 40), "Statutes of the water board, second edition", fill="#555", font=_font(15))
    y = 90
    while y < height - 120:
        if chance.random() < 0.25:
            draw.text(
                (70, y + 8),
                f"{chance.randint(1, 60)}. {word(chance).title()} {word(chance)}",
                fill="black",
                font=_font(22),
            )
            y += 44
        for _ in range(chance.randint(2, 7)):
            line = " ".join(word(chance) for _ in range(chance.randint(7, 11)))
            draw.text((70, y), line, fill="#111", font=_font(16))
            y += 23
        y += 14
    draw.text((width // 2, height - 50), str(seed % 90 + 1), fill="#555", font=_font(14))
    return np.asarray(image)


def made_slide(seed: int, width: int = 1280, height: int = 720) -> Picture:
    """A slide: a title, bullets, perhaps boxes with arrows or a bar chart, and a footer that all share."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), chance.choice(_PAPERS))
    draw = ImageDraw.Draw(image)
    ink = chance.choice(_INKS)
    draw.rectangle((0, 0, width, 12), fill="#1d5b4c")
    draw.text(
        (60, 40), " ".join(word(chance) for _ in range(chance.randint(2, 5))).capitalize(), fill=ink, font=_font(48)
    )
    kind = chance.choice(("bullets", "boxes", "bars"))
    if kind == "bullets":
        for row in range(chance.randint(3, 7)):
            line = " ".join(word(chance) for _ in range(chance.randint(3, 8)))
            draw.text((80, 150 + 70 * row), f"• {line}", fill="#222", font=_font(32))
    elif kind == "boxes":
        spots = [(90 + 390 * (i % 3), 160 + 240 * (i // 3)) for i in range(6)]
        for (x, y), (to_x, to_y) in zip(spots, spots[1:] + spots[:1], strict=True):
            if chance.random() < 0.7:
                draw.line((x + 130, y + 60, to_x + 130, to_y + 60), fill="#888", width=3)
        for x, y in spots:
            if chance.random() < 0.85:
                draw.rectangle((x, y, x + 260, y + 120), fill=chance.choice(_PAPERS), outline=ink, width=3)
                draw.text((x + 20, y + 40), f"{word(chance)} {word(chance)}", fill="#222", font=_font(26))
    else:
        for bar in range(chance.randint(4, 9)):
            tall = chance.randint(40, 400)
            draw.rectangle((120 + 110 * bar, 620 - tall, 190 + 110 * bar, 620), fill=chance.choice(_INKS))
            draw.text((120 + 110 * bar, 630), word(chance), fill="#222", font=_font(20))
    draw.text((60, height - 40), "Water board, spring assembly", fill="#777", font=_font(18))
    return np.asarray(image)


def crop(picture: Picture, chance: random.Random) -> Picture:
    """A part of it, about a third of the area or more."""
    height, width = picture.shape[:2]
    w, h = (round(side * chance.uniform(0.55, 0.8)) for side in (width, height))
    x, y = chance.randint(0, width - w), chance.randint(0, height - h)
    return picture[y : y + h, x : x + w].copy()


def inset(picture: Picture, chance: random.Random) -> Picture:
    """The whole, small inside of something else, as in the recording of a talk."""
    around = np.asarray(Image.effect_noise((1280, 720), 40).convert("RGB").filter(ImageFilter.GaussianBlur(6))).copy()
    share = chance.uniform(0.5, 0.7)
    height, width = picture.shape[:2]
    scale = min(1280 * share / width, 720 * share / height)
    small = Image.fromarray(picture).resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS)
    x, y = chance.randint(0, 1280 - small.width), chance.randint(0, 720 - small.height)
    around[y : y + small.height, x : x + small.width] = np.asarray(small)
    return around


def photo(picture: Picture, chance: random.Random) -> Picture:
    """As a telephone takes it: from the side, unevenly lit, a little blurred, noisy, compressed."""
    height, width = picture.shape[:2]

    def off(share: float) -> float:
        return chance.uniform(0, share)

    corners = [
        (-off(0.10) * width, -off(0.10) * height),
        (-off(0.10) * width, height * (1 + off(0.10))),
        (width * (1 + off(0.10)), height * (1 + off(0.10))),
        (width * (1 + off(0.10)), -off(0.10) * height),
    ]
    flat = [coordinate for corner in corners for coordinate in corner]
    turned = Image.fromarray(picture).transform(
        (width, height), Image.Transform.QUAD, flat, Image.Resampling.BICUBIC, fillcolor="#67604f"
    )
    turned = turned.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC, expand=True, fillcolor="#67604f")
    light = np.linspace(chance.uniform(0.65, 1), chance.uniform(0.65, 1), turned.width)[None, :, None]
    grains = np.random.default_rng(chance.randint(0, 10**6)).normal(0, 5, (turned.height, turned.width, 1))
    lit = (np.asarray(turned, dtype=np.float64) * light + grains).clip(0, 255).astype(np.uint8)
    small = Image.fromarray(lit).filter(ImageFilter.GaussianBlur(0.7))
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=72)
    return np.asarray(Image.open(kept).convert("RGB"))


WAYS: dict[str, Callable[[Picture, random.Random], Picture]] = {"crop": crop, "inset": inset, "photo": photo}


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)

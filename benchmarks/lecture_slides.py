"""Slides of made-up lectures as pictures: looks by chance, words that are known to the letter."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from benchmarks.diagram_lettering import OWN, fonts
from benchmarks.lecture_styles import HEIGHT_PX, WIDTH_PX
from benchmarks.lecture_words import Topic

_FINER = 2  # a slide is drawn so many times as large, then reduced
_NARROW = ("LiberationSansNarrow", "Mono", "Comic")  # too hard or too wide for slides


@dataclass(frozen=True)
class Theme:
    """Colours of paper, words, the band behind the title and the title itself."""

    paper: str
    ink: str
    band: str
    title: str


@dataclass(frozen=True)
class Figure:
    """A little flow chart beside the lines, top down."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class SlideLook:
    """How all slides of one lecture look. Sizes are pixels of a frame of 1280 × 720."""

    theme: Theme
    font: str
    bold: str
    band: str  # "top", "left" or "none"
    mark: str  # in front of every line
    title_px: int
    line_px: int
    pitch_px: int
    numbered: bool


THEMES = (
    Theme("#ffffff", "#20242c", "#1d5c63", "#ffffff"),
    Theme("#fbf6ea", "#33302a", "#8c3b2a", "#fff8ef"),
    Theme("#15202b", "#e8eef4", "#2f6f8f", "#ffffff"),
    Theme("#f1f5f0", "#1f2a22", "#f1f5f0", "#27633a"),
    Theme("#ffffff", "#1b1b1b", "#ffffff", "#5b2a86"),
    Theme("#2a2233", "#f3ecf8", "#2a2233", "#f7c873"),
    Theme("#eef3fb", "#182238", "#23407a", "#ffffff"),
)
FIGURES = (
    Figure(("Ask", "Agree", "Review")),
    Figure(("Propose", "Discuss", "Decide")),
    Figure(("Sow", "Tend", "Harvest")),
    Figure(("Observe", "Report", "Repair")),
)


def look_of(chance: random.Random) -> SlideLook:
    """A look by chance, in fonts that are on this machine."""
    pairs = _font_pairs()
    font, bold = chance.choice(pairs)
    line_px = chance.randint(30, 36)
    return SlideLook(
        theme=chance.choice(THEMES),
        font=font,
        bold=bold,
        band=chance.choice(("top", "top", "left", "none")),
        mark=chance.choice(("•", "–", "", "▪")),
        title_px=chance.randint(40, 48),
        line_px=line_px,
        pitch_px=chance.randint(66, 78),
        numbered=chance.random() < 0.6,
    )


def slide_picture(
    topic: Topic, look: SlideLook, lines: int, page: tuple[int, int], figure: Figure | None = None
) -> Image.Image:
    """A slide with its first so many lines.

    Args:
        topic: its title and lines.
        look: colours, fonts and places.
        lines: how many are there already.
        page: its number and how many there are, written at the foot if the look has numbers.
        figure: a flow chart to the right of the lines.

    Returns:
        RGB of 1280 × 720 pixels.
    """
    image = Image.new("RGB", (WIDTH_PX * _FINER, HEIGHT_PX * _FINER), look.theme.paper)
    draw = ImageDraw.Draw(image)
    left = 130 if look.band == "left" else 60
    if look.band == "top":
        _rect(draw, (0, 0, WIDTH_PX, 104), look.theme.band)
    elif look.band == "left":
        _rect(draw, (0, 0, 64, HEIGHT_PX), look.theme.band)
    title_ink = look.theme.title if look.band == "top" else _readable(look.theme)
    _write(draw, (left, 52), topic.title, look.bold, look.title_px, title_ink)
    for place, words in enumerate(topic.bullets[:lines]):
        y = 178 + place * look.pitch_px
        if look.mark:
            _write(draw, (left + 16, y), look.mark, look.font, look.line_px, look.theme.ink)
        _write(draw, (left + 58, y), words, look.font, look.line_px, look.theme.ink)
    if look.numbered:
        _write(draw, (left, HEIGHT_PX - 32), f"{page[0]} / {page[1]}", look.font, 20, look.theme.ink)
    if figure is not None:
        _draw_figure(draw, figure, look)
    return image.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)


def _draw_figure(draw: ImageDraw.ImageDraw, figure: Figure, look: SlideLook) -> None:
    """Boxes one under the other, joined by arrows, to the right of the lines."""
    x0, x1, high = 900, 1180, 72
    first, step = (190, 148) if len(figure.labels) < 4 else (150, 138)
    ink = look.theme.ink
    for place, label in enumerate(figure.labels):
        y0 = first + place * step
        box = tuple(side * _FINER for side in (x0, y0, x1, y0 + high))
        draw.rectangle(box, outline=ink, width=3 * _FINER)
        _write(draw, ((x0 + x1) / 2, y0 + high / 2), label, look.font, 26, ink, "mm")
        if place + 1 < len(figure.labels):
            middle, top, foot = (x0 + x1) / 2 * _FINER, (y0 + high) * _FINER, (y0 + step) * _FINER
            draw.line((middle, top, middle, foot - 14 * _FINER), fill=ink, width=3 * _FINER)
            half = 10 * _FINER
            draw.polygon(((middle, foot), (middle - half, foot - 2 * half), (middle + half, foot - 2 * half)), fill=ink)


def _rect(draw: ImageDraw.ImageDraw, sides: tuple[int, int, int, int], ink: str) -> None:
    draw.rectangle(tuple(side * _FINER for side in sides), fill=ink)


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    words: str,
    font: str,
    px: int,
    ink: str,
    anchor: str = "lm",
) -> None:
    draw.text((place[0] * _FINER, place[1] * _FINER), words, fill=ink, font=_font(font, px * _FINER), anchor=anchor)


def _readable(theme: Theme) -> str:
    """The title's colour where it stands on the paper: the band's, unless that is the paper's."""
    return theme.title if theme.band == theme.paper else theme.band if _is_pale(theme.paper) else theme.ink


def _is_pale(colour: str) -> bool:
    return sum(int(colour[place : place + 2], 16) for place in (1, 3, 5)) > 3 * 128


@lru_cache(maxsize=1)
def _font_pairs() -> tuple[tuple[str, str], ...]:
    """Fonts for lines, each with one for titles: its own bold cut if it has one, else itself."""
    known = {path: path for path in fonts() if path != OWN and not any(word in path for word in _NARROW)}
    plain = [path for path in known if "Bold" not in path]
    bolds = {path.replace("-Regular", "-Bold"): path for path in plain}
    pairs = [(plain_path, bold) for bold, plain_path in bolds.items()]
    return tuple((plain_path, bold if bold in known else plain_path) for plain_path, bold in pairs) or ((OWN, OWN),)


@lru_cache(maxsize=32)
def _font(path: str, px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(px) if path == OWN else ImageFont.truetype(path, px)

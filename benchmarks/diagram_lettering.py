"""Words on a drawing: fonts found on the machine, wrapped labels, and letters as a hand sets them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from cml_mm.diagrams.values import Point

FINER = 3  # a drawing is made so many times as large, then reduced
OWN = "the default font of Pillow"
_FAMILIES = (
    "DejaVuSans DejaVuSans-Bold DejaVuSerif DejaVuSansMono LiberationSans-Regular LiberationSans-Bold"
    " LiberationSerif-Regular LiberationMono-Regular LiberationSansNarrow-Regular NotoSans-Regular NotoSerif-Regular"
    " OpenSans-Regular Lato-Regular Roboto-Regular FreeSans ComicNeue-Regular Carlito-Regular"
).split()


@lru_cache(maxsize=1)
def fonts() -> tuple[str, ...]:
    """Paths of the fonts that are there, in a fixed order; DejaVu comes with Matplotlib, so it always is."""
    import matplotlib
    from matplotlib import font_manager

    shipped = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    found = {Path(path).stem: path for path in sorted(font_manager.findSystemFonts())}
    found |= {path.stem: str(path) for path in sorted(shipped.glob("DejaVu*.ttf"))}
    return (*(found[name] for name in _FAMILIES if name in found), OWN)


def font_name(path: str) -> str:
    return "Pillow" if path == OWN else Path(path).stem


@dataclass(frozen=True)
class Lettering:
    """How words are set. `px` is the height of a letter in pixels of the finished picture."""

    font: str
    px: float
    by_hand: bool = False  # every letter a little turned and off the line

    def lines(self, label: str, longest: int) -> tuple[str, ...]:
        """A label broken at spaces so that no line is longer than it must be."""
        lines: list[str] = []
        for word in label.split():
            if lines and len(lines[-1]) + 1 + len(word) <= longest:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return tuple(lines)

    def size(self, lines: tuple[str, ...]) -> tuple[float, float]:
        """Width and height in pixels of the finished picture."""
        font = _font(self.font, round(self.px * FINER))
        wide = max((font.getlength(line) for line in lines), default=0.0) / FINER
        return wide * (1.12 if self.by_hand else 1.0), self.pitch * len(lines)

    @property
    def pitch(self) -> float:
        """From one line to the next."""
        return 1.3 * self.px

    def write(self, image: Image.Image, middle: Point, lines: tuple[str, ...], ink: str, chance: random.Random) -> None:
        """Set lines around a middle, which is in pixels of the finished picture."""
        font = _font(self.font, round(self.px * FINER))
        draw = ImageDraw.Draw(image)
        for number, line in enumerate(lines):
            x = middle[0] * FINER
            y = (middle[1] + (number - (len(lines) - 1) / 2) * self.pitch) * FINER
            if self.by_hand:
                self._write_by_hand(image, (x, y), line, ink, chance)
            else:
                draw.text((x, y), line, fill=ink, font=font, anchor="mm")

    def _write_by_hand(self, image: Image.Image, middle: Point, line: str, ink: str, chance: random.Random) -> None:
        font = _font(self.font, round(self.px * FINER))
        x = middle[0] - 0.56 * font.getlength(line)
        side = round(2.4 * self.px * FINER)
        for sign in line:
            wide = 1.12 * font.getlength(sign)
            tile = Image.new("L", (side, side), 0)
            ImageDraw.Draw(tile).text((side / 2, side / 2), sign, fill=255, font=font, anchor="ms")
            tile = tile.rotate(chance.uniform(-5, 5), Image.Resampling.BICUBIC)
            left = round(x + wide / 2 - side / 2)
            top = round(middle[1] + 0.36 * self.px * FINER - side / 2 + chance.uniform(-0.05, 0.05) * self.px * FINER)
            image.paste(ink, (left, top, left + side, top + side), tile)
            x += wide


@lru_cache(maxsize=64)
def _font(path: str, px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(px) if path == OWN else ImageFont.truetype(path, px)

"""The styles of made-up lectures: what moves, how one slide gives way to the next, and how well it is coded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

WIDTH_PX, HEIGHT_PX = 1280, 720


@dataclass(frozen=True)
class Style:
    """What is drawn besides the slides themselves.

    `turns` are the ways in which one slide may give way to the next. `crf` is x264's quality, more is worse; a
    `most_kbits` above 0 caps the rate besides. `noise` is the deviation of a camera's noise, in grey levels of 255.
    """

    name: str
    turns: tuple[str, ...] = ("cut",)
    builds: bool = False  # its lines come one by one
    head: bool = False  # somebody talks in a corner, or beside the slide
    cursor: bool = False
    camera: bool = False  # now and then the whole frame shows the speaker
    noise: float = 0.0
    crf: int = 27
    most_kbits: int = 0
    slides: int = 12
    sentences: int = 2  # said about each slide, as far as there are so many
    fps: Fraction = Fraction(25, 2)
    asked: bool = True  # whether a figure is promised for it


_ALL = (
    Style("static"),
    Style("fade", turns=("fade",), fps=Fraction(15)),
    Style("wipe", turns=("wipe", "curtain")),
    Style("slide-in", turns=("slide-in", "push")),
    Style("build", builds=True),
    Style("talking", head=True, crf=30, most_kbits=400),
    Style("cursor", cursor=True),
    Style("low-bitrate", turns=("cut", "fade"), noise=3.0, crf=38, most_kbits=90),
    Style("long", turns=("cut", "fade", "push"), slides=30, sentences=3, fps=Fraction(10)),
    Style("mixed", turns=("cut", "fade"), builds=True, head=True, cursor=True, crf=30, most_kbits=400),
    Style("camera", camera=True, crf=30, most_kbits=400, asked=False),
)
STYLES = {style.name: style for style in _ALL}

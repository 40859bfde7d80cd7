"""A silent film of a few slides that are painted here: a colour each, with a title, or with a rising curve."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from cml_mm.ports import Picture
from tests.support.seeing_clip import COLOURS, sheet

SECONDS_EACH = 8.0
WIDTH, HEIGHT = 320, 256
_RATE = 2  # pictures a second


def painted_film(slides: Sequence[tuple[str, str]]) -> bytes:
    """A film as WebM, each slide shown for eight seconds.

    Args:
        slides: the colour and the title of each; "" for a curve without words.
    """
    import av

    kept = io.BytesIO()
    with av.open(kept, "w", format="webm") as output:
        screen = output.add_stream("vp8", rate=_RATE)
        screen.width, screen.height, screen.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for colour, title in slides:
            frame = av.VideoFrame.from_ndarray(painted(colour, title), format="rgb24").reformat(format="yuv420p")
            for _ in range(int(SECONDS_EACH * _RATE)):
                frame.pts = None
                output.mux(screen.encode(frame))
        output.mux(screen.encode(None))
    return kept.getvalue()


def painted(colour: str, title: str) -> Picture:
    """One slide: a sheet of a colour, with its title across the top, or with a chart that rises."""
    image = Image.fromarray(sheet(colour, HEIGHT, WIDTH))
    pen = ImageDraw.Draw(image)
    if title:
        pen.text((14, 14), title, fill="white", font_size=24)
    else:
        dark = tuple(part // 2 for part in COLOURS[colour])
        pen.polygon(((0, HEIGHT), (90, 190), (200, 170), (WIDTH, 110), (WIDTH, HEIGHT)), fill=dark)
    return np.asarray(image)

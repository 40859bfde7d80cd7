"""Films that are odd in one way each: turned, of uneven pace, without sound, too large, or cut off."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

TITLES = ("Mending the weir", "Who holds the keys")
LINES = ("Stones are carried in autumn", "Two neighbours at a time")


def written_film(
    seconds: Sequence[float] = (0.0, 8.0),
    until: float = 16.0,
    size: tuple[int, int] = (640, 360),
    turned: int = 0,
    times: Sequence[float] | None = None,
    titles: Sequence[str] = TITLES,
) -> bytes:
    """An MP4 of slides without sound.

    Args:
        seconds: when each slide begins.
        until: when the film ends.
        size: width and height of a frame as people see it.
        turned: quarter turns to the right by which a player must turn the frames, as of a phone.
        times: of the frames, where they are not even.
        titles: one for each slide.
    """
    import av
    import numpy as np

    kept = io.BytesIO()
    with av.open(kept, "w", format="mp4") as output:
        screen = output.add_stream("mpeg4", rate=25)
        pictures = [np.rot90(_slide(title, size), turned) for title in titles]
        screen.height, screen.width = pictures[0].shape[:2]
        screen.pix_fmt, screen.codec_context.time_base = "yuv420p", Fraction(1, 1000)
        screen.bit_rate = 2_000_000
        for time in times if times is not None else [place / 4 for place in range(int(until * 4))]:
            shown = sum(start <= time for start in seconds) - 1
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pictures[shown]), format="rgb24")
            frame.pts, frame.time_base = round(time * 1000), Fraction(1, 1000)
            output.mux(screen.encode(frame))
        output.mux(screen.encode(None))
    data = kept.getvalue()
    return _turned(data, turned) if turned else data


def _turned(data: bytes, quarters: int) -> bytes:
    """The matrix in the track's header says how players turn it (ISO 14496-12, 8.3.2)."""
    one = 1 << 16
    matrices = {1: (0, one, -one, 0), 2: (-one, 0, 0, -one), 3: (0, -one, one, 0)}
    a, b, c, d = matrices[quarters]
    start = data.index(b"tkhd") + 4
    place = start + (52 if data[start] else 40)
    numbers = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
    return data[:place] + b"".join(n.to_bytes(4, "big", signed=True) for n in numbers) + data[place + 36 :]


def huge_frame(side: int = 8192, heard: bool = False) -> bytes:
    """One frame of that many pixels a side, grey all over: some kilobytes; a second of silence with it if `heard`."""
    import av
    import numpy as np

    kept = io.BytesIO()
    with av.open(kept, "w", format="matroska") as output:
        screen = output.add_stream("mjpeg", rate=1)
        screen.width = screen.height = side
        screen.pix_fmt = "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.full((side * 3 // 2, side), 128, np.uint8), format="yuv420p")
        sound = output.add_stream("pcm_s16le", rate=16_000) if heard else None
        output.mux(screen.encode(frame.reformat(format="yuvj420p")))
        output.mux(screen.encode(None))
        if sound is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.int16), format="s16", layout="mono")
            silence.rate = 16_000
            output.mux(sound.encode(silence))
    return kept.getvalue()


def _slide(title: str, size: tuple[int, int]):  # type: ignore[no-untyped-def]
    import numpy as np
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, "#f7f4ea")
    pen = ImageDraw.Draw(image)
    pen.text((40, 40), title, fill="#10201c", font_size=34)
    for row, line in enumerate(LINES):
        pen.text((60, 120 + 60 * row), f"{line} {len(title)}", fill="#10201c", font_size=24)
    return np.asarray(image)

"""The size that a picture states in its head, read by hand: a decoder may take the memory for it at once."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.signatures import picture_sign
from cml_mm.visits import Limits

# Start-of-frame markers of JPEG (ITU T.81, table B.1); those between are tables and others.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xDA)})  # markers without a length
_MOST_SEGMENTS = 10_000


def refuse_large_picture(data: bytes, name: str, limits: Limits) -> None:
    """Look at the size that a picture states, before anything is decoded.

    Args:
        data: a PNG, JPEG, GIF or WebP file.
        name: for messages.
        limits: on pixels.

    Raises:
        LimitExceeded: it has more pixels than are read.
        MediaUnreadable: its head is damaged.
    """
    from PIL import Image

    what = picture_sign(data)
    width, height = _stated_size(data, what)
    if width * height > limits.picture_pixels:
        raise _too_many_pixels(name, limits, width, height)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the very size that is looked at here
            with Image.open(BytesIO(data), formats=(what,)) as picture:
                width, height = picture.size
    except Image.DecompressionBombError as exc:
        raise _too_many_pixels(name, limits, width, height) from exc
    except MemoryError:
        raise
    except Exception as exc:  # Pillow's decoders let out whatever they trip over, struct.error among it
        raise damaged_picture(name, what) from exc
    if width * height > limits.picture_pixels:
        raise _too_many_pixels(name, limits, width, height)


def damaged_picture(name: str, what: str) -> MediaUnreadable:
    """The error for bytes that begin like a picture and are none."""
    return MediaUnreadable(
        f"{name} is damaged: it cannot be read as a {what} picture.",
        "Open it in a program for pictures, save it anew, then add it again.",
    )


def _too_many_pixels(name: str, limits: Limits, width: int, height: int) -> LimitExceeded:
    return LimitExceeded(
        f"{name} has {width} × {height} pixels; {limits.picture_pixels // 10**6} million are read at most.",
        "Make it smaller or cut out the part you want to ask about, and add that.",
    )


def _stated_size(data: bytes, what: str) -> tuple[int, int]:
    """Width and height; zeros where the head ends before it says."""
    try:
        if what == "PNG":
            width, height = struct.unpack_from(">II", data, 16) if data[12:16] == b"IHDR" else (0, 0)
        elif what == "GIF":
            width, height = struct.unpack_from("<HH", data, 6)
        elif what == "WEBP":
            width, height = _webp_size(data)
        else:
            width, height = _jpeg_size(data)
    except struct.error:
        return 0, 0
    return int(width), int(height)


def _webp_size(data: bytes) -> tuple[int, int]:
    """By the first chunk (WebP container specification): extended, lossless or lossy."""
    kind = data[12:16]
    if kind == b"VP8X":
        high, low = struct.unpack_from("<HB", data, 24), struct.unpack_from("<HB", data, 27)
        return high[0] + (high[1] << 16) + 1, low[0] + (low[1] << 16) + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_size(data: bytes) -> tuple[int, int]:
    place = 2
    for _ in range(_MOST_SEGMENTS):
        while data[place : place + 2] == b"\xff\xff":  # fill bytes
            place += 1
        marker, kind = struct.unpack_from(">BB", data, place)
        if marker != 0xFF:
            break
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        place += 2 if kind in _BARE else 2 + struct.unpack_from(">H", data, place + 2)[0]
    return 0, 0

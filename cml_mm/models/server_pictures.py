"""Pictures as a model server takes them: bounded, never thinner than models bear, as PNG or JPEG."""

from __future__ import annotations

import math
from io import BytesIO

from cml_mm.models.chat_pictures import LEAST_SIDE_PX, MOST_RATIO
from cml_mm.ports import Picture

_LARGEST_PNG_BYTES = 1_000_000  # a drawing is far smaller; a photograph beyond it goes as JPEG
_QUALITY = 90


def sent_size(height_px: int, width_px: int, longest_px: int) -> tuple[int, int]:
    """Height and width in which a picture is sent; it is made smaller, never larger, and padded where it is thin."""
    scale = min(1.0, longest_px / max(height_px, width_px))
    height, width = max(1, round(height_px * scale)), max(1, round(width_px * scale))
    least = max(LEAST_SIDE_PX, math.ceil(max(height, width) / MOST_RATIO))
    return max(height, least), max(width, least)


def encoded(picture: Picture, longest_px: int) -> tuple[bytes, str]:
    """Returns: the file's bytes and its media type; only those two that every server opens."""
    from PIL import Image

    height, width = picture.shape[:2]
    image = Image.fromarray(picture)
    image.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    tall, wide = sent_size(height, width, longest_px)
    if image.size != (wide, tall):
        sheet = Image.new("RGB", (max(wide, image.width), max(tall, image.height)), "white")
        sheet.paste(image, (0, 0))
        image = sheet
    kept = BytesIO()
    image.save(kept, "PNG", compress_level=6)
    if kept.tell() <= _LARGEST_PNG_BYTES:
        return kept.getvalue(), "image/png"
    kept = BytesIO()
    image.save(kept, "JPEG", quality=_QUALITY)
    return kept.getvalue(), "image/jpeg"

"""Pictures: opened upright and without surprises, made smaller, written for the screen."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.reading import damaged
from cml_mm.ports import Picture
from cml_mm.visits import DEFAULT_LIMITS, DrawnFace, Limits

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")  # Pillow is let open nothing else, whatever a file claims to be
_QUALITY = 85  # of WebP; letters stay sharp
_WIDEST_WEBP = 16_383


@dataclass(frozen=True)
class OpenedPicture:
    """A picture as people see it; `moves` where it is the first of several."""

    picture: Picture
    moves: bool = False


def open_picture(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> OpenedPicture:
    """Open a PNG, JPEG, WebP or GIF.

    Args:
        data: the file's bytes.
        name: what it is called, for messages.
        limits: how many pixels it may have.

    Returns:
        The picture, turned upright as its EXIF data says, on white where it is transparent; the
        first one of an animation.

    Raises:
        MediaUnreadable: it is damaged or of another kind.
        LimitExceeded: it has too many pixels.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of oddities in the file; what counts is whether it opens
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                _refuse_large(image.width * image.height, name, limits)
                moves = bool(getattr(image, "is_animated", False))
                image.seek(0)
                image.load()
                return OpenedPicture(_on_white(ImageOps.exif_transpose(image)), moves)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
            raise _too_large(name, limits) from exc
        except MemoryError as exc:
            raise _too_large(name, limits) from exc
        except (OSError, SyntaxError, ValueError, LookupError, TypeError, AttributeError, EOFError) as exc:
            raise damaged(name, "a picture") from exc


def fitted(picture: Picture, longest_px: int, across: float = 1.0) -> Picture:
    """A picture whose longer side has this many pixels.

    Args:
        across: how much narrower it is made besides; 1 keeps its shape.
    """
    from PIL import Image

    height, width = picture.shape[:2]
    scale = longest_px / max(height, width)
    size = (max(1, round(width * scale * across)), max(1, round(height * scale)))
    if size == (width, height):
        return picture
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


def encode_drawn(picture: Picture, longest_px: int) -> DrawnFace:
    """A picture for the screen, no larger than asked for and never enlarged."""
    from PIL import Image

    longest_px = min(longest_px, max(picture.shape[:2]), _WIDEST_WEBP)
    small = Image.fromarray(fitted(picture, longest_px))
    kept = BytesIO()
    small.save(kept, "WEBP", quality=_QUALITY, method=2)
    return DrawnFace(kept.getvalue(), "image/webp", small.width, small.height)


def _on_white(image: Image) -> Picture:
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image, dtype=np.float64))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        sheet = Image.new("RGBA", image.size, "white")
        sheet.alpha_composite(image)
        image = sheet
    return np.asarray(image.convert("RGB"))


def _from_deep(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Picture:
    """Grey of more than 8 bits, which Pillow would cut off at white."""
    top = 65535.0 if values.max(initial=0.0) > 255 else 255.0
    grey = np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _refuse_large(pixels: int, name: str, limits: Limits) -> None:
    if pixels > limits.picture_pixels:
        raise _too_large(name, limits)
    if pixels <= 0:
        raise MediaUnreadable(f"{name} is an empty picture.", "Check that it was saved whole.")


def _too_large(name: str, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"{name} has more than {limits.picture_pixels // 10**6} million pixels.", "Save it smaller, then add it again."
    )

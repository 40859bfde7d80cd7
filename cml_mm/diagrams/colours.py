"""Colours by the names that people give them."""

from __future__ import annotations

import colorsys
import re

_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
# Up to which hue, in degrees, a colour is called so.
_HUES = (
    (14.0, "red"), (42.0, "orange"), (68.0, "yellow"), (165.0, "green"), (195.0, "turquoise"), (258.0, "blue"),
    (292.0, "purple"), (342.0, "pink"), (360.0, "red"),
)  # fmt: skip
_GREY = 0.12  # saturation below which no hue is seen
_DARK, _BLACK, _LIGHT, _WHITE = 0.35, 0.15, 0.78, 0.95  # lightness


def colour_name(colour: str) -> str:
    """A colour in words: "#2e7d32" → "dark green"; what is no colour stays as it is.

    Args:
        colour: "#rrggbb".
    """
    found = _HEX.fullmatch(colour)
    if found is None:
        return colour
    red, green, blue = (int(part, 16) / 255 for part in found.groups())
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if lightness < _BLACK / 2 or (saturation < _GREY and lightness < _BLACK):
        return "black"
    if lightness > _WHITE and max(red, green, blue) - min(red, green, blue) < _GREY / 2:
        return "white"
    name = "grey" if saturation < _GREY else next(name for most, name in _HUES if 360 * hue <= most)
    shade = "dark " if lightness < _DARK else "light " if lightness > _LIGHT else ""
    return "brown" if name == "orange" and shade == "dark " else f"{shade}{name}"

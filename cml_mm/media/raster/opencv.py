"""OpenCV, loaded when the first picture is read and not before."""

from __future__ import annotations

from typing import Any


def opencv() -> Any:
    """The library; it takes a fifth of a second to load, which nobody should wait for who reads no picture."""
    import cv2

    return cv2

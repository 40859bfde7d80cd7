"""What a local chat model is to be, and how much it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class LocalChatOptions:
    """Which weights, how they are held, and the limits.

    `model` is a hub id or a folder, which may be an adapter's own; `adapter` the same for an adapter
    on top of it. `idle_seconds` after the last answer the weights are let go; 0: never.
    `deadline_seconds` is for one answer, from its turn on. `context_tokens` bounds what the model
    could read by itself; `picture_px` are the pixels of one picture, all in all.
    """

    model: str
    adapter: str | None = None
    dtype: str = "auto"  # the checkpoint's own
    quantisation: Literal["none", "8bit", "4bit"] = "none"
    device_map: str = "auto"
    max_pictures: int = 4
    idle_seconds: float = 900.0
    deadline_seconds: float = 120.0
    context_tokens: int = 16_384
    picture_px: int = 1_048_576

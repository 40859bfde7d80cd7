"""A generator at the port that says a given text in given pieces, and keeps the prompts that it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cml_mm.errors import ModelError
from cml_mm.ports import Cancelled, Capabilities, Lessened, Picture, Prompt

CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</s>")


@dataclass
class SaidGenerator:
    """Implements `ports.Generator`.

    Args:
        pieces: what it says.
        before: the places in a queue that it tells first.
        lessened: what it says of doing with less, before the first piece.
        fault: raised after the last piece.
        gate: waited for before the second piece, or until it is stopped.
    """

    pieces: Sequence[str] = ()
    name: str = "Said 1"
    context_tokens: int = 8_000
    pictures: int = 0
    control: tuple[str, ...] = CONTROL
    before: Sequence[int] = ()
    lessened: str = ""
    fault: ModelError | None = None
    gate: threading.Event | None = None
    asked: list[Prompt] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.context_tokens, self.pictures)

    def control_tokens(self) -> tuple[str, ...]:
        return self.control

    def count_tokens(self, text: str) -> int:
        return -(-len(text) // 4)

    def picture_tokens(self, picture: Picture) -> int:
        return 100

    def generate(
        self, prompt: Prompt, cancelled: Cancelled, waiting: Callable[[int], None]
    ) -> Iterator[str | Lessened]:
        self.asked.append(prompt)
        for place in self.before:
            waiting(place)
        if self.lessened:
            yield Lessened(self.lessened)
        try:
            for number, piece in enumerate(self.pieces):
                while number and self.gate and not self.gate.wait(0.01):
                    if cancelled():
                        return
                yield piece
            if self.fault:
                raise self.fault
        finally:
            self.stopped.set()

    def close(self) -> None:
        """Holds nothing."""


def in_pieces(text: str, length: int = 3) -> list[str]:
    """A text cut into pieces of so many characters, as a stream might bring it."""
    return [text[start : start + length] for start in range(0, len(text), length)]

"""A language model on this machine as a Generator, through Transformers and accelerate."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from cml_mm.errors import CmlError
from cml_mm.models.chat_loading import find_chat, load_reader, load_weights, release_memory
from cml_mm.models.chat_options import LocalChatOptions
from cml_mm.models.chat_queue import FairQueue
from cml_mm.models.chat_reader import ChatReader
from cml_mm.models.chat_streaming import Asked, Speaker, StopSign, speak
from cml_mm.models.lent_gpu import with_lent_gpu
from cml_mm.ports import Cancelled, Capabilities, Lessened, Picture, Prompt

__all__ = ["LocalChat", "LocalChatOptions"]

_numbers = itertools.count()
_awake: dict[int, Speaker] = {}  # models with their weights; a forked process finds them here by number
_signs: dict[int, StopSign] = {}  # of the answers that are being written


@dataclass(frozen=True)
class _Failure:
    """An error of ours as a value, because it may have to cross from one process to another."""

    kind: type[CmlError]
    message: str
    hint: str


def _speak_apart(number: int, asked: Asked) -> Iterator[str | Lessened | _Failure]:
    """`speak` with what can be pickled; a model that was put away meanwhile says nothing."""
    speaker = _awake.get(number)
    if speaker is None:
        return
    sign = _signs[number] = StopSign(asked.deadline_seconds)
    try:
        with closing(speak(speaker, asked, sign)) as pieces:  # type: ignore[type-var]
            yield from pieces
    except CmlError as exc:
        yield _Failure(type(exc), exc.message, exc.hint)
    finally:
        _signs.pop(number, None)


class LocalChat:
    """Any chat model that Transformers knows, by hub id or folder; implements `ports.Generator`.

    The configuration and tokenizer are read at the first need of them, the weights at the first
    question; the weights go after `idle_seconds` without one, and come back with the next.

    Raises:
        ModelMissing: at once, where the model or its adapter is not on this machine.
    """

    def __init__(self, options: LocalChatOptions) -> None:
        self._options = options
        self._place = find_chat(options)
        self._number = next(_numbers)
        self._queue = FairQueue()
        self._loading = threading.Lock()
        self._reader: ChatReader | None = None
        self._idle: threading.Timer | None = None
        self._speak = with_lent_gpu(_speak_apart, options.deadline_seconds)

    @property
    def name(self) -> str:
        return self._place.name

    @property
    def capabilities(self) -> Capabilities:
        return self._read().capabilities

    @property
    def awake(self) -> bool:
        """Whether the weights are in memory."""
        return self._number in _awake

    def control_tokens(self) -> tuple[str, ...]:
        return self._read().control_tokens()

    def count_tokens(self, text: str) -> int:
        return self._read().count_tokens(text)

    def picture_tokens(self, picture: Picture) -> int:
        return self._read().picture_tokens(picture)

    def generate(
        self, prompt: Prompt, cancelled: Cancelled, waiting: Callable[[int], None]
    ) -> Iterator[str | Lessened]:
        with self._queue.turn(cancelled, waiting) as mine:
            if not mine or cancelled():
                return
            self._wake()
            asked = Asked(prompt, self._options.deadline_seconds, self._options.picture_px)
            try:
                with closing(self._speak(self._number, asked)) as pieces:  # type: ignore[type-var]
                    for piece in pieces:
                        if isinstance(piece, _Failure):
                            raise piece.kind(piece.message, piece.hint)
                        if cancelled():
                            return
                        if piece:
                            yield piece
            finally:
                self._rest()

    def close(self) -> None:
        """Stops what is being written, and gives back the memory; it loads again when next asked."""
        if sign := _signs.get(self._number):
            sign.stop()
        with self._loading:
            self._stop_clock()
            self._put_away()

    def _read(self) -> ChatReader:
        with self._loading:
            if self._reader is None:
                self._reader = load_reader(self._place, self._options)
            return self._reader

    def _wake(self) -> None:
        reader = self._read()
        with self._loading:
            self._stop_clock()
            if self._number not in _awake:
                _awake[self._number] = Speaker(load_weights(self._place, reader, self._options), reader, self.name)

    def _rest(self) -> None:
        """Starts to count the idle time."""
        if self._options.idle_seconds > 0:
            with self._loading:
                self._stop_clock()
                self._idle = threading.Timer(self._options.idle_seconds, self._fall_asleep)
                self._idle.daemon = True
                self._idle.start()

    def _fall_asleep(self) -> None:
        with self._queue.turn_if_free() as free, self._loading:
            if free:
                self._put_away()

    def _stop_clock(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _put_away(self) -> None:
        if _awake.pop(self._number, None) is not None:
            release_memory()

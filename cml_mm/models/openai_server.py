"""Answers from a model on an OpenAI-compatible server: vLLM, SGLang, llama.cpp, Ollama, or one on the net.

Spoken to by LlamaIndex's `OpenAILike`. Whatever such a server does, the asker gets pieces of text and
then an end or one error of ours: it may refuse, break off, fall silent, never stop, or be no such server.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event, Lock
from typing import TYPE_CHECKING

from cml_mm.errors import ModelError
from cml_mm.models.chat_queue import FairQueue
from cml_mm.models.server_estimates import CONTROL_TOKENS, estimated_picture_tokens, estimated_tokens
from cml_mm.models.server_options import ServerOptions
from cml_mm.models.server_pictures import sent_size
from cml_mm.ports import Cancelled, Capabilities, Picture, Prompt

if TYPE_CHECKING:
    from cml_mm.models.server_errors import Trouble
    from cml_mm.models.server_link import Running, ServerLink

__all__ = ["OpenAIServer", "ServerOptions"]

_POLL_SECONDS = 0.05  # between two looks at whether the asker still wants the answer
_FIRST_PAUSE_SECONDS = 0.5  # before a second try; doubled each time
_LONGEST_PAUSE_SECONDS = 30.0  # a server that wants longer is not waited for
_CHARS_PER_TOKEN = 16  # far above any writing: beyond it, a server does not keep to the length
_SPARE_CHARS = 2000


class OpenAIServer:
    """Implements `ports.Generator`. Nothing is imported, opened or sent before the first question."""

    def __init__(self, options: ServerOptions) -> None:
        self.options = options
        self._queue = FairQueue(options.at_once)
        self._link: ServerLink | None = None
        self._lock = Lock()
        self._folds_system = False  # learned from the server's first refusal

    @property
    def name(self) -> str:
        return f"{self.options.spoken_model} at {self.options.host}"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.options.context_tokens, self.options.pictures, self.options.video)

    def control_tokens(self) -> tuple[str, ...]:
        """Those of all families that are served this way, as it is not known which one answers."""
        return CONTROL_TOKENS

    def count_tokens(self, text: str) -> int:
        """An upper estimate, see `server_estimates.estimated_tokens`."""
        return estimated_tokens(text)

    def picture_tokens(self, picture: Picture) -> int:
        height, width = sent_size(picture.shape[0], picture.shape[1], self.options.longest_px)
        return estimated_picture_tokens(height, width, self.options.picture_cell_px)

    def generate(self, prompt: Prompt, cancelled: Cancelled, waiting: Callable[[int], None]) -> Iterator[str]:
        """See the port. Pictures beyond those that the options declare are left out.

        What was yielded before an error is part of the answer; only before that is anything tried again.
        """
        with self._queue.turn(cancelled, waiting) as its_turn:
            if its_turn:
                yield from self._answer(prompt, cancelled)

    def close(self) -> None:
        """Ends what is under way; the next question opens new connections."""
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.close()

    def _answer(self, prompt: Prompt, cancelled: Cancelled) -> Iterator[str]:
        deadline = time.monotonic() + self.options.timeout_seconds
        tries = 0
        while not cancelled():
            folds = self._folds_system
            link, running = self._send(prompt, folds)
            attempt = _Attempt(running, self.options, prompt.max_new_tokens, deadline)
            try:
                yield from attempt.pieces(cancelled)
            finally:
                attempt.stop()
            trouble = attempt.trouble
            if trouble is None:
                return
            if trouble.no_system and not folds:
                self._folds_system = True
                continue
            pause = self._pause(trouble, tries, deadline)
            if attempt.wrote or pause is None:
                raise self._told(trouble, link) from attempt.cause
            tries += 1
            _sleep(pause, cancelled)

    def _pause(self, trouble: Trouble, tries: int, deadline: float) -> float | None:
        """Seconds before the next try, with some chance in them so that askers do not come back together.

        None: it is not tried again.
        """
        if not trouble.again or tries >= self.options.retries:
            return None
        own = _FIRST_PAUSE_SECONDS * 2**tries * random.uniform(0.75, 1.25)
        pause = max(own, trouble.after_seconds or 0.0)
        return pause if pause <= _LONGEST_PAUSE_SECONDS and time.monotonic() + pause < deadline else None

    def _told(self, trouble: Trouble, link: ServerLink) -> ModelError:
        if not trouble.wrong_model:
            return trouble.error
        from cml_mm.models.server_errors import with_names

        return with_names(trouble.error, link.model_names(), self.options)

    def _send(self, prompt: Prompt, folds: bool) -> tuple[ServerLink, Running]:
        from cml_mm.models.server_link import ServerLink, messages_for

        messages = messages_for(prompt, self.options, folds)
        with self._lock:  # a link that is closed meanwhile takes no questions
            if self._link is None:
                self._link = ServerLink(self.options)
            return self._link, self._link.ask(messages, prompt.max_new_tokens)


@dataclass
class _Attempt:
    """One request, watched. After `pieces`, `trouble` says what went wrong, if anything did."""

    running: Running
    options: ServerOptions
    max_new_tokens: int
    deadline: float
    wrote: bool = False
    thought: bool = False
    done: bool = False
    trouble: Trouble | None = None
    cause: BaseException | None = None

    def pieces(self, cancelled: Cancelled) -> Iterator[str]:
        from cml_mm.models import server_errors as errors
        from cml_mm.models.server_link import End

        chars_left = _CHARS_PER_TOKEN * self.max_new_tokens + _SPARE_CHARS
        heard = time.monotonic()
        while not cancelled() and self.trouble is None:
            came = self.running.next(_POLL_SECONDS)
            if isinstance(came, End):
                self._ended(came.error)
                return
            if came is not None and (came.text or came.thought):
                heard = time.monotonic()
                self.thought |= came.thought
            self._watch(heard)
            if self.trouble is not None or came is None:
                continue
            chars_left -= len(came.text)
            if chars_left < 0:
                self.trouble = errors.Trouble(errors.endless(self.options))
                return
            if came.text:
                self.wrote |= not came.text.isspace()
                yield came.text
                heard = time.monotonic()  # the server is not late because its reader was busy
            if came.finish:
                self._finished(came.finish)
                return

    def stop(self) -> None:
        self.running.stop(drained=self.done)

    def _watch(self, heard: float) -> None:
        """Notes the time-out that has run out, if one has."""
        from cml_mm.models import server_errors as errors

        now = time.monotonic()
        quiet = self.options.between_seconds if self.wrote or self.thought else self.options.first_piece_seconds
        if now > self.deadline:
            self.trouble = errors.Trouble(errors.whole_late(self.options))
        elif now > heard + quiet:
            begun = self.wrote or self.thought
            late = errors.next_word_late(self.options) if begun else errors.first_word_late(self.options)
            self.trouble = errors.Trouble(late)

    def _finished(self, why: str) -> None:
        from cml_mm.models import server_errors as errors

        self.done = True
        if why == "content_filter":
            self.trouble = errors.Trouble(errors.withheld(self.options))
        elif not self.wrote:
            self.trouble = errors.Trouble(errors.empty(self.options, self.thought))

    def _ended(self, error: BaseException | None) -> None:
        """An answer that is whole says why it ended; this one did not."""
        from cml_mm.models import server_errors as errors

        self.done = True
        if error is not None:
            self.trouble = errors.understood(error, self.options, self.wrote)
            self.cause = errors.safe_cause(error, self.options)
        elif self.wrote:
            self.trouble = errors.Trouble(errors.cut_off(self.options, True))
        else:
            self.trouble = errors.Trouble(errors.empty(self.options, self.thought))


def _sleep(seconds: float, cancelled: Cancelled) -> None:
    end = time.monotonic() + seconds
    never = Event()
    while not cancelled() and (left := end - time.monotonic()) > 0:
        never.wait(min(left, _POLL_SECONDS))

"""Lets a model write in a thread of its own: text piece by piece, stopped at once when nobody wants it."""

from __future__ import annotations

import copy
import logging
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from cml_mm.errors import CmlError, ModelError, ModelTimeout, OutOfMemory
from cml_mm.models.chat_loading import is_out_of_memory, release_memory
from cml_mm.models.chat_reader import ChatReader
from cml_mm.ports import Lessened, Prompt

_log = logging.getLogger(__name__)
_BEAT_SECONDS = 0.05  # so often the caller may look around while nothing is written
_LEAST_NEW_TOKENS = 64
_LONGEST_LETTER = 8  # tokens of one letter at most: a letter has four bytes
_WINDOW = 32  # tokens that are decoded together


@dataclass(frozen=True)
class Asked:
    """One answer to write. `picture_px` is the most that one picture may have."""

    prompt: Prompt
    deadline_seconds: float
    picture_px: int


class StopSign:
    """Raised from outside, or by the clock; the model looks at it between layers and between tokens."""

    def __init__(self, deadline_seconds: float) -> None:
        self._stopped = threading.Event()
        self._deadline = time.monotonic() + deadline_seconds
        self.late = False

    def stop(self) -> None:
        self._stopped.set()

    def end_now(self) -> None:
        """Lets the time be over."""
        self._deadline = 0.0

    def up(self) -> bool:
        if self._stopped.is_set():
            return True
        self.late = self.late or time.monotonic() > self._deadline
        return self.late


class _StoppedError(Exception):
    """Leaves a forward pass whose result nobody waits for."""


@dataclass(frozen=True)
class Speaker:
    """A model with its weights."""

    model: Any
    reader: ChatReader
    name: str


def speak(speaker: Speaker, asked: Asked, sign: StopSign) -> Iterator[str | Lessened]:
    """Pieces of an answer as they are written, and "" now and then while there is nothing.

    Closing the iterator, or raising the sign, stops the model; it has stopped when `close` returns.

    Raises: ModelTimeout (after the pieces, where there were any), OutOfMemory, ModelError.
    """
    written: queue.SimpleQueue[int | Lessened | Exception | None] = queue.SimpleQueue()
    writer = threading.Thread(target=_write, args=(speaker, asked, sign, written), name="chat", daemon=True)
    text = ShownText(speaker.reader)
    writer.start()
    try:
        while True:
            try:
                item = written.get(timeout=_BEAT_SECONDS)
            except queue.Empty:
                yield ""
                continue
            if item is None:
                break
            if isinstance(item, Exception):
                raise item
            if isinstance(item, Lessened):
                yield item
            elif piece := text.add(item):
                yield piece
        if piece := text.rest():
            yield piece
        if sign.late:
            raise _timeout(speaker, asked, text.tokens)
    finally:
        sign.stop()
        writer.join()


def _timeout(speaker: Speaker, asked: Asked, tokens: int) -> ModelTimeout:
    seconds = f"{asked.deadline_seconds:g} seconds"
    hint = "Ask a shorter question, choose a smaller model, or allow more time in the profile."
    if tokens:
        return ModelTimeout(f"{speaker.name} was stopped after {seconds}, before it had finished.", hint)
    return ModelTimeout(f"{speaker.name} did not begin to answer within {seconds}.", hint)


def _write(speaker: Speaker, asked: Asked, sign: StopSign, written: queue.SimpleQueue[Any]) -> None:
    """Runs in its own thread; whatever happens, None or an error comes last."""
    try:
        _write_or_shrink(speaker, asked, sign, written)
        written.put(None)
    except _StoppedError:
        written.put(None)
    except CmlError as exc:
        written.put(exc)
    except Exception as exc:  # whatever a family's own code raises
        _log.exception("%s failed", speaker.name)
        error = ModelError(
            f"{speaker.name} failed while it wrote ({type(exc).__name__}).",
            "Ask again; if it stays so, choose another model.",
        )
        error.__cause__ = exc
        written.put(error)


def _write_or_shrink(speaker: Speaker, asked: Asked, sign: StopSign, written: queue.SimpleQueue[Any]) -> None:
    """Where memory runs out before the first word, once more with less to see and less to say."""
    smaller = replace(
        asked,
        prompt=replace(asked.prompt, max_new_tokens=max(_LEAST_NEW_TOKENS, asked.prompt.max_new_tokens // 2)),
        picture_px=asked.picture_px // 4,
    )
    for attempt in (asked, smaller):
        if attempt is smaller:
            written.put(_lessened(speaker, asked))
        counted = _counting_streamer(written)
        try:
            _generate(speaker, attempt, sign, counted)
            return
        except Exception as exc:
            if not is_out_of_memory(exc):
                raise
            failed = type(exc).__name__  # the exception itself would keep the tensors alive
        release_memory()
        if counted.count > 0:
            break
        _log.warning("%s ran out of memory (%s); pictures and answer are made smaller", speaker.name, failed)
    raise OutOfMemory(
        f"There is not enough memory for {speaker.name} to answer this.",
        "Ask with fewer or smaller pictures, choose a smaller model, or set its quantisation to 4bit.",
    )


def _lessened(speaker: Speaker, asked: Asked) -> Lessened:
    seen = "saw the pictures smaller and " if asked.prompt.stills else ""
    return Lessened(f"Memory ran short, so {speaker.name} {seen}could write half as much.")


def _generate(speaker: Speaker, asked: Asked, sign: StopSign, streamer: Any) -> None:
    import torch
    from transformers import StoppingCriteriaList

    inputs = speaker.reader.inputs(asked.prompt, asked.picture_px)
    length = int(inputs["input_ids"].shape[1])
    room = speaker.reader.capabilities.context_tokens - length
    given = placed(inputs, speaker.model)

    def stopped(ids: Any, scores: Any, **_: Any) -> Any:
        return torch.full((ids.shape[0],), sign.up(), device=ids.device)

    if sign.up():
        return
    if (opened := speaker.reader.open_thought(inputs["input_ids"][0].tolist())) is not None:
        streamer.put_first(opened)
    with _stoppable(speaker.model, sign, streamer):
        speaker.model.generate(
            **given,
            generation_config=_settings(speaker, min(asked.prompt.max_new_tokens, room)),
            streamer=streamer,
            stopping_criteria=StoppingCriteriaList([stopped]),
        )


def placed(inputs: dict[str, Any], model: Any) -> dict[str, Any]:
    """Inputs where the model is, pixels in the number format of its weights."""
    return {
        name: value.to(model.device, model.dtype if value.is_floating_point() else None)
        if hasattr(value, "is_floating_point")
        else value
        for name, value in inputs.items()
    }


def _settings(speaker: Speaker, new_tokens: int) -> Any:
    """The likeliest word each time: an answer that is held to its evidence gains nothing from chance."""
    settings = copy.deepcopy(speaker.model.generation_config)
    for chance in ("temperature", "top_p", "top_k", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff"):
        setattr(settings, chance, None)
    ends = _ends(speaker)
    pad = settings.pad_token_id if settings.pad_token_id is not None else speaker.reader.tokenizer.pad_token_id
    settings.update(
        do_sample=False,
        num_beams=1,
        max_length=None,
        max_new_tokens=new_tokens,
        eos_token_id=ends,
        pad_token_id=pad if pad is not None else next(iter(ends), None),
    )
    return settings


def _ends(speaker: Speaker) -> list[int]:
    """Every token that ends a turn; checkpoints name them in one place or another, some in none but the tokenizer."""
    config = speaker.reader.config
    named = [speaker.model.generation_config.eos_token_id, getattr(config, "eos_token_id", None)]
    named += [getattr(config.get_text_config(), "eos_token_id", None), speaker.reader.tokenizer.eos_token_id]
    found: dict[int, None] = {}
    for ids in named:
        found.update(dict.fromkeys(ids if isinstance(ids, list) else [] if ids is None else [ids]))
    return list(found)


@contextmanager
def _stoppable(model: Any, sign: StopSign, streamer: Any) -> Iterator[None]:
    """Lets the long first pass be left between two layers; later passes are short, so they run without."""
    hooks: list[Any] = []

    def look(*_: Any) -> None:
        if sign.up():
            raise _StoppedError

    def free() -> None:
        while hooks:
            hooks.pop().remove()

    hooks += [layer.register_forward_pre_hook(look) for layer in _layers(model)]
    streamer.on_first = free
    try:
        yield
    finally:
        free()


def _layers(model: Any) -> list[Any]:
    """The modules that stand in lists: the layers of the eye and of the language model."""
    import torch

    return [layer for part in model.modules() if isinstance(part, torch.nn.ModuleList) for layer in part]


def _counting_streamer(written: queue.SimpleQueue[Any]) -> Any:
    """Passes ids on; the first call of `generate` is the prompt itself, which is left out."""
    from transformers.generation.streamers import BaseStreamer

    class Counting(BaseStreamer):
        def __init__(self) -> None:
            self.count = -1  # ids written; the prompt is not counted
            self.on_first: Any = None

        def put_first(self, token: int) -> None:
            """A token of the prompt that what is written goes on from."""
            written.put(token)

        def put(self, value: Any) -> None:
            if self.count < 0:
                self.count = 0
                return
            if not self.count and self.on_first is not None:
                self.on_first()
            for token in value.reshape(-1).tolist():
                self.count += 1
                written.put(token)

        def end(self) -> None:
            pass  # `_write` says the end, after errors too

    return Counting()


class ShownText:
    """Turns ids into text as they come: thinking aloud is left out, letters that several ids make stay whole."""

    def __init__(self, reader: ChatReader) -> None:
        self._tokenizer = reader.tokenizer
        self._opens, self._closes = reader.thoughts
        self._thinking = False
        self._ids: list[int] = []  # those whose text has been given out last, then those that are new
        self._given = ""
        self._certain = 0  # how many of the ids `_given` tells
        self.tokens = 0

    def add(self, token: int) -> str:
        """The text that has become certain, "" where more ids must come first."""
        if token in self._opens:
            self._thinking = True
        if self._thinking:
            self._thinking = token not in self._closes
            return ""
        self.tokens += 1
        self._ids.append(token)
        return self._fresh(last=False)

    def rest(self) -> str:
        return self._fresh(last=True)

    def _fresh(self, last: bool) -> str:
        """Decodes the last few ids anew: a blank before a word shows only behind the word before it."""
        text = self._decoded()
        if text.endswith("\ufffd") and not last and len(self._ids) - self._certain < _LONGEST_LETTER:
            return ""
        fresh = text[len(self._given) :]
        self._given, self._certain = text, len(self._ids)
        if self._certain >= _WINDOW:
            self._ids = self._ids[-_LONGEST_LETTER:]
            self._given, self._certain = self._decoded(), len(self._ids)
        return fresh

    def _decoded(self) -> str:
        text: str = self._tokenizer.decode(self._ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

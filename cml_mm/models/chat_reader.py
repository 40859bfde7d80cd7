"""What a chat model reads: a prompt in its own template and tokens, and what that costs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cml_mm.errors import ModelError
from cml_mm.models.chat_options import LocalChatOptions
from cml_mm.models.chat_pictures import Shown, arranged, fitted
from cml_mm.ports import Capabilities, Picture, Prompt, Still

_STAMPS_PER_SECOND = 10  # frames are numbered as if so many had been filmed, so any moment has a number
_SAMPLE = ("Zsystem", "Zuser")
_THOUGHT = (("<think>", "[THINK]", "◁think▷"), ("</think>", "[/THINK]", "◁/think▷"))  # how families mark it


@dataclass(frozen=True)
class _Form:
    """How a template wants a conversation.

    `turns`: a system turn of its own, else its text stands before the user's.
    `parts`: content in parts, else one text with the placeholders of pictures in it.
    """

    turns: bool
    parts: bool


class ChatReader:
    """Configuration, tokenizer and processor of a model, without its weights. Used by several threads."""

    def __init__(self, config: Any, processor: Any | None, tokenizer: Any, options: LocalChatOptions) -> None:
        self.config = config
        self.tokenizer = tokenizer
        self._processor = processor
        self._options = options
        self._template = getattr(processor, "chat_template", None) or tokenizer.chat_template
        self._encoding = threading.Lock()  # a fast tokenizer must not be set up by two threads at once
        self._forms: dict[bool, _Form] = {}
        self._picture_costs: dict[tuple[int, ...], int] = {}
        if not self._template:
            raise ModelError(
                "This model has no chat template, so it was not made to answer.",
                "Choose the version of it that is tuned for instructions.",
            )
        self.capabilities = self._capabilities()
        added = tokenizer.get_added_vocab()
        # tokens that begin and end thinking aloud
        self.thoughts = tuple(frozenset(added[text] for text in texts if text in added) for texts in _THOUGHT)

    @property
    def sees(self) -> bool:
        return self._processor is not None

    def _capabilities(self) -> Capabilities:
        text = self.config.get_text_config()
        own = getattr(text, "max_position_embeddings", None) or self._options.context_tokens
        pictures = self._options.max_pictures if self.sees else 0
        return Capabilities(min(own, self._options.context_tokens), pictures, bool(pictures) and self._takes_video())

    def _takes_video(self) -> bool:
        token = getattr(self._processor, "video_token", None)
        if token is None or getattr(self._processor, "video_processor", None) is None:
            return False
        message = {"role": "user", "content": [{"type": "video"}, {"type": "text", "text": _SAMPLE[1]}]}
        try:
            return token in self._rendered([message])
        except Exception:  # a template raises what it likes
            return False

    def control_tokens(self) -> tuple[str, ...]:
        """The added vocabulary, longest first; blanks and single letters among it are text like any other."""
        texts = {*self.tokenizer.get_added_vocab(), *self.tokenizer.all_special_tokens}
        return tuple(sorted((text for text in texts if len(text.strip()) > 1), key=lambda text: (-len(text), text)))

    def count_tokens(self, text: str) -> int:
        with self._encoding:
            return len(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def picture_tokens(self, picture: Picture) -> int:
        """Counted on a prompt with and without it; pictures of one size cost the same."""
        if not self.sees:
            return 0
        shape = fitted(picture, self._options.picture_px).shape
        if shape not in self._picture_costs:
            blank = Still(np.full(shape, 255, np.uint8))
            bare = self._length(self._inputs(Prompt("", "a"), self._options.picture_px))
            self._picture_costs[shape] = (
                self._length(self._inputs(Prompt("", "a", (blank,)), self._options.picture_px)) - bare
            )
        return self._picture_costs[shape]

    def inputs(self, prompt: Prompt, most_px: int) -> dict[str, Any]:
        """The tensors for `generate`, on the CPU.

        Args:
            most_px: pixels of one picture.

        Raises: ModelError: the prompt is longer than the model reads.
        """
        made = self._inputs(prompt, most_px)
        if self._length(made) + 1 > self.capabilities.context_tokens:
            raise ModelError(
                f"The question and its evidence are {self._length(made)} tokens long; this model reads "
                f"{self.capabilities.context_tokens}.",
                "Ask a narrower question, or choose a model with a longer context.",
            )
        return made

    def open_thought(self, ids: Sequence[int]) -> int | None:
        """The token by which the template has begun to think aloud for the model, where it has not ended it."""
        opens, closes = self.thoughts
        last = next((token for token in reversed(ids) if token in opens or token in closes), None)
        return last if last in opens else None

    @staticmethod
    def _length(inputs: dict[str, Any]) -> int:
        return int(inputs["input_ids"].shape[1])

    def _inputs(self, prompt: Prompt, most_px: int) -> dict[str, Any]:
        stills = prompt.stills[: self.capabilities.pictures]
        shown = arranged(stills, most_px, self.capabilities.video)
        text = self._rendered(self._messages(prompt, shown, self._form(bool(shown))))
        with self._encoding:
            if self._processor is None:
                made = self.tokenizer(text, add_special_tokens=self._lacks_begin(text), return_tensors="pt")
                return {name: made[name] for name in ("input_ids", "attention_mask")}
            made = self._processor(text=[text], return_tensors="pt", **self._seen(shown, self._lacks_begin(text)))
        return dict(made)

    def _seen(self, shown: Sequence[Shown], begin: bool) -> dict[str, Any]:
        """The processor's arguments for pictures and films."""
        given: dict[str, Any] = {"text_kwargs": {"add_special_tokens": begin}}
        if pictures := [item.pictures[0] for item in shown if not item.film]:
            given["images"] = pictures
        if films := [item for item in shown if item.film]:
            times = self._frames_a_step()
            given["videos"] = [np.repeat(np.stack(item.pictures), times, axis=0) for item in films]
            given["videos_kwargs"] = {
                "video_metadata": [_metadata(item, times) for item in films],
                "do_sample_frames": False,
                "return_metadata": True,
            }
        return given

    def _frames_a_step(self) -> int:
        """How many frames a family's eye melts into one step of time; each still is shown for a whole step.

        Otherwise two slides would be seen as one picture, at a time between theirs.
        """
        return int(getattr(self._processor.video_processor, "temporal_patch_size", None) or 1)  # type: ignore[union-attr]

    def _lacks_begin(self, text: str) -> bool:
        """Most templates write the first token themselves; written twice, it would mislead the model."""
        begin = self.tokenizer.bos_token
        return bool(begin) and not text.startswith(begin)

    def _form(self, pictures: bool) -> _Form:
        """The first form in which the template writes everything that it is given; some refuse some."""
        if pictures not in self._forms:
            forms = [
                _Form(turns, parts) for parts in ((True, False) if self.sees else (False,)) for turns in (True, False)
            ]
            self._forms[pictures] = next((form for form in forms if self._writes(form, pictures)), forms[-1])
        return self._forms[pictures]

    def _writes(self, form: _Form, pictures: bool) -> bool:
        shown = (Shown("Zpicture", (np.zeros((1, 1, 3), np.uint8),)),) if pictures else ()
        try:
            text = self._rendered(self._messages(Prompt(*_SAMPLE), shown, form))
        except Exception:  # a template raises what it likes
            return False
        placed = not pictures or text.count(self._processor.image_token) == 1  # type: ignore[union-attr]
        return placed and all(sample in text for sample in _SAMPLE)

    def _messages(self, prompt: Prompt, shown: Sequence[Shown], form: _Form) -> list[dict[str, Any]]:
        user = prompt.user if form.turns or not prompt.system else f"{prompt.system}\n\n{prompt.user}"
        system: list[tuple[str, list[dict[str, str]]]] = []
        if form.turns and prompt.system:
            system = [("system", [{"type": "text", "text": prompt.system}])]
        content: list[dict[str, str]] = []
        before, behind = (f"{words}\n" if words else "" for words in prompt.around)
        for place, item in enumerate(shown):
            content.append({"type": "text", "text": f"{'' if place else before}{item.label}:\n"})
            content.append({"type": "video" if item.film else "image"})
        content.append({"type": "text", "text": f"\n{behind}{user}" if shown else user})
        return [
            {"role": role, "content": parts if form.parts else self._joined(parts)}
            for role, parts in (*system, ("user", content))
        ]

    def _joined(self, parts: Sequence[dict[str, str]]) -> str:
        placeholders = {
            "image": getattr(self._processor, "image_token", ""),
            "video": getattr(self._processor, "video_token", ""),
        }
        return "".join(part["text"] if part["type"] == "text" else placeholders[part["type"]] for part in parts)

    def _rendered(self, messages: list[dict[str, Any]]) -> str:
        """The conversation as text. Thinking aloud is left out where a template lets one choose."""
        text: str = self.tokenizer.apply_chat_template(
            messages, chat_template=self._template, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        return text


def _metadata(item: Shown, times: int) -> Any:
    """When each frame was filmed, as the processors want to know it; each is there so many times."""
    from transformers.video_utils import VideoMetadata

    places = [round(moment * _STAMPS_PER_SECOND) for moment in item.seconds for _ in range(times)]
    total = places[-1] - places[0] + 1
    return VideoMetadata(
        total_num_frames=total,
        fps=float(_STAMPS_PER_SECOND),
        duration=item.seconds[-1] - item.seconds[0],
        frames_indices=places,
    )

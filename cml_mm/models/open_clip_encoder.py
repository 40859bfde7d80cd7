"""Pictures and texts in one space, by CLIP and SigLIP through open_clip."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cml_mm.errors import ModelError, OutOfMemory
from cml_mm.models.fingerprints import fingerprint
from cml_mm.models.open_clip_weights import DEFAULT_MODEL, DEFAULT_PRETRAINED, LOCAL, Weights, find_weights
from cml_mm.models.torchvision_ops import declare
from cml_mm.ports import Picture, Vectors

_BATCH = 8
_LONGEST_CHARACTERS = 20_000  # of a text; more says nothing more about a picture
_MARKS = 2  # tokens that stand around a text
_WIDEST = 8.0  # a picture's longer side to its shorter; what is cut off, CLIP would not look at
_DAMAGED = "Bring it anew, or name another model."


class OpenClipEncoder:
    """A `ports.ImageEncoder`; may be used from several threads. The model is loaded with the first picture or text.

    Args:
        model: a name that open_clip knows, "local-dir:" and a folder with open_clip_config.json, or "hf-hub:" and the
            id of one in the hub's cache.
        pretrained: a tag of open_clip's, or a file with weights; not asked for with those two.
        device: as torch names it.

    Raises:
        ModelMissing: the weights are not on this machine.
        ModelError: there is no such model.
    """

    def __init__(self, model: str = DEFAULT_MODEL, pretrained: str = DEFAULT_PRETRAINED, device: str = "cpu") -> None:
        self._found = find_weights(model, pretrained)
        self._device = device
        self._name = ""
        self._lock = threading.Lock()
        self._tokenizing = threading.Lock()
        self._ready: _Loaded | None = None

    @property
    def name(self) -> str:
        """Model and fingerprint of its weights and config."""
        if not self._name:
            settings = json.dumps([self._found.config, self._found.settings], sort_keys=True)
            self._name = f"{self._found.name}/{self.dimension}d/{fingerprint((self._found.file,), settings)}"
        return self._name

    @property
    def dimension(self) -> int:
        return self._found.dimension

    def encode_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        """Args: pictures: shape (height, width, 3), RGB.

        Returns: shape (len(pictures), dimension), rows of length 1.
        Raises: ModelError, OutOfMemory.
        """
        if not pictures:
            return np.empty((0, self.dimension), dtype=np.float32)
        loaded = self._loaded()
        return np.concatenate(
            [
                self._run(partial(loaded.see, pictures[start : start + _BATCH]))
                for start in range(0, len(pictures), _BATCH)
            ]
        )

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """A text with more tokens than the model reads (77 in CLIP) is split at word borders; its vector is the mean
        of its parts' vectors, each weighing as much as it has tokens.

        Returns: shape (len(texts), dimension), rows of length 1.
        Raises: ModelError, OutOfMemory.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._encode_text(text)
        return vectors

    def _encode_text(self, text: str) -> Vectors:
        loaded = self._loaded()
        clean = text[:_LONGEST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        with self._tokenizing:  # tokenizers are not made for several threads
            parts = split_text(clean, loaded.count, loaded.room)
            tokens = loaded.tokenizer([part for part, _ in parts])
        weights = np.asarray([max(1, count) for _, count in parts], dtype=np.float32)
        rows = np.concatenate([self._run(partial(loaded.read, few)) for few in tokens.split(_BATCH)])
        mean = (rows * weights[:, None]).sum(axis=0)
        length = float(np.linalg.norm(mean))
        if length == 0:
            raise _no_vector(self._found.name)
        return np.asarray(mean / length, dtype=np.float32)

    def _run(self, step: Callable[[], Any]) -> Vectors:
        import torch

        try:
            with torch.inference_mode():
                vectors = step().float().cpu().numpy()
        except (torch.OutOfMemoryError, MemoryError) as exc:
            raise OutOfMemory(f"There is not enough memory for {self._found.name}.", "Use a smaller one.") from exc
        except (RuntimeError, IndexError, ValueError) as exc:
            raise ModelError(f"{self._found.name} could not be run.", _DAMAGED) from exc
        if not np.isfinite(vectors).all():
            raise _no_vector(self._found.name)
        return np.asarray(vectors, dtype=np.float32)

    def _loaded(self) -> _Loaded:
        with self._lock:
            if self._ready is None:
                self._ready = _load(self._found, self._device)
            return self._ready


@dataclass(frozen=True)
class _Loaded:
    model: Any
    prepare: Callable[[Any], Any]
    tokenizer: Any
    room: int  # tokens of a text between its marks
    device: str

    def see(self, pictures: Sequence[Picture]) -> Any:
        import torch
        from torchvision.transforms.functional import to_pil_image

        prepared = [self.prepare(to_pil_image(middle_of(picture))) for picture in pictures]
        return self.model.encode_image(torch.stack(prepared).to(self.device), normalize=True)

    def read(self, tokens: Any) -> Any:
        return self.model.encode_text(tokens.to(self.device), normalize=True)

    def count(self, text: str) -> int:
        """Tokens of a text, its marks left out."""
        inner = getattr(self.tokenizer, "tokenizer", None)
        if inner is None:
            return len(self.tokenizer.encode(text))
        return len(inner(text, add_special_tokens=False, verbose=False)["input_ids"])


def split_text(text: str, count: Callable[[str], int], room: int) -> list[tuple[str, int]]:
    """Cut a text into parts that a model can read, at word borders; only a word too long by itself is cut inside.

    Args:
        text: any.
        count: how many tokens a text has.
        room: how many a part may have.

    Returns:
        Parts and their tokens; at least one, which may be empty.
    """
    whole = count(text)
    if whole <= room:
        return [(text, whole)]
    parts: list[tuple[str, int]] = []
    taken: list[str] = []
    used = 0
    for word, size in _sized(text.split(), count, room):
        if taken and used + size > room:
            parts.append((" ".join(taken), used))
            taken, used = [], 0
        taken.append(word)
        used += size
    return [*parts, (" ".join(taken), used)]


def _sized(words: Sequence[str], count: Callable[[str], int], room: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        size = count(word)
        if size > room and len(word) > 1:
            middle = len(word) // 2
            waiting += [word[middle:], word[:middle]]
        else:
            found.append((word, min(size, room)))
    return found


def _load(found: Weights, device: str) -> _Loaded:
    declare()
    import open_clip
    import torch

    given: dict[str, Any] = {}
    if not found.model.startswith(LOCAL):
        names = {"mean": "image_mean", "std": "image_std", "interpolation": "image_interpolation"}
        names |= {"quick_gelu": "force_quick_gelu", "resize_mode": "image_resize_mode"}
        given = {names[key]: value for key, value in found.settings.items()}
    try:
        model, _, prepare = open_clip.create_model_and_transforms(
            found.model,
            pretrained=None if found.model.startswith(LOCAL) else str(found.file),
            device=device,
            **given,
        )
        tokenizer = open_clip.get_tokenizer(found.model)
        room = int(model.context_length if hasattr(model, "context_length") else model.text.context_length) - _MARKS
        return _Loaded(model.eval(), prepare, tokenizer, room, device)
    except (torch.OutOfMemoryError, MemoryError) as exc:
        raise OutOfMemory(f"There is not enough memory for {found.name}.", "Use a smaller one.") from exc
    except Exception as exc:
        raise ModelError(f"The picture encoder {found.name} could not be loaded.", _DAMAGED) from exc


def middle_of(picture: Picture) -> Picture:
    """The middle of a picture that is much longer than wide: scaled up for a model, all of it would fill memory."""
    height, width = picture.shape[:2]
    most = max(1, round(min(height, width) * _WIDEST))
    top, left = max(0, height - most) // 2, max(0, width - most) // 2
    return np.ascontiguousarray(picture[top : top + most, left : left + most])


def _no_vector(name: str) -> ModelError:
    return ModelError(f"{name} gave a vector that is none.", _DAMAGED)

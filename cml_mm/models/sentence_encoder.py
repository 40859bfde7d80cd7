"""Multilingual text encoders through Transformers: multilingual-e5, bge-m3, Qwen3-Embedding and their like.

Texts are encoded one at a time: nothing is padded, so a text's vector cannot depend on its neighbours.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from cml_mm.errors import ModelError, ModelMissing, OutOfMemory
from cml_mm.models.fingerprints import fingerprint
from cml_mm.models.torchvision_ops import declare
from cml_mm.models.weights_here import get_command, model_folder
from cml_mm.ports import Vectors

Pooling = Literal["mean", "cls", "last"]

DEFAULT_LONGEST_TOKENS = 1024  # bge-m3 and Qwen3 would read far more, at a cost that grows with the square
_CHARACTERS_A_TOKEN = 40  # at most as a rule; spares the tokenizer megabytes that would be cut off
_PADDED_POSITIONS = frozenset({"xlm-roberta", "roberta", "camembert", "xlm-roberta-xl"})  # two places are not for words
_KINDS = frozenset({"Transformer", "Pooling", "Normalize"})  # steps of an encoder that are known here
_POOLINGS: dict[str, Pooling] = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_lasttoken": "last",
}
_DAMAGED = "Bring it anew, or name another encoder."


@dataclass(frozen=True)
class Recipe:
    """How an encoder wants its texts, and which of its outputs is the vector."""

    pooling: Pooling
    query: str = ""  # stands before a question
    passage: str = ""  # stands before a passage


# As published on the models' pages; Qwen3's instruction, which is free, is ours.
_TASK = "Given a question about commons and cooperation, find the passages that answer it"
RECIPES: dict[str, Recipe] = {
    "e5": Recipe("mean", "query: ", "passage: "),
    "e5-instruct": Recipe("mean", f"Instruct: {_TASK}\nQuery: "),
    "bge-m3": Recipe("cls"),
    "qwen3": Recipe("last", f"Instruct: {_TASK}\nQuery:"),
}
_FAMILIES = (
    (re.compile(r"\be5-\w+-instruct\b", re.I), "e5-instruct"),
    (re.compile(r"\be5-(?:small|base|large)\b", re.I), "e5"),
    (re.compile(r"\bbge-m3\b", re.I), "bge-m3"),
    (re.compile(r"\bqwen3-embedding\b", re.I), "qwen3"),
)


class SentenceEncoder:
    """A `ports.TextEncoder`; may be used from several threads. The model is loaded with the first text.

    Args:
        model: a folder in the hub's format, or a hub id whose files lie in the hub's cache.
        family: a key of RECIPES; "" to tell it by what the folder says of itself, or by its name.
        longest_tokens: of a text; what follows is not read.
        device: as torch names it.

    Raises:
        ModelMissing: the folder, the weights or the tokenizer are not there.
        ModelError: it does not say how its vectors are made.
    """

    def __init__(
        self, model: str, family: str = "", longest_tokens: int = DEFAULT_LONGEST_TOKENS, device: str = "cpu"
    ) -> None:
        self._model = model
        self._device = device
        self._folder = model_folder(model, "The text encoder")
        self._weights = _weights(self._folder, model)
        config = _read_json(self._folder / "config.json")
        self._recipe = recipe_of(self._folder, model, family)
        self._longest = _longest_tokens(self._folder, config, longest_tokens)
        self._dimension = _dimension(config, model)
        self._name = ""
        self._lock = threading.Lock()
        self._ready: tuple[Any, Any] | None = None

    @property
    def name(self) -> str:
        """Model, dimension, precision, and the fingerprint of its weights, tokenizer and recipe."""
        if not self._name:
            recipe = self._recipe
            used = (recipe.pooling, recipe.query, recipe.passage, str(self._longest))
            print_ = fingerprint((*self._weights, self._folder / "tokenizer.json"), *used)
            self._name = f"{_short(self._model)}/{self._dimension}d/float32/{print_}"
        return self._name

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def english_only(self) -> bool:
        """The families with a recipe have learnt from many languages; of others nobody has told us so."""
        return self._recipe not in RECIPES.values()

    @property
    def recipe(self) -> Recipe:
        return self._recipe

    def encode_query(self, text: str) -> Vectors:
        """Encodes a question; any string will do, also an empty one.

        Returns: shape (dimension,), float32, length 1.
        Raises: ModelError, OutOfMemory.
        """
        return self._encode(self._recipe.query + text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encodes passages, each by itself.

        Returns: shape (len(texts), dimension), float32, rows of length 1.
        Raises: ModelError, OutOfMemory.
        """
        vectors = np.empty((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._encode(self._recipe.passage + text)
        return vectors

    def _encode(self, text: str) -> Vectors:
        tokenizer, model = self._parts()
        import torch

        ids = self._ids(tokenizer, text)
        try:
            with torch.inference_mode():
                given = torch.tensor([ids], device=self._device)
                states = model(input_ids=given, attention_mask=torch.ones_like(given)).last_hidden_state[0]
                pooled = {"mean": states.mean(0), "cls": states[0], "last": states[-1]}[self._recipe.pooling]
                vector = pooled.float().cpu().numpy()
        except (torch.OutOfMemoryError, MemoryError) as exc:
            raise OutOfMemory(f"There is not enough memory for {self._model}.", "Use a smaller text encoder.") from exc
        except (RuntimeError, IndexError, ValueError) as exc:
            raise ModelError(f"{self._model} could not encode a text.", _DAMAGED) from exc
        length = float(np.linalg.norm(vector))
        if not (np.isfinite(length) and length > 0):
            raise ModelError(f"{self._model} gave a vector that is none.", _DAMAGED)
        return np.asarray(vector / length, dtype=np.float32)

    def _ids(self, tokenizer: Any, text: str) -> list[int]:
        """The text's tokens, its end mark kept where it is cut."""
        # A lone surrogate (half an emoji cut off somewhere) is no valid text for the tokenizer.
        clean = text[: self._longest * _CHARACTERS_A_TOKEN].encode("utf-8", "replace").decode("utf-8")
        with self._lock:  # the tokenizer is not made for several threads
            ids: list[int] = list(tokenizer(clean, verbose=False)["input_ids"])
        if self._recipe.pooling == "last" and ids[-1:] != [tokenizer.pad_token_id]:
            # Qwen3-Embedding reads the vector off a padding token at the end; not every tokenizer class adds it.
            ids.append(tokenizer.pad_token_id)
        return ids if len(ids) <= self._longest else [*ids[: self._longest - 1], ids[-1]]

    def _parts(self) -> tuple[Any, Any]:
        with self._lock:
            if self._ready is None:
                self._ready = self._load()
            return self._ready

    def _load(self) -> tuple[Any, Any]:
        declare()
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        folder = str(self._folder)
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, padding_side="left")
            model, report = AutoModel.from_pretrained(
                folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
            lacking = [key for key in report["missing_keys"] if "pooler" not in key]  # that head is not asked
            if lacking:
                raise ModelError(f"The weights of {self._model} are incomplete: {lacking[0]} is missing.", _DAMAGED)
            return tokenizer, model.to(self._device).eval()
        except ModelError:
            raise
        except (torch.OutOfMemoryError, MemoryError) as exc:
            raise OutOfMemory(f"There is not enough memory for {self._model}.", "Use a smaller text encoder.") from exc
        except Exception as exc:
            raise ModelError(f"The text encoder {self._model} could not be loaded.", _DAMAGED) from exc


def recipe_of(folder: Path, model: str, family: str = "") -> Recipe:
    """How an encoder is used: as told, else as its folder says (the files of sentence-transformers), else by its name.

    Args:
        folder: where its files lie.
        model: its name, or the path it was given by.
        family: a key of RECIPES, or "".

    Raises:
        ModelError: nothing says how, or it takes a step that is not known here.
    """
    if family:
        if family not in RECIPES:
            raise ModelError(f"There is no family of text encoders {family!r}.", f"Known are: {', '.join(RECIPES)}.")
        return RECIPES[family]
    known = next((RECIPES[key] for sign, key in _FAMILIES if sign.search(_short(model))), None)
    pooling = _stated_pooling(folder, model) or (known.pooling if known else None)
    if pooling is None:
        raise ModelError(
            f"{model} does not say how a text's vector is made of its tokens.",
            f"Bring its modules.json and 1_Pooling too, or name its family: {', '.join(RECIPES)}.",
        )
    prompts = _read_json(folder / "config_sentence_transformers.json", optional=True).get("prompts") or {}
    query = str(prompts.get("query", ""))
    passage = str(prompts.get("document") or prompts.get("passage") or "")
    if not (query or passage) and known:
        query, passage = known.query, known.passage
    return Recipe(pooling, query, passage)


def _stated_pooling(folder: Path, model: str) -> Pooling | None:
    """What modules.json and the pooling step's config say; None where they are not there."""
    if not (folder / "modules.json").is_file():
        return None
    steps = _read_json(folder / "modules.json")
    rows = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    places = {str(step.get("type", "")).rpartition(".")[2]: str(step.get("path", "")) for step in rows}
    strange = sorted(places.keys() - _KINDS)
    if strange:
        raise ModelError(f"{model} takes a step that is not known here: {strange[0]}.", "Name another encoder.")
    if "Pooling" not in places or ".." in Path(places["Pooling"]).parts:
        return None
    stated = _read_json(folder / places["Pooling"] / "config.json")
    mode = str(stated.get("pooling_mode", ""))  # newer files say it in one word
    chosen = [pooling for key, pooling in _POOLINGS.items() if stated.get(key)]
    chosen += [pooling for pooling in _POOLINGS.values() if mode.startswith(pooling)]
    if len(set(chosen)) != 1:
        raise ModelError(f"{model} makes its vectors in a way that is not known here.", "Name another encoder.")
    return chosen[0]


def _weights(folder: Path, model: str) -> tuple[Path, ...]:
    """The files with weights. Raises: ModelMissing where they, the tokenizer or the config are not there."""
    found = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    for name, here in (
        ("weights file", bool(found)),
        ("tokenizer.json", (folder / "tokenizer.json").is_file()),
        ("config.json", (folder / "config.json").is_file()),
    ):
        if not here:
            raise ModelMissing(f"The text encoder {model} is incomplete: its {name} is missing.", get_command(model))
    return tuple(found)


def _longest_tokens(folder: Path, config: Any, wanted: int) -> int:
    bounds = [wanted]
    places = config.get("max_position_embeddings")
    if isinstance(places, int):
        bounds.append(places - 2 * (config.get("model_type") in _PADDED_POSITIONS))
    stated = _read_json(folder / "sentence_bert_config.json", optional=True).get("max_seq_length")
    if isinstance(stated, int):
        bounds.append(stated)
    return max(4, min(bounds))


def _dimension(config: Any, model: str) -> int:
    size = config.get("hidden_size")
    if not isinstance(size, int) or size < 1:
        raise ModelError(f"The config of {model} does not say how long its vectors are.", _DAMAGED)
    return size


def _short(model: str) -> str:
    """The last part of a hub id or path."""
    return Path(model.rstrip("/")).name


def _read_json(path: Path, optional: bool = False) -> Any:
    if optional and not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError(f"{path} cannot be read.", _DAMAGED) from exc

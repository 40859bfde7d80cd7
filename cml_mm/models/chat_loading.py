"""The one loader of chat models: finds what lies on this machine, and reads it, whatever the family.

A configuration with a vision part gets a processor and a multimodal model, any other a tokenizer
and a causal one. Nothing is fetched, and no code that comes with weights is run.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cml_mm.errors import CmlError, ModelError, ModelMissing, OutOfMemory
from cml_mm.models import torchvision_ops
from cml_mm.models.chat_options import LocalChatOptions
from cml_mm.models.chat_reader import ChatReader
from cml_mm.models.weights_here import get_command, model_folder

_log = logging.getLogger(__name__)
_ADAPTER = "adapter_config.json"
_COMMIT_CHARACTERS = 7
_NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "alloc_failed")


@dataclass(frozen=True)
class ChatPlace:
    """Where a model and its adapter lie. `name` says both, with the revision where it is known."""

    folder: Path
    adapter: Path | None
    name: str
    asked: str  # what the reader calls the model


def find_chat(options: LocalChatOptions) -> ChatPlace:
    """Finds the folders without loading anything.

    Raises: ModelMissing: the model, its base or its adapter is not on this machine.
    """
    folder = model_folder(options.model, "The model")
    adapter = model_folder(options.adapter, "The adapter") if options.adapter else None
    asked, tuned = options.model, options.adapter or ""
    if adapter is None and (folder / _ADAPTER).is_file():  # it has no config.json of its own
        adapter, tuned = folder, options.model
        asked = _base_of(adapter)
        folder = model_folder(asked, "The model that the adapter was made for,")
    if adapter is not None and not (adapter / _ADAPTER).is_file():
        raise ModelMissing(
            f"{tuned} holds no adapter: {_ADAPTER} is missing.", "Name a folder that training an adapter has written."
        )
    if not (folder / "config.json").is_file():
        raise ModelMissing(f"The model {asked} is not whole: config.json is missing.", get_command(asked))
    name = _named(asked, folder) + (f" with {_named(tuned, adapter)}" if adapter is not None else "")
    held = f", {options.quantisation.replace('bit', '-bit')}" if options.quantisation != "none" else ""
    return ChatPlace(folder, adapter, name + held, asked)


def _base_of(adapter: Path) -> str:
    try:
        base = json.loads((adapter / _ADAPTER).read_text(encoding="utf-8")).get("base_model_name_or_path")
    except (OSError, ValueError, AttributeError) as exc:
        raise ModelError(f"The adapter {adapter.name} cannot be read.", "Bring or train it again.") from exc
    if not isinstance(base, str) or not base:
        raise ModelError(
            f"The adapter {adapter.name} does not say which model it was made for.",
            "Name the model, and the adapter beside it.",
        )
    return base


def _named(asked: str, folder: Path) -> str:
    """A hub id with its commit; a folder by its own name."""
    if folder.parent.name == "snapshots":
        return f"{asked} (revision {folder.name[:_COMMIT_CHARACTERS]})"
    return folder.name


def load_reader(place: ChatPlace, options: LocalChatOptions) -> ChatReader:
    """Reads everything of a model but its weights.

    Raises: ModelMissing, ModelError.
    """
    torchvision_ops.declare()
    with _translated(place):
        from transformers import AutoConfig, AutoProcessor, AutoTokenizer

        config = AutoConfig.from_pretrained(place.folder, local_files_only=True, trust_remote_code=False)
        sees = getattr(config, "vision_config", None) is not None
        factory: Any = AutoProcessor if sees else AutoTokenizer
        reader = factory.from_pretrained(place.folder, local_files_only=True, trust_remote_code=False)
        return ChatReader(config, reader if sees else None, reader.tokenizer if sees else reader, options)


def load_weights(place: ChatPlace, reader: ChatReader, options: LocalChatOptions) -> Any:
    """Loads the model itself, ready to write.

    Returns: a `PreTrainedModel`, or one of peft's around it.
    Raises: ModelMissing, OutOfMemory, ModelError.
    """
    torchvision_ops.declare()
    with _translated(place):
        from transformers import AutoModelForCausalLM, AutoModelForMultimodalLM
        from transformers.utils import logging as library_log

        library_log.disable_progress_bar()  # type: ignore[no-untyped-call]  # it would be drawn into the server's log
        factory: Any = AutoModelForMultimodalLM if reader.sees else AutoModelForCausalLM
        how = {"dtype": options.dtype, **_placement(options), **_quantised(options)}
        how |= {"local_files_only": True, "trust_remote_code": False}
        try:
            model = factory.from_pretrained(place.folder, attn_implementation="sdpa", **how)
        except ValueError as exc:
            if "scaled_dot_product_attention" not in str(exc) and "sdpa" not in str(exc):
                raise
            _log.warning("%s has no fused attention; the plain one is slower", place.name)
            model = factory.from_pretrained(place.folder, attn_implementation="eager", **how)
        if place.adapter is not None:
            model = _adapted(model, place.adapter)
        model.eval()
        return model


def _placement(options: LocalChatOptions) -> dict[str, Any]:
    """Where the layers go; accelerate decides and moves them."""
    try:
        import accelerate  # type: ignore[import-untyped]  # noqa: F401
    except ImportError as exc:
        raise _package_missing("Placing a model on a device", "accelerate") from exc
    return {"device_map": options.device_map}


def _quantised(options: LocalChatOptions) -> dict[str, Any]:
    if options.quantisation == "none":
        return {}
    try:
        import bitsandbytes  # noqa: F401
    except ImportError as exc:
        raise _package_missing("Holding weights in 8 or 4 bits", "bitsandbytes") from exc
    import torch
    from transformers import BitsAndBytesConfig

    make: Any = BitsAndBytesConfig
    if options.quantisation == "8bit":
        return {"quantization_config": make(load_in_8bit=True)}
    config = make(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=torch.bfloat16,
        bnb_4bit_use_double_quant=True,
    )
    return {"quantization_config": config}


def _adapted(model: Any, adapter: Path) -> Any:
    try:
        from peft import PeftModel
    except ImportError as exc:
        raise _package_missing("Using an adapter", "peft") from exc
    return PeftModel.from_pretrained(model, str(adapter), is_trainable=False)


def _package_missing(purpose: str, package: str) -> ModelMissing:
    return ModelMissing(
        f"{purpose} needs the package {package}, which is not installed.", f"Run: pip install {package}"
    )


@contextmanager
def _translated(place: ChatPlace) -> Iterator[None]:
    """Turns what the libraries raise while loading into errors of ours."""
    try:
        yield
    except CmlError:
        raise
    except ImportError as exc:
        first = str(exc).strip().split("\n")[0]
        raise ModelMissing(f"{place.asked} needs a package that is not installed: {first}", "Install it.") from exc
    except OSError as exc:
        raise ModelMissing(f"The model {place.asked} is not whole on this machine.", get_command(place.asked)) from exc
    except Exception as exc:  # whatever a family's own code raises over a damaged or foreign file
        if is_out_of_memory(exc):
            raise OutOfMemory(
                f"There is not enough memory to load {place.asked}.",
                "Choose a smaller model, or set its quantisation to 4bit.",
            ) from exc
        if "trust_remote_code" in str(exc) or "custom code" in str(exc):
            raise ModelError(
                f"{place.asked} brings program code of its own, which is never run here.",
                "Choose a model of a family that Transformers knows.",
            ) from exc
        raise ModelError(
            f"The model {place.asked} cannot be loaded ({type(exc).__name__}).",
            f"Its files may be damaged, or its family unknown. {get_command(place.asked)}",
        ) from exc


def is_out_of_memory(exc: BaseException) -> bool:
    """Whether the machine or the graphics card had no more memory; libraries say it in several ways."""
    import torch

    if isinstance(exc, MemoryError | torch.OutOfMemoryError):
        return True
    said = str(exc).lower()
    return isinstance(exc, RuntimeError) and any(words in said for words in _NO_MEMORY)


def release_memory() -> None:
    """Hands back what the last model or the last answer took."""
    import gc

    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
